#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/core/waiter_list.hpp"
#include "bulwark/detail/runtime/host.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A call that waited, holds its permits, and needs a thread of the executor.
struct Runnable : Waiter {
  /// Runs the call on this thread, up to its completion handler, which may throw. Ends its life.
  /// @return when the work ended
  virtual Ticks run() = 0;

 protected:
  ~Runnable() = default;
};

/// The calls that wait for a thread of the executor, in FIFO order. Workers run them: tasks that
/// were posted to the executor, each of which runs a bounded burst of calls.
///
/// Invariant, whenever user code may run: workers_ >= ready_. So a call that holds its permits
/// never depends on the thread that granted them to return from a handler.
///
/// Thread-safe: `host` is always the same one, and its mutex guards the queue.
class RunQueue {
 public:
  /// The most calls that a burst runs before the thread returns to the executor, and the time after
  /// which a burst begins no further call.
  static constexpr int maxBurst = 32;
  static constexpr Instant maxBurstTime = std::chrono::microseconds{100};

  /// Appends a call. Returns whether the caller has to post a worker for it.
  [[nodiscard]] bool add(Host& host, Runnable& runnable) noexcept {
    const std::lock_guard lock(host.mutex());
    calls_.push(runnable);
    if (workers_ > ready_++) return false;
    ++workers_;
    return true;
  }

  /// A worker that was posted runs.
  void work(Host& host) {
    if (Runnable* first = take(host, true)) continueBurst(host, first->run());
  }

  /// Runs more calls on this thread, which has just run one that ended at `since`.
  void continueBurst(Host& host, Ticks since) {
    for (int runs = 1; runs < maxBurst; ++runs) {
      Runnable* next = take(host, false);
      if (next == nullptr || host.between(since, next->run()) > maxBurstTime) return;
    }
  }

  /// The executor refused a worker, or destroyed it: a call that depends on it is discarded.
  void workerLost(Host& host) noexcept {
    Waiter* stranded = nullptr;
    {
      const std::lock_guard lock(host.mutex());
      if (--workers_ < ready_) {
        stranded = calls_.pop();
        --ready_;
      }
    }
    if (stranded != nullptr) stranded->discard();
  }

  /// The executor is gone: moves all calls to `out`.
  void takeAll(Host& host, WaiterList& out) noexcept {
    const std::lock_guard lock(host.mutex());
    ready_ = 0;
    out.append(calls_);
  }

 private:
  Runnable* take(Host& host, bool asWorker) noexcept {
    const std::lock_guard lock(host.mutex());
    if (asWorker) --workers_;
    auto* runnable = static_cast<Runnable*>(calls_.pop());
    if (runnable != nullptr) --ready_;
    return runnable;
  }

  WaiterList calls_;
  // 32 bits, because the memory for 2^32 calls that wait would be more than 500 GB.
  std::uint32_t ready_ = 0;  // calls in calls_
  std::uint32_t workers_ = 0;  // workers that were posted and have not begun
};

}  // namespace bulwark::detail
