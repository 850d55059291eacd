#pragma once

/// @file
/// CallOptions: what a single call asks for.

#include <chrono>
#include <cstddef>
#include <optional>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Options of a single call of a bulkhead or a rate limiter. A retry takes the budget.
struct CallOptions {
  /// Replaces the queue timeout of the bulkhead. 0 or negative (a deadline that has passed): the
  /// call may not wait.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  /// Weight of the call: how many permits it acquires, from 1 to maxConcurrent.
  std::size_t permits = 1;
  /// Replaces the execution timeout of the bulkhead. 0 or negative (a deadline that has passed):
  /// the call times out at once (ExecutionTimeoutError), is counted as timed out, and does not run.
  /// acquire() ignores it.
  std::optional<std::chrono::nanoseconds> executionTimeout{};
  /// How long the whole call may take, its wait and its work. If that time ends before the work
  /// begins, the call does not run (DeadlineExceededError, counted as timed out); if it ends while
  /// the work runs, that is an execution timeout. 0 or negative: the call is refused at once. For
  /// acquire() it bounds the wait.
  std::optional<std::chrono::nanoseconds> budget{};
};

}  // namespace bulwark
