#pragma once

#include <bulwark/detail/core/rate_admission.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// Drives the core of a rate limiter step by step, without Asio, a clock or threads.

using namespace std::chrono_literals;
using bulwark::Mode;
using bulwark::unlimited;
using bulwark::detail::CancelLink;
using bulwark::detail::Gcra;
using bulwark::detail::Instant;
using bulwark::detail::never;
using bulwark::detail::RateAdmission;
using bulwark::detail::RateLimits;
using bulwark::detail::Turn;
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

/// The core with a time of its own. Records the waiters that each step makes ready.
class RateCore {
  template <typename F>
  auto noting(F f) {
    struct Noter {
      ~Noter() {
        while (Waiter* waiter = out.ready.pop()) core.ready_.push_back(waiter);
        core.timer = out.timer;
      }
      RateCore& core;
      Wakeups out;
    };
    Noter noter{*this, {}};
    return f(noter.out);
  }

 public:
  explicit RateCore(const RateLimits& limits, Instant start = 1h)
      : now(start), admission(limits, start) {}

  /// As tryAcquire() does.
  bool take(std::size_t permits = 1) {
    if (admission.take(permits, now)) return true;
    Turn turn = admission.tryEnter(permits, 0ns, now);
    if (turn.verdict == Verdict::contended) {
      turn = noting(
          [&](Wakeups& out) { return admission.enter(permits, 0ns, now, nullptr, nullptr, out); });
    }
    return turn.verdict == Verdict::granted || turn.verdict == Verdict::bypassed;
  }
  Turn tryEnter(std::size_t permits = 1, std::optional<Instant> timeout = {}) {
    return admission.tryEnter(permits, timeout, now);
  }
  /// As acquire() and execute() do.
  Turn enter(Waiter& waiter, std::size_t permits = 1, std::optional<Instant> timeout = {},
             CancelLink* link = nullptr) {
    const Turn turn = tryEnter(permits, timeout);
    if (turn.verdict != Verdict::contended) return turn;
    return enterLocked(waiter, permits, timeout, link);
  }
  Turn enterLocked(Waiter& waiter, std::size_t permits = 1, std::optional<Instant> timeout = {},
                   CancelLink* link = nullptr) {
    return noting(
        [&](Wakeups& out) { return admission.enter(permits, timeout, now, &waiter, link, out); });
  }
  bool cancel(CancelLink& link) {
    return noting([&](Wakeups& out) { return admission.cancel(link, now, out); });
  }
  bool serve(std::size_t most = 1000) {
    return noting([&](Wakeups& out) { return admission.serve(most, now, out); });
  }
  void drain(Waiter& waiter, Instant within = never, CancelLink* link = nullptr) {
    noting([&](Wakeups& out) { admission.drain(within, now, waiter, link, out); });
  }
  void resume() {
    noting([&](Wakeups& out) { admission.resume(out); });
  }
  bool configure(const RateLimits& to) {
    return noting(
        [&](Wakeups& out) { return admission.configure(admission.limits(), to, now, out); });
  }
  void close() {
    noting([&](Wakeups& out) { admission.close(out); });
  }
  void abandon() {
    noting([&](Wakeups& out) { admission.abandon(out); });
  }
  void leaveInside() {
    if (!admission.leaveInside()) return;
    noting([&](Wakeups& out) { admission.noteEmpty(out); });
  }
  Instant retryAfter(std::size_t permits = 1) const { return admission.retryAfter(permits, now); }
  std::size_t available() const { return admission.available(now); }

  /// Returns the waiters that became ready since the previous call, in order.
  Ready ready() { return std::exchange(ready_, {}); }

  Instant now;
  RateAdmission admission;
  bool timer = false;  // set by the last step

 private:
  Ready ready_;
};

inline RateLimits rate(std::size_t permits, Instant per, std::size_t burst = 1,
                       std::size_t maxQueueSize = 0, Instant timeout = 0s,
                       Mode mode = Mode::enforce) {
  return {.permits = permits,
          .per = per,
          .burst = burst,
          .maxQueueSize = maxQueueSize,
          .timeout = timeout,
          .mode = mode};
}

inline void queue(RateCore& core, Waiter& waiter, std::size_t permits = 1,
                  std::optional<Instant> timeout = {}, CancelLink* link = nullptr) {
  REQUIRE(core.enter(waiter, permits, timeout, link).verdict == Verdict::waiting);
}
