#pragma once

// What is read from one rate limiter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <prometheus/client_metric.h>

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/rate_gate.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "prometheus/buckets.hpp"
#include "prometheus/monotonic.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The metrics of a rate limiter. Not thread-safe; the calls of the limiter go on.
class RateMetrics {
 public:
  // The totals: counters, wait times.
  static constexpr std::size_t waitAt = countKinds;
  static constexpr std::size_t totalKinds = waitAt + histogramNumbers;
  using Totals = MetricNumbers<totalKinds>;

  /// The values of one object, or the sums over several objects of one name.
  struct Row {
    prometheus::ClientMetric::Label label;
    Totals numbers{};
    std::size_t queued = 0;
    RateGate::Load load{};  // of the last object only
  };
  using Rows = std::vector<const Row*>;

  explicit RateMetrics(RateGate& gate) noexcept : gate_(&gate) {}

  bool destroyed() const noexcept { return gate_->destroyed(); }
  /// Whether no call begins or ends any more.
  bool quiescent() const noexcept { return gate_->quiescent(); }

  void addTo(Totals& sum) noexcept {
    shown_.advanceTo(present());
    shown_.addTo(sum);
  }
  void addTo(Row& row) noexcept {
    addTo(row.numbers);
    row.load = gate_->load();
    row.queued += row.load.queued;
  }

 private:
  Totals present() const noexcept {
    Totals result{};
    std::array<std::uint64_t, histogramNumbers> executions{};  // a rate limiter times none
    gate_->addTo({.ends = bucketEnds,
                  .counts = result.data(),
                  .execution = executions.data(),
                  .wait = &result[waitAt]});
    return result;
  }

  Ref<RateGate> gate_;
  Monotonic<totalKinds> shown_;
};

}  // namespace bulwark::detail
