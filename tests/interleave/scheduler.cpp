#include "interleave/scheduler.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <random>
#include <semaphore>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "interleave/primitives.hpp"

namespace interleave {

namespace {

using Threads = std::uint32_t;  // a set of them
constexpr Threads only(std::size_t thread) { return Threads{1} << thread; }
constexpr std::size_t maxSteps = 20'000;  // in one run

/// What the reduction knows: for each thread, its last step in the order of dependence.
using Past = VectorClock;

/// A pool thread that runs threads of scenarios. Never joined: after a deadlock it stays blocked.
struct Worker {
  std::binary_semaphore started{0};
  std::binary_semaphore go{0};
};

/// A node in the tree of schedules.
struct Node {
  // If `count` is 0, the node chooses the next thread. Sets of threads: those that can run, those
  // to try because a step may not commute, those already tried, and those that would only repeat
  // an order seen elsewhere.
  Threads enabled = 0;
  Threads wanted = 0;
  Threads done = 0;
  Threads asleep = 0;
  std::array<Operation, maxThreads> pending{};
  // Otherwise it chooses one of `count` values.
  std::size_t count = 0;
  std::size_t chosen = 0;
};

struct Step {
  std::size_t thread;
  Operation operation;
  std::size_t node;  // that chose it; none in a redundant run
  const char* what = "";
  std::uint64_t value = 0;
};
constexpr std::size_t none = static_cast<std::size_t>(-1);

/// What the reduction keeps about an object: the last write, and the reads since.
struct Access {
  std::size_t write = none;
  Past writePast;  // for a mutex, of the thread that unlocked it
  std::array<std::size_t, maxThreads> reads{};  // + 1; 0: none
  Past readPast;
  bool ended = false;
};

enum class State : std::uint8_t { absent, ready, ended };

struct Thread {
  State state = State::absent;
  Operation pending;
  const Blocker* blocker = nullptr;
  VectorClock known;
  FenceClocks fences;
  Past past;
  std::size_t priority = 0;  // random order: the highest runs first
};

class Scheduler {
 public:
  static Scheduler& instance() {
    static auto* const one = new Scheduler;  // threads may still use it when the program ends
    return *one;
  }

  Outcome explore(const std::function<void(Run&)>& scenario, const Search& search);

  // --- called on the running thread -------------------------------------------------------------

  void step(const Operation& operation, const Blocker* blocker);
  void note(const char* what, std::uint64_t value) {
    if (concurrent_ && !steps_.empty()) {
      steps_.back().what = what;
      steps_.back().value = value;
    }
  }
  void begin(const void* object) {
    if (running_) access_.erase(object);
  }
  void end(const void* object, bool always, std::source_location where);
  void unlocked(const void* mutex) {
    if (running_) access_[mutex].writePast = me().past;
  }
  std::size_t choose(std::size_t count, bool weakly);
  void fail(const std::string& what) {
    if (!failure_) failure_ = what;
  }

  Thread& me() { return threads_[self]; }
  std::uint64_t run() const { return running_ ? run_ : 0; }
  void onThreadStart(void (*f)()) { threadStart_ = f; }
  std::size_t stepsIn(std::string_view file) const {
    return static_cast<std::size_t>(
        std::count_if(steps_.begin(), steps_.end(), [=](const Step& step) {
          return step.thread == self && fileName(step.operation.where.file_name()) == file;
        }));
  }
  std::string report() const;

  static thread_local std::size_t self;
  std::int64_t time = 0;

 private:
  void runOnce(const std::function<void(Run&)>& scenario);
  void startWorker(std::size_t thread);
  void runThread(std::size_t thread);
  void shuffle(std::size_t threads);
  void handOver(std::size_t from);
  std::size_t decide(std::size_t from);
  std::size_t decideExhaustively(Threads enabled, std::size_t from);
  std::size_t decideByPriority(Threads enabled);
  void execute(std::size_t thread);
  void findRaces(std::size_t thread, const Operation& operation, const Access& access);
  void reverse(std::size_t step, std::size_t thread, Operation::Kind kind);
  Threads enabledThreads() const;
  static bool dependent(const Operation& a, const Operation& b) {
    return a.object == b.object && a.object != nullptr && (a.writes() || b.writes());
  }
  bool backtrack();
  std::optional<std::size_t> prescribed() {
    if (replay_.empty()) return std::nullopt;
    if (replayed_ == replay_.size()) return 0;
    return replay_[replayed_++];
  }

  Search search_;
  std::uint64_t run_ = 0;
  bool running_ = false;
  bool concurrent_ = false;  // threads have started, and not all have ended
  bool redundant_ = false;
  std::array<Thread, maxThreads> threads_;
  Run* scene_ = nullptr;
  std::vector<std::unique_ptr<Worker>> pool_;
  void (*threadStart_)() = nullptr;
  std::vector<std::unique_ptr<Run>> failed_;  // kept: see runOnce()
  std::binary_semaphore ended_{0};

  std::vector<Node> tree_;
  std::size_t depth_ = 0;
  std::vector<Step> steps_;
  std::unordered_map<const void*, Access> access_;
  std::vector<std::size_t> schedule_;  // all answers, in order
  std::vector<std::size_t> replay_;
  std::size_t replayed_ = 0;
  std::size_t weakLeft_ = 0;
  std::optional<std::string> failure_;

  std::mt19937_64 random_;
  std::vector<std::size_t> changes_;  // random order: the steps with a preemption
  std::size_t usualLength_ = 50;
};

thread_local std::size_t Scheduler::self = 0;

// --- a run ------------------------------------------------------------------------------------

void Scheduler::runOnce(const std::function<void(Run&)>& scenario) {
  ++run_;
  running_ = true;
  redundant_ = false;
  threads_ = {};
  threads_[0].state = State::ready;
  depth_ = 0;
  steps_.clear();
  access_.clear();
  schedule_.clear();
  replayed_ = 0;
  weakLeft_ = search_.weak;
  time = 3'600'000'000'000;  // an hour

  auto scene = std::make_unique<Run>();
  scenario(*scene);
  const std::size_t count = scene->threads.size();
  if (count >= maxThreads) throw std::logic_error("a scenario has too many threads");
  scene_ = scene.get();
  for (std::size_t i = 1; i <= count; ++i) {
    threads_[i].state = State::ready;
    threads_[i].known = threads_[0].known;
  }
  if (search_.order == Search::Order::random) shuffle(count);
  concurrent_ = true;
  handOver(0);
  ended_.acquire();
  concurrent_ = false;
  usualLength_ = std::max(usualLength_, steps_.size());
  for (std::size_t i = 1; i <= count; ++i) {
    threads_[0].known.join(threads_[i].known);
    if (threads_[i].state == State::ready) fail("deadlock: no thread can proceed");
  }
  if (failure_) {
    // A scene that failed may not be destructible, and threads may still use it.
    for (auto& worker : pool_) worker.release();  // NOLINT(bugprone-unused-return-value)
    pool_.clear();
    failed_.push_back(std::move(scene));
  } else {
    for (const auto& check : scene->checks) check();
    scene.reset();
  }
  running_ = false;
}

void Scheduler::startWorker(std::size_t thread) {
  auto worker = std::make_unique<Worker>();
  std::thread([this, thread, &own = *worker] {
    if (threadStart_ != nullptr) threadStart_();
    own.started.release();
    for (;;) {
      own.go.acquire();
      runThread(thread);
    }
  }).detach();
  worker->started.acquire();
  pool_.push_back(std::move(worker));
}

void Scheduler::runThread(std::size_t thread) {
  self = thread;
  execute(thread);
  try {
    scene_->threads[thread - 1]();
  } catch (const std::exception& error) {
    fail(std::string("a thread throws ") + error.what());
  }
  me().state = State::ended;
  handOver(thread);  // the next run may begin before this returns
}

/// Random order: chooses the priorities, and the steps at which the running thread is preempted.
void Scheduler::shuffle(std::size_t threads) {
  std::vector<std::size_t> ranks(threads);
  for (std::size_t i = 0; i < threads; ++i) ranks[i] = search_.preemptions + i;
  std::shuffle(ranks.begin(), ranks.end(), random_);
  for (std::size_t i = 0; i < threads; ++i) threads_[i + 1].priority = ranks[i];
  changes_.clear();
  for (std::size_t i = 0; i < search_.preemptions; ++i) {
    changes_.push_back(random_() % usualLength_);
  }
}

/// Resumes the next thread, or ends the run if there is none.
void Scheduler::handOver(std::size_t from) {
  const std::size_t next = decide(from);
  if (next == from && from != 0) return;
  Worker* const mine =
      from != 0 && threads_[from].state == State::ready ? pool_[from - 1].get() : nullptr;
  (next == 0 ? ended_ : pool_[next - 1]->go).release();
  if (mine != nullptr) mine->go.acquire();  // never returns after a deadlock
}

void Scheduler::step(const Operation& operation, const Blocker* blocker) {
  if (!running_) return;
  if (concurrent_) {
    me().pending = operation;
    me().blocker = blocker;
    handOver(self);
  }
  execute(self);
}

void Scheduler::end(const void* object, bool always, std::source_location where) {
  if (!concurrent_ || !(always || access_.contains(object))) return;
  step({Operation::Kind::end, object, where}, nullptr);
  note("end", 0);
  access_[object].ended = true;
}

Threads Scheduler::enabledThreads() const {
  Threads result = 0;
  for (std::size_t i = 1; i < maxThreads; ++i) {
    const Thread& thread = threads_[i];
    if (thread.state == State::ready && (thread.blocker == nullptr || thread.blocker->open(i))) {
      result |= only(i);
    }
  }
  return result;
}

/// The thread that takes the next step; 0 if none can.
std::size_t Scheduler::decide(std::size_t from) {
  const Threads enabled = enabledThreads();
  if (enabled == 0) return 0;
  if (steps_.size() > maxSteps) {
    fail("the run does not end");
    return 0;
  }
  std::size_t next = 0;
  if (const auto given = std::has_single_bit(enabled) ? std::nullopt : prescribed()) {
    next = (enabled & only(*given)) != 0 ? *given
                                         : static_cast<std::size_t>(std::countr_zero(enabled));
  } else if (!replay_.empty()) {
    next = static_cast<std::size_t>(std::countr_zero(enabled));
  } else if (search_.order == Search::Order::random) {
    next = decideByPriority(enabled);
  } else {
    next = decideExhaustively(enabled, from);
  }
  if (!std::has_single_bit(enabled)) schedule_.push_back(next);
  return next;
}

std::size_t Scheduler::decideByPriority(Threads enabled) {
  const auto highest = [&] {
    std::size_t best = 0;
    for (std::size_t i = 1; i < maxThreads; ++i) {
      if ((enabled & only(i)) == 0) continue;
      if (best == 0 || threads_[i].priority > threads_[best].priority) best = i;
    }
    return best;
  };
  std::size_t next = highest();
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (changes_[i] == steps_.size()) {
      threads_[next].priority = i;  // below all initial priorities
      next = highest();
    }
  }
  return next;
}

std::size_t Scheduler::decideExhaustively(Threads enabled, std::size_t from) {
  const auto preferred = [from](Threads among) {
    return (among & only(from)) != 0 && from != 0
               ? from
               : static_cast<std::size_t>(std::countr_zero(among));
  };
  if (redundant_) return preferred(enabled);
  if (depth_ < tree_.size()) return tree_[depth_++].chosen;
  Node node;
  node.enabled = enabled;
  for (std::size_t i = 1; i < maxThreads; ++i) node.pending[i] = threads_[i].pending;
  // The last node that chose a thread
  auto parent =
      std::find_if(tree_.rbegin(), tree_.rend(), [](const Node& n) { return n.count == 0; });
  if (parent != tree_.rend()) {
    for (std::size_t i = 1; i < maxThreads; ++i) {
      if (((parent->asleep | parent->done) & only(i) & ~only(parent->chosen)) != 0 &&
          !dependent(parent->pending[i], parent->pending[parent->chosen])) {
        node.asleep |= only(i);
      }
    }
  }
  const Threads candidates = enabled & ~node.asleep;
  if (candidates == 0) {
    redundant_ = true;
    return preferred(enabled);
  }
  node.chosen = preferred(candidates);
  node.wanted = only(node.chosen);
  tree_.push_back(node);
  ++depth_;
  return node.chosen;
}

std::size_t Scheduler::choose(std::size_t count, bool weakly) {
  if (!concurrent_ || count < 2 || (weakly && weakLeft_ == 0)) return 0;
  std::size_t chosen = 0;
  if (!replay_.empty()) {
    chosen = std::min(prescribed().value_or(0), count - 1);
  } else if (search_.order == Search::Order::random) {
    chosen = weakly && random_() % 4 != 0 ? 0 : random_() % count;
  } else if (!redundant_) {
    if (depth_ == tree_.size()) {
      Node node;
      node.count = count;
      tree_.push_back(node);
    }
    chosen = tree_[depth_++].chosen;
  }
  schedule_.push_back(chosen);
  if (weakly && chosen != 0) --weakLeft_;
  return chosen;
}

// --- which steps do not commute ---------------------------------------------------------------

/// Executes the pending step of thread `index`.
void Scheduler::execute(std::size_t index) {
  Thread& thread = threads_[index];
  ++thread.known[index];
  const Operation operation = std::exchange(thread.pending, Operation{});
  thread.blocker = nullptr;
  if (!concurrent_) return;
  const std::size_t number = steps_.size();
  std::size_t node = none;
  if (!redundant_ && search_.order == Search::Order::exhaustive && replay_.empty()) {
    node = depth_ - 1;
  }
  steps_.push_back({index, operation, node});
  if (operation.object == nullptr) return;
  Access& access = access_[operation.object];
  if (access.ended) fail("an object is used after its end");
  findRaces(index, operation, access);
  thread.past.join(access.writePast);
  if (operation.writes()) thread.past.join(access.readPast);
  thread.past[index] = static_cast<std::uint32_t>(number + 1);
  if (operation.writes()) {
    access.write = number;
    access.writePast = thread.past;
    access.reads = {};
    access.readPast = {};
  } else {
    access.reads[index] = number + 1;
    access.readPast.join(thread.past);
  }
}

void Scheduler::findRaces(std::size_t thread, const Operation& operation, const Access& access) {
  const auto look = [&](std::size_t number) {
    const Step& other = steps_[number];
    if (other.thread == thread || threads_[thread].past[other.thread] > number) return;
    reverse(number, thread, operation.kind);
  };
  if (access.write != none) look(access.write);
  if (operation.writes()) {
    for (const std::size_t read : access.reads) {
      if (read != 0) look(read - 1);
    }
  }
}

/// Schedules another run in which `thread` runs before step `number`.
void Scheduler::reverse(std::size_t number, std::size_t thread, Operation::Kind kind) {
  const Step& step = steps_[number];
  if (step.node == none) return;
  Node& node = tree_[step.node];
  if ((node.enabled & only(thread)) != 0) {
    node.wanted |= only(thread);
  } else if (kind != Operation::Kind::awake) {
    node.wanted |= node.enabled;
  }  // else step `number` woke it
}

/// Goes back to the last node with another choice to try.
bool Scheduler::backtrack() {
  for (; !tree_.empty(); tree_.pop_back()) {
    Node& node = tree_.back();
    if (node.count != 0) {
      if (++node.chosen < node.count) return true;
      continue;
    }
    node.done |= only(node.chosen);
    const Threads left = node.wanted & node.enabled & ~node.done & ~node.asleep;
    if (left != 0) {
      node.chosen = static_cast<std::size_t>(std::countr_zero(left));
      return true;
    }
  }
  return false;
}

// --- reports of failures ------------------------------------------------------------------------

std::string schedule(const std::vector<std::size_t>& answers) {
  std::ostringstream out;
  for (std::size_t i = 0; i < answers.size();) {
    std::size_t same = i;
    while (same < answers.size() && answers[same] == answers[i]) ++same;
    out << (i == 0 ? "" : ",") << answers[i];
    if (same - i > 1) out << '*' << same - i;
    i = same;
  }
  return out.str();
}

std::vector<std::size_t> parseSchedule(const std::string& text) {
  std::vector<std::size_t> answers;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    std::size_t times = 1;
    std::size_t answer = 0;
    char star = 0;
    std::istringstream fields(part);
    if (!(fields >> answer) || ((fields >> star) && (star != '*' || !(fields >> times)))) {
      throw std::invalid_argument("BULWARK_SCHEDULE: \"" + part +
                                  "\" is neither a number nor number*times");
    }
    answers.insert(answers.end(), times, answer);
  }
  return answers;
}

std::string Scheduler::report() const {
  std::ostringstream out;
  out << failure_.value_or("the program ended") << "\n";
  if (search_.order == Search::Order::random) out << "seed: " << search_.seed << "\n";
  out << "replay with BULWARK_SCHEDULE=" << schedule(schedule_) << "\n";
  std::unordered_map<const void*, std::size_t> names;
  for (const Step& step : steps_) {
    if (step.operation.object == nullptr) continue;
    const auto name = names.emplace(step.operation.object, names.size() + 1).first->second;
    out << "  thread " << step.thread << "  object " << name << "  " << step.what;
    if (step.value != 0) out << " 0x" << std::hex << step.value << std::dec;
    out << "  " << fileName(step.operation.where.file_name()) << ':' << step.operation.where.line()
        << "\n";
  }
  return out.str();
}

// --- the search ---------------------------------------------------------------------------------

Outcome Scheduler::explore(const std::function<void(Run&)>& scenario, const Search& search) {
  search_ = search;
  tree_.clear();
  failure_.reset();
  replay_.clear();
  if (threadStart_ != nullptr) threadStart_();
  while (pool_.size() + 1 < maxThreads) startWorker(pool_.size() + 1);
  const bool random = search.order == Search::Order::random;
  Outcome outcome;
  if (const char* given = std::getenv("BULWARK_SCHEDULE")) replay_ = parseSchedule(given);
  for (;;) {
    random_.seed(search_.seed);
    runOnce(scenario);
    ++(redundant_ ? outcome.redundant : outcome.runs);
    if (failure_ || !replay_.empty()) {
      outcome.failure = report();
      return outcome;
    }
    if (random) {
      if (outcome.runs == search.runs) return outcome;
      ++search_.seed;
    } else if (!backtrack()) {
      outcome.complete = true;
      return outcome;
    } else if (outcome.runs + outcome.redundant >= search.runs) {
      return outcome;
    }
  }
}

}  // namespace

// --- the interface ----------------------------------------------------------------------------

namespace {

/// Prints the schedule of a run that kills the program.
void reportDeath() {
  if (runNumber() != 0) std::fputs(Scheduler::instance().report().c_str(), stderr);
}

void dieOfException() {
  reportDeath();
  std::abort();
}

}  // namespace

// Defined by AddressSanitizer, if it is linked.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

Outcome explore(const std::function<void(Run&)>& scenario, const Search& search) {
  if (&__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(reportDeath);
  std::set_terminate(dieOfException);
  return Scheduler::instance().explore(scenario, search);
}

void onThreadStart(void (*f)()) { Scheduler::instance().onThreadStart(f); }

void expect(bool holds, const char* what, std::source_location where) {
  if (holds) return;
  Scheduler::instance().fail(fileName(where.file_name()) + ':' + std::to_string(where.line()) +
                             ": " + what);
}

std::size_t stepsIn(std::string_view file) { return Scheduler::instance().stepsIn(file); }

std::string fileName(const char* path) { return std::filesystem::path(path).filename().string(); }

void step(Operation::Kind kind, const void* object, std::source_location where) {
  Scheduler::instance().step({kind, object, where}, nullptr);
}
void stepWhenOpen(Operation::Kind kind, const void* object, const Blocker& blocker,
                  std::source_location where) {
  Scheduler::instance().step({kind, object, where}, &blocker);
}
void begins(const void* object) noexcept { Scheduler::instance().begin(object); }
void ends(const void* object, bool always, std::source_location where) noexcept {
  Scheduler::instance().end(object, always, where);
}
void note(const char* what, std::uint64_t value) { Scheduler::instance().note(what, value); }
void unlocked(const void* mutex) { Scheduler::instance().unlocked(mutex); }
std::size_t choose(std::size_t count) { return Scheduler::instance().choose(count, false); }
std::size_t chooseWeakly(std::size_t count) { return Scheduler::instance().choose(count, true); }
std::size_t thisThread() noexcept { return Scheduler::self; }
VectorClock& knowledge() noexcept { return Scheduler::instance().me().known; }
FenceClocks& fenceClocks() noexcept { return Scheduler::instance().me().fences; }
std::uint64_t runNumber() noexcept { return Scheduler::instance().run(); }
std::int64_t timeNow() noexcept { return Scheduler::instance().time; }
void moveTime(std::int64_t to) noexcept { Scheduler::instance().time = to; }

void fence(std::memory_order order) noexcept {
  FenceClocks& clocks = fenceClocks();
  if (acquires(order)) knowledge().join(clocks.acquired);
  if (releases(order)) clocks.released = knowledge();
}

}  // namespace interleave
