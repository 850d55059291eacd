#pragma once

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Every so many operations that complete in place on a thread, one goes through the executor:
/// otherwise a coroutine that awaits nothing else would keep its thread to itself.
inline constexpr int completionsPerYield = 128;

/// Counts an operation that completes in place. Whether it has to go through the executor.
inline bool mustYield() noexcept {
  thread_local int left = completionsPerYield;
  if (--left > 0) [[likely]]
    return false;
  left = completionsPerYield;
  return true;
}

}  // namespace bulwark::detail
