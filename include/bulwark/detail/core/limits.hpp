#pragma once

#include <cstddef>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A configuration of a bulkhead or a semaphore, with its values checked.
struct Limits {
  std::size_t permits = 1;       // the ceiling; at least 1
  std::size_t maxQueueSize = 0;  // calls
  Instant timeout{0};            // not negative; never: a call waits as long as it takes
  Mode mode = Mode::enforce;
  Instant executionTimeout = never;  // positive
  Overrun overrun = Overrun::detach;
  std::size_t maxOverdue = unlimited;  // at least 1

  friend bool operator==(const Limits&, const Limits&) = default;
};

/// New values for some fields; the others keep theirs.
struct LimitsUpdate {
  std::optional<std::size_t> permits{};
  std::optional<std::size_t> maxQueueSize{};
  std::optional<Instant> timeout{};
  std::optional<Mode> mode{};
  std::optional<Instant> executionTimeout{};
  std::optional<Overrun> overrun{};
  std::optional<std::size_t> maxOverdue{};
};

}  // namespace bulwark::detail
