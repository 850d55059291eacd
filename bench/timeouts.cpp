// What does it cost when waiting calls time out? n calls behind one permit that is never released,
// on a clock that is moved by hand; per call:
//
//   mass    all have the same timeout, which passes: every call completes with it
//   mass_2  the same, with a context that two threads run
//   stall   the same as mass; the counter `stall` is the longest time that one handler kept the
//   thread mixed   each has a different timeout, in random order: queued, and timed out one after
//   the
//           other

#include <algorithm>
#include <numeric>
#include <random>
#include <thread>

#include "manual_clock.hpp"
#include "support/waiting_calls.hpp"

namespace {

using namespace bulwark;
using namespace std::chrono_literals;

/// One call a nanosecond, so that timers of the same duration expire in the order of the calls.
template <typename Queue>
void restartClockAndAdd(Queue& queue, std::size_t n) {
  ManualClock::reset();
  for (std::size_t i = 0; i < n; ++i) {
    ManualClock::advance(1ns);
    queue.add();
  }
}

template <typename Queue>
void mass(benchmark::State& state) {
  measureQueue<Queue>(state, restartClockAndAdd<Queue>, [](Queue& queue, std::size_t) {
    ManualClock::advance(1min);
    queue.io.poll();
  });
}

template <typename Queue>
void massOnTwoThreads(benchmark::State& state) {
  measureQueue<Queue>(state, restartClockAndAdd<Queue>, [](Queue& queue, std::size_t) {
    ManualClock::advance(1min);
    std::jthread other([&queue] { queue.io.run(); });
    queue.io.run();
  });
}

template <typename Queue>
void stall(benchmark::State& state) {
  std::chrono::duration<double> longest{0};
  measureQueue<Queue>(state, restartClockAndAdd<Queue>, [&longest](Queue& queue, std::size_t) {
    longest = {};
    ManualClock::advance(1min);
    for (auto before = std::chrono::steady_clock::now(); queue.io.poll_one() != 0;) {
      const auto after = std::chrono::steady_clock::now();
      longest = std::max<std::chrono::duration<double>>(longest, after - before);
      before = after;
    }
  });
  state.counters["stall"] = longest.count();
}

/// 1 to n milliseconds, shuffled.
std::vector<std::chrono::milliseconds> shuffledTimeouts(std::size_t n) {
  std::vector<std::chrono::milliseconds> timeouts(n);
  std::iota(timeouts.begin(), timeouts.end(), 1ms);
  std::shuffle(timeouts.begin(), timeouts.end(), std::mt19937_64(1));
  return timeouts;
}

template <typename Queue>
void mixed(benchmark::State& state) {
  const auto timeouts = shuffledTimeouts(static_cast<std::size_t>(state.range(0)));
  measureQueue<Queue>(
      state, [](Queue&, std::size_t) { ManualClock::reset(); },
      [&timeouts](Queue& queue, std::size_t) {
        for (const auto timeout : timeouts) queue.add(timeout);
        // A hundred steps, so that a part of the waiting calls is overdue in each.
        for (std::size_t step = 0; step < 100; ++step) {
          ManualClock::advance(timeouts.size() / 100 * 1ms);
          queue.io.poll();
        }
      });
}

const bool registered = [] {
  constexpr std::int64_t k = 1000;
  using Ours = BulkheadQueue<ManualClock>;
  using Naive = NaiveQueue<ManualClock>;
  forWaiters("mass/bulkhead", mass<Ours>, {k, 10 * k, 100 * k, 1000 * k});
  forWaiters("mass/naive", mass<Naive>, {k, 10 * k, 100 * k});
  forWaiters("mass_2/bulkhead", massOnTwoThreads<BulkheadQueue<ManualClock, 2>>, {10 * k});
  forWaiters("mass_2/naive", massOnTwoThreads<NaiveQueue<ManualClock, 2>>, {10 * k});
  forWaiters("stall/bulkhead", stall<Ours>, {100 * k});
  forWaiters("stall/naive", stall<Naive>, {100 * k});
  forWaiters("mixed/bulkhead", mixed<Ours>, {k, 10 * k, 100 * k});
  forWaiters("mixed/naive", mixed<Naive>, {k, 10 * k});  // each timeout searches the queue
  return true;
}();

}  // namespace
