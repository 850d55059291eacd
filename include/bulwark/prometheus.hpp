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
#include "bulwark/detail/breaker.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/facade.hpp"
#include "bulwark/detail/shared_state.hpp"
#include "bulwark/prometheus_export.hpp"
#include "bulwark/semaphore_bulkhead.hpp"

/// @file
/// The component bulwark::prometheus. Its metrics, one by one: docs/metrics.md.

namespace bulwark::inline BULWARK_FLAVOUR {

namespace detail {

class Exposition;

/// A manager as a collector sees it, whatever its executor and clock.
class CompartmentSource {
 public:
  CompartmentSource() = default;
  CompartmentSource(const CompartmentSource&) = delete;
  CompartmentSource& operator=(const CompartmentSource&) = delete;
  virtual ~CompartmentSource() = default;

  /// How many there are. They come and never go.
  virtual std::size_t size() const noexcept = 0;
  virtual void forEach(const std::function<void(Compartment&)>& f) const = 0;
};

/// Holds what stands behind a manager, so that it may be asked when the manager is gone.
template <typename State>
class ManagerSource final : public CompartmentSource {
 public:
  explicit ManagerSource(State& state) noexcept : state_(&state) {}

  std::size_t size() const noexcept override { return state_->size(); }
  void forEach(const std::function<void(Compartment&)>& f) const override {
    state_->forEachCompartment(f);
  }

 private:
  const Ref<State> state_;
};

}  // namespace detail

/// Shows single bulkheads, semaphores and circuit breakers to Prometheus. Register it with the
/// exposer that the service has:
///
///     auto collector = std::make_shared<bulwark::BulkheadCollector>();
///     collector->add(database);
///     exposer.RegisterCollectable(collector);
///
/// Counters and histograms never step back, whatever reset() does: they count the whole life of a
/// name. The peaks are those since this collector was last scraped; any number of collectors may
/// look at the same bulkhead.
///
/// Thread safety: everything, from any thread, but construction and destruction. Scraping takes no
/// lock that a call needs.
///
/// Lifetime: what was added may be destroyed at any time, before the collector or after it. It is
/// shown until its last permit is back (of a breaker: until its last call has ended), by two more
/// scrapes, for the last counts, and then no longer; then its memory is given back, but for 1 KB
/// with the name and the numbers, where another one of that name goes on. That one may be added as
/// soon as the old one is destroyed: while calls of the old one run, the two are shown as one, with
/// the limits of the new one.
///
/// Names: each byte of one that is no UTF-8 is shown as U+FFFD, because Prometheus would refuse the
/// whole scrape. Two names that are the same then are one name here.
///
/// One collector an endpoint: two would both begin the same metric, which the format forbids.
class BULWARK_PROMETHEUS_EXPORT BulkheadCollector : public prometheus::Collectable {
 public:
  /// Shows nothing yet.
  BulkheadCollector();
  BulkheadCollector(const BulkheadCollector&) = delete;
  BulkheadCollector& operator=(const BulkheadCollector&) = delete;
  ~BulkheadCollector() override;

  /// Throws ConfigError: another bulkhead of that name is shown, and not destroyed.
  template <typename Executor, typename Clock>
  void add(const Bulkhead<Executor, Clock>& bulkhead) {
    addCompartment(detail::FacadeAccess::compartment(bulkhead));
  }
  /// Throws ConfigError: another semaphore of that name is shown, and not destroyed.
  template <typename Executor, typename Clock>
  void add(const SemaphoreBulkhead<Executor, Clock>& semaphore) {
    addCompartment(detail::FacadeAccess::compartment(semaphore));
  }
  /// Throws ConfigError: another breaker of that name is shown, and not destroyed.
  template <typename Executor, typename Clock>
  void add(const CircuitBreaker<Executor, Clock>& breaker) {
    addBreaker(detail::FacadeAccess::compartment(breaker), detail::FacadeAccess::breaker(breaker));
  }

  /// What Prometheus calls for each scrape. Series come in the order of names; a metric that none
  /// of them has is left out.
  std::vector<prometheus::MetricFamily> Collect() const override;

 protected:
  /// For the library's own collectors: shows what `source` has.
  explicit BulkheadCollector(std::unique_ptr<detail::CompartmentSource> source);

 private:
  void addCompartment(detail::Compartment& compartment);
  void addBreaker(detail::Compartment& clock, std::shared_ptr<detail::Breaker> breaker);

  const std::unique_ptr<detail::Exposition> exposition_;
};

/// Shows all bulkheads and semaphores of a manager, those included that come later, and what is
/// added. Where two have one name, the first that it saw, and the other one when that is destroyed.
///
/// Lifetime: holds what stands behind the manager until it is destroyed itself.
class ManagerCollector final : public BulkheadCollector {
 public:
  /// The manager may be destroyed before the collector.
  template <typename Executor, typename Clock>
  explicit ManagerCollector(const BulkheadManager<Executor, Clock>& manager)
      : BulkheadCollector(sourceOf(detail::FacadeAccess::state(manager))) {}

 private:
  template <typename State>
  static std::unique_ptr<detail::CompartmentSource> sourceOf(State& state) {
    return std::make_unique<detail::ManagerSource<State>>(state);
  }
};

}  // namespace bulwark
