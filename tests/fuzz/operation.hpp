#pragma once

#include <bulwark/bulkhead_config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes.hpp"

/// The operations on a bulkhead and on the reference, and the events that they cause.
///
/// A *timed* program also has calls with execution timeouts, with budgets, and of awaitables. An
/// awaitable waits at a gate until the program opens it.

namespace fuzz {

using std::chrono::nanoseconds;

enum class Kind : std::uint8_t { bulkhead, semaphore };

enum class Do : std::uint8_t {
  execute,     // runs a callable, completes a callback
  acquire,     // acquires a permit, completes a callback
  tryAcquire,
  acquireNow,  // semaphore: blocking acquire() with a timeout of 0
  runNow,      // semaphore: blocking withPermit() with a timeout of 0
  release,     // releases one of the permits that are held
  finish,      // opens the gate of one of the awaitables that run
  cancel,      // emits one of the cancellation signals created so far
  forget,      // destroys such a signal
  advance,     // advances the clock
  advanceTo,   // advances the clock to about the next deadline
  runTimers,   // runs expired timers
  step,        // runs the function that was posted first
  runAll,      // runs everything that was posted
  configure,
  drain,
  resume,
  reset,
  move,        // moves the bulkhead object
  destroy
};

struct Operation {
  Do what = Do::step;
  int id = 0;                            // of a call, or of a drain
  std::size_t weight = 1;
  std::optional<nanoseconds> timeout{};  // of a call or a drain
  std::optional<nanoseconds> executionTimeout{};
  std::optional<nanoseconds> budget{};
  nanoseconds by{0};                     // for advance and advanceTo
  unsigned pick = 0;                     // which permit, signal or gate, modulo their number
  unsigned way = 0;                      // how to release; type of the cancellation
  bool cancellable = false;
  bool throws = false;
  bool awaitable = false;  // the callable of execute returns an awaitable
  bool stubborn = false;   // which ignores cancellation
  bulwark::BulkheadOverrides change{};
  std::vector<Operation> body{};  // applied inside the callable
  std::vector<Operation> then{};  // applied inside the handler
};

struct Program {
  Kind kind = Kind::bulkhead;
  bulwark::BulkheadConfig limits;
  bool timed = false;
  bool observed = false;  // there is an observer, of the events about overdue calls
  std::vector<Operation> operations;
};

Program decode(Bytes bytes);

std::string text(const Operation& operation);
std::string text(const Program& program);  // without its operations

/// How a call or a drain ended.
enum class End : std::uint8_t {
  ok,
  failed,
  queueFull,
  queueTimeout,
  draining,
  aborted,
  invalid,
  timedOut,  // of a drain
  executionTimeout,
  deadlineExceeded,
  unknown    // any other result
};

/// An event that a user of a bulkhead sees.
struct Event {
  enum class What : std::uint8_t {
    runs,     // the callable runs
    ends,     // the handler is called, or the blocking form returns
    permit,   // the same for a permit, whose weight is `count`
    drained,  // the handler of a drain is called
    refused,  // a configuration is refused
    dropped,  // a callable with a budget is destroyed, and has not run
    stops,    // the work of an awaitable has ended, and its callable is destroyed
    overran,  // the observer learns that a call is overdue; `count`: so many are
    stalled,  // the same: and these are as many as the configuration allows
    returned  // the same: the work of an overdue call has ended; `count`: so many ns too late
  };
  What what;
  int id = 0;
  End end = End::ok;
  std::size_t count = 0;

  friend bool operator==(const Event&, const Event&) = default;
};

std::string text(const Event& event);

/// One number of BulkheadStats or SemaphoreStats, or of the configuration.
struct Number {
  const char* name;
  std::uint64_t value;

  friend bool operator==(const Number& a, const Number& b) { return a.value == b.value; }
};
using Numbers = std::vector<Number>;

}  // namespace fuzz
