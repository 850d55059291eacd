#include "bulwark/detail/config/policy_checks.hpp"

#include <cstddef>

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

}  // namespace bulwark::detail
