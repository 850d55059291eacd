#pragma once

// Longer than 300 lines: one protocol on one atomic word, whose fast path is inline.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/limits.hpp"
#include "bulwark/detail/core/prefetch.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/timer_plan.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/core/waiting_line.hpp"
#include "bulwark/detail/core/wakeups.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The answer to a call that asks for permits. Two words, so that it is returned in registers.
struct Entry {
  constexpr Entry() noexcept = default;
  constexpr Entry(Verdict answer, std::size_t permits = 0, bool over = false) noexcept
      : held(permits), verdict(answer), overLimit(over) {}

  std::size_t held = 0;  // permits that the call has to release
  Verdict verdict = Verdict::contended;
  bool overLimit = false;  // observe mode: the call would have waited or been rejected
};

/// The admission core: permits, queue, deadlines, drain. It knows no executor and no clock, calls
/// no user code, and allocates nothing but its waiting lines, in prepareToWait(). It receives the
/// time as an argument and returns lists of waiters that are ready, so that a test can drive it
/// step by step.
///
/// Thread-safe.
///
/// One atomic word decides every call that does not have to wait:
///
///     bit  0      waiting     a call is in the queue
///     bit  1      closed      draining or destroyed: no call enters
///     bit  2      destroyed   the bulkhead is gone: the last release frees the state
///     bit  3      idleTimer   the timer is set, and no deadline is left: the next call that
///                             begins or leaves cancels it
///     bits 4-5    mode        0 enforce, 1 observe, 2 off
///     bit  6      watched     an observer is notified when the permits run out
///     bits 7-11   generation  counts changes of the limit, and takePeaks(), modulo 32
///     bits 12-63  in use      permits held
///
/// With none of the flags that concern it set, an operation is one compare-and-swap. Otherwise it
/// takes the lock, and takes it *before* it gives anything up: a call that leaves and finds
/// `waiting`, `closed` or `destroyed` still holds its permits while it waits for the lock, so that
/// the state cannot be freed under it. While one of these three flags is set, only the holder of
/// the lock changes `in use`, except for entries in observe mode, which exclude `waiting`. So a
/// permit that passes from one call to a waiting one is never free in between: the holder of the
/// lock takes it from the first and adds it for the second, and a new call sees `waiting` all
/// along.
///
/// `watched` stops no call. A call that leaves takes the lock, because the state must still exist
/// for what follows; a call that enters looks at the flag afterwards.
///
/// The limit lies beside the word. Two numbers make it: the *ceiling* is configured, and weights
/// are checked against it; the *effective limit* is what a controller has set, from 0 up. The lower
/// of the two counts. Lowering it is a store and a step of the generation: an entry that read the
/// old limit fails its compare-and-swap. docs/design.md has the whole argument.
///
/// An answer that needs more than the limit (a refusal, a snapshot) reads several values, which a
/// change writes one after the other. By `changes_` the reader detects a change in between.
class BULWARK_EXPORT Admission {
 public:
  explicit Admission(const Limits& limits) noexcept;
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;
  ~Admission();

  // --- entering and leaving without the lock ----------------------------------------------------

  /// Takes permits in mode enforce if they are free and no call waits: the path of most calls.
  /// False: tryEnter() has to decide.
  ///
  /// `watched` tells whether an observer has to be notified of what this entry may have changed.
  /// The word before the entry says so: a flag that is set later is a later change of the same
  /// word, and the thread that sets it looks itself.
  bool take(std::size_t weight, bool& watched) noexcept {
    prefetchForWriting(&word_);
    auto word = word_.load(std::memory_order_acquire);
    std::size_t peak = 0;
    do {
      if (!fits(word, weight)) return false;
      // Read before the exchange, because another core may have the line afterwards. The exchange
      // fails if takePeaks() came in between, which steps the generation.
      peak = peakActive_.load(std::memory_order_relaxed);
      // acquire on success: pairs with the release in leave(), so that a call sees what the one
      // before it wrote while it held the permit
    } while (!word_.compare_exchange_weak(word, word + inUnits(weight), std::memory_order_acq_rel,
                                          std::memory_order_acquire));
    noteEntry(word, weight, peak);
    watched = (word & watchedFlag) != 0;
    return true;
  }
  bool take(std::size_t weight) noexcept {
    bool watched = false;
    return take(weight, watched);
  }

  /// Whether take() fails and only the limit is the reason: a call that may not wait is refused.
  bool full(std::size_t weight) const noexcept {
    // acquire: pairs with the release in configure(), as in tryEnter()
    const std::size_t change = changes_.load(std::memory_order_acquire);
    const auto word = word_.load(std::memory_order_acquire);
    return (word & entryFlags) == 0 && !fits(word, weight) && unchangedSince(change);
  }

  /// Decides every call that can be decided without the lock. `timeout` is the call's own; 0: it
  /// may not wait. `contended`: enter() has to decide.
  Entry tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept;

  /// Releases permits if no waiting call and no drain depends on them; after that the state may be
  /// gone. False: they are still held, and leaveLocked() has to follow.
  [[nodiscard]] bool leave(std::size_t held) noexcept {
    if (held > 1) [[unlikely]]
      extraWeight_.fetch_sub(held - 1, std::memory_order_relaxed);
    prefetchForWriting(&word_);
    auto word = word_.load(std::memory_order_relaxed);
    std::uint64_t next = 0;
    do {
      next = word - inUnits(held);
      if ((next & leaveFlags) != 0) return false;
      // release on success: pairs with the acquire of the next entry
    } while (!word_.compare_exchange_weak(word, next, std::memory_order_release,
                                          std::memory_order_relaxed));
    return true;
  }

  // --- with the lock ----------------------------------------------------------------------------

  /// Makes the lines in which calls and drains wait. It must have returned before a waiter is
  /// passed to enter(), or to drain() while a permit may be in use. Takes no lock. Throws
  /// std::bad_alloc.
  void prepareToWait();

  /// Decides any call. First removes expired waiters, then admits those that fit, then grants,
  /// refuses, or queues `waiter` (verdict `waiting`; the core owns it from then on). Without a
  /// waiter the call may not wait.
  Entry enter(std::size_t weight, std::optional<Instant> timeout, Instant now, Waiter* waiter,
              CancelLink* cancel, Wakeups& out) noexcept;

  /// The part of a release that leave() could not do.
  void leaveLocked(std::size_t held, Instant now, Wakeups& out) noexcept;

  /// Removes the waiter that the link points to, if it still waits. Returns whether it did.
  bool cancel(CancelLink& link, Instant now, Wakeups& out) noexcept;

  /// Clears a link that is about to be destroyed.
  void unlink(CancelLink& link) noexcept;

  /// Removes `waiter`, a blocked thread whose time has passed. False: it has a verdict already.
  bool giveUp(Waiter& waiter, Instant now, Wakeups& out) noexcept;

  /// Removes up to `most` expired waiters, then admits those that fit.
  /// @return whether more have expired
  bool expire(std::size_t most, Instant now, Wakeups& out) noexcept;

  /// Closes, fails all waiting calls, and wakes `waiter` (granted) when no permit is in use any
  /// more; after `within`: timedOut.
  void drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
             Wakeups& out) noexcept;

  /// Opens again, and aborts the drains that are under way.
  void resume(Wakeups& out) noexcept;

  /// Applies new limits. Waiting calls that fit now are admitted; calls heavier than the ceiling
  /// are rejected. Returns whether anything has changed.
  bool configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept;

  /// Sets the effective limit, from 0 up; a value above the ceiling means the ceiling. Waiting
  /// calls that fit now are admitted. Running calls are not interrupted, and no waiting call is
  /// rejected: one that is heavier than the effective limit waits for a higher one.
  void setEffectiveLimit(std::size_t limit, Instant now, Wakeups& out) noexcept;

  /// Whether an observer is to be notified of every change of saturated().
  void watch(bool observed) noexcept;
  /// Whether an entry without the lock may have been such a change.
  bool watched() const noexcept {
    return (word_.load(std::memory_order_relaxed) & watchedFlag) != 0;
  }

  /// The bulkhead is destroyed: aborts all waiters.
  /// @return whether no permit is in use: the caller frees the state. Otherwise the release of the
  ///         last permit reports Wakeups::lastOut.
  bool close(Wakeups& out) noexcept;

  /// The context is destroyed: abandons all waiters, and admits no call any more.
  void abandon(Wakeups& out) noexcept;

  // --- the timer --------------------------------------------------------------------------------

  /// The next step of the timer. Steps are planned and done one at a time.
  TimerPlan::Step planTimer() noexcept;

  /// Whether the timer would expire too late for this deadline. Lock-free.
  bool timerTooLate(Instant deadline) const noexcept { return timer_.tooLate(deadline); }
  /// Whether a call that begins has to cancel the timer. Lock-free.
  bool idleTimer() const noexcept {
    return (word_.load(std::memory_order_relaxed) & idleTimerFlag) != 0;
  }
  /// Asks the next step to be in time for `deadline`, of a call that is about to enter.
  void requestTimer(Instant deadline) noexcept;
  /// The timer of that generation has expired, or will not expire any more.
  void timerEnded(std::uint64_t generation) noexcept;

  // --- queries: lock-free, unless configure() runs at the same time -----------------------------

  /// The gauges, and one configuration.
  struct Numbers {
    std::size_t active, running, queued, permits, limit, maxQueueSize, peakActive, peakQueued;
    Instant timeout;
    Mode mode;
    bool saturated, draining;

    /// Permits that a call can get; 0 while more are held than the effective limit allows.
    std::size_t available() const noexcept { return limit - (std::min)(active, limit); }
  };
  Numbers numbers() const noexcept;
  Limits limits() const noexcept;
  /// The limit that calls meet: the effective limit, at most the ceiling.
  std::size_t effectiveLimit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  /// Calls wait, or no call may wait and no permit is free.
  bool saturated() const noexcept;
  /// Closed by drain(), and not destroyed. The end of the context closes it, too.
  bool draining() const noexcept { return draining(word_.load(std::memory_order_acquire)); }
  Instant timeout() const noexcept { return timeout_.load(std::memory_order_relaxed); }

  /// The most permits in use, and the most calls that waited.
  struct Peaks {
    std::size_t active = 0;
    std::size_t queued = 0;
  };
  /// Returns the peaks since the last takePeaks() and begins the next interval with the present
  /// values. Lock-free, but one caller at a time, resetPeaks() included. numbers() goes on to
  /// report the highest.
  Peaks takePeaks() noexcept;
  /// Same as takePeaks(), and numbers() forgets the peaks, too.
  Peaks resetPeaks() noexcept;

  /// Draining, destroyed or abandoned.
  bool closed() const noexcept { return (word_.load(std::memory_order_acquire) & closedFlag) != 0; }
  /// The bulkhead is destroyed, and its last permit is back.
  bool quiescent() const noexcept {
    const auto word = word_.load(std::memory_order_acquire);
    return (word & destroyedFlag) != 0 && inUse(word) == 0;
  }

 private:
  static constexpr std::uint64_t waitingFlag = 1U << 0;
  static constexpr std::uint64_t closedFlag = 1U << 1;
  static constexpr std::uint64_t destroyedFlag = 1U << 2;
  static constexpr std::uint64_t idleTimerFlag = 1U << 3;
  static constexpr unsigned modeShift = 4;
  static constexpr std::uint64_t modeMask = 3U << modeShift;
  static constexpr std::uint64_t watchedFlag = 1U << 6;
  static constexpr unsigned generationShift = 7;
  static constexpr std::uint64_t generationMask = 31U << generationShift;
  static constexpr unsigned inUseShift = 12;
  // The flags that send an entry, or a release, to the lock.
  static constexpr std::uint64_t entryFlags = waitingFlag | closedFlag | destroyedFlag | modeMask;
  static constexpr std::uint64_t leaveFlags =
      waitingFlag | closedFlag | destroyedFlag | idleTimerFlag | watchedFlag;

  static std::size_t inUse(std::uint64_t word) noexcept {
    return static_cast<std::size_t>(word >> inUseShift);
  }
  static std::uint64_t inUnits(std::size_t permits) noexcept {
    return std::uint64_t{permits} << inUseShift;
  }
  static Mode mode(std::uint64_t word) noexcept {
    return static_cast<Mode>((word & modeMask) >> modeShift);
  }

  static bool draining(std::uint64_t word) noexcept {
    return (word & (closedFlag | destroyedFlag)) == closedFlag;
  }
  bool saturated(std::uint64_t word) const noexcept;

  /// Whether everything read since then belongs to one configuration. `change` was loaded with
  /// acquire, so that no value of an older configuration was read.
  bool unchangedSince(std::size_t change) const noexcept {
    // acquire: pairs with the release fence in configure(). A reader that saw a value of a later
    // change sees here that this change has begun.
    fence(std::memory_order_acquire);
    return change % 2 == 0 && changes_.load(std::memory_order_relaxed) == change;
  }
  /// The result of `read`, all of one configuration.
  template <typename Read>
  auto ofOneConfiguration(Read read) const noexcept;

  /// The most permits that calls can hold under this ceiling, which may be `unlimited`.
  static constexpr std::size_t counted(std::size_t ceiling) noexcept {
    return (std::min)(ceiling, maxPermits);
  }

  /// Whether a call gets its permits at once in mode enforce. While configure() runs, the limit may
  /// be the new one and the mode the old one: a call that fits then goes ahead in the new mode,
  /// too, whichever that is.
  bool fits(std::uint64_t word, std::size_t weight) const noexcept {
    const std::size_t limit = limit_.load(std::memory_order_relaxed);
    return (word & entryFlags) == 0 && weight - 1 < limit && inUse(word) <= limit - weight;
  }
  Entry decideWithoutRoom(std::uint64_t word, std::size_t weight,
                          std::optional<Instant> timeout) const noexcept;
  static Entry observed(std::uint64_t word, std::size_t weight, std::size_t limit) noexcept;

  /// `weight` has been added to `word`. `peak`: the least that peakActive_ can be.
  void noteEntry(std::uint64_t word, std::size_t weight, std::size_t peak = 0) noexcept {
    if (weight > 1) [[unlikely]]
      extraWeight_.fetch_add(weight - 1, std::memory_order_relaxed);
    if (inUse(word) + weight > peak) raise(peakActive_, inUse(word) + weight);
  }

  // Success: the peak is raised. Failure: another thread has changed it, and it is compared again.
  static void raise(Atomic<std::size_t>& peak, std::size_t to) noexcept {
    auto known = peak.load(std::memory_order_relaxed);
    while (to > known && !peak.compare_exchange_weak(known, to, std::memory_order_relaxed)) {
    }
  }
  static std::size_t takePeak(Atomic<std::size_t>& peak, Atomic<std::size_t>& highest) noexcept;

  /// Whether the permits in use alone decide about saturation: no call may wait.
  bool onlyPermitsCount(Mode mode) const noexcept {
    return mode == Mode::enforce && (maxQueueSize_.load(std::memory_order_relaxed) == 0 ||
                                     timeout_.load(std::memory_order_relaxed) <= Instant{0});
  }

  /// What only a bulkhead needs in which a call or a drain has waited. The lock guards it, except
  /// the peaks.
  struct Lines {
    WaitingLine queue;  // calls that wait for permits
    WaitingLine drains;  // drains that wait for the last permit
    std::uint64_t nextArrival = 0;  // the arrival of the next waiter
    std::size_t weighted = 0;  // calls in the queue with a weight above 1
    Atomic<std::size_t> peakQueued{0};  // since the last takePeaks()
    Atomic<std::size_t> highestQueued{0};  // as highestActive_
  };
  /// The lines, or empty ones if there are none yet.
  const Lines& lines() const noexcept {
    const Lines* const made = lines_.load(std::memory_order_acquire);  // pairs with makeOnce()
    return made != nullptr ? *made : noLines;
  }
  /// For a caller that has a waiter: prepareToWait() has returned.
  Lines& madeLines() noexcept { return *lines_.load(std::memory_order_acquire); }
  static const Lines noLines;

  // The caller holds the lock.
  void queue(Waiter& waiter, std::size_t weight, Instant now, Instant patience,
             CancelLink* cancel) noexcept;
  Waiter* nextDue(Instant now) const noexcept;
  void removeExpired(Instant now, std::size_t most, Wakeups& out) noexcept;
  void admit(Instant now, Wakeups& out) noexcept;
  void takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept;
  void takeOutAll(const WaitingLine& line, Verdict verdict, Wakeups& out) noexcept;
  void settleQueue(Instant now, Wakeups& out) noexcept;
  void noteQueued(std::size_t queued) noexcept;
  Instant nextExpiry() const noexcept;
  void noteTimer(Wakeups& out) noexcept;
  void setIdleTimer(bool idle) noexcept;
  void setWatched() noexcept;
  bool belowCeiling() const noexcept;
  std::uint64_t publishLimit(std::size_t ceiling, std::optional<Mode> mode) noexcept;

  std::uint64_t stepGeneration(std::optional<Mode> mode) noexcept;

  // For ofOneConfiguration(); limitsNow() also for a caller that holds the lock.
  Numbers numbersNow() const noexcept;
  Limits limitsNow() const noexcept;

  // The word, the limit and the peak share a cache line. The fast path touches no other. The
  // alignment keeps them together, and apart from what the owner has in front of this object, which
  // may be a mutex.
  //
  // See above for the values of the word. A read-modify-write of it is acq_rel, except in leave(),
  // which releases. An acquire load pairs with all of them: a thread that reads a flag, a mode or a
  // generation sees what the thread that wrote it had stored before. Loads are relaxed where the
  // lock is held, and where a flag only sends the thread to the lock.
  alignas(64) Atomic<std::uint64_t> word_;
  Atomic<std::size_t> limit_;  // min(counted(ceiling), effective limit)
  Atomic<std::size_t> peakActive_{0};  // since the last takePeaks()
  // The sum of weight - 1 over the running calls: running = in use - extraWeight_.
  Atomic<std::size_t> extraWeight_{0};
  Atomic<std::size_t> queued_{0};  // calls in the queue; written under the lock
  Atomic<std::size_t> maxQueueSize_;  // as configured; 0: no call may wait
  Atomic<Instant> timeout_;  // as configured; 0: no call may wait, never: without a time limit
  // Odd while configure() writes ceiling, limit, queue size, timeout and mode; even otherwise.
  // Written under the lock.
  Atomic<std::size_t> changes_{0};
  TimerPlan timer_;

  mutable Mutex mutex_;  // guards everything below, and all writes that need it above
  Atomic<Lines*> lines_{nullptr};  // null until prepareToWait(), then the same until the end
  std::size_t effectiveLimit_ = unlimited;  // as set by the controller
  // The highest peak of the intervals before the present one, since resetPeaks().
  Atomic<std::size_t> highestActive_{0};
  Atomic<std::size_t> ceiling_;  // as configured
  bool observed_ = false;  // an observer is set
};

}  // namespace bulwark::detail
