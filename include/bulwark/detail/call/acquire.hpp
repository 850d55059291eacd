#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/entry_guard.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/queued_handler.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/call/yield.hpp"
#include "bulwark/detail/limiter/end_of_call.hpp"
#include "bulwark/permit.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A granted permit on its way to its handler.
template <typename Handler>
struct PermitDelivery {
  using allocator_type = net::associated_allocator_t<Handler>;

  Grant permits;
  Handler handler;
  std::size_t count;
  Ticks since;
  std::optional<Instant> waited;

  Grant& grant() noexcept { return permits; }
  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() {
    Limiter* limiter = permits.take();
    if (waited && limiter != nullptr) {
      limiter->recordWait(*waited);
      limiter->callBegins();
    }
    std::move(handler)(net::error_code(), PermitMaker::make(limiter, count, permits.held(), since));
  }
};

/// An acquire() that waits for its permits.
template <typename Handler, typename Executor>
class QueuedAcquire final : public Waiter, public QueuedHandler<Handler, Executor> {
 public:
  template <typename H>
  QueuedAcquire(const typename QueuedAcquire::Allocator& alloc, Limiter& limiter,
                const Executor& executor, H&& handler, std::size_t count)
      : QueuedHandler<Handler, Executor>(alloc, executor, std::forward<H>(handler)),
        limiter_(limiter),
        count_(count) {}

  void wake() noexcept override {
    OpOwner<QueuedAcquire> self(this);
    if (!goesAhead(verdict)) {
      return freeAndPost(std::move(self), [code = codeFor(verdict)](Handler handler) {
        return completion(std::move(handler), code, Permit());
      });
    }
    Grant grant;
    if (verdict == Verdict::granted) grant = Grant(limiter_, weight);
    const Instant waited = deadline - since;
    freeAndPost(std::move(self), [&grant, waited, count = count_,
                                  granted = limiter_.permitTimeAt(deadline)](Handler handler) {
      // The grant last: when the move of the handler throws, g++ 11 does not destroy
      // the members that an aggregate returned like this has by then.
      PermitDelivery<Handler> delivery{{}, std::move(handler), count, granted, waited};
      delivery.permits = std::move(grant);
      return delivery;
    });
  }

  void discard() noexcept override {
    OpOwner<QueuedAcquire> self(this);
    // The context ended between the grant and wake(). The grant releases the permits.
    if (verdict == Verdict::granted) const Grant unused(limiter_, weight);
  }

 private:
  Limiter& limiter_;
  const std::size_t count_;
};

/// acquire() on a limiter L.
template <typename L>
class AcquireInitiation : public Initiation<L> {
  using Executor = typename L::executor_type;

 public:
  using Initiation<L>::Initiation;

  template <typename H>
  void operator()(H&& handler, const CallRequest& request) const {
    using Handler = std::decay_t<H>;
    using Queued = QueuedAcquire<Handler, Executor>;
    L& limiter = this->owner();
    if (!limiter.executor()) return;  // the context is gone, and no handler can run
    noteCall(limiter, handler);
    const std::size_t weight = request.weight;
    if (request.isLate()) {
      EntryGuard guard(limiter, limiter.refuse(Verdict::deadlineExceeded));
      return complete(limiter, guard, weight, Handler(std::forward<H>(handler)));
    }
    OpOwner<Queued> op;
    const auto timeout = request.patience(limiter.timeout());
    EntryGuard guard(limiter, limiter.enter(weight, timeout, [&] {
      op = OpOwner<Queued>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                 limiter, *limiter.executor(), std::forward<H>(handler), weight);
      op->budgeted = request.isBudgeted(limiter.timeout());
      CancelLink* cancel = connectToQueue(op->handler(), limiter);
      return std::pair<Waiter*, CancelLink*>(&*op, cancel);
    }));
    if (guard.verdict() == Verdict::waiting) {
      guard.dismiss();  // the call may have ended by now, and the bulkhead may be gone
      op.release();
    } else if (op) {
      auto [taken, work] = takeApart(std::move(op));
      complete(limiter, guard, weight, std::move(taken));
    } else {
      complete(limiter, guard, weight, Handler(std::forward<H>(handler)));
    }
  }

 private:
  template <typename Handler>
  static void complete(L& limiter, EntryGuard& guard, std::size_t weight, Handler handler) {
    const auto target = net::get_associated_executor(handler, *limiter.executor());
    if (goesAhead(guard.verdict())) {
      PermitDelivery<Handler> delivery{{}, std::move(handler), weight, limiter.permitTime(), {}};
      guard.post(*limiter.executor(), target, delivery);
    } else {
      auto refusal = completion(std::move(handler), codeFor(guard.verdict()), Permit());
      guard.post(*limiter.executor(), target, refusal);
    }
  }
};

/// A permit that take() took, for a limiter of that kind.
template <typename L>
Permit takenPermit(L& limiter, CompartmentKind kind, std::size_t permits) noexcept {
  return PermitMaker::make(&limiter, permits, permits, limiter.permitTime(kind));
}

/// The rest of tryAcquire(): apart, so that compilers inline the part above it.
template <typename L>
Permit tryAcquireSlowly(L& limiter, CompartmentKind kind, std::size_t permits) noexcept {
  const Entry entry = limiter.enterNow(permits);
  if (entry.verdict == Verdict::granted) {
    return PermitMaker::make(&limiter, permits, entry.held, limiter.permitTime(kind));
  }
  if (entry.verdict == Verdict::bypassed) return PermitMaker::make(nullptr, permits, 0, {});
  return {};
}

/// tryAcquire(). The kind is known at compile time.
template <CompartmentKind kind, typename L>
Permit tryAcquire(L& limiter, std::size_t permits) noexcept {
  noteCall(limiter);
  if (limiter.take(permits, kind)) [[likely]]
    return takenPermit(limiter, kind, permits);
  if (limiter.full(permits)) [[likely]]
    return {};
  return tryAcquireSlowly(limiter, kind, permits);
}

template <typename L, typename Token>
auto initiateAcquire(L& limiter, const CallRequest& request, Token&& token) {
  return net::async_initiate<Token, void(net::error_code, Permit)>(AcquireInitiation<L>(&limiter),
                                                                   token, request);
}

/// Lets the executor run other functions, and returns the permit. It was acquired before that, so
/// that no later call gets ahead.
template <typename Ex>
net::awaitable<Permit, Ex> yieldWith(Permit permit, net::use_awaitable_t<Ex> token) {
  co_await net::post(token);
  co_return permit;
}

/// acquire() for a coroutine that awaits it: a free permit needs no round trip through the
/// executor. To complete inside the initiating function would need none either, but would take one
/// more stack frame each time.
template <CompartmentKind kind, typename L, typename Ex>
net::awaitable<Permit, Ex> awaitPermit(Ref<L> limiter, CallRequest request,
                                       net::use_awaitable_t<Ex> token) {
  noteCall(*limiter);
  const std::size_t permits = request.weight;
  if (!request.isLate() && limiter->take(permits, kind)) {
    if (mustYield()) [[unlikely]]
      co_return co_await yieldWith(takenPermit(*limiter, kind, permits), token);
    co_return takenPermit(*limiter, kind, permits);
  }
  co_return co_await initiateAcquire(*limiter, request, token);
}

template <typename Token>
inline constexpr bool isUseAwaitable = false;
template <typename Ex>
inline constexpr bool isUseAwaitable<net::use_awaitable_t<Ex>> = true;

/// acquire() with any token.
template <CompartmentKind kind, typename L, typename Token>
auto acquire(L& limiter, const CallRequest& request, Token&& token) {
  if constexpr (isUseAwaitable<std::decay_t<Token>>) {
    return awaitPermit<kind>(Ref<L>(&limiter), request, token);
  } else {
    return initiateAcquire(limiter, request, std::forward<Token>(token));
  }
}

}  // namespace bulwark::detail
