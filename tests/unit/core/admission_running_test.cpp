#include "support/core_stage.hpp"

#include <vector>

// Calls with an execution timeout: overdue at their deadline, unless their work has ended before.

namespace {

/// The timer is set for that time.
bool isSetFor(Core& core, Instant when) {
  const auto step = core.admission.planTimer();
  return step.action == Action::set && step.when == when;
}

}  // namespace

TEST_CASE("a call becomes overdue at its deadline, and not a nanosecond before") {
  Core core(limits(1));
  hold(core);
  Probe call;
  core.begin(call, 5s);
  CHECK(core.timer);
  CHECK(isSetFor(core, 1h + 5s));
  core.now += 5s - 1ns;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue().empty());
  CHECK(core.admission.numbers().overdue == 0);
  core.now += 1ns;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue() == Ready{&call});
  CHECK(core.admission.numbers().overdue == 1);
  CHECK(core.admission.numbers().running == 1);
  core.now += 1h;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue().empty());  // reported once
  CHECK_FALSE(core.end(call));
  CHECK(core.admission.numbers().overdue == 0);
}

TEST_CASE("a call whose work ends at its deadline is in time if no expiry came before") {
  Core core(limits(1));
  hold(core);
  Probe call;
  core.begin(call, 5s);
  core.now += 5s;
  CHECK(core.end(call));
  CHECK_FALSE(core.expire());
  CHECK(core.overdue().empty());
  CHECK(core.admission.numbers().overdue == 0);
}

TEST_CASE("calls become overdue in the order of their deadlines") {
  Core core(limits(5));
  hold(core, 5);
  std::vector<Probe> calls(5);
  const Instant times[] = {5s, 3s, 5s, 9s, 1s};
  for (std::size_t i = 0; i < 5; ++i) core.begin(calls[i], times[i]);
  CHECK(core.end(calls[2]));
  core.now += 6s;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue() == Ready{&calls[4], &calls[1], &calls[0]});
  CHECK(core.admission.numbers().overdue == 3);
  CHECK(core.end(calls[3]));
}

TEST_CASE("the timer serves waiting and running calls") {
  Core core(limits(1));
  hold(core);
  Probe running, waiting;
  core.begin(running, 5s);
  CHECK(isSetFor(core, 1h + 5s));
  queue(core, waiting, 1, 2s);
  CHECK(core.timer);
  const auto plan = core.admission.planTimer();
  CHECK(plan.when == 1h + 2s);
  core.now += 2s;
  core.admission.timerEnded(plan.generation);
  CHECK_FALSE(core.expire());
  CHECK(core.ready() == Ready{&waiting});
  CHECK(core.overdue().empty());
  CHECK(core.timer);
  CHECK(isSetFor(core, 1h + 5s));
  core.now += 3s;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue() == Ready{&running});
}

TEST_CASE("an expiry takes no more calls than its slice, waiting ones first") {
  Core core(limits(4));
  hold(core, 4);
  std::vector<Probe> running(3), waiting(2);
  for (Probe& call : running) core.begin(call, 5s);
  for (Probe& call : waiting) queue(core, call, 1, 5s);
  core.now += 5s;
  CHECK(core.expire(1));
  CHECK(core.ready() == Ready{&waiting[0]});
  CHECK(core.overdue().empty());
  CHECK(core.expire(2));
  CHECK(core.ready() == Ready{&waiting[1]});
  CHECK(core.overdue() == Ready{&running[0]});
  CHECK_FALSE(core.expire(2));
  CHECK(core.overdue() == Ready{&running[1], &running[2]});
}

TEST_CASE("equal timeouts set the timer once until it expires") {
  Core core(limits(9));
  hold(core, 9);
  std::vector<Probe> calls(9);
  core.begin(calls[0], 5s);
  CHECK(isSetFor(core, 1h + 5s));
  for (std::size_t i = 1; i < 9; ++i) {
    core.now += 1ms;
    core.begin(calls[i], 5s);
    CHECK_FALSE(core.timer);
    CHECK(core.end(calls[i - 1]));
    core.drop();
    CHECK_FALSE(core.timer);
  }
}

TEST_CASE("the timer is cancelled when the last call with a timeout is over") {
  Core core(limits(2));
  hold(core, 2);
  Probe first;
  core.begin(first, 5s);
  CHECK(isSetFor(core, 1h + 5s));
  CHECK(core.end(first));
  CHECK(core.admission.planTimer().action == Action::keep);  // its caller may start another
  core.admission.noteTimed();
  core.drop();
  CHECK_FALSE(core.timer);
  CHECK(core.admission.planTimer().action == Action::keep);
  core.drop();
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

TEST_CASE("an overdue call keeps no timer") {
  Core core(limits(2));
  hold(core, 2);
  Probe hung, other;
  core.begin(hung, 1s);
  const auto plan = core.admission.planTimer();
  core.now += 1s;
  core.admission.timerEnded(plan.generation);
  core.expire();
  CHECK(core.overdue() == Ready{&hung});
  CHECK(core.admission.planTimer().action == Action::keep);
  core.begin(other, 1s);
  CHECK(isSetFor(core, 1h + 2s));
  CHECK(core.end(other));
  core.drop();
  CHECK(core.timer);
  CHECK(core.admission.planTimer().action == Action::cancel);
}

TEST_CASE("a call that waited is timed from the start of its work") {
  Core core(limits(1));
  hold(core);
  Probe call;
  queue(core, call, 1, 9s);
  core.now += 2s;
  CHECK_FALSE(core.leave());
  CHECK(core.ready() == Ready{&call});
  core.now += 1s;
  core.begin(call, 5s);
  core.now += 5s - 1ns;
  core.expire();
  CHECK(core.overdue().empty());
  core.now += 1ns;
  core.expire();
  CHECK(core.overdue() == Ready{&call});
  CHECK_FALSE(core.end(call));
}

TEST_CASE("a drain waits for overdue calls, and their timeouts go on") {
  Core core(limits(2));
  hold(core, 2);
  Probe early, late, drain;
  core.begin(early, 1s);
  core.begin(late, 2s);
  core.drain(drain);
  core.now += 2s;
  core.expire();
  CHECK(core.overdue() == Ready{&early, &late});
  CHECK(core.ready().empty());
  CHECK_FALSE(core.end(early));
  core.leave();
  CHECK(core.ready().empty());
  CHECK_FALSE(core.end(late));
  core.leave();
  CHECK(core.ready() == Ready{&drain});
}

TEST_CASE("no timeout fires after the bulkhead, or its context, is destroyed") {
  Core core(limits(3));
  hold(core, 3);
  Probe overdue, running, late;
  core.begin(overdue, 1s);
  core.now += 1s;
  core.expire();
  CHECK(core.overdue() == Ready{&overdue});
  core.begin(running, 1s);
  CHECK(isSetFor(core, 1h + 2s));
  const bool context = GENERATE(false, true);
  if (context) {
    core.abandon();
  } else {
    CHECK_FALSE(core.close());
    CHECK(core.timer);
    CHECK(core.admission.planTimer().action == Action::cancel);
    core.begin(late, 1s);  // it was on its way to the executor
    CHECK_FALSE(core.timer);
  }
  core.now += 1h;
  CHECK_FALSE(core.expire());
  CHECK(core.overdue().empty());
  CHECK(core.end(running));
  CHECK_FALSE(core.end(overdue));
  if (!context) CHECK(core.end(late));
}
