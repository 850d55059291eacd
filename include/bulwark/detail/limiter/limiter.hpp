#pragma once

// Longer than 300 lines: one class through which every call enters and leaves. Its fast paths are
// inline.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/runtime/dependents.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"
#include "bulwark/detail/runtime/timer_turns.hpp"
#include "bulwark/detail/telemetry/event_queue.hpp"
#include "bulwark/detail/telemetry/peak_list.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "bulwark/events.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The state behind a Bulkhead and a SemaphoreBulkhead: the admission core with its statistics,
/// events and errors, and everything that has to follow from what the core decides.
///
/// Lifetime: references count the parties that may come back without a permit: the user's object,
/// lazily started calls, the timer, workers, cancellation handlers. Permits are not counted. When
/// the object is destroyed while permits are in use, its reference passes to them, and the last
/// release drops it. So calls that find a free permit never touch the count.
///
/// Thread-safe.
class BULWARK_EXPORT Limiter : public Host {
 public:
  using Kind = CompartmentKind;
  using Queue = Limiter;  // for the handlers of cancellation slots

  Limiter(Kind kind, std::string name, const Limits& limits);

  Kind kind() const noexcept { return kind_; }

  // --- the way in -------------------------------------------------------------------------------

  /// Takes free permits for a call if no call waits, and counts that. False: enter() has to decide.
  /// A caller that knows the kind at compile time passes it.
  bool take(std::size_t weight, Kind kind) noexcept {
    bool watched = false;
    if (!admission_.take(weight, watched)) return false;
    if (kind == Kind::semaphore) statistics_.count(Count::acquired);
    if (watched) [[unlikely]]
      notifyObserver();
    return true;
  }
  bool take(std::size_t weight) noexcept { return take(weight, kind_); }

  /// Decides a call, and counts the decision.
  ///
  /// `park` is called if the call may have to wait. It makes the waiter, and returns it with its
  /// cancellation link, which may be null. After `waiting` the waiter belongs to the core, and may
  /// be gone already; with any other verdict it was not used. Throws what `park` throws, and what
  /// making or setting the timer throws; then nothing has changed. Only where the bulkhead was idle
  /// at that moment, or another thread cancelled the timer or made the timeout shorter in between,
  /// is the timer set afterwards; a failure then is left to the next call that looks at the queue.
  template <typename Park>
  Entry enter(std::size_t weight, std::optional<Instant> timeout, Park park) {
    return enterBy(
        weight, timeout, [](void* made) { return (*static_cast<Park*>(made))(); }, &park);
  }

  /// Refuses a call that would be let in, and counts that.
  Entry refuse(Verdict verdict) noexcept;
  /// The part of enter() that takes no lock. `contended`: enterLocked() has to decide.
  Entry tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept;
  /// Makes what a call needs that waits here. Throws std::bad_alloc.
  void prepareToWait() {
    ensureWaitHistogram();
    admission_.prepareToWait();
  }
  /// The part that takes the lock. prepareToWait() must have returned before.
  Entry enterLocked(std::size_t weight, std::optional<Instant> timeout, Instant now, Waiter* waiter,
                    CancelLink* cancel);
  /// The part of prepareToWait() for a limiter whose call waits elsewhere.
  void ensureWaitHistogram() { statistics_.ensureWaitHistogram(); }

  /// Whether a call that only tries is refused, after take() has failed. False: enterNow() has to
  /// decide.
  bool full(std::size_t weight) const noexcept { return admission_.full(weight); }
  /// Decides a call that only tries. A refusal is not counted.
  Entry enterNow(std::size_t weight) noexcept;

  // --- the way out ------------------------------------------------------------------------------
  //
  // All of these release permits through leave(), and differ in what they count.

  /// A call has run. Afterwards the limiter may be gone, unless the returned reference keeps it.
  /// The reference is null if leave() sufficed. Otherwise the permits may have gone to a waiting
  /// call, and this thread may go on with continueBurst().
  Ref<Limiter> finish(std::size_t held, Count how, Ticks start, Ticks end) noexcept {
    statistics_.recordExecution(how, between(start, end));
    return leave(held, end);
  }

  /// The same, compiled once. The caller owns the reference.
  Limiter* finishCall(std::size_t held, Count how, Ticks start, Ticks end) noexcept;

  /// A Permit is released.
  void release(std::size_t held, Ticks since) noexcept {
    if (kind_ == Kind::bulkhead) {
      finish(held, Count::executed, since, ticksAfter(since));
    } else {
      statistics_.count(Count::executed);
      leave(held);
    }
  }

  /// A granted call will not run. A bulkhead counts it as `verdict` says. A semaphore counts that
  /// permits were held: as acquired when they were granted, and now as released.
  void forfeit(std::size_t held, Verdict verdict) noexcept;

  /// Takes back an entry that never became a call, and its counts.
  void undo(const Entry& entry) noexcept;
  /// The same after forfeit(): the permits are back already.
  void undoForfeited(const Entry& entry) noexcept;

  // --- waiting calls ----------------------------------------------------------------------------

  /// Removes the call that the link points to from the queue, as cancelled.
  /// @return whether it was in the queue
  bool cancel(CancelLink& link) noexcept;
  void unlink(CancelLink& link) noexcept { admission_.unlink(link); }
  /// The time of a blocked thread has passed. False: it has its verdict already.
  bool giveUp(Waiter& waiter) noexcept;

  void recordWait(Instant duration) noexcept { statistics_.recordWait(duration); }

  /// A call that had to wait begins: cancels the timer if no deadline is left. A call that runs on
  /// another executor, or a permit that is only held, does not keep run() from returning and may
  /// leave much later.
  void callBegins() noexcept {
    if (admission_.idleTimer()) [[unlikely]]
      tendTimerQuietly();
  }

  /// When a permit is granted now; 0 where its time is not measured.
  Ticks permitTime(Kind kind) const noexcept { return kind == Kind::bulkhead ? ticks() : Ticks{0}; }
  Ticks permitTime() const noexcept { return permitTime(kind_); }
  /// The same for a permit that was granted at `now`, a moment ago.
  Ticks permitTimeAt(Instant now) const noexcept {
    return kind_ == Kind::bulkhead ? ticksAt(now) : Ticks{0};
  }

  // --- calls with an execution timeout ----------------------------------------------------------

  /// never: there is none.
  Instant executionTimeout() const noexcept { return admission_.executionTimeout(); }
  Overrun overrun() const noexcept { return admission_.overrun(); }
  bool observes() const noexcept { return admission_.observes(); }

  /// A call with an execution timeout has been let in: see Admission. prepareToWait() must have
  /// returned before.
  void noteTimed() noexcept { admission_.noteTimed(); }
  /// Its work begins, and is overdue from `deadline` on.
  void beginTimed(Waiter& call, Instant deadline) noexcept;
  /// Its work has ended. Returns whether it was in time.
  bool endTimed(Waiter& call) noexcept { return admission_.endTimed(call); }
  /// A call that was in time is over.
  void dropTimed() noexcept;
  /// The work of an overdue call has ended: adds the event.
  void noteReturned(Instant deadline) noexcept;

  // --- granted calls on the executor's threads --------------------------------------------------

  /// `runnable` holds its permits: posts a worker for it, if none is on its way.
  void makeRunnable(Runnable& runnable) noexcept {
    if (runQueue_.add(*this, runnable)) requestWorker();
  }
  RunQueue& runQueue() noexcept { return runQueue_; }
  /// Runs more calls on this thread, which has just run one that ended at `since`.
  void continueBurst(Ticks since);

  /// A call of this limiter begins to wait for a semaphore, or ends that: abandon() interrupts it.
  /// @return false: the context is gone already
  bool listChain(Dependent& chain) noexcept;
  void unlistChain(Dependent& chain) noexcept;

  // --- lifecycle and configuration --------------------------------------------------------------

  /// Throws what making the lines and setting the timer throws; then nothing has changed.
  void drain(Instant within, Waiter& waiter, CancelLink* cancel);
  void resume() noexcept;
  void configure(const LimitsUpdate& update) noexcept;
  /// For a controller, which may call it often: no event, no change of the configuration.
  void setEffectiveLimit(std::size_t limit) noexcept;

  /// The same for a caller that changes several limiters under a lock of its own. deliver() follows
  /// when that lock is free. The drain has no time limit. prepareToDrain(), which throws
  /// std::bad_alloc, must have returned before, unless no call has used the limiter.
  void prepareToDrain() { admission_.prepareToWait(); }
  void drain(Instant now, Waiter& waiter, CancelLink* cancel, Wakeups& out) noexcept {
    admission_.drain(never, now, waiter, cancel, out);
  }
  void resume(Wakeups& out) noexcept { admission_.resume(out); }
  void configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept {
    out.configured = admission_.configure(update, now, out);
  }

  /// Does what a decision has left: wakes waiting calls, sets the timer, ends back-offs, notifies
  /// the observer. The caller holds no lock, and keeps the limiter: by a permit, a reference, or
  /// the bulkhead.
  void deliver(Wakeups& out) noexcept;

  /// Closed by drain(), until resume().
  bool draining() const noexcept { return admission_.draining(); }
  void reset() noexcept;
  Limits limits() const noexcept { return admission_.limits(); }
  std::size_t effectiveLimit() const noexcept { return admission_.effectiveLimit(); }
  Instant timeout() const noexcept { return admission_.timeout(); }

  void close() noexcept override;
  void abandon() noexcept override;
  /// Draining, destroyed or abandoned.
  bool closed() const noexcept override { return admission_.closed(); }
  /// The bulkhead is destroyed and its last permit is back: no call begins or ends any more. The
  /// thread that destroyed it may still be counting the calls that it aborted.
  bool quiescent() const noexcept { return admission_.quiescent(); }

  // --- statistics -------------------------------------------------------------------------------

  /// Gauges and configuration alone.
  Admission::Numbers load() const noexcept { return admission_.numbers(); }
  BulkheadStats bulkheadStats() const;
  SemaphoreStats semaphoreStats() const;
  /// Adds the overdue calls of a bulkhead. May throw std::bad_alloc.
  void addOverdue(HealthSummary& health) const;
  /// What was counted since the limiter was made, whatever reset() did.
  void addTo(const Statistics::Totals& totals) const noexcept { statistics_.addTo(totals); }

  /// For PeakWatch.
  void attachReader(PeakList::Reader& reader) noexcept {
    peaks_.attach(mutex(), reader, admission_);
  }
  void detachReader(PeakList::Reader& reader) noexcept { peaks_.detach(mutex(), reader); }
  Admission::Peaks takePeaks(PeakList::Reader& reader) noexcept {
    return peaks_.take(mutex(), reader, admission_);
  }

  // --- events -----------------------------------------------------------------------------------

  /// Empty: removes the observer. Throws std::bad_alloc, and then nothing has changed.
  void setObserver(Observer observer);
  /// The same in parts, for a caller that holds a lock of its own. ensureEvents() may throw.
  /// exchangeObserver() returns the previous observer. The caller then releases its lock, calls
  /// notifyObserver(), and destroys the previous observer.
  void ensureEvents();
  std::shared_ptr<const Observer> exchangeObserver(
      std::shared_ptr<const Observer> observer) noexcept;

  /// Delivers the events that are due. deliver() includes it.
  void notifyObserver() noexcept {
    // acquire: pairs with the release in ensureEvents()
    if (events_.load(std::memory_order_acquire) != nullptr) [[unlikely]]
      notifyObserverSlowly();
  }

  // --- errors -----------------------------------------------------------------------------------

  /// What execute() reports for this verdict. Made once for each cause, then shared.
  std::exception_ptr errorFor(Verdict verdict) noexcept;
  /// The same where the weight of the call may be the cause.
  std::exception_ptr errorFor(Verdict verdict, std::size_t weight) noexcept {
    return verdict == Verdict::invalid ? weightError(weight) : errorFor(verdict);
  }
  /// Throws net::system_error if a thread that holds `held` permits asks for more than the other
  /// threads could ever release.
  void refuseToWaitForItself(std::size_t held, std::size_t weight) const;

  // --- the timer --------------------------------------------------------------------------------

  /// The timer of that generation has expired: removes expired calls, a slice at a time.
  void timerExpired(std::uint64_t generation) noexcept;
  /// It was destroyed before it expired.
  void timerLost(std::uint64_t generation) noexcept;

 protected:
  ~Limiter() override;

  // TimedHost implements these. They are called without a lock.
  /// Has RunQueue::work() called on a thread of the executor, or workerLost(), at once if it
  /// cannot.
  virtual void requestWorker() noexcept = 0;
  /// Has timerExpired() called on a thread of the executor, without waiting.
  virtual void requestExpiry(std::uint64_t generation) noexcept = 0;
  /// Sets or moves the timer. One call at a time.
  virtual void setTimer(Instant when, std::uint64_t generation) = 0;
  virtual void cancelTimer() noexcept = 0;

 private:
  class Events;

  /// Collects what a decision leaves, and delivers it at the end of the scope. Holds the limiter,
  /// since the call may end and the bulkhead be destroyed meanwhile.
  class Delivery {
   public:
    explicit Delivery(Limiter& limiter) noexcept : limiter_(&limiter) {}
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    ~Delivery() { limiter_->deliver(out); }

    Wakeups out{};

   private:
    const Ref<Limiter> limiter_;
  };

  /// The calls that one expiry removes before it lets other work have the thread.
  static constexpr std::size_t expirySlice = 512;

  using Parked = std::pair<Waiter*, CancelLink*>;
  Entry enterBy(std::size_t weight, std::optional<Instant> timeout, Parked (*park)(void*),
                void* context);

  // Unless a flag of the word concerns it, this is one exchange, and the result is null. Afterwards
  // the limiter may be gone.
  Ref<Limiter> leave(std::size_t held, Ticks now) noexcept {
    if (admission_.leave(held)) [[likely]]
      return {};
    return leaveLocked(held, clockAt(now));
  }
  void leave(std::size_t held) noexcept {
    if (!admission_.leave(held)) leaveLocked(held, now());
  }
  Ref<Limiter> leaveLocked(std::size_t held, Instant now) noexcept;

  void countEntry(const Entry& entry) noexcept;
  void countEnd(Verdict verdict) noexcept;
  void countVerdict(const Waiter& waiter) noexcept;

  Events* observed() const noexcept;
  void addEvent(EventKind kind) noexcept;
  void notifyObserverSlowly() noexcept;

  void timerBy(Instant deadline);
  void tendTimer();
  void tendTimerQuietly() noexcept;
  std::exception_ptr doTimerStep() noexcept;

  std::exception_ptr weightError(std::size_t weight) const noexcept;

  /// Exceptions that all calls with one verdict share.
  struct SharedErrors {
    static constexpr std::size_t size = 5;
    std::array<std::once_flag, size> once;
    std::array<std::exception_ptr, size> errors;  // null until the first such call
  };
  template <typename Error>
  std::exception_ptr shared(std::size_t slot);

  // An idle limiter is 576 bytes. Where pointers have 8 bytes, std::mutex 40 and std::string 32,
  // its cache lines of 64 bytes are:
  //
  //   0  read by calls       Host: virtual functions, references, name, number
  //   1  calls that waited   Host: mutex and what it guards, up to peaks_
  //   2  written by calls    Admission: the word, the limit, the peak. A free permit touches
  //                          nothing else here
  //   3  calls that wait     Admission: the timer's plan, the lock
  //   4  calls that waited   Admission: what the lock guards, the execution timeout; the timer's
  //                          turns, the begin of the run queue
  //   5  read by calls       the end of the run queue; events, errors, kind; Statistics: where a
  //                          thread finds its shard
  //   6  hardly ever used    Statistics: counts of threads without a shard
  //   7  hardly ever used    the last of them
  //   8  read by calls       AsioHost and TimedHost: executor, entry in the context's list, timer
  //
  // What else a limiter needs is made when it is first needed: the lines in which calls wait, the
  // shard of a thread and its histogram, the wait histogram, events, errors, the timer.
  DependentList chains_;  // calls that wait for semaphores; guarded by mutex()
  PeakList peaks_;  // guarded by mutex()
  // Has its own lock. The attribute lets the next members use the padding at its end.
  [[no_unique_address]] Admission admission_;
  TimerTurns timerTurns_;
  RunQueue runQueue_;  // guarded by mutex()
  // Null until the first observer is set; then the same object until the limiter is destroyed.
  Atomic<Events*> events_{nullptr};
  Atomic<SharedErrors*> errors_{nullptr};  // null until a call is first refused with an exception
  const Kind kind_;
  Statistics statistics_;  // takes no lock
};

}  // namespace bulwark::detail
