#include <bulwark/detail/limiter/fault.hpp>
#include <bulwark/detail/policy/judge.hpp>
#include <bulwark/error.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "support/catch.hpp"

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::CircuitBreakerConfig;
using bulwark::RetryConfig;
using bulwark::detail::Circuit;
using bulwark::detail::delayBeforeRetry;
using bulwark::detail::judge;
using Outcome = Circuit::Outcome;

namespace {

template <typename Error>
std::exception_ptr made(Error error) {
  return std::make_exception_ptr(std::move(error));
}

std::exception_ptr aborted() {
  return made(net::system_error(net::error_code(net::error::operation_aborted)));
}

}  // namespace

TEST_CASE("a call without an error succeeded, and any other error is a failure") {
  CHECK(judge({}, nullptr, false) == Outcome::succeeded);
  CHECK(judge({}, made(std::runtime_error("x")), false) == Outcome::failed);
}

TEST_CASE("what did not run, and a wrong call, is ignored") {
  CHECK(judge({}, made(bulwark::BulkheadRejectedError("db")), false) == Outcome::ignored);
  CHECK(judge({}, made(bulwark::ConfigError("db", "permits", "9", "must be at most 1")), false) ==
        Outcome::ignored);
}

TEST_CASE("operation_aborted is ignored only if the caller requested cancellation") {
  CHECK(judge({}, aborted(), true) == Outcome::ignored);
  CHECK(judge({}, aborted(), false) == Outcome::failed);
}

TEST_CASE("isFailure decides about the rest, and a throw of it is a failure") {
  CircuitBreakerConfig config;
  config.isFailure = [](const std::exception_ptr&) { return false; };
  CHECK(judge(config, made(std::runtime_error("x")), false) == Outcome::succeeded);
  config.isFailure = [](const std::exception_ptr&) -> bool { throw 1; };
  CHECK(judge(config, made(std::runtime_error("x")), false) == Outcome::failed);
}

TEST_CASE("a drain and a wrong call are not retried, whatever retryIf says") {
  RetryConfig config;
  config.retryIf = [](const std::exception_ptr&) { return true; };
  CHECK_FALSE(delayBeforeRetry(config, 1, made(bulwark::BulkheadDrainingError("db"))));
  CHECK_FALSE(delayBeforeRetry(
      config, 1, made(bulwark::ConfigError("db", "permits", "9", "must be at most 1"))));
  CHECK(delayBeforeRetry(config, 1, made(bulwark::BulkheadRejectedError("db"))));
  config.retryIf = nullptr;
  CHECK(delayBeforeRetry(config, 1, made(std::runtime_error("x"))));
}

TEST_CASE("a retry waits for its back-off, and at least as long as the refusal says") {
  const RetryConfig config{.initialDelay = 100ms, .multiplier = 3, .maxDelay = 1s, .jitter = 0};
  const auto open = [](std::chrono::nanoseconds time) {
    return made(bulwark::CircuitOpenError("ai", time));
  };
  CHECK(delayBeforeRetry(config, 2, made(std::runtime_error("x"))) == 300ms);
  CHECK(delayBeforeRetry(config, 2, open(0ns)) == 300ms);
  CHECK(delayBeforeRetry(config, 2, open(299ms)) == 300ms);
  CHECK(delayBeforeRetry(config, 2, open(301ms)) == 301ms);
  CHECK(delayBeforeRetry(config, 2, open(1h)) == 1h);  // beyond maxDelay
}

TEST_CASE("the refusal of a circuit that stays open is not retried, and retryIf is not asked") {
  RetryConfig config;
  int asked = 0;
  config.retryIf = [&](const std::exception_ptr&) { return ++asked > 0; };
  CHECK_FALSE(
      delayBeforeRetry(config, 1, made(bulwark::CircuitOpenError("ai", bulwark::noTimeout))));
  CHECK(asked == 0);
}

TEST_CASE("delay replaces the back-off, and not the time that a refusal names") {
  RetryConfig config{.initialDelay = 1h, .maxDelay = 1h, .jitter = 0};
  std::chrono::nanoseconds chosen = 20ms;
  std::size_t after = 0;
  config.delay = [&](std::size_t attempt, const std::exception_ptr& error) {
    after = attempt;
    CHECK(error != nullptr);
    return chosen;
  };
  CHECK(delayBeforeRetry(config, 7, made(std::runtime_error("x"))) == 20ms);
  CHECK(after == 7);
  CHECK(delayBeforeRetry(config, 1, made(bulwark::CircuitOpenError("ai", 1s))) == 1s);
  chosen = -5s;
  CHECK(delayBeforeRetry(config, 1, made(std::runtime_error("x"))) == 0ns);
  chosen = 2h;
  CHECK(delayBeforeRetry(config, 1, made(bulwark::CircuitOpenError("ai", 1s))) == 2h);
}

TEST_CASE("what delay throws passes through, and delay is asked after retryIf") {
  RetryConfig config;
  config.delay = [](std::size_t, const std::exception_ptr&) -> std::chrono::nanoseconds {
    throw 7;
  };
  CHECK_THROWS_AS(delayBeforeRetry(config, 1, made(std::runtime_error("x"))), int);
  config.retryIf = [](const std::exception_ptr&) { return false; };
  CHECK(delayBeforeRetry(config, 1, made(std::runtime_error("x"))) == std::nullopt);
}
