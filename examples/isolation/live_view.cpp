#include "live_view.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace isolation {

namespace {

double failedShare(const RouteResult& result) {
  if (result.requests() == 0) return 0;
  return static_cast<double>(result.errors()) / static_cast<double>(result.requests());
}

std::string row(const Paint& paint, const std::string& title, RouteId route,
                const RouteResult& result, double seconds) {
  if (result.requests() == 0) {
    return paint.faint(fmt::format("{:<27} {:<5} {:>9} {:>10} {:>10} {:>9}", title, pathOf(route),
                                   "-", "-", "-", "-"));
  }
  const double failed = failedShare(result);
  const std::string numbers = fmt::format(
      "{:>9.1f} {:>10} {:>10} {:>7.1f} %", static_cast<double>(result.count(Result::ok)) / seconds,
      formatTime(result.latency(50)), formatTime(result.latency(99)), 100 * failed);
  return fmt::format("{:<27} {:<5} {}", title, pathOf(route),
                     failed > 0.01 ? paint.bad(numbers) : paint.good(numbers));
}

std::string plainPart(RouteId route, const RouteResult& result, double seconds) {
  return fmt::format("{} {:>5.0f} ok/s, p99 {:>8}, {:>3.0f} % failed", pathOf(route),
                     static_cast<double>(result.count(Result::ok)) / seconds,
                     formatTime(result.latency(99)), 100 * failedShare(result));
}

std::vector<std::string> describe(const GatewayStatus& gateway) {
  const auto bulkhead = [](const bulwark::BulkheadStats& stats) {
    return fmt::format(
        "bulkhead {}: {:>2} of {} running, {:>2} queued; ran {}, timed out {}, rejected {}",
        stats.name, stats.running, stats.maxConcurrent, stats.queued, stats.executed + stats.failed,
        stats.timedOut, stats.rejected);
  };
  if (gateway.ai && gateway.db) return {bulkhead(*gateway.db), bulkhead(*gateway.ai)};
  return {fmt::format("shared pool: {:>2} of {} slots in use, {:>3} requests wait", gateway.inUse,
                      gateway.slots, gateway.waiting)};
}

}  // namespace

LiveView::LiveView(bool inPlace, Paint paint, std::vector<std::string> titles)
    : inPlace_(inPlace), paint_(paint), titles_(std::move(titles)) {
  for (const std::string& title : titles_) {
    rows_.push_back(row(paint_, title, RouteId::db, {}, 1));
    rows_.push_back(row(paint_, "", RouteId::ai, {}, 1));
  }
}

void LiveView::begin(std::size_t phase, double seconds) {
  phase_ = phase;
  seconds_ = seconds;
  linesPrinted_ = 0;
  lastSecond_.clear();
  windowStart_ = 0;
  if (inPlace_) {
    draw({});
  } else {
    fmt::print("{}\n", titles_[phase]);
    std::fflush(stdout);
  }
}

void LiveView::update(std::chrono::duration<double> elapsed, std::vector<Outcome> fresh,
                      const GatewayStatus& gateway) {
  lastSecond_.push_back({elapsed, std::move(fresh)});
  while (elapsed - lastSecond_.front().at > std::chrono::duration<double>(0.99)) {
    windowStart_ = lastSecond_.front().at.count();
    lastSecond_.pop_front();
  }
  RouteResults window;
  for (const Fresh& part : lastSecond_) window.add(part.outcomes);
  // No request is due after the end of the phase. Later results still belong to its last second.
  const bool soonAfter = elapsed.count() < seconds_ + 0.5;
  const double windowEnd = soonAfter ? std::min(elapsed.count(), seconds_) : elapsed.count();
  const double length = std::max(0.1, windowEnd - windowStart_);

  if (inPlace_) {
    std::vector<std::string> below = describe(gateway);
    below.insert(below.begin(), elapsed.count() < seconds_
                                    ? fmt::format("{:.1f} s of {:g} s", elapsed.count(), seconds_)
                                    : std::string("the last requests come to their end"));
    // After the last request was due there may be no new result. The last one stays visible.
    for (const RouteId route : routeIds) {
      const std::string title = route == RouteId::db ? "> " + titles_[phase_] : "";
      if (window.of(route).requests() == 0 && elapsed.count() > 1) continue;
      rowOf(route) = row(paint_, title, route, window.of(route), length);
    }
    draw(below);
  } else if (elapsed.count() >= linesPrinted_ + 1 && soonAfter) {
    ++linesPrinted_;
    fmt::print("  {:>3.0f} s  {}  |  {}\n", elapsed.count(),
               plainPart(RouteId::db, window.of(RouteId::db), length),
               plainPart(RouteId::ai, window.of(RouteId::ai), length));
    for (const std::string& line : describe(gateway)) fmt::print("         {}\n", line);
    std::fflush(stdout);
  }
}

void LiveView::end(const PhaseResult& result) {
  for (const RouteId route : routeIds) {
    const std::string title = route == RouteId::db ? titles_[phase_] : "";
    rowOf(route) = row(paint_, title, route, result.results.of(route), result.seconds);
  }
  if (inPlace_) draw({});
}

std::string& LiveView::rowOf(RouteId route) {
  return rows_[routeIds.size() * phase_ + static_cast<std::size_t>(route)];
}

// Writes once, so that a half-drawn table is never visible. Erases every line to its end, and the
// rest of a longer table below it.
void LiveView::draw(const std::vector<std::string>& below) {
  std::string text;
  if (drawn_ > 0) text += fmt::format("\x1b[{}A", drawn_);
  std::size_t lines = 0;
  const auto add = [&](const std::string& line) {
    text += fmt::format("\r{}\x1b[K\n", line);
    ++lines;
  };
  add(paint_.strong(fmt::format("{:<27} {:<5} {:>9} {:>10} {:>10} {:>9}", "phase", "route", "ok/s",
                                "p50", "p99", "failed")));
  for (const std::string& line : rows_) add(line);
  add("");
  for (const std::string& line : below) add(paint_.faint(line.substr(0, width - 1)));
  text += "\x1b[J";
  drawn_ = lines;
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace isolation
