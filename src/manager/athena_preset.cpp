#include "bulwark/athena_preset.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

using std::chrono::seconds;

ManagerConfig athenaPreset() {
  const auto service = [](std::size_t maxConcurrent, std::size_t maxQueueSize, seconds timeout) {
    return BulkheadOverrides{
        .maxConcurrent = maxConcurrent, .maxQueueSize = maxQueueSize, .queueTimeout = timeout};
  };
  return {
      .defaults = {.maxConcurrent = 10, .maxQueueSize = 50, .queueTimeout = seconds{30}},
      .services = {{"ai.claude", service(20, 100, seconds{60})},
                   {"ai.openai", service(20, 100, seconds{60})},
                   {"ai.deepseek", service(10, 50, seconds{90})},
                   {"container.create", service(5, 20, seconds{120})},
                   {"container.execute", service(10, 30, seconds{30})},
                   {"file.upload", service(15, 50, seconds{60})},
                   {"file.analyze", service(10, 40, seconds{45})},
                   {"api.metasploit", service(5, 20, seconds{90})},
                   {"db.read", service(30, 100, seconds{10})},
                   {"db.write", service(15, 50, seconds{15})}},
      .semaphores = {{"global.cpu_intensive", 5},
                     {"global.memory_intensive", 3},
                     {"global.network_io", 50},
                     {"global.disk_io", 20},
                     {"ai.total_requests", 30},
                     {"container.total", 10}},
  };
}

}  // namespace bulwark
