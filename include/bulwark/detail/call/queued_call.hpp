#pragma once

#include <exception>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/plain_call.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Frees an operation, then posts the completion of its call, which does not run.
template <typename F, typename Op>
void postCompletion(EntryGuard& guard, OpOwner<Op> self, std::exception_ptr error) {
  auto [handler, work] = takeApart(std::move(self));
  auto refusal = SlotOf<F>::refusal(std::move(handler), std::move(error));
  work.post(guard, refusal);
}

/// A plain call that waits for its permits.
template <typename F, typename Handler, typename Executor>
class QueuedCall final : public CallSteps<F>::WaitingPlain {
  using Base = typename CallSteps<F>::WaitingPlain;

 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  QueuedCall(const Allocator& alloc, Limiter* limiter, const Executor& executor, Fn&& fn,
             H&& handler)
      : Base(limiter),
        allocator(alloc),
        io_(executor),
        work_(executor, std::forward<Fn>(fn), std::forward<H>(handler)) {}

  Ticks run() override {
    CallOwner<QueuedCall> self(this);
    typename Base::TimeKept kept(*this);
    if (!this->startClock()) [[unlikely]] {
      kept.take();
      return self.release()->refuseLate();
    }
    SlotOf<F> result;
    typename CallSteps<F>::Accounting accounting;
    auto error = this->work(accounting, &result);
    kept.take();
    if (!this->wasTold()) [[likely]] {
      work_.complete(result, std::move(error), [&self] { self.reset(); });
    }
    return accounting.ended();
  }

  void post(EntryGuard& guard, std::exception_ptr error) override {
    OpOwner<QueuedCall> self(this);
    if (error) return postCompletion<F>(guard, std::move(self), std::move(error));
    if (this->isTimed()) return postStart(guard, {CallOwner<WaitingCall>(self.release())});
    const ContextWork<Executor> io(std::move(io_));
    PlainCall<F, Handler, Executor> call(std::in_place, std::move(work_));
    self.reset();
    guard.post(io.executor(), io.executor(), call);
  }

  CancelLink* connectCancellation() {
    return CallSteps<F>::connect(work_.fn(), handler(), this->limiter());
  }

  F& fn() noexcept { return work_.fn(); }
  Handler& handler() noexcept { return work_.handler(); }
  HandlerWork<Handler, Executor> takeWork() noexcept {
    return {std::move(io_), std::move(work_.path())};
  }

  [[no_unique_address]] Allocator allocator;

 private:
  void invoke(typename CallSteps<F>::Accounting& accounting, void* result) override {
    accounting.begin(this->grant(), work_.fn());
    if (work_.invoke(*static_cast<SlotOf<F>*>(result), [this] { this->beginWork(); })) {
      accounting.fail();
    }
  }
  void free() noexcept override { OpOwner<QueuedCall>(this).reset(); }
  void tell(std::exception_ptr error) override {
    auto refusal = SlotOf<F>::refusal(std::move(handler()), std::move(error));
    HandlerPath<Handler, Executor> path(std::move(work_.path()));
    EntryGuard none;
    path.post(none, io_.executor(), refusal);
  }
  void postStart(EntryGuard& guard, StartWaiting&& start) {
    const Executor executor(io_.executor());
    guard.post(executor, executor, start);
  }
  void dropCallable() noexcept override { work_.dropCallable(); }

  ContextWork<Executor> io_;
  PlainWork<F, Handler, Executor> work_;
};

}  // namespace bulwark::detail
