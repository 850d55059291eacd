#pragma once

/// @file
/// What a Retry is made of.

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a Retry is made of: a plain value.
struct RetryConfig {
  /// For people; need not be unique.
  std::string name{};
  /// The first one included. At least 1.
  std::size_t maxAttempts = 3;
  /// Before the second attempt. Not negative.
  std::chrono::nanoseconds initialDelay = std::chrono::milliseconds{100};
  /// Each delay is so many times the one before. At least 1, finite.
  double multiplier = 2.0;
  /// No delay is longer. Not negative.
  std::chrono::nanoseconds maxDelay = std::chrono::seconds{10};
  /// The share of each delay that is random: 0, exact, to 1, anything from nothing to all of it.
  double jitter = 0.5;
  /// Whether a failure is worth another attempt. Empty: every exception. Not asked where no attempt
  /// may follow: see Retry::execute(). What it throws takes the place of the failure.
  std::function<bool(const std::exception_ptr&)> retryIf{};
};

}  // namespace bulwark
