#pragma once

/// @file
/// The configuration of a Retry.

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

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
