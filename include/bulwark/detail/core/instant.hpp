#pragma once

#include <chrono>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A point in time: nanoseconds since the epoch of the host's clock. The core receives it as an
/// argument and never reads a clock.
using Instant = std::chrono::nanoseconds;
inline constexpr Instant never = (Instant::max)();

/// The end of a wait that begins at `now`. Saturates at never.
inline Instant deadlineAfter(Instant now, std::chrono::nanoseconds timeout) noexcept {
  if (timeout == never || (now.count() > 0 && timeout > never - now)) return never;
  return now + timeout;
}

}  // namespace bulwark::detail
