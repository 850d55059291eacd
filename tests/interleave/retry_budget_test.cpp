#include <bulwark/detail/core/retry_ledger.hpp>
#include <bulwark/retry_config.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Deposits, withdrawals and expiry at the same time. A deposit is half a retry, and a slot takes a
// second.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::detail::Instant;
using bulwark::detail::RetryLedger;

namespace {

constexpr Instant window = 64s;

auto account() {
  return std::make_shared<RetryLedger>(
      bulwark::RetryBudgetConfig{.ratio = 0.5, .minPerSecond = 0, .window = window}, Instant{0});
}

void deposit(RetryLedger& ledger, Instant now, int times = 2) {
  for (int i = 0; i < times; ++i) ledger.deposit(now);
}

/// How many withdrawals of all threads succeeded.
struct Taken {
  Atomic<int> total{0};

  bool from(RetryLedger& ledger, Instant now) {
    if (!ledger.withdraw(now)) return false;
    total.fetch_add(1);
    return true;
  }
};

}  // namespace

TEST_CASE("of two withdrawals of the last credit exactly one succeeds") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    auto taken = std::make_shared<Taken>();
    deposit(*a, 0s);
    for (int i = 0; i < 2; ++i) run.thread([=] { taken->from(*a, 1s); });
    run.finally([=] {
      expect(taken->total.load() == 1, "one retry was paid for");
      expect(a->balance(1s) == 0, "nothing is left");
    });
  });
}

TEST_CASE("a thread that has deposited enough is not refused, whatever others take") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto a = account();
    for (int i = 0; i < 3; ++i) {
      run.thread([=] {
        deposit(*a, 0s);
        expect(a->withdraw(0s), "all three can take one");
      });
    }
    run.finally([=] { expect(a->balance(0s) == 0, "nothing is left"); });
  });
}

TEST_CASE("no more is withdrawn than was deposited, and the rest is there") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto a = account();
    auto taken = std::make_shared<Taken>();
    deposit(*a, 0s, 1);
    run.thread([=] { deposit(*a, 0s, 1); });
    run.thread([=] { deposit(*a, 1s, 1); });
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        taken->from(*a, 1s);
        taken->from(*a, 1s);
      });
    }
    run.finally([=] {
      expect(taken->total.load() <= 1, "three halves pay for one retry");
      expect(a->balance(1s) == 1500 - 1000 * taken->total.load(), "the rest");
    });
  });
}

TEST_CASE("credit that has expired pays for nothing, while other threads pass over it") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    auto taken = std::make_shared<Taken>();
    deposit(*a, 0s);
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        deposit(*a, window, 1);
        taken->from(*a, window);
      });
    }
    run.finally([=] {
      expect(taken->total.load() <= 1, "two halves pay for one retry");
      expect(a->balance(window) == 1000 - 1000 * taken->total.load(), "the rest");
      expect(a->balance(2 * window) == 0, "all is gone");
    });
  });
}

TEST_CASE("old credit pays in its last moment, and new credit once") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    auto taken = std::make_shared<Taken>();
    deposit(*a, 0s);
    run.thread([=] { taken->from(*a, window - 1ns); });
    run.thread([=] {
      deposit(*a, window);
      taken->from(*a, window);
    });
    run.finally([=] {
      const int total = taken->total.load();
      expect(total == 1 || total == 2, "the new credit was taken, and perhaps the old");
      expect(a->balance(window) == 0, "nothing is left");
    });
  });
}

TEST_CASE("the first deposits of a slot all count, and replace those of a window before") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    deposit(*a, 0s);
    for (int i = 0; i < 3; ++i) run.thread([=] { a->deposit(window); });
    run.finally([=] {
      expect(a->balance(window) == 1500, "the new ones");
      expect(a->balance(2 * window - 1ns) == 1500, "they live for a window");
      expect(a->balance(2 * window) == 0, "and no longer");
    });
  });
}

TEST_CASE("a deposit that comes late ends no deposit of a later slot") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    run.thread([=] { a->deposit(0s); });
    run.thread([=] { a->deposit(1s); });
    run.finally([=] {
      expect(a->balance(window - 1ns) == 1000, "both are there");
      expect(a->balance(window) >= 500, "that of the later slot is there");
      expect(a->balance(window + 1s) == 0, "both have expired");
    });
  });
}

TEST_CASE("a withdrawal passes over no credit of another thread that has not expired") {
  EXPLORE(everything, [](Run& run) {
    auto a = account();
    run.thread([=] { deposit(*a, 0s); });
    run.thread([=] {
      deposit(*a, 1s);
      expect(a->withdraw(1s), "its own deposits pay");
    });
    run.finally([=] { expect(a->balance(1s) == 1000, "those of the other are there"); });
  });
}

TEST_CASE("a withdrawal with an old reading of the clock passes over no later deposit") {
  EXPLORE(everything, [](Run& run) {
    auto a = std::make_shared<RetryLedger>(
        bulwark::RetryBudgetConfig{.ratio = 0.5, .minPerSecond = 1, .window = window}, Instant{0});
    run.thread([=] { deposit(*a, window + 1s); });
    run.thread([=] { expect(a->withdraw(window), "the reserve pays"); });
    run.finally([=] {
      // What the reserve has lost would have expired.
      expect(a->balance(window + 1s) == 65'000, "the deposits are there");
    });
  });
}

TEST_CASE("a reserve is shared, and never paid out twice") {
  EXPLORE(everything, [](Run& run) {
    auto a = std::make_shared<RetryLedger>(
        bulwark::RetryBudgetConfig{.ratio = 0, .minPerSecond = 1, .window = 2s}, Instant{0});
    auto taken = std::make_shared<Taken>();
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        taken->from(*a, 0s);
        taken->from(*a, 1s);
      });
    }
    run.finally([=] {
      expect(taken->total.load() == 3, "two at the start, and one of the first second");
      expect(a->balance(1s) == 0, "nothing is left");
    });
  });
}
