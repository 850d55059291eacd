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

/// A callable with its repetitions: an awaitable that ends as the last of them.
template <typename F, typename Executor, typename Clock>
class Repeated {
  using Returned = std::remove_cvref_t<std::invoke_result_t<F&>>;
  using Value = typename CallResult<F>::Value;
  using Ex = typename RetryExecutor<Returned, Executor>::type;
  using Token = net::use_awaitable_t<Ex>;

 public:
  template <typename Fn>
  Repeated(Fn&& fn, std::shared_ptr<const RetryConfig> config)
      : fn_(std::forward<Fn>(fn)), config_(std::move(config)) {}

  /// This object lives until the awaitable has ended.
  net::awaitable<Value, Ex> operator()() {
    // Lets all three types of cancellation through; a coroutine by itself lets only one.
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
    for (std::size_t attempts = 1;; ++attempts) {
      std::exception_ptr error;
      try {
        if constexpr (CallResult<F>::awaitable) {
          co_return co_await fn_();
        } else {
          co_return fn_();
        }
      } catch (...) {
        error = std::current_exception();
      }
      const net::cancellation_state cancellation = co_await net::this_coro::cancellation_state;
      if (attempts >= config_->maxAttempts ||
          cancellation.cancelled() != net::cancellation_type::none ||
          !worthRetrying(*config_, error)) {
        std::rethrow_exception(error);
      }
      const auto delay = backOff(*config_, attempts, randomShare());
      error = nullptr;
      if (delay.count() > 0) {
        net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Ex> timer(
            co_await net::this_coro::executor);
        timer.expires_after(std::chrono::ceil<typename Clock::duration>(delay));
        co_await timer.async_wait(Token());
      }
    }
  }

 private:
  F fn_;
  std::shared_ptr<const RetryConfig> config_;
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
    return ExecuteInitiation<C>(&this->owner())(
        std::forward<Handler>(handler), Calls(std::forward<F>(fn), config_), 1, std::nullopt);
  }

 private:
  const std::shared_ptr<const RetryConfig> config_;
};

}  // namespace bulwark::detail
