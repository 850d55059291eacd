#include <bulwark/detail/telemetry/statistics.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "support/catch.hpp"
#include "support/injection.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Count;
using bulwark::detail::Statistics;

namespace {

/// More than the first table of shards has room for.
constexpr std::size_t threads = 24;
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

TEST_CASE("counts of many threads add up exactly") {
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

TEST_CASE("counts of more threads than two tables of shards have room for add up exactly") {
  constexpr std::size_t many = 100;
  Statistics statistics;
  for (int generation = 0; generation < 2; ++generation) {
    onThreads(many, [&](std::size_t) {
      for (int i = 0; i < 100; ++i) statistics.count(Count::executed);
    });
  }
  CHECK(statistics.read()[Count::executed] == 2 * many * 100);
}

TEST_CASE("threads that run one after another use no more shards than a single thread") {
  Statistics statistics;
  const auto oneMore = [&] {
    onThreads(1, [&](std::size_t) { statistics.recordExecution(Count::executed, 3us); });
  };
  oneMore();
  const auto blocks = injection::blocksAlive();
  for (std::size_t i = 1; i < 3 * threads; ++i) oneMore();
  CHECK(injection::blocksAlive() == blocks);
  CHECK(statistics.read()[Count::executed] == 3 * threads);
  CHECK(statistics.read().execution.count() == 3 * threads);
}

TEST_CASE("counts of threads that come and go add up exactly, and so do counts since a reset") {
  constexpr std::size_t lanes = 8;
  constexpr std::size_t lives = 40;
  constexpr std::uint64_t few = 50;
  Statistics statistics;
  // In each lane one thread follows the other, so that seats pass between all lanes.
  const auto run = [&] {
    onThreads(lanes, [&](std::size_t) {
      for (std::size_t life = 0; life < lives; ++life) {
        std::thread([&] {
          for (std::uint64_t i = 0; i < few; ++i) {
            statistics.count(Count::rejected);
            statistics.recordExecution(Count::executed, 3us);
          }
        }).join();
      }
    });
  };
  run();
  const auto blocks = injection::blocksAlive();
  CHECK(statistics.read()[Count::rejected] == lanes * lives * few);
  CHECK(statistics.read()[Count::executed] == lanes * lives * few);
  CHECK(statistics.read().execution.count() == lanes * lives * few);
  statistics.reset();
  CHECK(statistics.read()[Count::rejected] == 0);
  run();
  CHECK(statistics.read()[Count::rejected] == lanes * lives * few);
  CHECK(statistics.read().execution.count() == lanes * lives * few);
  // Two blocks for each shard that was cleared, one of each histogram; and new shards for at most
  // as many threads as lived at once.
  CHECK(injection::blocksAlive() - blocks <= 4 * static_cast<std::int64_t>(2 * lanes));
}

namespace {

/// Records something when its thread ends.
struct AtThreadEnd {
  explicit AtThreadEnd(Statistics& where) : statistics(where) {}
  AtThreadEnd(const AtThreadEnd&) = delete;
  AtThreadEnd& operator=(const AtThreadEnd&) = delete;
  ~AtThreadEnd() {
    statistics.count(Count::rejected);
    statistics.recordExecution(Count::failed, 5us);
  }

  Statistics& statistics;
};

}  // namespace

TEST_CASE("what a thread records after it has given its seat back is counted, too") {
  Statistics statistics;
  onThreads(threads, [&](std::size_t thread) {
    // Constructed before or after the thread takes its seat, so it is destroyed after or before the
    // thread gives that back.
    if (thread % 2 == 0) statistics.count(Count::executed);
    static thread_local const AtThreadEnd last(statistics);
    if (thread % 2 != 0) statistics.count(Count::executed);
  });
  CHECK(statistics.read()[Count::executed] == threads);
  CHECK(statistics.read()[Count::rejected] == threads);
  CHECK(statistics.read()[Count::failed] == threads);
  CHECK(statistics.read().execution.count() == threads);
  CHECK(statistics.read().execution.sum() == static_cast<std::int64_t>(threads) * 5us);
}

#if !defined(_WIN32)

TEST_CASE("the child process after a fork goes on counting, and reads what was counted before") {
  Statistics statistics;
  statistics.count(Count::executed);
  std::barrier together(4);
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      statistics.count(Count::executed);
      together.arrive_and_wait();  // until here before the fork
      together.arrive_and_wait();  // and alive until after it
    });
  }
  together.arrive_and_wait();
  const pid_t child = fork();
  if (child == 0) {
    statistics.count(Count::executed);
    const bool added = statistics.read()[Count::executed] == 5;
    statistics.reset();
    statistics.count(Count::executed);
    _exit(added && statistics.read()[Count::executed] == 1 ? 0 : 1);
  }
  together.arrive_and_wait();
  for (std::thread& thread : others) thread.join();
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(statistics.read()[Count::executed] == 4);
}

#endif

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
    statistics.count(Count::executed);  // the first shard is this thread's
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
  CHECK(failing == 4);  // the shard, the table of shards, its histogram, and a run without failure
}
