#pragma once

#include <exception>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/circuit.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What the end of a call says about the service. Asks isFailure last.
/// @param error     null: the call succeeded
/// @param cancelled its caller has requested cancellation
BULWARK_EXPORT Circuit::Outcome judge(const CircuitBreakerConfig& config,
                                      const std::exception_ptr& error, bool cancelled) noexcept;

/// Whether another attempt follows an attempt with this error. Asks retryIf last.
BULWARK_EXPORT bool worthRetrying(const RetryConfig& config, const std::exception_ptr& error);

}  // namespace bulwark::detail
