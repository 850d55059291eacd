#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/queued_handler.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/call/waiting_call.hpp"
#include "bulwark/detail/limiter/rate_gate.hpp"
#include "bulwark/detail/policy/invoke.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The part of one call of execute() in a rate limiter. A drain waits for it. It counts the end of
/// the call; a call that had its turn and is destroyed before it ends counts as cancelled.
class PacedShare {
 public:
  /// Null: the call is not counted, and no drain waits for it.
  explicit PacedShare(RateGate* gate) noexcept : gate_(gate), inside_(gate != nullptr) {
    if (inside_) gate->enterInside();
  }
  PacedShare(PacedShare&&) noexcept = default;
  PacedShare& operator=(PacedShare&&) = delete;
  ~PacedShare() {
    if (gate_ && hasTurn_) gate_->count(Count::cancelled);
    leave();
  }

  /// Null: the call is not counted.
  RateGate* gate() const noexcept { return gate_.get(); }

  /// The call may have to wait. A drain fails the calls that wait, and does not wait for them. The
  /// core counts it as inside again when it grants its turn, and goAhead() follows.
  void stepOut() noexcept {
    if (std::exchange(inside_, false)) gate_->leaveInside();
  }
  /// The call goes ahead. In mode off it is not counted, and no drain waits for it.
  void goAhead(Verdict verdict) noexcept {
    hasTurn_ = verdict == Verdict::granted;
    if (hasTurn_) {
      inside_ = true;
    } else {
      leave();
    }
  }
  /// The call has ended. Later reports have no effect.
  void end(bool failed) noexcept {
    if (!gate_) return;
    gate_->count(failed ? Count::failed : Count::executed);
    leave();
  }

 private:
  void leave() noexcept {
    const Ref<RateGate> gate = std::move(gate_);
    if (gate && inside_) gate->leaveInside();
  }

  Ref<RateGate> gate_;  // null: the call has ended, or is not counted
  bool inside_;  // a drain waits for it
  bool hasTurn_ = false;
};

/// A callable that reports its end to a rate limiter.
template <typename F>
struct PacedCall {
  F fn;
  PacedShare share;

  /// This object lives until an awaitable has ended.
  auto operator()() {
    return invoke(fn,
                  [this](const std::exception_ptr&, bool failed) noexcept { share.end(failed); });
  }
};

/// It has judged its results itself, and no statistics follow.
template <typename F>
struct JudgeOf<PacedCall<F>> : NoJudge {};

/// A call of execute() that waits for its turn. Then it is posted as one that did not wait: it
/// holds nothing that another call waits for, so there is no burst to go on with.
class BULWARK_EXPORT PacedWaitingCall : public WaitingCall {
 public:
  /// Called before the call waits. The callable holds the share as long as the call has not begun.
  void belongsTo(PacedShare& share) noexcept {
    share_ = &share;
    entersInside = true;
  }

  void wake() noexcept final;
  void discard() noexcept final;

  /// The rate limiter has recorded the wait.
  void recordWait() noexcept {}

 protected:
  using WaitingCall::WaitingCall;
  ~PacedWaitingCall() = default;

 private:
  PacedShare* share_ = nullptr;
};

template <typename F>
struct CallSteps<PacedCall<F>> {
  using Waiting = PacedWaitingCall;
  using WaitingPlain = WaitingPlainCall<PacedWaitingCall, CallAccounting>;

  template <typename Handler>
  static CancelLink* connect(PacedCall<F>& fn, const Handler& handler, Limiter*) {
    return connectToQueue(handler, *fn.share.gate());
  }

  template <typename Handler, typename Executor>
  static CancelLink* connectAwaitable(PacedCall<F>& fn, const Handler& handler, Limiter*,
                                      const std::shared_ptr<AwaitableCancel<Executor>>& running) {
    using Hook = AwaitableHook<Executor, RateGate>;
    return connectCancellation<Hook>(handler, fn.share.gate(), running)->link();
  }

  using Accounting = CallAccounting;
};

/// execute() of a RateLimiter with the host G.
template <typename G>
class PacedInitiation : public Initiation<G> {
  using Executor = typename G::executor_type;

 public:
  using Initiation<G>::Initiation;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, const CallRequest& request) const {
    G& gate = this->owner();
    if (!gate.executor()) return;  // the context is gone, and no handler can run
    noteCall(gate, handler);
    const std::size_t permits = request.weight;
    Turn turn;
    if (request.isLate()) [[unlikely]] {
      turn = gate.refuse(Verdict::deadlineExceeded);
    } else if (gate.closed()) [[unlikely]] {
      // Before it has a share: a stream of calls that a drain refuses must not hold up the drain.
      turn = gate.refuseClosed(permits);
    }
    PacedShare share(turn.verdict == Verdict::contended ? &gate : nullptr);
    if (turn.verdict == Verdict::contended) [[likely]] {
      const Instant now = gate.now();
      if (gate.take(permits, now)) [[likely]] {
        turn.verdict = Verdict::granted;
      } else {
        turn = gate.tryEnter(permits, request.patience(gate.timeout()), now);
        if (turn.verdict == Verdict::contended) {
          return queue(gate, std::forward<Handler>(handler), std::forward<F>(fn), request,
                       std::move(share));
        }
      }
    }
    const Executor& executor = *gate.executor();
    try {
      if (!goesAhead(turn.verdict)) {
        return postError<F>(executor, std::forward<Handler>(handler), gate.errorFor(turn, permits));
      }
      share.goAhead(turn.verdict);
      NoEntry none;
      postCall(nullptr, executor, none, std::forward<Handler>(handler),
               PacedCall<std::decay_t<F>>{std::forward<F>(fn), std::move(share)});
    } catch (...) {
      takeBack(gate, turn, permits);
      throw;
    }
  }

 private:
  /// The share of the call counts it as cancelled, before or after this.
  static void takeBack(G& gate, const Turn& turn, std::size_t permits) noexcept {
    if (turn.verdict == Verdict::granted) gate.uncount(Count::cancelled);
    gate.undo(turn, permits);
  }

  /// The call may have to wait.
  template <typename Handler, typename F>
  static void queue(G& gate, Handler&& handler, F&& fn, const CallRequest& request,
                    PacedShare share) {
    const std::size_t permits = request.weight;
    gate.prepareToWait();
    using Paced = PacedCall<std::decay_t<F>>;
    auto op = makeCall(nullptr, *gate.executor(), std::forward<Handler>(handler),
                       Paced{std::forward<F>(fn), std::move(share)});
    PacedShare& own = op->fn().share;
    op->belongsTo(own);
    op->budgeted = request.isBudgeted(gate.timeout());
    CancelLink* const cancel = op->connectCancellation();
    const Ref<G> keep(&gate);
    own.stepOut();
    const Turn turn =
        gate.enter(permits, request.patience(gate.timeout()), gate.now(), *op, cancel);
    if (turn.verdict == Verdict::waiting) {  // the call may have ended by now
      op.release();
      return;
    }
    std::exception_ptr error;
    if (goesAhead(turn.verdict)) {
      own.goAhead(turn.verdict);
    } else {
      error = gate.errorFor(turn, permits);
    }
    try {
      EntryGuard none;
      op.release()->post(none, std::move(error));
    } catch (...) {
      takeBack(gate, turn, permits);
      throw;
    }
  }
};

/// An acquire() of a rate limiter that waits for its turn.
template <typename Handler, typename Executor>
class QueuedTurn final : public Waiter, public QueuedHandler<Handler, Executor> {
 public:
  template <typename H>
  QueuedTurn(const typename QueuedTurn::Allocator& alloc, RateGate& gate, const Executor& executor,
             H&& handler)
      : QueuedHandler<Handler, Executor>(alloc, executor, std::forward<H>(handler)), gate_(gate) {}

  void wake() noexcept override {
    if (verdict == Verdict::granted) gate_.count(Count::executed);
    freeAndPost(OpOwner<QueuedTurn>(this), [code = RateGate::codeFor(verdict)](Handler handler) {
      return completion(std::move(handler), code);
    });
  }

  void discard() noexcept override { OpOwner<QueuedTurn>(this).reset(); }

 private:
  RateGate& gate_;
};

/// acquire() of a RateLimiter with the host G.
template <typename G>
class TurnInitiation : public Initiation<G> {
  using Executor = typename G::executor_type;

 public:
  using Initiation<G>::Initiation;

  template <typename H>
  void operator()(H&& handler, const CallRequest& request) const {
    using Handler = std::decay_t<H>;
    using Queued = QueuedTurn<Handler, Executor>;
    G& gate = this->owner();
    if (!gate.executor()) return;  // the context is gone, and no handler can run
    noteCall(gate, handler);
    const std::size_t permits = request.weight;
    const auto timeout = request.patience(gate.timeout());
    const Instant now = gate.now();
    Turn turn{Verdict::granted};
    if (request.isLate()) [[unlikely]] {
      turn = gate.refuse(Verdict::deadlineExceeded);
    } else if (!gate.take(permits, now)) [[unlikely]] {
      turn = gate.tryEnter(permits, timeout, now);
    }
    if (turn.verdict != Verdict::contended) {
      TurnGuard guard(gate, turn, permits);
      return complete(gate, guard, Handler(std::forward<H>(handler)));
    }
    gate.prepareToWait();
    auto op = OpOwner<Queued>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                    gate, *gate.executor(), std::forward<H>(handler));
    op->budgeted = request.isBudgeted(gate.timeout());
    CancelLink* const cancel = connectToQueue(op->handler(), gate);
    const Ref<G> keep(&gate);
    turn = gate.enter(permits, timeout, now, *op, cancel);
    if (turn.verdict == Verdict::waiting) {  // the call may have ended by now
      op.release();
      return;
    }
    TurnGuard guard(gate, turn, permits);
    auto [taken, work] = takeApart(std::move(op));
    complete(gate, guard, std::move(taken));
  }

 private:
  /// Counts a turn, and takes it back if the initiating function throws before it has posted the
  /// completion. Then nothing has changed.
  class TurnGuard {
   public:
    TurnGuard(G& gate, const Turn& turn, std::size_t permits) noexcept
        : gate_(&gate), turn_(turn), permits_(permits) {
      if (turn_.verdict == Verdict::granted) gate.count(Count::executed);
    }
    TurnGuard(const TurnGuard&) = delete;
    TurnGuard& operator=(const TurnGuard&) = delete;
    ~TurnGuard() {
      if (gate_ == nullptr) return;
      if (turn_.verdict == Verdict::granted) gate_->uncount(Count::executed);
      gate_->undo(turn_, permits_);
    }

    const Turn& turn() const noexcept { return turn_; }
    void dismiss() noexcept { gate_ = nullptr; }

   private:
    G* gate_;
    const Turn turn_;
    const std::size_t permits_;
  };

  template <typename Handler>
  static void complete(G& gate, TurnGuard& guard, Handler handler) {
    const Executor& executor = *gate.executor();
    const auto target = net::get_associated_executor(handler, executor);
    postTo(executor, target,
           completion(std::move(handler), RateGate::codeFor(guard.turn().verdict)));
    guard.dismiss();
  }
};

}  // namespace bulwark::detail
