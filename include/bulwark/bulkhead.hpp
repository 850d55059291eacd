#pragma once

/// @file
/// Bulkhead: runs callables, at most so many at once.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/bulkhead_config.hpp"
#include "bulwark/detail/facade.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/limits.hpp"
#include "bulwark/permit.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What one call has of its own.
struct CallOptions {
  /// This call's instead of the bulkhead's. 0 or negative (a deadline that has passed): may not
  /// wait.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  /// Weight of the call: permits that it takes. 1 to maxConcurrent.
  std::size_t permits = 1;
};

/// Runs callables on an executor, at most maxConcurrent at once; the others wait in line, first
/// come, first served, for a while.
///
/// Thread safety: distinct objects and one shared object, but for construction, destruction and
/// moving. The executor's context must outlive all use; destroyed before the bulkhead it takes what
/// waits with it, and such a bulkhead may only be destroyed. Destroying the bulkhead blocks on
/// nothing: calls that wait report net::error::operation_aborted, running ones finish and give back
/// safely, and so do permits. It may happen in a handler or a callable of the bulkhead itself.
///
/// Work that blocks on a pool that others share is isolated only while the sum of what may block
/// there is below the number of its threads.
///
/// @tparam Executor where callables run, and handlers that have no executor of their own
/// @tparam Clock    a monotonic clock; another one is for tests
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class Bulkhead : private detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock> {
  using Base = detail::Facade<detail::Compartment::Kind::bulkhead, Executor, Clock>;
  friend detail::FacadeAccess;

 public:
  /// The name by which Asio looks it up.
  using executor_type = Executor;

  /// Throws ConfigError: maxConcurrent 0, or a negative queueTimeout.
  Bulkhead(Executor executor, BulkheadConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : Base(std::move(executor), config.name,
             detail::checkedLimits(config.name, detail::bulkheadFields, config.maxConcurrent,
                                   config.maxQueueSize, config.queueTimeout, config.mode)) {}

  /// On the executor of a context, as Asio's own objects: `Bulkhead db{io, {.name = "db"}};`
  template <typename Context>
    requires detail::isExecutionContext<Context>
  Bulkhead(Context& context, BulkheadConfig config)
      : Bulkhead(Executor(context.get_executor()), std::move(config)) {}

  /// What was moved from may only be assigned to or destroyed.
  Bulkhead(Bulkhead&&) noexcept = default;
  /// Destroys what it was before.
  Bulkhead& operator=(Bulkhead&&) noexcept = default;
  ~Bulkhead() = default;

  // --- calls --------------------------------------------------------------------------------

  /// Runs `fn` under permits, at once where they are free and nobody waits, or else in turn.
  ///
  /// @param fn    R(), or net::awaitable<R, Ex>() where Executor converts to Ex. Called at most
  ///              once, as an lvalue; may be move-only. The permits are back when it has returned,
  ///              or when its awaitable has ended. R is default- and move-constructible.
  /// @param token completion signature void(std::exception_ptr), or void(std::exception_ptr,
  ///              std::decay_t<R>) where R is not void
  ///
  /// Completes exactly once with
  ///   - no error, and the result: executed
  ///   - what `fn` or its awaitable threw, untouched: failed
  ///   - BulkheadRejectedError: no permit free, and the queue full or the call may not wait
  ///   - BulkheadTimeoutError: waited for its queue timeout; never earlier
  ///   - BulkheadDrainingError: the bulkhead is draining
  ///   - net::error::operation_aborted: cancelled while it waited, or the bulkhead was destroyed
  ///   - ConfigError: a weight of 0, or above maxConcurrent; counted nowhere
  ///
  /// errorCodeOf() tells them apart without a catch block.
  ///
  /// Runs on: `fn` on the bulkhead's executor, never inside this function. The handler on its own
  /// associated executor, or else on the bulkhead's; by then the books are closed: permits back,
  /// call counted.
  ///
  /// Cancellation: all three types while the call waits. A plain `fn` that has its permits runs to
  /// its end; a running awaitable gets the request, serialised with it by a strand where Ex can
  /// hold one (where not, use an executor with one thread, or a strand).
  ///
  /// Not from inside itself: a callable or coroutine that holds a permit and waits for another call
  /// of the same bulkhead waits, when that is full, for itself and its like, until the timeout.
  /// Take all permits in one call, or give the inner work a bulkhead of its own. (Starting a call
  /// and not waiting for it is fine.)
  ///
  /// Cost: with a permit free, two atomic operations, one post and two clock readings; no
  /// allocation but the executor's own (an awaitable: one). A call that waits: one allocation from
  /// the handler's allocator, a short lock, O(1), or O(log n) where timeouts differ; while there
  /// is a queue, up to 32 callables or 100 us of them run one after the other on the thread that
  /// finished the last one. A rejection: no lock, no clock, no exception thrown.
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return execute(std::forward<F>(fn), CallOptions{}, std::forward<Token>(token));
  }

  /// As execute(fn, token), with a queue timeout or a weight of its own.
  template <typename F, typename Token>
  auto execute(F&& fn, CallOptions options, Token&& token) {
    return this->asyncExecute(std::forward<F>(fn), options.permits, options.queueTimeout,
                              std::forward<Token>(token));
  }

  /// Gets permits for work that is not one callable. Completion signature void(error_code, Permit);
  /// the errors are the codes of what execute() reports, and net::error::invalid_argument for the
  /// weight. The handler is posted, never run inside this function; a coroutine that awaits it with
  /// net::use_awaitable goes on at once where a permit is free. The time for which the permit is
  /// held counts as execution time. Cancellation while the call waits; cost as execute(), and
  /// without the post in such a coroutine.
  template <typename Token>
  auto acquire(Token&& token) {
    return acquire(CallOptions{}, std::forward<Token>(token));
  }

  /// As acquire(token), with a queue timeout or a weight of its own.
  template <typename Token>
  auto acquire(CallOptions options, Token&& token) {
    return this->asyncAcquire(options.permits, options.queueTimeout, std::forward<Token>(token));
  }

  /// A permit if there is one for this call now: never waits, never overtakes a call that does.
  /// Empty if not, or if the weight is 0 or above maxConcurrent; a refusal is counted nowhere.
  /// Lock-free unless calls wait. No allocation.
  Permit tryAcquire(std::size_t permits = 1) noexcept { return this->tryPermit(permits); }

  // --- queries ------------------------------------------------------------------------------

  /// Where callables run, and handlers that have no executor of their own.
  using Base::get_executor;
  /// As configured. The reference is valid until destruction.
  using Base::name;

  /// As it is now.
  BulkheadConfig config() const {
    const detail::Limits limits = this->compartment().limits();
    return {.name = name(),
            .maxConcurrent = limits.permits,
            .maxQueueSize = limits.maxQueueSize,
            .queueTimeout = limits.timeout,
            .mode = limits.mode};
  }

  /// Its limits are of one configuration. Takes no lock that a call needs, unless the configuration
  /// is being changed at that moment; some microseconds.
  BulkheadStats stats() const { return this->compartment().bulkheadStats(); }

  // --- lifecycle ----------------------------------------------------------------------------

  /// Closes: new calls are refused and waiting ones put out in order (BulkheadDrainingError), and
  /// completes when the last permit is back, at once if none is out. Completion signature
  /// void(error_code). Stays closed until resume(). May be called again, also while it drains.
  ///
  /// Completes exactly once with no error; net::error::timed_out: some permits were still out after
  /// `within` (0 or negative: looks once); net::error::operation_aborted: cancelled (all three
  /// types), overtaken by resume(), or the bulkhead was destroyed. Calls in mode off are not seen.
  template <typename Token>
  auto drain(Token&& token) {
    return drain(noTimeout, std::forward<Token>(token));
  }

  /// As drain(token), for so long at most. It stays closed after that, too.
  template <typename Token>
  auto drain(std::chrono::nanoseconds within, Token&& token) {
    return this->asyncDrain(within, std::forward<Token>(token));
  }

  /// Accepts calls again after a drain.
  using Base::resume;

  /// Whether it accepts no calls because of a drain: from drain() until resume(), whether permits
  /// are still out or not; of a manager's also from drainAll(). Lock-free.
  using Base::draining;

  /// Zeroes counters and histograms and sets the peaks to the present; calls go on.
  using Base::reset;

  /// Sets who is told, from now on, of calls that do not run, of saturation, drains and changes of
  /// the configuration: one observer at a time, or none if it is empty. Its first events are
  /// `drainStarted` and `saturated` where that is the case already. When this returns no call of
  /// the one before begins any more; one that runs on another thread may still be running, and what
  /// it captured lives until then. Destroying the bulkhead removes it. On any thread, in the
  /// observer too. See docs/events.md.
  using Base::setObserver;

  /// Changes limits in place; nothing that runs or waits is lost. More permits: waiting calls start
  /// at once. Fewer: nobody is interrupted, and calls are admitted again when active is below the
  /// new limit; a waiting call whose weight no longer fits at all is rejected. A smaller queue puts
  /// nobody out. A new timeout holds for calls that queue from now on. Mode observe or off lets the
  /// whole queue in. Throws ConfigError, and then nothing has changed.
  void updateConfig(const BulkheadOverrides& overrides) {
    this->compartment().configure(
        detail::checkedUpdate(name(), detail::bulkheadFields, overrides.maxConcurrent,
                              overrides.maxQueueSize, overrides.queueTimeout, overrides.mode));
  }
};

/// An executor is used as it is.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
Bulkhead(Executor, BulkheadConfig) -> Bulkhead<Executor>;

/// Of a context, its executor, without a type-erased one in between.
template <typename Context>
  requires detail::isExecutionContext<Context>
Bulkhead(Context&, BulkheadConfig) -> Bulkhead<typename Context::executor_type>;

}  // namespace bulwark
