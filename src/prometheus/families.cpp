#include "prometheus/families.hpp"

// The names of all metrics, and the value of each.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "bulwark/detail/telemetry/statistics.hpp"
#include "bulwark/limits.hpp"
#include "prometheus/buckets.hpp"
#include "prometheus/metric_table.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

MetricLimit limit(std::size_t value) noexcept {
  if (value == unlimited) return {};
  return static_cast<double>(value);
}

MetricLimit limit(std::chrono::nanoseconds value) noexcept {
  if (value == noTimeout) return {};
  return inSeconds(static_cast<std::uint64_t>(value.count()));
}

constexpr std::size_t at(Count count) noexcept { return static_cast<std::size_t>(count); }

/// The metrics that bulkheads and semaphores have in common.
void showState(MetricTable<LimiterMetrics>& table, const char* draining, const char* mode) {
  static constexpr std::array<std::pair<Mode, const char*>, 3> modes{
      {{Mode::enforce, "enforce"}, {Mode::observe, "observe"}, {Mode::off, "off"}}};
  table.gauge(draining, "1 while it accepts no calls because of a drain.",
              [](const LimiterMetrics::Row& c) { return c.load.draining ? 1 : 0; });
  table.each(mode, "1 for the present mode.", MetricType::Gauge, modes.size(),
             [&](MetricFamily& family, const LimiterMetrics::Row& c) {
               for (const auto& [value, name] : modes) {
                 table.add(family, c, "mode", name).gauge.value = c.load.mode == value ? 1 : 0;
               }
             });
}

}  // namespace

void showBulkheads(std::vector<MetricFamily>& families, LimiterMetrics::Rows rows) {
  MetricTable<LimiterMetrics> table(families, std::move(rows));
  table.gauge("bulkhead_active", "Permits held now: the weights of the running calls.",
              [](const LimiterMetrics::Row& c) { return c.active; });
  table.gauge("bulkhead_queued", "Calls that wait for permits now.",
              [](const LimiterMetrics::Row& c) { return c.queued; });
  table.gauge("bulkhead_max_concurrent", "The limit of bulkhead_active.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.permits); });
  table.gauge("bulkhead_max_queue_size", "The limit of bulkhead_queued.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.maxQueueSize); });
  table.gauge("bulkhead_timeout_seconds", "How long a call may wait without a timeout of its own.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.timeout); });
  table.gauge("bulkhead_peak_active", "Maximum of bulkhead_active since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.active; });
  table.gauge("bulkhead_peak_queued", "Maximum of bulkhead_queued since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.queued; });
  showState(table, "bulkhead_draining", "bulkhead_mode");
  table.counter("bulkhead_executed_total", "Calls that ran to their end.", at(Count::executed));
  table.counter("bulkhead_failed_total", "Calls that ran and threw.", at(Count::failed));
  table.counter("bulkhead_rejected_total",
                "Calls rejected because no permit was free and they could not be queued.",
                at(Count::rejected));
  table.counter("bulkhead_timeout_total", "Calls that timed out in the queue.",
                at(Count::timedOut));
  table.counter("bulkhead_cancelled_total",
                "Calls that did not run: cancelled by the caller, or the bulkhead was destroyed.",
                at(Count::cancelled));
  table.counter("bulkhead_drained_total",
                "Calls refused, or failed in the queue, because of a drain.", at(Count::drained));
  table.counter("bulkhead_over_limit_total",
                "Mode observe: calls that would have waited or been rejected.",
                at(Count::overLimit));
  table.histogram("bulkhead_execution_time_seconds", "How long executed and failed calls ran.",
                  LimiterMetrics::executionAt);
  table.histogram("bulkhead_wait_time_seconds", "How long the calls that ran had waited.",
                  LimiterMetrics::waitAt);
}

void showSemaphores(std::vector<MetricFamily>& families, LimiterMetrics::Rows rows) {
  MetricTable<LimiterMetrics> table(families, std::move(rows));
  table.gauge("semaphore_permits", "The limit of permits in use.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.permits); });
  table.gauge("semaphore_available", "Permits free now.", [](const LimiterMetrics::Row& c) {
    const bool finite = c.load.permits != unlimited;
    return limit(finite ? c.load.available() : unlimited);
  });
  table.gauge("semaphore_waiting", "Calls that wait for permits now.",
              [](const LimiterMetrics::Row& c) { return c.queued; });
  showState(table, "semaphore_draining", "semaphore_mode");
  table.counter("semaphore_acquired_total", "Calls that acquired their permits.",
                at(Count::acquired));
  table.counter("semaphore_timeout_total", "Calls that timed out in the queue.",
                at(Count::timedOut));
  table.counter("semaphore_rejected_total", "Calls rejected at once.", at(Count::rejected));
  table.histogram("semaphore_wait_time_seconds",
                  "How long the calls that acquired permits had waited.", LimiterMetrics::waitAt);
  table.histogram("semaphore_execution_time_seconds",
                  "How long work ran under its permits; bare permits are not timed.",
                  LimiterMetrics::executionAt);
}

void showBreakers(std::vector<MetricFamily>& families, BreakerMetrics::Rows rows) {
  static constexpr std::array<std::pair<CircuitState, const char*>, 3> states{
      {{CircuitState::closed, "closed"},
       {CircuitState::open, "open"},
       {CircuitState::halfOpen, "half_open"}}};
  static constexpr std::array<std::pair<BreakerMetrics::Total, const char*>, 4> outcomes{
      {{BreakerMetrics::succeeded, "succeeded"},
       {BreakerMetrics::failed, "failed"},
       {BreakerMetrics::ignored, "ignored"},
       {BreakerMetrics::refused, "refused"}}};
  MetricTable<BreakerMetrics> table(families, std::move(rows));
  table.each("circuit_breaker_state", "1 for the state that the next call would meet.",
             MetricType::Gauge, states.size(),
             [&](MetricFamily& family, const BreakerMetrics::Row& b) {
               for (const auto& [state, name] : states) {
                 table.add(family, b, "state", name).gauge.value = b.state == state ? 1 : 0;
               }
             });
  table.each("circuit_breaker_calls_total", "Calls, by outcome.", MetricType::Counter,
             outcomes.size(), [&](MetricFamily& family, const BreakerMetrics::Row& b) {
               for (const auto& [outcome, name] : outcomes) {
                 table.add(family, b, "outcome", name).counter.value =
                     static_cast<double>(b.numbers[outcome]);
               }
             });
  table.counter("circuit_breaker_slow_calls_total",
                "Calls, not ignored, that took or have been running longer than slowCallDuration.",
                BreakerMetrics::slow);
  table.counter("circuit_breaker_opened_total", "How often the circuit opened.",
                BreakerMetrics::opened);
}

}  // namespace bulwark::detail
