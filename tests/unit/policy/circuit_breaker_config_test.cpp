#include <bulwark/events.hpp>
#include <bulwark/format.hpp>

#include <cstdint>
#include <optional>
#include <vector>

#include "support/breaker_stage.hpp"

// Changes of a breaker while it is used, its modes, and its events. The state machine itself is
// tested in tests/unit/core/circuit_changes_test.cpp.

using bulwark::BulkheadEvent;
using bulwark::CircuitBreakerConfig;
using bulwark::CircuitBreakerOverrides;
using bulwark::ConfigError;
using bulwark::EventKind;
using bulwark::Mode;
using bulwark::WindowKind;

namespace {

CircuitBreakerConfig twoOfFour() {
  return {.name = "ai", .slidingWindowSize = 4, .minimumCalls = 2, .openDuration = 10s};
}

/// The kinds of the events that an observer received.
struct Notes {
  bulwark::Observer taker() {
    return [this](const BulkheadEvent& event) {
      kinds.push_back(event.kind);
      last = event;
      name = event.name;
    };
  }

  std::vector<EventKind> kinds;
  BulkheadEvent last;
  std::string name;
};

using Kinds = std::vector<EventKind>;

}  // namespace

// --- the configuration ---------------------------------------------------------------------------

TEST_CASE("updateConfig() changes the fields that it names and keeps the others", "[breaker]") {
  BreakerStage stage(twoOfFour());
  stage.breaker.updateConfig({.failureRateThreshold = 0.25,
                              .slidingWindowSize = 8,
                              .minimumCalls = 3,
                              .slowCallDuration = 1s,
                              .slowCallRateThreshold = 0.75});
  stage.breaker.updateConfig({.openDuration = 20s,
                              .halfOpenCalls = 2,
                              .windowKind = WindowKind::time,
                              .slidingWindowTime = 5min,
                              .probeTimeout = 3s,
                              .mode = Mode::observe});
  const CircuitBreakerConfig config = stage.breaker.config();
  CHECK(config.name == "ai");
  CHECK(config.failureRateThreshold == 0.25);
  CHECK(config.slidingWindowSize == 8);
  CHECK(config.minimumCalls == 3);
  CHECK(config.slowCallDuration == 1s);
  CHECK(config.slowCallRateThreshold == 0.75);
  CHECK(config.openDuration == 20s);
  CHECK(config.halfOpenCalls == 2);
  CHECK(config.windowKind == WindowKind::time);
  CHECK(config.slidingWindowTime == 5min);
  CHECK(config.probeTimeout == 3s);
  CHECK(config.mode == Mode::observe);
  CHECK(config.onStateChange);
  CHECK(stage.breaker.name() == "ai");
}

TEST_CASE("a wrong value is an error that names it, and changes nothing", "[breaker]") {
  struct Row {
    CircuitBreakerOverrides overrides;
    std::string field, value, rule;
  };
  const std::vector<Row> rows{
      {{.failureRateThreshold = 0.0}, "failureRateThreshold", "0", "must be above 0 and at most 1"},
      {{.slidingWindowSize = 0}, "slidingWindowSize", "0", "must be from 1 to 16777216"},
      {{.slowCallDuration = -1ns}, "slowCallDuration", "-1 ns", "must not be negative"},
      {{.slowCallRateThreshold = 1.5},
       "slowCallRateThreshold",
       "1.5",
       "must be above 0 and at most 1"},
      {{.openDuration = -1ns}, "openDuration", "-1 ns", "must not be negative"},
      {{.halfOpenCalls = 0}, "halfOpenCalls", "0", "must be at least 1"},
      {{.windowKind = static_cast<WindowKind>(2)}, "windowKind", "2", "must be calls or time"},
      {{.slidingWindowTime = 0ns},
       "slidingWindowTime",
       "0 ns",
       "must be above 0 and at most 8760 h"},
      {{.slidingWindowTime = -1s},
       "slidingWindowTime",
       "-1000000000 ns",
       "must be above 0 and at most 8760 h"},
      {{.slidingWindowTime = 8760h + 1ns},
       "slidingWindowTime",
       "31536000000000001 ns",
       "must be above 0 and at most 8760 h"},
      {{.slidingWindowTime = bulwark::noTimeout},
       "slidingWindowTime",
       "9223372036854775807 ns",
       "must be above 0 and at most 8760 h"},
      {{.probeTimeout = -1ns}, "probeTimeout", "-1 ns", "must not be negative"},
      {{.mode = static_cast<Mode>(3)}, "mode", "3", "must be enforce, observe or off"},
  };
  BreakerStage stage(twoOfFour());
  Notes notes;
  stage.breaker.setObserver(notes.taker());
  for (Row row : rows) {
    CAPTURE(row.field, row.value);
    row.overrides.minimumCalls = 1;  // is not changed either
    try {
      stage.breaker.updateConfig(row.overrides);
      FAIL("accepted");
    } catch (const ConfigError& error) {
      CHECK(error.bulkhead() == "ai");
      CHECK(error.field() == row.field);
      CHECK(error.value() == row.value);
      CHECK(error.rule() == row.rule);
    }
  }
  CHECK(stage.breaker.config().minimumCalls == 2);
  CHECK(notes.kinds.empty());
  for (const auto time : {1ns, std::chrono::nanoseconds{8760h}}) {
    stage.breaker.updateConfig({.windowKind = WindowKind::time, .slidingWindowTime = time});
    CHECK(stage.breaker.config().slidingWindowTime == time);
  }
  CHECK_THROWS_AS(Breaker(stage.io, {.slidingWindowTime = 0ns}), ConfigError);
  CHECK_THROWS_AS(Breaker(stage.io, {.mode = static_cast<Mode>(3)}), ConfigError);
}

TEST_CASE("a call is judged by the isFailure of the moment at which it ends", "[breaker]") {
  CircuitBreakerConfig config = twoOfFour();
  config.isFailure = [](const std::exception_ptr&) { return false; };
  BreakerStage stage(config);
  CHECK(stage.fail());
  CHECK(stage.breaker.stats().failed == 0);
  {
    Running running(stage);
    stage.breaker.updateConfig({.isFailure = std::function<bool(const std::exception_ptr&)>{}});
    running.fail(Sick());
  }
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.breaker.stats().succeeded == 1);
  CHECK(stage.breaker.state() == opened);  // one of two
}

TEST_CASE("what isFailure captured is destroyed once no call is judged by it", "[breaker]") {
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = captured;
  CircuitBreakerConfig config = twoOfFour();
  BreakerStage stage(config);
  stage.breaker.updateConfig({.isFailure = [captured, &stage](const std::exception_ptr&) {
    // The function that runs replaces itself, and lives until it returns.
    stage.breaker.updateConfig({.isFailure = [](const std::exception_ptr&) { return false; }});
    return ++*captured > 0;
  }});
  captured.reset();
  CHECK_FALSE(alive.expired());
  CHECK(stage.fail());
  CHECK(alive.expired());
  CHECK(stage.breaker.stats().failed == 1);
  CHECK(stage.fail());
  CHECK(stage.breaker.stats().failed == 1);
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("a breaker that observes runs every call", "[breaker]") {
  CircuitBreakerConfig config = twoOfFour();
  config.mode = Mode::observe;
  BreakerStage stage(config);
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.succeed());
  CHECK(stage.fail());
  CHECK(stage.breaker.stats().wouldHaveRefused == 2);
  CHECK(stage.breaker.stats().refused == 0);
  CHECK(stage.breaker.stats().mode == Mode::observe);
  stage.breaker.updateConfig({.mode = Mode::enforce});
  CHECK(stage.refused());
  stage.breaker.updateConfig({.mode = Mode::observe});
  CHECK(stage.succeed());
  CHECK(stage.breaker.stats().wouldHaveRefused == 3);
  CHECK(stage.changes == Changes{{closed, opened}});
}

TEST_CASE("a breaker that is off runs every call and counts none", "[breaker]") {
  BreakerStage stage(twoOfFour());
  CHECK(stage.fail());
  stage.breaker.updateConfig({.mode = Mode::off});
  {
    Running running(stage);
    for (int i = 0; i < 10; ++i) CHECK(stage.fail());
    stage.breaker.updateConfig({.mode = Mode::enforce});
    running.fail(Sick());  // began in mode off
  }
  const auto stats = stage.breaker.stats();
  CHECK(stats.failed == 1);
  CHECK(stats.succeeded == 0);
  CHECK(stats.state == closed);
  CHECK(stage.fail());  // the second of two
  CHECK(stage.breaker.state() == opened);
  stage.breaker.updateConfig({.mode = Mode::off});
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == opened);
  stage.breaker.updateConfig({.mode = Mode::enforce});
  CHECK(stage.refused());
}

TEST_CASE("a breaker that is off reads the clock once a call", "[breaker]") {
  CircuitBreakerConfig config = twoOfFour();
  config.mode = Mode::off;
  BreakerStage stage(config);
  const auto before = ManualClock::readings();
  CHECK(stage.succeed());
  CHECK(ManualClock::readings() == before + 1);
}

// --- the window in time --------------------------------------------------------------------------

TEST_CASE("failures of yesterday do not open a breaker that judges the last minute", "[breaker]") {
  CircuitBreakerConfig config = twoOfFour();
  config.minimumCalls = 3;
  SECTION("the last calls may be those of yesterday") {
    BreakerStage stage(config);
    CHECK(stage.fail());
    CHECK(stage.fail());
    stage.advance(24h);
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
  }
  SECTION("the last minute is not") {
    config.windowKind = WindowKind::time;
    BreakerStage stage(config);
    CHECK(stage.fail());
    CHECK(stage.fail());
    stage.advance(24h);
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == closed);
    stage.advance(59s);
    CHECK(stage.fail());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
  }
}

// --- events --------------------------------------------------------------------------------------

TEST_CASE("the observer of a breaker hears of each change, refusal and configuration",
          "[breaker]") {
  BreakerStage stage(twoOfFour());
  Notes notes;
  stage.breaker.setObserver(notes.taker());
  CHECK(notes.kinds.empty());
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(notes.kinds == Kinds{EventKind::opened});
  CHECK(notes.last.compartment == bulwark::CompartmentKind::circuitBreaker);
  CHECK(notes.name == "ai");
  CHECK(notes.last.time == ManualClock::now().time_since_epoch());
  stage.advance(1s);
  CHECK(stage.refused());
  CHECK(notes.last.kind == EventKind::rejected);
  CHECK(notes.last.time == ManualClock::now().time_since_epoch());
  stage.breaker.updateConfig({.openDuration = 2s});
  stage.breaker.updateConfig({.openDuration = 2s});  // changes nothing
  CHECK(notes.last.kind == EventKind::configured);
  stage.advance(1s);
  for (int i = 0; i < 5; ++i) CHECK(stage.succeed());
  stage.breaker.forceOpen();
  stage.breaker.reset();
  CHECK(notes.kinds == Kinds{EventKind::opened, EventKind::rejected, EventKind::configured,
                             EventKind::halfOpened, EventKind::closed, EventKind::opened,
                             EventKind::closed});
  CHECK(stage.changes.size() == 5);
}

TEST_CASE("a new observer first hears of the state, if the circuit is not closed", "[breaker]") {
  BreakerStage stage(twoOfFour());
  Notes a, b, c;
  stage.breaker.forceOpen();
  stage.breaker.setObserver(a.taker());
  CHECK(a.kinds == Kinds{EventKind::opened});
  stage.breaker.reset();
  CHECK(stage.fail());
  CHECK(stage.fail());
  stage.advance(10s);
  CHECK(stage.succeed());
  stage.breaker.setObserver(b.taker());
  CHECK(b.kinds == Kinds{EventKind::halfOpened});
  stage.breaker.setObserver({});
  stage.breaker.reset();
  CHECK(b.kinds.size() == 1);
  stage.breaker.setObserver(c.taker());
  CHECK(c.kinds.empty());
  CHECK(a.kinds ==
        Kinds{EventKind::opened, EventKind::closed, EventKind::opened, EventKind::halfOpened});
  // The observers are no part of the state changes that onStateChange receives.
  CHECK(stage.changes.size() == 5);
}

TEST_CASE("an observer may replace itself, change the breaker, and throw", "[breaker]") {
  BreakerStage stage(twoOfFour());
  Notes notes;
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = captured;
  stage.breaker.setObserver([&, captured = std::move(captured)](const BulkheadEvent&) {
    stage.breaker.setObserver(notes.taker());
    CHECK_FALSE(alive.expired());
    stage.breaker.reset();
    throw Sick();
  });
  stage.breaker.forceOpen();
  CHECK(alive.expired());
  // The first event of the new observer is the state in which it found the circuit.
  CHECK(notes.kinds == Kinds{EventKind::opened, EventKind::closed});
  CHECK(stage.changes == Changes{{closed, opened}, {opened, closed}});
}

TEST_CASE("a destroyed breaker has no observer, and keeps its onStateChange", "[breaker]") {
  Stage stage;
  Notes notes;
  int changes = 0;
  Gate gate(stage.io);
  std::optional<Breaker> breaker;
  breaker.emplace(stage.io, CircuitBreakerConfig{.minimumCalls = 1,
                                                 .onStateChange = [&](auto, auto) { ++changes; }});
  auto captured = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = captured;
  breaker->setObserver(
      [&, captured = std::move(captured)](const BulkheadEvent& event) { notes.taker()(event); });
  Ending<> ending;
  breaker->execute(
      [&]() -> net::awaitable<void> {
        co_await gate.pass();
        throw Sick();
      },
      ending.plain());
  stage.settle();
  breaker.reset();
  CHECK(alive.expired());
  gate.open();
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(changes == 1);
  CHECK(notes.kinds.empty());
}

TEST_CASE("a moved breaker keeps its observer, and one that is assigned to loses its own",
          "[breaker]") {
  Stage stage;
  Notes first, second;
  Breaker a(stage.io, twoOfFour()), b(stage.io, twoOfFour());
  a.setObserver(first.taker());
  b.setObserver(second.taker());
  Breaker moved(std::move(a));
  moved.forceOpen();
  CHECK(first.kinds == Kinds{EventKind::opened});
  b = std::move(moved);
  b.reset();
  CHECK(first.kinds == Kinds{EventKind::opened, EventKind::closed});
  CHECK(second.kinds.empty());
}

TEST_CASE("refusals that a slow observer cannot take are counted as lost", "[breaker]") {
  BreakerStage stage(twoOfFour());
  stage.breaker.forceOpen();
  std::uint64_t lost = 0, delivered = 0, asked = 0;
  stage.breaker.setObserver([&](const BulkheadEvent& event) {
    lost += event.lost;
    if (event.kind == EventKind::rejected) ++delivered;
    if (event.kind != EventKind::opened) return;
    // While this runs, nothing is delivered.
    for (; asked < 5000; ++asked) {
      stage.breaker.execute([] {}, [](std::exception_ptr) {});
    }
  });
  CHECK(delivered == 4096);
  stage.breaker.reset();
  CHECK(lost == 5000 - 4096);
  stage.settle();
}

TEST_CASE("events of a breaker are printed without the numbers of a bulkhead", "[breaker]") {
  BulkheadEvent event{.kind = EventKind::halfOpened,
                      .compartment = bulwark::CompartmentKind::circuitBreaker,
                      .name = "ai"};
  CHECK(fmt::format("{}", event) == "circuit breaker ai: half open");
  event.kind = EventKind::opened;
  event.lost = 3;
  CHECK(fmt::format("{}", event) == "circuit breaker ai: opened, 3 before it lost");
  CHECK(fmt::format("{}", EventKind::closed) == "closed");
}
