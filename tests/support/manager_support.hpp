#pragma once

#include <bulwark/bulkhead_manager.hpp>

#include BULWARK_NET(bind_cancellation_slot.hpp)

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "support/tokens.hpp"
#include "support/unit_support.hpp"

// Helpers that the tests of the manager share.

using bulwark::BulkheadConfig;
using bulwark::BulkheadOverrides;
using bulwark::ManagerCallOptions;
using bulwark::ManagerConfig;
using bulwark::SemaphoreConfig;

using Manager = bulwark::BulkheadManager<net::any_io_executor, ManualClock>;

/// How the calls of a semaphore ended, and the permits in use.
struct SemaphoreCounters {
  std::uint64_t acquired = 0, released = 0, rejected = 0, timedOut = 0, cancelled = 0, drained = 0;
  std::size_t held = 0, waiting = 0;

  friend bool operator==(const SemaphoreCounters&, const SemaphoreCounters&) = default;
  friend std::ostream& operator<<(std::ostream& out, const SemaphoreCounters& b) {
    return out << "acquired " << b.acquired << ", released " << b.released << ", rejected "
               << b.rejected << ", timedOut " << b.timedOut << ", cancelled " << b.cancelled
               << ", drained " << b.drained << ", held " << b.held << ", waiting " << b.waiting;
  }
};

inline SemaphoreCounters semaphoreCountersOf(const bulwark::SemaphoreStats& s) {
  return {s.acquired,
          s.released,
          s.rejected,
          s.timedOut,
          s.cancelled,
          s.drained,
          s.permits - s.available,
          s.waiting};
}

template <typename M>
SemaphoreCounters semaphoreCounters(M& manager, std::string_view name) {
  return semaphoreCountersOf(manager.semaphore(name)->stats());
}

template <typename M>
Counters serviceCounters(M& manager, std::string_view name) {
  return countersOf(manager.bulkhead(name));
}

/// Returns the name in a BulkheadError or an ExecutionTimeoutError, or "" for any other error.
inline std::string refusedBy(const std::exception_ptr& error) {
  if (!error) return {};
  try {
    std::rethrow_exception(error);
  } catch (const bulwark::BulkheadError& refusal) {
    return refusal.bulkhead();
  } catch (const bulwark::ExecutionTimeoutError& timeout) {
    return timeout.bulkhead();
  } catch (...) {
    return {};
  }
}
