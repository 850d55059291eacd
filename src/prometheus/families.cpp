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

/// Each mode, with 1 for that of the row.
template <typename Object, typename ModeOf>
void showMode(MetricTable<Object>& table, const char* metric, ModeOf modeOf) {
  static constexpr std::array<std::pair<Mode, const char*>, 3> modes{
      {{Mode::enforce, "enforce"}, {Mode::observe, "observe"}, {Mode::off, "off"}}};
  table.each(metric, "1 for the present mode.", MetricType::Gauge, modes.size(),
             [&](MetricFamily& family, const typename Object::Row& row) {
               for (const auto& [value, name] : modes) {
                 table.add(family, row, "mode", name).gauge.value = modeOf(row) == value ? 1 : 0;
               }
             });
}

template <typename Object>
void showDraining(MetricTable<Object>& table, const char* metric) {
  table.gauge(metric, "1 while it accepts no calls because of a drain.",
              [](const typename Object::Row& row) { return row.load.draining ? 1 : 0; });
}

/// The metrics that bulkheads and semaphores have in common.
void showState(MetricTable<LimiterMetrics>& table, const char* draining, const char* mode) {
  showDraining(table, draining);
  showMode(table, mode, [](const LimiterMetrics::Row& c) { return c.limits.mode; });
}

}  // namespace

void showBulkheads(std::vector<MetricFamily>& families, LimiterMetrics::Rows rows) {
  MetricTable<LimiterMetrics> table(families, std::move(rows));
  table.gauge("bulkhead_active", "Permits held now: the weights of the running calls.",
              [](const LimiterMetrics::Row& c) { return c.active; });
  table.gauge("bulkhead_queued", "Calls that wait for permits now.",
              [](const LimiterMetrics::Row& c) { return c.queued; });
  table.gauge("bulkhead_overdue", "Running calls whose execution timeout has passed.",
              [](const LimiterMetrics::Row& c) { return c.overdue; });
  table.gauge("bulkhead_max_concurrent", "The limit of bulkhead_active.",
              [](const LimiterMetrics::Row& c) { return limit(c.limits.permits); });
  table.gauge("bulkhead_max_queue_size", "The limit of bulkhead_queued.",
              [](const LimiterMetrics::Row& c) { return limit(c.limits.maxQueueSize); });
  table.gauge("bulkhead_max_overdue", "The value of bulkhead_overdue at which it is stalled.",
              [](const LimiterMetrics::Row& c) { return limit(c.limits.maxOverdue); });
  table.gauge("bulkhead_timeout_seconds", "How long a call may wait without a timeout of its own.",
              [](const LimiterMetrics::Row& c) { return limit(c.limits.timeout); });
  table.gauge("bulkhead_execution_timeout_seconds",
              "How long the work of a call may take without a timeout of its own.",
              [](const LimiterMetrics::Row& c) { return limit(c.limits.executionTimeout); });
  table.gauge("bulkhead_peak_active", "Maximum of bulkhead_active since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.active; });
  table.gauge("bulkhead_peak_queued", "Maximum of bulkhead_queued since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.queued; });
  showState(table, "bulkhead_draining", "bulkhead_mode");
  table.counter("bulkhead_executed_total", "Calls that ran and did not fail.", at(Count::executed));
  table.counter("bulkhead_failed_total", "Calls that ran, and threw or had a failed result.",
                at(Count::failed));
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
  table.counter("bulkhead_overran_total",
                "Calls that ran for longer than their execution timeout, and have ended.",
                at(Count::overran));
  table.counter("bulkhead_over_limit_total",
                "Mode observe: calls that would have waited or been rejected.",
                at(Count::overLimit));
  table.histogram("bulkhead_execution_time_seconds", "How long calls ran.",
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
  showMode(table, "circuit_breaker_mode", [](const BreakerMetrics::Row& b) { return b.mode; });
  table.counter("circuit_breaker_would_have_refused_total",
                "Mode observe: calls that enforce would have refused.",
                BreakerMetrics::wouldHaveRefused);
}

void showRateLimiters(std::vector<MetricFamily>& families, RateMetrics::Rows rows) {
  MetricTable<RateMetrics> table(families, std::move(rows));
  table.gauge("rate_limiter_available", "Permits that calls would get now.",
              [](const RateMetrics::Row& l) { return l.load.available; });
  table.gauge("rate_limiter_queued", "Calls that wait for their turn now.",
              [](const RateMetrics::Row& l) { return l.queued; });
  table.gauge("rate_limiter_permits_per_second", "The configured rate.",
              [](const RateMetrics::Row& l) {
                return static_cast<double>(l.load.limits.permits) /
                       inSeconds(static_cast<std::uint64_t>(l.load.limits.per.count()));
              });
  table.gauge("rate_limiter_burst", "The limit of rate_limiter_available.",
              [](const RateMetrics::Row& l) { return limit(l.load.limits.burst); });
  table.gauge("rate_limiter_max_queue_size", "The limit of rate_limiter_queued.",
              [](const RateMetrics::Row& l) { return limit(l.load.limits.maxQueueSize); });
  table.gauge("rate_limiter_timeout_seconds",
              "How long a call may wait without a timeout of its own.",
              [](const RateMetrics::Row& l) { return limit(l.load.limits.timeout); });
  showDraining(table, "rate_limiter_draining");
  showMode(table, "rate_limiter_mode",
           [](const RateMetrics::Row& l) { return l.load.limits.mode; });
  table.counter("rate_limiter_executed_total", "Calls that had their turn and did not fail.",
                at(Count::executed));
  table.counter("rate_limiter_failed_total",
                "Calls that had their turn, and threw or had a failed result.", at(Count::failed));
  table.counter("rate_limiter_rejected_total",
                "Calls refused because their turn would have come too late.", at(Count::rejected));
  table.counter("rate_limiter_timeout_total",
                "Calls whose turn moved beyond their timeout while they waited.",
                at(Count::timedOut));
  table.counter("rate_limiter_cancelled_total",
                "Calls cancelled while they waited, or destroyed before they ended.",
                at(Count::cancelled));
  table.counter("rate_limiter_drained_total",
                "Calls refused, or failed in the queue, because of a drain.", at(Count::drained));
  table.counter("rate_limiter_over_limit_total",
                "Mode observe: calls that would have waited or been refused.",
                at(Count::overLimit));
  table.histogram("rate_limiter_wait_time_seconds", "How long calls waited for their turn.",
                  RateMetrics::waitAt);
}

void showRetries(std::vector<MetricFamily>& families, RetryMetrics::Rows rows) {
  MetricTable<RetryMetrics> table(families, std::move(rows));
  table.counter("retry_calls_total", "Calls whose first attempt has begun.", RetryMetrics::calls);
  table.counter("retry_attempts_total", "Attempts that have begun.", RetryMetrics::attempts);
  table.counter("retry_retried_total", "Calls that made more than one attempt.",
                RetryMetrics::retried);
  table.counter("retry_recovered_total", "Calls that succeeded after the first attempt.",
                RetryMetrics::recovered);
  table.counter("retry_exhausted_total", "Calls that failed in attempt number maxAttempts.",
                RetryMetrics::exhausted);
  table.counter("retry_over_budget_total", "Calls that ended because the budget was empty.",
                RetryMetrics::overBudget);
}

}  // namespace bulwark::detail
