// Every operation of the event queue that can fail does so in turn. An event that is not delivered
// is counted as lost, and nothing else goes wrong.

#include <bulwark/bulkhead.hpp>

#include "faults/world.hpp"

namespace {

using FlakyBulkhead = bulwark::Bulkhead<Flaky, ManualClock>;
using bulwark::BulkheadEvent;
using bulwark::EventKind;

class EventsWorld : public World {
 public:
  EventsWorld() { observe(); }

  void observe() {
    bulkhead.setObserver([this](const BulkheadEvent& event) {
      lost += event.lost;
      if (event.kind == EventKind::saturated || event.kind == EventKind::recovered) {
        CHECK((event.kind == EventKind::saturated) != saturated);
        saturated = !saturated;
      } else if (event.kind == EventKind::drainStarted || event.kind == EventKind::resumed) {
        CHECK((event.kind == EventKind::drainStarted) != draining);
        draining = !draining;
      } else if (event.kind != EventKind::configured) {
        ++notified;
      }
      if (throws) throw injection::Fault();
    });
  }

  Counters counters() const override { return countersOf(bulkhead); }
  void kick() override { bulkhead.updateConfig({}); }
  void checkLife() override {
    CHECK(!saturated);
    CHECK(draining == bulkhead.draining());
    bulkhead.updateConfig({.maxConcurrent = 3});  // its event reports the events lost before
    const Counters now = counters();
    const std::uint64_t refused = now.rejected + now.timedOut + now.cancelled + now.drained;
    bool threw = false;
    for (const Call& call : calls) threw |= call.threw;
    // The event of a call may be delivered before its executor throws and the call is undone.
    CHECK(notified + lost >= refused);
    if (!threw) CHECK(notified + lost == refused);
    CHECK(bulkhead.tryAcquire(3));
  }

  std::uint64_t notified = 0, lost = 0;
  bool saturated = false, draining = false;
  bool throws = false;
  FlakyBulkhead bulkhead{executor,
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 1s}};
  net::cancellation_signal signal;
};

/// One call that runs, one that waits, and two that are refused.
void crowd(EventsWorld& w) {
  for (int i = 0; i < 2; ++i) {
    w.call<AllocatingNote>([&](auto h) { w.bulkhead.execute(Valued(), std::move(h)); });
    w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
  }
}

const Scenario<EventsWorld> scenarios[] = {
    {"calls that may not wait",
     [](EventsWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 1);
       for (int i = 0; i < 3; ++i) {
         w.call([&](auto h) { w.bulkhead.execute(Plain(), {.queueTimeout = 0s}, std::move(h)); });
       }
     },
     Uses::posts},
    {"a full queue",
     [](EventsWorld& w) {
       crowd(w);
       w.settle();
       crowd(w);
     }},
    {"timeouts and cancellations",
     [](EventsWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 1);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.pass(1s);
       w.call([&](auto h) {
         w.bulkhead.execute(Plain(), net::bind_cancellation_slot(w.signal.slot(), std::move(h)));
       });
       w.may([&] { w.signal.emit(net::cancellation_type::terminal); });
     }},
    {"a drain",
     [](EventsWorld& w) {
       crowd(w);
       w.uncounted([&](auto h) { w.bulkhead.drain(std::move(h)); });
       crowd(w);
       w.settle();
       w.bulkhead.resume();
     }},
    {"an observer that throws",
     [](EventsWorld& w) {
       w.throws = true;
       crowd(w);
     }},
};

}  // namespace

TEST_CASE("events for which there is no memory are counted as lost", "[faults]") {
  runAll(scenarios);
}

TEST_CASE("setObserver() without memory keeps the previous observer", "[faults]") {
  injection::Plan::kind = Point::allocation;
  injection::Plan::onwards = true;
  ManualClock::reset();
  for (const bool first : {true, false}) {
    net::io_context io;
    Bulkhead bulkhead(io, {.name = "db"});
    int notified = 0;
    if (!first) bulkhead.setObserver([&](const BulkheadEvent&) { ++notified; });
    bulwark::Observer other = [&notified](const BulkheadEvent&) { notified += 100; };
    injection::Plan::count = 0;
    injection::Plan::failing = 0;
    bool failed = false;
    try {
      const Armed armed;
      bulkhead.setObserver(std::move(other));
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    CHECK(failed);
    bulkhead.updateConfig({.maxConcurrent = 3});
    CHECK(notified == (first ? 0 : 1));
  }
}
