#include <bulwark/bulwark.hpp>

#include BULWARK_NET(steady_timer.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_awaitable.hpp)
#include BULWARK_NET(use_future.hpp)

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>

#include "support/catch.hpp"

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Bulkhead;
using bulwark::BulkheadStats;
using bulwark::Errc;
using bulwark::errorCodeOf;
using bulwark::Overrun;

// Work that ends about when its execution timeout passes, on several threads.

namespace {

using PoolBulkhead = Bulkhead<net::thread_pool::executor_type>;

constexpr std::size_t limit = 8;

/// What callers and works saw.
struct Seen {
  std::atomic<std::size_t> inside{0};  // works that run
  std::atomic<bool> tooMany{false};
  std::atomic<std::uint64_t> ended{0}, fine{0}, timedOut{0}, others{0};

  void begin() {
    if (inside.fetch_add(1) >= limit) tooMany = true;
  }
  void end() { --inside; }

  auto handler() {
    return [this](const std::exception_ptr& error) {
      ++ended;
      if (!error) {
        ++fine;
      } else if (errorCodeOf(error) == Errc::executionTimeout) {
        ++timedOut;
      } else {
        ++others;
      }
    };
  }
};

/// Ends its time in a work, also if the coroutine is destroyed.
struct Inside {
  explicit Inside(Seen& by) : seen(by) { seen.begin(); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { seen.end(); }
  Seen& seen;
};

net::awaitable<void> sleeps(Seen& seen, std::chrono::nanoseconds time, bool ignoresCancellation) {
  const Inside inside(seen);
  if (ignoresCancellation) {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
  }
  net::steady_timer timer(co_await net::this_coro::executor, time);
  co_await timer.async_wait(net::use_awaitable);
}

void spins(Seen& seen, std::chrono::nanoseconds time) {
  const Inside inside(seen);
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

void race(std::uint64_t calls, Overrun overrun) {
  net::thread_pool pool(3);
  PoolBulkhead bulkhead(pool, {.name = "db",
                               .maxConcurrent = limit,
                               .maxQueueSize = bulwark::unlimited,
                               .queueTimeout = bulwark::noTimeout,
                               .executionTimeout = 20us,
                               .overrun = overrun});
  Seen seen;
  for (std::uint64_t i = 0; i < calls; ++i) {
    // Around the timeout, and different for each call.
    const auto time = std::chrono::nanoseconds(10'000 + (i * 7'919) % 20'000);
    switch (i % 4) {
      case 0:
        bulkhead.execute([&seen, time] { spins(seen, time); }, seen.handler());
        break;
      case 1:
        bulkhead.execute([&seen, time] { return sleeps(seen, time, true); }, seen.handler());
        break;
      default:
        bulkhead.execute([&seen, time] { return sleeps(seen, time, false); }, seen.handler());
    }
    if (i % 1024 == 0) {
      while (seen.ended + 4096 < i) std::this_thread::yield();
    }
  }
  bulkhead.drain(net::use_future).get();
  pool.join();
  const BulkheadStats stats = bulkhead.stats();
  CHECK(seen.ended == calls);
  INFO(stats.executed << " executed, " << stats.overran << " overran");
  CHECK_FALSE(seen.tooMany);
  CHECK(seen.inside == 0);
  CHECK(stats.overdue == 0);
  CHECK(stats.active == 0);
  CHECK(stats.running == 0);
  CHECK(stats.submitted() == calls);
  CHECK(stats.executed + stats.overran + stats.drained == calls);
  CHECK(seen.fine == stats.executed);
  CHECK(seen.timedOut == stats.overran);
  CHECK(seen.others == stats.drained);
}

}  // namespace

TEST_CASE("a result or a timeout: each call completes once, and is counted once") {
  race(20'000, Overrun::detach);
}

TEST_CASE("a caller that waits for its work hears once, and the call is counted once") {
  race(20'000, Overrun::wait);
}

// Not by default, because it takes minutes. scripts/nightly runs it, under ThreadSanitizer:
// test_concurrency_execution_timeout "[million]"
TEST_CASE("a million results and timeouts", "[.][million]") {
  race(500'000, Overrun::detach);
  race(500'000, Overrun::wait);
}
