#include <bulwark/detail/core/retry_ledger.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "support/catch.hpp"

// The account of a retry budget, told the time. A window of 64 s has slots of one second.

using namespace std::chrono_literals;
using bulwark::RetryBudgetConfig;
using bulwark::detail::Instant;
using bulwark::detail::RetryLedger;

namespace {

constexpr Instant start = 1h;  // of the clock; an account does not begin at its epoch

/// An account, and the time since it was made.
struct Account {
  explicit Account(const RetryBudgetConfig& config) : ledger(config, start) {}

  void deposit(std::size_t times = 1) {
    for (std::size_t i = 0; i < times; ++i) ledger.deposit(start + time);
  }
  bool withdraw() { return ledger.withdraw(start + time); }
  std::int64_t balance() const { return ledger.balance(start + time); }
  /// How many withdrawals succeed.
  std::size_t drain() {
    std::size_t times = 0;
    while (withdraw()) ++times;
    return times;
  }

  RetryLedger ledger;
  Instant time{0};
};

constexpr RetryBudgetConfig noReserve{.ratio = 0.1, .minPerSecond = 0, .window = 64s};

}  // namespace

TEST_CASE("the reserve is full at the start, and a withdrawal takes one") {
  Account account({.ratio = 0.1, .minPerSecond = 1, .window = 10s});
  CHECK(account.balance() == 10'000);
  CHECK(account.drain() == 10);
  CHECK(account.balance() == 0);
}

TEST_CASE("less than one is not enough, and a refused withdrawal takes nothing") {
  Account account(noReserve);
  CHECK_FALSE(account.withdraw());
  account.deposit(9);
  CHECK_FALSE(account.withdraw());
  CHECK(account.balance() == 900);
  account.deposit();
  CHECK(account.withdraw());
  CHECK(account.balance() == 0);
}

TEST_CASE("sums do not drift: a million deposits of a thousandth are a thousand") {
  Account account({.ratio = 0.001, .minPerSecond = 0, .window = 1h});
  account.deposit(999'999);
  CHECK(account.drain() == 999);
  account.deposit();
  CHECK(account.drain() == 1);
  CHECK(account.balance() == 0);
}

TEST_CASE("a ratio and a rate are rounded to thousandths") {
  Account account({.ratio = 0.0126, .minPerSecond = 0.0004 + 0.001, .window = 1h});
  CHECK(account.balance() == 3'600);
  account.deposit();
  CHECK(account.balance() == 3'613);
}

TEST_CASE("deposits and the reserve pay for a retry together") {
  Account account({.ratio = 0.5, .minPerSecond = 0.5, .window = 1s});
  CHECK_FALSE(account.withdraw());
  account.deposit();
  CHECK(account.withdraw());
  CHECK(account.balance() == 0);
}

TEST_CASE("the reserve is refilled at its rate, to the nanosecond, until it is full") {
  Account account({.ratio = 0, .minPerSecond = 4, .window = 10s});
  CHECK(account.drain() == 40);
  account.time = 250ms - 1ns;
  CHECK_FALSE(account.withdraw());
  account.time = 250ms;
  CHECK(account.withdraw());
  CHECK_FALSE(account.withdraw());
  account.time += 10s - 1ns;
  CHECK(account.balance() == 39'999);
  account.time += 1ns;
  CHECK(account.balance() == 40'000);
  account.time += 1000h;
  CHECK(account.balance() == 40'000);
  CHECK(account.drain() == 40);
}

TEST_CASE("a rate that is no divisor of a second refills the reserve exactly") {
  Account account({.ratio = 0, .minPerSecond = 0.007, .window = 1000s});
  CHECK(account.drain() == 7);
  account.time = 142'857'142'857ns;  // a seventh of 1000 s, rounded down
  CHECK(account.balance() == 999);
  account.time += 1ns;
  CHECK(account.drain() == 1);
  account.time = 7'000'000s;
  CHECK(account.balance() == 7'000);
}

TEST_CASE("a deposit at the beginning of a slot lives for a window, to the nanosecond") {
  for (const Instant slot : {0s, 1s, 63s, 64s, 6400s}) {
    Account account(noReserve);
    account.time = slot;
    account.deposit(10);
    account.time = slot + 64s - 1ns;
    CHECK(account.balance() == 1000);
    account.time = slot + 64s;
    CHECK(account.balance() == 0);
    CHECK_FALSE(account.withdraw());
  }
}

TEST_CASE("the deposits of a slot expire together, one window after its beginning") {
  Account account(noReserve);
  account.time = 5s;
  account.deposit(10);
  account.time = 6s - 1ns;
  account.deposit(10);
  account.time = 6s;
  account.deposit(10);
  account.time = 69s - 1ns;
  CHECK(account.balance() == 3000);
  account.time = 69s;
  CHECK(account.balance() == 1000);
  account.time = 70s - 1ns;
  CHECK(account.balance() == 1000);
  account.time = 70s;
  CHECK(account.balance() == 0);
}

TEST_CASE("no deposit outlives the window, also if 64 slots do not fill it") {
  const Instant window = 1ms + 63ns;
  Account account({.ratio = 1, .minPerSecond = 0, .window = window});
  for (int i = 0; i < 1000; ++i) {
    account.time += 7'919ns;
    account.deposit();
    const Instant made = account.time;
    account.time = made + window * 62 / 64;
    CHECK(account.balance() >= 1000);
    account.time = made + window;
    CHECK(account.balance() == 0);
  }
}

TEST_CASE("a slot without deposits changes nothing") {
  Account account(noReserve);
  account.deposit(10);
  account.time = 40s;
  account.deposit(20);
  account.time = 64s;
  CHECK(account.balance() == 2000);
  account.time = 104s - 1ns;
  CHECK(account.balance() == 2000);
  account.time = 104s;
  CHECK(account.balance() == 0);
}

TEST_CASE("the mark of an earlier window does not count") {
  Account account(noReserve);
  account.time = 3s;
  account.deposit(10);
  account.time = 3s + 10 * 64s;  // the same place in the ring
  CHECK(account.balance() == 0);
  account.deposit(10);
  CHECK(account.balance() == 1000);
  account.time += 64s;
  CHECK(account.balance() == 0);
}

TEST_CASE("what was spent is not missing again when it expires") {
  Account account(noReserve);
  account.deposit(30);
  CHECK(account.withdraw());
  account.time = 30s;
  account.deposit(10);
  account.time = 64s;  // two of the first three are gone, and one was spent
  CHECK(account.balance() == 1000);
  CHECK(account.drain() == 1);
  account.time = 94s;
  account.deposit(10);
  CHECK(account.drain() == 1);
}

TEST_CASE("a withdrawal takes what expires first") {
  Account account({.ratio = 0.1, .minPerSecond = 1, .window = 64s});
  account.deposit(640);
  for (int i = 0; i < 64; ++i) CHECK(account.withdraw());
  account.time = 64s - 1ns;  // the reserve was spent, and is almost full again
  CHECK(account.balance() == 64'000 + 63'999);
}

TEST_CASE("a thread with an old reading of the clock ends no later deposit") {
  Account account(noReserve);
  account.time = 10s;
  account.deposit(10);
  account.time = 9s;  // a thread that read the clock before the others, and came after them
  account.deposit(10);
  account.time = 10s;
  CHECK(account.balance() == 2000);
  account.time = 73s - 1ns;
  CHECK(account.balance() == 2000);
  account.time = 73s;  // they came after the mark of slot 10, and expire with it
  CHECK(account.balance() == 2000);
  account.time = 74s;
  CHECK(account.balance() == 0);
}

TEST_CASE("a reading that is older than the window finds its place taken, and leaves it") {
  Account account(noReserve);
  account.time = 74s;
  account.deposit(10);
  account.time = 10s;  // the same place in the ring
  account.deposit(10);
  account.time = 138s - 1ns;
  CHECK(account.balance() == 2000);
  account.time = 138s;
  CHECK(account.balance() == 0);
}

TEST_CASE("a withdrawal with an old reading finds no credit that a later one passed over") {
  Account account(noReserve);
  account.deposit(20);
  account.time = 64s;
  account.deposit(10);
  CHECK(account.withdraw());
  account.time = 63s;
  CHECK(account.balance() == 0);
  CHECK_FALSE(account.withdraw());
}

TEST_CASE("a withdrawal with an old reading passes over no later deposit") {
  for (const Instant now : {0s, 5s, 63s, 64s, 640s}) {
    Account account({.ratio = 0.1, .minPerSecond = 1, .window = 64s});
    account.time = now + 1s;
    account.deposit(10);
    account.time = now;  // a thread that read the clock before, and came after
    CHECK(account.withdraw());  // from the reserve
    account.time = now + 1s;
    CHECK(account.balance() == 65'000);  // what it spent would have expired; the deposits are there
  }
}

TEST_CASE("a clock that was moved back counts as standing at the start") {
  Account account({.ratio = 0.1, .minPerSecond = 1, .window = 10s});
  account.time = -30min;
  CHECK(account.balance() == 10'000);
  account.deposit(10);
  CHECK(account.balance() == 11'000);
  account.time = 0s;
  CHECK(account.balance() == 11'000);
  account.time = 20s;
  CHECK(account.drain() == 10);
  account.time = 15s;  // less is given than spent
  CHECK(account.balance() == 0);
  CHECK_FALSE(account.withdraw());
}

TEST_CASE("the largest values overflow nothing, for two centuries") {
  Account account({.ratio = 1, .minPerSecond = 1'000'000, .window = 1h});
  constexpr std::int64_t full = 3'600'000'000'000;
  CHECK(account.balance() == full);
  account.time = 200 * 8760h;
  CHECK(account.balance() == full);
  account.deposit(10);
  CHECK(account.balance() == full + 10'000);
  CHECK(account.withdraw());
  CHECK(account.balance() == full + 9'000);
}

TEST_CASE("ten thousand calls that fail get a fifth of retries from a ratio of 0.2") {
  Account account({.ratio = 0.2, .minPerSecond = 0, .window = 1h});
  std::size_t attempts = 0;
  for (int call = 0; call < 10'000; ++call) {
    account.deposit();
    ++attempts;
    for (int more = 1; more < 4 && account.withdraw(); ++more) ++attempts;
  }
  CHECK(attempts == 12'000);
}

TEST_CASE("no window of time pays for more than its reserve and the deposits of two windows") {
  std::mt19937_64 random(19);
  Account account({.ratio = 0.3, .minPerSecond = 2, .window = 10s});
  std::vector<Instant> deposits, withdrawals;
  for (int step = 0; step < 3000; ++step) {
    account.time += Instant(random() % 100'000'000);
    if (random() % 4 != 0) {
      account.deposit();
      deposits.push_back(account.time);
    }
    while (account.withdraw()) withdrawals.push_back(account.time);
  }
  const auto within = [](const std::vector<Instant>& all, Instant from, Instant to) {
    return std::count_if(all.begin(), all.end(), [=](Instant t) { return t >= from && t <= to; });
  };
  CHECK(withdrawals.size() > 300);
  for (const Instant end : withdrawals) {
    const Instant begin = end - 10s;
    CHECK(within(withdrawals, begin, end) * 1000 <=
          within(deposits, begin - 10s, end) * 300 + 2000 * (10 + 10));
  }
}

// --- references ----------------------------------------------------------------------------------

namespace {

/// Every thousandth of a deposit as an entry with the time at which it expires.
struct NaiveDeposits {
  void deposit(Instant now, std::size_t thousandths, Instant window) {
    const Instant slot = window / 64;
    entries.insert(entries.end(), thousandths, now / slot * slot + window);
  }
  bool withdraw(Instant now) {
    if (balance(now) < 1000) return false;
    entries.erase(entries.begin(), entries.begin() + 1000);
    return true;
  }
  std::int64_t balance(Instant now) {
    while (!entries.empty() && entries.front() <= now) entries.pop_front();
    return static_cast<std::int64_t>(entries.size());
  }

  std::deque<Instant> entries;
};

/// Every thousandth of the line with the times at which it is given and at which it expires.
struct NaiveLine {
  struct Thousandth {
    Instant given, expires;
  };

  NaiveLine(std::int64_t perSecond, Instant window, Instant until) {
    const std::int64_t reserve = perSecond * window.count() / 1'000'000'000;
    const auto flows = [=](std::int64_t n) {
      return Instant((n * 1'000'000'000 + perSecond - 1) / perSecond);
    };
    for (std::int64_t n = 1; flows(n - reserve) <= until; ++n) {
      line.push_back({n <= reserve ? Instant(0) : flows(n - reserve), flows(n)});
    }
  }
  void deposit(Instant now, std::size_t thousandths, Instant window) {
    const Instant slot = window / 64;
    line.insert(line.end(), thousandths, {now, now / slot * slot + window});
  }
  bool withdraw(Instant now) {
    if (balance(now) < 1000) return false;
    spent = from(now) + 1000;
    return true;
  }
  std::int64_t balance(Instant now) const {
    return std::count_if(line.begin(), line.end(), [=](auto t) { return t.given <= now; }) -
           from(now);
  }
  std::int64_t from(Instant now) const {
    return std::max<std::int64_t>(
        spent, std::count_if(line.begin(), line.end(), [=](auto t) { return t.expires <= now; }));
  }

  std::vector<Thousandth> line;
  std::int64_t spent = 0;
};

/// A pause: none, within a slot, of some slots, of some windows.
Instant pause(std::mt19937_64& random, Instant window) {
  const auto upTo = [&random](Instant most) {
    return Instant(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most.count())));
  };
  switch (random() % 20) {
    case 0:
      return upTo(3 * window);
    case 1:
    case 2:
      return window / 64 * static_cast<int>(random() % 70);
    case 3:
    case 4:
    case 5:
      return upTo(window / 8);
    case 6:
    case 7:
    case 8:
      return upTo(window / 64);
    default:
      return Instant(0);
  }
}

/// @return how many withdrawals succeeded
template <typename Reference>
std::size_t compare(Account& account, Reference& reference, std::mt19937_64& random,
                    const RetryBudgetConfig& config, int steps) {
  const auto given = static_cast<std::size_t>(config.ratio * 1000 + 0.5);
  std::size_t withdrawn = 0;
  for (int step = 0; step < steps; ++step) {
    account.time += pause(random, config.window);
    if (random() % 3 != 0) {
      account.deposit();
      reference.deposit(account.time, given, config.window);
    } else {
      const bool taken = account.withdraw();
      withdrawn += taken ? 1U : 0U;
      REQUIRE(taken == reference.withdraw(account.time));
    }
    REQUIRE(account.balance() == reference.balance(account.time));
  }
  return withdrawn;
}

}  // namespace

TEST_CASE("random deposits and withdrawals agree with a list of every thousandth") {
  std::size_t withdrawn = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const RetryBudgetConfig config{.ratio = static_cast<double>(1 + random() % 1000) / 1000,
                                   .minPerSecond = 0,
                                   .window = 1ms * (1 + static_cast<int>(random() % 20'000))};
    Account account(config);
    NaiveDeposits reference;
    withdrawn += compare(account, reference, random, config, 300);
  }
  CHECK(withdrawn > 1000);
}

TEST_CASE("random deposits, withdrawals and a reserve agree with a list of the whole line") {
  std::size_t withdrawn = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto perSecond = static_cast<std::int64_t>(1 + random() % 400);
    const RetryBudgetConfig config{.ratio = static_cast<double>(1 + random() % 300) / 1000,
                                   .minPerSecond = static_cast<double>(perSecond) / 1000,
                                   .window = 1s * (3 + static_cast<int>(random() % 2))};
    Account account(config);
    NaiveLine reference(perSecond, config.window, 80 * config.window);
    withdrawn += compare(account, reference, random, config, 150);
    REQUIRE(account.time < 80 * config.window);
  }
  CHECK(withdrawn > 10);
}
