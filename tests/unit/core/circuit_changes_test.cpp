#include <bulwark/detail/core/circuit.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// The state machine while its configuration changes: every state, and every field.

using namespace std::chrono_literals;
using bulwark::CircuitBreakerConfig;
using bulwark::CircuitState;
using bulwark::Mode;
using bulwark::WindowKind;
using bulwark::detail::Circuit;
using bulwark::detail::CircuitNotice;
using bulwark::detail::CircuitNotices;
using bulwark::detail::Instant;
using bulwark::detail::never;
using Outcome = Circuit::Outcome;
using Kind = CircuitNotice::Kind;

namespace {

constexpr auto closed = CircuitState::closed;
constexpr auto opened = CircuitState::open;
constexpr auto halfOpen = CircuitState::halfOpen;

using Change = std::function<void(CircuitBreakerConfig&)>;

/// A circuit, the time, and what it reported.
struct Stage {
  explicit Stage(CircuitBreakerConfig config = defaults()) : circuit(std::move(config)) {
    circuit.setObserver(std::make_shared<const CircuitNotices::Observer>(
                            [this](const CircuitNotice& notice) { notices.push_back(notice); }),
                        now);
  }

  static CircuitBreakerConfig defaults() {
    return {.failureRateThreshold = 0.5,
            .slidingWindowSize = 10,
            .minimumCalls = 4,
            .slowCallDuration = 1s,
            .slowCallRateThreshold = 1.0,
            .openDuration = 10s,
            .halfOpenCalls = 3,
            .slidingWindowTime = 100s,
            .probeTimeout = 20s};
  }
  static CircuitBreakerConfig inTime() {
    CircuitBreakerConfig config = defaults();
    config.windowKind = WindowKind::time;
    return config;
  }

  void change(const Change& change) {
    const auto present = circuit.config();
    CircuitBreakerConfig next = *present;
    change(next);
    REQUIRE(circuit.configure(present, std::make_shared<const CircuitBreakerConfig>(next), now));
  }

  Circuit::Entry enter() {
    Circuit::Entry entry = circuit.enter(now);
    REQUIRE(entry.goesAhead);
    if (entry.judged) circuit.begin(entry, now);
    return entry;
  }
  void end(const Circuit::Entry& entry, Outcome outcome, Instant took = 0s) {
    circuit.end(entry, outcome, took, now);
  }
  void call(Outcome outcome) { end(enter(), outcome); }
  void fail(int times = 1) {
    for (int i = 0; i < times; ++i) call(Outcome::failed);
  }
  void succeed(int times = 1) {
    for (int i = 0; i < times; ++i) call(Outcome::succeeded);
  }
  bool refused() { return !circuit.enter(now).goesAhead; }
  CircuitState state() { return circuit.state(now); }
  bulwark::CircuitBreakerStats stats() { return circuit.stats(now); }
  std::size_t reported(Kind kind) const {
    std::size_t count = 0;
    for (const auto& notice : notices) count += notice.kind == kind ? 1 : 0;
    return count;
  }

  /// Opens the circuit, and waits for the time of the probes.
  void reachProbes() {
    fail(4);
    REQUIRE(state() == opened);
    now += 10s;
  }

  Instant now = 1000s;
  std::vector<CircuitNotice> notices;  // outlives the circuit
  Circuit circuit;
};

struct Named {
  std::string name;
  Change change;
};

/// A change of each field that gives a circuit no reason to change its state at once.
std::vector<Named> allChanges() {
  return {
      {"failureRateThreshold", [](auto& c) { c.failureRateThreshold = 0.1; }},
      {"slidingWindowSize up", [](auto& c) { c.slidingWindowSize = 100; }},
      {"slidingWindowSize down", [](auto& c) { c.slidingWindowSize = 2; }},
      {"minimumCalls", [](auto& c) { c.minimumCalls = 1; }},
      {"slowCallDuration up", [](auto& c) { c.slowCallDuration = 5s; }},
      {"slowCallDuration down", [](auto& c) { c.slowCallDuration = 1ms; }},
      {"slowCallDuration off", [](auto& c) { c.slowCallDuration = never; }},
      {"slowCallRateThreshold", [](auto& c) { c.slowCallRateThreshold = 0.1; }},
      {"openDuration", [](auto& c) { c.openDuration = 11s; }},
      {"halfOpenCalls up", [](auto& c) { c.halfOpenCalls = 30; }},
      {"isFailure", [](auto& c) { c.isFailure = [](const std::exception_ptr&) { return true; }; }},
      {"windowKind",
       [](auto& c) {
         c.windowKind = c.windowKind == WindowKind::time ? WindowKind::calls : WindowKind::time;
       }},
      {"slidingWindowTime up", [](auto& c) { c.slidingWindowTime = 1000s; }},
      {"slidingWindowTime down", [](auto& c) { c.slidingWindowTime = 10s; }},
      {"probeTimeout up", [](auto& c) { c.probeTimeout = 30s; }},
      {"probeTimeout down", [](auto& c) { c.probeTimeout = 1s; }},
      {"probeTimeout off", [](auto& c) { c.probeTimeout = never; }},
      {"mode observe", [](auto& c) { c.mode = Mode::observe; }},
      {"mode off", [](auto& c) { c.mode = Mode::off; }},
  };
}

}  // namespace

// --- every state, every field --------------------------------------------------------------------

TEST_CASE("no change of a field changes the state or the counters by itself") {
  struct State {
    std::string name;
    std::function<void(Stage&)> reach;
  };
  std::vector<Circuit::Entry> running;  // ends before the stage
  const std::vector<State> states{
      {"closed and empty", [](Stage&) {}},
      {"closed with calls",
       [&](Stage& s) {
         s.fail();
         s.succeed(3);
         running.push_back(s.enter());
       }},
      {"open", [](Stage& s) { s.fail(4); }},
      {"open for ever", [](Stage& s) { s.circuit.forceOpen(s.now); }},
      {"half open",
       [&](Stage& s) {
         s.reachProbes();
         running.push_back(s.enter());
         s.succeed();
       }},
  };
  for (const auto& config : {Stage::defaults(), Stage::inTime()}) {
    for (const State& from : states) {
      for (const Named& to : allChanges()) {
        CAPTURE(from.name, to.name, config.windowKind == WindowKind::time);
        Stage s(config);
        from.reach(s);
        const CircuitState before = s.state();
        const auto counted = s.stats();
        const auto noticed = s.notices.size();
        s.change(to.change);
        CHECK(s.state() == before);
        const auto now = s.stats();
        CHECK(now.succeeded == counted.succeeded);
        CHECK(now.failed == counted.failed);
        CHECK(now.slow == counted.slow);
        CHECK(now.opened == counted.opened);
        CHECK(now.refused == counted.refused);
        CHECK(now.mode == s.circuit.config()->mode);
        REQUIRE(s.notices.size() == noticed + 1);
        CHECK(s.notices.back().kind == Kind::configured);
        CHECK(s.notices.back().after == before);
        // The calls that are running end, and the circuit can still be used and reset.
        for (const auto& entry : running) s.end(entry, Outcome::succeeded);
        CHECK(s.stats().succeeded == counted.succeeded + running.size());
        running.clear();
        s.circuit.reset(s.now);
        CHECK(s.state() == closed);
        s.change([](auto& c) { c = Stage::defaults(); });
        s.fail(3);
        CHECK(s.state() == closed);
        s.fail();
        CHECK(s.state() == opened);
      }
    }
  }
}

TEST_CASE("a change that another thread has overtaken does nothing") {
  Stage s;
  const auto old = s.circuit.config();
  s.change([](auto& c) { c.minimumCalls = 2; });
  CHECK_FALSE(s.circuit.configure(
      old, std::make_shared<const CircuitBreakerConfig>(Stage::defaults()), s.now));
  CHECK(s.circuit.config()->minimumCalls == 2);
  CHECK(s.reported(Kind::configured) == 1);
}

// --- closed --------------------------------------------------------------------------------------

TEST_CASE("new thresholds judge the next call, with the calls before it") {
  const auto config = GENERATE(Stage::defaults(), Stage::inTime());
  Stage s(config);
  s.succeed(6);
  s.fail(2);
  SECTION("the rate of failures") {
    s.change([](auto& c) { c.failureRateThreshold = 0.2; });
    CHECK(s.state() == closed);
    s.succeed();  // two of nine
    CHECK(s.state() == opened);
  }
  SECTION("the rate of slow calls") {
    s.end(s.enter(), Outcome::succeeded, 2s);
    s.change([](auto& c) { c.slowCallRateThreshold = 0.1; });
    CHECK(s.state() == closed);
    s.succeed();  // one of ten
    CHECK(s.state() == opened);
  }
  SECTION("the number of calls") {
    Stage few(config);
    few.fail(2);
    few.change([](auto& c) { c.minimumCalls = 3; });
    CHECK(few.state() == closed);
    few.fail();
    CHECK(few.state() == opened);
  }
}

TEST_CASE("a window of another size keeps the last calls") {
  Stage s;
  s.change([](auto& c) { c.minimumCalls = 6; });
  s.fail(2);
  s.succeed(3);
  SECTION("a larger one, all of them") {
    s.change([](auto& c) { c.slidingWindowSize = 1000; });
    s.fail();  // three of six
    CHECK(s.state() == opened);
  }
  SECTION("a smaller one, as many as it holds") {
    s.change([](auto& c) { c.slidingWindowSize = 4; });
    s.fail();  // s s s f
    CHECK(s.state() == closed);
    s.fail();  // s s f f
    CHECK(s.state() == opened);
  }
}

TEST_CASE("a window of another time keeps the calls of that time") {
  Stage s(Stage::inTime());
  s.change([](auto& c) { c.minimumCalls = 6; });
  s.fail(2);
  s.now += 50s;
  s.succeed(3);
  SECTION("a longer one, all of them") {
    s.change([](auto& c) { c.slidingWindowTime = 1000s; });
    s.now += 500s;
    s.fail();
    CHECK(s.state() == opened);
  }
  SECTION("a shorter one, the last ones") {
    s.change([](auto& c) {
      c.slidingWindowTime = 40s;
      c.minimumCalls = 4;
    });
    s.fail();  // one of four
    CHECK(s.state() == closed);
    s.fail(2);
    CHECK(s.state() == opened);
  }
}

TEST_CASE("a window of another kind begins empty") {
  const bool toTime = GENERATE(false, true);
  Stage s(toTime ? Stage::defaults() : Stage::inTime());
  const auto other = toTime ? WindowKind::time : WindowKind::calls;
  s.change([](auto& c) { c.minimumCalls = 6; });
  s.fail(3);
  const auto running = s.enter();
  const auto slow = s.enter();
  s.now += 2s;
  REQUIRE(s.stats().slow == 2);  // both have a record in the window
  s.end(running, Outcome::ignored);
  s.change([=](auto& c) {
    c.windowKind = other;
    c.minimumCalls = 4;
  });
  s.fail(3);
  CHECK(s.state() == closed);
  s.end(slow, Outcome::failed);  // counts in the new window, as any call that ends
  CHECK(s.state() == opened);
}

TEST_CASE("failures that are older than the window of time open nothing") {
  Stage s(Stage::inTime());
  s.fail(3);
  s.now += 24h;
  s.fail(3);
  CHECK(s.state() == closed);
  s.now += 100s;
  s.fail();
  CHECK(s.state() == closed);
  s.fail(3);
  CHECK(s.state() == opened);
}

TEST_CASE("a window of time opens with minimumCalls within its time, whatever its number") {
  Stage s(Stage::inTime());
  for (int i = 0; i < 30'000; ++i) s.call(i % 4 == 0 ? Outcome::failed : Outcome::succeeded);
  CHECK(s.state() == closed);
  s.fail(14'999);
  CHECK(s.state() == closed);
  s.fail();  // 22,500 of 45,000
  CHECK(s.state() == opened);
}

TEST_CASE("a call that hangs counts in a window of time until it ends, and from its end on") {
  CircuitBreakerConfig config = Stage::inTime();
  config.minimumCalls = 2;
  Stage s(config);
  const auto hung = s.enter();
  s.now += 2s;
  s.succeed();
  CHECK(s.state() == closed);
  s.now += 200s;  // its record as a slow call has left the window
  s.succeed();
  s.end(hung, Outcome::failed, 202s);  // one of two
  CHECK(s.state() == opened);
  CHECK(s.stats().slow == 1);
}

TEST_CASE("a call finds its record after the window has changed") {
  const auto config = GENERATE(Stage::defaults(), Stage::inTime());
  Stage s(config);
  std::vector<Circuit::Entry> hung;
  for (int i = 0; i < 3; ++i) hung.push_back(s.enter());
  s.now += 2s;
  REQUIRE(s.stats().slow == 3);
  s.change([](auto& c) {
    c.slidingWindowSize = 7;
    c.slidingWindowTime = 70s;
  });
  s.change([](auto& c) {
    c.slidingWindowSize = 90;
    c.slidingWindowTime = 900s;
  });
  for (const auto& entry : hung) s.end(entry, Outcome::ignored);
  s.change([](auto& c) { c.minimumCalls = 1; });
  s.succeed();
  CHECK(s.state() == closed);  // no slow call is left beside it
  CHECK(s.stats().slow == 0);
}

TEST_CASE("a new slowCallDuration applies to running calls at once") {
  const auto config = GENERATE(Stage::defaults(), Stage::inTime());
  Stage s(config);
  std::vector<Circuit::Entry> running;
  for (int i = 0; i < 4; ++i) running.push_back(s.enter());
  s.now += 500ms;
  SECTION("a shorter one, as of now") {
    s.change([](auto& c) { c.slowCallDuration = 100ms; });
    CHECK(s.state() == opened);
    CHECK(s.stats().slow == 4);
    CHECK(s.circuit.enter(s.now).retryAfter == 10s);
  }
  SECTION("a longer one") {
    s.change([](auto& c) { c.slowCallDuration = 2s; });
    s.now += 1500ms;
    CHECK(s.stats().slow == 0);
    s.now += 1ns;
    CHECK(s.stats().slow == 4);
    CHECK(s.state() == opened);
  }
  SECTION("none, and one again") {
    s.change([](auto& c) { c.slowCallDuration = never; });
    const auto later = s.enter();  // is compared when it ends
    s.now += 1h;
    CHECK(s.stats().slow == 0);
    s.change([](auto& c) { c.slowCallDuration = 30min; });
    CHECK(s.stats().slow == 4);
    s.end(later, Outcome::succeeded, 1h);
    CHECK(s.stats().slow == 5);
  }
  SECTION("in the order of time, also for calls that begin after it") {
    s.change([](auto& c) { c.slowCallDuration = 1h; });
    s.change([](auto& c) { c.slowCallDuration = 1s; });
    running.push_back(s.enter());
    s.now += 500ms + 1ns;
    CHECK(s.stats().slow == 4);
    s.now += 500ms;
    CHECK(s.stats().slow == 5);
  }
  for (const auto& entry : running) s.end(entry, Outcome::ignored);
}

// --- open ----------------------------------------------------------------------------------------

TEST_CASE("a new openDuration counts from the time at which the circuit opened") {
  Stage s;
  s.fail(4);
  s.now += 5s;
  SECTION("a longer one") {
    s.change([](auto& c) { c.openDuration = 30s; });
    CHECK(s.circuit.enter(s.now).retryAfter == 25s);
    s.now += 25s - 1ns;
    CHECK(s.state() == opened);
    s.now += 1ns;
    CHECK(s.state() == halfOpen);
  }
  SECTION("a shorter one that has passed") {
    s.change([](auto& c) { c.openDuration = 1s; });
    CHECK(s.state() == halfOpen);
    s.succeed();
    CHECK(s.reported(Kind::changed) == 2);
  }
  SECTION("until reset()") {
    s.change([](auto& c) { c.openDuration = never; });
    CHECK(s.circuit.enter(s.now).retryAfter == never);
    s.now += 1000h;
    CHECK(s.refused());
    s.change([](auto& c) { c.openDuration = 10s; });
    CHECK(s.state() == halfOpen);
  }
  SECTION("not after forceOpen()") {
    s.circuit.forceOpen(s.now);
    s.change([](auto& c) { c.openDuration = 1s; });
    s.now += 1000h;
    CHECK(s.state() == opened);
    CHECK(s.circuit.enter(s.now).retryAfter == never);
    s.circuit.reset(s.now);
    s.fail(4);
    s.now += 1s;
    CHECK(s.state() == halfOpen);
  }
}

TEST_CASE("a window that changes while the circuit is open holds when it has closed") {
  const auto to = GENERATE(Stage::defaults(), Stage::inTime());
  Stage s(GENERATE(Stage::defaults(), Stage::inTime()));
  s.fail(4);
  s.change([&](auto& c) {
    c = to;
    c.slidingWindowSize = 5;
    c.slidingWindowTime = 5s;
  });
  s.now += 10s;
  s.succeed(3);
  REQUIRE(s.state() == closed);
  s.fail(3);
  CHECK(s.state() == closed);
  s.fail();
  CHECK(s.state() == opened);
}

// --- half open -----------------------------------------------------------------------------------

TEST_CASE("a new halfOpenCalls lets more probes through, or fewer") {
  Stage s;
  s.reachProbes();
  const auto a = s.enter();
  const auto b = s.enter();
  const auto c = s.enter();
  CHECK(s.refused());
  SECTION("more") {
    s.change([](auto& config) { config.halfOpenCalls = 4; });
    const auto d = s.enter();
    CHECK(s.refused());
    for (const auto* probe : {&a, &b, &c}) s.end(*probe, Outcome::succeeded);
    CHECK(s.state() == halfOpen);
    s.end(d, Outcome::succeeded);
    CHECK(s.state() == closed);
  }
  SECTION("fewer than are running") {
    s.change([](auto& config) { config.halfOpenCalls = 2; });
    CHECK(s.refused());
    s.end(a, Outcome::succeeded);
    CHECK(s.state() == halfOpen);
    CHECK(s.refused());
    s.end(b, Outcome::succeeded);
    CHECK(s.state() == closed);
    s.end(c, Outcome::failed);
    CHECK(s.state() == closed);
    CHECK(s.stats().failed == 5);
  }
  SECTION("fewer than have counted, which are judged at once") {
    const auto outcome = GENERATE(Outcome::succeeded, Outcome::failed);
    s.end(a, Outcome::succeeded);
    s.end(b, outcome);
    s.change([](auto& config) { config.halfOpenCalls = 1; });
    CHECK(s.state() == (outcome == Outcome::failed ? opened : closed));
    s.end(c, Outcome::failed);
    CHECK(s.reported(Kind::changed) == 3);
  }
}

TEST_CASE("a new probeTimeout applies to running probes at once") {
  Stage s;
  s.change([](auto& c) {
    c.halfOpenCalls = 1;
    c.slowCallDuration = never;
  });
  s.reachProbes();
  const auto probe = s.enter();
  s.now += 5s;
  SECTION("a shorter one, as of now") {
    s.change([](auto& c) { c.probeTimeout = 2s; });
    CHECK(s.state() == opened);
    CHECK(s.circuit.enter(s.now).retryAfter == 10s);
  }
  SECTION("a longer one") {
    s.change([](auto& c) { c.probeTimeout = 40s; });
    s.now += 35s - 1ns;
    CHECK(s.state() == halfOpen);
    s.now += 1ns;
    CHECK(s.state() == opened);
  }
  SECTION("none, and one again") {
    s.change([](auto& c) { c.probeTimeout = never; });
    s.now += 1000h;
    CHECK(s.state() == halfOpen);
    s.change([](auto& c) { c.probeTimeout = 1h; });
    CHECK(s.state() == opened);
  }
  SECTION("openDuration, where it is 0") {
    s.change([](auto& c) { c.probeTimeout = 0s; });
    s.now += 5s - 1ns;
    CHECK(s.state() == halfOpen);
    s.change([](auto& c) { c.openDuration = 15s; });
    s.now += 5s;
    CHECK(s.state() == halfOpen);
    s.now += 1ns;
    CHECK(s.state() == opened);
  }
  s.end(probe, Outcome::succeeded);  // it timed out
  CHECK(s.stats().succeeded == 0);
}

TEST_CASE("new thresholds judge the probes together") {
  Stage s;
  s.reachProbes();
  s.succeed(2);
  s.change([](auto& c) { c.failureRateThreshold = 0.3; });
  s.fail();  // one of three
  CHECK(s.state() == opened);
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("mode observe refuses no call, and counts those that it would have refused") {
  CircuitBreakerConfig config = Stage::defaults();
  config.mode = Mode::observe;
  Stage s(config);
  s.fail(4);
  CHECK(s.state() == opened);
  s.fail(2);  // would have been refused
  CHECK(s.stats().wouldHaveRefused == 2);
  CHECK(s.stats().refused == 0);
  CHECK(s.stats().failed == 6);
  s.now += 10s;
  const auto a = s.enter(), b = s.enter(), c = s.enter();
  CHECK(s.state() == halfOpen);
  s.fail(5);  // no probes: their ends say nothing
  CHECK(s.state() == halfOpen);
  CHECK(s.stats().wouldHaveRefused == 7);
  for (const auto* probe : {&a, &b, &c}) s.end(*probe, Outcome::succeeded);
  CHECK(s.state() == closed);
  CHECK(s.reported(Kind::refused) == 0);
  CHECK(s.reported(Kind::changed) == 3);
  s.circuit.reset(s.now);
  CHECK(s.stats().wouldHaveRefused == 0);
  CHECK(s.circuit.totals(s.now).wouldHaveRefused == 7);
}

TEST_CASE("a call that would have been refused counts as slow and changes no state") {
  CircuitBreakerConfig config = Stage::defaults();
  config.mode = Mode::observe;
  Stage s(config);
  s.fail(4);
  const auto ignored = s.enter();
  const auto slow = s.enter();
  s.now += 2s;
  CHECK(s.stats().slow == 2);
  s.end(ignored, Outcome::ignored);
  CHECK(s.stats().slow == 1);
  s.circuit.reset(s.now);
  s.end(slow, Outcome::failed, 2s);
  CHECK(s.state() == closed);
  CHECK(s.stats().failed == 1);
}

TEST_CASE("mode observe changes its state as mode enforce does") {
  // The same calls at the same times. What enforce refuses, observe lets through, and it fails.
  for (auto config : {Stage::defaults(), Stage::inTime()}) {
    config.failureRateThreshold = 0.4;
    config.slidingWindowTime = 3s;
    CircuitBreakerConfig observing = config;
    observing.mode = Mode::observe;
    Stage enforce(config), observe(observing);
    unsigned seed = 12345;
    for (int step = 0; step < 20'000; ++step) {
      seed = seed * 1664525U + 1013904223U;
      const Instant wait = std::chrono::milliseconds(seed >> 23);
      enforce.now += wait;
      observe.now += wait;
      const auto outcome = (seed >> 10) % 3 == 0 ? Outcome::failed : Outcome::succeeded;
      const auto took = (seed >> 12) % 5 == 0 ? Instant{2s} : Instant{0};
      const auto a = enforce.circuit.enter(enforce.now);
      const auto b = observe.enter();
      if (a.goesAhead) enforce.end(a, outcome, took);
      observe.end(b, a.goesAhead ? outcome : Outcome::failed, took);
      REQUIRE(enforce.state() == observe.state());
    }
    CHECK(enforce.stats().opened == observe.stats().opened);
    CHECK(enforce.stats().refused == observe.stats().wouldHaveRefused);
    CHECK(enforce.stats().refused > 100);
    CHECK(enforce.stats().opened > 100);
  }
}

TEST_CASE("mode off judges and counts no call, in any state") {
  Stage s;
  SECTION("closed") {}
  SECTION("open") { s.fail(4); }
  SECTION("open for ever") { s.circuit.forceOpen(s.now); }
  SECTION("half open") {
    s.reachProbes();
    s.succeed();
  }
  const CircuitState before = s.state();
  const auto counted = s.stats();
  s.change([](auto& c) { c.mode = Mode::off; });
  for (int i = 0; i < 20; ++i) {
    const auto entry = s.circuit.enter(s.now);
    CHECK(entry.goesAhead);
    CHECK_FALSE(entry.judged);
    CHECK(entry.call == nullptr);
    s.circuit.giveBack(entry, s.now);
  }
  CHECK(s.state() == before);
  CHECK(s.stats().failed == counted.failed);
  CHECK(s.stats().succeeded == counted.succeeded);
  CHECK(s.stats().wouldHaveRefused == 0);
  s.change([](auto& c) { c.mode = Mode::enforce; });
  CHECK(s.state() == before);
}

TEST_CASE("a call is treated by the mode in which it began") {
  Stage s;
  s.reachProbes();
  const auto probe = s.enter();
  s.change([](auto& c) { c.mode = Mode::off; });
  s.end(probe, Outcome::succeeded);
  CHECK(s.stats().succeeded == 1);
  s.change([](auto& c) { c.mode = Mode::observe; });
  const auto second = s.enter();
  const auto third = s.enter();
  const auto beyond = s.enter();
  s.change([](auto& c) { c.mode = Mode::enforce; });
  CHECK(s.refused());
  s.end(beyond, Outcome::failed);
  CHECK(s.state() == halfOpen);
  s.end(second, Outcome::succeeded);
  s.end(third, Outcome::succeeded);
  CHECK(s.state() == closed);
}

// --- clocks --------------------------------------------------------------------------------------

TEST_CASE("a machine that was suspended goes on as if nothing had happened meanwhile") {
  for (const Instant asleep : {Instant{24h}, Instant{200'000h}}) {
    Stage s(Stage::inTime());
    s.fail(2);
    const auto hung = s.enter();
    s.now += asleep;
    CHECK(s.stats().slow == 1);
    s.fail(3);
    CHECK(s.state() == closed);
    s.end(hung, Outcome::failed, asleep);
    CHECK(s.state() == opened);
    s.now += asleep;
    CHECK(s.state() == halfOpen);
    const auto probe = s.enter();
    s.now += asleep;
    CHECK(s.stats().failed == 7);  // the probe has timed out
    s.end(probe, Outcome::succeeded, asleep);
    s.succeed(2);
    CHECK(s.state() == closed);
  }
}
