#include <bulwark/detail/config/policy_checks.hpp>
#include <bulwark/detail/core/back_off.hpp>
#include <bulwark/detail/policy/retry_loop.hpp>
#include <bulwark/retry.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/tokens.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(use_future.hpp)

#include <bulwark/circuit_breaker.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using std::chrono::nanoseconds;

namespace {

struct Unlucky : std::runtime_error {
  explicit Unlucky(int number) : std::runtime_error("attempt"), attempt(number) {}
  int attempt;
};

int attemptIn(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Unlucky& unlucky) {
    return unlucky.attempt;
  } catch (...) {
    return -1;
  }
}

}  // namespace

TEST_CASE("a call that succeeds is made once", "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.name = "r"});
  int calls = 0;
  Ending<int> ending;
  retry.execute([&] { return ++calls; }, ending.valued());
  CHECK(calls == 0);  // never inside execute()
  stage.settle();
  CHECK((ending.fine() && *ending.value == 1));
  CHECK(stage.isIdle());
}

TEST_CASE("attempts follow each other with exact delays without jitter", "[retry]") {
  Stage stage;
  Retry retry(
      stage.io,
      {.maxAttempts = 6, .initialDelay = 100ms, .multiplier = 2, .maxDelay = 500ms, .jitter = 0});
  int calls = 0;
  Ending<int> ending;
  retry.execute([&]() -> int { throw Unlucky(++calls); }, ending.valued());
  stage.settle();
  for (const auto delay : {100ms, 200ms, 400ms, 500ms, 500ms}) {
    const int before = calls;
    stage.advance(delay - 1ns);
    CHECK(calls == before);
    stage.advance(1ns);
    CHECK(calls == before + 1);
  }
  CHECK(ending.times == 1);
  CHECK(attemptIn(ending.error) == 6);  // the caller gets the last error
  CHECK(stage.isIdle());
}

TEST_CASE("an awaitable is called anew for each attempt, and no delay follows a success",
          "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.maxAttempts = 5, .initialDelay = 1s, .jitter = 0});
  int calls = 0;
  Ending<std::unique_ptr<int>> ending;
  retry.execute(
      [&]() -> net::awaitable<std::unique_ptr<int>> {
        if (++calls < 3) throw Unlucky(calls);
        co_return std::make_unique<int>(calls);
      },
      ending.valued());
  stage.settle();
  stage.advance(1s);
  CHECK(ending.open());
  stage.advance(2s);
  CHECK((ending.fine() && **ending.value == 3));
  CHECK(stage.isIdle());
}

TEST_CASE("a delay of 0 makes the next attempt at once", "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.maxAttempts = 1000, .initialDelay = 0ns});
  int calls = 0;
  Ending<> ending;
  retry.execute(
      [&] {
        if (++calls < 1000) throw Unlucky(calls);
      },
      ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(calls == 1000);
}

TEST_CASE("maxAttempts 1 never retries", "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.maxAttempts = 1});
  int calls = 0;
  Ending<> ending;
  retry.execute([&] { throw Unlucky(++calls); }, ending.plain());
  stage.settle();
  CHECK(attemptIn(ending.error) == 1);
}

TEST_CASE("retryIf decides which failures are retried", "[retry]") {
  Stage stage;
  std::vector<int> asked;
  Retry retry(
      stage.io,
      {.maxAttempts = 10, .initialDelay = 0ns, .retryIf = [&](const std::exception_ptr& error) {
         asked.push_back(attemptIn(error));
         return asked.back() < 3;
       }});
  int calls = 0;
  Ending<> ending;
  retry.execute([&] { throw Unlucky(++calls); }, ending.plain());
  stage.settle();
  CHECK(asked == std::vector{1, 2, 3});
  CHECK(attemptIn(ending.error) == 3);
}

TEST_CASE("a retryIf that throws ends the call with its exception", "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.retryIf = [](const std::exception_ptr&) -> bool { throw Unlucky(77); }});
  Ending<> ending;
  retry.execute([] { throw Unlucky(1); }, ending.plain());
  stage.settle();
  CHECK(attemptIn(ending.error) == 77);
}

TEST_CASE("an attempt's own time limit and a refusal are retried", "[retry]") {
  Stage stage;
  const auto failure = GENERATE(
      std::make_exception_ptr(net::system_error(net::error::operation_aborted)),
      std::make_exception_ptr(
          std::system_error(std::make_error_code(std::errc::operation_canceled))),
      std::make_exception_ptr(bulwark::BulkheadRejectedError("db")),
      std::make_exception_ptr(bulwark::BulkheadTimeoutError("db")),
      std::make_exception_ptr(bulwark::CircuitOpenError("db", 1s)), std::make_exception_ptr(1));
  Retry retry(stage.io, {.maxAttempts = 2, .initialDelay = 1s, .jitter = 0});
  int calls = 0;
  Ending<> ending;
  retry.execute(
      [&] {
        if (++calls == 1) std::rethrow_exception(failure);
      },
      ending.plain());
  stage.settle();
  CHECK(ending.open());
  stage.advance(1s);
  CHECK(ending.fine());
  CHECK(calls == 2);
}

TEST_CASE("an invalid call is not retried, and retryIf is not asked", "[retry]") {
  Stage stage;
  bool asked = false;
  Retry retry(stage.io, {.initialDelay = 0ns, .retryIf = [&](const std::exception_ptr&) {
                           asked = true;
                           return true;
                         }});
  const bool nested = GENERATE(false, true);
  int calls = 0;
  Ending<> ending;
  retry.execute(
      [&] {
        ++calls;
        try {
          throw bulwark::ConfigError("db", "permits", "9", "must be from 1 to 3");
        } catch (...) {
          if (nested) std::throw_with_nested(Unlucky(calls));
          throw;
        }
      },
      ending.plain());
  stage.settle();
  CHECK(ending.times == 1);
  CHECK((nested ? holds<Unlucky>(ending.error) : holds<bulwark::ConfigError>(ending.error)));
  CHECK(calls == 1);
  CHECK_FALSE(asked);
}

TEST_CASE("a cancellation is detected between attempts without a delay", "[retry]") {
  const bool awaitable = GENERATE(false, true);
  const auto type = GENERATE(net::cancellation_type::terminal, net::cancellation_type::partial,
                             net::cancellation_type::total);
  Stage stage;
  bool asked = false;
  Retry retry(
      stage.io,
      {.maxAttempts = 1000, .initialDelay = 0ns, .retryIf = [&](const std::exception_ptr& error) {
         asked = attemptIn(error) == 3;
         return true;
       }});
  net::cancellation_signal signal;
  int calls = 0;
  Ending<> ending;
  const auto attempt = [&] {
    if (++calls == 3) signal.emit(type);
    throw Unlucky(calls);
  };
  const auto token = [&] { return net::bind_cancellation_slot(signal.slot(), ending.plain()); };
  if (awaitable) {
    retry.execute(
        [&]() -> net::awaitable<void> {
          attempt();
          co_return;
        },
        token());
  } else {
    retry.execute(attempt, token());
  }
  stage.settle();
  CHECK(calls == 3);
  CHECK(ending.times == 1);
  CHECK(attemptIn(ending.error) == 3);
  CHECK_FALSE(asked);
}

TEST_CASE("attempts without a delay yield the thread every 128 attempts", "[retry]") {
  const bool awaitable = GENERATE(false, true);
  Stage stage;
  Retry retry(stage.io, {.maxAttempts = 1000, .initialDelay = 0ns});
  std::vector<int> turns;
  bool others = true;
  const auto attempt = [&] {
    if (others) {
      others = false;
      net::post(stage.io, [&] { others = true; });
      turns.push_back(0);
    }
    ++turns.back();
    throw Unlucky(0);
  };
  Ending<> ending;
  if (awaitable) {
    retry.execute(
        [&]() -> net::awaitable<void> {
          attempt();
          co_return;
        },
        ending.plain());
  } else {
    retry.execute(attempt, ending.plain());
  }
  stage.settle();
  REQUIRE(ending.times == 1);
  REQUIRE(turns.size() >= 8);
  CHECK(turns[0] <= 128);  // earlier work of this thread counts
  for (std::size_t i = 1; i + 1 < turns.size(); ++i) CHECK(turns[i] == 128);
}

TEST_CASE("each type of cancellation ends a delay at once", "[retry]") {
  const auto type = GENERATE(net::cancellation_type::terminal, net::cancellation_type::partial,
                             net::cancellation_type::total);
  Stage stage;
  Retry retry(stage.io, {.initialDelay = 1h, .jitter = 0});
  net::cancellation_signal signal;
  int calls = 0;
  Ending<> ending;
  retry.execute([&] { throw Unlucky(++calls); },
                net::bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  REQUIRE(ending.open());
  signal.emit(type);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(calls == 1);
  CHECK(stage.isIdle());
}

TEST_CASE("a cancellation reaches the running awaitable, and no attempt follows", "[retry]") {
  const auto type = GENERATE(net::cancellation_type::terminal, net::cancellation_type::partial,
                             net::cancellation_type::total);
  Stage stage;
  Retry retry(stage.io,
              {.initialDelay = 0ns, .retryIf = [](const std::exception_ptr&) { return true; }});
  Gate gate(stage.io);
  net::cancellation_signal signal;
  int calls = 0;
  Ending<> ending;
  retry.execute(
      [&] {  // not a coroutine, because the body of a cancelled coroutine never begins
        ++calls;
        return gate.pass();
      },
      net::bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  REQUIRE(calls == 1);
  signal.emit(type);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(calls == 1);
}

TEST_CASE("no permit is held during a back-off", "[retry]") {
  Stage stage;
  Retry retry(stage.io, {.maxAttempts = 2, .initialDelay = 1s, .jitter = 0});
  bulwark::CircuitBreaker<net::any_io_executor, ManualClock> breaker(stage.io, {});
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  int calls = 0;
  Ending<int> ending;
  retry.execute(
      [&]() -> net::awaitable<int> {
        co_return co_await breaker.execute(
            [&]() -> net::awaitable<int> {
              co_return co_await bulkhead.execute(
                  [&] {
                    if (++calls == 1) throw Unlucky(1);
                    return calls;
                  },
                  net::use_awaitable);
            },
            net::use_awaitable);
      },
      ending.valued());
  stage.settle();
  CHECK(calls == 1);
  CHECK(countersOf(bulkhead) == Counters{.failed = 1});
  CHECK(bulkhead.tryAcquire());
  stage.advance(1s);
  CHECK((ending.fine() && *ending.value == 2));
}

TEST_CASE("a retry may be destroyed while its calls go on", "[retry]") {
  Stage stage;
  int calls = 0;
  Ending<> ending;
  {
    Retry retry(stage.io, {.maxAttempts = 2, .initialDelay = 1s, .jitter = 0});
    retry.execute(
        [&] {
          if (++calls == 1) throw Unlucky(1);
        },
        ending.plain());
    stage.settle();
  }
  stage.advance(1s);
  CHECK(ending.fine());
}

TEST_CASE("a lazy call whose retry is destroyed reports operation_aborted", "[retry]") {
  Stage stage;
  std::optional<Retry> retry(std::in_place, stage.io, bulwark::RetryConfig{});
  bool ran = false;
  Ending<> plain, coroutine;
  auto execute = retry->execute([&] { ran = true; }, lazily);
  auto awaitable = retry->execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      lazily);
  retry.reset();
  std::move(execute)(plain.plain());
  std::move(awaitable)(coroutine.plain());
  CHECK((plain.open() && coroutine.open()));
  stage.settle();
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(bulwark::notExecuted(plain.error));
  CHECK_FALSE(ran);
}

TEST_CASE("a context may be destroyed during a delay, and the handler is destroyed uninvoked",
          "[retry]") {
  ManualClock::reset();
  auto token = std::make_shared<int>(0);
  bool called = false;
  {
    net::io_context io;
    Retry retry(io, {.initialDelay = 1h});
    retry.execute([] { throw Unlucky(1); },
                  [&called, token](std::exception_ptr) { called = true; });
    settle(io);
    CHECK(token.use_count() == 2);
  }
  CHECK(token.use_count() == 1);
  CHECK_FALSE(called);
}

TEST_CASE("delays with jitter stay within their bounds and cover the range", "[retry]") {
  const bulwark::RetryConfig config{
      .initialDelay = 100ms, .multiplier = 3, .maxDelay = 1s, .jitter = 0.25};
  using bulwark::detail::backOff;
  CHECK(backOff(config, 1, 0) == 100ms);
  CHECK(backOff(config, 1, 1) == 75ms);
  CHECK(backOff(config, 2, 0.5) == 262'500us);
  CHECK(backOff(config, 3, 0) == 900ms);
  CHECK(backOff(config, 4, 0) == 1s);
  CHECK(backOff(config, 4, 1) == 750ms);
  double least = 1, most = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double share = bulwark::detail::randomShare();
    least = std::min(least, share);
    most = std::max(most, share);
  }
  CHECK((least >= 0 && least < 0.1));
  CHECK((most <= 1 && most > 0.9));
}

#if !defined(_WIN32)
TEST_CASE("forked processes draw their own random numbers", "[retry]") {
  using Draws = std::array<double, 8>;
  const auto draw = [] {
    Draws draws{};
    for (double& share : draws) share = bulwark::detail::randomShare();
    return draws;
  };
  const auto drawInChild = [&] {
    std::array<int, 2> channel{};
    REQUIRE(pipe(channel.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const Draws mine = draw();
      _exit(write(channel[1], mine.data(), sizeof(mine)) == sizeof(mine) ? 0 : 1);
    }
    Draws theirs{};
    REQUIRE(read(channel[0], theirs.data(), sizeof(theirs)) == sizeof(theirs));
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    close(channel[0]);
    close(channel[1]);
    return theirs;
  };
  draw();  // this thread has its generator
  const Draws first = drawInChild();
  const Draws second = drawInChild();
  const Draws parent = draw();
  CHECK(first != second);
  CHECK(first != parent);
  CHECK(second != parent);
}
#endif

TEST_CASE("full jitter makes a delay anything from 0 to the whole delay", "[retry]") {
  const bulwark::RetryConfig config{.initialDelay = 1s, .jitter = 1};
  CHECK(bulwark::detail::backOff(config, 1, 0) == 1s);
  CHECK(bulwark::detail::backOff(config, 1, 1) == 0ns);
}

TEST_CASE("a delay that overflows becomes maxDelay", "[retry]") {
  using bulwark::detail::backOff;
  const bulwark::RetryConfig steep{
      .initialDelay = 1ns, .multiplier = 1e300, .maxDelay = nanoseconds::max(), .jitter = 0};
  CHECK(backOff(steep, 1, 0) == 1ns);
  CHECK(backOff(steep, 1000, 0) == nanoseconds::max());
  const bulwark::RetryConfig none{.initialDelay = 0ns, .multiplier = 1e300, .jitter = 0};
  CHECK(backOff(none, 1000, 0) == 0ns);
  const bulwark::RetryConfig odd{
      .initialDelay = 1h, .maxDelay = nanoseconds(9'007'199'254'740'993), .jitter = 0};
  CHECK(backOff(odd, 1000, 0) == nanoseconds(9'007'199'254'740'993));  // 2^53 + 1: exact
}

TEST_CASE("a delay without jitter is exact", "[retry]") {
  const bulwark::RetryConfig config{.initialDelay = 100ms, .multiplier = 1.1, .jitter = 0};
  CHECK(bulwark::detail::backOff(config, 2, 0.7) == 110ms);
  CHECK(bulwark::detail::backOff(config, 3, 0.7) == 121ms);
}

TEST_CASE("a call whose first attempt the executor refuses throws", "[retry]") {
  net::io_context io;
  auto probe = std::make_shared<ExecutorProbe>();
  Retry retry(net::any_io_executor(InstrumentedExecutor(io.get_executor(), probe)), {});
  probe->refuseFromNowOn();
  CHECK_THROWS_AS(retry.execute([] {}, [](std::exception_ptr) {}), ExecutorProbe::Refused);
}

TEST_CASE("a bad value names the retry, the field, the value and the rule", "[retry]") {
  struct Row {
    bulwark::RetryConfig config;
    std::string field, value;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const Row rows[] = {
      {{.name = "r", .maxAttempts = 0}, "maxAttempts", "0"},
      {{.name = "r", .initialDelay = -1ns}, "initialDelay", "-1 ns"},
      {{.name = "r", .multiplier = 0.5}, "multiplier", "0.5"},
      {{.name = "r", .multiplier = infinity}, "multiplier", "inf"},
      {{.name = "r", .multiplier = std::nan("")}, "multiplier", "nan"},
      {{.name = "r", .maxDelay = -1ns}, "maxDelay", "-1 ns"},
      {{.name = "r", .jitter = -0.1}, "jitter", "-0.1"},
      {{.name = "r", .jitter = 1.1}, "jitter", "1.1"},
  };
  Stage stage;
  for (const Row& row : rows) {
    const auto error = configErrorOf([&] { Retry retry(stage.io, row.config); });
    CHECK(error.bulkhead() == "r");
    CHECK(error.field() == row.field);
    CHECK(error.value() == row.value);
    CHECK_FALSE(error.rule().empty());
  }
}
