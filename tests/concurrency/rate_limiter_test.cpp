#include <bulwark/rate_limiter.hpp>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

#include BULWARK_NET(io_context.hpp)

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace net = bulwark::net;
using namespace std::chrono_literals;

using RateLimiter = bulwark::RateLimiter<net::io_context::executor_type, ManualClock>;

namespace {

// A sanitizer takes ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t tries = 100'000;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t tries = 100'000;
#else
constexpr std::size_t tries = 1'000'000;
#endif
#else
constexpr std::size_t tries = 1'000'000;
#endif

constexpr std::size_t threads = 8;

/// Calls tryAcquire() from all threads. Returns how many permits they got. The clock moves by
/// `step` before each try.
std::size_t granted(RateLimiter& limiter, std::chrono::nanoseconds step) {
  std::atomic<std::size_t> sum{0};
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      std::size_t mine = 0;
      for (std::size_t n = 0; n < tries; ++n) {
        ManualClock::advance(step);
        mine += limiter.tryAcquire() ? 1 : 0;
      }
      sum += mine;
    });
  }
  for (std::thread& thread : all) thread.join();
  return sum;
}

}  // namespace

TEST_CASE("threads get exactly the burst while the time stands still", "[rate]") {
  ManualClock::reset();
  net::io_context io;
  constexpr std::size_t burst = threads * tries / 2;
  RateLimiter limiter{io, {.name = "ai", .permits = 1'000'000, .burst = burst}};
  CHECK(granted(limiter, 0ns) == burst);
  CHECK(limiter.stats().executed == burst);
}

TEST_CASE("threads get exactly what the rate earns while the time moves", "[rate]") {
  ManualClock::reset();
  net::io_context io;
  // A permit a microsecond. The burst holds all that is earned, so no permit is lost.
  RateLimiter limiter{io, {.name = "ai", .permits = 1'000'000, .burst = threads * tries}};
  while (limiter.tryAcquire(1000)) {
  }
  REQUIRE_FALSE(limiter.tryAcquire());
  std::size_t sum = granted(limiter, 100ns);
  while (limiter.tryAcquire()) ++sum;  // a thread may have read the clock before its last moves
  CHECK(sum == threads * tries / 10);
}
