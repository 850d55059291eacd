#include "bulwark/detail/config/policy_checks.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
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

RetryConfig checkedRetry(RetryConfig config, const RetryOverrides& overrides) {
  replace(config.maxAttempts, overrides.maxAttempts);
  replace(config.initialDelay, overrides.initialDelay);
  replace(config.multiplier, overrides.multiplier);
  replace(config.maxDelay, overrides.maxDelay);
  replace(config.jitter, overrides.jitter);
  replace(config.retryIf, overrides.retryIf);
  replace(config.delay, overrides.delay);
  return checkedRetry(std::move(config));
}

namespace {

RateLimits checked(const std::string& name, const RateLimits& limits) {
  const ConfigCheck check(name);
  const auto text = [](auto value) { return fmt::format("{}", value); };
  check.require(limits.permits >= 1, "permits", "0", "must be at least 1");
  check.require(limits.per.count() >= 1, "per", fmt::format("{} ns", limits.per.count()),
                "must be above 0");
  check.require(limits.permits <= static_cast<std::uint64_t>(limits.per.count()), "permits",
                text(limits.permits), "must be at most one for each nanosecond of per");
  check.require(limits.burst >= 1, "burst", "0", "must be at least 1");
  check.require(limits.rate().fitsTheWord(), "burst", text(limits.burst),
                "must be at most 2^63 ns of permits: burst * per / permits");
  check.notNegative("queueTimeout", limits.timeout);
  check.require(
      limits.mode == Mode::enforce || limits.mode == Mode::observe || limits.mode == Mode::off,
      "mode", text(static_cast<int>(limits.mode)), "must be enforce, observe or off");
  return limits;
}

}  // namespace

RateLimits checkedRate(const RateLimiterConfig& config) {
  return checked(config.name, {.permits = config.permits,
                               .per = config.per,
                               .burst = config.burst,
                               .maxQueueSize = config.maxQueueSize,
                               .timeout = config.queueTimeout,
                               .mode = config.mode});
}

RateLimits checkedRate(const std::string& name, RateLimits limits,
                       const RateLimiterOverrides& overrides) {
  limits.permits = overrides.permits.value_or(limits.permits);
  limits.per = overrides.per.value_or(limits.per);
  limits.burst = overrides.burst.value_or(limits.burst);
  limits.maxQueueSize = overrides.maxQueueSize.value_or(limits.maxQueueSize);
  limits.timeout = overrides.queueTimeout.value_or(limits.timeout);
  limits.mode = overrides.mode.value_or(limits.mode);
  return checked(name, limits);
}

RetryBudgetConfig checkedRetryBudget(RetryBudgetConfig config) {
  using namespace std::chrono_literals;
  constexpr double smallest = 0.001;  // the sums are in thousandths
  const std::string name = "retryBudget";  // a budget has no name of its own
  const ConfigCheck check(name);
  // By its bits: with -ffast-math a NaN may equal 0, and the compiler would take it for 0 later.
  const auto zeroOrFrom = [](const double& value, double most) {
    return magnitudeBits(value) == 0 || (value >= smallest && value <= most);
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
