// Step 2: the same service, with its eight concurrent calls divided between two bulkheads. The
// hanging dependency fills its own, and the articles are not affected.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>

#include <exception>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;
using tutorial::Visitors;

// [service]
class Service {
 public:
  Service(asio::io_context& io, Dependency& database, Dependency& suggester)
      : databaseCalls_(io, {.name = "database", .maxConcurrent = 4, .maxQueueSize = 0}),
        suggesterCalls_(io, {.name = "suggester", .maxConcurrent = 4, .maxQueueSize = 0}),
        database_(database),
        suggester_(suggester) {}

  asio::awaitable<int> article() { return serve(databaseCalls_, database_); }
  asio::awaitable<int> suggestions() { return serve(suggesterCalls_, suggester_); }

 private:
  asio::awaitable<int> serve(bulwark::Bulkhead<>& calls, Dependency& dependency) {
    try {
      co_await calls.execute([&] { return dependency.ask(); }, asio::use_awaitable);
      co_return 200;
    } catch (const bulwark::BulkheadError&) {
      co_return 503;
    }
  }

  bulwark::Bulkhead<> databaseCalls_, suggesterCalls_;
  Dependency& database_;
  Dependency& suggester_;
};
// [service]

asio::awaitable<void> readArticles(Service& service, Visitors& readers, Dependency& suggester) {
  for (int i = 0; i < 20; ++i) readers.note(co_await service.article());
  suggester.become(Health::well);  // otherwise the program would wait for it indefinitely
}

int main() {
  asio::io_context io;
  Dependency database{io, "database"};
  Dependency suggester{io, "suggester", Health::hanging};
  Service service{io, database, suggester};

  Visitors browsers, readers;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(io, service.suggestions(),
                   [&](std::exception_ptr, int status) { browsers.note(status); });
  }
  io.poll();
  fmt::print("suggestions: {} hang, {} turned away\n", suggester.asked(), browsers.turnedAway);
  const bool isolated = suggester.asked() == 4 && browsers.turnedAway == 16;

  asio::co_spawn(io, readArticles(service, readers, suggester), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();
  fmt::print("articles:    {} served, {} turned away\n", readers.served, readers.turnedAway);
  return isolated && readers.served == 20 && browsers.served == 4 ? 0 : 1;
}
