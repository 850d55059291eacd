#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/call_request.hpp>
#include <bulwark/detail/call/waiting_call.hpp>
#include <bulwark/detail/call/without_allocator.hpp>
#include <bulwark/format.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/failures.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Calls whose work takes longer than its execution timeout.

using bulwark::BulkheadEvent;
using bulwark::EventKind;
using bulwark::ExecutionTimeoutError;
using bulwark::Overrun;

namespace {

/// Work that waits at a gate, and ends when it is cancelled.
auto patient(Gate& gate) {
  return [&gate]() -> net::awaitable<void> { co_await gate.pass(); };
}

/// The same, but it ignores cancellation.
auto stubborn(Gate& gate) {
  return [&gate]() -> net::awaitable<void> {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_await gate.pass();
  };
}

struct Scene : Stage {
  explicit Scene(bulwark::BulkheadConfig config = {.name = "db",
                                                   .maxConcurrent = 1,
                                                   .executionTimeout = 100ms})
      : bulkhead(io, std::move(config)) {}

  Counters counters() const { return countersOf(bulkhead); }

  /// Checks that a call which waits at the gate has no time limit.
  void checkUnlimited(const Ending<>& ending) {
    settle();
    CHECK(advance(1h) == 0);
    gate.open();
    settle();
    CHECK(ending.fine());
  }

  Gate gate{io};
  Bulkhead bulkhead;
};

bulwark::BulkheadConfig waiting() {
  return {.name = "db", .maxConcurrent = 1, .executionTimeout = 100ms, .overrun = Overrun::wait};
}

}  // namespace

// --- detach: the caller is told at once ----------------------------------------------------------

TEST_CASE("a caller is told at the timeout, and the permit follows the work", "[execution]") {
  Scene scene;
  Ending<> ending, next;
  scene.bulkhead.execute(stubborn(scene.gate), ending.plain());
  scene.bulkhead.execute([] {}, next.plain());
  scene.settle();
  scene.advance(100ms - 1ns);
  CHECK(ending.open());
  CHECK(scene.counters() == Counters{.running = 1, .queued = 1});
  scene.advance(1ns);
  REQUIRE(ending.is(Errc::executionTimeout));
  CHECK(holds<ExecutionTimeoutError>(ending.error));
  CHECK_FALSE(holds<bulwark::BulkheadError>(ending.error));
  CHECK_FALSE(bulwark::notExecuted(ending.error));
  CHECK_FALSE(bulwark::notExecuted(ending.code));
  CHECK(scene.counters() == Counters{.running = 1, .queued = 1, .overdue = 1});
  CHECK(next.open());
  scene.gate.open();
  scene.settle();
  CHECK(ending.times == 1);
  CHECK(next.fine());
  CHECK(scene.counters() == Counters{.executed = 1, .overran = 1});
  CHECK(scene.bulkhead.stats().submitted() == 2);
  CHECK(scene.bulkhead.stats().executionTime.count() == 2);
  CHECK(scene.isIdle());
}

TEST_CASE("the error names the bulkhead", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.execute(stubborn(scene.gate), ending.plain());
  scene.settle();
  scene.advance(100ms);
  REQUIRE(holds<ExecutionTimeoutError>(ending.error));
  try {
    std::rethrow_exception(ending.error);
  } catch (const ExecutionTimeoutError& error) {
    CHECK(error.bulkhead() == "db");
    CHECK(std::string(error.what()).find("db") != std::string::npos);
  }
  scene.gate.open();
  scene.settle();
}

TEST_CASE("the work is asked to cancel, although the caller brought no slot", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), ending.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(scene.counters() == Counters{.overran = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("a queued call is timed from the start of its work", "[execution]") {
  Scene scene;
  Permit hold = scene.bulkhead.tryAcquire();
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), ending.plain());
  scene.advance(5s);
  hold.release();
  scene.settle();
  scene.advance(100ms - 1ns);
  CHECK(ending.open());
  scene.advance(1ns);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(scene.counters() == Counters{.executed = 1, .overran = 1});
  CHECK(scene.bulkhead.stats().waitTime.max() == 5s);
}

TEST_CASE("a result in time is not affected, and leaves no timer", "[execution]") {
  Scene scene;
  Ending<int> plain, awaited;
  scene.bulkhead.execute([] { return 7; }, plain.valued());
  scene.settle();
  CHECK((plain.fine() && plain.value == 7));
  scene.bulkhead.execute(
      [&]() -> net::awaitable<int> {
        co_await scene.gate.pass();
        co_return 8;
      },
      awaited.valued());
  scene.settle();
  scene.advance(99ms);
  scene.gate.open();
  scene.settle();
  CHECK((awaited.fine() && awaited.value == 8));
  CHECK(scene.isIdle());
  CHECK(scene.counters() == Counters{.executed = 2});
}

TEST_CASE("a callable that returns late on the only thread has won", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.execute([] { ManualClock::advance(1h); }, ending.plain());
  scene.settle();
  CHECK(ending.fine());
  CHECK(scene.counters() == Counters{.executed = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("an exception in time is the call's own", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.execute([] { throw std::runtime_error("x"); }, ending.plain());
  scene.settle();
  CHECK(holds<std::runtime_error>(ending.error));
  CHECK(scene.counters() == Counters{.failed = 1});
}

TEST_CASE("several calls become overdue together", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 3, .executionTimeout = 100ms});
  std::vector<std::unique_ptr<Ending<>>> endings;
  for (int i = 0; i < 4; ++i) {
    endings.push_back(std::make_unique<Ending<>>());
    scene.bulkhead.execute(stubborn(scene.gate), endings.back()->plain());
    scene.settle();
    scene.advance(10ms);
  }
  scene.advance(80ms);
  CHECK(scene.counters() == Counters{.running = 3, .queued = 1, .overdue = 3});
  scene.gate.open();
  scene.settle();
  CHECK(scene.counters() == Counters{.executed = 1, .overran = 3});
  for (const auto& ending : endings) CHECK(ending->times == 1);
}

TEST_CASE("a weighted call keeps all of its permits", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 3, .executionTimeout = 100ms});
  Ending<> ending;
  scene.bulkhead.execute(stubborn(scene.gate), {.permits = 3}, ending.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(scene.bulkhead.stats().active == 3);
  CHECK_FALSE(scene.bulkhead.tryAcquire());
  scene.gate.open();
  scene.settle();
  CHECK(scene.bulkhead.stats().active == 0);
}

TEST_CASE("a coroutine hears of the timeout", "[execution]") {
  Scene scene;
  Gate& gate = scene.gate;
  std::exception_ptr caught;
  net::co_spawn(
      scene.io,
      [&]() -> net::awaitable<void> {
        try {
          co_await scene.bulkhead.execute(stubborn(gate), net::use_awaitable);
        } catch (...) {
          caught = std::current_exception();
        }
      },
      [](const std::exception_ptr& error) { CHECK(error == nullptr); });
  scene.settle();
  scene.advance(100ms);
  CHECK(holds<ExecutionTimeoutError>(caught));
  CHECK(scene.counters() == Counters{.running = 1, .overdue = 1});
  gate.open();
  scene.settle();
  CHECK(scene.counters() == Counters{.overran = 1});
}

// --- wait: the caller is told at the end of the work ---------------------------------------------

TEST_CASE("wait: work that is cancelled ends as an execution timeout", "[execution]") {
  Scene scene(waiting());
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), ending.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(holds<ExecutionTimeoutError>(ending.error));
  CHECK(scene.counters() == Counters{.overran = 1});
}

TEST_CASE("wait: a result after all reaches the caller, and counts as executed", "[execution]") {
  Scene scene(waiting());
  Ending<int> ending;
  scene.bulkhead.execute(
      [&]() -> net::awaitable<int> {
        co_await stubborn(scene.gate)();
        co_return 7;
      },
      ending.valued());
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.open());
  CHECK(scene.counters() == Counters{.running = 1, .overdue = 1});
  scene.gate.open();
  scene.settle();
  CHECK((ending.fine() && ending.value == 7));
  CHECK(scene.counters() == Counters{.executed = 1});
}

TEST_CASE("wait: a failure after the timeout is the call's own, and counts as overran",
          "[execution]") {
  Scene scene(waiting());
  Ending<> ending;
  scene.bulkhead.execute(
      [&]() -> net::awaitable<void> {
        co_await stubborn(scene.gate)();
        throw std::runtime_error("x");
      },
      ending.plain());
  scene.settle();
  scene.advance(100ms);
  scene.gate.open();
  scene.settle();
  CHECK(holds<std::runtime_error>(ending.error));
  CHECK(scene.counters() == Counters{.overran = 1});
}

TEST_CASE("wait: the cancellation of the caller stays its own", "[execution]") {
  Scene scene(waiting());
  Ending<> ending;
  net::cancellation_signal signal;
  scene.bulkhead.execute(
      [&]() -> net::awaitable<void> {
        co_await stubborn(scene.gate)();
        throw net::system_error(net::error::operation_aborted);
      },
      net::bind_cancellation_slot(signal.slot(), ending.plain()));
  scene.settle();
  scene.advance(100ms);
  signal.emit(net::cancellation_type::terminal);
  scene.settle();
  scene.gate.open();
  scene.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(scene.counters() == Counters{.overran = 1});
}

TEST_CASE("a caller that cancels in time gets operation_aborted", "[execution]") {
  Scene scene;
  Ending<> ending;
  net::cancellation_signal signal;
  scene.bulkhead.execute(patient(scene.gate),
                         net::bind_cancellation_slot(signal.slot(), ending.plain()));
  scene.settle();
  signal.emit(net::cancellation_type::terminal);
  scene.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(scene.counters() == Counters{.failed = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("a cancellation after the timeout does no harm", "[execution]") {
  Scene scene;
  Ending<> ending;
  net::cancellation_signal signal;
  scene.bulkhead.execute(stubborn(scene.gate),
                         net::bind_cancellation_slot(signal.slot(), ending.plain()));
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.is(Errc::executionTimeout));
  signal.emit(net::cancellation_type::terminal);
  scene.settle();
  scene.gate.open();
  scene.settle();
  signal.emit(net::cancellation_type::terminal);
  scene.settle();
  CHECK(ending.times == 1);
  CHECK(scene.counters() == Counters{.overran = 1});
}

// --- options and configuration -------------------------------------------------------------------

TEST_CASE("a call's own execution timeout replaces the configured one", "[execution]") {
  Scene scene;
  const auto own = GENERATE(50ms, 200ms);
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), {.executionTimeout = own}, ending.plain());
  scene.settle();
  scene.advance(own - 1ns);
  CHECK(ending.open());
  scene.advance(1ns);
  CHECK(ending.is(Errc::executionTimeout));
}

TEST_CASE("a call without an execution timeout of its own, by its options", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), {.executionTimeout = bulwark::noTimeout},
                         ending.plain());
  scene.checkUnlimited(ending);
}

TEST_CASE("an execution timeout that has passed ends the call before it begins", "[execution]") {
  Scene scene;
  const std::chrono::nanoseconds passed = GENERATE(0ns, -1ns);
  bool ran = false;
  Ending<> ending;
  scene.bulkhead.execute([&] { ran = true; }, {.executionTimeout = passed}, ending.plain());
  CHECK(ending.open());
  scene.settle();
  CHECK(ending.is(Errc::executionTimeout));
  CHECK_FALSE(ran);
  CHECK(scene.counters() == Counters{.timedOut = 1});
}

TEST_CASE("permits have no execution timeout", "[execution]") {
  Scene scene;
  Ending<> ending;
  scene.bulkhead.acquire({.executionTimeout = 1ms}, ending.permitted());
  scene.settle();
  CHECK(ending.permit);
  CHECK(scene.advance(1h) == 0);
  CHECK(scene.counters() == Counters{.running = 1});
}

TEST_CASE("a new execution timeout concerns the calls that start after it", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 2});
  Ending<> before, after;
  scene.bulkhead.execute(patient(scene.gate), before.plain());
  scene.settle();
  scene.bulkhead.updateConfig(
      {.executionTimeout = 100ms, .overrun = Overrun::wait, .maxOverdue = 7});
  CHECK(scene.bulkhead.config().executionTimeout == 100ms);
  CHECK(scene.bulkhead.config().overrun == Overrun::wait);
  CHECK(scene.bulkhead.config().maxOverdue == 7);
  scene.bulkhead.execute(patient(scene.gate), after.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(before.open());
  CHECK(holds<ExecutionTimeoutError>(after.error));
  scene.gate.open();
  scene.settle();
  CHECK(before.fine());
}

TEST_CASE("configurations of execution timeouts that are refused", "[execution]") {
  Scene scene;
  const auto refused = [&](const bulwark::BulkheadOverrides& overrides) {
    return configErrorOf([&] { scene.bulkhead.updateConfig(overrides); });
  };
  CHECK(refused({.executionTimeout = 0ns}).field() == "executionTimeout");
  CHECK(refused({.executionTimeout = -1ns}).value() == "-1 ns");
  CHECK(refused({.overrun = static_cast<Overrun>(9)}).rule() == "must be detach or wait");
  CHECK(refused({.maxOverdue = 0}).field() == "maxOverdue");
  CHECK(scene.bulkhead.config().executionTimeout == 100ms);
  CHECK(configErrorOf([&] {
          Bulkhead({scene.io.get_executor()}, {.name = "b", .executionTimeout = 0ns});
        }).field() == "executionTimeout");
}

TEST_CASE("mode observe notes what overran, and interferes with nothing", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 1, .mode = Mode::observe, .executionTimeout = 100ms});
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), ending.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.open());
  CHECK(scene.counters() == Counters{.running = 1, .overdue = 1});
  scene.gate.open();
  scene.settle();
  CHECK(ending.fine());
  CHECK(scene.counters() == Counters{.overran = 1});
}

TEST_CASE("mode off knows no execution timeout", "[execution]") {
  Scene scene({.name = "db", .mode = Mode::off, .executionTimeout = 100ms});
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), ending.plain());
  scene.checkUnlimited(ending);
}

TEST_CASE("a bulkhead in mode off is destroyed before and while its calls run", "[execution]") {
  Stage stage;
  Gate gate{stage.io};
  const bool queued = GENERATE(false, true);
  const bool running = GENERATE(false, true);
  Ending<> awaited, plain;
  {
    Bulkhead bulkhead{stage.io,
                      {.name = "db",
                       .maxConcurrent = 1,
                       .mode = queued ? Mode::enforce : Mode::off,
                       .executionTimeout = 100ms}};
    const Permit hold = bulkhead.tryAcquire();
    bulkhead.execute(stubborn(gate), {.budget = 1h}, awaited.plain());
    bulkhead.execute([] {}, {.budget = 1h}, plain.plain());
    bulkhead.updateConfig({.mode = Mode::off});
    if (running) stage.settle();
  }
  stage.advance(2h);
  CHECK(plain.fine());
  CHECK(awaited.open());
  gate.open();
  stage.settle();
  CHECK(awaited.fine());
  CHECK(stage.isIdle());
}

// --- a budget for the whole call -----------------------------------------------------------------

TEST_CASE("a budget bounds the wait", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 1, .queueTimeout = 1s});
  Permit hold = scene.bulkhead.tryAcquire();
  Ending<> budgeted, patient, acquired;
  bool ran = false;
  scene.bulkhead.execute([&] { ran = true; }, {.budget = 100ms}, budgeted.plain());
  scene.bulkhead.execute([] {}, {.queueTimeout = 50ms, .budget = 100ms}, patient.plain());
  scene.bulkhead.acquire({.budget = 100ms}, acquired.permitted());
  scene.advance(50ms);
  CHECK(patient.is(Errc::queueTimeout));
  scene.advance(50ms - 1ns);
  CHECK(budgeted.open());
  scene.advance(1ns);
  REQUIRE(budgeted.is(Errc::deadlineExceeded));
  CHECK(holds<bulwark::DeadlineExceededError>(budgeted.error));
  CHECK(bulwark::notExecuted(budgeted.error));
  CHECK(acquired.is(Errc::deadlineExceeded));
  CHECK_FALSE(ran);
  CHECK(scene.counters() == Counters{.timedOut = 3, .running = 1});
}

TEST_CASE("a budget bounds the work by what the wait has left", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 1});
  Permit hold = scene.bulkhead.tryAcquire();
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), {.budget = 100ms}, ending.plain());
  scene.advance(60ms);
  hold.release();
  scene.settle();
  scene.advance(40ms - 1ns);
  CHECK(ending.open());
  scene.advance(1ns);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(scene.counters() == Counters{.executed = 1, .overran = 1});
}

TEST_CASE("of a budget and an execution timeout the earlier one counts", "[execution]") {
  Scene scene;  // an execution timeout of 100 ms
  const auto budget = GENERATE(30ms, 300ms);
  Ending<> ending;
  scene.bulkhead.execute(patient(scene.gate), {.budget = budget}, ending.plain());
  scene.settle();
  const auto first = (std::min)(budget, std::chrono::milliseconds(100));
  scene.advance(first - 1ns);
  CHECK(ending.open());
  scene.advance(1ns);
  CHECK(ending.is(Errc::executionTimeout));
}

TEST_CASE("a budget that is used up refuses the call at once", "[execution]") {
  Scene scene;
  const std::chrono::nanoseconds budget = GENERATE(0ns, -1ns);
  bool ran = false;
  Ending<> call, permit;
  scene.bulkhead.execute([&] { ran = true; }, {.budget = budget}, call.plain());
  scene.bulkhead.acquire({.budget = budget}, permit.permitted());
  scene.settle();
  CHECK(call.is(Errc::deadlineExceeded));
  CHECK(permit.is(Errc::deadlineExceeded));
  CHECK_FALSE(ran);
  CHECK(scene.counters() == Counters{.timedOut = 2});
}

TEST_CASE("work does not begin after the end of the budget", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 1});
  const bool awaitable = GENERATE(false, true);
  bool ran = false;
  Ending<> ending;
  if (awaitable) {
    scene.bulkhead.execute(
        [&] {
          ran = true;
          return ready();
        },
        {.budget = 10ms}, ending.plain());
  } else {
    scene.bulkhead.execute([&] { ran = true; }, {.budget = 10ms}, ending.plain());
  }
  ManualClock::advance(10ms);  // it is on its way to the executor
  scene.settle();
  CHECK(ending.is(Errc::deadlineExceeded));
  CHECK_FALSE(ran);
  CHECK(scene.counters() == Counters{.timedOut = 1});
  CHECK(scene.isIdle());
}

TEST_CASE("a call that the end of its budget keeps from running has no wait time", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 1});
  const bool awaitable = GENERATE(false, true);
  Permit hold = scene.bulkhead.tryAcquire();
  Ending<> ending;
  if (awaitable) {
    scene.bulkhead.execute([] { return ready(); }, {.budget = 10ms}, ending.plain());
  } else {
    scene.bulkhead.execute([] {}, {.budget = 10ms}, ending.plain());
  }
  ManualClock::advance(5ms);
  hold.release();
  ManualClock::advance(5ms);  // it has its permit, and is on its way to the executor
  scene.settle();
  CHECK(ending.is(Errc::deadlineExceeded));
  CHECK(scene.counters() == Counters{.executed = 1, .timedOut = 1});
  CHECK(scene.bulkhead.stats().waitTime.count() == 0);
}

TEST_CASE("a thread that waits has a budget, too", "[execution]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 1}};
  CHECK_THROWS_AS(semaphore.acquire({.budget = 0ns}), bulwark::DeadlineExceededError);
  CHECK_THROWS_AS(semaphore.withPermit([] {}, {.budget = -1ns}), bulwark::DeadlineExceededError);
  CHECK(semaphore.stats().timedOut == 2);
  CHECK(semaphore.acquire({.budget = 1h}));
}

TEST_CASE("withPermit() on the executor has an execution timeout", "[execution]") {
  Stage stage;
  Gate gate{stage.io};
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 1}};
  Ending<> ending;
  semaphore.withPermit(stubborn(gate), {.executionTimeout = 100ms}, ending.plain());
  stage.settle();
  stage.advance(100ms);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(semaphore.stats().available == 0);
  gate.open();
  stage.settle();
  CHECK(semaphore.stats().available == 1);
}

// --- what is seen of it --------------------------------------------------------------------------

TEST_CASE("the events of an overdue call", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 2, .executionTimeout = 100ms, .maxOverdue = 2});
  std::vector<BulkheadEvent> events;
  scene.bulkhead.setObserver([&](const BulkheadEvent& event) {
    if (event.kind != EventKind::saturated && event.kind != EventKind::recovered) {
      events.push_back(event);
    }
  });
  Ending<> first, second;
  scene.bulkhead.execute(stubborn(scene.gate), first.plain());
  scene.settle();
  scene.advance(10ms);
  scene.bulkhead.execute(stubborn(scene.gate), second.plain());
  scene.settle();
  scene.advance(90ms);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == EventKind::overran);
  CHECK(events[0].overdue == 1);
  CHECK(events[0].overdueFor == 0ns);
  scene.advance(10ms);
  REQUIRE(events.size() == 3);
  CHECK(events[1].kind == EventKind::overran);
  CHECK(events[2].kind == EventKind::stalled);
  CHECK(events[2].overdue == 2);
  scene.advance(1s);
  scene.gate.open();
  scene.settle();
  REQUIRE(events.size() == 5);
  CHECK(events[3].kind == EventKind::returned);
  CHECK(events[3].overdueFor == 1010ms);
  CHECK(events[4].kind == EventKind::returned);
  CHECK(events[4].overdueFor == 1s);
}

TEST_CASE("reset() forgets how many calls overran, not those that are overdue", "[execution]") {
  Scene scene({.name = "db", .maxConcurrent = 2, .executionTimeout = 100ms});
  Ending<> first, second;
  scene.bulkhead.execute(patient(scene.gate), first.plain());
  scene.bulkhead.execute(stubborn(scene.gate), second.plain());
  scene.settle();
  scene.advance(100ms);
  CHECK(scene.counters() == Counters{.running = 1, .overran = 1, .overdue = 1});
  scene.bulkhead.reset();
  CHECK(scene.counters() == Counters{.running = 1, .overdue = 1});
  scene.gate.open();
  scene.settle();
  CHECK(scene.counters() == Counters{.overran = 1});
}

TEST_CASE("a drain waits for overdue work", "[execution]") {
  Scene scene;
  Ending<> ending, drained;
  scene.bulkhead.execute(stubborn(scene.gate), ending.plain());
  scene.settle();
  scene.bulkhead.drain(drained.coded());
  scene.advance(100ms);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(drained.open());
  scene.gate.open();
  scene.settle();
  CHECK(drained.fine());
}

// --- lifetimes -----------------------------------------------------------------------------------

TEST_CASE("a bulkhead is destroyed while work is overdue", "[execution]") {
  Stage stage;
  Gate gate{stage.io};
  Ending<> overdue, running;
  {
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .executionTimeout = 100ms}};
    bulkhead.execute(stubborn(gate), overdue.plain());
    stage.settle();
    stage.advance(50ms);
    bulkhead.execute(patient(gate), running.plain());
    stage.settle();
    stage.advance(50ms);
    CHECK(overdue.is(Errc::executionTimeout));
  }
  stage.settle();
  CHECK(stage.advance(1h) == 0);  // no timeout fires any more
  CHECK(running.open());
  gate.open();
  stage.settle();
  CHECK(overdue.times == 1);
  CHECK(running.fine());
  CHECK(stage.isIdle());
}

TEST_CASE("a context is destroyed while calls run and are overdue", "[execution]") {
  ManualClock::reset();
  Fate overdue, running, posted;
  {
    auto io = std::make_unique<net::io_context>();
    std::optional<Gate> ownGate(std::in_place, *io);
    Gate& gate = *ownGate;
    Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 3, .executionTimeout = 100ms}};
    bulkhead.execute(stubborn(gate), Witness(overdue));
    settle(*io);
    ManualClock::advance(100ms);
    settle(*io);
    CHECK(overdue.invoked == 1);
    bulkhead.execute(stubborn(gate), Witness(running));
    settle(*io);
    bulkhead.execute(stubborn(gate), Witness(posted));
    ownGate.reset();  // the coroutines that wait there are destroyed with the context
    io.reset();
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.stats().overdue == 0);
  }
  CHECK(overdue.invoked == 1);
  CHECK(overdue.destroyed == 1);
  CHECK(running.droppedUninvoked());
  CHECK(posted.droppedUninvoked());
}

TEST_CASE("a handler's context need not outlive the overdue work", "[execution]") {
  Scene scene;
  Ending<> ending;
  net::io_context other;
  scene.bulkhead.execute(stubborn(scene.gate), net::bind_executor(other, ending.plain()));
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.open());
  settle(other);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(other.stopped());  // it holds no work any more
  scene.gate.open();
  scene.settle();
  CHECK(ending.times == 1);
}

TEST_CASE("a stream of calls leaves the timer alone", "[execution]") {
  Scene scene;
  int left = 100;
  struct Next {
    Scene& scene;
    int& left;
    void operator()(const std::exception_ptr& error) const {
      REQUIRE(error == nullptr);
      if (--left > 0) scene.bulkhead.execute([] {}, *this);
    }
  };
  scene.bulkhead.execute([] {}, Next{scene, left});
  // Each call is one function of the executor; a timer that is set and cancelled adds one.
  CHECK(scene.settle() <= 102);
  CHECK(left == 0);
  CHECK(scene.isIdle());
}

namespace {

/// Counts the blocks of a handler's allocator.
template <typename T>
struct BlockCounter {
  using value_type = T;
  explicit BlockCounter(int& blocks) noexcept : count(&blocks) {}
  template <typename U>
  BlockCounter(const BlockCounter<U>& other) noexcept : count(other.count) {}
  T* allocate(std::size_t n) {
    ++*count;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* block, std::size_t n) noexcept {
    --*count;
    std::allocator<T>().deallocate(block, n);
  }
  friend bool operator==(BlockCounter a, BlockCounter b) { return a.count == b.count; }
  int* count;
};

struct Allocating {
  using allocator_type = BlockCounter<char>;
  allocator_type get_allocator() const noexcept { return allocator_type(*blocks); }

  void operator()(const std::exception_ptr& error) {
    ending->plain()(error);
    blocksAtEnd = *blocks;
  }

  int* blocks;
  Ending<>* ending;
  int& blocksAtEnd;
};

}  // namespace

TEST_CASE("no block of the handler's allocator outlives its handler", "[execution]") {
  Scene scene;
  int blocks = 0, blocksAtEnd = -1;
  Ending<> ending;
  const bool awaitable = GENERATE(false, true);
  const bool queued = GENERATE(false, true);
  Permit hold = queued ? scene.bulkhead.tryAcquire() : Permit();
  if (awaitable) {
    scene.bulkhead.execute(stubborn(scene.gate), Allocating{&blocks, &ending, blocksAtEnd});
  } else {
    scene.bulkhead.execute([] {}, Allocating{&blocks, &ending, blocksAtEnd});
  }
  hold.release();
  scene.settle();
  scene.advance(100ms);
  CHECK(ending.times == 1);
  CHECK(blocksAtEnd == 0);
  scene.gate.open();
  scene.settle();
  CHECK(blocks == 0);
}
