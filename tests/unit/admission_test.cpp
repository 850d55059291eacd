#include <bulwark/detail/admission.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// The admission core, driven step by step: no Asio, no clock, no thread.

using namespace std::chrono_literals;
using bulwark::maxPermits;
using bulwark::Mode;
using bulwark::unlimited;
using bulwark::detail::Admission;
using bulwark::detail::CancelLink;
using bulwark::detail::Entry;
using bulwark::detail::Instant;
using bulwark::detail::Limits;
using bulwark::detail::LimitsUpdate;
using bulwark::detail::never;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::Wakeups;
using Action = Admission::AlarmPlan::Action;

namespace {

struct Probe final : Waiter {
  // The core only hands out lists; whoever drives it wakes.
  void wake() noexcept override { FAIL("the core woke somebody"); }
  void discard() noexcept override { FAIL("the core discarded somebody"); }
};

using Ready = std::vector<const Waiter*>;

/// The core with a time, and notes of what it made ready.
class Core {
  template <typename F>
  auto noting(F f) {
    struct Noter {
      ~Noter() {
        while (Waiter* waiter = out.ready.pop()) core.ready_.push_back(waiter);
        core.alarm = out.alarm;
        core.lastOut = out.lastOut;
      }
      Core& core;
      Wakeups out;
    };
    Noter noter{*this, {}};
    return f(noter.out);
  }

 public:
  explicit Core(const Limits& limits) : admission(limits) {}

  Entry tryEnter(std::size_t weight = 1, std::optional<Instant> timeout = {}) {
    return admission.tryEnter(weight, timeout);
  }
  Entry enter(Waiter& waiter, std::size_t weight = 1, std::optional<Instant> timeout = {},
              CancelLink* link = nullptr) {
    return noting(
        [&](Wakeups& out) { return admission.enter(weight, timeout, now, &waiter, link, out); });
  }
  Entry enterNow(std::size_t weight = 1) {
    return noting([&](Wakeups& out) {
      return admission.enter(weight, Instant{0}, now, nullptr, nullptr, out);
    });
  }
  /// Whether it went without the lock.
  bool leave(std::size_t held = 1) {
    alarm = lastOut = false;
    if (admission.leave(held)) return true;
    noting([&](Wakeups& out) { admission.leaveLocked(held, now, out); });
    return false;
  }
  bool cancel(CancelLink& link) {
    return noting([&](Wakeups& out) { return admission.cancel(link, now, out); });
  }
  bool giveUp(Waiter& waiter) {
    return noting([&](Wakeups& out) { return admission.giveUp(waiter, now, out); });
  }
  bool expire(std::size_t most = 1000) {
    return noting([&](Wakeups& out) { return admission.expire(most, now, out); });
  }
  void drain(Waiter& waiter, Instant within = never, CancelLink* link = nullptr) {
    noting([&](Wakeups& out) { admission.drain(within, now, waiter, link, out); });
  }
  void resume() {
    noting([&](Wakeups& out) { admission.resume(out); });
  }
  void configure(const LimitsUpdate& update) {
    noting([&](Wakeups& out) { admission.configure(update, now, out); });
  }
  bool close() {
    return noting([&](Wakeups& out) { return admission.close(out); });
  }
  void abandon() {
    noting([&](Wakeups& out) { admission.abandon(out); });
  }

  /// Who became ready since the last time, in order.
  Ready ready() { return std::exchange(ready_, {}); }
  std::size_t active() const { return admission.numbers().active; }
  std::size_t queued() const { return admission.numbers().queued; }

  Admission admission;
  Instant now = 1h;
  bool alarm = false;    // of the last step
  bool lastOut = false;  // of the last step

 private:
  Ready ready_;
};

Limits limits(std::size_t permits, std::size_t maxQueueSize = 10, Instant timeout = 30s,
              Mode mode = Mode::enforce) {
  return {.permits = permits, .maxQueueSize = maxQueueSize, .timeout = timeout, .mode = mode};
}

LimitsUpdate toPermits(std::size_t permits) {
  LimitsUpdate update;
  update.permits = permits;
  return update;
}
LimitsUpdate toQueue(std::size_t maxQueueSize) {
  LimitsUpdate update;
  update.maxQueueSize = maxQueueSize;
  return update;
}
LimitsUpdate toTimeout(Instant timeout) {
  LimitsUpdate update;
  update.timeout = timeout;
  return update;
}
LimitsUpdate toMode(Mode mode) {
  LimitsUpdate update;
  update.mode = mode;
  return update;
}

/// Takes permits that must be there.
void hold(Core& core, std::size_t weight = 1) {
  const Entry entry = core.tryEnter(weight);
  REQUIRE(entry.verdict == Verdict::granted);
  REQUIRE(entry.held == weight);
}

void queue(Core& core, Waiter& waiter, std::size_t weight = 1, std::optional<Instant> timeout = {},
           CancelLink* link = nullptr) {
  REQUIRE(core.enter(waiter, weight, timeout, link).verdict == Verdict::waiting);
  REQUIRE(waiter.verdict == Verdict::waiting);
}

}  // namespace

// --- the way in --------------------------------------------------------------------------------

TEST_CASE("permits are granted up to the limit, and then the lock has to decide") {
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

TEST_CASE("a call takes as many permits as it weighs, and all or none") {
  Core core(limits(5));
  CHECK(core.tryEnter(3).held == 3);
  CHECK(core.tryEnter(3).verdict == Verdict::contended);
  CHECK(core.active() == 3);
  CHECK(core.tryEnter(2).held == 2);
  CHECK(core.active() == 5);
  CHECK(core.admission.numbers().running == 2);
}

TEST_CASE("a weight of nothing, or above what there is, is invalid") {
  Core core(limits(2));
  for (const std::size_t weight : {std::size_t{0}, std::size_t{3}, maxPermits + 1, unlimited}) {
    CHECK(core.tryEnter(weight).verdict == Verdict::invalid);
    Probe probe;
    CHECK(core.enter(probe, weight).verdict == Verdict::invalid);
  }
  CHECK(core.tryEnter(2).verdict == Verdict::granted);
  CHECK(core.ready().empty());
}

TEST_CASE("a limit above all permits hands out maxPermits, and tells what was configured") {
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

TEST_CASE("without room a call that may not wait is rejected, without the lock") {
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
  SECTION("no time, by its own timeout or by the configured one") {
    Core core(limits(1, 10, 0s));
    hold(core);
    CHECK(core.tryEnter().verdict == Verdict::rejected);
    CHECK(core.tryEnter(1, 1ns).verdict == Verdict::contended);
    CHECK(core.tryEnter(1, 0ns).verdict == Verdict::rejected);
    CHECK(core.tryEnter(1, -1h).verdict == Verdict::rejected);
  }
}

TEST_CASE("with room a call is granted whatever its timeout") {
  Core core(limits(3, 0, 0s));
  CHECK(core.tryEnter().verdict == Verdict::granted);
  CHECK(core.tryEnter(1, 0ns).verdict == Verdict::granted);
  CHECK(core.tryEnter(1, -1ns).verdict == Verdict::granted);
}

TEST_CASE("the lock grants, refuses or queues") {
  Core core(limits(1, 1));
  Probe granted;
  CHECK(core.enter(granted).verdict == Verdict::granted);
  CHECK(granted.verdict == Verdict::waiting);  // was never asked
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

TEST_CASE("a call waits for its own timeout, or else for the configured one, or for ever") {
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

TEST_CASE("permits that come back go to whoever waits first") {
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

TEST_CASE("a granted permit was never free in between") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  CHECK_FALSE(core.admission.leave(1));  // still holds it
  CHECK(core.active() == 1);
  CHECK(core.tryEnter().verdict == Verdict::contended);
  Wakeups out;
  core.admission.leaveLocked(1, core.now, out);
  CHECK(out.ready.pop() == &waits);  // not yet woken
  CHECK(core.active() == 1);
  CHECK(core.tryEnter().verdict == Verdict::contended);
}

TEST_CASE("the moment of the grant is noted") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  core.now += 3s;
  core.leave();
  CHECK(waits.since == 1h);
  CHECK(waits.deadline == 1h + 3s);
}

TEST_CASE("a newcomer never overtakes a call that waits, though there is room for it") {
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

TEST_CASE("several permits that come back at once let in as many as fit") {
  Core core(limits(4));
  hold(core, 3);
  hold(core, 1);
  Probe a, b, c, d;
  for (Probe* probe : {&a, &b, &c, &d}) queue(core, *probe);
  core.leave(3);
  CHECK(core.ready() == Ready{&a, &b, &c});
  CHECK(core.queued() == 1);
}

TEST_CASE("a heavy call at the head holds the line until its permits are there") {
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

// --- leaving the queue ---------------------------------------------------------------------------

TEST_CASE("a heavy head that leaves lets in who waits behind it, by whatever way it leaves") {
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
  SECTION("timed out by the alarm") {
    core.now += 5s;
    CHECK_FALSE(core.expire());
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("given up") {
    CHECK(core.giveUp(heavy));
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("overdue when the next call comes") {
    core.now += 5s;
    CHECK(core.enter(other).verdict == Verdict::waiting);
    CHECK(heavy.verdict == Verdict::timedOut);
  }
  SECTION("made impossible by a smaller limit") {
    // There is no room for the second one, though: 2 are active.
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

TEST_CASE("a call that leaves from the middle changes nobody's turn") {
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

TEST_CASE("the place of a call that left is free at once") {
  Core core(limits(1, 1));
  hold(core);
  Probe first, second;
  CancelLink link;
  queue(core, first, 1, {}, &link);
  CHECK(core.tryEnter().verdict == Verdict::rejected);
  CHECK(core.cancel(link));
  queue(core, second);
}

TEST_CASE("cancelling works once, and only while the call waits") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  CancelLink link;
  queue(core, waits, 1, {}, &link);
  CHECK(link.waiter == &waits);
  SECTION("not twice") {
    CHECK(core.cancel(link));
    CHECK(core.ready() == Ready{&waits});
  }
  SECTION("not after the grant") { core.leave(); }
  SECTION("not after the timeout") {
    core.now += 30s;
    core.expire();
  }
  SECTION("not after the end of the bulkhead") { core.close(); }
  const Verdict before = waits.verdict;
  CHECK(link.waiter == nullptr);
  CHECK(waits.cancel == nullptr);
  core.ready();
  CHECK_FALSE(core.cancel(link));
  CHECK(waits.verdict == before);
  CHECK(core.ready().empty());
}

TEST_CASE("a link that goes away leaves its call waiting") {
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

TEST_CASE("giving up decides nothing that is decided already") {
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

TEST_CASE("a deadline has passed when it is reached, and not before") {
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

TEST_CASE("deadlines of any order pass in order of time, equal ones in order of arrival") {
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

TEST_CASE("a mass of deadlines passes in slices, and nobody is let in before the last") {
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

TEST_CASE("a call whose timeout has passed is not granted, however late the alarm") {
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

TEST_CASE("whoever decides about the queue puts out first what is overdue") {
  Core core(limits(1, 1));
  hold(core);
  Probe overdue, next, drains;
  queue(core, overdue, 1, 5s);
  core.now += 5s;
  SECTION("a call that comes gets its place") {
    CHECK(core.tryEnter().verdict == Verdict::rejected);  // what is seen without the lock may lag
    CHECK(core.enter(next).verdict == Verdict::waiting);
  }
  SECTION("a drain") {
    core.drain(drains);
    CHECK(overdue.verdict == Verdict::timedOut);
  }
  SECTION("a new configuration, though it would let everybody in") { core.configure(toPermits(9)); }
  CHECK(overdue.verdict == Verdict::timedOut);
  CHECK(core.ready() == Ready{&overdue});
  CHECK(core.active() == 1);
}

// --- new limits ----------------------------------------------------------------------------------

TEST_CASE("more permits let in exactly as many as there are new ones") {
  Core core(limits(1));
  hold(core);
  std::vector<Probe> probes(10);
  for (Probe& probe : probes) queue(core, probe);
  core.configure(toPermits(6));
  CHECK(core.ready() == Ready{&probes[0], &probes[1], &probes[2], &probes[3], &probes[4]});
  CHECK(core.active() == 6);
  CHECK(core.queued() == 5);
}

TEST_CASE("fewer permits interrupt nobody, and the surplus is not handed on") {
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

TEST_CASE("after fewer permits a new call is admitted as soon as active is below the limit") {
  Core core(limits(3));
  for (int i = 0; i < 3; ++i) hold(core);
  core.configure(toPermits(2));
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.leave());
  CHECK(core.tryEnter().verdict == Verdict::contended);
  CHECK(core.leave());
  CHECK(core.tryEnter().verdict == Verdict::granted);
}

TEST_CASE("down and up again without a release grants nothing") {
  Core core(limits(5));
  hold(core, 5);
  Probe waits;
  queue(core, waits);
  core.configure(toPermits(2));
  core.configure(toPermits(5));
  CHECK(core.ready().empty());
  CHECK(core.active() == 5);
}

TEST_CASE("a smaller limit refuses every waiting call that can never fit, and no other") {
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

TEST_CASE("a smaller queue puts nobody out, and takes nobody until there is place") {
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

TEST_CASE("a larger queue takes calls at once") {
  Core core(limits(1, 0));
  hold(core);
  CHECK(core.tryEnter().verdict == Verdict::rejected);
  core.configure(toQueue(1));
  Probe waits;
  queue(core, waits);
}

TEST_CASE("a new timeout holds for calls that queue from then on") {
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

TEST_CASE("an update changes what it names and nothing else") {
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

TEST_CASE("any number of new configurations leaves the permits as they are") {
  Core core(limits(3));
  hold(core, 2);
  for (std::size_t i = 0; i < 200; ++i) core.configure(toPermits(3 + i % 2));  // versions wrap
  CHECK(core.active() == 2);
  CHECK(core.admission.limits().mode == Mode::enforce);
  hold(core, 2);
  CHECK(core.leave(4));
  CHECK(core.active() == 0);
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("observing lets everybody in and tells what would not have been") {
  Core core(limits(2, 10, 30s, Mode::observe));
  CHECK_FALSE(core.tryEnter(2).overLimit);
  const Entry over = core.tryEnter(1);
  CHECK(over.verdict == Verdict::granted);
  CHECK(over.held == 1);
  CHECK(over.overLimit);
  CHECK(core.active() == 3);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
}

TEST_CASE("observing finds no weight too large, and what the word cannot hold is not counted") {
  Core core(limits(2, 10, 30s, Mode::observe));
  const Entry heavy = core.tryEnter(100);
  CHECK(heavy.held == 100);
  CHECK(heavy.overLimit);
  const Entry huge = core.tryEnter(unlimited);
  CHECK(huge.verdict == Verdict::granted);
  CHECK(huge.held == maxPermits - 100);
  CHECK(core.active() == maxPermits);
  const Entry another = core.tryEnter(1);
  CHECK(another.verdict == Verdict::passed);
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

TEST_CASE("who would have fitted is not over the limit, in a switch to observe") {
  Core core(limits(3));
  hold(core, 3);
  Probe waits;
  queue(core, waits);
  core.configure({.permits = 4, .maxQueueSize = {}, .timeout = {}, .mode = Mode::observe});
  CHECK(waits.verdict == Verdict::granted);
  CHECK_FALSE(waits.overLimit);
}

TEST_CASE("a switch to off lets the whole queue pass, and holds nothing for it") {
  Core core(limits(1));
  hold(core);
  Probe a, b;
  queue(core, a);
  queue(core, b);
  core.configure(toMode(Mode::off));
  CHECK(core.ready() == Ready{&a, &b});
  CHECK(a.verdict == Verdict::passed);
  CHECK(b.verdict == Verdict::passed);
  CHECK(core.active() == 1);
  CHECK(core.tryEnter(1'000).verdict == Verdict::passed);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
  CHECK(core.active() == 1);
}

TEST_CASE("back in enforce the limit holds for whoever comes, until the surplus is back") {
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

// --- drain ---------------------------------------------------------------------------------------

TEST_CASE("draining an idle bulkhead is over at once, any number of times") {
  Core core(limits(1));
  Probe first, second;
  core.drain(first);
  core.drain(second, 0ns);
  CHECK(core.ready() == Ready{&first, &second});
  CHECK(first.verdict == Verdict::granted);
  CHECK(second.verdict == Verdict::granted);
}

TEST_CASE("a drain puts the queue out in order, refuses, and waits for the last permit") {
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

TEST_CASE("all drains that wait are over with the last permit, in order") {
  Core core(limits(1));
  hold(core);
  Probe first, second;
  core.drain(first);
  core.drain(second, 1min);
  core.leave();
  CHECK(core.ready() == Ready{&first, &second});
}

TEST_CASE("a drain within a time looks once, or times out, and the bulkhead stays closed") {
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

TEST_CASE("a drain whose time has passed has timed out, though the last permit comes back then") {
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

TEST_CASE("resuming opens the bulkhead and aborts a drain that is under way") {
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

TEST_CASE("resuming what was never drained changes nothing") {
  Core core(limits(1));
  hold(core);
  Probe waits;
  queue(core, waits);
  core.resume();
  CHECK(core.ready().empty());
  CHECK(core.queued() == 1);
}

TEST_CASE("observing refuses while it drains, and off passes") {
  Core core(limits(1, 10, 30s, Mode::observe));
  Probe drains;
  core.drain(drains);
  CHECK(core.tryEnter().verdict == Verdict::drained);
  core.configure(toMode(Mode::off));
  CHECK(core.tryEnter().verdict == Verdict::passed);
}

TEST_CASE("a new configuration opens nothing that drains") {
  Core core(limits(1));
  Probe drains;
  core.drain(drains);
  core.configure(toPermits(5));
  CHECK(core.tryEnter().verdict == Verdict::drained);
}

TEST_CASE("an invalid weight is invalid while it drains, too") {
  Core core(limits(1));
  Probe drains;
  core.drain(drains);
  CHECK(core.tryEnter(2).verdict == Verdict::invalid);
  CHECK(core.tryEnter(0).verdict == Verdict::invalid);
}

// --- the end -------------------------------------------------------------------------------------

TEST_CASE("closing an idle bulkhead leaves the state to whoever closes it") {
  Core core(limits(1));
  CHECK(core.close());
  CHECK(core.ready().empty());
}

TEST_CASE("closing aborts everybody who waits, and leaves the state to the last permit") {
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

TEST_CASE("closing aborts a drain that is under way") {
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

TEST_CASE("after closing everything is aborted, and nothing opens it again") {
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

TEST_CASE("when its context goes everybody who waits is abandoned and nobody enters") {
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

TEST_CASE("a drain that is under way when the context goes is abandoned") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains);
  core.abandon();
  CHECK(core.ready() == Ready{&drains});
  CHECK(drains.verdict == Verdict::abandoned);
}

// --- the alarm -----------------------------------------------------------------------------------

TEST_CASE("an alarm is planned when a call first waits with a finite timeout") {
  Core core(limits(1));
  CHECK(core.admission.planAlarm().action == Action::keep);
  hold(core);
  CHECK(core.admission.planAlarm().action == Action::keep);
  Probe endless, waits;
  queue(core, endless, 1, never);
  CHECK_FALSE(core.alarm);
  queue(core, waits, 1, 5s);
  CHECK(core.alarm);
  const auto plan = core.admission.planAlarm();
  CHECK(plan.action == Action::set);
  CHECK(plan.when == 1h + 5s);
  CHECK(core.admission.planAlarm().action == Action::keep);
}

TEST_CASE("a thread that looks at the clock itself needs no alarm") {
  Core core(limits(1));
  hold(core);
  Probe thread;
  thread.selfTimed = true;
  queue(core, thread, 1, 5s);
  CHECK_FALSE(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::keep);
}

TEST_CASE("the alarm moves for an earlier deadline and stays for a later one") {
  Core core(limits(1));
  hold(core);
  Probe first, later, earlier;
  queue(core, first, 1, 5s);
  const auto plan = core.admission.planAlarm();
  queue(core, later, 1, 9s);
  CHECK_FALSE(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::keep);
  queue(core, earlier, 1, 2s);
  CHECK(core.alarm);
  const auto moved = core.admission.planAlarm();
  CHECK(moved.action == Action::set);
  CHECK(moved.when == 1h + 2s);
  CHECK(moved.generation != plan.generation);
}

TEST_CASE("an alarm that rang is set again for the next deadline") {
  Core core(limits(1));
  hold(core);
  Probe first, second;
  queue(core, first, 1, 5s);
  queue(core, second, 1, 9s);
  const auto plan = core.admission.planAlarm();
  core.now += 5s;
  core.admission.alarmGone(plan.generation);
  CHECK_FALSE(core.expire());
  CHECK(core.ready() == Ready{&first});
  CHECK(core.alarm);
  const auto next = core.admission.planAlarm();
  CHECK(next.action == Action::set);
  CHECK(next.when == 1h + 9s);
}

TEST_CASE("an alarm that was replaced cannot unset the one that replaced it") {
  Core core(limits(1));
  hold(core);
  Probe first, earlier;
  queue(core, first, 1, 5s);
  const auto old = core.admission.planAlarm();
  queue(core, earlier, 1, 2s);
  const auto plan = core.admission.planAlarm();
  core.admission.alarmGone(old.generation);
  CHECK(core.admission.planAlarm().action == Action::keep);
  core.admission.alarmGone(plan.generation);
  CHECK(core.admission.planAlarm().action == Action::set);
}

TEST_CASE("the alarm is called off when no deadline is left, whatever still runs") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, endless, drains;
  CancelLink link;
  queue(core, waits, 1, 5s, &link);
  queue(core, endless, 1, never);
  core.admission.planAlarm();
  SECTION("cancelled") { CHECK(core.cancel(link)); }
  SECTION("given up") { CHECK(core.giveUp(waits)); }
  SECTION("drained") { core.drain(drains); }
  SECTION("destroyed") { CHECK_FALSE(core.close()); }
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::cancel);
  CHECK_FALSE(core.admission.idleAlarm());
  CHECK(core.active() == 2);
}

TEST_CASE("after a grant the alarm is called off when the call begins, or leaves") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, next;
  queue(core, waits, 1, 5s);
  core.admission.planAlarm();
  CHECK_FALSE(core.leave());
  CHECK(waits.verdict == Verdict::granted);
  CHECK_FALSE(core.alarm);
  CHECK(core.admission.idleAlarm());
  SECTION("it begins") { CHECK(core.admission.planAlarm().action == Action::cancel); }
  SECTION("it leaves") {
    CHECK_FALSE(core.leave());
    CHECK(core.alarm);
    CHECK(core.admission.planAlarm().action == Action::cancel);
  }
  SECTION("another one queues first") {
    queue(core, next, 1, 5s);
    CHECK_FALSE(core.alarm);
    CHECK_FALSE(core.admission.idleAlarm());
    CHECK(core.admission.planAlarm().action == Action::keep);
    return;
  }
  SECTION("it rings first") {
    core.admission.alarmGone(1);
    CHECK_FALSE(core.expire());
    CHECK_FALSE(core.alarm);
  }
  CHECK_FALSE(core.admission.idleAlarm());
  CHECK(core.leave());  // without an alarm: no lock
}

TEST_CASE("after a grant to a thread, which looks at no alarm, it is called off at once") {
  Core core(limits(1));
  hold(core);
  Probe thread;
  thread.selfTimed = true;
  queue(core, thread, 1, 5s);
  core.admission.wishAlarm(1h + 5s);
  core.admission.planAlarm();
  CHECK_FALSE(core.leave());
  CHECK(thread.verdict == Verdict::granted);
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::cancel);
}

TEST_CASE("a wish makes the next plan early enough, once") {
  Core core(limits(1));
  hold(core);
  CHECK(core.admission.alarmTooLate(1h + 5s));
  core.admission.wishAlarm(1h + 5s);
  core.admission.wishAlarm(1h + 9s);
  const auto plan = core.admission.planAlarm();
  CHECK(plan.action == Action::set);
  CHECK(plan.when == 1h + 5s);
  CHECK_FALSE(core.admission.alarmTooLate(1h + 5s));
  CHECK(core.admission.alarmTooLate(1h + 5s - 1ns));
  CHECK(core.admission.planAlarm().action == Action::cancel);  // nothing wishes for it any more
}

TEST_CASE("a wish of a call that is over sets no alarm") {
  // Its turn at the alarm was left to a thread that comes to it late.
  Core core(limits(1));
  core.admission.wishAlarm(1h + 5s);
  hold(core);
  CHECK(core.leave());
  CHECK(core.admission.planAlarm().action == Action::keep);
  hold(core);
  CHECK(core.leave());  // without an alarm: no lock
}

TEST_CASE("a wish ends when its call enters") {
  // Its turn at the alarm was left to a thread that comes to it late, and another call goes on.
  Core core(limits(1, 1));
  hold(core);
  Probe waits, refused, drains;
  SECTION("a call") {
    queue(core, waits, 1, never);
    core.admission.wishAlarm(1h + 5s);
    CHECK(core.enter(refused).verdict == Verdict::rejected);
  }
  SECTION("a drain") {
    core.admission.wishAlarm(1h + 5s);
    core.drain(drains, 0s);
    CHECK(drains.verdict == Verdict::timedOut);
  }
  CHECK(core.admission.planAlarm().action == Action::keep);
}

TEST_CASE("a wish of a call that does not queue leaves no alarm behind") {
  Core core(limits(1, 1));
  hold(core);
  Probe waits, refused;
  queue(core, waits, 1, never);
  core.admission.wishAlarm(1h + 5s);
  CHECK(core.admission.planAlarm().action == Action::set);
  CHECK(core.enter(refused).verdict == Verdict::rejected);
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::cancel);
}

TEST_CASE("a drain within a time needs an alarm") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains, 5s);
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().when == 1h + 5s);
}

// --- numbers -------------------------------------------------------------------------------------

TEST_CASE("numbers tell permits, calls, the queue, the limits and the peaks") {
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

TEST_CASE("reset sets the peaks to the present") {
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

TEST_CASE("peaks that are taken are those since they were taken last") {
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
  core.leave(3);  // and both go in
  takes(3, 2);
  takes(2, 0);  // what is there begins the interval
  core.leave(1);
  takes(2, 0);
  takes(1, 0);
  // Who reads the numbers knows the highest of all.
  CHECK(core.admission.numbers().peakActive == 3);
  CHECK(core.admission.numbers().peakQueued == 2);
}

TEST_CASE("a reset tells the peaks of the interval that it ends, and begins with the present") {
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

TEST_CASE("a bulkhead is over when it is destroyed and its last permit is back") {
  Core core(limits(2));
  hold(core, 2);
  CHECK_FALSE(core.admission.over());
  Wakeups out;
  CHECK_FALSE(core.admission.close(out));
  CHECK_FALSE(core.admission.over());
  core.leave(2);
  CHECK(core.admission.over());
}
