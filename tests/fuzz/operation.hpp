#pragma once

#include <bulwark/bulkhead_config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes.hpp"

/// What is done to a bulkhead and to the reference, and what either says to it.

namespace fuzz {

using std::chrono::nanoseconds;

enum class Kind : std::uint8_t { bulkhead, semaphore };

enum class Do : std::uint8_t {
  execute,     // a call of a callable, with a callback
  acquire,     // a permit, with a callback
  tryAcquire,
  acquireNow,  // semaphore: blocks, and may not wait
  runNow,      // semaphore: withPermit() that blocks, and may not wait
  release,     // one of the permits that are held
  cancel,      // through one of the cancellation slots that there ever were
  forget,      // destroys such a slot
  advance,     // the clock
  advanceTo,   // to the next deadline and a little
  ring,        // the timer, if its time has come
  step,        // the executor runs the first that was posted
  runAll,      // all of it
  configure,
  drain,
  resume,
  reset,
  move,        // the bulkhead object
  destroy
};

struct Operation {
  Do what = Do::step;
  int id = 0;                            // of a call, or of a drain
  std::size_t weight = 1;
  std::optional<nanoseconds> timeout{};  // of a call; drain: within
  nanoseconds by{0};                     // advance
  unsigned pick = 0;                     // which permit or slot, modulo how many there are
  unsigned way = 0;                      // how to give back; type of the cancellation
  bool cancellable = false;
  bool throws = false;
  bulwark::BulkheadOverrides change{};
  std::vector<Operation> body{};  // done inside the callable
  std::vector<Operation> then{};  // done inside the handler
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
  timedOut,  // a drain
  unknown    // none of these
};

/// Something that a user of a bulkhead sees.
struct Event {
  enum class What : std::uint8_t {
    runs,     // the callable
    ends,     // the handler, or the blocking form
    permit,   // the same of a permit; count: its weight
    drained,  // the handler of a drain
    refused   // a configuration
  };
  What what;
  int id = 0;
  End end = End::ok;
  std::size_t count = 0;

  friend bool operator==(const Event&, const Event&) = default;
};

std::string text(const Event& event);

/// All numbers of BulkheadStats, or of SemaphoreStats, and of the configuration.
struct Number {
  const char* name;
  std::uint64_t value;

  friend bool operator==(const Number& a, const Number& b) { return a.value == b.value; }
};
using Numbers = std::vector<Number>;

}  // namespace fuzz
