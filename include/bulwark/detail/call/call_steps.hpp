#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The accounting for the work of one call. Reads the clock only if the call holds permits.
class CallAccounting {
 public:
  template <typename F>
  void begin(const Grant& grant, F&) noexcept {
    beginBy(grant.limiter());
  }
  void end() noexcept {
    if (limiter_ != nullptr) end_ = limiter_->ticksAfter(start_);
  }
  Ticks ended() const noexcept { return end_; }

  /// Counts the call and releases its permits. Returns as Limiter::finish().
  Ref<Limiter> close(Grant& grant, bool failed) noexcept {
    Limiter* const limiter = grant.take();
    return limiter != nullptr ? limiter->finish(grant.held(), failed, start_, end_)
                              : Ref<Limiter>();
  }

 protected:
  /// @param limiter whose clock is read until end(); null: none is
  void beginBy(const Limiter* limiter) noexcept {
    limiter_ = limiter;
    if (limiter_ != nullptr) start_ = limiter_->ticks();
  }
  Ticks started() const noexcept { return start_; }

 private:
  const Limiter* limiter_ = nullptr;
  Ticks start_{0};
  Ticks end_{0};
};

/// The steps of a call that depend on what lies between its permits and its work. Here that is
/// nothing. A layer above specialises this for the callables that it wraps.
///
/// An Op is a queued call: a Runnable that has limiter(), grant() and fn().
template <typename F>
struct CallSteps {
  /// A queued call has its permits.
  template <typename Op>
  static void granted(OpOwner<Op> self) noexcept {
    Op& op = *self.release();
    op.limiter().makeRunnable(op);
  }

  /// The error of a queued call that does not run.
  template <typename Op>
  static std::exception_ptr refusal(Op& op) noexcept {
    return op.limiter().errorFor(op.verdict);
  }

  /// A queued call begins.
  template <typename Op>
  static void recordWait(Op& op) noexcept {
    if (op.verdict == Verdict::granted) op.limiter().recordWait(op.deadline - op.since);
  }

  /// Connects the handler's cancellation slot with the queue in which the call may wait.
  template <typename Handler>
  static CancelLink* connect(F&, const Handler& handler, Limiter& limiter) {
    return connectToQueue(handler, limiter);
  }

  /// The same for an awaitable, which `running` cancels while it runs. Null: it has no limit.
  template <typename Handler, typename Executor>
  static CancelLink* connectAwaitable(F&, const Handler& handler, Limiter* limiter,
                                      const std::shared_ptr<AwaitableCancel<Executor>>& running) {
    return connectCancellation<AwaitableHook<Executor>>(handler, limiter, running)->link();
  }

  /// What accounts for the work of a call.
  using Accounting = CallAccounting;
};

}  // namespace bulwark::detail
