#pragma once

// What the stress test gives to a bulkhead or a semaphore, and reads from it. Neither kind is named
// here.

#include <bulwark/bulkhead_config.hpp>
#include <bulwark/limits.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "support/stress_parts.hpp"

namespace stress {

/// Longer than any round.
inline constexpr std::chrono::nanoseconds hour = std::chrono::hours(1);

struct Setup {
  std::size_t limit = 1;
  std::size_t queueLimit = 0;
  std::chrono::nanoseconds timeout{0};
};

struct Ask {
  std::optional<std::chrono::nanoseconds> timeout{};
  std::size_t permits = 1;
};

struct Change {
  std::optional<std::size_t> limit{};
  std::optional<std::size_t> queueLimit{};
  std::optional<std::chrono::nanoseconds> timeout{};
  std::optional<bulwark::Mode> mode{};
};

/// The statistics that both kinds have.
struct Counters {
  std::size_t limit = 0;
  std::size_t queueLimit = 0;
  std::size_t active = 0;
  std::size_t running = 0;  // 0 for a semaphore, which does not report it
  std::size_t queued = 0;
  std::uint64_t executed = 0;  // includes failed calls for a semaphore
  std::uint64_t failed = 0;
  std::uint64_t rejected = 0;
  std::uint64_t timedOut = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t drained = 0;
  std::uint64_t measured = 0;  // in the histogram of execution times
};

inline std::size_t someQueueLimit(Dice& dice) {
  return dice.of<std::size_t>({0, 1, 3, 10, 60, 60, 400, bulwark::unlimited});
}

inline std::chrono::nanoseconds someTimeout(Dice& dice) {
  using namespace std::chrono_literals;
  return dice.of<std::chrono::nanoseconds>({0ns, 5us, 100us, 1ms, 20ms, hour, bulwark::noTimeout});
}

}  // namespace stress
