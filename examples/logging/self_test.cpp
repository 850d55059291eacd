// Checks the log of a second with many rejections, and of the next one. Exit status 1: it is wrong.
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <string>

#include "event_log.hpp"

using namespace std::chrono_literals;
using bulwark::EventKind;

int main() {
  std::ostringstream out;
  const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
  const auto logger = std::make_shared<spdlog::logger>("test", sink);
  logger->set_pattern("%l %v");
  EventLog log(logger);

  const auto write = [&](const char* name, EventKind kind, std::chrono::nanoseconds time) {
    log.write({.kind = kind, .name = name, .time = time, .active = 2, .maxConcurrent = 2});
  };
  write("db", EventKind::saturated, 10s);
  for (int i = 0; i < 50; ++i) write("db", EventKind::rejected, 10s + i * 1ms);
  write("ai", EventKind::rejected, 10s + 50ms);  // other bulkheads are not suppressed
  write("db", EventKind::recovered, 10s + 60ms);
  write("db", EventKind::rejected, 11s - 1ns);
  write("db", EventKind::rejected, 11s);
  write("db", EventKind::rejected, 12s);

  const std::string expected =
      "warning bulkhead db: saturated, active 2/2, queued 0/0\n"
      "warning bulkhead db: rejected, active 2/2, queued 0/0\n"
      "warning bulkhead ai: rejected, active 2/2, queued 0/0\n"
      "info bulkhead db: no longer saturated, active 2/2, queued 0/0\n"
      "warning bulkhead db: rejected, active 2/2, queued 0/0 (and 50 more since the last line)\n"
      "warning bulkhead db: rejected, active 2/2, queued 0/0\n";
  if (out.str() == expected) return 0;
  fmt::print("the log is\n{}and should be\n{}", out.str(), expected);
  return 1;
}
