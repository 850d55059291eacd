#include "support/core_stage.hpp"

// --- leaving the queue ---------------------------------------------------------------------------

TEST_CASE("a heavy head lets the calls behind it in, however it leaves the queue") {
  Core core(limits(3));
  hold(core, 2);
  Probe heavy, light, other;
  CancelLink link;
  queue(core, heavy, 2, 5s, &link);
  queue(core, light, 1, never);
  SECTION("cancelled") {
    CHECK(core.cancel(link));
    CHECK(heavy.verdict == Verdict::cancelled);
  }
  SECTION("timed out by the timer") {
    core.now += 5s;
    CHECK_FALSE(core.expire());
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("given up by its thread") {
    CHECK(core.giveUp(heavy));
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("expired when the next call arrives") {
    core.now += 5s;
    CHECK(core.enter(other).verdict == Verdict::waiting);
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("rejected by a smaller limit") {
    // The second call does not fit either: 2 permits are in use.
    core.configure(toPermits(1));
    CHECK(heavy.verdict == Verdict::rejected);
    CHECK(core.ready() == Ready{&heavy});
    core.leave(2);
    CHECK(core.ready() == Ready{&light});
    return;
  }
  CHECK(core.ready() == Ready{&heavy, &light});
  CHECK(light.verdict == Verdict::granted);
  CHECK(core.active() == 3);
}

TEST_CASE("a call that leaves the middle of the queue does not change the order of the others") {
  Core core(limits(1));
  hold(core);
  Probe a, b, c;
  CancelLink link;
  queue(core, a);
  queue(core, b, 1, {}, &link);
  queue(core, c);
  CHECK(core.cancel(link));
  CHECK(core.ready() == Ready{&b});
  CHECK(core.queued() == 2);
  core.leave();
  core.leave();
  CHECK(core.ready() == Ready{&a, &c});
}

TEST_CASE("a call that leaves frees its place in the queue at once") {
  Core core(limits(1, 1));
  hold(core);
  Probe first, second;
  CancelLink link;
  queue(core, first, 1, {}, &link);
  CHECK(core.tryEnter().verdict == Verdict::rejected);
  CHECK(core.cancel(link));
  queue(core, second);
}

TEST_CASE("cancelling works once and only while the call waits") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  CancelLink link;
  queue(core, waits, 1, {}, &link);
  CHECK(link.waiter == &waits);
  SECTION("it fails a second time") {
    CHECK(core.cancel(link));
    CHECK(core.ready() == Ready{&waits});
  }
  SECTION("it fails after the grant") { core.leave(); }
  SECTION("it fails after the timeout") {
    core.now += 30s;
    core.expire();
  }
  SECTION("it fails after the bulkhead is closed") { core.close(); }
  const Verdict before = waits.verdict;
  CHECK(link.waiter == nullptr);
  CHECK(waits.cancel == nullptr);
  core.ready();
  CHECK_FALSE(core.cancel(link));
  CHECK(waits.verdict == before);
  CHECK(core.ready().empty());
}

TEST_CASE("a call keeps waiting when its cancellation link is destroyed") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  {
    CancelLink link;
    queue(core, waits, 1, {}, &link);
    core.admission.unlink(link);
    CHECK(link.waiter == nullptr);
    CHECK_FALSE(core.cancel(link));
  }
  CHECK(waits.cancel == nullptr);
  CHECK(core.queued() == 1);
  core.leave();
  CHECK(core.ready() == Ready{&waits});
}

TEST_CASE("giving up does not change a verdict") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  waits.selfTimed = true;
  queue(core, waits, 1, 5s);
  core.leave();
  core.now += 5s;
  CHECK_FALSE(core.giveUp(waits));
  CHECK(waits.verdict == Verdict::granted);
  CHECK(core.active() == 1);
}

// --- time ----------------------------------------------------------------------------------------

TEST_CASE("a deadline expires when it is reached and not before") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits, 1, 5s);
  core.now += 5s - 1ns;
  CHECK_FALSE(core.expire());
  CHECK(waits.verdict == Verdict::waiting);
  core.now += 1ns;
  CHECK_FALSE(core.expire());
  CHECK(waits.verdict == Verdict::timedOut);
  CHECK(core.ready() == Ready{&waits});
}

TEST_CASE("calls expire in order of deadline, and in order of arrival where deadlines are equal") {
  Core core(limits(1));
  hold(core);
  Probe slow, quick, medium, alsoQuick;
  Probe thread;
  thread.selfTimed = true;
  queue(core, slow, 1, 9s);
  queue(core, quick, 1, 1s);
  queue(core, thread, 1, 2s);
  queue(core, medium, 1, 5s);
  queue(core, alsoQuick, 1, 1s);
  core.now += 1min;
  core.expire();
  CHECK(core.ready() == Ready{&quick, &alsoQuick, &thread, &medium, &slow});
}

TEST_CASE("many deadlines expire in slices, and no call is admitted before the last slice") {
  Core core(limits(2));
  hold(core, 2);
  Probe a, b, c, heavy, light;
  queue(core, a, 1, 5s);
  queue(core, b, 1, 5s);
  queue(core, c, 1, 5s);
  queue(core, heavy, 2, 5s);
  queue(core, light, 1, 9s);
  core.now += 5s;
  CHECK(core.expire(2));
  CHECK(core.ready() == Ready{&a, &b});
  CHECK_FALSE(core.expire(2));
  CHECK(core.ready() == Ready{&c, &heavy});
  CHECK(core.queued() == 1);
}

TEST_CASE("an expired call is not granted, however late the timer is") {
  Core core(limits(1));
  hold(core);
  Probe overdue, waits;
  queue(core, overdue, 1, 5s);
  queue(core, waits, 1, 9s);
  core.now += 6s;
  core.leave();
  CHECK(overdue.verdict == Verdict::timedOut);
  CHECK(waits.verdict == Verdict::granted);
  CHECK(core.ready() == Ready{&overdue, &waits});
}

TEST_CASE("every decision about the queue first removes expired calls") {
  Core core(limits(1, 1));
  hold(core);
  Probe overdue, next, drains;
  queue(core, overdue, 1, 5s);
  core.now += 5s;
  SECTION("a new call gets the freed place") {
    CHECK(core.tryEnter().verdict == Verdict::rejected);  // the state read without the lock may lag
    CHECK(core.enter(next).verdict == Verdict::waiting);
  }
  SECTION("a drain") {
    core.drain(drains);
    CHECK(overdue.verdict == Verdict::timedOut);
  }
  SECTION("a configuration with room for every call") { core.configure(toPermits(9)); }
  CHECK(overdue.verdict == Verdict::timedOut);
  CHECK(core.ready() == Ready{&overdue});
  CHECK(core.active() == 1);
}
