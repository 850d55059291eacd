// Logs the events of all bulkheads through spdlog, at most one line a second of each kind. A
// thousand calls are rejected here, and the log shows two lines.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <memory>
#include <thread>

#include "event_log.hpp"

int main() {
  asio::io_context io;
  bulwark::BulkheadManager manager{io, {.defaults = {.maxConcurrent = 1, .maxQueueSize = 1}}};
  manager.setObserver([log = std::make_shared<EventLog>(spdlog::default_logger())](
                          const bulwark::BulkheadEvent& event) { log->write(event); });

  const auto overload = [&](int calls) {
    for (int i = 0; i < calls; ++i)
      manager.execute(
          "db", [] {}, [](std::exception_ptr) {});
    io.run();
    io.restart();
  };
  overload(1000);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  overload(3);
}
