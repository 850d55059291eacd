#pragma once

#include "bulwark/detail/core/primitives.hpp"

// As primitives.hpp, for code in which a thread waits without a lock.

#ifndef BULWARK_PRIMITIVES

#include <atomic>
#include <thread>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Waits until `counter` is 0. For waits that are rare and short: the thread yields and looks
/// again. A look is a read-modify-write, so that a later change of the counter is ordered after it.
template <typename T>
void awaitZero(std::atomic<T>& counter, std::memory_order order) noexcept {
  while (counter.fetch_add(0, order) != 0) std::this_thread::yield();
}

}  // namespace bulwark::detail

#endif
