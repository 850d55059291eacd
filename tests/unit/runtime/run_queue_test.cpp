#include <bulwark/detail/runtime/asio_host.hpp>
#include <bulwark/detail/runtime/host_owner.hpp>
#include <bulwark/detail/runtime/run_queue.hpp>

#include BULWARK_NET(io_context.hpp)

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Instant;
using bulwark::detail::Mutex;
using bulwark::detail::Runnable;
using bulwark::detail::RunQueue;
using bulwark::detail::Ticks;
using bulwark::detail::WaiterList;

namespace {

std::vector<int> ran, discarded;

struct Probe final : Runnable {
  explicit Probe(int id, Instant end = Instant{0}) : number(id), endsAt(end) {}
  Ticks run() override {
    ran.push_back(number);
    return Ticks{static_cast<std::uint64_t>(endsAt.count())};
  }
  void wake() noexcept override {}
  void discard() noexcept override { discarded.push_back(number); }

  int number;
  Instant endsAt;
};

struct Stage {
  Stage() {
    ran.clear();
    discarded.clear();
  }
  using Host = bulwark::detail::AsioHost<bulwark::net::io_context::executor_type, ManualClock>;

  bulwark::net::io_context io;
  bulwark::detail::HostOwner<Host> host{std::in_place, io.get_executor(), "host"};
  Mutex mutex;
  RunQueue queue{mutex};
};

}  // namespace

TEST_CASE("as many workers are requested as calls are ready") {
  Stage s;
  Probe a(1), b(2);
  CHECK(s.queue.add(a));
  CHECK(s.queue.add(b));
  s.queue.work(*s.host);  // runs both in a burst
  CHECK(ran == std::vector<int>{1, 2});
  Probe c(3);
  CHECK_FALSE(s.queue.add(c));  // the second worker is still on its way
  s.queue.work(*s.host);
  CHECK(ran == std::vector<int>{1, 2, 3});
}

TEST_CASE("a burst ends after its time, and leaves the rest to the next worker") {
  Stage s;
  Probe a(1, 0us), slow(2, 101us), c(3, 102us);
  (void)s.queue.add(a);
  (void)s.queue.add(slow);
  (void)s.queue.add(c);
  s.queue.work(*s.host);
  CHECK(ran == std::vector<int>{1, 2});
  s.queue.work(*s.host);
  CHECK(ran == std::vector<int>{1, 2, 3});
}

TEST_CASE("a lost worker discards a call only if that call depends on it") {
  Stage s;
  Probe a(1), b(2);
  (void)s.queue.add(a);
  (void)s.queue.add(b);
  s.queue.work(*s.host);
  s.queue.workerLost();  // no call is left
  CHECK(discarded.empty());
  Probe c(3);
  CHECK(s.queue.add(c));
  s.queue.workerLost();
  CHECK(discarded == std::vector<int>{3});
}

TEST_CASE("takeAll empties the queue") {
  Stage s;
  Probe a(1), b(2);
  (void)s.queue.add(a);
  (void)s.queue.add(b);
  WaiterList out;
  s.queue.takeAll(out);
  CHECK(out.pop() == &a);
  CHECK(out.pop() == &b);
  s.queue.work(*s.host);
  CHECK(ran.empty());
}
