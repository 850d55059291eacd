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

  /// How many permits of `owner` this thread has. Not inline, so that the list is one of the shared
  /// library's symbols, and a program and its plugins have one between them.
  static std::size_t of(const Compartment& owner) noexcept;

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
