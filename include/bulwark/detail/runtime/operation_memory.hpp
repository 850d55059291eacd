#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The allocator of an operation that waits: that of its handler, or else DefaultAllocator. The
/// operation holds a copy. Its memory is freed before the handler runs.
template <typename Handler>
using OperationAllocator = net::associated_allocator_t<Handler, DefaultAllocator>;

/// Memory of DefaultAllocator, by its size alone: operations of different types share the code.
/// Inline and not in the library, which may have a copy of its own of what Asio knows about
/// threads.
struct MemoryUnit {
  void* word;
};
inline void* allocateUnits(std::size_t bytes) {
  using Units = std::allocator_traits<DefaultAllocator>::rebind_alloc<MemoryUnit>;
  Units units{};
  return std::allocator_traits<Units>::allocate(
      units, (bytes + sizeof(MemoryUnit) - 1) / sizeof(MemoryUnit));
}
inline void freeUnits(void* memory, std::size_t bytes) noexcept {
  using Units = std::allocator_traits<DefaultAllocator>::rebind_alloc<MemoryUnit>;
  Units units{};
  std::allocator_traits<Units>::deallocate(units, static_cast<MemoryUnit*>(memory),
                                           (bytes + sizeof(MemoryUnit) - 1) / sizeof(MemoryUnit));
}

template <typename Op, typename Allocator>
inline constexpr bool inUnits =
    std::is_same_v<Allocator, DefaultAllocator> && alignof(Op) <= alignof(MemoryUnit);

/// Owns an operation, whose memory comes from its allocator.
template <typename Op>
class OpOwner {
 public:
  template <typename Allocator, typename... Args>
  static OpOwner make(const Allocator& allocator, Args&&... args) {
    Memory<Allocator> memory(allocator);
    OpOwner made(::new (memory.place) Op(allocator, std::forward<Args>(args)...));
    memory.place = nullptr;
    return made;
  }

  OpOwner() noexcept : op_(nullptr) {}
  explicit OpOwner(Op* op) noexcept : op_(op) {}
  OpOwner(OpOwner&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  OpOwner& operator=(OpOwner&& other) noexcept {
    OpOwner taken(std::move(other));
    std::swap(op_, taken.op_);
    return *this;
  }
  ~OpOwner() { reset(); }

  explicit operator bool() const noexcept { return op_ != nullptr; }
  Op* operator->() const noexcept { return op_; }
  Op& operator*() const noexcept { return *op_; }
  Op* release() noexcept { return std::exchange(op_, nullptr); }

  void reset() noexcept {
    if (op_ == nullptr) return;
    // The allocator may refer to the handler, as that of net::any_completion_handler does.
    [[maybe_unused]] const auto handler = takeHandler();
    const Memory<decltype(op_->allocator)> memory(op_->allocator, op_);
    std::exchange(op_, nullptr)->~Op();
  }

 private:
  /// Frees the memory of an operation, unless `place` is null.
  template <typename Allocator>
  struct Memory {
    using Own = typename std::allocator_traits<Allocator>::template rebind_alloc<Op>;
    using Traits = std::allocator_traits<Own>;

    explicit Memory(const Allocator& base) : allocator(base) {
      if constexpr (inUnits<Op, Allocator>) {
        place = allocateUnits(sizeof(Op));
      } else {
        place = Traits::allocate(allocator, 1);
      }
    }
    Memory(const Allocator& base, Op* op) noexcept : allocator(base), place(op) {}
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory() {
      if (place == nullptr) return;
      if constexpr (inUnits<Op, Allocator>) {
        freeUnits(place, sizeof(Op));
      } else {
        Traits::deallocate(allocator, static_cast<Op*>(place), 1);
      }
    }

    [[no_unique_address]] Own allocator;
    void* place;
  };

  /// Moves the handler out if it has an allocator of its own, because it has to be destroyed last.
  auto takeHandler() noexcept {
    using Handler = std::decay_t<decltype(op_->handler())>;
    if constexpr (!std::is_same_v<OperationAllocator<Handler>, DefaultAllocator> &&
                  std::is_nothrow_move_constructible_v<Handler>) {
      return std::move(op_->handler());
    } else {
      return nullptr;
    }
  }

  Op* op_;
};

/// Frees an operation before its handler is posted: a block of the handler's allocator must be back
/// when the handler runs.
/// @return the handler, and the work that keeps its contexts from stopping until it is posted
template <typename Op>
auto takeApart(OpOwner<Op> op) {
  return std::pair(std::move(op->handler()), op->takeWork());
}

}  // namespace bulwark::detail
