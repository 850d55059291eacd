#pragma once

/// @file
/// CircuitBreaker: refuses calls to a service that keeps failing.

#include <chrono>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/spawn_token.hpp"
#include "bulwark/detail/policy/circuit_owner.hpp"
#include "bulwark/detail/policy/guarded_call.hpp"
#include "bulwark/detail/runtime/asio_host.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Refuses calls to a service that keeps failing, so that the service can recover and callers do
/// not wait for it in vain.
///
/// A closed breaker lets every call through and records how the last ones ended. When too many of
/// them failed or were too slow, it opens and refuses calls (CircuitOpenError). After a while it is
/// half open: it lets a few calls through as probes, judges them together by the same two
/// thresholds, and closes or opens again.
///
/// A call counts when it ends, or earlier when it becomes overdue. A call that runs longer than
/// slowCallDuration counts as slow before it ends, and a probe that reaches probeTimeout counts as
/// failed. The breaker has no timer: it accounts for an overdue call when the breaker is next used
/// or queried, as of the time at which it was due. A call that ends in another state than it began
/// in is counted, but does not change the state.
///
/// A call that was not executed says nothing about the service. It is ignored, and a probe makes
/// room for another one. Therefore put a breaker around a bulkhead, not inside it.
/// docs/protection.md defines what counts as a failure.
///
/// Mode `observe` shows what a breaker would do before it does it, and updateConfig() changes its
/// configuration while calls are running.
///
/// Thread safety, lifetime, executors and handlers are those of Bulkhead. There is no limit and no
/// queue. Copies of the functions in the configuration are called on any thread that uses the
/// breaker or ends a call.
///
/// @tparam Executor runs callables, and handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class CircuitBreaker {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if a value is out of range.
  CircuitBreaker(Executor executor, CircuitBreakerConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : CircuitBreaker(Checked(), std::move(executor), detail::CircuitOwner(std::move(config))) {}

  /// Uses the executor of a context, as Asio's own objects do.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  CircuitBreaker(Context& context, CircuitBreakerConfig config)
      : CircuitBreaker(Executor(context.get_executor()), std::move(config)) {}

  /// A moved-from breaker may only be assigned to or destroyed.
  CircuitBreaker(CircuitBreaker&&) noexcept = default;
  /// Destroys the previous breaker of this object.
  CircuitBreaker& operator=(CircuitBreaker&&) noexcept = default;
  ~CircuitBreaker() = default;

  /// Runs `fn`, unless the circuit is open.
  ///
  /// @param fn    same as in Bulkhead::execute(): R(), or net::awaitable<R, Ex>()
  /// @param token same as in Bulkhead::execute()
  ///
  /// Completes exactly once with
  ///   - no error, and the result
  ///   - the exception of `fn` or its awaitable, unchanged
  ///   - CircuitOpenError: the circuit is open, or half open with all of its probes in progress.
  ///     `fn` was not called. With probes in progress retryAfter() is 0, since a probe may end at
  ///     any moment
  ///   - net::error::operation_aborted: the breaker was destroyed before a lazy operation started
  ///
  /// Runs on: same as Bulkhead::execute(). The breaker has accounted for the call before the
  /// handler runs. A call that is destroyed before it ends, and a probe whose outcome is ignored,
  /// make room for another probe.
  ///
  /// Cancellation: same as Bulkhead::execute().
  ///
  /// Cost: three clock readings, one post, and one short lock at the end. A breaker that is not
  /// closed takes the lock at the start as well, and allocates. A slowCallDuration adds one
  /// allocation, and a short lock when `fn` begins.
  ///
  /// Example: examples/combined/main.cpp
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::BreakerInitiation<Host>(host_.get(), circuit_.get()), token, std::forward<F>(fn));
  }

  /// The state that the next call would find. Takes no lock, unless a call has become overdue since
  /// the last look. In that case this function and those below may call onStateChange.
  CircuitState state() const noexcept { return circuit_->state(host_->now()); }

  /// What was counted since reset(). Takes a short lock, which calls take as well.
  CircuitBreakerStats stats() const { return circuit_->stats(host_->now()); }

  /// The present configuration. Takes a short lock.
  CircuitBreakerConfig config() const { return *circuit_->config(); }

  /// Closes the circuit, empties the window and zeroes the statistics. Calls that are running are
  /// counted when they end, but do not affect the new window.
  void reset() noexcept { circuit_->reset(host_->now()); }

  /// Opens the circuit until reset().
  void forceOpen() noexcept { circuit_->forceOpen(host_->now()); }

  /// Sets the observer, which receives the events `opened`, `halfOpened` and `closed`, `rejected`
  /// for each call that is refused, and `configured`. If the circuit is not closed, the first event
  /// is `opened` or `halfOpened`. Changes of state are reported once each, in order, also in modes
  /// `observe` and `off`. The observer runs when and where onStateChange does, after it, and under
  /// the conditions of Bulkhead::setObserver().
  ///
  /// Cost: none without an observer. With one, a call that is refused also calls the observer.
  void setObserver(Observer observer) { circuit_.setObserver(std::move(observer), host_->now()); }

  /// Changes the configuration, and keeps the state and the statistics. Running calls go on.
  ///   - Thresholds and minimumCalls apply from the next call on that counts.
  ///   - A window of another size keeps the last calls that fit. A window of another time keeps the
  ///     calls of that time; they may leave it up to a hundredth of the previous time sooner. A
  ///     window of another kind is empty, because one knows no times, and the other no order.
  ///   - A new slowCallDuration applies to running calls at once. A call that began while it was
  ///     `noTimeout` is compared with it when it ends.
  ///   - A new openDuration applies to a circuit that is open, from the time at which it opened;
  ///     not after forceOpen().
  ///   - A new probeTimeout applies to running probes at once. If as many probes as the new
  ///     halfOpenCalls have counted, they are judged at once, and the circuit closes or opens.
  ///   - A call is judged by the isFailure of the moment at which it ends, and is treated by the
  ///     mode of the moment at which it began.
  ///
  /// Throws ConfigError, and then nothing has changed.
  ///
  /// Cost: a lock, under which the window is copied if its size or time changes, and the running
  /// calls are visited if slowCallDuration or probeTimeout changes.
  void updateConfig(const CircuitBreakerOverrides& overrides) {
    circuit_.configure(overrides, host_->now());
  }

  /// The executor of callables, and of handlers without an associated executor.
  Executor get_executor() const noexcept { return *host_->executor(); }
  /// The configured name. The reference is valid until destruction.
  const std::string& name() const noexcept { return host_->name(); }

 private:
  friend detail::Access;
  using Host = detail::AsioHost<Executor, Clock>;
  struct Checked {};

  CircuitBreaker(Checked, Executor executor, detail::CircuitOwner circuit)
      : host_(std::in_place, std::move(executor), circuit->name()), circuit_(std::move(circuit)) {}

  detail::HostOwner<Host> host_;
  detail::CircuitOwner circuit_;
};

/// Uses the executor itself.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
CircuitBreaker(Executor, CircuitBreakerConfig) -> CircuitBreaker<Executor>;

/// Uses the executor of a context, without type erasure.
template <typename Context>
  requires detail::isExecutionContext<Context>
CircuitBreaker(Context&, CircuitBreakerConfig) -> CircuitBreaker<typename Context::executor_type>;

}  // namespace bulwark
