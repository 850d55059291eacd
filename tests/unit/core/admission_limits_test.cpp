#include <bulwark/detail/core/limits.hpp>

#include "support/core_stage.hpp"

// --- new limits ----------------------------------------------------------------------------------

TEST_CASE("a raised limit admits as many calls as it adds permits") {
  Core core(limits(1));
  hold(core);
  std::vector<Probe> probes(10);
  for (Probe& probe : probes) queue(core, probe);
  core.configure(toPermits(6));
  CHECK(core.ready() == Ready{&probes[0], &probes[1], &probes[2], &probes[3], &probes[4]});
  CHECK(core.active() == 6);
  CHECK(core.queued() == 5);
}

TEST_CASE("a lowered limit interrupts no call, and surplus permits are not granted again") {
  Core core(limits(5));
  for (int i = 0; i < 5; ++i) hold(core);
  Probe waits;
  queue(core, waits);
  core.configure(toPermits(2));
  CHECK(core.active() == 5);
  for (int i = 0; i < 3; ++i) {
    core.leave();
    CHECK(core.ready().empty());
  }
  core.leave();
  CHECK(core.ready() == Ready{&waits});
  CHECK(core.active() == 2);
}

TEST_CASE(
    "after the limit is lowered a new call is admitted as soon as active is below the limit") {
  Core core(limits(3));
  for (int i = 0; i < 3; ++i) hold(core);
  core.configure(toPermits(2));
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.leave());
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.leave());
  CHECK(core.tryEnter().verdict == Verdict::granted);
}

TEST_CASE("lowering and raising the limit without a release grants nothing") {
  Core core(limits(5));
  hold(core, 5);
  Probe waits;
  queue(core, waits);
  core.configure(toPermits(2));
  core.configure(toPermits(5));
  CHECK(core.ready().empty());
  CHECK(core.active() == 5);
}

TEST_CASE("a lowered limit rejects the waiting calls that can never fit and no others") {
  Core core(limits(4));
  hold(core, 4);
  Probe one, three, two, four;
  queue(core, one, 1);
  queue(core, three, 3);
  queue(core, two, 2);
  queue(core, four, 4);
  core.configure(toPermits(2));
  CHECK(core.ready() == Ready{&three, &four});
  CHECK(three.verdict == Verdict::rejected);
  CHECK(four.verdict == Verdict::rejected);
  CHECK(core.queued() == 2);
  core.leave(4);
  CHECK(core.ready() == Ready{&one});
  core.leave();
  CHECK(core.ready() == Ready{&two});
}

TEST_CASE("a smaller queue does not evict waiting calls, and accepts none until it has room") {
  Core core(limits(1, 3));
  hold(core);
  Probe a, b, c, d;
  for (Probe* probe : {&a, &b, &c}) queue(core, *probe);
  core.configure(toQueue(1));
  CHECK(core.queued() == 3);
  core.leave();
  core.leave();
  CHECK(core.ready() == Ready{&a, &b});
  CHECK(core.tryEnter().verdict == Verdict::rejected);
  core.leave();
  queue(core, d);
}

TEST_CASE("a larger queue accepts calls at once") {
  Core core(limits(1, 0));
  hold(core);
  CHECK(core.tryEnter().verdict == Verdict::rejected);
  core.configure(toQueue(1));
  Probe waits;
  queue(core, waits);
}

TEST_CASE("a new timeout applies to calls that queue afterwards") {
  Core core(limits(1, 10, 30s));
  hold(core);
  Probe before, after;
  queue(core, before);
  core.configure(toTimeout(5s));
  queue(core, after);
  CHECK(before.deadline == 1h + 30s);
  CHECK(after.deadline == 1h + 5s);
  CHECK(core.admission.timeout() == 5s);
}

TEST_CASE("an update changes the fields that it names and no others") {
  Core core(limits(3, 4, 5s));
  core.configure(toQueue(9));
  CHECK(core.admission.limits().permits == 3);
  CHECK(core.admission.limits().maxQueueSize == 9);
  CHECK(core.admission.limits().timeout == 5s);
  CHECK(core.admission.limits().mode == Mode::enforce);
  core.configure({.permits = 7, .maxQueueSize = {}, .timeout = 1s, .mode = Mode::observe});
  CHECK(core.admission.limits().permits == 7);
  CHECK(core.admission.limits().maxQueueSize == 9);
  CHECK(core.admission.limits().timeout == 1s);
  CHECK(core.admission.limits().mode == Mode::observe);
}

TEST_CASE("any number of new configurations leaves the permits unchanged") {
  Core core(limits(3));
  hold(core, 2);
  for (std::size_t i = 0; i < 200; ++i)
    core.configure(toPermits(3 + i % 2));  // the generation wraps around
  CHECK(core.active() == 2);
  CHECK(core.admission.limits().mode == Mode::enforce);
  hold(core, 2);
  CHECK(core.leave(4));
  CHECK(core.active() == 0);
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("mode observe admits every call and reports the ones above the limit") {
  Core core(limits(2, 10, 30s, Mode::observe));
  CHECK_FALSE(core.tryEnter(2).overLimit);
  const Entry over = core.tryEnter(1);
  CHECK(over.verdict == Verdict::granted);
  CHECK(over.held == 1);
  CHECK(over.overLimit);
  CHECK(core.active() == 3);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
}

TEST_CASE("mode observe accepts every weight and counts at most maxPermits") {
  Core core(limits(2, 10, 30s, Mode::observe));
  const Entry heavy = core.tryEnter(100);
  CHECK(heavy.held == 100);
  CHECK(heavy.overLimit);
  const Entry huge = core.tryEnter(unlimited);
  CHECK(huge.verdict == Verdict::granted);
  CHECK(huge.held == maxPermits - 100);
  CHECK(core.active() == maxPermits);
  const Entry another = core.tryEnter(1);
  CHECK(another.verdict == Verdict::bypassed);
  CHECK(another.held == 0);
  core.leave(huge.held);
  core.leave(heavy.held);
  CHECK(core.active() == 0);
}

TEST_CASE("a switch to observe grants the whole queue at once") {
  Core core(limits(3));
  hold(core, 2);
  Probe fits, over, heavy;
  queue(core, fits, 2);
  queue(core, over, 1);
  queue(core, heavy, 3);
  core.configure(toMode(Mode::observe));
  CHECK(core.ready() == Ready{&fits, &over, &heavy});
  for (const Probe* probe : {&fits, &over, &heavy}) CHECK(probe->verdict == Verdict::granted);
  CHECK(fits.overLimit);  // 2 + 2 > 3
  CHECK(over.overLimit);
  CHECK(heavy.weight == 3);
  CHECK(core.active() == 8);
  CHECK(core.queued() == 0);
  CHECK(core.admission.numbers().running == 4);
}

TEST_CASE("a call that fits the new limit is not over the limit in a switch to observe") {
  Core core(limits(3));
  hold(core, 3);
  Probe waits;
  queue(core, waits);
  core.configure({.permits = 4, .maxQueueSize = {}, .timeout = {}, .mode = Mode::observe});
  CHECK(waits.verdict == Verdict::granted);
  CHECK_FALSE(waits.overLimit);
}

TEST_CASE("a switch to off lets the whole queue bypass the limiter") {
  Core core(limits(1));
  hold(core);
  Probe a, b;
  queue(core, a);
  queue(core, b);
  core.configure(toMode(Mode::off));
  CHECK(core.ready() == Ready{&a, &b});
  CHECK(a.verdict == Verdict::bypassed);
  CHECK(b.verdict == Verdict::bypassed);
  CHECK(core.active() == 1);
  CHECK(core.tryEnter(1'000).verdict == Verdict::bypassed);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
  CHECK(core.active() == 1);
}

TEST_CASE("after a switch back to enforce new calls wait until the surplus is released") {
  Core core(limits(1, 10, 30s, Mode::observe));
  for (int i = 0; i < 3; ++i) REQUIRE(core.tryEnter().verdict == Verdict::granted);
  core.configure(toMode(Mode::enforce));
  CHECK(core.active() == 3);
  Probe waits;
  queue(core, waits);
  core.leave();
  core.leave();
  CHECK(core.ready().empty());
  core.leave();
  CHECK(core.ready() == Ready{&waits});
}
