#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The allocator of an operation that waits: that of its handler, or else DefaultAllocator. The
/// operation holds a copy. Its memory is freed before the handler runs.
template <typename Handler>
using OperationAllocator = net::associated_allocator_t<Handler, DefaultAllocator>;

/// Owns an operation, whose memory comes from its allocator.
template <typename Op>
class OpOwner {
 public:
  template <typename Allocator, typename... Args>
  static OpOwner make(const Allocator& allocator, Args&&... args) {
    typename std::allocator_traits<Allocator>::template rebind_alloc<Op> alloc(allocator);
    using Traits = std::allocator_traits<decltype(alloc)>;
    Op* memory = Traits::allocate(alloc, 1);
    try {
      return OpOwner(::new (static_cast<void*>(memory)) Op(allocator, std::forward<Args>(args)...));
    } catch (...) {
      Traits::deallocate(alloc, memory, 1);
      throw;
    }
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
    auto base = op_->allocator;
    typename std::allocator_traits<decltype(base)>::template rebind_alloc<Op> alloc(base);
    op_->~Op();
    std::allocator_traits<decltype(alloc)>::deallocate(alloc, std::exchange(op_, nullptr), 1);
  }

 private:
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

}  // namespace bulwark::detail
