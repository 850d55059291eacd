#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/awaitable_operation.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/failed_result.hpp"
#include "bulwark/detail/call/queued_call.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

// An awaitable resumes on any thread of the executor, and a cancellation request must not run at
// the same time. Where Ex cannot hold a strand the caller has to serialise the two: by an executor
// with one thread, or one that is a strand itself.
template <typename F, typename Executor>
inline constexpr bool holdsStrand =
    std::is_convertible_v<net::strand<Executor>, typename ResultOf<F>::Executor>;
template <typename F, typename Executor>
using SpawnExecutorOf =
    std::conditional_t<holdsStrand<F, Executor>, net::strand<Executor>, Executor>;

template <typename F, typename Executor>
using AwaitableOperationOf =
    AwaitableOperation<typename CallSteps<F>::Waiting, typename ResultOf<F>::Value,
                       SpawnExecutorOf<F, Executor>>;

/// A call of a callable that returns an awaitable. It lives on the heap from its start to the end
/// of the awaitable, because a coroutine refers to the lambda that made it.
template <typename F, typename Handler, typename Executor>
class AwaitableCall final : public AwaitableOperationOf<F, Executor> {
  using Traits = ResultOf<F>;
  using Value = typename Traits::Value;
  static_assert(std::is_convertible_v<Executor, typename Traits::Executor>,
                "bulwark: an awaitable<R, Ex> needs a bulkhead whose executor converts to Ex");

  using SpawnExecutor = SpawnExecutorOf<F, Executor>;

  // Whether something other than the caller may end a wait of the awaitable.
  static constexpr bool interruptible = requires(
      F& fn, std::shared_ptr<AwaitableCancel<SpawnExecutor>> cancel) { fn.interruptBy(cancel); };

 public:
  using Operation = AwaitableOperationOf<F, Executor>;
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  AwaitableCall(const Allocator& alloc, Limiter* limiter, const Executor& executor, Fn&& fn,
                H&& handler)
      : Operation(limiter),
        allocator(alloc),
        executor_(executor),
        work_(handler, executor),
        fn_(std::forward<Fn>(fn)),
        handler_(std::forward<H>(handler)) {}

  ~AwaitableCall() { this->endCancel(); }

  /// Connects the handler's cancellation slot with the call, queued or running.
  CancelLink* connectCancellation() {
    bool connected = false;
    if constexpr (mayHaveSlot<Handler>) {
      connected = net::get_associated_cancellation_slot(handler_).is_connected();
    }
    if (!connected && !interruptible && !this->isTimed()) return nullptr;
    if constexpr (holdsStrand<F, Executor>) {
      this->setCancel(
          std::make_shared<AwaitableCancel<SpawnExecutor>>(net::make_strand(executor_)));
    } else {
      this->setCancel(std::make_shared<AwaitableCancel<SpawnExecutor>>(executor_));
    }
    const auto& cancel = this->cancel();
    if constexpr (interruptible) fn_->interruptBy(cancel);
    if constexpr (mayHaveSlot<Handler>) {
      if (!connected) return nullptr;
      if constexpr (watchesCancellation<F>) fn_->watchCancellation(cancel->requested());
      return CallSteps<F>::connectAwaitable(*fn_, handler_, this->limiter(), cancel);
    } else {
      return nullptr;
    }
  }

  void post(EntryGuard& guard, std::exception_ptr error) override {
    OpOwner<AwaitableCall> self(this);
    if (error) return postCompletion<F>(guard, std::move(self), std::move(error));
    const Executor executor = executor_;
    StartAwaitable<Operation> start{CallOwner<Operation>(self.release())};
    guard.post(executor, executor, start);
  }

  Ticks run() override {
    const Ticks begun = this->limiter()->ticks();
    this->start();
    return begun;
  }

  F& fn() noexcept { return *fn_; }
  Handler& handler() noexcept { return handler_; }
  HandlerWork<Handler, Executor> takeWork() noexcept { return std::move(work_); }

  [[no_unique_address]] Allocator allocator;

 private:
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

  void launch() override {
    OpOwner<AwaitableCall> self(this);
    if (!this->startClock()) [[unlikely]] {
      self.release()->refuseLate();
      return;
    }
    this->recordWait();
    accounting_.begin(this->grant(), *fn_);
    std::optional<std::remove_cvref_t<std::invoke_result_t<F&>>> work;
    try {
      [[maybe_unused]] const WorksFor here(handler_);
      work.emplace((*fn_)());
    } catch (...) {
      return self.release()->finish(std::current_exception(), {});
    }
    // They outlive the call, which may end while the awaitable is being spawned.
    const auto cancel = this->cancel();
    const Executor executor = executor_;
    try {
      if (cancel == nullptr) {
        const auto target = spawnOn(executor);
        this->beginWork();
        self.release()->spawn(target, std::move(*work));
      } else {
        const auto target = spawnOn(cancel->executor());
        this->beginWork();
        self.release()->spawn(target, std::move(*work));
      }
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory; the call is destroyed, as cancelled
    }
  }

  void finish(std::exception_ptr error, ResultSlot<Value>&& result) override {
    CallOwner<AwaitableCall> self(this);
    typename Operation::TimeKept kept(*this);
    if (!error) error = judge(result);
    if (error) accounting_.fail();
    fn_.reset();
    accounting_.end();
    const bool heard = this->endWork(accounting_, error);
    this->endCancel();
    kept.take();
    Ref<Limiter>::adopt(accounting_.close(this->grant()));
    if (!heard) [[unlikely]]
      return;
    Handler receiver(std::move(handler_));
    HandlerWork<Handler, Executor> path(std::move(work_));
    self.reset();
    result.complete(path, std::move(receiver), std::move(error));
  }

  void free() noexcept override { OpOwner<AwaitableCall>(this).reset(); }
  void tell(std::exception_ptr error) override {
    auto refusal = SlotOf<F>::refusal(std::move(handler_), std::move(error));
    HandlerWork<Handler, Executor> path(std::move(work_));
    EntryGuard none;
    path.post(none, refusal);
  }

  /// Asks whether the result is a failure. Returns what a predicate of the user threw.
  std::exception_ptr judge([[maybe_unused]] const ResultSlot<Value>& result) noexcept {
    if constexpr (!std::is_void_v<Value>) {
      try {
        if (isFailedResult(*fn_, *result.value)) accounting_.fail();
      } catch (...) {
        return std::current_exception();
      }
    }
    return nullptr;
  }

  Executor executor_;
  HandlerWork<Handler, Executor> work_;
  std::optional<F> fn_;
  Handler handler_;  // as in PlainCall
  typename CallSteps<F>::Accounting accounting_;
};

}  // namespace bulwark::detail
