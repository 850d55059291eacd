#include <bulwark/events.hpp>
#include <bulwark/format.hpp>
#include <bulwark/rate_limiter.hpp>
#include <bulwark/retry.hpp>
#include <bulwark/retry_budget.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// Changes of a retry while it is used, and its events.

using bulwark::BulkheadEvent;
using bulwark::EventKind;
using bulwark::RetryBudget;
using bulwark::RetryConfig;
using bulwark::RetryOverrides;
using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using Kinds = std::vector<EventKind>;

namespace {

RetryConfig everySecond(std::size_t maxAttempts) {
  return {
      .name = "ai", .maxAttempts = maxAttempts, .initialDelay = 1s, .multiplier = 1, .jitter = 0};
}

/// A retry, and a service that counts its calls and fails as often as it is told to.
struct RetryStage : Stage {
  explicit RetryStage(RetryConfig config) : retry(std::in_place, io, std::move(config)) {}

  void call(int failures) {
    retry->execute(
        [this, failures]() mutable {
          ++attempts;
          if (failures-- > 0) throw std::runtime_error("down");
        },
        ending.plain());
    settle();
  }

  std::optional<Retry> retry;
  int attempts = 0;
  Ending<> ending;
};

constexpr int always = 1'000'000;

struct Notes {
  bulwark::Observer taker() {
    return [this](const BulkheadEvent& event) {
      kinds.push_back(event.kind);
      texts.push_back(fmt::format("{}", event));
      time = event.time;
    };
  }

  Kinds kinds;
  std::vector<std::string> texts;
  std::chrono::nanoseconds time{0};
};

}  // namespace

// --- the configuration ---------------------------------------------------------------------------

TEST_CASE("updateConfig() of a retry changes the fields that it names and keeps the others",
          "[retry]") {
  const auto budget = std::make_shared<RetryBudget>();
  RetryConfig config = everySecond(3);
  config.budget = budget;
  RetryStage stage(config);
  stage.retry->updateConfig({.maxAttempts = 7, .maxDelay = 5s});
  stage.retry->updateConfig({.initialDelay = 2s, .multiplier = 3, .jitter = 0.25});
  const RetryConfig changed = stage.retry->config();
  CHECK(changed.name == "ai");
  CHECK(changed.maxAttempts == 7);
  CHECK(changed.initialDelay == 2s);
  CHECK(changed.multiplier == 3);
  CHECK(changed.maxDelay == 5s);
  CHECK(changed.jitter == 0.25);
  CHECK(changed.budget == budget);
  CHECK_FALSE(changed.retryIf);
  CHECK_FALSE(changed.delay);
}

TEST_CASE("a wrong value for a retry is an error that names it, and changes nothing", "[retry]") {
  struct Row {
    RetryOverrides overrides;
    std::string field, value, rule;
  };
  const std::vector<Row> rows{
      {{.maxAttempts = 0}, "maxAttempts", "0", "must be at least 1"},
      {{.initialDelay = -1ns}, "initialDelay", "-1 ns", "must not be negative"},
      {{.multiplier = 0.5}, "multiplier", "0.5", "must be at least 1, and finite"},
      {{.maxDelay = -1ns}, "maxDelay", "-1 ns", "must not be negative"},
      {{.jitter = 1.5}, "jitter", "1.5", "must be from 0 to 1"},
  };
  RetryStage stage(everySecond(3));
  Notes notes;
  stage.retry->setObserver(notes.taker());
  for (Row row : rows) {
    CAPTURE(row.field);
    if (!row.overrides.maxAttempts) row.overrides.maxAttempts = 9;  // is not changed either
    const auto error = configErrorOf([&] { stage.retry->updateConfig(row.overrides); });
    CHECK(error.bulkhead() == "ai");
    CHECK(error.field() == row.field);
    CHECK(error.value() == row.value);
    CHECK(error.rule() == row.rule);
  }
  CHECK(stage.retry->config().maxAttempts == 3);
  CHECK(notes.kinds.empty());
}

TEST_CASE("a call decides by the configuration of the moment at which its attempt fails",
          "[retry]") {
  RetryStage stage(everySecond(2));
  stage.call(always);
  stage.retry->updateConfig({.maxAttempts = 4});
  stage.advance(1s);
  CHECK(stage.attempts == 2);  // would have been the last
  CHECK(stage.ending.open());
  stage.advance(1s);
  CHECK(stage.attempts == 3);
  stage.retry->updateConfig({.maxAttempts = 2});
  stage.advance(1s);
  CHECK(stage.attempts == 4);  // its delay had begun
  CHECK(stage.ending.times == 1);
  CHECK(stage.retry->stats().exhausted == 1);
}

TEST_CASE("a delay that has begun lasts as long as it was to, and the next is a new one",
          "[retry]") {
  RetryStage stage(everySecond(3));
  stage.call(always);
  stage.retry->updateConfig({.initialDelay = 10s});
  stage.advance(1s);
  CHECK(stage.attempts == 2);
  stage.advance(10s - 1ns);
  CHECK(stage.attempts == 2);
  stage.advance(1ns);
  CHECK(stage.attempts == 3);
}

TEST_CASE("retryIf and delay can be replaced, and removed", "[retry]") {
  RetryStage stage(everySecond(9));
  stage.retry->updateConfig({.retryIf = [](const std::exception_ptr&) { return false; },
                             .delay = [](std::size_t, const std::exception_ptr&) { return 3s; }});
  stage.call(always);
  CHECK(stage.attempts == 1);
  CHECK(stage.ending.times == 1);
  stage.retry->updateConfig({.retryIf = std::function<bool(const std::exception_ptr&)>()});
  stage.call(1);
  stage.advance(3s - 1ns);
  CHECK(stage.attempts == 2);
  stage.advance(1ns);
  CHECK(stage.attempts == 3);
  stage.retry->updateConfig(
      {.delay = std::function<std::chrono::nanoseconds(std::size_t, const std::exception_ptr&)>()});
  stage.call(1);
  stage.advance(1s);
  CHECK(stage.attempts == 5);
}

TEST_CASE("what a replaced function captured is destroyed once no call uses it", "[retry]") {
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = captured;
  RetryConfig config = everySecond(3);
  config.retryIf = [captured = std::move(captured)](const std::exception_ptr&) { return true; };
  RetryStage stage(std::move(config));
  config = {};
  stage.call(1);
  stage.retry->updateConfig({.retryIf = [](const std::exception_ptr&) { return true; }});
  stage.advance(1s);
  CHECK(alive.expired());
}

// --- events --------------------------------------------------------------------------------------

TEST_CASE("the observer of a retry hears of each retry, and how the call ended", "[retry]") {
  RetryStage stage(everySecond(3));
  Notes notes;
  stage.retry->setObserver(notes.taker());
  stage.call(0);
  CHECK(notes.kinds.empty());
  stage.call(1);
  CHECK(notes.kinds.empty());  // the next attempt has not begun
  stage.advance(1s);
  CHECK(notes.kinds == Kinds{EventKind::retried});
  CHECK(notes.time == ManualClock::now().time_since_epoch());
  stage.call(always);
  for (int i = 0; i < 2; ++i) stage.advance(1s);
  CHECK(notes.kinds ==
        Kinds{EventKind::retried, EventKind::retried, EventKind::retried, EventKind::exhausted});
  CHECK(notes.texts.front() == "retry ai: retried");
  CHECK(notes.texts.back() == "retry ai: the last attempt failed");
}

TEST_CASE("an empty budget and a changed configuration are events", "[retry]") {
  RetryConfig config = everySecond(3);
  config.budget =
      std::make_shared<RetryBudget>(bulwark::RetryBudgetConfig{.ratio = 0, .minPerSecond = 0});
  RetryStage stage(config);
  Notes notes;
  stage.retry->setObserver(notes.taker());
  stage.call(always);
  CHECK(notes.kinds == Kinds{EventKind::overBudget});
  CHECK(notes.texts.back() == "retry ai: no retry, the budget is empty");
  stage.retry->updateConfig({.maxAttempts = 3});  // changes nothing
  CHECK(notes.kinds.size() == 1);
  stage.retry->updateConfig({.maxAttempts = 4});
  stage.retry->updateConfig({.retryIf = [](const std::exception_ptr&) { return true; }});
  CHECK(notes.kinds == Kinds{EventKind::overBudget, EventKind::configured, EventKind::configured});
}

TEST_CASE("a destroyed retry has no observer, and its calls go on", "[retry]") {
  RetryStage stage(everySecond(3));
  Notes notes;
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = captured;
  stage.retry->setObserver([take = notes.taker(), captured = std::move(captured)](
                               const BulkheadEvent& event) { take(event); });
  stage.call(always);
  stage.advance(1s);
  CHECK(notes.kinds == Kinds{EventKind::retried});
  stage.retry.reset();
  CHECK(alive.expired());
  stage.advance(1s);
  CHECK(stage.attempts == 3);
  CHECK(stage.ending.times == 1);
  CHECK(notes.kinds == Kinds{EventKind::retried});
}

TEST_CASE("a moved retry keeps its observer, and one that is assigned to loses its own",
          "[retry]") {
  RetryStage stage(everySecond(1));
  Notes kept, lost;
  stage.retry->setObserver(kept.taker());
  Retry other(stage.io, everySecond(1));
  other.setObserver(lost.taker());
  other = std::move(*stage.retry);
  stage.retry.emplace(std::move(other));
  stage.call(always);
  CHECK(kept.kinds == Kinds{EventKind::exhausted});
  CHECK(lost.kinds.empty());
}

TEST_CASE("an observer of a retry may replace itself, change the retry, and throw", "[retry]") {
  RetryStage stage(everySecond(2));
  Notes notes;
  stage.retry->setObserver([&](const BulkheadEvent&) {
    stage.retry->setObserver(notes.taker());
    stage.retry->updateConfig({.maxAttempts = 3});
    throw std::runtime_error("ignored");
  });
  stage.call(always);
  for (int i = 0; i < 2; ++i) stage.advance(1s);
  CHECK(stage.attempts == 3);
  CHECK(stage.ending.times == 1);
  CHECK(notes.kinds == Kinds{EventKind::configured, EventKind::retried, EventKind::exhausted});
}

// --- with a rate limiter -------------------------------------------------------------------------

TEST_CASE("a retry waits for the turn that a rate limiter names, and a nanosecond less is too soon",
          "[retry]") {
  RetryStage stage({.maxAttempts = 2, .initialDelay = 1ms, .maxDelay = 5ms, .jitter = 0});
  bulwark::RateLimiter<net::any_io_executor, ManualClock> quota(stage.io,
                                                                {.name = "ai", .permits = 1});
  REQUIRE(quota.tryAcquire());
  bool ran = false;
  stage.retry->execute(
      [&]() -> net::awaitable<void> {
        co_await quota.execute([&] { ran = true; }, net::use_awaitable);
      },
      stage.ending.plain());
  stage.settle();
  stage.advance(1s - 1ns);
  CHECK_FALSE(ran);
  stage.advance(1ns);
  CHECK(ran);
  CHECK(stage.ending.fine());
  CHECK(quota.stats().rejected == 1);
}

TEST_CASE("a call that a rate limiter would never grant is not repeated", "[retry]") {
  RetryStage stage(everySecond(5));
  bulwark::RateLimiter<net::any_io_executor, ManualClock> quota(
      stage.io, {.name = "ai", .permits = 1, .burst = 2, .maxQueueSize = 1, .queueTimeout = 1min});
  REQUIRE(quota.tryAcquire(2));
  int tries = 0;
  stage.retry->execute(
      [&]() -> net::awaitable<void> {
        ++tries;
        co_await quota.execute([] {}, {.permits = 2}, net::use_awaitable);
      },
      stage.ending.plain());
  stage.settle();
  quota.updateConfig({.burst = 1});
  stage.settle();
  CHECK(tries == 1);
  CHECK(stage.ending.is(Errc::rateLimited));
}
