#include <bulwark/detail/core/call_window.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::CallWindow;
using bulwark::detail::Record;
using bulwark::detail::Tally;
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

TEST_CASE("a window of calls holds the last calls, however old they are") {
  CallWindow window(3);
  window.add(failed, 1s);
  window.add(succeeded, 2s);
  window.add(slow, 1000h);
  CHECK(window.tally(2000h) == tally(3, 1, 1));
  window.add(succeeded, 2000h);
  CHECK(window.tally(2000h) == tally(3, 0, 1));
  window.clear();
  CHECK(window.tally(2000h) == Tally{});
  window.add(failed, 2000h);
  CHECK(window.tally(2000h) == tally(1, 1));
}

TEST_CASE("a record changes where it is, until it has left the window of calls") {
  CallWindow window(2);
  const auto first = window.add(slow, 1s);
  const auto second = window.add(slow, 1s);
  window.complete(first, slow, failed | slowness, 2s);
  CHECK(window.tally(2s) == tally(2, 1, 2));
  window.add(succeeded, 2s);  // in place of the first
  CHECK(window.tally(2s) == tally(2, 0, 1));
  window.complete(first, slow, failed, 2s);
  CHECK(window.tally(2s) == tally(2, 0, 1));
  window.complete(second, slow, 0, 2s);  // takes its place, and no longer counts
  CHECK(window.tally(2s) == tally(1, 0));
}

TEST_CASE("a smaller window keeps the last calls, and a larger one all of them") {
  CallWindow window(5);
  std::vector<std::int64_t> numbers;
  for (const Record record : {succeeded, failed, slow, failed, succeeded, failed, slow}) {
    numbers.push_back(window.add(record, 1s));
  }
  CHECK(window.tally(1s) == tally(5, 2, 2));
  CallWindow smaller(2);
  smaller.copyFrom(window);
  CHECK(smaller.tally(1s) == tally(2, 1, 1));
  CHECK(smaller.capacity() == 2);
  CallWindow larger(4);
  larger.copyFrom(smaller);
  CHECK(larger.tally(1s) == tally(2, 1, 1));
  // What the smaller window had no room for does not come back.
  larger.complete(larger.placeFor(window, numbers[3]), failed, succeeded, 1s);
  CHECK(larger.tally(1s) == tally(2, 1, 1));
  larger.complete(larger.placeFor(window, numbers[6]), slow, succeeded, 1s);
  CHECK(larger.tally(1s) == tally(2, 1, 0));
  for (int i = 0; i < 3; ++i) larger.add(succeeded, 1s);
  CHECK(larger.tally(1s) == tally(4, 0, 0));
}

TEST_CASE("a window of calls agrees with a list of records, whatever becomes of its size") {
  std::mt19937_64 random(20261206);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
  };
  struct Entry {
    std::int64_t number;
    Record record;
  };
  for (int round = 0; round < 200; ++round) {
    std::size_t size = 1 + static_cast<std::size_t>(below(20));
    CallWindow window(size);
    std::deque<Entry> list;
    std::vector<std::int64_t> numbers;  // of all records, some of which have left
    for (int step = 0; step < 400; ++step) {
      const Record record = static_cast<Record>(counted | (below(2) * failure));
      const auto kind = below(40);
      if (kind == 0) {
        size = 1 + static_cast<std::size_t>(below(20));
        CallWindow other(size);
        other.copyFrom(window);
        window = other;
      } else if (kind == 1) {
        window.clear();
        list.clear();
        numbers.clear();
      } else if (kind < 10 && !numbers.empty()) {
        const auto number =
            numbers[static_cast<std::size_t>(below(static_cast<std::int64_t>(numbers.size())))];
        const auto place = std::find_if(list.begin(), list.end(),
                                        [=](const Entry& entry) { return entry.number == number; });
        const Record before = place != list.end() ? place->record : Record{0};
        const Record after = below(3) == 0 ? Record{0} : record;
        window.complete(number, before, after, 1s);
        if (place != list.end()) place->record = after;
      } else {
        list.push_back({window.add(record, 1s), record});
        numbers.push_back(list.back().number);
      }
      while (list.size() > size) list.pop_front();
      Tally sum;
      for (const Entry& entry : list) sum.add(entry.record);
      REQUIRE(window.tally(1s) == sum);
    }
  }
}
