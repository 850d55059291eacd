#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_call.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/entry_guard.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/plain_call.hpp"
#include "bulwark/detail/call/queued_call.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// An awaitable call on its way to the executor, which starts it.
template <typename Call>
struct StartAwaitable {
  OpOwner<Call> op;
  Grant none{};

  Grant& grant() noexcept { return op ? op->grant() : none; }
  void operator()() { Call::start(std::move(op)); }
};

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
    StartAwaitable<AwaitableCallOf<F, Handler, Executor>> start{std::move(op)};
    guard.post(executor, executor, start);
  } else {
    PlainCall<std::decay_t<F>, std::decay_t<Handler>, Executor> call(
        executor, std::forward<F>(fn), std::forward<Handler>(handler));
    call.watchCancellation();
    guard.post(executor, executor, call);
  }
}

/// Posts an operation that was made because the call might have to wait, and that need not wait.
template <typename Executor, typename Op>
void postOperation(const Executor& executor, EntryGuard& guard, OpOwner<Op> op) {
  if constexpr (requires { op->call(); }) {
    auto call = std::move(op->call());
    [[maybe_unused]] const auto work = op->takeIoWork();  // see takeApart()
    op.reset();
    guard.post(executor, executor, call);
  } else {
    StartAwaitable<Op> start{std::move(op)};
    guard.post(executor, executor, start);
  }
}

/// Posts the completion of a call that was refused.
template <typename F, typename Executor, typename Handler>
void postRefusal(const Executor& executor, EntryGuard& guard, Handler&& handler,
                 std::exception_ptr error) {
  const auto target = net::get_associated_executor(handler, executor);
  auto refusal =
      SlotOf<F>::refusal(std::decay_t<Handler>(std::forward<Handler>(handler)), std::move(error));
  guard.post(executor, target, refusal);
}

/// execute() on a limiter L.
template <typename L>
class ExecuteInitiation : public Initiation<L> {
  using Executor = typename L::executor_type;

 public:
  using Initiation<L>::Initiation;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, std::size_t weight,
                  std::optional<std::chrono::nanoseconds> timeout) const {
    L& limiter = this->owner();
    if (!limiter.executor()) return;  // the context is gone, and no handler can run
    const Executor& executor = *limiter.executor();
    noteCall(limiter, handler);
    if (limiter.take(weight)) [[likely]] {
      EntryGuard guard(limiter, {Verdict::granted, weight});
      return postCall(&limiter, executor, guard, std::forward<Handler>(handler),
                      std::forward<F>(fn));
    }
    OpOwner<QueuedCallOf<F, Handler, Executor>> op;
    EntryGuard guard(limiter, limiter.enter(weight, timeout, [&] {
      op = makeCall(&limiter, executor, std::forward<Handler>(handler), std::forward<F>(fn));
      CancelLink* cancel = op->connectCancellation();
      return std::pair<Waiter*, CancelLink*>(&*op, cancel);
    }));
    if (guard.verdict() == Verdict::waiting) {
      guard.dismiss();  // the call may have ended by now, and the bulkhead may be gone
      op.release();
    } else if (goesAhead(guard.verdict())) {
      if (op) return postOperation(executor, guard, std::move(op));
      postCall(&limiter, executor, guard, std::forward<Handler>(handler), std::forward<F>(fn));
    } else if (op) {
      auto [taken, work] = takeApart(std::move(op));
      postRefusal<F>(executor, guard, std::move(taken), limiter.errorFor(guard.verdict(), weight));
    } else {
      postRefusal<F>(executor, guard, std::forward<Handler>(handler),
                     limiter.errorFor(guard.verdict(), weight));
    }
  }
};

}  // namespace bulwark::detail
