#include <bulwark/bulwark.hpp>

#include BULWARK_NET(io_context.hpp)

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

#include "support/catch.hpp"

// Threads that block. No thread runs the context unless a test says so.

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Errc;
using bulwark::errorCodeOf;
using bulwark::noTimeout;
using bulwark::Permit;
using bulwark::SemaphoreBulkhead;
using bulwark::SemaphoreStats;

namespace {

using Semaphore = SemaphoreBulkhead<>;

/// Returns once `calls` calls wait, so that the next one queues behind them.
void untilWaiting(const Semaphore& semaphore, std::size_t calls) {
  while (semaphore.stats().waiting != calls) std::this_thread::yield();
}

/// A thread that blocks in acquire().
class Blocked {
 public:
  Blocked(Semaphore& semaphore, bulwark::AcquireOptions options)
      : thread_([this, &semaphore, options] {
          try {
            permit_ = semaphore.acquire(options);
          } catch (...) {
            error_ = std::current_exception();
          }
        }) {}
  ~Blocked() {
    if (thread_.joinable()) thread_.join();
  }

  /// Its error; without one it has a permit.
  net::error_code join() {
    thread_.join();
    return errorCodeOf(error_);
  }
  const std::exception_ptr& error() const { return error_; }
  Permit& permit() { return permit_; }

 private:
  Permit permit_;
  std::exception_ptr error_;
  std::thread thread_;
};

constexpr bulwark::AcquireOptions patiently{.timeout = noTimeout, .permits = 1};

}  // namespace

TEST_CASE("a blocked thread wakes when another thread releases a permit") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1});
  Permit held = semaphore.tryAcquire();
  Blocked thread(semaphore, patiently);
  untilWaiting(semaphore, 1);
  CHECK(semaphore.stats().acquired == 1);
  held.release();
  CHECK(thread.join() == net::error_code());
  CHECK(thread.permit().count() == 1);
  CHECK(semaphore.stats().available == 0);
  thread.permit().release();
  CHECK(semaphore.stats().available == 1);
  CHECK(semaphore.stats().waitTime.count() == 1);
}

TEST_CASE(
    "a blocked thread times out by itself, never early, without a thread that runs the context") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1, .acquireTimeout = 1ms});
  Permit held = semaphore.tryAcquire();
  for (const auto timeout : {1us, 500us, 3000us}) {
    const auto begun = std::chrono::steady_clock::now();
    CHECK_THROWS_AS(semaphore.acquire({.timeout = timeout}), bulwark::BulkheadTimeoutError);
    CHECK(std::chrono::steady_clock::now() - begun >= timeout);
  }
  const auto begun = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(semaphore.withPermit([] {}), bulwark::BulkheadTimeoutError);
  CHECK(std::chrono::steady_clock::now() - begun >= 1ms);
  CHECK(semaphore.stats().timedOut == 4);
  CHECK(semaphore.stats().waiting == 0);
  held.release();
  CHECK(semaphore.acquire().count() == 1);
}

TEST_CASE("threads that are blocked when the semaphore is destroyed get operation_aborted") {
  net::io_context io;
  std::optional<Semaphore> semaphore(std::in_place, io,
                                     bulwark::SemaphoreConfig{.name = "cpu", .permits = 3});
  Permit held = semaphore->tryAcquire(3);
  Blocked patient(*semaphore, patiently);
  untilWaiting(*semaphore, 1);
  Blocked timed(*semaphore, {.timeout = 1h, .permits = 2});
  untilWaiting(*semaphore, 2);
  std::atomic<bool> ran{false};
  std::exception_ptr error;
  std::thread working([&, target = &*semaphore] {
    try {
      target->withPermit([&] { ran = true; }, patiently);
    } catch (...) {
      error = std::current_exception();
    }
  });
  untilWaiting(*semaphore, 3);
  semaphore.reset();
  working.join();
  CHECK(patient.join() == net::error::operation_aborted);
  CHECK(timed.join() == net::error::operation_aborted);
  CHECK(errorCodeOf(error) == net::error::operation_aborted);
  CHECK_FALSE(ran);
  CHECK_THROWS_AS(std::rethrow_exception(patient.error()), net::system_error);
  held.release();  // the permit outlives the semaphore
}

TEST_CASE("blocked threads and asynchronous calls share one FIFO queue") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1});
  Permit held = semaphore.tryAcquire();
  // Guarded only by the semaphore.
  std::vector<int> order;
  const auto blocks = [&](int number) {
    return std::thread([&, number] {
      const Permit permit = semaphore.acquire(patiently);
      order.push_back(number);
    });
  };
  const auto waits = [&](int number) {
    semaphore.acquire(patiently, [&, number](net::error_code error, Permit) {
      order.push_back(error ? -1 : number);
    });
  };
  std::thread first = blocks(1);
  untilWaiting(semaphore, 1);
  waits(2);
  std::thread third = blocks(3);
  untilWaiting(semaphore, 3);
  waits(4);
  std::thread fifth = blocks(5);
  untilWaiting(semaphore, 5);
  held.release();
  io.run();
  first.join();
  third.join();
  fifth.join();
  CHECK(order == std::vector<int>{1, 2, 3, 4, 5});
}

TEST_CASE("a drain fails blocked threads, and completes with the last permit") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1});
  Permit held = semaphore.tryAcquire();
  Blocked first(semaphore, patiently);
  Blocked second(semaphore, {.timeout = 1h});
  untilWaiting(semaphore, 2);
  int drained = 0;
  semaphore.drain([&](net::error_code error) { drained = error ? -1 : 1; });
  CHECK(first.join() == Errc::draining);
  CHECK(second.join() == Errc::draining);
  CHECK_THROWS_AS(std::rethrow_exception(first.error()), bulwark::BulkheadDrainingError);
  io.poll();
  CHECK(drained == 0);
  std::thread([&] { held.release(); }).join();
  io.run();
  CHECK(drained == 1);
  CHECK_THROWS_AS(semaphore.acquire(), bulwark::BulkheadDrainingError);
  CHECK(semaphore.stats().drained == 3);
}

TEST_CASE("a thread that waits for several permits and times out lets in the thread behind it") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 2});
  const Permit held = semaphore.tryAcquire();
  Blocked heavy(semaphore, {.timeout = 20ms, .permits = 2});
  while (semaphore.stats().waiting + semaphore.stats().timedOut == 0) std::this_thread::yield();
  Blocked light(semaphore, patiently);
  CHECK(heavy.join() == Errc::queueTimeout);
  CHECK(light.join() == net::error_code());  // no permit was released
}

TEST_CASE("more permits or a change of the mode wake blocked threads") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1});
  const Permit held = semaphore.tryAcquire();
  std::optional<Blocked> threads[4];
  for (std::size_t i = 0; i < 4; ++i) {
    threads[i].emplace(semaphore, patiently);
    untilWaiting(semaphore, i + 1);
  }
  semaphore.updateConfig({.permits = 3});
  CHECK(threads[0]->join() == net::error_code());
  CHECK(threads[1]->join() == net::error_code());
  CHECK(semaphore.stats().waiting == 2);
  semaphore.updateConfig({.mode = bulwark::Mode::observe});
  CHECK(threads[2]->join() == net::error_code());
  CHECK(threads[3]->join() == net::error_code());
  CHECK(semaphore.stats().overLimit == 2);
}

TEST_CASE("a resize below the weight of a blocked thread fails that thread") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 3});
  const Permit held = semaphore.tryAcquire();
  Blocked heavy(semaphore, {.timeout = noTimeout, .permits = 3});
  untilWaiting(semaphore, 1);
  semaphore.updateConfig({.permits = 2});
  CHECK(heavy.join() == Errc::queueFull);
}

TEST_CASE("withPermit under a limit of 1 needs no other lock") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1, .acquireTimeout = noTimeout});
  constexpr int each = 2'000;
  int counter = 0;
  int failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) {
        try {
          const int now = semaphore.withPermit([&] {
            if (++counter % 7 == 0) throw counter;
            return counter;
          });
          if (now % 7 == 0) std::terminate();
        } catch (int) {
          semaphore.withPermit([&] { ++failures; });
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(counter == 4 * each);
  CHECK(failures == 4 * each / 7);
  const SemaphoreStats stats = semaphore.stats();
  CHECK(stats.available == 1);
  CHECK(stats.acquired == static_cast<std::size_t>(counter + failures));
  CHECK(stats.released == stats.acquired);
  CHECK(stats.executionTime.count() == stats.acquired);
}

TEST_CASE("a permit that is released just as a thread times out is not lost") {
  net::io_context io;
  Semaphore semaphore(io, {.name = "cpu", .permits = 1});
  constexpr int rounds = 3'000;
  std::barrier together(2);
  Permit held;
  int got = 0;
  int timedOut = 0;
  int lost = 0;
  std::thread blocks([&] {
    for (int i = 0; i < rounds; ++i) {
      together.arrive_and_wait();
      try {
        const Permit permit = semaphore.acquire({.timeout = std::chrono::microseconds(i % 40)});
        ++got;
      } catch (const bulwark::BulkheadError&) {
        ++timedOut;
      }
      together.arrive_and_wait();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    held = semaphore.tryAcquire();
    if (!held) ++lost;
    together.arrive_and_wait();
    for (int spin = 0; spin < (i % 64) * 16; ++spin)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    held.release();
    together.arrive_and_wait();
  }
  blocks.join();
  CHECK(lost == 0);
  CHECK(got + timedOut == rounds);
  const SemaphoreStats stats = semaphore.stats();
  CHECK(stats.available == 1);
  CHECK(stats.timedOut + stats.rejected == static_cast<std::size_t>(timedOut));
  CHECK(stats.acquired == static_cast<std::size_t>(rounds + got));
}

TEST_CASE("an inner withPermit waits when another thread can release a permit", "[semaphore]") {
  net::io_context io;
  bulwark::SemaphoreBulkhead semaphore(io, {.name = "cpu", .permits = 2, .acquireTimeout = 1h});
  bulwark::Permit elsewhere = semaphore.tryAcquire();
  bool ran = false;
  std::thread worker(
      [&] { semaphore.withPermit([&] { semaphore.withPermit([&] { ran = true; }); }); });
  while (semaphore.stats().waiting == 0) std::this_thread::yield();
  elsewhere.release();
  worker.join();
  CHECK(ran);
  CHECK(semaphore.stats().available == 2);
}

#if (defined(__unix__) && !defined(__ANDROID__)) || defined(__APPLE__)

TEST_CASE("a thread that pthread_cancel cancels while it waits ends after the wait") {
  net::io_context io;
  const bool timed = GENERATE(false, true);
  Semaphore semaphore{io,
                      {.name = "modem",
                       .permits = 1,
                       .acquireTimeout = timed ? std::chrono::nanoseconds(24h) : noTimeout}};
  Permit held = semaphore.tryAcquire();
  struct Cancelled {
    Semaphore& semaphore;
    const bool early;  // the request is pending before the thread waits
    bool granted = false;
    int state = -1;

    static void* run(void* self) {
      auto& me = *static_cast<Cancelled*>(self);
      if (me.early) pthread_cancel(pthread_self());
      const Permit permit = me.semaphore.acquire();
      me.granted = static_cast<bool>(permit);
      pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &me.state);
      pthread_testcancel();  // does not return
      return nullptr;
    }
  };
  Cancelled cancelled{semaphore, GENERATE(false, true)};
  pthread_t thread{};
  REQUIRE(pthread_create(&thread, nullptr, &Cancelled::run, &cancelled) == 0);
  untilWaiting(semaphore, 1);
  if (!cancelled.early) pthread_cancel(thread);
  held.release();
  void* result = nullptr;
  REQUIRE(pthread_join(thread, &result) == 0);
  CHECK(result == PTHREAD_CANCELED);
  CHECK(cancelled.granted);
  CHECK(cancelled.state == PTHREAD_CANCEL_ENABLE);
  CHECK(semaphore.stats().available == 1);
  CHECK(semaphore.stats().waiting == 0);
}

#endif
