// Step 1: a service without bulkheads. One of its two dependencies hangs, and pages that do not
// need it fail as well.
#include "dependency.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <exception>

using tutorial::Dependency;
using tutorial::Health;
using tutorial::Visitors;

// [service]
class Service {
 public:
  Service(Dependency& database, Dependency& suggester)
      : database_(database), suggester_(suggester) {}

  asio::awaitable<int> article() { return serve(database_); }
  asio::awaitable<int> suggestions() { return serve(suggester_); }

 private:
  asio::awaitable<int> serve(Dependency& dependency) {
    if (inUse_ == slots) co_return 503;
    ++inUse_;
    co_await dependency.ask();
    --inUse_;
    co_return 200;
  }

  static constexpr int slots = 8;  // its total capacity: connections, threads, memory
  int inUse_ = 0;
  Dependency& database_;
  Dependency& suggester_;
};
// [service]

asio::awaitable<void> readArticles(Service& service, Visitors& readers) {
  for (int i = 0; i < 20; ++i) readers.note(co_await service.article());
}

int main() {
  asio::io_context io;
  Dependency database{io, "database"};
  Dependency suggester{io, "suggester", Health::hanging};
  Service service{database, suggester};

  // [load]
  Visitors browsers, readers;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(io, service.suggestions(),
                   [&](std::exception_ptr, int status) { browsers.note(status); });
  }
  io.poll();  // all requests have started
  asio::co_spawn(io, readArticles(service, readers), asio::detached);
  io.poll();  // the readers have finished: no request reached the database
  // [load]

  fmt::print("suggestions: {} hang, {} turned away\n", suggester.asked(), browsers.turnedAway);
  fmt::print("articles:    {} served, {} turned away; the database was asked {} times\n",
             readers.served, readers.turnedAway, database.asked());

  const bool wentWrong = suggester.asked() == 8 && browsers.turnedAway == 12 &&
                         readers.served == 0 && readers.turnedAway == 20 && database.asked() == 0;
  suggester.become(Health::well);
  io.run();
  return wentWrong && browsers.served == 8 ? 0 : 1;
}
