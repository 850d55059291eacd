#pragma once

#include <exception>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/await_zero.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Lets one thread at a time plan and do the steps of a timer, without a lock.
class TimerTurns {
 public:
  /// Plans a step and does it. If another thread is doing that, it does one more step, and this
  /// call returns at once.
  ///
  /// @param step plans a step and does it; returns what that threw, which this throws at the end
  template <typename Step>
  void tend(Step step) {
    unsigned turns = 1;
    // acq_rel, here and below: what a thread changed before it left its turn is seen by the thread
    // that takes the turn over, and the timer itself passes from one working thread to the next.
    if (turns_.fetch_add(1, std::memory_order_acq_rel) != 0) return;
    std::exception_ptr failure;
    do {
      if (!failure) failure = step();  // no second try: it might never end
      // One step serves all turns that were left before it was planned.
      turns = turns_.fetch_sub(turns, std::memory_order_acq_rel) - turns;
    } while (turns != 0);
    if (failure) std::rethrow_exception(failure);
  }

  /// Waits until no thread is in a step. The caller destroys the timer afterwards, so it has made
  /// sure that steps which begin from now on leave the timer alone.
  void awaitStep() noexcept {
    // acq_rel: what the thread did in its step comes before what the caller does next, and what the
    // caller did before this call is seen by each later step.
    awaitZero(turns_, std::memory_order_acq_rel);
  }

 private:
  // 0: no thread works on the timer. Otherwise one thread does, and this is the number of tend()
  // calls that it has not finished serving, its own included.
  Atomic<unsigned> turns_{0};
};

}  // namespace bulwark::detail
