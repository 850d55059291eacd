#pragma once

/// @file
/// Constants and modes that bulkheads and semaphores share.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// As a timeout: no time limit.
inline constexpr std::chrono::nanoseconds noTimeout = (std::chrono::nanoseconds::max)();

/// As a limit or a queue size: no limit.
inline constexpr std::size_t unlimited = (std::numeric_limits<std::size_t>::max)();

/// The most permits that one bulkhead can have in use, whatever its limit: 2^52 - 1, enough to
/// count bytes (4 PiB); 2^31 - 1 if std::size_t has 32 bits. In mode enforce, a single call that
/// asks for more is an error.
inline constexpr std::size_t maxPermits = (std::numeric_limits<std::size_t>::max)() >>
                                          (sizeof(std::size_t) >= 8 ? 12 : 1);

/// How strictly a limit is applied. Helps to introduce a limit in production.
enum class Mode : std::uint8_t {
  enforce,  ///< The limit holds.
  observe,  ///< No call waits or is rejected. Calls that would have been are counted (overLimit).
  off  ///< Calls pass without a limit. They are not counted, and drain() ignores them.
};

/// What happens to a call whose execution timeout has passed. Its work is asked to cancel, and
/// keeps its permits until it ends, either way.
enum class Overrun : std::uint8_t {
  detach,  ///< The caller is told at once: ExecutionTimeoutError.
  wait  ///< The caller is told when the work ends: its result, or else ExecutionTimeoutError.
};

}  // namespace bulwark
