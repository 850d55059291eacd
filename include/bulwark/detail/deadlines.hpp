#pragma once

#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The deadlines of those who wait, earliest first; equal ones in order of arrival.
///
/// Calls with one and the same timeout arrive in the order of their deadlines: they are appended to
/// a list, the lane, in O(1). One that is due before the last of the lane goes into a leftist heap
/// instead: O(log n) in the worst case for entering, leaving and the earliest, without memory of
/// its own. Whatever the mix, leaving from the lane is O(1).
class Deadlines {
 public:
  static bool before(const Waiter& a, const Waiter& b) noexcept {
    return a.deadline != b.deadline ? a.deadline < b.deadline : a.ticket < b.ticket;
  }

  bool empty() const noexcept { return laneHead_ == nullptr && root_ == nullptr; }

  /// The waiter with the earliest deadline; null if there is none.
  Waiter* earliest() const noexcept {
    if (root_ == nullptr) return laneHead_;
    if (laneHead_ == nullptr) return root_;
    return before(*root_, *laneHead_) ? root_ : laneHead_;
  }

  /// A waiter without a deadline (never) is not taken up.
  void insert(Waiter& waiter) noexcept {
    if (waiter.deadline == never) return;
    waiter.left_ = waiter.right_ = waiter.parent_ = nullptr;
    if (laneTail_ == nullptr || laneTail_->deadline <= waiter.deadline) {
      waiter.place_ = WaiterLinks::Place::lane;
      waiter.left_ = laneTail_;
      (laneTail_ != nullptr ? laneTail_->right_ : laneHead_) = &waiter;
      laneTail_ = &waiter;
    } else {
      waiter.place_ = WaiterLinks::Place::heap;
      waiter.rank_ = 1;
      setRoot(merge(root_, &waiter));
    }
  }

  void erase(Waiter& waiter) noexcept {
    if (waiter.place_ == WaiterLinks::Place::lane) {
      (waiter.left_ != nullptr ? waiter.left_->right_ : laneHead_) = waiter.right_;
      (waiter.right_ != nullptr ? waiter.right_->left_ : laneTail_) = waiter.left_;
    } else if (waiter.place_ == WaiterLinks::Place::heap) {
      eraseFromHeap(waiter);
    }
    waiter.place_ = WaiterLinks::Place::none;
  }

 private:
  // A rank is one more than the length of the right spine, which is at most log2(n + 1): merging
  // goes down two such spines, and its depth is bounded by their sum.
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

  /// Puts the longer spine to the left and says whether the node's rank has changed.
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

  Waiter* laneHead_ = nullptr;
  Waiter* laneTail_ = nullptr;
  Waiter* root_ = nullptr;
};

}  // namespace bulwark::detail
