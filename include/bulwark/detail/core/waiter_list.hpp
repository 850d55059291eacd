#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/core/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// An intrusive doubly linked FIFO list of waiters. Every operation is O(1).
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

  /// Unlinks and returns the first waiter, or returns null.
  Waiter* pop() noexcept {
    Waiter* first = head_;
    if (first != nullptr) erase(*first);
    return first;
  }

  /// Moves all of `other` behind the waiters of this list.
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
