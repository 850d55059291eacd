#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/deadlines.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/waiter.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What a bulkhead is configured to, as the core sees it. Checked before it gets here.
struct Limits {
  std::size_t permits = 1;       // >= 1
  std::size_t maxQueueSize = 0;  // calls
  Instant timeout{0};            // >= 0; never: for ever
  Mode mode = Mode::enforce;

  friend bool operator==(const Limits&, const Limits&) = default;
};

/// New values for some of them; the others stay.
struct LimitsUpdate {
  std::optional<std::size_t> permits;
  std::optional<std::size_t> maxQueueSize;
  std::optional<Instant> timeout;
  std::optional<Mode> mode;
};

/// The answer to a call that asks for permits. Two words, so that it comes back in registers.
struct Entry {
  constexpr Entry() noexcept = default;
  constexpr Entry(Verdict answer, std::size_t permits = 0, bool over = false) noexcept
      : held(permits), verdict(answer), overLimit(over) {}

  std::size_t held = 0;  // what has to be given back
  Verdict verdict = Verdict::contended;
  bool overLimit = false;  // observe: would have waited or been rejected
};

/// What became ready while the lock was held, and has to be done now that it is not.
struct Wakeups {
  WaiterList ready;       // each with its verdict
  bool alarm = false;     // the alarm needs tending: planAlarm()
  bool begins = false;  // `ready` has a call that looks at the alarm when it begins: idleAlarm()
  bool lastOut = false;  // the bulkhead is gone and this was its last permit: free the state
  bool configured = false;  // the configuration has changed: the observer is to be notified
};

/// The admission core: permits, queue, deadlines, drain. It knows no executor and no clock, calls
/// nobody, and allocates nothing: it is told the time and hands out lists of who is ready, so that
/// it can be driven step by step. Any number of threads may call anything at any time.
///
/// One atomic word decides everything that needs no waiting:
///
///     bit  0      waiting    somebody is in the queue
///     bit  1      closed     draining, or destroyed: nobody enters
///     bit  2      destroyed  no bulkhead any more; the last permit back frees the state
///     bit  3      idleAlarm  the alarm is set and no deadline is left: the next call that begins
///                            or leaves calls it off
///     bits 4-5    mode       0 enforce, 1 observe, 2 off
///     bit  6      watched    somebody wants to know when the permits run out
///     bits 7-11   version    counts changes of the limit, modulo 32
///     bits 12-63  in use     permits held
///
/// Without the flags that concern it, an operation is one compare-and-swap. With them it goes
/// through the lock, and does so *before* it gives anything up: a releaser that finds `waiting`,
/// `closed` or `destroyed` still holds its permits while it waits for the lock, so that the state
/// cannot be freed under it. Once one of the three flags is set, only holders of the lock change
/// `in use`, except for entries in observe mode, which exclude `waiting`. That is why a permit
/// handed to a waiter is never free in between: the holder of the lock takes it from one and adds
/// it to the other, and a newcomer sees `waiting` all the while.
///
/// `watched` stops nobody. Who leaves goes through the lock, for what follows it can only be done
/// while the state is there; who enters finds it afterwards.
///
/// The limit lies beside the word. Lowering it is a store and a step of the version: an entry that
/// read the old limit fails its compare-and-swap. docs/design.md has the whole argument.
///
/// Whatever needs more than the limit (a refusal, a snapshot) reads several values that one change
/// writes one after the other. `changes_` tells such a reader whether a change came in between.
class BULWARK_EXPORT Admission {
 public:
  explicit Admission(const Limits& limits) noexcept;
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // --- the way in and out; no lock ------------------------------------------------------------

  /// Takes permits in mode enforce where they are free and nobody waits: what most calls come for.
  /// False: tryEnter() has to decide.
  bool take(std::size_t weight) noexcept {
    auto word = word_.load(std::memory_order_acquire);
    do {
      if (!fits(word, weight)) return false;
      // acquire on success: pairs with the release in leave(), so that what the last holder wrote
      // is seen by the next one
    } while (!word_.compare_exchange_weak(word, word + inUnits(weight), std::memory_order_acq_rel,
                                          std::memory_order_acquire));
    noteEntry(word, weight);
    return true;
  }

  /// Whether take() fails and nothing but the limit is to blame: who may not wait is refused.
  bool full(std::size_t weight) const noexcept {
    const std::size_t change = changes_.load(std::memory_order_acquire);
    const auto word = word_.load(std::memory_order_acquire);
    return (word & entryFlags) == 0 && !fits(word, weight) && unchangedSince(change);
  }

  /// Decides about any call that can be decided without the lock. `timeout` is the call's own (0:
  /// may not wait). `contended` means that enter() has to decide.
  Entry tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept;

  /// Gives permits back if nobody has to be told; after that the state may be gone. False: they
  /// are still held, and leaveLocked() has to follow.
  [[nodiscard]] bool leave(std::size_t held) noexcept {
    if (held > 1) [[unlikely]]
      extraWeight_.fetch_sub(held - 1, std::memory_order_relaxed);
    auto word = word_.load(std::memory_order_relaxed);
    std::uint64_t next = 0;
    do {
      next = word - inUnits(held);
      if ((next & leaveFlags) != 0) return false;
      // release: pairs with the acquire of the next entry
    } while (!word_.compare_exchange_weak(word, next, std::memory_order_release,
                                          std::memory_order_relaxed));
    return true;
  }

  // --- what needs the lock ----------------------------------------------------------------------

  /// Decides about a call: first puts out what is overdue, then lets those in who wait and fit,
  /// then grants, refuses, or queues `waiter` (verdict `waiting`; from then on it belongs to the
  /// core). Without a waiter the call may not wait.
  Entry enter(std::size_t weight, std::optional<Instant> timeout, Instant now, Waiter* waiter,
              CancelLink* cancel, Wakeups& out) noexcept;

  /// What leave() could not do.
  void leaveLocked(std::size_t held, Instant now, Wakeups& out) noexcept;

  /// Takes out whom the link points to, if that one still waits.
  /// @return whether it did
  bool cancel(CancelLink& link, Instant now, Wakeups& out) noexcept;

  /// A link that is about to go away no longer points to anybody.
  void unlink(CancelLink& link) noexcept;

  /// Takes out `waiter`, which times out by itself. False: somebody else has decided about it.
  bool giveUp(Waiter& waiter, Instant now, Wakeups& out) noexcept;

  /// Puts out up to `most` of those whose time has come, and lets in who fits then.
  /// @return whether more are overdue
  bool expire(std::size_t most, Instant now, Wakeups& out) noexcept;

  /// Closes, puts the queue out, and tells `waiter` (granted) when no permit is in use any more;
  /// after `within`: timedOut.
  void drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
             Wakeups& out) noexcept;

  /// Opens again; a drain that is under way is aborted.
  void resume(Wakeups& out) noexcept;

  /// New limits. Who waits and fits now is let in; who can never fit is rejected.
  /// @return whether anything is different now
  bool configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept;

  /// Whether somebody wants to know of every change of saturated().
  void watch(bool observed) noexcept;
  /// Whether entering may have been such a change: for who has just entered without the lock.
  bool watched() const noexcept {
    return (word_.load(std::memory_order_relaxed) & watchedFlag) != 0;
  }

  /// The bulkhead is destroyed: everybody who waits is aborted.
  /// @return whether no permit is in use: the caller frees the state. Otherwise the last one out
  ///         is told to (Wakeups::lastOut).
  bool close(Wakeups& out) noexcept;

  /// The context is destroyed: everybody who waits is abandoned, nobody enters.
  void abandon(Wakeups& out) noexcept;

  // --- the alarm: one timer serves all deadlines -----------------------------------------------

  /// What the owner of the timer has to do. Plans are made and carried out one at a time.
  struct AlarmPlan {
    enum class Action : std::uint8_t { keep, set, cancel };
    Action action = Action::keep;
    Instant when = never;
    std::uint64_t generation = 0;
  };
  AlarmPlan planAlarm() noexcept;

  /// Whether the alarm would come too late for this deadline.
  bool alarmTooLate(Instant deadline) const noexcept {
    return deadline < alarmAt_.load(std::memory_order_relaxed);
  }
  /// Whether a call that begins has to tend the alarm.
  bool idleAlarm() const noexcept {
    return (word_.load(std::memory_order_relaxed) & idleAlarmFlag) != 0;
  }
  /// Asks the next plan to be in time for `deadline`, of a call that is about to enter.
  void wishAlarm(Instant deadline) noexcept;
  /// The alarm of that generation rang, or will not ring any more.
  void alarmGone(std::uint64_t generation) noexcept;

  // --- queries; no lock, unless configure() is at work ------------------------------------------

  /// The gauges, and the configuration as one configure() left it.
  struct Numbers {
    std::size_t active, running, queued, permits, maxQueueSize, peakActive, peakQueued;
    Instant timeout;
    Mode mode;
    bool saturated, draining;

    /// Permits free; 0 while more are held than a resize left.
    std::size_t available() const noexcept { return permits - (std::min)(active, permits); }
  };
  Numbers numbers() const noexcept;
  Limits limits() const noexcept;
  /// Calls wait, or nothing may wait and no permit is free.
  bool saturated() const noexcept;
  /// Closed by drain(), and not destroyed. The end of the context closes it, too.
  bool draining() const noexcept { return draining(word_.load(std::memory_order_acquire)); }
  Instant timeout() const noexcept { return timeout_.load(std::memory_order_relaxed); }

  /// The most permits in use, and the most calls that waited.
  struct Peaks {
    std::size_t active = 0;
    std::size_t queued = 0;
  };
  /// The peaks since somebody took them last; what is there now begins the next interval. No lock,
  /// but one caller at a time, resetPeaks() included. numbers() goes on to know the highest.
  Peaks takePeaks() noexcept;
  /// The same, and numbers() forgets them, too.
  Peaks resetPeaks() noexcept;

  /// Draining, destroyed, or abandoned.
  bool isClosed() const noexcept { return (word_.load(std::memory_order_acquire) & closed) != 0; }
  /// The bulkhead is destroyed, and its last permit is back.
  bool over() const noexcept {
    const auto word = word_.load(std::memory_order_acquire);
    return (word & destroyed) != 0 && inUse(word) == 0;
  }

 private:
  static constexpr std::uint64_t waiting = 1U << 0;
  static constexpr std::uint64_t closed = 1U << 1;
  static constexpr std::uint64_t destroyed = 1U << 2;
  static constexpr std::uint64_t idleAlarmFlag = 1U << 3;
  static constexpr unsigned modeShift = 4;
  static constexpr std::uint64_t modeMask = 3U << modeShift;
  static constexpr std::uint64_t watchedFlag = 1U << 6;
  static constexpr unsigned versionShift = 7;
  static constexpr std::uint64_t versionMask = 31U << versionShift;
  static constexpr unsigned inUseShift = 12;
  static constexpr std::uint64_t entryFlags = waiting | closed | destroyed | modeMask;
  static constexpr std::uint64_t leaveFlags =
      waiting | closed | destroyed | idleAlarmFlag | watchedFlag;

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
    return (word & (closed | destroyed)) == closed;
  }
  bool saturated(std::uint64_t word) const noexcept;

  /// Whether what was read since then is of one configuration. `change` was loaded with acquire, so
  /// that nothing of an older one was read.
  bool unchangedSince(std::size_t change) const noexcept {
    // Pairs with the fence in configure(): a reader that saw a value of a later change sees here
    // that this change has begun.
    fence(std::memory_order_acquire);
    return change % 2 == 0 && changes_.load(std::memory_order_relaxed) == change;
  }
  /// What `read` returns, of one configuration.
  template <typename Read>
  auto ofOneConfiguration(Read read) const noexcept;

  /// Whether a newcomer may have its permits at once, in mode enforce. While configure() is at work
  /// the limit may be the new one and the mode the old one: a call that fits then would go ahead in
  /// the new mode, too, whichever that is.
  bool fits(std::uint64_t word, std::size_t weight) const noexcept {
    const std::size_t limit = limit_.load(std::memory_order_relaxed);
    return (word & entryFlags) == 0 && weight - 1 < limit && inUse(word) <= limit - weight;
  }
  Entry decideWithoutRoom(std::uint64_t word, std::size_t weight,
                          std::optional<Instant> timeout) const noexcept;
  static Entry observed(std::uint64_t word, std::size_t weight, std::size_t limit) noexcept;

  /// `weight` has been added to `word`.
  void noteEntry(std::uint64_t word, std::size_t weight) noexcept {
    if (weight > 1) [[unlikely]]
      extraWeight_.fetch_add(weight - 1, std::memory_order_relaxed);
    raise(peakActive_, inUse(word) + weight);
  }

  static void raise(Atomic<std::size_t>& peak, std::size_t to) noexcept {
    auto known = peak.load(std::memory_order_relaxed);
    while (to > known && !peak.compare_exchange_weak(known, to, std::memory_order_relaxed)) {
    }
  }
  static std::size_t takePeak(Atomic<std::size_t>& peak, Atomic<std::size_t>& highest) noexcept;

  /// Whether permits in use decide by themselves whether it is saturated: nothing may wait.
  bool onlyPermitsCount(Mode mode) const noexcept {
    return mode == Mode::enforce && (maxQueueSize_.load(std::memory_order_relaxed) == 0 ||
                                     timeout_.load(std::memory_order_relaxed) <= Instant{0});
  }

  // All of these are for holders of the lock.
  Waiter* nextDue(Instant now) const noexcept;
  void sweep(Instant now, std::size_t most, Wakeups& out) noexcept;
  void admit(Instant now, Wakeups& out) noexcept;
  void takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept;
  void putOutAll(WaiterList& list, Verdict verdict, Wakeups& out) noexcept;
  void settleQueue(Instant now, Wakeups& out) noexcept;
  void noteQueued(std::size_t queued) noexcept;
  Instant nextDeadline() const noexcept;
  void noteAlarm(Wakeups& out) noexcept;
  void setIdleAlarm(bool idle) noexcept;
  void setWatched() noexcept;

  // These are for ofOneConfiguration(), and limitsNow() for holders of the lock, too.
  Numbers numbersNow() const noexcept;
  Limits limitsNow() const noexcept;

  // The word, its limit and its peak share a cache line: the fast path touches nothing else.
  Atomic<std::uint64_t> word_;
  Atomic<std::size_t> limit_;  // the configured one, at most maxPermits
  Atomic<std::size_t> peakActive_{0};  // since the last takePeaks()
  // Sum of weight - 1 over the running calls: running = in use - extraWeight_.
  Atomic<std::size_t> extraWeight_{0};
  Atomic<std::size_t> queued_{0};  // written under the lock
  Atomic<std::size_t> maxQueueSize_;
  Atomic<Instant> timeout_;
  // Odd while configure() writes limit, queue size, timeout and mode; written under the lock.
  Atomic<std::size_t> changes_{0};
  Atomic<Instant> alarmAt_{never};  // written under the lock; never: the alarm is not set

  mutable Mutex mutex_;
  WaiterList queue_;
  WaiterList drains_;
  Deadlines deadlines_;  // of those whom the alarm wakes
  Deadlines selfTimed_;  // of blocked threads
  Instant wish_ = never;  // the earliest deadline of the calls that are about to enter
  std::uint64_t nextTicket_ = 0;
  std::uint64_t alarmGeneration_ = 0;
  std::size_t weighted_ = 0;  // in the queue with a weight above 1
  bool observed_ = false;
  Atomic<std::size_t> peakQueued_{0};  // since the last takePeaks()
  // The highest of the intervals before that, since resetPeaks().
  Atomic<std::size_t> highestActive_{0};
  Atomic<std::size_t> highestQueued_{0};
  Atomic<std::size_t> configuredPermits_;
};

}  // namespace bulwark::detail
