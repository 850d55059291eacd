#pragma once

#include <bulwark/prometheus.hpp>

#include "support/catch.hpp"
#include "support/injection.hpp"
#include "support/instrumented_executor.hpp"
#include "support/manager_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using bulwark::BulkheadCollector;
using bulwark::CircuitBreakerConfig;
using bulwark::CircuitState;
using bulwark::ManagerCollector;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using RateLimiter = bulwark::RateLimiter<net::any_io_executor, ManualClock>;
using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;

const auto ignore = [](auto&&...) {};
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The result of one scrape.
class Scrape {
 public:
  explicit Scrape(const prometheus::Collectable& collector) : families_(collector.Collect()) {}

  /// Returns the names of the metrics in their order.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& family : families_) result.push_back(family.name);
    return result;
  }

  /// Returns the value of the series with that name and label values, or nothing if there is none.
  /// Fails the test if there are several.
  std::optional<double> value(const std::string& name, const std::string& thing,
                              const std::string& second = "") const {
    const prometheus::MetricFamily* family = nullptr;
    const prometheus::ClientMetric* metric = find(name, thing, second, &family);
    if (metric == nullptr) return std::nullopt;
    return family->type == prometheus::MetricType::Counter ? metric->counter.value
                                                           : metric->gauge.value;
  }

  const prometheus::ClientMetric::Histogram& histogram(const std::string& name,
                                                       const std::string& thing) const {
    static const prometheus::ClientMetric::Histogram none;
    const prometheus::ClientMetric* metric = find(name, thing, "", nullptr);
    return metric != nullptr ? metric->histogram : none;
  }

  /// Returns the values of the first label of that metric in their order.
  std::vector<std::string> things(const std::string& name) const {
    std::vector<std::string> result;
    for (const auto& family : families_) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) result.push_back(metric.label.at(0).value);
    }
    return result;
  }

  const std::vector<prometheus::MetricFamily>& families() const { return families_; }

 private:
  const prometheus::ClientMetric* find(const std::string& name, const std::string& thing,
                                       const std::string& second,
                                       const prometheus::MetricFamily** where) const {
    const prometheus::ClientMetric* found = nullptr;
    for (const auto& family : families_) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        if (metric.label.at(0).value != thing) continue;
        if (!second.empty() && metric.label.at(1).value != second) continue;
        CHECK(found == nullptr);
        found = &metric;
        if (where != nullptr) *where = &family;
      }
    }
    return found;
  }

  std::vector<prometheus::MetricFamily> families_;
};

/// Returns how many durations are in the buckets up to that upper bound, in seconds.
inline std::optional<std::uint64_t> upTo(const prometheus::ClientMetric::Histogram& histogram,
                                         double bound) {
  for (const auto& bucket : histogram.bucket) {
    if (bucket.upper_bound == bound) return bucket.cumulative_count;
  }
  return std::nullopt;
}

/// Makes a call that runs for `length`.
inline void run(Stage& stage, Bulkhead& bulkhead, ManualClock::duration length) {
  bulkhead.execute([length] { ManualClock::advance(length); }, ignore);
  stage.settle();
}
