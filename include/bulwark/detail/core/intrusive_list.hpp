#pragma once

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// An intrusive list in no particular order. Every operation is O(1). Not thread-safe.
///
/// @tparam T derives publicly from IntrusiveList<T>::Member
template <typename T>
class IntrusiveList {
 public:
  class Member {
   public:
    Member() = default;
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   protected:
    ~Member() = default;

   private:
    friend class IntrusiveList;

    T* next_ = nullptr;
    T** place_ = nullptr;  // the pointer of the list that points here; null: not in a list
  };

  T* front() const noexcept { return head_; }

  void insert(T& added) noexcept {
    Member& member = added;
    member.next_ = head_;
    if (head_ != nullptr) placeOf(*head_) = &member.next_;
    member.place_ = &head_;
    head_ = &added;
  }

  /// Does nothing if it is not in the list any more.
  static void erase(T& removed) noexcept {
    Member& member = removed;
    if (member.place_ == nullptr) return;
    *member.place_ = member.next_;
    if (member.next_ != nullptr) placeOf(*member.next_) = member.place_;
    member.place_ = nullptr;
  }

 private:
  static T**& placeOf(Member& member) noexcept { return member.place_; }

  T* head_ = nullptr;
};

}  // namespace bulwark::detail
