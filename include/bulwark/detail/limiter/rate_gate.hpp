#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/rate_admission.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/runtime/timer_turns.hpp"
#include "bulwark/detail/telemetry/lazy_events.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "bulwark/events.hpp"
#include "bulwark/rate_limiter_config.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The state behind a RateLimiter: the core of turns with its statistics, events and errors, and
/// what has to follow from what the core decides. What Limiter is to a bulkhead. A call holds
/// nothing of it after its turn, so it has no permits, no run queue and no release.
///
/// Lifetime: references count everything that may come back: the user's object, the calls of
/// execute(), lazily started calls, the timer, cancellation handlers.
///
/// Thread-safe.
class BULWARK_EXPORT RateGate : public Host {
 public:
  using Queue = RateGate;  // for the handlers of cancellation slots

  RateGate(std::string name, const RateLimits& limits, Instant now);

  // --- the way in -------------------------------------------------------------------------------

  /// Grants permits if they conform and no call waits. Counts nothing. False: tryEnter() has to
  /// decide.
  bool take(std::size_t permits, Instant now) noexcept { return core_.take(permits, now); }
  /// The part of a decision that takes no lock. Counts a refusal. `contended`: enter() has to
  /// decide.
  Turn tryEnter(std::size_t permits, std::optional<Instant> timeout, Instant now) noexcept;
  /// Makes what a call needs that waits here. Throws std::bad_alloc.
  void prepareToWait() { statistics_.ensureWaitHistogram(); }
  /// The part that takes the lock. prepareToWait() must have returned before. Throws what setting
  /// the timer throws; then nothing has changed.
  Turn enter(std::size_t permits, std::optional<Instant> timeout, Instant now, Waiter& waiter,
             CancelLink* cancel);
  /// Refuses a call whatever its turn would be, and counts that.
  Turn refuse(Verdict verdict) noexcept;
  /// Decides a call that found the limiter closed(), and counts that. `contended`: it is open
  /// again.
  Turn refuseClosed(std::size_t permits) noexcept { return refuse(core_.refuseClosed(permits)); }
  /// How long a call may wait, as configured.
  Instant timeout() const noexcept { return core_.timeout(); }
  /// Decides a call that only tries, after take() has failed. A refusal is not counted.
  bool tryNow(std::size_t permits, Instant now) noexcept;

  /// Takes back a turn, and what was counted for it, of a call that could not be posted.
  void undo(const Turn& turn, std::size_t permits) noexcept;

  /// Removes the call that the link points to from the queue, as cancelled.
  /// @return whether it was in the queue
  bool cancel(CancelLink& link) noexcept;
  void unlink(CancelLink& link) noexcept { core_.unlink(link); }

  // --- calls of execute(), for which a drain waits ----------------------------------------------

  void enterInside() noexcept { core_.enterInside(); }
  void leaveInside() noexcept;

  void count(Count kind) noexcept { statistics_.count(kind); }
  void uncount(Count kind) noexcept { statistics_.uncount(kind); }

  // --- lifecycle and configuration --------------------------------------------------------------

  /// Throws what setting the timer throws; then nothing has changed.
  void drain(Instant within, Waiter& waiter, CancelLink* cancel);
  void resume() noexcept;
  /// Throws ConfigError, and then nothing has changed.
  void configure(const RateLimiterOverrides& overrides);
  bool draining() const noexcept { return core_.draining(); }
  void reset() noexcept;
  RateLimits limits() const noexcept { return core_.limits(); }

  void close() noexcept override;
  void abandon() noexcept override;
  /// Draining, destroyed or abandoned.
  bool closed() const noexcept override { return core_.closed(); }
  /// The limiter is destroyed and no call is inside: none begins or ends any more. The thread that
  /// destroyed it may still be counting the calls that it aborted.
  bool quiescent() const noexcept { return core_.quiescent(); }

  // --- queries ----------------------------------------------------------------------------------

  Instant retryAfter(std::size_t permits, Instant now) const noexcept {
    return core_.retryAfter(permits, now);
  }
  RateLimiterStats stats() const;
  /// Gauges and configuration alone.
  struct Load {
    RateLimits limits{};
    std::size_t available = 0;
    std::size_t queued = 0;
    bool draining = false;
  };
  Load load() const noexcept {
    return {core_.limits(), core_.available(now()), core_.queued(), core_.draining()};
  }
  /// What was counted since the limiter was made, whatever reset() did.
  void addTo(const Statistics::Totals& totals) const noexcept { statistics_.addTo(totals); }
  void setObserver(Observer observer);

  /// What execute() reports for a call that does not go ahead.
  std::exception_ptr errorFor(const Turn& turn, std::size_t permits) const noexcept;
  /// The same for a call that has waited.
  std::exception_ptr errorFor(const Waiter& waiter) const noexcept {
    return errorFor(turnOf(waiter), waiter.weight);
  }
  /// What acquire() reports.
  static net::error_code codeFor(Verdict verdict) noexcept;

  // --- the timer --------------------------------------------------------------------------------

  /// The timer of that generation has expired: serves the queue, a slice at a time.
  void timerExpired(std::uint64_t generation) noexcept;
  /// It was destroyed before it expired.
  void timerLost(std::uint64_t generation) noexcept;

 protected:
  ~RateGate() override = default;

  // TimerHost implements these. They are called without a lock.
  /// Has timerExpired() called on a thread of the executor, without waiting.
  virtual void requestExpiry(std::uint64_t generation) noexcept = 0;
  /// Sets or moves the timer. One call at a time.
  virtual void setTimer(Instant when, std::uint64_t generation) = 0;
  virtual void cancelTimer() noexcept = 0;

 private:
  class Events;
  class Delivery;

  /// The calls that one expiry wakes before it lets other work have the thread.
  static constexpr std::size_t expirySlice = 512;

  /// A waiter with a final verdict, as a turn. A waiting call is rejected by a smaller burst only.
  static Turn turnOf(const Waiter& waiter) noexcept {
    return {waiter.verdict, waiter.overLimit, never};
  }

  void deliver(Wakeups& out) noexcept;
  void countTurn(const Turn& turn) noexcept;
  void countWaiter(const Waiter& waiter) noexcept;

  void timerBy(Instant at);
  void tendTimer();
  void tendTimerQuietly() noexcept;
  std::exception_ptr doTimerStep() noexcept;

  RateAdmission core_;
  TimerTurns timerTurns_;
  LazyEvents events_;
  Statistics statistics_;
};

}  // namespace bulwark::detail
