#include "support/breaker_stage.hpp"
#include "support/tokens.hpp"

TEST_CASE("rejections by the bulkhead of a healthy service leave the breaker closed", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1});
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < 3; ++i) {
    Ending<> ending;
    stage.breaker.execute(
        [&]() -> net::awaitable<void> { co_await bulkhead.execute([] {}, net::use_awaitable); },
        ending.plain());
    stage.settle();
    CHECK(ending.is(Errc::queueFull));
  }
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.breaker.stats().ignored == 3);
  CHECK(stage.breaker.stats().failed == 0);
}

TEST_CASE("an exception that isFailure does not call a failure is a success", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1,
                      .openDuration = 1s,
                      .halfOpenCalls = 1,
                      .isFailure = [](const auto& error) { return holds<Sick>(error); }});
  const auto notFound = [&] { return stage.call([] { throw std::invalid_argument("404"); }); };
  CHECK(notFound());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.breaker.stats().succeeded == 1);
  CHECK(stage.breaker.stats().ignored == 0);
  SECTION("it lowers the failure rate") {
    CHECK(notFound());
    CHECK(stage.fail());  // one of three
    CHECK(stage.breaker.state() == closed);
  }
  SECTION("a probe that ends with it closes the breaker") {
    stage.breaker.reset();
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
    stage.advance(1s);
    CHECK(notFound());
    CHECK(stage.breaker.state() == closed);
  }
}

TEST_CASE("calls not executed and invalid calls are ignored without asking isFailure",
          "[breaker]") {
  int asked = 0;
  BreakerStage stage({.minimumCalls = 1, .isFailure = [&](const std::exception_ptr&) {
                        ++asked;
                        return true;
                      }});
  const bulwark::ConfigError wrong("db", "permits", "3", "must be at most 2");
  const bulwark::BulkheadTimeoutError refusal("db");
  const auto nested = [](const auto& inner, auto outer) {
    try {
      throw inner;
    } catch (...) {
      std::throw_with_nested(std::move(outer));
    }
  };
  SECTION("a refusal") {
    CHECK(stage.call([&] { throw refusal; }) == Errc::queueTimeout);
  }
  SECTION("an invalid call") {
    CHECK(stage.call([&] { throw wrong; }) == net::error::invalid_argument);
  }
  SECTION("a refusal inside another exception") {
    CHECK(stage.call([&] { nested(refusal, Sick()); }) == net::error::fault);
  }
  SECTION("a refusal inside a system_error") {
    CHECK(stage.call([&] { nested(refusal, net::system_error(net::error::timed_out)); }) ==
          net::error::timed_out);
  }
  SECTION("an invalid call inside another exception") {
    CHECK(stage.call([&] { nested(wrong, Sick()); }) == net::error::fault);
  }
  CHECK(asked == 0);
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.breaker.stats().ignored == 1);
  CHECK(stage.breaker.stats().failed == 0);
  CHECK(stage.breaker.stats().succeeded == 0);
  CHECK(stage.fail());
  CHECK(asked == 1);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a call counts as a failure when isFailure throws", "[breaker]") {
  BreakerStage stage(
      {.minimumCalls = 1, .isFailure = [](const std::exception_ptr&) -> bool { throw 1; }});
  CHECK(stage.fail());
  CHECK(stage.breaker.stats().failed == 1);
}

TEST_CASE("a probe whose outcome is ignored leaves its place to another call", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 1});
  CHECK(stage.fail());
  stage.advance(1s);
  CHECK(stage.call([] { throw bulwark::BulkheadRejectedError("db"); }) == Errc::queueFull);
  CHECK(stage.breaker.state() == halfOpen);
  Running probe(stage);
  CHECK(stage.refused());
  probe.cancel();
  CHECK(probe.ending.is(net::error::operation_aborted));
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.breaker.stats().ignored == 2);
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("a probe of an earlier half-open state leaves no place in the current one", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 1});
  Gate early(stage.io), late(stage.io);
  Ending<> earlyEnding, lateEnding;
  CHECK(stage.fail());
  stage.advance(1s);
  stage.breaker.execute(
      [&]() -> net::awaitable<void> {
        co_await early.pass();
        throw bulwark::BulkheadRejectedError("db");
      },
      earlyEnding.plain());
  stage.settle();
  stage.breaker.reset();
  CHECK(stage.fail());
  stage.advance(1s);
  stage.breaker.execute([&] { return late.pass(); }, lateEnding.plain());
  stage.settle();
  early.open();
  stage.settle();
  CHECK(earlyEnding.is(Errc::queueFull));
  CHECK(stage.refused());
  late.open();
  stage.settle();
  CHECK(lateEnding.fine());
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("a probe that is dropped leaves its place to another call", "[breaker]") {
  ManualClock::reset();
  net::io_context io;
  auto probe = std::make_shared<ExecutorProbe>();
  Breaker breaker(net::any_io_executor(InstrumentedExecutor(io.get_executor(), probe)),
                  {.minimumCalls = 1, .openDuration = 1s, .halfOpenCalls = 1});
  breaker.execute([] { throw Sick(); }, [](std::exception_ptr) {});
  settle(io);
  ManualClock::advance(1s);
  SECTION("by an executor that destroys it") {
    probe->drop = true;
    bool called = false;
    breaker.execute([] {}, [&](std::exception_ptr) { called = true; });
    settle(io);
    CHECK_FALSE(called);
    probe->drop = false;
  }
  SECTION("by an executor that refuses it and throws") {
    probe->refuseFromNowOn();
    CHECK_THROWS_AS(breaker.execute([] {}, [](std::exception_ptr) {}), ExecutorProbe::Refused);
    probe->acceptAgain();
  }
  Ending<> ending;
  breaker.execute([] {}, ending.plain());
  settle(io);
  CHECK(ending.fine());
  CHECK(breaker.state() == closed);
}

TEST_CASE("a refusal that the executor does not accept throws and is not counted", "[breaker]") {
  ManualClock::reset();
  net::io_context io;
  auto probe = std::make_shared<ExecutorProbe>();
  Breaker breaker(net::any_io_executor(InstrumentedExecutor(io.get_executor(), probe)), {});
  breaker.forceOpen();
  probe->refuseFromNowOn();
  CHECK_THROWS_AS(breaker.execute([] {}, [](std::exception_ptr) {}), ExecutorProbe::Refused);
  CHECK(breaker.stats().refused == 0);
}

TEST_CASE("a call that ends in another state than it began in is counted and changes no state",
          "[breaker]") {
  BreakerStage stage({.minimumCalls = 2, .openDuration = 1s, .halfOpenCalls = 1});
  Gate gate(stage.io);
  Ending<> early;
  stage.breaker.execute(
      [&]() -> net::awaitable<void> {
        co_await gate.pass();
        throw Sick();
      },
      early.plain());
  stage.settle();
  CHECK(stage.fail());
  CHECK(stage.fail());
  REQUIRE(stage.breaker.state() == opened);
  SECTION("it ends while the breaker is open") {
    gate.open();
    stage.settle();
    CHECK(stage.changes.size() == 1);
  }
  SECTION("it ends while the breaker is half open, where it is no probe") {
    stage.advance(1s);
    Gate second(stage.io);
    Ending<> probe;
    stage.breaker.execute([&]() -> net::awaitable<void> { co_await second.pass(); }, probe.plain());
    stage.settle();
    gate.open();
    stage.settle();
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.refused());  // the place of the probe is taken
    second.open();
    stage.settle();
    CHECK(stage.breaker.state() == closed);
  }
  SECTION("it ends when the breaker has closed again") {
    stage.advance(1s);
    CHECK(stage.succeed());
    REQUIRE(stage.breaker.state() == closed);
    gate.open();
    stage.settle();
    CHECK(stage.fail());  // the first of the new window, below minimumCalls
    CHECK(stage.breaker.state() == closed);
  }
  CHECK(early.times == 1);
  CHECK(stage.breaker.stats().failed >= 3);
}

TEST_CASE("reset() closes the breaker, clears its window and zeroes its counters", "[breaker]") {
  BreakerStage stage({.name = "ai", .minimumCalls = 2});
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.refused());
  stage.breaker.reset();
  CHECK(stage.breaker.state() == closed);
  const auto stats = stage.breaker.stats();
  CHECK(stats.name == "ai");
  CHECK(stats.succeeded + stats.failed + stats.slow + stats.ignored + stats.refused +
            stats.opened ==
        0);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);  // one is too few
  CHECK(stage.changes == Changes{{closed, opened}, {opened, closed}});
}

TEST_CASE("forceOpen() refuses calls until reset()", "[breaker]") {
  BreakerStage stage({.openDuration = 1s});
  stage.breaker.forceOpen();
  stage.breaker.forceOpen();
  stage.advance(1000h);
  CHECK(stage.breaker.state() == opened);
  Ending<> ending;
  stage.breaker.execute([] {}, ending.plain());
  stage.settle();
  REQUIRE(ending.is(Errc::circuitOpen));
  try {
    std::rethrow_exception(ending.error);
  } catch (const bulwark::CircuitOpenError& error) {
    CHECK(error.retryAfter() == bulwark::noTimeout);
  }
  CHECK(stage.breaker.stats().opened == 1);
  stage.breaker.reset();
  CHECK(stage.succeed());
}

TEST_CASE("an observer may use the breaker and may throw", "[breaker]") {
  Stage stage;
  Breaker* self = nullptr;
  Changes seen;
  Breaker breaker(
      stage.io, {.minimumCalls = 1, .onStateChange = [&](CircuitState before, CircuitState after) {
                   seen.emplace_back(before, after);
                   if (after == opened) self->reset();  // the change is notified after this one
                   throw Sick();
                 }});
  self = &breaker;
  Ending<> ending;
  breaker.execute([] { throw Sick(); }, ending.plain());
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(seen == Changes{{closed, opened}, {opened, closed}});
  CHECK(breaker.state() == closed);
}

TEST_CASE("an observer that is slow to return misses no change", "[breaker]") {
  Stage stage;
  Breaker* self = nullptr;
  Changes seen, expected;
  Breaker breaker(stage.io, {.onStateChange = [&](CircuitState before, CircuitState after) {
                    if (seen.empty()) {
                      for (int i = 0; i < 50; ++i) {
                        self->reset();
                        self->forceOpen();
                      }
                    }
                    seen.emplace_back(before, after);
                  }});
  self = &breaker;
  breaker.forceOpen();
  expected.emplace_back(closed, opened);
  for (int i = 0; i < 50; ++i) {
    expected.emplace_back(opened, closed);
    expected.emplace_back(closed, opened);
  }
  CHECK(seen == expected);
}

TEST_CASE("a breaker supports the results, awaitables and tokens of a bulkhead", "[breaker]") {
  BreakerStage stage({});
  Ending<std::unique_ptr<int>> plain, awaited;
  stage.breaker.execute([p = std::make_unique<int>(1)]() mutable { return std::move(p); },
                        plain.valued());
  stage.breaker.execute(
      []() -> net::awaitable<std::unique_ptr<int>> { co_return std::make_unique<int>(2); },
      awaited.valued());
  auto future = stage.breaker.execute([] { return 3; }, net::use_future);
  stage.breaker.execute([] {}, net::detached);
  stage.settle();
  CHECK((plain.fine() && **plain.value == 1));
  CHECK((awaited.fine() && **awaited.value == 2));
  CHECK(future.get() == 3);
  CHECK(stage.breaker.stats().succeeded == 4);
}

TEST_CASE("a call is counted before its handler runs", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1});
  CircuitState then = closed;
  stage.breaker.execute([] { throw Sick(); },
                        [&](std::exception_ptr) { then = stage.breaker.state(); });
  stage.settle();
  CHECK(then == opened);
}

TEST_CASE("a call that its caller cancelled is ignored without asking isFailure", "[breaker]") {
  int asked = 0;
  BreakerStage stage({.minimumCalls = 1, .isFailure = [&](const std::exception_ptr&) {
                        ++asked;
                        return true;
                      }});
  SECTION("an awaitable that runs") {
    Running call(stage);
    call.cancel();
    CHECK(call.ending.is(net::error::operation_aborted));
  }
  SECTION("an awaitable that has not begun") {
    net::cancellation_signal signal;
    Ending<> ending;
    Gate gate(stage.io);
    stage.breaker.execute([&] { return gate.pass(); },
                          net::bind_cancellation_slot(signal.slot(), ending.plain()));
    signal.emit(net::cancellation_type::terminal);
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  SECTION("a plain callable that ends with operation_aborted") {
    net::cancellation_signal signal;
    Ending<> ending;
    stage.breaker.execute(
        [&] {
          signal.emit(net::cancellation_type::total);
          throw aborted();
        },
        net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  SECTION("an abort inside another exception") {
    net::cancellation_signal signal;
    Ending<> ending;
    stage.breaker.execute(
        [&] {
          signal.emit(net::cancellation_type::partial);
          try {
            throw aborted();
          } catch (...) {
            std::throw_with_nested(Sick());
          }
        },
        net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    CHECK(ending.is(net::error::fault));
  }
  SECTION("a call that waits in a bulkhead's queue") {
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
    const Permit held = bulkhead.tryAcquire();
    net::cancellation_signal signal;
    Ending<> ending;
    stage.breaker.execute(
        [&]() -> net::awaitable<void> { co_await bulkhead.execute([] {}, net::use_awaitable); },
        net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    CHECK(bulkhead.stats().queued == 1);
    signal.emit(net::cancellation_type::terminal);
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  SECTION("a chain of coroutines") {
    net::cancellation_signal signal;
    Ending<> ending;
    Gate gate(stage.io);
    net::co_spawn(
        stage.io,
        [&]() -> net::awaitable<void> {
          co_await stage.breaker.execute([&] { return gate.pass(); }, net::use_awaitable);
        },
        net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    signal.emit(net::cancellation_type::terminal);
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  CHECK(asked == 0);
  CHECK(stage.breaker.stats().ignored == 1);
  CHECK(stage.breaker.stats().failed == 0);
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("an operation_aborted that the caller did not request is a failure", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1});
  SECTION("the operation has its own time limit") {
    Running call(stage);
    call.fail(aborted());
    CHECK(call.ending.is(net::error::operation_aborted));
  }
  SECTION("the call is a plain callable") {
    CHECK(stage.call([] { throw aborted(); }) == net::error::operation_aborted);
  }
  SECTION("the caller could have cancelled the call and did not") {
    net::cancellation_signal signal;
    Ending<> ending;
    stage.breaker.execute([] { throw aborted(); },
                          net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  SECTION("the caller has cancelled another call") {
    Running other(stage);
    Running call(stage);
    other.cancel();
    CHECK(stage.breaker.stats().ignored == 1);
    call.fail(aborted());
    CHECK(call.ending.is(net::error::operation_aborted));
  }
  SECTION("a coroutine on the way did not let the request through") {
    net::cancellation_signal signal;
    Ending<> ending;
    Gate gate(stage.io);
    net::co_spawn(
        stage.io,  // which lets only `terminal` through
        [&]() -> net::awaitable<void> {
          co_await stage.breaker.execute(
              [&]() -> net::awaitable<void> {
                co_await gate.pass();
                throw aborted();
              },
              net::use_awaitable);
        },
        net::bind_cancellation_slot(signal.slot(), ending.plain()));
    stage.settle();
    signal.emit(net::cancellation_type::total);
    stage.settle();
    REQUIRE(ending.open());
    gate.open();
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a call that fails by itself after its caller cancelled it is a failure", "[breaker]") {
  BreakerStage stage({.minimumCalls = 1});
  net::cancellation_signal signal;
  Ending<> ending;
  stage.breaker.execute(
      [&] {
        signal.emit(net::cancellation_type::terminal);
        throw Sick();
      },
      net::bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a breaker may be destroyed while its calls run", "[breaker]") {
  Stage stage;
  Gate gate(stage.io);
  Ending<> ending;
  {
    Breaker breaker(stage.io, {});
    breaker.execute([&]() -> net::awaitable<void> { co_await gate.pass(); }, ending.plain());
    breaker.execute([] {}, net::detached);
  }
  gate.open();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("with a lazy token the breaker decides when the operation starts", "[breaker]") {
  BreakerStage stage({});
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        auto operation = stage.breaker.execute([] {}, net::use_awaitable);
        stage.breaker.forceOpen();
        co_await std::move(operation);
      },
      ending.plain());
  stage.settle();
  CHECK(ending.is(Errc::circuitOpen));
}

TEST_CASE("a lazy call whose breaker is destroyed reports operation_aborted", "[breaker]") {
  Stage stage;
  std::optional<Breaker> breaker(std::in_place, stage.io, bulwark::CircuitBreakerConfig{});
  bool ran = false;
  Ending<> plain, coroutine;
  auto execute = breaker->execute([&] { ran = true; }, lazily);
  auto awaitable = breaker->execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      lazily);
  breaker.reset();
  std::move(execute)(plain.plain());
  std::move(awaitable)(coroutine.plain());
  CHECK((plain.open() && coroutine.open()));
  stage.settle();
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(bulwark::notExecuted(plain.error));
  CHECK_FALSE(ran);
}

TEST_CASE("a bad value names the breaker, the field, the value and the rule", "[breaker]") {
  struct Row {
    bulwark::CircuitBreakerConfig config;
    std::string field, value;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Row rows[] = {
      {{.name = "ai", .failureRateThreshold = 0}, "failureRateThreshold", "0"},
      {{.name = "ai", .failureRateThreshold = 1.5}, "failureRateThreshold", "1.5"},
      {{.name = "ai", .failureRateThreshold = nan}, "failureRateThreshold", "nan"},
      {{.name = "ai", .slidingWindowSize = 0}, "slidingWindowSize", "0"},
      {{.name = "ai", .slidingWindowSize = (1 << 24) + 1}, "slidingWindowSize", "16777217"},
      {{.name = "ai", .slowCallDuration = -1ns}, "slowCallDuration", "-1 ns"},
      {{.name = "ai", .slowCallRateThreshold = -0.5}, "slowCallRateThreshold", "-0.5"},
      {{.name = "ai", .openDuration = -1s}, "openDuration", "-1000000000 ns"},
      {{.name = "ai", .halfOpenCalls = 0}, "halfOpenCalls", "0"},
      {{.name = "ai", .probeTimeout = -1ns}, "probeTimeout", "-1 ns"},
  };
  Stage stage;
  for (const Row& row : rows) {
    const auto error = configErrorOf([&] { Breaker breaker(stage.io, row.config); });
    CHECK(error.bulkhead() == "ai");
    CHECK(error.field() == row.field);
    CHECK(error.value() == row.value);
    CHECK_FALSE(error.rule().empty());
  }
}
