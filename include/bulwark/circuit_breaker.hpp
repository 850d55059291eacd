#pragma once

/// @file
/// CircuitBreaker: stops calling what does not answer.

#include <chrono>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/breaker.hpp"
#include "bulwark/detail/facade.hpp"
#include "bulwark/detail/initiate_breaker.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Stops calling what does not answer, so that it can recover and no caller waits for it in vain.
///
/// Closed, it lets every call through and watches how the last ones ended. When too many of them
/// failed, or were too slow, it opens and refuses calls (CircuitOpenError). After a while it is
/// half open: it lets a few calls through as probes, judges them together by the same two
/// thresholds, and closes or opens again. A verdict falls when a call ends, or when it has become
/// too old: longer than slowCallDuration it counts as slow before it ends, and a probe that reaches
/// probeTimeout counts as failed. There is no timer: what is due is counted when the breaker is
/// next used or asked, as of the moment at which it was due. A call that ends in another state than
/// it began in is counted and changes no state.
///
/// What was not executed says nothing about the service: it is ignored, and gives a probe back. So
/// a breaker belongs around a bulkhead. What counts as a failure: docs/protection.md.
///
/// Thread safety, lifetime, executors and handlers are those of a Bulkhead; there is no limit and
/// no queue. Copies of the configuration's functions are called on any thread that uses the breaker
/// or ends a call.
///
/// @tparam Executor where callables run, and handlers that have no executor of their own
/// @tparam Clock    a monotonic clock; another one is for tests
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class CircuitBreaker
    : private detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock> {
  using Base = detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock>;
  friend detail::FacadeAccess;

 public:
  /// The name by which Asio looks it up.
  using executor_type = Executor;

  /// Throws ConfigError: a value outside its range.
  CircuitBreaker(Executor executor, CircuitBreakerConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : CircuitBreaker(Checked(), std::move(executor),
                       std::make_shared<detail::Breaker>(std::move(config))) {}

  /// On the executor of a context, as Asio's own objects.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  CircuitBreaker(Context& context, CircuitBreakerConfig config)
      : CircuitBreaker(Executor(context.get_executor()), std::move(config)) {}

  /// What was moved from may only be assigned to or destroyed.
  CircuitBreaker(CircuitBreaker&&) noexcept = default;
  /// Destroys what it was before.
  CircuitBreaker& operator=(CircuitBreaker&&) noexcept = default;
  ~CircuitBreaker() = default;

  /// Runs `fn`, unless the circuit is open.
  ///
  /// @param fn    as Bulkhead::execute(): R(), or net::awaitable<R, Ex>()
  /// @param token as Bulkhead::execute()
  ///
  /// Completes exactly once with
  ///   - no error, and the result
  ///   - what `fn` or its awaitable threw, untouched
  ///   - CircuitOpenError: the circuit is open, or half open with all its probes under way; `fn`
  ///     was not called. retryAfter() is 0 in the latter case: a probe may end at any moment
  ///   - net::error::operation_aborted: the breaker was destroyed before a lazy operation started
  ///
  /// When the handler runs, the call has been judged. Executors and cancellation are those of
  /// Bulkhead::execute(). A call that is destroyed on its way, and a probe whose outcome is
  /// ignored, give their place to another.
  ///
  /// Cost: three clock readings, one post, one short lock at the end; none at the start while
  /// closed. With a slowCallDuration one allocation and a second short lock, when `fn` begins.
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::BreakerInitiation<typename Base::State>(&this->compartment(), breaker_), token,
        std::forward<F>(fn));
  }

  /// As the next call would find it. No lock, unless a call has become too old since the last look;
  /// then it may notify onStateChange. So may the functions below.
  CircuitState state() const noexcept { return breaker_->state(this->compartment().now()); }

  /// What was counted since reset(). A short lock, which calls take, too.
  CircuitBreakerStats stats() const { return breaker_->stats(this->compartment().now()); }

  /// Closed, nothing remembered, statistics at zero. Calls that run belong to the time before.
  void reset() noexcept { breaker_->reset(this->compartment().now()); }

  /// Refuses every call until reset().
  void forceOpen() noexcept { breaker_->forceOpen(this->compartment().now()); }

  /// Where callables run, and handlers that have no executor of their own.
  using Base::get_executor;
  /// As configured. The reference is valid until destruction.
  using Base::name;

 private:
  struct Checked {};

  CircuitBreaker(Checked, Executor executor, std::shared_ptr<detail::Breaker> breaker)
      : Base(std::move(executor), breaker->name(), {.mode = Mode::off}),
        breaker_(std::move(breaker)) {}

  std::shared_ptr<detail::Breaker> breaker_;
};

/// An executor is used as it is.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
CircuitBreaker(Executor, CircuitBreakerConfig) -> CircuitBreaker<Executor>;

/// Of a context, its executor, without a type-erased one in between.
template <typename Context>
  requires detail::isExecutionContext<Context>
CircuitBreaker(Context&, CircuitBreakerConfig) -> CircuitBreaker<typename Context::executor_type>;

}  // namespace bulwark
