#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/drain.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)

#include <optional>
#include <vector>

TEST_CASE("a drain of an idle bulkhead completes at once, though not inside drain()", "[drain]") {
  Stage stage;
  const auto within = GENERATE(std::chrono::nanoseconds(bulwark::noTimeout),
                               std::chrono::nanoseconds(5s), 0ns, -1ns);
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Ending<> drain;
  bulkhead.drain(within, drain.coded());
  CHECK(drain.open());
  stage.settle();
  CHECK(drain.fine());
  CHECK(stage.isIdle());
}

TEST_CASE("a draining bulkhead refuses every kind of call", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "payments"}};
  bulkhead.drain([](net::error_code) {});
  stage.settle();
  bool ran = false;
  Ending<> executed, awaited, acquired;
  bulkhead.execute([&] { ran = true; }, executed.plain());
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      awaited.plain());
  bulkhead.acquire(acquired.permitted());
  CHECK_FALSE(bulkhead.tryAcquire());
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(isExactly<bulwark::BulkheadDrainingError>(executed.error));
  CHECK(executed.is(Errc::draining));
  CHECK(awaited.is(Errc::draining));
  CHECK(acquired.is(Errc::draining));
  try {
    std::rethrow_exception(executed.error);
  } catch (const bulwark::BulkheadError& error) {
    CHECK(error.bulkhead() == "payments");
  }
  CHECK(countersOf(bulkhead) == Counters{.drained = 3});
}

TEST_CASE("a wrong weight is an error of the caller while the bulkhead drains too", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  bulkhead.drain([](net::error_code) {});
  Ending<> none, heavy;
  bulkhead.execute([] {}, {.permits = 0}, none.plain());
  bulkhead.acquire({.permits = 3}, heavy.permitted());
  stage.settle();
  CHECK(none.is(net::error::invalid_argument));
  CHECK(heavy.is(net::error::invalid_argument));
  CHECK(countersOf(bulkhead) == Counters{});
}

TEST_CASE("a drain fails waiting calls in order before it completes", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> order;
  std::vector<net::error_code> codes;
  for (int i = 0; i < 4; ++i) {
    if (i % 2 == 0) {
      bulkhead.execute([] {},
                       [&, i](std::exception_ptr error) {
                         order.push_back(i);
                         codes.push_back(bulwark::errorCodeOf(error));
                       });
    } else {
      bulkhead.acquire([&, i](net::error_code code, Permit) {
        order.push_back(i);
        codes.push_back(code);
      });
    }
  }
  bulkhead.drain([&](net::error_code) { order.push_back(99); });
  CHECK(countersOf(bulkhead) == Counters{.drained = 4, .running = 1});
  CHECK(order.empty());
  stage.settle();
  CHECK(order == std::vector<int>{0, 1, 2, 3});
  CHECK(codes == std::vector<net::error_code>(4, Errc::draining));
  hold.release();
  stage.settle();
  CHECK(order.back() == 99);
}

TEST_CASE("a drain completes when the last permit is released and not before", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Gate gate(stage.io);
  Permit light = bulkhead.tryAcquire();
  Permit heavy = bulkhead.tryAcquire(3);
  Ending<> call, drain;
  bulkhead.execute([&] { return gate.pass(); }, call.plain());
  stage.settle();
  std::size_t activeAtEnd = 99;
  bulkhead.drain([&](net::error_code code) {
    activeAtEnd = bulkhead.stats().active;
    drain.coded()(code);
  });
  heavy.release();
  stage.settle();
  CHECK(drain.open());
  light.release();
  stage.settle();
  CHECK(drain.open());
  gate.open();
  stage.settle();
  CHECK(call.fine());
  CHECK(drain.fine());
  CHECK(activeAtEnd == 0);
}

TEST_CASE("a call granted before the drain runs and counts as executed", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  bool ran = false;
  Ending<> call, drain;
  bulkhead.execute([&] { ran = true; }, call.plain());
  bulkhead.drain(drain.coded());
  stage.settle();
  CHECK(ran);
  CHECK((call.fine() && drain.fine()));
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a pending drain does not poll", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain;
  bulkhead.drain(drain.coded());
  CHECK(stage.settle() == 0);
  const auto readings = ManualClock::readings();
  for (int i = 0; i < 100; ++i) CHECK(stage.advance(1s) == 0);
  CHECK(ManualClock::readings() == readings);
  hold.release();
  stage.settle();
  CHECK(drain.fine());
}

TEST_CASE("run() does not return while a drain is pending", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain;
  bulkhead.drain(drain.coded());
  CHECK_FALSE(stage.isIdle());
  hold.release();
  CHECK(stage.isIdle());
  CHECK(drain.fine());
}

TEST_CASE("two drains may be pending, and both complete", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second, third;
  bulkhead.drain(first.coded());
  bulkhead.drain(second.coded());
  stage.settle();
  CHECK((first.open() && second.open()));
  hold.release();
  stage.settle();
  CHECK((first.fine() && second.fine()));
  bulkhead.drain(third.coded());
  stage.settle();
  CHECK(third.fine());
}

TEST_CASE("a drain with a timeout completes with timed_out at that time and stays closed",
          "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain, unlimited, refused;
  bulkhead.drain(2s, drain.coded());
  bulkhead.drain(unlimited.coded());
  stage.advance(2s - 1ns);
  CHECK(drain.open());
  stage.advance(1ns);
  CHECK(drain.is(net::error::timed_out));
  CHECK(unlimited.open());
  bulkhead.acquire(refused.permitted());
  stage.settle();
  CHECK(refused.is(Errc::draining));
  hold.release();
  stage.settle();
  CHECK(drain.times == 1);
  CHECK(unlimited.fine());
  CHECK(countersOf(bulkhead) ==
        Counters{.executed = 1, .drained = 1});  // the drain itself is not a call
}

TEST_CASE("a drain with a timeout of 0 or less checks once", "[drain]") {
  Stage stage;
  const auto within = GENERATE(0ns, -1ns, std::chrono::nanoseconds::min());
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain, refused;
  bulkhead.drain(within, drain.coded());
  CHECK(drain.open());
  bulkhead.acquire(refused.permitted());
  stage.settle();
  CHECK(drain.is(net::error::timed_out));
  CHECK(refused.is(Errc::draining));
}

TEST_CASE("a drain that completes in time leaves no timer behind", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain;
  bulkhead.drain(1h, drain.coded());
  stage.settle();
  hold.release();
  CHECK(stage.isIdle());
  CHECK(drain.fine());
}

TEST_CASE("a drain and a call with deadlines share the timer", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second, call;
  bulkhead.drain(3s, first.coded());
  bulkhead.drain(1s, second.coded());
  stage.advance(1s);
  CHECK((first.open() && second.is(net::error::timed_out)));
  bulkhead.resume();
  bulkhead.acquire({.queueTimeout = 1s}, call.permitted());
  stage.advance(1s);
  CHECK(first.is(net::error::operation_aborted));
  CHECK(call.is(Errc::queueTimeout));
}

TEST_CASE("each type of cancellation ends a pending drain, and the bulkhead stays closed",
          "[drain]") {
  Stage stage;
  const auto type = GENERATE(net::cancellation_type::terminal, net::cancellation_type::partial,
                             net::cancellation_type::total);
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> drain, refused;
  bulkhead.drain(net::bind_cancellation_slot(signal.slot(), drain.coded()));
  signal.emit(type);
  CHECK(drain.open());
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  bulkhead.acquire(refused.permitted());
  stage.settle();
  CHECK(refused.is(Errc::draining));
  CHECK(countersOf(bulkhead) == Counters{.drained = 1, .running = 1});
}

TEST_CASE("resume() opens the bulkhead and aborts a pending drain", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> drain, call;
  bulkhead.drain(drain.coded());
  bulkhead.resume();
  CHECK(drain.open());
  bulkhead.acquire(call.permitted());
  CHECK(bulkhead.stats().queued == 1);
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  hold.release();
  stage.settle();
  CHECK(call.fine());
  CHECK(drain.times == 1);
}

TEST_CASE(
    "resume() after a finished drain opens the bulkhead, and without a drain it changes nothing",
    "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  bulkhead.resume();
  CHECK(bulkhead.tryAcquire());
  bulkhead.drain([](net::error_code) {});
  stage.settle();
  CHECK_FALSE(bulkhead.tryAcquire());
  bulkhead.resume();
  bulkhead.resume();
  CHECK(bulkhead.tryAcquire());
  Ending<> again;
  bulkhead.drain(again.coded());
  stage.settle();
  CHECK(again.fine());
}

TEST_CASE("a pending drain completes with operation_aborted when its bulkhead is destroyed",
          "[drain]") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(stage.io, bulwark::BulkheadConfig{.name = "db"});
  Permit hold = bulkhead->tryAcquire();
  Ending<> drain;
  bulkhead->drain(1h, drain.coded());
  bulkhead.reset();
  CHECK(drain.open());
  stage.settle();
  CHECK(drain.is(net::error::operation_aborted));
  hold.release();
  CHECK(stage.isIdle());
}

TEST_CASE("a drain may be started by a callable and waits for it", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<char> order;
  bulkhead.execute([&] { bulkhead.drain([&](net::error_code) { order.push_back('d'); }); },
                   [&](std::exception_ptr) { order.push_back('h'); });
  stage.settle();
  CHECK(order.size() == 2);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a handler of a drain may resume and drain again", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Ending<> second;
  bulkhead.drain([&](net::error_code) {
    bulkhead.resume();
    CHECK(bulkhead.tryAcquire());
    bulkhead.drain(second.coded());
  });
  stage.settle();
  CHECK(second.fine());
}

TEST_CASE("a resize while draining admits no call", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire(2);
  Ending<> drain, refused;
  bulkhead.drain(drain.coded());
  bulkhead.updateConfig({.maxConcurrent = 10});
  bulkhead.acquire(refused.permitted());
  bulkhead.updateConfig({.maxConcurrent = 1});
  stage.settle();
  CHECK(refused.is(Errc::draining));
  CHECK(drain.open());
  hold.release();
  stage.settle();
  CHECK(drain.fine());
}

TEST_CASE("a drain refuses calls in mode observe too and waits for the running ones", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .mode = Mode::observe}};
  Permit hold = bulkhead.tryAcquire(7);
  Ending<> drain, refused;
  bulkhead.drain(drain.coded());
  bulkhead.acquire(refused.permitted());
  CHECK_FALSE(bulkhead.tryAcquire());
  stage.settle();
  CHECK(refused.is(Errc::draining));
  CHECK(drain.open());
  hold.release();
  stage.settle();
  CHECK(drain.fine());
}

TEST_CASE("a drain neither waits for nor stops what runs in mode off", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .mode = Mode::off}};
  Permit unseen = bulkhead.tryAcquire();
  Ending<> drain, call;
  bulkhead.drain(drain.coded());
  bulkhead.execute([] {}, call.plain());
  stage.settle();
  CHECK(drain.fine());
  CHECK(call.fine());
  CHECK(unseen);
  CHECK(countersOf(bulkhead) == Counters{});
}

TEST_CASE("a switch out of mode off takes effect under an earlier drain", "[drain]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .mode = Mode::off}};
  bulkhead.drain([](net::error_code) {});
  bulkhead.updateConfig({.mode = Mode::enforce});
  Ending<> call;
  bulkhead.execute([] {}, call.plain());
  stage.settle();
  CHECK(call.is(Errc::draining));
  bulkhead.resume();
  CHECK(bulkhead.tryAcquire());
}

TEST_CASE("draining() is true from drain() until resume(), however the drain ends", "[drain]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::enforce, Mode::observe, Mode::off);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .mode = mode}};
  STATIC_REQUIRE(noexcept(bulkhead.draining()));
  const Permit held = bulkhead.tryAcquire();
  CHECK_FALSE(bulkhead.draining());
  bulkhead.resume();
  CHECK_FALSE(bulkhead.draining());
  Ending<> drain;
  bulkhead.drain(1s, drain.coded());
  CHECK(bulkhead.draining());
  stage.advance(1s);
  CHECK(drain.is(mode == Mode::off ? net::error_code() : net::error::timed_out));
  CHECK(bulkhead.draining());
  bulkhead.resume();
  CHECK_FALSE(bulkhead.draining());
}
