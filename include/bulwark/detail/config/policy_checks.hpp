#pragma once

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Return the configuration. Throw ConfigError if a value is outside its range.
BULWARK_EXPORT CircuitBreakerConfig checkedCircuitBreaker(CircuitBreakerConfig config);
BULWARK_EXPORT RetryConfig checkedRetry(RetryConfig config);
BULWARK_EXPORT RetryBudgetConfig checkedRetryBudget(RetryBudgetConfig config);

}  // namespace bulwark::detail
