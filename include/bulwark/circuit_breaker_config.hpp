#pragma once

/// @file
/// What a CircuitBreaker is made of, and what it counts.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a circuit breaker does with the next call.
enum class CircuitState : std::uint8_t {
  closed,   ///< Calls go through, and are watched.
  open,     ///< Calls are refused.
  halfOpen  ///< A few calls go through as probes; the others are refused.
};

/// What a CircuitBreaker is made of: a plain value.
struct CircuitBreakerConfig {
  /// For errors and statistics; need not be unique.
  std::string name{};
  /// Opens when so many of the last calls failed, as a share of them: above 0, at most 1.
  double failureRateThreshold = 0.5;
  /// The last calls that are judged: 1 to 16,777,216. A byte each.
  std::size_t slidingWindowSize = 100;
  /// No verdict on fewer; more than slidingWindowSize counts as that.
  std::size_t minimumCalls = 10;
  /// A call that takes longer is slow, whether it fails or not. Not negative; `noTimeout`: none is.
  std::chrono::nanoseconds slowCallDuration = noTimeout;
  /// Opens when so many of the last calls were slow, as a share of them: above 0, at most 1.
  double slowCallRateThreshold = 1.0;
  /// How long it refuses before it lets probes through. Not negative; `noTimeout`: until reset().
  std::chrono::nanoseconds openDuration = std::chrono::seconds{30};
  /// Probes at once, and in all before the verdict. At least 1.
  std::size_t halfOpenCalls = 5;
  /// Whether an exception is a failure of the service. True, or an exception of its own: a failure.
  /// False: a success, since the service answered (with a 404, say). Empty: every exception is a
  /// failure. It is not asked about what is ignored: see CircuitBreakerStats::ignored. It is called
  /// on any thread.
  std::function<bool(const std::exception_ptr&)> isFailure{};
  /// Told of each change of state, in order and one at a time, on the thread of the call that
  /// brought it about. What it throws is dropped. It may use the breaker.
  std::function<void(CircuitState before, CircuitState after)> onStateChange{};
};

/// What a CircuitBreaker counted, taken at one moment: a plain value.
struct CircuitBreakerStats {
  std::string name;  ///< As configured.
  CircuitState state = CircuitState::closed;  ///< As the next call would find it.
  std::uint64_t succeeded = 0;  ///< Calls that ended well, or with what isFailure calls no failure.
  std::uint64_t failed = 0;  ///< Calls that ended with a failure.
  std::uint64_t slow = 0;  ///< Of those two, the ones that took too long.
  /// Calls that say nothing about the service. The work was not executed (notExecuted()), the call
  /// was wrong (ConfigError), or it ended with net::error::operation_aborted after its own caller
  /// had requested its cancellation.
  std::uint64_t ignored = 0;
  std::uint64_t refused = 0;  ///< Calls that were not let through.
  std::uint64_t opened = 0;  ///< How often it opened.
};

}  // namespace bulwark
