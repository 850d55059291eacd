// Step 6: limits from a file, and new limits while calls run and wait.
#include <bulwark/bulwark.hpp>
#include <bulwark/manager_config_json.hpp>

#include <exception>
#include <filesystem>
#include <fstream>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;

// [reload]
/// Applies a new file completely, or not at all.
bool reload(bulwark::BulkheadManager<>& manager, const std::filesystem::path& file) {
  try {
    for (const bulwark::ConfigChange& change : manager.apply(bulwark::loadManagerConfig(file)))
      fmt::print("  {}\n", change);
    return true;
  } catch (const bulwark::ConfigError& e) {
    fmt::print("  {}\n", e.what());
    return false;
  }
}
// [reload]

void write(const std::filesystem::path& file, const char* text) { std::ofstream(file) << text; }

int main() {
  const std::filesystem::path file = "tutorial_limits.json";
  write(file, R"({
  "defaults": {"maxConcurrent": 4, "maxQueueSize": 20},
  "services": {"suggester": {"maxConcurrent": 1, "queueTimeout": "2s"}}
}
)");

  asio::io_context io;
  Dependency suggester{io, "suggester", Health::hanging};
  bulwark::BulkheadManager manager{io, bulwark::loadManagerConfig(file)};
  for (int i = 0; i < 3; ++i)
    manager.execute(
        "suggester", [&] { return suggester.ask(); }, {.queueTimeout = bulwark::noTimeout},
        [](std::exception_ptr, std::string) {});
  io.poll();
  const bulwark::BulkheadStats before = manager.bulkhead("suggester").stats();
  fmt::print("running {}, queued {}\n", before.running, before.queued);

  fmt::print("a file with two mistakes:\n");
  write(file, R"({
  "services": {"suggester": {"maxConcurent": 3,
                             "queueTimeout": 2}}
}
)");
  const bool refused = !reload(manager, file);

  fmt::print("a good one:\n");
  write(file, R"({
  "defaults": {"maxConcurrent": 4, "maxQueueSize": 20},
  "services": {"suggester": {"maxConcurrent": 3, "queueTimeout": "500ms"}}
}
)");
  const bool taken = reload(manager, file);
  io.poll();
  const bulwark::BulkheadStats after = manager.bulkhead("suggester").stats();
  fmt::print("running {}, queued {}\n", after.running, after.queued);

  suggester.become(Health::well);
  io.run();
  std::filesystem::remove(file);
  return before.running == 1 && before.queued == 2 && refused && taken && after.running == 3 &&
                 after.queued == 0 && manager.bulkhead("suggester").stats().executed == 3
             ? 0
             : 1;
}
