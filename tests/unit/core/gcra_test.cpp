#include <bulwark/detail/core/gcra.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "support/catch.hpp"

// The arithmetic of a rate limiter, without its state.

using namespace std::chrono_literals;
using bulwark::detail::Gcra;
using bulwark::detail::Instant;
using Tick = Gcra::Tick;

namespace {

/// 100 idle years, and the time that a limiter may owe after them.
constexpr Tick century = 100ULL * 366 * 24 * 3600 * 1'000'000'000;

/// The most permits that any window admits from the first of its admissions to the last: burst, and
/// one for each interval in it. Exact, in the configured numbers and not in the rounded interval.
bool withinBound(std::uint64_t weights, Tick window, std::size_t permits, Instant per,
                 std::size_t burst) {
  // weights <= burst + window * permits / per
  if (weights <= burst) return true;
  const auto beyond = static_cast<long double>(weights - burst);
  return beyond * static_cast<long double>(per.count()) <=
         static_cast<long double>(window) * static_cast<long double>(permits);
}

}  // namespace

TEST_CASE("the interval is the time of one permit, rounded up to whole nanoseconds", "[rate]") {
  CHECK(Gcra::intervalOf(10, 1s) == 100'000'000);
  CHECK(Gcra::intervalOf(1, 1ns) == 1);
  CHECK(Gcra::intervalOf(3, 1s) == 333'333'334);
  CHECK(Gcra::intervalOf(999'999'999, 1s) == 2);
  CHECK(Gcra::intervalOf(1'000'000'000, 1s) == 1);
  CHECK(Gcra::intervalOf(1, Instant::max()) == 0x7fff'ffff'ffff'ffff);
  CHECK(Gcra::intervalOf(2, Instant::max()) == 0x4000'0000'0000'0000);
}

TEST_CASE("the span of a burst is at most 2^63 ns", "[rate]") {
  CHECK(Gcra{.interval = 1ULL << 62, .burst = 2}.fitsTheWord());
  CHECK_FALSE(Gcra{.interval = (1ULL << 62) + 1, .burst = 2}.fitsTheWord());
  CHECK(Gcra{.interval = 1, .burst = 1ULL << 63}.fitsTheWord());
  CHECK_FALSE(Gcra{.interval = 1, .burst = (1ULL << 63) + 1}.fitsTheWord());
  CHECK_FALSE(Gcra{.interval = 3, .burst = ~0ULL}.fitsTheWord());
}

TEST_CASE("a request conforms exactly from tat + t * (n - 1) - tau on", "[rate]") {
  const Gcra rate{.interval = 100, .burst = 5};
  const Tick tat = 10'000;
  for (std::uint64_t n = 1; n <= 5; ++n) {
    const Tick from = tat + 100 * (n - 1) - 100 * 4;
    CHECK_FALSE(rate.conforms(tat, n, from - 1));
    CHECK(rate.conforms(tat, n, from));
    CHECK(rate.turn(tat, n) == from);
    CHECK(rate.granted(tat, n, from) == tat + 100 * n);
    CHECK(rate.granted(tat, n, tat + 7) == tat + 7 + 100 * n);
  }
  CHECK_FALSE(rate.possible(0));
  CHECK(rate.possible(5));
  CHECK_FALSE(rate.possible(6));
}

TEST_CASE("the available permits are those that conform at once", "[rate]") {
  const Gcra rate{.interval = 10, .burst = 3};
  const Tick now = 1000;
  for (Tick tat = 900; tat <= 1030; ++tat) {
    std::uint64_t most = 0;
    while (most < 3 && rate.conforms(tat, most + 1, now)) ++most;
    CHECK(rate.available(tat, now) == most);
  }
}

TEST_CASE("no sum overflows with the largest burst after 100 idle years", "[rate]") {
  for (const Gcra rate :
       {Gcra{.interval = 1, .burst = Gcra::maxSpan}, Gcra{.interval = Gcra::maxSpan, .burst = 1},
        Gcra{.interval = 1ULL << 31, .burst = 1ULL << 32}}) {
    CAPTURE(rate.interval, rate.burst);
    REQUIRE(rate.fitsTheWord());
    const Tick idle = 5;
    CHECK(rate.conforms(idle, rate.burst, century));
    const Tick tat = rate.granted(idle, rate.burst, century);
    CHECK(tat == century + Gcra::maxSpan);
    CHECK(tat > century);
    CHECK_FALSE(rate.conforms(tat, 1, century));
    CHECK_FALSE(rate.conforms(tat, 1, century + rate.interval - 1));
    CHECK(rate.conforms(tat, 1, century + rate.interval));
    CHECK_FALSE(rate.conforms(tat, rate.burst, tat - 1));
    CHECK(rate.conforms(tat, rate.burst, tat));
    CHECK(rate.available(tat, century) == 0);
    CHECK(rate.available(tat, tat) == rate.burst);
    CHECK(rate.turnBehind(tat, 0, 1, century) == century + rate.interval);
    CHECK(rate.turnBehind(tat, ~0ULL, 1, century) == Gcra::endless);
  }
}

TEST_CASE("what is owed is rescaled permit by permit, and rounded up", "[rate]") {
  const Gcra slow{.interval = 100, .burst = 10};
  const Gcra fast{.interval = 30, .burst = 10};
  CHECK(slow.rescaled(0, fast) == 0);
  CHECK(slow.rescaled(100, fast) == 30);
  CHECK(slow.rescaled(250, fast) == 75);
  CHECK(slow.rescaled(1, fast) == 1);  // 0.3 ns
  CHECK(slow.rescaled(99, fast) == 30);  // 29.7 ns
  CHECK(fast.rescaled(75, slow) == 250);
  CHECK(slow.rescaled(250, slow) == 250);
  // A smaller burst is spent at most.
  const Gcra narrow{.interval = 100, .burst = 2};
  CHECK(slow.rescaled(199, narrow) == 199);
  CHECK(slow.rescaled(200, narrow) == 200);
  CHECK(slow.rescaled(1000, narrow) == 200);
}

TEST_CASE("what is owed is rescaled exactly where the product has 128 bits", "[rate]") {
#ifdef __SIZEOF_INT128__
  __extension__ using Wide = unsigned __int128;
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto any = [&random] { return (random() >> random() % 63) | 1; };
    const Gcra from{.interval = std::min<std::uint64_t>(any(), Gcra::maxSpan), .burst = 1};
    const Gcra to{.interval = std::min<std::uint64_t>(any(), Gcra::maxSpan), .burst = 1};
    const std::uint64_t owed = random() % from.interval;
    const Wide exact = (Wide{owed} * to.interval + from.interval - 1) / from.interval;
    REQUIRE(from.rescaled(owed, to) == static_cast<std::uint64_t>(exact));
  }
#endif
}

TEST_CASE("no window admits more than burst and the permits of its time, whatever divides `per`",
          "[rate]") {
  struct Row {
    std::size_t permits;
    Instant per;
    std::size_t burst;
  };
  const Row row = GENERATE(Row{10, 1s, 3}, Row{3, 1s, 1}, Row{7, 10ns, 4}, Row{9, 10ns, 2},
                           Row{10, 10ns, 1}, Row{6, 7ns, 5}, Row{999'999'999, 1s, 100});
  CAPTURE(row.permits, row.per.count(), row.burst);
  const Gcra rate{.interval = Gcra::intervalOf(row.permits, row.per), .burst = row.burst};
  struct Admission {
    Tick at;
    std::uint64_t weight;
  };
  std::mt19937_64 random(row.permits);
  for (int run = 0; run < 20; ++run) {
    std::vector<Admission> admitted;
    Tick tat = 0;
    Tick now = 1'000'000;
    const bool greedy = run % 2 == 0;  // asks again at the very moment of its turn
    while (admitted.size() < 100) {
      const std::uint64_t weight = 1 + random() % row.burst;
      if (greedy) now = std::max(now, rate.turn(tat, weight));
      if (rate.conforms(tat, weight, now)) {
        tat = rate.granted(tat, weight, now);
        admitted.push_back({now, weight});
      }
      now += random() % (rate.interval * 2);
    }
    for (std::size_t first = 0; first < admitted.size(); ++first) {
      std::uint64_t weights = 0;
      for (std::size_t last = first; last < admitted.size(); ++last) {
        weights += admitted[last].weight;
        const Tick window = admitted[last].at - admitted[first].at;
        REQUIRE(withinBound(weights, window, row.permits, row.per, row.burst));
        // The bound of the documentation, too: it rounds the window's share up.
        REQUIRE(weights <= row.burst + (window + rate.interval - 1) / rate.interval);
      }
    }
  }
}

TEST_CASE("a caller that asks at each turn gets the whole rate of the rounded interval", "[rate]") {
  const Gcra rate{.interval = Gcra::intervalOf(3, 1s), .burst = 1};
  Tick tat = 0;
  Tick now = 1'000'000'000;
  const Tick start = now;
  for (int i = 0; i < 3'000'000; ++i) {
    now = std::max(now, rate.turn(tat, 1));
    tat = rate.granted(tat, 1, now);
  }
  // A million seconds, and two thirds of a nanosecond more for each permit: 2 ms.
  CHECK(tat - start == 1'000'000'000'000'000 + 2'000'000);
}
