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
  nanoseconds by{0};                     // for advance and advanceTo
  unsigned pick = 0;                     // which permit or signal, modulo their number
  unsigned way = 0;                      // how to release; type of the cancellation
  bool cancellable = false;
  bool throws = false;
  bulwark::BulkheadOverrides change{};
  std::vector<Operation> body{};  // applied inside the callable
  std::vector<Operation> then{};  // applied inside the handler
};

struct Program {
  Kind kind = Kind::bulkhead;
  bulwark::BulkheadConfig limits;
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
  unknown    // any other result
};

/// An event that a user of a bulkhead sees.
struct Event {
  enum class What : std::uint8_t {
    runs,     // the callable runs
    ends,     // the handler is called, or the blocking form returns
    permit,   // the same for a permit, whose weight is `count`
    drained,  // the handler of a drain is called
    refused   // a configuration is refused
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
