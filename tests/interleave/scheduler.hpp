#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

// A deterministic scheduler for code whose atomics, mutexes and condition variables are those of
// primitives.hpp. One thread runs at a time. Before each operation on something shared it asks the
// scheduler who goes next; a load asks which of the values that it may see it does see. All these
// answers are one list of numbers, the schedule: the same list gives the same run.

namespace interleave {

/// The threads of a scenario, and thread 0, which makes the state before they start and looks at it
/// when they have ended.
inline constexpr std::size_t maxThreads = 6;

/// What a thread knows of the others: the last step of each that happens before its next one.
class VectorClock {
 public:
  std::uint32_t& operator[](std::size_t thread) { return steps_[thread]; }
  std::uint32_t operator[](std::size_t thread) const { return steps_[thread]; }
  void join(const VectorClock& other) {
    for (std::size_t i = 0; i < maxThreads; ++i) {
      if (steps_[i] < other.steps_[i]) steps_[i] = other.steps_[i];
    }
  }

 private:
  std::array<std::uint32_t, maxThreads> steps_{};
};

/// How to look for a schedule that fails.
struct Search {
  /// Every interleaving of dependent operations, up to equivalence; or one for each seed.
  enum class Order : std::uint8_t { exhaustive, random };
  Order order = Order::exhaustive;
  std::size_t runs = 1'000'000;  // exhaustive: more than that many is an error; random: how many
  std::uint64_t seed = 1;  // random: of the first run; the next one has seed + 1
  /// Random: at how many points of a run the thread that runs has to let another one go first.
  std::size_t preemptions = 3;
  /// How often in one run a load returns a value that has been overwritten, or a weak
  /// compare-and-swap fails for no reason.
  std::size_t weak = 1;
};

/// What came of it.
struct Outcome {
  std::size_t runs = 0;  // that ended differently, as far as the order of dependent steps goes
  std::size_t redundant = 0;  // abandoned: another run has the same order
  bool complete = false;  // exhaustive: there are no more
  std::optional<std::string> failure;  // what failed, its schedule, and its trace
};

/// What a scenario is written with; valid for one run.
class Run {
 public:
  /// A thread that starts when the scenario has been set up. At most maxThreads - 1 of them.
  void thread(std::function<void()> body) { threads.push_back(std::move(body)); }
  /// What is to be looked at when all threads have ended.
  void finally(std::function<void()> check) { checks.push_back(std::move(check)); }

  std::vector<std::function<void()>> threads;
  std::vector<std::function<void()>> checks;
};

/// Runs the scenario under all schedules that `search` asks for, until one fails. With
/// BULWARK_SCHEDULE set to the schedule of a failure: under that one only, and prints its trace.
Outcome explore(const std::function<void(Run&)>& scenario, const Search& search = {});

/// The name of a source file without its folders.
std::string fileName(const char* path);

/// Part of a scenario, or of what it runs: if it does not hold, the run has failed.
void expect(bool holds, const char* what,
            std::source_location where = std::source_location::current());

// --- for primitives.hpp -----------------------------------------------------------------------

/// What a thread is about to do.
struct Operation {
  enum class Kind : std::uint8_t { start, load, store, modify, lock, notify, wait, awake, end };
  Kind kind = Kind::start;
  const void* object = nullptr;
  std::source_location where{};

  bool writes() const { return kind != Kind::load && kind != Kind::start; }
};

/// Stands at a place where another thread may go first. Returns when this one goes on. Does nothing
/// outside of a run.
void step(Operation::Kind kind, const void* object, std::source_location where);
/// An object is made, perhaps where another one was.
void begins(const void* object) noexcept;
/// It is destroyed: a step, which none that uses it may follow. Unless `always`, only where
/// somebody has used it in this run: there are many that nobody ever does.
void ends(const void* object, bool always,
          std::source_location where = std::source_location::current()) noexcept;
/// Adds to the trace what the step came to.
void note(const char* what, std::uint64_t value = 0);
/// The thread that runs has unlocked `mutex`, which is no step of its own.
void unlocked(const void* mutex);
/// One of `count` ways to go on, 0 being the usual one. The others use up Search::weak.
std::size_t chooseWeakly(std::size_t count);
/// The same without a limit.
std::size_t choose(std::size_t count);

/// 0: outside of threads.
std::size_t thisThread() noexcept;
/// What the thread that runs knows.
VectorClock& knowledge() noexcept;
/// Numbers the run, so that what an object remembers of an earlier one is void; 0: no run.
std::uint64_t runNumber() noexcept;

/// Whether a thread that is about to lock, or to wake up, can.
struct Blocker {
  virtual bool open(std::size_t thread) const = 0;

 protected:
  ~Blocker() = default;
};
/// As step(), where the thread cannot go on before `blocker` lets it.
void stepWhenOpen(Operation::Kind kind, const void* object, const Blocker& blocker,
                  std::source_location where);

/// The clock of the model: moved by a scenario, and by a wait whose time passes.
std::int64_t timeNow() noexcept;
void moveTime(std::int64_t to) noexcept;

}  // namespace interleave
