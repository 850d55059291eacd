#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>

// How many queued callables one visit of the executor runs: 32, or as many as begin within 100 us
// of the end of the first one. Handlers posted meanwhile run right after them.

using Manager = bulwark::BulkheadManager<net::any_io_executor, ManualClock>;
using std::chrono::nanoseconds;

namespace {

/// Runs callables of known length and records how many had run when another handler got its turn.
struct Burst : Stage {
  auto work(nanoseconds length = 0ns) {
    return [this, length] {
      ++done;
      ManualClock::advance(length);
    };
  }
  static auto ignore() {
    return [](std::exception_ptr) {};
  }
  /// What is posted now runs after the burst.
  void countThoseBefore() {
    net::post(io, [this] { before = done; });
  }

  int done = 0;
  int before = -1;
};

/// The first callable of the burst waits for the permit like the others, or it runs and the others
/// wait for it.
enum class First { queued, running };

struct BulkheadBurst : Burst {
  Bulkhead bulkhead{io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 2000}};

  void run(First first, int calls, nanoseconds length) {
    Permit hold;
    if (first == First::queued) hold = bulkhead.tryAcquire();
    for (int i = 0; i < calls; ++i) bulkhead.execute(work(length), ignore());
    hold.release();
    countThoseBefore();
    settle();
  }
};

}  // namespace

TEST_CASE("a burst runs 32 callables and leaves the 33rd to the next visit", "[burst]") {
  const First first = GENERATE(First::queued, First::running);
  const int calls = GENERATE(1, 31, 32, 33, 64, 65, 1000);
  BulkheadBurst burst;
  burst.run(first, calls, 0ns);
  CHECK(burst.before == std::min(calls, 32));
  CHECK(burst.done == calls);
}

TEST_CASE("a burst of a semaphore's callables has the same length", "[burst]") {
  const int calls = GENERATE(31, 32, 33);
  Burst burst;
  Semaphore semaphore{burst.io, {.name = "disk", .permits = 1}};
  Permit hold = semaphore.tryAcquire();
  for (int i = 0; i < calls; ++i) semaphore.withPermit(burst.work(), Burst::ignore());
  hold.release();
  burst.countThoseBefore();
  burst.settle();
  CHECK(burst.before == std::min(calls, 32));
  CHECK(burst.done == calls);
}

TEST_CASE("a burst of callables with semaphores has the same length", "[burst]") {
  const int calls = GENERATE(31, 32, 33);
  Burst burst;
  Manager manager{
      burst.io,
      {.defaults = {.maxConcurrent = 1, .maxQueueSize = 100}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("svc").tryAcquire();
  for (int i = 0; i < calls; ++i) {
    manager.execute("svc", burst.work(), {.semaphores = {"cpu"}}, Burst::ignore());
  }
  hold.release();
  burst.countThoseBefore();
  burst.settle();
  CHECK(burst.before == std::min(calls, 32));
  CHECK(burst.done == calls);
}

TEST_CASE("callables and handlers that throw count as any other of a burst", "[burst]") {
  BulkheadBurst burst;
  Permit hold = burst.bulkhead.tryAcquire();
  for (int i = 0; i < 33; ++i) {
    burst.bulkhead.execute(
        [&] {
          ++burst.done;
          throw 1;
        },
        Burst::ignore());
  }
  hold.release();
  burst.countThoseBefore();
  burst.settle();
  CHECK(burst.before == 32);
  CHECK(burst.bulkhead.stats().failed == 33);
}

TEST_CASE("several short callables end a burst when they have taken more than 100 us together",
          "[burst]") {
  struct Row {
    nanoseconds length;
    int within;  // the first callable, and those that begin within 100 us of its end
  };
  const Row row = GENERATE(Row{10us, 12}, Row{20us, 7}, Row{25us, 6}, Row{30us, 5}, Row{40us, 4},
                           Row{50us, 4}, Row{50us + 1ns, 3}, Row{100us, 3}, Row{100us + 1ns, 2});
  const First first = GENERATE(First::queued, First::running);
  CAPTURE(row.length.count());
  BulkheadBurst burst;
  burst.run(first, 40, row.length);
  CHECK(burst.before == row.within);
  CHECK(burst.done == 40);
}

TEST_CASE("a burst goes on at exactly 100 us and ends one nanosecond later", "[burst]") {
  const nanoseconds last = GENERATE(nanoseconds(30us), nanoseconds(30us + 1ns));
  BulkheadBurst burst;
  Permit hold = burst.bulkhead.tryAcquire();
  for (const nanoseconds length : {nanoseconds(1s), nanoseconds(60us), nanoseconds(10us), last}) {
    burst.bulkhead.execute(burst.work(length), Burst::ignore());
  }
  for (int i = 0; i < 10; ++i) burst.bulkhead.execute(burst.work(), Burst::ignore());
  hold.release();
  burst.countThoseBefore();
  burst.settle();
  CHECK(burst.before == (last == 30us ? 14 : 4));  // the first one's length does not count
  CHECK(burst.done == 14);
}

TEST_CASE("a burst that ended early is followed by a full one", "[burst]") {
  BulkheadBurst burst;
  Permit hold = burst.bulkhead.tryAcquire();
  burst.bulkhead.execute(burst.work(), Burst::ignore());
  burst.bulkhead.execute(burst.work(101us), Burst::ignore());
  for (int i = 0; i < 40; ++i) burst.bulkhead.execute(burst.work(), Burst::ignore());
  hold.release();
  int beforeSecond = -1;
  net::post(burst.io, [&] {
    burst.before = burst.done;
    net::post(burst.io, [&] { beforeSecond = burst.done; });
  });
  burst.settle();
  CHECK(burst.before == 2);
  CHECK(beforeSecond == 2 + 32);
  CHECK(burst.done == 42);
}

TEST_CASE("a burst costs one visit of the executor", "[burst]") {
  struct Row {
    int calls;
    std::uint64_t visits;  // including the one that finds the queue empty
  };
  const Row row =
      GENERATE(Row{1, 1}, Row{2, 2}, Row{31, 2}, Row{32, 2}, Row{33, 2}, Row{34, 3}, Row{1000, 33});
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(
      executor, {.name = "db",
                 .maxConcurrent = 1,
                 .maxQueueSize = 2000,
                 .queueTimeout = bulwark::noTimeout});  // without a timer, which would cost a visit
  Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < row.calls; ++i) bulkhead.execute([] {}, [](std::exception_ptr) {});
  const auto earlier = probe->submitted.load();
  hold.release();
  stage.settle();
  CHECK(bulkhead.stats().executed == static_cast<std::uint64_t>(row.calls) + 1);
  CHECK(probe->submitted - earlier == row.visits);
}
