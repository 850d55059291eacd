#include <bulwark/bulkhead.hpp>
#include <bulwark/retry.hpp>
#include <bulwark/retry_budget.hpp>

#include "support/catch.hpp"

#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <thread>
#include <vector>

namespace net = bulwark::net;
using namespace std::chrono_literals;

TEST_CASE("drain and resume end a retry once, and never interrupt an attempt", "[retry]") {
  constexpr std::size_t calls = 4'000;
  net::thread_pool pool(3);
  bulwark::Bulkhead db(pool, {.name = "db", .maxConcurrent = calls});
  bulwark::Retry retry(pool, {.maxAttempts = 40, .initialDelay = 20us, .multiplier = 1});
  std::atomic<std::size_t> ended{0}, interrupted{0};
  for (std::size_t i = 0; i < calls; ++i) {
    retry.execute(
        [&]() -> net::awaitable<void> {
          try {
            co_await net::post(net::use_awaitable);
            co_await db.execute([] { throw std::logic_error("down"); }, net::use_awaitable);
          } catch (const net::system_error& error) {
            if (error.code() == net::error::operation_aborted) ++interrupted;
            throw;
          }
        },
        [&](const std::exception_ptr&) { ++ended; });
  }
  while (ended.load() < calls) {
    db.drain(net::detached);
    db.resume();
    std::this_thread::sleep_for(100us);  // nothing depends on it: leaves the pool a core
  }
  pool.join();
  CHECK(ended.load() == calls);
  CHECK(interrupted.load() == 0);
  CHECK(db.stats().running == 0);
}

TEST_CASE("threads withdraw from a budget exactly what they deposit", "[retry]") {
  constexpr std::size_t threads = 4;
  constexpr std::size_t calls = 40'000;
  bulwark::RetryBudget budget({.ratio = 0.25, .minPerSecond = 0, .window = 1h});
  std::atomic<std::size_t> withdrawn{0};
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      for (std::size_t call = 0; call < calls; ++call) {
        budget.deposit();
        if (budget.withdraw()) ++withdrawn;
      }
    });
  }
  for (std::thread& thread : all) thread.join();
  while (budget.withdraw()) ++withdrawn;
  CHECK(withdrawn.load() == threads * calls / 4);
  CHECK(budget.balance() == 0);
}
