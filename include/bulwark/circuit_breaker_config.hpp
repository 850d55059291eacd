#pragma once

/// @file
/// The configuration and the statistics of a CircuitBreaker.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a circuit breaker does with the next call.
enum class CircuitState : std::uint8_t {
  closed,   ///< Calls go through, and are recorded.
  open,     ///< Calls are refused.
  halfOpen  ///< A few calls go through as probes; the others are refused.
};

/// By which calls a closed circuit is judged.
enum class WindowKind : std::uint8_t {
  calls,  ///< The last slidingWindowSize calls, however long ago they were.
  time    ///< The calls of the last slidingWindowTime, however many there were.
};

/// Configuration of a CircuitBreaker. A plain value.
struct CircuitBreakerConfig {
  /// Appears in errors and statistics. Need not be unique.
  std::string name{};
  /// Failure rate at or above which the circuit opens, in (0, 1].
  double failureRateThreshold = 0.5;
  /// WindowKind::calls: how many of the last calls are judged, 1 to 16,777,216. One byte of memory
  /// each.
  std::size_t slidingWindowSize = 100;
  /// How many calls must be in the window before the circuit can open. With WindowKind::calls,
  /// values above slidingWindowSize count as slidingWindowSize.
  std::size_t minimumCalls = 10;
  /// A call is slow once its work has been running for longer than this, whether it fails or not.
  /// It counts as slow while it still runs, so a service that accepts calls and never answers opens
  /// the circuit. Not negative; `noTimeout`: no call is slow.
  std::chrono::nanoseconds slowCallDuration = noTimeout;
  /// Rate of slow calls at or above which the circuit opens, in (0, 1].
  double slowCallRateThreshold = 1.0;
  /// How long the circuit stays open before it lets probes through. Not negative; `noTimeout`:
  /// until reset(). See also probeTimeout.
  std::chrono::nanoseconds openDuration = std::chrono::seconds{30};
  /// How many probes may run at once, and how many decide whether the circuit closes. At least 1.
  std::size_t halfOpenCalls = 5;
  /// Whether an exception is a failure of the service. True: a failure. False: a success, because
  /// the service answered (with a 404, for example). If it throws itself, that is a failure. Empty:
  /// every exception is a failure. It is not called for calls that are ignored (see
  /// CircuitBreakerStats::ignored). It is called on any thread.
  std::function<bool(const std::exception_ptr&)> isFailure{};
  /// Notified of each state change, in order, one at a time, and under no lock. It runs on the
  /// thread that caused the change: of a call, reset(), forceOpen() or updateConfig(). If an
  /// overdue call caused it, that is the thread that noticed, for example one that calls state() or
  /// stats() or scrapes metrics. If another thread is in a notification at that moment, that thread
  /// delivers this one as well. Its exceptions are discarded. It may use the breaker.
  std::function<void(CircuitState before, CircuitState after)> onStateChange{};
  /// Whether the last calls are judged, or the calls of the last time. With few calls, the last
  /// hundred may reach back to yesterday: `time` forgets the failures of then.
  WindowKind windowKind = WindowKind::calls;
  /// WindowKind::time: for how long a call is judged after its end. Above 0, at most 8760 h (a
  /// year). A call leaves the window at that age, or up to a hundredth of this time sooner. The
  /// window takes 2.4 KB of memory, however many calls there are.
  std::chrono::nanoseconds slidingWindowTime = std::chrono::minutes{1};
  /// A probe that has not ended this long after it was let through counts as failed, and its end
  /// then changes nothing. So a hanging probe does not keep the breaker half open. 0: openDuration,
  /// or 30 s if that is 0 as well. Not negative; `noTimeout`: the breaker waits for the end of each
  /// probe. Allow for the time that a healthy service may take.
  std::chrono::nanoseconds probeTimeout{0};
  /// Whether the breaker refuses calls. A call is treated by the mode in which it began.
  ///   - `enforce`: it does.
  ///   - `observe`: it refuses no call, and counts those that it would have refused
  ///     (CircuitBreakerStats::wouldHaveRefused). Its state changes as if it had refused them: how
  ///     they end does not matter to it.
  ///   - `off`: each call goes ahead, and is neither judged nor counted. The state stays.
  Mode mode = Mode::enforce;
};

/// New values for some fields of a CircuitBreakerConfig. Empty fields stay unchanged.
/// CircuitBreaker::updateConfig() says what a change means to the calls that are running.
struct CircuitBreakerOverrides {
  std::optional<double> failureRateThreshold{};  ///< In (0, 1].
  std::optional<std::size_t> slidingWindowSize{};  ///< 1 to 16,777,216.
  std::optional<std::size_t> minimumCalls{};  ///< At least 0.
  std::optional<std::chrono::nanoseconds> slowCallDuration{};  ///< Not negative, or `noTimeout`.
  std::optional<double> slowCallRateThreshold{};  ///< In (0, 1].
  std::optional<std::chrono::nanoseconds> openDuration{};  ///< Not negative, or `noTimeout`.
  std::optional<std::size_t> halfOpenCalls{};  ///< At least 1.
  /// An empty function in it: every exception is a failure.
  std::optional<std::function<bool(const std::exception_ptr&)>> isFailure{};
  std::optional<WindowKind> windowKind{};  ///< Another kind begins with an empty window.
  std::optional<std::chrono::nanoseconds> slidingWindowTime{};  ///< Above 0, at most 8760 h.
  std::optional<std::chrono::nanoseconds> probeTimeout{};  ///< Not negative, or `noTimeout`.
  std::optional<Mode> mode{};  ///< `observe` and `off` refuse no call from now on.
};

/// What a CircuitBreaker counted, taken at one moment. A plain value.
struct CircuitBreakerStats {
  std::string name;  ///< The configured name.
  CircuitState state = CircuitState::closed;  ///< The state that the next call would find.
  /// Calls that succeeded, or failed in a way that isFailure accepts.
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;  ///< Calls that failed, and probes that timed out.
  /// How many of those two, and of the calls that are still running, took longer than
  /// slowCallDuration.
  std::uint64_t slow = 0;
  /// Calls that say nothing about the service: the work was not executed (notExecuted()), the call
  /// was wrong (ConfigError), or it ended with net::error::operation_aborted after its own caller
  /// had requested cancellation.
  std::uint64_t ignored = 0;
  std::uint64_t refused = 0;  ///< Calls that the breaker did not let through.
  std::uint64_t opened = 0;  ///< How often the circuit opened.
  /// In mode `observe`: calls that `enforce` would have refused. They went ahead, and are in the
  /// numbers above as well.
  std::uint64_t wouldHaveRefused = 0;
  Mode mode = Mode::enforce;  ///< The present mode.
};

}  // namespace bulwark
