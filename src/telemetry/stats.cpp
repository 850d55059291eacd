#include "bulwark/stats.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR {
namespace {

double share(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::uint64_t BulkheadStats::submitted() const noexcept {
  return executed + failed + rejected + timedOut + cancelled + drained + overran + running + queued;
}

double BulkheadStats::rejectionRate() const noexcept { return share(rejected, submitted()); }

double BulkheadStats::timeoutRate() const noexcept { return share(timedOut, submitted()); }

double BulkheadStats::utilization() const noexcept {
  return std::min(1.0, share(active, maxConcurrent));
}

}  // namespace bulwark
