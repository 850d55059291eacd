#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/call_options.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/verdict.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What one call asks for. Empty: as configured. A call without work, such as acquire(), does not
/// read the execution timeout.
struct CallRequest {
  std::size_t weight = 1;
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  std::optional<std::chrono::nanoseconds> executionTimeout{};
  std::optional<std::chrono::nanoseconds> budget{};  // of the whole call, wait and work

  /// Whether the budget is used up already.
  bool isLate() const noexcept { return budget && budget->count() <= 0; }

  /// How long the call may wait, where `configured` is the queue timeout of its bulkhead.
  std::optional<std::chrono::nanoseconds> patience(
      std::chrono::nanoseconds configured) const noexcept {
    if (!budget) return queueTimeout;
    return (std::min)(queueTimeout.value_or(configured), *budget);
  }
  /// How long its work may take, where `configured` is the execution timeout of its bulkhead.
  Instant limit(Instant configured) const noexcept { return executionTimeout.value_or(configured); }
  /// Whether the call has to watch the clock while its work runs.
  bool isTimed(Instant workLimit) const noexcept { return budget || workLimit != never; }
  /// The verdict of a call whose time has passed before it begins; otherwise `granted`.
  Verdict lateness(Instant workLimit) const noexcept {
    if (isLate()) return Verdict::deadlineExceeded;
    return workLimit <= Instant{0} ? Verdict::overdue : Verdict::granted;
  }
  /// Whether it is the budget that ends the wait.
  bool isBudgeted(std::chrono::nanoseconds configured) const noexcept {
    return budget && *budget <= queueTimeout.value_or(configured);
  }
};

inline CallRequest requestOf(const CallOptions& options) noexcept {
  return {options.permits, options.queueTimeout, options.executionTimeout, options.budget};
}

}  // namespace bulwark::detail
