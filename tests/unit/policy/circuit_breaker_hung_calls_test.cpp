#include "support/breaker_stage.hpp"

TEST_CASE("a probe that does not end within probeTimeout counts as failed", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 1, .openDuration = 30s, .halfOpenCalls = 1, .probeTimeout = 10s});
  CHECK(stage.fail());
  stage.advance(30s);
  Running probe(stage);
  stage.advance(10s - 1ns);
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.refused());
  CHECK(stage.breaker.stats().failed == 1);
  stage.advance(1ns);
  SECTION("state() detects it and notifies the observer") {
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("stats() detects it") { CHECK(stage.breaker.stats().state == opened); }
  SECTION("a call detects it") { CHECK(stage.refused()); }
  SECTION("the probe's own end, which comes too late, detects it") {
    probe.succeed();
    CHECK(probe.ending.fine());
  }
  SECTION("an end that is ignored detects it too") {
    probe.cancel();
    CHECK(probe.ending.is(net::error::operation_aborted));
  }
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, opened}});
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.breaker.stats().failed == 2);
  CHECK(stage.breaker.stats().opened == 2);
  if (probe.ending.open()) probe.fail(Sick());
  CHECK(stage.breaker.stats().failed == 2);  // not a second time
  CHECK(stage.breaker.stats().succeeded == 0);
  CHECK(stage.breaker.stats().ignored == 0);
  stage.advance(30s - 1ns);
  CHECK(stage.refused());
  stage.advance(1ns);
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("a probe that ends before probeTimeout counts by its own result", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 1, .probeTimeout = 10s});
  CHECK(stage.fail());
  stage.advance(1s);
  Running probe(stage);
  stage.advance(10s - 1ns);
  probe.succeed();
  CHECK(stage.breaker.state() == closed);
  stage.advance(1s);
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("without a probeTimeout a probe may take openDuration", "[breaker]") {
  struct Row {
    std::chrono::nanoseconds openDuration, probeTimeout, expected;
  };
  const auto row = GENERATE(Row{5s, 0s, 5s}, Row{5s, 1ns, 1ns}, Row{0s, 0s, 30s}, Row{0s, 2s, 2s});
  BreakerStage stage({.minimumCalls = 1,
                      .openDuration = row.openDuration,
                      .halfOpenCalls = 1,
                      .probeTimeout = row.probeTimeout});
  CHECK(stage.fail());
  stage.advance(row.openDuration);
  Running probe(stage);
  stage.advance(row.expected - 1ns);
  CHECK(stage.refused());
  CHECK(stage.breaker.stats().opened == 1);
  stage.advance(1ns);
  CHECK(stage.breaker.stats().opened == 2);
}

TEST_CASE("with noTimeout the breaker waits for its probes", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1,
                      .openDuration = 1s,
                      .halfOpenCalls = 1,
                      .probeTimeout = bulwark::noTimeout});
  CHECK(stage.fail());
  stage.advance(1s);
  Running probe(stage);
  stage.advance(100'000h);
  CHECK(stage.breaker.state() == halfOpen);
  probe.succeed();
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("probes that timed out count together with the others", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 5});
  CHECK(stage.fail());
  stage.advance(1s);
  SECTION("two hang and three succeed, so the breaker closes") {
    Running first(stage), second(stage);
    stage.advance(1s);
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.breaker.stats().failed == 3);
    for (int i = 0; i < 3; ++i) CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    first.fail(Sick());
    second.fail(Sick());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.breaker.stats().failed == 3);
  }
  SECTION("two succeeded and three hang, so the breaker opens") {
    for (int i = 0; i < 2; ++i) CHECK(stage.succeed());
    Running first(stage), second(stage), third(stage);
    CHECK(stage.refused());
    stage.advance(1s);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.breaker.stats().failed == 4);
  }
  SECTION("all hang, so the breaker opens, and the next probes decide") {
    Running first(stage), second(stage), third(stage), fourth(stage), fifth(stage);
    CHECK(stage.refused());
    stage.advance(1s);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.breaker.stats().failed == 6);
    CHECK(stage.breaker.stats().opened == 2);
    stage.advance(1s);
    for (int i = 0; i < 4; ++i) CHECK(stage.succeed());
    fifth.fail(Sick());  // a probe of the previous half-open state
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.breaker.stats().failed == 6);
  }
}

TEST_CASE("each probe has its own time limit, counted from when it was let through", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 10s, .halfOpenCalls = 2});
  CHECK(stage.fail());
  stage.advance(10s);
  Running first(stage);
  stage.advance(4s);
  Running second(stage);
  stage.advance(6s);
  CHECK(stage.breaker.stats().failed == 2);
  CHECK(stage.breaker.state() == halfOpen);
  stage.advance(4s - 1ns);
  CHECK(stage.breaker.state() == halfOpen);
  stage.advance(1ns);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a probe that the executor has not run yet times out as well", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 1, .slowCallDuration = 100ms, .openDuration = 1s, .halfOpenCalls = 1});
  CHECK(stage.fail());
  stage.advance(1s);
  Ending<> ending;
  stage.breaker.execute([] { ManualClock::advance(101ms); }, ending.plain());
  ManualClock::advance(1s);
  CHECK(stage.breaker.state() == opened);
  stage.settle();
  CHECK(ending.fine());
  const auto stats = stage.breaker.stats();
  CHECK(stats.failed == 2);
  CHECK(stats.succeeded == 0);
  CHECK(stats.slow == 0);
}

TEST_CASE("a hung probe counts from when its time expired, however late that is detected",
          "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 10s, .halfOpenCalls = 1});
  CHECK(stage.fail());
  stage.advance(10s);
  Running probe(stage);
  SECTION("detected early, it leaves the breaker open for the rest of openDuration") {
    stage.advance(15s);
    Ending<> ending;
    stage.breaker.execute([] {}, ending.plain());
    stage.settle();
    REQUIRE(ending.is(Errc::circuitOpen));
    try {
      std::rethrow_exception(ending.error);
    } catch (const bulwark::CircuitOpenError& error) {
      CHECK(error.retryAfter() == 5s);
    }
  }
  SECTION("detected late, it makes the next call a probe") {
    stage.advance(1h);
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.changes == Changes{{closed, opened},
                                   {opened, halfOpen},
                                   {halfOpen, opened},
                                   {opened, halfOpen},
                                   {halfOpen, closed}});
  }
}

TEST_CASE("a probe of an earlier half-open state does not time out", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 2});
  CHECK(stage.fail());
  stage.advance(1s);
  Running probe(stage);
  stage.breaker.reset();
  SECTION("while the breaker is closed") {
    stage.advance(1s);
    CHECK(stage.breaker.state() == closed);
  }
  SECTION("while it is half open again") {
    CHECK(stage.fail());
    stage.advance(1s);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == halfOpen);
    stage.breaker.reset();
  }
  CHECK(stage.breaker.stats().failed == 0);
  probe.fail(Sick());
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("a probe that is destroyed after it timed out changes nothing more", "[breaker]") {
  ManualClock::reset();
  net::io_context io;
  auto executor = std::make_shared<ExecutorProbe>();
  Breaker breaker(net::any_io_executor(InstrumentedExecutor(io.get_executor(), executor)),
                  {.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 2});
  breaker.execute([] { throw Sick(); }, [](std::exception_ptr) {});
  settle(io);
  ManualClock::advance(1s);
  auto second = std::make_unique<net::io_context>();
  auto gate = std::make_unique<Gate>(*second);
  breaker.execute(
      [&]() -> net::awaitable<void> {
        co_await net::co_spawn(*second, gate->pass(), net::use_awaitable);
      },
      [](std::exception_ptr) {});
  settle(io);
  settle(*second);
  ManualClock::advance(1s);
  SECTION("the timeout is detected before") { CHECK(breaker.stats().failed == 2); }
  SECTION("the timeout is detected by its destruction") {}
  gate.reset();
  second.reset();
  settle(io);
  CHECK(breaker.stats().failed == 2);
  CHECK(breaker.state() == halfOpen);
  // One of the two probes already counts.
  Ending<> ending;
  breaker.execute([] { throw Sick(); }, ending.plain());
  settle(io);
  CHECK(breaker.state() == opened);
}

TEST_CASE("calls that hang count as slow before they end and open the breaker", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 10,
                      .minimumCalls = 3,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 0.5,
                      .openDuration = 1s,
                      .halfOpenCalls = 1});
  Running first(stage), second(stage), third(stage), fourth(stage);
  stage.advance(100ms);
  CHECK(stage.breaker.state() == closed);  // not longer
  CHECK(stage.breaker.stats().slow == 0);
  stage.advance(1ns);
  SECTION("state() detects it and notifies the observer") {
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("stats() detects it") { CHECK(stage.breaker.stats().state == opened); }
  SECTION("a call detects it") { CHECK(stage.refused()); }
  CHECK(stage.changes == Changes{{closed, opened}});
  CHECK(stage.breaker.stats().opened == 1);
  CHECK(stage.breaker.stats().slow == 4);
  CHECK(stage.breaker.stats().succeeded == 0);
  first.succeed();
  second.fail(Sick());
  CHECK(stage.breaker.stats().slow == 4);  // each counts once
  CHECK(stage.breaker.stats().succeeded == 1);
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.changes.size() == 1);
  stage.advance(1s);
  Running probe(stage);
  third.succeed();  // it is no probe of the half-open state
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.refused());
  probe.succeed();
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("a hung call is timed from the start of its work, not from its entry", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .slowCallDuration = 100ms});
  Gate gate(stage.io);
  Ending<> ending;
  stage.breaker.execute([&] { return gate.pass(); }, ending.plain());
  ManualClock::advance(1s);
  CHECK(stage.breaker.state() == closed);
  stage.settle();
  stage.advance(100ms);
  CHECK(stage.breaker.state() == closed);
  stage.advance(1ns);
  CHECK(stage.breaker.state() == opened);
  gate.open();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a call that ends at the moment when it becomes slow counts once", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 4, .minimumCalls = 4, .slowCallDuration = 100ms});
  Running call(stage);
  stage.advance(100ms + 1ns);
  call.succeed();
  CHECK(stage.breaker.stats().slow == 1);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(stage.call([] { ManualClock::advance(101ms); }));
  CHECK(stage.breaker.stats().slow == 4);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("fewer hung calls than minimumCalls do not open the breaker", "[breaker]") {
  BreakerStage stage({.minimumCalls = 3, .slowCallDuration = 100ms});
  Running first(stage), second(stage);
  stage.advance(1s);
  CHECK(stage.breaker.stats().slow == 2);
  CHECK(stage.breaker.state() == closed);
  Running third(stage);
  stage.advance(101ms);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a call that counted as slow and then fails also counts as a failure", "[breaker]") {
  BreakerStage stage({.failureRateThreshold = 0.5,
                      .slidingWindowSize = 4,
                      .minimumCalls = 2,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 1.0});
  CHECK(stage.succeed());
  Running call(stage);
  stage.advance(101ms);
  CHECK(stage.breaker.stats().slow == 1);
  SECTION("while it is in the window") {
    CHECK(stage.succeed());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == closed);  // one of four
    call.fail(Sick());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("only in the counters once it has left the window") {
    for (int i = 0; i < 3; ++i) CHECK(stage.succeed());
    CHECK(stage.fail());
    call.fail(Sick());
    CHECK(stage.breaker.stats().failed == 2);
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("it leaves the window as one call that was both") {
    call.fail(Sick());  // one of two
    REQUIRE(stage.breaker.state() == opened);
    stage.breaker.reset();
    for (int i = 0; i < 3; ++i) CHECK(stage.succeed());
    Running late(stage);
    stage.advance(101ms);
    CHECK(stage.breaker.stats().slow == 1);
    late.fail(Sick());
    for (int i = 0; i < 4; ++i) CHECK(stage.succeed());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
  }
}

TEST_CASE("a call that counted as slow and is ignored in the end no longer counts", "[breaker]") {
  BreakerStage stage({.slidingWindowSize = 4,
                      .minimumCalls = 2,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 1.0});
  Running call(stage);
  stage.advance(101ms);
  CHECK(stage.breaker.stats().slow == 1);
  const auto slowly = [&] { return !stage.call([] { ManualClock::advance(101ms); }); };
  SECTION("its record is void: neither slow nor a call") {
    call.cancel();
    CHECK(stage.breaker.stats().slow == 0);
    CHECK(stage.breaker.stats().ignored == 1);
    CHECK(slowly());
    CHECK(stage.breaker.state() == closed);  // one is too few
    CHECK(slowly());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("it leaves the window without a trace") {
    call.fail(bulwark::BulkheadTimeoutError("db"));
    for (int i = 0; i < 4; ++i) CHECK(stage.succeed());
    for (int i = 0; i < 3; ++i) CHECK(slowly());
    CHECK(stage.breaker.state() == closed);
    CHECK(slowly());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("its record has left the window, so nothing changes there") {
    for (int i = 0; i < 4; ++i) CHECK(stage.succeed());
    call.cancel();
    for (int i = 0; i < 3; ++i) CHECK(slowly());
    CHECK(stage.breaker.state() == closed);
    CHECK(slowly());
    CHECK(stage.breaker.state() == opened);
  }
}

TEST_CASE("a call that is ignored is not slow, however long it took", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .slowCallDuration = 100ms});
  Running call(stage);
  stage.advance(1s);
  call.fail(bulwark::BulkheadTimeoutError("db"));  // no earlier read of the state
  CHECK(stage.breaker.stats().slow == 0);
  CHECK(stage.breaker.stats().ignored == 1);
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("probes that hang count as slow before they end", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 0.5,
                      .openDuration = 1s,
                      .halfOpenCalls = 2,
                      .probeTimeout = 10s});
  CHECK(stage.fail());
  stage.advance(1s);
  SECTION("all probes hang") {
    Running first(stage), second(stage);
    stage.advance(100ms);
    CHECK(stage.breaker.state() == halfOpen);
    stage.advance(1ns);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.breaker.stats().slow == 2);
    CHECK(stage.breaker.stats().failed == 1);
    CHECK(stage.breaker.stats().opened == 2);
    first.succeed();
    second.succeed();
    CHECK(stage.breaker.stats().slow == 2);
    CHECK(stage.breaker.stats().succeeded == 2);
  }
  SECTION("one probe hangs, and the end of the other one decides") {
    Running slow(stage);
    stage.advance(101ms);
    CHECK(stage.breaker.stats().slow == 1);
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("one probe hangs and then ends, and the other one is still to come") {
    Running slow(stage);
    stage.advance(101ms);
    CHECK(stage.breaker.stats().slow == 1);
    slow.succeed();
    CHECK(stage.breaker.state() == halfOpen);
    Running last(stage);
    CHECK(stage.refused());
    last.succeed();
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("one probe hangs and is cancelled by its caller, and another call takes its place") {
    Running slow(stage);
    stage.advance(101ms);
    CHECK(stage.breaker.stats().slow == 1);
    slow.cancel();
    CHECK(stage.breaker.stats().slow == 0);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
  }
}

TEST_CASE("a probe that counted as slow may still fail or time out", "[breaker]") {
  BreakerStage stage({.failureRateThreshold = 0.5,
                      .minimumCalls = 1,
                      .slowCallDuration = 100ms,
                      .slowCallRateThreshold = 1.0,
                      .openDuration = 1s,
                      .halfOpenCalls = 2});
  CHECK(stage.fail());
  stage.advance(1s);
  Running slow(stage);
  stage.advance(101ms);
  CHECK(stage.breaker.stats().slow == 1);
  SECTION("it fails") { slow.fail(Sick()); }
  SECTION("it times out") {
    stage.advance(1s - 101ms);
    CHECK(stage.breaker.stats().failed == 2);
  }
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.breaker.stats().slow == 1);
  CHECK(stage.breaker.stats().failed == 2);
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == opened);  // one of two
  CHECK(stage.breaker.stats().failed == 2);
}

TEST_CASE("calls that hang at a reset() or forceOpen() change no state afterwards", "[breaker]") {
  BreakerStage stage(
      {.slidingWindowSize = 4, .minimumCalls = 2, .slowCallDuration = 100ms, .openDuration = 1s});
  Running first(stage), second(stage);
  SECTION("they are slow before a reset()") {
    stage.advance(101ms);
    stage.breaker.reset();  // the breaker opens first, as of now
    CHECK(stage.changes == Changes{{closed, opened}, {opened, closed}});
    CHECK(stage.breaker.stats().slow == 0);
    CHECK(stage.breaker.stats().opened == 0);
    first.cancel();
    CHECK(stage.breaker.stats().slow == 0);
    CHECK_FALSE(stage.call([] { ManualClock::advance(101ms); }));
    CHECK(stage.breaker.stats().slow == 1);
    second.fail(Sick());
    CHECK(stage.breaker.stats().slow == 1);
    CHECK(stage.breaker.state() == closed);
  }
  SECTION("they are slow after a reset()") {
    stage.breaker.reset();
    stage.advance(101ms);
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.breaker.stats().slow == 2);  // as if they had ended now
    first.succeed();
    CHECK(stage.breaker.stats().slow == 2);
    second.cancel();
    CHECK(stage.breaker.stats().slow == 1);
    CHECK(stage.changes.empty());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == closed);  // neither call is in the window
  }
  SECTION("forceOpen() of a closed breaker") {
    stage.breaker.forceOpen();
    stage.advance(1h);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.breaker.stats().opened == 1);
    CHECK(stage.changes == Changes{{closed, opened}});
  }
  SECTION("forceOpen() of a breaker that they have opened") {
    stage.advance(101ms);
    stage.breaker.forceOpen();
    CHECK(stage.breaker.stats().opened == 1);
    stage.advance(1h);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.changes == Changes{{closed, opened}});
  }
}

TEST_CASE("hung calls open the breaker as of the moment when they became too many", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 2, .slowCallDuration = 1s - 1ns, .openDuration = 10s, .halfOpenCalls = 1});
  Running first(stage);
  stage.advance(2s);
  Running second(stage);  // slow 3 s from the start
  stage.advance(7s);
  Ending<> ending;
  stage.breaker.execute([] {}, ending.plain());
  stage.settle();
  REQUIRE(ending.is(Errc::circuitOpen));
  try {
    std::rethrow_exception(ending.error);
  } catch (const bulwark::CircuitOpenError& error) {
    CHECK(error.retryAfter() == 4s);
  }
}

TEST_CASE("a clock that steps back delays what is due and changes nothing else", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 2, .slowCallDuration = 100ms, .openDuration = bulwark::noTimeout});
  Running first(stage);
  ManualClock::advance(-10min);
  Running second(stage);
  stage.advance(1s);
  CHECK(stage.breaker.state() == closed);
  stage.advance(10min);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.breaker.stats().slow == 2);
  ManualClock::advance(-20min);
  first.succeed();
  second.succeed();
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.breaker.stats().slow == 2);
}

TEST_CASE("a breaker may be destroyed while hung calls count as slow", "[breaker]") {
  Stage stage;
  Gate gate(stage.io);
  Ending<> first, second;
  int changes = 0;
  {
    Breaker breaker(stage.io, {.minimumCalls = 1,
                               .slowCallDuration = 100ms,
                               .openDuration = 1s,
                               .onStateChange = [&](CircuitState, CircuitState) { ++changes; }});
    breaker.execute([&] { return gate.pass(); }, first.plain());
    stage.settle();
    stage.advance(101ms);
    CHECK(breaker.state() == opened);
    stage.advance(1s);
    breaker.execute([&] { return gate.pass(); }, second.plain());
    stage.settle();
  }
  stage.advance(1h);
  CHECK(changes == 2);
  gate.open();
  stage.settle();
  CHECK(first.fine());
  CHECK(second.fine());
}

TEST_CASE("the thread that reads the state notifies the observer of hung calls", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 1, .slowCallDuration = 100ms, .openDuration = 1s, .halfOpenCalls = 1});
  Running call(stage);
  ManualClock::advance(101ms);
  CHECK(stage.changes.empty());
  CHECK(std::as_const(stage.breaker).state() == opened);
  CHECK(stage.changes == Changes{{closed, opened}});
  ManualClock::advance(1s);
  Running probe(stage);
  CHECK(stage.changes.size() == 2);
  ManualClock::advance(1s);
  CHECK(std::as_const(stage.breaker).stats().opened == 2);
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, opened}});
}
