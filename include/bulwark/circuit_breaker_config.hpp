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
  /// A call whose work takes longer is slow, whether it fails or not. It counts as slow as soon as
  /// its work has been running for longer, so that a service that takes calls and answers none
  /// opens the circuit. Not negative; `noTimeout`: no call is slow.
  std::chrono::nanoseconds slowCallDuration = noTimeout;
  /// Opens when so many of the last calls were slow, as a share of them: above 0, at most 1.
  double slowCallRateThreshold = 1.0;
  /// How long it refuses before it lets probes through. Not negative; `noTimeout`: until reset().
  /// See also probeTimeout.
  std::chrono::nanoseconds openDuration = std::chrono::seconds{30};
  /// Probes at once, and in all before the verdict. At least 1.
  std::size_t halfOpenCalls = 5;
  /// Whether an exception is a failure of the service. True, or an exception of its own: a failure.
  /// False: a success, since the service answered (with a 404, say). Empty: every exception is a
  /// failure. It is not asked about what is ignored: see CircuitBreakerStats::ignored. It is called
  /// on any thread.
  std::function<bool(const std::exception_ptr&)> isFailure{};
  /// Notified of each change of state, in order, one at a time, and outside any lock. It runs on
  /// the thread that brought the change about: that of a call, of reset() or forceOpen(), or, where
  /// a call has become too old, the thread that notices it, which may be one that asks for state()
  /// or stats(), or scrapes metrics. If a notification is going on then, that thread delivers this
  /// one as well. What it throws is dropped. It may use the breaker.
  std::function<void(CircuitState before, CircuitState after)> onStateChange{};
  /// A probe that has not ended this long after it was let through counts as failed, and its end
  /// changes nothing. So a probe that hangs does not keep the breaker half open. 0: openDuration,
  /// or 30 s where that is 0, too. Not negative; `noTimeout`: the breaker waits for the end of each
  /// probe. Allow for the time that a healthy service may take.
  std::chrono::nanoseconds probeTimeout{0};
};

/// What a CircuitBreaker counted, taken at one moment: a plain value.
struct CircuitBreakerStats {
  std::string name;  ///< As configured.
  CircuitState state = CircuitState::closed;  ///< As the next call would find it.
  std::uint64_t succeeded = 0;  ///< Calls that ended well, or with what isFailure calls no failure.
  std::uint64_t failed = 0;  ///< Calls that ended with a failure, and probes that timed out.
  /// Of those two, and of the calls that still run, the ones that took longer than
  /// slowCallDuration.
  std::uint64_t slow = 0;
  /// Calls that say nothing about the service. The work was not executed (notExecuted()), the call
  /// was wrong (ConfigError), or it ended with net::error::operation_aborted after its own caller
  /// had requested its cancellation.
  std::uint64_t ignored = 0;
  std::uint64_t refused = 0;  ///< Calls that were not let through.
  std::uint64_t opened = 0;  ///< How often it opened.
};

}  // namespace bulwark
