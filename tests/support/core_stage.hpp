#pragma once

#include <bulwark/detail/core/admission.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// Drives the admission core step by step, without Asio, a clock or threads.

using namespace std::chrono_literals;
using bulwark::maxPermits;
using bulwark::Mode;
using bulwark::unlimited;
using bulwark::detail::Admission;
using bulwark::detail::CancelLink;
using bulwark::detail::Entry;
using bulwark::detail::Instant;
using bulwark::detail::Limits;
using bulwark::detail::LimitsUpdate;
using bulwark::detail::never;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::Wakeups;
using Action = bulwark::detail::TimerPlan::Action;
using Ready = std::vector<const Waiter*>;

struct Probe final : Waiter {
  // The core only returns lists of waiters. Its owner wakes them.
  void wake() noexcept override { FAIL("the core woke a waiter"); }
  void discard() noexcept override { FAIL("the core discarded a waiter"); }
};

using Ready = std::vector<const Waiter*>;

/// The core with a time of its own. Records the waiters that each step makes ready.
class Core {
  template <typename F>
  auto noting(F f) {
    struct Noter {
      ~Noter() {
        while (Waiter* waiter = out.ready.pop()) core.ready_.push_back(waiter);
        while (Waiter* call = out.overdue.pop()) core.overdue_.push_back(call);
        core.timer = out.timer;
        core.lastOut = out.lastOut;
      }
      Core& core;
      Wakeups out;
    };
    Noter noter{*this, {}};
    return f(noter.out);
  }

 public:
  explicit Core(const Limits& limits) : admission(limits) { admission.prepareToWait(); }

  Entry tryEnter(std::size_t weight = 1, std::optional<Instant> timeout = {}) {
    return admission.tryEnter(weight, timeout);
  }
  Entry enter(Waiter& waiter, std::size_t weight = 1, std::optional<Instant> timeout = {},
              CancelLink* link = nullptr) {
    return noting(
        [&](Wakeups& out) { return admission.enter(weight, timeout, now, &waiter, link, out); });
  }
  Entry enterNow(std::size_t weight = 1) {
    return noting([&](Wakeups& out) {
      return admission.enter(weight, Instant{0}, now, nullptr, nullptr, out);
    });
  }
  /// Returns whether the permits were released without the lock.
  bool leave(std::size_t held = 1) {
    timer = lastOut = false;
    if (admission.leave(held)) return true;
    noting([&](Wakeups& out) { admission.leaveLocked(held, now, out); });
    return false;
  }
  bool cancel(CancelLink& link) {
    return noting([&](Wakeups& out) { return admission.cancel(link, now, out); });
  }
  bool giveUp(Waiter& waiter) {
    return noting([&](Wakeups& out) { return admission.giveUp(waiter, now, out); });
  }
  bool expire(std::size_t most = 1000) {
    return noting([&](Wakeups& out) { return admission.expire(most, now, out); });
  }
  void drain(Waiter& waiter, Instant within = never, CancelLink* link = nullptr) {
    noting([&](Wakeups& out) { admission.drain(within, now, waiter, link, out); });
  }
  void resume() {
    noting([&](Wakeups& out) { admission.resume(out); });
  }
  void configure(const LimitsUpdate& update) {
    noting([&](Wakeups& out) { admission.configure(update, now, out); });
  }
  void setEffectiveLimit(std::size_t limit) {
    noting([&](Wakeups& out) { admission.setEffectiveLimit(limit, now, out); });
  }
  /// The work of `call` begins. It may take `within`.
  void begin(Waiter& call, Instant within) {
    admission.noteTimed();
    noting([&](Wakeups& out) { admission.beginTimed(call, now + within, out); });
  }
  /// The work of `call` ends. Returns whether it was in time.
  bool end(Waiter& call) { return admission.endTimed(call); }
  void drop() {
    noting([&](Wakeups& out) { admission.dropTimed(out); });
  }
  bool close() {
    return noting([&](Wakeups& out) { return admission.close(out); });
  }
  void abandon() {
    noting([&](Wakeups& out) { admission.abandon(out); });
  }

  /// Returns the waiters that became ready since the previous call, in order.
  Ready ready() { return std::exchange(ready_, {}); }
  /// The same for the calls that became overdue.
  Ready overdue() { return std::exchange(overdue_, {}); }
  std::size_t active() const { return admission.numbers().active; }
  std::size_t queued() const { return admission.numbers().queued; }

  Admission admission;
  Instant now = 1h;
  bool timer = false;    // set by the last step
  bool lastOut = false;  // set by the last step

 private:
  Ready ready_;
  Ready overdue_;
};

inline Limits limits(std::size_t permits, std::size_t maxQueueSize = 10, Instant timeout = 30s,
                     Mode mode = Mode::enforce) {
  return {.permits = permits, .maxQueueSize = maxQueueSize, .timeout = timeout, .mode = mode};
}

inline LimitsUpdate toPermits(std::size_t permits) {
  LimitsUpdate update;
  update.permits = permits;
  return update;
}
inline LimitsUpdate toQueue(std::size_t maxQueueSize) {
  LimitsUpdate update;
  update.maxQueueSize = maxQueueSize;
  return update;
}
inline LimitsUpdate toTimeout(Instant timeout) {
  LimitsUpdate update;
  update.timeout = timeout;
  return update;
}
inline LimitsUpdate toMode(Mode mode) {
  LimitsUpdate update;
  update.mode = mode;
  return update;
}

/// Takes permits that must be available.
inline void hold(Core& core, std::size_t weight = 1) {
  const Entry entry = core.tryEnter(weight);
  REQUIRE(entry.verdict == Verdict::granted);
  REQUIRE(entry.held == weight);
}

inline void queue(Core& core, Waiter& waiter, std::size_t weight = 1,
                  std::optional<Instant> timeout = {}, CancelLink* link = nullptr) {
  REQUIRE(core.enter(waiter, weight, timeout, link).verdict == Verdict::waiting);
  REQUIRE(waiter.verdict == Verdict::waiting);
}
