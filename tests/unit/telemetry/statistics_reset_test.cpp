#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"
#include "support/unit_support.hpp"

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

// Every public number is not zero before a reset(), then zero or, for a gauge, the current value,
// and counts as before from then on.

using bulwark::BulkheadStats;
using bulwark::HealthSummary;
using bulwark::HistogramSnapshot;
using bulwark::SemaphoreStats;
using std::chrono::nanoseconds;

namespace {

void isEmpty(const HistogramSnapshot& histogram) {
  CHECK(histogram.count() == 0);
  CHECK(histogram.sum() == 0ns);
  CHECK(histogram.min() == 0ns);
  CHECK(histogram.max() == 0ns);
  CHECK(histogram.mean() == 0ns);
  CHECK(histogram.percentile(50) == 0ns);
  CHECK(histogram.buckets().empty());
}

/// Checks for the two values 2 ms and 4 ms.
void hasTwoAndFour(const HistogramSnapshot& histogram) {
  CHECK(histogram.count() == 2);
  CHECK(histogram.sum() == 6ms);
  CHECK(histogram.min() == 2ms);
  CHECK(histogram.max() == 4ms);
  CHECK(histogram.mean() == 3ms);
  CHECK(histogram.percentile(50) == 2ms);
  CHECK(histogram.percentile(51) == 4ms);
  REQUIRE(histogram.buckets().size() == 2);
  CHECK(histogram.buckets()[0].count == 1);
  CHECK(histogram.buckets()[1].count == 1);
}

auto ignore() {
  return [](auto&&...) {};
}

/// Makes one call that waits `length` for its permit and then runs as long. Until then another
/// call, which is not counted here, holds the permit.
template <typename B, typename Execute>
void waitAndRun(Stage& stage, B& bulkhead, Execute execute, nanoseconds length) {
  Permit hold = bulkhead.tryAcquire();
  execute(length);
  ManualClock::advance(length);
  hold.release();
  stage.settle();
}

}  // namespace

// --- a bulkhead ----------------------------------------------------------------------------------

namespace {

struct BulkheadLife : Stage {
  Bulkhead bulkhead{io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 2, .queueTimeout = 1s}};

  /// Gives every counter a value of its own and leaves the bulkhead idle.
  void live() {
    bulkhead.updateConfig({.mode = Mode::enforce});
    for (int i = 0; i < 2; ++i) {  // rejected 2, timed out 3, cancelled 4, drained 5
      Permit hold = bulkhead.tryAcquire();
      bulkhead.acquire({.queueTimeout = 0s}, ignore());
    }
    Permit hold = bulkhead.tryAcquire();
    for (int i = 0; i < 3; ++i) {
      bulkhead.acquire(ignore());
      advance(1s);
    }
    for (int i = 0; i < 4; ++i) {
      net::cancellation_signal signal;
      bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), ignore()));
      signal.emit(net::cancellation_type::terminal);
      settle();
    }
    bulkhead.drain(ignore());
    for (int i = 0; i < 5; ++i) bulkhead.acquire(ignore());
    settle();
    bulkhead.resume();
    bulkhead.acquire(ignore());
    bulkhead.acquire(ignore());
    REQUIRE(bulkhead.stats().queued == 2);
    REQUIRE(bulkhead.stats().running == 1);
    bulkhead.updateConfig({.mode = Mode::observe});  // admits both, and one more
    bulkhead.acquire(ignore());
    hold.release();
    settle();
    for (int i = 0; i < 2; ++i) {
      bulkhead.execute([] { throw 1; }, ignore());
      settle();
    }
  }
};

}  // namespace

TEST_CASE("every counter of a bulkhead is zero after a reset and counts as before", "[stats]") {
  BulkheadLife life;
  Bulkhead& bulkhead = life.bulkhead;
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    life.live();
    const BulkheadStats before = bulkhead.stats();
    CHECK(before.executed == 2 + 1 + 3);
    CHECK(before.failed == 2);
    CHECK(before.rejected == 2);
    CHECK(before.timedOut == 3);
    CHECK(before.cancelled == 4);
    CHECK(before.drained == 5);
    CHECK(before.overLimit == 3);
    CHECK(before.peakActive == 4);
    CHECK(before.peakQueued == 2);
    CHECK(before.submitted() == 22);
    CHECK(before.rejectionRate() == 2.0 / 22);
    CHECK(before.timeoutRate() == 3.0 / 22);
    CHECK(before.executionTime.count() == 8);
    CHECK(before.averageExecutionTime() > 0ns);
    bulkhead.reset();
    const BulkheadStats after = bulkhead.stats();
    CHECK(after.executed == 0);
    CHECK(after.failed == 0);
    CHECK(after.rejected == 0);
    CHECK(after.timedOut == 0);
    CHECK(after.cancelled == 0);
    CHECK(after.drained == 0);
    CHECK(after.overLimit == 0);
    CHECK(after.peakActive == 0);
    CHECK(after.peakQueued == 0);
    CHECK(after.active == 0);
    CHECK(after.running == 0);
    CHECK(after.queued == 0);
    CHECK(after.submitted() == 0);
    CHECK(after.rejectionRate() == 0);
    CHECK(after.timeoutRate() == 0);
    CHECK(after.averageWaitTime() == 0ns);
    CHECK(after.averageExecutionTime() == 0ns);
    isEmpty(after.waitTime);
    isEmpty(after.executionTime);
    // The configuration is unchanged.
    CHECK(after.name == "db");
    CHECK(after.maxConcurrent == 1);
    CHECK(after.maxQueueSize == 2);
  }
}

TEST_CASE("the histograms of a bulkhead are empty after a reset and record as before", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const auto execute = [&](nanoseconds length) {
    bulkhead.execute([length] { ManualClock::advance(length); }, ignore());
  };
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    // The held permits count as executions too.
    waitAndRun(stage, bulkhead, execute, 2ms);
    waitAndRun(stage, bulkhead, execute, 4ms);
    hasTwoAndFour(bulkhead.stats().waitTime);
    CHECK(bulkhead.stats().averageWaitTime() == 3ms);
    CHECK(bulkhead.stats().executionTime.count() == 4);
    CHECK(bulkhead.stats().executionTime.sum() == 12ms);
    CHECK(bulkhead.stats().executionTime.min() == 2ms);
    CHECK(bulkhead.stats().executionTime.max() == 4ms);
    CHECK(bulkhead.stats().averageExecutionTime() == 3ms);
    bulkhead.reset();
    isEmpty(bulkhead.stats().waitTime);
    isEmpty(bulkhead.stats().executionTime);
  }
}

TEST_CASE("a reset sets both peaks to the current values", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  std::vector<Permit> holds;
  for (int i = 0; i < 4; ++i) holds.push_back(bulkhead.tryAcquire());
  Ending<> waiting[5];
  net::cancellation_signal signals[5];
  for (int i = 0; i < 5; ++i) {
    bulkhead.acquire(net::bind_cancellation_slot(signals[i].slot(), waiting[i].permitted()));
  }
  CHECK(bulkhead.stats().peakActive == 4);
  CHECK(bulkhead.stats().peakQueued == 5);
  for (int i : {4, 3}) signals[i].emit(net::cancellation_type::terminal);
  CHECK(bulkhead.stats().peakQueued == 5);
  bulkhead.reset();
  CHECK(bulkhead.stats().peakActive == 4);  // as many as run
  CHECK(bulkhead.stats().peakQueued == 3);  // as many as wait
  Ending<> another;
  bulkhead.acquire(another.permitted());
  CHECK(bulkhead.stats().peakQueued == 4);
  for (int i : {2, 1, 0}) signals[i].emit(net::cancellation_type::terminal);
  holds.clear();  // admits `another`
  CHECK(bulkhead.stats().peakActive == 4);
  CHECK(bulkhead.stats().peakQueued == 4);
  bulkhead.reset();
  CHECK(bulkhead.stats().peakActive == 1);
  CHECK(bulkhead.stats().peakQueued == 0);
  stage.settle();
  another.permit.release();
  CHECK(bulkhead.stats().peakActive == 1);
  bulkhead.reset();
  CHECK(bulkhead.stats().peakActive == 0);
  CHECK(bulkhead.stats().peakQueued == 0);
  // From there they rise again.
  Permit permit = bulkhead.tryAcquire(3);
  CHECK(bulkhead.stats().peakActive == 3);
  bulkhead.acquire({.permits = 2}, Ending<>().permitted());
  CHECK(bulkhead.stats().peakQueued == 1);
}

TEST_CASE("a reset changes no running or waiting call, no drain and no configuration", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s}};
  Ending<> waiting, drained, late;
  Permit hold = bulkhead.tryAcquire(2);
  bulkhead.acquire(waiting.permitted());
  SECTION("full, where the deadline of a waiting call stays") {
    bulkhead.reset();
    CHECK(countersOf(bulkhead) == Counters{.running = 1, .queued = 1});
    CHECK(bulkhead.stats().active == 2);
    CHECK(bulkhead.tryAcquire().count() == 0);
    stage.advance(1s - 1ns);
    CHECK(waiting.open());
    stage.advance(1ns);
    CHECK(waiting.is(Errc::queueTimeout));
    CHECK(countersOf(bulkhead) == Counters{.timedOut = 1, .running = 1});
    hold.release();
    CHECK(countersOf(bulkhead) == Counters{.executed = 1, .timedOut = 1});
  }
  SECTION("draining and drained") {
    bulkhead.drain(drained.coded());
    bulkhead.reset();
    stage.settle();
    CHECK(waiting.is(Errc::draining));
    CHECK(countersOf(bulkhead) == Counters{.running = 1});
    CHECK(drained.open());
    bulkhead.acquire(late.permitted());
    stage.settle();
    CHECK(late.is(Errc::draining));
    CHECK(countersOf(bulkhead) == Counters{.drained = 1, .running = 1});
    hold.release();
    bulkhead.reset();
    stage.settle();
    CHECK(drained.fine());
    CHECK(countersOf(bulkhead) == Counters{});
    CHECK_FALSE(bulkhead.tryAcquire());
    bulkhead.resume();
    CHECK(bulkhead.tryAcquire());
  }
  SECTION("in mode observe and in mode off") {
    const Mode mode = GENERATE(Mode::observe, Mode::off);
    bulkhead.updateConfig({.mode = mode});
    bulkhead.reset();
    CHECK(bulkhead.config().mode == mode);
    CHECK(bulkhead.stats().overLimit == 0);
    CHECK(bulkhead.stats().active == (mode == Mode::observe ? 3 : 2));
    CHECK(bulkhead.stats().peakActive == bulkhead.stats().active);
    stage.settle();
    CHECK(waiting.fine());
    waiting.permit.release();
    hold.release();
    CHECK(countersOf(bulkhead) == Counters{.executed = mode == Mode::observe ? 2U : 1U});
  }
}

// --- a semaphore ---------------------------------------------------------------------------------

namespace {

struct SemaphoreLife : Stage {
  Semaphore semaphore{io, {.name = "disk", .permits = 1, .maxQueueSize = 9, .acquireTimeout = 1s}};

  void live() {
    semaphore.updateConfig({.mode = Mode::enforce});
    for (int i = 0; i < 2; ++i) {
      Permit hold = semaphore.acquire();
      semaphore.acquire({.timeout = 0s}, ignore());
    }
    Permit hold = semaphore.acquire();
    for (int i = 0; i < 3; ++i) {
      semaphore.acquire(ignore());
      advance(1s);
    }
    for (int i = 0; i < 4; ++i) {
      net::cancellation_signal signal;
      semaphore.acquire(net::bind_cancellation_slot(signal.slot(), ignore()));
      signal.emit(net::cancellation_type::terminal);
      settle();
    }
    semaphore.drain(ignore());
    for (int i = 0; i < 5; ++i) semaphore.acquire(ignore());
    settle();
    semaphore.resume();
    semaphore.updateConfig({.mode = Mode::observe});
    for (int i = 0; i < 6; ++i) semaphore.acquire(ignore());
    hold.release();
    settle();
    semaphore.updateConfig({.mode = Mode::enforce});
  }
};

}  // namespace

TEST_CASE("every counter of a semaphore is zero after a reset and counts as before", "[stats]") {
  SemaphoreLife life;
  Semaphore& semaphore = life.semaphore;
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    life.live();
    Permit hold = semaphore.acquire();  // so that released differs from acquired
    const SemaphoreStats before = semaphore.stats();
    CHECK(before.acquired == 10);
    CHECK(before.released == 9);
    CHECK(before.rejected == 2);
    CHECK(before.timedOut == 3);
    CHECK(before.cancelled == 4);
    CHECK(before.drained == 5);
    CHECK(before.overLimit == 6);
    CHECK(before.available == 0);
    hold.release();
    semaphore.reset();
    const SemaphoreStats after = semaphore.stats();
    CHECK(after.acquired == 0);
    CHECK(after.released == 0);
    CHECK(after.rejected == 0);
    CHECK(after.timedOut == 0);
    CHECK(after.cancelled == 0);
    CHECK(after.drained == 0);
    CHECK(after.overLimit == 0);
    CHECK(after.waiting == 0);
    CHECK(after.available == 1);
    CHECK(after.permits == 1);
    CHECK(after.name == "disk");
    isEmpty(after.waitTime);
    isEmpty(after.executionTime);
  }
}

TEST_CASE("the histograms of a semaphore are empty after a reset and record as before", "[stats]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  const auto execute = [&](nanoseconds length) {
    semaphore.withPermit([length] { ManualClock::advance(length); }, ignore());
  };
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    waitAndRun(stage, semaphore, execute, 2ms);
    waitAndRun(stage, semaphore, execute, 4ms);
    hasTwoAndFour(semaphore.stats().waitTime);
    hasTwoAndFour(semaphore.stats().executionTime);  // bare permits are not timed
    semaphore.reset();
    isEmpty(semaphore.stats().waitTime);
    isEmpty(semaphore.stats().executionTime);
  }
}

TEST_CASE("a reset of a semaphore leaves waiting calls in place", "[stats]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 2, .acquireTimeout = 1s}};
  Ending<> heavy, light;
  Permit hold = semaphore.acquire();
  semaphore.acquire({.permits = 2}, heavy.permitted());
  semaphore.acquire(light.permitted());
  semaphore.reset();
  CHECK(semaphore.stats().waiting == 2);
  CHECK(semaphore.stats().available == 1);
  hold.release();
  CHECK(semaphore.stats().acquired == 1);
  CHECK(semaphore.stats().released == 1);
  stage.settle();
  CHECK(heavy.fine());
  CHECK(light.open());
  stage.advance(1s);
  CHECK(light.is(Errc::queueTimeout));
  CHECK(semaphore.stats().timedOut == 1);
  heavy.permit.release();
  CHECK(semaphore.stats().available == 2);
}

// --- a manager -----------------------------------------------------------------------------------

TEST_CASE("a manager resets one or all services, and its health shows the current values",
          "[stats][manager][health]") {
  Stage stage;
  Manager manager{stage.io,
                  {.defaults = {.maxConcurrent = 1, .maxQueueSize = 5},
                   .semaphores = {{"cpu", 2}, {"gpu", 1}}}};
  const auto counters = [&](const char* name) {
    const auto stats = manager.bulkhead(name).stats();
    return std::vector<std::uint64_t>{stats.executed, stats.executionTime.count(),
                                      stats.waitTime.count(), stats.peakActive, stats.peakQueued};
  };
  const auto semaphoreCounters = [&](const char* name) {
    const auto stats = manager.semaphore(name)->stats();
    return std::vector<std::uint64_t>{stats.acquired, stats.released, stats.executionTime.count()};
  };
  for (const char* service : {"a", "b"}) {
    Permit hold = manager.bulkhead(service).tryAcquire();
    manager.execute(
        service, [] {}, {.semaphores = {"cpu", "gpu"}}, ignore());
    hold.release();
    stage.settle();
  }
  using Row = std::vector<std::uint64_t>;
  CHECK(counters("a") == Row{2, 2, 1, 1, 1});
  CHECK(counters("b") == Row{2, 2, 1, 1, 1});
  CHECK(semaphoreCounters("cpu") == Row{2, 2, 2});
  CHECK(semaphoreCounters("gpu") == Row{2, 2, 2});
  manager.reset("a");
  CHECK(counters("a") == Row{0, 0, 0, 0, 0});
  CHECK(counters("b") == Row{2, 2, 1, 1, 1});
  CHECK(semaphoreCounters("cpu") == Row{2, 2, 2});

  Permit running = manager.bulkhead("a").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> waiting[2];
  for (auto& ending : waiting)
    manager.execute(
        "a", [] {}, ending.plain());
  const auto checkHealth = [&] {
    const HealthSummary health = manager.health();
    CHECK(health.totalBulkheads == 2);
    CHECK(health.totalSemaphores == 2);
    CHECK(health.activeTasks == 1);
    CHECK(health.queuedTasks == 2);
    CHECK(health.saturated == std::vector<std::string>{"a"});
    REQUIRE(health.semaphores.size() == 2);
    CHECK(health.semaphores[0].name == "cpu");
    CHECK(health.semaphores[0].available == 1);
    CHECK(health.semaphores[0].permits == 2);
    CHECK(health.semaphores[1].name == "gpu");
    CHECK(health.semaphores[1].available == 1);
    CHECK(health.semaphores[1].permits == 1);
  };
  checkHealth();
  manager.resetAll();
  checkHealth();
  CHECK(counters("a") == Row{0, 0, 0, 1, 2});  // the peaks are the current values
  CHECK(counters("b") == Row{0, 0, 0, 0, 0});
  CHECK(semaphoreCounters("cpu") == Row{0, 0, 0});
  CHECK(semaphoreCounters("gpu") == Row{0, 0, 0});
  running.release();
  cpu.release();
  stage.settle();
  CHECK((waiting[0].fine() && waiting[1].fine()));
  CHECK(counters("a") == Row{3, 3, 2, 1, 2});
  const HealthSummary idle = manager.health();
  CHECK(idle.activeTasks == 0);
  CHECK(idle.queuedTasks == 0);
  CHECK(idle.saturated.empty());
  CHECK(idle.semaphores[0].available == 2);
}
