#pragma once

/// @file
/// The configuration of a Bulkhead, and changes to it.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Configuration of a Bulkhead. A plain value.
struct BulkheadConfig {
  /// Appears in errors and statistics. Need not be unique.
  std::string name{};
  /// Number of permits: how many calls of weight 1 may run at once. At least 1; `unlimited`: no
  /// limit.
  std::size_t maxConcurrent = 10;
  /// How many calls may wait. 0: a call that finds no free permit is rejected; `unlimited`: no
  /// limit.
  std::size_t maxQueueSize = 50;
  /// How long a call may wait. Not negative; 0: it may not wait; `noTimeout`: no time limit.
  std::chrono::nanoseconds queueTimeout = std::chrono::seconds{30};
  /// How strictly the limits are applied.
  Mode mode = Mode::enforce;
  /// How long the work of a call may take, from its start. Positive; `noTimeout`: no time limit.
  /// After that time the call is *overdue*: its work is asked to cancel, and keeps its permits
  /// until it ends. Does not concern acquire() and tryAcquire().
  std::chrono::nanoseconds executionTimeout = noTimeout;
  /// When the caller is told that its call is overdue.
  Overrun overrun = Overrun::detach;
  /// How many calls may be overdue before the event `stalled` is reported. At least 1; `unlimited`:
  /// it never is.
  std::size_t maxOverdue = unlimited;
};

/// New values for some fields of a BulkheadConfig. Empty fields stay unchanged.
struct BulkheadOverrides {
  std::optional<std::size_t> maxConcurrent{};  ///< At least 1; `unlimited`: no limit.
  /// At least 0; `unlimited`: no limit. Shrinking the queue does not evict waiting calls.
  std::optional<std::size_t> maxQueueSize{};
  /// Not negative. Applies to calls that are queued after the change.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  std::optional<Mode> mode{};  ///< `observe` and `off` admit every waiting call.
  /// Positive; `noTimeout`: no time limit. Applies to calls that are started after the change.
  std::optional<std::chrono::nanoseconds> executionTimeout{};
  std::optional<Overrun> overrun{};  ///< Applies to calls that are started after the change.
  std::optional<std::size_t> maxOverdue{};  ///< At least 1; `unlimited`: no event.
};

}  // namespace bulwark
