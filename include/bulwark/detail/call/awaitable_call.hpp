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

/// An awaitable call on its way to the executor, which starts it.
template <typename Call>
struct StartAwaitable {
  OpOwner<Call> op;
  Grant none{};

  Grant& grant() noexcept { return op ? op->grant() : none; }
  void operator()() { Call::start(std::move(op)); }
};

/// A call of a callable that returns an awaitable. It lives on the heap from its start to the end
/// of the awaitable, because a coroutine refers to the lambda that made it.
template <typename F, typename Handler, typename Executor>
class AwaitableCall final : public CallSteps<F>::Waiting {
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
      : CallSteps<F>::Waiting(limiter),
        allocator(alloc),
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
    return CallSteps<F>::connectAwaitable(*fn_, handler_, &this->limiter(), cancel_);
  }

  void post(EntryGuard& guard, std::exception_ptr error) override {
    OpOwner<AwaitableCall> self(this);
    if (error) return postCompletion<F>(guard, std::move(self), std::move(error));
    const Executor executor = executor_;
    StartAwaitable<AwaitableCall> start{std::move(self)};
    guard.post(executor, executor, start);
  }
  void destroy() noexcept override { OpOwner<AwaitableCall>(this).reset(); }

  Ticks run() override {
    this->recordWait();
    const Ticks begun = this->limiter().ticks();
    start(OpOwner<AwaitableCall>(this));
    return begun;
  }

  /// On the bulkhead's executor.
  static void start(OpOwner<AwaitableCall> self) {
    if (self->cancel_ == nullptr) return launch(std::move(self));
    const SpawnExecutor executor = self->cancel_->executor();
    net::dispatch(executor, [self = std::move(self)]() mutable { launch(std::move(self)); });
  }

  F& fn() noexcept { return *fn_; }
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
    op.accounting_.begin(op.grant(), *op.fn_);
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
    Ref<Limiter>::adopt(op.accounting_.close(op.grant(), static_cast<bool>(error)));
    Handler receiver(std::move(op.handler_));
    HandlerWork<Handler, Executor> path(std::move(op.work_));
    self.reset();
    result.complete(path, std::move(receiver), std::move(error));
  }

  Executor executor_;
  HandlerWork<Handler, Executor> work_;
  std::optional<F> fn_;
  Handler handler_;  // as in PlainCall
  std::shared_ptr<AwaitableCancel<SpawnExecutor>> cancel_;  // null: the call cannot be cancelled
  typename CallSteps<F>::Accounting accounting_;
};

}  // namespace bulwark::detail
