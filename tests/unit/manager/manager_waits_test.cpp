#include <bulwark/bulkhead_manager.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <string>
#include <utility>
#include <vector>

// How long calls wait and may wait, the statistics about it, and the modes in which calls do not
// wait.

// --- times ---------------------------------------------------------------------------------------

TEST_CASE("a call waits from its start to the start of its work", "[manager][times]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  const ManagerCallOptions options{.semaphores = {"cpu"}};
  Ending<> ending;
  if (awaitable) {
    manager.execute(
        "db",
        []() -> net::awaitable<void> {
          ManualClock::advance(7s);
          co_return;
        },
        options, ending.plain());
  } else {
    manager.execute(
        "db", [] { ManualClock::advance(7s); }, options, ending.plain());
  }
  stage.advance(5s);
  hold.release();  // continues to the semaphore
  manager.bulkhead("db").reset();
  stage.advance(3s);
  cpu.release();  // continues to the executor, which is late
  ManualClock::advance(2s);
  stage.settle();
  REQUIRE(ending.fine());
  const auto stats = manager.bulkhead("db").stats();
  CHECK(stats.waitTime.count() == 1);
  CHECK(stats.waitTime.sum() == 10s);
  CHECK(stats.executionTime.count() == 1);
  CHECK(stats.executionTime.sum() == 7s);
  const auto semaphore = manager.semaphore("cpu")->stats();
  CHECK(semaphore.waitTime.count() == 1);
  CHECK(semaphore.waitTime.sum() == 3s);
  CHECK(semaphore.executionTime.count() == 1);
  CHECK(semaphore.executionTime.sum() == 7s);
}

TEST_CASE("the wait of a queued call ends when its work begins, even if its semaphores are free",
          "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  stage.advance(5s);
  hold.release();
  ManualClock::advance(2s);
  stage.settle();
  REQUIRE(ending.fine());
  CHECK(manager.bulkhead("db").stats().waitTime.count() == 1);
  CHECK(manager.bulkhead("db").stats().waitTime.sum() == 7s);
  CHECK(manager.semaphore("cpu")->stats().waitTime.count() == 0);
}

TEST_CASE("the wait for all semaphores counts as waiting time of the bulkhead",
          "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  Permit a = manager.semaphore("a")->tryAcquire();
  Permit b = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] { ManualClock::advance(7s); }, {.semaphores = {"a", "b"}}, ending.plain());
  stage.advance(1s);
  a.release();
  stage.advance(2s);
  b.release();
  stage.settle();
  REQUIRE(ending.fine());
  CHECK(manager.bulkhead("db").stats().waitTime.count() == 1);
  CHECK(manager.bulkhead("db").stats().waitTime.sum() == 3s);
  CHECK(manager.bulkhead("db").stats().executionTime.sum() == 7s);
  CHECK(manager.semaphore("a")->stats().waitTime.sum() == 1s);
  CHECK(manager.semaphore("b")->stats().waitTime.sum() == 2s);
  // only the work, not the wait for b
  CHECK(manager.semaphore("a")->stats().executionTime.sum() == 7s);
  CHECK(manager.semaphore("b")->stats().executionTime.sum() == 7s);
}

TEST_CASE("a call that finds all permits free has no waiting time, however late its executor is",
          "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  ManualClock::advance(5s);
  stage.settle();
  REQUIRE(ending.fine());
  CHECK(manager.bulkhead("db").stats().waitTime.count() == 0);
  CHECK(manager.semaphore("cpu")->stats().waitTime.count() == 0);
  CHECK(manager.bulkhead("db").stats().executionTime.sum() == 0s);
}

TEST_CASE("a call that removes an expired call and then finds a free permit has no waiting time",
          "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 2}}, .semaphoreTimeout = 5s}};
  Permit hold = manager.semaphore("cpu")->tryAcquire();
  Ending<> heavy, ending;
  manager.semaphore("cpu")->acquire({.permits = 2}, heavy.permitted());
  ManualClock::advance(5s);  // the timer has not run
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  CHECK(manager.semaphore("cpu")->stats().waiting == 0);
  stage.settle();
  CHECK(heavy.is(Errc::queueTimeout));
  CHECK(ending.fine());
  CHECK(manager.semaphore("cpu")->stats().waitTime.count() == 0);
  CHECK(manager.bulkhead("db").stats().waitTime.count() == 0);
}

TEST_CASE("a call that throws is timed like any other", "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Ending<> ending;
  manager.execute(
      "db",
      [] {
        ManualClock::advance(7s);
        throw 1;
      },
      {.semaphores = {"cpu"}}, ending.plain());
  stage.settle();
  CHECK(manager.bulkhead("db").stats().failed == 1);
  CHECK(manager.bulkhead("db").stats().executionTime.sum() == 7s);
  CHECK(manager.semaphore("cpu")->stats().executionTime.sum() == 7s);
}

TEST_CASE("a coroutine is timed until it ends", "[manager][times]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Gate gate(stage.io);
  Ending<> ending;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, ending.plain());
  stage.settle();
  stage.advance(9s);
  gate.open();
  stage.settle();
  REQUIRE(ending.fine());
  CHECK(manager.bulkhead("db").stats().executionTime.sum() == 9s);
  CHECK(manager.semaphore("cpu")->stats().executionTime.sum() == 9s);
}

// --- queueTimeout --------------------------------------------------------------------------------

TEST_CASE("queueTimeout bounds the wait in the queue, but not the wait for semaphores",
          "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  const ManagerCallOptions options{.semaphores = {"cpu"}, .queueTimeout = 2s};
  Ending<> goesOn, timesOut;
  manager.execute(
      "db", [] {}, options, goesOn.plain());
  manager.execute(
      "db", [] {}, options, timesOut.plain());
  stage.advance(2s - 1ns);
  hold.release();
  stage.advance(1ns);
  CHECK(timesOut.is(Errc::queueTimeout));
  CHECK(refusedBy(timesOut.error) == "db");
  stage.advance(9s);
  CHECK(goesOn.open());
  cpu.release();
  stage.settle();
  CHECK(goesOn.fine());
}

TEST_CASE("a call with a queueTimeout of 0 may still wait for a semaphore", "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  const ManagerCallOptions options{.semaphores = {"cpu"}, .queueTimeout = 0s};
  Ending<> waits, rejected;
  manager.execute(
      "db", [] {}, options, waits.plain());
  manager.execute(
      "db", [] {}, options, rejected.plain());
  stage.advance(1s);
  CHECK(rejected.is(Errc::queueFull));
  CHECK(refusedBy(rejected.error) == "db");
  cpu.release();
  stage.settle();
  CHECK(waits.fine());
}

TEST_CASE("queueTimeout also applies to a call without semaphores", "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.queueTimeout = 2s}, ending.plain());
  stage.advance(2s - 1ns);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
}

TEST_CASE("each semaphore has its own timeout, counted from when the call reaches it",
          "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}}, .semaphoreTimeout = 10s}};
  manager.addSemaphore({.name = "b", .acquireTimeout = 3s});
  Permit a = manager.semaphore("a")->tryAcquire();
  Permit b = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"a", "b"}}, ending.plain());
  stage.advance(10s - 1ns);
  a.release();
  stage.advance(3s - 1ns);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
  CHECK(refusedBy(ending.error) == "b");
}

// --- waitTimeout ---------------------------------------------------------------------------------

TEST_CASE("waitTimeout ends the wait in the queue", "[manager][timeout]") {
  Stage stage;
  const bool chained = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  ManagerCallOptions options{.waitTimeout = 2s};
  if (chained) options.semaphores = {"cpu"};
  Ending<> ending;
  manager.execute(
      "db", [] {}, options, ending.plain());
  stage.advance(2s - 1ns);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
  CHECK(refusedBy(ending.error) == "db");
  CHECK(serviceCounters(manager, "db") == Counters{.timedOut = 1, .running = 1});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
}

TEST_CASE("waitTimeout bounds the queue and the semaphores together", "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit a = manager.semaphore("a")->tryAcquire();
  Permit b = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"a", "b"}, .waitTimeout = 6s}, ending.plain());
  stage.advance(3s);
  hold.release();
  stage.advance(2s);
  a.release();
  stage.advance(1s - 1ns);
  CHECK(ending.open());
  CHECK(semaphoreCounters(manager, "b").waiting == 1);
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
  CHECK(refusedBy(ending.error) == "b");
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .timedOut = 1});
  CHECK(semaphoreCounters(manager, "a").held == 0);
  CHECK(semaphoreCounters(manager, "a").waiting == 0);
}

TEST_CASE("waitTimeout is counted from the start of a call that need not queue",
          "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  Permit a = manager.semaphore("a")->tryAcquire();
  Permit b = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"a", "b"}, .waitTimeout = 4s}, ending.plain());
  stage.advance(3s);
  a.release();
  stage.advance(1s - 1ns);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
  CHECK(refusedBy(ending.error) == "b");
}

TEST_CASE("waitTimeout does not extend any other timeout", "[manager][timeout]") {
  Stage stage;
  const auto waitTimeout = GENERATE(std::chrono::nanoseconds(1h), bulwark::noTimeout);
  Manager manager{stage.io,
                  {.defaults = {.maxConcurrent = 1, .queueTimeout = 5s},
                   .semaphores = {{"cpu", 1}},
                   .semaphoreTimeout = 10s}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> atSemaphore, inQueue, ownTimeout, withoutSemaphore;
  const ManagerCallOptions options{.semaphores = {"cpu"}, .waitTimeout = waitTimeout};
  manager.execute(
      "db", [] {}, options, atSemaphore.plain());
  manager.execute(
      "db", [] {}, options, inQueue.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .queueTimeout = 2s, .waitTimeout = waitTimeout},
      ownTimeout.plain());
  manager.execute(
      "db", [] {}, {.waitTimeout = waitTimeout}, withoutSemaphore.plain());
  stage.advance(2s - 1ns);
  CHECK(ownTimeout.open());
  stage.advance(1ns);
  CHECK(ownTimeout.is(Errc::queueTimeout));
  stage.advance(3s - 1ns);
  CHECK((inQueue.open() && withoutSemaphore.open()));
  stage.advance(1ns);
  CHECK(inQueue.is(Errc::queueTimeout));
  CHECK(withoutSemaphore.is(Errc::queueTimeout));
  stage.advance(5s - 1ns);
  CHECK(atSemaphore.open());
  stage.advance(1ns);
  CHECK(atSemaphore.is(Errc::queueTimeout));
  CHECK(refusedBy(atSemaphore.error) == "cpu");
}

TEST_CASE("a call with a waitTimeout of 0 or less runs only if it need not wait",
          "[manager][timeout]") {
  Stage stage;
  const auto waitTimeout = GENERATE(0s, -1s);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Ending<> chained, plain, fromFull, chainedFromFull;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = waitTimeout}, chained.plain());
  stage.settle();
  manager.execute(
      "db", [] {}, {.waitTimeout = waitTimeout}, plain.plain());
  manager.execute(
      "db", [] {}, {.waitTimeout = waitTimeout}, fromFull.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = waitTimeout}, chainedFromFull.plain());
  stage.settle();
  CHECK((chained.fine() && plain.fine()));
  CHECK(fromFull.is(Errc::queueFull));
  CHECK(chainedFromFull.is(Errc::queueFull));
  CHECK(refusedBy(chainedFromFull.error) == "db");
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 2, .rejected = 2});
}

namespace {

/// A handler whose first move after arming advances the clock.
struct SlowHandler {
  bool* armed;
  std::chrono::nanoseconds by;

  SlowHandler(bool& flag, std::chrono::nanoseconds time) : armed(&flag), by(time) {}
  SlowHandler(const SlowHandler&) = default;
  SlowHandler(SlowHandler&& other) noexcept : armed(other.armed), by(other.by) {
    if (std::exchange(*armed, false)) ManualClock::advance(by);
  }
  void operator()(const std::exception_ptr&) {}
};

}  // namespace

TEST_CASE("a call whose waitTimeout expires before it reaches a semaphore times out",
          "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 1}}}};
  manager.addSemaphore({.name = "full", .maxQueueSize = 0});
  Permit hold = manager.bulkhead("db").tryAcquire(2);
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Permit full = manager.semaphore("full")->tryAcquire();
  bool armed = false;
  Ending<> late;
  manager.execute(
      "db", [] {}, {.semaphores = {"full"}}, SlowHandler(armed, 9s));
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 5s}, late.plain());
  armed = true;
  hold.release();  // grants both calls, and the refusal of the first advances the clock
  CHECK_FALSE(armed);
  stage.advance(1ns);
  CHECK(late.is(Errc::queueTimeout));
  CHECK(refusedBy(late.error) == "cpu");
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .rejected = 1, .timedOut = 1});
}

TEST_CASE("a call that expires while the executor is late times out and is not granted",
          "[manager][timeout]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  bool ran = false;
  Ending<> ending;
  manager.execute(
      "db", [&] { ran = true; }, {.semaphores = {"cpu"}, .waitTimeout = 5s}, ending.plain());
  ManualClock::advance(5s);
  cpu.release();  // before the timer could run
  stage.settle();
  CHECK(ending.is(Errc::queueTimeout));
  CHECK_FALSE(ran);
  CHECK(serviceCounters(manager, "db") == Counters{.timedOut = 1});
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .released = 1, .timedOut = 1});
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("a bulkhead in mode observe lets its calls on to the semaphores, which enforce",
          "[manager][mode]") {
  Stage stage;
  Manager manager{
      stage.io,
      {.defaults = {.maxConcurrent = 1, .mode = Mode::observe}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> first, second;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, first.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, second.plain());
  CHECK(serviceCounters(manager, "db") == Counters{.rejected = 1, .running = 1});
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .rejected = 1, .held = 1, .waiting = 1});
  cpu.release();
  stage.settle();
  CHECK(first.fine());
  CHECK(second.is(Errc::queueFull));
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .rejected = 1});
}

TEST_CASE("a bulkhead in mode off counts nothing, and the semaphores enforce and count",
          "[manager][mode]") {
  Stage stage;
  Manager manager{
      stage.io, {.defaults = {.maxConcurrent = 1, .mode = Mode::off}, .semaphores = {{"cpu", 1}}}};
  Gate gate(stage.io);
  Ending<> first, second, third;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, first.plain());
  manager.execute(
      "db", [] { ManualClock::advance(7s); }, {.semaphores = {"cpu"}}, second.plain());
  manager.execute(
      "db", [] {}, third.plain());
  stage.settle();
  CHECK(third.fine());
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .held = 1, .waiting = 1});
  CHECK(serviceCounters(manager, "db") == Counters{});
  stage.advance(2s);
  gate.open();
  stage.settle();
  CHECK((first.fine() && second.fine()));
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 2, .released = 2});
  CHECK(manager.semaphore("cpu")->stats().waitTime.sum() == 2s);
  CHECK(manager.semaphore("cpu")->stats().executionTime.sum() == 9s);
  CHECK(serviceCounters(manager, "db") == Counters{});
  CHECK(manager.bulkhead("db").stats().waitTime.count() == 0);
}

TEST_CASE("a bulkhead in mode off does not count a refusal by a semaphore", "[manager][mode]") {
  Stage stage;
  Manager manager{
      stage.io, {.defaults = {.maxConcurrent = 1, .mode = Mode::off}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> atOnce, afterAWait;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, atOnce.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 1s}, afterAWait.plain());
  stage.advance(1s);
  CHECK(atOnce.is(Errc::queueFull));
  CHECK(afterAWait.is(Errc::queueTimeout));
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .rejected = 1, .timedOut = 1, .held = 1});
  CHECK(serviceCounters(manager, "db") == Counters{});
}

TEST_CASE("a semaphore in mode observe delays no call and counts the calls above the limit",
          "[manager][mode]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  manager.semaphore("cpu")->updateConfig({.mode = Mode::observe});
  Gate gate(stage.io);
  Ending<> first, second;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, first.plain());
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, second.plain());
  stage.settle();
  CHECK(serviceCounters(manager, "db") == Counters{.running = 2});
  CHECK(manager.semaphore("cpu")->stats().acquired == 2);
  CHECK(manager.semaphore("cpu")->stats().overLimit == 1);
  gate.open();
  stage.settle();
  CHECK((first.fine() && second.fine()));
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 2, .released = 2});
  CHECK(manager.bulkhead("db").stats().overLimit == 0);
}

TEST_CASE("a semaphore in mode off admits every call and counts none", "[manager][mode]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  manager.semaphore("a")->updateConfig({.mode = Mode::off});
  Ending<> endings[2];
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}}, ending.plain());
  }
  CHECK(semaphoreCounters(manager, "b") ==
        SemaphoreCounters{.acquired = 1, .held = 1, .waiting = 1});
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{});
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = 2, .released = 2});
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 2});
}

TEST_CASE("a switch of a semaphore's mode admits all its waiting calls at once",
          "[manager][mode]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 9}}}};
  Permit hold = manager.semaphore("a")->tryAcquire();
  Ending<> endings[3];
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}}, ending.plain());
  }
  manager.semaphore("a")->updateConfig({.mode = mode});
  CHECK(semaphoreCounters(manager, "b").held == 3);
  manager.semaphore("a")->updateConfig(
      {.mode = Mode::enforce});  // a permit remembers how it was granted
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
  hold.release();
  CHECK(manager.semaphore("a")->stats().available == 1);
  CHECK(manager.semaphore("a")->stats().overLimit == (mode == Mode::observe ? 3 : 0));
  CHECK(semaphoreCounters(manager, "b").held == 0);
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 3});
}

TEST_CASE("a switch of the bulkhead's mode during a wait for a semaphore unbalances no counter",
          "[manager][mode]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> before, after;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, before.plain());
  manager.updateConfig("db", {.mode = mode});
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, after.plain());
  manager.updateConfig("db", {.mode = Mode::enforce});
  cpu.release();
  stage.settle();
  CHECK((before.fine() && after.fine()));
  CHECK(manager.bulkhead("db").stats().active == 0);
  CHECK(manager.bulkhead("db").stats().executed == (mode == Mode::observe ? 2 : 1));
  CHECK(manager.bulkhead("db").tryAcquire());
}

TEST_CASE("a refused call has nothing to release at a semaphore in mode off", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  manager.semaphore("a")->updateConfig({.mode = Mode::off});
  Permit b = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  SECTION("refused at once") {
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}, .waitTimeout = 0s}, ending.plain());
    stage.settle();
    CHECK(ending.is(Errc::queueFull));
  }
  SECTION("refused after a wait") {
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}, .waitTimeout = 1s}, ending.plain());
    stage.advance(1s);
    CHECK(ending.is(Errc::queueTimeout));
  }
  CHECK(semaphoreCounters(manager, "a").held == 0);
  CHECK(manager.bulkhead("db").stats().active == 0);
}
