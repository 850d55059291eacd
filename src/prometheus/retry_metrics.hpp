#pragma once

// What is read from one retry.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/client_metric.h>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/policy/retry_counters.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "prometheus/monotonic.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The metrics of a retry. Not thread-safe; the calls of the retry go on.
class RetryMetrics {
 public:
  /// The places of the totals.
  enum Total : std::size_t { calls, attempts, retried, recovered, exhausted, overBudget };
  static constexpr std::size_t totalKinds = 6;
  using Totals = MetricNumbers<totalKinds>;

  /// The values of one object, or the sums over several objects of one name.
  struct Row {
    prometheus::ClientMetric::Label label;
    Totals numbers{};
  };
  using Rows = std::vector<const Row*>;

  /// @param users expires when neither the retry nor a call of it exists any more
  RetryMetrics(Host& host, std::shared_ptr<const RetryCounters> counters,
               std::weak_ptr<const void> users) noexcept
      : host_(&host), counters_(std::move(counters)), users_(std::move(users)) {}

  bool destroyed() const noexcept { return host_->destroyed(); }
  /// Whether no call begins or ends any more.
  bool quiescent() const noexcept {
    if (!destroyed() || !users_.expired()) return false;
    // expired() is relaxed. Pairs with the release by which the last user left.
    fence(std::memory_order_acquire);
    return true;
  }

  void addTo(Totals& sum) noexcept {
    const RetryStats now = counters_->read({});
    shown_.advanceTo(
        {now.calls, now.attempts, now.retried, now.recovered, now.exhausted, now.overBudget});
    shown_.addTo(sum);
  }
  void addTo(Row& row) noexcept { addTo(row.numbers); }

 private:
  Ref<Host> host_;
  std::shared_ptr<const RetryCounters> counters_;
  std::weak_ptr<const void> users_;
  Monotonic<totalKinds> shown_;
};

}  // namespace bulwark::detail
