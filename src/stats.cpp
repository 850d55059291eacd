#include "bulwark/stats.hpp"

#include <algorithm>
#include <utility>

#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {
namespace {

double share(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::uint64_t BulkheadStats::submitted() const noexcept {
  return executed + failed + rejected + timedOut + cancelled + drained + running + queued;
}

double BulkheadStats::rejectionRate() const noexcept { return share(rejected, submitted()); }

double BulkheadStats::timeoutRate() const noexcept { return share(timedOut, submitted()); }

double BulkheadStats::utilization() const noexcept {
  return std::min(1.0, share(active, maxConcurrent));
}

namespace detail {

// Takes no lock: what is counted and what is in use are read one after the other.
BulkheadStats Compartment::bulkheadStats() const {
  Statistics::Snapshot counted = statistics_.read();
  const Admission::Numbers now = admission_.numbers();
  return {.name = name_,
          .active = now.active,
          .running = now.running,
          .queued = now.queued,
          .maxConcurrent = now.permits,
          .maxQueueSize = now.maxQueueSize,
          .peakActive = now.peakActive,
          .peakQueued = now.peakQueued,
          .executed = counted[Count::executed],
          .failed = counted[Count::failed],
          .rejected = counted[Count::rejected],
          .timedOut = counted[Count::timedOut],
          .cancelled = counted[Count::cancelled],
          .drained = counted[Count::drained],
          .overLimit = counted[Count::overLimit],
          .waitTime = std::move(counted.wait),
          .executionTime = std::move(counted.execution)};
}

SemaphoreStats Compartment::semaphoreStats() const {
  Statistics::Snapshot counted = statistics_.read();
  const Admission::Numbers now = admission_.numbers();
  return {.name = name_,
          .permits = now.permits,
          .available = now.available(),
          .waiting = now.queued,
          .acquired = counted[Count::acquired],
          .released = counted[Count::executed] + counted[Count::failed],
          .rejected = counted[Count::rejected],
          .timedOut = counted[Count::timedOut],
          .cancelled = counted[Count::cancelled],
          .drained = counted[Count::drained],
          .overLimit = counted[Count::overLimit],
          .waitTime = std::move(counted.wait),
          .executionTime = std::move(counted.execution)};
}

}  // namespace detail
}  // namespace bulwark
