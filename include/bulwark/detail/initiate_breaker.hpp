#pragma once

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/breaker.hpp"
#include "bulwark/detail/initiate.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A callable whose end a circuit breaker is told of.
template <typename F, typename C>
class Judged {
  using Returned = std::remove_cvref_t<std::invoke_result_t<F&>>;

 public:
  template <typename Fn>
  Judged(Fn&& fn, Ticket ticket, C& clock)
      : fn_(std::forward<Fn>(fn)), ticket_(std::move(ticket)), clock_(&clock) {}

  void watchCancellation(CancelRequested requested) noexcept { cancelled_ = std::move(requested); }

  Returned operator()() {
    const Instant start = clock_->now();
    if constexpr (CallResult<F>::awaitable) {
      return awaited(start);
    } else {
      try {
        if constexpr (std::is_void_v<Returned>) {
          fn_();
          ticket_.end(nullptr, false, start, clock_->now());
        } else {
          Returned result = fn_();
          ticket_.end(nullptr, false, start, clock_->now());
          return result;
        }
      } catch (...) {
        failed(start);
        throw;
      }
    }
  }

 private:
  /// The call object, and this with it, lives until the awaitable has ended.
  Returned awaited(Instant start)
    requires CallResult<F>::awaitable
  {
    try {
      if constexpr (std::is_void_v<typename CallResult<F>::Value>) {
        co_await fn_();
        ticket_.end(nullptr, false, start, clock_->now());
      } else {
        auto result = co_await fn_();
        ticket_.end(nullptr, false, start, clock_->now());
        co_return result;
      }
    } catch (...) {
      failed(start);
      throw;
    }
  }

  void failed(Instant start) noexcept {
    ticket_.end(std::current_exception(), static_cast<bool>(cancelled_), start, clock_->now());
  }

  F fn_;
  Ticket ticket_;
  Ref<C> clock_;  // of a breaker that may be gone
  CancelRequested cancelled_;
};

/// Asks the breaker, then runs the call in a compartment that has no limit.
template <typename C>
class BreakerInitiation : public InitiationBase<C> {
 public:
  BreakerInitiation(C* compartment, std::shared_ptr<Breaker> breaker) noexcept
      : InitiationBase<C>(compartment), breaker_(std::move(breaker)) {}

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn) const {
    C& compartment = this->owner();
    if (!compartment.executor()) return;  // the context is gone: nobody can be told
    const Breaker::Entry entry = breaker_->enter(compartment.now());
    if (entry.goesAhead) {
      return ExecuteInitiation<C>(&compartment)(
          std::forward<Handler>(handler),
          Judged<std::decay_t<F>, C>(std::forward<F>(fn), Ticket(breaker_, entry.era), compartment),
          1, std::nullopt);
    }
    try {
      postError<F>(*compartment.executor(), std::forward<Handler>(handler),
                   std::make_exception_ptr(CircuitOpenError(compartment.name(), entry.retryAfter)));
    } catch (...) {
      breaker_->undoRefusal();
      throw;
    }
  }

 private:
  const std::shared_ptr<Breaker> breaker_;
};

}  // namespace bulwark::detail
