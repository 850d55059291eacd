#pragma once

#include <cstdint>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The deadlines of waiters, earliest first; equal ones in order of arrival.
///
/// Calls with one and the same timeout arrive in the order of their deadlines. They are appended to
/// a FIFO list in O(1). A waiter whose deadline lies before the last one of the list goes into a
/// leftist heap instead: O(log n) in the worst case to insert, to erase and to find the earliest,
/// without memory of its own. Erasing from the list is O(1), whatever the heap holds.
class Deadlines {
 public:
  static bool before(const Waiter& a, const Waiter& b) noexcept {
    return a.deadline != b.deadline ? a.deadline < b.deadline : a.arrival < b.arrival;
  }

  /// The waiter with the earliest deadline, or null.
  Waiter* earliest() const noexcept {
    if (root_ == nullptr) return listHead_;
    if (listHead_ == nullptr) return root_;
    return before(*root_, *listHead_) ? root_ : listHead_;
  }

  /// Ignores a waiter without a deadline (never).
  void insert(Waiter& waiter) noexcept {
    if (waiter.deadline == never) return;
    waiter.left_ = waiter.right_ = waiter.parent_ = nullptr;
    if (listTail_ == nullptr || listTail_->deadline <= waiter.deadline) {
      waiter.place_ = WaiterLinks::Place::list;
      waiter.left_ = listTail_;
      (listTail_ != nullptr ? listTail_->right_ : listHead_) = &waiter;
      listTail_ = &waiter;
    } else {
      waiter.place_ = WaiterLinks::Place::heap;
      waiter.rank_ = 1;
      setRoot(merge(root_, &waiter));
    }
  }

  void erase(Waiter& waiter) noexcept {
    if (waiter.place_ == WaiterLinks::Place::list) {
      (waiter.left_ != nullptr ? waiter.left_->right_ : listHead_) = waiter.right_;
      (waiter.right_ != nullptr ? waiter.right_->left_ : listTail_) = waiter.left_;
    } else if (waiter.place_ == WaiterLinks::Place::heap) {
      eraseFromHeap(waiter);
    }
    waiter.place_ = WaiterLinks::Place::none;
  }

 private:
  // A rank is one more than the length of the right spine, which is at most log2(n + 1). Merging
  // walks down two such spines, so that its depth is bounded by their sum.
  static int rank(const Waiter* node) noexcept { return node != nullptr ? node->rank_ : 0; }

  static Waiter* merge(Waiter* a, Waiter* b) noexcept {
    if (a == nullptr) return b;
    if (b == nullptr) return a;
    if (before(*b, *a)) std::swap(a, b);
    a->right_ = merge(a->right_, b);
    a->right_->parent_ = a;
    leanLeft(*a);
    return a;
  }

  /// Puts the longer spine to the left. Returns whether the rank of the node has changed.
  static bool leanLeft(Waiter& node) noexcept {
    if (rank(node.left_) < rank(node.right_)) std::swap(node.left_, node.right_);
    const auto fresh = static_cast<std::uint8_t>(rank(node.right_) + 1);
    return std::exchange(node.rank_, fresh) != fresh;
  }

  void setRoot(Waiter* node) noexcept {
    root_ = node;
    if (node != nullptr) node->parent_ = nullptr;
  }

  void eraseFromHeap(Waiter& waiter) noexcept {
    Waiter* rest = merge(waiter.left_, waiter.right_);
    Waiter* parent = waiter.parent_;
    if (parent == nullptr) return setRoot(rest);
    (parent->left_ == &waiter ? parent->left_ : parent->right_) = rest;
    if (rest != nullptr) rest->parent_ = parent;
    while (parent != nullptr && leanLeft(*parent)) parent = parent->parent_;
  }

  Waiter* listHead_ = nullptr;
  Waiter* listTail_ = nullptr;
  Waiter* root_ = nullptr;
};

}  // namespace bulwark::detail
