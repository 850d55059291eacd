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

/// A call's permission to go ahead. Destroyed before the call has ended, it gives that back.
template <typename C>
class Ticket {
 public:
  Ticket(std::shared_ptr<Breaker> breaker, Breaker::Entry entry, C& clock) noexcept
      : breaker_(std::move(breaker)), entry_(std::move(entry)), clock_(&clock) {}
  Ticket(Ticket&&) noexcept = default;
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (breaker_ != nullptr) breaker_->giveBack(entry_, clock_->now());
  }

  /// The work begins.
  void begin() noexcept {
    start_ = clock_->now();
    if (entry_.call != nullptr) breaker_->begin(entry_, start_);
  }

  /// The call ended, with this error or with none. What comes later says nothing more.
  void end(const std::exception_ptr& error, bool cancelled) noexcept {
    if (const auto breaker = std::exchange(breaker_, nullptr)) {
      const Instant now = clock_->now();
      breaker->end(entry_, error, cancelled, now - start_, now);
    }
  }

 private:
  std::shared_ptr<Breaker> breaker_;
  Breaker::Entry entry_;
  Ref<C> clock_;  // of a breaker that may be gone
  Instant start_{0};
};

/// A callable whose end is reported to a circuit breaker.
template <typename F, typename C>
class Judged {
  using Returned = std::remove_cvref_t<std::invoke_result_t<F&>>;

 public:
  template <typename Fn>
  Judged(Fn&& fn, Ticket<C> ticket) : fn_(std::forward<Fn>(fn)), ticket_(std::move(ticket)) {}

  void watchCancellation(CancelRequested requested) noexcept { cancelled_ = std::move(requested); }

  Returned operator()() {
    ticket_.begin();
    if constexpr (CallResult<F>::awaitable) {
      return awaited();
    } else {
      try {
        if constexpr (std::is_void_v<Returned>) {
          fn_();
          succeeded();
        } else {
          Returned result = fn_();
          succeeded();
          return result;
        }
      } catch (...) {
        failed();
        throw;
      }
    }
  }

 private:
  /// The call object, and this with it, lives until the awaitable has ended.
  Returned awaited()
    requires CallResult<F>::awaitable
  {
    try {
      if constexpr (std::is_void_v<typename CallResult<F>::Value>) {
        co_await fn_();
        succeeded();
      } else {
        auto result = co_await fn_();
        succeeded();
        co_return result;
      }
    } catch (...) {
      failed();
      throw;
    }
  }

  void succeeded() noexcept { ticket_.end(nullptr, false); }
  void failed() noexcept { ticket_.end(std::current_exception(), static_cast<bool>(cancelled_)); }

  F fn_;
  Ticket<C> ticket_;
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
    Breaker::Entry entry = breaker_->enter(compartment.now());
    if (entry.goesAhead) {
      Ticket<C> ticket(breaker_, std::move(entry), compartment);
      return ExecuteInitiation<C>(&compartment)(
          std::forward<Handler>(handler),
          Judged<std::decay_t<F>, C>(std::forward<F>(fn), std::move(ticket)), 1, std::nullopt);
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
