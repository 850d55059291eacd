#pragma once

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/core/circuit.hpp"
#include "bulwark/detail/policy/invoke.hpp"
#include "bulwark/detail/policy/judge.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The permission of a circuit breaker for one call. If it is destroyed before the call has ended,
/// it is given back.
///
/// @tparam H the host of the breaker
template <typename H>
class CallPermission {
 public:
  CallPermission(const std::shared_ptr<Circuit>& circuit, Circuit::Entry entry, H& clock) noexcept
      : circuit_(entry.judged ? circuit : nullptr), entry_(std::move(entry)), clock_(&clock) {}
  CallPermission(CallPermission&&) noexcept = default;
  CallPermission& operator=(CallPermission&&) = delete;
  ~CallPermission() {
    if (circuit_ != nullptr) circuit_->giveBack(entry_, clock_->now());
  }

  /// The work begins.
  void begin() noexcept {
    if (circuit_ == nullptr) return;
    start_ = clock_->now();
    if (entry_.call != nullptr) circuit_->begin(entry_, start_);
  }

  /// The call has ended: with this error, or with a result, which may be a failure. Later reports
  /// have no effect.
  void end(const std::exception_ptr& error, bool failed, bool cancelled) noexcept {
    using Outcome = Circuit::Outcome;
    if (const auto circuit = std::exchange(circuit_, nullptr)) {
      const Instant now = clock_->now();
      Outcome outcome = failed ? Outcome::failed : Outcome::succeeded;
      if (failed && cancelled) outcome = Outcome::ignored;  // it may say so by a value
      // Only an error needs the configuration, and the lock that guards it.
      if (error) outcome = judge(*circuit->config(), error, cancelled);
      circuit->end(entry_, outcome, now - start_, now);
    }
  }

 private:
  std::shared_ptr<Circuit> circuit_;  // null: the call is not judged, or has ended
  Circuit::Entry entry_;
  Ref<H> clock_;  // the breaker may be gone when the call ends
  Instant start_{0};
};

/// A callable that reports its end to a circuit breaker.
template <typename F, typename H>
class GuardedCall {
 public:
  template <typename Fn>
  GuardedCall(Fn&& fn, CallPermission<H> permission)
      : fn_(std::forward<Fn>(fn)), permission_(std::move(permission)) {}

  void watchCancellation(CancelRequested requested) noexcept { cancelled_ = std::move(requested); }

  /// This object lives until an awaitable has ended.
  auto operator()() {
    permission_.begin();
    return invoke(fn_, [this](const std::exception_ptr& error, bool failed) noexcept {
      permission_.end(error, failed, static_cast<bool>(cancelled_));
    });
  }

 private:
  F fn_;
  CallPermission<H> permission_;
  CancelRequested cancelled_;
};

/// It has judged its results itself, and no statistics follow.
template <typename F, typename H>
struct JudgeOf<GuardedCall<F, H>> : NoJudge {};

/// execute() of a CircuitBreaker.
template <typename H>
class BreakerInitiation : public Initiation<H> {
 public:
  BreakerInitiation(H* host, std::shared_ptr<Circuit> circuit) noexcept
      : Initiation<H>(host), circuit_(std::move(circuit)) {}

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn) const {
    H& host = this->owner();
    if (!host.executor()) return;  // the context is gone, and no handler can run
    Circuit::Entry entry = circuit_->enter(host.now());
    if (entry.goesAhead) {
      CallPermission<H> permission(circuit_, std::move(entry), host);
      return postUnlimited(
          host, std::forward<Handler>(handler),
          GuardedCall<std::decay_t<F>, H>(std::forward<F>(fn), std::move(permission)));
    }
    noteCall(host, handler);
    try {
      postError<F>(*host.executor(), std::forward<Handler>(handler),
                   std::make_exception_ptr(CircuitOpenError(host.name(), entry.retryAfter)));
    } catch (...) {
      circuit_->undoRefusal();
      throw;
    }
  }

 private:
  const std::shared_ptr<Circuit> circuit_;
};

}  // namespace bulwark::detail
