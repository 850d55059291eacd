#include <bulwark/detail/telemetry/histogram_merger.hpp>
#include <bulwark/detail/telemetry/histogram_recorder.hpp>
#include <bulwark/histogram.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::HistogramSnapshot;
using bulwark::detail::BucketLayout;
using bulwark::detail::HistogramMerger;
using bulwark::detail::HistogramRecorder;
using std::chrono::nanoseconds;

namespace {

HistogramSnapshot snapshotOf(const HistogramRecorder& recorder) {
  HistogramMerger merger;
  merger.add(recorder);
  return merger.snapshot();
}

HistogramSnapshot recorded(const std::vector<nanoseconds>& values) {
  HistogramRecorder recorder;
  for (const nanoseconds value : values) recorder.recordExclusive(value);
  return snapshotOf(recorder);
}

/// The nearest rank in integers: the smallest value that at least `percent` % of the values do not
/// exceed.
nanoseconds exact(std::vector<nanoseconds> values, std::size_t percent) {
  std::sort(values.begin(), values.end());
  const std::size_t rank = std::max<std::size_t>(1, (percent * values.size() + 99) / 100);
  return values[rank - 1];
}

}  // namespace

// --- buckets -------------------------------------------------------------------------------------

TEST_CASE("every value is in the bucket whose bounds contain it") {
  std::vector<std::uint64_t> values{0, 1, 959, 960, 961, 999, 1000, 1023, 1024, 1151, 1152};
  for (int bit = 10; bit < 42; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t value : {power - 1, power, power + 1, power + power / 8 - 1,
                                      power + power / 8, power + power / 2}) {
      if (value <= BucketLayout::highest) values.push_back(value);
    }
  }
  for (const std::uint64_t value : values) {
    const std::size_t i = BucketLayout::index(value);
    INFO("value " << value << ", bucket " << i);
    CHECK(value <= BucketLayout::upperBound(i));
    CHECK(value >= BucketLayout::lowerBound(BucketLayout::upperBound(i)));
  }
}

TEST_CASE("buckets are contiguous, and each is at most an eighth of its values wide") {
  CHECK(BucketLayout::lowerBound(BucketLayout::upperBound(0)) == 0);
  for (std::size_t i = 1; i + 1 < BucketLayout::size; ++i) {
    const std::uint64_t lower = BucketLayout::upperBound(i - 1) + 1;
    const std::uint64_t upper = BucketLayout::upperBound(i);
    INFO("bucket " << i);
    CHECK(BucketLayout::lowerBound(upper) == lower);
    CHECK(BucketLayout::index(lower) == i);
    CHECK(BucketLayout::index(upper) == i);
    CHECK((upper + 1 - lower) * 8 <= lower);
  }
  const std::size_t last = BucketLayout::size - 1;
  CHECK(BucketLayout::upperBound(last) == INT64_MAX);
  CHECK(BucketLayout::lowerBound(INT64_MAX) == BucketLayout::upperBound(last - 1) + 1);
  CHECK(BucketLayout::index(INT64_MAX) == last);
  CHECK(BucketLayout::size == 257);
}

TEST_CASE("a snapshot has the non-empty buckets in ascending order with their upper bounds") {
  const HistogramSnapshot snapshot = recorded({2us, 1us, 1us, 0ns, 2h});
  const std::vector<HistogramSnapshot::Bucket> expected{
      {959ns, 1}, {1023ns, 2}, {2047ns, 1}, {nanoseconds::max(), 1}};
  CHECK(snapshot.buckets() == expected);
  CHECK(recorded({3us, 1us, 1us, 0ns, 2h}).buckets() != expected);
  CHECK(recorded({2us, 2us, 1us, 0ns, 2h}).buckets() != expected);
}

// --- values --------------------------------------------------------------------------------------

TEST_CASE("an empty histogram is all zero") {
  for (const HistogramSnapshot& snapshot : {HistogramSnapshot(), recorded({})}) {
    CHECK(snapshot.count() == 0);
    CHECK(snapshot.sum() == 0ns);
    CHECK(snapshot.min() == 0ns);
    CHECK(snapshot.max() == 0ns);
    CHECK(snapshot.mean() == 0ns);
    CHECK(snapshot.percentile(0) == 0ns);
    CHECK(snapshot.percentile(50) == 0ns);
    CHECK(snapshot.percentile(100) == 0ns);
    CHECK(snapshot.buckets().empty());
  }
}

TEST_CASE("count, sum, min, max and mean are exact inside and outside the range of the buckets") {
  const HistogramSnapshot snapshot = recorded({1ns, 17us, 5ms, 3h});
  CHECK(snapshot.count() == 4);
  CHECK(snapshot.sum() == 1ns + 17us + 5ms + 3h);
  CHECK(snapshot.min() == 1ns);
  CHECK(snapshot.max() == 3h);
  CHECK(snapshot.mean() == (1ns + 17us + 5ms + 3h) / 4);
}

TEST_CASE("values outside the range are counted in the end buckets and never dropped") {
  const HistogramSnapshot snapshot =
      recorded({nanoseconds::min(), -1ns, 0ns, 959ns, 66min, 1000h, nanoseconds::max() - 1000h});
  CHECK(snapshot.count() == 7);
  REQUIRE(snapshot.buckets().size() == 2);
  CHECK(snapshot.buckets().front() == HistogramSnapshot::Bucket{959ns, 4});
  CHECK(snapshot.buckets().back() == HistogramSnapshot::Bucket{nanoseconds::max(), 3});
  CHECK(snapshot.min() == 0ns);
  CHECK(snapshot.max() == nanoseconds::max() - 1000h);
}

TEST_CASE("a negative duration counts as 0") {
  const HistogramSnapshot snapshot = recorded({-5s, 1us});
  CHECK(snapshot.min() == 0ns);
  CHECK(snapshot.sum() == 1us);
}

TEST_CASE("a single value is every percentile exactly") {
  for (const nanoseconds value :
       {nanoseconds(1), nanoseconds(1us), nanoseconds(1234567), nanoseconds(1h), nanoseconds(5h)}) {
    const HistogramSnapshot snapshot = recorded({value});
    for (const double percent : {0.0, 1.0, 50.0, 99.9, 100.0}) {
      CHECK(snapshot.percentile(percent) == value);
    }
  }
}

TEST_CASE("a cleared recorder equals a new one") {
  HistogramRecorder recorder;
  recorder.recordExclusive(5ms);
  recorder.recordShared(7ms);
  recorder.clear();
  CHECK(snapshotOf(recorder).count() == 0);
  recorder.recordShared(2ms);
  const HistogramSnapshot snapshot = snapshotOf(recorder);
  CHECK(snapshot.count() == 1);
  CHECK(snapshot.min() == 2ms);
  CHECK(snapshot.max() == 2ms);
  CHECK(snapshot.sum() == 2ms);
}

TEST_CASE("shared and exclusive recording count the same") {
  HistogramRecorder shared, exclusive;
  for (const nanoseconds value : {nanoseconds(0), nanoseconds(7us), nanoseconds(3s)}) {
    shared.recordShared(value);
    exclusive.recordExclusive(value);
  }
  const HistogramSnapshot a = snapshotOf(shared);
  const HistogramSnapshot b = snapshotOf(exclusive);
  CHECK(a.buckets() == b.buckets());
  CHECK(a.sum() == b.sum());
  CHECK(a.min() == b.min());
  CHECK(a.max() == b.max());
}

TEST_CASE("merging adds counts and sums and keeps the extremes") {
  HistogramRecorder a, b, empty;
  a.recordExclusive(5us);
  a.recordExclusive(1ms);
  b.recordExclusive(2us);
  b.recordExclusive(1ms);
  HistogramMerger merger;
  merger.add(a);
  merger.add(empty);
  merger.add(b);
  const HistogramSnapshot both = merger.snapshot();
  CHECK(both.count() == 4);
  CHECK(both.sum() == 2007us);
  CHECK(both.min() == 2us);
  CHECK(both.max() == 1ms);
  REQUIRE(both.buckets().size() == 3);
  CHECK(both.buckets().back().count == 2);
}

// --- percentiles ---------------------------------------------------------------------------------

TEST_CASE("percentiles are within 6.25 % of the nearest rank from 1 us to 1 h") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> magnitude(std::log(1e3), std::log(3.6e12));
    const std::size_t size = std::vector<std::size_t>{1, 2, 3, 10, 100, 999, 1000, 5000}[seed - 1];
    std::vector<nanoseconds> values(size);
    for (nanoseconds& value : values) {
      value = nanoseconds(std::clamp<std::int64_t>(
          static_cast<std::int64_t>(std::exp(magnitude(random))), 1000, 3'600'000'000'000));
    }
    const HistogramSnapshot snapshot = recorded(values);
    for (std::size_t percent = 0; percent <= 100; ++percent) {
      const auto truth = static_cast<double>(exact(values, percent).count());
      const auto measured =
          static_cast<double>(snapshot.percentile(static_cast<double>(percent)).count());
      INFO("seed " << seed << ", p" << percent << ": " << measured << " for " << truth);
      CHECK(std::abs(measured - truth) <= 0.0625 * truth);
    }
  }
}

TEST_CASE("a percentile is the nearest rank even where a share is no binary fraction") {
  // Each of the hundred values is 20 % above the one before, so a wrong rank exceeds the tolerance.
  std::vector<nanoseconds> values;
  for (int i = 0; i < 100; ++i) {
    values.push_back(nanoseconds(static_cast<std::int64_t>(1000 * std::pow(1.2, i))));
  }
  const HistogramSnapshot snapshot = recorded(values);
  for (std::size_t percent = 1; percent <= 100; ++percent) {
    const auto truth = static_cast<double>(values[percent - 1].count());
    const auto measured =
        static_cast<double>(snapshot.percentile(static_cast<double>(percent)).count());
    INFO("p" << percent);
    CHECK(std::abs(measured - truth) <= 0.0625 * truth);
  }
}

TEST_CASE("0 % is the minimum, 100 % is the maximum, and percentages outside are clamped") {
  const HistogramSnapshot snapshot = recorded({1234ns, 5ms, 5ms, 7654321ns});
  for (const double low : {0.0, -1.0, -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(snapshot.percentile(low) == 1234ns);
  }
  for (const double high : {100.0, 100.1, 1e300, std::numeric_limits<double>::infinity()}) {
    CHECK(snapshot.percentile(high) == 7654321ns);
  }
}

TEST_CASE("no percentile lies outside of minimum and maximum") {
  const HistogramSnapshot snapshot = recorded({1100ns, 1101ns, 1102ns});
  for (double percent = 0; percent <= 100; percent += 0.5) {
    CHECK(snapshot.percentile(percent) >= 1100ns);
    CHECK(snapshot.percentile(percent) <= 1102ns);
  }
}

TEST_CASE("percentiles do not decrease as the percentage rises") {
  std::vector<nanoseconds> values;
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; ++i) {
    values.push_back(nanoseconds(static_cast<std::int64_t>(random() % 10'000'000'000'000)));
  }
  const HistogramSnapshot snapshot = recorded(values);
  nanoseconds before{0};
  for (double percent = 0; percent <= 100; percent += 0.1) {
    const nanoseconds value = snapshot.percentile(percent);
    CHECK(value >= before);
    before = value;
  }
}
