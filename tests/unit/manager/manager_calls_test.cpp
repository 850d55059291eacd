#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/manager/chained_call.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/manager_support.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using Names = std::vector<std::string>;

// --- the order: bulkhead, semaphores, work -------------------------------------------------------

// An io_context without work stops, and runs nothing until restart().
TEST_CASE("a call with semaphores does not stop a context that has nothing else to do",
          "[manager]") {
  net::io_context io;
  ManualClock::reset();
  Manager manager{io, {.semaphores = {{"cpu", 1}}}};
  const bool refused = GENERATE(false, true);
  Permit hold = refused ? manager.semaphore("cpu")->tryAcquire() : Permit();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, ending.plain());
  CHECK_FALSE(io.stopped());
  io.run();
  CHECK((refused ? ending.is(Errc::queueFull) : ending.fine()));
}

TEST_CASE("a queued call holds no semaphore", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> waiting, other;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, waiting.plain());
  CHECK(serviceCounters(manager, "db") == Counters{.running = 1, .queued = 1});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
  manager.execute(
      "web", [] {}, {.semaphores = {"cpu"}}, other.plain());
  stage.settle();
  CHECK(other.fine());
  CHECK(waiting.open());
  hold.release();
  stage.settle();
  CHECK(waiting.fine());
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 2, .released = 2});
}

TEST_CASE("a call that waits for a semaphore is running in its bulkhead, not queued", "[manager]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = queued ? manager.bulkhead("db").tryAcquire() : Permit();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  bool ran = false;
  Ending<> ending, behind;
  manager.execute(
      "db", [&] { ran = true; }, {.semaphores = {"cpu"}}, ending.plain());
  hold.release();
  manager.execute(
      "db", [] {}, behind.plain());
  stage.settle();
  const std::uint64_t held = queued ? 1 : 0;
  CHECK(serviceCounters(manager, "db") == Counters{.executed = held, .running = 1, .queued = 1});
  CHECK(manager.semaphore("cpu")->stats().waiting == 1);
  CHECK_FALSE(ran);
  cpu.release();
  stage.settle();
  CHECK(ran);
  CHECK((ending.fine() && behind.fine()));
  CHECK(serviceCounters(manager, "db") == Counters{.executed = held + 2});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 2, .released = 2});
}

TEST_CASE("semaphores are acquired in one order, whatever order they are named in", "[manager]") {
  Stage stage;
  const Names names =
      GENERATE(Names{"a", "b", "c"}, Names{"c", "b", "a"}, Names{"b", "c", "a", "c", "b"});
  Manager manager{stage.io, {.semaphores = {{"c", 1}, {"a", 1}, {"b", 1}}}};
  Permit hold = manager.semaphore("b")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = names}, ending.plain());
  CHECK(manager.semaphore("a")->stats().available == 0);
  CHECK(manager.semaphore("b")->stats().waiting == 1);
  CHECK(manager.semaphore("c")->stats().available == 1);
  hold.release();
  CHECK(manager.semaphore("c")->stats().available == 0);
  stage.settle();
  CHECK(ending.fine());
  for (const char* name : {"a", "b", "c"}) {
    const auto counters = semaphoreCounters(manager, name);
    CHECK(counters.acquired == counters.released);
    CHECK(counters.held == 0);
  }
}

TEST_CASE("a semaphore that is named twice counts once", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  std::size_t held = 9;
  Ending<> ending;
  manager.execute(
      "db", [&] { held = semaphoreCounters(manager, "a").held; },
      {.semaphores = {"a", "b", "a", "a", "b"}}, ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(held == 1);
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .released = 1});
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("semaphores are released in reverse order", "[manager]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}, {"c", 1}}}};
  std::vector<std::string> order;
  Ending<> all, waiting[3];
  const ManagerCallOptions options{.semaphores = {"a", "b", "c"}};
  if (awaitable) {
    manager.execute(
        "db", []() -> net::awaitable<void> { co_return; }, options, all.plain());
  } else {
    manager.execute(
        "db", [] {}, options, all.plain());
  }
  int i = 0;
  for (const char* name : {"a", "b", "c"}) {
    manager.execute(
        "web", [&, name] { order.push_back(name); }, {.semaphores = {name}}, waiting[i++].plain());
  }
  stage.settle();
  CHECK(all.fine());
  CHECK(order == Names{"c", "b", "a"});
}

TEST_CASE("a call holds all its semaphores while it runs, and a coroutine until it ends",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  Gate gate(stage.io);
  Ending<> ending;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"a", "b"}}, ending.plain());
  stage.settle();
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .held = 1});
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = 1, .held = 1});
  CHECK(serviceCounters(manager, "db") == Counters{.running = 1});
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .released = 1});
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("calls wait for a semaphore in the order in which they reach it", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit hold = manager.semaphore("cpu")->tryAcquire();
  std::vector<int> order;
  for (int i = 0; i < 6; ++i) {
    manager.execute(
        i % 2 == 0 ? "even" : "odd", [&order, i] { order.push_back(i); }, {.semaphores = {"cpu"}},
        [](std::exception_ptr) {});
  }
  hold.release();
  stage.settle();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("two calls that name two semaphores in opposite orders both run", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  Gate gate(stage.io);
  Ending<> first, second;
  manager.execute(
      "x", [&] { return gate.pass(); }, {.semaphores = {"a", "b"}}, first.plain());
  manager.execute(
      "y", [&] { return gate.pass(); }, {.semaphores = {"b", "a"}}, second.plain());
  stage.settle();
  gate.open();
  stage.settle();
  CHECK((first.fine() && second.fine()));
}

TEST_CASE("a call is counted by bulkhead and semaphores before its handler runs", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Counters counters;
  SemaphoreCounters semaphore;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}},
      [&](std::exception_ptr) {
        counters = serviceCounters(manager, "db");
        semaphore = semaphoreCounters(manager, "cpu");
      });
  stage.settle();
  CHECK(counters == Counters{.executed = 1});
  CHECK(semaphore == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("a weighted call holds its weight in its bulkhead and one permit of each semaphore",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 3}, .semaphores = {{"cpu", 3}}}};
  const bool waits = GENERATE(false, true);
  Permit cpu = waits ? manager.semaphore("cpu")->tryAcquire(3) : Permit();
  std::size_t active = 0, available = 9;
  Ending<> ending;
  manager.execute(
      "db",
      [&] {
        active = manager.bulkhead("db").stats().active;
        available = manager.semaphore("cpu")->stats().available;
      },
      {.semaphores = {"cpu"}, .permits = 3}, ending.plain());
  CHECK(manager.bulkhead("db").stats().active == 3);
  cpu.release();
  stage.settle();
  CHECK(ending.fine());
  CHECK(active == 3);
  CHECK(available == 2);
  CHECK(manager.bulkhead("db").stats().active == 0);
  CHECK(manager.semaphore("cpu")->stats().available == 3);
}

// --- refusals at a semaphore ---------------------------------------------------------------------

namespace {

/// A call that holds `a` and is refused at `b`.
struct RefusedAtB {
  explicit RefusedAtB(Stage& stage)
      : manager(stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}}}) {
    manager.addSemaphore({.name = "b", .permits = 1, .maxQueueSize = 1, .acquireTimeout = 4s});
    if (queued) hold = manager.bulkhead("db").tryAcquire();
    b = manager.semaphore("b")->tryAcquire();
  }
  void start(ManagerCallOptions options = {}) {
    options.semaphores = {"b", "a"};
    if (awaitable) {
      manager.execute(
          "db",
          [&] {
            ran = true;
            return ready(1);
          },
          options, net::bind_cancellation_slot(signal.slot(), ending.valued()));
    } else {
      manager.execute(
          "db",
          [&] {
            ran = true;
            return 1;
          },
          options, net::bind_cancellation_slot(signal.slot(), ending.valued()));
    }
    hold.release();
  }
  /// Checks that all permits are released and that the bulkhead counts the cause that `b` counts.
  void check(net::error_code code, Counters counters) {
    CHECK(ending.is(code));
    CHECK(ending.value == 0);
    CHECK_FALSE(ran);
    if (queued) ++counters.executed;  // the permit that the call waited for
    CHECK(serviceCounters(manager, "db") == counters);
    CHECK(manager.bulkhead("db").stats().active == 0);
    const auto a = semaphoreCounters(manager, "a");
    CHECK(a == SemaphoreCounters{.acquired = 1, .released = 1});  // it was held
    const auto atB = semaphoreCounters(manager, "b");
    CHECK(atB.waiting == 0);
    CHECK(atB.rejected == counters.rejected);
    CHECK(atB.timedOut == counters.timedOut);
    CHECK(atB.cancelled == counters.cancelled);
    CHECK(atB.drained == counters.drained);
    CHECK(manager.bulkhead("db").stats().waitTime.count() == 0);  // the call never ran
    b.release();
    CHECK(semaphoreCounters(manager, "b").held == 0);
  }

  const bool queued = GENERATE(false, true);  // in its bulkhead first
  const bool awaitable = GENERATE(false, true);
  Manager manager;
  Permit hold, b;
  net::cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
};

}  // namespace

TEST_CASE("a call that times out at a semaphore counts as timed out in its bulkhead", "[manager]") {
  Stage stage;
  RefusedAtB call(stage);
  call.start();
  stage.advance(4s - 1ns);
  CHECK(call.ending.open());
  CHECK(semaphoreCounters(call.manager, "a").held == 1);
  stage.advance(1ns);
  CHECK(isExactly<bulwark::BulkheadTimeoutError>(call.ending.error));
  CHECK(refusedBy(call.ending.error) == "b");
  call.check(Errc::queueTimeout, {.timedOut = 1});
}

TEST_CASE("a call that finds a semaphore's queue full counts as rejected in its bulkhead",
          "[manager]") {
  Stage stage;
  RefusedAtB call(stage);
  Ending<> first;
  call.manager.execute(
      "web", [] {}, {.semaphores = {"b"}}, first.plain());  // fills the queue
  call.start();
  stage.settle();
  CHECK(first.open());
  CHECK(isExactly<bulwark::BulkheadRejectedError>(call.ending.error));
  CHECK(refusedBy(call.ending.error) == "b");
  call.b.release();
  stage.settle();
  CHECK(first.fine());
  call.check(Errc::queueFull, {.rejected = 1});
}

TEST_CASE("a call that reaches a draining semaphore counts as drained in its bulkhead",
          "[manager]") {
  Stage stage;
  const bool before = GENERATE(false, true);
  RefusedAtB call(stage);
  const auto drain = [&] { call.manager.semaphore("b")->drain([](net::error_code) {}); };
  if (before) drain();
  call.start();
  if (!before) drain();
  stage.settle();
  CHECK(isExactly<bulwark::BulkheadDrainingError>(call.ending.error));
  CHECK(refusedBy(call.ending.error) == "b");
  call.check(Errc::draining, {.drained = 1});
}

TEST_CASE("a call that is cancelled at a semaphore counts as cancelled in its bulkhead",
          "[manager]") {
  Stage stage;
  RefusedAtB call(stage);
  call.start();
  call.signal.emit(net::cancellation_type::terminal);
  CHECK(call.ending.open());  // not inside emit()
  CHECK(semaphoreCounters(call.manager, "a").held == 0);
  stage.settle();
  CHECK(isExactly<net::system_error>(call.ending.error));
  call.check(net::error::operation_aborted, {.cancelled = 1});
}

TEST_CASE("a call that may not wait is rejected when a semaphore has no free permit", "[manager]") {
  Stage stage;
  RefusedAtB call(stage);
  // Otherwise the queue of its bulkhead would reject it.
  if (call.queued) call.hold.release();
  call.start({.waitTimeout = GENERATE(0s, -1s)});
  stage.settle();
  CHECK(refusedBy(call.ending.error) == "b");
  call.check(Errc::queueFull, {.rejected = 1});
}

TEST_CASE("a semaphore counts a held permit as acquired and released, however the call ends",
          "[manager]") {
  Stage stage;
  enum class End { timedOut, full, drained, cancelled, dropped };
  const End end = GENERATE(End::timedOut, End::full, End::drained, End::cancelled, End::dropped);
  const bool runs = end == End::dropped;  // it would run, but its executor destroys it
  const bool waits = GENERATE(false, true);  // for the first semaphore
  const bool awaitable = GENERATE(false, true);
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::BulkheadManager<decltype(executor), ManualClock> manager(executor,
                                                                    {.semaphores = {{"a", 1}}});
  auto& second =
      manager.addSemaphore({.name = "b", .permits = 1, .maxQueueSize = 1, .acquireTimeout = 4s});
  Permit a = waits ? manager.semaphore("a")->tryAcquire() : Permit();
  Permit b = runs ? Permit() : second.tryAcquire();
  Ending<> other, drain, ending;
  net::cancellation_signal signal;
  if (end == End::full) second.acquire(other.permitted());
  if (end == End::drained) second.drain(drain.coded());
  probe->drop = runs;

  const ManagerCallOptions both{.semaphores = {"a", "b"}};
  auto handler = net::bind_cancellation_slot(signal.slot(), ending.plain());
  if (awaitable) {
    manager.execute(
        "db", []() -> net::awaitable<void> { co_return; }, both, std::move(handler));
  } else {
    manager.execute(
        "db", [] {}, both, std::move(handler));
  }
  a.release();
  if (end == End::timedOut) stage.advance(4s);
  if (end == End::cancelled) signal.emit(net::cancellation_type::terminal);
  stage.settle();

  const std::uint64_t held = waits ? 2 : 1;
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = held, .released = held});
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = 1,
                                                             .released = runs ? 1U : 0U,
                                                             .rejected = end == End::full,
                                                             .timedOut = end == End::timedOut,
                                                             .cancelled = end == End::cancelled,
                                                             .drained = end == End::drained,
                                                             .held = runs ? 0U : 1U,
                                                             .waiting = end == End::full});
  CHECK(serviceCounters(manager, "db") == Counters{.rejected = end == End::full,
                                                   .timedOut = end == End::timedOut,
                                                   .cancelled = end == End::cancelled || runs,
                                                   .drained = end == End::drained});
  CHECK(ending.times == (runs ? 0 : 1));
}

TEST_CASE("a call over the limit in mode observe stays counted when a semaphore refuses it",
          "[manager]") {
  Stage stage;
  const bool waits = GENERATE(false, true);  // for the semaphore that refuses
  Manager manager{
      stage.io,
      {.defaults = {.maxConcurrent = 1, .mode = Mode::observe}, .semaphores = {{"a", 1}}}};
  auto& second = manager.addSemaphore(
      {.name = "b", .permits = 1, .maxQueueSize = waits ? 1U : 0U, .acquireTimeout = 4s});
  manager.semaphore("a")->updateConfig({.mode = Mode::observe});
  const Permit own = manager.bulkhead("db").tryAcquire();
  const Permit a = manager.semaphore("a")->tryAcquire();
  const Permit b = second.tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"a", "b"}}, ending.plain());
  stage.advance(4s);
  CHECK(ending.is(waits ? Errc::queueTimeout : Errc::queueFull));
  CHECK(manager.bulkhead("db").stats().overLimit == 1);
  CHECK(manager.semaphore("a")->stats().overLimit == 1);
  CHECK(semaphoreCounters(manager, "a").acquired == 2);
}

TEST_CASE("a call that may not wait is rejected at once where others wait for a semaphore",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit hold = manager.semaphore("cpu")->tryAcquire();
  Ending<> waiting, impatient;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, waiting.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, impatient.plain());
  stage.settle();
  CHECK(impatient.is(Errc::queueFull));
  CHECK(serviceCounters(manager, "db") == Counters{.rejected = 1, .running = 1});
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .rejected = 1, .held = 1, .waiting = 1});
}

TEST_CASE("a call that is refused at a semaphore lets the next one into its bulkhead",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> first, next;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 1s}, first.plain());
  manager.execute(
      "db", [] {}, next.plain());
  stage.settle();
  CHECK(next.open());
  stage.advance(1s);
  CHECK(first.is(Errc::queueTimeout));
  CHECK(next.fine());
}

TEST_CASE("a whole queue that a semaphore refuses is refused in one pass", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1, .maxQueueSize = 20'000}}};
  manager.addSemaphore({.name = "full", .permits = 1, .maxQueueSize = 0});
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit full = manager.semaphore("full")->tryAcquire();
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    manager.execute(
        "db", [] {}, {.semaphores = {"full"}},
        [&](const std::exception_ptr& error) {
          if (bulwark::errorCodeOf(error) == Errc::queueFull) ++refused;
        });
  }
  hold.release();
  stage.settle();
  CHECK(refused == 20'000);
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .rejected = 20'000});
}

// --- changes while calls wait --------------------------------------------------------------------

TEST_CASE("raising the limit of a service starts its waiting calls at once", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 9}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> endings[3];
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  }
  manager.updateConfig("db", {.maxConcurrent = 3});
  CHECK(serviceCounters(manager, "db") == Counters{.running = 3, .queued = 1});
  CHECK(semaphoreCounters(manager, "cpu").held == 2);
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
}

TEST_CASE("raising a semaphore's permits starts the calls that wait for it at once", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit hold = manager.semaphore("cpu")->tryAcquire();
  Ending<> endings[3];
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  }
  manager.semaphore("cpu")->updateConfig({.permits = 3});
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 3, .held = 3, .waiting = 1});
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
}

TEST_CASE("lowering a limit rejects no waiting call", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 3}, .semaphores = {{"cpu", 3}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire(3);
  Ending<> endings[5];  // three at the semaphore, two in the queue
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  }
  manager.updateConfig("db", {.maxConcurrent = 1, .maxQueueSize = 0});
  manager.semaphore("cpu")->updateConfig({.permits = 1, .maxQueueSize = 0});
  stage.settle();
  for (auto& ending : endings) CHECK(ending.open());
  CHECK(serviceCounters(manager, "db") == Counters{.running = 3, .queued = 2});
  cpu.release();
  stage.settle();
  // The last two reached the semaphore when it had no queue, and found it free.
  for (auto& ending : endings) CHECK(ending.fine());
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 5});
}
