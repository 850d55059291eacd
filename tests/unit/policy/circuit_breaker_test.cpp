#include <bulwark/detail/policy/guarded_call.hpp>
#include <bulwark/detail/policy/invoke.hpp>

#include "support/breaker_stage.hpp"

TEST_CASE("a breaker opens with the call that makes the failure rate too high", "[breaker]") {
  BreakerStage stage({.name = "ai", .slidingWindowSize = 10, .minimumCalls = 4});
  CHECK(stage.fail());
  CHECK(stage.succeed());
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());  // two of four
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.changes == Changes{{closed, opened}});
  CHECK(stage.breaker.stats().opened == 1);
}

TEST_CASE("fewer calls than minimumCalls do not open the breaker", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 10, .minimumCalls = 4});
  for (int i = 0; i < 3; ++i) CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a minimumCalls above the window size means a full window", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 3, .minimumCalls = 100});
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("an old failure leaves the window", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 4, .minimumCalls = 4});
  CHECK(stage.fail());
  for (int i = 0; i < 3; ++i) CHECK(stage.succeed());  // one of four
  CHECK(stage.succeed());                              // the failure has left the window
  CHECK(stage.fail());
  CHECK(stage.succeed());
  CHECK(stage.succeed());  // s f s s: still one of four
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a failure rate is compared exactly, so that 55 of 100 reach 0.55", "[breaker]") {
  const int percent = GENERATE(1, 7, 29, 55, 57, 58, 83, 100);
  BreakerStage stage(
      {.failureRateThreshold = percent / 100.0, .slidingWindowSize = 100, .minimumCalls = 100});
  for (int i = 0; i < 100 - percent; ++i) REQUIRE(stage.succeed());
  for (int i = 0; i < percent - 1; ++i) REQUIRE(stage.fail());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE(
    "an open breaker refuses calls without running them and reports when the next probe is due",
    "[breaker]") {
  BreakerStage stage({.name = "ai", .minimumCalls = 1, .openDuration = 30s});
  CHECK(stage.fail());
  stage.advance(10s);
  bool called = false;
  Ending<> ending;
  stage.breaker.execute([&] { called = true; }, ending.plain());
  CHECK(ending.open());  // never inside execute()
  stage.settle();
  CHECK(ending.is(Errc::circuitOpen));
  CHECK_FALSE(called);
  REQUIRE(isExactly<bulwark::CircuitOpenError>(ending.error));
  try {
    std::rethrow_exception(ending.error);
  } catch (const bulwark::CircuitOpenError& error) {
    CHECK(error.retryAfter() == 20s);
    CHECK(error.bulkhead() == "ai");
  }
  CHECK(stage.breaker.stats().refused == 1);
}

TEST_CASE(
    "an open breaker refuses for openDuration to the nanosecond and then lets a probe through",
    "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 30s, .halfOpenCalls = 1});
  CHECK(stage.fail());
  stage.advance(30s - 1ns);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.refused());
  stage.advance(1ns);
  CHECK(stage.breaker.state() == halfOpen);  // the state that the next call would find
  CHECK(stage.changes == Changes{{closed, opened}});
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, closed}});
}

TEST_CASE("no more than halfOpenCalls probes run at once or in all", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 3});
  CHECK(stage.fail());
  stage.advance(1s);
  Gate gate(stage.io);
  std::vector<Ending<>> endings(5);
  int running = 0;
  for (auto& ending : endings) {
    stage.breaker.execute(
        [&]() -> net::awaitable<void> {
          ++running;
          co_await gate.pass();
        },
        ending.plain());
  }
  stage.settle();
  CHECK(running == 3);
  CHECK(endings[3].is(Errc::circuitOpen));
  CHECK(endings[4].is(Errc::circuitOpen));
  try {
    std::rethrow_exception(endings[4].error);
  } catch (const bulwark::CircuitOpenError& error) {
    CHECK(error.retryAfter() == 0ns);
  }
  gate.open();
  stage.settle();
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("the last probe decides about all of them", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 4});
  CHECK(stage.fail());
  stage.advance(1s);
  SECTION("too many failed: the breaker opens again for openDuration") {
    CHECK(stage.fail());
    CHECK(stage.fail());
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());  // two of four
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.breaker.stats().opened == 2);
    stage.advance(1s - 1ns);
    CHECK(stage.refused());
    stage.advance(1ns);
    CHECK(stage.succeed());
  }
  SECTION("few enough failed: the breaker closes with an empty window") {
    CHECK(stage.fail());
    for (int i = 0; i < 3; ++i) CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.fail());  // one of two, because earlier calls do not count
    CHECK(stage.breaker.state() == opened);
  }
}

TEST_CASE("calls that take longer than slowCallDuration are slow and open the breaker too",
          "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 4,
                      .minimumCalls = 2,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 1.0});
  CHECK_FALSE(stage.call([] { ManualClock::advance(100ms); }));  // not longer
  CHECK(stage.breaker.stats().slow == 0);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(stage.call([] { ManualClock::advance(100ms + 1ns); }));
  CHECK(stage.breaker.state() == closed);
  CHECK_FALSE(stage.call([] { ManualClock::advance(100ms + 1ns); }));
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.breaker.stats().slow == 4);
  CHECK(stage.breaker.stats().succeeded == 5);
}

TEST_CASE("a slow call leaves the window as any other call does", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 2,
                      .minimumCalls = 2,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 1.0});
  const auto slowly = [&] { return !stage.call([] { ManualClock::advance(101ms); }); };
  CHECK(slowly());
  CHECK(stage.succeed());
  CHECK(stage.succeed());  // the slow call has left the window
  CHECK(slowly());
  CHECK(stage.breaker.state() == closed);  // one of two
  CHECK(slowly());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("slow probes open the breaker too", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 0.5,
                      .openDuration = 1s,
                      .halfOpenCalls = 2});
  CHECK(stage.fail());
  stage.advance(1s);
  CHECK_FALSE(stage.call([] { ManualClock::advance(101ms); }));
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("an awaitable is timed to its end", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .slowCallDuration = 1s});
  Gate gate(stage.io);
  Ending<> ending;
  stage.breaker.execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, ending.plain());
  stage.settle();
  stage.advance(1s + 1ns);
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(stage.breaker.stats().slow == 1);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a callable may keep its awaitable and return an rvalue reference to it", "[breaker]") {
  BreakerStage stage({});
  Ending<int> ending;
  net::awaitable<int> kept = []() -> net::awaitable<int> { co_return 42; }();
  stage.breaker.execute([&]() -> net::awaitable<int>&& { return std::move(kept); },
                        ending.valued());
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.value == 42);
  CHECK(stage.breaker.stats().succeeded == 1);
}
