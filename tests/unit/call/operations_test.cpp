#include <bulwark/bulkhead.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <ostream>
#include <type_traits>
#include <vector>

// Every way to ask a bulkhead or a semaphore for permits, in every state that it can be in, with
// every kind of weight and timeout, and every way in which the wait of a call can end.

using std::chrono::nanoseconds;

namespace {

// --- common to bulkheads and semaphores ----------------------------------------------------------

constexpr std::size_t limit = 2;
constexpr std::size_t queueLimit = 3;
constexpr nanoseconds timeout = 30s;

template <typename B>
constexpr bool isSemaphore = std::is_same_v<B, Semaphore>;

template <typename B>
auto config() {
  if constexpr (isSemaphore<B>) {
    return bulwark::SemaphoreConfig{
        .name = "b", .permits = limit, .maxQueueSize = queueLimit, .acquireTimeout = timeout};
  } else {
    return bulwark::BulkheadConfig{
        .name = "b", .maxConcurrent = limit, .maxQueueSize = queueLimit, .queueTimeout = timeout};
  }
}

template <typename B>
auto options(std::size_t weight, std::optional<nanoseconds> patience = {}) {
  if constexpr (isSemaphore<B>) {
    return bulwark::AcquireOptions{.timeout = patience, .permits = weight};
  } else {
    return bulwark::CallOptions{.queueTimeout = patience, .permits = weight};
  }
}

template <typename B>
void setPermits(B& bulkhead, std::size_t permits) {
  if constexpr (isSemaphore<B>) {
    bulkhead.updateConfig({.permits = permits});
  } else {
    bulkhead.updateConfig({.maxConcurrent = permits});
  }
}

/// The counters that both have.
struct Counted {
  std::uint64_t rejected = 0, timedOut = 0, cancelled = 0, drained = 0, overLimit = 0;
  std::size_t inUse = 0, waiting = 0;

  friend bool operator==(const Counted&, const Counted&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Counted& c) {
    return out << "rejected " << c.rejected << ", timedOut " << c.timedOut << ", cancelled "
               << c.cancelled << ", drained " << c.drained << ", overLimit " << c.overLimit
               << ", in use " << c.inUse << ", waiting " << c.waiting;
  }
};

template <typename B>
Counted countedBy(const B& bulkhead) {
  const auto s = bulkhead.stats();
  Counted result{s.rejected, s.timedOut, s.cancelled, s.drained, s.overLimit};
  if constexpr (isSemaphore<B>) {
    result.inUse =
        s.permits - s.available;  // correct while no more permits are held than the limit
    result.waiting = s.waiting;
  } else {
    result.inUse = s.active;
    result.waiting = s.queued;
  }
  return result;
}

/// Returns how many calls were granted counted permits.
template <typename B>
std::uint64_t granted(const B& bulkhead) {
  const auto s = bulkhead.stats();
  if constexpr (isSemaphore<B>) {
    return s.acquired;
  } else {
    return s.executed + s.failed + s.running;
  }
}

// --- the ways to ask for permits -----------------------------------------------------------------

enum class Way { callable, awaitable, permit };
constexpr Way ways[] = {Way::callable, Way::awaitable, Way::permit};

/// One call, in any of the three ways.
struct Call {
  template <typename B>
  void start(Way way, B& bulkhead, std::size_t weight, std::optional<nanoseconds> patience = {}) {
    const auto with = options<B>(weight, patience);
    const auto bound = [&](auto handler) {
      return net::bind_cancellation_slot(signal.slot(), std::move(handler));
    };
    const auto execute = [&](auto fn) {
      if constexpr (isSemaphore<B>) {
        bulkhead.withPermit(std::move(fn), with, bound(ending.plain()));
      } else {
        bulkhead.execute(std::move(fn), with, bound(ending.plain()));
      }
    };
    switch (way) {
      case Way::callable:
        execute([this] { ran = true; });
        break;
      case Way::awaitable:
        execute([this]() -> net::awaitable<void> {
          ran = true;
          co_return;
        });
        break;
      case Way::permit:
        bulkhead.acquire(with, bound(ending.permitted()));
        break;
    }
  }

  bool wentAhead() const { return ending.fine() && (ran || ending.permit); }
  bool refusedWith(net::error_code code) const { return ending.is(code) && !ran && !ending.permit; }

  net::cancellation_signal signal;
  Ending<> ending;
  bool ran = false;
};

// --- the states ----------------------------------------------------------------------------------

struct State {
  const char* name;
  std::size_t held = 0;  // permits in use
  std::size_t heavy = 0;  // waiting calls of weight 2
  Mode mode = Mode::enforce;
  bool closed = false;
};

constexpr State states[] = {
    {.name = "idle"},
    {.name = "one permit free", .held = 1},
    {.name = "full", .held = 2},
    {.name = "one permit free, and a heavy call waits", .held = 1, .heavy = 1},
    {.name = "contended", .held = 2, .heavy = 2},
    {.name = "the queue is full", .held = 2, .heavy = 3},
    {.name = "the queue is full, and one permit free", .held = 1, .heavy = 3},
    {.name = "draining", .held = 1, .closed = true},
    {.name = "draining, and full", .held = 2, .closed = true},
    {.name = "drained", .closed = true},
    {.name = "observing", .mode = Mode::observe},
    {.name = "observing, and full", .held = 2, .mode = Mode::observe},
    {.name = "observing, and draining", .held = 1, .mode = Mode::observe, .closed = true},
    {.name = "off", .mode = Mode::off},
    {.name = "off, and full", .held = 2, .mode = Mode::off},
    {.name = "off, and draining", .held = 1, .mode = Mode::off, .closed = true},
};

enum class Answer { goesAhead, waits, rejected, drained, invalid };

/// The rules in order of precedence.
Answer answerOf(const State& state, std::size_t weight, nanoseconds patience) {
  if (weight == 0) return Answer::invalid;
  if (state.mode == Mode::off) return Answer::goesAhead;
  if (state.mode == Mode::enforce && weight > limit) return Answer::invalid;
  if (state.closed) return Answer::drained;
  if (state.mode == Mode::observe) return Answer::goesAhead;
  if (state.heavy == 0 && weight <= limit - state.held) return Answer::goesAhead;
  if (state.heavy >= queueLimit || patience <= 0ns) return Answer::rejected;
  return Answer::waits;
}

template <typename B>
struct Scene : Stage {
  explicit Scene(const State& state) {
    for (std::size_t i = 0; i < state.held; ++i) holds.push_back(bulkhead.tryAcquire());
    for (std::size_t i = 0; i < state.heavy; ++i) {
      bulkhead.acquire(options<B>(2), [](net::error_code, Permit) {});
    }
    if (state.mode != Mode::enforce) bulkhead.updateConfig({.mode = state.mode});
    if (state.closed) bulkhead.drain([](net::error_code) {});
    settle();
    before = countedBy(bulkhead);
    grantedBefore = granted(bulkhead);
    REQUIRE(before == Counted{.inUse = state.held, .waiting = state.heavy});
  }

  B bulkhead{io, config<B>()};
  std::vector<Permit> holds;
  Counted before;
  std::uint64_t grantedBefore = 0;
};

}  // namespace

TEMPLATE_TEST_CASE("every way to ask for permits follows the same rules in every state",
                   "[operations]", Bulkhead, Semaphore) {
  for (const State& state : states) {
    for (const Way way : ways) {
      for (const std::size_t weight : {std::size_t{0}, std::size_t{1}, limit, limit + 1}) {
        for (const auto patience :
             {std::optional<nanoseconds>(), std::optional<nanoseconds>(0ns),
              std::optional<nanoseconds>(-1ns), std::optional<nanoseconds>(5s),
              std::optional<nanoseconds>(bulwark::noTimeout)}) {
          CAPTURE(state.name, static_cast<int>(way), weight,
                  patience ? patience->count() : timeout.count());
          Scene<TestType> s(state);
          Call call;
          call.start(way, s.bulkhead, weight, patience);
          CHECK(call.ending.open());  // nothing completes inside its initiating function
          Counted expected = s.before;
          const Answer answer = answerOf(state, weight, patience.value_or(timeout));
          if (answer == Answer::waits) {
            ++expected.waiting;
            CHECK(countedBy(s.bulkhead) == expected);
            s.settle();
            CHECK(call.ending.open());
            continue;
          }
          s.settle();
          const bool over = state.held + weight > limit;
          switch (answer) {
            case Answer::goesAhead:
              CHECK(call.wentAhead());
              if (state.mode == Mode::observe && over) ++expected.overLimit;
              break;
            case Answer::rejected:
              CHECK(call.refusedWith(Errc::queueFull));
              ++expected.rejected;
              break;
            case Answer::drained:
              CHECK(call.refusedWith(Errc::draining));
              ++expected.drained;
              break;
            default:
              CHECK(call.ending.times == 1);
              CHECK((call.ending.code && !call.ran && !call.ending.permit));
              break;
          }
          const bool counts = answer == Answer::goesAhead && state.mode != Mode::off;
          CHECK(granted(s.bulkhead) == s.grantedBefore + (counts ? 1 : 0));
          CHECK(call.ending.permit.count() ==
                (answer == Answer::goesAhead && way == Way::permit ? weight : 0));
          call.ending.permit.release();
          CHECK(countedBy(s.bulkhead) == expected);
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("tryAcquire follows the rules of a call that may not wait and counts no refusal",
                   "[operations]", Bulkhead, Semaphore) {
  for (const State& state : states) {
    for (const std::size_t weight : {std::size_t{0}, std::size_t{1}, limit, limit + 1}) {
      CAPTURE(state.name, weight);
      Scene<TestType> s(state);
      Permit permit = s.bulkhead.tryAcquire(weight);
      const bool goesAhead = answerOf(state, weight, 0ns) == Answer::goesAhead;
      CHECK(static_cast<bool>(permit) == goesAhead);
      CHECK(permit.count() == (goesAhead ? weight : 0));
      permit.release();
      Counted expected = s.before;
      if (goesAhead && state.mode == Mode::observe && state.held + weight > limit) {
        ++expected.overLimit;
      }
      CHECK(countedBy(s.bulkhead) == expected);
    }
  }
}

TEST_CASE("a semaphore's blocking calls follow the rules of a call that may not wait",
          "[operations]") {
  for (const State& state : states) {
    for (const std::size_t weight : {std::size_t{0}, std::size_t{1}, limit, limit + 1}) {
      for (const nanoseconds patience : {0ns, -1ns}) {
        for (const bool works : {false, true}) {
          CAPTURE(state.name, weight, patience.count(), works);
          Scene<Semaphore> s(state);
          bool ran = false;
          net::error_code code;
          try {
            if (works) {
              s.bulkhead.withPermit([&] { ran = true; }, options<Semaphore>(weight, patience));
            } else {
              ran = static_cast<bool>(s.bulkhead.acquire(options<Semaphore>(weight, patience)));
            }
          } catch (...) {
            code = bulwark::errorCodeOf(std::current_exception());
          }
          Counted expected = s.before;
          switch (answerOf(state, weight, patience)) {
            case Answer::goesAhead:
              CHECK((ran && !code));
              if (state.mode == Mode::observe && state.held + weight > limit) ++expected.overLimit;
              break;
            case Answer::rejected:
              CHECK((!ran && code == Errc::queueFull));
              ++expected.rejected;
              break;
            case Answer::drained:
              CHECK((!ran && code == Errc::draining));
              ++expected.drained;
              break;
            default:
              CHECK((!ran && code == net::error::invalid_argument));
              break;
          }
          CHECK(countedBy(s.bulkhead) == expected);
        }
      }
    }
  }
}

// --- the ends of a wait --------------------------------------------------------------------------

TEMPLATE_TEST_CASE("the wait of every call can end in every way", "[operations]", Bulkhead,
                   Semaphore) {
  using net::cancellation_type;
  const Way way = GENERATE(Way::callable, Way::awaitable, Way::permit);
  const std::size_t weight = GENERATE(1U, 2U);
  CAPTURE(static_cast<int>(way), weight);
  Stage stage;
  std::optional<TestType> bulkhead(std::in_place, stage.io, config<TestType>());
  Permit hold = bulkhead->tryAcquire(2);
  Call call, behind;
  call.start(way, *bulkhead, weight, 5s);
  behind.start(way, *bulkhead, 1, 10s);
  Counted expected{.inUse = 2, .waiting = 1};
  net::error_code code;
  bool goesAhead = false;
  SECTION("its permits are released") {
    hold.release();
    goesAhead = true;
  }
  SECTION("its timeout expires, to the nanosecond") {
    stage.advance(5s - 1ns);
    CHECK(call.ending.open());
    ManualClock::advance(1ns);
    code = Errc::queueTimeout;
    expected.timedOut = 1;
  }
  SECTION("it is cancelled with each of the three types") {
    call.signal.emit(GENERATE(cancellation_type::terminal, cancellation_type::partial,
                              cancellation_type::total));
    code = net::error::operation_aborted;
    expected.cancelled = 1;
  }
  SECTION("a drain") {
    bulkhead->drain([](net::error_code) {});
    code = Errc::draining;
    expected.drained = 2;
    expected.waiting = 0;
  }
  SECTION("a drain with a timeout") {
    bulkhead->drain(1s, [](net::error_code) {});
    code = Errc::draining;
    expected.drained = 2;
    expected.waiting = 0;
  }
  SECTION("more permits") {
    setPermits(*bulkhead, 2 + weight);
    goesAhead = true;
  }
  SECTION("a limit below its weight") {
    setPermits(*bulkhead, 1);
    if (weight == 1) return;  // the call still fits
    code = Errc::queueFull;
    expected.rejected = 1;
    expected.inUse = countedBy(*bulkhead).inUse;
  }
  SECTION("a switch to observe or off") {
    bulkhead->updateConfig({.mode = GENERATE(Mode::observe, Mode::off)});
    goesAhead = true;
  }
  SECTION("the bulkhead is destroyed") {
    bulkhead.reset();
    code = net::error::operation_aborted;
  }
  CHECK(call.ending.open());
  stage.settle();
  if (goesAhead) {
    CHECK(call.wentAhead());
    CHECK(call.ending.permit.count() == (way == Way::permit ? weight : 0));
    call.ending.permit.release();
    stage.settle();
    CHECK(behind.wentAhead());
    behind.ending.permit.release();
    hold.release();
    CHECK(countedBy(*bulkhead).inUse == 0);
    CHECK(countedBy(*bulkhead).waiting == 0);
  } else {
    CHECK(call.refusedWith(code));
    if (bulkhead) CHECK(countedBy(*bulkhead) == expected);
    hold.release();
    stage.settle();
    CHECK(behind.ending.times == 1);
  }
  behind.ending.permit.release();
  bulkhead.reset();
  CHECK(stage.isIdle());
}

// --- new limits ----------------------------------------------------------------------------------

TEMPLATE_TEST_CASE("a new configuration changes the field that it names and no other",
                   "[operations]", Bulkhead, Semaphore) {
  Stage stage;
  TestType bulkhead{stage.io, config<TestType>()};
  struct Values {
    std::size_t permits, queue;
    nanoseconds timeout;
    Mode mode;
    bool operator==(const Values&) const = default;
  };
  const auto now = [&] {
    const auto c = bulkhead.config();
    if constexpr (isSemaphore<TestType>) {
      return Values{c.permits, c.maxQueueSize, c.acquireTimeout, c.mode};
    } else {
      return Values{c.maxConcurrent, c.maxQueueSize, c.queueTimeout, c.mode};
    }
  };
  Values expected{limit, queueLimit, timeout, Mode::enforce};
  CHECK(now() == expected);
  for (const std::size_t permits : {std::size_t{1}, bulwark::maxPermits, bulwark::unlimited}) {
    setPermits(bulkhead, expected.permits = permits);
    CHECK(now() == expected);
  }
  for (const std::size_t queue : {std::size_t{0}, std::size_t{7}, bulwark::unlimited}) {
    bulkhead.updateConfig({.maxQueueSize = expected.queue = queue});
    CHECK(now() == expected);
  }
  for (const nanoseconds patience : {nanoseconds(0), nanoseconds(1), bulwark::noTimeout}) {
    expected.timeout = patience;
    if constexpr (isSemaphore<TestType>) {
      bulkhead.updateConfig({.acquireTimeout = patience});
    } else {
      bulkhead.updateConfig({.queueTimeout = patience});
    }
    CHECK(now() == expected);
  }
  for (const Mode mode : {Mode::observe, Mode::off, Mode::enforce}) {
    bulkhead.updateConfig({.mode = expected.mode = mode});
    CHECK(now() == expected);
  }
  CHECK_THROWS_AS(setPermits(bulkhead, 0), bulwark::ConfigError);
  CHECK(now() == expected);
  bulkhead.updateConfig({});
  CHECK(now() == expected);
}

// --- destruction and moves -----------------------------------------------------------------------

TEMPLATE_TEST_CASE(
    "a permit granted in any mode outlives its bulkhead and may be moved and assigned",
    "[operations]", Bulkhead, Semaphore) {
  const Mode mode = GENERATE(Mode::enforce, Mode::observe, Mode::off);
  Stage stage;
  std::optional<TestType> bulkhead(std::in_place, stage.io, config<TestType>());
  bulkhead->updateConfig({.mode = mode});
  Permit first = bulkhead->tryAcquire();
  Permit second = bulkhead->tryAcquire();
  SECTION("the bulkhead is destroyed") { bulkhead.reset(); }
  SECTION("the bulkhead is moved from and destroyed") {
    TestType moved(std::move(*bulkhead));
    bulkhead.reset();
    CHECK(countedBy(moved).inUse == (mode == Mode::off ? 0 : 2));
  }
  SECTION("another bulkhead is assigned to it") {
    *bulkhead = TestType{stage.io, config<TestType>()};
    CHECK(countedBy(*bulkhead) == Counted{});
  }
  first = std::move(second);
  CHECK(first.count() == 1);
  CHECK(second.count() == 0);  // NOLINT(bugprone-use-after-move)
  first.release();
  first.release();
  if (bulkhead) CHECK(countedBy(*bulkhead) == Counted{});
  bulkhead.reset();
  CHECK(stage.isIdle());
}
