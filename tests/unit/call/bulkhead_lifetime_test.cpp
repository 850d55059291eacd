#include <bulwark/detail/runtime/host.hpp>
#include <bulwark/detail/runtime/host_owner.hpp>
#include <bulwark/detail/runtime/ref.hpp>

#include "support/failures.hpp"

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
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .cancelled = 2});
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
    CHECK(countersOf(bulkhead) == Counters{});
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
  CHECK(countersOf(second) == Counters{.running = 1, .queued = 1});
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
