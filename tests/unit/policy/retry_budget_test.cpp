#include <bulwark/retry_budget.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

using Budget = bulwark::BasicRetryBudget<ManualClock>;
using bulwark::RetryBudgetConfig;

TEST_CASE("a budget holds its reserve at first, and a withdrawal takes 1 of it", "[retry_budget]") {
  ManualClock::reset();
  Budget budget({.ratio = 0.1, .minPerSecond = 0.25, .window = 10s});
  CHECK(budget.balance() == 2.5);
  CHECK(budget.withdraw());
  CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
  CHECK(budget.balance() == 0.5);
}

TEST_CASE("ten calls at a ratio of 0.1 pay for a retry, and expire with the window",
          "[retry_budget]") {
  ManualClock::reset();
  Budget budget({.ratio = 0.1, .minPerSecond = 0, .window = 10s});
  for (int call = 0; call < 10; ++call) {
    CHECK_FALSE(budget.withdraw());
    budget.deposit();
  }
  CHECK(budget.balance() == 1);
  ManualClock::advance(10s - 1ns);
  CHECK(budget.balance() == 1);
  ManualClock::advance(1ns);
  CHECK(budget.balance() == 0);
  CHECK_FALSE(budget.withdraw());
}

TEST_CASE("a spent reserve comes back at minPerSecond", "[retry_budget]") {
  ManualClock::reset();
  Budget budget({.ratio = 0, .minPerSecond = 2, .window = 10s});
  for (int retry = 0; retry < 20; ++retry) CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
  ManualClock::advance(500ms - 1ns);
  CHECK_FALSE(budget.withdraw());
  ManualClock::advance(1ns);
  CHECK(budget.withdraw());
  ManualClock::advance(1h);
  CHECK(budget.balance() == 20);
}

TEST_CASE("the default pays for a tenth of the calls and one retry a second", "[retry_budget]") {
  ManualClock::reset();
  Budget budget;
  CHECK(budget.balance() == 10);
  for (int call = 0; call < 20; ++call) budget.deposit();
  int retries = 0;
  while (budget.withdraw()) ++retries;
  CHECK(retries == 12);
}

TEST_CASE("a budget stays where it is and has the documented size", "[retry_budget]") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Budget>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<Budget>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<RetryBudgetConfig, Budget>);
  STATIC_REQUIRE(
      std::is_same_v<bulwark::RetryBudget, bulwark::BasicRetryBudget<std::chrono::steady_clock>>);
  STATIC_REQUIRE(noexcept(std::declval<Budget&>().deposit()));
  STATIC_REQUIRE(noexcept(std::declval<Budget&>().withdraw()));
  STATIC_REQUIRE(noexcept(std::declval<const Budget&>().balance()));
  STATIC_REQUIRE(sizeof(Budget) == 704);
}

TEST_CASE("a bad value names the budget, the field, the value and the rule", "[retry_budget]") {
  struct Row {
    RetryBudgetConfig config;
    std::string field, value;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const Row rows[] = {
      {{.ratio = -0.1}, "ratio", "-0.1"},
      {{.ratio = 1.001}, "ratio", "1.001"},
      {{.ratio = 0.0009}, "ratio", "0.0009"},
      {{.ratio = std::nan("")}, "ratio", "nan"},
      {{.ratio = infinity}, "ratio", "inf"},
      {{.minPerSecond = -1}, "minPerSecond", "-1"},
      {{.minPerSecond = 0.0005}, "minPerSecond", "0.0005"},
      {{.minPerSecond = 1'000'001}, "minPerSecond", "1000001"},
      {{.minPerSecond = 1e300}, "minPerSecond", "1e+300"},
      {{.minPerSecond = std::nan("")}, "minPerSecond", "nan"},
      {{.minPerSecond = -infinity}, "minPerSecond", "-inf"},
      {{.window = 0s}, "window", "0 ns"},
      {{.window = -1s}, "window", "-1000000000 ns"},
      {{.window = 1ms - 1ns}, "window", "999999 ns"},
      {{.window = 1h + 1ns}, "window", "3600000000001 ns"},
      {{.window = bulwark::noTimeout}, "window", "9223372036854775807 ns"},
  };
  for (const Row& row : rows) {
    const auto error = configErrorOf([&] { const Budget budget(row.config); });
    CHECK(error.bulkhead() == "retryBudget");
    CHECK(error.field() == row.field);
    CHECK(error.value() == row.value);
    CHECK_FALSE(error.rule().empty());
  }
}

TEST_CASE("the limits of each value are valid", "[retry_budget]") {
  ManualClock::reset();
  CHECK(Budget({.ratio = 0, .minPerSecond = 0, .window = 1ms}).balance() == 0);
  CHECK(Budget({.ratio = -0.0, .minPerSecond = 0.001, .window = 1h}).balance() == 3.6);
  CHECK(Budget({.ratio = 0.001, .minPerSecond = 1e6, .window = 1h}).balance() == 3.6e9);
  Budget most({.ratio = 1, .minPerSecond = 0, .window = 1h});
  most.deposit();
  CHECK(most.withdraw());
}
