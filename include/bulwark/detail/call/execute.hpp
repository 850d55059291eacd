#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_call.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/entry_guard.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/plain_call.hpp"
#include "bulwark/detail/call/queued_call.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/call/without_allocator.hpp"
#include "bulwark/detail/limiter/fault.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <typename F, typename Handler, typename Executor>
using AwaitableCallOf = AwaitableCall<std::decay_t<F>, std::decay_t<Handler>, Executor>;

/// The operation of a call that may wait.
template <typename F, typename Handler, typename Executor>
using QueuedCallOf =
    std::conditional_t<ResultOf<F>::awaitable, AwaitableCallOf<F, Handler, Executor>,
                       QueuedCall<std::decay_t<F>, std::decay_t<Handler>, Executor>>;

template <typename Executor, typename Handler, typename F>
OpOwner<QueuedCallOf<F, Handler, Executor>> makeCall(Limiter* limiter, const Executor& executor,
                                                     Handler&& handler, F&& fn) {
  return OpOwner<QueuedCallOf<F, Handler, Executor>>::make(
      net::get_associated_allocator(handler, DefaultAllocator()), limiter, executor,
      std::forward<F>(fn), std::forward<Handler>(handler));
}

/// Stands for an EntryGuard where a call needs no permits.
struct NoEntry {
  template <typename Executor, typename F>
  void post(const Executor& io, const Executor& target, F& f) {
    postTo(io, target, std::move(f));
  }
};

/// Posts a call.
/// @param limiter null: the call needs no permits
/// @param guard   an EntryGuard, or NoEntry
template <typename Executor, typename Guard, typename Handler, typename F>
void postCall(Limiter* limiter, const Executor& executor, Guard& guard, Handler&& handler, F&& fn) {
  if constexpr (ResultOf<F>::awaitable) {
    auto op = makeCall(limiter, executor, std::forward<Handler>(handler), std::forward<F>(fn));
    op->connectCancellation();
    using Operation = typename AwaitableCallOf<F, Handler, Executor>::Operation;
    StartAwaitable<Operation> start{CallOwner<Operation>(op.release())};
    guard.post(executor, executor, start);
  } else {
    PlainCall<std::decay_t<F>, std::decay_t<Handler>, Executor> call(
        std::in_place, executor, std::forward<F>(fn), std::forward<Handler>(handler));
    call.watchCancellation();
    guard.post(executor, executor, call);
  }
}

/// Posts a call on a host that has no limit.
template <typename H, typename Handler, typename F>
void postUnlimited(H& host, Handler&& handler, F&& fn) {
  noteCall(host, handler);
  if (host.destroyed()) {  // a lazy operation, started too late
    return postError<F>(*host.executor(), std::forward<Handler>(handler),
                        operationAborted(NotStarted::destroyed));
  }
  NoEntry none;
  postCall(nullptr, *host.executor(), none, std::forward<Handler>(handler), std::forward<F>(fn));
}

/// Posts the completion of a call that was refused on arrival.
template <typename F, typename Executor, typename Handler>
void postRefusal(const Executor& executor, EntryGuard& guard, Handler&& handler,
                 std::exception_ptr error) {
  const auto target = net::get_associated_executor(handler, executor);
  auto refusal =
      SlotOf<F>::refusal(std::decay_t<Handler>(std::forward<Handler>(handler)), std::move(error));
  guard.post(executor, target, refusal);
}

/// Completes a call whose time has passed before it begins.
/// @param late the lateness of its request
template <typename F, typename L, typename Handler>
void refuseLate(L& limiter, Handler&& handler, Verdict late) {
  // Whichever time it was, the call counts as timed out: it does not run.
  EntryGuard guard(limiter, limiter.refuse(late == Verdict::overdue ? Verdict::timedOut : late));
  postRefusal<F>(*limiter.executor(), guard, std::forward<Handler>(handler),
                 limiter.errorFor(late));
}

/// execute() on a limiter L.
template <typename L>
class ExecuteInitiation : public Initiation<L> {
  using Executor = typename L::executor_type;

 public:
  using Initiation<L>::Initiation;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, const CallRequest& request) const {
    L& limiter = this->owner();
    if (!limiter.executor()) return;  // the context is gone, and no handler can run
    noteCall(limiter, handler);
    const Instant limit = request.limit(limiter.executionTimeout());
    if (request.isTimed(limit)) [[unlikely]] {
      return withDefaultAllocator(std::forward<Handler>(handler), [&](auto&& own) {
        timed(limiter, std::forward<decltype(own)>(own), std::forward<F>(fn), request, limit);
      });
    }
    Entry entry{Verdict::granted, request.weight};
    if (!limiter.take(request.weight)) [[unlikely]] {
      entry = limiter.tryEnter(request.weight, request.queueTimeout);
      if (entry.verdict == Verdict::contended) {
        limiter.prepareToWait();
        auto op = makeCall(&limiter, *limiter.executor(), std::forward<Handler>(handler),
                           std::forward<F>(fn));
        return enter(std::move(op), request);
      }
    }
    EntryGuard guard(limiter, entry);
    const Executor& executor = *limiter.executor();
    if (goesAhead(entry.verdict)) [[likely]] {
      postCall(&limiter, executor, guard, std::forward<Handler>(handler), std::forward<F>(fn));
    } else {
      postRefusal<F>(executor, guard, std::forward<Handler>(handler),
                     limiter.errorFor(entry.verdict, request.weight));
    }
  }

 private:
  /// The call may have to wait.
  template <typename Op>
  static void enter(OpOwner<Op> op, const CallRequest& request) {
    CancelLink* const cancel = op->connectCancellation();
    const auto timeout = request.patience(op->limiter()->timeout());
    op.release()->enter(request.weight, timeout, cancel);
  }

  /// The call may run for `limit`.
  template <typename Handler, typename F>
  static void timed(L& limiter, Handler&& handler, F&& fn, const CallRequest& request,
                    Instant limit) {
    if (const Verdict late = request.lateness(limit); late != Verdict::granted) {
      return refuseLate<F>(limiter, std::forward<Handler>(handler), late);
    }
    const Entry entry = limiter.tryEnter(request.weight, request.patience(limiter.timeout()));
    EntryGuard guard(limiter, entry);
    if (entry.verdict != Verdict::contended && !goesAhead(entry.verdict)) {
      return postRefusal<F>(*limiter.executor(), guard, std::forward<Handler>(handler),
                            limiter.errorFor(entry.verdict, request.weight));
    }
    limiter.prepareToWait();
    auto op = makeCall(&limiter, *limiter.executor(), std::forward<Handler>(handler),
                       std::forward<F>(fn));
    if (entry.verdict != Verdict::bypassed) op->limitTime(limit, request);
    if (entry.verdict == Verdict::contended) {
      guard.dismiss();
      return enter(std::move(op), request);
    }
    op->connectCancellation();
    op.release()->post(guard, nullptr);
  }
};

}  // namespace bulwark::detail
