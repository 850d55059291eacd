#include <bulwark/detail/telemetry/statistics.hpp>
#include <bulwark/stats.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "support/catch.hpp"

// tests/concurrency/statistics_test.cpp covers several threads.

using namespace std::chrono_literals;
using bulwark::BulkheadStats;
using bulwark::detail::Count;
using bulwark::detail::countKinds;
using bulwark::detail::Statistics;
using bulwark::detail::ThreadSeat;

TEST_CASE("new statistics are all zero") {
  const Statistics statistics;
  const auto snapshot = statistics.read();
  for (const std::uint64_t count : snapshot.counts) CHECK(count == 0);
  CHECK(snapshot.execution.count() == 0);
  CHECK(snapshot.wait.count() == 0);
}

TEST_CASE("every kind is counted separately") {
  Statistics statistics;
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    for (std::size_t i = 0; i <= kind; ++i) statistics.count(static_cast<Count>(kind));
  }
  const auto snapshot = statistics.read();
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    CHECK(snapshot[static_cast<Count>(kind)] == kind + 1);
  }
}

TEST_CASE("uncount undoes a count") {
  Statistics statistics;
  statistics.count(Count::rejected);
  statistics.count(Count::rejected);
  statistics.uncount(Count::rejected);
  CHECK(statistics.read()[Count::rejected] == 1);
  statistics.uncount(Count::rejected);
  CHECK(statistics.read()[Count::rejected] == 0);
}

TEST_CASE("an uncount after a reset leaves zero and does not wrap") {
  Statistics statistics;
  statistics.count(Count::acquired);
  statistics.reset();
  statistics.uncount(Count::acquired);
  CHECK(statistics.read()[Count::acquired] == 0);
}

TEST_CASE("an uncount before its count cancels it") {
  Statistics statistics;
  statistics.uncount(Count::acquired);
  statistics.count(Count::acquired);
  CHECK(statistics.read()[Count::acquired] == 0);
}

TEST_CASE("an execution is counted with its duration, executed or failed") {
  Statistics statistics;
  statistics.recordExecution(Count::executed, 5ms);
  statistics.recordExecution(Count::failed, 7ms);
  const auto snapshot = statistics.read();
  CHECK(snapshot[Count::executed] == 1);
  CHECK(snapshot[Count::failed] == 1);
  CHECK(snapshot.execution.count() == 2);
  CHECK(snapshot.execution.sum() == 12ms);
  CHECK(snapshot.wait.count() == 0);
}

TEST_CASE("waits have their own histogram, which may be requested repeatedly") {
  Statistics statistics;
  statistics.ensureWaitHistogram();
  CHECK(statistics.read().wait.count() == 0);
  statistics.recordWait(3ms);
  statistics.ensureWaitHistogram();
  statistics.recordWait(4ms);
  const auto snapshot = statistics.read();
  CHECK(snapshot.wait.count() == 2);
  CHECK(snapshot.wait.min() == 3ms);
  CHECK(snapshot.wait.max() == 4ms);
  CHECK(snapshot.execution.count() == 0);
}

TEST_CASE("reset zeroes counters and histograms, and counting continues from zero") {
  Statistics statistics;
  statistics.ensureWaitHistogram();
  statistics.count(Count::rejected);
  statistics.recordExecution(Count::executed, 5ms);
  statistics.recordWait(5ms);
  statistics.reset();
  const auto zero = statistics.read();
  for (const std::uint64_t count : zero.counts) CHECK(count == 0);
  CHECK(zero.execution.count() == 0);
  CHECK(zero.execution.max() == 0ns);
  CHECK(zero.wait.count() == 0);
  statistics.count(Count::rejected);
  statistics.recordExecution(Count::executed, 2ms);
  statistics.recordWait(1ms);
  const auto after = statistics.read();
  CHECK(after[Count::rejected] == 1);
  CHECK(after[Count::executed] == 1);
  CHECK(after.execution.sum() == 2ms);
  CHECK(after.execution.min() == 2ms);
  CHECK(after.wait.sum() == 1ms);
}

TEST_CASE("two statistics on one thread are independent") {
  Statistics one, other;
  one.count(Count::drained);
  CHECK(other.read()[Count::drained] == 0);
}

// --- the seat of the thread ----------------------------------------------------------------------

TEST_CASE("the next thread on a seat goes on with the counts of the one before it") {
  Statistics statistics;
  statistics.count(Count::rejected);
  statistics.recordExecution(Count::executed, 5ms);
  ThreadSeat::giveBack();  // from here on, this is another thread
  statistics.count(Count::rejected);
  statistics.recordExecution(Count::executed, 7ms);
  statistics.reset();
  ThreadSeat::giveBack();
  CHECK(statistics.read()[Count::rejected] == 0);
  statistics.count(Count::rejected);
  CHECK(statistics.read()[Count::rejected] == 1);
  CHECK(statistics.read().execution.count() == 0);
}

TEST_CASE("a thread that has given its seat back for good counts all the same") {
  Statistics statistics;
  statistics.count(Count::rejected);
  ThreadSeat::end();
  for (std::uint64_t life = 0; life < 3; ++life) {
    CHECK(statistics.read()[Count::rejected] == (life == 0 ? 1 : 0));
    statistics.count(Count::rejected);
    statistics.uncount(Count::rejected);
    statistics.recordExecution(Count::failed, 5ms);
    CHECK(statistics.read()[Count::failed] == 1);
    CHECK(statistics.read().execution.sum() == 5ms);
    statistics.prepareReset();
    statistics.reset();
    CHECK(statistics.read()[Count::failed] == 0);
    CHECK(statistics.read().execution.count() == 0);
  }
  statistics.count(Count::drained);
  CHECK(statistics.read()[Count::drained] == 1);
  ThreadSeat::giveBack();
}

// --- the totals ----------------------------------------------------------------------------------

namespace {

/// Totals with two parts of each histogram: up to 1 ms and above.
struct Totals {
  explicit Totals(const Statistics& statistics) {
    statistics.addTo({.ends = ends,
                      .counts = counts.data(),
                      .execution = execution.data(),
                      .wait = wait.data()});
  }

  using Parts = std::array<std::uint64_t, 3>;  // the two parts and the sum
  static constexpr std::array<std::size_t, 2> ends{bulwark::detail::BucketLayout::index(1'000'000),
                                                   bulwark::detail::BucketLayout::size};
  std::array<std::uint64_t, countKinds> counts{};
  Parts execution{};
  Parts wait{};
};

}  // namespace

TEST_CASE("totals cover the whole lifetime, however many resets it has") {
  Statistics statistics;
  statistics.ensureWaitHistogram();
  for (std::uint64_t life = 1; life <= 3; ++life) {
    statistics.count(Count::rejected);
    statistics.recordExecution(Count::executed, 10us);
    statistics.recordExecution(Count::failed, 5ms);
    statistics.recordWait(2ms);
    const Totals totals(statistics);
    CHECK(totals.counts[static_cast<std::size_t>(Count::rejected)] == life);
    CHECK(totals.counts[static_cast<std::size_t>(Count::executed)] == life);
    CHECK(totals.execution == Totals::Parts{life, life, life * 5'010'000});
    CHECK(totals.wait == Totals::Parts{0, life, life * 2'000'000});
    statistics.reset();
    CHECK(Totals(statistics).execution == totals.execution);
    CHECK(Totals(statistics).wait == totals.wait);
    CHECK(Totals(statistics).counts == totals.counts);
  }
}

TEST_CASE("totals include what a thread without a seat has recorded, before and after a reset") {
  Statistics statistics;
  statistics.recordExecution(Count::executed, 10us);
  ThreadSeat::end();
  for (std::uint64_t life = 1; life <= 3; ++life) {
    statistics.recordExecution(Count::executed, 5ms);
    const Totals totals(statistics);
    CHECK(totals.counts[static_cast<std::size_t>(Count::executed)] == life + 1);
    CHECK(totals.execution == Totals::Parts{1, life, 10'000 + life * 5'000'000});
    statistics.reset();
    CHECK(Totals(statistics).counts == totals.counts);
    CHECK(Totals(statistics).execution == totals.execution);
  }
  ThreadSeat::giveBack();
}

TEST_CASE("totals include the shortest and the longest duration of any period") {
  // Below, above and inside the range of the buckets, each alone in its period.
  std::vector<std::chrono::nanoseconds> lives{0ns, 2h, 1ms, 999us};
  std::sort(lives.begin(), lives.end());
  do {
    Statistics statistics;
    statistics.ensureWaitHistogram();
    std::uint64_t below = 0;
    std::uint64_t above = 0;
    std::uint64_t sum = 0;
    for (const auto duration : lives) {
      statistics.recordExecution(Count::executed, duration);
      statistics.recordWait(duration);
      ++(duration < 1ms - 50us ? below : above);  // 999 us is in the bucket of 1 ms
      sum += static_cast<std::uint64_t>(duration.count());
      CHECK(Totals(statistics).execution == Totals::Parts{below, above, sum});
      CHECK(Totals(statistics).wait == Totals::Parts{below, above, sum});
      statistics.reset();
      CHECK(Totals(statistics).wait == Totals::Parts{below, above, sum});
    }
    statistics.recordWait(1us);  // after a reset, and within the earlier extremes
    CHECK(Totals(statistics).wait == Totals::Parts{below + 1, above, sum + 1000});
  } while (std::next_permutation(lives.begin(), lives.end()));
}

TEST_CASE("totals of an uncount before its count are zero and do not wrap") {
  Statistics statistics;
  statistics.uncount(Count::acquired);
  CHECK(Totals(statistics).counts == decltype(Totals::counts){});
  statistics.count(Count::acquired);
  CHECK(Totals(statistics).counts == decltype(Totals::counts){});
}

// --- the public values ---------------------------------------------------------------------------

TEST_CASE("submitted() is the sum of ended, running and waiting calls") {
  BulkheadStats stats;
  CHECK(stats.submitted() == 0);
  stats.executed = 1;
  stats.failed = 20;
  stats.rejected = 300;
  stats.timedOut = 4'000;
  stats.cancelled = 50'000;
  stats.drained = 600'000;
  stats.running = 7'000'000;
  stats.queued = 80'000'000;
  stats.active = 1'000'000'000;  // permits, not calls
  stats.overLimit = 1'000'000'000;  // calls that are counted already
  CHECK(stats.submitted() == 87'654'321);
}

TEST_CASE("rates are shares of the submitted calls, and 0 without any") {
  BulkheadStats stats;
  CHECK(stats.rejectionRate() == 0.0);
  CHECK(stats.timeoutRate() == 0.0);
  stats.executed = 4;
  stats.rejected = 1;
  stats.timedOut = 2;
  stats.queued = 1;
  CHECK(stats.rejectionRate() == 0.125);
  CHECK(stats.timeoutRate() == 0.25);
}

TEST_CASE("utilization is the share of permits in use, at most 1, and 0 without permits") {
  BulkheadStats stats;
  CHECK(stats.utilization() == 0.0);
  stats.maxConcurrent = 4;
  stats.active = 1;
  CHECK(stats.utilization() == 0.25);
  stats.active = 9;
  CHECK(stats.utilization() == 1.0);
}

TEST_CASE("averages are 0 when nothing was measured") {
  const BulkheadStats stats;
  CHECK(stats.averageWaitTime() == 0ns);
  CHECK(stats.averageExecutionTime() == 0ns);
}

TEST_CASE("averages are the means of their histograms") {
  BulkheadStats stats;
  stats.waitTime = bulwark::HistogramSnapshot({{1ms, 2}}, 6ms, 1ms, 5ms);
  stats.executionTime = bulwark::HistogramSnapshot({{1ms, 4}}, 8ms, 1ms, 5ms);
  CHECK(stats.averageWaitTime() == 3ms);
  CHECK(stats.averageExecutionTime() == 2ms);
}
