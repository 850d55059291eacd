// An observer of a manager: it is notified of every rejected call, of saturation, and of
// configuration changes.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <exception>

int main() {
  asio::io_context io;
  // [observer]
  bulwark::BulkheadManager manager{
      io, {.defaults = {.maxConcurrent = 1, .maxQueueSize = 1}, .semaphores = {{"disk", 2}}}};

  int turnedAway = 0;
  manager.setObserver([&](const bulwark::BulkheadEvent& event) {
    if (event.kind == bulwark::EventKind::rejected) ++turnedAway;
    fmt::print("{}\n", event);
  });
  // [observer]

  for (int i = 0; i < 3; ++i)
    manager.execute(
        "db", [] {}, [](std::exception_ptr) {});
  manager.updateConfig("db", {.maxConcurrent = 2});
  io.run();
  return turnedAway == 1 ? 0 : 1;
}
