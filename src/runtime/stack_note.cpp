#include "bulwark/detail/runtime/stack_note.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <new>
#include <utility>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#elif defined(__linux__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The notes of one thread. They outlive the thread, because a fiber that began on it may still
/// have one. Another thread then takes them over.
struct StackNote::Notes {
  std::array<Place, 8> places;
  Notes* next = nullptr;  // in `idle`

  /// Null: the thread has none yet, there is no memory, or the thread is ending.
  static Notes*& ofThisThread() noexcept {
    static constinit thread_local Notes* notes = nullptr;
    return notes;
  }

  Place* freePlace() noexcept {
    for (Place& place : places) {
      if (place.frame.load(std::memory_order_relaxed) == nullptr) return &place;
    }
    return nullptr;
  }
};

namespace {

/// The memory of a stack. Empty if the platform does not report it.
struct Bounds {
  std::uintptr_t low = 0;
  std::uintptr_t high = 0;

  bool contain(const void* frame) const noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(frame);
    return low <= address && address < high;
  }
};

/// The bounds of the stack with which this thread began; on Windows, of the running fiber.
Bounds boundsOfStack() noexcept {
  Bounds bounds;
#if defined(_WIN32)
  ULONG_PTR low = 0;
  ULONG_PTR high = 0;
  GetCurrentThreadStackLimits(&low, &high);
  bounds = {low, high};
#elif defined(__APPLE__)
  bounds.high = reinterpret_cast<std::uintptr_t>(pthread_get_stackaddr_np(pthread_self()));
  bounds.low = bounds.high - pthread_get_stacksize_np(pthread_self());
#elif defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
  void* low = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    bounds.low = reinterpret_cast<std::uintptr_t>(low);
    bounds.high = bounds.low + size;
  }
  pthread_attr_destroy(&attributes);
#endif
  return bounds;
}

Bounds stackOfThread() noexcept {
#if defined(_WIN32)
  return boundsOfStack();
#else
  static thread_local const Bounds bounds = boundsOfStack();  // slow for the main thread
  return bounds;
#endif
}

}  // namespace

StackNote::Place* StackNote::freePlace() noexcept {
  Notes* notes = Notes::ofThisThread();
  if (notes == nullptr) [[unlikely]]
    return firstPlace();
  return notes->freePlace();
}

/// Gives this thread notes, and returns their first free place. Null: there is no memory, or the
/// thread is ending.
StackNote::Place* StackNote::firstPlace() noexcept {
  static std::mutex mutex;                 // guards `idle` and its list
  static constinit Notes* idle = nullptr;  // the notes of threads that have ended; never freed
  // Not a member of Loan, because it is read after Loan's destructor: a compiler may drop what a
  // destructor writes to its object.
  static constinit thread_local bool ended = false;
  // Returns the notes to `idle` at the end of the thread.
  struct Loan {
    Loan() = default;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
      ended = true;
      Notes* notes = std::exchange(Notes::ofThisThread(), nullptr);
      if (notes == nullptr) return;
      const std::lock_guard lock(mutex);
      notes->next = std::exchange(idle, notes);
    }
  };
  if (ended) return nullptr;
  static thread_local Loan loan;
  Notes* notes = nullptr;
  {
    const std::lock_guard lock(mutex);
    notes = idle;
    if (notes != nullptr) idle = notes->next;
  }
  if (notes == nullptr) notes = new (std::nothrow) Notes;
  Notes::ofThisThread() = notes;
  return notes != nullptr ? notes->freePlace() : nullptr;
}

std::uintptr_t StackNote::find(const void* about) noexcept {
  const Notes* notes = Notes::ofThisThread();
  if (notes == nullptr) return 0;
  std::uintptr_t sum = 0;
  for (const Place& place : notes->places) {
    const void* noted = place.frame.load(std::memory_order_relaxed);
    if (noted == nullptr || place.about.load(std::memory_order_relaxed) != about) continue;
    const Bounds stack = stackOfThread();
    if (stack.contain(noted) && stack.contain(frame())) {
      sum += place.value.load(std::memory_order_relaxed);
    }
  }
  return sum;
}

}  // namespace bulwark::detail
