#include "support/core_stage.hpp"

// --- the timer -----------------------------------------------------------------------------------

TEST_CASE("the timer is set when a call first waits with a finite timeout") {
  Core core(limits(1));
  CHECK(core.admission.planTimer().action == Action::keep);
  hold(core);
  CHECK(core.admission.planTimer().action == Action::keep);
  Probe endless, waits;
  queue(core, endless, 1, never);
  CHECK_FALSE(core.timer);
  queue(core, waits, 1, 5s);
  CHECK(core.timer);
  const auto plan = core.admission.planTimer();
  CHECK(plan.action == Action::set);
  CHECK(plan.when == 1h + 5s);
  CHECK(core.admission.planTimer().action == Action::keep);
}

TEST_CASE("a thread that watches the clock itself needs no timer") {
  Core core(limits(1));
  hold(core);
  Probe thread;
  thread.selfTimed = true;
  queue(core, thread, 1, 5s);
  CHECK_FALSE(core.timer);
  CHECK(core.admission.planTimer().action == Action::keep);
}

TEST_CASE("the timer moves for an earlier deadline and stays for a later one") {
  Core core(limits(1));
  hold(core);
  Probe first, later, earlier;
  queue(core, first, 1, 5s);
  const auto plan = core.admission.planTimer();
  queue(core, later, 1, 9s);
  CHECK_FALSE(core.timer);
  CHECK(core.admission.planTimer().action == Action::keep);
  queue(core, earlier, 1, 2s);
  CHECK(core.timer);
  const auto moved = core.admission.planTimer();
  CHECK(moved.action == Action::set);
  CHECK(moved.when == 1h + 2s);
  CHECK(moved.generation != plan.generation);
}

TEST_CASE("the timer is set again for the next deadline after it expires") {
  Core core(limits(1));
  hold(core);
  Probe first, second;
  queue(core, first, 1, 5s);
  queue(core, second, 1, 9s);
  const auto plan = core.admission.planTimer();
  core.now += 5s;
  core.admission.timerEnded(plan.generation);
  CHECK_FALSE(core.expire());
  CHECK(core.ready() == Ready{&first});
  CHECK(core.timer);
  const auto next = core.admission.planTimer();
  CHECK(next.action == Action::set);
  CHECK(next.when == 1h + 9s);
}

TEST_CASE("the expiry of a replaced timer does not unset its replacement") {
  Core core(limits(1));
  hold(core);
  Probe first, earlier;
  queue(core, first, 1, 5s);
  const auto old = core.admission.planTimer();
  queue(core, earlier, 1, 2s);
  const auto plan = core.admission.planTimer();
  core.admission.timerEnded(old.generation);
  CHECK(core.admission.planTimer().action == Action::keep);
  core.admission.timerEnded(plan.generation);
  CHECK(core.admission.planTimer().action == Action::set);
}

TEST_CASE("the timer is cancelled when no deadline is left, even while calls run") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, endless, drains;
  CancelLink link;
  queue(core, waits, 1, 5s, &link);
  queue(core, endless, 1, never);
  core.admission.planTimer();
  SECTION("the waiting call is cancelled") { CHECK(core.cancel(link)); }
  SECTION("the waiting call is given up") { CHECK(core.giveUp(waits)); }
  SECTION("the waiting call is drained") { core.drain(drains); }
  SECTION("the bulkhead is destroyed") { CHECK_FALSE(core.close()); }
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
  CHECK_FALSE(core.admission.idleTimer());
  CHECK(core.active() == 2);
}

TEST_CASE("after a grant the timer is cancelled when the call begins or releases its permit") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, next;
  queue(core, waits, 1, 5s);
  core.admission.planTimer();
  CHECK_FALSE(core.leave());
  CHECK(waits.verdict == Verdict::granted);
  CHECK_FALSE(core.timer);
  CHECK(core.admission.idleTimer());
  SECTION("the call begins") { CHECK(core.admission.planTimer().action == Action::cancel); }
  SECTION("the call releases its permit") {
    CHECK_FALSE(core.leave());
    CHECK(core.timer);
    CHECK(core.admission.planTimer().action == Action::cancel);
  }
  SECTION("another call queues first") {
    queue(core, next, 1, 5s);
    CHECK_FALSE(core.timer);
    CHECK_FALSE(core.admission.idleTimer());
    CHECK(core.admission.planTimer().action == Action::keep);
    return;
  }
  SECTION("the timer expires first") {
    core.admission.timerEnded(1);
    CHECK_FALSE(core.expire());
    CHECK_FALSE(core.timer);
  }
  CHECK_FALSE(core.admission.idleTimer());
  CHECK(core.leave());  // without the lock, because no timer is set
}

TEST_CASE("a grant to a thread, which does not tend the timer, cancels the timer at once") {
  Core core(limits(1));
  hold(core);
  Probe thread;
  thread.selfTimed = true;
  queue(core, thread, 1, 5s);
  core.admission.requestTimer(1h + 5s);
  core.admission.planTimer();
  CHECK_FALSE(core.leave());
  CHECK(thread.verdict == Verdict::granted);
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

TEST_CASE("a timer request makes the next timer early enough, once") {
  Core core(limits(1));
  hold(core);
  CHECK(core.admission.timerTooLate(1h + 5s));
  core.admission.requestTimer(1h + 5s);
  core.admission.requestTimer(1h + 9s);
  const auto plan = core.admission.planTimer();
  CHECK(plan.action == Action::set);
  CHECK(plan.when == 1h + 5s);
  CHECK_FALSE(core.admission.timerTooLate(1h + 5s));
  CHECK(core.admission.timerTooLate(1h + 5s - 1ns));
  CHECK(core.admission.planTimer().action == Action::cancel);  // no request is left
}

TEST_CASE("a timer request of a finished call sets no timer") {
  // The thread that tends the timer gets to it after the call has ended.
  Core core(limits(1));
  core.admission.requestTimer(1h + 5s);
  hold(core);
  CHECK(core.leave());
  CHECK(core.admission.planTimer().action == Action::keep);
  hold(core);
  CHECK(core.leave());  // without the lock, because no timer is set
}

TEST_CASE("a timer request ends when its call enters") {
  // The thread that tends the timer gets to it late, and another call keeps waiting.
  Core core(limits(1, 1));
  hold(core);
  Probe waits, refused, drains;
  SECTION("a call") {
    queue(core, waits, 1, never);
    core.admission.requestTimer(1h + 5s);
    CHECK(core.enter(refused).verdict == Verdict::rejected);
  }
  SECTION("a drain") {
    core.admission.requestTimer(1h + 5s);
    core.drain(drains, 0s);
    CHECK(drains.verdict == Verdict::timedOut);
  }
  CHECK(core.admission.planTimer().action == Action::keep);
}

TEST_CASE("a timer request of a call that does not queue leaves no timer behind") {
  Core core(limits(1, 1));
  hold(core);
  Probe waits, refused;
  queue(core, waits, 1, never);
  core.admission.requestTimer(1h + 5s);
  CHECK(core.admission.planTimer().action == Action::set);
  CHECK(core.enter(refused).verdict == Verdict::rejected);
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

TEST_CASE("a drain with a timeout needs a timer") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains, 5s);
  CHECK(core.timer);
  CHECK(core.admission.planTimer().when == 1h + 5s);
}
