#include "operation.hpp"

#include <array>

#include <fmt/format.h>

namespace fuzz {
namespace {

using bulwark::Mode;

/// Reads operations. Favours what is likely to matter: small numbers, equal timeouts, polling.
class Decoder {
 public:
  explicit Decoder(Bytes bytes) : bytes_(bytes) {}

  Program program() {
    Program program;
    const unsigned first = bytes_.byte();
    program.kind = first % 2 == 0 ? Kind::bulkhead : Kind::semaphore;
    kind_ = program.kind;
    program.timed = timed_ = (first & 128) != 0;
    program.limits = {.name = "fuzzed",
                      .maxConcurrent = goodPermits(),
                      .maxQueueSize = queueSize(),
                      .queueTimeout = goodTimeout(),
                      .mode = mode()};
    if (timed_) {
      program.observed = (first & 64) != 0;
      if (kind_ == Kind::bulkhead) {
        program.limits.executionTimeout = executionTimeout();
        program.limits.overrun = overrun();
        program.limits.maxOverdue = maxOverdue();
      }
    }
    while (!bytes_.empty() && calls_ < mostCalls) program.operations.push_back(operation(0));
    return program;
  }

 private:
  // One timer expiry fails at most 512 calls and posts the rest. The reference does not model that,
  // so a program has fewer calls.
  static constexpr int mostCalls = 400;
  static constexpr int deepest = 2;

  static constexpr std::array table{
      Do::execute,    Do::execute,   Do::execute,    Do::execute,   Do::acquire,   Do::acquire,
      Do::acquire,    Do::acquire,   Do::step,       Do::step,      Do::step,      Do::runAll,
      Do::runAll,     Do::release,   Do::release,    Do::release,   Do::release,   Do::advance,
      Do::advanceTo,  Do::runTimers, Do::runTimers,  Do::cancel,    Do::cancel,    Do::tryAcquire,
      Do::tryAcquire, Do::drain,     Do::resume,     Do::configure, Do::configure, Do::forget,
      Do::reset,      Do::move,      Do::acquireNow, Do::runNow,    Do::destroy};

  static constexpr std::array timedTable{
      Do::execute,   Do::execute,    Do::execute,   Do::execute,   Do::execute,   Do::execute,
      Do::execute,   Do::acquire,    Do::step,      Do::step,      Do::step,      Do::runAll,
      Do::runAll,    Do::runAll,     Do::release,   Do::finish,    Do::finish,    Do::finish,
      Do::advance,   Do::advance,    Do::advanceTo, Do::advanceTo, Do::runTimers, Do::runTimers,
      Do::runTimers, Do::cancel,     Do::cancel,    Do::drain,     Do::resume,    Do::configure,
      Do::configure, Do::tryAcquire, Do::forget,    Do::reset,     Do::move,      Do::acquireNow,
      Do::runNow,    Do::destroy};

  Operation operation(int depth) {
    Operation op;
    const unsigned choice = bytes_.byte();
    op.what = timed_ ? timedTable[choice % timedTable.size()] : table[choice % table.size()];
    switch (op.what) {
      case Do::execute:
        start(op, depth, true);
        break;
      case Do::acquire:
        start(op, depth, false);
        break;
      case Do::runNow:
      case Do::acquireNow:
      case Do::tryAcquire:
        op.id = ++calls_;
        op.weight = weight();
        if (timed_ && op.what != Do::tryAcquire) op.budget = timeout();
        if (op.what != Do::runNow) break;
        op.throws = bytes_.byte() % 4 == 1;
        op.body = nested(bytes_.byte() % 4, depth);
        break;
      case Do::release:
      case Do::finish:
      case Do::cancel:
      case Do::forget: {
        const unsigned both = bytes_.byte();
        op.pick = both / 4;
        op.way = both % 4;
        // A request that a coroutine does not heed makes it forget a terminal one that it has not
        // seen yet, in Asio. The reference does not model that.
        if (timed_ && op.what == Do::cancel && op.way < 3) op.way = 0;
        break;
      }
      case Do::advance:
        op.by = clockStep();
        break;
      case Do::advanceTo:
        op.by = nanoseconds(bytes_.byte() % 3) - nanoseconds(1);
        break;
      case Do::configure:
        change(op.change);
        if (timed_ && kind_ == Kind::bulkhead) changeTimes(op.change);
        break;
      case Do::drain: {
        op.id = ++calls_;
        const unsigned flags = bytes_.byte();
        op.cancellable = flags % 2 != 0;
        op.timeout = timeout();
        op.then = nested(flags / 2 % 4, depth);
        break;
      }
      case Do::destroy:
        // A program that continues without a bulkhead tests little, so destroy is made rare.
        if (bytes_.byte() % 4 != 3) op.what = Do::step;
        break;
      default:
        break;
    }
    if (depth > 0 && (op.what == Do::step || op.what == Do::runAll || op.what == Do::advanceTo)) {
      op.what = Do::runTimers;
    }
    if (kind_ == Kind::bulkhead && op.what == Do::acquireNow) op.what = Do::tryAcquire;
    if (kind_ == Kind::bulkhead && op.what == Do::runNow) op.what = Do::execute;
    return op;
  }

  void start(Operation& op, int depth, bool callable) {
    op.id = ++calls_;
    const unsigned flags = bytes_.byte();
    op.cancellable = (flags & 1) != 0;
    if ((flags & 2) != 0) op.weight = weight();
    if ((flags & 4) != 0) op.timeout = timeout();
    if (timed_) {
      const unsigned times = bytes_.byte();
      if (callable && (times & 1) != 0) op.executionTimeout = timeout();
      if ((times & 2) != 0) op.budget = timeout();
      op.awaitable = callable && (times & 4) != 0;
      op.stubborn = op.awaitable && (times & 8) != 0;
    }
    if (callable) {
      op.throws = (flags & 8) != 0;
      op.body = nested((flags & 16) != 0 ? 1 + bytes_.byte() % 3 : 0, depth);
    }
    op.then = nested((flags & 32) != 0 ? 1 + bytes_.byte() % 3 : 0, depth);
  }

  std::vector<Operation> nested(int count, int depth) {
    std::vector<Operation> operations;
    if (depth == deepest) return operations;
    for (int i = 0; i < count && calls_ < mostCalls; ++i) {
      operations.push_back(operation(depth + 1));
    }
    return operations;
  }

  std::size_t weight() {
    const unsigned choice = bytes_.byte();
    if (choice < 200) return 1 + choice % 4;
    if (choice < 240) return choice % 9;
    constexpr std::array odd{bulwark::maxPermits, bulwark::maxPermits + 1, bulwark::maxPermits - 1,
                             bulwark::unlimited, bulwark::maxPermits / 2 + 1};
    return odd[choice % odd.size()];
  }

  std::size_t goodPermits() {
    const unsigned choice = bytes_.byte();
    if (choice < 240) return 1 + choice % 5;
    constexpr std::array odd{bulwark::unlimited, bulwark::maxPermits, bulwark::maxPermits + 1,
                             std::size_t{100}};
    return odd[choice % odd.size()];
  }

  std::size_t queueSize() {
    const unsigned choice = bytes_.byte();
    return choice % 16 == 15 ? bulwark::unlimited : choice % 8;
  }

  nanoseconds goodTimeout() {
    const auto chosen = timeout();
    return chosen && *chosen >= nanoseconds(0) ? *chosen : std::chrono::seconds(1);
  }

  std::optional<nanoseconds> timeout() {
    using namespace std::chrono_literals;
    switch (bytes_.byte() % 16) {
      case 0:
        return 0ns;
      case 1:
        return -1ns;
      case 2:
        return nanoseconds::min();
      case 3:
        return bulwark::noTimeout;
      case 4:
        return bulwark::noTimeout - 1ns;
      case 5:
        return 1ns;
      case 6:
      case 7:
      case 8:
        return nanoseconds(bytes_.byte());
      case 9:
        return std::chrono::microseconds(bytes_.byte());
      case 10:
        return std::chrono::hours(bytes_.byte());
      case 11:
        return 10ns;
      default:
        return std::nullopt;
    }
  }

  nanoseconds executionTimeout() {
    const auto chosen = timeout();
    return chosen && *chosen > nanoseconds(0) ? *chosen : bulwark::noTimeout;
  }

  bulwark::Overrun overrun() {
    return bytes_.byte() % 2 == 0 ? bulwark::Overrun::detach : bulwark::Overrun::wait;
  }

  std::size_t maxOverdue() {
    const unsigned choice = bytes_.byte() % 4;
    return choice == 0 ? bulwark::unlimited : choice;
  }

  nanoseconds clockStep() {
    using namespace std::chrono_literals;
    switch (bytes_.byte() % 8) {
      case 0:
        return 0ns;
      case 1:
      case 2:
        return 1ns;
      case 3:
      case 4:
        return nanoseconds(bytes_.byte());
      case 5:
        return std::chrono::microseconds(bytes_.byte());
      case 6:
        return 1s;
      default:
        return std::chrono::hours(bytes_.byte());
    }
  }

  Mode mode() {
    const unsigned choice = bytes_.byte() % 8;
    return choice == 6 ? Mode::observe : choice == 7 ? Mode::off : Mode::enforce;
  }

  void change(bulwark::BulkheadOverrides& change) {
    const unsigned flags = bytes_.byte();
    if ((flags & 15) == 0) change.maxConcurrent = 1 + flags / 16 % 5;  // one byte selects it
    if ((flags & 1) != 0) {
      change.maxConcurrent = (flags & 0xF0) == 0xF0 ? 0 : goodPermits();  // refused
    }
    if ((flags & 2) != 0) change.maxQueueSize = queueSize();
    if ((flags & 4) != 0) change.queueTimeout = timeout();  // negative: refused
    if ((flags & 8) != 0) change.mode = mode();
  }

  void changeTimes(bulwark::BulkheadOverrides& change) {
    const unsigned flags = bytes_.byte();
    if ((flags & 1) != 0) change.executionTimeout = timeout();  // 0 or negative: refused
    if ((flags & 2) != 0) change.overrun = overrun();
    if ((flags & 4) != 0) change.maxOverdue = (flags & 0xF0) == 0xF0 ? 0 : maxOverdue();
  }

  Bytes bytes_;
  bool timed_ = false;
  Kind kind_ = Kind::bulkhead;
  int calls_ = 0;
};

std::string text(nanoseconds duration) {
  if (duration == nanoseconds::max()) return "max";
  if (duration == nanoseconds::min()) return "min";
  return fmt::format("{} ns", duration.count());
}

std::string text(std::size_t permits) {
  if (permits == bulwark::unlimited) return "unlimited";
  if (permits == bulwark::maxPermits) return "maxPermits";
  return std::to_string(permits);
}

const char* text(Mode mode) {
  constexpr std::array names{"enforce", "observe", "off"};
  return names[static_cast<std::size_t>(mode)];
}

const char* text(bulwark::Overrun overrun) {
  return overrun == bulwark::Overrun::detach ? "detach" : "wait";
}

const char* text(Do what) {
  constexpr std::array names{"execute",   "acquire",   "tryAcquire", "acquireNow", "runNow",
                             "release",   "finish",    "cancel",     "forget",     "advance",
                             "advanceTo", "runTimers", "step",       "runAll",     "configure",
                             "drain",     "resume",    "reset",      "move",       "destroy"};
  return names[static_cast<std::size_t>(what)];
}

const char* text(End end) {
  constexpr std::array names{
      "ok",      "failed",   "queueFull",        "queueTimeout",     "draining", "aborted",
      "invalid", "timedOut", "executionTimeout", "deadlineExceeded", "unknown"};
  return names[static_cast<std::size_t>(end)];
}

std::string text(const std::vector<Operation>& operations) {
  std::string list;
  for (const Operation& operation : operations) {
    list += (list.empty() ? "" : "; ") + text(operation);
  }
  return "{" + list + "}";
}

}  // namespace

Program decode(Bytes bytes) { return Decoder(bytes).program(); }

std::string text(const Operation& op) {
  std::string line = text(op.what);
  if (op.id != 0) line += fmt::format(" #{}", op.id);
  if (op.weight != 1) line += " weight " + text(op.weight);
  if (op.timeout) line += (op.what == Do::drain ? " within " : " timeout ") + text(*op.timeout);
  if (op.executionTimeout) line += " executionTimeout " + text(*op.executionTimeout);
  if (op.budget) line += " budget " + text(*op.budget);
  if (op.awaitable) line += op.stubborn ? " awaitable, stubborn" : " awaitable";
  if (op.what == Do::advance || op.what == Do::advanceTo) line += " " + text(op.by);
  if (op.what == Do::release || op.what == Do::finish || op.what == Do::cancel ||
      op.what == Do::forget) {
    line += fmt::format(" {} way {}", op.pick, op.way);
  }
  if (op.cancellable) line += " cancellable";
  if (op.throws) line += " throws";
  if (op.change.maxConcurrent) line += " permits " + text(*op.change.maxConcurrent);
  if (op.change.maxQueueSize) line += " queue " + text(*op.change.maxQueueSize);
  if (op.change.queueTimeout) line += " timeout " + text(*op.change.queueTimeout);
  if (op.change.mode) line += fmt::format(" mode {}", text(*op.change.mode));
  if (op.change.executionTimeout) {
    line += " executionTimeout " + text(*op.change.executionTimeout);
  }
  if (op.change.overrun) line += fmt::format(" overrun {}", text(*op.change.overrun));
  if (op.change.maxOverdue) line += " maxOverdue " + text(*op.change.maxOverdue);
  if (!op.body.empty()) line += " running " + text(op.body);
  if (!op.then.empty()) line += " then " + text(op.then);
  return line;
}

std::string text(const Program& program) {
  const std::string times =
      fmt::format(", executionTimeout {}, overrun {}, maxOverdue {}{}",
                  text(program.limits.executionTimeout), text(program.limits.overrun),
                  text(program.limits.maxOverdue), program.observed ? ", observed" : "");
  return fmt::format("{}: permits {}, queue {}, timeout {}, mode {}{}",
                     program.kind == Kind::bulkhead ? "Bulkhead" : "SemaphoreBulkhead",
                     text(program.limits.maxConcurrent), text(program.limits.maxQueueSize),
                     text(program.limits.queueTimeout), text(program.limits.mode),
                     program.timed ? times : "");
}

std::string text(const Event& event) {
  switch (event.what) {
    case Event::What::runs:
      return fmt::format("#{} runs", event.id);
    case Event::What::ends:
      return fmt::format("#{} ends: {}", event.id, text(event.end));
    case Event::What::permit:
      return fmt::format("#{} permit: {}, {}", event.id, text(event.end), text(event.count));
    case Event::What::drained:
      return fmt::format("#{} drained: {}", event.id, text(event.end));
    case Event::What::refused:
      return "configuration refused";
    case Event::What::dropped:
      return fmt::format("#{} is dropped", event.id);
    case Event::What::stops:
      return fmt::format("#{} stops: {}", event.id, text(event.end));
    case Event::What::overran:
      return fmt::format("overran: {} are overdue", event.count);
    case Event::What::stalled:
      return fmt::format("stalled: {} are overdue", event.count);
    case Event::What::returned:
      return fmt::format("returned: {} ns too late", event.count);
  }
  return "?";
}

}  // namespace fuzz
