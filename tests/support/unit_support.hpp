#pragma once

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(co_spawn.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(redirect_error.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "support/manual_clock.hpp"

// Helpers that the unit tests share: a context polled by hand, handlers that record their results,
// and a gate for awaitables to wait at.

namespace net = bulwark::net;
using namespace std::chrono_literals;

using bulwark::Errc;
using bulwark::Mode;
using bulwark::Permit;

using Bulkhead = bulwark::Bulkhead<net::any_io_executor, ManualClock>;
using Semaphore = bulwark::SemaphoreBulkhead<net::any_io_executor, ManualClock>;

/// Runs every ready handler, including those of expired timers.
inline std::size_t settle(net::io_context& io) {
  io.restart();
  return io.poll();
}

/// A reset clock and a context.
struct Stage {
  Stage() { ManualClock::reset(); }

  std::size_t settle() { return ::settle(io); }
  std::size_t advance(ManualClock::duration by) {
    ManualClock::advance(by);
    return settle();
  }
  /// Returns whether the context has no outstanding work, so that run() would return.
  bool isIdle() {
    settle();
    return io.stopped();
  }

  net::io_context io;
};

/// How a call ended. Its handlers refer to it, so it cannot be moved.
template <typename T = int>
struct Ending {
  int times = 0;  // how often the handler was called
  std::exception_ptr error;
  net::error_code code;
  std::optional<T> value;
  Permit permit;

  Ending() = default;
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  /// Returns a handler for execute() with a void result.
  auto plain() {
    return [this](std::exception_ptr e) { note(std::move(e)); };
  }
  /// Returns a handler for execute() with a T.
  auto valued() {
    return [this](std::exception_ptr e, T result) {
      note(std::move(e));
      value.emplace(std::move(result));
    };
  }
  /// Returns a handler for acquire().
  auto permitted() {
    return [this](net::error_code c, Permit p) {
      ++times;
      code = c;
      permit = std::move(p);
    };
  }
  /// Returns a handler for drain().
  auto coded() {
    return [this](net::error_code c) {
      ++times;
      code = c;
    };
  }

  bool open() const { return times == 0; }
  /// Whether the handler was called once and without an error.
  bool fine() const { return times == 1 && !error && !code; }
  /// Whether the handler was called once and with that code.
  bool is(net::error_code expected) const { return times == 1 && code == expected; }

 private:
  void note(std::exception_ptr e) {
    ++times;
    code = bulwark::errorCodeOf(e);
    error = std::move(e);
  }
};

/// What became of a call's handler. All copies of the handler share it.
struct Fate {
  int invoked = 0;
  int destroyed = 0;  // the last copy is destroyed
  net::error_code code;

  bool droppedUninvoked() const { return invoked == 0 && destroyed == 1; }
};

/// A handler for every signature that records its fate.
class Witness {
 public:
  explicit Witness(Fate& fate) : end_(std::make_shared<End>(fate)) {}

  void operator()(std::exception_ptr error) { note(bulwark::errorCodeOf(error)); }
  template <typename T>
  void operator()(std::exception_ptr error, const T&) {
    note(bulwark::errorCodeOf(error));
  }
  void operator()(net::error_code code) { note(code); }
  void operator()(net::error_code code, Permit) { note(code); }

 private:
  struct End {
    explicit End(Fate& f) : fate(f) {}
    ~End() { ++fate.destroyed; }
    Fate& fate;
  };
  void note(net::error_code code) {
    ++end_->fate.invoked;
    end_->fate.code = code;
  }
  std::shared_ptr<End> end_;
};

/// Whether the exception is a T or derives from one.
template <typename T>
bool holds(const std::exception_ptr& error) {
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const T&) {
    return true;
  } catch (...) {
    return false;
  }
}

/// Whether the exception is exactly a T. Without RTTI, whether it holds one.
template <typename T>
bool isExactly(const std::exception_ptr& error) {
#if !defined(__cpp_rtti)
  return holds<T>(error);
#else
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const T& caught) {
    return typeid(caught) == typeid(T);
  } catch (...) {
    return false;
  }
#endif
}

/// Returns the ConfigError in `error`, or one with a placeholder if there is none.
inline bulwark::ConfigError configErrorIn(const std::exception_ptr& error) {
  if (!error) return {"no error at all", "", "", ""};
  try {
    std::rethrow_exception(error);
  } catch (const bulwark::ConfigError& caught) {
    return caught;
  } catch (...) {
    return {"another error", "", "", ""};
  }
}

template <typename F>
bulwark::ConfigError configErrorOf(F&& fn) {
  try {
    fn();
  } catch (...) {
    return configErrorIn(std::current_exception());
  }
  return {"no error at all", "", "", ""};
}

/// Awaitables wait at the gate until it is opened. Later ones pass at once.
class Gate {
 public:
  explicit Gate(net::io_context& io) : timer_(io, ManualClock::time_point::max()) {}

  net::awaitable<void> pass() {
    if (open_) co_return;
    net::error_code opened;
    co_await timer_.async_wait(net::redirect_error(net::use_awaitable, opened));
    if (!open_) throw net::system_error(opened);  // cancelled
  }
  void open() {
    open_ = true;
    timer_.cancel();
  }

 private:
  net::basic_waitable_timer<ManualClock> timer_;
  bool open_ = false;
};

/// An awaitable that does not wait. A callable that returns it and is not a coroutine itself can
/// record that it was called. The body of a coroutine never begins if its call was cancelled or its
/// context destroyed.
inline net::awaitable<void> ready() { co_return; }
template <typename T>
net::awaitable<T> ready(T value) {
  co_return value;
}

/// The outcomes of a call and the gauges, comparable in one line.
struct Counters {
  std::uint64_t executed = 0, failed = 0, rejected = 0, timedOut = 0, cancelled = 0, drained = 0;
  std::size_t running = 0, queued = 0;
  std::uint64_t overran = 0;
  std::size_t overdue = 0;

  friend bool operator==(const Counters&, const Counters&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Counters& b) {
    return out << "executed " << b.executed << ", failed " << b.failed << ", rejected "
               << b.rejected << ", timedOut " << b.timedOut << ", cancelled " << b.cancelled
               << ", drained " << b.drained << ", running " << b.running << ", queued " << b.queued
               << ", overran " << b.overran << ", overdue " << b.overdue;
  }
};

template <typename B>
Counters countersOf(const B& bulkhead) {
  const bulwark::BulkheadStats s = bulkhead.stats();
  return {s.executed, s.failed,  s.rejected, s.timedOut, s.cancelled,
          s.drained,  s.running, s.queued,   s.overran,  s.overdue};
}
