#include <bulwark/circuit_breaker.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(use_future.hpp)

#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using bulwark::CircuitState;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using Changes = std::vector<std::pair<CircuitState, CircuitState>>;

namespace {

struct Sick : std::runtime_error {
  Sick() : std::runtime_error("the service is unwell") {}
};

/// A breaker and the state changes that its observer saw.
struct BreakerStage : Stage {
  explicit BreakerStage(bulwark::CircuitBreakerConfig config)
      : breaker(io, observed(std::move(config))) {}

  bulwark::CircuitBreakerConfig observed(bulwark::CircuitBreakerConfig config) {
    config.onStateChange = [this](CircuitState before, CircuitState after) {
      changes.emplace_back(before, after);
    };
    return config;
  }

  /// Runs one call to its end and returns its error code.
  net::error_code call(std::function<void()> fn) {
    Ending<> ending;
    breaker.execute(std::move(fn), ending.plain());
    settle();
    CHECK(ending.times == 1);
    return ending.code;
  }
  bool succeed() {
    return !call([] {});
  }
  bool fail() {
    return call([] { throw Sick(); }) == net::error::fault;
  }
  bool refused() {
    return call([] {}) == Errc::circuitOpen;
  }

  Changes changes;
  Breaker breaker;
};

/// A call that runs until the test ends it.
class Running {
 public:
  explicit Running(BreakerStage& stage) : stage_(stage), gate_(stage.io) {
    stage.breaker.execute(
        [this]() -> net::awaitable<void> {
          co_await gate_.pass();
          if (error_) std::rethrow_exception(error_);
        },
        net::bind_cancellation_slot(signal_.slot(), ending.plain()));
    stage.settle();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (ending.open()) succeed();
  }

  void succeed() {
    gate_.open();
    stage_.settle();
  }
  template <typename Error>
  void fail(Error error) {
    error_ = std::make_exception_ptr(std::move(error));
    succeed();
  }
  /// Cancels the call as its caller.
  void cancel() {
    signal_.emit(net::cancellation_type::terminal);
    stage_.settle();
  }

  Ending<> ending;

 private:
  BreakerStage& stage_;
  Gate gate_;
  net::cancellation_signal signal_;
  std::exception_ptr error_;
};

net::system_error aborted() { return net::system_error(net::error::operation_aborted); }

constexpr auto closed = CircuitState::closed;
constexpr auto opened = CircuitState::open;
constexpr auto halfOpen = CircuitState::halfOpen;

}  // namespace

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
