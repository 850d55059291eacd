#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The buckets of every histogram of the library: eight per octave between 960 ns and about
/// 65 minutes, one for shorter and one for longer durations.
struct BULWARK_EXPORT BucketLayout {
  // 2^3 buckets per octave: half a bucket is at most 1/16 of a value in it.
  static constexpr int subBits = 3;
  static constexpr std::uint64_t lowest = 960;  // so that 1 us lies in the bucket that begins here
  static constexpr std::uint64_t highest = (std::uint64_t{14} << 38) - 1;  // so that 1 h lies below

  /// The rank of a value's bucket in a log-linear layout without bounds.
  static constexpr std::size_t rank(std::uint64_t ns) noexcept {
    const int octave = static_cast<int>(std::bit_width(ns)) - 1;
    const int shift = octave - subBits;
    return (static_cast<std::size_t>(octave) << subBits) +
           static_cast<std::size_t>((ns >> shift) & ((1U << subBits) - 1));
  }

  /// The bucket of a duration.
  static constexpr std::size_t index(std::uint64_t ns) noexcept;

  /// The largest value in bucket `i`; the first bucket begins at 0.
  static constexpr std::uint64_t upperBound(std::size_t i) noexcept;

  /// The smallest value in the bucket whose largest value is `upper`.
  static constexpr std::uint64_t lowerBound(std::uint64_t upper) noexcept;

  static const std::size_t size;
};

inline constexpr std::size_t BucketLayout::size = rank(highest) - rank(lowest) + 3;

constexpr std::size_t BucketLayout::index(std::uint64_t ns) noexcept {
  if (ns < lowest) return 0;
  if (ns > highest) return rank(highest) - rank(lowest) + 2;
  return rank(ns) - rank(lowest) + 1;
}

constexpr std::uint64_t BucketLayout::upperBound(std::size_t i) noexcept {
  if (i == 0) return lowest - 1;
  const std::size_t next = i + rank(lowest);  // the rank of the next bucket
  if (next > rank(highest) + 1) return INT64_MAX;
  const auto octave = next >> subBits;
  const auto sub = next & ((1U << subBits) - 1);
  return (((std::uint64_t{1} << subBits) + sub) << (octave - subBits)) - 1;
}

constexpr std::uint64_t BucketLayout::lowerBound(std::uint64_t upper) noexcept {
  if (upper < lowest) return 0;
  if (upper > highest) return highest + 1;
  const int shift = static_cast<int>(std::bit_width(upper)) - 1 - subBits;
  return (upper >> shift) << shift;
}

static_assert(BucketLayout::index(1000) == 1 && BucketLayout::index(959) == 0);
static_assert(BucketLayout::upperBound(1) == 1023 && BucketLayout::lowerBound(1023) == 960);
static_assert(BucketLayout::index(3'600'000'000'000) == BucketLayout::size - 2);
static_assert(BucketLayout::upperBound(BucketLayout::size - 2) == BucketLayout::highest);

/// Counts durations in buckets. Recording takes no lock and never fails.
///
/// Thread safety: recordExclusive() from one thread, or recordShared() from any; clear() as said
/// there; the rest from any thread.
class BULWARK_EXPORT HistogramRecorder {
 public:
  HistogramRecorder() noexcept = default;
  HistogramRecorder(const HistogramRecorder&) = delete;
  HistogramRecorder& operator=(const HistogramRecorder&) = delete;
  ~HistogramRecorder() { delete cleared_.load(std::memory_order_relaxed); }

  /// For a recorder that only one thread writes. Uses no read-modify-write.
  void recordExclusive(std::chrono::nanoseconds duration) noexcept {
    const std::uint64_t ns = clampToZero(duration);
    bump(buckets_[BucketLayout::index(ns)], 1);
    bump(sum_, ns);
    // release: pairs with the acquire in addTo(). A reader that finds an extreme of after a clear()
    // finds leastBefore_ and mostBefore_ of that clear().
    if (ns < min_.load(std::memory_order_relaxed)) min_.store(ns, std::memory_order_release);
    if (ns > max_.load(std::memory_order_relaxed)) max_.store(ns, std::memory_order_release);
  }

  /// For a recorder that several threads write.
  void recordShared(std::chrono::nanoseconds duration) noexcept {
    const std::uint64_t ns = clampToZero(duration);
    buckets_[BucketLayout::index(ns)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(ns, std::memory_order_relaxed);
    // Success: this duration is the extreme. Failure: another thread has changed the extreme, and
    // the comparison is made again. Relaxed: a read-modify-write continues the release sequence of
    // clear().
    auto least = min_.load(std::memory_order_relaxed);
    while (ns < least && !min_.compare_exchange_weak(least, ns, std::memory_order_relaxed)) {
    }
    auto most = max_.load(std::memory_order_relaxed);
    while (ns > most && !max_.compare_exchange_weak(most, ns, std::memory_order_relaxed)) {
    }
  }

  /// Empties the recorder for HistogramMerger. addTo() goes on counting everything, unless there is
  /// no memory to remember what was recorded before. One caller at a time; if the recorder is
  /// exclusive, only the thread that writes it.
  void clear() noexcept;
  /// Allocates what clear() needs. Any thread may call it.
  void prepareClear() noexcept;

  /// Adds what was recorded since construction; clear() does not affect it. Adds to parts[i] the
  /// number of durations in the buckets from ends[i - 1], or 0, up to but not including ends[i].
  /// Reads only the buckets between the shortest and the longest duration. A duration that is being
  /// recorded may be left to the next call. No number decreases from one call to the next.
  /// @return the sum of the durations in nanoseconds
  std::uint64_t addTo(std::span<const std::size_t> ends, std::uint64_t* parts) const noexcept {
    // acquire, and in this order: pairs with the release in clear(). A reader that finds an extreme
    // cleared finds it in leastBefore_ or mostBefore_.
    const auto least = min_.load(std::memory_order_acquire);
    const auto leastBefore = leastBefore_.load(std::memory_order_relaxed);
    const auto most = max_.load(std::memory_order_acquire);
    const auto mostBefore = mostBefore_.load(std::memory_order_relaxed);
    std::size_t i = BucketLayout::index((std::min)(least, leastBefore));
    const std::size_t beyond = BucketLayout::index((std::max)(most, mostBefore)) + 1;
    for (const std::size_t end : ends) {
      std::uint64_t count = 0;
      for (; i < (std::min)(end, beyond); ++i) count += buckets_[i].load(std::memory_order_relaxed);
      *parts++ += count;
    }
    return sum_.load(std::memory_order_relaxed);
  }

 private:
  friend class HistogramMerger;

  static std::uint64_t clampToZero(std::chrono::nanoseconds duration) noexcept {
    return duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
  }

  static void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  /// The numbers at the last clear(): those of buckets_ and sum_.
  struct Cleared {
    std::array<std::atomic<std::uint64_t>, BucketLayout::size> buckets{};
    std::atomic<std::uint64_t> sum{0};
  };

  // Durations recorded since construction, and their sum in nanoseconds. clear() leaves both alone,
  // unless there is no memory for `cleared_`: then it stores 0.
  std::array<std::atomic<std::uint64_t>, BucketLayout::size> buckets_{};
  std::atomic<std::uint64_t> sum_{0};
  // The extremes since the last clear(). UINT64_MAX and 0: no duration was recorded.
  std::atomic<std::uint64_t> min_{UINT64_MAX};
  std::atomic<std::uint64_t> max_{0};
  // The extremes before the last clear(). Only clear() writes them.
  std::atomic<std::uint64_t> leastBefore_{UINT64_MAX};
  std::atomic<std::uint64_t> mostBefore_{0};
  std::atomic<Cleared*> cleared_{nullptr};  // null until the first prepareClear()
};

}  // namespace bulwark::detail
