#include <bulwark/detail/core/timer_plan.hpp>

#include <chrono>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::never;
using bulwark::detail::TimerPlan;
using Action = TimerPlan::Action;

TEST_CASE("the timer is set for the earliest deadline, and moved for an earlier one only") {
  TimerPlan plan;
  CHECK_FALSE(plan.isSet());
  CHECK(plan.tooLate(5s));
  const auto set = plan.next(5s, true);
  CHECK(set.action == Action::set);
  CHECK(set.when == 5s);
  CHECK(plan.isSet());
  CHECK_FALSE(plan.tooLate(5s));
  CHECK(plan.next(9s, true).action == Action::keep);
  const auto moved = plan.next(3s, true);
  CHECK(moved.action == Action::set);
  CHECK(moved.when == 3s);
  CHECK(moved.generation != set.generation);
}

TEST_CASE("the timer is cancelled when no deadline is left, once") {
  TimerPlan plan;
  plan.next(5s, true);
  CHECK(plan.next(never, true).action == Action::cancel);
  CHECK_FALSE(plan.isSet());
  CHECK(plan.next(never, true).action == Action::keep);
}

TEST_CASE("a request counts for one step, if it is honoured") {
  TimerPlan plan;
  plan.request(7s);
  plan.request(4s);
  plan.request(6s);
  CHECK(plan.next(never, true).when == 4s);
  CHECK(plan.next(never, true).action == Action::cancel);
  plan.request(4s);
  CHECK(plan.next(never, false).action == Action::keep);
  CHECK(plan.next(never, true).action == Action::keep);  // it was dropped
  plan.request(4s);
  plan.dropRequest();
  CHECK(plan.next(never, true).action == Action::keep);
}

TEST_CASE("the end of an earlier generation is stale") {
  TimerPlan plan;
  const auto first = plan.next(5s, true);
  const auto second = plan.next(3s, true);
  CHECK_FALSE(plan.ended(first.generation));
  CHECK(plan.isSet());
  CHECK(plan.ended(second.generation));
  CHECK_FALSE(plan.isSet());
  CHECK(plan.next(5s, true).action == Action::set);
}
