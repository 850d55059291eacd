#pragma once

/// @file
/// Bulkhead: runs callables and limits how many run at once.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/bulkhead_config.hpp"
#include "bulwark/call_options.hpp"
#include "bulwark/detail/call/acquire.hpp"
#include "bulwark/detail/call/await_call.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/drain.hpp"
#include "bulwark/detail/config/checked_limits.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/detail/runtime/timed_host.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/limits.hpp"
#include "bulwark/permit.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Runs callables on an executor, at most maxConcurrent of them at once. Other calls wait in a FIFO
/// queue for a limited time.
///
/// Thread-safe, except for construction, destruction and move.
///
/// Lifetime: the executor's context must outlive all use of the bulkhead. If the context is
/// destroyed first, it destroys the handlers of waiting calls without invoking them, and the
/// bulkhead may then only be destroyed. Destroying the bulkhead does not block, and may happen
/// inside one of its own handlers or callables. Waiting calls complete with
/// net::error::operation_aborted. Running calls finish, and permits may be released later.
///
/// Blocking work on a shared thread pool is isolated only while the number of calls that may block
/// there is below the number of its threads.
///
/// The costs stated below hold without an observer, which adds to some of them (see setObserver()),
/// and while no thread is changing the configuration.
///
/// @tparam Executor runs callables, and handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class Bulkhead {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if maxConcurrent or maxOverdue is 0, queueTimeout is negative, or
  /// executionTimeout is not positive.
  Bulkhead(Executor executor, BulkheadConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : limiter_(std::in_place, std::move(executor), CompartmentKind::bulkhead, config.name,
                 detail::checkedLimits(config)) {}

  /// Uses the executor of a context, as Asio's own objects do: `Bulkhead db{io, {.name = "db"}};`
  template <typename Context>
    requires detail::isExecutionContext<Context>
  Bulkhead(Context& context, BulkheadConfig config)
      : Bulkhead(Executor(context.get_executor()), std::move(config)) {}

  /// A moved-from bulkhead may only be assigned to or destroyed.
  Bulkhead(Bulkhead&&) noexcept = default;
  /// Destroys the previous bulkhead of this object.
  Bulkhead& operator=(Bulkhead&&) noexcept = default;
  ~Bulkhead() = default;

  // --- calls --------------------------------------------------------------------------------

  /// Runs `fn` while it holds permits. It starts at once if permits are free and no call waits.
  /// Otherwise it waits in the queue.
  ///
  /// @param fn    R(), or net::awaitable<R, Ex>() if Executor converts to Ex. Called at most once,
  ///              as an lvalue; may be move-only. The call releases its permits when `fn` returns,
  ///              or when its awaitable ends. R must be default- and move-constructible.
  /// @param token completion signature void(std::exception_ptr), or void(std::exception_ptr,
  ///              std::decay_t<R>) if R is not void
  ///
  /// Completes exactly once with
  ///   - no error, and the result: executed, or failed if that is a failure (see ResultTraits)
  ///   - the exception of `fn` or its awaitable, unchanged: failed
  ///   - BulkheadRejectedError: no permit was free, and the queue was full or the call may not
  ///     wait; or updateConfig() lowered the limit below the weight of the waiting call
  ///   - BulkheadTimeoutError: the call waited for its whole queue timeout
  ///   - DeadlineExceededError: the budget of the call ended before its work began; timed out
  ///   - ExecutionTimeoutError: the work ran for longer than its execution timeout; overran
  ///   - BulkheadDrainingError: the bulkhead is draining
  ///   - net::error::operation_aborted: cancelled while it waited, or the bulkhead was destroyed
  ///   - ConfigError: the weight is 0, or above maxConcurrent in mode enforce; not counted
  ///
  /// errorCodeOf() distinguishes them without a catch block.
  ///
  /// Runs on: `fn` runs on the bulkhead's executor, never inside this function. The handler runs on
  /// its associated executor, by default the bulkhead's. The call has released its permits and is
  /// counted before the handler runs, except after an execution timeout with Overrun::detach: then
  /// the work may still run, and what it refers to must live until it ends. A coroutine on the same
  /// executor that awaits the call with net::use_awaitable awaits the awaitable of `fn` itself if a
  /// permit is free and the call has no time limit. Every 128th such call of a thread goes through
  /// the executor first.
  ///
  /// Cancellation: all three types cancel a waiting call. A running plain `fn` runs to its end. A
  /// running awaitable receives the request; a strand serialises the two if Ex can hold one. If it
  /// cannot, use a single-threaded executor or a strand.
  ///
  /// Deadlock: a callable or coroutine that holds a permit must not wait for another call of the
  /// same bulkhead. If the bulkhead is full, it waits for itself until the queue timeout. Acquire
  /// all permits in one call, or use a separate bulkhead for the inner work. Starting a call
  /// without waiting for it is fine.
  ///
  /// Cost: with a permit free, two atomic operations, one post and two readings of the stopwatch
  /// (see stopwatchName()). No allocation except the executor's own; an awaitable allocates its
  /// operation as well, unless a coroutine awaits it itself, without a post. A waiting call
  /// costs one allocation from the handler's allocator and a short lock; its complexity is O(1), or
  /// O(log n) if timeouts differ. While calls wait, the thread that finishes a call runs up to 32
  /// more, or up to 100 us of them, one after the other. A call with an execution timeout costs an
  /// allocation from the default allocator, and two short locks. A rejection by a full queue takes
  /// no lock, reads no clock and throws no exception.
  ///
  /// Example: examples/quickstart.cpp
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return detail::execute(*limiter_, std::forward<F>(fn), {}, token);
  }

  /// Same as execute(fn, token), with a queue timeout or a weight for this call.
  template <typename F, typename Token>
  auto execute(F&& fn, CallOptions options, Token&& token) {
    return detail::execute(*limiter_, std::forward<F>(fn), detail::requestOf(options), token);
  }

  /// Acquires permits for work that is not a single callable. The time for which the permit is held
  /// counts as execution time.
  ///
  /// Completes exactly once with void(error_code, Permit). The errors are those of execute() as
  /// codes: see Errc, net::error::operation_aborted, and net::error::invalid_argument for an
  /// invalid weight.
  ///
  /// Runs on: the handler is posted to its associated executor, by default the bulkhead's, and
  /// never runs inside this function. A coroutine that awaits with net::use_awaitable continues at
  /// once if a permit is free. Every 128th such operation of a thread goes through the executor,
  /// and holds its permit meanwhile, so that a loop does not starve other work on the thread.
  ///
  /// Cancellation: all three types, while the call waits.
  ///
  /// Cost: same as execute(), without the post for a coroutine that continues at once.
  ///
  /// Example: examples/recipes/connection_pool.cpp
  template <typename Token>
  auto acquire(Token&& token) {
    return acquire(CallOptions{}, std::forward<Token>(token));
  }

  /// Same as acquire(token), with a queue timeout or a weight for this call.
  template <typename Token>
  auto acquire(CallOptions options, Token&& token) {
    return detail::acquire<CompartmentKind::bulkhead>(*limiter_, detail::requestOf(options),
                                                      std::forward<Token>(token));
  }

  /// Returns permits if they are free and no call waits, and an empty Permit otherwise. It never
  /// waits and never overtakes a waiting call. An invalid weight (0, or above maxConcurrent in mode
  /// enforce) also gives an empty Permit. An unsuccessful attempt is not counted. Cost: lock-free
  /// unless calls wait; no allocation.
  Permit tryAcquire(std::size_t permits = 1) noexcept {
    return detail::tryAcquire<CompartmentKind::bulkhead>(*limiter_, permits);
  }

  // --- queries ------------------------------------------------------------------------------

  /// The executor of callables, and of handlers without an associated executor.
  Executor get_executor() const noexcept { return *limiter_->executor(); }
  /// The configured name. The reference is valid until destruction.
  const std::string& name() const noexcept { return limiter_->name(); }

  /// The current configuration.
  BulkheadConfig config() const {
    const detail::Limits limits = limiter_->limits();
    return {.name = name(),
            .maxConcurrent = limits.permits,
            .maxQueueSize = limits.maxQueueSize,
            .queueTimeout = limits.timeout,
            .mode = limits.mode,
            .executionTimeout = limits.executionTimeout,
            .overrun = limits.overrun,
            .maxOverdue = limits.maxOverdue};
  }

  /// A snapshot of the statistics. All of its limits come from the same configuration. Takes no
  /// lock that a call needs, unless the configuration is changing at that moment. Takes a few
  /// microseconds.
  BulkheadStats stats() const { return limiter_->bulkheadStats(); }

  // --- lifecycle ----------------------------------------------------------------------------

  /// Stops accepting calls and fails queued ones in FIFO order (BulkheadDrainingError); completes
  /// when every permit has been released, at once if none is held. The bulkhead stays closed until
  /// resume(). Several drains may be in progress at the same time. Mode off is exempt: its calls
  /// are accepted, and a drain does not wait for them.
  ///
  /// Completes exactly once with void(error_code):
  ///   - no error: every permit has been released
  ///   - net::error::timed_out: some permits were still held after `within` (0 or negative: checks
  ///     once)
  ///   - net::error::operation_aborted: cancelled, ended by resume(), or the bulkhead was destroyed
  ///
  /// Runs on: the handler is posted to its associated executor, by default the bulkhead's.
  ///
  /// Cancellation: all three types. The bulkhead stays closed.
  ///
  /// Cost: one allocation from the handler's allocator, and a lock while it empties the queue.
  ///
  /// Example: examples/tutorial/08_shutdown.cpp
  template <typename Token>
  auto drain(Token&& token) {
    return drain(noTimeout, std::forward<Token>(token));
  }

  /// Same as drain(token), but waits at most `within`. The bulkhead stays closed after a timeout.
  template <typename Token>
  auto drain(std::chrono::nanoseconds within, Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(
        detail::DrainInitiation<Limiter>(limiter_.get()), token, within);
  }

  /// Accepts calls again after a drain.
  void resume() { limiter_->resume(); }

  /// Whether the bulkhead refuses calls because of a drain: true from drain() until resume(), even
  /// after every permit has been released. BulkheadManager::drainAll() starts a drain, too.
  /// Lock-free.
  bool draining() const noexcept { return limiter_->draining(); }

  /// Sets counters and histograms to zero and the peaks to the current values. Calls are not
  /// affected.
  void reset() noexcept { limiter_->reset(); }

  /// Sets the observer, which is notified of calls that do not run, of saturation, and of drains
  /// and configuration changes. There is one observer at a time; an empty one removes it. If the
  /// bulkhead is already draining or saturated, the first events are `drainStarted` and
  /// `saturated`.
  ///
  /// When this returns, no new notification of the previous observer starts. One that is in
  /// progress on another thread may still be running, and what the observer captured lives until it
  /// ends. Destroying the bulkhead removes the observer. May be called on any thread, also by the
  /// observer itself.
  ///
  /// Cost: each event allocates, reads the clock and takes a lock, and the observer runs on the
  /// thread that caused it. If no call may wait, acquiring and releasing a permit also take a lock.
  /// See docs/events.md.
  void setObserver(Observer observer) { limiter_->setObserver(std::move(observer)); }

  /// Changes limits in place. Running and waiting calls are kept.
  ///   - A higher limit starts waiting calls at once.
  ///   - A lower limit interrupts no call. Calls are admitted again when `active` falls below it. A
  ///     waiting call whose weight exceeds the new limit is rejected.
  ///   - Shrinking the queue does not evict waiting calls.
  ///   - A new queue timeout applies to calls that are queued after the change, and a new execution
  ///     timeout to calls that are started after it.
  ///   - Mode observe or off admits every waiting call.
  ///
  /// Throws ConfigError, and then nothing has changed.
  void updateConfig(const BulkheadOverrides& overrides) {
    limiter_->configure(detail::checkedUpdate(name(), overrides));
  }

  /// Sets the effective limit: how many permits calls can have at the moment, from 0 to
  /// maxConcurrent; a higher value means maxConcurrent. It is for a controller, which may change it
  /// often: no configuration changes, and no event is reported.
  ///   - A higher limit starts waiting calls at once.
  ///   - A lower limit interrupts no call and rejects no waiting call.
  ///   - A call that is heavier than the effective limit waits for a higher one. One that may not
  ///     wait is rejected.
  ///   - updateConfig() keeps it.
  ///
  /// Cost: a short lock.
  void setEffectiveLimit(std::size_t limit) noexcept { limiter_->setEffectiveLimit(limit); }

  /// The effective limit, at most maxConcurrent. Lock-free.
  std::size_t effectiveLimit() const noexcept { return limiter_->effectiveLimit(); }

 private:
  friend detail::Access;
  using Limiter = detail::TimedHost<Executor, Clock, detail::Limiter>;

  detail::HostOwner<Limiter> limiter_;
};

/// Uses the executor itself.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
Bulkhead(Executor, BulkheadConfig) -> Bulkhead<Executor>;

/// Uses the executor of a context, without type erasure.
template <typename Context>
  requires detail::isExecutionContext<Context>
Bulkhead(Context&, BulkheadConfig) -> Bulkhead<typename Context::executor_type>;

}  // namespace bulwark
