#pragma once

#include <mutex>

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A thread that waits for its permits, on its own stack. It looks at the clock itself, so that it
/// needs nobody to run the executor.
class ThreadWaiter final : public Waiter {
 public:
  ThreadWaiter() noexcept { selfTimed = true; }

  void wake() noexcept override {
    // Told under the mutex: once it is free, the waiter may be gone.
    const std::lock_guard lock(mutex_);
    decided_ = true;
    changed_.notify_one();
  }

  void discard() noexcept override { wake(); }

  /// Returns when the verdict is there. When the deadline passes first, this thread asks for it.
  template <typename C>
  void wait(C& compartment, Instant until) {
    std::unique_lock lock(mutex_);
    const auto decided = [this] { return decided_; };
    if (until != never && !changed_.wait_until(lock, C::timePoint(until), decided)) {
      lock.unlock();
      compartment.giveUp(*this);  // wakes us, unless somebody else is about to
      lock.lock();
    }
    changed_.wait(lock, decided);
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  bool decided_ = false;
};

}  // namespace bulwark::detail
