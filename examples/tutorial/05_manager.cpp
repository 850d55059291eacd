// Step 5: bulkheads by name, and a limit that several of them share.
#include <bulwark/bulwark.hpp>

#include <chrono>
#include <exception>

#include "dependency.hpp"

using tutorial::Dependency;
using namespace std::chrono_literals;

int main() {
  asio::io_context io;
  Dependency database{io, "database"};
  Dependency renderer{io, "renderer"};  // thumbnails and reports share the same two cores

  // [manager]
  bulwark::ManagerConfig limits{
      .defaults = {.maxConcurrent = 4, .maxQueueSize = 20},
      .services = {{"database", {.maxConcurrent = 8, .queueTimeout = 2s}}},
      .semaphores = {{"cores", 2}}};
  bulwark::BulkheadManager manager{io, limits};
  // [manager]

  int done = 0;
  const auto count = [&done](std::exception_ptr error, std::string) { done += error ? 0 : 1; };

  // [calls]
  for (int i = 0; i < 10; ++i) {
    manager.execute(
        "database", [&] { return database.ask(); }, count);
    manager.execute(
        "thumbnails", [&] { return renderer.ask(); }, {.semaphores = {"cores"}}, count);
    manager.execute(
        "reports", [&] { return renderer.ask(); }, {.semaphores = {"cores"}}, count);
  }
  // [calls]
  fmt::print("{}\n", manager.health());
  io.run();
  fmt::print("{}\n", manager.stats());
  fmt::print("rendered at once: {} at most\n", renderer.mostAtOnce());

  // A name without a configuration gets a bulkhead with the defaults. An unknown semaphore is an
  // error.
  std::string unknown;
  manager.execute(
      "database", [] {}, {.semaphores = {"disks"}},
      [&](std::exception_ptr error) {
        try {
          if (error) std::rethrow_exception(error);
        } catch (const bulwark::ConfigError& e) {
          unknown = e.what();
        }
      });
  io.restart();
  io.run();
  fmt::print("{}\n", unknown);
  return done == 30 && renderer.mostAtOnce() == 2 && database.mostAtOnce() == 8 &&
                 manager.bulkhead("thumbnails").config().maxConcurrent == 4 && !unknown.empty()
             ? 0
             : 1;
}
