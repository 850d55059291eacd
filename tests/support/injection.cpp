#include "support/injection.hpp"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <atomic>
#include <cstdlib>
#include <new>

// Counts blocks by calls of operator new and delete and does not look into them. A block of
// aligned_alloc() is released by free(), which is not replaced here, so it is not counted.

namespace {

std::atomic<std::int64_t> alive{0};

using injection::Point;
using injection::strikes;

bool objectFails() noexcept { return strikes(Point::allocation) || strikes(Point::object); }

void* made(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  alive.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr) alive.fetch_sub(1, std::memory_order_relaxed);
  std::free(memory);
}

#if defined(__GLIBC__)
void* plainAlignedAlloc(std::size_t unit, std::size_t size) { return memalign(unit, size); }
#else
void* plainAlignedAlloc(std::size_t unit, std::size_t size) {
  return std::aligned_alloc(unit, size);
}
#endif

void* obtain(std::size_t size) { return made(objectFails() ? nullptr : std::malloc(size)); }

void* obtain(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  const std::size_t rounded = (size + unit - 1) / unit * unit;
  return made(objectFails() ? nullptr : plainAlignedAlloc(unit, rounded));
}

template <typename... Args>
void* orNull(Args... args) noexcept {
  try {
    return obtain(args...);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

std::int64_t injection::blocksAlive() noexcept { return alive.load(std::memory_order_relaxed); }

#if defined(__GLIBC__)
// Asio gets memory from aligned_alloc() instead of operator new.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return strikes(Point::allocation) ? nullptr : memalign(alignment, size);
}
#endif

void* operator new(std::size_t size) { return obtain(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return orNull(size); }
void* operator new(std::size_t size, std::align_val_t a) { return obtain(size, a); }
void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
  return orNull(size, a);
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  release(memory);
}
