#pragma once

/// @file
/// The configuration of a RateLimiter, and changes to it.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Configuration of a RateLimiter. A plain value.
///
/// burst * per / permits, the time in which a burst is earned, must be at most 2^63 ns.
struct RateLimiterConfig {
  /// Appears in errors and statistics. Need not be unique.
  std::string name{};
  /// How many permits there are in `per`: from 1 to one for each nanosecond of `per`.
  std::size_t permits = 100;
  /// The time in which they are earned, at a steady pace: one in every per / permits, rounded up to
  /// a whole nanosecond. Above 0.
  std::chrono::nanoseconds per = std::chrono::seconds{1};
  /// How many permits an idle limiter saves up, and so how many it grants at once. At least 1: each
  /// permit at its own time.
  std::size_t burst = 1;
  /// How many calls may wait. 0: a call that is early is refused; `unlimited`: no limit.
  std::size_t maxQueueSize = 0;
  /// How long a call may wait. Not negative; 0: it may not wait; `noTimeout`: no time limit.
  std::chrono::nanoseconds queueTimeout{0};
  /// How strictly the limit is applied.
  Mode mode = Mode::enforce;
};

/// New values for some fields of a RateLimiterConfig. Empty fields stay unchanged.
struct RateLimiterOverrides {
  std::optional<std::size_t> permits{};  ///< From 1 to one for each nanosecond of `per`.
  std::optional<std::chrono::nanoseconds> per{};  ///< Above 0.
  /// At least 1. A waiting call whose weight exceeds it is rejected.
  std::optional<std::size_t> burst{};
  /// At least 0; `unlimited`: no limit. Shrinking the queue does not evict waiting calls.
  std::optional<std::size_t> maxQueueSize{};
  /// Not negative. Applies to calls that are queued after the change.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  std::optional<Mode> mode{};  ///< `observe` and `off` admit every waiting call.
};

}  // namespace bulwark
