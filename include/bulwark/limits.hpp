#pragma once

/// @file
/// What bulkheads and semaphores have in common: the largest values, and the modes.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// As a timeout: wait for ever.
inline constexpr std::chrono::nanoseconds noTimeout = (std::chrono::nanoseconds::max)();

/// As a limit or a queue size: none.
inline constexpr std::size_t unlimited = (std::numeric_limits<std::size_t>::max)();

/// The most permits that one bulkhead hands out, whatever its limit says: 2^52 - 1, enough to count
/// bytes (4 PiB); 2^31 - 1 where std::size_t has 32 bits. A single call that asks for more is an
/// error.
inline constexpr std::size_t maxPermits = (std::numeric_limits<std::size_t>::max)() >>
                                          (sizeof(std::size_t) >= 8 ? 12 : 1);

/// How strictly a limit is applied; for bringing one into production.
enum class Mode : std::uint8_t {
  enforce,  ///< The limit holds.
  observe,  ///< Nothing waits and nothing is rejected; what would have been is counted (overLimit).
  off  ///< Straight through, uncounted, unseen by drain.
};

}  // namespace bulwark
