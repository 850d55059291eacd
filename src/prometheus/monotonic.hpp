#pragma once

// Totals that never decrease.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <std::size_t size>
using MetricNumbers = std::array<std::uint64_t, size>;

/// The totals of one object that are shown. They never decrease, although a call may be counted and
/// taken back between two scrapes.
template <std::size_t size>
class Monotonic {
 public:
  void advanceTo(const MetricNumbers<size>& now) noexcept {
    for (std::size_t i = 0; i < size; ++i) shown_[i] = std::max(shown_[i], now[i]);
  }
  void addTo(MetricNumbers<size>& sum) const noexcept {
    for (std::size_t i = 0; i < size; ++i) sum[i] += shown_[i];
  }

 private:
  MetricNumbers<size> shown_{};
};

}  // namespace bulwark::detail
