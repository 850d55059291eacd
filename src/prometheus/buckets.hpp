#pragma once

// The buckets of the exported histograms, and the buckets of the library that lie within each.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"
#include "bulwark/detail/telemetry/histogram_recorder.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

inline constexpr auto bucketBounds = [] {
  using namespace std::chrono_literals;
  return std::array<std::chrono::nanoseconds, 19>{100us, 250us, 500us, 1ms,   2500us, 5ms, 10ms,
                                                  25ms,  50ms,  100ms, 250ms, 500ms,  1s,  2500ms,
                                                  5s,    10s,   30s,   60s,   120s};
}();

/// For each bound, the index of the library's first bucket that does not lie within it. A bucket
/// that contains a bound counts towards the next bound. So a count never includes a call that took
/// longer than its bound, and omits only calls within the width of a bucket, 1/8, of the bound.
inline constexpr auto bucketEnds = [] {
  std::array<std::size_t, bucketBounds.size() + 1> result{};
  for (std::size_t i = 0; i < bucketBounds.size(); ++i) {
    const auto bound = static_cast<std::uint64_t>(bucketBounds[i].count());
    result[i] = BucketLayout::index(bound);
    if (BucketLayout::upperBound(result[i]) == bound) ++result[i];
  }
  result.back() = BucketLayout::size;
  return result;
}();

static_assert(
    [] {
      for (std::size_t i = 0; i < bucketBounds.size(); ++i) {
        const auto bound = static_cast<std::uint64_t>(bucketBounds[i].count());
        if ((BucketLayout::upperBound(bucketEnds[i] - 1) + 1) * 100 < bound * 92) return false;
      }
      return true;
    }(),
    "docs/metrics.md says that a count leaves out calls within 8 % of its bound at most");

/// A histogram as it is added up: the number of durations between two bounds each, and beyond the
/// last bound; then their sum in nanoseconds.
inline constexpr std::size_t histogramNumbers = bucketEnds.size() + 1;

constexpr double inSeconds(std::uint64_t ns) noexcept { return static_cast<double>(ns) / 1e9; }

inline constexpr auto bucketBoundsInSeconds = [] {
  std::array<double, bucketBounds.size()> result{};
  for (std::size_t i = 0; i < bucketBounds.size(); ++i) {
    result[i] = inSeconds(static_cast<std::uint64_t>(bucketBounds[i].count()));
  }
  return result;
}();

}  // namespace bulwark::detail
