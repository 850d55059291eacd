#pragma once

/// @file
/// Retry: calls again what failed.

#include <chrono>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/facade.hpp"
#include "bulwark/detail/initiate_retry.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Calls again what failed, after a while that grows.
///
/// The delay before attempt n + 1 is min(maxDelay, initialDelay * multiplier^(n-1)), of which a
/// random share of up to `jitter` is taken off, so that callers that failed together do not come
/// back together.
///
/// A retry belongs outside of everything else: what it calls acquires its permits anew for each
/// attempt and holds none during the delay. docs/protection.md shows how.
///
/// A retry notes which bulkheads, semaphores, breakers and other retries its attempt calls, on the
/// attempt's thread or in coroutines on the attempt's executor. When one of them is draining or
/// destroyed, no attempt follows. A delay that has begun ends at once then, and the call with it.
///
/// Thread safety, lifetime, executors and handlers are those of a Bulkhead; there is no limit and
/// no queue. Copies of the configuration's function are called on the executor.
///
/// @tparam Executor where callables run, and handlers that have no executor of their own
/// @tparam Clock    a monotonic clock; another one is for tests
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class Retry : private detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock> {
  using Base = detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock>;

 public:
  /// The name by which Asio looks it up.
  using executor_type = Executor;

  /// Throws ConfigError: a value outside its range.
  Retry(Executor executor, RetryConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : Retry(Checked(), std::move(executor), detail::checkedRetry(std::move(config))) {}

  /// On the executor of a context, as Asio's own objects.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  Retry(Context& context, RetryConfig config)
      : Retry(Executor(context.get_executor()), std::move(config)) {}

  /// What was moved from may only be assigned to or destroyed.
  Retry(Retry&&) noexcept = default;
  /// Destroys what it was before.
  Retry& operator=(Retry&&) noexcept = default;
  ~Retry() = default;

  /// Runs `fn` until it succeeds, fails in a way that is not retried, or has failed maxAttempts
  /// times.
  ///
  /// A failure is not retried
  ///   - if the caller has requested cancellation of this call
  ///   - if it is, or wraps (std::throw_with_nested), a ConfigError: the call is wrong
  ///   - if it is, or wraps, the refusal of a bulkhead that is draining or was destroyed, or if
  ///     anything that the attempt called is
  ///   - otherwise, if retryIf says so. Without one all else is retried, an attempt that a time
  ///     limit of its own aborted, too
  ///
  /// @param fn    as Bulkhead::execute(): R(), or net::awaitable<R, Ex>(); called once for each
  ///              attempt, as an lvalue
  /// @param token as Bulkhead::execute()
  ///
  /// Completes exactly once with
  ///   - no error, and the result
  ///   - what the last attempt threw, untouched; at once where something that it called drains or
  ///     is destroyed during the delay
  ///   - net::error::operation_aborted: cancelled during a delay, at once; or the object was
  ///     destroyed before a lazy operation started. Destroyed later it lets its calls go on
  ///
  /// Executors are those of Bulkhead::execute(). Cancellation, all three types: ends a delay, is
  /// passed to an awaitable that runs, and no attempt follows it, whether there is a delay or not.
  /// Attempts without a delay leave the thread to others after every 128th of them.
  ///
  /// An awaitable<R, Ex> whose Ex is not net::any_io_executor cannot say what it calls. Its delays
  /// take their time; the next attempt is then refused, and is the last.
  ///
  /// Cost: a coroutine and a strand for the call and, where there is a delay, a timer.
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::RetryInitiation<typename Base::State, Clock>(&this->compartment(), config_), token,
        std::forward<F>(fn));
  }

  /// Where callables run, and handlers that have no executor of their own.
  using Base::get_executor;
  /// As configured. The reference is valid until destruction.
  using Base::name;

 private:
  struct Checked {};

  Retry(Checked, Executor executor, std::shared_ptr<const RetryConfig> config)
      : Base(std::move(executor), config->name, {.mode = Mode::off}), config_(std::move(config)) {}

  std::shared_ptr<const RetryConfig> config_;
};

/// An executor is used as it is.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
Retry(Executor, RetryConfig) -> Retry<Executor>;

/// Of a context, its executor, without a type-erased one in between.
template <typename Context>
  requires detail::isExecutionContext<Context>
Retry(Context&, RetryConfig) -> Retry<typename Context::executor_type>;

}  // namespace bulwark
