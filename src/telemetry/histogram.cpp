#include "bulwark/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bulwark/detail/core/make_once.hpp"
#include "bulwark/detail/telemetry/histogram_merger.hpp"
#include "config/float_bits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

using std::chrono::nanoseconds;

HistogramSnapshot::HistogramSnapshot(std::vector<Bucket> buckets, nanoseconds sum, nanoseconds min,
                                     nanoseconds max)
    : buckets_(std::move(buckets)), sum_(sum), min_(min), max_(max) {
  for (const Bucket& bucket : buckets_) count_ += bucket.count;
}

nanoseconds HistogramSnapshot::mean() const noexcept {
  if (count_ == 0) return nanoseconds{0};
  return nanoseconds{sum_.count() / static_cast<std::int64_t>(count_)};
}

nanoseconds HistogramSnapshot::percentile(double percent) const noexcept {
  if (count_ == 0) return nanoseconds{0};
  const double share = detail::isNaN(percent) ? 0 : std::clamp(percent, 0.0, 100.0);
  // The division comes last: so 7 % of 100 is exactly 7, and not 7.000000000000001.
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_) / 100));
  if (wanted <= 1) return min_;
  if (wanted >= count_) return max_;
  std::uint64_t seen = 0;
  for (const Bucket& bucket : buckets_) {
    seen += bucket.count;
    if (seen < wanted) continue;
    // The middle of the bucket differs from any value in it by at most half a bucket, 1/16.
    const auto upper = bucket.upperBound.count();
    const auto lower = static_cast<std::int64_t>(
        detail::BucketLayout::lowerBound(static_cast<std::uint64_t>(upper)));
    return std::clamp(nanoseconds{lower + (upper - lower) / 2}, min_, max_);
  }
  return max_;
}

namespace detail {

void HistogramRecorder::prepareClear() noexcept { makeOnce(cleared_); }

void HistogramRecorder::clear() noexcept {
  Cleared* const cleared = makeOnce(cleared_);  // its release pairs with HistogramMerger::add()
  const auto empty = [](std::atomic<std::uint64_t>& number, std::atomic<std::uint64_t>* was) {
    if (was != nullptr) {
      was->store(number.load(std::memory_order_relaxed), std::memory_order_relaxed);
    } else {
      number.store(0, std::memory_order_relaxed);
    }
  };
  for (std::size_t i = 0; i < BucketLayout::size; ++i) {
    empty(buckets_[i], cleared != nullptr ? &cleared->buckets[i] : nullptr);
  }
  empty(sum_, cleared != nullptr ? &cleared->sum : nullptr);
  // The extremes before the clear() are stored first, so that addTo() always finds an extreme in
  // one of the two places. Success: min_ is cleared; the release pairs with the acquire in addTo().
  // Failure: another thread recorded a new extreme, which has to be stored first, too.
  auto least = min_.load(std::memory_order_relaxed);
  do {
    const auto before = leastBefore_.load(std::memory_order_relaxed);
    leastBefore_.store(std::min(least, before), std::memory_order_relaxed);
  } while (!min_.compare_exchange_weak(least, UINT64_MAX, std::memory_order_release,
                                       std::memory_order_relaxed));
  auto most = max_.load(std::memory_order_relaxed);
  do {
    const auto before = mostBefore_.load(std::memory_order_relaxed);
    mostBefore_.store(std::max(most, before), std::memory_order_relaxed);
  } while (
      !max_.compare_exchange_weak(most, 0, std::memory_order_release, std::memory_order_relaxed));
}

void HistogramMerger::add(const HistogramRecorder& recorder) noexcept {
  // acquire: pairs with makeOnce()
  const auto* const cleared = recorder.cleared_.load(std::memory_order_acquire);
  if (cleared == nullptr) {
    for (std::size_t i = 0; i < BucketLayout::size; ++i) {
      counts_[i] += recorder.buckets_[i].load(std::memory_order_relaxed);
    }
    sum_ += recorder.sum_.load(std::memory_order_relaxed);
  } else {
    // While clear() runs, `number` may be older than `was`.
    const auto since = [](const std::atomic<std::uint64_t>& number,
                          const std::atomic<std::uint64_t>& was) {
      const std::uint64_t before = was.load(std::memory_order_relaxed);
      return std::max(number.load(std::memory_order_relaxed), before) - before;
    };
    for (std::size_t i = 0; i < BucketLayout::size; ++i) {
      counts_[i] += since(recorder.buckets_[i], cleared->buckets[i]);
    }
    sum_ += since(recorder.sum_, cleared->sum);
  }
  min_ = std::min(min_, recorder.min_.load(std::memory_order_relaxed));
  max_ = std::max(max_, recorder.max_.load(std::memory_order_relaxed));
}

HistogramSnapshot HistogramMerger::snapshot() const {
  std::vector<HistogramSnapshot::Bucket> buckets;
  const auto used = std::count_if(counts_.begin(), counts_.end(), [](auto n) { return n != 0; });
  if (used == 0) return {};
  buckets.reserve(static_cast<std::size_t>(used));
  for (std::size_t i = 0; i < BucketLayout::size; ++i) {
    if (counts_[i] == 0) continue;
    const auto upper = static_cast<std::int64_t>(BucketLayout::upperBound(i));
    buckets.push_back({nanoseconds{upper}, counts_[i]});
  }
  const auto asDuration = [](std::uint64_t ns) {
    return nanoseconds{static_cast<std::int64_t>(std::min<std::uint64_t>(ns, INT64_MAX))};
  };
  // A duration that is being recorded may be in its bucket and not yet in the extremes.
  const std::uint64_t least = std::min(min_, max_);
  return {std::move(buckets), asDuration(sum_), asDuration(least), asDuration(max_)};
}

}  // namespace detail
}  // namespace bulwark
