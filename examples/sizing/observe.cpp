// Finds limits for a service whose numbers are unknown. In mode observe no call waits or is
// refused, and the bulkhead counts what its limits would have done.
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

namespace {

// [options]
// Formats what the bulkhead measured as options of examples/sizing.
std::string sizingOptions(const bulwark::BulkheadStats& seen, std::chrono::duration<double> time) {
  const auto percentile = [&seen](double share) {
    const std::chrono::duration<double, std::milli> took = seen.executionTime.percentile(share);
    return fmt::format("{:.3g}ms", took.count());
  };
  return fmt::format("--rate {:.3g} --p50 {} --p90 {} --p99 {}",
                     static_cast<double>(seen.submitted()) / time.count(), percentile(50),
                     percentile(90), percentile(99));
}
// [options]

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> askOften(bulwark::Bulkhead<asio::io_context::executor_type>& db) {
  for (int call = 0; call < 100; ++call) {
    db.execute([call] { return pause(call % 10 == 0 ? 20ms : 4ms); }, asio::detached);
    co_await pause(1ms);
  }
}

}  // namespace

int main() {
  asio::io_context io;
  // [observe]
  bulwark::Bulkhead db{io, {.name = "db", .maxConcurrent = 4, .mode = bulwark::Mode::observe}};
  // [observe]
  const auto begin = std::chrono::steady_clock::now();
  asio::co_spawn(io, askOften(db), asio::detached);
  io.run();
  const auto time = std::chrono::steady_clock::now() - begin;

  // [enforce]
  const bulwark::BulkheadStats seen = db.stats();
  fmt::print("{} calls, at most {} at once; a limit of {} would have stopped {}\n",
             seen.submitted(), seen.peakActive, seen.maxConcurrent, seen.overLimit);
  fmt::print("sizing {} --sla 100ms\n", sizingOptions(seen, time));
  db.updateConfig({.maxConcurrent = 10,
                   .maxQueueSize = 20,
                   .queueTimeout = 50ms,
                   .mode = bulwark::Mode::enforce});
  // [enforce]
  return seen.submitted() == 100 && seen.executed == 100 && seen.rejected == 0 ? 0 : 1;
}
