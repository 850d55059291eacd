#pragma once

/// @file
/// Events that bulkheads, semaphores, rate limiters, circuit breakers and retries report to their
/// observers.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Kinds of events. The first four report calls that did not run, each as the statistics count it.
enum class EventKind : std::uint8_t {
  /// Rejected: no permit was free, and the queue was full or the call may not wait; or the turn of
  /// the call would have come too late; or the circuit was not closed.
  rejected,
  timedOut,  ///< Left the queue because its timeout passed.
  cancelled,  ///< Cancelled before it ran, or the bulkhead was destroyed.
  drained,  ///< Refused on arrival, or failed in the queue, because the bulkhead is draining.
  saturated,  ///< From now on the next call would wait, or be rejected if it may not wait.
  recovered,  ///< No longer saturated.
  configured,  ///< A limit, the timeout or the mode has changed.
  drainStarted,  ///< The bulkhead starts draining: it refuses calls until it is resumed.
  resumed,  ///< It accepts calls again after a drain.
  opened,  ///< The circuit has opened.
  halfOpened,  ///< The circuit is half open: the next calls are probes.
  closed,  ///< The circuit has closed.
  retried,  ///< A call makes another attempt.
  exhausted,  ///< A call has failed in its last attempt.
  overBudget,  ///< A call ends because the budget does not pay for another attempt.
  overran,  ///< The execution timeout of a call has passed: it is overdue.
  returned,  ///< The work of an overdue call has ended.
  stalled,  ///< So many calls are overdue as the configuration allows (`maxOverdue`).
  relieved [[deprecated("use recovered")]] = recovered  ///< The former name of `recovered`.
};

/// The kind of object that an event comes from.
enum class CompartmentKind : std::uint8_t {
  bulkhead,  ///< A Bulkhead, standalone or of a manager.
  semaphore,  ///< A SemaphoreBulkhead.
  rateLimiter,  ///< A RateLimiter.
  circuitBreaker,  ///< A CircuitBreaker. Its events have no numbers: they are 0.
  retry  ///< A Retry. Its events have no numbers, either.
};

/// An event in an object of the kinds above, with its numbers at that moment.
struct BulkheadEvent {
  EventKind kind{};  ///< What happened.
  CompartmentKind compartment{};  ///< Where it happened.
  std::string_view name{};  ///< Its name. Valid until the observer returns: copy it to keep it.
  std::chrono::nanoseconds time{0};  ///< Since the epoch of the bulkhead's clock.
  /// Permits held. Of a rate limiter: permits of its burst that are spent.
  std::size_t active = 0;
  std::size_t queued = 0;  ///< Waiting calls.
  std::size_t maxConcurrent = 0;  ///< The limit of active; of a rate limiter, its burst.
  std::size_t maxQueueSize = 0;  ///< The limit of queued.
  std::size_t overdue = 0;  ///< Calls that run, and whose execution timeout has passed.
  /// Of `returned`: for how long the call was overdue; 0 otherwise.
  std::chrono::nanoseconds overdueFor{0};
  /// Events dropped since the previous one, because memory ran out or the backlog was full.
  std::uint64_t lost = 0;
};

/// The callable that receives events; see setObserver(). It runs on the thread that caused the
/// event, or on one that is delivering an earlier event. It runs under no lock. The events of one
/// bulkhead arrive one at a time and in order. Its exceptions are discarded. It may use the
/// bulkhead, but must neither destroy it nor wait for one of its calls. docs/events.md has the
/// details.
using Observer = std::function<void(const BulkheadEvent&)>;

}  // namespace bulwark
