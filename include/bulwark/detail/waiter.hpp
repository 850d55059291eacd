#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Time since the epoch of a bulkhead's clock. The admission core is told it and never asks.
using Instant = std::chrono::nanoseconds;
inline constexpr Instant never = (Instant::max)();

/// The end of a wait that begins now; saturates.
inline Instant deadlineAfter(Instant now, std::chrono::nanoseconds timeout) noexcept {
  if (timeout == never || (now.count() > 0 && timeout > never - now)) return never;
  return now + timeout;
}

/// What became of a call that asked for permits.
enum class Verdict : std::uint8_t {
  waiting,    ///< in the queue
  granted,    ///< holds its permits
  passed,     ///< mode off: goes ahead and holds nothing
  rejected,   ///< queue full, or the call may not wait
  timedOut,   ///< its queue timeout passed
  cancelled,  ///< its caller cancelled it
  drained,    ///< the bulkhead is draining
  aborted,    ///< the bulkhead was destroyed, or a drain was overtaken by resume()
  abandoned,  ///< the execution context is gone: nobody is left to tell
  invalid,    ///< a weight of 0, or one that the bulkhead does not have
  contended   ///< tryEnter() cannot tell without the lock
};

struct Waiter;

/// The far end of a cancellation slot: points to the waiter that a request would take out, until
/// that waiter has left the queue by any way. Both ends change under the core's lock only.
struct CancelLink {
  Waiter* waiter = nullptr;
};

/// What the core links a waiter by. It comes first in a waiter, so that taking out a neighbour
/// touches one cache line of it.
class WaiterLinks {
  friend class WaiterList;
  friend class Deadlines;

  Waiter* next_ = nullptr;
  Waiter* prev_ = nullptr;
  // Its place among the deadlines: in the lane (two links) or in the heap (three).
  Waiter* left_ = nullptr;   // heap: left child; lane: the one before
  Waiter* right_ = nullptr;  // heap: right child; lane: the one behind
  Waiter* parent_ = nullptr;
  enum class Place : std::uint8_t { none, lane, heap };
  Place place_ = Place::none;
  std::uint8_t rank_ = 0;
};

/// Somebody who waits: in the queue for permits, or for the end of a drain. The core links it and
/// decides its verdict; whoever holds the core's results then calls exactly one of wake() and
/// discard(), once, without any lock.
struct Waiter : WaiterLinks {
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// The verdict is there: tell whoever waits. Ends the waiter's life.
  virtual void wake() noexcept = 0;
  /// Nobody can be told any more: destroy what waits, uninvoked. Ends the waiter's life.
  virtual void discard() noexcept = 0;

  Verdict verdict = Verdict::waiting;
  bool overLimit = false;  // let in by a switch to observe, above the limit
  bool drains = false;     // waits for the end of a drain, not for permits
  bool selfTimed = false;  // a blocked thread, which looks at the clock itself: needs no alarm

  Instant deadline = never;  // when its wait ends; once granted: the moment of the grant
  std::uint64_t ticket = 0;  // order of arrival
  CancelLink* cancel = nullptr;
  std::size_t weight = 0;  // permits asked for; once granted: permits held
  Instant since{0};        // when the call began

 protected:
  ~Waiter() = default;
};

/// An intrusive doubly linked list: first in, first out, and out of the middle in O(1).
class WaiterList {
 public:
  WaiterList() noexcept = default;
  WaiterList(const WaiterList&) = delete;
  WaiterList& operator=(const WaiterList&) = delete;

  bool empty() const noexcept { return head_ == nullptr; }
  Waiter* front() const noexcept { return head_; }
  static Waiter* after(const Waiter& waiter) noexcept { return waiter.next_; }

  void push(Waiter& waiter) noexcept {
    waiter.next_ = nullptr;
    waiter.prev_ = tail_;
    (tail_ != nullptr ? tail_->next_ : head_) = &waiter;
    tail_ = &waiter;
  }

  void erase(Waiter& waiter) noexcept {
    (waiter.prev_ != nullptr ? waiter.prev_->next_ : head_) = waiter.next_;
    (waiter.next_ != nullptr ? waiter.next_->prev_ : tail_) = waiter.prev_;
    waiter.next_ = waiter.prev_ = nullptr;
  }

  /// The first one, unlinked; null if there is none.
  Waiter* pop() noexcept {
    Waiter* first = head_;
    if (first != nullptr) erase(*first);
    return first;
  }

  /// Moves all of `other` behind what is here.
  void append(WaiterList& other) noexcept {
    if (other.head_ == nullptr) return;
    other.head_->prev_ = tail_;
    (tail_ != nullptr ? tail_->next_ : head_) = other.head_;
    tail_ = other.tail_;
    other.head_ = other.tail_ = nullptr;
  }

 private:
  Waiter* head_ = nullptr;
  Waiter* tail_ = nullptr;
};

}  // namespace bulwark::detail
