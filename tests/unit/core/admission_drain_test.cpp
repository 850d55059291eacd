#include "support/core_stage.hpp"

// --- drain ---------------------------------------------------------------------------------------

TEST_CASE("a drain of an idle bulkhead completes at once, any number of times") {
  Core core(limits(1));
  Probe first, second;
  core.drain(first);
  core.drain(second, 0ns);
  CHECK(core.ready() == Ready{&first, &second});
  CHECK(first.verdict == Verdict::granted);
  CHECK(second.verdict == Verdict::granted);
}

TEST_CASE("a drain fails queued calls in order, refuses new ones and waits for the last permit") {
  Core core(limits(2));
  hold(core);
  hold(core);
  Probe a, b, drains;
  queue(core, a);
  queue(core, b);
  core.drain(drains);
  CHECK(core.ready() == Ready{&a, &b});
  CHECK(a.verdict == Verdict::drained);
  CHECK(b.verdict == Verdict::drained);
  CHECK(core.queued() == 0);
  CHECK(core.tryEnter().verdict == Verdict::drained);
  Probe late;
  CHECK(core.enter(late).verdict == Verdict::drained);
  CHECK(core.enterNow().verdict == Verdict::drained);
  CHECK_FALSE(core.leave());
  CHECK(core.ready().empty());
  CHECK_FALSE(core.leave());
  CHECK(core.ready() == Ready{&drains});
  CHECK(drains.verdict == Verdict::granted);
  CHECK_FALSE(core.lastOut);
}

TEST_CASE("all pending drains complete in order with the last permit") {
  Core core(limits(1));
  hold(core);
  Probe first, second;
  core.drain(first);
  core.drain(second, 1min);
  core.leave();
  CHECK(core.ready() == Ready{&first, &second});
}

TEST_CASE("a drain with a timeout can time out, and the bulkhead stays closed") {
  Core core(limits(1));
  hold(core);
  Probe once, before, within;
  core.drain(once, 0ns);
  core.drain(before, -1s);
  CHECK(core.ready() == Ready{&once, &before});
  CHECK(once.verdict == Verdict::timedOut);
  CHECK(before.verdict == Verdict::timedOut);
  core.drain(within, 5s);
  CHECK(core.ready().empty());
  core.now += 5s;
  core.expire();
  CHECK(core.ready() == Ready{&within});
  CHECK(within.verdict == Verdict::timedOut);
  CHECK(core.tryEnter().verdict == Verdict::drained);
}

TEST_CASE("an expired drain times out even if the last permit is released then") {
  Core core(limits(1));
  hold(core);
  Probe within;
  core.drain(within, 5s);
  core.now += 6s;
  core.leave();
  CHECK(within.verdict == Verdict::timedOut);
  CHECK(core.ready() == Ready{&within});
}

TEST_CASE("a cancelled drain leaves the bulkhead closed") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  CancelLink link;
  core.drain(drains, never, &link);
  CHECK(core.cancel(link));
  CHECK(drains.verdict == Verdict::cancelled);
  CHECK(core.ready() == Ready{&drains});
  CHECK(core.tryEnter().verdict == Verdict::drained);
  core.leave();
  CHECK(core.ready().empty());
}

TEST_CASE("resume opens the bulkhead and aborts a pending drain") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains);
  core.resume();
  CHECK(drains.verdict == Verdict::aborted);
  CHECK(core.ready() == Ready{&drains});
  Probe waits;
  queue(core, waits);
  core.leave();
  CHECK(core.ready() == Ready{&waits});
}

TEST_CASE("resume without a drain changes nothing") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  core.resume();
  CHECK(core.ready().empty());
  CHECK(core.queued() == 1);
}

TEST_CASE("a draining bulkhead refuses calls in mode observe and passes them in mode off") {
  Core core(limits(1, 10, 30s, Mode::observe));
  Probe drains;
  core.drain(drains);
  CHECK(core.tryEnter().verdict == Verdict::drained);
  core.configure(toMode(Mode::off));
  CHECK(core.tryEnter().verdict == Verdict::bypassed);
}

TEST_CASE("a new configuration does not reopen a draining bulkhead") {
  Core core(limits(1));
  Probe drains;
  core.drain(drains);
  core.configure(toPermits(5));
  CHECK(core.tryEnter().verdict == Verdict::drained);
}

TEST_CASE("an invalid weight is invalid in a draining bulkhead too") {
  Core core(limits(1));
  Probe drains;
  core.drain(drains);
  CHECK(core.tryEnter(2).verdict == Verdict::invalid);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
}

// --- closing -------------------------------------------------------------------------------------

TEST_CASE("close of an idle bulkhead leaves its destruction to the caller") {
  Core core(limits(1));
  CHECK(core.close());
  CHECK(core.ready().empty());
}

TEST_CASE("close aborts every waiting call and leaves the destruction to the last permit") {
  Core core(limits(3));
  hold(core, 2);
  hold(core);
  Probe a, b;
  queue(core, a);
  queue(core, b, 2);
  CHECK_FALSE(core.close());
  CHECK(core.ready() == Ready{&a, &b});
  CHECK(a.verdict == Verdict::aborted);
  CHECK(b.verdict == Verdict::aborted);
  CHECK_FALSE(core.leave(1));
  CHECK_FALSE(core.lastOut);
  CHECK_FALSE(core.leave(2));
  CHECK(core.lastOut);
}

TEST_CASE("close aborts a pending drain") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains);
  CHECK_FALSE(core.close());
  CHECK(core.ready() == Ready{&drains});
  CHECK(drains.verdict == Verdict::aborted);
  CHECK_FALSE(core.leave());
  CHECK(core.lastOut);
  CHECK(core.ready().empty());
}

TEST_CASE("after close everything is aborted and nothing reopens the bulkhead") {
  Core core(limits(1));
  CHECK(core.close());
  core.resume();
  CHECK(core.tryEnter().verdict == Verdict::aborted);
  CHECK(core.tryEnter(0).verdict == Verdict::aborted);
  Probe late, drains;
  CHECK(core.enter(late).verdict == Verdict::aborted);
  core.drain(drains);
  CHECK(drains.verdict == Verdict::aborted);
  core.configure(toMode(Mode::off));
  CHECK(core.tryEnter().verdict == Verdict::aborted);
}

TEST_CASE("the end of the context abandons every waiting call, and none enters afterwards") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  core.abandon();
  CHECK(core.ready() == Ready{&waits});
  CHECK(waits.verdict == Verdict::abandoned);
  CHECK(core.tryEnter().verdict == Verdict::drained);
  core.leave();
  CHECK(core.close());
}

TEST_CASE("the end of the context abandons a pending drain") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains);
  core.abandon();
  CHECK(core.ready() == Ready{&drains});
  CHECK(drains.verdict == Verdict::abandoned);
}

// --- numbers -------------------------------------------------------------------------------------

TEST_CASE("numbers() reports permits, calls, the queue, the limits and the peaks") {
  Core core(limits(5, 7));
  hold(core, 3);
  hold(core, 2);
  Probe a, b;
  queue(core, a);
  queue(core, b, 4);
  const Admission::Numbers full = core.admission.numbers();
  CHECK(full.active == 5);
  CHECK(full.running == 2);
  CHECK(full.queued == 2);
  CHECK(full.permits == 5);
  CHECK(full.maxQueueSize == 7);
  CHECK(full.peakActive == 5);
  CHECK(full.peakQueued == 2);
  core.leave(3);
  core.leave(2);
  core.leave(1);
  core.leave(4);
  const Admission::Numbers idle = core.admission.numbers();
  CHECK(idle.active == 0);
  CHECK(idle.running == 0);
  CHECK(idle.queued == 0);
  CHECK(idle.peakActive == 5);
  CHECK(idle.peakQueued == 2);
}

TEST_CASE("reset sets the peaks to the current values") {
  Core core(limits(3));
  hold(core, 3);
  Probe a, b;
  queue(core, a);
  queue(core, b);
  core.leave(3);
  core.admission.resetPeaks();
  CHECK(core.admission.numbers().peakActive == 2);
  CHECK(core.admission.numbers().peakQueued == 0);
  hold(core);
  CHECK(core.admission.numbers().peakActive == 3);
}

TEST_CASE("takePeaks returns the peaks since the previous takePeaks") {
  Core core(limits(3));
  const auto takes = [&](std::size_t active, std::size_t queued) {
    const Admission::Peaks peaks = core.admission.takePeaks();
    CHECK(peaks.active == active);
    CHECK(peaks.queued == queued);
  };
  hold(core, 3);
  Probe a, b;
  queue(core, a);
  queue(core, b);
  core.leave(3);  // admits both waiting calls
  takes(3, 2);
  takes(2, 0);  // the current values start the interval
  core.leave(1);
  takes(2, 0);
  takes(1, 0);
  // numbers() reports the highest values of all intervals.
  CHECK(core.admission.numbers().peakActive == 3);
  CHECK(core.admission.numbers().peakQueued == 2);
}

TEST_CASE(
    "a reset returns the peaks of the interval that it ends and starts from the current values") {
  Core core(limits(3));
  hold(core, 3);
  Probe a;
  queue(core, a);
  core.leave(3);
  const Admission::Peaks ended = core.admission.resetPeaks();
  CHECK(ended.active == 3);
  CHECK(ended.queued == 1);
  core.leave(1);
  CHECK(core.admission.numbers().peakActive == 1);
  CHECK(core.admission.takePeaks().active == 1);
}

TEST_CASE("a bulkhead is quiescent when it is destroyed and its last permit is released") {
  Core core(limits(2));
  hold(core, 2);
  CHECK_FALSE(core.admission.quiescent());
  Wakeups out;
  CHECK_FALSE(core.admission.close(out));
  CHECK_FALSE(core.admission.quiescent());
  core.leave(2);
  CHECK(core.admission.quiescent());
}
