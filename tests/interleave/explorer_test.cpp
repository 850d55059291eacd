#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>

#include "interleave/primitives.hpp"
#include "interleave/scheduler.hpp"
#include "support/catch.hpp"

// Tests of the explorer: it finds the errors that exist, and no others.

using namespace interleave;
using namespace std::chrono_literals;

namespace {

Search weakly(std::size_t weak) {
  Search search;
  search.weak = weak;
  return search;
}

struct Counter {
  Atomic<int> value{0};
};

/// Threads that increment a counter by load and store.
auto losingIncrements(int threads, const char* allCounted) {
  return [=](Run& run) {
    auto counter = std::make_shared<Counter>();
    for (int i = 0; i < threads; ++i) {
      run.thread([=] {
        counter->value.store(counter->value.load(std::memory_order_relaxed) + 1,
                             std::memory_order_relaxed);
      });
    }
    run.finally([=] { expect(counter->value.load() == threads, allCounted); });
  };
}

struct Message {
  Atomic<int> flag{0};
  Guarded<int> text;
};

auto message(std::memory_order write, std::memory_order read) {
  return [=](Run& run) {
    auto shared = std::make_shared<Message>();
    run.thread([=] {
      shared->text.set(42);
      shared->flag.store(1, write);
    });
    run.thread([=] {
      if (shared->flag.load(read) == 1) expect(shared->text.get() == 42, "the text is there");
    });
  };
}

}  // namespace

TEST_CASE("explorer: two increments by load and store can lose one") {
  const Outcome outcome = explore(losingIncrements(2, "both were counted"), weakly(0));
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->find("both were counted") != std::string::npos);
  CHECK(outcome.failure->find("BULWARK_SCHEDULE=") != std::string::npos);
}

TEST_CASE("explorer: atomic increments commute only in their result") {
  const auto increments = [](std::size_t threads) {
    return [=](Run& run) {
      auto counter = std::make_shared<Counter>();
      for (std::size_t i = 0; i < threads; ++i) {
        run.thread([=] { counter->value.fetch_add(1, std::memory_order_relaxed); });
      }
      run.finally([=] { expect(counter->value.load() == static_cast<int>(threads), "all"); });
    };
  };
  const Outcome two = explore(increments(2));
  CHECK_FALSE(two.failure);
  CHECK(two.complete);
  CHECK(two.runs == 2);
  CHECK(explore(increments(3)).runs == 6);
  CHECK(explore(increments(4)).runs == 24);
}

TEST_CASE("explorer: independent steps are not tried in every order") {
  const Outcome outcome = explore([](Run& run) {
    for (int i = 0; i < 3; ++i) {
      auto own = std::make_shared<Counter>();
      run.thread([=] {
        own->value.store(1);
        own->value.store(2);
      });
    }
  });
  CHECK(outcome.complete);
  CHECK(outcome.runs == 1);
}

TEST_CASE("explorer: a message needs both release and acquire") {
  const auto relaxed = std::memory_order_relaxed;
  CHECK(explore(message(relaxed, relaxed)).failure);
  CHECK(explore(message(std::memory_order_release, relaxed)).failure);
  CHECK(explore(message(relaxed, std::memory_order_acquire)).failure);
  const Outcome both = explore(message(std::memory_order_release, std::memory_order_acquire));
  CHECK(both.failure.value_or("") == "");
  CHECK(both.complete);
}

TEST_CASE("explorer: fences carry a message over relaxed operations") {
  const auto withFences = [](bool writer, bool reader) {
    return explore([=](Run& run) {
      auto shared = std::make_shared<Message>();
      run.thread([=] {
        shared->text.set(1);
        if (writer) fence(std::memory_order_release);
        shared->flag.store(1, std::memory_order_relaxed);
      });
      run.thread([=] {
        const bool there = shared->flag.load(std::memory_order_relaxed) == 1;
        if (reader) fence(std::memory_order_acquire);
        if (there) shared->text.get();
      });
    });
  };
  CHECK_FALSE(withFences(true, true).failure);
  CHECK(withFences(true, false).failure);
  CHECK(withFences(false, true).failure);
}

TEST_CASE("explorer: only read-modify-writes of other threads continue a release sequence") {
  const auto sequence = [](bool modify) {
    return explore([=](Run& run) {
      auto shared = std::make_shared<Message>();
      run.thread([=] {
        shared->text.set(1);
        shared->flag.store(1, std::memory_order_release);
      });
      run.thread([=] {
        if (modify) {
          shared->flag.fetch_add(1, std::memory_order_relaxed);
        } else if (shared->flag.load(std::memory_order_relaxed) == 1) {
          shared->flag.store(2, std::memory_order_relaxed);
        }
      });
      run.thread([=] {
        if (shared->flag.load(std::memory_order_acquire) == 2) shared->text.get();
      });
    });
  };
  CHECK_FALSE(sequence(true).failure);
  CHECK(sequence(false).failure);
}

TEST_CASE("explorer: both of two threads can miss what the other has stored") {
  // Store buffering: the outcome needs two old values.
  const auto buffering = [](Run& run) {
    struct Pair {
      Atomic<int> a{0}, b{0}, seenA{1}, seenB{1};
    };
    auto pair = std::make_shared<Pair>();
    run.thread([=] {
      pair->a.store(1, std::memory_order_relaxed);
      pair->seenB.store(pair->b.load(std::memory_order_relaxed));
    });
    run.thread([=] {
      pair->b.store(1, std::memory_order_relaxed);
      pair->seenA.store(pair->a.load(std::memory_order_relaxed));
    });
    run.finally([=] {
      expect(pair->seenA.load() + pair->seenB.load() > 0, "one thread saw the other's store");
    });
  };
  CHECK_FALSE(explore(buffering, weakly(0)).failure);
  CHECK(explore(buffering, weakly(1)).failure);
}

TEST_CASE("explorer: a thread never reads an older value after a newer one") {
  const Outcome outcome = explore(
      [](Run& run) {
        auto counter = std::make_shared<Counter>();
        run.thread([=] {
          counter->value.store(1, std::memory_order_relaxed);
          counter->value.store(2, std::memory_order_relaxed);
        });
        run.thread([=] {
          const int first = counter->value.load(std::memory_order_relaxed);
          const int second = counter->value.load(std::memory_order_relaxed);
          expect(first <= second, "values come in their order");
        });
      },
      weakly(2));
  CHECK(outcome.failure.value_or("") == "");
  CHECK(outcome.complete);
}

TEST_CASE("explorer: mutexes locked in two orders can deadlock") {
  struct Two {
    Mutex a, b;
  };
  const auto locks = [](bool same) {
    return explore([=](Run& run) {
      auto two = std::make_shared<Two>();
      run.thread([=] {
        const std::lock_guard first(two->a);
        const std::lock_guard second(two->b);
      });
      run.thread([=] {
        const std::lock_guard first(same ? two->a : two->b);
        const std::lock_guard second(same ? two->b : two->a);
      });
    });
  };
  CHECK_FALSE(locks(true).failure);
  const Outcome crossed = locks(false);
  REQUIRE(crossed.failure);
  CHECK(crossed.failure->find("deadlock") != std::string::npos);
}

TEST_CASE("explorer: a notification before a wait is lost unless the lock guards the condition") {
  struct Signal {
    Mutex mutex;
    ConditionVariable changed;
    bool set = false;
  };
  const auto wait = [](bool looks) {
    return explore([=](Run& run) {
      auto signal = std::make_shared<Signal>();
      run.thread([=] {
        std::unique_lock lock(signal->mutex);
        bool first = !looks;
        signal->changed.wait(lock,
                             [&] { return std::exchange(first, false) ? false : signal->set; });
      });
      run.thread([=] {
        const std::lock_guard lock(signal->mutex);
        signal->set = true;
        signal->changed.notify_one();
      });
    });
  };
  CHECK_FALSE(wait(true).failure);
  CHECK(wait(false).failure);
}

TEST_CASE("explorer: use of a destroyed object is found, wherever the object is") {
  const auto uses = [](bool waits) {
    return explore([=](Run& run) {
      struct Place {
        Atomic<bool> done{false};
        std::optional<Mutex> mutex{std::in_place};
      };
      auto place = std::make_shared<Place>();
      run.thread([=] {
        { const std::lock_guard lock(*place->mutex); }
        place->done.store(true, std::memory_order_release);
      });
      run.thread([=] {
        if (!waits || place->done.load(std::memory_order_acquire)) place->mutex.reset();
      });
    });
  };
  CHECK(uses(true).failure.value_or("") == "");
  CHECK(uses(false).failure);
}

TEST_CASE("explorer: a timed wait may time out at any moment, and advances the clock") {
  struct Timed {
    Mutex mutex;
    ConditionVariable changed;
    bool done = false;
  };
  std::size_t timedOut = 0, notified = 0;
  const Outcome outcome = explore([&](Run& run) {
    auto timed = std::make_shared<Timed>();
    run.thread([=, &timedOut, &notified] {
      std::unique_lock lock(timed->mutex);
      const std::chrono::time_point<std::chrono::steady_clock> end(2h);
      if (timed->changed.wait_until(lock, end, [&] { return timed->done; })) {
        ++notified;
      } else {
        ++timedOut;
        expect(timeNow() == std::chrono::nanoseconds(2h).count(), "it is two by then");
      }
    });
    run.thread([=] {
      const std::lock_guard lock(timed->mutex);
      timed->done = true;
      timed->changed.notify_one();
    });
  });
  CHECK(outcome.failure.value_or("") == "");
  CHECK(outcome.complete);
  CHECK(timedOut > 0);
  CHECK(notified > 0);
}

TEST_CASE("explorer: the same seed gives the same run, and a schedule can be replayed") {
  const auto lost = losingIncrements(3, "all were counted");
  Search search;
  search.order = Search::Order::random;
  search.runs = 1000;
  const Outcome first = explore(lost, search);
  const Outcome second = explore(lost, search);
  REQUIRE(first.failure);
  CHECK(first.failure == second.failure);

  const std::string name = "BULWARK_SCHEDULE=";
  const auto begin = first.failure->find(name) + name.size();
  const std::string schedule =
      first.failure->substr(begin, first.failure->find('\n', begin) - begin);
  ::setenv("BULWARK_SCHEDULE", schedule.c_str(), 1);
  const Outcome replayed = explore(lost);
  ::unsetenv("BULWARK_SCHEDULE");
  CHECK(replayed.runs == 1);
  REQUIRE(replayed.failure);
  CHECK(replayed.failure->find("all were counted") != std::string::npos);
}
