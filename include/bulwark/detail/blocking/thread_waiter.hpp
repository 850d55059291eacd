#pragma once

#include <mutex>

#if (defined(__unix__) && !defined(__ANDROID__)) || defined(__APPLE__)
#include <pthread.h>
#define BULWARK_THREADS_ARE_CANCELLED
#endif

#include "bulwark/build.hpp"
#include "bulwark/detail/core/condition_variable.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Defers a pthread_cancel() of this thread. A cancellation while the thread waits on a condition,
/// or wakes others, would unwind a stack to which the queue points, through functions that are
/// noexcept. The thread is cancelled at its next cancellation point after the end of this object.
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

/// A blocked thread that waits for its permits; lives on its stack. It watches the clock itself, so
/// that it does not depend on a running executor. While this object lives, which is from before the
/// thread queues, the thread cannot be cancelled.
class ThreadWaiter final : public Waiter {
 public:
  ThreadWaiter() noexcept { selfTimed = true; }

  void wake() noexcept override {
    // Notifies under the mutex: once that is free, the waiter may be gone.
    const std::lock_guard lock(mutex_);
    decided_ = true;
    changed_.notify_one();
  }

  void discard() noexcept override { wake(); }

  /// Returns when the verdict is final. If the deadline passes first, this thread asks for one.
  template <typename L>
  void wait(L& limiter, Instant until) {
    std::unique_lock lock(mutex_);
    const auto decided = [this] { return decided_; };
    if (until != never && !changed_.wait_until(lock, L::timePoint(until), decided)) {
      lock.unlock();
      limiter.giveUp(*this);  // wakes this thread, unless another thread is about to
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
