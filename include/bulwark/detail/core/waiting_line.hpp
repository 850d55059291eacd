#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/core/deadlines.hpp"
#include "bulwark/detail/core/waiter_list.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Waiters in order of arrival, each with a deadline or without one. Joining and leaving are O(1)
/// where all timeouts are equal, and O(log n) at most.
///
/// Thread safety: none. The owner's lock guards the line, its waiters, and both ends of their
/// cancellation links.
class WaitingLine {
 public:
  bool empty() const noexcept { return list_.empty(); }
  Waiter* front() const noexcept { return list_.front(); }

  /// Appends `waiter`, whose deadline is set. `cancel` may be null.
  void join(Waiter& waiter, CancelLink* cancel) noexcept {
    waiter.verdict = Verdict::waiting;
    waiter.cancel = cancel;
    if (cancel != nullptr) cancel->waiter = &waiter;
    list_.push(waiter);
    (waiter.selfTimed ? selfTimed_ : timed_).insert(waiter);
  }

  /// The one way in which a waiter leaves: unlinks it from the line, from its deadline and from its
  /// cancellation link, and makes its verdict final.
  void leave(Waiter& waiter, Verdict verdict) noexcept {
    (waiter.selfTimed ? selfTimed_ : timed_).erase(waiter);
    if (waiter.cancel != nullptr) {
      waiter.cancel->waiter = nullptr;
      waiter.cancel = nullptr;
    }
    waiter.verdict = verdict;
    list_.erase(waiter);
  }

  /// The waiter with the earliest deadline, blocked threads included; null if none has one.
  Waiter* earliest() const noexcept {
    Waiter* due = timed_.earliest();
    Waiter* thread = selfTimed_.earliest();
    return due == nullptr || (thread != nullptr && Deadlines::before(*thread, *due)) ? thread : due;
  }

  /// The earliest deadline that needs a timer; never: there is none.
  Instant nextExpiry() const noexcept {
    const Waiter* next = timed_.earliest();
    return next != nullptr ? next->deadline : never;
  }

 private:
  WaiterList list_;
  Deadlines timed_;  // of waiters that a timer wakes
  Deadlines selfTimed_;  // of blocked threads
};

}  // namespace bulwark::detail
