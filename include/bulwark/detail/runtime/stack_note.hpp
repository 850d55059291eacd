#pragma once

#include <atomic>
#include <cstdint>

#include "bulwark/build.hpp"

#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A note that a function leaves for the functions that it calls, through user code. They find it
/// if they run on the same stack.
///
/// A thread may run stackful coroutines (fibers). Fibers have stacks of their own, end in any
/// order, and may continue on another thread. So the notes do not lie on the stack, and any thread
/// may erase them at any time. find() considers only notes on the stack with which the thread
/// began. Such a note belongs to a caller, while the note of a fiber may belong to one that is
/// suspended. A note is not found if there is no memory or no place for it, either.
///
/// Thread safety: distinct objects. The destructor may run on another thread.
class BULWARK_EXPORT StackNote {
 public:
  StackNote(const void* about, std::uintptr_t value) noexcept : place_(freePlace()) {
    if (place_ == nullptr) return;
    place_->about.store(about, std::memory_order_relaxed);
    place_->value.store(value, std::memory_order_relaxed);
    place_->frame.store(frame(), std::memory_order_relaxed);
  }
  StackNote(const StackNote&) = delete;
  StackNote& operator=(const StackNote&) = delete;
  ~StackNote() {
    if (place_ != nullptr) place_->frame.store(nullptr, std::memory_order_relaxed);
  }

  /// The sum of the values that the callers of this function have noted about `about`; 0: none.
  static std::uintptr_t find(const void* about) noexcept;

 private:
  struct Notes;

  /// The owning thread takes a place; any thread frees it. All accesses are relaxed: a
  /// thread reads only its own places, and wrote the notes on its stack itself.
  struct Place {
    std::atomic<const void*> frame{nullptr};  // an address on the stack of the note; null: free
    std::atomic<const void*> about{nullptr};  // the object; valid while `frame` is not null
    std::atomic<std::uintptr_t> value{0};  // as `about`
  };

  /// An address on the present stack. With a sanitizer, variables may lie elsewhere.
  static const void* frame() noexcept {
#if defined(_MSC_VER)
    return _AddressOfReturnAddress();
#else
    return __builtin_frame_address(0);
#endif
  }

  /// A free place among the notes of this thread. Null: there is none. Not inline, because a
  /// compiler may keep the address of a thread_local variable while a fiber moves to another
  /// thread.
  static Place* freePlace() noexcept;
  static Place* firstPlace() noexcept;

  Place* place_;  // null: there was no place
};

}  // namespace bulwark::detail
