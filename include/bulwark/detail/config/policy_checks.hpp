#pragma once

#include <string>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/rate_limits.hpp"
#include "bulwark/rate_limiter_config.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Return the configuration. Throw ConfigError if a value is outside its range.
BULWARK_EXPORT CircuitBreakerConfig checkedCircuitBreaker(CircuitBreakerConfig config);
/// The configuration with the new values.
BULWARK_EXPORT CircuitBreakerConfig checkedCircuitBreaker(CircuitBreakerConfig config,
                                                          const CircuitBreakerOverrides& overrides);
BULWARK_EXPORT RetryConfig checkedRetry(RetryConfig config);
BULWARK_EXPORT RetryConfig checkedRetry(RetryConfig config, const RetryOverrides& overrides);
BULWARK_EXPORT RateLimits checkedRate(const RateLimiterConfig& config);
/// `limits` with the new values.
BULWARK_EXPORT RateLimits checkedRate(const std::string& name, RateLimits limits,
                                      const RateLimiterOverrides& overrides);
BULWARK_EXPORT RetryBudgetConfig checkedRetryBudget(RetryBudgetConfig config);

}  // namespace bulwark::detail
