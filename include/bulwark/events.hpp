#pragma once

/// @file
/// What an observer is told when a bulkhead gets into trouble.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What an observer is told of. The first four are calls that did not run, each as the statistics
/// count it.
enum class EventKind : std::uint8_t {
  rejected,   ///< Refused at once: no permit free, and the queue full or the call may not wait.
  timedOut,   ///< Left the queue because its timeout passed.
  cancelled,  ///< Cancelled before it ran, or the bulkhead was destroyed.
  drained,    ///< Refused, or put out of the queue, because the bulkhead is draining.
  saturated,  ///< From now on the next call would wait, or be rejected because it may not wait.
  relieved,   ///< No longer saturated.
  configured,  ///< A limit, the timeout or the mode has changed.
  drainStarted,  ///< From now on it drains: calls are refused until it is resumed.
  resumed  ///< It accepts calls again after a drain.
};

/// What an event comes from.
enum class CompartmentKind : std::uint8_t {
  bulkhead,  ///< A Bulkhead, be it a manager's.
  semaphore  ///< A SemaphoreBulkhead.
};

/// Something that happened in a bulkhead or a semaphore, and the numbers at that moment.
struct BulkheadEvent {
  EventKind kind{};  ///< What happened.
  CompartmentKind compartment{};  ///< Where.
  std::string_view name{};  ///< Its name. Valid until the observer returns: copy it to keep it.
  std::chrono::nanoseconds time{0};  ///< Since the epoch of the bulkhead's clock.
  std::size_t active = 0;  ///< Permits held.
  std::size_t queued = 0;  ///< Calls that wait.
  std::size_t maxConcurrent = 0;  ///< Permits that there are.
  std::size_t maxQueueSize = 0;  ///< Calls that may wait.
  /// Events since the one before this that nobody was told of: there was no memory, or too many
  /// waited to be told.
  std::uint64_t lost = 0;
};

/// Who is told of events; setObserver() takes it. What it has to know is in docs/events.md: it runs
/// on the thread that brought the event about, never under a lock, one event of a bulkhead at a
/// time and in order; what it throws is dropped; it may use the bulkhead, but neither destroy it
/// nor wait for a call of it.
using Observer = std::function<void(const BulkheadEvent&)>;

}  // namespace bulwark
