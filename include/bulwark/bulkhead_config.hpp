#pragma once

/// @file
/// What a Bulkhead is made of, and what is changed later.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a Bulkhead is made of: a plain value.
struct BulkheadConfig {
  /// For errors and statistics; need not be unique.
  std::string name{};
  /// Permits: calls of weight 1 that may run at once. At least 1; `unlimited`: no limit.
  std::size_t maxConcurrent = 10;
  /// Calls that may wait. 0: a call without a free permit is rejected; `unlimited`: no limit.
  std::size_t maxQueueSize = 50;
  /// How long a call may wait. Not negative; 0: never wait; `noTimeout`: for ever.
  std::chrono::nanoseconds queueTimeout = std::chrono::seconds{30};
  /// How strictly the limits are applied.
  Mode mode = Mode::enforce;
};

/// New values for some fields of a BulkheadConfig; the others stay as they are.
struct BulkheadOverrides {
  std::optional<std::size_t> maxConcurrent{};  ///< At least 1; `unlimited`: no limit.
  /// From 0; `unlimited`: no limit. A smaller one puts nobody out.
  std::optional<std::size_t> maxQueueSize{};
  /// Not negative. For calls that queue from then on.
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  std::optional<Mode> mode{};  ///< `observe` and `off` let the whole queue in.
};

}  // namespace bulwark
