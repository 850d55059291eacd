#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/failed_result.hpp"
#include "bulwark/detail/manager/chained_waiting_call.hpp"
#include "bulwark/detail/manager/permit_chain.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A callable that runs under a permit chain.
template <typename F>
struct ChainedCall {
  F fn;
  ChainShare chain;

  decltype(auto) operator()() { return fn(); }
};

template <typename F>
struct JudgeOf<ChainedCall<F>> {
  template <typename R>
  static bool failed(ChainedCall<F>& call, const R& result) {
    return JudgeOf<F>::failed(call.fn, result);
  }
};

/// As for any call, and that of the semaphores. They need the times of the work even if the call
/// holds no permits of the bulkhead, so this always reads the clock.
class ChainedAccounting : public CallAccounting {
 public:
  template <typename F>
  void begin(const Grant& grant, ChainedCall<F>& fn) noexcept {
    chain_ = std::move(fn.chain);
    beginBy(&chain_->bulkhead());
    chain_->begin(started(), grant);
  }
  Limiter* close(Grant& grant) noexcept {
    chain_->end(how(), started(), ended());
    return CallAccounting::close(grant);
  }

 private:
  ChainShare chain_;
};

/// The handler in the cancellation slot of an awaitable with a chain.
template <typename Executor>
struct ChainedAwaitableHook {
  std::shared_ptr<PermitChain> chain;
  std::shared_ptr<AwaitableCancel<Executor>> running;

  void operator()(net::cancellation_type_t type) {
    if (type != net::cancellation_type::none && !chain->cancel()) running->request(type);
  }
};

template <typename F>
struct CallSteps<ChainedCall<F>> {
  using Waiting = ChainedWaitingCall;
  using WaitingPlain = WaitingPlainCall<ChainedWaitingCall, ChainedAccounting>;

  template <typename Handler>
  static CancelLink* connect(ChainedCall<F>& fn, const Handler& handler, Limiter*) {
    using Hook = SharedCancelHook<PermitChain>;
    const auto& chain = fn.chain.get();
    return connectCancellation<Hook>(handler, Hook{chain}) != nullptr ? chain->queueLink()
                                                                      : nullptr;
  }

  template <typename Handler, typename Executor>
  static CancelLink* connectAwaitable(ChainedCall<F>& fn, const Handler& handler, Limiter*,
                                      const std::shared_ptr<AwaitableCancel<Executor>>& running) {
    using Hook = ChainedAwaitableHook<Executor>;
    connectCancellation<Hook>(handler, Hook{fn.chain.get(), running});
    return fn.chain->queueLink();
  }

  using Accounting = ChainedAccounting;
};

/// execute() on a limiter L with a permit chain.
template <typename L>
class ChainedInitiation : public Initiation<L> {
  using Executor = typename L::executor_type;

 public:
  using Initiation<L>::Initiation;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, const CallRequest& request,
                  const std::shared_ptr<PermitChain>& chain) const {
    L& limiter = this->owner();
    if (!limiter.executor()) return;  // the context is gone, and no handler can run
    noteCall(limiter, handler);
    const Instant limit = request.limit(limiter.executionTimeout());
    if (!request.isTimed(limit)) {
      return start(limiter, std::forward<Handler>(handler), std::forward<F>(fn), request, limit,
                   chain);
    }
    withDefaultAllocator(std::forward<Handler>(handler), [&](auto&& own) {
      if (const Verdict late = request.lateness(limit); late != Verdict::granted) {
        return refuseLate<F>(limiter, std::forward<decltype(own)>(own), late);
      }
      start(limiter, std::forward<decltype(own)>(own), std::forward<F>(fn), request, limit, chain);
    });
  }

 private:
  /// Takes back what the semaphores granted, if the initiating function throws.
  class ChainGuard {
   public:
    explicit ChainGuard(PermitChain& chain) noexcept : chain_(&chain) {}
    ChainGuard(const ChainGuard&) = delete;
    ChainGuard& operator=(const ChainGuard&) = delete;
    ~ChainGuard() {
      if (chain_ != nullptr) chain_->undo();
    }
    void dismiss() noexcept { chain_ = nullptr; }

   private:
    PermitChain* chain_;
  };

  template <typename Handler, typename F>
  static void start(L& limiter, Handler&& handler, F&& fn, const CallRequest& request,
                    Instant limit, const std::shared_ptr<PermitChain>& chain) {
    using Chained = ChainedCall<std::decay_t<F>>;
    const Executor& executor = *limiter.executor();
    OpOwner<QueuedCallOf<Chained, Handler, Executor>> op;
    CancelLink* cancel = nullptr;
    const auto make = [&](bool bypassed) {
      op = makeCall(&limiter, executor, std::forward<Handler>(handler),
                    Chained{std::forward<F>(fn), chain});
      op->belongsTo(*chain);
      if (request.isTimed(limit) && !bypassed) {
        limiter.prepareToWait();
        op->limitTime(limit, request);
      }
      cancel = op->connectCancellation();
    };
    const auto timeout = request.patience(limiter.timeout());
    EntryGuard guard(limiter, limiter.enter(request.weight, timeout, [&] {
      make(false);
      return std::pair<Waiter*, CancelLink*>(&*op, cancel);
    }));
    if (guard.verdict() == Verdict::waiting) {
      guard.dismiss();  // the call may have ended by now, and the bulkhead may be gone
      op.release();
    } else if (goesAhead(guard.verdict())) {
      if (!op) make(guard.verdict() == Verdict::bypassed);
      proceed(limiter, guard, *chain, std::move(op));
    } else if (op) {
      op.release()->post(guard, limiter.errorFor(guard.verdict(), request.weight));
    } else {
      postRefusal<F>(executor, guard, std::forward<Handler>(handler),
                     limiter.errorFor(guard.verdict(), request.weight));
    }
  }

  /// The call has its permits of the bulkhead: on to the semaphores.
  template <typename Op>
  static void proceed(L& limiter, EntryGuard& guard, PermitChain& chain, OpOwner<Op> op) {
    const Entry entry = guard.entry();
    // A call that waits at a semaphore takes its permits of the bulkhead along.
    if (entry.verdict == Verdict::granted) op->grant() = Grant(limiter, entry.held);
    ChainGuard chainGuard(chain);  // undoes what semaphores granted, unless it is dismissed
    Entry last;
    try {
      last = chain.proceed(*op, op->grant());
    } catch (...) {
      op->grant().take();  // `guard` undoes the entry, which includes these permits
      throw;
    }
    // The call may have ended by now, and the bulkhead may be gone.
    if (last.verdict == Verdict::waiting) {
      chainGuard.dismiss();
      guard.dismiss();
      op.release();
      return;
    }
    op->grant().take();  // `guard` has the permits again, until it posts the call with them
    if (last.verdict == Verdict::granted) {
      op.release()->post(guard, nullptr);
      chainGuard.dismiss();
      return;
    }
    if (last.verdict == Verdict::abandoned) {  // the context is gone, and no handler can run
      chainGuard.dismiss();
      return;
    }
    // A semaphore refused: the bulkhead counts the call as that semaphore did.
    Limiter& semaphore = chain.refusedBy();
    // It uncounts the refusal if posting it throws. A cancellation stops the chain before the
    // semaphore counts anything.
    EntryGuard atSemaphore(semaphore, last.verdict == Verdict::cancelled ? Entry() : last);
    chain.releaseAll();
    if (entry.verdict == Verdict::granted) {  // mode off counts nothing
      limiter.forfeit(entry.held, last.verdict);
      guard.guard({last.verdict, 0, entry.overLimit});
    }
    op.release()->post(guard, semaphore.errorFor(last.verdict));
    atSemaphore.dismiss();
    chainGuard.dismiss();
  }
};

}  // namespace bulwark::detail
