#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/queued_call.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A call of a callable that returns an awaitable. It lives on the heap from its start to the end
/// of the awaitable, because a coroutine refers to the lambda that made it.
template <typename F, typename Handler, typename Executor>
class AwaitableCall final : public Runnable {
  using Traits = ResultOf<F>;
  using Value = typename Traits::Value;
  static_assert(std::is_convertible_v<Executor, typename Traits::Executor>,
                "bulwark: an awaitable<R, Ex> needs a bulkhead whose executor converts to Ex");

  // An awaitable resumes on any thread of the executor, and a cancellation request must not run at
  // the same time. Where Ex cannot hold a strand the caller has to serialise the two: by an
  // executor with one thread, or one that is a strand itself.
  static constexpr bool holdsStrand =
      std::is_convertible_v<net::strand<Executor>, typename Traits::Executor>;
  using SpawnExecutor = std::conditional_t<holdsStrand, net::strand<Executor>, Executor>;

  // Whether something other than the caller may end a wait of the awaitable.
  static constexpr bool interruptible = requires(
      F& fn, std::shared_ptr<AwaitableCancel<SpawnExecutor>> cancel) { fn.interruptBy(cancel); };

 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  AwaitableCall(const Allocator& alloc, Limiter* limiter, const Executor& executor, Fn&& fn,
                H&& handler)
      : allocator(alloc),
        limiter_(limiter),
        executor_(executor),
        work_(handler, executor),
        fn_(std::forward<Fn>(fn)),
        handler_(std::forward<H>(handler)) {}

  ~AwaitableCall() {
    if (cancel_ != nullptr) cancel_->ended();
  }

  /// Connects the handler's cancellation slot with the call, queued or running.
  CancelLink* connectCancellation() {
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected() && !interruptible) return nullptr;
    if constexpr (holdsStrand) {
      cancel_ = std::make_shared<AwaitableCancel<SpawnExecutor>>(net::make_strand(executor_));
    } else {
      cancel_ = std::make_shared<AwaitableCancel<SpawnExecutor>>(executor_);
    }
    if constexpr (interruptible) fn_->interruptBy(cancel_);
    if (!slot.is_connected()) return nullptr;
    if constexpr (watchesCancellation<F>) fn_->watchCancellation(cancel_->requested());
    return CallSteps<F>::connectAwaitable(*fn_, handler_, limiter_, cancel_);
  }

  void wake() noexcept override {
    OpOwner<AwaitableCall> self(this);
    if (!goesAhead(verdict)) return refuse<Value>(std::move(self), CallSteps<F>::refusal(*this));
    if (verdict == Verdict::granted) grant_ = Grant(*limiter_, weight);
    CallSteps<F>::granted(std::move(self));
  }

  void discard() noexcept override {
    OpOwner<AwaitableCall> self(this);
    // As QueuedCall::discard().
    if (verdict == Verdict::granted && grant_.limiter() == nullptr) {
      grant_ = Grant(*limiter_, weight);
    }
  }

  Ticks run() override {
    CallSteps<F>::recordWait(*this);
    const Ticks begun = limiter_->ticks();
    start(OpOwner<AwaitableCall>(this));
    return begun;
  }

  /// On the bulkhead's executor.
  static void start(OpOwner<AwaitableCall> self) {
    if (self->cancel_ == nullptr) return launch(std::move(self));
    const SpawnExecutor executor = self->cancel_->executor();
    net::dispatch(executor, [self = std::move(self)]() mutable { launch(std::move(self)); });
  }

  Limiter& limiter() noexcept { return *limiter_; }
  F& fn() noexcept { return *fn_; }
  Grant& grant() noexcept { return grant_; }
  Handler& handler() noexcept { return handler_; }
  HandlerWork<Handler, Executor> takeWork() noexcept { return std::move(work_); }

  [[no_unique_address]] Allocator allocator;

 private:
  /// The completion handler of the awaitable. If it is destroyed instead, so is the call.
  struct Done {
    OpOwner<AwaitableCall> self;

    void operator()(std::exception_ptr error) { finish(std::move(self), std::move(error), {}); }
    template <typename T>
    void operator()(std::exception_ptr error, T value) {
      ResultSlot<Value> result;
      if (!error) result.value.emplace(std::move(value));
      finish(std::move(self), std::move(error), std::move(result));
    }
  };

  /// The executor of the awaitable. It carries the scope of the attempt to which the awaitable
  /// belongs, if it can carry one.
  template <typename E>
  auto spawnOn(const E& executor) {
    if constexpr (!std::is_same_v<typename Traits::Executor, net::any_io_executor>) {
      return executor;
    } else if constexpr (interruptible) {
      return inScope(executor, fn_->scope());
    } else {
      return inScope(executor, scopeOf(handler_));
    }
  }

  static void launch(OpOwner<AwaitableCall> self) {
    AwaitableCall& op = *self;
    op.accounting_.begin(op.grant_, *op.fn_);
    std::optional<std::remove_cvref_t<std::invoke_result_t<F&>>> work;
    try {
      [[maybe_unused]] const WorksFor here(op.handler_);
      work.emplace((*op.fn_)());
    } catch (...) {
      return finish(std::move(self), std::current_exception(), {});
    }
    const auto cancel = op.cancel_;
    const Executor executor = op.executor_;
    try {
      if (cancel == nullptr) {
        net::co_spawn(op.spawnOn(executor), std::move(*work), Done{std::move(self)});
      } else {
        net::co_spawn(op.spawnOn(cancel->executor()), std::move(*work),
                      net::bind_cancellation_slot(cancel->slot(), Done{std::move(self)}));
        cancel->started();
      }
    } catch (...) {  // NOLINT(bugprone-empty-catch)
      // The executor threw, or there was no memory: Done has destroyed the call, as cancelled.
    }
  }

  static void finish(OpOwner<AwaitableCall> self, std::exception_ptr error,
                     ResultSlot<Value> result) {
    AwaitableCall& op = *self;
    op.fn_.reset();
    op.accounting_.end();
    op.accounting_.close(op.grant_, error != nullptr);
    Handler receiver(std::move(op.handler_));
    HandlerWork<Handler, Executor> path(std::move(op.work_));
    self.reset();
    result.complete(path, std::move(receiver), std::move(error));
  }

  Grant grant_;
  Limiter* limiter_;  // null: the call has no limit
  Executor executor_;
  HandlerWork<Handler, Executor> work_;
  std::optional<F> fn_;
  Handler handler_;  // as in PlainCall
  std::shared_ptr<AwaitableCancel<SpawnExecutor>> cancel_;  // null: the call cannot be cancelled
  typename CallSteps<F>::Accounting accounting_;
};

}  // namespace bulwark::detail
