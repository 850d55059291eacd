#include <bulwark/detail/core/admission.hpp>
#include <bulwark/detail/core/verdict.hpp>

#include "support/core_stage.hpp"

// --- entering ------------------------------------------------------------------------------------

TEST_CASE("permits are granted without the lock up to the limit") {
  Core core(limits(3));
  for (std::size_t i = 1; i <= 3; ++i) {
    const Entry entry = core.tryEnter();
    CHECK(entry.verdict == Verdict::granted);
    CHECK(entry.held == 1);
    CHECK_FALSE(entry.overLimit);
    CHECK(core.active() == i);
  }
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.active() == 3);
}

TEST_CASE("a call takes all the permits of its weight or none") {
  Core core(limits(5));
  CHECK(core.tryEnter(3).held == 3);
  CHECK(core.tryEnter(3).verdict == Verdict::contended);
  CHECK(core.active() == 3);
  CHECK(core.tryEnter(2).held == 2);
  CHECK(core.active() == 5);
  CHECK(core.admission.numbers().running == 2);
}

TEST_CASE("a weight of 0 or above the limit is invalid") {
  Core core(limits(2));
  for (const std::size_t weight : {std::size_t{0}, std::size_t{3}, maxPermits + 1, unlimited}) {
    CHECK(core.tryEnter(weight).verdict == Verdict::invalid);
    Probe probe;
    CHECK(core.enter(probe, weight).verdict == Verdict::invalid);
  }
  CHECK(core.tryEnter(2).verdict == Verdict::granted);
  CHECK(core.ready().empty());
}

TEST_CASE("a limit above maxPermits grants maxPermits and reports the configured value") {
  Core core(limits(unlimited));
  CHECK(core.admission.limits().permits == unlimited);
  CHECK(core.admission.numbers().permits == unlimited);
  CHECK(core.tryEnter(maxPermits + 1).verdict == Verdict::invalid);
  CHECK(core.tryEnter(maxPermits).held == maxPermits);
  CHECK(core.active() == maxPermits);
  CHECK(core.admission.numbers().running == 1);
  CHECK(core.tryEnter(1).verdict == Verdict::contended);
  CHECK(core.leave(maxPermits));
  CHECK(core.active() == 0);
}

TEST_CASE("a call that may not wait is rejected without the lock when no permit is free") {
  SECTION("no queue") {
    Core core(limits(1, 0));
    hold(core);
    CHECK(core.tryEnter().verdict == Verdict::rejected);
    CHECK(core.tryEnter(1, never).verdict == Verdict::rejected);
  }
  SECTION("a full queue") {
    Core core(limits(1, 1));
    hold(core);
    Probe first;
    queue(core, first);
    CHECK(core.tryEnter().verdict == Verdict::rejected);
  }
  SECTION("a timeout of 0, its own or the configured one") {
    Core core(limits(1, 10, 0s));
    hold(core);
    CHECK(core.tryEnter().verdict == Verdict::rejected);
    CHECK(core.tryEnter(1, 1ns).verdict == Verdict::contended);
    CHECK(core.tryEnter(1, 0ns).verdict == Verdict::rejected);
    CHECK(core.tryEnter(1, -1h).verdict == Verdict::rejected);
  }
}

TEST_CASE("a call is granted a free permit whatever its timeout") {
  Core core(limits(3, 0, 0s));
  CHECK(core.tryEnter().verdict == Verdict::granted);
  CHECK(core.tryEnter(1, 0ns).verdict == Verdict::granted);
  CHECK(core.tryEnter(1, -1ns).verdict == Verdict::granted);
}

TEST_CASE("a call that takes the lock is granted, rejected or queued") {
  Core core(limits(1, 1));
  Probe granted;
  CHECK(core.enter(granted).verdict == Verdict::granted);
  CHECK(granted.verdict ==
        Verdict::waiting);  // the core does not write to a waiter that it does not queue
  Probe impatient;
  CHECK(core.enter(impatient, 1, 0ns).verdict == Verdict::rejected);
  CHECK(core.enterNow().verdict == Verdict::rejected);
  Probe waits;
  const Entry entry = core.enter(waits, 1, 5s);
  CHECK(entry.verdict == Verdict::waiting);
  CHECK(waits.since == 1h);
  CHECK(waits.deadline == 1h + 5s);
  CHECK(waits.weight == 1);
  Probe tooMany;
  CHECK(core.enter(tooMany).verdict == Verdict::rejected);
  CHECK(core.queued() == 1);
  CHECK(core.ready().empty());
}

TEST_CASE("a call waits for its own timeout or the configured one, or without a time limit") {
  Core core(limits(1, 10, 30s));
  hold(core);
  Probe configured, own, endless, saturated;
  queue(core, configured);
  queue(core, own, 1, 7s);
  queue(core, endless, 1, never);
  queue(core, saturated, 1, never - 1ns);
  CHECK(configured.deadline == 1h + 30s);
  CHECK(own.deadline == 1h + 7s);
  CHECK(endless.deadline == never);
  CHECK(saturated.deadline == never);
}

// --- order ---------------------------------------------------------------------------------------

TEST_CASE("a released permit goes to the first waiting call") {
  Core core(limits(1));
  hold(core);
  Probe a, b, c;
  queue(core, a);
  queue(core, b);
  queue(core, c);
  for (Probe* next : {&a, &b, &c}) {
    CHECK_FALSE(core.leave());
    CHECK(core.ready() == Ready{next});
    CHECK(next->verdict == Verdict::granted);
    CHECK(next->weight == 1);
    CHECK(core.active() == 1);
  }
  CHECK(core.leave());
  CHECK(core.active() == 0);
}

TEST_CASE("a permit that is granted to a waiting call is never free in between") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  CHECK_FALSE(core.admission.leave(1));  // the waiting call now holds it
  CHECK(core.active() == 1);
  CHECK(core.tryEnter().verdict == Verdict::contended);
  Wakeups out;
  core.admission.leaveLocked(1, core.now, out);
  CHECK(out.ready.pop() == &waits);  // not woken yet
  CHECK(core.active() == 1);
  CHECK(core.tryEnter().verdict == Verdict::contended);
}

TEST_CASE("the time of the grant is recorded") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  core.now += 3s;
  core.leave();
  CHECK(waits.since == 1h);
  CHECK(waits.deadline == 1h + 3s);
}

TEST_CASE("a new call never overtakes a waiting call, even when a permit is free") {
  Core core(limits(3, 2));
  hold(core, 2);
  Probe heavy;
  queue(core, heavy, 2);
  CHECK(core.tryEnter(1).verdict == Verdict::contended);
  CHECK(core.enterNow(1).verdict == Verdict::rejected);
  Probe light;
  queue(core, light, 1);
  CHECK(core.active() == 2);
  core.leave(2);
  CHECK(core.ready() == Ready{&heavy, &light});
  CHECK(core.active() == 3);
}

TEST_CASE("several permits released at once admit as many calls as fit") {
  Core core(limits(4));
  hold(core, 3);
  hold(core, 1);
  Probe a, b, c, d;
  for (Probe* probe : {&a, &b, &c, &d}) queue(core, *probe);
  core.leave(3);
  CHECK(core.ready() == Ready{&a, &b, &c});
  CHECK(core.queued() == 1);
}

TEST_CASE("a heavy call at the head blocks the queue until its permits are free") {
  Core core(limits(3));
  for (int i = 0; i < 3; ++i) hold(core);
  Probe heavy, light;
  queue(core, heavy, 3);
  queue(core, light, 1);
  core.leave();
  core.leave();
  CHECK(core.ready().empty());
  CHECK(core.active() == 1);
  core.leave();
  CHECK(core.ready() == Ready{&heavy});
  CHECK(heavy.weight == 3);
  CHECK(core.admission.numbers().running == 1);
}
