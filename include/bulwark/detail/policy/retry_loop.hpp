#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/failed_result.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/retry_scope.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/call/yield.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/policy/judge.hpp"
#include "bulwark/detail/policy/retry_counters.hpp"
#include "bulwark/detail/policy/retry_host.hpp"
#include "bulwark/detail/policy/retry_state.hpp"
#include "bulwark/detail/runtime/asio_host.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/retry_budget.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The executor of the coroutine that calls a callable repeatedly: that of the awaitable if the
/// callable returns one, net::any_io_executor otherwise.
template <typename R, typename Executor>
struct RetryExecutor {
  using type = net::any_io_executor;
};
template <typename R, typename Ex, typename Executor>
struct RetryExecutor<net::awaitable<R, Ex>, Executor> {
  using type = Ex;
};

/// The scope of a call. `Cancel` interrupts its coroutine.
template <typename Cancel>
class InterruptibleScope final : public RetryScope {
 public:
  InterruptibleScope(Ref<RetryScope> outer, std::shared_ptr<Cancel> cancel) noexcept
      : RetryScope(std::move(outer)), cancel_(std::move(cancel)) {}

 private:
  void wake() noexcept override {
    try {
      cancel_->interrupt(net::cancellation_type::terminal);
    } catch (...) {  // NOLINT(bugprone-empty-catch): then the delay ends as it would have
    }
  }

  const std::shared_ptr<Cancel> cancel_;
};

/// Calls a callable repeatedly. As a callable itself it returns an awaitable, which ends as the
/// last attempt ends.
template <typename F, typename Executor, typename Clock>
class RetryLoop {
  using Returned = std::remove_cvref_t<std::invoke_result_t<F&>>;
  using Value = typename ResultOf<F>::Value;
  using Ex = typename RetryExecutor<Returned, Executor>::type;
  using Token = net::use_awaitable_t<Ex>;
  using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Ex>;

  // Whether the coroutine's executor can carry the scope and is a strand, so that the hosts that an
  // attempt has called can end the back-off.
  static constexpr bool listens = std::is_same_v<Ex, net::any_io_executor>;

 public:
  template <typename Fn>
  RetryLoop(Fn&& fn, std::shared_ptr<RetryState> state, RetryHost& host, Ref<RetryScope> outer,
            Instant until)
      : fn_(std::forward<Fn>(fn)),
        state_(std::move(state)),
        host_(&host),
        outer_(std::move(outer)),
        until_(until) {}

  /// Called by the operation in which the call runs. `cancel` can end the waits of the call.
  template <typename Cancel>
  void interruptBy(const std::shared_ptr<Cancel>& cancel) {
    scope_ = Ref<RetryScope>::adopt(new InterruptibleScope<Cancel>(std::move(outer_), cancel));
  }
  void watchCancellation(CancelRequested requested) noexcept { requested_ = std::move(requested); }

  const Ref<RetryScope>& scope() const noexcept { return scope_; }

  /// This object lives until the awaitable has ended.
  net::awaitable<Value, Ex> operator()() {
    RetryCounters& counters = *state_->counters();
    // Allows all three types of cancellation. By default a coroutine allows one.
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
    const Ended ended{scope_};
    // co_spawn() has resumed this coroutine in a place where nothing may throw. An exception from
    // the move of the caller's result has to reach the executor.
    co_await net::post(Token());
    std::unique_ptr<Timer> expiry;
    if (until_ != never) {
      if (isLate()) throw DeadlineExceededError(host_->name());
      if constexpr (ResultOf<F>::awaitable) {
        expiry = std::make_unique<Timer>(co_await net::this_coro::executor);
        expiry->expires_at(AsioHost<Executor, Clock, RetryHost>::timePoint(until_));
        expiry->async_wait([scope = scope_](const net::error_code& error) {
          if (!error) scope->expire();
        });
      }
    }
    if (RetryBudget* const budget = state_->budget()) budget->deposit();
    for (std::size_t attempts = 1;; ++attempts) {
      std::exception_ptr error;
      SlotOf<F> result;
      counters.attemptBegins(attempts);
      if (attempts > 1) host_->note(EventKind::retried);
      scope_->beginAttempt();
      bool failed = false;
      try {
        if constexpr (ResultOf<F>::awaitable && std::is_void_v<Value>) {
          co_await attempt();
        } else if constexpr (ResultOf<F>::awaitable) {
          result.value.emplace(co_await attempt());
        } else if constexpr (std::is_void_v<Value>) {
          attempt();
        } else {
          result.value.emplace(attempt());
        }
        if constexpr (!std::is_void_v<Value>) failed = isFailedResult(fn_, *result.value);
      } catch (...) {
        error = std::current_exception();
        failed = true;
        if (scope_->expired() && !requested_ &&
            errorCodeOf(error) == net::error::operation_aborted) {
          error = std::make_exception_ptr(ExecutionTimeoutError(host_->name()));
        }
      }
      bool again = false;
      if (failed) {
        scope_->endAttempt();
        if (const auto delay = delayAfter(attempts, error)) {
          again = true;
          if (delay->count() > 0) {
            const Listening listening(scope_);
            again = !listening.late;
            if (again) {
              Timer timer(co_await net::this_coro::executor);
              timer.expires_after(std::chrono::ceil<typename Clock::duration>(*delay));
              net::error_code waited;
              co_await timer.async_wait(net::redirect_error(Token(), waited));
              scope_->ignore();  // no host interrupts it from here on
              again = !scope_->interrupted() && !scope_->expired();
              if (again && requested_) waited = net::error::operation_aborted;
              if (again && waited) throw net::system_error(waited);
            }
          } else if (attemptMustYield()) {
            co_await net::post(Token());
          }
          again = again && !requested_ && !isLate();
        }
      } else {
        counters.succeeded(attempts);
      }
      if (again) continue;
      if (error) std::rethrow_exception(std::move(error));
      if constexpr (std::is_void_v<Value>) {
        co_return;
      } else {
        co_return std::move(*result.value);
      }
    }
  }

 private:
  // These live in the coroutine frame, which may be destroyed after this object. Each holds a
  // reference.

  struct Ended {
    Ref<RetryScope> scope;
    ~Ended() { scope->end(); }
  };

  /// Lets hosts end the back-off while it lives.
  struct Listening {
    explicit Listening(Ref<RetryScope> target) noexcept
        : scope(std::move(target)), late(listens && !scope->listen()) {}
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() { scope->ignore(); }

    Ref<RetryScope> scope;
    const bool late;
  };

  /// The delay before another attempt, after one that failed: with this error, or with a result.
  /// None: the call ends as that attempt did.
  std::optional<std::chrono::nanoseconds> delayAfter(std::size_t attempts,
                                                     const std::exception_ptr& error) {
    if (requested_) return std::nullopt;
    const RetryState::Config config = state_->config();
    if (attempts >= config->maxAttempts) {
      state_->counters()->exhausted();
      host_->note(EventKind::exhausted);
      return std::nullopt;
    }
    if (scope_->goingDown()) return std::nullopt;
    const auto delay = delayBeforeRetry(*config, attempts, error);
    // An attempt that begins when the budget ends would not be worth its delay.
    if (delay && until_ != never && deadlineAfter(host_->now(), *delay) >= until_)
      return std::nullopt;
    RetryBudget* const budget = state_->budget();
    if (delay && budget != nullptr && !budget->withdraw()) {
      state_->counters()->overBudget();
      host_->note(EventKind::overBudget);
      return std::nullopt;
    }
    return delay;
  }

  /// Whether the budget of the call has ended.
  bool isLate() const noexcept { return until_ != never && host_->now() >= until_; }

  /// What runs on this thread before the awaitable is returned belongs to the attempt, too.
  Returned attempt() {
    const RetryScope::Here here(scope_);
    return fn_();
  }

  F fn_;
  std::shared_ptr<RetryState> state_;
  Ref<RetryHost> host_;  // the retry may be gone when the call ends
  Ref<RetryScope> outer_;
  Ref<RetryScope> scope_;
  const Instant until_;  // when the budget of the call ends; never: it has none
  CancelRequested requested_;
};

/// It has judged its results itself, and no statistics follow.
template <typename F, typename Executor, typename Clock>
struct JudgeOf<RetryLoop<F, Executor, Clock>> : NoJudge {};

/// execute() of a Retry.
template <typename H, typename Clock>
class RetryInitiation : public Initiation<H> {
 public:
  RetryInitiation(H* host, std::shared_ptr<RetryState> state) noexcept
      : Initiation<H>(host), state_(std::move(state)) {}

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, std::optional<std::chrono::nanoseconds> budget) const {
    using Loop = RetryLoop<std::decay_t<F>, typename H::executor_type, Clock>;
    H& host = this->owner();
    if (!host.executor()) return;  // the context is gone, and no handler can run
    if (budget && budget->count() <= 0) {
      noteCall(host, handler);
      return postError<F>(*host.executor(), std::forward<Handler>(handler),
                          std::make_exception_ptr(DeadlineExceededError(host.name())));
    }
    const Instant until = budget ? deadlineAfter(host.now(), *budget) : never;
    Loop loop(std::forward<F>(fn), state_, host, scopeOfCall(handler), until);
    postUnlimited(host, std::forward<Handler>(handler), std::move(loop));
  }

 private:
  const std::shared_ptr<RetryState> state_;
};

}  // namespace bulwark::detail
