#pragma once

/// @file
/// Retry: repeats calls that failed.

#include <chrono>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/call_options.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/spawn_token.hpp"
#include "bulwark/detail/policy/retry_host.hpp"
#include "bulwark/detail/policy/retry_loop.hpp"
#include "bulwark/detail/policy/retry_state.hpp"
#include "bulwark/detail/runtime/asio_host.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/events.hpp"
#include "bulwark/retry_budget.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Repeats calls that failed, after increasing delays.
///
/// The delay before attempt n + 1 is min(maxDelay, initialDelay * multiplier^(n-1)), reduced by a
/// random share of up to `jitter`, so that callers that failed together do not retry together. A
/// function in the configuration may choose another delay. After a refusal that names a time
/// (retryAfter()), the delay is at least that long, even if that is longer than maxDelay.
///
/// Retries are load, and a service that fails under load gets more of it. A RetryBudget limits them
/// to a share of the calls.
///
/// A retry belongs outside of everything else. The call then acquires its permits again for each
/// attempt and holds none during the delay. docs/protection.md shows how.
///
/// A retry records which bulkheads, semaphores, breakers and other retries its attempt calls, on
/// the attempt's thread or in coroutines on the attempt's executor. When one of them is draining or
/// destroyed, no further attempt follows. A delay in progress ends at once, and so does the call.
///
/// Thread safety, lifetime, executors and handlers are those of Bulkhead. There is no limit and no
/// queue. Copies of the functions in the configuration are called on the executor.
///
/// @tparam Executor runs callables, and handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class Retry {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if a value is out of range.
  Retry(Executor executor, RetryConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : Retry(Checked(), std::move(executor),
              std::make_shared<detail::RetryState>(std::move(config))) {}

  /// Uses the executor of a context, as Asio's own objects do.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  Retry(Context& context, RetryConfig config)
      : Retry(Executor(context.get_executor()), std::move(config)) {}

  /// A moved-from retry may only be assigned to or destroyed.
  Retry(Retry&&) noexcept = default;
  /// Destroys the previous retry of this object.
  Retry& operator=(Retry&&) noexcept = default;
  ~Retry() = default;

  /// Runs `fn` until it succeeds, fails in a way that is not retried, or has failed maxAttempts
  /// times.
  ///
  /// A failure is not retried
  ///   - if the caller has requested cancellation of this call
  ///   - if it is, or wraps (std::throw_with_nested), a ConfigError: the call is wrong
  ///   - if it is, or wraps, the refusal of a bulkhead that is draining or was destroyed, or if
  ///     anything that the attempt called is draining or destroyed
  ///   - if it is, or wraps, the refusal of a circuit breaker that stays open until reset(), or of
  ///   a
  ///     rate limiter that would never grant the call
  ///   - otherwise, if retryIf returns false. Without retryIf, every other failure is retried,
  ///     including an attempt that its own time limit aborted
  ///   - if the budget does not pay for another attempt
  ///
  /// @param fn    same as in Bulkhead::execute(): R(), or net::awaitable<R, Ex>(); called once for
  ///              each attempt, as an lvalue
  /// @param token same as in Bulkhead::execute()
  ///
  /// Completes exactly once with
  ///   - no error, and the result
  ///   - the exception of the last attempt, unchanged; during a delay, at once when something that
  ///     the attempt called drains or is destroyed
  ///   - what retryIf or delay throws
  ///   - net::error::operation_aborted: cancelled during a delay, at once; or the object was
  ///     destroyed before a lazy operation started. If it is destroyed later, its calls continue
  ///
  /// Runs on: same as Bulkhead::execute(). Attempts without a delay yield the thread after every
  /// 128th of them.
  ///
  /// Cancellation: all three types. A request ends a delay, is passed to a running awaitable, and
  /// prevents further attempts.
  ///
  /// An awaitable<R, Ex> whose Ex is not net::any_io_executor cannot record what it calls. A
  /// drain does not cut its delays short; the next attempt is refused, and is the last.
  ///
  /// Cost: a coroutine and a strand for the call, and a timer for each delay; a short lock after an
  /// attempt that failed. A budget adds two atomic operations and a reading of its clock.
  ///
  /// Example: examples/combined/main.cpp
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::RetryInitiation<Host, Clock>(host_.get(), state_), token, std::forward<F>(fn),
        std::nullopt);
  }

  /// Same as execute(fn, token), with a budget for the whole call: CallOptions::budget. The other
  /// options have no effect.
  ///   - A delay that would not end before the budget is not begun. The call then ends at once, as
  ///     its last attempt ended.
  ///   - At the end of the budget a running awaitable is asked to cancel. If it ends cancelled, the
  ///     call completes with ExecutionTimeoutError. A callable that returns no awaitable runs to
  ///     its end.
  ///   - 0 or negative, or a budget that ends before the first attempt: DeadlineExceededError.
  ///
  /// The attempts do not know the budget. Pass on what is left of it, for instance as the budget of
  /// the bulkhead that they call.
  ///
  /// Cost: a timer for the call, if it has a budget and `fn` returns an awaitable.
  template <typename F, typename Token>
  auto execute(F&& fn, CallOptions options, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::RetryInitiation<Host, Clock>(host_.get(), state_), token, std::forward<F>(fn),
        options.budget);
  }

  /// What was counted since construction. Takes no lock.
  RetryStats stats() const { return state_->counters()->read(name()); }

  /// The present configuration. Takes a short lock.
  RetryConfig config() const { return *state_->config(); }

  /// Sets the observer, which receives the events `retried` for each attempt after the first,
  /// `exhausted` and `overBudget` for the calls that end so, and `configured`. Their numbers are 0.
  /// It runs on the thread of the attempt, under the conditions of Bulkhead::setObserver().
  ///
  /// Cost: none for a call that succeeds at once.
  void setObserver(Observer observer) { host_->setObserver(std::move(observer)); }

  /// Changes the configuration. After each attempt that fails, a call decides by the configuration
  /// of that moment; a delay that has begun lasts as long as it was to. The budget stays.
  ///
  /// Throws ConfigError, and then nothing has changed.
  void updateConfig(const RetryOverrides& overrides) {
    if (state_->configure(overrides)) host_->note(EventKind::configured);
  }

  /// The executor of callables, and of handlers without an associated executor.
  Executor get_executor() const noexcept { return *host_->executor(); }
  /// The configured name. The reference is valid until destruction.
  const std::string& name() const noexcept { return host_->name(); }

 private:
  friend detail::Access;
  using Host = detail::AsioHost<Executor, Clock, detail::RetryHost>;
  struct Checked {};

  Retry(Checked, Executor executor, std::shared_ptr<detail::RetryState> state)
      : host_(std::in_place, std::move(executor), state->config()->name),
        state_(std::move(state)) {}

  detail::HostOwner<Host> host_;
  std::shared_ptr<detail::RetryState> state_;
};

/// Uses the executor itself.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
Retry(Executor, RetryConfig) -> Retry<Executor>;

/// Uses the executor of a context, without type erasure.
template <typename Context>
  requires detail::isExecutionContext<Context>
Retry(Context&, RetryConfig) -> Retry<typename Context::executor_type>;

}  // namespace bulwark
