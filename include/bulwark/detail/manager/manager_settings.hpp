#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/manager_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Throws ConfigError if a limit is outside its range or a name is empty.
BULWARK_EXPORT void checkManagerConfig(const ManagerConfig& config);

/// Throws ConfigError if `name` is empty.
///
/// @param field what it names; the field of the error
BULWARK_EXPORT void checkName(std::string_view name, const char* field);

/// Throws ConfigError: there is a `kind` of this name already.
[[noreturn]] BULWARK_EXPORT void throwNameTaken(const std::string& name, const char* kind);
/// Throws ConfigError: there is no such semaphore.
///
/// @param caller the function of the manager that needs the semaphore; null: the user named it
[[noreturn]] BULWARK_EXPORT void throwNoSemaphore(std::string_view service, const std::string& name,
                                                  const char* caller);

/// The limits of the existing bulkheads and semaphores, which the settings alone do not determine.
struct LiveLimits {
  struct Semaphore {
    std::size_t permits = 0;
    std::chrono::nanoseconds timeout{0};
    Mode mode = Mode::enforce;
    bool own = false;  // added by addSemaphore(): the manager configures only its permits
  };
  std::map<std::string, BulkheadConfig, std::less<>> bulkheads;
  std::map<std::string, Semaphore, std::less<>> semaphores;
};

/// The settings of a manager: a ManagerConfig with the changes that were made to it. New bulkheads
/// are made from them.
///
/// Thread safety: none; the manager's mutex guards them.
class BULWARK_EXPORT ManagerSettings {
 public:
  explicit ManagerSettings(ManagerConfig config) : config_(std::move(config)) {}

  const ManagerConfig& config() const noexcept { return config_; }

  /// The configuration of a service.
  BulkheadConfig of(std::string_view service) const;
  /// The configuration that a service will have after addOwn(own).
  BulkheadConfig of(const BulkheadConfig& own) const {
    return combined(own, own.name, config_, modeOfAll_);
  }
  /// The configuration that a service would have after replace(config).
  BulkheadConfig of(const ManagerConfig& config, std::string_view service) const;

  /// Gives a service limits of its own, which replace the defaults.
  void addOwn(const BulkheadConfig& own);

  /// Overrides some limits of a service.
  void update(std::string_view service, const BulkheadOverrides& overrides);

  /// Sets the mode of all services, also of those that do not exist yet. A later update() overrides
  /// it.
  void setMode(Mode mode) noexcept;
  /// The mode of the last setMode(), unless replace() came after it.
  std::optional<Mode> modeOfAll() const noexcept { return modeOfAll_; }

  /// The changes that `next` would make, in order: the defaults; then by name the services that
  /// exist or that either configuration names; then the semaphores by name.
  std::vector<ConfigChange> changesTo(const ManagerConfig& next, const LiveLimits& live) const;

  void replace(ManagerConfig next) noexcept {
    config_ = std::move(next);
    modeOfAll_.reset();
  }

 private:
  /// The limits of a service before overrides: its own, or the defaults.
  const BulkheadConfig& baseOf(const ManagerConfig& config, std::string_view service) const;
  static BulkheadConfig combined(BulkheadConfig base, std::string_view service,
                                 const ManagerConfig& config, std::optional<Mode> modeOfAll);

  ManagerConfig config_;
  std::map<std::string, BulkheadConfig, std::less<>> own_;  // by service
  std::optional<Mode> modeOfAll_;
};

}  // namespace bulwark::detail
