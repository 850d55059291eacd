#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/gcra.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/prefetch.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/rate_limits.hpp"
#include "bulwark/detail/core/timer_plan.hpp"
#include "bulwark/detail/core/verdict.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/core/waiting_line.hpp"
#include "bulwark/detail/core/wakeups.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The answer to a call that asks a rate limiter for its turn.
struct Turn {
  Verdict verdict = Verdict::contended;
  bool overLimit = false;  // observe mode: the call would have waited or been rejected
  Instant retryAfter{0};   // of a rejected call: when the limiter would grant it
};

/// The core of a rate limiter: turns in time, and the calls that wait for theirs. Like Admission it
/// knows no executor and no clock, calls no user code, receives the time as an argument and returns
/// lists of waiters that are ready. It allocates nothing.
///
/// Thread-safe.
///
/// One atomic word decides every call that does not have to wait:
///
///     shut        all ones: the lock has to decide, and tat_ holds the state
///     any other   the theoretical arrival time of Gcra
///
/// While the word is not shut, a call that conforms is one compare-and-swap, and a call that may
/// not wait is refused by a load. A thread that holds the lock first shuts the word. So the word
/// does not change until it stores a new one, and a compare-and-swap of a call that read the word
/// before fails. The word stays shut while a call waits, so that none is overtaken; while the
/// limiter is closed; and in mode off, which does not count.
///
/// A waiting call has its *turn* when it conforms behind the calls in front of it. It owes nothing
/// before that: the word holds what was granted, and the line the calls with their weights. So when
/// one of them leaves, all behind it move up, and nothing has to be recomputed. The thread that
/// serves the line may be late. The turns that follow move by the time for which burst - 1 permits
/// do not make up. A call times out only if its turn is after its deadline: a turn exactly at the
/// deadline is granted, however late the thread is.
///
/// A drain waits for calls that are *inside*: from enterInside(), or the grant of a waiter with
/// `entersInside`, to leaveInside(). The caller decides which calls it counts.
class BULWARK_EXPORT RateAdmission {
 public:
  RateAdmission(const RateLimits& limits, Instant now) noexcept;
  RateAdmission(const RateAdmission&) = delete;
  RateAdmission& operator=(const RateAdmission&) = delete;

  // --- without the lock -------------------------------------------------------------------------

  /// Grants permits at `now` if they conform and no call waits: the path of most calls. False:
  /// tryEnter() has to decide.
  bool take(std::size_t permits, Instant now) noexcept {
    const Tick at = tick(now);
    prefetchForWriting(&word_);
    auto word = word_.load(std::memory_order_acquire);
    for (;;) {
      if (word == shut) return false;
      // Of the word's configuration, or of a later one: then the exchange fails.
      const Gcra rate = this->rate();
      if (!rate.possible(permits) || !rate.conforms(word, permits, at)) return false;
      // release: pairs with the acquire in Locked(). If this came before the word was shut, all
      // that it has read is of the time before that, too.
      if (word_.compare_exchange_weak(word, rate.granted(word, permits, at),
                                      std::memory_order_acq_rel, std::memory_order_acquire)) {
        return true;
      }
    }
  }

  /// Decides every call that can be decided without the lock. `timeout` is the call's own; 0: it
  /// may not wait. `contended`: enter() has to decide.
  Turn tryEnter(std::size_t permits, std::optional<Instant> timeout, Instant now) noexcept;

  /// Counts a call that a drain waits for. Comes before it asks for its turn.
  void enterInside() noexcept { inside_.fetch_add(oneInside, std::memory_order_acq_rel); }
  /// The call has ended, or does not run. True: noteEmpty() has to follow.
  [[nodiscard]] bool leaveInside() noexcept {
    return inside_.fetch_sub(oneInside, std::memory_order_acq_rel) == (oneInside | closedFlag);
  }

  // --- with the lock ----------------------------------------------------------------------------

  /// Decides any call. First serves the line, then grants, refuses, or queues `waiter` (verdict
  /// `waiting`; the core owns it from then on). Without a waiter the call may not wait.
  Turn enter(std::size_t permits, std::optional<Instant> timeout, Instant now, Waiter* waiter,
             CancelLink* cancel, Wakeups& out) noexcept;

  /// Decides a call that found the limiter closed(). It is not inside, so no drain waits for it.
  /// `contended`: the limiter is open again.
  Verdict refuseClosed(std::size_t permits) noexcept;

  /// Takes back a grant to a call that never began. The turns of waiting calls move up.
  void giveBack(std::size_t permits, Instant now, Wakeups& out) noexcept;

  /// The last call inside has left a limiter that is closed.
  void noteEmpty(Wakeups& out) noexcept;

  /// Removes the waiter that the link points to, if it still waits. Returns whether it did.
  bool cancel(CancelLink& link, Instant now, Wakeups& out) noexcept;

  /// Clears a link that is about to be destroyed.
  void unlink(CancelLink& link) noexcept;

  /// Serves the line: grants the calls whose turn has come and removes those whose time has passed,
  /// up to `most` of them.
  /// @return whether there are more
  bool serve(std::size_t most, Instant now, Wakeups& out) noexcept;

  /// Closes, fails all waiting calls, and wakes `waiter` (granted) when no call is inside any more;
  /// after `within`: timedOut.
  void drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
             Wakeups& out) noexcept;

  /// Opens again, and aborts the drains that are under way.
  void resume(Wakeups& out) noexcept;

  /// Replaces the configuration `from`. What is owed is rescaled: as many permits, but at most the
  /// new burst. The turns of the waiting calls follow. Calls heavier than the new burst are
  /// rejected; the modes observe and off admit all.
  /// @return false: the configuration is not `from` any more, and nothing has changed
  bool configure(const RateLimits& from, const RateLimits& to, Instant now, Wakeups& out) noexcept;

  /// The limiter is destroyed: aborts all waiters.
  void close(Wakeups& out) noexcept;

  /// The context is destroyed: abandons all waiters, and admits no call any more.
  void abandon(Wakeups& out) noexcept;

  // --- the timer --------------------------------------------------------------------------------

  /// The next step of the timer. Steps are planned and done one at a time.
  TimerPlan::Step planTimer() noexcept;
  /// Whether the timer would expire too late for this. Lock-free.
  bool timerTooLate(Instant at) const noexcept { return timer_.tooLate(at); }
  /// Asks the next step to be in time for the turn of a call that is about to enter.
  void requestTimer(Instant at) noexcept;
  /// The timer of that generation has expired, or will not expire any more.
  void timerEnded(std::uint64_t generation) noexcept;

  // --- queries ----------------------------------------------------------------------------------

  /// How long such a call has to wait for its turn, behind the calls that wait; 0: it would be
  /// granted now; never: it cannot be granted (an impossible weight, closed). Lock-free unless
  /// calls wait.
  Instant retryAfter(std::size_t permits, Instant now) const noexcept;

  /// The permits that calls would get now; 0 while calls wait or the limiter is closed. Lock-free
  /// unless calls wait.
  std::size_t available(Instant now) const noexcept;
  /// Takes the lock.
  RateLimits limits() const noexcept;
  Instant timeout() const noexcept { return timeout_.load(std::memory_order_relaxed); }
  std::size_t queued() const noexcept { return queued_.load(std::memory_order_relaxed); }

  /// Calls wait.
  bool saturated() const noexcept { return queued() != 0; }
  /// Draining, destroyed or abandoned.
  bool closed() const noexcept {
    return (inside_.load(std::memory_order_acquire) & closedFlag) != 0;
  }
  /// Closed by drain(), and not destroyed. The end of the context closes it, too.
  bool draining() const noexcept {
    return (inside_.load(std::memory_order_acquire) & (closedFlag | destroyedFlag)) == closedFlag;
  }
  /// Destroyed, and no call is inside.
  bool quiescent() const noexcept {
    return inside_.load(std::memory_order_acquire) == (closedFlag | destroyedFlag);
  }

 private:
  using Tick = Gcra::Tick;

  static constexpr Tick shut = Gcra::endless;
  // The time of construction. A change of the rate moves the word of an idle limiter back a little.
  static constexpr Tick firstTick = Tick{1} << 32;

  static constexpr std::uint64_t closedFlag = 1;
  static constexpr std::uint64_t destroyedFlag = 2;
  static constexpr std::uint64_t oneInside = 4;

  Tick tick(Instant now) const noexcept {
    return firstTick + (now > origin_ ? bits(now) - bits(origin_) : 0);
  }
  /// Differences of these do not overflow.
  static std::uint64_t bits(Instant now) noexcept {
    return static_cast<std::uint64_t>(now.count());
  }
  Instant instant(Tick tick) const noexcept;

  Gcra rate() const noexcept {
    return {.interval = interval_.load(std::memory_order_relaxed),
            .burst = burst_.load(std::memory_order_relaxed)};
  }
  Mode mode() const noexcept { return mode_.load(std::memory_order_relaxed); }
  bool destroyed() const noexcept {
    return (inside_.load(std::memory_order_acquire) & destroyedFlag) != 0;
  }
  bool unchangedSince(std::size_t change) const noexcept;

  template <typename Read>
  auto ofOneState(Read read) const noexcept;
  static Instant between(Tick now, Tick turn) noexcept;

  /// Holds the lock and keeps the word shut while it lives. At its end the word opens again, if no
  /// call waits and no mode or drain keeps it shut.
  class Locked {
   public:
    explicit Locked(RateAdmission& core) noexcept;
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
    ~Locked();

   private:
    RateAdmission& core_;
    const std::lock_guard<Mutex> lock_;
  };

  // The caller holds the lock, and the word is shut.
  Turn decide(std::size_t permits, std::optional<Instant> timeout, Instant now,
              bool hasWaiter) noexcept;
  void serveAll(Instant now, Wakeups& out) noexcept;
  bool serveSome(std::size_t most, Instant now, Wakeups& out) noexcept;
  bool turnHasCome(const Waiter& head, Tick schedule, Instant now) const noexcept;
  Waiter* nextDue(Instant now) const noexcept;
  void grant(Waiter& waiter, Instant now, Wakeups& out) noexcept;
  void admitAll(Instant now, Wakeups& out) noexcept;
  void takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept;
  void takeOutAll(const WaitingLine& line, Verdict verdict, Wakeups& out) noexcept;
  Instant nextExpiry() const noexcept;
  void noteTimer(Wakeups& out) noexcept;
  RateLimits limitsNow() const noexcept;

  // What a call reads and writes. See above for the values of the word.
  alignas(64) Atomic<Tick> word_;
  Atomic<std::uint64_t> interval_;  // the configured rate; written while the word is shut
  Atomic<std::uint64_t> burst_;
  const Instant origin_;
  Atomic<Mode> mode_;
  // Odd while configure() writes, even otherwise: a refusal without the lock reads several values.
  Atomic<std::size_t> changes_{0};
  Atomic<std::size_t> maxQueueSize_;  // as configured; 0: no call may wait
  Atomic<Instant> timeout_;  // as configured; 0: no call may wait, never: without a time limit

  // closedFlag, destroyedFlag, and oneInside for each call inside.
  alignas(64) Atomic<std::uint64_t> inside_{0};
  Atomic<std::size_t> queued_{0};  // calls in the queue; written under the lock
  TimerPlan timer_;

  mutable Mutex mutex_;  // guards everything below, and all writes that need it above
  Tick tat_;  // the theoretical arrival time while the word is shut
  std::uint64_t queuedPermits_ = 0;  // the weights of the calls in the queue
  WaitingLine queue_;
  WaitingLine drains_;
  std::uint64_t nextArrival_ = 0;
  std::size_t permits_;  // as configured
  Instant per_;  // as configured
};

}  // namespace bulwark::detail
