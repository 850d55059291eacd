#pragma once

#include <bulwark/asio.hpp>

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(use_future.hpp)

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/end.hpp"
#include "support/injection.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

// Shared by the fault injection tests: parts that fail on demand, and a record of how each call
// ended, which is compared with the library's statistics.

using injection::Armed;
using injection::Fragile;
using injection::Plan;
using injection::Point;
using injection::strikes;

using Flaky = InstrumentedExecutor<net::io_context::executor_type>;

inline std::int64_t partsAlive() {
  return Fragile<Point::callable>::alive + Fragile<Point::handler>::alive +
         Fragile<Point::result>::alive;
}

using Ends = std::array<std::uint64_t, endKinds>;

inline Ends endsOf(const Counters& b) {
  return {b.executed, b.failed, b.rejected, b.timedOut, b.cancelled, b.drained};
}

/// What the caller saw of one call.
struct Call {
  bool counted = true;  // false for a drain, and for a call with an invalid weight or name
  bool threw = false;   // the initiating function threw
  int invoked = 0;
  int destroyed = 0;  // how often the last copy of the handler was destroyed
  net::error_code code;
  bool faulted = false;  // the error is the injected one
  std::future<void> future;

  void note(const std::exception_ptr& error) {
    faulted = holds<std::bad_alloc>(error) || holds<injection::Fault>(error);
    note(bulwark::errorCodeOf(error));
  }
  void note(net::error_code c) {
    ++invoked;
    code = c;
  }
};

/// A handler for every kind of operation, whose move fails on demand.
class Note {
 public:
  explicit Note(Call& call) : end_(std::make_shared<EndOfLife>(call)) {}

  void operator()(std::exception_ptr error) { end_->call.note(error); }
  template <typename T>
  void operator()(std::exception_ptr error, const T&) {
    end_->call.note(error);
  }
  void operator()(net::error_code code) { end_->call.note(code); }
  void operator()(net::error_code code, Permit) { end_->call.note(code); }

 private:
  struct EndOfLife {
    explicit EndOfLife(Call& c) : call(c) {}
    EndOfLife(const EndOfLife&) = delete;
    EndOfLife& operator=(const EndOfLife&) = delete;
    ~EndOfLife() { ++call.destroyed; }
    Call& call;
  };
  std::shared_ptr<EndOfLife> end_;
  Fragile<Point::handler> part_;
};

template <typename T>
struct FaultyAllocator {
  using value_type = T;

  FaultyAllocator() noexcept = default;
  template <typename U>
  FaultyAllocator(const FaultyAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (strikes(Point::allocator)) throw std::bad_alloc();
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) noexcept { std::allocator<T>().deallocate(memory, n); }
  friend bool operator==(const FaultyAllocator&, const FaultyAllocator&) noexcept { return true; }
};

/// The same with an allocator of its own.
struct AllocatingNote : Note {
  using Note::Note;
  using allocator_type = FaultyAllocator<int>;
  allocator_type get_allocator() const noexcept { return {}; }
};

struct Result {
  Fragile<Point::result> part;
  std::shared_ptr<Permit> kept;  // is released with the result
};

struct Plain {
  Fragile<Point::callable> part;
  void operator()() {}
};
struct Throwing {
  Fragile<Point::callable> part;
  void operator()() { throw 1; }
};
struct Valued {
  Fragile<Point::callable> part;
  std::shared_ptr<Permit> kept{};
  Result operator()() { return {{}, std::move(kept)}; }
};
struct Awaited {
  Fragile<Point::callable> part;
  net::awaitable<Result> operator()() { co_return Result(); }
};

/// A context, an executor on it that fails on demand, and the calls made there.
class World {
 public:
  World() : probe(std::make_shared<ExecutorProbe>()), executor(io.get_executor(), probe) {
    ManualClock::reset();
    probe->whenAsked = [this] {
      if (strikes(Point::submission)) throw injection::Fault();
      probe->drop = strikes(Point::dropped);
    };
    probe->whenQueried = [] {
      if (strikes(Point::property)) throw injection::Fault();
    };
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  virtual ~World() = default;

  /// The statistics of everything that the scenario uses.
  virtual Counters counters() const = 0;
  /// Permits held or waited for at other places, such as semaphores.
  virtual std::size_t elsewhere() const { return 0; }
  /// Other numbers that a call must not change when its initiating function throws.
  virtual std::vector<std::uint64_t> otherCounters() const { return {}; }
  /// Checks that everything works as if nothing had happened.
  virtual void checkLife() = 0;
  /// Makes the library look at every queue.
  virtual void kick() = 0;

  /// Starts a call, `begin(handler)`. If that throws, nothing has changed.
  template <typename Handler = Note, typename F>
  Call& call(F begin) {
    Call& made = calls.emplace_back();
    Handler handler(made);
    attempt(made, [&] { begin(std::move(handler)); });
    return made;
  }
  /// The same for an operation that is not counted as a call.
  template <typename Handler = Note, typename F>
  void uncounted(F begin) {
    Call& made = calls.emplace_back();
    made.counted = false;
    Handler handler(made);
    attempt(made, [&] { begin(std::move(handler)); });
  }
  /// Starts a call; `begin()` returns its future.
  template <typename F>
  void future(F begin) {
    Call& made = calls.emplace_back();
    made.destroyed = 1;  // the test has no handler here
    attempt(made, [&] {
      auto given = begin();
      // The test wraps the future: a failure here must not look like one of the library.
      Plan::armed = false;
      made.future = std::async(std::launch::deferred, [own = std::move(given)]() mutable {
        static_cast<void>(own.get());
      });
    });
  }
  /// Acquires a permit without a handler; it counts as executed.
  template <typename B>
  Permit hold(B& bulkhead, std::size_t permits) {
    Permit permit = bulkhead.tryAcquire(permits);
    if (permit) ++held;
    return permit;
  }
  /// Runs an operation that may throw an injected failure. False: it threw.
  template <typename F>
  bool may(F&& fn) {
    try {
      const Armed armed;
      fn();
      return true;
    } catch (const std::bad_alloc&) {
    } catch (const injection::Fault&) {
    }
    return false;
  }

  /// Runs what can run, for a bounded number of steps: with an executor that refuses or drops
  /// everything, the timer of an overdue call is set again and again.
  void settle() {
    for (int steps = 0; steps < 200; ++steps) {
      std::size_t ran = 1;
      may([&] {
        io.restart();
        ran = io.poll_one();
      });
      if (ran == 0) return;
    }
  }
  void pass(ManualClock::duration time) {
    ManualClock::advance(time);
    settle();
  }

  /// Checks that each call ended once, or never began, and that nothing is left over.
  void check() {
    Plan::failing = SIZE_MAX;
    settle();
    kick();
    settle();
    Ends seen{};
    seen[executed] = held;
    std::size_t unclear = 0;  // the fault destroyed the handler, or is the error
    std::uint64_t counted = held;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      CAPTURE(i);
      Call& made = calls[i];
      if (made.future.valid()) finish(made);
      CHECK(made.invoked <= (made.threw ? 0 : 1));
      CHECK(made.destroyed == 1);
      if (made.threw || !made.counted) continue;
      ++counted;
      if (made.invoked == 0 || made.faulted) {
        ++unclear;
      } else {
        ++seen[endOf(made.code)];
      }
    }
    const Counters now = counters();
    CAPTURE(now, unclear);
    CHECK(now.running == 0);
    CHECK(now.queued == 0);
    CHECK(elsewhere() == 0);
    std::uint64_t sum = 0;
    const Ends ends = endsOf(now);
    for (std::size_t end = 0; end < ends.size(); ++end) {
      CAPTURE(end);
      CHECK(ends[end] >= seen[end]);
      sum += ends[end];
    }
    CHECK(sum == counted);
    if (!Plan::onwards) CHECK(unclear <= 1);
    CHECK(partsAlive() == 0);
    io.restart();
    io.poll();
    CHECK(io.stopped());
    checkLife();
  }

  std::deque<Call> calls;  // before everything that may hold a handler
  net::io_context io;
  std::shared_ptr<ExecutorProbe> probe;
  Flaky executor;
  std::uint64_t held = 0;
  bool callablesHold = false;  // permits, so that a call that throws releases some

 private:
  template <typename F>
  void attempt(Call& made, F begin) {
    const Counters before = counters();
    const auto othersBefore = otherCounters();
    if (may(begin)) return;
    made.threw = true;
    if (!callablesHold) CHECK(counters() == before);
    CHECK(otherCounters() == othersBefore);
  }

  static void finish(Call& made) {
    try {
      made.future.get();
      made.note(net::error_code());
    } catch (const std::future_error&) {  // a broken promise
    } catch (...) {
      made.note(std::current_exception());
    }
  }
};

/// Runs a scenario in a world of its own.
/// @return the number of operations that could have failed
template <typename W, typename F>
std::size_t runWithFailure(std::size_t number, F scenario) {
  Plan::count = 0;
  Plan::failing = number;
  W world;
  scenario(world);
  const std::size_t count = Plan::count;
  world.check();
  return count;
}

/// Runs a scenario repeatedly and makes the first, the second, ... operation of a kind fail, until
/// there are no more. No round may leak memory.
/// @return the number of operations of that kind
template <typename W, typename F>
std::size_t forEveryFailure(Point kind, bool onwards, F scenario) {
  Plan::kind = kind;
  Plan::onwards = onwards;
  runWithFailure<W>(SIZE_MAX, scenario);  // allocates what the process keeps
  for (std::size_t number = 0;; ++number) {
    CAPTURE(onwards, number);
    const auto blocks = injection::blocksAlive();
    const std::size_t count = runWithFailure<W>(number, scenario);
    CHECK(injection::blocksAlive() == blocks);
    if (count <= number) return number;
    REQUIRE(number < 5000);
  }
}

inline const char* nameOf(Point kind) {
  static constexpr const char* names[] = {"allocation", "object",  "allocator",
                                          "submission", "dropped", "property",
                                          "callable",   "handler", "result"};
  return names[static_cast<std::size_t>(kind)];
}

constexpr Point everyPoint[] = {Point::allocation, Point::object,  Point::allocator,
                                Point::submission, Point::dropped, Point::property,
                                Point::callable,   Point::handler, Point::result};

/// What a scenario uses. Some failures terminate any program that uses Asio 1.22: its timers query
/// executor properties, and its coroutines call initiating functions, in noexcept functions. The
/// destructor of std::promise, which allocates, is noexcept as well.
enum class Uses : std::uint8_t { posts, timers, futures, awaitables, callers };

inline bool survives(Uses uses, Point kind, bool onwards) {
  const bool memory = kind == Point::allocation || kind == Point::object;
  if (kind == Point::property) return uses == Uses::posts;
  if (uses == Uses::futures) return !(memory && onwards);
  if (uses == Uses::callers && kind == Point::callable) return false;
#if defined(__clang__)
  // clang 16 reads a coroutine's frame after the copy of a parameter into it has thrown.
  if (uses == Uses::callers && kind == Point::handler) return false;
#endif
  if (uses == Uses::callers || uses == Uses::awaitables) {
    return !memory && kind != Point::submission && kind != Point::dropped;
  }
  return true;
}

template <typename W>
struct Scenario {
  const char* name;
  void (*run)(W&);
  Uses uses = Uses::timers;
};

/// Runs each scenario with each kind of failure: one failure, and all from some point on.
template <typename W, std::size_t size>
void runAll(const Scenario<W> (&scenarios)[size]) {
  for (const Point kind : everyPoint) {
    std::size_t failures = 0;
    for (const bool onwards : {false, true}) {
      for (const Scenario<W>& scenario : scenarios) {
        if (!survives(scenario.uses, kind, onwards)) continue;
        INFO(nameOf(kind) << " fails in: " << scenario.name);
        failures += forEveryFailure<W>(kind, onwards, scenario.run);
      }
    }
    INFO(nameOf(kind));
    CHECK(failures > 0);
  }
}
