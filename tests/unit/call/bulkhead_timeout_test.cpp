#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/runtime/timed_host.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

using bulwark::noTimeout;
using std::chrono::nanoseconds;

/// Reads ManualClock with millisecond resolution.
struct CoarseClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CoarseClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept {
    return time_point(std::chrono::floor<duration>(ManualClock::now().time_since_epoch()));
  }
};

template <>
struct BULWARK_NET_NAMESPACE::wait_traits<CoarseClock> {
  static CoarseClock::duration to_wait_duration(const CoarseClock::duration&) { return {}; }
  static CoarseClock::duration to_wait_duration(const CoarseClock::time_point&) { return {}; }
};

TEST_CASE("a queued call times out at its timeout and not a nanosecond earlier", "[timeout]") {
  Stage stage;
  const auto timeout = GENERATE(nanoseconds(1), nanoseconds(500us), nanoseconds(30s));
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = timeout}};
  Permit hold = bulkhead.tryAcquire();
  bool ran = false;
  Ending<> executed, acquired;
  bulkhead.execute([&] { ran = true; }, executed.plain());
  bulkhead.acquire(acquired.permitted());
  stage.advance(timeout - 1ns);
  CHECK((executed.open() && acquired.open()));
  stage.advance(1ns);
  CHECK(executed.is(Errc::queueTimeout));
  CHECK(acquired.is(Errc::queueTimeout));
  CHECK(isExactly<bulwark::BulkheadTimeoutError>(executed.error));
  CHECK_FALSE(ran);
  CHECK(countersOf(bulkhead) == Counters{.timedOut = 2, .running = 1});
}

TEST_CASE("a timeout error names the bulkhead", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "payments", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.execute([] {}, ending.plain());
  stage.advance(1s);
  REQUIRE(ending.error);
  try {
    std::rethrow_exception(ending.error);
  } catch (const bulwark::BulkheadTimeoutError& error) {
    CHECK(error.bulkhead() == "payments");
    CHECK(std::string(error.what()).find("payments") != std::string::npos);
  }
}

TEST_CASE("a timed-out call is counted before its handler runs", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Counters seen;
  bulkhead.execute([] {}, [&](std::exception_ptr) { seen = countersOf(bulkhead); });
  stage.advance(1s);
  CHECK(seen == Counters{.timedOut = 1, .running = 1});
}

TEST_CASE("a timeout bounds the wait and not the work", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Gate gate(stage.io);
  Ending<> ending;
  bulkhead.execute([&] { return gate.pass(); }, ending.plain());
  stage.advance(1h);
  CHECK(ending.open());
  gate.open();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a call that was granted in time runs, however late its executor is", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> executed, awaited, acquired;
  const auto start = [&](Ending<>& ending, auto begin) {
    begin(ending);
    ManualClock::advance(1s - 1ns);
    hold.release();
    ManualClock::advance(1h);
    stage.settle();
    hold = bulkhead.tryAcquire();
  };
  start(executed, [&](auto& e) { bulkhead.execute([] {}, e.plain()); });
  start(awaited,
        [&](auto& e) { bulkhead.execute([]() -> net::awaitable<void> { co_return; }, e.plain()); });
  start(acquired, [&](auto& e) { bulkhead.acquire(e.permitted()); });
  CHECK((executed.fine() && awaited.fine() && acquired.fine()));
  CHECK(bulkhead.stats().timedOut == 0);
}

TEST_CASE("a call's own timeout replaces the bulkhead's", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ordinary, hasty, patient, forever;
  bulkhead.execute([] {}, ordinary.plain());
  bulkhead.execute([] {}, {.queueTimeout = 1s}, hasty.plain());
  bulkhead.execute([] {}, {.queueTimeout = 20s}, patient.plain());
  bulkhead.execute([] {}, {.queueTimeout = noTimeout}, forever.plain());
  stage.advance(1s);
  CHECK((hasty.is(Errc::queueTimeout) && ordinary.open()));
  stage.advance(9s);
  CHECK((ordinary.is(Errc::queueTimeout) && patient.open()));
  stage.advance(10s);
  CHECK((patient.is(Errc::queueTimeout) && forever.open()));
  stage.advance(24h * 365);
  CHECK(forever.open());
  hold.release();
  stage.settle();
  CHECK(forever.fine());
}

TEST_CASE("deadlines of different lengths expire in order of time", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 100}};
  Permit hold = bulkhead.tryAcquire();
  const std::vector<int> lengths{50, 10, 40, 20, 30, 10, 60, 5, 55, 40};
  std::vector<int> fired;
  for (int length : lengths) {
    bulkhead.execute([] {}, {.queueTimeout = std::chrono::milliseconds(length)},
                     [&fired, length](std::exception_ptr) { fired.push_back(length); });
  }
  for (int i = 0; i < 60; ++i) {
    stage.advance(1ms);
    CHECK(std::all_of(fired.begin(), fired.end(), [&](int length) { return length <= i + 1; }));
  }
  CHECK(fired == std::vector<int>{5, 10, 10, 20, 30, 40, 40, 50, 55, 60});
}

TEST_CASE("calls that expired before the timer ran time out in order of deadline", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 100}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> fired;
  for (int length : {50, 10, 40, 20, 30}) {
    bulkhead.execute([] {}, {.queueTimeout = std::chrono::milliseconds(length)},
                     [&fired, length](std::exception_ptr) { fired.push_back(length); });
  }
  stage.advance(1s);  // the timer is this late
  CHECK(fired == std::vector<int>{10, 20, 30, 40, 50});
}

TEST_CASE("thousands of calls time out at once, in order", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .maxQueueSize = 5000, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> fired;
  for (int i = 0; i < 5000; ++i) {
    bulkhead.execute([] {}, [&fired, i](std::exception_ptr) { fired.push_back(i); });
  }
  stage.advance(1s - 1ns);
  CHECK(fired.empty());
  stage.advance(1ns);
  REQUIRE(fired.size() == 5000);
  CHECK(std::is_sorted(fired.begin(), fired.end()));
  CHECK(countersOf(bulkhead) == Counters{.timedOut = 5000, .running = 1});
}

TEST_CASE("noTimeout and deadlines beyond the clock's range never expire", "[timeout]") {
  Stage stage;
  const auto timeout = GENERATE(nanoseconds(noTimeout), noTimeout - 1ns,
                                nanoseconds(std::chrono::hours(24 * 365 * 290)));
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = timeout}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> configured, own, drain;
  bulkhead.acquire(configured.permitted());
  bulkhead.acquire({.queueTimeout = timeout}, own.permitted());
  stage.settle();
  stage.advance(24h * 365);
  CHECK((configured.open() && own.open()));
  hold.release();
  stage.settle();
  CHECK(configured.fine());
  bulkhead.drain(timeout, drain.coded());
  stage.advance(24h * 365);
  CHECK(drain.open());
  configured.permit.release();
  stage.settle();
  CHECK(drain.fine());
}

// --- expired calls -------------------------------------------------------------------------------

TEST_CASE("an expired call is not granted, however late the timer is", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  bool ran = false;
  Ending<> overdue, inTime;
  bulkhead.execute([&] { ran = true; }, overdue.plain());
  bulkhead.execute([] {}, {.queueTimeout = 2s}, inTime.plain());
  ManualClock::advance(1s);  // and the context is not polled
  hold.release();
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
  CHECK_FALSE(ran);
  CHECK(inTime.fine());
  CHECK(countersOf(bulkhead) == Counters{.executed = 2, .timedOut = 1});
}

TEST_CASE("tryAcquire removes an expired head first and then takes the free permits", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> overdue;
  bulkhead.acquire({.permits = 2}, overdue.permitted());
  ManualClock::advance(1s);
  Permit mine = bulkhead.tryAcquire();
  CHECK(mine);
  CHECK(overdue.open());
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
  CHECK(countersOf(bulkhead) == Counters{.timedOut = 1, .running = 2});
}

TEST_CASE("a new call removes an expired head, lets in the calls behind it and then queues",
          "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> overdue, behind, fresh;
  bulkhead.acquire({.queueTimeout = 1s, .permits = 2}, overdue.permitted());
  bulkhead.acquire({.queueTimeout = 9s}, behind.permitted());
  ManualClock::advance(1s);
  bulkhead.acquire(fresh.permitted());
  CHECK(countersOf(bulkhead) == Counters{.timedOut = 1, .running = 2, .queued = 1});
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
  CHECK((behind.fine() && fresh.open()));
}

TEST_CASE("a raised limit does not save an expired call", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> overdue, inTime;
  bulkhead.acquire(overdue.permitted());
  bulkhead.acquire({.queueTimeout = 2s}, inTime.permitted());
  ManualClock::advance(1s);
  bulkhead.updateConfig({.maxConcurrent = 2});
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
  CHECK(inTime.fine());
}

TEST_CASE("a change of mode does not save an expired call", "[timeout]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> overdue;
  bulkhead.acquire(overdue.permitted());
  ManualClock::advance(1s);
  bulkhead.updateConfig({.mode = mode});
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
}

TEST_CASE("an expired call counts as timed out and not as drained when a drain begins",
          "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> overdue, inTime;
  bulkhead.acquire(overdue.permitted());
  bulkhead.acquire({.queueTimeout = 2s}, inTime.permitted());
  ManualClock::advance(1s);
  bulkhead.drain([](net::error_code) {});
  stage.settle();
  CHECK(overdue.is(Errc::queueTimeout));
  CHECK(inTime.is(Errc::draining));
  CHECK(countersOf(bulkhead) == Counters{.timedOut = 1, .drained = 1, .running = 1});
}

TEST_CASE("a head that times out lets in the calls behind it that fit", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> head, behind;
  bulkhead.acquire({.queueTimeout = 1s, .permits = 2}, head.permitted());
  bulkhead.acquire(behind.permitted());
  stage.advance(1s);
  CHECK(head.is(Errc::queueTimeout));
  CHECK(behind.fine());
  CHECK(hold);
}

TEST_CASE("a call that timed out has left its place in the queue", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second, third;
  bulkhead.acquire(first.permitted());
  bulkhead.acquire(second.permitted());
  stage.advance(1s);
  bulkhead.acquire(third.permitted());
  CHECK(bulkhead.stats().queued == 1);
  hold.release();
  stage.settle();
  CHECK((first.is(Errc::queueTimeout) && second.is(Errc::queueFull) && third.fine()));
}

// --- the timer -----------------------------------------------------------------------------------

TEST_CASE("the timer keeps no context alive after the last waiting call", "[timeout]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead;
  bulkhead.emplace(stage.io,
                   bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 2, .queueTimeout = 10s});
  enum class End {
    granted,
    acquired,
    timedOut,
    drained,
    cancelled,
    dropped,
    resized,
    tooHeavy,
    observed,
    off,
    destroyed
  };
  const End end =
      GENERATE(End::granted, End::acquired, End::timedOut, End::drained, End::cancelled,
               End::dropped, End::resized, End::tooHeavy, End::observed, End::off, End::destroyed);
  // One of the permits is held for much longer than any call waits.
  Permit longHeld = bulkhead->tryAcquire();
  Permit hold = bulkhead->tryAcquire();
  net::cancellation_signal signal;
  Ending<> ending;
  if (end == End::acquired) {
    bulkhead->acquire(ending.permitted());
  } else {
    bulkhead->execute([] {}, {.permits = end == End::tooHeavy ? 2U : 1U},
                      net::bind_cancellation_slot(signal.slot(), ending.plain()));
  }
  CHECK_FALSE(stage.isIdle());
  switch (end) {
    case End::granted:
    case End::acquired:
      hold.release();
      break;
    case End::timedOut:
      ManualClock::advance(10s);
      break;
    case End::drained:
      bulkhead->drain(0s, [](net::error_code) {});
      break;
    case End::cancelled:
      signal.emit(net::cancellation_type::total);
      break;
    case End::dropped:
      bulkhead->drain([](net::error_code) {});
      bulkhead->resume();
      break;
    case End::resized:
      bulkhead->updateConfig({.maxConcurrent = 3});
      break;
    case End::tooHeavy:
      bulkhead->updateConfig({.maxConcurrent = 1});
      break;
    case End::observed:
      bulkhead->updateConfig({.mode = Mode::observe});
      break;
    case End::off:
      bulkhead->updateConfig({.mode = Mode::off});
      break;
    case End::destroyed:
      bulkhead.reset();
      break;
  }
  CHECK(stage.isIdle());
  CHECK(ending.times == 1);
  CHECK(longHeld);
}

TEST_CASE("a drain leaves no timer behind, however it ends", "[timeout]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead;
  bulkhead.emplace(stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead->tryAcquire();
  net::cancellation_signal signal;
  Ending<> drained;
  bulkhead->drain(10s, net::bind_cancellation_slot(signal.slot(), drained.coded()));
  CHECK_FALSE(stage.isIdle());
  SECTION("the drain is cancelled") { signal.emit(net::cancellation_type::total); }
  SECTION("the drain is aborted by resume()") { bulkhead->resume(); }
  SECTION("the bulkhead is destroyed") { bulkhead.reset(); }
  SECTION("the drain completes") { hold.release(); }
  CHECK(stage.isIdle());
  CHECK(drained.times == 1);
}

TEST_CASE("a timer is set only for calls with a time limit", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> patient, hurried;
  bulkhead.acquire({.queueTimeout = noTimeout}, patient.permitted());
  bulkhead.acquire({.queueTimeout = 10s},
                   net::bind_cancellation_slot(signal.slot(), hurried.permitted()));
  signal.emit(net::cancellation_type::total);
  stage.settle();
  CHECK(hurried.is(net::error::operation_aborted));
  const auto before = ManualClock::readings();
  for (int i = 0; i < 10; ++i) stage.settle();
  CHECK(ManualClock::readings() == before);  // a context with a timer reads the clock
}

TEST_CASE("a semaphore that has granted a permit leaves no timer set", "[timeout]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "files", .permits = 2, .acquireTimeout = 10s}};
  Permit longHeld = semaphore.tryAcquire();
  Permit hold = semaphore.tryAcquire();
  Ending<> first;
  semaphore.acquire(first.permitted());
  hold.release();
  stage.settle();
  REQUIRE(first.fine());
  CHECK(stage.isIdle());
}

TEST_CASE("calls that queue and are granted in time do not touch the timer", "[timeout]") {
  // Two calls compete for one permit, so the queue is empty after every grant.
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10s}};
  const bool acquires = GENERATE(false, true);
  int left = 1000;
  std::function<void()> call;
  if (acquires) {
    call = [&] {
      if (left-- <= 0) return;
      bulkhead.acquire([&](net::error_code, Permit permit) {
        permit.release();
        call();
      });
    };
  } else {
    call = [&] {
      if (left-- > 0) bulkhead.execute([] {}, [&](std::exception_ptr) { call(); });
    };
  }
  call();
  call();
  // At most one handler a call, and those of the final cancellation of the timer.
  CHECK(stage.settle() <= 1000 + 3);
  CHECK(bulkhead.stats().executed == 1000);
  CHECK(bulkhead.stats().waitTime.count() > 900);
  CHECK(stage.isIdle());
}

TEST_CASE("no timer is created for calls that need none", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = noTimeout}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> forever, full;
  bulkhead.acquire(forever.permitted());
  bulkhead.acquire({.queueTimeout = 0s}, full.permitted());
  stage.settle();
  const auto before = ManualClock::readings();
  for (int i = 0; i < 10; ++i) stage.settle();
  CHECK(ManualClock::readings() == before);  // a context with a timer reads the clock
  Ending<> finite;
  bulkhead.acquire({.queueTimeout = 1s}, finite.permitted());
  stage.settle();
  CHECK(ManualClock::readings() > before);
}

TEST_CASE("the timer is set again for a second timeout", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < 5; ++i) {
    Ending<> ending;
    bulkhead.acquire(ending.permitted());
    stage.advance(1s - 1ns);
    CHECK(ending.open());
    stage.advance(1ns);
    CHECK(ending.is(Errc::queueTimeout));
  }
  hold.release();
  CHECK(stage.isIdle());
}

TEST_CASE("an earlier deadline that is added later expires in time", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> later, sooner;
  bulkhead.acquire(later.permitted());
  stage.advance(1s);
  bulkhead.acquire({.queueTimeout = 1s}, sooner.permitted());
  stage.advance(1s);
  CHECK(sooner.is(Errc::queueTimeout));
  CHECK(later.open());
  stage.advance(8s);
  CHECK(later.is(Errc::queueTimeout));
}

TEST_CASE("the deadline of a call that left early does not delay the next one", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> granted, next;
  bulkhead.acquire(granted.permitted());
  stage.advance(500ms);
  bulkhead.acquire(next.permitted());
  hold.release();
  stage.advance(500ms);  // the deadline of the first call
  CHECK(granted.fine());
  CHECK(next.open());
  stage.advance(500ms - 1ns);
  CHECK(next.open());
  stage.advance(1ns);
  CHECK(next.is(Errc::queueTimeout));
}

TEST_CASE("a handler of a timeout may start the next call and see its timeout too", "[timeout]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> second;
  bulkhead.execute([] {}, [&](std::exception_ptr) { bulkhead.execute([] {}, second.plain()); });
  stage.advance(1s);
  CHECK(second.open());
  CHECK(bulkhead.stats().queued == 1);
  stage.advance(1s);
  CHECK(second.is(Errc::queueTimeout));
}

TEST_CASE("a coarse clock makes no timeout early", "[timeout]") {
  Stage stage;
  bulwark::Bulkhead<net::any_io_executor, CoarseClock> bulkhead(
      stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1500us});
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  stage.advance(1999us);
  CHECK(ending.open());
  stage.advance(1us);
  CHECK(ending.is(Errc::queueTimeout));
}

TEST_CASE("a clock may start anywhere, also before its epoch", "[timeout]") {
  Stage stage;
  const auto start = GENERATE(nanoseconds(-1h), nanoseconds(-1s), nanoseconds(0), nanoseconds(1));
  ManualClock::reset(start);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending, forever;
  bulkhead.acquire(ending.permitted());
  bulkhead.acquire({.queueTimeout = noTimeout}, forever.permitted());
  stage.advance(1s - 1ns);
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
  stage.advance(2h);
  CHECK(forever.open());
  hold.release();
  CHECK(bulkhead.stats().executionTime.max() == 2h + 1s);
  stage.settle();
  CHECK(forever.fine());
  CHECK(bulkhead.stats().waitTime.max() == 2h + 1s);
}

TEST_CASE("a timeout still occurs when an executor drops the timer's completion", "[timeout]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(
      executor, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s});
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  stage.settle();
  probe->dropOnly = probe->asked.load();
  stage.advance(1s);
  CHECK(probe->asked.load() >
        probe->dropOnly.load());  // the completion was dropped, and the timer set again
  CHECK(ending.is(Errc::queueTimeout));
}
