#pragma once

#include <mutex>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A wait that can be ended from any thread. Drops the reference that Dependent::keep() took.
class Interruptible {
 public:
  virtual void interrupt() noexcept = 0;

 protected:
  ~Interruptible() = default;
};

/// A wait outside of a host on behalf of a call to it, which must end when the host closes: a retry
/// in its back-off, or a call that waits for a semaphore.
class Dependent {
 public:
  Dependent() = default;
  Dependent(const Dependent&) = delete;
  Dependent& operator=(const Dependent&) = delete;

 protected:
  ~Dependent() = default;

 private:
  friend class DependentList;

  /// Called under the host's lock, after it has been unlinked. Takes a reference to the wait, since
  /// this object may be gone when the wait is interrupted.
  /// @return null: there is nothing to interrupt
  virtual Interruptible* keep() noexcept = 0;

  Dependent* next_ = nullptr;
  Dependent** place_ = nullptr;  // the pointer of the list that points here; null: not in a list
};

/// The dependents of a host. Not thread-safe: the host's lock guards it.
class DependentList {
 public:
  void link(Dependent& dependent) noexcept {
    dependent.next_ = head_;
    if (head_ != nullptr) head_->place_ = &dependent.next_;
    dependent.place_ = &head_;
    head_ = &dependent;
  }

  /// Does nothing if it is not linked any more.
  void unlink(Dependent& dependent) noexcept {
    if (dependent.place_ == nullptr) return;
    *dependent.place_ = dependent.next_;
    if (dependent.next_ != nullptr) dependent.next_->place_ = dependent.place_;
    dependent.place_ = nullptr;
  }

  /// Interrupts the wait of each dependent, one after the other. `mutex` guards the list; the
  /// caller does not hold it.
  void interruptAll(Mutex& mutex) noexcept {
    while (Interruptible* wait = takeFirst(mutex)) wait->interrupt();
  }

 private:
  Interruptible* takeFirst(Mutex& mutex) noexcept {
    const std::lock_guard lock(mutex);
    while (Dependent* first = head_) {
      unlink(*first);
      if (Interruptible* wait = first->keep()) return wait;
    }
    return nullptr;
  }

  Dependent* head_ = nullptr;
};

}  // namespace bulwark::detail
