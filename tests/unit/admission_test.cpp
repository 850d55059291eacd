#include <bulwark/detail/admission.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// Drives the admission core step by step, without Asio, a clock or threads.

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
  // The core only returns lists of waiters. Its owner wakes them.
  void wake() noexcept override { FAIL("the core woke a waiter"); }
  void discard() noexcept override { FAIL("the core discarded a waiter"); }
};

using Ready = std::vector<const Waiter*>;

/// The core with a time of its own. Records the waiters that each step makes ready.
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
  /// Returns whether the permits were released without the lock.
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

  /// Returns the waiters that became ready since the previous call, in order.
  Ready ready() { return std::exchange(ready_, {}); }
  std::size_t active() const { return admission.numbers().active; }
  std::size_t queued() const { return admission.numbers().queued; }

  Admission admission;
  Instant now = 1h;
  bool alarm = false;    // set by the last step
  bool lastOut = false;  // set by the last step

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

/// Takes permits that must be available.
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
  CHECK(a.verdict == Verdict::passed);
  CHECK(b.verdict == Verdict::passed);
  CHECK(core.active() == 1);
  CHECK(core.tryEnter(1'000).verdict == Verdict::passed);
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
  CHECK(core.tryEnter().verdict == Verdict::passed);
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

// --- the timer -----------------------------------------------------------------------------------

TEST_CASE("the timer is set when a call first waits with a finite timeout") {
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

TEST_CASE("a thread that watches the clock itself needs no timer") {
  Core core(limits(1));
  hold(core);
  Probe thread;
  thread.selfTimed = true;
  queue(core, thread, 1, 5s);
  CHECK_FALSE(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::keep);
}

TEST_CASE("the timer moves for an earlier deadline and stays for a later one") {
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

TEST_CASE("the timer is set again for the next deadline after it expires") {
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

TEST_CASE("the expiry of a replaced timer does not unset its replacement") {
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

TEST_CASE("the timer is cancelled when no deadline is left, even while calls run") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, endless, drains;
  CancelLink link;
  queue(core, waits, 1, 5s, &link);
  queue(core, endless, 1, never);
  core.admission.planAlarm();
  SECTION("the waiting call is cancelled") { CHECK(core.cancel(link)); }
  SECTION("the waiting call is given up") { CHECK(core.giveUp(waits)); }
  SECTION("the waiting call is drained") { core.drain(drains); }
  SECTION("the bulkhead is destroyed") { CHECK_FALSE(core.close()); }
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().action == Action::cancel);
  CHECK_FALSE(core.admission.idleAlarm());
  CHECK(core.active() == 2);
}

TEST_CASE("after a grant the timer is cancelled when the call begins or releases its permit") {
  Core core(limits(2));
  hold(core, 2);
  Probe waits, next;
  queue(core, waits, 1, 5s);
  core.admission.planAlarm();
  CHECK_FALSE(core.leave());
  CHECK(waits.verdict == Verdict::granted);
  CHECK_FALSE(core.alarm);
  CHECK(core.admission.idleAlarm());
  SECTION("the call begins") { CHECK(core.admission.planAlarm().action == Action::cancel); }
  SECTION("the call releases its permit") {
    CHECK_FALSE(core.leave());
    CHECK(core.alarm);
    CHECK(core.admission.planAlarm().action == Action::cancel);
  }
  SECTION("another call queues first") {
    queue(core, next, 1, 5s);
    CHECK_FALSE(core.alarm);
    CHECK_FALSE(core.admission.idleAlarm());
    CHECK(core.admission.planAlarm().action == Action::keep);
    return;
  }
  SECTION("the timer expires first") {
    core.admission.alarmGone(1);
    CHECK_FALSE(core.expire());
    CHECK_FALSE(core.alarm);
  }
  CHECK_FALSE(core.admission.idleAlarm());
  CHECK(core.leave());  // without the lock, because no timer is set
}

TEST_CASE("a grant to a thread, which does not tend the timer, cancels the timer at once") {
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

TEST_CASE("a timer request makes the next timer early enough, once") {
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
  CHECK(core.admission.planAlarm().action == Action::cancel);  // no request is left
}

TEST_CASE("a timer request of a finished call sets no timer") {
  // The thread that tends the timer gets to it after the call has ended.
  Core core(limits(1));
  core.admission.wishAlarm(1h + 5s);
  hold(core);
  CHECK(core.leave());
  CHECK(core.admission.planAlarm().action == Action::keep);
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

TEST_CASE("a timer request of a call that does not queue leaves no timer behind") {
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

TEST_CASE("a drain with a timeout needs a timer") {
  Core core(limits(1));
  hold(core);
  Probe drains;
  core.drain(drains, 5s);
  CHECK(core.alarm);
  CHECK(core.admission.planAlarm().when == 1h + 5s);
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
  CHECK_FALSE(core.admission.over());
  Wakeups out;
  CHECK_FALSE(core.admission.close(out));
  CHECK_FALSE(core.admission.over());
  core.leave(2);
  CHECK(core.admission.over());
}
