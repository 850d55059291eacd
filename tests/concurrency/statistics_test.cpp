#include <bulwark/detail/telemetry/statistics.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/injection.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Count;
using bulwark::detail::Statistics;

namespace {

/// More than there are shards for single threads.
constexpr std::size_t threads = Statistics::maxShards + 4;
constexpr std::uint64_t each = 5'000;

/// Runs `work(thread)` on that many threads that are alive at the same time.
template <typename F>
void onThreads(std::size_t count, F work) {
  std::barrier together(static_cast<std::ptrdiff_t>(count));
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < count; ++i) {
    running.emplace_back([&together, &work, i] {
      together.arrive_and_wait();
      work(i);
      together.arrive_and_wait();
    });
  }
  for (std::thread& thread : running) thread.join();
}

}  // namespace

TEST_CASE("counts of more threads than there are shards add up exactly") {
  Statistics statistics;
  onThreads(threads, [&](std::size_t thread) {
    for (std::uint64_t i = 0; i < each; ++i) {
      statistics.count(Count::rejected);
      statistics.recordExecution(thread % 2 == 0 ? Count::executed : Count::failed, 3us);
    }
  });
  const auto snapshot = statistics.read();
  CHECK(snapshot[Count::rejected] == threads * each);
  CHECK(snapshot[Count::executed] == threads / 2 * each);
  CHECK(snapshot[Count::failed] == threads / 2 * each);
  CHECK(snapshot.execution.count() == threads * each);
  CHECK(snapshot.execution.sum() == static_cast<std::int64_t>(threads * each) * 3us);
  CHECK(snapshot.execution.min() == 3us);
  CHECK(snapshot.execution.max() == 3us);
}

TEST_CASE("waits of several threads add up exactly, whichever thread creates the histogram") {
  Statistics statistics;
  onThreads(4, [&](std::size_t) {
    for (std::uint64_t i = 0; i < each; ++i) {
      statistics.ensureWaitHistogram();
      statistics.recordWait(2ms);
    }
  });
  CHECK(statistics.read().wait.count() == 4 * each);
  CHECK(statistics.read().wait.sum() == static_cast<std::int64_t>(4 * each) * 2ms);
}

TEST_CASE("one thread may take back what another counted") {
  Statistics statistics;
  onThreads(threads, [&](std::size_t thread) {
    for (std::uint64_t i = 0; i < each; ++i) {
      if (thread % 2 == 0) {
        statistics.count(Count::acquired);
      } else {
        statistics.uncount(Count::acquired);
      }
    }
  });
  CHECK(statistics.read()[Count::acquired] == 0);
}

TEST_CASE("threads that run one after another use no more shards than a single thread") {
  Statistics statistics;
  for (std::size_t i = 0; i < 3 * Statistics::maxShards; ++i) {
    onThreads(1, [&](std::size_t) { statistics.count(Count::executed); });
  }
  CHECK(statistics.read()[Count::executed] == 3 * Statistics::maxShards);
}

TEST_CASE(
    "a counter that is read while it is written never falls, and never exceeds what was counted") {
  Statistics statistics;
  std::atomic<bool> fell{false};
  onThreads(3, [&](std::size_t thread) {
    if (thread > 0) {
      for (std::uint64_t i = 0; i < each; ++i) statistics.recordExecution(Count::executed, 5us);
      return;
    }
    std::uint64_t before = 0;
    for (int i = 0; i < 500; ++i) {
      const std::uint64_t now = statistics.read()[Count::executed];
      if (now < before || now > 2 * each) fell = true;
      before = now;
    }
  });
  CHECK_FALSE(fell);
}

TEST_CASE("totals never fall and lose nothing while threads count and reset") {
  Statistics statistics;
  constexpr std::array<std::size_t, 1> whole{bulwark::detail::BucketLayout::size};
  struct Totals {
    std::array<std::uint64_t, bulwark::detail::countKinds> counts{};
    std::array<std::uint64_t, 2> execution{}, wait{};
  };
  const auto read = [&] {
    Totals totals;
    statistics.addTo({.ends = whole,
                      .counts = totals.counts.data(),
                      .execution = totals.execution.data(),
                      .wait = totals.wait.data()});
    return totals;
  };
  constexpr auto executed = static_cast<std::size_t>(Count::executed);
  std::atomic<bool> fell{false};
  onThreads(threads, [&](std::size_t thread) {
    Totals before;
    for (std::uint64_t i = 0; i < each; ++i) {
      if (thread == 0 && i % 16 == 0) statistics.reset();
      statistics.recordExecution(Count::executed, 3us);
      if (thread == 1 && i % 16 == 0) {
        const Totals now = read();
        if (now.counts[executed] < before.counts[executed]) fell = true;
        if (now.execution[0] < before.execution[0]) fell = true;
        if (now.execution[1] < before.execution[1]) fell = true;
        before = now;
      }
    }
  });
  CHECK_FALSE(fell);
  CHECK(read().counts[executed] == threads * each);
  CHECK(read().execution[0] == threads * each);
  CHECK(read().execution[1] == threads * each * 3000);
}

TEST_CASE("a reset is not undone by threads that count at the same time") {
  Statistics statistics;
  onThreads(threads, [&](std::size_t thread) {
    for (std::uint64_t i = 0; i < each; ++i) {
      if (thread == 0 && i % 16 == 0) statistics.reset();
      statistics.count(Count::drained);
    }
  });
  CHECK(statistics.read()[Count::drained] <= threads * each);
  statistics.reset();
  CHECK(statistics.read()[Count::drained] == 0);
  onThreads(threads, [&](std::size_t) { statistics.count(Count::drained); });
  CHECK(statistics.read()[Count::drained] == threads);
}

TEST_CASE("a thread whose allocation fails still counts, and loses only its timings") {
  using injection::Plan;
  std::size_t failing = 0;
  for (bool struck = true; struck; ++failing) {
    Statistics statistics;
    statistics.count(Count::executed);  // the shard that is built in is this thread's
    Plan::kind = injection::Point::object;
    Plan::count = 0;
    Plan::failing = failing;
    std::thread other([&] {
      const injection::Armed armed;
      statistics.recordExecution(Count::executed, 3us);
      statistics.count(Count::rejected);
    });
    other.join();
    struck = Plan::count > failing;
    const auto read = statistics.read();
    CHECK(read[Count::executed] == 2);
    CHECK(read[Count::rejected] == 1);
    CHECK((read.execution.count() == 1 || struck));
  }
  CHECK(failing == 4);  // the table of shards, the shard, its histogram, and a run without failure
}
