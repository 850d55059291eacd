#include "report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace isolation {

namespace {

using Text = fmt::memory_buffer;

template <typename... Args>
void add(Text& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

void addTable(Text& text, const Paint& paint, RouteId route, std::span<const PhaseResult> phases) {
  add(text, "{}\n",
      paint.strong(fmt::format("{:<27} {:>9} {:>9} {:>10} {:>10} {:>9}", pathOf(route), "requests",
                               "ok/s", "p50", "p99", "errors")));
  for (const PhaseResult& phase : phases) {
    const RouteResult& result = phase.results.of(route);
    add(text, "{:<27} {:>9} {:>9.1f} {:>10} {:>10} {:>9}\n", phase.title, result.requests(),
        phase.throughput(route), formatTime(result.latency(50)), formatTime(result.latency(99)),
        result.errors());
  }
}

// The causes of the errors: one line for each phase that has any.
void addErrors(Text& text, RouteId route, std::span<const PhaseResult> phases) {
  constexpr std::pair<Result, const char*> causes[] = {
      {Result::refused, "refused (503)"},
      {Result::late, "upstream late (504)"},
      {Result::broken, "broken"},
      {Result::abandoned, "given up"},
  };
  for (const PhaseResult& phase : phases) {
    const RouteResult& result = phase.results.of(route);
    std::string list;
    for (const auto& [cause, name] : causes) {
      if (result.count(cause) == 0) continue;
      list += fmt::format("{}{} {}", list.empty() ? "" : ", ", result.count(cause), name);
    }
    if (!list.empty()) add(text, "  {}: {}\n", phase.title, list);
  }
}

// Merges neighbouring buckets so that there are at most ten lines.
void addHistogram(Text& text, const char* title, const bulwark::HistogramSnapshot& histogram) {
  add(text, "  {}: {} calls", title, histogram.count());
  if (histogram.count() == 0) {
    add(text, "\n");
    return;
  }
  add(text, ", p50 {}, p90 {}, p99 {}, max {}\n", formatTime(histogram.percentile(50)),
      formatTime(histogram.percentile(90)), formatTime(histogram.percentile(99)),
      formatTime(histogram.max()));

  constexpr std::size_t mostLines = 10;
  constexpr std::size_t barWidth = 40;
  const auto& buckets = histogram.buckets();
  const std::size_t step = (buckets.size() + mostLines - 1) / mostLines;
  std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>> lines;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (i % step == 0) lines.emplace_back();
    lines.back().first = std::min(buckets[i].upperBound, histogram.max());
    lines.back().second += buckets[i].count;
  }
  const std::uint64_t most =
      std::ranges::max(lines, {}, [](auto& line) { return line.second; }).second;
  for (const auto& [upperBound, count] : lines) {
    const std::size_t bar = (count * barWidth + most - 1) / most;
    add(text, "    <= {:>9} {:>7}  {}\n", formatTime(upperBound), count, std::string(bar, '#'));
  }
}

void addBulkhead(Text& text, const Paint& paint, const Options& options,
                 const bulwark::BulkheadStats& stats) {
  add(text, "{}\n",
      paint.strong(fmt::format("The bulkhead of /{}: limit {}, queue {}, queue timeout {} ms",
                               stats.name, stats.maxConcurrent, stats.maxQueueSize,
                               options.queueTimeout.count())));
  add(text, "  of {} calls {} ran ({} succeeded, {} failed), {} timed out, {} were rejected;\n",
      stats.submitted(), stats.executed + stats.failed, stats.executed, stats.failed,
      stats.timedOut, stats.rejected);
  add(text, "  {} were running and {} queued when the last request of the phase had ended\n",
      stats.running, stats.queued);
  add(text, "  most at once: {} running, {} queued\n", stats.peakActive, stats.peakQueued);
  addHistogram(text, "wait of calls that queued and ran", stats.waitTime);
  addHistogram(text, "execution time", stats.executionTime);
}

void addVerdict(Text& text, const Paint& paint, std::span<const PhaseResult> phases,
                const Verdict& verdict) {
  const auto mark = [&](bool holds) { return holds ? paint.good("holds") : paint.bad("FAILS"); };
  add(text, "{}\n", paint.strong("Verdict: /db behind bulkheads, against the healthy phase"));
  add(text, "  throughput kept {:>6.1f} %   at least {:.0f} %   {}\n", 100 * verdict.throughputKept,
      100 * Verdict::leastThroughput, mark(verdict.throughputHolds));
  add(text, "  p99, ratio      {:>6.2f}     at most  {:.1f}    {}\n", verdict.latencyRatio,
      Verdict::mostLatency, mark(verdict.latencyHolds));
  add(text, "  Noise of the machine: the load generator sent /db late by {} and {} (p99).\n",
      formatTime(phases.front().results.of(RouteId::db).sentLate(99)),
      formatTime(phases.back().results.of(RouteId::db).sentLate(99)));
}

}  // namespace

std::string report(const Options& options, std::span<const PhaseResult> phases,
                   const Verdict& verdict, const Paint& paint) {
  Text text;
  for (const RouteId route : routeIds) {
    add(text, "\n");
    addTable(text, paint, route, phases);
    addErrors(text, route, phases);
  }
  for (const auto& stats : {phases.back().gateway.ai, phases.back().gateway.db}) {
    if (!stats) continue;
    add(text, "\n");
    addBulkhead(text, paint, options, *stats);
  }
  add(text, "\n");
  addVerdict(text, paint, phases, verdict);
  return fmt::to_string(text);
}

}  // namespace isolation
