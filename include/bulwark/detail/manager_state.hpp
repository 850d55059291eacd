#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
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
#include "bulwark/detail/context_watch.hpp"
#include "bulwark/detail/gate.hpp"
#include "bulwark/detail/manager_settings.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/registry.hpp"
#include "bulwark/detail/shared_state.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/semaphore_bulkhead.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The compartments that take part in a drain of all of them, so that it can be cancelled.
struct DrainGroup {
  struct Member {
    Ref<Compartment> compartment;
    CancelLink link{};
  };
  std::vector<Member> members;
  std::atomic<bool> dropped{false};  // the handler's context is gone: nobody is to be told

  void cancel() noexcept {
    for (Member& member : members) member.compartment->cancel(member.link);
  }
  void drop() noexcept {
    dropped.store(true);
    cancel();
  }
};

/// What stands behind a BulkheadManager, and lives on behind it for operations that were prepared
/// and not started.
///
/// One mutex guards the settings and the coming of new bulkheads; calls to services that are there
/// do not take it. No code of the user's runs under it: what copies or destroys an executor, reads
/// the clock or tells an observer. A bulkhead or semaphore is made before the mutex is taken, of
/// the settings that held a moment ago, and once more if they have changed meanwhile. What a change
/// means for calls that wait is decided under the mutex and carried out when it is free.
///
/// Memory is allocated under it: for the settings, the registries and the list of what is to be
/// carried out, so that all that can fail comes before the change. That calls nothing of the
/// library's, takes no other lock of it, and holds up only other changes and calls that name a
/// service for the first time.
template <typename Executor, typename Clock>
class ManagerState final : public SharedState {
 public:
  using executor_type = Executor;
  using Service = Bulkhead<Executor, Clock>;
  using Semaphore = SemaphoreBulkhead<Executor, Clock>;
  using Chamber = AsioCompartment<Executor, Clock>;

  /// A bulkhead or a semaphore as the manager owns it. When the manager goes, so does the object,
  /// but not what stands behind it.
  template <typename Object>
  struct Owned {
    template <typename Config>
    Owned(const Executor& executor, Config&& config)
        : object(std::in_place, executor, std::forward<Config>(config)),
          compartment(&FacadeAccess::compartment(*object)) {}

    std::optional<Object> object;
    Ref<Chamber> compartment;
    bool own = false;  // came with a configuration of its own, not the manager's
  };
  using Services = Registry<Owned<Service>>;
  using Semaphores = Registry<Owned<Semaphore>>;

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

  // --- who is there -----------------------------------------------------------------------------

  /// Found or made. Null: the manager is gone. Throws ConfigError: an empty name.
  Owned<Service>* service(std::string_view name) {
    if (auto* found = services_.find(name)) [[likely]]
      return &found->value;
    checkName(name, "service");
    return addIfNew(
               services_, name, *executor_, [&] { return settings_.of(name); }, [](auto&) {})
        .first;
  }

  Owned<Semaphore>* semaphore(std::string_view name) noexcept {
    auto* found = semaphores_.find(name);
    return found != nullptr ? &found->value : nullptr;
  }

  Owned<Service>& addOwnService(const Executor& executor, const BulkheadConfig& config) {
    checkName(config.name, "name");
    if (services_.find(config.name) != nullptr) throwNameTaken(config.name, "service");
    // By itself, too: what overrides it today may be gone tomorrow.
    checkedLimits(config.name, bulkheadFields, config.maxConcurrent, config.maxQueueSize,
                  config.queueTimeout, config.mode);
    const auto [service, isNew] = addIfNew(
        services_, config.name, executor, [&] { return settings_.of(config); },
        [&](auto&) { settings_.addOwn(config); });
    if (!isNew) throwNameTaken(config.name, "service");
    return *service;
  }

  Owned<Semaphore>& addOwnSemaphore(SemaphoreConfig config) {
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

  /// The semaphores of these names, in the one order in which all calls take them, each once.
  /// Throws ConfigError: there is none of that name.
  std::vector<Ref<Compartment>> semaphores(std::string_view service,
                                           const std::vector<std::string>& names,
                                           const char* caller) {
    std::vector<Ref<Compartment>> found;
    found.reserve(names.size());
    for (const std::string& name : names) {
      auto* node = semaphores_.find(name);
      if (node == nullptr) throwNoSemaphore(service, name, caller);
      found.emplace_back(node->value.compartment.get());
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
      result.bulkheads.emplace(node.name, node.value.compartment->bulkheadStats());
    });
    semaphores_.forEach([&](const auto& node) {
      result.semaphores.emplace(node.name, node.value.compartment->semaphoreStats());
    });
    return result;
  }

  bool draining() const noexcept { return draining_.load(std::memory_order_acquire); }

  HealthSummary health() const {
    HealthSummary result;
    result.draining = draining();
    services_.forEach([&](const auto& node) {
      const auto load = node.value.compartment->load();
      ++result.totalBulkheads;
      result.queuedTasks += load.queued;
      result.activeTasks += load.running;
      if (load.saturated) result.saturated.push_back(node.name);
      if (load.draining) result.drainingBulkheads.push_back(node.name);
    });
    semaphores_.forEach([&](const auto& node) {
      const auto load = node.value.compartment->load();
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

  /// How many bulkheads and semaphores there are. They come and never go.
  std::size_t size() const noexcept { return services_.size() + semaphores_.size(); }

  /// Calls f(Compartment&) for each, in no particular order.
  template <typename F>
  void forEachCompartment(F f) const {
    services_.forEach([&](const auto& node) { f(*node.value.compartment); });
    semaphores_.forEach([&](const auto& node) { f(*node.value.compartment); });
  }

  void reset(std::string_view service) noexcept {
    if (auto* found = services_.find(service)) found->value.compartment->reset();
  }

  void resetAll() noexcept {
    services_.forEach([](const auto& node) { node.value.compartment->reset(); });
    semaphores_.forEach([](const auto& node) { node.value.compartment->reset(); });
  }

  // --- changes ----------------------------------------------------------------------------------

  void update(std::string_view service, const BulkheadOverrides& overrides) {
    checkName(service, "service");
    const LimitsUpdate update =
        checkedUpdate(std::string(service), bulkheadFields, overrides.maxConcurrent,
                      overrides.maxQueueSize, overrides.queueTimeout, overrides.mode);
    Duties duties(*this);
    duties.reserve(1);
    settings_.update(service, overrides);
    if (auto* found = services_.find(service)) configure(*found, update, duties);
  }

  void setMode(Mode mode) {
    const LimitsUpdate update = checkedUpdate("", bulkheadFields, {}, {}, {}, mode);
    Duties duties(*this);
    duties.reserve(services_.size() + semaphores_.size());
    settings_.setMode(mode);
    services_.forEach([&](auto& node) { configure(node, update, duties); });
    semaphores_.forEach([&](auto& node) { configure(node, update, duties); });
  }

  std::vector<ConfigChange> apply(ManagerConfig next) {
    checkManagerConfig(next);
    std::vector<std::unique_ptr<typename Semaphores::Node>> fresh;
    const auto makeFresh = [&](const Birth& birth) {
      fresh.clear();
      for (const auto& [name, permits] : next.semaphores) {
        if (semaphores_.find(name) != nullptr) continue;
        fresh.push_back(make<Semaphores>(*executor_, semaphoreOf(name, permits, next), birth));
      }
    };
    const Instant begun = now();
    Duties duties(*this, begun, lockWith([] {}, makeFresh));
    // All that can fail comes first.
    std::vector<ConfigChange> changes = settings_.changesTo(next, live());
    std::vector<std::pair<typename Services::Node*, LimitsUpdate>> services;
    services.reserve(services_.size());
    services_.forEach([&](auto& node) {
      const BulkheadConfig config = settings_.of(next, node.name);
      services.push_back({&node,
                          {.permits = config.maxConcurrent,
                           .maxQueueSize = config.maxQueueSize,
                           .timeout = config.queueTimeout,
                           .mode = config.mode}});
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
    duties.reserve(services.size() + semaphores.size() + fresh.size());

    settings_.replace(std::move(next));
    for (const auto& [node, update] : services) configure(*node, update, duties);
    for (const auto& [node, update] : semaphores) configure(*node, update, duties);
    for (auto& node : fresh) {
      if (semaphores_.find(node->name) != nullptr) continue;  // added meanwhile, configured above
      duties.of(*node->value.compartment);  // which tells what there is to tell
      semaphores_.add(std::move(node));
    }
    return changes;
  }

  void setObserver(Observer observer) {
    // Of those that were there, some may have no other owner: they go when the mutex is free.
    std::vector<std::shared_ptr<const Observer>> before;
    std::shared_ptr<const Observer> next;
    if (observer) next = std::make_shared<const Observer>(std::move(observer));
    Duties duties(*this);
    const std::size_t count = services_.size() + semaphores_.size();
    duties.reserve(count);
    before.reserve(count + 1);
    if (next != nullptr) {
      const auto expectEvents = [](auto& node) { node.value.compartment->expectEvents(); };
      services_.forEach(expectEvents);
      semaphores_.forEach(expectEvents);
    }

    before.push_back(std::exchange(observer_, next));
    const auto exchange = [&](auto& node) {
      Compartment& compartment = *node.value.compartment;
      before.push_back(compartment.exchangeObserver(next));
      duties.of(compartment);  // which tells what there is to tell
    };
    services_.forEach(exchange);
    semaphores_.forEach(exchange);
  }

  // --- lifecycle --------------------------------------------------------------------------------

  /// Closes all there is and all that will be, and tells `op` of each: op.expect(n), then
  /// op.part(i, compartment), which gives the waiter and its cancellation link.
  template <typename Op>
  void drainAll(Op& op, const std::shared_ptr<DrainGroup>& group) {
    Duties duties(*this);
    const std::size_t count = services_.size() + semaphores_.size();
    duties.reserve(count);
    std::erase_if(drains_, [](const auto& old) { return old.expired(); });
    drains_.push_back(group);
    op.expect(count);
    draining_.store(true, std::memory_order_release);
    std::size_t i = 0;
    const auto drain = [&](auto& node) {
      Compartment& compartment = *node.value.compartment;
      const auto [waiter, link] = op.part(i++, compartment);
      compartment.drain(duties.time(), *waiter, link, duties.of(compartment));
    };
    services_.forEach(drain);
    semaphores_.forEach(drain);
  }

  void resumeAll() {
    Duties duties(*this);
    duties.reserve(services_.size() + semaphores_.size());
    draining_.store(false, std::memory_order_release);
    const auto resume = [&](auto& node) {
      node.value.compartment->resume(duties.of(*node.value.compartment));
    };
    services_.forEach(resume);
    semaphores_.forEach(resume);
  }

  /// The manager is destroyed: nobody comes any more, and who waits is told.
  void close() noexcept {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    // Bulkheads first: what a semaphore puts out gives its permits back there, for nobody to take.
    services_.forEach([](auto& node) { node.value.object.reset(); });
    semaphores_.forEach([](auto& node) { node.value.object.reset(); });
  }

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

  /// A change: holds the mutex; what was decided under it is carried out when it is free.
  class Duties {
   public:
    explicit Duties(ManagerState& state) : now_(now()), lock_(state.mutex_) { ++state.changes_; }
    Duties(ManagerState& state, Instant when, std::unique_lock<Mutex> lock)
        : now_(when), lock_(std::move(lock)) {
      ++state.changes_;
    }
    Duties(const Duties&) = delete;
    Duties& operator=(const Duties&) = delete;
    ~Duties() {
      lock_.unlock();
      for (Duty& duty : duties_) {
        if (duty.compartment) duty.compartment->carryOut(duty.out);
      }
    }

    /// So many of() cannot fail.
    void reserve(std::size_t count) { duties_ = std::vector<Duty>(count); }
    Wakeups& of(Compartment& compartment) noexcept {
      Duty& duty = duties_[next_++];
      duty.compartment = Ref(&compartment);
      return duty.out;
    }
    /// The time of the change: read without the mutex, for the clock may be the user's.
    Instant time() const noexcept { return now_; }

   private:
    struct Duty {
      Ref<Compartment> compartment;
      Wakeups out;
    };

    const Instant now_;
    std::unique_lock<Mutex> lock_;
    std::vector<Duty> duties_;
    std::size_t next_ = 0;
  };

  template <typename Node>
  static void configure(Node& node, const LimitsUpdate& update, Duties& duties) noexcept {
    Compartment& compartment = *node.value.compartment;
    compartment.configure(update, duties.time(), duties.of(compartment));
  }

  static SemaphoreConfig semaphoreOf(const std::string& name, std::size_t permits,
                                     const ManagerConfig& config) {
    return {.name = name, .permits = permits, .acquireTimeout = config.semaphoreTimeout};
  }

  /// What holds for everything that comes into being, besides its configuration.
  struct Birth {
    std::size_t changes;
    bool draining;
    std::shared_ptr<const Observer> observer;
  };

  /// Locks the mutex at a moment at which what `make` has made, without it, is still right: calls
  /// `look` under the mutex and then `make` without it, again if something has changed meanwhile.
  template <typename Look, typename Make>
  std::unique_lock<Mutex> lockWith(Look look, Make make) {
    std::unique_lock lock(mutex_);
    for (;;) {
      look();
      Birth birth{changes_, draining(), observer_};
      lock.unlock();
      make(birth);
      birth.observer.reset();  // maybe the last of it
      lock.lock();
      if (birth.changes == changes_) return lock;
    }
  }

  /// Adds an object of that name, unless there is one. `configure` tells, under the mutex, what the
  /// settings have for it, and `added` is called there when it is sure to come, which may throw.
  /// @return the object, and whether it is a new one. Null: the manager is gone
  template <typename Objects, typename Configure, typename Added>
  auto addIfNew(Objects& objects, std::string_view name, const Executor& executor,
                Configure configure, Added added) {
    using Result = std::pair<decltype(&objects.find(name)->value), bool>;
    std::optional<std::invoke_result_t<Configure>> config;
    std::unique_ptr<typename Objects::Node> node;  // outlives the lock, if it is not needed
    auto lock =
        lockWith([&] { config = configure(); },
                 [&](const Birth& birth) { node = make<Objects>(executor, *config, birth); });
    if (auto* found = objects.find(name)) return Result(&found->value, false);
    if (closed_) return Result();
    objects.reserve(1);
    added(node->value);
    auto& object = objects.add(std::move(node)).value;
    lock.unlock();
    object.compartment->tellEvents();  // it may be draining
    return Result(&object, true);
  }

  /// As it goes into its registry, and not there yet. Without the mutex: the executor is copied.
  template <typename Objects, typename Config>
  std::unique_ptr<typename Objects::Node> make(const Executor& executor, const Config& config,
                                               const Birth& birth) const {
    auto node = std::make_unique<typename Objects::Node>(config.name, executor, config);
    if (birth.draining) shut(*node->value.compartment);
    if (birth.observer != nullptr) {
      node->value.compartment->expectEvents();
      node->value.compartment->exchangeObserver(birth.observer);
    }
    return node;
  }

  /// Closes a compartment that nobody has used yet.
  static void shut(Compartment& compartment) noexcept {
    struct Nobody final : Waiter {
      void wake() noexcept override {}
      void discard() noexcept override {}
    } nobody;
    Wakeups out;
    compartment.drain(compartment.now(), nobody, nullptr, out);
    compartment.carryOut(out);
  }

  LiveLimits live() const {
    LiveLimits result;
    services_.forEach(
        [&](auto& node) { result.bulkheads.emplace(node.name, node.value.object->config()); });
    semaphores_.forEach([&](auto& node) {
      const Limits limits = node.value.compartment->limits();
      result.semaphores.emplace(node.name, LiveLimits::Semaphore{.permits = limits.permits,
                                                                 .timeout = limits.timeout,
                                                                 .mode = limits.mode,
                                                                 .own = node.value.own});
    });
    return result;
  }

  std::optional<Executor> executor_;
  ContextRegistry::Entry watched_;
  Services services_;
  Semaphores semaphores_;

  Mutex mutex_;
  ManagerSettings settings_;
  std::shared_ptr<const Observer> observer_;
  Atomic<bool> draining_{false};  // written under the mutex
  bool closed_ = false;
  std::size_t changes_ = 0;  // of what a new bulkhead or semaphore depends on
  std::vector<std::weak_ptr<DrainGroup>> drains_;
};

}  // namespace bulwark::detail
