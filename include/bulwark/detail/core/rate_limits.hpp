#pragma once

#include <cstddef>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/gcra.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A configuration of a rate limiter, with its values checked.
struct RateLimits {
  std::size_t permits = 1;  // from 1 to the nanoseconds in `per`
  Instant per{1};           // at least 1 ns
  std::size_t burst = 1;    // at least 1; rate().fitsTheWord()
  std::size_t maxQueueSize = 0;  // calls
  Instant timeout{0};            // not negative; never: a call waits as long as it takes
  Mode mode = Mode::enforce;

  Gcra rate() const noexcept {
    return {.interval = Gcra::intervalOf(permits, per), .burst = burst};
  }

  friend bool operator==(const RateLimits&, const RateLimits&) = default;
};

}  // namespace bulwark::detail
