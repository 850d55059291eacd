#pragma once

// Longer than 300 lines: one mutex, and every change that it guards.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bulwark/asio.hpp"
#include "bulwark/bulkhead.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/manager/deferred_delivery.hpp"
#include "bulwark/detail/manager/drain_group.hpp"
#include "bulwark/detail/manager/manager_settings.hpp"
#include "bulwark/detail/manager/registry.hpp"
#include "bulwark/detail/runtime/context_watch.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/runtime/timed_host.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/semaphore_bulkhead.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The state behind a BulkheadManager. It outlives the manager for operations that were initiated
/// lazily and have not started.
///
/// One mutex guards the settings, and the creation of bulkheads and semaphores. Calls to a service
/// that exists do not take it. No user code runs under it: no copy or destruction of an executor,
/// no clock, no observer. A bulkhead or semaphore is made before the mutex is taken, from the
/// settings at that time, and made again if they have changed meanwhile. The effect of a change on
/// waiting calls is decided under the mutex and delivered without it.
///
/// Memory is allocated under the mutex, for the settings, the registries and the list of
/// deliveries, so that everything that can fail precedes the change. The allocations call no other
/// code of the library and take none of its locks. They delay only other changes, and calls that
/// name a service for the first time.
///
/// Thread-safe.
template <typename Executor, typename Clock>
class ManagerState final : public SharedState {
 public:
  using executor_type = Executor;
  using Service = Bulkhead<Executor, Clock>;
  using Semaphore = SemaphoreBulkhead<Executor, Clock>;
  using LimiterOf = TimedHost<Executor, Clock, Limiter>;

  /// A bulkhead or a semaphore of the manager. The object is destroyed with the manager. Its
  /// limiter may outlive it.
  template <typename Object>
  struct Member {
    template <typename Config>
    Member(const Executor& executor, Config&& config)
        : object(std::in_place, executor, std::forward<Config>(config)),
          limiter(&Access::limiter(*object)) {}

    std::optional<Object> object;
    Ref<LimiterOf> limiter;
    bool own = false;  // a semaphore of addSemaphore(): its configuration is not the manager's
  };
  using Services = Registry<Member<Service>>;
  using Semaphores = Registry<Member<Semaphore>>;

  ManagerState(Executor executor, ManagerConfig config)
      : executor_(std::move(executor)), settings_(std::move(config)) {
    ContextWatch<void>::enter(contextOf(*executor_), watched_, *this);
    const ManagerConfig& made = settings_.config();
    semaphores_.reserve(made.semaphores.size());
    for (const auto& [name, permits] : made.semaphores) {
      semaphores_.add(make<Semaphores>(*executor_, semaphoreOf(name, permits, made), {}));
    }
  }

  /// Null once the context is gone.
  const std::optional<Executor>& executor() const noexcept { return executor_; }

  // --- bulkheads and semaphores -----------------------------------------------------------------

  /// Finds or makes the bulkhead of a service. Null: the manager is destroyed. Throws ConfigError
  /// if the name is empty.
  Member<Service>* service(std::string_view name) {
    if (auto* found = services_.find(name)) [[likely]]
      return &found->value;
    checkName(name, "service");
    return addIfNew(
               services_, name, *executor_, [&] { return settings_.of(name); }, [](auto&) {})
        .first;
  }

  /// Null: there is no semaphore of that name.
  Member<Semaphore>* semaphore(std::string_view name) noexcept {
    auto* found = semaphores_.find(name);
    return found != nullptr ? &found->value : nullptr;
  }

  /// Throws ConfigError if the name is taken or a limit is outside its range.
  Member<Service>& addOwnService(const Executor& executor, const BulkheadConfig& config) {
    checkName(config.name, "name");
    if (services_.find(config.name) != nullptr) throwNameTaken(config.name, "service");
    // Checked without the overrides, too, because apply() may remove them later.
    checkedLimits(config);
    const auto [service, isNew] = addIfNew(
        services_, config.name, executor, [&] { return settings_.of(config); },
        [&](auto&) { settings_.addOwn(config); });
    if (!isNew) throwNameTaken(config.name, "service");
    return *service;
  }

  /// Throws ConfigError if the name is taken or a limit is outside its range.
  Member<Semaphore>& addOwnSemaphore(SemaphoreConfig config) {
    checkName(config.name, "name");
    if (semaphores_.find(config.name) != nullptr) throwNameTaken(config.name, "semaphore");
    const Mode ownMode = config.mode;
    const auto [semaphore, isNew] = addIfNew(
        semaphores_, config.name, *executor_,
        [&] {
          config.mode = settings_.modeOfAll().value_or(ownMode);
          return config;
        },
        [](auto& made) { made.own = true; });
    if (!isNew) throwNameTaken(config.name, "semaphore");
    return *semaphore;
  }

  /// The semaphores of these names, each once, sorted by name. Because all calls acquire semaphores
  /// in this order, no two can wait for each other. Throws ConfigError if there is no semaphore of
  /// a name.
  std::vector<Ref<Limiter>> semaphores(std::string_view service,
                                       const std::vector<std::string>& names, const char* caller) {
    std::vector<Ref<Limiter>> found;
    found.reserve(names.size());
    for (const std::string& name : names) {
      auto* node = semaphores_.find(name);
      if (node == nullptr) throwNoSemaphore(service, name, caller);
      found.emplace_back(node->value.limiter.get());
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a->name() < b->name(); });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const auto& a, const auto& b) { return a.get() == b.get(); }),
                found.end());
    return found;
  }

  ManagerStats stats() const {
    ManagerStats result;
    services_.forEach([&](const auto& node) {
      result.bulkheads.emplace(node.name, node.value.limiter->bulkheadStats());
    });
    semaphores_.forEach([&](const auto& node) {
      result.semaphores.emplace(node.name, node.value.limiter->semaphoreStats());
    });
    return result;
  }

  // acquire: pairs with the releases in drainAll() and resumeAll()
  bool draining() const noexcept { return draining_.load(std::memory_order_acquire); }

  HealthSummary health() const {
    HealthSummary result;
    result.draining = draining();
    services_.forEach([&](const auto& node) {
      const auto load = node.value.limiter->load();
      ++result.totalBulkheads;
      result.queuedTasks += load.queued;
      result.activeTasks += load.running;
      if (load.saturated) result.saturated.push_back(node.name);
      if (load.draining) result.drainingBulkheads.push_back(node.name);
    });
    semaphores_.forEach([&](const auto& node) {
      const auto load = node.value.limiter->load();
      ++result.totalSemaphores;
      result.semaphores.push_back(
          {.name = node.name, .available = load.available(), .permits = load.permits});
      if (load.draining) result.drainingSemaphores.push_back(node.name);
    });
    std::sort(result.saturated.begin(), result.saturated.end());
    std::sort(result.semaphores.begin(), result.semaphores.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(result.drainingBulkheads.begin(), result.drainingBulkheads.end());
    std::sort(result.drainingSemaphores.begin(), result.drainingSemaphores.end());
    return result;
  }

  /// The number of bulkheads and semaphores. It never decreases.
  std::size_t size() const noexcept { return services_.size() + semaphores_.size(); }

  /// Calls f(Limiter&) for each, in no particular order.
  template <typename F>
  void forEachLimiter(F f) const {
    services_.forEach([&](const auto& node) { f(*node.value.limiter); });
    semaphores_.forEach([&](const auto& node) { f(*node.value.limiter); });
  }

  void reset(std::string_view service) noexcept {
    if (auto* found = services_.find(service)) found->value.limiter->reset();
  }

  void resetAll() noexcept {
    services_.forEach([](const auto& node) { node.value.limiter->reset(); });
    semaphores_.forEach([](const auto& node) { node.value.limiter->reset(); });
  }

  // --- changes ----------------------------------------------------------------------------------

  void update(std::string_view service, const BulkheadOverrides& overrides) {
    checkName(service, "service");
    const LimitsUpdate update = checkedUpdate(std::string(service), overrides);
    DeferredDelivery delivery = change();
    delivery.reserve(1);
    settings_.update(service, overrides);
    if (auto* found = services_.find(service)) configure(*found, update, delivery);
  }

  void setMode(Mode mode) {
    const LimitsUpdate update = checkedUpdate("", {.mode = mode});
    DeferredDelivery delivery = change();
    delivery.reserve(services_.size() + semaphores_.size());
    settings_.setMode(mode);
    services_.forEach([&](auto& node) { configure(node, update, delivery); });
    semaphores_.forEach([&](auto& node) { configure(node, update, delivery); });
  }

  std::vector<ConfigChange> apply(ManagerConfig next) {
    checkManagerConfig(next);
    std::vector<std::unique_ptr<typename Semaphores::Node>> fresh;
    const auto makeFresh = [&](const Origin& origin) {
      fresh.clear();
      for (const auto& [name, permits] : next.semaphores) {
        if (semaphores_.find(name) != nullptr) continue;
        fresh.push_back(make<Semaphores>(*executor_, semaphoreOf(name, permits, next), origin));
      }
    };
    const Instant begun = now();
    DeferredDelivery delivery = change(begun, lockWith([] {}, makeFresh));
    // Everything that can fail precedes the change.
    std::vector<ConfigChange> changes = settings_.changesTo(next, live());
    std::vector<std::pair<typename Services::Node*, LimitsUpdate>> services;
    services.reserve(services_.size());
    services_.forEach([&](auto& node) {
      services.push_back({&node, updateTo(limitsOf(settings_.of(next, node.name)))});
    });
    std::vector<std::pair<typename Semaphores::Node*, LimitsUpdate>> semaphores;
    semaphores.reserve(semaphores_.size());
    semaphores_.forEach([&](auto& node) {
      LimitsUpdate update;
      const auto wanted = next.semaphores.find(node.name);
      if (wanted != next.semaphores.end()) update.permits = wanted->second;
      if (!node.value.own) {
        update.timeout = next.semaphoreTimeout;
        update.mode = Mode::enforce;
      }
      semaphores.push_back({&node, update});
    });
    semaphores_.reserve(fresh.size());
    delivery.reserve(services.size() + semaphores.size() + fresh.size());

    settings_.replace(std::move(next));
    for (const auto& [node, update] : services) configure(*node, update, delivery);
    for (const auto& [node, update] : semaphores) configure(*node, update, delivery);
    for (auto& node : fresh) {
      if (semaphores_.find(node->name) != nullptr) continue;  // added meanwhile, configured above
      delivery.of(*node->value.limiter);  // so that its observer is notified
      semaphores_.add(std::move(node));
    }
    return changes;
  }

  void setObserver(Observer observer) {
    // The previous observers: destroyed after the mutex is released, because this may be user code.
    std::vector<std::shared_ptr<const Observer>> before;
    std::shared_ptr<const Observer> next;
    if (observer) next = std::make_shared<const Observer>(std::move(observer));
    DeferredDelivery delivery = change();
    const std::size_t count = services_.size() + semaphores_.size();
    delivery.reserve(count);
    before.reserve(count + 1);
    if (next != nullptr) {
      const auto ensureEvents = [](auto& node) { node.value.limiter->ensureEvents(); };
      services_.forEach(ensureEvents);
      semaphores_.forEach(ensureEvents);
    }

    before.push_back(std::exchange(observer_, next));
    const auto exchange = [&](auto& node) {
      Limiter& limiter = *node.value.limiter;
      before.push_back(limiter.exchangeObserver(next));
      delivery.of(limiter);  // so that the observer is notified
    };
    services_.forEach(exchange);
    semaphores_.forEach(exchange);
  }

  // --- lifecycle --------------------------------------------------------------------------------

  /// Drains all limiters, and closes those that are made later. Calls op.expect(n) with the number
  /// of limiters, then for each of them op.part(i, limiter), which returns the waiter and its
  /// cancellation link.
  template <typename Op>
  void drainAll(Op& op, const std::shared_ptr<DrainGroup>& group) {
    DeferredDelivery delivery = change();
    const std::size_t count = services_.size() + semaphores_.size();
    delivery.reserve(count);
    const auto prepare = [](auto& node) { node.value.limiter->prepareToDrain(); };
    services_.forEach(prepare);
    semaphores_.forEach(prepare);
    std::erase_if(drains_, [](const auto& old) { return old.expired(); });
    drains_.push_back(group);
    op.expect(count);
    draining_.store(true, std::memory_order_release);  // pairs with the acquire in draining()
    std::size_t i = 0;
    const auto drain = [&](auto& node) {
      Limiter& limiter = *node.value.limiter;
      const auto [waiter, link] = op.part(i++, limiter);
      limiter.drain(delivery.now(), *waiter, link, delivery.of(limiter));
    };
    services_.forEach(drain);
    semaphores_.forEach(drain);
  }

  void resumeAll() {
    DeferredDelivery delivery = change();
    delivery.reserve(services_.size() + semaphores_.size());
    draining_.store(false, std::memory_order_release);  // pairs with the acquire in draining()
    const auto resume = [&](auto& node) {
      node.value.limiter->resume(delivery.of(*node.value.limiter));
    };
    services_.forEach(resume);
    semaphores_.forEach(resume);
  }

  /// The manager is destroyed: admits no call any more, and aborts waiting calls.
  void close() noexcept {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    // Bulkheads first: a call that a semaphore aborts releases its permits of its bulkhead, where
    // no call is left that could receive them.
    services_.forEach([](auto& node) { node.value.object.reset(); });
    semaphores_.forEach([](auto& node) { node.value.object.reset(); });
  }

  /// The execution context is destroyed. Each limiter is abandoned through its own entry.
  void abandon() noexcept override {
    std::vector<std::weak_ptr<DrainGroup>> drains;
    {
      const std::lock_guard lock(mutex_);
      drains.swap(drains_);
    }
    for (const auto& drain : drains) {
      if (const auto group = drain.lock()) group->drop();
    }
    executor_.reset();
  }

 private:
  ~ManagerState() override {
    watched_.leave([this] { executor_.reset(); });
  }

  static Instant now() noexcept {
    return std::chrono::duration_cast<Instant>(Clock::now().time_since_epoch());
  }

  /// Takes the mutex for a change on which new bulkheads and semaphores depend.
  DeferredDelivery change() {
    const Instant when = now();  // before the mutex is taken: the clock may be the user's
    return change(when, std::unique_lock(mutex_));
  }
  DeferredDelivery change(Instant when, std::unique_lock<Mutex> lock) noexcept {
    ++changes_;
    return {when, std::move(lock)};
  }

  template <typename Node>
  static void configure(Node& node, const LimitsUpdate& update,
                        DeferredDelivery& delivery) noexcept {
    Limiter& limiter = *node.value.limiter;
    limiter.configure(update, delivery.now(), delivery.of(limiter));
  }

  static SemaphoreConfig semaphoreOf(const std::string& name, std::size_t permits,
                                     const ManagerConfig& config) {
    return {.name = name, .permits = permits, .acquireTimeout = config.semaphoreTimeout};
  }

  /// What a new bulkhead or semaphore depends on, besides its configuration.
  struct Origin {
    std::size_t changes;  // changes_ when the rest was read
    bool draining;
    std::shared_ptr<const Observer> observer;
  };

  /// Calls `look` under the mutex, then `make` without it. Repeats both if a change came in
  /// between, so that the result of `make` is up to date.
  /// @return the lock of the mutex
  template <typename Look, typename Make>
  std::unique_lock<Mutex> lockWith(Look look, Make make) {
    std::unique_lock lock(mutex_);
    for (;;) {
      look();
      Origin origin{changes_, draining(), observer_};
      lock.unlock();
      make(origin);
      origin.observer.reset();  // without the mutex: this may destroy the user's function
      lock.lock();
      if (origin.changes == changes_) return lock;
    }
  }

  /// Finds the object of that name, or adds one. `configure` returns its configuration, and is
  /// called under the mutex. `added` is called under the mutex before a new object is added; it may
  /// throw.
  /// @return the object, and whether it is new. Null: the manager is destroyed
  template <typename Objects, typename Configure, typename Added>
  auto addIfNew(Objects& objects, std::string_view name, const Executor& executor,
                Configure configure, Added added) {
    using Result = std::pair<decltype(&objects.find(name)->value), bool>;
    std::optional<std::invoke_result_t<Configure>> config;
    std::unique_ptr<typename Objects::Node> node;  // if not needed, destroyed after the lock
    auto lock =
        lockWith([&] { config = configure(); },
                 [&](const Origin& origin) { node = make<Objects>(executor, *config, origin); });
    if (auto* found = objects.find(name)) return Result(&found->value, false);
    if (closed_) return Result();
    objects.reserve(1);
    added(node->value);
    auto& object = objects.add(std::move(node)).value;
    lock.unlock();
    object.limiter->notifyObserver();  // the object may be draining from the start
    return Result(&object, true);
  }

  /// Makes an object for its registry. The caller does not hold the mutex, because the copy of the
  /// executor may be user code.
  template <typename Objects, typename Config>
  std::unique_ptr<typename Objects::Node> make(const Executor& executor, const Config& config,
                                               const Origin& origin) const {
    auto node = std::make_unique<typename Objects::Node>(config.name, executor, config);
    node->value.limiter->setNumber(number_);
    if (origin.draining) closeUnused(*node->value.limiter);
    if (origin.observer != nullptr) {
      node->value.limiter->ensureEvents();
      node->value.limiter->exchangeObserver(origin.observer);
    }
    return node;
  }

  /// Drains a limiter that no call has used.
  static void closeUnused(Limiter& limiter) noexcept {
    struct Ignored final : Waiter {
      void wake() noexcept override {}
      void discard() noexcept override {}
    } ignored;  // woken in deliver(), because no permit is in use
    Wakeups out;
    limiter.drain(limiter.now(), ignored, nullptr, out);
    limiter.deliver(out);
  }

  LiveLimits live() const {
    LiveLimits result;
    services_.forEach(
        [&](auto& node) { result.bulkheads.emplace(node.name, node.value.object->config()); });
    semaphores_.forEach([&](auto& node) {
      const Limits limits = node.value.limiter->limits();
      result.semaphores.emplace(node.name, LiveLimits::Semaphore{.permits = limits.permits,
                                                                 .timeout = limits.timeout,
                                                                 .mode = limits.mode,
                                                                 .own = node.value.own});
    });
    return result;
  }

  std::optional<Executor> executor_;
  ContextRegistry::Entry watched_;
  const std::uint64_t number_ = Limiter::nextNumber();
  Services services_;  // read from any thread; added to under the mutex
  Semaphores semaphores_;  // as services_

  Mutex mutex_;  // guards everything below, and what is added above
  ManagerSettings settings_;
  std::shared_ptr<const Observer> observer_;
  Atomic<bool> draining_{false};  // from drainAll() to resumeAll(); read without the mutex, too
  bool closed_ = false;  // the manager is destroyed
  std::size_t changes_ = 0;  // the number of calls of change()
  std::vector<std::weak_ptr<DrainGroup>> drains_;  // that may be under way
};

}  // namespace bulwark::detail
