#pragma once

/// @file
/// The configuration of a BulkheadManager, and the changes that apply() reports.

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/bulkhead_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Configuration of a BulkheadManager. A plain value.
struct ManagerConfig {
  /// Limits of every service that does not override them. The name is unused.
  BulkheadConfig defaults{};
  /// Overrides of the defaults, by the name of the service.
  std::map<std::string, BulkheadOverrides, std::less<>> services{};
  /// Global limits across all services: name and number of permits, at least 1.
  std::map<std::string, std::size_t, std::less<>> semaphores{};
  /// How long a call may wait for a semaphore. Not negative; 0: it may not wait; `noTimeout`: no
  /// time limit.
  std::chrono::nanoseconds semaphoreTimeout = std::chrono::seconds{10};
};

/// One value that BulkheadManager::apply() changed.
struct ConfigChange {
  std::string service;  ///< Name of the service or semaphore; "(defaults)" for the defaults.
  std::string field;  ///< As spelt in the configuration: "maxConcurrent", "permits".
  std::string before;  ///< As text: "10", "30s", "unlimited", "never"; "" if there was no value.
  std::string after;  ///< As text, like `before`.

  /// Memberwise.
  bool operator==(const ConfigChange&) const = default;
};

}  // namespace bulwark

// athenaPreset() was declared here before it got a header of its own.
#include "bulwark/athena_preset.hpp"
