#pragma once

/// @file
/// What a histogram of durations held.

#include <chrono>
#include <cstdint>
#include <vector>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a histogram of durations held at one moment: a plain value.
///
/// The buckets are log-linear, eight to every power of two: a percentile is within 6.25 % of the
/// true value from 1 us to 1 hour. What lies outside is counted in the two end buckets, and
/// count(), sum(), min() and max() are exact everywhere.
class BULWARK_EXPORT HistogramSnapshot {
 public:
  /// Of the recorded values, those between the bound of the bucket before and its own.
  struct Bucket {
    std::chrono::nanoseconds upperBound;  ///< The largest value that the bucket takes.
    std::uint64_t count = 0;              ///< How many.

    /// Memberwise.
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  /// Empty: everything is 0.
  HistogramSnapshot() noexcept = default;

  /// @param buckets non-empty ones, ascending
  /// @param sum     of all values
  /// @param min     the smallest value
  /// @param max     the largest value
  HistogramSnapshot(std::vector<Bucket> buckets, std::chrono::nanoseconds sum,
                    std::chrono::nanoseconds min, std::chrono::nanoseconds max);

  /// How many were recorded.
  std::uint64_t count() const noexcept { return count_; }
  /// All of them together; at most nanoseconds::max().
  std::chrono::nanoseconds sum() const noexcept { return sum_; }
  // <windows.h> has macros of these two names; hence the parentheses.
  /// The shortest; 0 if empty.
  std::chrono::nanoseconds(min)() const noexcept { return min_; }
  /// The longest; 0 if empty.
  std::chrono::nanoseconds(max)() const noexcept { return max_; }
  /// sum() / count(), without a fraction of a nanosecond; 0 if empty.
  std::chrono::nanoseconds mean() const noexcept;

  /// The value that `percent` % of the recorded ones do not exceed (nearest rank).
  /// @param percent 0 to 100, taken as the nearer of both where it lies outside; 0 gives min(),
  ///                100 gives max(). Linear in the number of non-empty buckets, at most 257.
  std::chrono::nanoseconds percentile(double percent) const noexcept;

  /// The non-empty buckets, ascending. The upper bound of the last possible one, which takes what
  /// is longer than an hour, is nanoseconds::max().
  const std::vector<Bucket>& buckets() const noexcept { return buckets_; }

 private:
  std::vector<Bucket> buckets_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds sum_{0};
  std::chrono::nanoseconds min_{0};
  std::chrono::nanoseconds max_{0};
};

}  // namespace bulwark
