#pragma once

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Every 128th operation that completes in place on a thread goes through the executor. Otherwise a
/// coroutine that awaits nothing else would not let other handlers run.
inline constexpr int completionsPerYield = 128;

/// Counts an operation that completes in place. Returns whether it has to go through the executor.
inline bool mustYield() noexcept {
  thread_local int left = completionsPerYield;
  if (--left > 0) [[likely]]
    return false;
  left = completionsPerYield;
  return true;
}

/// mustYield() for a loop in a coroutine, which may resume on another thread. Not inline, because
/// some compilers keep the address of a thread's variable across a suspension.
BULWARK_EXPORT bool attemptMustYield() noexcept;

}  // namespace bulwark::detail
