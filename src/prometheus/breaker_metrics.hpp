#pragma once

// What is read from one circuit breaker.

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <prometheus/client_metric.h>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/circuit.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/limits.hpp"
#include "prometheus/monotonic.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The metrics of a circuit breaker. Not thread-safe; the calls of the breaker go on.
class BreakerMetrics {
 public:
  /// The places of the totals.
  enum Total : std::size_t { succeeded, failed, ignored, refused, slow, opened, wouldHaveRefused };
  static constexpr std::size_t totalKinds = 7;
  using Totals = MetricNumbers<totalKinds>;

  /// The values of one object, or the sums over several objects of one name.
  struct Row {
    prometheus::ClientMetric::Label label;
    Totals numbers{};
    // Of the last object only.
    CircuitState state = CircuitState::closed;
    Mode mode = Mode::enforce;
  };
  using Rows = std::vector<const Row*>;

  BreakerMetrics(Host& clock, std::shared_ptr<Circuit> breaker) noexcept
      : watch_(std::move(breaker)), clock_(&clock) {}

  bool destroyed() const noexcept { return clock_->destroyed(); }
  /// Whether no call begins or ends any more. The running calls of a breaker hold its circuit.
  bool quiescent() const noexcept { return destroyed() && watch_.alone(); }

  /// What catches up with the expiries of the breaker. It may call callbacks of the user, so the
  /// caller of addTo() calls it before, and without a lock.
  auto catchUp() const {
    return [clock = clock_, circuit = watch_.pointer()] { circuit->state(clock->now()); };
  }

  void addTo(Totals& sum) noexcept { addTotals(present(), sum); }
  void addTo(Row& row) noexcept {
    const CircuitBreakerStats now = present();
    addTotals(now, row.numbers);
    row.state = now.state;
    row.mode = now.mode;
  }

 private:
  CircuitBreakerStats present() const noexcept { return watch_.circuit().totals(clock_->now()); }

  void addTotals(const CircuitBreakerStats& now, Totals& sum) noexcept {
    shown_.advanceTo({now.succeeded, now.failed, now.ignored, now.refused, now.slow, now.opened,
                      now.wouldHaveRefused});
    shown_.addTo(sum);
  }

  CircuitWatch watch_;
  Ref<Host> clock_;  // the breaker's host; also knows whether the breaker is destroyed
  Monotonic<totalKinds> shown_;
};

}  // namespace bulwark::detail
