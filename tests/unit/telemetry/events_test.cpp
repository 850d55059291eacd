#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/telemetry/event_queue.hpp>
#include <bulwark/events.hpp>
#include <bulwark/format.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using bulwark::BulkheadEvent;
using bulwark::CompartmentKind;
using bulwark::EventKind;
using Manager = bulwark::BulkheadManager<net::any_io_executor, ManualClock>;

namespace {

using Lines = std::vector<std::string>;

/// An observer that records its events.
struct Notes {
  Lines lines;

  auto taker() {
    return [this](const BulkheadEvent& event) { lines.push_back(fmt::format("{}", event)); };
  }
  /// Returns the events recorded since the previous call.
  Lines news() { return std::exchange(lines, {}); }
};

/// A bulkhead with one permit and room for one waiting call, for one second.
struct Scene : Stage {
  explicit Scene(bulwark::BulkheadConfig config = {.name = "db",
                                                   .maxConcurrent = 1,
                                                   .maxQueueSize = 1,
                                                   .queueTimeout = 1s})
      : bulkhead(io, std::move(config)) {
    bulkhead.setObserver(notes.taker());
  }

  Notes notes;
  Bulkhead bulkhead;
};

bulwark::BulkheadConfig queueless(std::size_t permits = 1) {
  return {.name = "db", .maxConcurrent = permits, .maxQueueSize = 0};
}

}  // namespace

// --- calls that do not run -----------------------------------------------------------------------

TEST_CASE("the event of a rejected call has the numbers of that moment and the time") {
  Stage stage;
  ManualClock::reset(5s);
  Bulkhead bulkhead(stage.io,
                    {.name = "db", .maxConcurrent = 3, .maxQueueSize = 1, .queueTimeout = 1s});
  std::vector<BulkheadEvent> events;
  bulkhead.setObserver([&](const BulkheadEvent& event) { events.push_back(event); });
  const Permit held = bulkhead.tryAcquire(3);
  Ending<> queued, refused;
  bulkhead.execute([] {}, queued.plain());
  bulkhead.execute([] {}, refused.plain());
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == EventKind::saturated);
  CHECK(events[1].kind == EventKind::rejected);
  CHECK(events[1].compartment == CompartmentKind::bulkhead);
  CHECK(events[1].name == "db");
  CHECK(events[1].time == 5s);
  CHECK(events[1].active == 3);
  CHECK(events[1].queued == 1);
  CHECK(events[1].maxConcurrent == 3);
  CHECK(events[1].maxQueueSize == 1);
  CHECK(events[1].lost == 0);
  stage.settle();
  CHECK(refused.is(Errc::queueFull));
}

TEST_CASE("every kind of rejection is reported once") {
  Scene s;
  Permit held = s.bulkhead.tryAcquire();
  Ending<> a, b, c;
  s.bulkhead.execute([] {}, {.queueTimeout = 0s}, a.plain());
  CHECK(s.notes.news() == Lines{"bulkhead db: rejected, active 1/1, queued 0/1"});
  s.bulkhead.acquire({.queueTimeout = -1s}, b.permitted());
  CHECK(s.notes.news() == Lines{"bulkhead db: rejected, active 1/1, queued 0/1"});
  CHECK(!s.bulkhead.tryAcquire());  // no call
  CHECK(s.notes.news().empty());
  s.bulkhead.updateConfig({.maxConcurrent = 2});
  s.notes.news();
  s.bulkhead.execute([] {}, {.permits = 2}, c.plain());
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/2, queued 1/1"});
  s.bulkhead.updateConfig({.maxConcurrent = 1});  // it can never fit again
  CHECK(s.notes.news() == Lines{"bulkhead db: configuration changed, active 1/1, queued 0/1",
                                "bulkhead db: rejected, active 1/1, queued 0/1",
                                "bulkhead db: no longer saturated, active 1/1, queued 0/1"});
  s.settle();
  CHECK(c.is(Errc::queueFull));
  CHECK(s.bulkhead.stats().rejected == 3);
}

TEST_CASE("a call with a wrong weight is not reported") {
  Scene s;
  Ending<> a;
  s.bulkhead.execute([] {}, {.permits = 2}, a.plain());
  s.settle();
  CHECK(a.times == 1);
  CHECK(s.notes.news().empty());
}

TEST_CASE("a timeout is reported by the timer and by an earlier decision about the queue") {
  Scene s;
  Permit held = s.bulkhead.tryAcquire();
  Ending<> a, b;
  s.bulkhead.execute([] {}, a.plain());
  s.notes.news();
  s.advance(1s);
  CHECK(s.notes.news() == Lines{"bulkhead db: timed out, active 1/1, queued 0/1",
                                "bulkhead db: no longer saturated, active 1/1, queued 0/1"});
  s.bulkhead.execute([] {}, b.plain());
  s.notes.news();
  ManualClock::advance(1s);
  held.release();
  CHECK(s.notes.news() == Lines{"bulkhead db: timed out, active 0/1, queued 0/1",
                                "bulkhead db: no longer saturated, active 0/1, queued 0/1"});
}

TEST_CASE("a call that is cancelled while it waits is reported") {
  Scene s;
  const Permit held = s.bulkhead.tryAcquire();
  Ending<> a;
  net::cancellation_signal signal;
  s.bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), a.plain()));
  s.notes.news();
  signal.emit(net::cancellation_type::total);
  CHECK(s.notes.news() == Lines{"bulkhead db: cancelled, active 1/1, queued 0/1",
                                "bulkhead db: no longer saturated, active 1/1, queued 0/1"});
}

TEST_CASE("a call that its executor drops is reported as cancelled") {
  Notes notes;
  std::optional<Bulkhead> bulkhead;
  {
    net::io_context io;
    bulkhead.emplace(io, queueless());
    bulkhead->setObserver(notes.taker());
    bulkhead->execute([] {}, [](std::exception_ptr) {});
    CHECK(notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
  }
  CHECK(notes.news() == Lines{"bulkhead db: cancelled, active 1/1, queued 0/0",
                              "bulkhead db: no longer saturated, active 0/1, queued 0/0"});
}

TEST_CASE("the end of the context reports its calls as cancelled") {
  Notes notes;
  std::optional<Bulkhead> bulkhead;
  std::optional<net::io_context> io(std::in_place);
  bulkhead.emplace(*io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  bulkhead->setObserver(notes.taker());
  const Permit held = bulkhead->tryAcquire();
  bulkhead->execute([] {}, [](std::exception_ptr) {});
  notes.news();
  io.reset();
  CHECK(notes.news() == Lines{"bulkhead db: cancelled, active 1/1, queued 0/50",
                              "bulkhead db: no longer saturated, active 1/1, queued 0/50"});
}

TEST_CASE("a drain is reported first, then each call that it fails or refuses, but not its end") {
  Scene s;
  Permit held = s.bulkhead.tryAcquire();
  Ending<> a, b, drained;
  s.bulkhead.execute([] {}, a.plain());
  s.notes.news();
  s.bulkhead.drain(drained.coded());
  CHECK(s.notes.news() == Lines{"bulkhead db: drain started, active 1/1, queued 0/1",
                                "bulkhead db: drained, active 1/1, queued 0/1",
                                "bulkhead db: no longer saturated, active 1/1, queued 0/1"});
  s.bulkhead.execute([] {}, b.plain());
  CHECK(s.notes.news() == Lines{"bulkhead db: drained, active 1/1, queued 0/1"});
  held.release();
  s.settle();
  CHECK(drained.fine());
  CHECK(s.notes.news().empty());
  s.bulkhead.resume();
  CHECK(s.notes.news() == Lines{"bulkhead db: resumed, active 0/1, queued 0/1"});
}

TEST_CASE("draining and resuming are reported once, however often they are requested") {
  Scene s;
  const auto drain = [&] { s.bulkhead.drain([](net::error_code) {}); };
  s.bulkhead.resume();
  CHECK(s.notes.news().empty());
  drain();
  CHECK(s.notes.news() == Lines{"bulkhead db: drain started, active 0/1, queued 0/1"});
  drain();
  s.bulkhead.drain(0s, [](net::error_code) {});
  CHECK(s.notes.news().empty());
  s.bulkhead.resume();
  CHECK(s.notes.news() == Lines{"bulkhead db: resumed, active 0/1, queued 0/1"});
  s.bulkhead.resume();
  CHECK(s.notes.news().empty());
  drain();
  CHECK(s.notes.news() == Lines{"bulkhead db: drain started, active 0/1, queued 0/1"});
}

TEST_CASE("a drain is reported in every mode and for a semaphore") {
  Scene s;
  s.bulkhead.updateConfig({.mode = GENERATE(Mode::enforce, Mode::observe, Mode::off)});
  s.notes.news();
  s.bulkhead.drain([](net::error_code) {});
  CHECK(s.notes.news() == Lines{"bulkhead db: drain started, active 0/1, queued 0/1"});
  Semaphore semaphore(s.io, {.name = "cpu", .permits = 2});
  semaphore.setObserver(s.notes.taker());
  semaphore.drain([](net::error_code) {});
  semaphore.resume();
  CHECK(s.notes.news() == Lines{"semaphore cpu: drain started, active 0/2, queued 0/unlimited",
                                "semaphore cpu: resumed, active 0/2, queued 0/unlimited"});
}

TEST_CASE("an observer that is set during a drain is notified of the drain first") {
  Scene s;
  s.bulkhead.drain([](net::error_code) {});
  s.notes.news();
  s.bulkhead.setObserver(s.notes.taker());
  CHECK(s.notes.news() == Lines{"bulkhead db: drain started, active 0/1, queued 0/1"});
}

TEST_CASE("neither destruction nor the end of the context begins or ends a drain") {
  Notes notes;
  const bool drains = GENERATE(false, true);
  auto io = std::make_optional<net::io_context>();
  auto bulkhead = std::make_optional<Bulkhead>(*io, queueless());
  bulkhead->setObserver(notes.taker());
  if (drains) bulkhead->drain([](net::error_code) {});
  notes.news();
  if (GENERATE(false, true)) io.reset();
  bulkhead.reset();
  CHECK(notes.news().empty());
}

TEST_CASE("destroying a bulkhead reports the calls that it fails and nothing afterwards") {
  Stage stage;
  Notes notes;
  Permit held;
  Ending<> a;
  {
    Bulkhead bulkhead(stage.io, {.name = "db", .maxConcurrent = 1});
    bulkhead.setObserver(notes.taker());
    held = bulkhead.tryAcquire();
    bulkhead.execute([] {}, a.plain());
    notes.news();
  }
  CHECK(notes.news() == Lines{"bulkhead db: cancelled, active 1/1, queued 0/50",
                              "bulkhead db: no longer saturated, active 1/1, queued 0/50"});
  stage.settle();
  held.release();
  CHECK(notes.news().empty());
}

TEST_CASE("a semaphore reports blocked threads and asynchronous calls") {
  Stage stage;
  Notes notes;
  Semaphore semaphore(stage.io, {.name = "cpu", .permits = 1, .maxQueueSize = 0});
  semaphore.setObserver(notes.taker());
  semaphore.withPermit([&] {
    CHECK(notes.news() == Lines{"semaphore cpu: saturated, active 1/1, queued 0/0"});
    CHECK_THROWS_AS(semaphore.acquire(), bulwark::BulkheadRejectedError);
    CHECK(notes.news() == Lines{"semaphore cpu: rejected, active 1/1, queued 0/0"});
    Ending<> a;
    semaphore.acquire(a.permitted());
    CHECK(notes.news() == Lines{"semaphore cpu: rejected, active 1/1, queued 0/0"});
    stage.settle();
  });
  CHECK(notes.news() == Lines{"semaphore cpu: no longer saturated, active 0/1, queued 0/0"});
}

TEST_CASE("a semaphore reports the timeout of a blocked thread") {
  net::io_context io;
  Notes notes;
  bulwark::SemaphoreBulkhead semaphore(io, {.name = "cpu", .permits = 1});
  semaphore.setObserver(notes.taker());
  const Permit held = semaphore.tryAcquire();
  CHECK_THROWS_AS(semaphore.acquire({.timeout = 1ns}), bulwark::BulkheadTimeoutError);
  CHECK(notes.news() ==
        Lines{"semaphore cpu: saturated, active 1/1, queued 1/unlimited",
              "semaphore cpu: timed out, active 1/1, queued 0/unlimited",
              "semaphore cpu: no longer saturated, active 1/1, queued 0/unlimited"});
}

// --- saturation ----------------------------------------------------------------------------------

TEST_CASE("a bulkhead with a queue is saturated while calls wait") {
  Scene s;
  Permit held = s.bulkhead.tryAcquire();
  CHECK(s.notes.news().empty());  // full, and the next call may wait
  Ending<> a;
  s.bulkhead.execute([] {}, a.plain());
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 1/1"});
  held.release();
  CHECK(s.notes.news() == Lines{"bulkhead db: no longer saturated, active 1/1, queued 0/1"});
  s.settle();
  CHECK(a.fine());
  CHECK(s.notes.news().empty());
}

TEST_CASE(
    "a bulkhead without a queue is saturated while no permit is free, however they were acquired") {
  Scene s(queueless(2));
  const Lines full{"bulkhead db: saturated, active 2/2, queued 0/0"};
  const Lines free{"bulkhead db: no longer saturated, active 1/2, queued 0/0"};
  const Permit first = s.bulkhead.tryAcquire();
  CHECK(s.notes.news().empty());

  Permit second = s.bulkhead.tryAcquire();
  CHECK(s.notes.news() == full);
  second.release();
  CHECK(s.notes.news() == free);

  Ending<> a;
  s.bulkhead.execute([] {}, a.plain());
  CHECK(s.notes.news() == full);
  s.settle();
  CHECK(s.notes.news() == free);

  Ending<> b;
  s.bulkhead.acquire(b.permitted());
  CHECK(s.notes.news() == full);
  s.settle();
  CHECK(s.notes.news().empty());
  b.permit.release();
  CHECK(s.notes.news() == free);

  net::co_spawn(
      s.io,
      [&]() -> net::awaitable<void> {
        const Permit third = co_await s.bulkhead.acquire(net::use_awaitable);
        CHECK(s.notes.news() == full);
      },
      [](std::exception_ptr) {});
  s.settle();
  CHECK(s.notes.news() == free);
}

TEST_CASE("saturation follows changes of limits, queue, timeout and mode") {
  Scene s(queueless(2));
  const Permit held = s.bulkhead.tryAcquire(2);
  s.notes.news();
  const auto change = [&](const bulwark::BulkheadOverrides& overrides) {
    s.bulkhead.updateConfig(overrides);
    Lines news = s.notes.news();
    REQUIRE(!news.empty());
    CHECK(news.front().find("configuration changed") != std::string::npos);
    return Lines(news.begin() + 1, news.end());
  };
  CHECK(change({.maxConcurrent = 3}) ==
        Lines{"bulkhead db: no longer saturated, active 2/3, queued 0/0"});
  CHECK(change({.maxConcurrent = 1}) == Lines{"bulkhead db: saturated, active 2/1, queued 0/0"});
  CHECK(change({.maxQueueSize = 1}) ==
        Lines{"bulkhead db: no longer saturated, active 2/1, queued 0/1"});
  CHECK(change({.queueTimeout = 0s}) == Lines{"bulkhead db: saturated, active 2/1, queued 0/1"});
  CHECK(change({.mode = Mode::observe}) ==
        Lines{"bulkhead db: no longer saturated, active 2/1, queued 0/1"});
  CHECK(change({.mode = Mode::off}).empty());
  CHECK(change({.mode = Mode::enforce}) == Lines{"bulkhead db: saturated, active 2/1, queued 0/1"});
}

TEST_CASE("saturation depends on permits while there is no queue, and on waiting calls otherwise") {
  Scene s;
  s.bulkhead.updateConfig({.maxQueueSize = 0});
  CHECK(s.notes.news() == Lines{"bulkhead db: configuration changed, active 0/1, queued 0/0"});
  Permit held = s.bulkhead.tryAcquire();
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
  held.release();
  CHECK(s.notes.news() == Lines{"bulkhead db: no longer saturated, active 0/1, queued 0/0"});
  s.bulkhead.updateConfig({.maxQueueSize = 1});
  s.notes.news();
  held = s.bulkhead.tryAcquire();
  CHECK(s.notes.news().empty());
}

TEST_CASE("modes observe and off refuse no call and report no event") {
  for (const Mode mode : {Mode::observe, Mode::off}) {
    Scene s({.name = "db", .maxConcurrent = 1, .maxQueueSize = 0, .mode = mode});
    Ending<> a, b;
    s.bulkhead.execute([] {}, a.plain());
    s.bulkhead.execute([] {}, b.plain());
    s.settle();
    CHECK(b.fine());
    CHECK(s.notes.news().empty());
  }
}

// --- the configuration ---------------------------------------------------------------------------

TEST_CASE(
    "a changed configuration is reported with the new limits, and an update without a change is "
    "not") {
  Scene s;
  s.bulkhead.updateConfig({.maxConcurrent = 7});
  CHECK(s.notes.news() == Lines{"bulkhead db: configuration changed, active 0/7, queued 0/1"});
  s.bulkhead.updateConfig({.maxConcurrent = 7});
  s.bulkhead.updateConfig({});
  CHECK(s.notes.news().empty());
  CHECK_THROWS_AS(s.bulkhead.updateConfig({.maxConcurrent = 0}), bulwark::ConfigError);
  CHECK(s.notes.news().empty());
  for (const bulwark::BulkheadOverrides& change :
       {bulwark::BulkheadOverrides{.queueTimeout = 3s}, {.mode = Mode::observe}}) {
    s.bulkhead.updateConfig(change);
    CHECK(s.notes.news().size() == 1);
  }
}

// --- the observer --------------------------------------------------------------------------------

TEST_CASE("an exception from an observer changes no result and costs no permit") {
  Scene s;
  int notified = 0;
  s.bulkhead.setObserver([&](const BulkheadEvent&) {
    ++notified;
    throw std::runtime_error("observer");
  });
  Permit held = s.bulkhead.tryAcquire();
  Ending<> queued, refused;
  s.bulkhead.execute([] {}, queued.plain());
  s.bulkhead.execute([] {}, refused.plain());
  held.release();
  s.settle();
  CHECK(queued.fine());
  CHECK(refused.is(Errc::queueFull));
  CHECK(notified == 3);
  CHECK(s.bulkhead.tryAcquire());
}

TEST_CASE("an observer may use the bulkhead, and events that it causes follow after it returns") {
  Scene s(queueless());
  Ending<> again;
  int depth = 0;
  Lines notified;
  s.bulkhead.setObserver([&](const BulkheadEvent& event) {
    CHECK(++depth == 1);
    notified.push_back(fmt::format("{}", event.kind));
    if (event.kind == EventKind::saturated) {
      CHECK(s.bulkhead.stats().active == 1);
      s.bulkhead.execute([] {}, again.plain());  // rejected
      s.bulkhead.updateConfig({.maxConcurrent = 2});
    }
    --depth;
  });
  const Permit held = s.bulkhead.tryAcquire();
  CHECK(notified == Lines{"saturated", "rejected", "configuration changed", "no longer saturated"});
  s.settle();
  CHECK(again.is(Errc::queueFull));
}

TEST_CASE("an observer is notified after the admitted calls have been woken") {
  Scene s;
  Permit held = s.bulkhead.tryAcquire();
  Ending<> waits;
  s.bulkhead.execute([] {}, waits.plain());
  s.bulkhead.setObserver([&](const BulkheadEvent& event) {
    // If it ran earlier, the admitted call would not have been handed to the executor yet.
    if (event.kind == EventKind::recovered) s.settle();
  });
  held.release();
  CHECK(waits.fine());
}

TEST_CASE("a removed observer is not notified again, even if it removed itself") {
  Scene s(queueless());
  Permit held = s.bulkhead.tryAcquire();
  s.notes.news();
  s.bulkhead.setObserver({});
  held.release();
  s.bulkhead.updateConfig({.maxConcurrent = 2});
  CHECK(s.notes.news().empty());

  int notified = 0;
  s.bulkhead.setObserver([&, alive = std::make_shared<int>(1)](const BulkheadEvent&) {
    ++notified;
    s.bulkhead.updateConfig({.maxConcurrent = 4});  // one more event
    s.bulkhead.setObserver({});
    CHECK(*alive == 1);  // an observer that runs is not destroyed
  });
  s.bulkhead.updateConfig({.maxConcurrent = 3});
  CHECK(notified == 1);
}

TEST_CASE("an observer is destroyed when it is replaced and with the bulkhead") {
  Stage stage;
  const auto token = std::make_shared<int>();
  {
    Bulkhead bulkhead(stage.io, queueless());
    bulkhead.setObserver([token](const BulkheadEvent&) {});
    CHECK(token.use_count() == 2);
    bulkhead.setObserver([](const BulkheadEvent&) {});
    CHECK(token.use_count() == 1);
    bulkhead.setObserver([token](const BulkheadEvent&) {});
  }
  CHECK(token.use_count() == 1);
}

TEST_CASE("the captures of an observer are destroyed under no lock") {
  Scene s;
  struct UsesBulkhead {
    Bulkhead& bulkhead;
    ~UsesBulkhead() { bulkhead.updateConfig({.maxConcurrent = 4}); }
  };
  // The observer replaces itself and is destroyed after it returns.
  s.bulkhead.setObserver([&, end = std::make_shared<UsesBulkhead>(s.bulkhead)](
                             const BulkheadEvent&) { s.bulkhead.setObserver(s.notes.taker()); });
  s.bulkhead.updateConfig({.maxConcurrent = 3});
  CHECK(s.notes.news() == Lines{"bulkhead db: configuration changed, active 0/4, queued 0/1"});
}

TEST_CASE("a new observer of a saturated bulkhead is first notified of the saturation") {
  Scene s(queueless());
  s.bulkhead.setObserver({});
  const Permit held = s.bulkhead.tryAcquire();
  CHECK(s.notes.news().empty());
  s.bulkhead.setObserver(s.notes.taker());
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
  s.bulkhead.setObserver(s.notes.taker());
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
}

TEST_CASE("events beyond the backlog are lost and counted in the next event") {
  Scene s({.name = "db", .maxConcurrent = 1, .maxQueueSize = 5000});
  Permit held = s.bulkhead.tryAcquire();
  for (int i = 0; i < 5000; ++i) s.bulkhead.execute([] {}, [](std::exception_ptr) {});
  std::uint64_t drained = 0, lost = 0;
  bool recovered = false;
  s.bulkhead.setObserver([&](const BulkheadEvent& event) {
    lost += event.lost;
    if (event.kind == EventKind::drained) ++drained;
    if (event.kind == EventKind::recovered) recovered = true;
  });
  s.bulkhead.drain([](net::error_code) {});
  CHECK(drained == 4095);  // and one event that the drain has started
  CHECK(lost == 905);
  CHECK(recovered);  // saturation is not lost
}

TEST_CASE("the clock is read for events only while an observer is set") {
  Scene s(queueless());
  s.bulkhead.setObserver({});
  const Permit held = s.bulkhead.tryAcquire();
  const auto before = ManualClock::readings();
  Ending<> a;
  s.bulkhead.execute([] {}, a.plain());
  CHECK(ManualClock::readings() == before);
  s.settle();
}

namespace {

/// A clock that calls `whenRead` when it is read.
struct BusyClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BusyClock>;
  [[maybe_unused]] static constexpr bool is_steady = true;

  static time_point now() noexcept {
    if (auto once = std::exchange(whenRead, nullptr)) once();
    return time_point(1s);
  }

  static inline std::function<void()> whenRead;
};

}  // namespace

TEST_CASE("the clock is read for an event under no lock") {
  net::io_context io;
  Notes notes, other;
  const bool edge = GENERATE(false, true);
  bulwark::Bulkhead<net::any_io_executor, BusyClock> bulkhead(
      io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = edge ? 0U : 9U});
  bulkhead.setObserver(notes.taker());
  const auto readNext = [&] { bulkhead.setObserver(other.taker()); };
  if (edge) BusyClock::whenRead = readNext;
  const Permit held = bulkhead.tryAcquire();
  if (edge) {
    CHECK(other.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
  } else {
    Ending<> refused;
    BusyClock::whenRead = readNext;
    bulkhead.execute([] {}, {.queueTimeout = 0s}, refused.plain());
    CHECK(other.news() == Lines{"bulkhead db: rejected, active 1/1, queued 0/9"});
  }
  CHECK(notes.news().empty());
}

// --- observers of a manager ----------------------------------------------------------------------

namespace {

struct ManagerScene : Stage {
  Notes notes;
  Manager manager{io,
                  {.defaults = {.maxConcurrent = 1, .maxQueueSize = 0},
                   .semaphores = {{"cpu", 1}},
                   .semaphoreTimeout = 1s}};
};

}  // namespace

TEST_CASE("the observer of a manager sees events of existing and of later objects") {
  ManagerScene s;
  const Permit early = s.manager.bulkhead("early").tryAcquire();
  s.manager.setObserver(s.notes.taker());
  CHECK(s.notes.news() == Lines{"bulkhead early: saturated, active 1/1, queued 0/0"});
  const Permit late = s.manager.bulkhead("late").tryAcquire();
  CHECK(s.notes.news() == Lines{"bulkhead late: saturated, active 1/1, queued 0/0"});
  auto& own = s.manager.addSemaphore({.name = "own", .permits = 1, .maxQueueSize = 0});
  const Permit held = own.tryAcquire();
  CHECK(s.notes.news() == Lines{"semaphore own: saturated, active 1/1, queued 0/0"});
  s.manager.setObserver({});
  s.manager.setMode(Mode::off);
  const Permit after = s.manager.bulkhead("after").tryAcquire();
  CHECK(s.notes.news().empty());
}

TEST_CASE("the observer that was set last wins, whether on one bulkhead or on the manager") {
  ManagerScene s;
  Notes own;
  s.manager.setObserver(s.notes.taker());
  s.manager.bulkhead("db").setObserver(own.taker());
  Permit held = s.manager.bulkhead("db").tryAcquire();
  CHECK(s.notes.news().empty());
  CHECK(own.news().size() == 1);
  s.manager.setObserver(s.notes.taker());
  CHECK(s.notes.news().size() == 1);
  CHECK(own.news().empty());
}

TEST_CASE("a call refused by a semaphore is reported by both with the same cause") {
  ManagerScene s;
  s.manager.setObserver(s.notes.taker());
  s.manager.updateConfig("db", {.maxQueueSize = 9});
  s.manager.bulkhead("db");
  Permit cpu = s.manager.semaphore("cpu")->tryAcquire();
  s.notes.news();
  Ending<> atOnce, late;
  s.manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, atOnce.plain());
  CHECK(s.notes.news() == Lines{"semaphore cpu: rejected, active 1/1, queued 0/unlimited",
                                "bulkhead db: rejected, active 1/1, queued 0/9"});
  s.manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, late.plain());
  CHECK(s.notes.news() == Lines{"semaphore cpu: saturated, active 1/1, queued 1/unlimited"});
  s.advance(1s);
  CHECK(s.notes.news() ==
        Lines{"bulkhead db: timed out, active 1/1, queued 0/9",
              "semaphore cpu: timed out, active 1/1, queued 0/unlimited",
              "semaphore cpu: no longer saturated, active 1/1, queued 0/unlimited"});
  CHECK(late.is(Errc::queueTimeout));
}

TEST_CASE("a manager notifies without its mutex, so an observer may change the configuration") {
  ManagerScene s;
  const Permit held = s.manager.bulkhead("db").tryAcquire();
  s.manager.setObserver([&](const BulkheadEvent& event) {
    s.notes.taker()(event);
    // Both of these lock the mutex.
    if (event.kind == EventKind::configured) s.manager.updateConfig("db", {.maxConcurrent = 3});
    if (event.kind == EventKind::saturated) s.manager.bulkhead("new");
  });
  CHECK(s.notes.news() == Lines{"bulkhead db: saturated, active 1/1, queued 0/0"});
  s.manager.updateConfig("db", {.maxConcurrent = 2});
  CHECK(s.notes.news() == Lines{"bulkhead db: configuration changed, active 1/2, queued 0/0",
                                "bulkhead db: no longer saturated, active 1/2, queued 0/0",
                                "bulkhead db: configuration changed, active 1/3, queued 0/0"});
  s.manager.setMode(Mode::observe);
  CHECK(s.notes.news().size() == 3);  // db, new and cpu
  s.manager.apply(
      {.defaults = {.maxConcurrent = 1, .maxQueueSize = 0}, .semaphores = {{"cpu", 1}}});
  CHECK(s.manager.bulkhead("db").config().maxConcurrent == 3);
  s.notes.news();
  Ending<> refused, drained;
  s.manager.drainAll(drained.coded());
  CHECK(s.notes.news().size() == 3);  // of db, new and cpu
  s.manager.execute(
      "first used now", [] {}, refused.plain());
  CHECK(s.notes.news() == Lines{"bulkhead first used now: drain started, active 0/1, queued 0/0",
                                "bulkhead first used now: drained, active 0/1, queued 0/0"});
  s.manager.resumeAll();
}

TEST_CASE("an observer that only a bulkhead held is destroyed without the manager's mutex") {
  ManagerScene s;
  struct UsesManager {
    Manager& manager;
    ~UsesManager() { manager.bulkhead("from the destructor"); }
  };
  s.manager.bulkhead("db").setObserver(
      [end = std::make_shared<UsesManager>(s.manager)](const BulkheadEvent&) {});
  s.manager.setObserver(s.notes.taker());
  CHECK(s.manager.stats().bulkheads.contains("from the destructor"));
}
