#pragma once

/// @file
/// A snapshot of a histogram of durations.

#include <chrono>
#include <cstdint>
#include <vector>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// The contents of a histogram of durations at one moment. A plain value.
///
/// The buckets are log-linear, eight for each power of two: a percentile is within 6.25 % of the
/// true value from 1 us to 1 hour. Values outside that range are counted in the two end buckets.
/// count(), sum(), min() and max() are always exact.
class BULWARK_EXPORT HistogramSnapshot {
 public:
  /// The values above the bound of the previous bucket, up to its own bound.
  struct Bucket {
    std::chrono::nanoseconds upperBound;  ///< The largest value of the bucket.
    std::uint64_t count = 0;              ///< Number of values.

    /// Memberwise.
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  /// An empty histogram. Every query returns 0.
  HistogramSnapshot() noexcept = default;

  /// @param buckets the non-empty ones, in ascending order
  /// @param sum     sum of all values
  /// @param min     the smallest value
  /// @param max     the largest value
  HistogramSnapshot(std::vector<Bucket> buckets, std::chrono::nanoseconds sum,
                    std::chrono::nanoseconds min, std::chrono::nanoseconds max);

  /// Number of recorded values.
  std::uint64_t count() const noexcept { return count_; }
  /// Sum of all values; at most nanoseconds::max().
  std::chrono::nanoseconds sum() const noexcept { return sum_; }
  // <windows.h> defines macros of these two names; hence the parentheses.
  /// The smallest value; 0 if empty.
  std::chrono::nanoseconds(min)() const noexcept { return min_; }
  /// The largest value; 0 if empty.
  std::chrono::nanoseconds(max)() const noexcept { return max_; }
  /// sum() / count(), rounded down; 0 if empty.
  std::chrono::nanoseconds mean() const noexcept;

  /// The value that `percent` % of the recorded values do not exceed (nearest rank).
  /// @param percent 0 to 100, clamped to that range; 0 gives min(), 100 gives max()
  ///
  /// Cost: linear in the number of non-empty buckets, which is at most 257.
  std::chrono::nanoseconds percentile(double percent) const noexcept;

  /// The non-empty buckets, in ascending order. The last possible bucket holds values above one
  /// hour; its upper bound is nanoseconds::max().
  const std::vector<Bucket>& buckets() const noexcept { return buckets_; }

 private:
  std::vector<Bucket> buckets_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds sum_{0};
  std::chrono::nanoseconds min_{0};
  std::chrono::nanoseconds max_{0};
};

}  // namespace bulwark
