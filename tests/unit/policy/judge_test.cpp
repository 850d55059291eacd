#include <bulwark/detail/limiter/fault.hpp>
#include <bulwark/detail/policy/judge.hpp>
#include <bulwark/error.hpp>

#include <exception>
#include <stdexcept>

#include "support/catch.hpp"

namespace net = bulwark::net;
using bulwark::CircuitBreakerConfig;
using bulwark::RetryConfig;
using bulwark::detail::Circuit;
using bulwark::detail::judge;
using bulwark::detail::worthRetrying;
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
  CHECK_FALSE(worthRetrying(config, made(bulwark::BulkheadDrainingError("db"))));
  CHECK_FALSE(
      worthRetrying(config, made(bulwark::ConfigError("db", "permits", "9", "must be at most 1"))));
  CHECK(worthRetrying(config, made(bulwark::BulkheadRejectedError("db"))));
  config.retryIf = nullptr;
  CHECK(worthRetrying(config, made(std::runtime_error("x"))));
}
