#pragma once

#include <exception>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/plain_call.hpp"
#include "bulwark/detail/call/queued_handler.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Completes a call that has waited and does not run.
template <typename Value, typename Op>
void refuse(OpOwner<Op> self, std::exception_ptr error) noexcept {
  freeAndPost(std::move(self), [&error](auto handler) {
    return ResultSlot<Value>::refusal(std::move(handler), std::move(error));
  });
}

/// A plain call that waits for its permits.
template <typename F, typename Handler, typename Executor>
class QueuedCall final : public Runnable {
 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  QueuedCall(const Allocator& alloc, Limiter* limiter, const Executor& executor, Fn&& fn,
             H&& handler)
      : allocator(alloc),
        limiter_(*limiter),
        io_(executor),
        call_(executor, std::forward<Fn>(fn), std::forward<H>(handler)) {}

  void wake() noexcept override {
    OpOwner<QueuedCall> self(this);
    if (!goesAhead(verdict)) {
      return refuse<typename ResultOf<F>::Value>(std::move(self), CallSteps<F>::refusal(*this));
    }
    if (verdict == Verdict::granted) grant() = Grant(limiter_, weight);
    CallSteps<F>::granted(std::move(self));
  }

  void discard() noexcept override {
    OpOwner<QueuedCall> self(this);
    // The context ended between the grant and wake(). The grant releases the permits.
    if (verdict == Verdict::granted && grant().limiter() == nullptr) {
      grant() = Grant(limiter_, weight);
    }
  }

  Ticks run() override {
    OpOwner<QueuedCall> self(this);
    CallSteps<F>::recordWait(*this);
    Ref<Limiter> keep;  // the burst that runs this call goes on by itself
    return call_.run(keep, [&self] { self.reset(); });
  }

  CancelLink* connectCancellation() { return CallSteps<F>::connect(fn(), handler(), limiter_); }

  Limiter& limiter() noexcept { return limiter_; }
  F& fn() noexcept { return call_.fn(); }
  Grant& grant() noexcept { return call_.grant(); }
  PlainCall<F, Handler, Executor>& call() noexcept { return call_; }
  Handler& handler() noexcept { return call_.handler(); }
  ContextWork<Executor> takeIoWork() noexcept { return std::move(io_); }
  HandlerWork<Handler, Executor> takeWork() noexcept {
    return {takeIoWork(), std::move(call_.path())};
  }

  [[no_unique_address]] Allocator allocator;

 private:
  Limiter& limiter_;
  ContextWork<Executor> io_;
  PlainCall<F, Handler, Executor> call_;
};

}  // namespace bulwark::detail
