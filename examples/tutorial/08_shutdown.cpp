// Step 8: SIGTERM. Running calls may finish, waiting calls fail at once, new calls are refused, and
// a hanging call does not keep the process from ending.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <exception>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

// [shutdown]
/// Returns whether the last call ended in time.
asio::awaitable<bool> shutDown(bulwark::BulkheadManager<>& manager, std::chrono::seconds patience) {
  asio::steady_timer timer(co_await asio::this_coro::executor, patience);
  const auto first =
      co_await (manager.drainAll(asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
  co_return first.index() == 0;
}

asio::awaitable<void> untilSigterm(bulwark::BulkheadManager<>& manager, asio::io_context& io,
                                   std::chrono::seconds patience) {
  asio::signal_set signals(io, SIGTERM, SIGINT);
  co_await signals.async_wait(asio::use_awaitable);
  if (!co_await shutDown(manager, patience)) {
    for (const auto& [name, stats] : manager.stats().bulkheads)
      if (stats.running != 0) fmt::print("{}: calls that do not end: {}\n", name, stats.running);
    io.stop();  // run() returns
  }
}
// [shutdown]

int main() {
  asio::io_context io;
  Dependency database{io, "database", Health::hanging};
  bulwark::BulkheadManager manager{io, {.defaults = {.maxConcurrent = 2, .maxQueueSize = 5}}};
  asio::co_spawn(io, untilSigterm(manager, io, 10s), asio::detached);

  int answered = 0, drained = 0;
  const auto count = [&](std::exception_ptr error, std::string) {
    if (!error) ++answered;
    if (bulwark::errorCodeOf(error) == bulwark::Errc::draining) ++drained;
  };
  for (int i = 0; i < 5; ++i)
    manager.execute(
        "database", [&] { return database.ask(); }, count);
  io.poll();  // two calls run, three wait

  std::raise(SIGTERM);
  while (drained != 3) io.run_one();
  manager.execute(
      "database", [&] { return database.ask(); }, count);  // too late
  manager.execute(
      "first used now", [&] { return database.ask(); }, count);
  database.become(Health::well);
  io.run();  // returns because the drain has completed

  fmt::print("answered {}, drained {}\n{}", answered, drained, manager.stats());
  if (answered != 2 || drained != 5) return 1;

  // The other case: a call does not end, and the drain times out.
  database.become(Health::hanging);
  manager.resumeAll();
  manager.execute(
      "database", [&] { return database.ask(); }, count);
  asio::co_spawn(io, untilSigterm(manager, io, 0s), asio::detached);
  io.restart();
  io.poll();
  std::raise(SIGTERM);
  io.run();
  const bool gaveUp = io.stopped() && manager.bulkhead("database").stats().running == 1;

  database.become(Health::well);  // lets the last call end
  io.restart();
  io.run();
  return gaveUp ? 0 : 1;
}
