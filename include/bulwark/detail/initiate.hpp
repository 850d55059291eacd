#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/asio_compartment.hpp"
#include "bulwark/detail/call.hpp"
#include "bulwark/detail/operation.hpp"
#include "bulwark/error.hpp"
#include "bulwark/permit.hpp"

// What an asynchronous operation does when it is started: everything, and nothing before. With a
// lazy token that is later, maybe on another thread, maybe never.

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// @tparam Owner an AsioCompartment or a ManagerState: has a reference count, and an executor until
///               the context is gone
template <typename Owner>
class InitiationBase {
 public:
  using executor_type = typename Owner::executor_type;

  explicit InitiationBase(Owner* owner) noexcept : owner_(owner) {}

  executor_type get_executor() const noexcept { return *owner_->executor(); }

 protected:
  Owner& owner() const noexcept { return *owner_; }

 private:
  LazyRef<Owner> owner_;
};

/// Frees an operation that will not wait after all, before its handler is posted: a block of the
/// handler's allocator must not be out when that runs. Gives the handler, and what keeps the
/// contexts at work until it is posted: one that has nothing to do for a moment stops.
template <typename Op>
auto takeApart(OpOwner<Op> op) {
  return std::pair(std::move(op->handler()), op->takeWork());
}

/// Reports what kept a call from becoming one.
template <typename F, typename Executor, typename Handler>
void postError(const Executor& executor, Handler&& handler, std::exception_ptr error) {
  const auto target = net::get_associated_executor(handler, executor);
  postTo(executor, target,
         CallOutcome<F>::refusal(std::decay_t<Handler>(std::forward<Handler>(handler)),
                                 std::move(error)));
}

// --- execute ------------------------------------------------------------------------------------

template <typename C>
class ExecuteInitiation : public InitiationBase<C> {
  using Executor = typename C::executor_type;

 public:
  using InitiationBase<C>::InitiationBase;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, std::size_t weight,
                  std::optional<std::chrono::nanoseconds> timeout) const {
    C& compartment = this->owner();
    if (!compartment.executor()) return;  // the context is gone: nobody can be told
    if (compartment.take(weight)) [[likely]] {
      EntryGuard guard(compartment, {Verdict::granted, weight});
      return goAhead(compartment, guard, std::forward<Handler>(handler), std::forward<F>(fn));
    }
    const Entry entry = compartment.tryEnter(weight, timeout);
    EntryGuard guard(compartment, entry);
    if (goesAhead(entry.verdict)) {
      goAhead(compartment, guard, std::forward<Handler>(handler), std::forward<F>(fn));
    } else if (entry.verdict != Verdict::contended) {
      refuse<F>(compartment, guard, entry.verdict, weight, std::forward<Handler>(handler));
    } else {
      auto op = makeOp(compartment, std::forward<Handler>(handler), std::forward<F>(fn));
      if (entersAtOnce<F>(compartment, guard, weight, timeout, op, op->hookUp())) {
        postOp(compartment, guard, std::move(op));
      }
    }
  }

 protected:
  template <typename F, typename Handler>
  using Plain = PlainCall<std::decay_t<F>, std::decay_t<Handler>, Executor>;
  template <typename F, typename Handler>
  using Awaitable = AwaitableCall<std::decay_t<F>, std::decay_t<Handler>, Executor>;
  template <typename F, typename Handler>
  using Queued = std::conditional_t<CallResult<F>::awaitable, Awaitable<F, Handler>,
                                    QueuedCall<std::decay_t<F>, std::decay_t<Handler>, Executor>>;

  /// An awaitable call as the executor starts it.
  template <typename Call>
  struct Start {
    OpOwner<Call> op;
    Grant none;

    Grant& grant() noexcept { return op ? op->grant() : none; }
    void operator()() { Call::start(std::move(op)); }
  };

  template <typename Handler, typename F>
  static OpOwner<Queued<F, Handler>> makeOp(C& compartment, Handler&& handler, F&& fn) {
    return OpOwner<Queued<F, Handler>>::make(
        net::get_associated_allocator(handler, DefaultAllocator()), compartment,
        *compartment.executor(), std::forward<F>(fn), std::forward<Handler>(handler));
  }

  template <typename Handler, typename F>
  static void goAhead(C& compartment, EntryGuard& guard, Handler&& handler, F&& fn) {
    if constexpr (CallResult<F>::awaitable) {
      auto op = makeOp(compartment, std::forward<Handler>(handler), std::forward<F>(fn));
      op->hookUp();
      Start<Awaitable<F, Handler>> start{std::move(op), {}};
      postCall(compartment, guard, start);
    } else {
      Plain<F, Handler> call(*compartment.executor(), std::forward<F>(fn),
                             std::forward<Handler>(handler));
      postCall(compartment, guard, call);
    }
  }

  template <typename Call>
  static void postCall(C& compartment, EntryGuard& guard, Call& call) {
    guard.post(*compartment.executor(), *compartment.executor(), call);
  }

  template <typename F, typename Handler>
  static void refuse(C& compartment, EntryGuard& guard, Verdict verdict, std::size_t weight,
                     Handler&& handler) {
    const auto target = net::get_associated_executor(handler, *compartment.executor());
    auto refusal = CallOutcome<F>::refusal(std::decay_t<Handler>(std::forward<Handler>(handler)),
                                           compartment.errorFor(verdict, weight));
    guard.post(*compartment.executor(), target, refusal);
  }

  /// Lets `op` decide its fate in the core: it waits there from now on, or is refused, or goes
  /// ahead after all, and `guard` guards what it got.
  /// @return whether it goes ahead
  template <typename F, typename Op>
  static bool entersAtOnce(C& compartment, EntryGuard& guard, std::size_t weight,
                           std::optional<Instant> timeout, OpOwner<Op>& op, CancelLink* cancel) {
    compartment.expectWaits();
    const Entry entry = compartment.enter(weight, timeout, compartment.now(), &*op, cancel);
    if (entry.verdict == Verdict::waiting) {
      guard.dismiss();  // the call may have ended by now, and the bulkhead gone
      op.release();
      return false;
    }
    guard.guard(entry);
    if (goesAhead(entry.verdict)) return true;
    auto [handler, busy] = takeApart(std::move(op));
    refuse<F>(compartment, guard, entry.verdict, weight, std::move(handler));
    return false;
  }

  /// An operation that turned out not to have to wait.
  template <typename Op>
  static void postOp(C& compartment, EntryGuard& guard, OpOwner<Op> op) {
    if constexpr (requires { op->call(); }) {
      auto call = std::move(op->call());
      [[maybe_unused]] const auto busy = op->takeIoWork();  // as in takeApart()
      op.reset();
      postCall(compartment, guard, call);
    } else {
      Start<Op> start{std::move(op), {}};
      postCall(compartment, guard, start);
    }
  }
};

/// The same where semaphores stand between the bulkhead and the work.
template <typename C>
class GatedInitiation : ExecuteInitiation<C> {
  using Base = ExecuteInitiation<C>;

 public:
  using Base::Base;

  template <typename Handler, typename F>
  void operator()(Handler&& handler, F&& fn, std::size_t weight,
                  std::optional<std::chrono::nanoseconds> timeout,
                  const std::shared_ptr<Gate>& gate) const {
    C& compartment = this->owner();
    if (!compartment.executor()) return;  // the context is gone: nobody can be told
    const Entry entry = compartment.tryEnter(weight, timeout);
    EntryGuard guard(compartment, entry);
    const bool contended = entry.verdict == Verdict::contended;
    if (!contended && !goesAhead(entry.verdict)) {
      return Base::template refuse<F>(compartment, guard, entry.verdict, weight,
                                      std::forward<Handler>(handler));
    }
    auto op = Base::makeOp(compartment, std::forward<Handler>(handler),
                           Gated<std::decay_t<F>>{std::forward<F>(fn), gate});
    CancelLink* cancel = op->hookUp();
    if (!contended ||
        Base::template entersAtOnce<F>(compartment, guard, weight, timeout, op, cancel)) {
      passGate<F>(compartment, guard, *gate, std::move(op));
    }
  }

 private:
  /// Undoes what the semaphores gave, unless the call got under way.
  struct GateGuard {
    Gate* gate;
    ~GateGuard() {
      if (gate != nullptr) gate->undo();
    }
  };

  template <typename F, typename Op>
  static void passGate(C& compartment, EntryGuard& guard, Gate& gate, OpOwner<Op> op) {
    const Entry entry = guard.entry();
    // A call that waits at the gate has its permits with it, for whoever wakes it.
    if (entry.verdict == Verdict::granted) op->grant() = Grant(compartment, entry.held);
    GateGuard gateGuard{&gate};
    Entry last;
    try {
      last = gate.advance(*op, op->grant());
    } catch (...) {
      op->grant().take();
      throw;
    }
    if (last.verdict == Verdict::waiting) {
      gateGuard.gate = nullptr;
      guard.dismiss();
      op.release();
      return;
    }
    op->grant().take();
    if (last.verdict == Verdict::granted) {
      Base::postOp(compartment, guard, std::move(op));
      gateGuard.gate = nullptr;
      return;
    }
    if (last.verdict == Verdict::abandoned) return;  // as above
    Compartment& semaphore = gate.refusedBy();
    EntryGuard atSemaphore(semaphore, last);
    gate.undo();
    if (entry.verdict == Verdict::granted) {  // mode off counts nothing
      compartment.refuseInstead(entry, last.verdict);
      guard.guard({last.verdict});
    }
    auto [handler, busy] = takeApart(std::move(op));
    const auto target = net::get_associated_executor(handler, *compartment.executor());
    auto refusal = CallOutcome<F>::refusal(std::move(handler), semaphore.errorFor(last.verdict));
    guard.post(*compartment.executor(), target, refusal);
    atSemaphore.dismiss();
  }
};

// --- acquire ------------------------------------------------------------------------------------

/// A granted permit on its way to its handler.
template <typename Handler>
struct PermitDelivery {
  using allocator_type = net::associated_allocator_t<Handler>;

  Grant permits;
  Handler handler;
  std::size_t count;
  Instant since;
  std::optional<Instant> waited;

  Grant& grant() noexcept { return permits; }
  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() {
    Compartment* compartment = permits.take();
    if (waited && compartment != nullptr) {
      compartment->recordWait(*waited);
      compartment->callBegins();
    }
    std::move(handler)(net::error_code(),
                       PermitMaker::make(compartment, count, permits.held(), since));
  }
};

inline net::error_code codeFor(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::rejected:
      return Errc::queueFull;
    case Verdict::timedOut:
      return Errc::queueTimeout;
    case Verdict::drained:
      return Errc::draining;
    case Verdict::invalid:
      return net::error::invalid_argument;
    default:
      return net::error::operation_aborted;
  }
}

/// What QueuedAcquire and QueuedDrain have in common: a handler that waits.
template <typename Handler, typename Executor>
class QueuedHandler {
 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename H>
  QueuedHandler(const Allocator& alloc, const Executor& executor, H&& handler)
      : allocator(alloc), work_(handler, executor), handler_(std::forward<H>(handler)) {}

  Handler& handler() noexcept { return handler_; }
  HandlerWork<Handler, Executor> takeWork() noexcept { return std::move(work_); }

  [[no_unique_address]] Allocator allocator;

 private:
  HandlerWork<Handler, Executor> work_;
  Handler handler_;
};

/// Frees the operation, then posts what `make` makes of its handler.
template <typename Op, typename Make>
void deliver(OpOwner<Op> self, Make make) noexcept {
  try {
    auto handler = std::move(self->handler());
    auto work = self->takeWork();
    self.reset();
    work.post(make(std::move(handler)));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the executor refused; what is lost saw to itself
  }
}

template <typename Handler, typename Executor>
class QueuedAcquire final : public Waiter, public QueuedHandler<Handler, Executor> {
 public:
  template <typename H>
  QueuedAcquire(const typename QueuedAcquire::Allocator& alloc, Compartment& compartment,
                const Executor& executor, H&& handler, std::size_t count)
      : QueuedHandler<Handler, Executor>(alloc, executor, std::forward<H>(handler)),
        compartment_(compartment),
        count_(count) {}

  void wake() noexcept override {
    OpOwner<QueuedAcquire> self(this);
    if (!goesAhead(verdict)) {
      return deliver(std::move(self), [code = codeFor(verdict)](Handler handler) {
        return completion(std::move(handler), code, Permit());
      });
    }
    Grant grant;
    if (verdict == Verdict::granted) grant = Grant(compartment_, weight);
    const Instant waited = deadline - since;
    deliver(std::move(self), [&grant, waited, count = count_, granted = deadline](Handler handler) {
      // The grant last: when the handler's move throws, g++ 11 does not destroy the members that an
      // aggregate returned like this has already.
      PermitDelivery<Handler> delivery{{}, std::move(handler), count, granted, waited};
      delivery.permits = std::move(grant);
      return delivery;
    });
  }

  void discard() noexcept override { OpOwner<QueuedAcquire>(this).reset(); }

 private:
  Compartment& compartment_;
  const std::size_t count_;
};

template <typename C>
class AcquireInitiation : public InitiationBase<C> {
  using Executor = typename C::executor_type;

 public:
  using InitiationBase<C>::InitiationBase;

  template <typename H>
  void operator()(H&& handler, std::size_t weight,
                  std::optional<std::chrono::nanoseconds> timeout) const {
    using Handler = std::decay_t<H>;
    using Queued = QueuedAcquire<Handler, Executor>;
    C& compartment = this->owner();
    if (!compartment.executor()) return;  // the context is gone: nobody can be told
    EntryGuard guard(compartment, compartment.tryEnter(weight, timeout));
    if (guard.entry().verdict != Verdict::contended) {
      return settle(compartment, guard, weight, Handler(std::forward<H>(handler)));
    }
    auto op = OpOwner<Queued>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                    compartment, *compartment.executor(), std::forward<H>(handler),
                                    weight);
    CancelLink* cancel = hookUp(op->handler(), compartment);
    compartment.expectWaits();
    const Entry decided = compartment.enter(weight, timeout, compartment.now(), &*op, cancel);
    if (decided.verdict == Verdict::waiting) {
      guard.dismiss();  // the call may have ended by now, and the bulkhead gone
      op.release();
      return;
    }
    guard.guard(decided);
    auto [taken, busy] = takeApart(std::move(op));
    settle(compartment, guard, weight, std::move(taken));
  }

 private:
  template <typename Handler>
  static void settle(C& compartment, EntryGuard& guard, std::size_t weight, Handler handler) {
    const auto target = net::get_associated_executor(handler, *compartment.executor());
    const Verdict verdict = guard.entry().verdict;
    if (goesAhead(verdict)) {
      PermitDelivery<Handler> delivery{
          {}, std::move(handler), weight, compartment.permitTime(), {}};
      guard.post(*compartment.executor(), target, delivery);
    } else {
      auto refusal = completion(std::move(handler), codeFor(verdict), Permit());
      guard.post(*compartment.executor(), target, refusal);
    }
  }
};

// --- drain --------------------------------------------------------------------------------------

template <typename Handler, typename Executor>
class QueuedDrain final : public Waiter, public QueuedHandler<Handler, Executor> {
 public:
  using QueuedHandler<Handler, Executor>::QueuedHandler;

  void wake() noexcept override {
    net::error_code code;
    if (verdict == Verdict::timedOut) {
      code = net::error::timed_out;
    } else if (verdict != Verdict::granted) {
      code = net::error::operation_aborted;
    }
    deliver(OpOwner<QueuedDrain>(this),
            [code](Handler handler) { return completion(std::move(handler), code); });
  }

  void discard() noexcept override { OpOwner<QueuedDrain>(this).reset(); }
};

template <typename C>
class DrainInitiation : public InitiationBase<C> {
 public:
  using InitiationBase<C>::InitiationBase;

  template <typename H>
  void operator()(H&& handler, std::chrono::nanoseconds within) const {
    using Op = QueuedDrain<std::decay_t<H>, typename C::executor_type>;
    C& compartment = this->owner();
    if (!compartment.executor()) return;  // the context is gone: nobody can be told
    auto op = OpOwner<Op>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                *compartment.executor(), std::forward<H>(handler));
    CancelLink* cancel = hookUp(op->handler(), compartment);
    compartment.drain(within, *op, cancel);
    op.release();
  }
};

}  // namespace bulwark::detail
