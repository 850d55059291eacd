#pragma once

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
/// do not take it. What a change means for those who wait is decided under the mutex and carried
/// out when it is free, because it can run a user's destructors.
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
      semaphores_.add(make<Semaphores>(*executor_, semaphoreOf(name, permits, made)));
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
    const std::lock_guard lock(mutex_);
    if (auto* found = services_.find(name)) return &found->value;
    if (closed_) return nullptr;
    services_.reserve(1);
    return &services_.add(make<Services>(*executor_, settings_.of(name))).value;
  }

  Owned<Semaphore>* semaphore(std::string_view name) noexcept {
    auto* found = semaphores_.find(name);
    return found != nullptr ? &found->value : nullptr;
  }

  Owned<Service>& addOwnService(const Executor& executor, const BulkheadConfig& config) {
    checkName(config.name, "name");
    const std::lock_guard lock(mutex_);
    if (services_.find(config.name) != nullptr) throwNameTaken(config.name, "service");
    // By itself, too: what overrides it today may be gone tomorrow.
    checkedLimits(config.name, bulkheadFields, config.maxConcurrent, config.maxQueueSize,
                  config.queueTimeout, config.mode);
    services_.reserve(1);
    auto node = make<Services>(executor, settings_.of(config));
    settings_.addOwn(config);
    return services_.add(std::move(node)).value;
  }

  Owned<Semaphore>& addOwnSemaphore(SemaphoreConfig config) {
    checkName(config.name, "name");
    const std::lock_guard lock(mutex_);
    if (semaphores_.find(config.name) != nullptr) throwNameTaken(config.name, "semaphore");
    semaphores_.reserve(1);
    config.mode = settings_.modeOfAll().value_or(config.mode);
    auto node = make<Semaphores>(*executor_, config);
    node->value.own = true;
    return semaphores_.add(std::move(node)).value;
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

  HealthSummary health() const {
    HealthSummary result;
    services_.forEach([&](const auto& node) {
      const auto& compartment = *node.value.compartment;
      const auto load = compartment.load();
      ++result.totalBulkheads;
      result.queuedTasks += load.queued;
      result.activeTasks += load.running;
      if (compartment.saturated()) result.saturated.push_back(node.name);
    });
    semaphores_.forEach([&](const auto& node) {
      const auto load = node.value.compartment->load();
      ++result.totalSemaphores;
      result.semaphores.push_back(
          {.name = node.name, .available = load.available(), .permits = load.permits});
    });
    std::sort(result.saturated.begin(), result.saturated.end());
    std::sort(result.semaphores.begin(), result.semaphores.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
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
    Duties duties(mutex_);
    duties.reserve(1);
    settings_.update(service, overrides);
    if (auto* found = services_.find(service)) configure(*found, update, duties);
  }

  void setMode(Mode mode) {
    const LimitsUpdate update = checkedUpdate("", bulkheadFields, {}, {}, {}, mode);
    Duties duties(mutex_);
    duties.reserve(services_.size() + semaphores_.size());
    settings_.setMode(mode);
    services_.forEach([&](auto& node) { configure(node, update, duties); });
    semaphores_.forEach([&](auto& node) { configure(node, update, duties); });
  }

  std::vector<ConfigChange> apply(ManagerConfig next) {
    checkManagerConfig(next);
    Duties duties(mutex_);
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
    std::vector<std::unique_ptr<typename Semaphores::Node>> fresh;
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
    for (const auto& [name, permits] : next.semaphores) {
      if (semaphores_.find(name) != nullptr) continue;
      fresh.push_back(make<Semaphores>(*executor_, semaphoreOf(name, permits, next)));
    }
    semaphores_.reserve(fresh.size());
    duties.reserve(services.size() + semaphores.size());

    settings_.replace(std::move(next));
    for (const auto& [node, update] : services) configure(*node, update, duties);
    for (const auto& [node, update] : semaphores) configure(*node, update, duties);
    for (auto& node : fresh) semaphores_.add(std::move(node));
    return changes;
  }

  void setObserver(Observer observer) {
    // Of those that were there, some may have no other owner: they go when the mutex is free.
    std::vector<std::shared_ptr<const Observer>> before;
    std::shared_ptr<const Observer> next;
    if (observer) next = std::make_shared<const Observer>(std::move(observer));
    Duties duties(mutex_);
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
    Duties duties(mutex_);
    const std::size_t count = services_.size() + semaphores_.size();
    duties.reserve(count);
    std::erase_if(drains_, [](const auto& old) { return old.expired(); });
    drains_.push_back(group);
    op.expect(count);
    draining_ = true;
    std::size_t i = 0;
    const auto drain = [&](auto& node) {
      Compartment& compartment = *node.value.compartment;
      const auto [waiter, link] = op.part(i++, compartment);
      compartment.drain(*waiter, link, duties.of(compartment));
    };
    services_.forEach(drain);
    semaphores_.forEach(drain);
  }

  void resumeAll() {
    Duties duties(mutex_);
    duties.reserve(services_.size() + semaphores_.size());
    draining_ = false;
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

  /// What was decided under the mutex, and is carried out when it is free.
  class Duties {
   public:
    explicit Duties(Mutex& mutex) : lock_(mutex) {}
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

   private:
    struct Duty {
      Ref<Compartment> compartment;
      Wakeups out;
    };

    std::unique_lock<Mutex> lock_;
    std::vector<Duty> duties_;
    std::size_t next_ = 0;
  };

  template <typename Node>
  static void configure(Node& node, const LimitsUpdate& update, Duties& duties) noexcept {
    Compartment& compartment = *node.value.compartment;
    compartment.configure(update, duties.of(compartment));
  }

  static SemaphoreConfig semaphoreOf(const std::string& name, std::size_t permits,
                                     const ManagerConfig& config) {
    return {.name = name, .permits = permits, .acquireTimeout = config.semaphoreTimeout};
  }

  /// As it goes into its registry, and not there yet.
  template <typename Objects, typename Config>
  std::unique_ptr<typename Objects::Node> make(const Executor& executor, const Config& config) {
    auto node = std::make_unique<typename Objects::Node>(config.name, executor, config);
    node->value.compartment->setNumber(number_);
    if (draining_) shut(*node->value.compartment);
    if (observer_ != nullptr) {
      node->value.compartment->expectEvents();
      node->value.compartment->exchangeObserver(observer_);
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
    compartment.drain(nobody, nullptr, out);
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
  const std::uint64_t number_ = Compartment::nextNumber();
  Services services_;
  Semaphores semaphores_;

  Mutex mutex_;
  ManagerSettings settings_;
  std::shared_ptr<const Observer> observer_;
  bool draining_ = false;
  bool closed_ = false;
  std::vector<std::weak_ptr<DrainGroup>> drains_;
};

}  // namespace bulwark::detail
