#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/back_off.hpp"
#include "bulwark/detail/initiate.hpp"
#include "bulwark/detail/operation.hpp"
#include "bulwark/detail/retry_scope.hpp"
#include "bulwark/detail/scoped_executor.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The executor of the coroutine in which a callable is called again and again: the awaitable's own
/// where it returns one.
template <typename R, typename Executor>
struct RetryExecutor {
  using type = net::any_io_executor;
};
template <typename R, typename Ex, typename Executor>
struct RetryExecutor<net::awaitable<R, Ex>, Executor> {
  using type = Ex;
};

/// The scope of a call whose coroutine `Cancel` can reach.
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

/// A callable with its repetitions: an awaitable that ends as the last of them.
template <typename F, typename Executor, typename Clock>
class Repeated {
  using Returned = std::remove_cvref_t<std::invoke_result_t<F&>>;
  using Value = typename CallResult<F>::Value;
  using Ex = typename RetryExecutor<Returned, Executor>::type;
  using Token = net::use_awaitable_t<Ex>;
  using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Ex>;

  // Whether the coroutine's executor can carry the scope and is a strand, so that the compartments
  // that an attempt has called can end the back-off.
  static constexpr bool listens = std::is_same_v<Ex, net::any_io_executor>;

 public:
  template <typename Fn>
  Repeated(Fn&& fn, std::shared_ptr<const RetryConfig> config, Ref<RetryScope> outer)
      : fn_(std::forward<Fn>(fn)), config_(std::move(config)), outer_(std::move(outer)) {}

  /// What the call needs of the operation in which it runs.
  template <typename Cancel>
  void interruptBy(const std::shared_ptr<Cancel>& cancel) {
    scope_ = Ref<RetryScope>::adopt(new InterruptibleScope<Cancel>(std::move(outer_), cancel));
  }
  void watchCancellation(CancelRequested requested) noexcept { requested_ = std::move(requested); }

  const Ref<RetryScope>& scope() const noexcept { return scope_; }

  /// This object lives until the awaitable has ended.
  net::awaitable<Value, Ex> operator()() {
    // Lets all three types of cancellation through; a coroutine by itself lets only one.
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
    const Ended ended{scope_};
    // co_spawn() has resumed this coroutine where nothing may throw. What the caller's result
    // throws when it is moved belongs to the executor.
    co_await net::post(Token());
    for (std::size_t attempts = 1;; ++attempts) {
      std::exception_ptr error;
      scope_->beginAttempt();
      try {
        if constexpr (CallResult<F>::awaitable) {
          co_return co_await attempt();
        } else {
          co_return attempt();
        }
      } catch (...) {
        error = std::current_exception();
      }
      scope_->endAttempt();
      if (attempts >= config_->maxAttempts || requested_ || scope_->goingDown() ||
          !worthRetrying(*config_, error)) {
        std::rethrow_exception(error);
      }
      const auto delay = backOff(*config_, attempts, randomShare());
      if (delay.count() > 0) {
        const Listening listening(scope_);
        if (listening.late) std::rethrow_exception(error);
        Timer timer(co_await net::this_coro::executor);
        timer.expires_after(std::chrono::ceil<typename Clock::duration>(delay));
        net::error_code waited;
        co_await timer.async_wait(net::redirect_error(Token(), waited));
        scope_->ignore();  // whatever has not interrupted it by now never will
        if (scope_->interrupted()) std::rethrow_exception(error);
        if (requested_) waited = net::error::operation_aborted;
        if (waited) throw net::system_error(waited);
      } else if (attemptMustYield()) {
        co_await net::post(Token());
      }
      if (requested_) std::rethrow_exception(error);
    }
  }

 private:
  // On the coroutine's frame, which may be destroyed after this object: each has its reference.

  struct Ended {
    Ref<RetryScope> scope;
    ~Ended() { scope->end(); }
  };

  /// For the time of a back-off.
  struct Listening {
    explicit Listening(Ref<RetryScope> target) noexcept
        : scope(std::move(target)), late(listens && !scope->listen()) {}
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() { scope->ignore(); }

    Ref<RetryScope> scope;
    const bool late;
  };

  /// What runs on this thread before an awaitable is there belongs to the attempt, too.
  Returned attempt() {
    const RetryScope::Here here(scope_);
    return fn_();
  }

  F fn_;
  std::shared_ptr<const RetryConfig> config_;
  Ref<RetryScope> outer_;
  Ref<RetryScope> scope_;
  CancelRequested requested_;
};

/// Runs the repetitions in a compartment that has no limit.
template <typename C, typename Clock>
class RetryInitiation : public InitiationBase<C> {
 public:
  RetryInitiation(C* compartment, std::shared_ptr<const RetryConfig> config) noexcept
      : InitiationBase<C>(compartment), config_(std::move(config)) {}

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn) const {
    using Calls = Repeated<std::decay_t<F>, typename C::executor_type, Clock>;
    Calls calls(std::forward<F>(fn), config_, scopeOfCall(handler));
    return ExecuteInitiation<C>(&this->owner())(std::forward<Handler>(handler), std::move(calls), 1,
                                                std::nullopt);
  }

 private:
  const std::shared_ptr<const RetryConfig> config_;
};

}  // namespace bulwark::detail
