#include "bulwark/detail/config/policy_checks.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "bulwark/detail/core/time_window.hpp"
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
  check.require(config.windowKind == WindowKind::calls || config.windowKind == WindowKind::time,
                "windowKind", fmt::format("{}", static_cast<int>(config.windowKind)),
                "must be calls or time");
  check.require(
      config.slidingWindowTime.count() > 0 && config.slidingWindowTime <= TimeWindow::maxSpan,
      "slidingWindowTime", fmt::format("{} ns", config.slidingWindowTime.count()),
      "must be above 0 and at most 8760 h");
  check.notNegative("probeTimeout", config.probeTimeout);
  check.require(
      config.mode == Mode::enforce || config.mode == Mode::observe || config.mode == Mode::off,
      "mode", fmt::format("{}", static_cast<int>(config.mode)), "must be enforce, observe or off");
  return config;
}

namespace {

template <typename T>
void replace(T& value, const std::optional<T>& by) {
  if (by) value = *by;
}

}  // namespace

CircuitBreakerConfig checkedCircuitBreaker(CircuitBreakerConfig config,
                                           const CircuitBreakerOverrides& overrides) {
  replace(config.failureRateThreshold, overrides.failureRateThreshold);
  replace(config.slidingWindowSize, overrides.slidingWindowSize);
  replace(config.minimumCalls, overrides.minimumCalls);
  replace(config.slowCallDuration, overrides.slowCallDuration);
  replace(config.slowCallRateThreshold, overrides.slowCallRateThreshold);
  replace(config.openDuration, overrides.openDuration);
  replace(config.halfOpenCalls, overrides.halfOpenCalls);
  replace(config.isFailure, overrides.isFailure);
  replace(config.windowKind, overrides.windowKind);
  replace(config.slidingWindowTime, overrides.slidingWindowTime);
  replace(config.probeTimeout, overrides.probeTimeout);
  replace(config.mode, overrides.mode);
  return checkedCircuitBreaker(std::move(config));
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
