#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>

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

/// How long to wait before the attempt that follows one with this error. None: no attempt follows.
/// Asks retryIf, and then delay. Throws what they throw.
/// @param error    null: the attempt had a result that is a failure. retryIf is not asked
/// @param attempts made so far, at least 1
BULWARK_EXPORT std::optional<std::chrono::nanoseconds> delayBeforeRetry(
    const RetryConfig& config, std::size_t attempts, const std::exception_ptr& error);

}  // namespace bulwark::detail
