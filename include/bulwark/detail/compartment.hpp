#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/admission.hpp"
#include "bulwark/detail/fault.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/retry_scope.hpp"
#include "bulwark/detail/shared_state.hpp"
#include "bulwark/detail/statistics.hpp"
#include "bulwark/events.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

class Events;
class Gate;
class PeakWatch;
class PermitMaker;

/// A call that was queued, holds its permits now, and wants a thread of the executor.
struct Runnable : Waiter {
  /// Runs it on this thread, up to its completion handler (which may throw). Ends its life.
  /// @return when the work ended
  virtual Instant run() = 0;

 protected:
  ~Runnable() = default;
};

/// What stands behind a Bulkhead and a SemaphoreBulkhead: the admission core with its statistics,
/// its errors, and the duties that follow from what the core decides. All of it that need not know
/// the executor or the clock; AsioCompartment adds those.
///
/// Lifetime: it counts references for whoever may still come back without a permit (the bulkhead
/// itself, lazily started calls, the alarm, workers, cancellation handlers). Permits have none:
/// when the bulkhead is destroyed while some are in use, its reference passes to them, and the last
/// one out drops it. So calls that find a free permit never touch the count.
///
/// Thread safety: everything, from any thread.
class BULWARK_EXPORT Compartment : public SharedState {
 public:
  using Kind = CompartmentKind;

  Compartment(Kind kind, std::string name, const Limits& limits);

  const std::string& name() const noexcept { return name_; }
  Kind kind() const noexcept { return kind_; }
  virtual Instant now() const noexcept = 0;

  // --- calls ------------------------------------------------------------------------------------

  /// The way in of most calls: where permits are free and nobody waits. Counted. False: tryEnter()
  /// has to decide. Who knows the compartment's kind when it is compiled passes it.
  bool take(std::size_t weight, Kind kind) noexcept {
    if (!admission_.take(weight)) return false;
    if (kind == Kind::semaphore) statistics_.count(Count::acquired);
    if (admission_.watched()) [[unlikely]]
      tellEvents();
    return true;
  }
  bool take(std::size_t weight) noexcept { return take(weight, kind_); }

  /// The lock-free way in, counted. `contended`: enter() has to decide.
  Entry tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept;

  /// The way in through the lock, counted. `waiter` as for Admission::enter(); the alarm is seen to
  /// before it queues: throws what making or setting it throws, and then nothing has changed. Only
  /// where the bulkhead was idle at that moment, or another thread called the alarm off or made the
  /// timeout shorter in between, it is set afterwards, and a failure is left to the next call that
  /// looks at the queue.
  Entry enter(std::size_t weight, std::optional<Instant> timeout, Instant now, Waiter* waiter,
              CancelLink* cancel);

  /// For those that only try, and take() did not serve: a refusal is no call, and counted nowhere.
  Entry tryEnterNow(std::size_t weight) noexcept {
    if (admission_.full(weight)) [[likely]]
      return {Verdict::rejected};
    return tryEnterSlowly(weight);
  }

  /// Takes back a tryEnter() or enter() that never became a call: as if it had not been.
  void undo(const Entry& entry) noexcept;

  /// The same where the granted call has ended on its way, as cancelled: its permits are back.
  void undoEnded(const Entry& entry) noexcept;

  /// A granted call will not run, and its permits go on. A bulkhead counts it as `verdict` says. A
  /// semaphore counts permits that were really held: as acquired, and now as released.
  void endGranted(std::size_t held, Verdict verdict) noexcept;

  /// Closes the books on a call: what it was, how long it ran, and its permits back. After that the
  /// compartment may be gone, unless the reference that is returned holds it: it is there when the
  /// permits met somebody who waited, so that work may be there for this thread.
  Ref<Compartment> finishCall(std::size_t held, bool failed, Instant start, Instant end) noexcept {
    statistics_.recordExecution(failed ? Count::failed : Count::executed, end - start);
    return leave(held, end);
  }

  /// The same for a permit that somebody held.
  void finishPermit(std::size_t held, Instant since) noexcept {
    if (kind_ == Kind::bulkhead) {
      finishCall(held, false, since, now());
    } else {
      statistics_.count(Count::executed);
      giveBack(held);
    }
  }

  /// When a permit is granted now: 0 where its time is not measured.
  Instant permitTime(Kind kind) const noexcept {
    return kind == Kind::bulkhead ? now() : Instant{0};
  }
  Instant permitTime() const noexcept { return permitTime(kind_); }

  void expectWaits() { statistics_.expectWaits(); }
  void recordWait(Instant duration) noexcept { statistics_.recordWait(duration); }

  Instant timeout() const noexcept { return admission_.timeout(); }

  bool cancel(CancelLink& link) noexcept;
  void unlink(CancelLink& link) noexcept { admission_.unlink(link); }
  bool giveUp(Waiter& waiter) noexcept;

  // --- lifecycle -----------------------------------------------------------------------------

  void drain(Instant within, Waiter& waiter, CancelLink* cancel);
  void resume() noexcept;
  void configure(const LimitsUpdate& update) noexcept;

  /// The same for a caller that changes several compartments at once under a lock of its own: what
  /// is decided now is carried out later, when that lock is free. A drain without a time limit.
  void drain(Instant now, Waiter& waiter, CancelLink* cancel, Wakeups& out) noexcept {
    admission_.drain(never, now, waiter, cancel, out);
  }
  void resume(Wakeups& out) noexcept { admission_.resume(out); }
  void configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept {
    out.configured = admission_.configure(update, now, out);
  }
  void carryOut(Wakeups& out) noexcept;

  /// Closed by drain(), until resume().
  bool draining() const noexcept { return admission_.draining(); }
  void reset() noexcept;
  Limits limits() const noexcept { return admission_.limits(); }

  /// The bulkhead is destroyed: gives up its reference.
  void close() noexcept;
  void abandon() noexcept override;
  bool abandoned() const noexcept { return abandoned_.load(std::memory_order_acquire); }

  /// Gauges and configuration alone.
  Admission::Numbers load() const noexcept { return admission_.numbers(); }

  BulkheadStats bulkheadStats() const;
  SemaphoreStats semaphoreStats() const;

  /// What was ever counted, whatever reset() did.
  void addTo(const Statistics::Totals& totals) const noexcept { statistics_.addTo(totals); }

  /// For PeakWatch. Takes a lock that no call needs.
  void watch(PeakWatch& watch) noexcept;
  void unwatch(PeakWatch& watch) noexcept;
  Admission::Peaks takePeaks(PeakWatch& watch) noexcept;

  /// For collectors of metrics: the name is free for another one, although calls may still run.
  bool destroyed() const noexcept { return destroyed_.load(std::memory_order_acquire); }
  /// Draining, destroyed, or abandoned.
  bool closed() const noexcept { return admission_.isClosed(); }
  /// The bulkhead is destroyed and its last permit is back: no call begins or ends any more. The
  /// thread that destroyed it may still be counting the calls that it put out.
  bool over() const noexcept { return admission_.over(); }

  // --- events (src/events.cpp) -----------------------------------------------------------------

  /// Empty: none any more. Throws std::bad_alloc, and then nothing has changed.
  void setObserver(Observer observer);

  /// The same in parts, for those who hold a lock: first what may throw, then the change, and when
  /// no lock is held, tellEvents() and the end of the observer that was there before.
  void expectEvents();
  std::shared_ptr<const Observer> exchangeObserver(
      std::shared_ptr<const Observer> observer) noexcept;

  /// Tells what there is to tell: follows whatever noted an event, or changed whether it is
  /// saturated or draining. For a caller that holds no lock, but something that keeps the
  /// compartment: a permit, a reference, the bulkhead.
  void tellEvents() noexcept {
    if (events_.load(std::memory_order_acquire) != nullptr) [[unlikely]]
      tellSlowly();
  }

  // --- errors ----------------------------------------------------------------------------------

  /// What execute() reports for this verdict: made once for each cause, then shared.
  std::exception_ptr errorFor(Verdict verdict) noexcept;
  /// The same where it may be the fault of the call's weight.
  std::exception_ptr errorFor(Verdict verdict, std::size_t weight) noexcept {
    return verdict == Verdict::invalid ? weightError(weight) : errorFor(verdict);
  }
  /// Throws net::system_error if a thread that has `held` permits asks for more than the others
  /// could ever give back.
  void refuseToWaitForItself(std::size_t held, std::size_t weight) const;

  // --- work that was queued, on the executor's threads ---------------------------------------

  /// `runnable` holds its permits: sees to it that a thread of the executor comes for it.
  void makeRunnable(Runnable& runnable) noexcept;
  /// A worker that was asked for has come: runs a bounded burst of what is runnable.
  void work();
  /// A worker that was asked for will not come.
  void workerLost() noexcept;
  /// More of it on this thread, which has just run a call that ended at `since`.
  void continueBurst(Instant since);

  /// A call of this bulkhead is about to wait for a semaphore, or no longer does: abandon() has to
  /// find it.
  /// @return false: too late, the context is gone
  bool listGate(Gate& gate) noexcept;
  void unlistGate(Gate& gate) noexcept;

  // --- retries in their back-off ----------------------------------------------------------------

  /// A retry that called this compartment is about to wait for its next attempt, or no longer does:
  /// whatever closes the compartment has to find it.
  /// @return false: too late, it is closed
  bool listBackOff(RetryScope::Place& place) noexcept;
  void unlistBackOff(RetryScope::Place& place) noexcept;

  /// Compartments are numbered as they are made. Those of a manager get the number of
  /// their manager before they are used.
  std::uint64_t number() const noexcept { return number_; }
  void setNumber(std::uint64_t number) noexcept { number_ = number; }
  static std::uint64_t nextNumber() noexcept;
  static std::uint64_t lastNumber() noexcept;

  // --- alarm ---------------------------------------------------------------------------------

  /// The alarm of that generation rang: puts out whose time has come, a slice at a time.
  void ring(std::uint64_t generation) noexcept;
  /// It was destroyed without ringing.
  void alarmLost(std::uint64_t generation) noexcept;
  /// A call that had to wait for its permits begins: calls the alarm off if no deadline is left.
  /// What runs on another executor, or is a permit in somebody's hands, does not keep run() from
  /// returning, and may leave much later.
  void callBegins() noexcept {
    if (admission_.idleAlarm()) [[unlikely]]
      tendAlarmQuietly();
  }

 protected:
  ~Compartment() override;

  // What an executor is needed for. Called without any lock.
  /// Has work() called on a thread of the executor, or workerLost(); at once on failure.
  virtual void requestWorker() noexcept = 0;
  /// Has ring() called again, without waiting.
  virtual void requestRing(std::uint64_t generation) noexcept = 0;
  /// Sets or moves the one timer; one call at a time.
  virtual void setAlarm(Instant when, std::uint64_t generation) = 0;
  virtual void cancelAlarm() noexcept = 0;
  /// Lets go of executor and timer.
  virtual void detach() noexcept = 0;

 private:
  /// Runs of queued work without going back to the executor: at most so many, for so long.
  static constexpr int maxBurst = 32;
  static constexpr Instant maxBurstTime = std::chrono::microseconds{100};
  /// Timeouts that one ring delivers before it lets others have the thread.
  static constexpr std::size_t ringSlice = 512;

  Ref<Compartment> leave(std::size_t held, Instant now) noexcept {
    if (admission_.leave(held)) [[likely]]
      return {};
    return leaveSlowly(held, now);
  }
  Ref<Compartment> leaveSlowly(std::size_t held, Instant now) noexcept;
  void giveBack(std::size_t held) noexcept;

  Entry tryEnterSlowly(std::size_t weight) noexcept;
  void countEntry(const Entry& entry) noexcept;
  void countRefusal(Verdict verdict) noexcept;
  void countVerdict(const Waiter& waiter) noexcept;
  /// Puts an event in line, for tellEvents(). Not under a lock: it allocates.
  void note(EventKind kind) noexcept {
    if (events_.load(std::memory_order_acquire) != nullptr) [[unlikely]]
      noteSlowly(kind);
  }
  void noteSlowly(EventKind kind) noexcept;
  void tellSlowly() noexcept;
  Events* observed() const noexcept;
  void act(Wakeups& out) noexcept;
  void alarmBy(Instant deadline);
  void tendAlarm();
  std::exception_ptr carryOutAlarmPlan() noexcept;
  void tendAlarmQuietly() noexcept;
  Runnable* takeRunnable(bool asWorker) noexcept;
  std::shared_ptr<Gate> firstGate() noexcept;
  void endBackOffs() noexcept;
  Ref<RetryScope> firstBackOff() noexcept;

  void tellWatches(const Admission::Peaks& peaks) noexcept;

  std::exception_ptr weightError(std::size_t weight) const noexcept;

  struct SharedError {
    std::once_flag once;
    std::exception_ptr error;
  };
  template <typename Error>
  std::exception_ptr shared(SharedError& slot);

  Admission admission_;
  Statistics statistics_;
  Atomic<Events*> events_{nullptr};  // null: there has never been an observer
  Atomic<unsigned> alarmTurns_{0};
  Atomic<bool> abandoned_{false};
  std::atomic<bool> destroyed_{false};  // nothing here depends on it
  const Kind kind_;
  const std::string name_;
  std::uint64_t number_ = nextNumber();

  // Invariant, whenever a user's code may run: workers_ >= ready_. So a call that has its permits
  // never depends on the thread that granted them to come back from a handler.
  Mutex workMutex_;
  WaiterList runnable_;
  std::size_t ready_ = 0;  // in runnable_
  std::size_t workers_ = 0;  // asked for, and not come yet
  Gate* gates_ = nullptr;  // at which its calls wait for semaphores
  RetryScope::Place* backOffs_ = nullptr;  // of retries that have called it

  // Of whoever resets or looks, and of no call.
  Mutex watchMutex_;
  PeakWatch* watches_ = nullptr;

  SharedError rejected_;
  SharedError timedOut_;
  SharedError drained_;
};

}  // namespace bulwark::detail
