#include <bulwark/detail/statistics.hpp>

#include <cstdint>
#include <memory>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Counters that threads write without a read-modify-write, and a reset that no plain store undoes.

using namespace interleave;
using bulwark::detail::Count;
using bulwark::detail::Statistics;

namespace {

auto statistics() { return std::make_shared<Statistics>(); }

std::uint64_t rejected(const Statistics& statistics) { return statistics.read()[Count::rejected]; }

}  // namespace

TEST_CASE("what two threads count at the same time adds up, whoever comes first") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        s->count(Count::rejected);
        s->count(Count::rejected);
      });
    }
    run.finally([=] { expect(rejected(*s) == 4, "all four are there"); });
  });
}

TEST_CASE("a reader sees no count twice, and none that goes back") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    run.thread([=] {
      s->count(Count::rejected);
      s->count(Count::rejected);
    });
    run.thread([=] {
      const auto first = rejected(*s);
      const auto second = rejected(*s);
      expect(first <= second && second <= 2, "it grows, to two at most");
    });
  });
}

TEST_CASE("a reset zeroes what was counted before it, and nothing that comes after") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    s->count(Count::rejected);
    s->count(Count::rejected);
    run.thread([=] { s->count(Count::rejected); });
    run.thread([=] {
      s->reset();
      const auto after = rejected(*s);
      expect(after <= 1, "the two of before are gone");
      s->count(Count::rejected);
      expect(rejected(*s) >= 1, "its own is there");
    });
    run.finally([=] {
      const auto sum = rejected(*s);
      expect(sum == 1 || sum == 2, "its own, and perhaps the other's");
    });
  });
}

TEST_CASE("the owner of the counters resets them beside a reader") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = statistics();
    s->count(Count::rejected);
    run.thread([=] {
      s->count(Count::rejected);
      s->reset();
      s->count(Count::rejected);
    });
    run.thread([=] { expect(rejected(*s) <= 2, "never three: a reset lies between"); });
    run.finally([=] { expect(rejected(*s) == 1, "one since the reset"); });
  });
}
