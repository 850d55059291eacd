#include <bulwark/detail/telemetry/statistics.hpp>

#include <cstdint>
#include <memory>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Counters that threads write without a read-modify-write, a reset that a plain store cannot undo,
// and threads that end and leave their counters to others.

using namespace interleave;
using bulwark::detail::Count;
using bulwark::detail::Statistics;
using bulwark::detail::ThreadSeat;

namespace {

// Here the threads of scenarios begin without a seat. What they do to get one is explored, too.
const bool unseated = (onThreadStart(nullptr), true);

/// A thread of a scenario that ends as a thread of a program does.
constexpr auto thread = [](auto body) {
  return [=] {
    body();
    ThreadSeat::giveBack();
  };
};

/// The same for a thread whose seat is gone before it records something.
constexpr auto endingThread = [](auto body) {
  return thread([=] {
    ThreadSeat::end();
    body();
  });
};

auto statistics() { return std::make_shared<Statistics>(); }

/// Statistics, and a flag that something has been counted.
struct Handed {
  Statistics statistics;
  Atomic<bool> counted{false};
};

std::uint64_t rejected(const Statistics& statistics) { return statistics.read()[Count::rejected]; }

// Scenarios for threads of both kinds. `counting` is thread or endingThread.

template <typename Kind>
auto twoThreadsCount(Kind counting) {
  return [=](Run& run) {
    auto s = statistics();
    for (int i = 0; i < 2; ++i) {
      run.thread(counting([=] {
        s->count(Count::rejected);
        s->count(Count::rejected);
      }));
    }
    run.finally([=] { expect(rejected(*s) == 4, "all four are there"); });
  };
}

/// `between` happens on the counting thread after its first count.
template <typename Kind>
auto anotherThreadResets(Kind counting, void (*between)()) {
  return [=](Run& run) {
    auto s = statistics();
    run.thread(counting([=] {
      s->count(Count::rejected);
      between();
      s->count(Count::rejected);
    }));
    run.thread(thread([=] {
      s->reset();
      expect(rejected(*s) <= 2, "what was counted since");
    }));
    run.finally([=] {
      expect(rejected(*s) <= 2, "the others were counted before");
      s->reset();
      expect(rejected(*s) == 0, "nothing since");
    });
  };
}

template <typename Kind>
auto countingThreadResets(Kind counting) {
  return [=](Run& run) {
    auto s = std::make_shared<Handed>();
    run.thread(counting([=] {
      s->statistics.count(Count::executed);
      s->statistics.count(Count::rejected);
      s->counted.store(true, std::memory_order_release);
      s->statistics.reset();
      s->statistics.count(Count::drained);
    }));
    run.thread(thread([=] {
      if (!s->counted.load(std::memory_order_acquire)) return;
      const auto read = s->statistics.read();
      expect(read[Count::executed] == read[Count::rejected], "not one without the other");
      expect(read[Count::drained] == 0 || read[Count::executed] == 0,
             "nor counts from before and after the reset together");
    }));
  };
}

}  // namespace

TEST_CASE("counts of two threads add up, whichever thread is first") {
  EXPLORE(everything, twoThreadsCount(thread));
}

TEST_CASE("a reader sees no count twice, and no count that falls") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    run.thread(thread([=] {
      s->count(Count::rejected);
      s->count(Count::rejected);
    }));
    run.thread(thread([=] {
      const auto first = rejected(*s);
      const auto second = rejected(*s);
      expect(first <= second && second <= 2, "it grows, and is at most two");
    }));
  });
}

TEST_CASE("a reset clears what was counted before it, and nothing after it") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    s->count(Count::rejected);
    s->count(Count::rejected);
    run.thread(thread([=] { s->count(Count::rejected); }));
    run.thread(thread([=] {
      s->reset();
      const auto after = rejected(*s);
      expect(after <= 1, "the two earlier counts are gone");
      s->count(Count::rejected);
      expect(rejected(*s) >= 1, "its own count is there");
    }));
    run.finally([=] {
      const auto sum = rejected(*s);
      expect(sum == 1 || sum == 2, "its own count, and perhaps the other's");
    });
  });
}

TEST_CASE("the owner of the counters resets them while another thread reads") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = statistics();
    s->count(Count::rejected);
    run.thread(thread([=] {
      s->count(Count::rejected);
      s->reset();
      s->count(Count::rejected);
    }));
    run.thread(thread([=] { expect(rejected(*s) <= 2, "never three: a reset lies between"); }));
    run.finally([=] { expect(rejected(*s) == 1, "one since the reset"); });
  });
}

TEST_CASE("counts from before a reset do not return when their thread counts again") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Handed>();
    run.thread(thread([=] {
      s->statistics.count(Count::rejected);
      s->statistics.count(Count::rejected);
      s->counted.store(true, std::memory_order_release);
      s->statistics.count(Count::rejected);
    }));
    run.thread(thread([=] {
      if (!s->counted.load(std::memory_order_acquire)) return;
      s->statistics.reset();
      expect(rejected(s->statistics) <= 1, "the two counts from before the reset are gone");
    }));
  });
}

TEST_CASE("a reader sees all counts from before a reset, or none") {
  EXPLORE((Search{.weak = 2}), countingThreadResets(thread));
}

TEST_CASE("a reader sees all counts from between two resets, or none") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Handed>();
    run.thread(thread([=] {
      s->statistics.count(Count::drained);
      s->statistics.reset();
      s->statistics.count(Count::executed);
      s->statistics.count(Count::rejected);
      s->counted.store(true, std::memory_order_release);
      s->statistics.reset();
      s->statistics.count(Count::drained);
    }));
    run.thread(thread([=] {
      if (!s->counted.load(std::memory_order_acquire)) return;
      const auto read = s->statistics.read();
      expect(read[Count::executed] == read[Count::rejected], "not one without the other");
      expect(read[Count::drained] == 0 || read[Count::executed] == 0,
             "nor counts from before and after the reset together");
    }));
  });
}

TEST_CASE("a reader sees all counts from between two resets, or none, whoever resets") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Handed>();
    run.thread(thread([=] {
      s->statistics.count(Count::drained);
      s->statistics.reset();
      s->statistics.count(Count::executed);
      s->statistics.count(Count::rejected);
      s->counted.store(true, std::memory_order_release);
      s->statistics.count(Count::drained);
    }));
    run.thread(thread([=] {
      if (s->counted.load(std::memory_order_acquire)) s->statistics.reset();
    }));
    run.thread(thread([=] {
      if (!s->counted.load(std::memory_order_acquire)) return;
      const auto read = s->statistics.read();
      expect(read[Count::executed] == read[Count::rejected], "not one without the other");
    }));
  });
}

// --- threads that come and go --------------------------------------------------------------------

TEST_CASE("a thread goes on with the counts of one that has ended") {
  EXPLORE(everything, [](Run& run) {
    auto s = statistics();
    for (int i = 0; i < 2; ++i) {
      run.thread(thread([=] {
        s->count(Count::rejected);
        ThreadSeat::giveBack();  // from here on, this is another thread
        s->count(Count::rejected);
      }));
    }
    run.finally([=] { expect(rejected(*s) == 4, "all four are there"); });
  });
}

TEST_CASE("three threads use two seats one after the other, and lose no count") {
  EXPLORE(seeds(5000), [](Run& run) {
    auto s = statistics();
    for (int i = 0; i < 3; ++i) {
      run.thread(thread([=] {
        s->count(Count::rejected);
        s->count(Count::rejected);
      }));
    }
    run.finally([=] { expect(rejected(*s) == 6, "all six are there"); });
  });
}

TEST_CASE("counts from before a reset do not return when the next thread on the seat counts") {
  EXPLORE(everything, anotherThreadResets(thread, ThreadSeat::giveBack));
}

TEST_CASE("a thread whose counts and a reset meet notices the reset, also with its first count") {
  for (int before = 1; before <= 2; ++before) {
    EXPLORE(everything, [=](Run& run) {
      auto s = std::make_shared<Handed>();
      run.thread(thread([=] {
        for (int i = 0; i < before; ++i) s->statistics.count(Count::rejected);
        if (!s->counted.load(std::memory_order_acquire)) return;
        s->statistics.count(Count::rejected);
        expect(rejected(s->statistics) >= 1, "the count since the reset is there");
      }));
      run.thread(thread([=] {
        s->statistics.reset();
        s->counted.store(true, std::memory_order_release);
      }));
    });
  }
}

// --- threads without a shard ---------------------------------------------------------------------

TEST_CASE("counts of threads that are ending add up") {
  EXPLORE(everything, twoThreadsCount(endingThread));
}

TEST_CASE("a reset clears the counts of threads that are ending, once") {
  EXPLORE(everything, anotherThreadResets(endingThread, [] {}));
}

TEST_CASE("a reader sees all counts of an ending thread from before a reset, or none") {
  EXPLORE(everything, countingThreadResets(endingThread));
}
