#include "bulwark/detail/config/policy_checks.hpp"

#include <chrono>
#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "config/config_check.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

CircuitBreakerConfig checkedCircuitBreaker(CircuitBreakerConfig config) {
  constexpr std::size_t maxWindow = std::size_t{1} << 24;
  const ConfigCheck check(config.name);
  const auto share = [&check](const char* field, const double& value) {
    check.requireNumber(value > 0 && value <= 1, field, value, "must be above 0 and at most 1");
  };
  share("failureRateThreshold", config.failureRateThreshold);
  check.require(config.slidingWindowSize >= 1 && config.slidingWindowSize <= maxWindow,
                "slidingWindowSize", fmt::format("{}", config.slidingWindowSize),
                "must be from 1 to 16777216");
  check.notNegative("slowCallDuration", config.slowCallDuration);
  share("slowCallRateThreshold", config.slowCallRateThreshold);
  check.notNegative("openDuration", config.openDuration);
  check.require(config.halfOpenCalls >= 1, "halfOpenCalls", "0", "must be at least 1");
  check.notNegative("probeTimeout", config.probeTimeout);
  return config;
}

RetryConfig checkedRetry(RetryConfig config) {
  const ConfigCheck check(config.name);
  check.require(config.maxAttempts >= 1, "maxAttempts", "0", "must be at least 1");
  check.notNegative("initialDelay", config.initialDelay);
  check.requireNumber(config.multiplier >= 1, "multiplier", config.multiplier,
                      "must be at least 1, and finite");
  check.notNegative("maxDelay", config.maxDelay);
  check.requireNumber(config.jitter >= 0 && config.jitter <= 1, "jitter", config.jitter,
                      "must be from 0 to 1");
  return config;
}

RetryBudgetConfig checkedRetryBudget(RetryBudgetConfig config) {
  using namespace std::chrono_literals;
  constexpr double smallest = 0.001;  // the sums are in thousandths
  const std::string name = "retryBudget";  // a budget has no name of its own
  const ConfigCheck check(name);
  const auto zeroOrFrom = [](const double& value, double most) {
    return value == 0 || (value >= smallest && value <= most);
  };
  check.requireNumber(zeroOrFrom(config.ratio, 1), "ratio", config.ratio,
                      "must be 0, or from 0.001 to 1");
  check.requireNumber(zeroOrFrom(config.minPerSecond, 1e6), "minPerSecond", config.minPerSecond,
                      "must be 0, or from 0.001 to 1000000");
  check.require(config.window >= 1ms && config.window <= 1h, "window",
                fmt::format("{} ns", config.window.count()), "must be from 1 ms to 1 h");
  return config;
}

}  // namespace bulwark::detail
