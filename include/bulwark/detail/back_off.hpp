#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>

#include "bulwark/build.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Throws ConfigError.
BULWARK_EXPORT std::shared_ptr<const RetryConfig> checkedRetry(RetryConfig config);

/// The delay after `attempts` attempts, with `random` from 0 to 1.
BULWARK_EXPORT std::chrono::nanoseconds backOff(const RetryConfig& config, std::size_t attempts,
                                                double random);

/// From 0 to 1, a generator for each thread. A forked process draws numbers of its own.
BULWARK_EXPORT double randomShare();

/// mustYield() for a loop in a coroutine, which may go on on another thread. Not inline: some
/// compilers keep the address of a thread's variable over a suspension.
BULWARK_EXPORT bool attemptMustYield() noexcept;

/// Whether another attempt shall follow the one that failed so. Asks retryIf last.
BULWARK_EXPORT bool worthRetrying(const RetryConfig& config, const std::exception_ptr& error);

}  // namespace bulwark::detail
