#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

// A deterministic scheduler for code whose atomics, mutexes and condition variables are those of
// primitives.hpp. One thread runs at a time. Before each operation on a shared object it asks the
// scheduler which thread runs next; a load asks which of the visible values it returns. The answers
// are a list of numbers, the schedule: the same list gives the same run.

namespace interleave {

/// The threads of a scenario, and thread 0, which creates the state before they start and checks it
/// after they have ended.
inline constexpr std::size_t maxThreads = 6;

/// What a thread knows of the others: the last step of each that happens before its next step.
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

/// How to search for a schedule that fails.
struct Search {
  /// Every interleaving of dependent operations, up to equivalence, or one for each seed.
  enum class Order : std::uint8_t { exhaustive, random };
  Order order = Order::exhaustive;
  std::size_t runs = 1'000'000;  // exhaustive: more runs are an error; random: number of runs
  std::uint64_t seed = 1;  // random: seed of the first run; the next run has seed + 1
  /// Random: the number of points of a run at which the running thread is preempted.
  std::size_t preemptions = 3;
  /// How often in one run a load returns an overwritten value, or a weak compare-and-swap fails
  /// spuriously.
  std::size_t weak = 1;
};

/// The result of a search.
struct Outcome {
  std::size_t runs = 0;  // runs that differ in the order of dependent steps
  std::size_t redundant = 0;  // abandoned runs: another run has the same order
  bool complete = false;  // exhaustive: no runs are left
  std::optional<std::string> failure;  // what failed, its schedule and its trace
};

/// The interface of a scenario; valid for one run.
class Run {
 public:
  /// Adds a thread, which starts when the scenario has been set up; at most maxThreads - 1.
  void thread(std::function<void()> body) { threads.push_back(std::move(body)); }
  /// Adds a check that runs after all threads have ended.
  void finally(std::function<void()> check) { checks.push_back(std::move(check)); }

  std::vector<std::function<void()>> threads;
  std::vector<std::function<void()>> checks;
};

/// Runs the scenario under all schedules that `search` asks for, until one fails. If
/// BULWARK_SCHEDULE is set to a schedule, runs only that one and prints its trace.
Outcome explore(const std::function<void(Run&)>& scenario, const Search& search = {});

/// `f` is called on each thread that runs threads of scenarios, before it runs the first one, and
/// on the thread of explore(). So it can set up what a thread keeps from run to run. Null: nothing.
void onThreadStart(void (*f)());

/// The name of a source file without its folders.
std::string fileName(const char* path);

/// The steps of the running thread in this run that stand in a source file of that name. For the
/// cost of an operation.
std::size_t stepsIn(std::string_view file);

/// A check in a scenario or in what it runs. The run has failed if it does not hold.
void expect(bool holds, const char* what,
            std::source_location where = std::source_location::current());

// --- for primitives.hpp -----------------------------------------------------------------------

/// The next operation of a thread.
struct Operation {
  enum class Kind : std::uint8_t { start, load, store, modify, lock, notify, wait, awake, end };
  Kind kind = Kind::start;
  const void* object = nullptr;
  std::source_location where{};

  bool writes() const { return kind != Kind::load && kind != Kind::start; }
};

/// A point at which another thread may run first. Returns when this thread may continue. Does
/// nothing outside of a run.
void step(Operation::Kind kind, const void* object, std::source_location where);
/// An object is created, perhaps at the address of an earlier one.
void begins(const void* object) noexcept;
/// An object is destroyed: a step, which no step that uses the object may follow. Unless `always`,
/// this is a step only if the object was used in this run: many objects never are.
void ends(const void* object, bool always,
          std::source_location where = std::source_location::current()) noexcept;
/// Adds the result of the step to the trace.
void note(const char* what, std::uint64_t value = 0);
/// The running thread has unlocked `mutex`, which is not a step of its own.
void unlocked(const void* mutex);
/// Chooses one of `count` ways to continue; 0 is the usual one. The others use up Search::weak.
std::size_t chooseWeakly(std::size_t count);
/// The same without a limit.
std::size_t choose(std::size_t count);

/// The number of the running thread; 0 outside of threads.
std::size_t thisThread() noexcept;
/// What the running thread knows.
VectorClock& knowledge() noexcept;
/// The number of the run, by which objects discard what they remember of earlier runs; 0: no run.
std::uint64_t runNumber() noexcept;

/// Decides whether a thread that is about to lock or to wake up can do so.
struct Blocker {
  virtual bool open(std::size_t thread) const = 0;

 protected:
  ~Blocker() = default;
};
/// Like step(), but the thread cannot continue before `blocker` is open.
void stepWhenOpen(Operation::Kind kind, const void* object, const Blocker& blocker,
                  std::source_location where);

/// The clock of the model. A scenario advances it, and so does a wait that times out.
std::int64_t timeNow() noexcept;
void moveTime(std::int64_t to) noexcept;

}  // namespace interleave
