#include "bulwark/detail/manager/manager_settings.hpp"

#include <optional>
#include <set>

#include "bulwark/detail/config/checked_limits.hpp"
#include "bulwark/detail/config/duration_text.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

void overwrite(BulkheadConfig& config, const BulkheadOverrides& by) {
  config.maxConcurrent = by.maxConcurrent.value_or(config.maxConcurrent);
  config.maxQueueSize = by.maxQueueSize.value_or(config.maxQueueSize);
  config.queueTimeout = by.queueTimeout.value_or(config.queueTimeout);
  config.mode = by.mode.value_or(config.mode);
  config.executionTimeout = by.executionTimeout.value_or(config.executionTimeout);
  config.overrun = by.overrun.value_or(config.overrun);
  config.maxOverdue = by.maxOverdue.value_or(config.maxOverdue);
}

std::string text(std::size_t limit) {
  return limit == unlimited ? std::string("unlimited") : std::to_string(limit);
}
std::string text(std::chrono::nanoseconds timeout) { return durationText(timeout); }
std::string text(Mode mode) {
  switch (mode) {
    case Mode::enforce:
      return "enforce";
    case Mode::observe:
      return "observe";
    case Mode::off:
      return "off";
  }
  return std::to_string(static_cast<int>(mode));
}
std::string text(Overrun overrun) { return overrun == Overrun::wait ? "wait" : "detach"; }

/// Collects the differences between two configurations.
class Comparison {
 public:
  template <typename T>
  void field(const std::string& service, const char* name, const T& before, const T& after) {
    if (before != after) changes.push_back({service, name, text(before), text(after)});
  }

  void bulkhead(const std::string& service, const BulkheadConfig& before,
                const BulkheadConfig& after) {
    field(service, bulkheadFields.permits, before.maxConcurrent, after.maxConcurrent);
    field(service, "maxQueueSize", before.maxQueueSize, after.maxQueueSize);
    field(service, bulkheadFields.timeout, before.queueTimeout, after.queueTimeout);
    field(service, "mode", before.mode, after.mode);
    field(service, "executionTimeout", before.executionTimeout, after.executionTimeout);
    field(service, "overrun", before.overrun, after.overrun);
    field(service, "maxOverdue", before.maxOverdue, after.maxOverdue);
  }

  std::vector<ConfigChange> changes;
};

}  // namespace

void checkName(std::string_view name, const char* field) {
  if (name.empty()) throw ConfigError("", field, "\"\"", "must not be empty");
}

void throwNameTaken(const std::string& name, const char* kind) {
  throw ConfigError(name, "name", "\"" + name + "\"",
                    std::string("must be new: there is a ") + kind + " of this name");
}

void throwNoSemaphore(std::string_view service, const std::string& name, const char* caller) {
  std::string rule = caller == nullptr
                         ? std::string("must be the name of a semaphore of this manager")
                         : std::string(caller) + "() needs a semaphore of this name";
  throw ConfigError(std::string(service), "semaphores", "\"" + name + "\"", std::move(rule));
}

void checkManagerConfig(const ManagerConfig& config) {
  checkedLimits("(defaults)", bulkheadFields, limitsOf(config.defaults));
  for (const auto& [name, overrides] : config.services) {
    checkName(name, "services");
    checkedUpdate(name, overrides);
  }
  for (const auto& [name, permits] : config.semaphores) {
    checkName(name, "semaphores");
    checkedUpdate(name, semaphoreFields, {.permits = permits});
  }
  checkedUpdate("(defaults)", {semaphoreFields.permits, "semaphoreTimeout"},
                {.timeout = config.semaphoreTimeout});
}

BulkheadConfig ManagerSettings::of(std::string_view service) const {
  return combined(baseOf(config_, service), service, config_, modeOfAll_);
}

BulkheadConfig ManagerSettings::of(const ManagerConfig& config, std::string_view service) const {
  return combined(baseOf(config, service), service, config, std::nullopt);
}

const BulkheadConfig& ManagerSettings::baseOf(const ManagerConfig& config,
                                              std::string_view service) const {
  const auto own = own_.find(service);
  return own != own_.end() ? own->second : config.defaults;
}

BulkheadConfig ManagerSettings::combined(BulkheadConfig base, std::string_view service,
                                         const ManagerConfig& config,
                                         std::optional<Mode> modeOfAll) {
  base.name = service;
  base.mode = modeOfAll.value_or(base.mode);
  const auto overrides = config.services.find(service);
  if (overrides != config.services.end()) overwrite(base, overrides->second);
  return base;
}

void ManagerSettings::addOwn(const BulkheadConfig& own) { own_.insert_or_assign(own.name, own); }

void ManagerSettings::update(std::string_view service, const BulkheadOverrides& overrides) {
  auto place = config_.services.find(service);
  if (place == config_.services.end())
    place = config_.services.try_emplace(std::string(service)).first;
  BulkheadOverrides& kept = place->second;
  if (overrides.maxConcurrent) kept.maxConcurrent = overrides.maxConcurrent;
  if (overrides.maxQueueSize) kept.maxQueueSize = overrides.maxQueueSize;
  if (overrides.queueTimeout) kept.queueTimeout = overrides.queueTimeout;
  if (overrides.mode) kept.mode = overrides.mode;
  if (overrides.executionTimeout) kept.executionTimeout = overrides.executionTimeout;
  if (overrides.overrun) kept.overrun = overrides.overrun;
  if (overrides.maxOverdue) kept.maxOverdue = overrides.maxOverdue;
}

void ManagerSettings::setMode(Mode mode) noexcept {
  modeOfAll_ = mode;
  for (auto& [name, overrides] : config_.services) overrides.mode.reset();
}

std::vector<ConfigChange> ManagerSettings::changesTo(const ManagerConfig& next,
                                                     const LiveLimits& live) const {
  Comparison comparison;
  BulkheadConfig defaults = config_.defaults;
  defaults.mode = modeOfAll_.value_or(defaults.mode);
  comparison.bulkhead("(defaults)", defaults, next.defaults);
  comparison.field("(defaults)", "semaphoreTimeout", config_.semaphoreTimeout,
                   next.semaphoreTimeout);

  std::set<std::string, std::less<>> services;
  for (const auto& [name, config] : live.bulkheads) services.insert(name);
  for (const auto& [name, overrides] : config_.services) services.insert(name);
  for (const auto& [name, overrides] : next.services) services.insert(name);
  for (const auto& name : services) {
    const auto present = live.bulkheads.find(name);
    comparison.bulkhead(name, present != live.bulkheads.end() ? present->second : of(name),
                        of(next, name));
  }

  std::set<std::string, std::less<>> semaphores;
  for (const auto& [name, semaphore] : live.semaphores) semaphores.insert(name);
  for (const auto& [name, permits] : next.semaphores) semaphores.insert(name);
  for (const auto& name : semaphores) {
    const auto present = live.semaphores.find(name);
    const auto wanted = next.semaphores.find(name);
    if (present == live.semaphores.end()) {
      comparison.changes.push_back({name, semaphoreFields.permits, "", text(wanted->second)});
      continue;
    }
    if (wanted != next.semaphores.end()) {
      comparison.field(name, semaphoreFields.permits, present->second.permits, wanted->second);
    }
    if (!present->second.own) {
      comparison.field(name, semaphoreFields.timeout, present->second.timeout,
                       next.semaphoreTimeout);
      comparison.field(name, "mode", present->second.mode, Mode::enforce);
    }
  }
  return std::move(comparison.changes);
}

}  // namespace bulwark::detail
