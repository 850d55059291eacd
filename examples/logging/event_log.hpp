#pragma once

#include <bulwark/events.hpp>
#include <bulwark/format.hpp>

#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

/// Writes events to a log without flooding it. For each kind of event of each bulkhead, it writes
/// the first one at once, and then at most one line per interval, with the number of suppressed
/// events. Works for any number of bulkheads on any number of threads. An observer that owns it:
///
///     manager.setObserver([log = std::make_shared<EventLog>(spdlog::default_logger())](
///                             const bulwark::BulkheadEvent& event) { log->write(event); });
class EventLog {
 public:
  explicit EventLog(std::shared_ptr<spdlog::logger> logger,
                    std::chrono::nanoseconds interval = std::chrono::seconds{1})
      : logger_(std::move(logger)), interval_(interval) {}

  void write(const bulwark::BulkheadEvent& event) {
    std::uint64_t leftOut = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto [line, isFirst] =
          lines_.try_emplace({event.compartment, std::string(event.name), event.kind});
      if (!isFirst && event.time - line->second.written < interval_) {
        ++line->second.leftOut;
        return;
      }
      line->second.written = event.time;
      leftOut = std::exchange(line->second.leftOut, 0);
    }
    if (leftOut == 0) {
      logger_->log(levelOf(event.kind), "{}", event);
    } else {
      logger_->log(levelOf(event.kind), "{} (and {} more since the last line)", event, leftOut);
    }
  }

 private:
  struct Line {
    std::chrono::nanoseconds written{0};
    std::uint64_t leftOut = 0;
  };

  static spdlog::level::level_enum levelOf(bulwark::EventKind kind) {
    using bulwark::EventKind;
    switch (kind) {
      case EventKind::rejected:
      case EventKind::timedOut:
      case EventKind::saturated:
      case EventKind::overran:
      case EventKind::stalled:
        return spdlog::level::warn;
      default:
        return spdlog::level::info;
    }
  }

  const std::shared_ptr<spdlog::logger> logger_;
  const std::chrono::nanoseconds interval_;
  std::mutex mutex_;
  std::map<std::tuple<bulwark::CompartmentKind, std::string, bulwark::EventKind>, Line> lines_;
};
