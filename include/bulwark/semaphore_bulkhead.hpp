#pragma once

/// @file
/// SemaphoreBulkhead: permits for work that runs on the caller's thread or in its coroutine.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/blocking/blocking_acquire.hpp"
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

/// Configuration of a SemaphoreBulkhead. A plain value.
struct SemaphoreConfig {
  /// Appears in errors and statistics. Need not be unique.
  std::string name{};
  /// Number of permits. At least 1; `unlimited`: no limit.
  std::size_t permits = 1;
  /// How many calls may wait. 0: a call that finds no free permit is rejected; `unlimited`: no
  /// limit.
  std::size_t maxQueueSize = unlimited;
  /// How long a call may wait. Not negative; 0: it may not wait; `noTimeout`: no time limit.
  std::chrono::nanoseconds acquireTimeout = std::chrono::seconds{10};
  /// How strictly the limits are applied.
  Mode mode = Mode::enforce;
};

/// New values for some fields of a SemaphoreConfig. Empty fields stay unchanged.
struct SemaphoreOverrides {
  std::optional<std::size_t> permits{};  ///< At least 1; `unlimited`: no limit.
  /// At least 0; `unlimited`: no limit. Shrinking the queue does not evict waiting calls.
  std::optional<std::size_t> maxQueueSize{};
  /// Not negative. Applies to calls that are queued after the change.
  std::optional<std::chrono::nanoseconds> acquireTimeout{};
  std::optional<Mode> mode{};  ///< `observe` and `off` admit every waiting call.
};

/// Options of a single call.
struct AcquireOptions {
  /// Replaces the acquire timeout of the semaphore. 0 or negative (a deadline that has passed): the
  /// call may not wait.
  std::optional<std::chrono::nanoseconds> timeout{};
  /// Weight of the call: how many permits it acquires, from 1 to the permits of the semaphore.
  std::size_t permits = 1;
  /// In withPermit() with a completion token: how long `fn` may run. See CallOptions. The other
  /// functions ignore it.
  std::optional<std::chrono::nanoseconds> executionTimeout{};
  /// How long the whole call may take: CallOptions::budget. It bounds the wait of acquire() and of
  /// a blocking withPermit(), which do not interrupt `fn`.
  std::optional<std::chrono::nanoseconds> budget{};
};

/// A light bulkhead that only hands out permits; the work runs on the caller's thread or in its
/// coroutine. Blocking threads and coroutines wait in the same FIFO queue.
///
/// Thread safety, lifetime, modes and the conditions on costs are those of Bulkhead. Blocking waits
/// time out by themselves and do not need a thread that runs the executor, which only serves
/// asynchronous calls. Do not block in acquire() on a thread that runs the executor.
///
/// @tparam Executor runs asynchronous handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class SemaphoreBulkhead {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if permits is 0 or acquireTimeout is negative.
  SemaphoreBulkhead(Executor executor, SemaphoreConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : limiter_(std::in_place, std::move(executor), CompartmentKind::semaphore, config.name,
                 detail::checkedLimits(config.name, detail::semaphoreFields,
                                       {.permits = config.permits,
                                        .maxQueueSize = config.maxQueueSize,
                                        .timeout = config.acquireTimeout,
                                        .mode = config.mode})) {}

  /// Uses the executor of a context, as Asio's own objects do.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  SemaphoreBulkhead(Context& context, SemaphoreConfig config)
      : SemaphoreBulkhead(Executor(context.get_executor()), std::move(config)) {}

  /// A moved-from semaphore may only be assigned to or destroyed.
  SemaphoreBulkhead(SemaphoreBulkhead&&) noexcept = default;
  /// Destroys the previous semaphore of this object.
  SemaphoreBulkhead& operator=(SemaphoreBulkhead&&) noexcept = default;
  ~SemaphoreBulkhead() = default;

  // --- permits ----------------------------------------------------------------------------------

  /// Returns permits if they are free and no call waits, and an empty Permit otherwise. It never
  /// waits and never overtakes a waiting call. An invalid weight (0, or above permits in mode
  /// enforce) also gives an empty Permit. An unsuccessful attempt is not counted. Cost: one atomic
  /// operation, no clock reading; lock-free unless calls wait; no allocation.
  Permit tryAcquire(std::size_t permits = 1) noexcept {
    return detail::tryAcquire<CompartmentKind::semaphore>(*limiter_, permits);
  }

  /// Blocks the calling thread until it has acquired its permits. Throws BulkheadRejectedError,
  /// BulkheadTimeoutError, BulkheadDrainingError, net::system_error (operation_aborted: the
  /// semaphore was destroyed) or ConfigError (weight), as Bulkhead::execute() describes them. If
  /// pthread_cancel() hits a waiting thread, it takes effect after the wait. Cost with a permit
  /// free: same as tryAcquire().
  Permit acquire(AcquireOptions options = {}) {
    return detail::blockingAcquire(*limiter_, requestOf(options));
  }

  /// Acquires permits without blocking. Completes exactly once with void(error_code, Permit).
  /// Results, executors, cancellation and cost are those of Bulkhead::acquire(). The time for which
  /// the permit is held is not measured.
  template <typename Token>
    requires(!std::is_convertible_v<Token, AcquireOptions>)
  auto acquire(Token&& token) {
    return acquire(AcquireOptions{}, std::forward<Token>(token));
  }

  /// Same as acquire(token), with a timeout or a weight for this call.
  template <typename Token>
  auto acquire(AcquireOptions options, Token&& token) {
    return detail::acquire<CompartmentKind::semaphore>(*limiter_, requestOf(options),
                                                       std::forward<Token>(token));
  }

  // --- work under a permit ----------------------------------------------------------------------

  /// Blocks until it has acquired a permit, runs `fn` on the calling thread and returns its result.
  /// It releases the permit before it returns or throws. Throws what acquire() throws, and what
  /// `fn` throws.
  ///
  /// Inside `fn`, acquire() and withPermit() throw net::system_error
  /// (std::errc::resource_deadlock_would_occur) if the thread would wait for permits that only it
  /// can release. Acquire all permits in one call instead. Deadlocks between several threads, each
  /// of which holds a part of the permits, are not detected, nor are those of stackful coroutines
  /// (fibers). Such calls time out.
  ///
  /// Cost with a permit free: two atomic operations and two readings of the stopwatch
  /// (see stopwatchName()).
  ///
  /// Example: examples/semaphore.cpp
  template <typename F>
  decltype(auto) withPermit(F&& fn) {
    return withPermit(std::forward<F>(fn), AcquireOptions{});
  }

  /// Same as withPermit(fn), with a timeout or a weight for this call.
  template <typename F>
  decltype(auto) withPermit(F&& fn, AcquireOptions options) {
    static_assert(!detail::ResultOf<F>::awaitable,
                  "bulwark: this form blocks and releases the permit when fn returns, before an "
                  "awaitable has run; pass a completion token such as net::use_awaitable");
    return detail::runWithPermit(*limiter_, std::forward<F>(fn), requestOf(options));
  }

  /// Runs `fn` on the executor while it holds a permit. Same as Bulkhead::execute().
  template <typename F, typename Token>
    requires(!std::is_convertible_v<Token, AcquireOptions>)
  auto withPermit(F&& fn, Token&& token) {
    return withPermit(std::forward<F>(fn), AcquireOptions{}, std::forward<Token>(token));
  }

  /// Same as withPermit(fn, token), with a timeout or a weight for this call.
  template <typename F, typename Token>
  auto withPermit(F&& fn, AcquireOptions options, Token&& token) {
    return detail::execute(*limiter_, std::forward<F>(fn), requestOf(options), token);
  }

  // --- queries ------------------------------------------------------------------------------

  /// The executor of callables, and of handlers without an associated executor.
  Executor get_executor() const noexcept { return *limiter_->executor(); }
  /// The configured name. The reference is valid until destruction.
  const std::string& name() const noexcept { return limiter_->name(); }

  /// The current configuration.
  SemaphoreConfig config() const {
    const detail::Limits limits = limiter_->limits();
    return {.name = name(),
            .permits = limits.permits,
            .maxQueueSize = limits.maxQueueSize,
            .acquireTimeout = limits.timeout,
            .mode = limits.mode};
  }

  /// A snapshot of the statistics. All of its limits come from the same configuration. Takes no
  /// lock that a call needs, unless the configuration is changing at that moment. Takes a few
  /// microseconds.
  SemaphoreStats stats() const { return limiter_->semaphoreStats(); }

  // --- lifecycle ----------------------------------------------------------------------------

  /// Same as Bulkhead::drain().
  template <typename Token>
  auto drain(Token&& token) {
    return drain(noTimeout, std::forward<Token>(token));
  }

  /// Same as drain(token), but waits at most `within`. The semaphore stays closed after a timeout.
  template <typename Token>
  auto drain(std::chrono::nanoseconds within, Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(
        detail::DrainInitiation<Limiter>(limiter_.get()), token, within);
  }

  /// Accepts calls again after a drain.
  void resume() { limiter_->resume(); }

  /// Whether the semaphore refuses calls because of a drain: true from drain() until resume(), even
  /// after every permit has been released. BulkheadManager::drainAll() starts a drain, too.
  /// Lock-free.
  bool draining() const noexcept { return limiter_->draining(); }

  /// Sets counters and histograms to zero. Calls are not affected.
  void reset() noexcept { limiter_->reset(); }

  /// Same as Bulkhead::setObserver().
  void setObserver(Observer observer) { limiter_->setObserver(std::move(observer)); }

  /// Changes limits in place, including the number of permits. Same as Bulkhead::updateConfig().
  void updateConfig(const SemaphoreOverrides& overrides) {
    limiter_->configure(detail::checkedUpdate(name(), detail::semaphoreFields,
                                              {.permits = overrides.permits,
                                               .maxQueueSize = overrides.maxQueueSize,
                                               .timeout = overrides.acquireTimeout,
                                               .mode = overrides.mode}));
  }

  /// Same as Bulkhead::setEffectiveLimit().
  void setEffectiveLimit(std::size_t limit) noexcept { limiter_->setEffectiveLimit(limit); }

  /// Same as Bulkhead::effectiveLimit().
  std::size_t effectiveLimit() const noexcept { return limiter_->effectiveLimit(); }

 private:
  friend detail::Access;
  using Limiter = detail::TimedHost<Executor, Clock, detail::Limiter>;

  static detail::CallRequest requestOf(const AcquireOptions& options) noexcept {
    return {options.permits, options.timeout, options.executionTimeout, options.budget};
  }

  detail::HostOwner<Limiter> limiter_;
};

/// Uses the executor itself.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
SemaphoreBulkhead(Executor, SemaphoreConfig) -> SemaphoreBulkhead<Executor>;

/// Uses the executor of a context, without type erasure.
template <typename Context>
  requires detail::isExecutionContext<Context>
SemaphoreBulkhead(Context&, SemaphoreConfig) -> SemaphoreBulkhead<typename Context::executor_type>;

}  // namespace bulwark
