// A whole service: a bulkhead for each dependency, by name, and a limit that several of them share.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>

using namespace std::chrono_literals;

int main() {
  asio::io_context io;
  int done = 0;
  const auto query = [] {};
  const auto render = [] {};
  const auto token = [&done](std::exception_ptr error) { done += error ? 0 : 1; };

  // [manager]
  bulwark::BulkheadManager manager{
      io,
      {.defaults = {.maxConcurrent = 10, .maxQueueSize = 50, .queueTimeout = 30s},
       .services = {{"db.read", {.maxConcurrent = 30, .queueTimeout = 10s}}},
       .semaphores = {{"global.cpu_intensive", 5}}}};

  // In its own bulkhead.
  manager.execute("db.read", query, token);

  // Under a global limit as well. The second call is short for the first.
  manager.execute("report", render, {.semaphores = {"global.cpu_intensive"}}, token);
  manager.executeCpuIntensive("report", render, token);
  // [manager]

  io.run();
  fmt::print("{}", manager.stats());
  return done == 3 && manager.semaphore("global.cpu_intensive")->stats().released == 2 ? 0 : 1;
}
