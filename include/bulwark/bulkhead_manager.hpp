#pragma once

/// @file
/// BulkheadManager: all the bulkheads of a service, by name.

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "bulwark/asio.hpp"
#include "bulwark/bulkhead.hpp"
#include "bulwark/detail/call/spawn_token.hpp"
#include "bulwark/detail/config/checked_limits.hpp"
#include "bulwark/detail/manager/drain_all.hpp"
#include "bulwark/detail/manager/initiate_managed.hpp"
#include "bulwark/detail/manager/manager_state.hpp"
#include "bulwark/events.hpp"
#include "bulwark/manager_config.hpp"
#include "bulwark/semaphore_bulkhead.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Options of a single call.
struct ManagerCallOptions {
  /// Semaphores of which the call holds one permit each while the work runs. In any order;
  /// duplicates count once.
  std::vector<std::string> semaphores{};
  /// How long the call may wait in the queue of its bulkhead. Replaces the configured timeout. 0 or
  /// negative: the call may not wait.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  /// How long the call may wait in total, in the queue and for semaphores. 0 or negative: the call
  /// may not wait.
  std::optional<std::chrono::nanoseconds> waitTimeout{};
  /// Weight of the call in its bulkhead: 1 to maxConcurrent.
  std::size_t permits = 1;
  /// As CallOptions::executionTimeout. The semaphores count a call that overruns it as released
  /// when its work ends.
  std::optional<std::chrono::nanoseconds> executionTimeout{};
  /// As CallOptions::budget. It bounds the wait in the queue and for semaphores, too.
  std::optional<std::chrono::nanoseconds> budget{};
};

/// Owns the bulkheads of a service, by name, and its global semaphores.
///
/// A bulkhead is created when its name is first used, with the limits that are configured for that
/// name. It stays at the same address for the lifetime of the manager.
///
/// Thread-safe, except for construction and destruction. Looking up a known service takes no lock.
///
/// Lifetime: the contexts of its executors must outlive all use of the manager. If a context is
/// destroyed first, it destroys the handlers of waiting calls without invoking them, and the
/// manager may then only be destroyed. Destroying the manager does not block. It destroys every
/// bulkhead and semaphore, so waiting calls complete with net::error::operation_aborted.
///
/// Blocking work on a shared thread pool is isolated only while the number of calls that may block
/// there is below the number of its threads. Give such a service its own threads with
/// addBulkhead().
///
/// @tparam Executor runs the work, and handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class BulkheadManager {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if a limit is out of range or a name is empty.
  explicit BulkheadManager(Executor executor, ManagerConfig config = {})
    requires(!detail::isExecutionContext<Executor>)
      : state_(make(std::move(executor), std::move(config))) {}

  /// Uses the executor of a context, as Asio's own objects do: `BulkheadManager manager{io};`
  template <typename Context>
    requires detail::isExecutionContext<Context>
  explicit BulkheadManager(Context& context, ManagerConfig config = {})
      : BulkheadManager(Executor(context.get_executor()), std::move(config)) {}

  BulkheadManager(const BulkheadManager&) = delete;
  BulkheadManager& operator=(const BulkheadManager&) = delete;

  /// Does not block.
  ~BulkheadManager() {
    state_->close();
    state_->unref();
  }

  // --- bulkheads and semaphores -----------------------------------------------------------------

  /// Returns the bulkhead of a service, and creates it on first use. Throws ConfigError if the name
  /// is empty. Cost for a known service: a hash and a comparison, no lock.
  Bulkhead<Executor, Clock>& bulkhead(std::string_view service) {
    return *state_->service(service)->object;
  }

  /// Returns the semaphore of that name, or null if there is none. Takes no lock.
  SemaphoreBulkhead<Executor, Clock>* semaphore(std::string_view name) noexcept {
    auto* found = state_->semaphore(name);
    return found != nullptr ? &*found->object : nullptr;
  }

  /// Adds a bulkhead with its own limits instead of the defaults, and its own executor; for work
  /// that blocks. What the configuration says about a service of that name takes precedence over
  /// `config`. Throws ConfigError if the name is empty or taken, or if a limit is out of range.
  Bulkhead<Executor, Clock>& addBulkhead(BulkheadConfig config, Executor executor) {
    return *state_->addOwnService(executor, config).object;
  }

  /// Adds a global semaphore with its own queue and timeout. Throws like addBulkhead().
  SemaphoreBulkhead<Executor, Clock>& addSemaphore(SemaphoreConfig config) {
    return *state_->addOwnSemaphore(std::move(config)).object;
  }

  // --- calls ------------------------------------------------------------------------------------

  /// Runs `fn` in the bulkhead of `service` while it holds a permit of each semaphore named in the
  /// options. Bulkhead::execute() describes the rest.
  ///
  /// Semaphores: a call acquires them after its permits of the bulkhead, one at a time, in an order
  /// that is the same for all calls. Each has its own timeout. The call releases them in reverse
  /// order. So a queued call holds no semaphore, and calls cannot deadlock on each other's
  /// semaphores.
  ///
  /// A call that waits for a semaphore counts as running in its bulkhead, but the time counts as
  /// wait time, not as execution time. It can be cancelled there as in the queue. If it does not
  /// get the semaphore, it ends with the same result in the bulkhead's statistics as in the
  /// semaphore's, and the error names the semaphore. Semaphores that it had acquired by then count
  /// it as acquired and released.
  ///
  /// Completes exactly once, with the results of Bulkhead::execute(). ConfigError is also the
  /// result for an empty service name and for the name of an unknown semaphore; nothing has been
  /// acquired then.
  ///
  /// Cost: same as Bulkhead::execute(), and the lookup. Semaphores add a few allocations for each
  /// call, and two atomic operations for each semaphore.
  ///
  /// Example: examples/tutorial/05_manager.cpp
  template <typename F, typename Token>
  auto execute(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions none;
    return start(service, std::forward<F>(fn), none, nullptr, std::forward<Token>(token));
  }

  /// Same as execute(service, fn, token), with semaphores, timeouts or a weight for this call.
  template <typename F, typename Token>
  auto execute(std::string_view service, F&& fn, ManagerCallOptions options, Token&& token) {
    return start(service, std::forward<F>(fn), options, nullptr, std::forward<Token>(token));
  }

  /// Same as execute(), while it holds a permit of the semaphore "global.cpu_intensive", which must
  /// exist.
  template <typename F, typename Token>
  auto executeCpuIntensive(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"global.cpu_intensive"}};
    return start(service, std::forward<F>(fn), options, "executeCpuIntensive",
                 std::forward<Token>(token));
  }

  /// Same as execute(), while it holds a permit of the semaphore "global.memory_intensive", which
  /// must exist.
  template <typename F, typename Token>
  auto executeMemoryIntensive(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"global.memory_intensive"}};
    return start(service, std::forward<F>(fn), options, "executeMemoryIntensive",
                 std::forward<Token>(token));
  }

  /// Same as execute() in the service "ai." + provider, while it holds a permit of the semaphore
  /// "ai.total_requests", which must exist.
  template <typename F, typename Token>
  auto executeAITask(std::string_view provider, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"ai.total_requests"}};
    const std::string service = provider.empty() ? std::string() : "ai." + std::string(provider);
    return start(service, std::forward<F>(fn), options, "executeAITask",
                 std::forward<Token>(token));
  }

  // --- queries ----------------------------------------------------------------------------------

  /// A snapshot of the statistics of every bulkhead and semaphore. Takes no lock that a call needs,
  /// unless a configuration is changing at that moment.
  ManagerStats stats() const { return state_->stats(); }

  /// The current state of every bulkhead and semaphore. Takes locks like stats(). Costs some
  /// nanoseconds for each bulkhead.
  HealthSummary health() const {
    HealthSummary result = state_->health();
    state_->forEachLimiter([&](const detail::Limiter& limiter) { limiter.addOverdue(result); });
    return result;
  }

  /// The executor of every service that has none of its own.
  executor_type get_executor() const noexcept { return *state_->executor(); }

  // --- lifecycle --------------------------------------------------------------------------------

  /// Changes limits of one service in place, like Bulkhead::updateConfig(). They also apply to a
  /// service that has not been created yet. Throws ConfigError, and then nothing has changed.
  void updateConfig(std::string_view service, const BulkheadOverrides& overrides) {
    state_->update(service, overrides);
  }

  /// Replaces the whole configuration while calls continue, as if the manager had been constructed
  /// with `config`. It is checked as a whole first. Then each bulkhead and semaphore is changed in
  /// place; queues, statistics and running calls are kept.
  ///   - A service that `config` does not name gets its defaults, or the limits passed to
  ///     addBulkhead().
  ///   - Earlier changes by updateConfig() and setMode() are lost.
  ///   - A semaphore that `config` does not name keeps its permits and stays available to calls.
  ///   - A semaphore from addSemaphore() changes only its permits, and only if `config` names it.
  ///
  /// @return what changed: the defaults, then the services, then the semaphores, each in the order
  ///         of names
  ///
  /// Throws ConfigError, and then nothing has changed.
  std::vector<ConfigChange> apply(const ManagerConfig& config) { return state_->apply(config); }

  /// Sets the mode of all bulkheads and semaphores, including those that are created or added
  /// later. A later update of one of them, or a later apply(), overrides it.
  void setMode(Mode mode) { state_->setMode(mode); }

  /// Drains every bulkhead and every semaphore, as Bulkhead::drain() does. Those that are created
  /// or added later do not accept calls until resumeAll().
  ///
  /// Completes exactly once with void(error_code):
  ///   - no error: every permit has been released
  ///   - net::error::operation_aborted: cancelled, ended by resumeAll() or by resume() of one of
  ///     them, or the manager was destroyed
  ///
  /// Runs on: the handler is posted to its associated executor, by default the manager's.
  ///
  /// Cancellation: all three types. Bulkheads and semaphores stay closed.
  ///
  /// Cost: some allocations, and a lock of each bulkhead and semaphore.
  ///
  /// Example: examples/tutorial/08_shutdown.cpp
  template <typename Token>
  auto drainAll(Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(detail::ManagedDrain<State>(state_),
                                                             token);
  }

  /// Accepts calls again in every bulkhead and semaphore.
  void resumeAll() { state_->resumeAll(); }

  /// Whether the manager drains as a whole: true from drainAll() until resumeAll(), even after
  /// every permit has been released. Drains of single bulkheads do not count; health() lists them.
  /// Suitable for a readiness probe. Lock-free.
  bool draining() const noexcept { return state_->draining(); }

  /// Calls setObserver() for all bulkheads and semaphores, including those that are created or
  /// added later. A later setObserver(), of one or of all, overrides it. Different bulkheads notify
  /// the observer at the same time, so it must be thread-safe. Throws std::bad_alloc, and then
  /// nothing has changed.
  void setObserver(Observer observer) { state_->setObserver(std::move(observer)); }

  /// Same as Bulkhead::reset() for one service. Does nothing if the service is unknown.
  void reset(std::string_view service) noexcept { state_->reset(service); }

  /// Zeroes the counters of all bulkheads and semaphores.
  void resetAll() noexcept { state_->resetAll(); }

 private:
  friend detail::Access;
  using State = detail::ManagerState<Executor, Clock>;

  static State* make(Executor executor, ManagerConfig config) {
    detail::checkManagerConfig(config);
    return new State(std::move(executor), std::move(config));
  }

  template <typename F, typename Token>
  auto start(std::string_view service, F&& fn, const ManagerCallOptions& options,
             const char* caller, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::ManagedExecute<State>(state_), token, std::forward<F>(fn),
        detail::LazyName(service), options, caller);
  }

  State* const state_;
};

/// Deduces any_io_executor, so that addBulkhead() accepts an executor of any type.
template <typename Context>
  requires detail::isExecutionContext<Context>
BulkheadManager(Context&) -> BulkheadManager<>;

/// Deduces any_io_executor, so that addBulkhead() accepts an executor of any type.
template <typename Context>
  requires detail::isExecutionContext<Context>
BulkheadManager(Context&, ManagerConfig) -> BulkheadManager<>;

}  // namespace bulwark
