#pragma once

// The synchronisation primitives of the code that tests/interleave explores. It replaces them by
// its own, whose scheduler decides which thread takes the next step, and which of the values that
// the memory model allows a load returns. ConditionVariable has a header of its own, because it
// costs the compiler as much as all the rest.

#ifdef BULWARK_PRIMITIVES
#include BULWARK_PRIMITIVES
#else

#include <atomic>
#include <mutex>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <typename T>
using Atomic = std::atomic<T>;
using Mutex = std::mutex;

inline void fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

}  // namespace bulwark::detail

#endif
