#pragma once

#include <cstddef>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/limiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Permits that were granted to a call which has not begun. If it is destroyed while it holds them,
/// it releases them, and a bulkhead counts the call as cancelled. So a call that is destroyed on
/// its way, or that throws, cannot lose permits.
class Grant {
 public:
  Grant() noexcept = default;
  Grant(Limiter& limiter, std::size_t held) noexcept : limiter_(&limiter), held_(held) {}
  Grant(Grant&& other) noexcept
      : limiter_(std::exchange(other.limiter_, nullptr)), held_(other.held_) {}
  Grant& operator=(Grant&& other) noexcept {
    std::swap(limiter_, other.limiter_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~Grant() {
    if (limiter_ != nullptr) limiter_->forfeit(held_, Verdict::cancelled);
  }

  /// Null: it holds nothing, because of mode off or because the call has begun.
  Limiter* limiter() const noexcept { return limiter_; }
  std::size_t held() const noexcept { return held_; }
  /// The caller takes over the permits.
  Limiter* take() noexcept { return std::exchange(limiter_, nullptr); }

 private:
  Limiter* limiter_ = nullptr;
  std::size_t held_ = 0;
};

}  // namespace bulwark::detail
