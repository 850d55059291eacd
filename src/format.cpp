#include "bulwark/format.hpp"

#include "bulwark/detail/config/utf8.hpp"

#include <fmt/ranges.h>  // join, since fmt 11

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace bulwark::inline BULWARK_FLAVOUR::detail {
namespace {

/// A duration with three significant digits, in a unit of its size: "1.23ms".
std::string shortly(std::chrono::nanoseconds duration) {
  const auto ns = static_cast<double>(duration.count());
  if (ns < 1e3) return fmt::format("{}ns", duration.count());
  if (ns < 999.5e3) return fmt::format("{:.3g}us", ns / 1e3);
  if (ns < 999.5e6) return fmt::format("{:.3g}ms", ns / 1e6);
  return fmt::format("{:.3g}s", ns / 1e9);
}

/// The percentiles of a histogram; empty if nothing was recorded.
std::string times(const char* what, const HistogramSnapshot& histogram) {
  if (histogram.count() == 0) return {};
  return fmt::format(", {} p50 {} p99 {}", what, shortly(histogram.percentile(50)),
                     shortly(histogram.percentile(99)));
}

std::string limit(std::size_t value) {
  return value == SIZE_MAX ? std::string("unlimited") : std::to_string(value);
}

/// ", <what> <count>"; empty if there is nothing to count.
std::string ifAny(const char* what, std::uint64_t count) {
  return count == 0 ? std::string() : fmt::format(", {} {}", what, count);
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
    case Errc::executionTimeout:
      return "executionTimeout";
    case Errc::deadlineExceeded:
      return "deadlineExceeded";
    case Errc::rateLimited:
      return "rateLimited";
  }
  return "unknown";
}

const char* describe(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::rejected:
      return "rejected";
    case EventKind::timedOut:
      return "timed out";
    case EventKind::cancelled:
      return "cancelled";
    case EventKind::drained:
      return "drained";
    case EventKind::saturated:
      return "saturated";
    case EventKind::recovered:
      return "no longer saturated";
    case EventKind::configured:
      return "configuration changed";
    case EventKind::drainStarted:
      return "drain started";
    case EventKind::resumed:
      return "resumed";
    case EventKind::opened:
      return "opened";
    case EventKind::halfOpened:
      return "half open";
    case EventKind::closed:
      return "closed";
    case EventKind::retried:
      return "retried";
    case EventKind::exhausted:
      return "the last attempt failed";
    case EventKind::overBudget:
      return "no retry, the budget is empty";
    case EventKind::overran:
      return "execution timed out";
    case EventKind::returned:
      return "overdue call returned";
    case EventKind::stalled:
      return "stalled";
  }
  return "unknown";
}

namespace {

const char* describe(CompartmentKind kind) noexcept {
  switch (kind) {
    case CompartmentKind::bulkhead:
      return "bulkhead";
    case CompartmentKind::semaphore:
      return "semaphore";
    case CompartmentKind::rateLimiter:
      return "rate limiter";
    case CompartmentKind::circuitBreaker:
      return "circuit breaker";
    case CompartmentKind::retry:
      return "retry";
  }
  return "unknown";
}

}  // namespace

std::string describe(const BulkheadEvent& e) {
  const std::string lost = e.lost == 0 ? std::string() : fmt::format(", {} before it lost", e.lost);
  const char* const compartment = describe(e.compartment);
  if (e.compartment == CompartmentKind::circuitBreaker || e.compartment == CompartmentKind::retry) {
    return fmt::format("{} {}: {}{}", compartment, printable(e.name), describe(e.kind), lost);
  }
  const std::string late = e.kind == EventKind::returned
                               ? fmt::format(" {} late", shortly(e.overdueFor))
                               : std::string();
  return fmt::format("{} {}: {}{}, active {}/{}, queued {}/{}{}{}", compartment, printable(e.name),
                     describe(e.kind), late, e.active, limit(e.maxConcurrent), e.queued,
                     limit(e.maxQueueSize), ifAny("overdue", e.overdue), lost);
}

std::string describe(const BulkheadStats& s) {
  return fmt::format(
      "{}: active {}/{}, queued {}/{}{}, executed {}, failed {}, rejected {}, timed out {}, "
      "cancelled {}, drained {}{}{}{}{}",
      printable(s.name), s.active, limit(s.maxConcurrent), s.queued, limit(s.maxQueueSize),
      ifAny("overdue", s.overdue), s.executed, s.failed, s.rejected, s.timedOut, s.cancelled,
      s.drained, ifAny("overran", s.overran), ifAny("over limit", s.overLimit),
      times("wait", s.waitTime), times("execution", s.executionTime));
}

std::string describe(const SemaphoreStats& s) {
  return fmt::format(
      "{}: available {}/{}, waiting {}, acquired {}, released {}, rejected {}, timed out {}, "
      "cancelled {}, drained {}{}{}{}",
      printable(s.name), s.available, limit(s.permits), s.waiting, s.acquired, s.released,
      s.rejected, s.timedOut, s.cancelled, s.drained, ifAny("over limit", s.overLimit),
      times("wait", s.waitTime), times("execution", s.executionTime));
}

std::string describe(const RateLimiterStats& s) {
  return fmt::format(
      "{}: available {}/{}, queued {}/{}, executed {}, failed {}, rejected {}, timed out {}, "
      "cancelled {}, drained {}{}{}",
      printable(s.name), s.available, limit(s.burst), s.queued, limit(s.maxQueueSize), s.executed,
      s.failed, s.rejected, s.timedOut, s.cancelled, s.drained, ifAny("over limit", s.overLimit),
      times("wait", s.waitTime));
}

namespace {

/// A table in plain text. Each column is as wide as its widest cell. The first column is aligned to
/// the left, the others to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) { row(std::move(headings)); }

  void row(std::vector<std::string> cells) {
    widths_.resize(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths_[i] = std::max(widths_[i], cells[i].size());
    }
    rows_.push_back(std::move(cells));
  }

  std::string text() const {
    std::string text;
    for (const auto& cells : rows_) {
      text += fmt::format("{:<{}}", cells[0], widths_[0]);
      for (std::size_t i = 1; i < cells.size(); ++i) {
        text += fmt::format("  {:>{}}", cells[i], widths_[i]);
      }
      text += '\n';
    }
    return text;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

std::string percentile(const HistogramSnapshot& histogram) {
  return histogram.count() == 0 ? std::string("-") : shortly(histogram.percentile(99));
}

}  // namespace

std::string describe(const ManagerStats& stats) {
  std::string text;
  if (!stats.bulkheads.empty()) {
    // Most services have no execution timeouts: they see two columns less.
    const bool timed = std::any_of(
        stats.bulkheads.begin(), stats.bulkheads.end(),
        [](const auto& entry) { return entry.second.overdue != 0 || entry.second.overran != 0; });
    std::vector<std::string> headings{"bulkhead", "active",   "queued",    "executed",
                                      "failed",   "rejected", "timed out", "cancelled",
                                      "drained",  "wait p99", "run p99"};
    if (timed) headings.insert(headings.begin() + 9, {"overdue", "overran"});
    Table table(std::move(headings));
    for (const auto& [name, s] : stats.bulkheads) {
      std::vector<std::string> cells{printable(name),
                                     fmt::format("{}/{}", s.active, limit(s.maxConcurrent)),
                                     fmt::format("{}/{}", s.queued, limit(s.maxQueueSize)),
                                     std::to_string(s.executed),
                                     std::to_string(s.failed),
                                     std::to_string(s.rejected),
                                     std::to_string(s.timedOut),
                                     std::to_string(s.cancelled),
                                     std::to_string(s.drained),
                                     percentile(s.waitTime),
                                     percentile(s.executionTime)};
      if (timed) {
        cells.insert(cells.begin() + 9, {std::to_string(s.overdue), std::to_string(s.overran)});
      }
      table.row(std::move(cells));
    }
    text += table.text();
  }
  if (!stats.semaphores.empty()) {
    Table table({"semaphore", "available", "waiting", "acquired", "released", "rejected",
                 "timed out", "cancelled", "drained", "wait p99", "run p99"});
    for (const auto& [name, s] : stats.semaphores) {
      table.row({printable(name), fmt::format("{}/{}", s.available, limit(s.permits)),
                 std::to_string(s.waiting), std::to_string(s.acquired), std::to_string(s.released),
                 std::to_string(s.rejected), std::to_string(s.timedOut),
                 std::to_string(s.cancelled), std::to_string(s.drained), percentile(s.waitTime),
                 percentile(s.executionTime)});
    }
    if (!text.empty()) text += '\n';
    text += table.text();
  }
  return text;
}

namespace {

/// The bulkheads with overdue calls, and how many these are; empty if there is none.
std::string overdue(const HealthSummary& health) {
  std::string text;
  for (const auto& [name, calls, stalled] : health.overdue) {
    text += fmt::format("{} {} {}{}", text.empty() ? ", overdue:" : ",", name, calls,
                        stalled ? " (stalled)" : "");
  }
  return text;
}

/// The names of what is draining, or "all"; empty if nothing is.
std::string draining(const HealthSummary& health) {
  if (health.draining) return ", draining: all";
  std::vector<std::string> names = health.drainingBulkheads;
  for (const auto& name : health.drainingSemaphores) names.push_back("semaphore " + name);
  return names.empty() ? std::string() : fmt::format(", draining: {}", fmt::join(names, ", "));
}

}  // namespace

std::string describe(const HealthSummary& health) {
  std::string text = fmt::format(
      "bulkheads {}, active {}, queued {}, saturated: {}{}{}\n", health.totalBulkheads,
      health.activeTasks, health.queuedTasks,
      health.saturated.empty() ? std::string("none")
                               : printable(fmt::format("{}", fmt::join(health.saturated, ", "))),
      printable(overdue(health)), printable(draining(health)));
  if (!health.semaphores.empty()) {
    Table table({"semaphore", "available"});
    for (const auto& s : health.semaphores) {
      table.row({printable(s.name), fmt::format("{}/{}", s.available, limit(s.permits))});
    }
    text += table.text();
  }
  return text;
}

std::string describe(const ConfigChange& change) {
  return printable(fmt::format("{}: {} {} -> {}", change.service, change.field,
                               change.before.empty() ? "none" : change.before, change.after));
}

}  // namespace bulwark::detail
