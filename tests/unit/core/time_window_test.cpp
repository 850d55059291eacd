#include <bulwark/detail/core/time_window.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Instant;
using bulwark::detail::Record;
using bulwark::detail::Tally;
using bulwark::detail::TimeWindow;
using bulwark::detail::record::counted;
using bulwark::detail::record::failure;
using bulwark::detail::record::slowness;

namespace {

constexpr Record succeeded = counted;
constexpr Record failed = counted | failure;
constexpr Record slow = counted | slowness;

Tally tally(std::uint64_t calls, std::uint64_t failures, std::uint64_t slows = 0) {
  return {.calls = calls, .failed = failures, .slow = slows};
}

}  // namespace

TEST_CASE("a record leaves a window of time when it is as old as the window") {
  TimeWindow window(10s);
  window.add(failed, 100s);
  CHECK(window.tally(110s - 1ns) == tally(1, 1));
  CHECK(window.tally(110s) == Tally{});
}

TEST_CASE("a record leaves a window of time up to one bucket sooner, and never later") {
  const Instant span =
      GENERATE(1ns, 7ns, 99ns, 100ns, 101ns, 12345ns, 1s, 60s, TimeWindow::maxSpan);
  const Instant bucket = std::max<Instant>(span / 100, 1ns);
  const Instant rounding{std::min<std::int64_t>(span.count(), 100)};  // span % 100
  for (const Instant at :
       {Instant{0}, Instant{1}, Instant{-1}, Instant{12'345'678'901}, Instant{-12'345'678'901}}) {
    TimeWindow window(span);
    window.add(failed, at);
    CHECK(window.tally(at) == tally(1, 1));
    if (span >= 100ns) CHECK(window.tally(at + span - bucket - rounding) == tally(1, 1));
    CHECK(window.tally(at + span) == Tally{});
  }
}

TEST_CASE("calls of different times leave a window of time one after the other") {
  TimeWindow window(10s);
  for (int i = 0; i < 10; ++i) window.add(i % 2 == 0 ? failed : slow, 100s + i * 1s);
  CHECK(window.tally(109s) == tally(10, 5, 5));
  CHECK(window.tally(110s) == tally(9, 4, 5));
  CHECK(window.tally(111s) == tally(8, 4, 4));
  CHECK(window.tally(118s) == tally(1, 0, 1));
  CHECK(window.tally(119s) == Tally{});
}

TEST_CASE("a machine that was suspended for a century finds an empty window, at once") {
  TimeWindow window(1ns);  // the most buckets to pass
  window.add(failed, 1s);
  CHECK(window.tally(1s + 876'000h) == Tally{});
  window.add(succeeded, 1s + 876'000h);
  CHECK(window.tally(1s + 876'000h) == tally(1, 0));
  // Times that no clock should have are as far away as time goes.
  CHECK(window.tally(bulwark::detail::never) == Tally{});
  window.add(failed, bulwark::detail::never);
  window.add(failed, (Instant::min)());
  CHECK(window.tally(bulwark::detail::never) == tally(1, 1));
}

TEST_CASE("a time that a faster thread has passed counts where it belongs") {
  TimeWindow window(10s);
  window.add(failed, 100s);
  window.add(succeeded, 95s);
  CHECK(window.tally(95s) == tally(2, 1));  // the window does not go back
  window.add(failed, 90s);  // it had left the window by the time of the first
  CHECK(window.tally(100s) == tally(2, 1));
  CHECK(window.tally(105s) == tally(1, 1));
}

TEST_CASE("a record moves to the time at which its call ended") {
  TimeWindow window(10s);
  const auto place = window.add(slow, 100s);
  SECTION("while it is in the window") {
    window.complete(place, slow, failed | slowness, 105s);
    CHECK(window.tally(105s) == tally(1, 1, 1));
    CHECK(window.tally(114s) == tally(1, 1, 1));
    CHECK(window.tally(115s) == Tally{});
  }
  SECTION("after it has left the window") {
    window.complete(place, slow, failed | slowness, 300s);
    CHECK(window.tally(300s) == tally(1, 1, 1));
  }
  SECTION("if its call counts") {
    window.complete(place, slow, 0, 105s);
    CHECK(window.tally(105s) == Tally{});
  }
}

TEST_CASE("a window of another time keeps the calls of that time") {
  TimeWindow window(10s);
  for (int i = 0; i < 10; ++i) window.add(i < 5 ? failed : succeeded, 100s + i * 1s);
  SECTION("a shorter one") {
    TimeWindow shorter(4s);
    shorter.copyFrom(window);
    CHECK(shorter.tally(109s) == tally(4, 0));
    CHECK(shorter.tally(112s) == tally(1, 0));
  }
  SECTION("a longer one") {
    TimeWindow longer(100s);
    longer.copyFrom(window);
    CHECK(longer.tally(109s) == tally(10, 5));
    CHECK(longer.tally(199s) == tally(10, 5));
    CHECK(longer.tally(205s) == tally(4, 0));
    CHECK(longer.tally(209s) == Tally{});
  }
}

TEST_CASE("a record is found again in a window of another time") {
  TimeWindow window(10s);
  const auto place = window.add(slow, 101s + 77ms);
  for (const Instant span : {7s, 10s, 13s, 1000s}) {
    TimeWindow next(span);
    next.copyFrom(window);
    next.add(slow, 101s + 78ms);
    REQUIRE(next.tally(102s) == tally(2, 0, 2));
    const auto moved = next.placeFor(window, place);
    TimeWindow third(20s);  // a change after a change
    third.copyFrom(next);
    third.complete(third.placeFor(next, moved), slow, 0, 102s);
    CHECK(third.tally(102s) == tally(1, 0, 1));
  }
}

TEST_CASE("a record that has left a window does not come back with a longer one") {
  TimeWindow window(10s);
  const auto place = window.add(slow, 100s);
  window.add(succeeded, 111s);
  TimeWindow longer(1000s);
  longer.copyFrom(window);
  CHECK(longer.tally(111s) == tally(1, 0));
  longer.complete(longer.placeFor(window, place), slow, failed, 112s);
  CHECK(longer.tally(112s) == tally(2, 1));
}

// --- random sequences against a list of records --------------------------------------------------

namespace {

/// What a window of time is, said directly: a list of records with their times.
struct ListOfTimes {
  struct Entry {
    Instant at;
    Record record;
    std::uint64_t id;
  };

  void add(Record record, Instant at, std::uint64_t id) {
    latest = std::max(latest, at);
    entries.push_back({at, record, id});
  }
  void remove(std::uint64_t id) {
    std::erase_if(entries, [=](const Entry& entry) { return entry.id == id; });
  }
  /// The sum of the records that are younger than `age`.
  Tally younger(Instant age) const {
    Tally sum;
    for (const Entry& entry : entries) {
      if (latest - entry.at < age) sum.add(entry.record);
    }
    return sum;
  }

  Instant latest = (Instant::min)() / 2;
  std::vector<Entry> entries;
};

bool between(const Tally& least, const Tally& seen, const Tally& most) {
  return least.calls <= seen.calls && seen.calls <= most.calls && least.failed <= seen.failed &&
         seen.failed <= most.failed && least.slow <= seen.slow && seen.slow <= most.slow;
}

}  // namespace

TEST_CASE("a window of time agrees with a list of times, to within one bucket") {
  std::mt19937_64 random(20261204);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
  };
  for (int round = 0; round < 300; ++round) {
    const Instant span{1 + below(round % 3 == 0 ? 150 : 2'000'000)};
    // With few nanoseconds, a bucket is not exactly a hundredth of the span.
    const std::int64_t buckets = std::min<std::int64_t>(span.count(), TimeWindow::maxBuckets);
    const Instant width{span.count() / buckets};
    const Instant shortest = width * (buckets - 1);
    TimeWindow window(span);
    ListOfTimes list;
    struct Pending {
      std::int64_t place;
      std::uint64_t id;
    };
    std::vector<Pending> pending;
    Instant now{below(1'000'000) - 500'000};
    std::uint64_t id = 0;
    for (int step = 0; step < 500; ++step) {
      // Mostly steps within the window, sometimes far beyond, sometimes a little back.
      const auto kind = below(20);
      if (kind == 0) {
        now += span * (1 + below(5));
      } else if (kind == 1) {
        now -= Instant{below(span.count() + 1)};
      } else {
        now += Instant{below(span.count() / 10 + 2)};
      }
      const Record record =
          static_cast<Record>(counted | (below(2) * failure) | (below(2) * slowness));
      switch (below(4)) {
        case 0:
        case 1:
          window.add(record, now);
          list.add(record, now, ++id);
          break;
        case 2:
          pending.push_back({window.add(slow, now), ++id});
          list.add(slow, now, id);
          break;
        default:
          if (pending.empty()) break;
          const auto chosen = pending.begin() + below(static_cast<std::int64_t>(pending.size()));
          const Record after = below(4) == 0 ? Record{0} : record;
          list.remove(chosen->id);
          list.add(after, now, ++id);
          window.complete(chosen->place, slow, after, now);
          pending.erase(chosen);
      }
      list.latest = std::max(list.latest, now);
      const Tally seen = window.tally(now);
      REQUIRE(between(list.younger(shortest), seen, list.younger(width * buckets)));
    }
  }
}

TEST_CASE("a window whose time changes agrees with a list of times, to within a bucket of each") {
  std::mt19937_64 random(20261205);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
  };
  for (int round = 0; round < 300; ++round) {
    Instant span{100 + below(1'000'000)};
    TimeWindow window(span);
    ListOfTimes list;
    std::vector<std::int64_t> places;  // of records `slow`, whose calls have not ended
    Instant now{below(1'000'000)};
    Instant blur{0};  // by how much a record of before a change may seem older
    Instant kept = span;  // records older than this have left an earlier window
    for (int change = 0; change < 8; ++change) {
      for (int step = 0; step < 50; ++step) {
        now += Instant{below(span.count() / 20 + 1)};
        if (below(3) == 0) {
          places.push_back(window.add(slow, now));
          list.add(slow, now, 0);
        } else {
          window.add(failed, now);
          list.add(failed, now, 0);
        }
        const Instant width = span / 100;
        const Tally least = list.younger(std::min(span, kept) - width - blur - 200ns);
        REQUIRE(between(least, window.tally(now), list.younger(span)));
      }
      const Instant next{100 + below(1'000'000)};
      TimeWindow other(next);
      other.copyFrom(window);
      for (auto& place : places) place = other.placeFor(window, place);
      blur += span / 100 + 100ns;
      kept = std::min(kept, span);
      span = next;
      window = other;
    }
    // Each record is found where it is, so removing all of them leaves no slow call.
    for (const auto place : places) window.complete(place, slow, 0, now);
    REQUIRE(window.tally(now).slow == 0);
    REQUIRE(window.tally(now).calls == window.tally(now).failed);
  }
}
