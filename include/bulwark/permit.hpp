#pragma once

/// @file
/// Permit: owns permits of a bulkhead or semaphore.

#include <cstddef>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/limiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

namespace detail {
class PermitMaker;
}

/// Owns permits of a bulkhead or semaphore. Its destructor releases them, on any thread, to the
/// calls at the head of the queue.
///
/// Thread safety: one object must not be used by several threads at once. It may outlive its
/// bulkhead.
///
/// Cost of a release: one atomic operation while no call waits, and for a permit of a Bulkhead a
/// stopwatch reading and a histogram entry. Otherwise a short lock, which an observer may also
/// require (see Bulkhead::setObserver()). A release does not throw or wait. It runs no callable or
/// handler on the stack of the caller; only that observer may run there.
class [[nodiscard]] Permit {
 public:
  /// Holds no permits.
  Permit() noexcept = default;

  /// Takes over the permits of `other` and leaves it empty.
  Permit(Permit&& other) noexcept
      : limiter_(std::exchange(other.limiter_, nullptr)),
        count_(std::exchange(other.count_, 0)),
        held_(other.held_),
        since_(other.since_) {}

  /// Releases the permits that it held before.
  Permit& operator=(Permit&& other) noexcept {
    if (this != &other) {
      release();
      limiter_ = std::exchange(other.limiter_, nullptr);
      count_ = std::exchange(other.count_, 0);
      held_ = other.held_;
      since_ = other.since_;
    }
    return *this;
  }

  /// Releases its permits.
  // Does not call release(), because the members need not be reset.
  ~Permit() {
    if (limiter_ != nullptr) limiter_->release(held_, since_);
  }

  /// Whether it holds permits.
  explicit operator bool() const noexcept { return count_ != 0; }

  /// How many permits it holds: the weight of the call; 0 if empty.
  std::size_t count() const noexcept { return count_; }

  /// Releases its permits and leaves it empty. Further calls have no effect.
  void release() noexcept {
    count_ = 0;
    if (detail::Limiter* limiter = std::exchange(limiter_, nullptr)) {
      limiter->release(held_, since_);
    }
  }

 private:
  friend class detail::PermitMaker;

  Permit(detail::Limiter* limiter, std::size_t count, std::size_t held,
         detail::Ticks since) noexcept
      : limiter_(limiter), count_(count), held_(held), since_(since) {}

  detail::Limiter* limiter_ = nullptr;  // null: empty, or acquired in mode off
  std::size_t count_ = 0;
  std::size_t held_ = 0;     // how many the core accounts for
  detail::Ticks since_{};  // when it was granted, if its time is measured
};

namespace detail {

/// Makes permits from what the core granted.
class PermitMaker {
 public:
  static Permit make(Limiter* limiter, std::size_t count, std::size_t held, Ticks since) noexcept {
    return {limiter, count, held, since};
  }
};

}  // namespace detail
}  // namespace bulwark
