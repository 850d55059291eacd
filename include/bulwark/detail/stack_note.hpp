#pragma once

#include <atomic>
#include <cstdint>

#include "bulwark/build.hpp"

#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What a function that runs user code notes for the functions which that code calls: they find it
/// if they run on the same stack.
///
/// A thread may run stackful coroutines (fibers), which have stacks of their own, end in any order,
/// and may go on on another thread. So the notes do not lie on the stack, and any thread may erase
/// them at any time. Only those of the thread's own stack are found: what is noted there belongs to
/// callers, while a fiber's note may belong to one that is suspended. A note for which there is no
/// room is not found, either.
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

  /// The sum of what the callers of this function have noted about that; 0: nothing.
  static std::uintptr_t find(const void* about) noexcept;

 private:
  struct Notes;

  struct Place {
    std::atomic<const void*> frame{nullptr};  // somewhere on the stack; null: free
    std::atomic<const void*> about{nullptr};
    std::atomic<std::uintptr_t> value{0};
  };

  /// An address on the stack that is in use. That of a variable may lie elsewhere, with a
  /// sanitizer.
  static const void* frame() noexcept {
#if defined(_MSC_VER)
    return _AddressOfReturnAddress();
#else
    return __builtin_frame_address(0);
#endif
  }

  /// Among the notes of this thread; null: there is none. Not inline: a compiler may keep the
  /// address of a thread_local variable in a function that a fiber leaves on another thread.
  static Place* freePlace() noexcept;
  static Place* firstPlace() noexcept;

  Place* place_;
};

}  // namespace bulwark::detail
