#pragma once

/// @file
/// SemaphoreBulkhead: permits for work that runs where the caller is.

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/facade.hpp"
#include "bulwark/detail/stack_note.hpp"
#include "bulwark/detail/thread_waiter.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/limits.hpp"
#include "bulwark/permit.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a SemaphoreBulkhead is made of: a plain value.
struct SemaphoreConfig {
  /// For errors and statistics; need not be unique.
  std::string name{};
  /// Permits that it has. At least 1; `unlimited`: no limit.
  std::size_t permits = 1;
  /// Calls that may wait. 0: a call without a free permit is rejected; `unlimited`: no limit.
  std::size_t maxQueueSize = unlimited;
  /// How long a call may wait. Not negative; 0: never wait; `noTimeout`: for ever.
  std::chrono::nanoseconds acquireTimeout = std::chrono::seconds{10};
  /// How strictly the limits are applied.
  Mode mode = Mode::enforce;
};

/// New values for some fields of a SemaphoreConfig; the others stay as they are.
struct SemaphoreOverrides {
  std::optional<std::size_t> permits{};  ///< At least 1; `unlimited`: no limit.
  /// From 0; `unlimited`: no limit. A smaller one puts nobody out.
  std::optional<std::size_t> maxQueueSize{};
  /// Not negative. For calls that queue from then on.
  std::optional<std::chrono::nanoseconds> acquireTimeout{};
  std::optional<Mode> mode{};  ///< `observe` and `off` let the whole queue in.
};

/// What one call has of its own.
struct AcquireOptions {
  /// This call's instead of the semaphore's. 0 or negative (a deadline that has passed): may not
  /// wait.
  std::optional<std::chrono::nanoseconds> timeout{};
  /// Weight of the call: permits that it takes. 1 to the semaphore's.
  std::size_t permits = 1;
};

/// The light bulkhead: permits only, the work runs where the caller is. For threads that block and
/// for coroutines alike; they wait in one line, first come, first served.
///
/// Thread safety, lifetime and modes are those of a Bulkhead. Blocking waits time out by themselves
/// and need nobody to run the executor, which only serves asynchronous calls. A thread that runs
/// the executor had better not block in acquire().
///
/// @tparam Executor where asynchronous handlers run that have no executor of their own
/// @tparam Clock    a monotonic clock; another one is for tests
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class SemaphoreBulkhead
    : private detail::Facade<detail::Compartment::Kind::semaphore, Executor, Clock> {
  using Base = detail::Facade<detail::Compartment::Kind::semaphore, Executor, Clock>;
  friend detail::FacadeAccess;

  template <typename Token>
  static constexpr bool isToken = !std::is_convertible_v<Token, AcquireOptions>;

 public:
  /// The name by which Asio looks it up.
  using executor_type = Executor;

  /// Throws ConfigError: permits 0, or a negative acquireTimeout.
  SemaphoreBulkhead(Executor executor, SemaphoreConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : Base(std::move(executor), config.name,
             detail::checkedLimits(config.name, detail::semaphoreFields, config.permits,
                                   config.maxQueueSize, config.acquireTimeout, config.mode)) {}

  /// On the executor of a context, as Asio's own objects.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  SemaphoreBulkhead(Context& context, SemaphoreConfig config)
      : SemaphoreBulkhead(Executor(context.get_executor()), std::move(config)) {}

  /// What was moved from may only be assigned to or destroyed.
  SemaphoreBulkhead(SemaphoreBulkhead&&) noexcept = default;
  /// Destroys what it was before.
  SemaphoreBulkhead& operator=(SemaphoreBulkhead&&) noexcept = default;
  ~SemaphoreBulkhead() = default;

  // --- permits ----------------------------------------------------------------------------------

  /// A permit if there is one for this call now: never waits, never overtakes a call that does.
  /// Empty if not, or if the weight is 0 or above permits; a refusal is counted nowhere.
  /// Cost: one atomic operation, no clock reading; lock-free unless calls wait. No allocation.
  Permit tryAcquire(std::size_t permits = 1) noexcept { return this->tryPermit(permits); }

  /// Blocks this thread until it has its permits. Throws BulkheadRejectedError,
  /// BulkheadTimeoutError, BulkheadDrainingError, net::system_error (operation_aborted: the
  /// semaphore was destroyed) or ConfigError (weight), each as Bulkhead::execute() reports it.
  /// A pthread_cancel() of a thread that waits takes effect when the wait is over.
  /// Cost with a permit free: as tryAcquire().
  Permit acquire(AcquireOptions options = {}) {
    auto& compartment = this->compartment();
    if (compartment.take(options.permits, kind)) [[likely]]
      return detail::PermitMaker::make(&compartment, options.permits, options.permits, {});
    std::exception_ptr refusal;
    const detail::Entry entry = blockingEntry(compartment, options, refusal);
    if (refusal) std::rethrow_exception(std::move(refusal));
    return detail::PermitMaker::make(
        entry.verdict == detail::Verdict::granted ? &compartment : nullptr, options.permits,
        entry.held, {});
  }

  /// Gets permits without blocking. Completion signature void(error_code, Permit); exactly once, as
  /// Bulkhead::acquire(), of which it has cancellation, executors and cost; bare permits are not
  /// timed.
  template <typename Token>
    requires isToken<Token>
  auto acquire(Token&& token) {
    return acquire(AcquireOptions{}, std::forward<Token>(token));
  }

  /// As acquire(token), with a timeout or a weight of its own.
  template <typename Token>
  auto acquire(AcquireOptions options, Token&& token) {
    return this->asyncAcquire(options.permits, options.timeout, std::forward<Token>(token));
  }

  // --- work under a permit ----------------------------------------------------------------------

  /// Blocks until there is a permit, runs `fn` on this thread and returns what it returns; the
  /// permit is back when this function ends, however it ends. Throws what acquire() throws, and
  /// what `fn` throws.
  ///
  /// Inside `fn`, both throw net::system_error (std::errc::resource_deadlock_would_occur) where
  /// this thread would wait for permits that only it could give back: take them all in one call.
  /// Threads that wait for each other so, each with a part of the permits, are not seen, nor are
  /// stackful coroutines (fibers); they time out.
  /// Cost with a permit free: two atomic operations and two clock readings.
  template <typename F>
  decltype(auto) withPermit(F&& fn) {
    return withPermit(std::forward<F>(fn), AcquireOptions{});
  }

  /// As withPermit(fn), with a timeout or a weight of its own.
  template <typename F>
  decltype(auto) withPermit(F&& fn, AcquireOptions options) {
    static_assert(!detail::CallResult<F>::awaitable,
                  "bulwark: this form blocks and gives the permit back when fn returns, before an "
                  "awaitable has run; pass a completion token, as net::use_awaitable");
    auto& compartment = this->compartment();
    std::size_t held = options.permits;
    if (!compartment.take(held, kind)) [[unlikely]] {
      std::exception_ptr refusal;
      const detail::Entry entry = blockingEntry(compartment, options, refusal);
      if (refusal) std::rethrow_exception(std::move(refusal));
      if (entry.verdict == detail::Verdict::passed) return std::forward<F>(fn)();
      held = entry.held;
    }
    Books books(compartment, held);
    try {
      return std::forward<F>(fn)();
    } catch (...) {
      books.failed = true;
      throw;
    }
  }

  /// Runs `fn` on the executor under a permit; everything as Bulkhead::execute().
  template <typename F, typename Token>
    requires isToken<Token>
  auto withPermit(F&& fn, Token&& token) {
    return withPermit(std::forward<F>(fn), AcquireOptions{}, std::forward<Token>(token));
  }

  /// As withPermit(fn, token), with a timeout or a weight of its own.
  template <typename F, typename Token>
  auto withPermit(F&& fn, AcquireOptions options, Token&& token) {
    return this->asyncExecute(std::forward<F>(fn), options.permits, options.timeout,
                              std::forward<Token>(token));
  }

  // --- queries ------------------------------------------------------------------------------

  /// Where callables run, and handlers that have no executor of their own.
  using Base::get_executor;
  /// As configured. The reference is valid until destruction.
  using Base::name;

  /// As it is now.
  SemaphoreConfig config() const {
    const detail::Limits limits = this->compartment().limits();
    return {.name = name(),
            .permits = limits.permits,
            .maxQueueSize = limits.maxQueueSize,
            .acquireTimeout = limits.timeout,
            .mode = limits.mode};
  }

  /// Takes no lock that a call needs; some microseconds.
  SemaphoreStats stats() const { return this->compartment().semaphoreStats(); }

  // --- lifecycle ----------------------------------------------------------------------------

  /// As Bulkhead::drain().
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

  /// Zeroes counters and histograms; calls go on.
  using Base::reset;

  /// As Bulkhead::setObserver().
  using Base::setObserver;

  /// Changes limits in place, permits included, as Bulkhead::updateConfig().
  void updateConfig(const SemaphoreOverrides& overrides) {
    this->compartment().configure(detail::checkedUpdate(name(), detail::semaphoreFields,
                                                        overrides.permits, overrides.maxQueueSize,
                                                        overrides.acquireTimeout, overrides.mode));
  }

 private:
  using State = typename Base::State;
  static constexpr auto kind = detail::Compartment::Kind::semaphore;

  /// Closes the books on the work of withPermit().
  struct Books {
    Books(State& compartment, std::size_t permits) noexcept
        : owner(compartment),
          held(permits),
          here(&compartment, permits),
          start(compartment.now()) {}
    Books(const Books&) = delete;
    Books& operator=(const Books&) = delete;
    ~Books() { owner.finishCall(held, failed, start, owner.now()); }

    State& owner;  // its clock without a virtual call
    std::size_t held;
    detail::StackNote here;  // so that a call inside sees whether it would wait for itself
    detail::Instant start;
    bool failed = false;
  };

  /// Waits for permits where take() found none. Touches no member: while a thread waits, or is
  /// about to wake with its permits, the semaphore may be destroyed.
  ///
  /// `refusal` is what is to be thrown, unless the call goes ahead. By the function that the user
  /// called: each frame that an exception unwinds costs a quarter of a microsecond.
  static detail::Entry blockingEntry(State& compartment, const AcquireOptions& options,
                                     std::exception_ptr& refusal) {
    detail::Ref<detail::Compartment> keep;
    detail::Entry entry = compartment.tryEnter(options.permits, options.timeout);
    if (entry.verdict == detail::Verdict::contended) {
      const std::size_t here = detail::StackNote::find(&compartment);
      if (here != 0) compartment.refuseToWaitForItself(here, options.permits);
      compartment.expectWaits();
      keep = detail::Ref<detail::Compartment>(&compartment);  // woken, it may be gone
      detail::ThreadWaiter waiter;
      const detail::Instant patience = options.timeout.value_or(compartment.timeout());
      const detail::Instant begun = compartment.now();
      entry = compartment.enter(options.permits, patience, begun, &waiter, nullptr);
      if (entry.verdict == detail::Verdict::waiting) {
        waiter.wait(compartment, detail::deadlineAfter(begun, patience));
        entry = {waiter.verdict, waiter.weight};
        if (entry.verdict == detail::Verdict::granted) {
          compartment.recordWait(waiter.deadline - waiter.since);
        }
      }
    }
    if (!detail::goesAhead(entry.verdict)) {
      refusal = compartment.errorFor(entry.verdict, options.permits);
    }
    return entry;
  }
};

/// An executor is used as it is.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
SemaphoreBulkhead(Executor, SemaphoreConfig) -> SemaphoreBulkhead<Executor>;

/// Of a context, its executor, without a type-erased one in between.
template <typename Context>
  requires detail::isExecutionContext<Context>
SemaphoreBulkhead(Context&, SemaphoreConfig) -> SemaphoreBulkhead<typename Context::executor_type>;

}  // namespace bulwark
