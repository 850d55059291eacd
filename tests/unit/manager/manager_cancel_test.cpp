#include <bulwark/bulkhead_manager.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include BULWARK_NET(this_coro.hpp)

#include <memory>
#include <optional>
#include <string>
#include <vector>

using net::bind_cancellation_slot;
using net::cancellation_signal;
using net::cancellation_type;

namespace {

/// Starts the same call as a plain callable or as an awaitable.
void start(Manager& manager, bool awaitable, bool& ran, const ManagerCallOptions& options,
           cancellation_signal& signal, Ending<>& ending) {
  auto handler = bind_cancellation_slot(signal.slot(), ending.plain());
  if (awaitable) {
    manager.execute(
        "db",
        [&ran] {
          ran = true;
          return ready();
        },
        options, std::move(handler));
  } else {
    manager.execute(
        "db", [&ran] { ran = true; }, options, std::move(handler));
  }
}

}  // namespace

TEST_CASE("each type of cancellation removes a call with semaphores from its queue",
          "[manager][cancel]") {
  Stage stage;
  const auto type = GENERATE(cancellation_type::terminal, cancellation_type::partial,
                             cancellation_type::total, cancellation_type::all);
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  start(manager, awaitable, ran, {.semaphores = {"cpu"}}, signal, ending);
  signal.emit(type);
  CHECK(ending.open());  // not inside emit()
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 1, .running = 1});
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(isExactly<net::system_error>(ending.error));
  hold.release();
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
}

TEST_CASE("each type of cancellation removes a call from the queue of a semaphore",
          "[manager][cancel]") {
  Stage stage;
  const auto type = GENERATE(cancellation_type::terminal, cancellation_type::partial,
                             cancellation_type::total, cancellation_type::all);
  const bool awaitable = GENERATE(false, true);
  const bool second = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"a", 1}, {"b", 1}}}};
  const char* where = second ? "b" : "a";
  Permit hold = manager.semaphore(where)->tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  start(manager, awaitable, ran, {.semaphores = {"a", "b"}}, signal, ending);
  CHECK(semaphoreCounters(manager, where).waiting == 1);
  signal.emit(type);
  CHECK(ending.open());
  CHECK(semaphoreCounters(manager, where) ==
        SemaphoreCounters{.acquired = 1, .cancelled = 1, .held = 1});
  CHECK(semaphoreCounters(manager, second ? "a" : "b").held == 0);
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 1});
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(isExactly<net::system_error>(ending.error));
  hold.release();
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 1});
}

TEST_CASE("a call that was granted one semaphore after a wait can be cancelled at the next",
          "[manager][cancel]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"a", 1}, {"b", 1}}}};
  Permit a = manager.semaphore("a")->tryAcquire();
  Permit b = manager.semaphore("b")->tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  start(manager, awaitable, ran, {.semaphores = {"a", "b"}}, signal, ending);
  a.release();
  CHECK(semaphoreCounters(manager, "a").held == 1);
  signal.emit(cancellation_type::terminal);
  CHECK(semaphoreCounters(manager, "a").held == 0);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(semaphoreCounters(manager, "b").cancelled == 1);
  CHECK_FALSE(ran);
}

TEST_CASE("a request of type none changes nothing at any stage of a call", "[manager][cancel]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  start(manager, awaitable, ran, {.semaphores = {"cpu"}}, signal, ending);
  signal.emit(cancellation_type::none);
  hold.release();
  signal.emit(cancellation_type::none);
  cpu.release();
  signal.emit(cancellation_type::none);
  stage.settle();
  CHECK(ending.fine());
  CHECK(ran);
}

TEST_CASE("a plain callable runs even if it is cancelled after its last grant",
          "[manager][cancel]") {
  Stage stage;
  const bool waits = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = waits ? manager.semaphore("cpu")->tryAcquire() : Permit();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  start(manager, false, ran, {.semaphores = {"cpu"}}, signal, ending);
  cpu.release();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ran);
  CHECK(ending.fine());
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1});
}

namespace {

/// A handler that emits a signal when it is first moved after the signal was set.
struct EmittingHandler {
  cancellation_signal** target;

  explicit EmittingHandler(cancellation_signal*& armed) : target(&armed) {}
  EmittingHandler(const EmittingHandler&) = default;
  EmittingHandler(EmittingHandler&& other) noexcept : target(other.target) {
    if (auto* signal = std::exchange(*target, nullptr)) signal->emit(cancellation_type::terminal);
  }
  void operator()(const std::exception_ptr&) {}
};

}  // namespace

TEST_CASE("a request between the queue and the semaphores cancels the call", "[manager][cancel]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 1}}}};
  manager.addSemaphore({.name = "full", .maxQueueSize = 0});
  Permit hold = manager.bulkhead("db").tryAcquire(2);
  Permit full = manager.semaphore("full")->tryAcquire();
  cancellation_signal signal;
  cancellation_signal* armed = nullptr;
  bool ran = false;
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"full"}}, EmittingHandler(armed));
  start(manager, awaitable, ran, {.semaphores = {"cpu"}}, signal, ending);
  armed = &signal;
  hold.release();  // grants both calls, and the refusal of the first emits the signal
  CHECK(armed == nullptr);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK_FALSE(ran);
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .rejected = 1, .cancelled = 1});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
}

// --- a running awaitable -------------------------------------------------------------------------

TEST_CASE("a running awaitable receives the request and holds its permits until it ends",
          "[manager][cancel]") {
  Stage stage;
  const bool waits = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = waits ? manager.semaphore("cpu")->tryAcquire() : Permit();
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}},
      bind_cancellation_slot(signal.slot(), ending.plain()));
  cpu.release();
  stage.settle();
  signal.emit(cancellation_type::terminal);
  CHECK(ending.open());
  CHECK(serviceCounters(manager, "db") == Counters{.running = 1});
  CHECK(semaphoreCounters(manager, "cpu").held == 1);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(serviceCounters(manager, "db") == Counters{.failed = 1});  // it ran and threw
  CHECK(semaphoreCounters(manager, "cpu").held == 0);
  CHECK(semaphoreCounters(manager, "cpu").cancelled == 0);
}

TEST_CASE("a running awaitable under semaphores receives the types that it has enabled",
          "[manager][cancel]") {
  Stage stage;
  const auto type =
      GENERATE(cancellation_type::terminal, cancellation_type::partial, cancellation_type::total);
  Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
  Gate gate(stage.io);
  cancellation_signal usual, all;
  Ending<> usualEnding, allEnding;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}},
      bind_cancellation_slot(usual.slot(), usualEnding.plain()));
  manager.execute(
      "db",
      [&]() -> net::awaitable<void> {
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
        co_await gate.pass();
      },
      {.semaphores = {"cpu"}}, bind_cancellation_slot(all.slot(), allEnding.plain()));
  stage.settle();
  usual.emit(type);
  all.emit(type);
  stage.settle();
  CHECK(usualEnding.open() == (type != cancellation_type::terminal));
  CHECK(allEnding.is(net::error::operation_aborted));
  gate.open();
  stage.settle();
  CHECK(usualEnding.times == 1);
}

TEST_CASE("a request between the last grant and the start reaches the awaitable",
          "[manager][cancel]") {
  Stage stage;
  const bool waits = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = waits ? manager.semaphore("cpu")->tryAcquire() : Permit();
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}},
      bind_cancellation_slot(signal.slot(), ending.plain()));
  cpu.release();
  signal.emit(cancellation_type::terminal);  // the context has not been polled since the grant
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(serviceCounters(manager, "db") == Counters{.failed = 1});
  CHECK(semaphoreCounters(manager, "cpu").held == 0);
}

// --- signals -------------------------------------------------------------------------------------

TEST_CASE("a signal of a finished call affects no other call", "[manager][cancel]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ended, other;
  start(manager, awaitable, ran, {.semaphores = {"cpu"}}, signal, ended);
  cpu.release();
  stage.settle();
  cpu = manager.semaphore("cpu")->tryAcquire();
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, other.plain());
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ended.fine());
  CHECK(other.open());
  cpu.release();
  stage.settle();
  CHECK(other.fine());
}

TEST_CASE("a second cancellation has no effect, and a signal can serve the next call",
          "[manager][cancel]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  cancellation_signal signal;
  bool ran = false;
  for (int i = 0; i < 3; ++i) {
    Ending<> ending;
    start(manager, i == 1, ran, {.semaphores = {"cpu"}}, signal, ending);
    signal.emit(cancellation_type::total);
    signal.emit(cancellation_type::terminal);
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 3});
  CHECK(semaphoreCounters(manager, "cpu").cancelled == 3);
  Ending<> last;
  start(manager, false, ran, {.semaphores = {"cpu"}}, signal, last);
  cpu.release();
  stage.settle();
  CHECK(last.fine());
}

TEST_CASE("a call with semaphores whose signal is destroyed keeps waiting", "[manager][cancel]") {
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  auto signal = std::make_optional<cancellation_signal>();
  bool ran = false;
  Ending<> ending;
  start(manager, awaitable, ran, {.semaphores = {"cpu"}}, *signal, ending);
  signal.reset();
  hold.release();
  stage.settle();
  CHECK(ending.open());
  cpu.release();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a coroutine that waits for its call passes its own cancellation on",
          "[manager][cancel]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  const ManagerCallOptions options{.semaphores = {"cpu"}};
  cancellation_signal signal;
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        co_await manager.execute(
            "db", [] {}, options, net::use_awaitable);
      },
      bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  CHECK(semaphoreCounters(manager, "cpu").waiting == 1);
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(serviceCounters(manager, "db") == Counters{.cancelled = 1});
}
