#pragma once

#include <cstddef>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Permits that were granted to a call which has not begun yet. Destroyed with them, it hands them
/// on, and a bulkhead counts the call as cancelled: nothing that throws or drops a call on its way
/// can lose them.
class Grant {
 public:
  Grant() noexcept = default;
  Grant(Compartment& compartment, std::size_t held) noexcept
      : compartment_(&compartment), held_(held) {}
  Grant(Grant&& other) noexcept
      : compartment_(std::exchange(other.compartment_, nullptr)), held_(other.held_) {}
  Grant& operator=(Grant&& other) noexcept {
    std::swap(compartment_, other.compartment_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~Grant() {
    if (compartment_ != nullptr) compartment_->endGranted(held_, Verdict::cancelled);
  }

  /// Null: nothing is held (mode off, or the call has begun).
  Compartment* compartment() const noexcept { return compartment_; }
  std::size_t held() const noexcept { return held_; }
  /// From here on whoever called is responsible.
  Compartment* take() noexcept { return std::exchange(compartment_, nullptr); }

 private:
  Compartment* compartment_ = nullptr;
  std::size_t held_ = 0;
};

}  // namespace bulwark::detail
