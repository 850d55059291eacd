// Step 7: statistics, health and events.
#include <bulwark/bulwark.hpp>

#include <exception>
#include <string>
#include <vector>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;

int main() {
  asio::io_context io;
  Dependency suggester{io, "suggester", Health::hanging};
  bulwark::BulkheadManager manager{io, {.defaults = {.maxConcurrent = 2, .maxQueueSize = 1}}};

  // [observer]
  std::vector<bulwark::EventKind> kinds;
  manager.setObserver([&](const bulwark::BulkheadEvent& event) {
    kinds.push_back(event.kind);
    fmt::print("{}\n", event);
  });
  // [observer]

  for (int i = 0; i < 4; ++i)
    manager.execute(
        "suggester", [&] { return suggester.ask(); }, [](std::exception_ptr, std::string) {});
  io.poll();

  // [health]
  const bulwark::HealthSummary health = manager.health();
  for (const std::string& name : health.saturated) fmt::print("in trouble: {}\n", name);
  // [health]

  suggester.become(Health::well);
  io.run();

  // [stats]
  const bulwark::BulkheadStats stats = manager.bulkhead("suggester").stats();
  fmt::print("{} calls: {} executed, {} failed, {} rejected, {} timed out\n", stats.submitted(),
             stats.executed, stats.failed, stats.rejected, stats.timedOut);
  fmt::print("waited {} of them, the longest {} us\n", stats.waitTime.count(),
             stats.waitTime.max().count() / 1000);
  fmt::print("{}\n", stats);
  // [stats]

  using enum bulwark::EventKind;
  return kinds == std::vector{saturated, rejected, recovered} &&
                 health.saturated == std::vector<std::string>{"suggester"} &&
                 stats.submitted() == 4 && stats.executed == 3 && stats.rejected == 1 &&
                 stats.waitTime.count() == 1
             ? 0
             : 1;
}
