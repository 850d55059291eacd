#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/gate.hpp"
#include "bulwark/detail/operation.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

// --- what a callable gives ----------------------------------------------------------------------

template <typename R>
struct ResultTraits {
  static constexpr bool awaitable = false;
  using Value = std::decay_t<R>;
};

template <typename R, typename Ex>
struct ResultTraits<net::awaitable<R, Ex>> {
  static constexpr bool awaitable = true;
  using Value = std::decay_t<R>;
  using Executor = Ex;
};

template <typename F>
using CallResult = ResultTraits<std::remove_cvref_t<std::invoke_result_t<std::decay_t<F>&>>>;

/// The value of a call, as its completion handler takes it; nothing for void.
template <typename Value>
struct Outcome {
  static_assert(std::is_default_constructible_v<Value>,
                "bulwark: the completion handler of a call that did not run gets a default-"
                "constructed result; return std::optional<R> or std::unique_ptr<R> instead");
  static_assert(std::is_move_constructible_v<Value>,
                "bulwark: the result of a call is moved into its completion handler");

  using Signature = void(std::exception_ptr, Value);

  template <typename F>
  void run(F& fn) {
    value.emplace(fn());
  }
  template <typename Work, typename Handler>
  void complete(Work& work, Handler&& handler, std::exception_ptr error) {
    work.complete(std::move(handler), std::move(error), value ? std::move(*value) : Value());
  }
  template <typename Handler>
  static auto refusal(Handler&& handler, std::exception_ptr error) {
    return completion(std::move(handler), std::move(error), Value());
  }

  std::optional<Value> value;
};

template <>
struct Outcome<void> {
  using Signature = void(std::exception_ptr);

  template <typename F>
  void run(F& fn) {
    fn();
  }
  template <typename Work, typename Handler>
  void complete(Work& work, Handler&& handler, std::exception_ptr error) {
    work.complete(std::move(handler), std::move(error));
  }
  template <typename Handler>
  static auto refusal(Handler&& handler, std::exception_ptr error) {
    return completion(std::move(handler), std::move(error));
  }
};

template <typename F>
using CallOutcome = Outcome<typename CallResult<F>::Value>;

template <typename F>
using CallSignature = typename CallOutcome<F>::Signature;

// --- a callable with semaphores before it -------------------------------------------------------

template <typename F>
struct Gated {
  F fn;
  GateShare gate;

  decltype(auto) operator()() { return fn(); }
};

template <typename F>
inline constexpr bool isGated = false;
template <typename F>
inline constexpr bool isGated<Gated<F>> = true;

/// The books on the work of one call: the bulkhead's, and those of the semaphores before it. Reads
/// the clock only where there are any.
template <typename F>
class WorkBooks {
 public:
  void begin(const Grant& grant, F& fn) noexcept {
    clock_ = grant.compartment();
    if constexpr (isGated<F>) {
      gate_ = std::move(fn.gate);
      clock_ = &gate_->bulkhead();
    }
    start_ = now();
    if constexpr (isGated<F>) gate_->begin(start_, grant);
  }

  void end() noexcept { end_ = now(); }

  /// Counts the call, and gives back what it held.
  /// @return as Compartment::finishCall()
  Ref<Compartment> close(Grant& grant, bool failed) noexcept {
    if constexpr (isGated<F>) gate_->end(failed, start_, end_);
    Compartment* const bulkhead = grant.take();
    if (bulkhead == nullptr) return {};
    return bulkhead->finishCall(grant.held(), failed, start_, end_);
  }

  Instant ended() const noexcept { return end_; }

 private:
  struct None {};

  Instant now() const noexcept { return clock_ != nullptr ? clock_->now() : Instant{0}; }

  const Compartment* clock_ = nullptr;
  Instant start_{0};
  Instant end_{0};
  [[no_unique_address]] std::conditional_t<isGated<F>, GateShare, None> gate_;
};

/// A queued call has its permits of the bulkhead: on to the semaphores, or to the executor.
template <typename F, typename Op>
void goOn(OpOwner<Op> self) noexcept {
  Op& op = *self.release();
  if constexpr (isGated<F>) {
    op.fn().gate->pass(op, op.grant());
  } else {
    op.compartment().makeRunnable(op);
  }
}

/// What a queued call reports that does not run.
template <typename F, typename Op>
std::exception_ptr refusalOf(Op& op) noexcept {
  if constexpr (isGated<F>) {
    if (op.fn().gate->error()) return op.fn().gate->error();
  }
  return op.compartment().errorFor(op.verdict);
}

/// Up to the grant; what a gate adds is in its own hands.
template <typename F, typename Op>
void recordQueueWait(Op& op) noexcept {
  if constexpr (!isGated<F>) {
    if (op.verdict == Verdict::granted) op.compartment().recordWait(op.deadline - op.since);
  }
}

template <typename Hook, typename Handler, typename... Args>
CancelLink* hookUpGate(const Handler& handler, const std::shared_ptr<Gate>& gate, Args... args) {
  auto slot = net::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return nullptr;
  slot.template emplace<Hook>(Hook{gate, std::move(args)...});
  return gate->queueLink();
}

// --- a plain callable ---------------------------------------------------------------------------

/// One call of a plain callable: posted as it is where a permit is free, part of a QueuedCall where
/// it has to wait.
template <typename F, typename Handler, typename Executor>
class PlainCall {
 public:
  using allocator_type = net::associated_allocator_t<Handler>;

  template <typename Fn, typename H>
  PlainCall(const Executor& executor, Fn&& fn, H&& handler)
      : path_(handler, executor), fn_(std::forward<Fn>(fn)), handler_(std::forward<H>(handler)) {}

  Grant& grant() noexcept { return grant_; }
  Handler& handler() noexcept { return handler_; }
  HandlerPath<Handler, Executor>& path() noexcept { return path_; }
  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler_); }

  /// As the executor runs it.
  void operator()() {
    Ref<Compartment> keep;
    const Instant end = run(keep, [] {});
    if (keep) keep->continueBurst(end);
  }

  /// Runs the callable, closes the books, frees the operation by `free`, and completes.
  template <typename Free>
  Instant run(Ref<Compartment>& keep, Free free) {
    CallOutcome<F> outcome;
    std::exception_ptr error;
    WorkBooks<F> books;
    books.begin(grant_, *fn_);
    try {
      outcome.run(*fn_);
    } catch (...) {
      error = std::current_exception();
    }
    books.end();
    fn_.reset();
    keep = books.close(grant_, error != nullptr);
    Handler receiver(std::move(handler_));
    HandlerPath<Handler, Executor> path(std::move(path_));
    free();
    outcome.complete(path, std::move(receiver), std::move(error));
    return books.ended();
  }

  F& fn() noexcept { return *fn_; }

 private:
  Grant grant_;
  [[no_unique_address]] HandlerPath<Handler, Executor> path_;
  std::optional<F> fn_;
  Handler handler_;  // last: the operation's memory may come from it, whatever else throws
};

/// Delivers a refusal out of an operation that waited: frees it, then posts. An executor that
/// refuses destroys the handler uninvoked.
template <typename Value, typename Op>
void refuse(OpOwner<Op> self, std::exception_ptr error) noexcept {
  try {
    auto handler = std::move(self->handler());
    auto work = self->takeWork();
    self.reset();
    work.post(Outcome<Value>::refusal(std::move(handler), std::move(error)));
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

/// A plain call that waits for its permits.
template <typename F, typename Handler, typename Executor>
class QueuedCall final : public Runnable {
 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  QueuedCall(const Allocator& alloc, Compartment& compartment, const Executor& executor, Fn&& fn,
             H&& handler)
      : allocator(alloc),
        compartment_(compartment),
        io_(executor),
        call_(executor, std::forward<Fn>(fn), std::forward<H>(handler)) {}

  void wake() noexcept override {
    OpOwner<QueuedCall> self(this);
    if (!goesAhead(verdict)) {
      return refuse<typename CallResult<F>::Value>(std::move(self), refusalOf<F>(*this));
    }
    if (verdict == Verdict::granted) grant() = Grant(compartment_, weight);
    goOn<F>(std::move(self));
  }

  void discard() noexcept override { OpOwner<QueuedCall>(this).reset(); }

  Instant run() override {
    OpOwner<QueuedCall> self(this);
    recordQueueWait<F>(*this);
    Ref<Compartment> keep;  // the burst that runs this goes on by itself
    return call_.run(keep, [&self] { self.reset(); });
  }

  CancelLink* hookUp() {
    if constexpr (isGated<F>)
      return hookUpGate<SharedCancelHook<Gate>>(handler(), call_.fn().gate.get());
    return detail::hookUp(handler(), compartment_);
  }

  Compartment& compartment() noexcept { return compartment_; }
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
  Compartment& compartment_;
  ContextWork<Executor> io_;
  PlainCall<F, Handler, Executor> call_;
};

// --- an awaitable -------------------------------------------------------------------------------

/// Passes cancellation requests to a running awaitable, on the executor that runs it. Requests may
/// come before it starts and after it has ended. It stays in the caller's slot after the call, and
/// may be there when the executor's context is gone: from ended() on it holds nothing of either.
template <typename Executor>
class AwaitableCancel : public std::enable_shared_from_this<AwaitableCancel<Executor>> {
 public:
  explicit AwaitableCancel(Executor executor) : executor_(std::move(executor)) {}

  net::cancellation_slot slot() noexcept { return signal_.slot(); }

  /// Nothing once the call has ended.
  std::optional<Executor> executor() const {
    const std::lock_guard lock(mutex_);
    return executor_;
  }

  /// From anywhere.
  void request(net::cancellation_type_t type) {
    if (const auto target = executor()) {
      net::post(*target, [self = this->shared_from_this(), type] { self->deliver(type); });
    }
  }

  /// On the executor.
  void started() {
    phase_ = Phase::running;
    if (pending_ != net::cancellation_type::none) emit(pending_);
  }

  /// On the executor, or when that will run nothing more.
  void ended() noexcept {
    phase_ = Phase::ended;
    if (!emitting_) signal_.slot().clear();
    std::optional<Executor> dropped;
    const std::lock_guard lock(mutex_);
    dropped.swap(executor_);
  }

 private:
  void deliver(net::cancellation_type_t type) {
    if (phase_ == Phase::early) pending_ |= type;
    if (phase_ == Phase::running) emit(type);
  }

  void emit(net::cancellation_type_t type) {
    emitting_ = true;
    signal_.emit(type);
    emitting_ = false;
    if (phase_ == Phase::ended) signal_.slot().clear();
  }

  enum class Phase : std::uint8_t { early, running, ended };

  mutable std::mutex mutex_;
  std::optional<Executor> executor_;
  net::cancellation_signal signal_;
  net::cancellation_type_t pending_ = net::cancellation_type::none;
  std::atomic<Phase> phase_ = Phase::early;  // a call that never started may end anywhere
  bool emitting_ = false;
};

template <typename Executor>
class AwaitableHook : public CancelHook {
 public:
  AwaitableHook(Compartment& compartment, std::shared_ptr<AwaitableCancel<Executor>> running)
      : CancelHook(compartment), running_(std::move(running)) {}

  void operator()(net::cancellation_type_t type) {
    if (!cancelQueued(type) && type != net::cancellation_type::none) running_->request(type);
  }

 private:
  std::shared_ptr<AwaitableCancel<Executor>> running_;
};

template <typename Executor>
struct GatedAwaitableHook {
  std::shared_ptr<Gate> gate;
  std::shared_ptr<AwaitableCancel<Executor>> running;

  void operator()(net::cancellation_type_t type) {
    if (type != net::cancellation_type::none && !gate->cancel()) running->request(type);
  }
};

/// A call of a callable that returns an awaitable. It lives on the heap from its start to the end
/// of the awaitable, since a coroutine refers to the lambda that made it.
template <typename F, typename Handler, typename Executor>
class AwaitableCall final : public Runnable {
  using Traits = CallResult<F>;
  using Value = typename Traits::Value;
  static_assert(std::is_convertible_v<Executor, typename Traits::Executor>,
                "bulwark: an awaitable<R, Ex> needs a bulkhead whose executor converts to Ex");

  // An awaitable is resumed by whoever completes what it awaits, on any thread of the executor;
  // a cancellation request must not come in between. Where Ex cannot hold a strand, serialising
  // them is the caller's: an executor with one thread, or one that is a strand itself.
  static constexpr bool holdsStrand =
      std::is_convertible_v<net::strand<Executor>, typename Traits::Executor>;
  using SpawnExecutor = std::conditional_t<holdsStrand, net::strand<Executor>, Executor>;

 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename Fn, typename H>
  AwaitableCall(const Allocator& alloc, Compartment& compartment, const Executor& executor, Fn&& fn,
                H&& handler)
      : allocator(alloc),
        compartment_(compartment),
        executor_(executor),
        work_(handler, executor),
        fn_(std::forward<Fn>(fn)),
        handler_(std::forward<H>(handler)) {}

  ~AwaitableCall() {
    if (cancel_ != nullptr) cancel_->ended();
  }

  /// Lets the handler's cancellation slot reach the call, queued or running.
  CancelLink* hookUp() {
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return nullptr;
    if constexpr (holdsStrand) {
      cancel_ = std::make_shared<AwaitableCancel<SpawnExecutor>>(net::make_strand(executor_));
    } else {
      cancel_ = std::make_shared<AwaitableCancel<SpawnExecutor>>(executor_);
    }
    if constexpr (isGated<F>) {
      return hookUpGate<GatedAwaitableHook<SpawnExecutor>>(handler_, fn_->gate.get(), cancel_);
    } else {
      return slot.template emplace<AwaitableHook<SpawnExecutor>>(compartment_, cancel_).link();
    }
  }

  void wake() noexcept override {
    OpOwner<AwaitableCall> self(this);
    if (!goesAhead(verdict)) return refuse<Value>(std::move(self), refusalOf<F>(*this));
    if (verdict == Verdict::granted) grant_ = Grant(compartment_, weight);
    goOn<F>(std::move(self));
  }

  void discard() noexcept override { OpOwner<AwaitableCall>(this).reset(); }

  Instant run() override {
    recordQueueWait<F>(*this);
    const Instant begun = compartment_.now();
    start(OpOwner<AwaitableCall>(this));
    return begun;
  }

  /// On the bulkhead's executor.
  static void start(OpOwner<AwaitableCall> self) {
    if (self->cancel_ == nullptr) return launch(std::move(self));
    const SpawnExecutor executor = *self->cancel_->executor();
    net::dispatch(executor, [self = std::move(self)]() mutable { launch(std::move(self)); });
  }

  Compartment& compartment() noexcept { return compartment_; }
  F& fn() noexcept { return *fn_; }
  Grant& grant() noexcept { return grant_; }
  Handler& handler() noexcept { return handler_; }
  HandlerWork<Handler, Executor> takeWork() noexcept { return std::move(work_); }

  [[no_unique_address]] Allocator allocator;

 private:
  /// The completion handler of the awaitable. Destroyed instead, it takes the call with it.
  struct Done {
    OpOwner<AwaitableCall> self;

    void operator()(std::exception_ptr error) { finish(std::move(self), std::move(error), {}); }
    template <typename T>
    void operator()(std::exception_ptr error, T value) {
      Outcome<Value> outcome;
      if (!error) outcome.value.emplace(std::move(value));
      finish(std::move(self), std::move(error), std::move(outcome));
    }
  };

  static void launch(OpOwner<AwaitableCall> self) {
    AwaitableCall& op = *self;
    op.books_.begin(op.grant_, *op.fn_);
    std::optional<std::remove_cvref_t<std::invoke_result_t<F&>>> work;
    try {
      work.emplace((*op.fn_)());
    } catch (...) {
      return finish(std::move(self), std::current_exception(), {});
    }
    const auto cancel = op.cancel_;
    const Executor executor = op.executor_;
    try {
      if (cancel == nullptr) {
        net::co_spawn(executor, std::move(*work), Done{std::move(self)});
      } else {
        net::co_spawn(*cancel->executor(), std::move(*work),
                      net::bind_cancellation_slot(cancel->slot(), Done{std::move(self)}));
        cancel->started();
      }
    } catch (...) {  // NOLINT(bugprone-empty-catch)
      // The executor refused, or there was no memory: the call went with Done, as cancelled.
    }
  }

  static void finish(OpOwner<AwaitableCall> self, std::exception_ptr error,
                     Outcome<Value> outcome) {
    AwaitableCall& op = *self;
    op.fn_.reset();
    op.books_.end();
    op.books_.close(op.grant_, error != nullptr);
    Handler receiver(std::move(op.handler_));
    HandlerWork<Handler, Executor> path(std::move(op.work_));
    self.reset();
    outcome.complete(path, std::move(receiver), std::move(error));
  }

  Grant grant_;
  Compartment& compartment_;
  Executor executor_;
  HandlerWork<Handler, Executor> work_;
  std::optional<F> fn_;
  Handler handler_;  // as in PlainCall
  std::shared_ptr<AwaitableCancel<SpawnExecutor>> cancel_;  // null: nobody can cancel it
  WorkBooks<F> books_;
};

}  // namespace bulwark::detail
