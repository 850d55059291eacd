// Compares recorders and their merged snapshots with a plain vector of the recorded values.

#include <bulwark/detail/telemetry/histogram_merger.hpp>
#include <bulwark/detail/telemetry/histogram_recorder.hpp>
#include <bulwark/histogram.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "bytes.hpp"

namespace {

using bulwark::HistogramSnapshot;
using bulwark::detail::HistogramMerger;
using bulwark::detail::HistogramRecorder;
using std::chrono::nanoseconds;

/// From this duration on, a histogram is accurate to 6.25 %.
constexpr nanoseconds least = std::chrono::microseconds(1);
constexpr nanoseconds most = std::chrono::hours(1);

class Comparison {
 public:
  explicit Comparison(fuzz::Bytes bytes) : bytes_(bytes) {}

  void run() {
    while (!bytes_.empty()) {
      const unsigned choice = bytes_.byte();
      const std::size_t which = choice % recorders_.size();
      if (choice < 240) {
        record(which, choice / 2 % 2 != 0);
      } else if (choice < 248) {
        recorders_[which].clear();
        values_[which].clear();
      } else {
        compare();
      }
    }
    compare();
  }

 private:
  void record(std::size_t which, bool shared) {
    const nanoseconds value = duration();
    if (shared) {
      recorders_[which].recordShared(value);
    } else {
      recorders_[which].recordExclusive(value);
    }
    values_[which].push_back(std::max(value, nanoseconds(0)));
  }

  /// Any duration whose sum does not overflow: an input has a few thousand at most.
  nanoseconds duration() {
    const unsigned choice = bytes_.byte();
    const auto number = static_cast<std::int64_t>(bytes_.number(choice % 7));
    if (choice >= 250) return nanoseconds(-number);
    if (choice >= 200) return nanoseconds((std::int64_t{1} << (choice - 200)) + number % 3 - 1);
    return nanoseconds(number);
  }

  void compare() const {
    std::vector<nanoseconds> all;
    HistogramMerger merger;
    for (std::size_t i = 0; i < recorders_.size(); ++i) {
      merger.add(recorders_[i]);
      all.insert(all.end(), values_[i].begin(), values_[i].end());
    }
    std::sort(all.begin(), all.end());
    const HistogramSnapshot snapshot = merger.snapshot();
    nanoseconds sum{0};
    for (const nanoseconds value : all) sum += value;
    equal("count", snapshot.count(), all.size());
    equal("sum", snapshot.sum().count(), sum.count());
    equal("min", snapshot.min().count(), all.empty() ? 0 : all.front().count());
    equal("max", snapshot.max().count(), all.empty() ? 0 : all.back().count());
    equal("mean", snapshot.mean().count(),
          all.empty() ? 0 : sum.count() / static_cast<std::int64_t>(all.size()));
    compareBuckets(snapshot, all);
    for (const double percent : {0.0, 0.1, 1.0, 7.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      comparePercentile(snapshot, all, percent);
    }
    comparePercentile(snapshot, all, static_cast<double>(all.size() % 101));
  }

  /// Checks that each value is in the first bucket whose bound is not below it.
  static void compareBuckets(const HistogramSnapshot& snapshot,
                             const std::vector<nanoseconds>& sorted) {
    auto value = sorted.begin();
    for (const auto& bucket : snapshot.buckets()) {
      const auto end = std::upper_bound(value, sorted.end(), bucket.upperBound);
      equal("bucket", bucket.count, static_cast<std::uint64_t>(end - value));
      if (bucket.count == 0) fail("an empty bucket");
      value = end;
    }
    if (value != sorted.end()) fail("a value in no bucket");
  }

  static void comparePercentile(const HistogramSnapshot& snapshot,
                                const std::vector<nanoseconds>& sorted, double percent) {
    const nanoseconds estimate = snapshot.percentile(percent);
    if (sorted.empty()) return equal("percentile of nothing", estimate.count(), 0);
    const auto rank =
        static_cast<std::size_t>(std::ceil(percent * static_cast<double>(sorted.size()) / 100));
    const nanoseconds exact = sorted[std::max<std::size_t>(rank, 1) - 1];
    if (estimate < sorted.front() || estimate > sorted.back())
      fail("a percentile outside of min and max");
    if (exact < least || exact > most) return;
    const double error = std::abs(static_cast<double>((estimate - exact).count()));
    if (error <= 0.0625 * static_cast<double>(exact.count())) return;
    fmt::print(stderr, "percentile {} of {} values: exact {} ns, bulwark {} ns\n", percent,
               sorted.size(), exact.count(), estimate.count());
    std::abort();
  }

  template <typename A, typename B>
  static void equal(const char* what, A actual, B expected) {
    if (std::cmp_equal(actual, expected)) return;
    fmt::print(stderr, "{}: reference {}, bulwark {}\n", what, expected, actual);
    std::abort();
  }

  [[noreturn]] static void fail(const char* what) {
    fmt::print(stderr, "{}\n", what);
    std::abort();
  }

  fuzz::Bytes bytes_;
  std::array<HistogramRecorder, 2> recorders_;
  std::array<std::vector<nanoseconds>, 2> values_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Comparison(fuzz::Bytes(data, size)).run();
  return 0;
}
