#include <bulwark/bulkhead_manager.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <string>

// Execution timeouts and budgets of calls of a manager, most of them with semaphores.

namespace {

using Permit = bulwark::Permit;

/// Work that ignores cancellation.
auto stubborn(Gate& gate) {
  return [&gate]() -> net::awaitable<void> {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_await gate.pass();
  };
}

/// A service "web" of one call at once, and two semaphores of one permit each.
struct Scene : Stage {
  explicit Scene(std::chrono::nanoseconds executionTimeout = bulwark::noTimeout)
      : manager(io, {.defaults = {.maxConcurrent = 1, .queueTimeout = 10s},
                     .services = {{"web", {.executionTimeout = executionTimeout}}},
                     .semaphores = {{"a", 1}, {"b", 1}},
                     .semaphoreTimeout = 20s}) {}

  Counters web() { return serviceCounters(manager, "web"); }
  SemaphoreCounters semaphore(std::string_view name) { return semaphoreCounters(manager, name); }

  Gate gate{io};
  Manager manager;
  Ending<> ending;
};

}  // namespace

TEST_CASE("a service has the execution timeout of its configuration", "[manager][execution]") {
  Scene scene(100ms);
  const bool withSemaphore = GENERATE(false, true);
  ManagerCallOptions options;
  if (withSemaphore) options.semaphores = {"a"};
  scene.manager.execute("web", stubborn(scene.gate), options, scene.ending.plain());
  scene.settle();
  scene.advance(100ms - 1ns);
  CHECK(scene.ending.open());
  scene.advance(1ns);
  REQUIRE(scene.ending.is(Errc::executionTimeout));
  CHECK(refusedBy(scene.ending.error) == "web");
  CHECK(scene.web() == Counters{.running = 1, .overdue = 1});
  // The permits of the semaphores follow the work, too.
  if (withSemaphore) CHECK(scene.semaphore("a") == SemaphoreCounters{.acquired = 1, .held = 1});
  scene.gate.open();
  scene.settle();
  CHECK(scene.ending.times == 1);
  CHECK(scene.web() == Counters{.overran = 1});
  if (withSemaphore) CHECK(scene.semaphore("a") == SemaphoreCounters{.acquired = 1, .released = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("a call of a manager has its own execution timeout", "[manager][execution]") {
  Scene scene(100ms);
  const bool withSemaphore = GENERATE(false, true);
  ManagerCallOptions options{.executionTimeout = 10ms};
  if (withSemaphore) options.semaphores = {"a"};
  scene.manager.execute("web", stubborn(scene.gate), options, scene.ending.plain());
  scene.settle();
  scene.advance(10ms);
  CHECK(scene.ending.is(Errc::executionTimeout));
  scene.gate.open();
  scene.settle();

  Ending<> late;
  bool ran = false;
  options.executionTimeout = 0ns;
  scene.manager.execute(
      "web", [&] { ran = true; }, options, late.plain());
  scene.settle();
  CHECK(late.is(Errc::executionTimeout));
  CHECK_FALSE(ran);
  CHECK(scene.web() == Counters{.timedOut = 1, .overran = 1});
  if (withSemaphore) CHECK(scene.semaphore("a").acquired == 1);
}

TEST_CASE("a budget of a call with semaphores that is used up refuses it at once",
          "[manager][execution]") {
  Scene scene;
  bool ran = false;
  scene.manager.execute(
      "web", [&] { ran = true; }, {.semaphores = {"a", "b"}, .budget = 0ns}, scene.ending.plain());
  CHECK(scene.ending.open());
  scene.settle();
  CHECK(scene.ending.is(Errc::deadlineExceeded));
  CHECK(refusedBy(scene.ending.error) == "web");
  CHECK_FALSE(ran);
  CHECK(scene.web() == Counters{.timedOut = 1});
  CHECK(scene.semaphore("a") == SemaphoreCounters{});
}

TEST_CASE("a budget bounds the wait for semaphores", "[manager][execution]") {
  Scene scene;
  const Permit held = scene.manager.semaphore("b")->tryAcquire();
  scene.manager.execute(
      "web", [] {}, {.semaphores = {"a", "b"}, .budget = 30ms}, scene.ending.plain());
  scene.settle();
  CHECK(scene.web() == Counters{.running = 1});
  scene.advance(30ms - 1ns);
  CHECK(scene.ending.open());
  scene.advance(1ns);
  REQUIRE(scene.ending.is(Errc::deadlineExceeded));
  CHECK(refusedBy(scene.ending.error) == "b");
  CHECK(scene.web() == Counters{.timedOut = 1});
  CHECK(scene.semaphore("a") == SemaphoreCounters{.acquired = 1, .released = 1});
  CHECK(scene.semaphore("b").timedOut == 1);
}

TEST_CASE("a budget bounds the queue and the semaphores together", "[manager][execution]") {
  Scene scene;
  const Permit held = scene.manager.semaphore("b")->tryAcquire();
  Ending<> first;
  scene.manager.execute(
      "web", [&]() { return scene.gate.pass(); }, first.plain());
  scene.manager.execute(
      "web", [] {}, {.semaphores = {"b"}, .budget = 30ms}, scene.ending.plain());
  scene.settle();
  scene.advance(20ms);
  scene.gate.open();
  scene.settle();  // it leaves the queue, and waits for the semaphore
  CHECK(first.fine());
  scene.advance(10ms - 1ns);
  CHECK(scene.ending.open());
  scene.advance(1ns);
  CHECK(scene.ending.is(Errc::deadlineExceeded));
  CHECK(refusedBy(scene.ending.error) == "b");
  CHECK(scene.web() == Counters{.executed = 1, .timedOut = 1});
}

TEST_CASE("a budget leaves the work what the wait for a semaphore has left",
          "[manager][execution]") {
  Scene scene;
  Permit held = scene.manager.semaphore("b")->tryAcquire();
  scene.manager.execute("web", stubborn(scene.gate), {.semaphores = {"b"}, .budget = 30ms},
                        scene.ending.plain());
  scene.settle();
  scene.advance(20ms);
  held.release();
  scene.settle();
  CHECK(scene.web() == Counters{.running = 1});
  scene.advance(10ms - 1ns);
  CHECK(scene.ending.open());
  scene.advance(1ns);
  CHECK(scene.ending.is(Errc::executionTimeout));
  CHECK(scene.web() == Counters{.running = 1, .overdue = 1});
  scene.gate.open();
  scene.settle();
  CHECK(scene.web() == Counters{.overran = 1});
}

TEST_CASE("of a wait timeout and a budget the shorter one ends the wait", "[manager][execution]") {
  Scene scene;
  const Permit held = scene.manager.semaphore("b")->tryAcquire();
  Ending<> byWait, byBudget, bySemaphore;
  scene.manager.execute(
      "x", [] {}, {.semaphores = {"b"}, .waitTimeout = 10ms, .budget = 20ms}, byWait.plain());
  scene.manager.execute(
      "y", [] {}, {.semaphores = {"b"}, .waitTimeout = 20ms, .budget = 10ms}, byBudget.plain());
  scene.manager.execute(
      "z", [] {}, {.semaphores = {"b"}, .budget = 1h}, bySemaphore.plain());
  scene.settle();
  scene.advance(10ms);
  CHECK(byWait.is(Errc::queueTimeout));
  CHECK(byBudget.is(Errc::deadlineExceeded));
  scene.advance(20s);
  CHECK(bySemaphore.is(Errc::queueTimeout));
}

TEST_CASE("work with semaphores does not begin after the end of the budget",
          "[manager][execution]") {
  Scene scene;
  const bool waits = GENERATE(false, true);
  CAPTURE(waits);
  Permit held;
  if (waits) held = scene.manager.semaphore("a")->tryAcquire();
  bool ran = false;
  scene.manager.execute(
      "web", [&] { ran = true; }, {.semaphores = {"a"}, .budget = 10ms}, scene.ending.plain());
  if (waits) scene.settle();
  held.release();  // the call is on its way to the executor
  ManualClock::advance(10ms);
  scene.settle();
  CHECK(scene.ending.is(Errc::deadlineExceeded));
  CHECK_FALSE(ran);
  CHECK(scene.web() == Counters{.timedOut = 1});
  CHECK(scene.semaphore("a").held == 0);
  CHECK(scene.isIdle());
}

TEST_CASE("a result in time leaves nothing of a timed call with semaphores",
          "[manager][execution]") {
  Scene scene(100ms);
  const bool awaitable = GENERATE(false, true);
  if (awaitable) {
    scene.manager.execute(
        "web", [] { return ready(); }, {.semaphores = {"a", "b"}, .budget = 1s},
        scene.ending.plain());
  } else {
    scene.manager.execute(
        "web", [] {}, {.semaphores = {"a", "b"}, .budget = 1s}, scene.ending.plain());
  }
  scene.settle();
  CHECK(scene.ending.fine());
  CHECK(scene.web() == Counters{.executed = 1});
  CHECK(scene.semaphore("b") == SemaphoreCounters{.acquired = 1, .released = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("a manager is destroyed while a call with semaphores is overdue",
          "[manager][execution]") {
  Stage stage;
  Gate gate{stage.io};
  Ending<> ending;
  {
    Manager manager{stage.io, {.semaphores = {{"a", 1}}}};
    manager.execute("web", stubborn(gate), {.semaphores = {"a"}, .executionTimeout = 10ms},
                    ending.plain());
    stage.settle();
    stage.advance(10ms);
    CHECK(ending.is(Errc::executionTimeout));
  }
  gate.open();
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(stage.isIdle());
}
