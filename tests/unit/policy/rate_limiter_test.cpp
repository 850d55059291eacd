#include <bulwark/rate_limiter.hpp>

#include "support/catch.hpp"
#include "support/failures.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

using bulwark::ConfigError;
using bulwark::EventKind;
using bulwark::noTimeout;
using bulwark::RateLimitedError;
using bulwark::RateLimiterConfig;
using bulwark::RateLimiterOverrides;
using bulwark::unlimited;
using net::bind_cancellation_slot;
using net::cancellation_signal;
using net::cancellation_type;

namespace {

using RateLimiter = bulwark::RateLimiter<net::any_io_executor, ManualClock>;

/// 10 permits a second.
RateLimiterConfig ten(std::size_t burst = 1, std::size_t maxQueueSize = 10) {
  return {.name = "ai",
          .permits = 10,
          .burst = burst,
          .maxQueueSize = maxQueueSize,
          .queueTimeout = 10s};
}

Counters count(const RateLimiter& limiter) {
  const bulwark::RateLimiterStats s = limiter.stats();
  return {.executed = s.executed,
          .failed = s.failed,
          .rejected = s.rejected,
          .timedOut = s.timedOut,
          .cancelled = s.cancelled,
          .drained = s.drained,
          .queued = s.queued};
}

std::chrono::nanoseconds retryAfterOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const RateLimitedError& refused) {
    CHECK(refused.bulkhead() == "ai");
    return refused.retryAfter();
  } catch (...) {
    return -1ns;
  }
}

}  // namespace

// --- tryAcquire(), retryAfter() ------------------------------------------------------------------

TEST_CASE("10 a second with a burst of 3: three pass, the fourth in exactly 100 ms", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten(3)};
  CHECK(limiter.tryAcquire());
  CHECK(limiter.tryAcquire());
  CHECK(limiter.tryAcquire());
  CHECK(limiter.retryAfter() == 100ms);
  stage.advance(99'999'999ns);
  CHECK_FALSE(limiter.tryAcquire());
  CHECK(limiter.retryAfter() == 1ns);
  stage.advance(1ns);
  CHECK(limiter.retryAfter() == 0ns);
  CHECK(limiter.tryAcquire());
  CHECK(count(limiter) == Counters{.executed = 4});
  CHECK_FALSE(limiter.tryAcquire(0));
  CHECK_FALSE(limiter.tryAcquire(4));
  CHECK(limiter.retryAfter(4) == noTimeout);
}

// --- acquire() -----------------------------------------------------------------------------------

TEST_CASE("acquire() completes at its turn, and not a nanosecond earlier", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Ending<> first, second, third;
  limiter.acquire(first.coded());
  limiter.acquire(second.coded());
  limiter.acquire(third.coded());
  CHECK(first.open());  // never inside the initiating function
  stage.settle();
  CHECK(first.fine());
  CHECK(count(limiter) == Counters{.executed = 1, .queued = 2});
  stage.advance(100ms - 1ns);
  CHECK(second.open());
  stage.advance(1ns);
  CHECK(second.fine());
  stage.advance(100ms - 1ns);
  CHECK(third.open());
  stage.advance(1ns);
  CHECK(third.fine());
  CHECK(count(limiter) == Counters{.executed = 3});
  CHECK(limiter.stats().waitTime.count() == 2);
  CHECK(limiter.stats().waitTime.max() >= 190ms);
  CHECK(stage.isIdle());
}

TEST_CASE("acquire() says why it did not get its turn", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten(2, 1)};
  Ending<> invalid, tooHeavy, impatient, full, waits;
  limiter.acquire({.permits = 0}, invalid.coded());
  limiter.acquire({.permits = 3}, tooHeavy.coded());
  REQUIRE(limiter.tryAcquire(2));
  limiter.acquire({.queueTimeout = 100ms - 1ns}, impatient.coded());
  limiter.acquire({.queueTimeout = 100ms}, waits.coded());
  limiter.acquire(full.coded());
  stage.settle();
  CHECK(invalid.is(net::error::invalid_argument));
  CHECK(tooHeavy.is(net::error::invalid_argument));
  CHECK(impatient.is(Errc::rateLimited));
  CHECK(full.is(Errc::rateLimited));
  CHECK(bulwark::notExecuted(full.code));
  stage.advance(100ms);
  CHECK(waits.fine());
  CHECK(count(limiter) == Counters{.executed = 2, .rejected = 2});
}

TEST_CASE("a cancelled acquire() gives its turn to the next", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  REQUIRE(limiter.tryAcquire());
  cancellation_signal signal;
  Ending<> cancelled, next;
  limiter.acquire(bind_cancellation_slot(signal.slot(), cancelled.coded()));
  limiter.acquire(next.coded());
  signal.emit(
      GENERATE(cancellation_type::terminal, cancellation_type::partial, cancellation_type::total));
  CHECK(cancelled.open());
  stage.settle();
  CHECK(cancelled.is(net::error::operation_aborted));
  stage.advance(100ms);
  CHECK(next.fine());
  signal.emit(cancellation_type::terminal);
  CHECK(count(limiter) == Counters{.executed = 2, .cancelled = 1});
}

TEST_CASE("a turn that moves beyond the timeout ends as a timeout", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  REQUIRE(limiter.tryAcquire());
  Ending<> waits;
  limiter.acquire({.queueTimeout = 1s}, waits.coded());
  limiter.updateConfig({.per = 20s});
  stage.advance(1s - 1ns);
  CHECK(waits.open());
  stage.advance(1ns);
  CHECK(waits.is(Errc::queueTimeout));
  CHECK(count(limiter) == Counters{.executed = 1, .timedOut = 1});
  CHECK(stage.isIdle());
}

TEST_CASE("acquire() works in a coroutine", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  std::vector<std::chrono::nanoseconds> at;
  const auto start = ManualClock::now();
  Ending<> ended;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        for (int i = 0; i < 3; ++i) {
          co_await limiter.acquire(net::use_awaitable);
          at.push_back(ManualClock::now() - start);
        }
      },
      ended.plain());
  stage.settle();
  for (int i = 0; i < 400; ++i) stage.advance(1ms);
  CHECK(ended.fine());
  CHECK(at == std::vector<std::chrono::nanoseconds>{0ns, 100ms, 200ms});
}

TEST_CASE("an acquire() whose handler cannot be moved changes nothing", "[rate]") {
  struct Handler {
    FailsToMove part;
    void operator()(const net::error_code&) const {}
  };
  for (const bool busy : {false, true}) {
    bool thrown = true;
    std::size_t tries = 0;
    for (; thrown; ++tries) {
      CAPTURE(busy, tries);
      REQUIRE(tries < 50);
      Stage stage;
      RateLimiter limiter{stage.io, ten()};
      if (busy) REQUIRE(limiter.tryAcquire());
      const Counters before = count(limiter);
      const auto retryAfter = limiter.retryAfter();
      FailingMoves::number = 0;
      FailingMoves::failing = tries;
      thrown = false;
      try {
        limiter.acquire(Handler());
      } catch (const Thrown&) {
        thrown = true;
        CHECK(count(limiter) == before);
        CHECK(limiter.retryAfter() == retryAfter);
      }
      FailingMoves::failing = SIZE_MAX;
      stage.settle();
    }
    CHECK(tries > 1);  // it was moved, and threw
  }
}

// --- execute() -----------------------------------------------------------------------------------

TEST_CASE("execute() runs a callable at its turn, and counts how it ended", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Ending<> now, later, fails;
  limiter.execute([] { return 1; }, now.valued());
  limiter.execute([] { return 2; }, later.valued());
  limiter.execute([]() -> int { throw std::runtime_error("no"); }, fails.valued());
  stage.settle();
  CHECK(now.fine());
  CHECK(now.value == 1);
  CHECK(later.open());
  stage.advance(100ms);
  CHECK(later.fine());
  CHECK(later.value == 2);
  stage.advance(100ms);
  CHECK(fails.times == 1);
  CHECK(holds<std::runtime_error>(fails.error));
  CHECK(count(limiter) == Counters{.executed = 2, .failed = 1});
}

TEST_CASE("execute() runs an awaitable at its turn", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Gate gate(stage.io);
  Ending<> now, later;
  const auto work = [&]() -> net::awaitable<int> {
    co_await gate.pass();
    co_return 7;
  };
  limiter.execute(work, now.valued());
  limiter.execute(work, later.valued());
  stage.settle();
  stage.advance(100ms);
  CHECK(count(limiter) == Counters{});
  gate.open();
  stage.settle();
  CHECK(now.value == 7);
  CHECK(later.value == 7);
  CHECK(count(limiter) == Counters{.executed = 2});
}

TEST_CASE("a refused call gets the exact time after which it would be granted", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten(3, 1)};
  REQUIRE(limiter.tryAcquire(3));
  Ending<> impatient, full, waits, invalid;
  bool ran = false;
  const auto work = [&] { ran = true; };
  limiter.execute(work, {.queueTimeout = 0ns, .permits = 2}, impatient.plain());
  limiter.execute(work, {.permits = 4}, invalid.plain());
  limiter.execute([] {}, waits.plain());
  limiter.execute(work, full.plain());
  stage.settle();
  CHECK(impatient.is(Errc::rateLimited));
  CHECK(retryAfterOf(impatient.error) == 200ms);
  CHECK(retryAfterOf(full.error) == 200ms);
  CHECK(bulwark::notExecuted(full.error));
  CHECK(configErrorIn(invalid.error).rule() == "must be from 1 to 3, the burst");
  CHECK_FALSE(ran);
  stage.advance(100ms);
  CHECK(waits.fine());
  CHECK(count(limiter) == Counters{.executed = 2, .rejected = 2});
}

TEST_CASE("execute() can be cancelled while it waits, and while an awaitable runs", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Gate gate(stage.io);
  cancellation_signal signals[3];
  Ending<> running, waiting, plain;
  const auto work = [&]() -> net::awaitable<void> { co_await gate.pass(); };
  limiter.execute(work, bind_cancellation_slot(signals[0].slot(), running.plain()));
  limiter.execute(work, bind_cancellation_slot(signals[1].slot(), waiting.plain()));
  limiter.execute([] {}, bind_cancellation_slot(signals[2].slot(), plain.plain()));
  stage.settle();
  for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(running.is(net::error::operation_aborted));
  CHECK(waiting.is(net::error::operation_aborted));
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(bulwark::notExecuted(waiting.error));
  CHECK_FALSE(bulwark::notExecuted(running.error));
  CHECK(count(limiter) == Counters{.failed = 1, .cancelled = 2});
  CHECK(stage.isIdle());
}

// --- drain, destruction --------------------------------------------------------------------------

TEST_CASE("a drain fails the queue, and waits for calls of execute()", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Gate gate(stage.io);
  Ending<> running, queued, acquires, drained, later;
  limiter.execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, running.plain());
  limiter.execute([] {}, queued.plain());
  limiter.acquire(acquires.coded());
  stage.settle();
  limiter.drain(drained.coded());
  stage.settle();
  CHECK(queued.is(Errc::draining));
  CHECK(acquires.is(Errc::draining));
  CHECK(limiter.draining());
  CHECK_FALSE(limiter.tryAcquire());
  CHECK(drained.open());
  limiter.execute([] {}, later.plain());
  stage.settle();
  CHECK(later.is(Errc::draining));
  CHECK(drained.open());
  gate.open();
  stage.settle();
  CHECK(running.fine());
  CHECK(drained.fine());
  limiter.resume();
  stage.advance(1s);
  CHECK(limiter.tryAcquire());
  CHECK(count(limiter) == Counters{.executed = 2, .drained = 3});
}

TEST_CASE("a drain does not wait for the calls that it fails in the queue", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  REQUIRE(limiter.tryAcquire());
  Ending<> queued, drained;
  limiter.execute([] {}, queued.plain());
  limiter.drain(0ns, drained.coded());
  stage.settle();
  CHECK(queued.is(Errc::draining));
  CHECK(drained.fine());
}

TEST_CASE("a call that a drain refuses does not hold up the drain", "[rate]") {
  /// Calls a function when it is moved.
  struct Handler {
    const std::function<void()>* moved;
    explicit Handler(const std::function<void()>& f) : moved(&f) {}
    Handler(Handler&& other) noexcept : moved(other.moved) { (*moved)(); }
    void operator()(const std::exception_ptr&) const {}
  };
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Gate gate(stage.io);
  Ending<> running, drained;
  limiter.execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, running.plain());
  stage.settle();
  limiter.drain(drained.coded());
  CHECK(drained.open());
  // While the call is being refused, the last call that runs ends.
  const std::function<void()> lastOneEnds = [&] {
    if (!drained.open()) return;
    gate.open();
    stage.settle();
    CHECK(drained.fine());
  };
  limiter.execute([] {}, Handler(lastOneEnds));
  CHECK(drained.fine());
  stage.settle();
  CHECK(count(limiter) == Counters{.executed = 1, .drained = 1});
}

TEST_CASE("a drain has a time limit and can be cancelled", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten()};
  Gate gate(stage.io);
  Ending<> running, timed, cancelled;
  cancellation_signal signal;
  limiter.execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, running.plain());
  stage.settle();
  limiter.drain(5s, timed.coded());
  limiter.drain(bind_cancellation_slot(signal.slot(), cancelled.coded()));
  stage.advance(5s);
  CHECK(timed.is(net::error::timed_out));
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(cancelled.is(net::error::operation_aborted));
  gate.open();
  stage.settle();
}

TEST_CASE("destroying a rate limiter aborts waiting calls, and running ones end", "[rate]") {
  Stage stage;
  std::optional<RateLimiter> limiter(std::in_place, stage.io, ten());
  Gate gate(stage.io);
  Ending<> running, queued, acquires;
  limiter->execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, running.plain());
  limiter->execute([] {}, queued.plain());
  limiter->acquire(acquires.coded());
  stage.settle();
  limiter.reset();
  stage.settle();
  CHECK(queued.is(net::error::operation_aborted));
  CHECK(bulwark::notExecuted(queued.error));
  CHECK(acquires.is(net::error::operation_aborted));
  gate.open();
  stage.settle();
  CHECK(running.fine());
  CHECK(stage.isIdle());
}

TEST_CASE("a context that is destroyed first destroys the handlers of waiting calls", "[rate]") {
  ManualClock::reset();
  auto io = std::make_unique<net::io_context>();
  RateLimiter limiter{*io, ten()};
  Fate plain, acquire, coroutine;
  REQUIRE(limiter.tryAcquire());
  limiter.execute([] {}, Witness(plain));
  limiter.execute([] { return ready(); }, Witness(coroutine));
  limiter.acquire(Witness(acquire));
  io->poll();
  io.reset();
  CHECK(plain.droppedUninvoked());
  CHECK(coroutine.droppedUninvoked());
  CHECK(acquire.droppedUninvoked());
}

// --- configuration, modes, events ----------------------------------------------------------------

TEST_CASE("updateConfig() changes the rate and keeps what is owed", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten(3)};
  REQUIRE(limiter.tryAcquire(3));
  Ending<> waits;
  limiter.acquire(waits.coded());
  limiter.updateConfig({.permits = 1000, .burst = 5});
  CHECK(limiter.config().permits == 1000);
  CHECK(limiter.config().burst == 5);
  CHECK(limiter.config().maxQueueSize == 10);
  stage.settle();
  CHECK(waits.fine());  // two permits more
  CHECK(limiter.retryAfter(2) == 1ms);
}

TEST_CASE("observe refuses nothing, off counts nothing", "[rate]") {
  Stage stage;
  auto config = ten();
  config.mode = Mode::observe;
  RateLimiter limiter{stage.io, config};
  Ending<> calls[3];
  for (auto& call : calls) limiter.execute([] {}, call.plain());
  stage.settle();
  for (auto& call : calls) CHECK(call.fine());
  CHECK(limiter.tryAcquire());
  CHECK(limiter.stats().executed == 4);
  CHECK(limiter.stats().overLimit == 3);
  limiter.updateConfig({.mode = Mode::off});
  Ending<> off, awaits, acquires;
  cancellation_signal signal;
  limiter.execute([] {}, off.plain());
  limiter.execute([] { return ready(); }, bind_cancellation_slot(signal.slot(), awaits.plain()));
  limiter.acquire(acquires.coded());
  CHECK(limiter.tryAcquire(100));
  stage.settle();
  CHECK(off.fine());
  CHECK(awaits.fine());
  CHECK(acquires.fine());
  CHECK(limiter.stats().executed == 4);
  limiter.reset();
  CHECK(limiter.stats().executed == 0);
}

TEST_CASE("bad values are reported with field, value and rule", "[rate]") {
  Stage stage;
  const auto of = [&](RateLimiterConfig config) {
    return configErrorOf([&] { RateLimiter limiter(stage.io, std::move(config)); });
  };
  CHECK(of({.permits = 0}).field() == "permits");
  CHECK(of({.per = 0ns}).field() == "per");
  CHECK(of({.per = -1ns}).value() == "-1 ns");
  CHECK(of({.permits = 11, .per = 10ns}).rule() ==
        "must be at most one for each nanosecond of per");
  CHECK(of({.permits = unlimited}).field() == "permits");
  CHECK(of({.burst = 0}).field() == "burst");
  CHECK(of({.permits = 1, .per = 1s, .burst = 9'223'372'037}).field() == "burst");
  CHECK(of({.permits = 1, .per = 1s, .burst = 9'223'372'036}).field().empty());
  CHECK(of({.queueTimeout = -1ns}).field() == "queueTimeout");
  CHECK(of({.mode = static_cast<Mode>(3)}).field() == "mode");

  RateLimiter limiter{stage.io, ten(3)};
  CHECK(configErrorOf([&] { limiter.updateConfig({.permits = 5, .burst = 0}); }).field() ==
        "burst");
  CHECK(limiter.config().permits == 10);
}

TEST_CASE("the observer sees refusals, the queue, drains and changes", "[rate]") {
  Stage stage;
  RateLimiter limiter{stage.io, ten(1, 1)};
  std::vector<EventKind> kinds;
  limiter.setObserver([&](const bulwark::BulkheadEvent& event) {
    CHECK(event.compartment == bulwark::CompartmentKind::rateLimiter);
    CHECK(event.name == "ai");
    kinds.push_back(event.kind);
  });
  Ending<> waits, refused, drained;
  REQUIRE(limiter.tryAcquire());
  limiter.acquire(waits.coded());
  limiter.acquire(refused.coded());
  stage.advance(100ms);
  limiter.updateConfig({.permits = 20});
  limiter.drain(drained.coded());
  limiter.resume();
  stage.settle();
  CHECK(kinds == std::vector{EventKind::saturated, EventKind::rejected, EventKind::recovered,
                             EventKind::configured, EventKind::drainStarted, EventKind::resumed});
}
