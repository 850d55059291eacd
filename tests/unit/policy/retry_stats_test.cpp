#include <bulwark/circuit_breaker.hpp>
#include <bulwark/retry.hpp>
#include <bulwark/retry_budget.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <stdexcept>

// What a retry counts, what a budget allows it, and how long it waits for whom.

using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using bulwark::RetryBudget;
using bulwark::RetryConfig;

namespace {

/// The numbers of a RetryStats, comparable in one line.
struct Counts {
  std::uint64_t calls = 0, attempts = 0, retried = 0, recovered = 0, exhausted = 0, overBudget = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Counts& c) {
    return out << "calls " << c.calls << ", attempts " << c.attempts << ", retried " << c.retried
               << ", recovered " << c.recovered << ", exhausted " << c.exhausted << ", over budget "
               << c.overBudget;
  }
};

Counts countsOf(const Retry& retry) {
  const bulwark::RetryStats s = retry.stats();
  return {s.calls, s.attempts, s.retried, s.recovered, s.exhausted, s.overBudget};
}

/// A service that fails `failures` times, and then succeeds.
struct Service {
  int failures = 0;
  int calls = 0;

  void operator()() {
    ++calls;
    if (failures-- > 0) throw std::runtime_error("down");
  }
};

constexpr int always = 1'000'000;

/// A budget in which nothing expires or flows while a test runs.
std::shared_ptr<RetryBudget> budgetOf(double ratio) {
  return std::make_shared<RetryBudget>(
      bulwark::RetryBudgetConfig{.ratio = ratio, .minPerSecond = 0, .window = 1h});
}

RetryConfig noDelay(std::size_t maxAttempts) {
  return {.name = "r", .maxAttempts = maxAttempts, .initialDelay = 0ns};
}

}  // namespace

// --- statistics ----------------------------------------------------------------------------------

TEST_CASE("a retry counts calls and attempts, and how the retried calls ended", "[retry]") {
  Stage stage;
  Retry retry(stage.io, noDelay(3));
  CHECK(retry.stats().name == "r");
  CHECK(countsOf(retry) == Counts{});
  const auto call = [&](int failures) {
    Ending<> ending;
    Service service{.failures = failures};
    retry.execute([&] { service(); }, ending.plain());
    stage.settle();
    CHECK(ending.times == 1);
  };
  call(0);
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});
  call(1);
  CHECK(countsOf(retry) == Counts{.calls = 2, .attempts = 3, .retried = 1, .recovered = 1});
  call(2);
  CHECK(countsOf(retry) == Counts{.calls = 3, .attempts = 6, .retried = 2, .recovered = 2});
  call(3);
  CHECK(countsOf(retry) ==
        Counts{.calls = 4, .attempts = 9, .retried = 3, .recovered = 2, .exhausted = 1});
}

TEST_CASE("awaitables and results are counted in the same way", "[retry]") {
  Stage stage;
  Retry retry(stage.io, noDelay(3));
  Ending<int> valued, awaited;
  Ending<> plain;
  int calls = 0;
  const auto succeedsLater = [&] {
    if (++calls % 2 == 1) throw std::runtime_error("down");
    return calls;
  };
  retry.execute(succeedsLater, valued.valued());
  stage.settle();
  retry.execute([&]() -> net::awaitable<int> { co_return succeedsLater(); }, awaited.valued());
  stage.settle();
  retry.execute(
      [&]() -> net::awaitable<void> {
        succeedsLater();
        co_return;
      },
      plain.plain());
  stage.settle();
  CHECK((valued.fine() && *valued.value == 2));
  CHECK((awaited.fine() && *awaited.value == 4));
  CHECK(plain.fine());
  CHECK(countsOf(retry) == Counts{.calls = 3, .attempts = 6, .retried = 3, .recovered = 3});
}

TEST_CASE("a result that can only be moved reaches the handler", "[retry]") {
  Stage stage;
  Retry retry(stage.io, noDelay(1));
  Ending<std::unique_ptr<int>> plain, awaited;
  retry.execute([] { return std::make_unique<int>(7); }, plain.valued());
  retry.execute(
      []() -> net::awaitable<std::unique_ptr<int>> { co_return std::make_unique<int>(8); },
      awaited.valued());
  stage.settle();
  CHECK((plain.fine() && **plain.value == 7));
  CHECK((awaited.fine() && **awaited.value == 8));
}

TEST_CASE("a call that is running counts as a call and an attempt, and as nothing else",
          "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.name = "r", .initialDelay = 1s, .jitter = 0});
  Gate gate(stage.io);
  Ending<> ending;
  bool failed = false;
  retry.execute(
      [&]() -> net::awaitable<void> {
        if (!std::exchange(failed, true)) throw std::runtime_error("down");
        co_await gate.pass();
      },
      ending.plain());
  CHECK(countsOf(retry) == Counts{});  // it has not begun
  stage.settle();
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});  // it waits for its next attempt
  stage.advance(1s);
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 2, .retried = 1});
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 2, .retried = 1, .recovered = 1});
}

TEST_CASE("what is not retried is neither exhausted nor over budget", "[retry]") {
  Stage stage;
  RetryConfig config = noDelay(3);
  config.retryIf = [](const std::exception_ptr&) { return false; };
  config.budget = budgetOf(1);
  Retry retry(stage.io, config);
  Ending<> ending;
  retry.execute(Service{.failures = always}, ending.plain());
  stage.settle();
  CHECK(holds<std::runtime_error>(ending.error));
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});
  CHECK(config.budget->balance() == 1);  // the deposit, and no withdrawal
}

TEST_CASE("a call that its caller cancels is not exhausted", "[retry]") {
  Stage stage;
  Retry retry(stage.io, noDelay(1));
  Gate gate(stage.io);
  net::cancellation_signal signal;
  Ending<> ending;
  retry.execute([&]() -> net::awaitable<void> { co_await gate.pass(); },
                net::bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});
}

TEST_CASE("the statistics move with the retry, and so do the calls that are running", "[retry]") {
  Stage stage;
  Retry first(stage.io, noDelay(2));
  Ending<> ending;
  first.execute(Service{.failures = 1}, ending.plain());
  Retry retry = std::move(first);
  stage.settle();
  CHECK(ending.fine());
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 2, .retried = 1, .recovered = 1});
}

// --- the budget ----------------------------------------------------------------------------------

TEST_CASE("a call whose budget is empty ends with its last failure, at once", "[retry]") {
  Stage stage;
  RetryConfig config{.name = "r", .maxAttempts = 5, .initialDelay = 1s, .jitter = 0};
  config.budget = budgetOf(1);
  Retry retry(stage.io, config);
  int calls = 0;
  Ending<> ending;
  retry.execute([&] { throw ++calls; }, ending.plain());
  stage.settle();
  CHECK(ending.open());  // its own deposit pays for one retry
  stage.advance(1s);
  REQUIRE(ending.times == 1);
  REQUIRE(calls == 2);
  try {
    std::rethrow_exception(ending.error);
  } catch (int attempt) {
    CHECK(attempt == 2);
  }
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 2, .retried = 1, .overBudget = 1});
  CHECK(stage.isIdle());
}

TEST_CASE("only first attempts deposit, and only further ones withdraw", "[retry]") {
  Stage stage;
  RetryConfig config = noDelay(4);
  config.budget = budgetOf(0.5);
  Retry retry(stage.io, config);
  for (int call = 1; call <= 10; ++call) {
    Ending<> ending;
    retry.execute([] {}, ending.plain());
    stage.settle();
    CHECK(config.budget->balance() == 0.5 * call);
  }
  Ending<> ending;
  retry.execute(Service{.failures = 3}, ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(config.budget->balance() == 5 + 0.5 - 3);
}

TEST_CASE("the last attempt withdraws nothing for one that does not follow", "[retry]") {
  Stage stage;
  RetryConfig config = noDelay(1);
  config.budget = budgetOf(1);
  Retry retry(stage.io, config);
  Ending<> ending;
  retry.execute(Service{.failures = always}, ending.plain());
  stage.settle();
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1, .exhausted = 1});
  CHECK(config.budget->balance() == 1);
}

TEST_CASE("ten thousand calls that all fail make a fifth of retries with a ratio of 0.2",
          "[retry]") {
  const auto attempts = [](std::shared_ptr<RetryBudget> budget) {
    constexpr int calls = 10'000;
    Stage stage;
    RetryConfig config = noDelay(4);
    config.budget = std::move(budget);
    Retry retry(stage.io, config);
    Service service{.failures = always};
    int ended = 0;
    for (int call = 0; call < calls; ++call) {
      retry.execute([&] { service(); }, [&](const std::exception_ptr& e) { ended += e ? 1 : 0; });
      if (call % 16 == 15) stage.settle();
    }
    stage.settle();
    CHECK(ended == calls);
    const Counts counts = countsOf(retry);
    CHECK(counts.attempts == static_cast<std::uint64_t>(service.calls));
    CHECK(counts.exhausted + counts.overBudget == calls);
    return service.calls;
  };
  CHECK(attempts(budgetOf(0.2)) == 12'000);
  CHECK(attempts(nullptr) == 40'000);
}

TEST_CASE("several retries share one budget", "[retry]") {
  Stage stage;
  net::io_context& io = stage.io;
  // [budget]
  const auto budget = std::make_shared<bulwark::RetryBudget>(
      bulwark::RetryBudgetConfig{.ratio = 0.1, .minPerSecond = 1, .window = 10s});
  bulwark::Retry orders(io, {.name = "orders", .budget = budget});
  bulwark::Retry invoices(io, {.name = "invoices", .budget = budget});
  // [budget]
  CHECK(budget.use_count() == 3);
  Ending<> ending;
  orders.execute([] {}, ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(orders.stats().calls == 1);
  CHECK(invoices.stats().calls == 0);
}

TEST_CASE("the calls of one retry pay for those of another with the same budget", "[retry]") {
  Stage stage;
  RetryConfig config = noDelay(2);
  config.budget = budgetOf(0.5);
  Retry one(stage.io, config);
  Retry other(stage.io, config);
  std::array<Ending<>, 2> endings;
  one.execute([] {}, endings[0].plain());
  stage.settle();
  other.execute(Service{.failures = 1}, endings[1].plain());
  stage.settle();
  CHECK(endings[1].fine());
  CHECK(config.budget->balance() == 0);
  CHECK(countsOf(other) == Counts{.calls = 1, .attempts = 2, .retried = 1, .recovered = 1});
}

TEST_CASE("a budget may be gone from the configuration's owner while calls use it", "[retry]") {
  Stage stage;
  std::weak_ptr<RetryBudget> watched;
  Ending<> ending;
  {
    RetryConfig config{.initialDelay = 1s, .jitter = 0};
    config.budget = budgetOf(1);
    watched = config.budget;
    Retry retry(stage.io, config);
    retry.execute(Service{.failures = 1}, ending.plain());
    stage.settle();
  }
  CHECK_FALSE(watched.expired());
  stage.advance(1s);
  CHECK(ending.fine());
  CHECK(watched.expired());
}

// --- delays --------------------------------------------------------------------------------------

TEST_CASE("delay says how long to wait after which attempt and failure", "[retry]") {
  Stage stage;
  RetryConfig config{.maxAttempts = 4, .initialDelay = 1h, .maxDelay = 1h, .jitter = 0};
  std::size_t asked = 0;
  config.delay = [&](std::size_t attempt, const std::exception_ptr& error) {
    CHECK(attempt == ++asked);
    CHECK(holds<int>(error));
    return attempt == 2 ? -1s : 10ms * static_cast<int>(attempt);
  };
  Retry retry(stage.io, config);
  int calls = 0;
  Ending<> ending;
  retry.execute([&] { throw ++calls; }, ending.plain());
  stage.settle();
  CHECK(calls == 1);
  stage.advance(10ms - 1ns);
  CHECK(calls == 1);
  stage.advance(1ns);
  CHECK(calls == 3);  // a negative delay counts as none
  stage.advance(30ms - 1ns);
  CHECK(calls == 3);
  stage.advance(1ns);
  CHECK(calls == 4);
  CHECK(ending.times == 1);
  CHECK(asked == 3);  // none follows the last attempt
}

TEST_CASE("what delay throws ends the call, and the budget pays nothing", "[retry]") {
  Stage stage;
  RetryConfig config;
  config.budget = budgetOf(1);
  config.delay = [](std::size_t, const std::exception_ptr&) -> std::chrono::nanoseconds {
    throw std::logic_error("no delay");
  };
  Retry retry(stage.io, config);
  Ending<> ending;
  retry.execute(Service{.failures = always}, ending.plain());
  stage.settle();
  CHECK(holds<std::logic_error>(ending.error));
  CHECK(config.budget->balance() == 1);
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});
}

TEST_CASE("a retry waits for the next probe of the breaker that refused it, beyond maxDelay",
          "[retry]") {
  Stage stage;
  Breaker breaker(stage.io, {.name = "ai", .minimumCalls = 1, .openDuration = 10s});
  Ending<> opening;
  breaker.execute([] { throw std::runtime_error("down"); }, opening.plain());
  stage.settle();
  REQUIRE(breaker.state() == bulwark::CircuitState::open);
  stage.advance(4s);
  Retry retry(stage.io, {.maxAttempts = 2, .initialDelay = 1ms, .maxDelay = 5ms, .jitter = 0});
  Ending<> ending;
  bool ran = false;
  retry.execute(
      [&]() -> net::awaitable<void> {
        co_await breaker.execute([&] { ran = true; }, net::use_awaitable);
      },
      ending.plain());
  stage.settle();
  stage.advance(6s - 1ns);
  CHECK_FALSE(ran);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ran);
  CHECK(ending.fine());
  CHECK(breaker.stats().refused == 1);
}

TEST_CASE("a call that a breaker refuses until reset() ends at once", "[retry]") {
  Stage stage;
  Breaker breaker(stage.io, {.name = "ai"});
  breaker.forceOpen();
  RetryConfig config{.maxAttempts = 5};
  config.budget = budgetOf(1);
  Retry retry(stage.io, config);
  Ending<> ending;
  retry.execute(
      [&]() -> net::awaitable<void> { co_await breaker.execute([] {}, net::use_awaitable); },
      ending.plain());
  stage.settle();
  CHECK(ending.is(Errc::circuitOpen));
  CHECK(breaker.stats().refused == 1);
  CHECK(config.budget->balance() == 1);
  CHECK(countsOf(retry) == Counts{.calls = 1, .attempts = 1});
}
