#pragma once

/// @file
/// BulkheadManager: the bulkheads of a whole service, by name.

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
#include "bulwark/detail/initiate_managed.hpp"
#include "bulwark/detail/manager_state.hpp"
#include "bulwark/events.hpp"
#include "bulwark/manager_config.hpp"
#include "bulwark/semaphore_bulkhead.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What one call has of its own.
struct ManagerCallOptions {
  /// One permit of each of these is held while the work runs. Any order, and a name given twice
  /// counts once.
  std::vector<std::string> semaphores{};
  /// How long the call may wait in its bulkhead's queue, instead of what is configured there. 0 or
  /// negative: may not wait.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  /// How long it may wait in all, in the queue and for semaphores. 0 or negative: may not wait.
  std::optional<std::chrono::nanoseconds> waitTimeout{};
  /// Weight of the call in its bulkhead. 1 to maxConcurrent.
  std::size_t permits = 1;
};

/// The bulkheads of a whole service, by name, and its global semaphores.
///
/// A bulkhead comes into being when its name is first used, with the limits that the configuration
/// has for it, and stays, at the same address, as long as the manager.
///
/// Thread safety: everything, from any thread, but construction and destruction. A service that is
/// known is looked up without a lock. The contexts of its executors must outlive all use; destroyed
/// before the manager they take with them what waits, and the manager may only be destroyed.
/// Destroying it does for each bulkhead and semaphore what destroying that does, and blocks on
/// nothing; a call that waits for a semaphore then reports net::error::operation_aborted.
///
/// Work that blocks on a pool that others share is isolated only while the sum of what may block
/// there is below the number of its threads: give such a service threads of its own, by
/// addBulkhead().
///
/// @tparam Executor where the work runs, and handlers that have no executor of their own
/// @tparam Clock    a monotonic clock; another one is for tests
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class BulkheadManager {
  using State = detail::ManagerState<Executor, Clock>;
  friend detail::FacadeAccess;

 public:
  /// The name by which Asio looks it up.
  using executor_type = Executor;

  /// Throws ConfigError: a limit that breaks its rule, or an empty name.
  explicit BulkheadManager(Executor executor, ManagerConfig config = {})
    requires(!detail::isExecutionContext<Executor>)
      : state_(make(std::move(executor), std::move(config))) {}

  /// On the executor of a context, as Asio's own objects: `BulkheadManager manager{io};`
  template <typename Context>
    requires detail::isExecutionContext<Context>
  explicit BulkheadManager(Context& context, ManagerConfig config = {})
      : BulkheadManager(Executor(context.get_executor()), std::move(config)) {}

  BulkheadManager(const BulkheadManager&) = delete;
  BulkheadManager& operator=(const BulkheadManager&) = delete;

  /// Blocks on nothing: see above.
  ~BulkheadManager() {
    state_->close();
    state_->unref();
  }

  // --- who is there -----------------------------------------------------------------------------

  /// The bulkhead of a service, found or made. Throws ConfigError: an empty name.
  /// Cost where it is known: a hash and a comparison, no lock.
  Bulkhead<Executor, Clock>& bulkhead(std::string_view service) {
    return *state_->service(service)->object;
  }

  /// Null: there is no semaphore of that name. No lock.
  SemaphoreBulkhead<Executor, Clock>* semaphore(std::string_view name) noexcept {
    auto* found = state_->semaphore(name);
    return found != nullptr ? &*found->object : nullptr;
  }

  /// A bulkhead with limits of its own instead of the defaults, on an executor of its own: for work
  /// that blocks. What the configuration says about a service of that name goes before. Throws
  /// ConfigError: the name is empty or taken, or a limit breaks its rule.
  Bulkhead<Executor, Clock>& addBulkhead(BulkheadConfig config, Executor executor) {
    return *state_->addOwnService(executor, config).object;
  }

  /// A global semaphore with a queue and a timeout of its own. Throws as addBulkhead().
  SemaphoreBulkhead<Executor, Clock>& addSemaphore(SemaphoreConfig config) {
    return *state_->addOwnSemaphore(std::move(config)).object;
  }

  // --- calls ------------------------------------------------------------------------------------

  /// Runs `fn` in the bulkhead of `service`, and under a permit of each semaphore that is named.
  ///
  /// Everything as Bulkhead::execute(), and for the semaphores: a call takes them when it has its
  /// permits of the bulkhead, one after the other in an order that is the same for all calls, each
  /// within its own timeout, and gives them back in reverse. So a queued call holds none, and no
  /// two calls ever wait for each other. While it waits for one it counts as running in its
  /// bulkhead; that wait is wait time there, not execution time. If it does not get one it ends in
  /// the bulkhead's books as it does in the semaphore's, and the error names the semaphore. The
  /// semaphores that it had by then count what it held: as acquired, and as released. It can be
  /// cancelled there as in the queue.
  ///
  /// Completes as Bulkhead::execute(); with ConfigError also for an empty service, and for a name
  /// that is no semaphore's, before anything is acquired.
  ///
  /// Cost: as Bulkhead::execute() and the lookup; with semaphores, an allocation more for the call,
  /// and two atomic operations for each.
  template <typename F, typename Token>
  auto execute(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions none;
    return start(service, std::forward<F>(fn), none, nullptr, std::forward<Token>(token));
  }

  /// As execute(service, fn, token), with semaphores, timeouts or a weight of its own.
  template <typename F, typename Token>
  auto execute(std::string_view service, F&& fn, ManagerCallOptions options, Token&& token) {
    return start(service, std::forward<F>(fn), options, nullptr, std::forward<Token>(token));
  }

  /// execute() under the semaphore "global.cpu_intensive"; there must be one.
  template <typename F, typename Token>
  auto executeCpuIntensive(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"global.cpu_intensive"}};
    return start(service, std::forward<F>(fn), options, "executeCpuIntensive",
                 std::forward<Token>(token));
  }

  /// execute() under the semaphore "global.memory_intensive"; there must be one.
  template <typename F, typename Token>
  auto executeMemoryIntensive(std::string_view service, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"global.memory_intensive"}};
    return start(service, std::forward<F>(fn), options, "executeMemoryIntensive",
                 std::forward<Token>(token));
  }

  /// execute() in the service "ai." + provider, under the semaphore "ai.total_requests"; there must
  /// be one.
  template <typename F, typename Token>
  auto executeAITask(std::string_view provider, F&& fn, Token&& token) {
    static const ManagerCallOptions options{.semaphores = {"ai.total_requests"}};
    const std::string service = provider.empty() ? std::string() : "ai." + std::string(provider);
    return start(service, std::forward<F>(fn), options, "executeAITask",
                 std::forward<Token>(token));
  }

  // --- queries ----------------------------------------------------------------------------------

  /// Every bulkhead and every semaphore. Takes no lock that a call needs, unless a configuration is
  /// being changed at that moment.
  ManagerStats stats() const { return state_->stats(); }

  /// Where the service stands now. Takes locks as stats() does; some nanoseconds a bulkhead.
  HealthSummary health() const { return state_->health(); }

  /// That of the services that were not given one of their own.
  executor_type get_executor() const noexcept { return *state_->executor(); }

  // --- lifecycle --------------------------------------------------------------------------------

  /// Changes limits of one service in place, as Bulkhead::updateConfig(); they hold also for a
  /// service that is not there yet. Throws ConfigError, and then nothing has changed.
  void updateConfig(std::string_view service, const BulkheadOverrides& overrides) {
    state_->update(service, overrides);
  }

  /// Makes `config` what holds, as if the manager had been made of it, while calls go on: it is
  /// checked whole, then each bulkhead and semaphore is changed in place. Queues, statistics and
  /// running calls stay. A service that it does not name falls back to its defaults, or to the
  /// limits that addBulkhead() got; what updateConfig() and setMode() changed before is gone. A
  /// semaphore that it does not name keeps its permits, for calls that name it; of one that
  /// addSemaphore() brought, only the permits change, if it names that.
  ///
  /// @return what changed: the defaults, then services and then semaphores in the order of names
  ///
  /// Throws ConfigError, and then nothing has changed.
  std::vector<ConfigChange> apply(const ManagerConfig& config) { return state_->apply(config); }

  /// Of all bulkheads and semaphores, those included that come or are added later; a later update
  /// wins, of one or by apply() of all.
  void setMode(Mode mode) { state_->setMode(mode); }

  /// Drains every bulkhead and every semaphore, and has services that are first used later closed
  /// from the start. Completion signature void(error_code), exactly once: no error when the last
  /// permit is back; net::error::operation_aborted if it was cancelled (all three types), overtaken
  /// by resumeAll() or one resume(), or the manager was destroyed. What is closed stays closed.
  template <typename Token>
  auto drainAll(Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(detail::ManagedDrain<State>(state_),
                                                             token);
  }

  /// Accepts calls again everywhere.
  void resumeAll() { state_->resumeAll(); }

  /// Whether everything drains: from drainAll() until resumeAll(), whether permits are still out or
  /// not. Single ones that drain do not count: health() names them. For a readiness probe.
  /// Lock-free.
  bool draining() const noexcept { return state_->draining(); }

  /// Bulkhead::setObserver() for all bulkheads and semaphores, those included that come or are
  /// added later; a later one wins, of one or of all. Different bulkheads tell it at the same time:
  /// it has to be safe for that. Throws std::bad_alloc, and then nothing has changed.
  void setObserver(Observer observer) { state_->setObserver(std::move(observer)); }

  /// Zeroes the counters of a service, as Bulkhead::reset(). An unknown one: nothing.
  void reset(std::string_view service) noexcept { state_->reset(service); }

  /// Zeroes the counters of all bulkheads and semaphores.
  void resetAll() noexcept { state_->resetAll(); }

 private:
  static State* make(Executor executor, ManagerConfig config) {
    detail::checkManagerConfig(config);
    return new State(std::move(executor), std::move(config));
  }

  template <typename F, typename Token>
  auto start(std::string_view service, F&& fn, const ManagerCallOptions& options,
             const char* caller, Token&& token) {
    return net::async_initiate<Token, detail::CallSignature<F>>(
        detail::ManagedExecute<State>(state_), token, std::forward<F>(fn),
        detail::LazyName(service), options, caller);
  }

  State* const state_;
};

/// Executors of all kinds, so that addBulkhead() takes any.
template <typename Context>
  requires detail::isExecutionContext<Context>
BulkheadManager(Context&) -> BulkheadManager<>;

/// Executors of all kinds, so that addBulkhead() takes any.
template <typename Context>
  requires detail::isExecutionContext<Context>
BulkheadManager(Context&, ManagerConfig) -> BulkheadManager<>;

}  // namespace bulwark
