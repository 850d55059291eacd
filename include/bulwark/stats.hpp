#pragma once

/// @file
/// Statistics and current state of bulkheads and semaphores.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// What a Bulkhead counted, taken at one moment. A plain value.
///
/// While nothing changes, every call is counted in exactly one of executed, failed, rejected,
/// timedOut, cancelled, drained, overran, running and queued. A snapshot that is taken while a call
/// moves from one to another may count that call in both, or in neither.
struct BULWARK_EXPORT BulkheadStats {
  std::string name;  ///< Name of the bulkhead.

  std::size_t active = 0;  ///< Permits held now: the weights of the running calls.
  std::size_t running = 0;  ///< Calls that hold permits now.
  std::size_t queued = 0;  ///< Calls that wait now.
  std::size_t overdue = 0;  ///< Running calls whose execution timeout has passed.
  std::size_t maxConcurrent = 0;  ///< The limit of active.
  std::size_t maxQueueSize = 0;  ///< The limit of queued.
  std::size_t peakActive = 0;  ///< Highest value since reset(), which sets it to active.
  std::size_t peakQueued = 0;  ///< Highest value since reset(), which sets it to queued.

  std::uint64_t executed = 0;  ///< Ran, and did not fail; permits released.
  std::uint64_t failed = 0;  ///< Ran, and threw or had a failed result.
  std::uint64_t rejected = 0;  ///< No permit was free, and the call could not wait.
  std::uint64_t timedOut = 0;  ///< Left the queue because their timeout passed.
  std::uint64_t cancelled = 0;  ///< Cancelled before they ran, by the caller or by destruction.
  std::uint64_t drained = 0;  ///< Refused on arrival, or failed in the queue, by a drain.
  std::uint64_t overran = 0;  ///< Ran for longer than their execution timeout, and have ended.
  std::uint64_t overLimit = 0;  ///< In mode observe: would have waited or been rejected.

  HistogramSnapshot waitTime;  ///< Calls that queued and then ran: from start to grant.
  HistogramSnapshot executionTime;  ///< Executed and failed calls, and those that overran.

  /// Number of calls so far.
  std::uint64_t submitted() const noexcept;
  /// Share of submitted() that was rejected, 0 to 1; 0 if nothing was submitted.
  double rejectionRate() const noexcept;
  /// Share of submitted() that timed out, 0 to 1; 0 if nothing was submitted.
  double timeoutRate() const noexcept;
  /// active / maxConcurrent, at most 1.
  double utilization() const noexcept;
  /// 0 if no call waited.
  std::chrono::nanoseconds averageWaitTime() const noexcept { return waitTime.mean(); }
  /// 0 if no call ran.
  std::chrono::nanoseconds averageExecutionTime() const noexcept { return executionTime.mean(); }
};

/// What a SemaphoreBulkhead counted, taken at one moment. A plain value. It counts calls, whatever
/// their weight.
struct BULWARK_EXPORT SemaphoreStats {
  std::string name;  ///< Name of the semaphore.

  std::size_t permits = 0;  ///< The limit.
  std::size_t available = 0;  ///< Free permits; 0 if more are held than the limit allows.
  std::size_t waiting = 0;  ///< Calls that wait now.

  std::uint64_t acquired = 0;  ///< Granted, whatever happened to the call afterwards.
  std::uint64_t released = 0;  ///< Released.
  std::uint64_t rejected = 0;  ///< No permit was free, and the call could not wait.
  std::uint64_t timedOut = 0;  ///< Left the queue because their timeout passed.
  std::uint64_t cancelled = 0;  ///< Cancelled before they ran, by the caller or by destruction.
  std::uint64_t drained = 0;  ///< Refused on arrival, or failed in the queue, by a drain.
  std::uint64_t overLimit = 0;  ///< In mode observe: would have waited or been rejected.

  HistogramSnapshot waitTime;  ///< Calls that waited and were then granted.
  HistogramSnapshot executionTime;  ///< withPermit(): how long fn ran. Held permits are not timed.
};

/// What a RateLimiter counted, taken at one moment. A plain value. It counts calls, whatever their
/// weight. A tryAcquire() that gets no permits is no call.
struct BULWARK_EXPORT RateLimiterStats {
  std::string name;  ///< Name of the rate limiter.

  std::size_t available = 0;  ///< Permits that calls would get now; 0 while calls wait.
  std::size_t burst = 0;  ///< The limit of available.
  std::size_t queued = 0;  ///< Calls that wait now.
  std::size_t maxQueueSize = 0;  ///< The limit of queued.

  /// Calls of execute() that ran and did not fail, and calls of acquire() and tryAcquire() that got
  /// their permits.
  std::uint64_t executed = 0;
  std::uint64_t failed = 0;  ///< Ran, and threw or had a failed result.
  std::uint64_t rejected = 0;  ///< Refused at once: their turn would have come too late.
  std::uint64_t timedOut = 0;  ///< Left the queue because their timeout passed.
  std::uint64_t cancelled = 0;  ///< Cancelled before they ran, by the caller or by destruction.
  std::uint64_t drained = 0;  ///< Refused on arrival, or failed in the queue, by a drain.
  std::uint64_t overLimit = 0;  ///< In mode observe: would have waited or been rejected.

  HistogramSnapshot waitTime;  ///< Calls that queued and then got their turn: from start to turn.
};

/// The statistics of all bulkheads and semaphores of a manager, by name.
struct ManagerStats {
  std::map<std::string, BulkheadStats, std::less<>> bulkheads;  ///< By the name of the service.
  std::map<std::string, SemaphoreStats, std::less<>> semaphores;  ///< By the name of the semaphore.
};

/// The current state of a semaphore.
struct SemaphoreHealth {
  std::string name;  ///< Name of the semaphore.
  std::size_t available = 0;  ///< Free permits; 0 if more are held than the limit allows.
  std::size_t permits = 0;  ///< The limit.
};

/// A bulkhead with overdue calls.
struct OverdueHealth {
  std::string name;  ///< Name of the bulkhead.
  std::size_t overdue = 0;  ///< Running calls whose execution timeout has passed; at least 1.
  bool stalled = false;  ///< Whether there are `maxOverdue` of them, or more.
};

/// The current state of a service. It contains nothing about the past, and reading it changes
/// nothing, so any number of readers may ask.
struct HealthSummary {
  std::size_t totalBulkheads = 0;  ///< How many there are, in use or not.
  std::size_t totalSemaphores = 0;  ///< How many there are.
  std::size_t queuedTasks = 0;  ///< Calls that wait for permits of a bulkhead.
  std::size_t activeTasks = 0;  ///< Calls that hold permits of a bulkhead.
  /// Names of bulkheads in which calls wait, or no call may wait and no permit is free; sorted.
  std::vector<std::string> saturated;
  std::vector<SemaphoreHealth> semaphores;  ///< Sorted by name.
  /// Whether the manager drains as a whole: from drainAll() until resumeAll().
  bool draining = false;
  /// Names of bulkheads that refuse calls because of a drain, of the manager or of their own;
  /// sorted.
  std::vector<std::string> drainingBulkheads{};
  std::vector<std::string> drainingSemaphores{};  ///< The same for semaphores.
  std::size_t overdueTasks = 0;  ///< Calls of activeTasks whose execution timeout has passed.
  std::vector<OverdueHealth> overdue{};  ///< The bulkheads that have such calls, sorted by name.
};

}  // namespace bulwark
