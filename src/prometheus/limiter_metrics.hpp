#pragma once

// What is read from one bulkhead or semaphore.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <prometheus/client_metric.h>

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/limiter/peak_watch.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "prometheus/buckets.hpp"
#include "prometheus/monotonic.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The metrics of a bulkhead or a semaphore. Not thread-safe; the calls of the limiter go on.
class LimiterMetrics {
 public:
  // The totals: counters, execution times, wait times.
  static constexpr std::size_t executionAt = countKinds;
  static constexpr std::size_t waitAt = executionAt + histogramNumbers;
  static constexpr std::size_t totalKinds = waitAt + histogramNumbers;
  using Totals = MetricNumbers<totalKinds>;

  /// The values of one object, or the sums over several objects of one name.
  struct Row {
    prometheus::ClientMetric::Label label;
    Totals numbers{};
    std::size_t active = 0;
    std::size_t queued = 0;
    std::size_t overdue = 0;
    Admission::Peaks peaks{};
    Admission::Numbers load{};  // of the last object only
    Limits limits{};            // of the last object only
  };
  using Rows = std::vector<const Row*>;

  explicit LimiterMetrics(Limiter& limiter) noexcept : watch_(limiter) {}

  bool destroyed() const noexcept { return limiter().destroyed(); }
  /// Whether no call begins or ends any more.
  bool quiescent() const noexcept { return limiter().quiescent(); }

  /// Reads the totals, and adds them to `sum`.
  void addTo(Totals& sum) noexcept {
    shown_.advanceTo(present());
    shown_.addTo(sum);
  }
  /// Reads everything, and adds it to `row`. A new interval begins for the peaks.
  void addTo(Row& row) noexcept {
    addTo(row.numbers);
    row.load = limiter().load();
    row.limits = limiter().limits();
    row.active += row.load.active;
    row.queued += row.load.queued;
    row.overdue += row.load.overdue;
    if (limiter().kind() == CompartmentKind::semaphore) return;  // no metric shows its peaks
    // A call that has just entered may not have raised the peak yet.
    const Admission::Peaks peaks = watch_.take();
    row.peaks.active += std::max(peaks.active, row.load.active);
    row.peaks.queued += std::max(peaks.queued, row.load.queued);
  }

 private:
  Limiter& limiter() const noexcept { return watch_.limiter(); }

  Totals present() const noexcept {
    Totals result{};
    limiter().addTo({.ends = bucketEnds,
                     .counts = result.data(),
                     .execution = &result[executionAt],
                     .wait = &result[waitAt]});
    return result;
  }

  PeakWatch watch_;
  Monotonic<totalKinds> shown_;
};

}  // namespace bulwark::detail
