#pragma once

#include <cstddef>

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Permits that a blocking call holds while its work runs on this thread, in a list on the stack:
/// who is about to block can see whether it would wait for itself.
class BULWARK_EXPORT HeldHere {
 public:
  HeldHere(const Compartment& owner, std::size_t permits) noexcept
      : owner_(&owner), permits_(permits), outer_(innermost()) {
    innermost() = this;
  }
  HeldHere(const HeldHere&) = delete;
  HeldHere& operator=(const HeldHere&) = delete;
  ~HeldHere() { innermost() = outer_; }

  /// How many permits of `owner` this thread has.
  static std::size_t of(const Compartment& owner) noexcept {
    std::size_t sum = 0;
    for (const HeldHere* held = innermost(); held != nullptr; held = held->outer_) {
      if (held->owner_ == &owner) sum += held->permits_;
    }
    return sum;
  }

 private:
  static const HeldHere*& innermost() noexcept {
    static thread_local const HeldHere* list = nullptr;
    return list;
  }

  const Compartment* owner_;
  std::size_t permits_;
  const HeldHere* outer_;
};

}  // namespace bulwark::detail
