#include <bulwark/bulkhead_manager.hpp>

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// The stress test that runs all operations together is in manager_stress_test.cpp.

namespace net = bulwark::net;
using bulwark::BulkheadManager;
using bulwark::Errc;
using bulwark::errorCodeOf;
using bulwark::noTimeout;
using bulwark::unlimited;

namespace {

using Manager = BulkheadManager<net::thread_pool::executor_type>;

net::awaitable<void> hop() {
  co_await net::post(co_await net::this_coro::executor, net::use_awaitable);
}

}  // namespace

TEST_CASE("32 threads that ask for 1,000 names at once get one instance of each") {
  constexpr std::size_t threads = 32;
  constexpr std::size_t names = 1'000;
  net::thread_pool pool(1);
  Manager manager(pool.get_executor(), {.defaults = {.maxConcurrent = 7}});
  std::vector<std::string> all;
  for (std::size_t i = 0; i < names; ++i) all.push_back("service." + std::to_string(i));
  std::vector<std::vector<const void*>> found(threads, std::vector<const void*>(names));
  std::latch start(threads);
  std::vector<std::thread> askers;
  for (std::size_t t = 0; t < threads; ++t) {
    askers.emplace_back([&, t] {
      start.arrive_and_wait();
      for (std::size_t n = 0; n < names; ++n) {
        const std::size_t i = (n + (t % 4) * 250) % names;  // several start at the same place
        found[t][i] = &manager.bulkhead(all[i]);
        if (n % 100 == 0 && manager.health().totalBulkheads == 0) found[t][i] = nullptr;
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  for (std::size_t t = 1; t < threads; ++t) CHECK(found[t] == found[0]);
  std::vector<const void*> distinct = found[0];
  std::sort(distinct.begin(), distinct.end());
  CHECK(std::unique(distinct.begin(), distinct.end()) == distinct.end());
  const auto stats = manager.stats();
  CHECK(stats.bulkheads.size() == names);
  for (std::size_t i = 0; i < names; ++i) {
    const auto& bulkhead = manager.bulkhead(all[i]);
    if (&bulkhead != found[0][i] || bulkhead.name() != all[i]) FAIL("another bulkhead: " + all[i]);
    if (stats.bulkheads.at(all[i]).maxConcurrent != 7) FAIL("other limits: " + all[i]);
  }
}

TEST_CASE("calls that name the same semaphores in different orders do not deadlock") {
  net::thread_pool pool(2);
  Manager manager(
      pool.get_executor(),
      {.defaults = {.maxConcurrent = 4, .maxQueueSize = unlimited, .queueTimeout = noTimeout},
       .semaphores = {{"a", 1}, {"b", 1}, {"c", 2}},
       .semaphoreTimeout = noTimeout});
  constexpr int each = 1'500;
  const std::vector<bulwark::ManagerCallOptions> orders{
      {.semaphores = {"a", "b"}},      {.semaphores = {"b", "a"}}, {.semaphores = {"c", "a", "b"}},
      {.semaphores = {"b", "c", "a"}}, {.semaphores = {"c", "b"}}, {.semaphores = {"b", "c"}}};
  int guarded = 0;  // only by the permit of b
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (std::size_t t = 0; t < 3; ++t) {
    callers.emplace_back([&, t] {
      for (int n = 0; n < each; ++n) {
        const auto& options = orders[(t + static_cast<std::size_t>(n)) % orders.size()];
        const std::string service = "service " + std::to_string(n % 2);
        const auto handler = [&](std::exception_ptr error) { done += error ? 0 : 1; };
        if (n % 3 == 0) {
          manager.execute(
              service,
              [&guarded]() -> net::awaitable<void> {
                ++guarded;
                co_await hop();
                ++guarded;
              },
              options, handler);
        } else {
          manager.execute(
              service, [&guarded] { guarded += 2; }, options, handler);
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  pool.join();  // hangs on a deadlock
  CHECK(done == 3 * each);
  CHECK(guarded == 2 * 3 * each);
  for (const auto& [name, stats] : manager.stats().semaphores) {
    CHECK(stats.available == stats.permits);
    CHECK(stats.acquired == stats.released);
  }
}

TEST_CASE("raising and lowering limits under load loses no call and no permit") {
  net::thread_pool pool(2);
  Manager manager(
      pool.get_executor(),
      {.defaults = {.maxConcurrent = 2, .maxQueueSize = unlimited, .queueTimeout = noTimeout},
       .semaphores = {{"a", 1}},
       .semaphoreTimeout = noTimeout});
  constexpr int calls = 4'000;
  std::atomic<int> done{0};
  std::thread changer([&] {
    for (std::size_t i = 0; done.load(std::memory_order_relaxed) < calls; ++i) {
      manager.apply({.defaults = {.maxConcurrent = 1 + i % 4,
                                  .maxQueueSize = unlimited,
                                  .queueTimeout = noTimeout},
                     .semaphores = {{"a", 1 + i % 3}},
                     .semaphoreTimeout = noTimeout});
    }
  });
  for (int i = 0; i < calls; ++i) {
    manager.execute(
        i % 2 == 0 ? "x" : "y", [] {}, {.semaphores = {"a"}},
        [&](std::exception_ptr error) { done += error ? 0 : 1; });
  }
  pool.join();
  changer.join();
  CHECK(done == calls);
  const auto stats = manager.stats();
  CHECK(stats.bulkheads.at("x").executed == calls / 2);
  CHECK(stats.bulkheads.at("y").executed == calls / 2);
  CHECK(stats.bulkheads.at("x").active == 0);
  CHECK(stats.semaphores.at("a").available == stats.semaphores.at("a").permits);
}

TEST_CASE("drainAll completes under steady load, and new calls fail with draining") {
  net::thread_pool pool(2);
  Manager manager(pool.get_executor(), {.defaults = {.maxConcurrent = 2, .maxQueueSize = 20},
                                        .semaphores = {{"a", 1}, {"b", 2}}});
  std::atomic<bool> stop{false};
  std::atomic<int> outstanding{0};
  std::atomic<std::uint64_t> ran{0}, refused{0}, others{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 2; ++t) {
    callers.emplace_back([&, t] {
      const bulwark::ManagerCallOptions options{.semaphores = {"a", "b"}};
      for (int n = t; !stop.load(std::memory_order_relaxed); ++n) {
        while (outstanding.load(std::memory_order_relaxed) > 100) std::this_thread::yield();
        ++outstanding;
        const auto handler = [&](std::exception_ptr error) {
          const auto code = errorCodeOf(error);
          ++(!code ? ran : code == Errc::draining ? refused : others);
          --outstanding;
        };
        const std::string service = "service " + std::to_string(n % 5);
        if (n % 2 == 0) {
          manager.execute(
              service, [] { return hop(); }, options, handler);
        } else {
          manager.execute(
              service, [] {}, options, handler);
        }
      }
    });
  }
  const auto moreOf = [](std::atomic<std::uint64_t>& counter) {
    const std::uint64_t before = counter.load();
    while (counter.load() == before) std::this_thread::yield();
  };
  for (int round = 0; round < 50; ++round) {
    moreOf(ran);
    std::latch drained(1);
    net::error_code result = net::error::fault;
    manager.drainAll([&](net::error_code code) {
      result = code;
      drained.count_down();
    });
    drained.wait();
    CHECK_FALSE(result);
    // Everything is closed and empty, although calls keep arriving.
    for (const auto& [name, stats] : manager.stats().bulkheads) {
      CHECK(stats.active == 0);
      CHECK(stats.queued == 0);
    }
    for (const auto& [name, stats] : manager.stats().semaphores) {
      CHECK(stats.available == stats.permits);
    }
    moreOf(refused);
    manager.resumeAll();
  }
  stop = true;
  for (std::thread& caller : callers) caller.join();
  pool.join();
  CHECK(outstanding == 0);
  std::uint64_t submitted = 0;
  for (const auto& [name, stats] : manager.stats().bulkheads) submitted += stats.submitted();
  CHECK(submitted == ran + refused + others);
}

TEST_CASE("a drain that is cancelled, resumed and completed at the same time ends once") {
  net::thread_pool pool(2);
  Manager manager(pool.get_executor(), {.semaphores = {{"a", 1}}});
  constexpr int rounds = 500;
  std::atomic<int> ended{0}, wrong{0};
  for (int i = 0; i < rounds; ++i) {
    bulwark::Permit permit = manager.bulkhead("x").tryAcquire();
    bulwark::Permit other = manager.semaphore("a")->tryAcquire();
    std::latch done(1), ready(2);
    net::cancellation_signal signal;
    manager.drainAll(net::bind_cancellation_slot(signal.slot(), [&](net::error_code code) {
      if (code && code != net::error::operation_aborted) ++wrong;
      ++ended;
      done.count_down();
    }));
    std::thread releaser([&] {
      ready.arrive_and_wait();
      permit.release();
      other.release();
    });
    ready.arrive_and_wait();
    if (i % 3 == 0) signal.emit(net::cancellation_type::terminal);
    if (i % 3 == 1) manager.resumeAll();
    done.wait();
    releaser.join();
    manager.resumeAll();
  }
  pool.join();
  CHECK(ended == rounds);
  CHECK(wrong == 0);
}
