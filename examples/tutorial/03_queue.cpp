// Step 3: a queue absorbs a burst, and a timeout limits the wait for a hanging dependency.
#include <bulwark/bulwark.hpp>

#include <chrono>
#include <exception>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;
using namespace std::chrono_literals;

// [burst]
/// Starts ten calls at the same moment.
void burst(bulwark::Bulkhead<>& calls, Dependency& dependency) {
  for (int i = 0; i < 10; ++i)
    calls.execute([&] { return dependency.ask(); }, [](std::exception_ptr, std::string) {});
}
// [burst]

int main() {
  asio::io_context io;
  Dependency database{io, "database"};
  Dependency suggester{io, "suggester", Health::hanging};

  // [bulkheads]
  bulwark::Bulkhead<> databaseCalls{io,
                                    {.name = "database", .maxConcurrent = 4, .maxQueueSize = 3}};
  bulwark::Bulkhead<> suggesterCalls{
      io, {.name = "suggester", .maxConcurrent = 4, .maxQueueSize = 3, .queueTimeout = 20ms}};
  // [bulkheads]

  burst(databaseCalls, database);
  io.run();
  fmt::print("{}\n", databaseCalls.stats());

  io.restart();
  burst(suggesterCalls, suggester);
  // Only the queue timeout can end a wait here.
  while (suggesterCalls.stats().queued != 0) io.run_one();
  const bulwark::BulkheadStats hanging = suggesterCalls.stats();
  fmt::print("{}\n", hanging);

  suggester.become(Health::well);
  io.run();
  const bulwark::BulkheadStats flood = databaseCalls.stats();
  return flood.executed == 7 && flood.rejected == 3 && database.mostAtOnce() == 4 &&
                 hanging.active == 4 && hanging.timedOut == 3 && hanging.rejected == 3 &&
                 suggesterCalls.stats().executed == 4
             ? 0
             : 1;
}
