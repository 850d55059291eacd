#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/format.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/manager_support.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using net::bind_cancellation_slot;
using net::cancellation_signal;
using net::cancellation_type;

namespace {

using OptionalManager = std::optional<Manager>;

}  // namespace

// --- the manager is destroyed first --------------------------------------------------------------

TEST_CASE("destruction completes calls that queue or wait for a semaphore with operation_aborted",
          "[manager][lifetime]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  OptionalManager manager(
      std::in_place, stage.io,
      ManagerConfig{.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}});
  Permit b = manager->semaphore("b")->tryAcquire();
  bool ran = false;
  Ending<> atSemaphore, queued, drain;
  const auto start = [&](Ending<>& ending) {
    if (awaitable) {
      manager->execute(
          "db",
          [&ran]() -> net::awaitable<void> {
            ran = true;
            co_return;
          },
          {.semaphores = {"a", "b"}}, ending.plain());
    } else {
      manager->execute(
          "db", [&] { ran = true; }, {.semaphores = {"a", "b"}}, ending.plain());
    }
  };
  start(atSemaphore);
  start(queued);
  CHECK(serviceCounters(*manager, "db") == Counters{.running = 1, .queued = 1});
  manager.reset();
  CHECK((atSemaphore.open() && queued.open()));
  stage.settle();
  CHECK(atSemaphore.is(net::error::operation_aborted));
  CHECK(isExactly<net::system_error>(atSemaphore.error));
  CHECK(queued.is(net::error::operation_aborted));
  CHECK_FALSE(ran);
  b.release();
  CHECK(stage.isIdle());
}

TEST_CASE("running calls outlive their manager and release their permits safely",
          "[manager][lifetime]") {
  Stage stage;
  OptionalManager manager(std::in_place, stage.io,
                          ManagerConfig{.semaphores = {{"cpu", 5}, {"ram", 5}}});
  Gate gate(stage.io);
  cancellation_signal signal;
  const ManagerCallOptions options{.semaphores = {"cpu", "ram"}};
  Ending<> coroutine, plain;
  manager->execute(
      "db",
      [&]() -> net::awaitable<int> {
        co_await gate.pass();
        co_return 6;
      },
      options, bind_cancellation_slot(signal.slot(), coroutine.valued()));
  stage.settle();
  manager->execute(
      "db", [] { return 7; }, options, plain.valued());  // granted, not yet run
  manager.reset();
  stage.settle();
  CHECK(plain.fine());
  CHECK(plain.value == 7);
  CHECK(coroutine.open());
  gate.open();
  stage.settle();
  CHECK(coroutine.fine());
  CHECK(coroutine.value == 6);
  CHECK(stage.isIdle());
  signal.emit(cancellation_type::terminal);
}

TEST_CASE("destruction aborts a pending drain", "[manager][lifetime]") {
  Stage stage;
  OptionalManager manager(std::in_place, stage.io, ManagerConfig{.semaphores = {{"cpu", 1}}});
  Permit hold = manager->bulkhead("db").tryAcquire();
  Ending<> drain;
  manager->drainAll(drain.coded());
  manager.reset();
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  CHECK(stage.isIdle());
}

TEST_CASE("a manager may be destroyed by its own callable or handler", "[manager][lifetime]") {
  enum class By { callable, awaitable, handler, refusal, unknown, drain };
  const By by =
      GENERATE(By::callable, By::awaitable, By::handler, By::refusal, By::unknown, By::drain);
  const bool queued = GENERATE(false, true);
  Stage stage;
  auto manager = std::make_unique<Manager>(
      stage.io, ManagerConfig{.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}});
  Permit hold = queued ? manager->bulkhead("db").tryAcquire() : Permit();
  Permit cpu;
  int kills = 0;
  const auto kill = [&](auto&&...) {
    ++kills;
    manager.reset();
  };
  Ending<> killer, waiting;
  const ManagerCallOptions options{.semaphores = {"cpu"}};
  switch (by) {
    case By::callable:
      manager->execute("db", kill, options, killer.plain());
      break;
    case By::awaitable:
      manager->execute(
          "db",
          [&]() -> net::awaitable<void> {
            kill();
            co_return;
          },
          options, killer.plain());
      break;
    case By::handler:
      manager->execute(
          "db", [] {}, options, kill);
      break;
    case By::refusal:
      cpu = manager->semaphore("cpu")->tryAcquire();
      manager->execute(
          "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 1s}, kill);
      ManualClock::advance(1s);
      break;
    case By::unknown:
      manager->execute(
          "db", [] {}, {.semaphores = {"no such"}}, kill);
      break;
    case By::drain:
      break;
  }
  manager->execute(
      "db", [] {}, options, waiting.plain());
  if (by == By::drain) manager->drainAll(kill);
  hold.release();
  stage.settle();
  CHECK(kills == 1);
  CHECK(manager == nullptr);
  CHECK(waiting.times == 1);
  cpu.release();
  CHECK(stage.isIdle());
}

TEST_CASE("a signal outlives the manager of its call", "[manager][lifetime]") {
  Stage stage;
  OptionalManager manager(
      std::in_place, stage.io,
      ManagerConfig{.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}});
  Permit cpu = manager->semaphore("cpu")->tryAcquire();
  cancellation_signal signals[3];
  Ending<> atSemaphore, queued, drain;
  manager->execute(
      "db", [] {}, {.semaphores = {"cpu"}},
      bind_cancellation_slot(signals[0].slot(), atSemaphore.plain()));
  manager->execute(
      "db", [] {}, {.semaphores = {"cpu"}},
      bind_cancellation_slot(signals[1].slot(), queued.plain()));
  manager.reset();
  for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  stage.settle();
  cpu.release();
  for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  CHECK(atSemaphore.is(net::error::operation_aborted));
  CHECK(queued.is(net::error::operation_aborted));
}

TEST_CASE("a lazy call whose manager is destroyed reports operation_aborted",
          "[manager][lifetime]") {
  Stage stage;
  OptionalManager manager(std::in_place, stage.io, ManagerConfig{.semaphores = {{"cpu", 1}}});
  manager->bulkhead("there");
  bool ran = false;
  Ending<> there, chained, absent, coroutine, drain;
  const auto fn = [&] { ran = true; };
  auto thereCall = manager->execute("there", fn, lazily);
  auto chainedCall = manager->execute("there", fn, {.semaphores = {"cpu"}}, lazily);
  auto absentCall = manager->execute("not there yet", fn, lazily);
  auto coroutineCall = manager->execute(
      "there",
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      {.semaphores = {"cpu"}}, lazily);
  auto drainCall = manager->drainAll(lazily);
  manager.reset();
  std::move(thereCall)(there.plain());
  std::move(chainedCall)(chained.plain());
  std::move(absentCall)(absent.plain());
  std::move(coroutineCall)(coroutine.plain());
  std::move(drainCall)(drain.coded());
  CHECK((there.open() && chained.open() && absent.open() && coroutine.open() && drain.open()));
  stage.settle();
  CHECK(there.is(net::error::operation_aborted));
  CHECK(chained.is(net::error::operation_aborted));
  CHECK(absent.is(net::error::operation_aborted));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(drain.is(net::error::operation_aborted));
  CHECK_FALSE(ran);
  CHECK(stage.isIdle());
}

// --- the context is destroyed first --------------------------------------------------------------

TEST_CASE("a context destroyed before its manager destroys the waiting and the granted calls",
          "[manager][lifetime]") {
  ManualClock::reset();
  const bool signalled = GENERATE(false, true);
  auto io = std::make_optional<net::io_context>();
  Fate fates[7];
  cancellation_signal signals[7];
  std::optional<Gate> gate(*io);
  bool ran = false;
  {
    Manager manager{*io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}}};
    const ManagerCallOptions both{.semaphores = {"a", "b"}};
    const auto handler = [&](int i) {
      return bind_cancellation_slot(signalled ? signals[i].slot() : net::cancellation_slot(),
                                    Witness(fates[i]));
    };
    const auto awaitable = [&]() -> net::awaitable<void> {
      ran = true;
      co_return;
    };
    manager.execute(
        "x", [&] { return gate->pass(); }, both, handler(0));
    settle(*io);  // runs
    manager.execute(
        "x", [&] { ran = true; }, both, handler(1));  // queued
    manager.execute(
        "y", [&] { ran = true; }, both, handler(2));  // waits for a
    manager.execute("z", awaitable, both, handler(3));  // waits for a
    manager.execute(
        "v", [&] { ran = true; }, handler(4));  // granted
    manager.execute("w", awaitable, {.semaphores = {}}, handler(5));
    manager.drainAll(handler(6));
    gate.reset();
    io.reset();
    for (auto& fate : fates) CHECK(fate.droppedUninvoked());
    for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  }
  for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  for (auto& fate : fates) CHECK(fate.droppedUninvoked());
  CHECK_FALSE(ran);
}

TEST_CASE("a context destroyed first destroys calls that were granted their semaphores",
          "[manager][lifetime]") {
  ManualClock::reset();
  const bool waited = GENERATE(false, true);
  auto io = std::make_optional<net::io_context>();
  Fate fates[2];
  bool ran = false;
  Manager manager{*io, {.semaphores = {{"cpu", 2}}}};
  Permit cpu = waited ? manager.semaphore("cpu")->tryAcquire(2) : Permit();
  manager.execute(
      "x", [&] { ran = true; }, {.semaphores = {"cpu"}}, Witness(fates[0]));
  manager.execute(
      "x",
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      {.semaphores = {"cpu"}}, Witness(fates[1]));
  cpu.release();
  io.reset();
  for (auto& fate : fates) CHECK(fate.droppedUninvoked());
  CHECK_FALSE(ran);
}

TEST_CASE("context, manager and permit may be destroyed in any order", "[manager][lifetime]") {
  std::vector<int> order{0, 1, 2};
  do {
    ManualClock::reset();
    auto io = std::make_optional<net::io_context>();
    OptionalManager manager(
        std::in_place, *io,
        ManagerConfig{.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}});
    Permit hold = manager->semaphore("b")->tryAcquire();
    Fate fates[3];
    cancellation_signal signal;
    manager->execute(
        "x", [] {}, {.semaphores = {"a", "b"}},
        bind_cancellation_slot(signal.slot(), Witness(fates[0])));
    manager->execute(
        "x", [] {}, {.semaphores = {"a", "b"}}, Witness(fates[1]));
    manager->execute(
        "y", [] {}, {.semaphores = {"a"}}, Witness(fates[2]));
    for (int what : order) {
      if (what == 0) io.reset();
      if (what == 1) manager.reset();
      if (what == 2) hold.release();
    }
    for (auto& fate : fates) CHECK(fate.droppedUninvoked());
  } while (std::next_permutation(order.begin(), order.end()));
}

// --- a service whose own context is destroyed first ----------------------------------------------

TEST_CASE("a call whose own context is destroyed leaves the queue of its semaphore",
          "[manager][lifetime]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  const bool signalled = GENERATE(false, true);
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  manager.addBulkhead({.name = "files", .maxConcurrent = 1}, own->get_executor());
  Permit b = manager.semaphore("b")->tryAcquire();
  Fate atSemaphore, queued;
  cancellation_signal signals[2];
  const auto start = [&](int i, Fate& fate) {
    auto handler = bind_cancellation_slot(signalled ? signals[i].slot() : net::cancellation_slot(),
                                          Witness(fate));
    if (awaitable) {
      manager.execute(
          "files", []() -> net::awaitable<void> { co_return; }, {.semaphores = {"a", "b"}},
          std::move(handler));
    } else {
      manager.execute(
          "files", [] {}, {.semaphores = {"a", "b"}}, std::move(handler));
    }
  };
  start(0, atSemaphore);
  start(1, queued);
  Ending<> other;
  manager.execute(
      "web", [] {}, {.semaphores = {"a"}}, other.plain());
  CHECK(semaphoreCounters(manager, "a").waiting == 1);
  own.reset();
  CHECK(atSemaphore.droppedUninvoked());
  CHECK(queued.droppedUninvoked());
  CHECK(semaphoreCounters(manager, "b") ==
        SemaphoreCounters{.acquired = 1, .cancelled = 1, .held = 1});
  stage.settle();
  CHECK(other.fine());  // the permit of a was released, even if the signal is kept
  CHECK(semaphoreCounters(manager, "a").held == 0);
  b.release();
  for (auto& signal : signals) signal.emit(cancellation_type::terminal);
  Ending<> last;
  manager.execute(
      "web", [] {}, {.semaphores = {"a", "b"}}, last.plain());
  stage.settle();
  CHECK(last.fine());
  CHECK(semaphoreCounters(manager, "b").held == 0);
}

TEST_CASE("all calls of a service whose context is destroyed leave the queue of their semaphore",
          "[manager][lifetime]") {
  Stage stage;
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io, {.semaphores = {{"a", 1}}}};
  manager.addBulkhead({.name = "files"}, own->get_executor());
  Permit a = manager.semaphore("a")->tryAcquire();
  Fate fates[3];
  for (Fate& fate : fates) {
    manager.execute(
        "files", [] {}, {.semaphores = {"a"}}, Witness(fate));
  }
  own.reset();
  for (const Fate& fate : fates) CHECK(fate.droppedUninvoked());
  CHECK(semaphoreCounters(manager, "a") ==
        SemaphoreCounters{.acquired = 1, .cancelled = 3, .held = 1});
}

TEST_CASE("a call to a manager whose context is destroyed is destroyed uninvoked",
          "[manager][lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Manager manager{*io, {.semaphores = {{"a", 1}}}};
  io.reset();
  Fate fates[3];
  bool ran = false;
  manager.execute(
      "db", [&] { ran = true; }, Witness(fates[0]));
  manager.execute(
      "db", [&] { ran = true; }, {.semaphores = {"a"}}, Witness(fates[1]));
  manager.drainAll(Witness(fates[2]));
  for (const Fate& fate : fates) CHECK(fate.droppedUninvoked());
  CHECK_FALSE(ran);
}

TEST_CASE("a call whose own context is destroyed does not invoke a handler on another context",
          "[manager][lifetime]") {
  Stage stage;
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io, {.semaphores = {{"a", 1}}}};
  manager.addBulkhead({.name = "files"}, own->get_executor());
  Permit a = manager.semaphore("a")->tryAcquire();
  Fate fate;
  manager.execute(
      "files", [] {}, {.semaphores = {"a"}}, net::bind_executor(stage.io, Witness(fate)));
  own.reset();
  stage.settle();
  CHECK(fate.droppedUninvoked());
  CHECK(semaphoreCounters(manager, "a").cancelled == 1);
}

TEST_CASE("a granted call whose own context is destroyed releases its semaphores",
          "[manager][lifetime]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  const bool waited = GENERATE(false, true);
  const bool signalled = GENERATE(false, true);
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  manager.addBulkhead({.name = "files", .maxConcurrent = 1}, own->get_executor());
  Permit b = waited ? manager.semaphore("b")->tryAcquire() : Permit();
  Fate fate;
  cancellation_signal signal;
  auto handler =
      bind_cancellation_slot(signalled ? signal.slot() : net::cancellation_slot(), Witness(fate));
  if (awaitable) {
    manager.execute(
        "files", []() -> net::awaitable<void> { co_return; }, {.semaphores = {"a", "b"}},
        std::move(handler));
  } else {
    manager.execute(
        "files", [] {}, {.semaphores = {"a", "b"}}, std::move(handler));
  }
  b.release();
  CHECK(semaphoreCounters(manager, "a").held == 1);
  own.reset();
  CHECK(fate.droppedUninvoked());
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .released = 1});
  const std::uint64_t held = waited ? 2 : 1;
  CHECK(semaphoreCounters(manager, "b") == SemaphoreCounters{.acquired = held, .released = held});
}

TEST_CASE("a running coroutine whose own context is destroyed releases its semaphores",
          "[manager][lifetime]") {
  Stage stage;
  const bool signalled = GENERATE(false, true);
  auto own = std::make_optional<net::io_context>();
  Manager manager{stage.io, {.semaphores = {{"a", 1}}}};
  manager.addBulkhead({.name = "files", .maxConcurrent = 1}, own->get_executor());
  std::optional<Gate> gate(*own);
  Fate fate;
  cancellation_signal signal;
  manager.execute(
      "files", [&] { return gate->pass(); }, {.semaphores = {"a"}},
      bind_cancellation_slot(signalled ? signal.slot() : net::cancellation_slot(), Witness(fate)));
  settle(*own);
  CHECK(semaphoreCounters(manager, "a").held == 1);
  gate.reset();
  own.reset();
  CHECK(fate.droppedUninvoked());
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("the end of the manager's context frees the bulkheads that have other contexts",
          "[manager][lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  net::io_context own;
  Manager manager{*io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  auto& files = manager.addBulkhead({.name = "files", .maxConcurrent = 1}, own.get_executor());
  Permit b = manager.semaphore("b")->tryAcquire();
  Fate fate;
  manager.execute(
      "files", [] {}, {.semaphores = {"a", "b"}}, Witness(fate));
  CHECK(files.stats().running == 1);
  io.reset();
  settle(own);
  CHECK(fate.droppedUninvoked());
  CHECK(files.stats().running == 0);
  CHECK(files.stats().cancelled == 1);
}

TEST_CASE("a drain of a manager is destroyed with its context, even if calls run on others",
          "[manager][lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  net::io_context own;
  Manager manager{*io, {}};
  auto& files = manager.addBulkhead({.name = "files"}, own.get_executor());
  Permit runs = files.tryAcquire();
  Fate fate;
  manager.drainAll(Witness(fate));
  settle(*io);
  CHECK(fate.destroyed == 0);
  io.reset();
  CHECK(fate.droppedUninvoked());
  runs.release();
  CHECK(files.stats().active == 0);
}

// --- executors that refuse -----------------------------------------------------------------------

namespace {

using Flaky = InstrumentedExecutor<net::io_context::executor_type>;
using FlakyManager = bulwark::BulkheadManager<Flaky, ManualClock>;

/// Returns all statistics of the manager as text.
template <typename M>
std::string allStatistics(const M& manager) {
  std::string text;
  for (auto [name, stats] : manager.stats().bulkheads) text += fmt::format("{}\n", stats);
  for (auto [name, stats] : manager.stats().semaphores) text += fmt::format("{}\n", stats);
  return text;
}

}  // namespace

TEST_CASE("a submission refused in the initiating function changes no counter",
          "[manager][lifetime]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::enforce, Mode::observe, Mode::off);
  const bool signalled = GENERATE(false, true);
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyManager manager(Flaky(stage.io.get_executor(), probe),
                       {.defaults = {.maxConcurrent = 1, .maxQueueSize = 0, .mode = mode},
                        .semaphores = {{"a", 1}, {"b", 1}}});
  manager.bulkhead("db");
  cancellation_signal signal;
  const auto ignore = [&] {
    return bind_cancellation_slot(signalled ? signal.slot() : net::cancellation_slot(),
                                  [](auto&&...) {});
  };
  const auto all = [&] {
    const std::string before = allStatistics(manager);
    const ManagerCallOptions options{.semaphores = {"a", "b"}, .waitTimeout = 0s};
    CHECK_THROWS_AS(manager.execute(
                        "db", [] {}, options, ignore()),
                    ExecutorProbe::Refused);
    CHECK_THROWS_AS(manager.execute(
                        "db", []() -> net::awaitable<int> { co_return 1; }, options, ignore()),
                    ExecutorProbe::Refused);
    CHECK_THROWS_AS(manager.execute(
                        "db", [] {}, {.semaphores = {"no such"}}, ignore()),
                    ExecutorProbe::Refused);
    CHECK_THROWS_AS(manager.execute(
                        "", [] {}, ignore()),
                    ExecutorProbe::Refused);
    CHECK(allStatistics(manager) == before);
  };
  probe->refuseFromNowOn();
  all();  // calls that would be granted
  CHECK(allStatistics(manager).find("acquired 0") != std::string::npos);
  Permit b = manager.semaphore("b")->tryAcquire();
  all();  // calls that would be rejected at a semaphore
  manager.semaphore("b")->updateConfig({.mode = Mode::observe});
  all();  // calls that would be admitted above the limit
  manager.semaphore("b")->updateConfig({.mode = Mode::enforce});
  Permit db = manager.bulkhead("db").tryAcquire();
  all();  // calls that would be rejected
  probe->acceptAgain();
  manager.drainAll([](net::error_code) {});
  probe->refuseFromNowOn();
  all();  // calls that would be drained
}

TEST_CASE("a call that is cancelled between two semaphores and then refused changes no counter",
          "[manager][lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyManager manager(Flaky(stage.io.get_executor(), probe), {});
  manager.bulkhead("db");
  manager.addSemaphore({.name = "a", .permits = 1, .maxQueueSize = 0});
  manager.addSemaphore({.name = "b", .permits = 1});
  cancellation_signal signal;
  const auto call = [&](const ManagerCallOptions& options) {
    manager.execute(
        "db", [] {}, options, bind_cancellation_slot(signal.slot(), [](auto&&...) {}));
  };
  Permit hold = manager.semaphore("b")->tryAcquire();
  call({.semaphores = {"b"}});
  signal.emit(cancellation_type::terminal);
  hold.release();
  stage.settle();
  CHECK(semaphoreCounters(manager, "b").cancelled == 1);  // a count that could be taken back
  bool cancelled = false;
  // Called inside of the initiating function, when it has the permit of the first semaphore.
  manager.semaphore("a")->setObserver([&](const bulwark::BulkheadEvent& event) {
    if (event.kind != bulwark::EventKind::saturated) return;
    cancelled = true;
    signal.emit(cancellation_type::terminal);
  });
  const std::string before = allStatistics(manager);
  probe->refuseFromNowOn();
  CHECK_THROWS_AS(call({.semaphores = {"a", "b"}}), ExecutorProbe::Refused);
  CHECK(cancelled);
  CHECK(allStatistics(manager) == before);
}

TEST_CASE("a call that its executor drops in the initiating function counts as cancelled",
          "[manager][lifetime]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  const bool signalled = GENERATE(false, true);
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyManager manager(Flaky(stage.io.get_executor(), probe), {.semaphores = {{"a", 1}}});
  probe->drop = true;
  Fate fate;
  cancellation_signal signal;
  auto handler =
      bind_cancellation_slot(signalled ? signal.slot() : net::cancellation_slot(), Witness(fate));
  if (awaitable) {
    manager.execute(
        "db", []() -> net::awaitable<void> { co_return; }, {.semaphores = {"a"}},
        std::move(handler));
  } else {
    manager.execute(
        "db", [] {}, {.semaphores = {"a"}}, std::move(handler));
  }
  CHECK(fate.droppedUninvoked());
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 1});
  CHECK(semaphoreCounters(manager, "a") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("a call whose executor refuses it after a wait releases all its permits",
          "[manager][lifetime]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  const bool signalled = GENERATE(false, true);
  const bool inQueue = GENERATE(false, true);
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyManager manager(Flaky(stage.io.get_executor(), probe),
                       {.defaults = {.maxConcurrent = 1, .queueTimeout = bulwark::noTimeout},
                        .semaphores = {{"a", 1}, {"b", 1}},
                        .semaphoreTimeout = bulwark::noTimeout});
  Permit hold = inQueue ? manager.bulkhead("db").tryAcquire() : Permit();
  Permit b = inQueue ? Permit() : manager.semaphore("b")->tryAcquire();
  Fate fate;
  cancellation_signal signal;
  auto handler =
      bind_cancellation_slot(signalled ? signal.slot() : net::cancellation_slot(), Witness(fate));
  if (awaitable) {
    manager.execute(
        "db", []() -> net::awaitable<void> { co_return; }, {.semaphores = {"a", "b"}},
        std::move(handler));
  } else {
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}}, std::move(handler));
  }
  probe->refuseFromNowOn();
  hold.release();
  b.release();
  CHECK(fate.droppedUninvoked());
  CHECK(serviceCounters(manager, "db").cancelled == 1);
  CHECK(serviceCounters(manager, "db").running == 0);
  for (const char* name : {"a", "b"}) {
    const auto counters = semaphoreCounters(manager, name);
    CHECK(counters.held == 0);
    CHECK(counters.waiting == 0);
    CHECK(counters.cancelled == 0);
    CHECK(counters.acquired >= 1);
    CHECK(counters.acquired == counters.released);
  }
  probe->acceptAgain();
  Fate next;
  manager.execute(
      "db", [] {}, {.semaphores = {"a", "b"}}, Witness(next));
  stage.settle();
  CHECK(next.invoked == 1);
  CHECK_FALSE(next.code);
}

namespace {

/// Makes calls of every kind under semaphores, except coroutines: Asio's co_spawn and strands do
/// not survive an executor that refuses. Records which calls the initiating function refused with
/// an exception, and how the others ended.
struct Scenario {
  static constexpr int calls = 10;

  void run(net::io_context& io, FlakyManager& manager) {
    const auto call = [&](int i, auto begin) {
      try {
        begin(bind_cancellation_slot(signals[i].slot(), Witness(fates[i])));
      } catch (const ExecutorProbe::Refused&) {
        refused[i] = true;
      }
    };
    const ManagerCallOptions both{.semaphores = {"b", "a"}};
    const auto plain = [] {};
    const auto valued = [] { return std::string("five"); };
    call(0, [&](auto h) { manager.execute("x", plain, both, h); });
    call(1, [&](auto h) { manager.execute("x", valued, both, h); });
    call(2, [&](auto h) { manager.execute("y", plain, both, h); });
    call(3, [&](auto h) {
      manager.execute(
          "y", [] { throw 1; }, both, h);
    });
    call(4, [&](auto h) { manager.execute("x", plain, {.semaphores = {"no such"}}, h); });
    settleAll(io);
    Permit hold = manager.semaphore("b")->tryAcquire();
    call(5, [&](auto h) {
      manager.execute("x", plain, {.semaphores = {"a", "b"}, .waitTimeout = 1ms}, h);
    });
    call(6, [&](auto h) { manager.execute("y", valued, both, h); });
    call(7, [&](auto h) { manager.execute("z", plain, both, h); });
    ManualClock::advance(1ms);
    settleAll(io);
    signals[7].emit(cancellation_type::terminal);
    call(8, [&](auto h) {
      manager.execute("v", valued, {.semaphores = {"a", "b"}, .waitTimeout = 0s}, h);
    });
    hold.release();
    settleAll(io);
    call(9, [&](auto h) { manager.drainAll(h); });
    settleAll(io);
    manager.resumeAll();
    settleAll(io);
  }

  static void settleAll(net::io_context& io) {
    for (int quiet = 0, thrown = 0; quiet < 3 && thrown < 50;) {
      try {
        if (settle(io) == 0) ++quiet;
      } catch (const ExecutorProbe::Refused&) {
        ++thrown;
      }
    }
  }

  /// Checks that each call ended once and that nothing is left over.
  void check(FlakyManager& manager) {
    std::uint64_t started = 0;
    for (int i = 0; i < calls; ++i) {
      CAPTURE(i);
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked <= (refused[i] ? 0 : 1));
      if (!refused[i] && i != 4 && i != 9) ++started;  // a wrong name and a drain are not counted
    }
    std::uint64_t counted = 0;
    for (const auto& [name, stats] : manager.stats().bulkheads) {
      counted += stats.submitted();
      CHECK(stats.active == 0);
      CHECK(stats.queued == 0);
    }
    CHECK(counted == started);
    for (const char* name : {"a", "b"}) {
      const auto counters = semaphoreCounters(manager, name);
      CHECK(counters.held == 0);
      CHECK(counters.waiting == 0);
      CHECK(counters.acquired == counters.released);
      CHECK(manager.semaphore(name)->tryAcquire());
    }
  }

  Fate fates[calls];
  cancellation_signal signals[calls];  // these outlive the calls
  bool refused[calls] = {};
};

ManagerConfig scenarioConfig() {
  return {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}};
}

}  // namespace

TEST_CASE("an executor that refuses or drops any one submission loses nothing of a manager",
          "[manager][lifetime]") {
  const bool drop = GENERATE(false, true);
  bool everRefused = false;
  for (std::size_t number = 0;; ++number) {
    CAPTURE(drop, number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyManager manager(Flaky(stage.io.get_executor(), probe), scenarioConfig());
    (drop ? probe->dropOnly : probe->refuseOnly) = number;
    Scenario scenario;
    scenario.run(stage.io, manager);
    scenario.check(manager);
    CHECK(stage.isIdle());
    for (bool refused : scenario.refused) everRefused |= refused;
    if (probe->asked <= number) break;  // there was no submission of that number
    REQUIRE(number < 1000);
  }
  CHECK(everRefused == !drop);
}

TEST_CASE("an executor that refuses everything from some point on loses nothing of a manager",
          "[manager][lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyManager manager(Flaky(stage.io.get_executor(), probe), scenarioConfig());
    probe->refuseAfter = number;
    Scenario scenario;
    scenario.run(stage.io, manager);
    probe->acceptAgain();
    Scenario::settleAll(stage.io);
    scenario.check(manager);
    if (probe->submitted < number) break;
    REQUIRE(number < 1000);
  }
}
