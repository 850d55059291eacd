#include "support/rate_stage.hpp"

#include <memory>

namespace {

constexpr Instant century = 24h * 366 * 100;

}  // namespace

// --- calls that do not wait ----------------------------------------------------------------------

TEST_CASE("10 a second with a burst of 3: three pass at once, the fourth in exactly 100 ms",
          "[rate]") {
  RateCore core(rate(10, 1s, 3));
  CHECK(core.retryAfter() == 0ns);
  CHECK(core.take());
  CHECK(core.take());
  CHECK(core.take());
  CHECK(core.retryAfter() == 100ms);
  CHECK_FALSE(core.take());
  core.now += 99'999'999ns;
  CHECK(core.retryAfter() == 1ns);
  CHECK_FALSE(core.take());
  core.now += 1ns;
  CHECK(core.retryAfter() == 0ns);
  CHECK(core.take());
  CHECK_FALSE(core.take());
}

TEST_CASE("a refused call says when it would be granted, and takes nothing", "[rate]") {
  RateCore core(rate(10, 1s, 3));
  REQUIRE(core.take(3));
  for (int i = 0; i < 5; ++i) {
    const Turn turn = core.tryEnter(2);
    CHECK(turn.verdict == Verdict::rejected);
    CHECK(turn.retryAfter == 200ms);
  }
  core.now += 200ms;
  CHECK(core.tryEnter(2).verdict == Verdict::granted);
}

TEST_CASE("weights from 1 to the burst are granted, others are invalid", "[rate]") {
  RateCore core(rate(10, 1s, 3));
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
  CHECK(core.tryEnter(4).verdict == Verdict::invalid);
  CHECK(core.tryEnter(unlimited).verdict == Verdict::invalid);
  CHECK_FALSE(core.take(0));
  CHECK_FALSE(core.take(4));
  CHECK(core.retryAfter(0) == never);
  CHECK(core.retryAfter(4) == never);
  CHECK(core.available() == 3);
  CHECK(core.take(2));
  CHECK(core.available() == 1);
  CHECK_FALSE(core.take(2));
  CHECK(core.take(1));
  CHECK(core.available() == 0);
  core.now += 250ms;
  CHECK(core.available() == 2);
}

TEST_CASE("an idle limiter has its burst and not more", "[rate]") {
  RateCore core(rate(10, 1s, 3));
  core.now += 24h;
  CHECK(core.take(3));
  CHECK_FALSE(core.take());
  CHECK(core.retryAfter() == 100ms);
}

TEST_CASE("the word is good for 100 idle years, at both ends of the clock", "[rate]") {
  struct Row {
    Instant start;
    RateLimits limits;
  };
  const Row row = GENERATE(Row{0ns, rate(1, Instant(1LL << 62), 2)},
                           Row{Instant::min(), rate(1, 1ns, 1ULL << 63)},
                           Row{Instant::max() - century - 1s, rate(3, 1s, 1000)},
                           Row{-century / 2, rate(1, Instant::max())});
  RateCore core(row.limits, row.start);
  core.now += century;
  CHECK(core.available() == row.limits.burst);
  CHECK(core.take(row.limits.burst));
  CHECK_FALSE(core.take());
  const Instant interval(static_cast<std::int64_t>(row.limits.rate().interval));
  CHECK(core.retryAfter() == interval);
  if (interval < 1min) {
    core.now += interval - 1ns;
    CHECK_FALSE(core.take());
    core.now += 1ns;
    CHECK(core.take());
  }
}

TEST_CASE("a clock that stands before the time of construction grants nothing twice", "[rate]") {
  RateCore core(rate(10, 1s, 1));
  core.now -= 1h;
  CHECK(core.take());
  CHECK_FALSE(core.take());
  core.now += 1h;
  CHECK_FALSE(core.take());
  CHECK(core.retryAfter() == 100ms);
}

// --- the queue -----------------------------------------------------------------------------------

TEST_CASE("waiting calls get their turns in order, each exactly at its time", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 1s));
  REQUIRE(core.take());
  Probe a, b, c;
  queue(core, a);
  queue(core, b);
  queue(core, c);
  CHECK(core.retryAfter() == 400ms);
  for (Probe* next : {&a, &b, &c}) {
    core.now += 100ms - 1ns;
    CHECK_FALSE(core.serve());
    CHECK(core.ready().empty());
    core.now += 1ns;
    CHECK_FALSE(core.serve());
    CHECK(core.ready() == Ready{next});
    CHECK(next->verdict == Verdict::granted);
    CHECK(next->deadline == core.now);  // the time of the grant
  }
  CHECK(core.retryAfter() == 100ms);
}

TEST_CASE("no call overtakes a waiting one, however light it is", "[rate]") {
  RateCore core(rate(10, 1s, 5, 10, 10s));
  REQUIRE(core.take(4));
  Probe heavy, light;
  queue(core, heavy, 3);  // 200 ms
  CHECK_FALSE(core.take(1));
  CHECK(core.retryAfter(1) == 300ms);
  CHECK(core.available() == 0);
  queue(core, light, 1);
  core.now += 199'999'999ns;
  CHECK_FALSE(core.take(1));
  core.serve();
  CHECK(core.ready().empty());
  core.now += 1ns;
  core.serve();
  CHECK(core.ready() == Ready{&heavy});
  core.now += 100ms;
  core.serve();
  CHECK(core.ready() == Ready{&light});
  core.now += 100ms;
  CHECK(core.take());
}

TEST_CASE("a call that cannot get its turn within its timeout is refused at once", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 1s));
  REQUIRE(core.take());
  Probe a, b;
  const Turn refused = core.enter(a, 1, 100ms - 1ns);
  CHECK(refused.verdict == Verdict::rejected);
  CHECK(refused.retryAfter == 100ms);
  queue(core, a, 1, 100ms);
  SECTION("also behind a waiting call") {
    const Turn behind = core.enter(b, 1, 200ms - 1ns);
    CHECK(behind.verdict == Verdict::rejected);
    CHECK(behind.retryAfter == 200ms);
    queue(core, b, 1, 200ms);
  }
  SECTION("and a turn exactly at the timeout is granted") {
    core.now += 100ms;
    core.serve();
    CHECK(core.ready() == Ready{&a});
    CHECK(a.verdict == Verdict::granted);
  }
  SECTION("and is granted also if the thread that serves the line is late") {
    core.now += 150ms;
    core.serve();
    CHECK(a.verdict == Verdict::granted);
    CHECK(core.retryAfter() == 100ms);  // from the grant: no window has two
  }
}

TEST_CASE("a call that may not wait is refused at once with the exact time", "[rate]") {
  const auto limits = GENERATE(rate(10, 1s, 1, 0, 1s), rate(10, 1s, 1, 10, 0s));
  RateCore core(limits);
  REQUIRE(core.take());
  Probe a;
  const Turn refused = core.enter(a);
  CHECK(refused.verdict == Verdict::rejected);
  CHECK(refused.retryAfter == 100ms);
  core.now += 100ms;
  CHECK(core.enter(a).verdict == Verdict::granted);
}

TEST_CASE("a full queue refuses at once, with the time behind the calls that wait", "[rate]") {
  RateCore core(rate(10, 1s, 1, 1, 10s));
  REQUIRE(core.take());
  Probe a, b;
  queue(core, a);
  const Turn refused = core.enter(b);
  CHECK(refused.verdict == Verdict::rejected);
  CHECK(refused.retryAfter == 200ms);
}

TEST_CASE("a cancelled call gives its turn to the next, and all behind it move up", "[rate]") {
  RateCore core(rate(10, 1s, 3, 10, 10s));
  REQUIRE(core.take(3));
  Probe a, b, c;
  CancelLink linkA, linkB;
  queue(core, a, 1, {}, &linkA);  // 100 ms
  queue(core, b, 2, {}, &linkB);  // 300 ms
  queue(core, c, 1);  // 400 ms
  CHECK(core.retryAfter() == 500ms);
  SECTION("the first") {
    CHECK(core.cancel(linkA));
    CHECK(core.ready() == Ready{&a});
    CHECK(a.verdict == Verdict::cancelled);
    CHECK_FALSE(core.cancel(linkA));
    CHECK(core.retryAfter() == 400ms);
    core.now += 200ms;
    core.serve();
    CHECK(core.ready() == Ready{&b});
    core.now += 100ms;
    core.serve();
    CHECK(core.ready() == Ready{&c});
  }
  SECTION("one in the middle") {
    CHECK(core.cancel(linkB));
    CHECK(core.ready() == Ready{&b});
    CHECK(core.retryAfter() == 300ms);
    core.now += 200ms;
    core.serve();
    CHECK(core.ready() == Ready{&a, &c});
  }
  SECTION("a heavy one in front of a light one whose turn has come by then") {
    CHECK(core.cancel(linkA));
    core.ready();
    core.now += 150ms;
    CHECK(core.cancel(linkB));
    CHECK(core.ready() == Ready{&b, &c});
    CHECK(c.verdict == Verdict::granted);
  }
}

TEST_CASE("a call whose turn slips beyond its deadline times out, and the next moves up",
          "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s));
  REQUIRE(core.take());
  Probe a, b, c;
  queue(core, a, 1, 100ms);
  queue(core, b, 1, 200ms);
  queue(core, c, 1, 5s);
  core.now += 150ms;  // late: the turn of b is now at 250 ms
  core.serve();
  CHECK(core.ready() == Ready{&a});
  core.now += 50ms;
  core.serve();
  CHECK(core.ready() == Ready{&b});
  CHECK(b.verdict == Verdict::timedOut);
  core.now += 50ms;
  core.serve();
  CHECK(core.ready() == Ready{&c});
  CHECK(c.verdict == Verdict::granted);
}

TEST_CASE("a burst of n makes up for a thread that is late by n - 1 intervals", "[rate]") {
  RateCore core(rate(10, 1s, 2, 10, 10s));
  REQUIRE(core.take(2));
  Probe a, b, c, d;
  queue(core, a);
  queue(core, b);
  queue(core, c);
  queue(core, d);
  core.now += 200ms;  // the turn of a was at 100 ms
  core.serve();
  CHECK(core.ready() == Ready{&a, &b});
  core.now += 100ms;
  core.serve();
  CHECK(core.ready() == Ready{&c});
  core.now += 100ms + 101ms;  // 1 ms too late for that
  core.serve();
  CHECK(core.ready() == Ready{&d});
  CHECK(core.available() == 1);
  CHECK(core.retryAfter(2) == 100ms);
}

TEST_CASE("a thread that is late takes from no call a turn that the rate still allows", "[rate]") {
  RateCore core(rate(10, 1s, 3, 10, 10s));
  REQUIRE(core.take(3));
  Probe a, b, c, d;
  queue(core, a, 1, 100ms);
  queue(core, b, 1, 200ms);
  queue(core, c, 1, 300ms);
  queue(core, d, 1, 400ms);
  core.now += 350ms;
  core.serve();
  CHECK(core.ready() == Ready{&a, &b, &c});
  CHECK(c.verdict == Verdict::granted);
  CHECK(core.retryAfter() == 200ms);
  core.now += 50ms;
  core.serve();
  CHECK(d.verdict == Verdict::timedOut);  // a fourth within 50 ms is more than the rate allows
}

TEST_CASE("the line is served in slices", "[rate]") {
  RateCore core(rate(1000, 1s, 1000, 1000, 10s));
  REQUIRE(core.take(1000));
  std::vector<std::unique_ptr<Probe>> probes;
  for (int i = 0; i < 7; ++i) {
    probes.push_back(std::make_unique<Probe>());
    queue(core, *probes.back());
  }
  core.now += 1s;
  CHECK(core.serve(3));
  CHECK(core.ready().size() == 3);
  CHECK(core.serve(3));
  CHECK(core.ready().size() == 3);
  CHECK_FALSE(core.serve(1));
  CHECK(core.ready().size() == 1);
}

TEST_CASE("a call that comes when the turns of all waiting calls have passed is granted",
          "[rate]") {
  RateCore core(rate(10, 1s, 2, 10, 10s));
  REQUIRE(core.take(2));
  Probe a, b;
  queue(core, a);
  core.now += 1s;
  CHECK(core.enter(b).verdict == Verdict::granted);
  CHECK(core.ready() == Ready{&a});
}

// --- the timer -----------------------------------------------------------------------------------

TEST_CASE("the timer is set for the turn of the head, and moves with it", "[rate]") {
  RateCore core(rate(10, 1s, 3, 10, 10s));
  CHECK(core.admission.planTimer().action == Action::keep);
  REQUIRE(core.take(3));
  Probe heavy, light;
  CancelLink link;
  queue(core, heavy, 3, {}, &link);
  CHECK(core.timer);
  auto step = core.admission.planTimer();
  CHECK(step.action == Action::set);
  CHECK(step.when == 1h + 300ms);
  queue(core, light);
  CHECK_FALSE(core.timer);
  REQUIRE(core.cancel(link));
  CHECK(core.timer);
  step = core.admission.planTimer();
  CHECK(step.action == Action::set);
  CHECK(step.when == 1h + 100ms);
  core.now += 100ms;
  core.admission.timerEnded(step.generation);
  CHECK_FALSE(core.serve());
  CHECK_FALSE(core.timer);
  CHECK(core.admission.planTimer().action == Action::keep);
}

TEST_CASE("the timer is cancelled when no call waits any more", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s));
  REQUIRE(core.take());
  Probe a, drains;
  CancelLink link;
  queue(core, a, 1, {}, &link);
  REQUIRE(core.admission.planTimer().action == Action::set);
  SECTION("it is cancelled") { core.cancel(link); }
  SECTION("it is drained") { core.drain(drains); }
  SECTION("the limiter is destroyed") { core.close(); }
  SECTION("another mode admits it") { core.configure(rate(10, 1s, 1, 10, 10s, Mode::observe)); }
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

TEST_CASE("a request sets the timer before the call waits, and is dropped when it enters",
          "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s));
  REQUIRE(core.take());
  CHECK(core.admission.timerTooLate(1h + 100ms));
  core.admission.requestTimer(1h + 100ms);
  const auto step = core.admission.planTimer();
  CHECK(step.action == Action::set);
  CHECK(step.when == 1h + 100ms);
  core.now += 100ms;
  Probe a;
  CHECK(core.enterLocked(a).verdict == Verdict::granted);
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

// --- drain, destruction --------------------------------------------------------------------------

TEST_CASE("a drain fails the queue and refuses calls until resume()", "[rate]") {
  RateCore core(rate(10, 1s, 2, 10, 10s));
  REQUIRE(core.take(2));
  Probe a, b, drains, later;
  queue(core, a);
  queue(core, b);
  core.drain(drains);
  CHECK(core.ready() == Ready{&a, &b, &drains});
  CHECK(a.verdict == Verdict::drained);
  CHECK(drains.verdict == Verdict::granted);  // no call is inside
  CHECK(core.admission.draining());
  core.now += 1s;
  CHECK_FALSE(core.take());
  CHECK(core.enter(later).verdict == Verdict::drained);
  CHECK(core.retryAfter() == never);
  CHECK(core.available() == 0);
  core.resume();
  CHECK(core.available() == 2);
  CHECK(core.take(2));
}

TEST_CASE("a call whose turn had come is granted by the drain that finds it", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s));
  REQUIRE(core.take());
  Probe a, b, drains;
  queue(core, a);
  queue(core, b);
  core.now += 100ms;
  core.drain(drains);
  CHECK(a.verdict == Verdict::granted);
  CHECK(b.verdict == Verdict::drained);
}

TEST_CASE("a drain waits for the calls inside, or for its own time", "[rate]") {
  RateCore core(rate(10, 1s, 2));
  core.admission.enterInside();
  core.admission.enterInside();
  Probe first, second, once;
  CancelLink link;
  core.drain(once, 0ns);
  CHECK(once.verdict == Verdict::timedOut);
  core.drain(first, 10s, &link);
  core.drain(second, 1s);
  core.ready();
  core.leaveInside();
  CHECK(core.ready().empty());
  SECTION("all calls leave") {
    core.leaveInside();
    CHECK(core.ready() == Ready{&first, &second});
    CHECK(first.verdict == Verdict::granted);
  }
  SECTION("the time of one passes") {
    core.now += 1s;
    core.serve();
    CHECK(core.ready() == Ready{&second});
    CHECK(second.verdict == Verdict::timedOut);
    core.leaveInside();
    CHECK(core.ready() == Ready{&first});
  }
  SECTION("one is cancelled") {
    CHECK(core.cancel(link));
    CHECK(core.ready() == Ready{&first});
    CHECK(core.admission.closed());
  }
  SECTION("resume() ends them") {
    core.resume();
    CHECK(core.ready() == Ready{&first, &second});
    CHECK(first.verdict == Verdict::aborted);
    core.leaveInside();
    CHECK(core.take());
  }
  SECTION("the limiter is destroyed") {
    core.close();
    CHECK(core.ready() == Ready{&first, &second});
    CHECK(first.verdict == Verdict::aborted);
    core.leaveInside();
    CHECK_FALSE(core.admission.draining());
  }
}

TEST_CASE("destruction and the end of the context end all waits", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s));
  REQUIRE(core.take());
  Probe a, later;
  queue(core, a);
  SECTION("destroyed") {
    core.close();
    CHECK(a.verdict == Verdict::aborted);
    CHECK(core.enter(later).verdict == Verdict::aborted);
    core.resume();
    CHECK(core.enter(later).verdict == Verdict::aborted);
  }
  SECTION("abandoned") {
    core.abandon();
    CHECK(a.verdict == Verdict::abandoned);
    CHECK(core.enter(later).verdict == Verdict::drained);
  }
}

// --- configuration -------------------------------------------------------------------------------

TEST_CASE("a change of the rate rescales what is owed", "[rate]") {
  RateCore core(rate(10, 1s, 3));
  REQUIRE(core.take(3));
  core.now += 50ms;  // 2.5 permits are owed
  SECTION("faster") {
    CHECK(core.configure(rate(100, 1s, 3)));
    CHECK(core.retryAfter() == 5ms);
    CHECK(core.retryAfter(3) == 25ms);
  }
  SECTION("slower") {
    CHECK(core.configure(rate(1, 1s, 3)));
    CHECK(core.retryAfter() == 500ms);
    CHECK(core.retryAfter(3) == 2500ms);
  }
  SECTION("the same rate, said otherwise") {
    CHECK(core.configure(rate(100, 10s, 3)));
    CHECK(core.retryAfter() == 50ms);
  }
  SECTION("a larger burst is available at once") {
    CHECK(core.configure(rate(10, 1s, 5)));
    CHECK(core.available() == 2);
    CHECK(core.retryAfter(3) == 50ms);
  }
  SECTION("a smaller burst is spent, and not owed twice") {
    CHECK(core.configure(rate(10, 1s, 1)));
    CHECK(core.retryAfter() == 100ms);
  }
}

TEST_CASE("a change of the rate gives an idle limiter nothing but its new burst", "[rate]") {
  RateCore core(rate(10, 1s, 3));
  core.now += 1h;
  for (int i = 0; i < 100; ++i) {
    core.configure(rate(20, 1s, 4));
    core.configure(rate(10, 1s, 3));
  }
  core.configure(rate(20, 1s, 4));
  CHECK(core.take(4));
  CHECK_FALSE(core.take());
  CHECK(core.retryAfter() == 50ms);
}

TEST_CASE("a change keeps the waiting calls, and their turns follow it", "[rate]") {
  RateCore core(rate(10, 1s, 3, 10, 10s));
  REQUIRE(core.take(3));
  Probe a, heavy, b;
  queue(core, a);  // 100 ms
  queue(core, heavy, 3);  // 400 ms
  queue(core, b, 1, 9s);  // 500 ms
  SECTION("faster") {
    core.configure(rate(100, 1s, 3, 10, 10s));
    CHECK(core.timer);
    CHECK(core.admission.planTimer().when == 1h + 10ms);
    core.now += 10ms;
    core.serve();
    CHECK(core.ready() == Ready{&a});
    core.now += 30ms;
    core.serve();
    CHECK(core.ready() == Ready{&heavy});
    core.now += 10ms;
    core.serve();
    CHECK(core.ready() == Ready{&b});
  }
  SECTION("slower: a call whose turn is after its deadline then times out") {
    core.configure(rate(1, 3s, 3, 10, 10s));
    core.now += 3s;
    core.serve();
    CHECK(core.ready() == Ready{&a});
    core.now += 7s;
    core.serve();
    // The turn of b was at 6 s, but for the heavy call, which left at 10 s. Its own time was over
    // at 9 s, so it is too late for it however late the line is served.
    CHECK(core.ready() == Ready{&b, &heavy});
    CHECK(heavy.verdict == Verdict::timedOut);
    CHECK(b.verdict == Verdict::timedOut);
  }
  SECTION("a call that is too heavy for the new burst is rejected, and those behind it move up") {
    core.configure(rate(10, 1s, 2, 10, 10s));
    CHECK(core.ready() == Ready{&heavy});
    CHECK(heavy.verdict == Verdict::rejected);
    core.now += 200ms;
    core.serve();
    CHECK(core.ready() == Ready{&a, &b});
  }
  SECTION("a larger burst admits at once") {
    core.configure(rate(10, 1s, 7, 10, 10s));
    CHECK(core.ready() == Ready{&a, &heavy});
  }
  SECTION("a smaller queue keeps them") {
    core.configure(rate(10, 1s, 3, 0, 10s));
    CHECK(core.ready().empty());
    Probe later;
    CHECK(core.enter(later).verdict == Verdict::rejected);
    core.now += 100ms;
    core.serve();
    CHECK(core.ready() == Ready{&a});
  }
}

TEST_CASE("a change of a configuration that another thread has replaced changes nothing",
          "[rate]") {
  RateCore core(rate(10, 1s, 3));
  const RateLimits old = core.admission.limits();
  REQUIRE(core.configure(rate(20, 1s, 3)));
  Wakeups out;
  CHECK_FALSE(core.admission.configure(old, rate(30, 1s, 3), core.now, out));
  CHECK(core.admission.limits() == rate(20, 1s, 3));
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("observe refuses nothing, marks what is over the limit, and that takes nothing",
          "[rate]") {
  RateCore core(rate(10, 1s, 2, 10, 10s, Mode::observe));
  Probe none;
  for (int i = 0; i < 2; ++i) {
    const Turn within = core.enter(none);
    CHECK(within.verdict == Verdict::granted);
    CHECK_FALSE(within.overLimit);
  }
  for (int i = 0; i < 5; ++i) {
    const Turn over = core.enter(none);
    CHECK(over.verdict == Verdict::granted);
    CHECK(over.overLimit);
  }
  CHECK(core.enter(none, 3).overLimit);  // above the burst
  CHECK(core.enterLocked(none).overLimit);
  CHECK(core.retryAfter() == 0ns);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
  core.now += 100ms;
  CHECK_FALSE(core.enter(none).overLimit);
  CHECK(core.enter(none).overLimit);
}

TEST_CASE("mode off passes calls and takes nothing, even while the limiter drains", "[rate]") {
  RateCore core(rate(10, 1s, 1, 10, 10s, Mode::off));
  Probe none, drains;
  for (int i = 0; i < 3; ++i) {
    CHECK(core.enter(none).verdict == Verdict::bypassed);
    CHECK(core.take(99));
  }
  CHECK(core.retryAfter(99) == 0ns);
  CHECK_FALSE(core.take(0));
  core.drain(drains);
  CHECK(core.enter(none).verdict == Verdict::bypassed);
  core.resume();
  REQUIRE(core.configure(rate(10, 1s, 1)));
  CHECK(core.take());
  CHECK_FALSE(core.take());
  REQUIRE(core.configure(rate(10, 1s, 1, 0, 0s, Mode::off)));
  REQUIRE(core.configure(rate(10, 1s, 1)));
  CHECK_FALSE(core.take());  // it still owes
  core.close();
  CHECK(core.enter(none).verdict == Verdict::aborted);
}

TEST_CASE("a switch to observe or off admits every waiting call", "[rate]") {
  RateCore core(rate(10, 1s, 2, 10, 10s));
  REQUIRE(core.take(2));
  Probe a, b;
  queue(core, a);
  queue(core, b);
  core.now += 100ms;
  SECTION("observe") {
    core.configure(rate(10, 1s, 2, 10, 10s, Mode::observe));
    CHECK(core.ready() == Ready{&a, &b});
    CHECK(a.verdict == Verdict::granted);
    CHECK_FALSE(a.overLimit);  // its turn had come
    CHECK(b.verdict == Verdict::granted);
    CHECK(b.overLimit);
  }
  SECTION("off") {
    core.configure(rate(10, 1s, 2, 10, 10s, Mode::off));
    CHECK(core.ready() == Ready{&a, &b});
    CHECK(a.verdict == Verdict::granted);
    CHECK(b.verdict == Verdict::bypassed);
  }
  CHECK(b.deadline == core.now);
  CHECK(core.admission.queued() == 0);
}
