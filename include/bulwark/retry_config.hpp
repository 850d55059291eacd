#pragma once

/// @file
/// The configuration and the statistics of a Retry, and the configuration of a RetryBudget.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
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

/// A budget on std::chrono::steady_clock, as a Retry takes it. The header retry_budget.hpp defines
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
  /// Whether an exception is retried. Empty: each one is. It is not called for a failed result, nor
  /// if no further attempt may follow: see Retry::execute(). An exception that it throws replaces
  /// the failure.
  std::function<bool(const std::exception_ptr&)> retryIf{};
  /// Pays for the retries. Each call deposits once, and each further attempt withdraws 1; if the
  /// budget refuses, the call ends with its last failure. Several retries may share one. Null: no
  /// budget limits the retries.
  std::shared_ptr<RetryBudget> budget{};
  /// The delay after attempt number `attempt` (from 1) has failed: with this error, or, if that is
  /// null, with a result that is a failure (see ResultTraits). It replaces the delay that
  /// initialDelay, multiplier, maxDelay and jitter give. Negative counts as 0. Empty: it is not
  /// replaced. It is called after retryIf has agreed, and before the budget is asked. An
  /// exception that it throws replaces the failure, and ends the call.
  std::function<std::chrono::nanoseconds(std::size_t attempt, const std::exception_ptr& error)>
      delay{};
};

/// New values for some fields of a RetryConfig. Empty fields stay unchanged. The name and the
/// budget never change.
struct RetryOverrides {
  std::optional<std::size_t> maxAttempts{};  ///< At least 1.
  std::optional<std::chrono::nanoseconds> initialDelay{};  ///< Not negative.
  std::optional<double> multiplier{};  ///< At least 1, finite.
  std::optional<std::chrono::nanoseconds> maxDelay{};  ///< Not negative.
  std::optional<double> jitter{};  ///< From 0 to 1.
  /// An empty function in it: every exception is retried.
  std::optional<std::function<bool(const std::exception_ptr&)>> retryIf{};
  /// An empty function in it: the delay is not replaced.
  std::optional<
      std::function<std::chrono::nanoseconds(std::size_t attempt, const std::exception_ptr& error)>>
      delay{};
};

/// What a Retry counted since it was made, taken at one moment. A plain value. A snapshot that is
/// taken while calls run holds what they have done so far; recovered is never above retried, and
/// retried never above calls.
struct RetryStats {
  std::string name;  ///< The configured name.
  std::uint64_t calls = 0;  ///< Calls whose first attempt has begun.
  std::uint64_t attempts = 0;  ///< Attempts that have begun: the calls and all their retries.
  std::uint64_t retried = 0;  ///< Calls that made more than one attempt.
  std::uint64_t recovered = 0;  ///< How many of those succeeded.
  /// Calls that failed in attempt number maxAttempts and were not cancelled by their caller.
  std::uint64_t exhausted = 0;
  std::uint64_t overBudget = 0;  ///< Calls that ended because the budget did not pay for a retry.
};

}  // namespace bulwark
