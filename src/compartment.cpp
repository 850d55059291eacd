#include "bulwark/detail/compartment.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "bulwark/detail/gate.hpp"
#include "bulwark/detail/peak_watch.hpp"
#include "bulwark/detail/stack_note.hpp"
#include "bulwark/detail/utf8.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

Compartment::Compartment(Kind kind, std::string name, const Limits& limits)
    : admission_(limits), kind_(kind), name_(std::move(name)) {}

// --- calls --------------------------------------------------------------------------------------

Entry Compartment::enter(std::size_t weight, std::optional<Instant> timeout, Instant now,
                         Waiter* waiter, CancelLink* cancel) {
  const Instant patience = timeout.value_or(admission_.timeout());
  if (!waiter->selfTimed && patience > Instant{0}) alarmBy(deadlineAfter(now, patience));
  const Ref keep(this);  // once queued, the call may end and the bulkhead go while we act
  Wakeups out;
  // Not `patience`: the configuration that decides is the one under the lock.
  const Entry entry = admission_.enter(weight, timeout, now, waiter, cancel, out);
  countEntry(entry);
  act(out);
  return entry;
}

Entry Compartment::tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept {
  const Entry entry = admission_.tryEnter(weight, timeout);
  countEntry(entry);
  if (entry.verdict != Verdict::granted || admission_.watched()) tellEvents();
  return entry;
}

Entry Compartment::tryEnterSlowly(std::size_t weight) noexcept {
  Entry entry = admission_.tryEnter(weight, Instant{0});
  if (entry.verdict == Verdict::contended) {
    const Ref keep(this);
    Wakeups out;
    entry = admission_.enter(weight, Instant{0}, now(), nullptr, nullptr, out);
    act(out);
  }
  if (entry.verdict == Verdict::granted) {
    countEntry(entry);
    if (admission_.watched()) tellEvents();
  }
  return entry;
}

void Compartment::countEntry(const Entry& entry) noexcept {
  if (entry.verdict == Verdict::granted) {
    if (kind_ == Kind::semaphore) statistics_.count(Count::acquired);
    if (entry.overLimit) statistics_.count(Count::overLimit);
  } else {
    countRefusal(entry.verdict);
  }
}

namespace {

/// What the books and the observer call the end of a call that did not run.
struct Refusal {
  Count count;
  EventKind event;
};

std::optional<Refusal> refusalFor(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::rejected:
      return Refusal{Count::rejected, EventKind::rejected};
    case Verdict::timedOut:
      return Refusal{Count::timedOut, EventKind::timedOut};
    case Verdict::drained:
      return Refusal{Count::drained, EventKind::drained};
    case Verdict::cancelled:
    case Verdict::aborted:
    case Verdict::abandoned:
      return Refusal{Count::cancelled, EventKind::cancelled};
    default:
      return std::nullopt;
  }
}

}  // namespace

void Compartment::countRefusal(Verdict verdict) noexcept {
  if (const auto refusal = refusalFor(verdict)) {
    statistics_.count(refusal->count);
    note(refusal->event);
  }
}

void Compartment::undo(const Entry& entry) noexcept {
  if (entry.overLimit) statistics_.uncount(Count::overLimit);
  if (entry.verdict == Verdict::granted) {
    if (kind_ == Kind::semaphore) statistics_.uncount(Count::acquired);
    giveBack(entry.held);
  } else if (const auto refusal = refusalFor(entry.verdict)) {
    statistics_.uncount(refusal->count);
  }
}

void Compartment::undoEnded(const Entry& entry) noexcept {
  if (entry.overLimit) statistics_.uncount(Count::overLimit);
  if (kind_ == Kind::semaphore) {
    statistics_.uncount(Count::acquired);
    statistics_.uncount(Count::executed);
  } else {
    statistics_.uncount(Count::cancelled);
  }
}

void Compartment::endGranted(std::size_t held, Verdict verdict) noexcept {
  if (kind_ == Kind::semaphore) return finishPermit(held, {});
  const Ref keep(this);  // to tell of it when the permits are back
  countRefusal(verdict);
  giveBack(held);
  tellEvents();
}

void Compartment::giveBack(std::size_t held) noexcept {
  if (!admission_.leave(held)) leaveSlowly(held, now());
}

Ref<Compartment> Compartment::leaveSlowly(std::size_t held, Instant now) noexcept {
  Ref keep(this);  // while the permits are still held, and with them the compartment
  Wakeups out;
  admission_.leaveLocked(held, now, out);
  act(out);
  return keep;
}

bool Compartment::cancel(CancelLink& link) noexcept {
  const Ref keep(this);
  Wakeups out;
  const bool done = admission_.cancel(link, now(), out);
  act(out);
  return done;
}

bool Compartment::giveUp(Waiter& waiter) noexcept {
  const Ref keep(this);
  Wakeups out;
  const bool done = admission_.giveUp(waiter, now(), out);
  act(out);
  return done;
}

// --- what the core decided is carried out here, without a lock -------------------------------

// Waking can bring the next wake-ups: an executor that refuses gives a permit back, and so does the
// destructor of a handler. They are added to the list of the act() that is already under way on
// this stack, so that a queue of any length takes one stack frame. (Not on a fiber: there a chain
// of refusals takes a frame each. The act() of another fiber may be suspended, in a lock of its
// executor, and wake nothing for a long time.) The observer comes when no waiter is left to wake.
void Compartment::act(Wakeups& out) noexcept {
  if (out.ready.empty() && !out.alarm && !out.lastOut) return tellEvents();
  if (const auto outer = StackNote::find(&admission_)) {
    auto& under =
        *reinterpret_cast<Wakeups*>(outer);  // NOLINT(*-reinterpret-cast,performance-no-int-to-ptr)
    under.ready.append(out.ready);
    under.alarm |= out.alarm;
    under.lastOut |= out.lastOut;
    return;
  }
  std::optional<StackNote> underWay(std::in_place, &admission_,
                                    reinterpret_cast<std::uintptr_t>(&out));
  while (!out.ready.empty() || out.alarm) {
    while (Waiter* waiter = out.ready.pop()) {
      countVerdict(*waiter);
      if (abandoned()) {
        waiter->discard();
      } else {
        waiter->wake();
      }
    }
    if (std::exchange(out.alarm, false)) tendAlarmQuietly();
  }
  underWay.reset();
  tellEvents();
  if (out.lastOut) unref();  // the bulkhead's own, which it left to its permits
}

void Compartment::countVerdict(const Waiter& waiter) noexcept {
  if (!waiter.drains) countEntry({waiter.verdict, waiter.weight, waiter.overLimit});
}

// --- lifecycle ----------------------------------------------------------------------------------

void Compartment::drain(Instant within, Waiter& waiter, CancelLink* cancel) {
  const Instant begun = now();
  if (within > Instant{0}) alarmBy(deadlineAfter(begun, within));
  const Ref keep(this);
  Wakeups out;
  admission_.drain(within, begun, waiter, cancel, out);
  endBackOffs();
  act(out);
}

void Compartment::resume() noexcept {
  const Ref keep(this);
  Wakeups out;
  resume(out);
  act(out);
}

void Compartment::configure(const LimitsUpdate& update) noexcept {
  const Ref keep(this);
  Wakeups out;
  configure(update, now(), out);
  carryOut(out);
}

void Compartment::carryOut(Wakeups& out) noexcept {
  if (out.configured) note(EventKind::configured);
  endBackOffs();
  act(out);
}

void Compartment::reset() noexcept {
  const std::lock_guard lock(watchMutex_);
  statistics_.reset();
  tellWatches(admission_.resetPeaks());
}

// --- those who ask for peaks --------------------------------------------------------------------

void Compartment::watch(PeakWatch& watch) noexcept {
  const std::lock_guard lock(watchMutex_);
  const Admission::Numbers now = admission_.numbers();
  watch.most_ = {.active = now.peakActive, .queued = now.peakQueued};
  watch.next_ = watches_;
  watches_ = &watch;
}

void Compartment::unwatch(PeakWatch& watch) noexcept {
  const std::lock_guard lock(watchMutex_);
  PeakWatch** place = &watches_;
  while (*place != &watch) place = &(*place)->next_;
  *place = watch.next_;
}

Admission::Peaks Compartment::takePeaks(PeakWatch& watch) noexcept {
  const std::lock_guard lock(watchMutex_);
  tellWatches(admission_.takePeaks());
  return std::exchange(watch.most_, {});
}

/// An interval has ended, for everybody.
void Compartment::tellWatches(const Admission::Peaks& peaks) noexcept {
  for (PeakWatch* watch = watches_; watch != nullptr; watch = watch->next_) {
    watch->most_.active = std::max(watch->most_.active, peaks.active);
    watch->most_.queued = std::max(watch->most_.queued, peaks.queued);
  }
}

void Compartment::close() noexcept {
  const Ref keep(this);
  destroyed_.store(true, std::memory_order_release);
  Wakeups out;
  const bool idle = admission_.close(out);
  endBackOffs();
  act(out);
  const auto observer = exchangeObserver(nullptr);  // nothing is told of who gives back later
  if (idle) unref();
}

void Compartment::abandon() noexcept {
  if (abandoned_.exchange(true, std::memory_order_acq_rel)) return;
  Wakeups out;
  admission_.abandon(out);
  {
    const std::lock_guard lock(workMutex_);
    ready_ = 0;
    while (Waiter* waiter = runnable_.pop()) out.ready.push(*waiter);
  }
  while (Waiter* waiter = out.ready.pop()) {
    // What was runnable is counted when it gives its permits back.
    if (waiter->verdict == Verdict::abandoned) countVerdict(*waiter);
    waiter->discard();
  }
  while (const std::shared_ptr<Gate> gate = firstGate()) gate->cancel();
  endBackOffs();
  tellEvents();
  detach();
}

// --- errors -------------------------------------------------------------------------------------

template <typename Error>
std::exception_ptr Compartment::shared(SharedError& slot) {
  std::call_once(slot.once, [&] { slot.error = std::make_exception_ptr(Error(name_)); });
  return slot.error;
}

std::exception_ptr Compartment::errorFor(Verdict verdict) noexcept {
  try {
    switch (verdict) {
      case Verdict::rejected:
        return shared<BulkheadRejectedError>(rejected_);
      case Verdict::timedOut:
        return shared<BulkheadTimeoutError>(timedOut_);
      case Verdict::drained:
        return shared<BulkheadDrainingError>(drained_);
      case Verdict::aborted:
      case Verdict::abandoned:
        return operationAborted(NotStarted::destroyed);
      default:
        return operationAborted(NotStarted::cancelled);
    }
  } catch (...) {
    return std::current_exception();  // no memory; the next one tries again
  }
}

void Compartment::refuseToWaitForItself(std::size_t held, std::size_t weight) const {
  const std::size_t permits = admission_.limits().permits;
  if (held <= permits && weight <= permits - held) return;
  throw net::system_error(
      std::make_error_code(std::errc::resource_deadlock_would_occur),
      "bulkhead \"" + printable(name_) + "\": this thread would wait for itself; it holds " +
          std::to_string(held) + " of " + std::to_string(permits) + " permits and wants " +
          std::to_string(weight) + " more: take them in one call, or use another semaphore");
}

std::exception_ptr Compartment::weightError(std::size_t weight) const noexcept {
  try {
    const std::size_t most = std::min(admission_.limits().permits, maxPermits);
    return std::make_exception_ptr(
        ConfigError(name_, "permits", std::to_string(weight),
                    "must be from 1 to " + std::to_string(most) + ", all that there are"));
  } catch (...) {
    return std::current_exception();
  }
}

// --- workers --------------------------------------------------------------------------------

void Compartment::makeRunnable(Runnable& runnable) noexcept {
  {
    const std::lock_guard lock(workMutex_);
    runnable_.push(runnable);
    if (workers_ > ready_++) return;
    ++workers_;
  }
  requestWorker();
}

Runnable* Compartment::takeRunnable(bool asWorker) noexcept {
  const std::lock_guard lock(workMutex_);
  if (asWorker) --workers_;
  auto* runnable = static_cast<Runnable*>(runnable_.pop());
  if (runnable != nullptr) --ready_;
  return runnable;
}

void Compartment::work() {
  if (Runnable* first = takeRunnable(true)) continueBurst(first->run());
}

void Compartment::continueBurst(Instant since) {
  for (int runs = 1; runs < maxBurst; ++runs) {
    Runnable* next = takeRunnable(false);
    if (next == nullptr || next->run() - since > maxBurstTime) return;
  }
}

// The executor refused, or dropped, a worker that somebody may have counted on.
void Compartment::workerLost() noexcept {
  Waiter* stranded = nullptr;
  {
    const std::lock_guard lock(workMutex_);
    if (--workers_ < ready_) {
      stranded = runnable_.pop();
      --ready_;
    }
  }
  if (stranded != nullptr) stranded->discard();
}

// --- calls that wait for semaphores ---------------------------------------------------------

bool Compartment::listGate(Gate& gate) noexcept {
  const std::lock_guard lock(workMutex_);
  if (abandoned()) return false;
  gate.nextGate_ = gates_;
  gate.prevGate_ = nullptr;
  if (gates_ != nullptr) gates_->prevGate_ = &gate;
  gates_ = &gate;
  gate.listed_ = true;
  return true;
}

void Compartment::unlistGate(Gate& gate) noexcept {
  const std::lock_guard lock(workMutex_);
  if (!gate.listed_) return;
  gate.listed_ = false;
  (gate.prevGate_ != nullptr ? gate.prevGate_->nextGate_ : gates_) = gate.nextGate_;
  if (gate.nextGate_ != nullptr) gate.nextGate_->prevGate_ = gate.prevGate_;
}

/// Null: none is left. The one it gives is no longer in the list.
std::shared_ptr<Gate> Compartment::firstGate() noexcept {
  const std::lock_guard lock(workMutex_);
  if (gates_ == nullptr) return nullptr;
  Gate* first = gates_;
  first->listed_ = false;
  gates_ = first->nextGate_;
  if (gates_ != nullptr) gates_->prevGate_ = nullptr;
  return first->shared_from_this();
}

// --- retries in their back-off ------------------------------------------------------------------

bool Compartment::listBackOff(RetryScope::Place& place) noexcept {
  const std::lock_guard lock(workMutex_);
  // Whatever closes the compartment comes to the mutex after that.
  if (closed()) return false;
  place.next = backOffs_;
  place.prev = nullptr;
  if (backOffs_ != nullptr) backOffs_->prev = &place;
  backOffs_ = &place;
  place.listed = true;
  return true;
}

void Compartment::unlistBackOff(RetryScope::Place& place) noexcept {
  const std::lock_guard lock(workMutex_);
  if (!place.listed) return;
  place.listed = false;
  (place.prev != nullptr ? place.prev->next : backOffs_) = place.next;
  if (place.next != nullptr) place.next->prev = place.prev;
}

/// Null: none is left. The one it gives is no longer in the list, and knows that it is interrupted.
Ref<RetryScope> Compartment::firstBackOff() noexcept {
  const std::lock_guard lock(workMutex_);
  while (RetryScope::Place* first = backOffs_) {
    first->listed = false;
    backOffs_ = first->next;
    if (backOffs_ != nullptr) backOffs_->prev = nullptr;
    if (!first->scope.interrupted_.exchange(true)) return Ref(&first->scope);
  }
  return {};
}

void Compartment::endBackOffs() noexcept {
  if (!closed()) return;
  while (const Ref<RetryScope> scope = firstBackOff()) scope->wake();
}

namespace {

std::atomic<std::uint64_t> compartmentsMade{0};

}  // namespace

std::uint64_t Compartment::nextNumber() noexcept { return ++compartmentsMade; }
std::uint64_t Compartment::lastNumber() noexcept { return compartmentsMade.load(); }

// --- alarm ------------------------------------------------------------------------------------

// One thread at a time plans and carries out; whoever comes meanwhile leaves it another turn.
void Compartment::tendAlarm() {
  unsigned turns = 1;
  if (alarmTurns_.fetch_add(1, std::memory_order_acq_rel) != 0) return;
  std::exception_ptr failure;
  do {
    if (!failure) failure = carryOutAlarmPlan();  // no second try: it might never end
    turns = alarmTurns_.fetch_sub(turns, std::memory_order_acq_rel) - turns;
  } while (turns != 0);
  if (failure) std::rethrow_exception(failure);
}

std::exception_ptr Compartment::carryOutAlarmPlan() noexcept {
  using Action = Admission::AlarmPlan::Action;
  const Admission::AlarmPlan plan = admission_.planAlarm();
  try {
    if (plan.action == Action::set && !abandoned()) setAlarm(plan.when, plan.generation);
    if (plan.action == Action::cancel) cancelAlarm();
    return nullptr;
  } catch (...) {
    admission_.alarmGone(plan.generation);
    return std::current_exception();
  }
}

// Before a waiter is queued: what may throw does so while nothing has changed yet. In an idle
// bulkhead the wish counts for nothing: if the call queues after all, act() sees to its alarm.
void Compartment::alarmBy(Instant deadline) {
  if (!admission_.alarmTooLate(deadline)) return;
  admission_.wishAlarm(deadline);
  tendAlarm();
}

// Where nobody can be told of a failure: whoever next looks at the queue tries again.
void Compartment::tendAlarmQuietly() noexcept {
  try {
    tendAlarm();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

void Compartment::ring(std::uint64_t generation) noexcept {
  admission_.alarmGone(generation);
  Wakeups out;
  const bool more = admission_.expire(ringSlice, now(), out);
  if (more) out.alarm = false;  // the next slice sets it
  act(out);
  if (more) requestRing(generation);
}

void Compartment::alarmLost(std::uint64_t generation) noexcept {
  admission_.alarmGone(generation);
  if (!abandoned()) tendAlarmQuietly();
}

}  // namespace bulwark::detail
