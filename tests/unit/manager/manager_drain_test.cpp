#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/manager/drain_all.hpp>
#include <bulwark/detail/manager/drain_group.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using net::bind_cancellation_slot;
using net::cancellation_signal;
using net::cancellation_type;

TEST_CASE("a drain of an idle manager completes by a post", "[manager][drain]") {
  Stage stage;
  const bool empty = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Manager nothing{stage.io};
  if (!empty) manager.bulkhead("db");
  Ending<> ending;
  (empty ? nothing : manager).drainAll(ending.coded());
  CHECK(ending.open());
  stage.settle();
  CHECK(ending.fine());
  CHECK(stage.isIdle());
}

TEST_CASE("a drain completes when the last permit, also of a semaphore, is released",
          "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit a = manager.bulkhead("a").tryAcquire();
  Permit b = manager.bulkhead("b").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> ending;
  manager.drainAll(ending.coded());
  std::vector<Permit*> order{&a, &b, &cpu};
  std::rotate(order.begin(), order.begin() + GENERATE(0, 1, 2), order.end());
  for (Permit* permit : order) {
    stage.settle();
    CHECK(ending.open());
    permit->release();
  }
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a drain lets running calls finish under their semaphores", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Gate gate(stage.io);
  Ending<> running, drain;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, running.plain());
  stage.settle();
  manager.drainAll(drain.coded());
  stage.settle();
  CHECK((running.open() && drain.open()));
  gate.open();
  stage.settle();
  CHECK((running.fine() && drain.fine()));
}

TEST_CASE("a drain fails calls that queue and calls that wait for a semaphore",
          "[manager][drain]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}}};
  Permit b = manager.semaphore("b")->tryAcquire();
  const ManagerCallOptions options{.semaphores = {"a", "b"}};
  Ending<> atB, atA, queued, drain;
  std::vector<std::string> order;
  const auto start = [&](const char* service, Ending<>& ending) {
    if (awaitable) {
      manager.execute(
          service, []() -> net::awaitable<void> { co_return; }, options, ending.plain());
    } else {
      manager.execute(
          service, [] {}, options, ending.plain());
    }
  };
  start("x", atB);
  start("y", atA);
  start("x", queued);
  manager.drainAll(drain.coded());
  stage.settle();
  CHECK(atB.is(Errc::draining));
  CHECK(refusedBy(atB.error) == "b");
  CHECK(atA.is(Errc::draining));
  CHECK(refusedBy(atA.error) == "a");
  CHECK(queued.is(Errc::draining));
  CHECK(refusedBy(queued.error) == "x");
  CHECK(serviceCounters(manager, "x") == Counters{.drained = 2});
  CHECK(serviceCounters(manager, "y") == Counters{.drained = 1});
  CHECK(semaphoreCounters(manager, "a").held == 0);
  CHECK(drain.open());  // a permit of b is in use
  b.release();
  stage.settle();
  CHECK(drain.fine());
}

TEST_CASE("a draining manager refuses calls with and without semaphores", "[manager][drain]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::enforce, Mode::observe);
  Manager manager{stage.io, {.defaults = {.mode = mode}, .semaphores = {{"cpu", 1}}}};
  manager.bulkhead("db");
  Ending<> drain, plain, chained, direct;
  manager.drainAll(drain.coded());
  manager.execute(
      "db", [] {}, plain.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, chained.plain());
  manager.semaphore("cpu")->acquire(direct.permitted());
  stage.settle();
  CHECK(drain.fine());
  CHECK(plain.is(Errc::draining));
  CHECK(chained.is(Errc::draining));
  CHECK(refusedBy(chained.error) == "db");
  CHECK(direct.is(Errc::draining));
  CHECK(serviceCounters(manager, "db") == Counters{.drained = 2});
}

TEST_CASE("a bulkhead or semaphore created in a draining manager is closed", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  Ending<> drain, service, own, direct, direct2;
  manager.drainAll(drain.coded());
  stage.settle();
  CHECK(drain.fine());
  manager.execute(
      "new", [] {}, service.plain());
  manager.addBulkhead({.name = "own"}, stage.io.get_executor());
  manager.execute(
      "own", [] {}, own.plain());
  manager.addSemaphore({.name = "added"}).acquire(direct.permitted());
  manager.apply({.semaphores = {{"applied", 1}}});
  manager.semaphore("applied")->acquire(direct2.permitted());
  CHECK_FALSE(manager.bulkhead("third").tryAcquire());
  stage.settle();
  CHECK(service.is(Errc::draining));
  CHECK(own.is(Errc::draining));
  CHECK(direct.is(Errc::draining));
  CHECK(direct2.is(Errc::draining));
  manager.resumeAll();
  Ending<> after[5];
  manager.execute(
      "new", [] {}, after[0].plain());
  manager.execute(
      "own", [] {}, {.semaphores = {"added", "applied"}}, after[1].plain());
  manager.execute(
      "third", [] {}, after[2].plain());
  manager.execute(
      "fourth", [] {}, after[3].plain());  // created after the end of the drain
  stage.settle();
  for (int i = 0; i < 4; ++i) CHECK(after[i].fine());
}

TEST_CASE("resumeAll opens everything and aborts a pending drain", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit db = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> drain, after;
  manager.drainAll(drain.coded());
  manager.resumeAll();
  CHECK(drain.open());
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  cpu.release();
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, after.plain());
  stage.settle();
  CHECK(after.fine());
}

TEST_CASE("resumeAll does not change a completed drain and has no effect without one",
          "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  manager.bulkhead("db");
  Ending<> drain, ending;
  manager.resumeAll();
  manager.drainAll(drain.coded());
  manager.resumeAll();
  manager.execute(
      "db", [] {}, ending.plain());
  stage.settle();
  CHECK(drain.fine());
  CHECK(ending.fine());
}

TEST_CASE("resuming one bulkhead aborts the drain, and the other bulkheads stay closed",
          "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  Permit a = manager.bulkhead("a").tryAcquire();
  Permit b = manager.bulkhead("b").tryAcquire();
  Ending<> drain, inA, inB;
  manager.drainAll(drain.coded());
  manager.bulkhead("a").resume();
  manager.execute(
      "a", [] {}, inA.plain());
  manager.execute(
      "b", [] {}, inB.plain());
  a.release();
  b.release();
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  CHECK(inA.fine());
  CHECK(inB.is(Errc::draining));
}

TEST_CASE("two drains may be pending, and both complete", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> first, second, third;
  manager.drainAll(first.coded());
  manager.drainAll(second.coded());
  stage.settle();
  CHECK((first.open() && second.open()));
  hold.release();
  stage.settle();
  CHECK((first.fine() && second.fine()));
  manager.drainAll(third.coded());
  stage.settle();
  CHECK(third.fine());
}

TEST_CASE("each type of cancellation ends a drain, and everything stays closed",
          "[manager][drain]") {
  Stage stage;
  const auto type = GENERATE(cancellation_type::terminal, cancellation_type::partial,
                             cancellation_type::total, cancellation_type::all);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit db = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  cancellation_signal signal;
  Ending<> cancelled, other, call;
  manager.drainAll(bind_cancellation_slot(signal.slot(), cancelled.coded()));
  manager.drainAll(other.coded());
  signal.emit(cancellation_type::none);
  stage.settle();
  CHECK(cancelled.open());
  signal.emit(type);
  CHECK(cancelled.open());  // not inside emit()
  stage.settle();
  CHECK(cancelled.is(net::error::operation_aborted));
  CHECK(other.open());
  manager.execute(
      "db", [] {}, call.plain());
  manager.execute(
      "web", [] {}, [](std::exception_ptr) {});
  stage.settle();
  CHECK(call.is(Errc::draining));
  CHECK(serviceCounters(manager, "web") == Counters{.drained = 1});
  db.release();
  cpu.release();
  stage.settle();
  CHECK(other.fine());
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(cancelled.times == 1);
}

TEST_CASE("a signal of a drain that has completed affects no other operation", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  Permit db = manager.bulkhead("db").tryAcquire();
  cancellation_signal signal;
  Ending<> first, second;
  manager.drainAll(bind_cancellation_slot(signal.slot(), first.coded()));
  db.release();
  stage.settle();
  CHECK(first.fine());
  manager.resumeAll();
  db = manager.bulkhead("db").tryAcquire();
  manager.drainAll(second.coded());
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(second.open());
  db.release();
  stage.settle();
  CHECK(second.fine());
}

TEST_CASE("a lazy drain closes nothing before it is started", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  Ending<> ending;
  auto drain = manager.drainAll(lazily);
  CHECK(manager.bulkhead("db").tryAcquire());
  std::move(drain)(ending.coded());
  CHECK_FALSE(manager.bulkhead("db").tryAcquire());
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a drain of the manager ignores a bulkhead in mode off", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.mode = Mode::off}}};
  Gate gate(stage.io);
  Ending<> running, drain, after;
  manager.execute(
      "db", [&] { return gate.pass(); }, running.plain());
  stage.settle();
  manager.drainAll(drain.coded());
  manager.execute(
      "db", [] {}, after.plain());
  stage.settle();
  CHECK(drain.fine());
  CHECK(after.fine());
  CHECK(running.open());
  gate.open();
  stage.settle();
}

TEST_CASE("a coroutine waits for the drain of a manager", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> ending;
  net::co_spawn(
      stage.io, [&]() -> net::awaitable<void> { co_await manager.drainAll(net::use_awaitable); },
      ending.plain());
  stage.settle();
  CHECK(ending.open());
  hold.release();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a drain goes on when the context of one service is destroyed", "[manager][drain]") {
  Stage stage;
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io};
  auto& files = manager.addBulkhead({.name = "files"}, own->get_executor());
  Permit inFiles = files.tryAcquire();
  Permit inDb = manager.bulkhead("db").tryAcquire();
  Ending<> drain;
  manager.drainAll(drain.coded());
  own.reset();
  stage.settle();
  CHECK(drain.open());
  inDb.release();
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  inFiles.release();
}

// --- queries -------------------------------------------------------------------------------------

namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a manager drains as a whole from drainAll() until resumeAll()", "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}, {"a", 1}}}};
  for (const char* name : {"x", "db", "ai"}) manager.bulkhead(name);
  STATIC_REQUIRE(noexcept(manager.draining()));
  CHECK_FALSE(manager.draining());
  CHECK_FALSE(manager.health().draining);
  CHECK(manager.health().drainingBulkheads.empty());
  CHECK(manager.health().drainingSemaphores.empty());
  const Permit held = manager.bulkhead("db").tryAcquire();
  Ending<> drain;
  manager.drainAll(drain.coded());
  CHECK(manager.draining());
  CHECK(manager.bulkhead("db").draining());
  CHECK(manager.bulkhead("first used now").draining());
  CHECK(manager.addBulkhead({.name = "own"}, stage.io.get_executor()).draining());
  CHECK(manager.semaphore("cpu")->draining());
  CHECK(manager.addSemaphore({.name = "added"}).draining());
  manager.apply({.semaphores = {{"applied", 1}}});
  const bulwark::HealthSummary during = manager.health();
  CHECK(during.draining);
  CHECK(during.drainingBulkheads == Names{"ai", "db", "first used now", "own", "x"});
  CHECK(during.drainingSemaphores == Names{"a", "added", "applied", "cpu"});
  stage.settle();
  CHECK(drain.open());
  manager.resumeAll();
  CHECK_FALSE(manager.draining());
  CHECK_FALSE(manager.health().draining);
  CHECK(manager.health().drainingBulkheads.empty());
  CHECK(manager.health().drainingSemaphores.empty());
}

TEST_CASE("health() names a draining bulkhead or semaphore of a manager that does not drain",
          "[manager][drain]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  manager.bulkhead("ai");
  manager.bulkhead("db").drain([](net::error_code) {});
  manager.semaphore("cpu")->drain([](net::error_code) {});
  CHECK_FALSE(manager.draining());
  const bulwark::HealthSummary health = manager.health();
  CHECK_FALSE(health.draining);
  CHECK(health.drainingBulkheads == Names{"db"});
  CHECK(health.drainingSemaphores == Names{"cpu"});
  manager.drainAll([](net::error_code) {});
  manager.bulkhead("db").resume();
  CHECK(manager.draining());  // new objects are closed
  CHECK(manager.health().drainingBulkheads == Names{"ai"});
}
