#include <bulwark/detail/core/waiter.hpp>
#include <bulwark/detail/core/waiter_list.hpp>
#include <bulwark/detail/core/waiting_line.hpp>

#include <chrono>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::CancelLink;
using bulwark::detail::Instant;
using bulwark::detail::never;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::WaiterList;
using bulwark::detail::WaitingLine;

namespace {

struct Probe final : Waiter {
  explicit Probe(Instant until = never, bool thread = false) {
    deadline = until;
    selfTimed = thread;
  }
  void wake() noexcept override {}
  void discard() noexcept override {}
};

}  // namespace

TEST_CASE("waiters stand in the order in which they joined") {
  WaitingLine line;
  Probe first, second, third;
  line.join(first, nullptr);
  line.join(second, nullptr);
  line.join(third, nullptr);
  CHECK(line.front() == &first);
  line.leave(second, Verdict::cancelled);
  line.leave(first, Verdict::granted);
  CHECK(line.front() == &third);
  line.leave(third, Verdict::granted);
  CHECK(line.empty());
}

TEST_CASE("a waiter that leaves has its verdict and no cancellation link") {
  WaitingLine line;
  Probe waiter(5s);
  CancelLink link;
  line.join(waiter, &link);
  CHECK(waiter.verdict == Verdict::waiting);
  CHECK(link.waiter == &waiter);
  line.leave(waiter, Verdict::timedOut);
  CHECK(waiter.verdict == Verdict::timedOut);
  CHECK(link.waiter == nullptr);
  CHECK(waiter.cancel == nullptr);
  CHECK(line.earliest() == nullptr);
}

TEST_CASE("the earliest deadline is that of a call or of a blocked thread") {
  WaitingLine line;
  Probe call(5s), thread(3s, true), later(9s), patient;
  line.join(patient, nullptr);
  CHECK(line.earliest() == nullptr);
  line.join(call, nullptr);
  line.join(later, nullptr);
  CHECK(line.earliest() == &call);
  line.join(thread, nullptr);
  CHECK(line.earliest() == &thread);
  line.leave(thread, Verdict::timedOut);
  CHECK(line.earliest() == &call);
}

TEST_CASE("a blocked thread and a waiter without a deadline need no timer") {
  WaitingLine line;
  Probe thread(3s, true), patient, call(5s);
  line.join(thread, nullptr);
  line.join(patient, nullptr);
  CHECK(line.nextExpiry() == never);
  line.join(call, nullptr);
  CHECK(line.nextExpiry() == 5s);
}

TEST_CASE("one list is appended to another in order") {
  WaiterList list, other, empty;
  Probe a, b, c;
  list.push(a);
  other.push(b);
  other.push(c);
  list.append(other);
  list.append(empty);
  CHECK(other.empty());
  CHECK(list.pop() == &a);
  CHECK(list.pop() == &b);
  CHECK(list.pop() == &c);
  CHECK(list.pop() == nullptr);
}
