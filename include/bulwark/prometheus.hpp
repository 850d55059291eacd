#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "bulwark/build.hpp"
#include "bulwark/bulkhead.hpp"
#include "bulwark/bulkhead_manager.hpp"
#include "bulwark/circuit_breaker.hpp"
#include "bulwark/detail/core/circuit.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/limiter/rate_gate.hpp"
#include "bulwark/detail/policy/retry_counters.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/prometheus_export.hpp"
#include "bulwark/rate_limiter.hpp"
#include "bulwark/retry.hpp"
#include "bulwark/semaphore_bulkhead.hpp"

/// @file
/// Exports metrics to Prometheus. The component is bulwark::prometheus. docs/metrics.md describes
/// each metric.

namespace bulwark::inline BULWARK_FLAVOUR {

namespace detail {
class Exposition;
class LimiterSource;
template <typename State>
class ManagerSource;
}  // namespace detail

/// Exports single bulkheads, semaphores, circuit breakers, rate limiters and retries to Prometheus.
/// Register it with the exposer of the service:
///
///     auto collector = std::make_shared<bulwark::BulkheadCollector>();
///     collector->add(database);
///     exposer.RegisterCollectable(collector);
///
/// Counters and histograms never decrease, even after reset(): they cover the whole life of a name.
/// The peaks are those since this collector was last scraped. Any number of collectors may export
/// the same bulkhead.
///
/// Thread-safe, except for construction and destruction. Scraping takes no lock that a call needs,
/// unless a configuration is changing at that moment, or a circuit breaker has an overdue call. For
/// each rate limiter it takes a short lock, which calls take only if they have to wait.
///
/// Lifetime: an added object may be destroyed at any time, before the collector or after it. The
/// collector exports it until its last permit is released (for a breaker, a rate limiter or a
/// retry: until its last call has ended). Two more scrapes export the final counts, and then the
/// memory is freed. About 1 KB remains for each name, with its totals, which a later object of that
/// name continues. That object may be added as soon as the old one is destroyed. While calls of the
/// old one still run, both are exported as one, with the limits of the new one.
///
/// Names: each byte that is not UTF-8 is exported as U+FFFD, because Prometheus would refuse the
/// whole scrape. Names that become equal count as one name.
///
/// Use one collector for each endpoint. Two would both begin the same metric, which the format
/// forbids.
class BULWARK_PROMETHEUS_EXPORT BulkheadCollector : public prometheus::Collectable {
 public:
  /// Creates an empty collector.
  BulkheadCollector();
  BulkheadCollector(const BulkheadCollector&) = delete;
  BulkheadCollector& operator=(const BulkheadCollector&) = delete;
  ~BulkheadCollector() override;

  /// Throws ConfigError if another bulkhead of that name is exported and not destroyed.
  template <typename Executor, typename Clock>
  void add(const Bulkhead<Executor, Clock>& bulkhead) {
    addLimiter(detail::Access::limiter(bulkhead));
  }
  /// Throws ConfigError if another semaphore of that name is exported and not destroyed.
  template <typename Executor, typename Clock>
  void add(const SemaphoreBulkhead<Executor, Clock>& semaphore) {
    addLimiter(detail::Access::limiter(semaphore));
  }
  /// Throws ConfigError if another breaker of that name is exported and not destroyed.
  template <typename Executor, typename Clock>
  void add(const CircuitBreaker<Executor, Clock>& breaker) {
    addBreaker(detail::Access::host(breaker), detail::Access::circuit(breaker));
  }
  /// Throws ConfigError if another rate limiter of that name is exported and not destroyed.
  template <typename Executor, typename Clock>
  void add(const RateLimiter<Executor, Clock>& limiter) {
    addGate(detail::Access::gate(limiter));
  }
  /// Throws ConfigError if another retry of that name is exported and not destroyed.
  template <typename Executor, typename Clock>
  void add(const Retry<Executor, Clock>& retry) {
    const auto& state = detail::Access::retryState(retry);
    addRetry(detail::Access::host(retry), state->counters(), state);
  }

  /// Called by Prometheus for each scrape. Series are sorted by name. Metrics without series are
  /// omitted.
  std::vector<prometheus::MetricFamily> Collect() const override;

 protected:
  /// For the library's own collectors: exports the content of `source`.
  explicit BulkheadCollector(std::unique_ptr<detail::LimiterSource> source);

 private:
  void addLimiter(detail::Limiter& limiter);
  void addBreaker(detail::Host& clock, std::shared_ptr<detail::Circuit> circuit);
  void addGate(detail::RateGate& gate);
  void addRetry(detail::Host& host, std::shared_ptr<const detail::RetryCounters> counters,
                std::weak_ptr<const void> users);

  const std::unique_ptr<detail::Exposition> exposition_;
};

/// Exports all bulkheads and semaphores of a manager, including those that are created later, and
/// the objects passed to add(). If two have the same name, it exports the one that it saw first,
/// and the other one after that is destroyed.
///
/// Lifetime: keeps the state of the manager alive until the collector is destroyed.
class ManagerCollector final : public BulkheadCollector {
 public:
  /// The manager may be destroyed before the collector.
  template <typename Executor, typename Clock>
  explicit ManagerCollector(const BulkheadManager<Executor, Clock>& manager)
      : BulkheadCollector(sourceOf(detail::Access::state(manager))) {}

 private:
  template <typename State>
  static std::unique_ptr<detail::LimiterSource> sourceOf(State& state) {
    return std::make_unique<detail::ManagerSource<State>>(state);
  }
};

namespace detail {

/// What a collector needs of a manager, independent of its executor and clock.
class LimiterSource {
 public:
  LimiterSource() = default;
  LimiterSource(const LimiterSource&) = delete;
  LimiterSource& operator=(const LimiterSource&) = delete;
  virtual ~LimiterSource() = default;

  /// How many there are. They are never removed.
  virtual std::size_t size() const noexcept = 0;
  virtual void forEach(const std::function<void(Limiter&)>& f) const = 0;
};

/// Keeps the state of a manager alive, so that a collector can read it after the manager is
/// destroyed.
template <typename State>
class ManagerSource final : public LimiterSource {
 public:
  explicit ManagerSource(State& state) noexcept : state_(&state) {}

  std::size_t size() const noexcept override { return state_->size(); }
  void forEach(const std::function<void(Limiter&)>& f) const override { state_->forEachLimiter(f); }

 private:
  const Ref<State> state_;
};

}  // namespace detail
}  // namespace bulwark
