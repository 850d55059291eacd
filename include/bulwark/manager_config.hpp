#pragma once

/// @file
/// What a BulkheadManager is made of, and what a change of it changed.

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/bulkhead_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a BulkheadManager is made of: a plain value.
struct ManagerConfig {
  /// What holds for every service that says nothing else. The name is unused.
  BulkheadConfig defaults{};
  /// By the name of the service: what is different there.
  std::map<std::string, BulkheadOverrides, std::less<>> services{};
  /// Global limits, across all services: name and permits, each at least 1.
  std::map<std::string, std::size_t, std::less<>> semaphores{};
  /// How long a call may wait for one of those. Not negative; 0: never wait; `noTimeout`: for ever.
  std::chrono::nanoseconds semaphoreTimeout = std::chrono::seconds{10};
};

/// One thing that BulkheadManager::apply() changed.
struct ConfigChange {
  std::string service;  ///< Or semaphore; "(defaults)" for what holds for all the others.
  std::string field;  ///< As it is spelt in the configuration: "maxConcurrent", "permits".
  std::string before;  ///< As text: "10", "30s", "unlimited", "never"; "" where there was nothing.
  std::string after;  ///< As text, likewise.

  /// Memberwise.
  bool operator==(const ConfigChange&) const = default;
};

/// Limits for a service that calls AI providers, containers, files and databases, as they proved
/// themselves in one; a place to start from. docs/manager.md has the table.
BULWARK_EXPORT ManagerConfig athenaPreset();

}  // namespace bulwark
