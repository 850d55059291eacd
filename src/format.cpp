#include "bulwark/format.hpp"

#include <chrono>
#include <cstdint>

namespace bulwark::detail {
namespace {

/// Three significant digits in the unit that suits: "1.23ms".
std::string shortly(std::chrono::nanoseconds duration) {
  const auto ns = static_cast<double>(duration.count());
  if (ns < 1e3) return fmt::format("{}ns", duration.count());
  if (ns < 999.5e3) return fmt::format("{:.3g}us", ns / 1e3);
  if (ns < 999.5e6) return fmt::format("{:.3g}ms", ns / 1e6);
  return fmt::format("{:.3g}s", ns / 1e9);
}

std::string times(const char* what, const HistogramSnapshot& histogram) {
  if (histogram.count() == 0) return {};
  return fmt::format(", {} p50 {} p99 {}", what, shortly(histogram.percentile(50)),
                     shortly(histogram.percentile(99)));
}

std::string limit(std::size_t value) {
  return value == SIZE_MAX ? std::string("unlimited") : std::to_string(value);
}

std::string overLimit(std::uint64_t count) {
  return count == 0 ? std::string() : fmt::format(", over limit {}", count);
}

}  // namespace

const char* describe(Errc error) noexcept {
  switch (error) {
    case Errc::queueFull:
      return "queueFull";
    case Errc::queueTimeout:
      return "queueTimeout";
    case Errc::draining:
      return "draining";
    case Errc::circuitOpen:
      return "circuitOpen";
  }
  return "unknown";
}

std::string describe(const BulkheadStats& s) {
  return fmt::format(
      "{}: active {}/{}, queued {}/{}, executed {}, failed {}, rejected {}, timed out {}, "
      "cancelled {}, drained {}{}{}{}",
      s.name, s.active, limit(s.maxConcurrent), s.queued, limit(s.maxQueueSize), s.executed,
      s.failed, s.rejected, s.timedOut, s.cancelled, s.drained, overLimit(s.overLimit),
      times("wait", s.waitTime), times("execution", s.executionTime));
}

std::string describe(const SemaphoreStats& s) {
  return fmt::format(
      "{}: available {}/{}, waiting {}, acquired {}, released {}, rejected {}, timed out {}, "
      "cancelled {}, drained {}{}{}{}",
      s.name, s.available, limit(s.permits), s.waiting, s.acquired, s.released, s.rejected,
      s.timedOut, s.cancelled, s.drained, overLimit(s.overLimit), times("wait", s.waitTime),
      times("execution", s.executionTime));
}

}  // namespace bulwark::detail
