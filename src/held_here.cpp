#include "bulwark/detail/held_here.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::size_t HeldHere::of(const Compartment& owner) noexcept {
  std::size_t sum = 0;
  for (const HeldHere* held = innermost(); held != nullptr; held = held->outer_) {
    if (held->owner_ == &owner) sum += held->permits_;
  }
  return sum;
}

}  // namespace bulwark::detail
