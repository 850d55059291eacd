#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>

#include "support/catch.hpp"
#include "support/injection.hpp"
#include "support/instrumented_executor.hpp"
#include "support/tokens.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(detached.hpp)

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// --- failures on demand --------------------------------------------------------------------------

namespace {

using injection::Armed;
using injection::Plan;

/// Makes the allocation of object `number` fail, counted from 0 while the plan is armed.
void failAllocation(std::size_t number) {
  Plan::kind = injection::Point::object;
  Plan::count = 0;
  Plan::failing = number;
}

struct Thrown : std::runtime_error {
  Thrown() : std::runtime_error("a copy or a move failed") {}
};

/// Counts the copies and moves of all its objects. Number `failing` throws.
struct FailingMoves {
  static inline std::size_t number = 0;
  static inline std::size_t failing = SIZE_MAX;
  static void count() {
    if (number++ == failing) throw Thrown();
  }
};

struct FailsToMove {
  FailsToMove() = default;
  FailsToMove(const FailsToMove&) { FailingMoves::count(); }
  FailsToMove(FailsToMove&&) { FailingMoves::count(); }  // NOLINT(*-noexcept-move*)
  FailsToMove& operator=(const FailsToMove&) = default;
};

/// Runs what can run now, whatever it throws. On an executor that keeps refusing, a timer may throw
/// on every attempt.
int settleAll(net::io_context& io) {
  int thrown = 0;
  for (int quiet = 0; quiet < 3 && thrown < 50;) {
    try {
      if (settle(io) == 0) ++quiet;
    } catch (const ExecutorProbe::Refused&) {
      ++thrown;
    } catch (const Thrown&) {
      ++thrown;
    } catch (const std::bad_alloc&) {
      ++thrown;
    }
  }
  return thrown;
}

}  // namespace

// --- the bulkhead is destroyed first -------------------------------------------------------------

TEST_CASE("destruction completes every waiting call with operation_aborted by a post",
          "[lifetime]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead->tryAcquire();
  bool ran = false;
  Ending<> plain, coroutine, permit;
  bulkhead->execute([&] { ran = true; }, plain.plain());
  bulkhead->execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      coroutine.plain());
  bulkhead->acquire(permit.permitted());
  bulkhead.reset();
  CHECK((plain.open() && coroutine.open() && permit.open()));
  stage.settle();
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(isExactly<net::system_error>(plain.error));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(permit.is(net::error::operation_aborted));
  CHECK_FALSE(permit.permit);
  CHECK_FALSE(ran);
  CHECK(hold);
}

TEST_CASE("a running call outlives its bulkhead and releases its permit safely", "[lifetime]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 5});
  Gate gate(stage.io);
  Ending<> coroutine, plain;
  bulkhead->execute(
      [&]() -> net::awaitable<int> {
        co_await gate.pass();
        co_return 6;
      },
      coroutine.valued());
  stage.settle();
  bulkhead->execute([] { return 7; }, plain.valued());  // granted, not yet run
  bulkhead.reset();
  stage.settle();
  CHECK(plain.fine());
  CHECK(plain.value == 7);
  CHECK(coroutine.open());
  gate.open();
  stage.settle();
  CHECK(coroutine.fine());
  CHECK(coroutine.value == 6);
  CHECK(stage.isIdle());
}

TEST_CASE("permits outlive their bulkhead in any order", "[lifetime]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 5});
  Permit a = bulkhead->tryAcquire();
  Permit b = bulkhead->tryAcquire(2);
  Ending<> onItsWay;
  bulkhead->acquire(onItsWay.permitted());
  bulkhead.reset();
  b.release();
  stage.settle();
  CHECK(onItsWay.fine());
  CHECK(onItsWay.permit);
  a.release();
  Permit last = std::move(onItsWay.permit);
  CHECK(last.count() == 1);
  last.release();
  CHECK(stage.isIdle());
}

TEST_CASE("a permit granted in mode off outlives its bulkhead", "[lifetime]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io,
                                   bulwark::BulkheadConfig{.name = "db", .mode = Mode::off});
  Permit permit = bulkhead->tryAcquire(3);
  Ending<> onItsWay;
  bulkhead->acquire(onItsWay.permitted());
  bulkhead.reset();
  CHECK(permit.count() == 3);
  permit.release();
  stage.settle();
  CHECK(onItsWay.fine());
}

TEST_CASE("a call that mode observe admits above maxPermits outlives its bulkhead", "[lifetime]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io,
                                   bulwark::BulkheadConfig{.name = "db", .mode = Mode::observe});
  Permit all = bulkhead->tryAcquire(bulwark::maxPermits);
  Permit more = bulkhead->tryAcquire();
  Ending<> onItsWay;
  bulkhead->acquire(onItsWay.permitted());
  CHECK(more);
  CHECK(bulkhead->stats().active == bulwark::maxPermits);
  CHECK(bulkhead->stats().running == 1);
  bulkhead.reset();
  all.release();
  more.release();
  stage.settle();
  CHECK(onItsWay.fine());
}

TEST_CASE("a bulkhead may be destroyed by its own callable", "[lifetime]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  auto bulkhead = std::make_unique<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = queued ? bulkhead->tryAcquire() : Permit();
  Ending<> killer, waiting;
  bulkhead->execute([&] { bulkhead.reset(); }, killer.plain());
  bulkhead->execute([] {}, waiting.plain());
  hold.release();
  stage.settle();
  CHECK(killer.fine());
  CHECK(waiting.is(net::error::operation_aborted));
  CHECK(stage.isIdle());
}

TEST_CASE("a bulkhead may be destroyed by its own awaitable", "[lifetime]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  auto bulkhead = std::make_unique<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = queued ? bulkhead->tryAcquire() : Permit();
  Ending<> killer, waiting;
  bulkhead->execute(
      [&]() -> net::awaitable<void> {
        bulkhead.reset();
        co_return;
      },
      killer.plain());
  bulkhead->execute([] {}, waiting.plain());
  hold.release();
  stage.settle();
  CHECK(killer.fine());
  CHECK(waiting.is(net::error::operation_aborted));
}

TEST_CASE("a bulkhead may be destroyed by its own handler, however the call ends", "[lifetime]") {
  enum class End { executed, queuedExecuted, failed, full, timedOut, cancelled, drained, permit };
  const End end = GENERATE(End::executed, End::queuedExecuted, End::failed, End::full,
                           End::timedOut, End::cancelled, End::drained, End::permit);
  Stage stage;
  auto bulkhead = std::make_unique<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1, .queueTimeout = 1s});
  int calls = 0;
  const auto kill = [&](auto&&...) {
    ++calls;
    bulkhead.reset();
  };
  Permit hold;
  net::cancellation_signal signal;
  if (end != End::executed && end != End::failed && end != End::permit) {
    hold = bulkhead->tryAcquire();
  }
  switch (end) {
    case End::executed:
    case End::queuedExecuted:
      bulkhead->execute([] {}, kill);
      hold.release();
      break;
    case End::failed:
      bulkhead->execute([] { throw 1; }, kill);
      break;
    case End::full:
      bulkhead->execute([] {}, {.queueTimeout = 0s}, kill);
      break;
    case End::timedOut:
      bulkhead->execute([] {}, kill);
      ManualClock::advance(1s);
      break;
    case End::cancelled:
      bulkhead->execute([] {}, net::bind_cancellation_slot(signal.slot(), kill));
      signal.emit(net::cancellation_type::terminal);
      break;
    case End::drained:
      bulkhead->execute([] {}, kill);
      bulkhead->drain([](net::error_code) {});
      break;
    case End::permit:
      bulkhead->acquire(kill);
      break;
  }
  Ending<> other;
  bulkhead->execute([] {}, other.plain());
  stage.settle();
  CHECK(calls == 1);
  CHECK(other.times == 1);
  CHECK_FALSE(bulkhead);
  hold.release();
  signal.emit(net::cancellation_type::terminal);
  CHECK(stage.isIdle());
}

TEST_CASE("destruction with a pending timer leaves no work behind", "[lifetime]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  const bool holding = GENERATE(false, true);
  Permit hold = bulkhead->tryAcquire();
  Ending<> ending;
  bulkhead->acquire(ending.permitted());
  bulkhead.reset();
  if (!holding) hold.release();
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  hold.release();
  CHECK(stage.isIdle());
}

TEST_CASE("a signal outlives the bulkhead of its call", "[lifetime]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(
      stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead->tryAcquire();
  net::cancellation_signal signal;
  Ending<> ending;
  bulkhead->acquire(net::bind_cancellation_slot(signal.slot(), ending.permitted()));
  hold.release();
  bulkhead.reset();
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(ending.fine());  // it was granted
  signal.emit(net::cancellation_type::terminal);
}

// --- the context is destroyed first --------------------------------------------------------------

TEST_CASE("a context destroyed first destroys waiting calls uninvoked", "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Fate fates[6];
  net::cancellation_signal signal;
  bool ran = false;
  {
    Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 1}};
    Permit hold = bulkhead.tryAcquire();
    bulkhead.execute([&] { ran = true; }, Witness(fates[0]));
    bulkhead.execute(
        [&] {
          ran = true;
          return ready(1);
        },
        Witness(fates[1]));
    bulkhead.acquire(Witness(fates[2]));
    bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), Witness(fates[3])));
    bulkhead.execute([] {}, {.queueTimeout = 0s}, Witness(fates[4]));  // its refusal is on its way
    io.reset();
    for (int i = 0; i < 5; ++i) CHECK(fates[i].destroyed == 1);
    signal.emit(net::cancellation_type::terminal);
    hold.release();
  }
  for (int i = 0; i < 5; ++i) {
    CHECK(fates[i].invoked == 0);
    CHECK(fates[i].destroyed == 1);
  }
  CHECK_FALSE(ran);
}

TEST_CASE("a context destroyed first destroys calls without a timeout", "[lifetime]") {
  // No timer was ever created, so only the watch on the context reports its end.
  auto io = std::make_optional<net::io_context>();
  Fate plain, permit;
  {
    Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 1, .queueTimeout = bulwark::noTimeout}};
    Permit hold = bulkhead.tryAcquire();
    bulkhead.execute([] {}, Witness(plain));
    bulkhead.acquire(Witness(permit));
    io.reset();
    CHECK((plain.destroyed == 1 && permit.destroyed == 1));
  }
  CHECK((plain.invoked == 0 && permit.invoked == 0));
}

TEST_CASE("a context destroyed first destroys granted calls, and their permits are released",
          "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Fate fates[5];
  bool ran = false;
  std::optional<Gate> gate(*io);
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 2}};
  bulkhead.execute([&] { return gate->pass(); }, Witness(fates[0]));
  settle(*io);  // runs
  bulkhead.execute([&] { ran = true; }, Witness(fates[1]));  // granted
  bulkhead.acquire({.queueTimeout = 1s}, Witness(fates[2]));
  bulkhead.drain(5s, Witness(fates[3]));
  gate.reset();
  io.reset();
  for (int i = 0; i < 4; ++i) {
    CHECK(fates[i].invoked == 0);
    CHECK(fates[i].destroyed == 1);
  }
  CHECK_FALSE(ran);
}

TEST_CASE("a context destroyed first destroys queued calls that had just been granted",
          "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Fate plain, awaitable;
  bool ran = false;
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire(2);
  bulkhead.execute([&] { ran = true; }, Witness(plain));
  bulkhead.execute(
      [&] {
        ran = true;
        return ready(1);
      },
      Witness(awaitable));
  hold.release();  // both have their permits, and the context has not run them
  io.reset();
  for (const Fate* fate : {&plain, &awaitable}) {
    CHECK(fate->invoked == 0);
    CHECK(fate->destroyed == 1);
  }
  CHECK_FALSE(ran);
  CHECK(booksOf(bulkhead) == Books{.executed = 1, .cancelled = 2});
}

TEST_CASE("a signal may be emitted after the context of its call is destroyed", "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  std::optional<Gate> gate(*io);
  Fate fates[4];
  net::cancellation_signal signals[4];
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 2}};
  const auto handler = [&](int i) {
    return net::bind_cancellation_slot(signals[i].slot(), Witness(fates[i]));
  };
  const auto awaitable = [&] { return gate->pass(); };
  bulkhead.execute(awaitable, handler(0));
  settle(*io);  // runs
  bulkhead.execute(awaitable, handler(1));  // granted
  bulkhead.execute(awaitable, handler(2));  // waits
  bulkhead.acquire(handler(3));
  signals[0].emit(net::cancellation_type::terminal);  // its delivery is destroyed with the context
  gate.reset();
  io.reset();
  for (auto& signal : signals) signal.emit(net::cancellation_type::terminal);
  for (auto& fate : fates) {
    CHECK(fate.invoked == 0);
    CHECK(fate.destroyed == 1);
  }
}

TEST_CASE("context, bulkhead and permit may be destroyed in any order", "[lifetime]") {
  std::vector<int> order{0, 1, 2};
  do {
    ManualClock::reset();
    auto io = std::make_optional<net::io_context>();
    auto bulkhead = std::make_optional<Bulkhead>(
        *io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 2});
    Permit hold = bulkhead->tryAcquire();
    Fate fates[3];
    bulkhead->acquire(Witness(fates[0]));  // granted, not delivered
    bulkhead->acquire({.queueTimeout = 1s}, Witness(fates[1]));  // waits with the timer set
    bulkhead->execute([] {}, Witness(fates[2]));
    for (int what : order) {
      if (what == 0) io.reset();
      if (what == 1) bulkhead.reset();
      if (what == 2) hold.release();
    }
    for (auto& fate : fates) {
      CHECK(fate.invoked == 0);
      CHECK(fate.destroyed == 1);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a bulkhead whose context is destroyed may be destroyed while another is alive",
          "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  std::optional<Bulkhead> first(std::in_place, *io, bulwark::BulkheadConfig{.name = "1"});
  std::optional<Bulkhead> second(std::in_place, *io, bulwark::BulkheadConfig{.name = "2"});
  std::optional<Bulkhead> third(std::in_place, *io, bulwark::BulkheadConfig{.name = "3"});
  second.reset();
  io.reset();
  third.reset();
  first.reset();
  SUCCEED();
}

TEST_CASE("a call on a bulkhead whose context is destroyed is destroyed uninvoked", "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 1}};
  Semaphore semaphore{*io, {.name = "cpu"}};
  bulwark::CircuitBreaker<net::any_io_executor, ManualClock> breaker{*io, {.name = "ai"}};
  io.reset();
  Fate fates[6];
  bool ran = false;
  const auto fn = [&] { ran = true; };
  bulkhead.execute(fn, Witness(fates[0]));
  bulkhead.acquire(Witness(fates[1]));
  bulkhead.drain(Witness(fates[2]));
  semaphore.withPermit(fn, Witness(fates[3]));
  semaphore.acquire(Witness(fates[4]));
  breaker.execute(fn, Witness(fates[5]));
  for (const Fate& fate : fates) CHECK(fate.droppedUninvoked());
  CHECK_FALSE(ran);
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a stopped context keeps its calls and continues them when it runs again", "[lifetime]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> granted, late;
  bulkhead.acquire(granted.permitted());
  bulkhead.acquire(late.permitted());
  stage.io.stop();
  CHECK(stage.io.poll() == 0);
  hold.release();
  ManualClock::advance(1s);
  CHECK(stage.io.poll() == 0);
  CHECK((granted.open() && late.open()));
  stage.settle();
  CHECK(granted.fine());
  CHECK(late.is(Errc::queueTimeout));
}

TEST_CASE("a handler that is destroyed uninvoked may release other permits", "[lifetime]") {
  ManualClock::reset();
  auto io = std::make_optional<net::io_context>();
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 2}};
  auto held = std::make_shared<Permit>(bulkhead.tryAcquire(2));
  Fate waiting;
  bulkhead.acquire([held](net::error_code, Permit) {});
  bulkhead.acquire(Witness(waiting));
  held.reset();
  io.reset();
  CHECK(waiting.invoked == 0);
  CHECK(waiting.destroyed == 1);
}

// --- lazily started operations -------------------------------------------------------------------

TEST_CASE("a lazy call does nothing before it is started", "[lifetime]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  int runs = 0;
  Ending<> ending;
  {
    auto execute = bulkhead.execute([&] { return ++runs; }, lazily);
    auto neverStarted = bulkhead.acquire(lazily);
    auto drain = bulkhead.drain(lazily);
    stage.settle();
    CHECK(booksOf(bulkhead) == Books{});
    CHECK(bulkhead.tryAcquire());  // the drain has not started
    std::move(execute)(ending.valued());
  }
  stage.settle();
  CHECK(ending.value == 1);
  CHECK(bulkhead.stats().executed == 2);
}

TEST_CASE("a lazy call whose bulkhead is destroyed reports operation_aborted", "[lifetime]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io, bulwark::BulkheadConfig{.name = "db"});
  Gate gate(stage.io);
  const bool running = GENERATE(false, true);
  bool ran = false;
  Ending<> runningCall, plain, coroutine, permit, drain;
  if (running) bulkhead->execute([&] { return gate.pass(); }, runningCall.plain());
  auto execute = bulkhead->execute([&] { ran = true; }, lazily);
  auto awaitable = bulkhead->execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      bulwark::CallOptions{.queueTimeout = 1s}, lazily);
  auto acquire = bulkhead->acquire(lazily);
  auto draining = bulkhead->drain(1s, lazily);
  bulkhead.reset();
  std::move(execute)(plain.plain());
  std::move(awaitable)(coroutine.plain());
  std::move(acquire)(permit.permitted());
  std::move(draining)(drain.coded());
  CHECK((plain.open() && coroutine.open() && permit.open() && drain.open()));
  stage.settle();
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(permit.is(net::error::operation_aborted));
  CHECK(drain.is(net::error::operation_aborted));
  CHECK_FALSE(ran);
  gate.open();
  stage.settle();
  CHECK(runningCall.times == (running ? 1 : 0));
  CHECK(stage.isIdle());
}

TEST_CASE("a lazy call that waits reports the destruction of its bulkhead", "[lifetime]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io,
                                   bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead->tryAcquire();
  auto acquire = bulkhead->acquire(lazily);
  Ending<> ending;
  std::move(acquire)(ending.permitted());
  CHECK(bulkhead->stats().queued == 1);
  bulkhead.reset();
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
}

TEST_CASE("a coroutine gets operation_aborted from a call on a bulkhead that is destroyed",
          "[lifetime]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io,
                                   bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead->tryAcquire();
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> { co_await bulkhead->execute([] {}, net::use_awaitable); },
      ending.plain());
  stage.settle();
  bulkhead.reset();
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
}

// --- moving --------------------------------------------------------------------------------------

TEST_CASE("a moved bulkhead keeps its calls, permits and counters", "[lifetime]") {
  Stage stage;
  Bulkhead first{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = first.tryAcquire();
  Ending<> waiting;
  first.acquire(waiting.permitted());
  auto lazy = first.acquire(lazily);
  Bulkhead second(std::move(first));
  CHECK(second.name() == "db");
  CHECK(booksOf(second) == Books{.running = 1, .queued = 1});
  Ending<> lazyEnding;
  std::move(lazy)(lazyEnding.permitted());
  CHECK(second.stats().queued == 2);
  hold.release();
  stage.settle();
  CHECK(waiting.fine());
  waiting.permit.release();
  stage.settle();
  CHECK(lazyEnding.fine());
}

TEST_CASE("move assignment destroys the target's previous bulkhead", "[lifetime]") {
  Stage stage;
  Bulkhead first{stage.io, {.name = "first", .maxConcurrent = 1}};
  Bulkhead second{stage.io, {.name = "second", .maxConcurrent = 1}};
  Permit firstHold = first.tryAcquire();
  Permit secondHold = second.tryAcquire();
  Ending<> inFirst, inSecond;
  first.acquire(inFirst.permitted());
  second.acquire(inSecond.permitted());
  first = std::move(second);
  stage.settle();
  CHECK(inFirst.is(net::error::operation_aborted));
  CHECK(inSecond.open());
  CHECK(first.name() == "second");
  secondHold.release();
  stage.settle();
  CHECK(inSecond.fine());
}

// --- executors that refuse or drop ---------------------------------------------------------------

namespace {

using Flaky = InstrumentedExecutor<net::io_context::executor_type>;
using FlakyBulkhead = bulwark::Bulkhead<Flaky, ManualClock>;

/// Makes calls of every kind on a bulkhead of two permits. Records which calls the initiating
/// function refused with an exception, and how the others ended.
struct Scenario {
  static constexpr int calls = 12;

  template <typename B>
  void run(net::io_context& io, B& bulkhead) {
    const auto call = [&](int i, auto begin) {
      try {
        begin(Witness(fates[i]));
      } catch (const ExecutorProbe::Refused&) {
        refused[i] = true;
      } catch (const std::bad_alloc&) {
        refused[i] = true;
      }
    };
    call(0, [&](auto h) { bulkhead.execute([] {}, h); });
    call(1, [&](auto h) { bulkhead.execute([]() -> int { throw 1; }, h); });
    call(2, [&](auto h) { bulkhead.execute([] { return std::string("two"); }, h); });
    call(3, [&](auto h) { bulkhead.acquire(h); });
    call(4, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 5ms, .permits = 2}, h); });
    call(5, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 0ms}, h); });
    call(6, [&](auto h) { bulkhead.execute([] {}, {.permits = 3}, h); });
    settleAll(io);
    Permit hold = bulkhead.tryAcquire(2);
    call(7, [&](auto h) { bulkhead.acquire({.queueTimeout = 1ms}, h); });
    call(8,
         [&](auto h) { bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), h)); });
    call(9, [&](auto h) { bulkhead.execute([] {}, h); });
    ManualClock::advance(1ms);
    settleAll(io);
    signal.emit(net::cancellation_type::terminal);
    hold.release();
    settleAll(io);
    Permit last = bulkhead.tryAcquire(2);
    call(10, [&](auto h) { bulkhead.acquire(h); });
    call(11, [&](auto h) { bulkhead.drain(h); });
    last.release();
    settleAll(io);
    bulkhead.resume();
    settleAll(io);
  }

  /// Checks that each call ended once and that nothing is left over.
  template <typename B>
  void check(B& bulkhead, std::uint64_t granted) {
    std::uint64_t counted = granted;
    for (int i = 0; i < calls; ++i) {
      CAPTURE(i);
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked <= (refused[i] ? 0 : 1));
      if (!refused[i] && i != 6 && i != 11)
        ++counted;  // a wrong weight and a drain are not counted
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.submitted() == counted);
    CHECK(stats.active == 0);
    CHECK(stats.running == 0);
    CHECK(stats.queued == 0);
    CHECK(bulkhead.tryAcquire(2).count() == 2);
  }

  Fate fates[calls];
  bool refused[calls] = {};
  net::cancellation_signal signal;
};

}  // namespace

TEST_CASE("an executor that refuses any one submission loses nothing", "[lifetime]") {
  bool everRefused = false;
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->refuseOnly = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    scenario.check(bulkhead, 2);
    CHECK(stage.isIdle());
    for (bool refused : scenario.refused) everRefused |= refused;
    if (probe->asked <= number) break;  // there was no submission of that number
    REQUIRE(number < 1000);
  }
  CHECK(everRefused);
}

TEST_CASE("the last call that an executor refuses cancels the timer", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .queueTimeout = 1h});
  Permit hold = bulkhead.tryAcquire();
  Fate first, second;
  bulkhead.execute([] {}, Witness(first));
  bulkhead.execute([] {}, Witness(second));
  probe->refuseFromNowOn();
  hold.release();  // grants the first call, its end grants the second, whose end leaves the
                   // bulkhead idle
  probe->acceptAgain();
  CHECK((first.destroyed == 1 && second.destroyed == 1));
  CHECK(booksOf(bulkhead) == Books{.executed = 1, .cancelled = 2});
  CHECK(stage.isIdle());
}

TEST_CASE("an executor that drops any one submission loses nothing", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->dropOnly = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    scenario.check(bulkhead, 2);
    for (bool refused : scenario.refused) CHECK_FALSE(refused);
    CHECK(stage.isIdle());
    if (probe->asked <= number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("an executor that refuses everything from some point on loses nothing", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->refuseAfter = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    probe->acceptAgain();
    settleAll(stage.io);
    scenario.check(bulkhead, 2);
    if (probe->submitted < number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("a submission refused in the initiating function changes nothing", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0});
  const Mode mode = GENERATE(Mode::enforce, Mode::observe, Mode::off);
  bulkhead.updateConfig({.mode = mode});
  probe->refuseFromNowOn();
  const auto ignore = [](auto&&...) {};
  const auto all = [&] {
    CHECK_THROWS_AS(bulkhead.execute([] {}, ignore), ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, ignore),
                    ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.acquire(ignore), ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.execute([] {}, {.permits = 0}, ignore), ExecutorProbe::Refused);
  };
  all();  // calls that would be granted
  CHECK(booksOf(bulkhead) == Books{});
  Permit hold = bulkhead.tryAcquire();
  const auto before = booksOf(bulkhead);
  all();  // calls that would be rejected
  CHECK(booksOf(bulkhead) == before);
  CHECK(bulkhead.stats().overLimit == 0);
  probe->acceptAgain();
  bulkhead.drain([](net::error_code) {});
  probe->refuseFromNowOn();
  all();  // calls that a drain would refuse
  CHECK(booksOf(bulkhead) == before);
}

TEST_CASE("a call that is dropped on its way counts as cancelled, and its permit is released",
          "[lifetime]") {
  enum class Kind { plain, awaitable, permit };
  const Kind kind = GENERATE(Kind::plain, Kind::awaitable, Kind::permit);
  const bool queued = GENERATE(false, true);
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe), {.name = "db", .maxConcurrent = 1});
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  bool ran = false;
  Fate dropped;
  Ending<> next;
  if (!queued) probe->dropOnly = probe->asked.load();
  if (kind == Kind::plain) bulkhead.execute([&] { ran = true; }, Witness(dropped));
  if (kind == Kind::awaitable) {
    bulkhead.execute(
        [&] {
          ran = true;
          return ready(1);
        },
        Witness(dropped));
  }
  if (kind == Kind::permit) bulkhead.acquire(Witness(dropped));
  bulkhead.acquire(next.permitted());
  if (queued) probe->dropOnly = probe->asked.load();
  hold.release();
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(dropped.invoked == 0);
  CHECK(dropped.destroyed == 1);
  CHECK(next.fine());
  CHECK(booksOf(bulkhead) == Books{.executed = queued ? 1U : 0U, .cancelled = 1, .running = 1});
}

TEST_CASE("a queue of any length survives an executor that has begun to refuse", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = bulwark::unlimited});
  constexpr int many = 20'000;  // enough to overflow the stack if each call took a frame
  const bool plain = GENERATE(false, true);
  Permit hold = bulkhead.tryAcquire();
  std::vector<Fate> fates(many);
  for (auto& fate : fates) {
    if (plain) {
      bulkhead.execute([] {}, Witness(fate));
    } else {
      bulkhead.acquire(Witness(fate));
    }
  }
  probe->refuseFromNowOn();
  hold.release();
  probe->acceptAgain();
  settleAll(stage.io);
  int gone = 0;
  for (auto& fate : fates) gone += fate.destroyed == 1 && fate.invoked == 0 ? 1 : 0;
  CHECK(gone == many);
  CHECK(booksOf(bulkhead) == Books{.executed = 1, .cancelled = many});
}

// --- memory, copies and moves that fail ----------------------------------------------------------

TEST_CASE("an allocation that fails in an initiating function changes nothing", "[lifetime]") {
  std::size_t failures = 0;
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    // An executor without strands, because Asio's constructor of a strand crashes when an
    // allocation fails in it.
    using Executor = net::io_context::executor_type;
    bulwark::Bulkhead<Executor, ManualClock> bulkhead(stage.io, {.name = "db", .maxConcurrent = 2});
    failAllocation(number);
    Fate fates[9];
    std::uint64_t started = 0;
    net::cancellation_signal signals[3];
    const auto call = [&](int i, auto begin) {
      Witness witness(fates[i]);
      const auto before = booksOf(bulkhead);
      try {
        const Armed armed;
        begin(std::move(witness));
        if (i != 8) ++started;
      } catch (const std::bad_alloc&) {
        ++failures;
        CHECK(booksOf(bulkhead) == before);
      }
    };
    const auto awaitable = []() -> net::awaitable<int, Executor> { co_return 1; };
    call(0, [&](auto h) { bulkhead.execute([] {}, std::move(h)); });
    call(1, [&](auto h) { bulkhead.execute(awaitable, std::move(h)); });
    call(2, [&](auto h) { bulkhead.execute([] {}, std::move(h)); });
    call(3, [&](auto h) {
      bulkhead.execute([] {}, net::bind_cancellation_slot(signals[0].slot(), std::move(h)));
    });
    call(4, [&](auto h) {
      bulkhead.execute(awaitable, net::bind_cancellation_slot(signals[1].slot(), std::move(h)));
    });
    call(5, [&](auto h) {
      bulkhead.acquire(net::bind_cancellation_slot(signals[2].slot(), std::move(h)));
    });
    call(6, [&](auto h) { bulkhead.acquire({.permits = 2}, std::move(h)); });
    call(7, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 1ms}, std::move(h)); });
    settleAll(stage.io);
    call(8, [&](auto h) { bulkhead.drain(1s, std::move(h)); });
    settleAll(stage.io);
    for (auto& fate : fates) {
      CHECK(fate.destroyed == 1);
      CHECK(fate.invoked <= 1);
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.submitted() == started);
    CHECK(stats.active == 0);
    CHECK(stats.queued == 0);
    if (Plan::count <= number) break;
    REQUIRE(number < 1000);
  }
  CHECK(failures > 0);
}

TEST_CASE("an allocation that fails in a later step loses no permit", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
    Permit hold = bulkhead.tryAcquire(2);
    Fate fates[5];
    bulkhead.execute([] {}, Witness(fates[0]));
    bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, Witness(fates[1]));
    bulkhead.acquire(Witness(fates[2]));
    bulkhead.execute([] { return std::string(100, 'x'); }, Witness(fates[3]));
    bulkhead.acquire({.queueTimeout = 1ms}, Witness(fates[4]));
    ManualClock::advance(1ms);
    failAllocation(number);
    {
      const Armed armed;
      hold.release();
    }
    for (int i = 0; i < 5; ++i) {
      try {
        const Armed armed;
        settle(stage.io);
      } catch (const std::bad_alloc&) {
      }
    }
    settleAll(stage.io);
    for (auto& fate : fates) {
      CHECK(fate.destroyed == 1);
      CHECK(fate.invoked <= 1);
    }
    CHECK(bulkhead.stats().submitted() == 6);
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire(2));
    if (Plan::count <= number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("a copy or move of a callable that throws loses no permit", "[lifetime]") {
  struct Callable {
    FailsToMove part;
    int operator()() { return 1; }
  };
  struct Factory {
    FailsToMove part;
    net::awaitable<int> operator()() { co_return 1; }
  };
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    Permit hold = queued ? bulkhead.tryAcquire() : Permit();
    const std::uint64_t granted = queued ? 1 : 0;
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    int threw[2] = {};
    const auto call = [&](int i, const auto& callable) {
      const auto before = booksOf(bulkhead);
      try {
        bulkhead.execute(callable, Witness(fates[i]));
      } catch (const Thrown&) {
        ++threw[i];
        CHECK(booksOf(bulkhead) == before);
      }
    };
    call(0, Callable{});
    hold.release();
    settleAll(stage.io);
    call(1, Factory{});
    settleAll(stage.io);
    for (int i = 0; i < 2; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked + threw[i] <= 1);
    }
    CHECK(bulkhead.stats().submitted() ==
          granted + 2 - static_cast<std::uint64_t>(threw[0] + threw[1]));
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a copy or move of a handler that throws loses no permit", "[lifetime]") {
  struct Handler {
    Witness witness;
    FailsToMove part;
    void operator()(std::exception_ptr error) { witness(std::move(error)); }
    void operator()(net::error_code code, Permit permit) { witness(code, std::move(permit)); }
  };
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    int threw[2] = {};
    const auto call = [&](int i, auto initiate) {
      Permit hold = queued ? bulkhead.tryAcquire() : Permit();
      const auto before = booksOf(bulkhead);
      try {
        initiate(Handler{Witness(fates[i]), {}});
      } catch (const Thrown&) {
        ++threw[i];
        CHECK(booksOf(bulkhead) == before);
      }
      hold.release();
      settleAll(stage.io);
    };
    call(0, [&](Handler handler) { bulkhead.execute([] {}, std::move(handler)); });
    call(1, [&](Handler handler) { bulkhead.acquire(std::move(handler)); });
    for (int i = 0; i < 2; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked + threw[i] <= 1);
    }
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a result whose move throws loses no permit and completes at most once", "[lifetime]") {
  // With g++ 11, the handler held by Asio's completion of an awaitable is lost here.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
  constexpr bool awaitables = false;
#else
  constexpr bool awaitables = true;
#endif
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    Permit hold = queued ? bulkhead.tryAcquire() : Permit();
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    bulkhead.execute([] { return FailsToMove(); }, Witness(fates[0]));
    hold.release();
    settleAll(stage.io);
    if (awaitables) {
      bulkhead.execute([]() -> net::awaitable<FailsToMove> { co_return FailsToMove(); },
                       Witness(fates[1]));
      settleAll(stage.io);
    }
    const int calls = awaitables ? 2 : 1;
    for (int i = 0; i < calls; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked <= 1);
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.executed + stats.failed + stats.cancelled == calls + (queued ? 1 : 0));
    CHECK(stats.active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a call whose result cannot be constructed fails", "[lifetime]") {
  struct Unmakeable {
    Unmakeable() = default;
    explicit Unmakeable(int) { throw Thrown(); }
  };
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<Unmakeable> ending;
  bulkhead.execute([] { return Unmakeable(1); }, ending.valued());
  stage.settle();
  CHECK(isExactly<Thrown>(ending.error));
  CHECK(booksOf(bulkhead) == Books{.failed = 1});
}

// --- executors with a side effect in their destructor --------------------------------------------

namespace {

/// Returns an executor of `io` whose last copy calls `end` when it is destroyed.
auto executorThatEndsWith(net::io_context& io, std::function<void()> end) {
  auto probe = std::make_shared<ExecutorProbe>();
  probe->whenAsked = [last = std::shared_ptr<void>(nullptr, [end](void*) mutable {
                        end();
                        end = nullptr;
                      })] {};
  return InstrumentedExecutor(io.get_executor(), std::move(probe));
}

}  // namespace

TEST_CASE("the destructor of an executor may use the library", "[lifetime]") {
  Stage stage;
  const bool timed = GENERATE(false, true);
  int ended = 0;
  const auto end = [&] {
    Bulkhead other{stage.io, {.name = "other"}};
    CHECK(other.tryAcquire());
    ++ended;
  };
  {
    bulwark::Bulkhead<InstrumentedExecutor<net::io_context::executor_type>, ManualClock> bulkhead{
        executorThatEndsWith(stage.io, end), {.name = "db", .maxConcurrent = 1}};
    Permit hold = bulkhead.tryAcquire();
    Ending<> ending;
    if (timed) {
      bulkhead.acquire({.queueTimeout = 1s}, ending.permitted());
      stage.advance(1s);
      CHECK(ending.is(Errc::queueTimeout));
    }
    stage.settle();
    CHECK(ended == 0);
  }
  CHECK(ended == 1);
  CHECK(stage.isIdle());
}

TEST_CASE("the destructor of a manager's executor may use the library", "[lifetime]") {
  Stage stage;
  bool ended = false;
  const auto end = [&] {
    Bulkhead other{stage.io, {.name = "other"}};
    CHECK(other.tryAcquire());
    ended = true;
  };
  {
    bulwark::BulkheadManager<InstrumentedExecutor<net::io_context::executor_type>, ManualClock>
        manager{executorThatEndsWith(stage.io, end), {.defaults = {.maxConcurrent = 1}}};
    CHECK(manager.bulkhead("db").tryAcquire());
  }
  CHECK(ended);
}

TEST_CASE("the executor of a bulkhead may hold the last reference to its context", "[lifetime]") {
  ManualClock::reset();
  const bool timed = GENERATE(false, true);
  bool ended = false;
  auto io = std::make_shared<net::io_context>();
  auto& context = *io;
  {
    bulwark::Bulkhead<InstrumentedExecutor<net::io_context::executor_type>, ManualClock> bulkhead{
        executorThatEndsWith(context,
                             [&ended, kept = std::move(io)]() mutable {
                               kept.reset();
                               ended = true;
                             }),
        {.name = "db", .maxConcurrent = 1}};
    Permit hold = bulkhead.tryAcquire();
    Ending<> ending;
    if (timed) {
      bulkhead.acquire({.queueTimeout = 1s}, ending.permitted());
      ManualClock::advance(1s);
      settle(context);
      CHECK(ending.is(Errc::queueTimeout));
    }
  }
  CHECK(ended);
}
