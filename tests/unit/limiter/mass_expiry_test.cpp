#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/core/admission.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <type_traits>
#include <vector>

// Many calls that expire at once time out in slices of 512. Other handlers run between two slices,
// and no expired call is admitted there.

using bulwark::detail::Admission;
using bulwark::detail::CancelLink;
using bulwark::detail::Entry;
using bulwark::detail::Instant;
using bulwark::detail::LimitsUpdate;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::Wakeups;

// --- the admission core --------------------------------------------------------------------------

namespace {

struct Probe final : Waiter {
  void wake() noexcept override { FAIL("the core woke a waiter"); }
  void discard() noexcept override { FAIL("the core discarded a waiter"); }
};

/// Two permits, one of them in use, and three expired calls in the queue: a heavy one at the head,
/// which needs more than the free permit, and two light ones behind it. The first slice has removed
/// the heavy one.
struct BetweenSlices {
  BetweenSlices() {
    core.prepareToWait();
    REQUIRE(core.tryEnter(1, {}).verdict == Verdict::granted);
    queue(heavy, 2);
    queue(light, 1, &link);
    queue(other, 1);
    now += 5s;
    CHECK(core.expire(1, now, out));
    CHECK(heavy.verdict == Verdict::timedOut);
    // A permit is free, and neither light call has it.
    CHECK(light.verdict == Verdict::waiting);
    CHECK(other.verdict == Verdict::waiting);
    CHECK(core.numbers().active == 1);
  }
  // The lists of the core point to the waiters.
  ~BetweenSlices() {
    while (out.ready.pop() != nullptr) {
    }
  }

  void queue(Waiter& waiter, std::size_t weight, CancelLink* cancel = nullptr) {
    REQUIRE(core.enter(weight, Instant(5s), now, &waiter, cancel, out).verdict == Verdict::waiting);
  }

  Instant now = 1h;
  Admission core{{.permits = 2, .maxQueueSize = 10, .timeout = 30s}};
  Wakeups out;
  Probe heavy, light, other, newcomer;
  CancelLink link;
};

}  // namespace

TEST_CASE("a slice of a mass expiry admits no expired call", "[expiry]") {
  BetweenSlices s;
  CHECK(s.core.expire(1, s.now, s.out));
  CHECK(s.light.verdict == Verdict::timedOut);
  CHECK(s.other.verdict == Verdict::waiting);
  CHECK_FALSE(s.core.expire(1, s.now, s.out));
  CHECK(s.other.verdict == Verdict::timedOut);
  CHECK(s.core.numbers().active == 1);
  CHECK(s.core.numbers().queued == 0);
}

TEST_CASE("no operation between two slices admits an expired call", "[expiry]") {
  BetweenSlices s;
  Verdict light = Verdict::timedOut;
  std::size_t active = 1;
  SECTION("a call that finds expired calls ahead of it") {
    CHECK(s.core.tryEnter(1, {}).verdict == Verdict::contended);
    CHECK(s.core.enter(1, {}, s.now, &s.newcomer, nullptr, s.out).verdict == Verdict::granted);
    active = 2;
  }
  SECTION("a call that may not wait") {
    CHECK(s.core.enter(1, Instant{0}, s.now, nullptr, nullptr, s.out).verdict == Verdict::granted);
    active = 2;
  }
  SECTION("a heavy call") {
    CHECK(s.core.enter(2, {}, s.now, &s.newcomer, nullptr, s.out).verdict == Verdict::waiting);
  }
  SECTION("a release of a permit") {
    CHECK_FALSE(s.core.leave(1));
    s.core.leaveLocked(1, s.now, s.out);
    active = 0;
  }
  SECTION("a cancellation") {
    CHECK(s.core.cancel(s.link, s.now, s.out));
    light = Verdict::cancelled;
  }
  SECTION("a thread that gives up") { CHECK(s.core.giveUp(s.light, s.now, s.out)); }
  SECTION("more permits") {
    LimitsUpdate update;
    update.permits = 9;
    CHECK(s.core.configure(update, s.now, s.out));
  }
  SECTION("a switch to observe") {
    LimitsUpdate update;
    update.mode = Mode::observe;
    CHECK(s.core.configure(update, s.now, s.out));
  }
  SECTION("a switch to off") {
    LimitsUpdate update;
    update.mode = Mode::off;
    CHECK(s.core.configure(update, s.now, s.out));
  }
  SECTION("a drain, which drains only calls that have not expired") {
    s.core.drain(bulwark::noTimeout, s.now, s.newcomer, nullptr, s.out);
    CHECK(s.newcomer.verdict == Verdict::waiting);
  }
  CHECK(s.light.verdict == light);
  CHECK(s.other.verdict == Verdict::timedOut);
  CHECK(s.core.numbers().active == active);
  s.core.expire(1000, s.now, s.out);
  CHECK(s.core.numbers().active == active);
}

TEST_CASE("the last slice admits a call that has not expired", "[expiry]") {
  Instant now = 1h;
  Wakeups out;
  Admission core({.permits = 2, .maxQueueSize = 10, .timeout = 30s});
  core.prepareToWait();
  Probe heavy, overdue, inTime;
  REQUIRE(core.tryEnter(1, {}).verdict == Verdict::granted);
  REQUIRE(core.enter(2, Instant(5s), now, &heavy, nullptr, out).verdict == Verdict::waiting);
  REQUIRE(core.enter(1, Instant(5s), now, &overdue, nullptr, out).verdict == Verdict::waiting);
  REQUIRE(core.enter(1, Instant(5s + 1ns), now, &inTime, nullptr, out).verdict == Verdict::waiting);
  now += 5s;
  CHECK(core.expire(1, now, out));
  CHECK(inTime.verdict == Verdict::waiting);
  CHECK_FALSE(core.expire(1, now, out));
  CHECK(overdue.verdict == Verdict::timedOut);
  CHECK(inTime.verdict == Verdict::granted);
  CHECK(core.numbers().active == 2);
  while (out.ready.pop() != nullptr) {
  }
}

// --- bulkheads and semaphores --------------------------------------------------------------------

namespace {

constexpr std::size_t slice = 512;

/// Two permits, one of them in use, a slice of heavy calls and a light one behind them. All have
/// expired, and the first slice has been notified.
template <typename B>
struct Mass : Stage {
  static auto config() {
    if constexpr (std::is_same_v<B, Bulkhead>) {
      return bulwark::BulkheadConfig{
          .name = "b", .maxConcurrent = 2, .maxQueueSize = 2000, .queueTimeout = 5s};
    } else {
      return bulwark::SemaphoreConfig{
          .name = "b", .permits = 2, .maxQueueSize = 2000, .acquireTimeout = 5s};
    }
  }
  static auto options(std::size_t permits) {
    if constexpr (std::is_same_v<B, Bulkhead>) {
      return bulwark::CallOptions{.permits = permits};
    } else {
      return bulwark::AcquireOptions{.permits = permits};
    }
  }

  explicit Mass(std::size_t heavy = slice, std::size_t light = 1) {
    for (std::size_t i = 0; i < heavy; ++i) {
      bulkhead.acquire(options(2), heavyOnes.emplace_back().permitted());
    }
    for (std::size_t i = 0; i < light; ++i) {
      bulkhead.acquire(options(1), lightOnes.emplace_back().permitted());
    }
    REQUIRE(queued() == heavy + light);
    ManualClock::advance(5s);
    io.restart();
    // Only the timer's handler is ready. It notifies the calls by posts.
    REQUIRE(io.poll_one() == 1);
  }

  std::size_t queued() const {
    if constexpr (std::is_same_v<B, Bulkhead>) {
      return bulkhead.stats().queued;
    } else {
      return bulkhead.stats().waiting;
    }
  }
  std::size_t inUse() const {
    if constexpr (std::is_same_v<B, Bulkhead>) {
      return bulkhead.stats().active;
    } else {
      return bulkhead.stats().permits - bulkhead.stats().available;
    }
  }

  /// Checks that every expired call has timed out and been notified.
  void checkAllTimedOut() {
    for (const auto& heavy : heavyOnes) CHECK(heavy.is(Errc::queueTimeout));
    for (const auto& light : lightOnes) CHECK(light.is(Errc::queueTimeout));
    CHECK(bulkhead.stats().timedOut == heavyOnes.size() + lightOnes.size());
    CHECK(bulkhead.stats().drained == 0);
    CHECK(bulkhead.stats().cancelled == 0);
    CHECK(bulkhead.stats().rejected == 0);
  }

  B bulkhead{io, config()};
  Permit hold{bulkhead.tryAcquire()};
  std::list<Ending<>> heavyOnes, lightOnes;
};

}  // namespace

TEST_CASE("a mass expiry is processed in slices of 512", "[expiry]") {
  struct Row {
    std::size_t calls, left;  // after the first slice
  };
  const Row row = GENERATE(Row{511, 0}, Row{512, 0}, Row{513, 1}, Row{1025, 513});
  Mass<Bulkhead> mass(row.calls, 0);
  CHECK(mass.queued() == row.left);
  CHECK(mass.bulkhead.stats().timedOut == row.calls - row.left);
  // What is posted now runs after the first slice has been notified and before the last.
  std::size_t notified = 0;
  net::post(mass.io, [&] {
    for (const auto& heavy : mass.heavyOnes) notified += heavy.times == 1 ? 1 : 0;
  });
  mass.settle();
  CHECK(notified == row.calls - row.left);
  mass.checkAllTimedOut();
  mass.hold.release();
  CHECK(mass.isIdle());
}

TEMPLATE_TEST_CASE("the slices of a mass expiry admit no expired call", "[expiry]", Bulkhead,
                   Semaphore) {
  Mass<TestType> mass;
  CHECK(mass.queued() == 1);
  CHECK(mass.inUse() == 1);
  mass.settle();
  mass.checkAllTimedOut();
  CHECK(mass.inUse() == 1);
}

TEMPLATE_TEST_CASE("no operation between two slices of a mass expiry admits an expired call",
                   "[expiry]", Bulkhead, Semaphore) {
  Mass<TestType> mass;
  auto& bulkhead = mass.bulkhead;
  std::size_t inUse = 1;
  Permit permit;
  Ending<> next;
  SECTION("a release of a permit") {
    mass.hold.release();
    inUse = 0;
  }
  SECTION("tryAcquire") {
    permit = bulkhead.tryAcquire();
    CHECK(permit);
    inUse = 2;
  }
  SECTION("acquire") {
    bulkhead.acquire(next.permitted());
    inUse = 2;
  }
  SECTION("an acquire that may not wait") {
    auto options = mass.options(1);
    if constexpr (std::is_same_v<TestType, Bulkhead>) {
      options.queueTimeout = 0s;
    } else {
      options.timeout = 0s;
    }
    bulkhead.acquire(options, next.permitted());
    inUse = 2;
  }
  SECTION("a drain") {
    bulkhead.drain([](net::error_code) {});
  }
  SECTION("a new configuration") { bulkhead.updateConfig({.mode = Mode::observe}); }
  SECTION("a switch to off") { bulkhead.updateConfig({.mode = Mode::off}); }
  SECTION("a resume") { bulkhead.resume(); }
  mass.settle();
  mass.checkAllTimedOut();
  CHECK(mass.inUse() == inUse);
}
