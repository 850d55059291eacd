#pragma once

/// @file
/// The configurations of a Retry and of a RetryBudget.

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Configuration of a RetryBudget. A plain value.
struct RetryBudgetConfig {
  /// How much of a retry each call pays for: 0, or from 0.001 to 1. Rounded to thousandths.
  double ratio = 0.1;
  /// How many retries a second are paid for, however few calls there are: 0, or from 0.001 to
  /// 1,000,000. Rounded to thousandths. The reserve is what this gives within a window.
  double minPerSecond = 1;
  /// How long credit can be spent: from 1 ms to 1 h. See BasicRetryBudget.
  std::chrono::nanoseconds window = std::chrono::seconds{10};
};

template <typename Clock>
class BasicRetryBudget;

/// A budget on std::chrono::steady_clock. The header retry_budget.hpp defines
/// it.
using RetryBudget = BasicRetryBudget<std::chrono::steady_clock>;

/// Configuration of a Retry. A plain value.
struct RetryConfig {
  /// For diagnostics. Need not be unique.
  std::string name{};
  /// Number of attempts, including the first one. At least 1.
  std::size_t maxAttempts = 3;
  /// Delay before the second attempt. Not negative.
  std::chrono::nanoseconds initialDelay = std::chrono::milliseconds{100};
  /// Factor from one delay to the next. At least 1, finite.
  double multiplier = 2.0;
  /// Upper limit of every delay. Not negative.
  std::chrono::nanoseconds maxDelay = std::chrono::seconds{10};
  /// Which share of each delay is random: from 0 (exact) to 1 (anything between no delay and all of
  /// it).
  double jitter = 0.5;
  /// Whether a failure is retried. Empty: every exception is. It is not called if no further
  /// attempt may follow: see Retry::execute(). An exception that it throws replaces the failure.
  std::function<bool(const std::exception_ptr&)> retryIf{};
};

}  // namespace bulwark
