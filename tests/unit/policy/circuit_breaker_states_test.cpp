#include "support/breaker_stage.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

// Every operation of a breaker in every state: closed, open by itself, forced open, due to be half
// open, and half open with and without running probes.

using bulwark::CircuitBreakerConfig;
using bulwark::CircuitState;
using std::chrono::nanoseconds;

namespace {

/// The counters of a breaker, comparable in one line.
struct CircuitCounters {
  std::uint64_t succeeded = 0, failed = 0, slow = 0, ignored = 0, refused = 0, opened = 0;

  friend bool operator==(const CircuitCounters&, const CircuitCounters&) = default;
  friend std::ostream& operator<<(std::ostream& out, const CircuitCounters& c) {
    return out << "succeeded " << c.succeeded << ", failed " << c.failed << ", slow " << c.slow
               << ", ignored " << c.ignored << ", refused " << c.refused << ", opened " << c.opened;
  }
};

/// A breaker that opens when both calls of a window of two are failures, or both are slow.
struct StatesStage : BreakerStage {
  using BreakerStage::BreakerStage;
  StatesStage() : BreakerStage(defaults()) {}

  static CircuitBreakerConfig defaults() {
    return {.name = "ai",
            .failureRateThreshold = 1.0,
            .slidingWindowSize = 2,
            .minimumCalls = 2,
            .slowCallDuration = 100ms,
            .slowCallRateThreshold = 1.0,
            .openDuration = 10s,
            .halfOpenCalls = 2};
  }

  bool succeedSlowly() {
    return !call([] { ManualClock::advance(101ms); });
  }
  bool failSlowly() {
    return call([] {
             ManualClock::advance(101ms);
             throw Sick();
           }) == net::error::fault;
  }
  bool beIgnored() {
    return call([] { throw bulwark::BulkheadRejectedError("db"); }) == Errc::queueFull;
  }
  /// Makes a call that must be refused and returns its retryAfter().
  nanoseconds retryAfter() {
    REQUIRE(refused());
    try {
      std::rethrow_exception(last);
    } catch (const bulwark::CircuitOpenError& error) {
      return error.retryAfter();
    }
  }

  void openByItself() {
    REQUIRE(fail());
    REQUIRE(fail());
    REQUIRE(breaker.state() == opened);
  }
  /// Opens the breaker and waits until the next call would be a probe.
  void beDue() {
    openByItself();
    advance(10s);
    REQUIRE(breaker.state() == halfOpen);
  }
  std::unique_ptr<Running> start() { return std::make_unique<Running>(*this); }
  static void end(Running& call, std::exception_ptr error = nullptr) {
    call.end(std::move(error));
    REQUIRE(call.ending.times == 1);
  }
  static std::exception_ptr sick() { return std::make_exception_ptr(Sick()); }

  CircuitCounters counters() const {
    const auto stats = breaker.stats();
    return {stats.succeeded, stats.failed, stats.slow, stats.ignored, stats.refused, stats.opened};
  }
};

}  // namespace

// --- forceOpen() ---------------------------------------------------------------------------------

TEST_CASE("forceOpen() of a closed breaker keeps it open, and its running calls change nothing",
          "[breaker]") {
  StatesStage stage;
  const auto running = stage.start();
  stage.breaker.forceOpen();
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.retryAfter() == bulwark::noTimeout);
  stage.end(*running, StatesStage::sick());
  stage.advance(1000h);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.refused());
  CHECK(stage.changes == Changes{{closed, opened}});
  CHECK(stage.counters() == CircuitCounters{.failed = 1, .refused = 2, .opened = 1});
}

TEST_CASE("forceOpen() of a breaker that opened by itself keeps it open after openDuration",
          "[breaker]") {
  StatesStage stage;
  stage.openByItself();
  CHECK(stage.retryAfter() == 10s);
  stage.advance(4s);
  CHECK(stage.retryAfter() == 6s);
  stage.breaker.forceOpen();
  CHECK(stage.retryAfter() == bulwark::noTimeout);
  stage.advance(6s);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.refused());
  stage.advance(1000h);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.retryAfter() == bulwark::noTimeout);
  // It was already open: no second change, and it counts as opened once.
  CHECK(stage.changes == Changes{{closed, opened}});
  CHECK(stage.counters().opened == 1);
  stage.breaker.reset();
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.succeed());
}

TEST_CASE("forceOpen() of a breaker that is due to be half open lets no probe through",
          "[breaker]") {
  StatesStage stage;
  stage.beDue();
  stage.breaker.forceOpen();
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.retryAfter() == bulwark::noTimeout);
  stage.advance(1000h);
  CHECK(stage.refused());
}

TEST_CASE("forceOpen() of a half-open breaker keeps it open, however its probes end", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  const auto probe = stage.start();
  REQUIRE(stage.breaker.state() == halfOpen);
  stage.breaker.forceOpen();
  CHECK(stage.breaker.state() == opened);
  const auto error = GENERATE(false, true) ? StatesStage::sick() : nullptr;
  stage.end(*probe, error);
  CHECK(stage.breaker.state() == opened);
  stage.advance(1000h);
  CHECK(stage.retryAfter() == bulwark::noTimeout);
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, opened}});
  CHECK(stage.counters().opened == 2);
}

TEST_CASE("forceOpen() applies once, and after a reset() the breaker opens for openDuration again",
          "[breaker]") {
  StatesStage stage;
  stage.breaker.forceOpen();
  stage.breaker.reset();
  stage.openByItself();
  CHECK(stage.retryAfter() == 10s);
  stage.advance(10s - 1ns);
  CHECK(stage.retryAfter() == 1ns);
  CHECK(stage.breaker.state() == opened);
  stage.advance(1ns);
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.succeed());
}

// --- reset() -------------------------------------------------------------------------------------

TEST_CASE("reset() of a closed breaker forgets the failures in its window", "[breaker]") {
  StatesStage stage;
  CHECK(stage.fail());
  stage.breaker.reset();
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.counters() == CircuitCounters{});
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);  // the first of the new window
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);  // one of two
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.counters() == CircuitCounters{.succeeded = 1, .failed = 3, .opened = 1});
  CHECK(stage.changes == Changes{{closed, opened}});  // no notification for closed to closed
}

TEST_CASE("reset() of a closed breaker forgets the slow calls in its window", "[breaker]") {
  StatesStage stage;
  CHECK(stage.succeedSlowly());
  CHECK(stage.counters() == CircuitCounters{.succeeded = 1, .slow = 1});
  stage.breaker.reset();
  CHECK(stage.counters() == CircuitCounters{});
  CHECK(stage.succeedSlowly());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);  // one of two
  CHECK(stage.succeedSlowly());
  CHECK(stage.succeedSlowly());
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.counters() == CircuitCounters{.succeeded = 4, .slow = 3, .opened = 1});
}

TEST_CASE("reset() of a closed breaker clears the count and the position of its window",
          "[breaker]") {
  StatesStage stage({.failureRateThreshold = 0.5, .slidingWindowSize = 4, .minimumCalls = 4});
  for (int i = 0; i < 7; ++i) CHECK(stage.succeed());  // once around and three places further
  stage.breaker.reset();
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);  // three of at least four calls
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("a call that runs during a reset() of a closed breaker is counted and changes no state",
          "[breaker]") {
  StatesStage stage;
  const auto running = stage.start();
  stage.breaker.reset();
  stage.end(*running, StatesStage::sick());
  CHECK(stage.counters() == CircuitCounters{.failed = 1});
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("reset() closes an open breaker, however it opened", "[breaker]") {
  StatesStage stage;
  SECTION("by itself") { stage.openByItself(); }
  SECTION("forced") { stage.breaker.forceOpen(); }
  SECTION("due to be half open") { stage.beDue(); }
  stage.breaker.reset();
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.counters() == CircuitCounters{});
  CHECK(stage.changes == Changes{{closed, opened}, {opened, closed}});
  for (int i = 0; i < 4; ++i) CHECK(stage.succeed());  // more calls than there would be probes
  CHECK(stage.counters() == CircuitCounters{.succeeded = 4});
}

TEST_CASE("reset() of a half-open breaker closes it, and its probes have no effect", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  const auto running = stage.start();
  CHECK(stage.fail());  // one probe of two has ended
  REQUIRE(stage.breaker.state() == halfOpen);
  stage.breaker.reset();
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.counters() == CircuitCounters{});
  stage.end(*running, StatesStage::sick());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == closed);  // neither probe is in the window
  CHECK(stage.fail());
  CHECK(stage.breaker.state() == opened);
  // The next half-open state has all its probes again.
  stage.advance(10s);
  const auto first = stage.start();
  const auto second = stage.start();
  CHECK(stage.refused());
  stage.end(*first);
  stage.end(*second);
  CHECK(stage.breaker.state() == closed);
}

TEST_CASE("every counter of a breaker starts from zero after a reset()", "[breaker]") {
  StatesStage stage({.failureRateThreshold = 1.0,
                     .slidingWindowSize = 100,
                     .minimumCalls = 100,
                     .slowCallDuration = 100ms});
  struct Row {
    const char* what;
    std::function<void()> make;
    CircuitCounters after;
  };
  const Row rows[] = {
      {"succeeded", [&] { REQUIRE(stage.succeed()); }, {.succeeded = 1}},
      {"failed", [&] { REQUIRE(stage.fail()); }, {.failed = 1}},
      {"slow", [&] { REQUIRE(stage.succeedSlowly()); }, {.succeeded = 1, .slow = 1}},
      {"slow, failed", [&] { REQUIRE(stage.failSlowly()); }, {.failed = 1, .slow = 1}},
      {"ignored", [&] { REQUIRE(stage.beIgnored()); }, {.ignored = 1}},
      {"refused, opened",
       [&] {
         stage.breaker.forceOpen();
         REQUIRE(stage.refused());
       },
       {.refused = 1, .opened = 1}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (int life = 0; life < 3; ++life) {
      CHECK(stage.counters() == CircuitCounters{});
      row.make();
      CHECK(stage.counters() == row.after);
      stage.breaker.reset();
    }
  }
  CHECK(stage.breaker.stats().name == stage.breaker.name());
}

// --- half open -----------------------------------------------------------------------------------

TEST_CASE("a half-open breaker lets halfOpenCalls calls through, at once or one by one",
          "[breaker]") {
  const std::size_t most = GENERATE(1U, 2U, 5U);
  CircuitBreakerConfig config = StatesStage::defaults();
  config.halfOpenCalls = most;
  StatesStage stage(config);
  stage.beDue();
  std::vector<std::unique_ptr<Running>> probes;
  for (std::size_t i = 0; i < most; ++i) {
    probes.push_back(stage.start());
    CHECK(probes.back()->ending.open());
  }
  CHECK(stage.retryAfter() == 0ns);  // a probe may end at any moment
  for (std::size_t i = 0; i + 1 < most; ++i) {
    stage.end(*probes[i]);
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.refused());  // ended probes count like running ones
  }
  stage.end(*probes.back());
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, closed}});
}

TEST_CASE("a breaker that closes after its probes has an empty window", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  CHECK(stage.succeedSlowly());
  CHECK(stage.succeed());
  REQUIRE(stage.breaker.state() == closed);
  CHECK(stage.succeedSlowly());
  CHECK(stage.breaker.state() ==
        closed);  // one call of one is slow, and one call is below minimumCalls
  CHECK(stage.succeed());
  CHECK(stage.breaker.state() == closed);  // one of two
  CHECK(stage.succeedSlowly());
  CHECK(stage.succeedSlowly());
  CHECK(stage.breaker.state() == opened);
}

TEST_CASE("failed probes and slow probes are each compared with their own threshold", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  SECTION("one probe failed and the other was slow") {
    CHECK(stage.fail());
    CHECK(stage.succeedSlowly());
    CHECK(stage.breaker.state() == closed);
  }
  SECTION("both probes were slow, and one of them failed") {
    CHECK(stage.failSlowly());
    CHECK(stage.succeedSlowly());
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.counters() == CircuitCounters{.succeeded = 1, .failed = 3, .slow = 2, .opened = 2});
  }
  SECTION("both probes failed, and one of them was slow") {
    CHECK(stage.failSlowly());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.counters() == CircuitCounters{.failed = 4, .slow = 1, .opened = 2});
  }
}

TEST_CASE("a probe is slow when it takes longer than slowCallDuration and not before",
          "[breaker]") {
  const bool over = GENERATE(false, true);
  StatesStage stage;
  stage.beDue();
  for (int i = 0; i < 2; ++i) {
    CHECK(!stage.call([&] { ManualClock::advance(over ? 100ms + 1ns : 100ms); }));
  }
  CHECK(stage.breaker.state() == (over ? opened : closed));
  CHECK(stage.counters().slow == (over ? 2U : 0U));
}

TEST_CASE("a breaker that opens again waits for the whole openDuration", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  stage.advance(3s);  // it was due, and no call came
  CHECK(stage.breaker.state() == halfOpen);
  CHECK(stage.fail());
  CHECK(stage.fail());
  CHECK(stage.retryAfter() == 10s);
  stage.advance(10s - 1ns);
  CHECK(stage.refused());
  stage.advance(1ns);
  CHECK(stage.breaker.state() == halfOpen);
}

// --- durations -----------------------------------------------------------------------------------

TEST_CASE("openDuration 0 lets a probe through at once, noTimeout none before a reset()",
          "[breaker]") {
  CircuitBreakerConfig config = StatesStage::defaults();
  SECTION("0") {
    config.openDuration = 0ns;
    StatesStage stage(config);
    CHECK(stage.fail());
    CHECK(stage.fail());
    CHECK(stage.breaker.state() == halfOpen);
    CHECK(stage.succeed());
    CHECK(stage.succeed());
    CHECK(stage.breaker.state() == closed);
    CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, closed}});
  }
  SECTION("noTimeout") {
    config.openDuration = bulwark::noTimeout;
    StatesStage stage(config);
    stage.openByItself();
    CHECK(stage.retryAfter() == bulwark::noTimeout);
    stage.advance(100'000h);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.refused());
    stage.breaker.reset();
    CHECK(stage.succeed());
  }
  SECTION("beyond the range of the clock") {
    config.openDuration = nanoseconds::max() - 1h;  // the clock already shows an hour
    StatesStage stage(config);
    stage.openByItself();
    stage.advance(100'000h);
    CHECK(stage.breaker.state() == opened);
    CHECK(stage.refused());
  }
}

TEST_CASE("slowCallDuration 0 makes every call slow that takes any time", "[breaker]") {
  CircuitBreakerConfig config = StatesStage::defaults();
  config.slowCallDuration = 0ns;
  StatesStage stage(config);
  CHECK(stage.succeed());
  CHECK(stage.counters() == CircuitCounters{.succeeded = 1});
  CHECK(!stage.call([] { ManualClock::advance(1ns); }));
  CHECK(stage.counters() == CircuitCounters{.succeeded = 2, .slow = 1});
}

// --- lifetime ------------------------------------------------------------------------------------

TEST_CASE("a moved breaker keeps its state, its window and its counters", "[breaker]") {
  StatesStage stage;
  CHECK(stage.fail());
  const auto running = stage.start();
  Breaker moved(std::move(stage.breaker));
  CHECK(moved.name() == "ai");
  CHECK(moved.stats().failed == 1);
  running->end(StatesStage::sick());
  CHECK(moved.state() == opened);  // the second of two
  CHECK(moved.stats().failed == 2);
  stage.breaker = std::move(moved);
  CHECK(stage.breaker.state() == opened);
  CHECK(stage.retryAfter() == 10s);
}

TEST_CASE("move assignment replaces a breaker by the other one", "[breaker]") {
  StatesStage stage, other;
  const auto running = stage.start();
  stage.breaker.forceOpen();
  stage.breaker = std::move(other.breaker);
  CHECK(stage.breaker.state() == closed);
  CHECK(stage.counters() == CircuitCounters{});
  stage.end(*running, StatesStage::sick());  // a call of the breaker that was replaced
  CHECK(stage.counters() == CircuitCounters{});
}

TEST_CASE("a breaker may be destroyed while its probes run", "[breaker]") {
  StatesStage stage;
  stage.beDue();
  const auto probe = stage.start();
  Ending<> queued;
  stage.breaker.execute([] {}, queued.plain());
  { const Breaker gone(std::move(stage.breaker)); }
  stage.settle();
  CHECK(queued.fine());
  probe->succeed();
  CHECK(probe->ending.fine());
  CHECK(stage.changes == Changes{{closed, opened}, {opened, halfOpen}, {halfOpen, closed}});
}

// --- limits of the configuration -----------------------------------------------------------------

TEST_CASE("every field of a breaker accepts its least and its greatest value and nothing beyond",
          "[breaker]") {
  Stage stage;
  const auto accepts = [&](const CircuitBreakerConfig& config) {
    try {
      const Breaker breaker(stage.io, config);
      return true;
    } catch (const bulwark::ConfigError&) {
      return false;
    }
  };
  const double least = std::numeric_limits<double>::denorm_min();
  const double above = std::nextafter(1.0, 2.0);
  CHECK(accepts({.failureRateThreshold = least}));
  CHECK(accepts({.failureRateThreshold = 1.0}));
  CHECK_FALSE(accepts({.failureRateThreshold = 0.0}));
  CHECK_FALSE(accepts({.failureRateThreshold = -least}));
  CHECK_FALSE(accepts({.failureRateThreshold = above}));
  CHECK(accepts({.slowCallRateThreshold = least}));
  CHECK(accepts({.slowCallRateThreshold = 1.0}));
  CHECK_FALSE(accepts({.slowCallRateThreshold = 0.0}));
  CHECK_FALSE(accepts({.slowCallRateThreshold = -least}));
  CHECK_FALSE(accepts({.slowCallRateThreshold = above}));
  CHECK(accepts({.slidingWindowSize = 1}));
  CHECK(accepts({.slidingWindowSize = std::size_t{1} << 24}));
  CHECK_FALSE(accepts({.slidingWindowSize = 0}));
  CHECK_FALSE(accepts({.slidingWindowSize = (std::size_t{1} << 24) + 1}));
  CHECK(accepts({.minimumCalls = 0}));
  CHECK(accepts({.minimumCalls = std::numeric_limits<std::size_t>::max()}));
  CHECK(accepts({.slowCallDuration = 0ns}));
  CHECK(accepts({.slowCallDuration = bulwark::noTimeout}));
  CHECK_FALSE(accepts({.slowCallDuration = -1ns}));
  CHECK(accepts({.openDuration = 0ns}));
  CHECK(accepts({.openDuration = bulwark::noTimeout}));
  CHECK_FALSE(accepts({.openDuration = -1ns}));
  CHECK(accepts({.halfOpenCalls = 1}));
  CHECK(accepts({.halfOpenCalls = std::numeric_limits<std::size_t>::max()}));
  CHECK_FALSE(accepts({.halfOpenCalls = 0}));
}
