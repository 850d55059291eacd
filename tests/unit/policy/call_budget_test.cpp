#include <bulwark/bulkhead.hpp>
#include <bulwark/rate_limiter.hpp>
#include <bulwark/retry.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Budgets of calls of a retry and of a rate limiter.

using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using RateLimiter = bulwark::RateLimiter<net::any_io_executor, ManualClock>;
using bulwark::DeadlineExceededError;
using bulwark::ExecutionTimeoutError;

namespace {

struct Down : std::runtime_error {
  Down() : std::runtime_error("down") {}
};

/// Attempts that take 40 ms each, and fail.
struct Scene : Stage {
  explicit Scene(std::chrono::nanoseconds delay = 10ms)
      : retry(io, {.name = "r", .maxAttempts = 5, .initialDelay = delay, .jitter = 0}) {}

  auto attempt() {
    return [this]() -> net::awaitable<void> {
      ++attempts;
      net::basic_waitable_timer<ManualClock> timer(io, 40ms);
      co_await timer.async_wait(net::use_awaitable);
      throw Down();
    };
  }

  Retry retry;
  Ending<> ending;
  int attempts = 0;
};

}  // namespace

// --- a retry -------------------------------------------------------------------------------------

TEST_CASE("a delay that would end after the budget is not begun", "[retry][budget]") {
  Scene scene(20ms);
  const auto budget = GENERATE(60ms + 0ns, 60ms + 1ns);
  scene.retry.execute(scene.attempt(), {.budget = budget}, scene.ending.plain());
  scene.settle();
  scene.advance(40ms);
  if (budget == 60ms) {
    CHECK(scene.ending.times == 1);
    CHECK(holds<Down>(scene.ending.error));
    CHECK(scene.isIdle());
    return;
  }
  CHECK(scene.ending.open());
  scene.advance(20ms);
  CHECK(scene.attempts == 2);
  scene.advance(1ns);
  CHECK(holds<ExecutionTimeoutError>(scene.ending.error));
  CHECK(scene.isIdle());
}

TEST_CASE("a delay that is not begun costs nothing of a retry budget", "[retry][budget]") {
  const auto budget = std::make_shared<bulwark::RetryBudget>(bulwark::RetryBudgetConfig{
      .ratio = 0.5, .minPerSecond = 10, .window = std::chrono::seconds{10}});
  Stage stage;
  Retry retry{stage.io, {.maxAttempts = 2, .initialDelay = 1s, .jitter = 0, .budget = budget}};
  Ending<> ending;
  retry.execute([]() { throw Down(); }, {.budget = 500ms}, ending.plain());
  stage.settle();
  CHECK(holds<Down>(ending.error));
  CHECK(budget->balance() == 100.5);
  CHECK(retry.stats().overBudget == 0);
}

TEST_CASE("at the end of the budget the attempt is asked to cancel", "[retry][budget]") {
  Scene scene;
  scene.retry.execute(scene.attempt(), {.budget = 100ms}, scene.ending.plain());
  scene.settle();
  scene.advance(40ms);
  scene.advance(10ms);
  CHECK(scene.attempts == 2);
  scene.advance(40ms);  // 90 ms; the delay of 20 ms would end too late
  CHECK(scene.ending.times == 1);
  CHECK(holds<Down>(scene.ending.error));

  Ending<> cut;
  scene.retry.execute(scene.attempt(), {.budget = 30ms}, cut.plain());
  scene.settle();
  scene.advance(30ms - 1ns);
  CHECK(cut.open());
  scene.advance(1ns);
  REQUIRE(cut.times == 1);
  CHECK(cut.is(Errc::executionTimeout));
  CHECK(scene.attempts == 3);
  CHECK_FALSE(bulwark::notExecuted(cut.error));
  CHECK(scene.isIdle());
}

TEST_CASE("an attempt that ignores the end of the budget is the last one", "[retry][budget]") {
  Scene scene;
  Gate gate{scene.io};
  const bool fails = GENERATE(false, true);
  int attempts = 0;
  scene.retry.execute(
      [&]() -> net::awaitable<void> {
        ++attempts;
        co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
        co_await gate.pass();
        if (fails) throw Down();
      },
      {.budget = 30ms}, scene.ending.plain());
  scene.settle();
  scene.advance(1s);
  CHECK(scene.ending.open());
  gate.open();
  scene.settle();
  REQUIRE(scene.ending.times == 1);
  CHECK(holds<Down>(scene.ending.error) == fails);
  CHECK(scene.ending.fine() != fails);
  CHECK(attempts == 1);
}

TEST_CASE("the caller's own cancellation stays its own", "[retry][budget]") {
  Scene scene;
  net::cancellation_signal signal;
  scene.retry.execute(scene.attempt(), {.budget = 30ms},
                      net::bind_cancellation_slot(signal.slot(), scene.ending.plain()));
  scene.settle();
  ManualClock::advance(30ms);
  signal.emit(net::cancellation_type::terminal);
  scene.settle();
  REQUIRE(scene.ending.times == 1);
  CHECK(scene.ending.is(net::error::operation_aborted));
}

TEST_CASE("a budget of a retry that is used up runs no attempt", "[retry][budget]") {
  Scene scene;
  SECTION("on arrival") {
    scene.retry.execute(scene.attempt(), {.budget = 0ns}, scene.ending.plain());
    CHECK(scene.ending.open());
  }
  SECTION("before the first attempt") {
    scene.retry.execute(scene.attempt(), {.budget = 10ms}, scene.ending.plain());
    ManualClock::advance(10ms);
  }
  scene.settle();
  REQUIRE(scene.ending.times == 1);
  CHECK(holds<DeadlineExceededError>(scene.ending.error));
  CHECK(bulwark::notExecuted(scene.ending.error));
  CHECK(scene.attempts == 0);
  CHECK(scene.retry.stats().calls == 0);
  CHECK(scene.isIdle());
}

TEST_CASE("a result within the budget leaves nothing", "[retry][budget]") {
  Scene scene;
  Ending<int> result;
  scene.retry.execute([] { return ready(7); }, {.budget = 1h}, result.valued());
  scene.settle();
  CHECK(result.value == 7);
  CHECK(scene.isIdle());
  Ending<int> unlimited;
  scene.retry.execute([] { return ready(8); }, {.budget = bulwark::noTimeout}, unlimited.valued());
  scene.settle();
  CHECK(unlimited.value == 8);
}

TEST_CASE("attempts, delays and waits in a queue end with the budget", "[retry][budget]") {
  using Times = std::vector<std::chrono::nanoseconds>;
  const auto wait = GENERATE(10ms, 30ms);
  const auto delay = GENERATE(0ms, 10ms, 29ms, 30ms, 50ms);
  Scene scene(delay);
  Bulkhead db{scene.io, {.name = "db", .maxConcurrent = 1}};
  const auto start = ManualClock::now();
  const auto passed = [start] { return ManualClock::now() - start; };
  Times asked, begun;
  const auto fail = scene.attempt();
  const auto attempt = [&] {
    asked.push_back(passed());
    // Another call holds the permit for the time that this one waits.
    auto other = std::make_shared<net::basic_waitable_timer<ManualClock>>(scene.io, wait);
    other->async_wait([other, permit = db.tryAcquire()](net::error_code) {});
    const auto work = [&] {
      begun.push_back(passed());
      return fail();
    };
    return db.execute(work, {.budget = 100ms - passed()}, net::use_awaitable);
  };
  scene.retry.execute(attempt, {.budget = 100ms}, scene.ending.plain());
  scene.settle();
  while (scene.ending.open() && passed() < 1s) scene.advance(1ms);

  // An attempt waits, works for 40 ms, and fails. A delay follows if it ends in time.
  const std::chrono::nanoseconds failed = wait + 40ms, second = failed + delay;
  CHECK(passed() == (second < 100ms ? 100ms : failed));
  CHECK(asked == (second < 100ms ? Times{0ms, second} : Times{0ms}));
  CHECK(begun == (second + wait < 100ms ? Times{wait, second + wait} : Times{wait}));
  CHECK(scene.ending.times == 1);
  scene.advance(1s);
  CHECK(scene.isIdle());
  CHECK(db.stats().active == 0);
}

TEST_CASE("an attempt can have what is left of the budget", "[retry][budget]") {
  using Clock = ManualClock;
  Scene scene;
  Retry& retry = scene.retry;
  Bulkhead db{scene.io, {.name = "db", .maxConcurrent = 1}};
  Permit other;
  const auto query = scene.attempt();
  const auto handler = scene.ending.plain();
  // [pass_on]
  const auto deadline = Clock::now() + 300ms;
  const auto attempt = [&] {
    return db.execute(query, {.budget = deadline - Clock::now()}, net::use_awaitable);
  };
  retry.execute(attempt, {.budget = 300ms}, handler);
  // [pass_on]
  scene.settle();
  scene.advance(40ms);
  other = db.tryAcquire();  // the second attempt finds no free permit
  REQUIRE(other);
  scene.advance(10ms);
  CHECK(db.stats().queued == 1);
  scene.advance(250ms - 1ns);
  CHECK(scene.ending.open());
  scene.advance(1ns);
  CHECK(scene.ending.times == 1);
  CHECK(scene.attempts == 1);
  CHECK(db.stats().queued == 0);
}

// --- a rate limiter ------------------------------------------------------------------------------

TEST_CASE("a budget bounds the wait at a rate limiter", "[rate][budget]") {
  Stage stage;
  RateLimiter limiter{stage.io,
                      {.name = "ai", .permits = 10, .maxQueueSize = 10, .queueTimeout = 10s}};
  REQUIRE(limiter.tryAcquire());
  Ending<> tooLate, inTime, usedUp, usedUpToo;
  limiter.execute([] {}, {.budget = 100ms - 1ns}, tooLate.plain());
  limiter.execute([] {}, {.budget = 100ms}, inTime.plain());
  limiter.execute([] {}, {.budget = 0ns}, usedUp.plain());
  limiter.acquire({.budget = -1ns}, usedUpToo.coded());
  stage.settle();
  // Its turn would come too late, and when it would come is known.
  CHECK(tooLate.is(Errc::rateLimited));
  CHECK(bulwark::retryAfter(tooLate.error) == 100ms);
  CHECK(usedUp.is(Errc::deadlineExceeded));
  CHECK(usedUpToo.is(Errc::deadlineExceeded));
  CHECK(limiter.stats().timedOut == 2);
  stage.advance(100ms);
  CHECK(inTime.fine());
}

TEST_CASE("a turn that moves beyond the budget ends the wait", "[rate][budget]") {
  Stage stage;
  RateLimiter limiter{stage.io,
                      {.name = "ai", .permits = 10, .maxQueueSize = 10, .queueTimeout = 10s}};
  REQUIRE(limiter.tryAcquire());
  Ending<> call, permit, patient;
  limiter.execute([] {}, {.budget = 200ms}, call.plain());
  limiter.acquire({.budget = 300ms}, permit.coded());
  limiter.acquire({.queueTimeout = 400ms, .budget = 1s}, patient.coded());
  stage.settle();
  limiter.updateConfig({.permits = 1});
  stage.settle();
  stage.advance(400ms);
  CHECK(call.is(Errc::deadlineExceeded));
  CHECK(permit.is(Errc::deadlineExceeded));
  CHECK(patient.is(Errc::queueTimeout));
  CHECK(limiter.stats().timedOut == 3);
}
