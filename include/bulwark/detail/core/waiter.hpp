#pragma once

#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/verdict.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

struct Waiter;

/// The other end of a cancellation slot: points to the waiter that a cancellation request removes
/// from its line, and is null once that waiter has left. Both ends change under the lock of the
/// line only.
struct CancelLink {
  Waiter* waiter = nullptr;
};

/// The links of a waiter. They come first in a waiter, so that unlinking a neighbour touches one of
/// its cache lines.
class WaiterLinks {
  friend class WaiterList;
  friend class Deadlines;

  Waiter* next_ = nullptr;
  Waiter* prev_ = nullptr;
  // The place among the deadlines: in a FIFO list (two links) or in a heap (three links).
  Waiter* left_ = nullptr;  // heap: left child; list: the waiter before
  Waiter* right_ = nullptr;  // heap: right child; list: the waiter behind
  Waiter* parent_ = nullptr;
  enum class Place : std::uint8_t { none, list, heap };
  Place place_ = Place::none;
  std::uint8_t rank_ = 0;
};

/// A call that waits for permits, or for the end of a drain. A WaitingLine links it, and its owner
/// decides the verdict. The thread that takes a decided waiter then calls wake() or discard(), one
/// of them, once, without holding a lock.
///
/// A call with an execution timeout is linked once more while it runs: Admission::beginTimed(). If
/// it becomes overdue, overrun() is called, once, also without a lock.
struct Waiter : WaiterLinks {
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// The verdict is final: notifies the call. Ends the waiter's life.
  virtual void wake() noexcept = 0;
  /// It runs, and its execution timeout has passed. Its work may have ended meanwhile, but the
  /// waiter lives until this returns.
  /// @param reachable false: the execution context is gone, and no handler can run
  virtual void overrun([[maybe_unused]] bool reachable) noexcept {}
  /// No handler can run any more: destroys the call without invoking it. Ends the waiter's life.
  virtual void discard() noexcept = 0;

  /// The verdict if its time passes before it is granted.
  Verdict verdictAtDeadline() const noexcept {
    return budgeted ? Verdict::deadlineExceeded : Verdict::timedOut;
  }

  Verdict verdict = Verdict::waiting;
  bool overLimit = false;  // admitted above the limit, by a switch to observe mode
  bool drains = false;  // waits for the end of a drain, not for permits
  bool budgeted = false;  // its deadline is the end of the call's budget, and not of a timeout
  bool entersInside = false;  // of a rate limiter: once granted, a drain waits for it
  bool selfTimed = false;  // a blocked thread, which watches the clock itself and needs no timer

  // When its wait ends; once granted: the time of the grant; once it runs: when it is overdue.
  Instant deadline = never;
  std::uint64_t arrival = 0;  // order of arrival
  CancelLink* cancel = nullptr;
  std::size_t weight = 0;  // permits asked for; once granted: permits held
  Instant since{0};  // when the call began

 protected:
  ~Waiter() = default;
};

}  // namespace bulwark::detail
