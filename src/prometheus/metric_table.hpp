#pragma once

// How rows of values become families of metrics.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include "bulwark/build.hpp"
#include "config/float_bits.hpp"
#include "prometheus/buckets.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A limit. None: `unlimited` or `noTimeout`, which Prometheus shows as infinity.
using MetricLimit = std::optional<double>;

/// Turns the rows of one kind of object into families of metrics.
template <typename Object>
class MetricTable {
 public:
  using ClientMetric = prometheus::ClientMetric;
  using MetricFamily = prometheus::MetricFamily;
  using MetricType = prometheus::MetricType;
  using Row = typename Object::Row;
  using Rows = typename Object::Rows;

  MetricTable(std::vector<MetricFamily>& families, Rows rows)
      : families_(families), rows_(std::move(rows)) {}

  /// A gauge, with value(row) for each row.
  template <typename Value>
  void gauge(const char* name, const char* help, Value value) {
    each(name, help, MetricType::Gauge, 1, [&](MetricFamily& family, const Row& row) {
      show(add(family, row).gauge.value, value(row));
    });
  }

  /// A counter of numbers[number].
  void counter(const char* name, const char* help, std::size_t number) {
    each(name, help, MetricType::Counter, 1, [&](MetricFamily& family, const Row& row) {
      add(family, row).counter.value = static_cast<double>(row.numbers[number]);
    });
  }

  /// A histogram whose numbers begin at `first`.
  void histogram(const char* name, const char* help, std::size_t first) {
    each(name, help, MetricType::Histogram, 1, [&](MetricFamily& family, const Row& row) {
      auto& histogram = add(family, row).histogram;
      histogram.bucket.resize(bucketBounds.size());
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < bucketBounds.size(); ++i) {
        count += row.numbers[first + i];
        histogram.bucket[i] = {count, bucketBoundsInSeconds[i]};
      }
      histogram.sample_count = count + row.numbers[first + bucketBounds.size()];
      histogram.sample_sum = inSeconds(row.numbers[first + bucketEnds.size()]);
    });
  }

  /// Calls fill(family, row) for each row. It adds `series` series, which another label
  /// distinguishes.
  template <typename Fill>
  void each(const char* name, const char* help, MetricType type, std::size_t series, Fill fill) {
    if (rows_.empty()) return;
    MetricFamily& family = families_.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    family.metric.reserve(rows_.size() * series);
    for (const Row* row : rows_) fill(family, *row);
  }

  ClientMetric& add(MetricFamily& family, const Row& row, const char* label = nullptr,
                    const char* value = nullptr) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label.reserve(label != nullptr ? 2 : 1);
    metric.label.push_back(row.label);
    if (label != nullptr) metric.label.push_back({label, value});
    return metric;
  }

 private:
  template <typename Number>
  static void show(double& shown, Number value) noexcept {
    shown = static_cast<double>(value);
  }
  static void show(double& shown, MetricLimit value) noexcept {
    if (value) {
      shown = *value;
    } else {
      setToInfinity(shown);
    }
  }

  std::vector<MetricFamily>& families_;
  const Rows rows_;
};

}  // namespace bulwark::detail
