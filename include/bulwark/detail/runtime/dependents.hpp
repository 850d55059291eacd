#pragma once

#include <mutex>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/intrusive_list.hpp"
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
class Dependent : public IntrusiveList<Dependent>::Member {
 protected:
  ~Dependent() = default;

 private:
  friend class DependentList;

  /// Called under the host's lock, after it has left the list. Takes a reference to the wait, since
  /// this object may be gone when the wait is interrupted.
  /// @return null: there is nothing to interrupt
  virtual Interruptible* keep() noexcept = 0;
};

/// The dependents of a host. Not thread-safe: the host's lock guards it.
class DependentList : public IntrusiveList<Dependent> {
 public:
  /// Interrupts the wait of each dependent, one after the other. `mutex` guards the list; the
  /// caller does not hold it.
  void interruptAll(Mutex& mutex) noexcept {
    interruptWhile(mutex, [] { return true; });
  }
  /// The same, until `holds()` is false. It is asked under the mutex, before each dependent.
  template <typename Condition>
  void interruptWhile(Mutex& mutex, Condition holds) noexcept {
    while (Interruptible* wait = takeFirst(mutex, holds)) wait->interrupt();
  }

 private:
  template <typename Condition>
  Interruptible* takeFirst(Mutex& mutex, Condition holds) noexcept {
    const std::lock_guard lock(mutex);
    if (!holds()) return nullptr;
    while (Dependent* first = front()) {
      erase(*first);
      if (Interruptible* wait = first->keep()) return wait;
    }
    return nullptr;
  }
};

}  // namespace bulwark::detail
