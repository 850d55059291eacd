#include "support/core_stage.hpp"

// The effective limit: what a controller sets beside the configured ceiling.

TEST_CASE("until it is set the effective limit is the ceiling") {
  Core core(limits(3));
  CHECK(core.admission.effectiveLimit() == 3);
  core.configure(toPermits(5));
  CHECK(core.admission.effectiveLimit() == 5);
}

TEST_CASE("calls above the effective limit wait, although the ceiling has room") {
  Core core(limits(5));
  core.setEffectiveLimit(2);
  hold(core, 2);
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.enterNow().verdict == Verdict::rejected);
  Probe waits;
  queue(core, waits);
  core.leave();
  CHECK(core.ready() == Ready{&waits});
}

TEST_CASE("a raised effective limit admits waiting calls in order, as many as fit") {
  Core core(limits(6));
  core.setEffectiveLimit(1);
  hold(core);
  Probe first, heavy, last;
  queue(core, first);
  queue(core, heavy, 3);
  queue(core, last);
  core.setEffectiveLimit(3);
  CHECK(core.ready() == Ready{&first});  // the heavy call does not fit, and is not overtaken
  core.setEffectiveLimit(5);
  CHECK(core.ready() == Ready{&heavy});
  core.setEffectiveLimit(6);
  CHECK(core.ready() == Ready{&last});
  CHECK(core.active() == 6);
}

TEST_CASE("a lowered effective limit interrupts no call and rejects no waiting one") {
  Core core(limits(4));
  hold(core, 4);
  Probe heavy;
  queue(core, heavy, 3);
  core.setEffectiveLimit(1);
  CHECK(core.ready().empty());
  CHECK(core.active() == 4);
  core.leave(4);
  CHECK(core.ready().empty());  // heavier than the effective limit: it waits for a higher one
  core.setEffectiveLimit(3);
  CHECK(core.ready() == Ready{&heavy});
}

TEST_CASE(
    "a weight above the effective limit and within the ceiling waits; above the ceiling it is "
    "invalid") {
  Core core(limits(4));
  core.setEffectiveLimit(2);
  CHECK(core.tryEnter(3).verdict == Verdict::contended);
  CHECK(core.tryEnter(4).verdict == Verdict::contended);
  CHECK(core.tryEnter(5).verdict == Verdict::invalid);
  Probe heavy;
  queue(core, heavy, 4);
  core.configure(toPermits(3));  // the ceiling falls below its weight
  CHECK(core.ready() == Ready{&heavy});
  CHECK(heavy.verdict == Verdict::rejected);
}

TEST_CASE("with an effective limit of 0 no call enters, and waiting calls time out") {
  Core core(limits(2, 10, 5s));
  core.setEffectiveLimit(0);
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK_FALSE(core.admission.take(1));
  Probe waits, late;
  queue(core, waits);
  core.now += 5s;
  core.expire();
  CHECK(core.ready() == Ready{&waits});
  CHECK(waits.verdict == Verdict::timedOut);
  queue(core, late);
  core.setEffectiveLimit(1);
  CHECK(core.ready() == Ready{&late});
  CHECK(late.verdict == Verdict::granted);
}

TEST_CASE("a raised effective limit admits no call whose time has passed") {
  Core core(limits(2, 10, 5s));
  core.setEffectiveLimit(0);
  Probe late, waits;
  queue(core, late);
  queue(core, waits, 1, 10s);
  core.now += 5s;
  core.setEffectiveLimit(2);
  CHECK(core.ready() == Ready{&late, &waits});
  CHECK(late.verdict == Verdict::timedOut);
  CHECK(waits.verdict == Verdict::granted);
}

TEST_CASE("an effective limit above the ceiling follows the ceiling") {
  Core core(limits(2));
  core.setEffectiveLimit(10);
  CHECK(core.admission.effectiveLimit() == 2);
  core.configure(toPermits(20));
  CHECK(core.admission.effectiveLimit() == 10);
  core.configure(toPermits(5));
  CHECK(core.admission.effectiveLimit() == 5);
}

TEST_CASE("the effective limit is no part of the configuration") {
  Core core(limits(4));
  core.setEffectiveLimit(1);
  CHECK(core.admission.limits() == limits(4));
  CHECK(core.admission.numbers().permits == 4);
  Wakeups out;
  CHECK_FALSE(core.admission.configure(toPermits(4), core.now, out));  // nothing has changed
}

TEST_CASE("saturation follows the effective limit") {
  Core core(limits(4, 0));
  hold(core, 2);
  CHECK_FALSE(core.admission.saturated());
  core.setEffectiveLimit(2);
  CHECK(core.admission.saturated());
  core.setEffectiveLimit(3);
  CHECK_FALSE(core.admission.saturated());
}

TEST_CASE("observe mode counts what the effective limit would have delayed") {
  Core core(limits(4, 10, 30s, Mode::observe));
  core.setEffectiveLimit(1);
  CHECK_FALSE(core.tryEnter().overLimit);
  CHECK(core.tryEnter().overLimit);
}
