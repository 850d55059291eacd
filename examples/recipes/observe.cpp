// Introducing a limit in production: at first it only counts the calls that it would have affected.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>

using namespace std::chrono_literals;

asio::awaitable<void> query() {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
  co_await timer.async_wait(asio::use_awaitable);
}

int main() {
  asio::io_context io;
  // [observe]
  bulwark::BulkheadManager manager{
      io,
      {.services = {
           {"database", {.maxConcurrent = 3, .maxQueueSize = 4, .mode = bulwark::Mode::observe}}}}};
  // [observe]
  const auto tenCalls = [&] {
    for (int i = 0; i < 10; ++i) manager.execute("database", query, [](std::exception_ptr) {});
    io.restart();
    io.run();
  };

  tenCalls();
  const bulwark::BulkheadStats observed = manager.bulkhead("database").stats();
  fmt::print("{}\npeak {}\n", observed, observed.peakActive);

  // [enforce]
  manager.updateConfig("database", {.mode = bulwark::Mode::enforce});
  // [enforce]
  tenCalls();
  const bulwark::BulkheadStats enforced = manager.bulkhead("database").stats();
  fmt::print("{}\n", enforced);
  return observed.executed == 10 && observed.rejected == 0 && observed.overLimit == 7 &&
                 observed.peakActive == 10 && enforced.executed == 17 && enforced.rejected == 3
             ? 0
             : 1;
}
