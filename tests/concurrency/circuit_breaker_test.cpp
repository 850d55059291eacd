#include <bulwark/circuit_breaker.hpp>

#include "support/catch.hpp"

#include BULWARK_NET(thread_pool.hpp)

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::CircuitState;
using bulwark::Errc;

TEST_CASE("a breaker that opens and closes all the time loses no call and no change of state",
          "[breaker]") {
  constexpr int threads = 4;
  constexpr int calls = 20'000;
  net::thread_pool pool(threads);
  std::mutex mutex;
  std::vector<std::pair<CircuitState, CircuitState>> changes;
  std::atomic<bool> notifying{false}, twoAtOnce{false};
  bulwark::CircuitBreaker breaker(pool, {.slidingWindowSize = 8,
                                         .minimumCalls = 4,
                                         .openDuration = 20us,
                                         .halfOpenCalls = 3,
                                         .onStateChange =
                                             [&](CircuitState before, CircuitState after) {
                                               if (notifying.exchange(true)) twoAtOnce = true;
                                               {
                                                 const std::lock_guard lock(mutex);
                                                 changes.emplace_back(before, after);
                                               }
                                               notifying = false;
                                             },
                                         .probeTimeout = bulwark::noTimeout});
  std::atomic<std::uint64_t> succeeded{0}, failed{0}, refused{0}, other{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&, t] {
      for (int i = 0; i < calls; ++i) {
        breaker.execute(
            [sick = (i * 7 + t) % 3 == 0] {
              if (sick) throw std::runtime_error("unwell");
            },
            [&](std::exception_ptr error) {
              const auto code = bulwark::errorCodeOf(error);
              if (!code) {
                ++succeeded;
              } else if (code == net::error::fault) {
                ++failed;
              } else if (code == Errc::circuitOpen) {
                ++refused;
              } else {
                ++other;
              }
            });
        if (i % 512 == 0) static_cast<void>(breaker.stats());
      }
    });
  }
  for (auto& caller : callers) caller.join();
  pool.join();
  CHECK(succeeded + failed + refused == std::uint64_t{threads} * calls);
  CHECK(other == 0);
  const auto stats = breaker.stats();
  CHECK(stats.succeeded == succeeded);
  CHECK(stats.failed == failed);
  CHECK(stats.refused == refused);
  CHECK_FALSE(twoAtOnce);
  // Changes are reported in order: each begins in the state in which the previous one ended.
  CircuitState state = CircuitState::closed;
  std::uint64_t opened = 0;
  for (const auto& [before, after] : changes) {
    CHECK(before == state);
    CHECK(before != after);
    state = after;
    if (after == CircuitState::open) ++opened;
  }
  CHECK(stats.opened == opened);
}

TEST_CASE("a half-open breaker admits exactly its number of probes among concurrent calls",
          "[breaker]") {
  constexpr int probes = 3;
  constexpr int callers = 3;
  constexpr int callsEach = 20;
  for (int round = 0; round < 50; ++round) {
    net::thread_pool pool(probes + 1);
    bulwark::CircuitBreaker breaker(pool, {.minimumCalls = 1,
                                           .openDuration = 0s,
                                           .halfOpenCalls = probes,
                                           .probeTimeout = bulwark::noTimeout});
    std::promise<void> tripped;
    breaker.execute([] { throw std::runtime_error("unwell"); },
                    [&](std::exception_ptr) { tripped.set_value(); });
    tripped.get_future().wait();
    std::atomic<int> inside{0}, refused{0}, ended{0};
    std::atomic<bool> leave{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < callers; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < callsEach; ++i) {
          breaker.execute(
              [&] {
                ++inside;
                leave.wait(false);
              },
              [&](std::exception_ptr error) {
                if (error) ++refused;
                ++ended;
                ended.notify_all();
              });
        }
      });
    }
    for (auto& thread : threads) thread.join();
    // One thread of the pool is left to complete the calls that were refused.
    for (int seen = ended; seen < callers * callsEach - probes; seen = ended) ended.wait(seen);
    CHECK(inside <= probes);
    CHECK(refused == callers * callsEach - probes);
    CHECK(breaker.state() == CircuitState::halfOpen);
    leave = true;
    leave.notify_all();
    pool.join();
    CHECK(inside == probes);
    CHECK(breaker.state() == CircuitState::closed);
  }
}

TEST_CASE("slow calls and probe timeouts count once while many threads read the statistics",
          "[breaker]") {
  constexpr int threads = 4;
  constexpr int calls = 10'000;
  const bool resets = GENERATE(false, true);
  net::thread_pool pool(threads);
  std::vector<std::pair<CircuitState, CircuitState>> changes;  // notified one at a time
  bulwark::CircuitBreaker breaker(
      pool, {.slidingWindowSize = 8,
             .minimumCalls = 4,
             .slowCallDuration = 2us,
             .openDuration = 20us,
             .halfOpenCalls = 3,
             .onStateChange = [&](CircuitState before,
                                  CircuitState after) { changes.emplace_back(before, after); },
             .probeTimeout = 10us});
  std::atomic<std::uint64_t> executed{0}, refused{0}, ended{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> others;
  for (int t = 0; t < 2; ++t) {
    others.emplace_back([&] {
      while (!over) {
        static_cast<void>(breaker.state());
        static_cast<void>(breaker.stats());
        if (resets) {
          breaker.forceOpen();
          breaker.reset();
        }
        std::this_thread::yield();
      }
    });
  }
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&, t] {
      for (int i = 0; i < calls; ++i) {
        breaker.execute(
            [&executed, kind = (i * 7 + t) % 5] {
              ++executed;
              if (kind == 0) throw std::runtime_error("unwell");
              if (kind == 1) throw bulwark::BulkheadRejectedError("db");
              if (kind == 2) std::this_thread::yield();
            },
            [&](std::exception_ptr error) {
              if (bulwark::errorCodeOf(error) == Errc::circuitOpen) ++refused;
              ++ended;
            });
      }
    });
  }
  for (auto& caller : callers) caller.join();
  pool.join();
  over = true;
  for (auto& other : others) other.join();
  CHECK(ended == std::uint64_t{threads} * calls);
  CHECK(executed + refused == ended);
  const auto stats = breaker.stats();
  if (!resets) {
    CHECK(stats.succeeded + stats.failed + stats.ignored == executed);
    CHECK(stats.refused == refused);
    CHECK(stats.slow <= stats.succeeded + stats.failed);
  }
  CircuitState state = CircuitState::closed;
  std::uint64_t opened = 0;
  for (const auto& [before, after] : changes) {
    CHECK(before == state);
    CHECK(before != after);
    state = after;
    if (after == CircuitState::open) ++opened;
  }
  if (!resets) CHECK(stats.opened == opened);
}
