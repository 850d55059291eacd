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

/// Throws ConfigError: a limit that breaks its rule, or an empty name.
BULWARK_EXPORT void checkManagerConfig(const ManagerConfig& config);

/// Throws ConfigError if it is empty; `field` says what it is the name of.
BULWARK_EXPORT void checkName(std::string_view name, const char* field);

[[noreturn]] BULWARK_EXPORT void throwNameTaken(const std::string& name, const char* kind);
/// `caller`: the function that needs the semaphore by itself; null: its caller named it.
[[noreturn]] BULWARK_EXPORT void throwNoSemaphore(std::string_view service, const std::string& name,
                                                  const char* caller);

/// What is there now, and does not follow from the settings alone.
struct LiveLimits {
  struct Semaphore {
    std::size_t permits = 0;
    std::chrono::nanoseconds timeout{0};
    Mode mode = Mode::enforce;
    bool own = false;  // of addSemaphore(): only its permits are the manager's business
  };
  std::map<std::string, BulkheadConfig, std::less<>> bulkheads;
  std::map<std::string, Semaphore, std::less<>> semaphores;
};

/// What a manager is configured to: a ManagerConfig that is changed bit by bit, and by which the
/// bulkheads of services are made that are not there yet.
class BULWARK_EXPORT ManagerSettings {
 public:
  explicit ManagerSettings(ManagerConfig config) : config_(std::move(config)) {}

  const ManagerConfig& config() const noexcept { return config_; }

  /// What holds for a service.
  BulkheadConfig of(std::string_view service) const;
  /// What will, of one that is about to get limits of its own by addOwn().
  BulkheadConfig of(const BulkheadConfig& own) const {
    return combined(own, own.name, config_, modeOfAll_);
  }
  /// What would, if `config` replaced what is.
  BulkheadConfig of(const ManagerConfig& config, std::string_view service) const;

  /// This service has limits of its own instead of the defaults.
  void addOwn(const BulkheadConfig& own);

  void update(std::string_view service, const BulkheadOverrides& overrides);

  /// Of all services, those included that are not there yet; what is updated later wins.
  void setMode(Mode mode) noexcept;
  /// What setMode() said, unless all was replaced since.
  std::optional<Mode> modeOfAll() const noexcept { return modeOfAll_; }

  /// What `next` would change, in order: the defaults, then services by name, those that are there
  /// and those that a configuration names, then semaphores by name.
  std::vector<ConfigChange> changesTo(const ManagerConfig& next, const LiveLimits& live) const;

  void replace(ManagerConfig next) noexcept {
    config_ = std::move(next);
    modeOfAll_.reset();
  }

 private:
  /// The limits that a service starts from.
  const BulkheadConfig& baseOf(const ManagerConfig& config, std::string_view service) const;
  static BulkheadConfig combined(BulkheadConfig base, std::string_view service,
                                 const ManagerConfig& config, std::optional<Mode> modeOfAll);

  ManagerConfig config_;
  std::map<std::string, BulkheadConfig, std::less<>> own_;
  std::optional<Mode> modeOfAll_;
};

}  // namespace bulwark::detail
