#pragma once

#include <mutex>

#if (defined(__unix__) && !defined(__ANDROID__)) || defined(__APPLE__)
#include <pthread.h>
#define BULWARK_THREADS_ARE_CANCELLED
#endif

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Puts off a pthread_cancel() of this thread. What it cancels while it waits on a condition, or
/// wakes others, would unwind a stack that the queue points to, through functions that are
/// noexcept. The thread is cancelled at its next cancellation point after this.
class CancellationOff {
 public:
#if defined(BULWARK_THREADS_ARE_CANCELLED)
  CancellationOff() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~CancellationOff() { pthread_setcancelstate(before_, &before_); }
#else
  CancellationOff() noexcept = default;
#endif
  CancellationOff(const CancellationOff&) = delete;
  CancellationOff& operator=(const CancellationOff&) = delete;

#if defined(BULWARK_THREADS_ARE_CANCELLED)
 private:
  int before_ = 0;
#endif
};
#undef BULWARK_THREADS_ARE_CANCELLED

/// A thread that waits for its permits, on its own stack. It looks at the clock itself, so that it
/// does not depend on the executor being run. From its beginning, before it queues, to its end the
/// thread cannot be cancelled.
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
  CancellationOff cancellationOff_;
  Mutex mutex_;
  ConditionVariable changed_;
  bool decided_ = false;
};

}  // namespace bulwark::detail
