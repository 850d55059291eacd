#pragma once

#include <chrono>
#include <cstddef>

#include "bulwark/build.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The delay after `attempts` attempts.
///
/// @param attempts at least 1
/// @param random from 0 to 1; the share of the jitter that shortens the delay
BULWARK_EXPORT std::chrono::nanoseconds backOff(const RetryConfig& config, std::size_t attempts,
                                                double random);

/// A random number from 0 to 1. Each thread has its own generator, and so has each process after a
/// fork.
BULWARK_EXPORT double randomShare();

}  // namespace bulwark::detail
