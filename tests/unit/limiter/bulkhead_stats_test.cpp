#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/limiter/limiter.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)

#include <chrono>
#include <vector>

using std::chrono::nanoseconds;

TEST_CASE("the statistics of a new bulkhead are zero", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 7, .maxQueueSize = 9}};
  const auto stats = bulkhead.stats();
  CHECK(stats.name == "db");
  CHECK(stats.maxConcurrent == 7);
  CHECK(stats.maxQueueSize == 9);
  CHECK(countersOf(bulkhead) == Counters{});
  CHECK((stats.active == 0 && stats.peakActive == 0 && stats.peakQueued == 0));
  CHECK(stats.overLimit == 0);
  CHECK(stats.submitted() == 0);
  CHECK(stats.rejectionRate() == 0.0);
  CHECK(stats.timeoutRate() == 0.0);
  CHECK(stats.utilization() == 0.0);
  CHECK(stats.averageWaitTime() == 0ns);
  CHECK(stats.averageExecutionTime() == 0ns);
}

TEST_CASE("the counters are exact at every quiet moment", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3, .maxQueueSize = 4}};
  std::uint64_t calls = 0;  // counted here, step by step
  const auto expect = [&](const Counters& counters) {
    CHECK(countersOf(bulkhead) == counters);
    CHECK(bulkhead.stats().submitted() == calls);
  };
  const auto ignore = [](auto&&...) {};
  net::cancellation_signal signal;

  Permit hold = bulkhead.tryAcquire(2);
  ++calls;
  expect({.running = 1});
  bulkhead.execute([] {}, ignore);
  ++calls;
  expect({.running = 2});
  stage.settle();
  expect({.executed = 1, .running = 1});
  bulkhead.execute([] { throw 1; }, ignore);
  ++calls;
  stage.settle();
  expect({.executed = 1, .failed = 1, .running = 1});
  bulkhead.execute([] {}, {.permits = 2}, ignore);
  bulkhead.acquire({.queueTimeout = 1s, .permits = 2}, ignore);
  bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), ignore));
  bulkhead.acquire({.queueTimeout = 1h}, ignore);
  calls += 4;
  expect({.executed = 1, .failed = 1, .running = 1, .queued = 4});
  bulkhead.execute([] {}, ignore);
  ++calls;
  expect({.executed = 1, .failed = 1, .rejected = 1, .running = 1, .queued = 4});
  bulkhead.execute([] {}, {.permits = 0}, ignore);
  bulkhead.execute([] {}, {.permits = 4}, ignore);
  bulkhead.acquire({.permits = 4}, ignore);
  stage.settle();
  expect({.executed = 1, .failed = 1, .rejected = 1, .running = 1, .queued = 4});
  signal.emit(net::cancellation_type::terminal);
  expect({.executed = 1, .failed = 1, .rejected = 1, .cancelled = 1, .running = 1, .queued = 3});
  stage.advance(1s);
  expect({.executed = 1,
          .failed = 1,
          .rejected = 1,
          .timedOut = 1,
          .cancelled = 1,
          .running = 1,
          .queued = 2});
  hold.release();
  expect({.executed = 2, .failed = 1, .rejected = 1, .timedOut = 1, .cancelled = 1, .running = 2});
  stage.settle();
  expect({.executed = 4, .failed = 1, .rejected = 1, .timedOut = 1, .cancelled = 1});
  hold = bulkhead.tryAcquire(3);
  bulkhead.acquire(ignore);
  calls += 2;
  bulkhead.drain(ignore);
  bulkhead.acquire(ignore);
  ++calls;
  stage.settle();
  expect({.executed = 4,
          .failed = 1,
          .rejected = 1,
          .timedOut = 1,
          .cancelled = 1,
          .drained = 2,
          .running = 1});
  hold.release();
  stage.settle();
  expect({.executed = 5, .failed = 1, .rejected = 1, .timedOut = 1, .cancelled = 1, .drained = 2});
}

TEST_CASE("running counts calls, and active counts their weights", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 10}};
  Permit a = bulkhead.tryAcquire(4);
  Permit b = bulkhead.tryAcquire(3);
  Permit c = bulkhead.tryAcquire();
  CHECK(bulkhead.stats().running == 3);
  CHECK(bulkhead.stats().active == 8);
  CHECK(bulkhead.stats().utilization() == 0.8);
  Ending<> waiting;
  bulkhead.acquire({.permits = 5}, waiting.permitted());
  CHECK(bulkhead.stats().queued == 1);  // calls, not permits
  b.release();
  CHECK(bulkhead.stats().running == 3);
  CHECK(bulkhead.stats().active == 10);
  stage.settle();
  waiting.permit.release();
  a.release();
  CHECK(bulkhead.stats().running == 1);
  CHECK(bulkhead.stats().active == 1);
  c.release();
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.stats().running == 0);
  CHECK(bulkhead.stats().executed == 4);
}

TEST_CASE("peaks record the maximum, and reset() sets them to the current values", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Permit a = bulkhead.tryAcquire(2);
  Permit b = bulkhead.tryAcquire(3);
  Ending<> first, second;
  bulkhead.acquire(first.permitted());
  bulkhead.acquire(second.permitted());
  CHECK(bulkhead.stats().peakActive == 5);
  CHECK(bulkhead.stats().peakQueued == 2);
  b.release();
  stage.settle();
  first.permit.release();
  second.permit.release();
  CHECK(bulkhead.stats().peakActive == 5);
  CHECK(bulkhead.stats().peakQueued == 2);
  bulkhead.reset();
  CHECK(bulkhead.stats().peakActive == 2);
  CHECK(bulkhead.stats().peakQueued == 0);
  Permit c = bulkhead.tryAcquire();
  CHECK(bulkhead.stats().peakActive == 3);
}

TEST_CASE("a resize cannot raise the peak above what was active", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<Permit> permits;
  for (int i = 0; i < 4; ++i) {
    bulkhead.acquire([&](net::error_code, Permit p) { permits.push_back(std::move(p)); });
  }
  bulkhead.updateConfig({.maxConcurrent = 3});
  stage.settle();
  CHECK(bulkhead.stats().peakActive == 3);
  CHECK(bulkhead.stats().peakQueued == 3);
}

TEST_CASE("reset() zeroes counters and histograms, and calls continue", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .maxQueueSize = 1}};
  Permit a = bulkhead.tryAcquire();
  Permit b = bulkhead.tryAcquire();
  Ending<> waiting, full;
  bulkhead.acquire(waiting.permitted());
  bulkhead.acquire(full.permitted());
  stage.advance(3ms);
  b.release();
  bulkhead.reset();
  CHECK(countersOf(bulkhead) == Counters{.running = 2});
  CHECK(bulkhead.stats().submitted() == 2);
  CHECK(bulkhead.stats().executionTime.count() == 0);
  stage.settle();
  CHECK(waiting.fine());
  ManualClock::advance(1ms);
  a.release();
  waiting.permit.release();
  CHECK(countersOf(bulkhead) == Counters{.executed = 2});
  CHECK(bulkhead.stats().executionTime.count() == 2);
  bulkhead.reset();
  CHECK(countersOf(bulkhead) == Counters{});
  CHECK(bulkhead.stats().waitTime.count() == 0);
  CHECK(bulkhead.stats().executionTime.count() == 0);
  CHECK(bulkhead.stats().executionTime.max() == 0ns);
  bulkhead.execute([] { ManualClock::advance(2us); }, [](std::exception_ptr) {});
  stage.settle();
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
  CHECK(bulkhead.stats().executionTime.min() == 2us);
  CHECK(bulkhead.stats().executionTime.max() == 2us);
}

TEST_CASE("reset() while three calls run keeps the gauges correct", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  std::vector<Permit> permits;
  for (int i = 0; i < 3; ++i) permits.push_back(bulkhead.tryAcquire());
  bulkhead.reset();
  CHECK(bulkhead.stats().active == 3);
  permits.clear();
  CHECK(bulkhead.stats().active == 0);
  CHECK(countersOf(bulkhead) == Counters{.executed = 3});
}

TEST_CASE("waiting time runs from the start of a call to its grant", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> plain, coroutine, permit;
  bulkhead.execute([] {}, plain.plain());
  ManualClock::advance(10ms);
  bulkhead.execute([]() -> net::awaitable<void> { co_return; }, coroutine.plain());
  ManualClock::advance(10ms);
  bulkhead.acquire(permit.permitted());
  ManualClock::advance(10ms);
  hold.release();
  ManualClock::advance(100ms);  // a late executor does not count as waiting in the queue
  CHECK(stage.settle() > 0);
  CHECK(plain.fine());
  CHECK(coroutine.fine());
  CHECK(permit.fine());
  const auto wait = bulkhead.stats().waitTime;
  CHECK(wait.count() == 3);
  // The first call was granted after 30 ms, each of the others when the previous one ended.
  CHECK(wait.min() == 30ms);
  CHECK(wait.max() == 120ms);
  CHECK(wait.sum() == 30ms + 120ms + 110ms);
  CHECK(bulkhead.stats().averageWaitTime() == nanoseconds(260ms) / 3);
}

TEST_CASE("only calls that queued and then ran have a waiting time", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  net::cancellation_signal signal;
  const auto ignore = [](auto&&...) {};
  bulkhead.execute([] {}, ignore);  // runs at once
  stage.settle();
  Permit hold = bulkhead.tryAcquire();
  bulkhead.acquire(ignore);  // times out
  bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), ignore));
  signal.emit(net::cancellation_type::terminal);
  stage.advance(1s);
  bulkhead.acquire({.queueTimeout = 0s}, ignore);
  bulkhead.acquire(ignore);
  bulkhead.drain(ignore);
  stage.settle();
  CHECK(
      countersOf(bulkhead) ==
      Counters{
          .executed = 1, .rejected = 1, .timedOut = 1, .cancelled = 1, .drained = 1, .running = 1});
  CHECK(bulkhead.stats().waitTime.count() == 0);
}

TEST_CASE("a queued call that fails has a waiting time", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  bulkhead.execute([] { throw 1; }, [](std::exception_ptr) {});
  ManualClock::advance(5us);
  hold.release();
  stage.settle();
  CHECK(bulkhead.stats().waitTime.count() == 1);
  CHECK(bulkhead.stats().waitTime.sum() == 5us);
}

TEST_CASE("execution time is how long the work ran, whether it threw or not", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Gate gate(stage.io);
  const auto ignore = [](auto&&...) {
    ManualClock::advance(1h);
  };  // the handler's time does not count as work
  bulkhead.execute([] { ManualClock::advance(7ms); }, ignore);
  ManualClock::advance(50ms);  // nor does the lateness of the executor
  stage.settle();
  auto time = bulkhead.stats().executionTime;
  CHECK(time.count() == 1);
  CHECK(time.sum() == 7ms);
  bulkhead.execute(
      [] {
        ManualClock::advance(3ms);
        throw 1;
      },
      ignore);
  stage.settle();
  bulkhead.execute([&] { return gate.pass(); }, ignore);
  stage.settle();
  stage.advance(20ms);
  gate.open();
  stage.settle();
  time = bulkhead.stats().executionTime;
  CHECK(time.count() == 3);
  CHECK(time.sum() == 30ms);
  CHECK(time.min() == 3ms);
  CHECK(time.max() == 20ms);
  CHECK(bulkhead.stats().averageExecutionTime() == 10ms);
  CHECK(bulkhead.stats().waitTime.count() == 0);
}

TEST_CASE("the execution time of a permit is how long it was held", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  {
    Permit permit = bulkhead.tryAcquire();
    ManualClock::advance(4ms);
  }
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  stage.settle();
  ManualClock::advance(6ms);
  Permit moved = std::move(ending.permit);
  ManualClock::advance(2ms);
  moved.release();
  Permit again = bulkhead.tryAcquire();
  Ending<> queued;
  bulkhead.acquire(queued.permitted());
  again.release();
  stage.settle();
  ManualClock::advance(1ms);
  queued.permit.release();
  const auto time = bulkhead.stats().executionTime;
  CHECK(time.count() == 4);
  CHECK(time.sum() == 4ms + 8ms + 0ms + 1ms);
  CHECK(time.min() == 0ns);
  CHECK(time.max() == 8ms);
}

TEST_CASE("calls that did not run have no execution time", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  bulkhead.acquire([](net::error_code, Permit) {});
  bulkhead.acquire([](net::error_code, Permit) {});
  stage.advance(1s);
  CHECK(countersOf(bulkhead) == Counters{.rejected = 1, .timedOut = 1, .running = 1});
  CHECK(bulkhead.stats().executionTime.count() == 0);
}

TEST_CASE("every call of a known length falls into its bucket", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const std::vector<nanoseconds> lengths{0ns, 1ns, 999ns, 1us, 10us, 1ms, 1s, 1h, 100h};
  nanoseconds sum{0};
  for (const auto length : lengths) {
    bulkhead.execute([length] { ManualClock::advance(length); }, [](std::exception_ptr) {});
    stage.settle();
    sum += length;
  }
  const auto time = bulkhead.stats().executionTime;
  CHECK(time.count() == lengths.size());  // nothing is dropped
  CHECK(time.sum() == sum);
  CHECK(time.min() == 0ns);
  CHECK(time.max() == 100h);
  std::uint64_t inBuckets = 0;
  for (const auto& bucket : time.buckets()) inBuckets += bucket.count;
  CHECK(inBuckets == lengths.size());
  for (std::size_t i = 3; i < 8; ++i) {  // from 1 us to 1 hour
    const double percent = 100.0 * static_cast<double>(i + 1) / static_cast<double>(lengths.size());
    const auto found = static_cast<double>(time.percentile(percent).count());
    const auto real = static_cast<double>(lengths[i].count());
    CAPTURE(lengths[i].count(), found);
    CHECK(std::abs(found - real) <= 0.0625 * real);
  }
}

TEST_CASE("rates are shares of all calls", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < 3; ++i) bulkhead.acquire([](net::error_code, Permit) {});
  stage.advance(1s);
  const auto stats = bulkhead.stats();
  CHECK(stats.submitted() == 4);
  CHECK(stats.rejectionRate() == 0.5);
  CHECK(stats.timeoutRate() == 0.25);
  CHECK(stats.utilization() == 1.0);
}

TEST_CASE("a snapshot does not change after it is taken", "[stats]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  const auto before = bulkhead.stats();
  hold.release();
  bulkhead.execute([] {}, [](std::exception_ptr) {});
  stage.settle();
  CHECK(before.running == 1);
  CHECK(before.executed == 0);
  CHECK(before.executionTime.count() == 0);
}
