#pragma once

// The synchronisation primitives of the code that tests/interleave explores. It replaces them by
// its own, whose scheduler decides which thread takes the next step, and which of the values that
// the memory model allows a load returns.

#ifdef BULWARK_PRIMITIVES
#include BULWARK_PRIMITIVES
#else

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <typename T>
using Atomic = std::atomic<T>;
using Mutex = std::mutex;
using ConditionVariable = std::condition_variable;

inline void fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

}  // namespace bulwark::detail

#endif
