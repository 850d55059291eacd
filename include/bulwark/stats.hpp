#pragma once

/// @file
/// What bulkheads and semaphores counted, and where they stand.

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

/// What a Bulkhead counted, taken at one moment: a plain value.
///
/// At any quiet moment every call is in exactly one of executed, failed, rejected, timedOut,
/// cancelled, drained, running and queued. A snapshot taken while calls move from one to another
/// can find such a call in both, or in neither.
struct BULWARK_EXPORT BulkheadStats {
  std::string name;  ///< Of the bulkhead.

  std::size_t active = 0;         ///< Permits held now: the weights of the running calls.
  std::size_t running = 0;        ///< Calls that hold permits now.
  std::size_t queued = 0;         ///< Calls that wait now.
  std::size_t maxConcurrent = 0;  ///< The limit of active.
  std::size_t maxQueueSize = 0;   ///< The limit of queued.
  std::size_t peakActive = 0;     ///< The most since reset(), which sets it to active.
  std::size_t peakQueued = 0;     ///< The most since reset(), which sets it to queued.

  std::uint64_t executed = 0;   ///< Ran to their end; permits given back.
  std::uint64_t failed = 0;     ///< Ran and threw.
  std::uint64_t rejected = 0;   ///< Refused at once: no permit free and no place in the queue.
  std::uint64_t timedOut = 0;   ///< Left the queue because their timeout passed.
  std::uint64_t cancelled = 0;  ///< Left the queue because of their caller, or of destruction.
  std::uint64_t drained = 0;    ///< Refused or put out because of a drain.
  std::uint64_t overLimit = 0;  ///< observe mode: would have waited or been rejected.

  HistogramSnapshot waitTime;       ///< Calls that queued and then ran: from start to grant.
  HistogramSnapshot executionTime;  ///< Executed and failed calls.

  /// All calls so far.
  std::uint64_t submitted() const noexcept;
  /// Share of submitted() that was rejected, 0 to 1; 0 when nothing was submitted.
  double rejectionRate() const noexcept;
  /// Share of submitted() that timed out, 0 to 1; 0 when nothing was submitted.
  double timeoutRate() const noexcept;
  /// active / maxConcurrent, at most 1.
  double utilization() const noexcept;
  /// 0 when no call waited.
  std::chrono::nanoseconds averageWaitTime() const noexcept { return waitTime.mean(); }
  /// 0 when no call ran.
  std::chrono::nanoseconds averageExecutionTime() const noexcept { return executionTime.mean(); }
};

/// What a SemaphoreBulkhead counted, taken at one moment: a plain value. It counts calls, whatever
/// their weight.
struct BULWARK_EXPORT SemaphoreStats {
  std::string name;  ///< Of the semaphore.

  std::size_t permits = 0;    ///< The limit.
  std::size_t available = 0;  ///< Permits free; 0 while more are held than a resize left.
  std::size_t waiting = 0;    ///< Calls that wait now.

  std::uint64_t acquired = 0;   ///< Granted, whatever became of the call then.
  std::uint64_t released = 0;   ///< Given back.
  std::uint64_t rejected = 0;   ///< Refused at once.
  std::uint64_t timedOut = 0;   ///< Left the queue because their timeout passed.
  std::uint64_t cancelled = 0;  ///< Left the queue because of their caller, or of destruction.
  std::uint64_t drained = 0;    ///< Refused or put out because of a drain.
  std::uint64_t overLimit = 0;  ///< observe mode: would have waited or been rejected.

  HistogramSnapshot waitTime;       ///< Calls that waited and then were granted.
  HistogramSnapshot executionTime;  ///< withPermit: how long fn ran. Bare permits are not timed.
};

/// What all the bulkheads and semaphores of a manager counted, by name.
struct ManagerStats {
  std::map<std::string, BulkheadStats, std::less<>> bulkheads;  ///< By the name of the service.
  std::map<std::string, SemaphoreStats, std::less<>> semaphores;  ///< By their names.
};

/// Where a semaphore stands at this moment.
struct SemaphoreHealth {
  std::string name;  ///< Of the semaphore.
  std::size_t available = 0;  ///< Permits free; 0 while more are held than a resize left.
  std::size_t permits = 0;  ///< The limit.
};

/// Where a service stands at this moment. It says nothing about the past, and reading it changes
/// nothing: any number of readers may ask.
struct HealthSummary {
  std::size_t totalBulkheads = 0;  ///< How many there are, in use or not.
  std::size_t totalSemaphores = 0;  ///< Likewise.
  std::size_t queuedTasks = 0;  ///< Calls that wait for permits of a bulkhead.
  std::size_t activeTasks = 0;  ///< Calls that hold such permits.
  /// Bulkheads in trouble, sorted: calls wait there, or nothing may wait and no permit is free.
  std::vector<std::string> saturated;
  std::vector<SemaphoreHealth> semaphores;  ///< Sorted by name.
  /// The manager drains as a whole: from drainAll() until resumeAll().
  bool draining = false;
  /// Bulkheads that accept no calls because of a drain, of everything or of each alone; sorted.
  std::vector<std::string> drainingBulkheads{};
  std::vector<std::string> drainingSemaphores{};  ///< Likewise.
};

}  // namespace bulwark
