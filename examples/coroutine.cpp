// Coroutines behind a bulkhead: two queries run at a time, and the others wait for a limited time.
// At the end the bulkhead is drained: running queries finish, and waiting ones fail.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

asio::awaitable<std::string> query(int id) {
  asio::steady_timer answer(co_await asio::this_coro::executor, 20ms);
  co_await answer.async_wait(asio::use_awaitable);
  co_return fmt::format("rows of query {}", id);
}

asio::awaitable<void> request(bulwark::Bulkhead<>& database, int id, bulwark::CallOptions options) {
  try {
    const std::string rows =
        co_await database.execute([id] { return query(id); }, options, asio::use_awaitable);
    fmt::print("{:2}: {}\n", id, rows);
  } catch (const bulwark::BulkheadTimeoutError&) {
    fmt::print("{:2}: waited too long\n", id);
  } catch (const bulwark::BulkheadError& error) {
    fmt::print("{:2}: {}\n", id, error.what());
  }
}

asio::awaitable<void> shutDownAfter(bulwark::Bulkhead<>& database, std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
  fmt::print("    shutting down: {}\n", database.stats());
  co_await database.drain(1s, asio::use_awaitable);  // throws timed_out if a query hangs
  fmt::print("    drained:       {}\n", database.stats());
}

int main() {
  asio::io_context io;
  bulwark::Bulkhead<> database{io, {.name = "database", .maxConcurrent = 2, .maxQueueSize = 7}};

  for (int id = 1; id <= 10; ++id) {
    // Two of the waiting queries have a short timeout. The tenth query finds the queue full.
    const bool patient = id != 4 && id != 8;
    const bulwark::CallOptions options{.queueTimeout = patient ? 1s : 5ms};
    asio::co_spawn(io, request(database, id, options), asio::detached);
  }
  asio::co_spawn(io, shutDownAfter(database, 50ms), asio::detached);
  io.run();

  const bulwark::BulkheadStats stats = database.stats();
  return stats.active == 0 && stats.submitted() == 10 ? 0 : 1;
}
