#include "bulwark/detail/limiter/limiter.hpp"

// Longer than 300 lines: see the header.

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <utility>

#include "bulwark/detail/config/utf8.hpp"
#include "bulwark/detail/core/make_once.hpp"
#include "bulwark/detail/limiter/end_of_call.hpp"
#include "bulwark/detail/limiter/fault.hpp"
#include "bulwark/detail/runtime/stack_note.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The events of a limiter, which live as long as it does.
class Limiter::Events final : public EventQueue {
 public:
  explicit Events(Limiter& limiter) noexcept
      : EventQueue(limiter.kind(), limiter.name()), limiter_(limiter) {}

 private:
  Instant now() const noexcept override { return limiter_.now(); }
  bool ending() const noexcept override { return limiter_.destroyed() || limiter_.abandoned(); }

  Numbers numbers(Instant) const noexcept override {
    const Admission::Numbers core = limiter_.admission_.numbers();
    return {core.active, core.queued, core.overdue, core.permits, core.maxQueueSize};
  }
  bool saturated() const noexcept override { return limiter_.admission_.saturated(); }
  bool draining() const noexcept override { return limiter_.admission_.draining(); }
  void watch(bool observed) noexcept override { limiter_.admission_.watch(observed); }

  Limiter& limiter_;
};

Limiter::Limiter(Kind kind, std::string name, const Limits& limits)
    : Host(std::move(name)), admission_(limits), kind_(kind) {}

Limiter::~Limiter() {
  delete events_.load(std::memory_order_relaxed);
  delete errors_.load(std::memory_order_relaxed);
}

// --- the way in ---------------------------------------------------------------------------------

Entry Limiter::tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept {
  const Entry entry = admission_.tryEnter(weight, timeout);
  countEntry(entry);
  // A refusal has added an event. A grant changes saturation only on a watched word.
  if (entry.verdict != Verdict::granted || admission_.watched()) notifyObserver();
  return entry;
}

Entry Limiter::enterBy(std::size_t weight, std::optional<Instant> timeout, Parked (*park)(void*),
                       void* context) {
  const Entry entry = tryEnter(weight, timeout);
  if (entry.verdict != Verdict::contended) return entry;
  prepareToWait();
  const auto [waiter, cancel] = park(context);
  return enterLocked(weight, timeout, now(), waiter, cancel);
}

Entry Limiter::refuse(Verdict verdict) noexcept {
  countEnd(verdict);
  notifyObserver();
  return {verdict};
}

Limiter* Limiter::finishCall(std::size_t held, Count how, Ticks start, Ticks end) noexcept {
  return finish(held, how, start, end).release();
}

void Limiter::continueBurst(Ticks since) { runQueue_.continueBurst(*this, since); }

Entry Limiter::enterLocked(std::size_t weight, std::optional<Instant> timeout, Instant now,
                           Waiter* waiter, CancelLink* cancel) {
  const Instant patience = timeout.value_or(admission_.timeout());
  // May throw, and nothing has changed yet. A blocked thread needs no timer.
  if (!waiter->selfTimed && patience > Instant{0}) timerBy(deadlineAfter(now, patience));
  Delivery delivery(*this);
  // `timeout`, and not `patience`: the configuration under the lock decides.
  const Entry entry = admission_.enter(weight, timeout, now, waiter, cancel, delivery.out);
  countEntry(entry);
  return entry;
}

Entry Limiter::enterNow(std::size_t weight) noexcept {
  Entry entry = admission_.tryEnter(weight, Instant{0});
  if (entry.verdict == Verdict::contended) {
    Delivery delivery(*this);
    entry = admission_.enter(weight, Instant{0}, now(), nullptr, nullptr, delivery.out);
  }
  if (entry.verdict == Verdict::granted) {
    countEntry(entry);
    // For the grant that took no lock. After admission_.enter(), the Delivery has notified already.
    if (admission_.watched()) notifyObserver();
  }
  return entry;
}

/// Counts what became of a call at its entry. A call that waits, bypasses the limit, or is invalid
/// counts nothing.
void Limiter::countEntry(const Entry& entry) noexcept {
  if (entry.verdict == Verdict::granted) {
    if (kind_ == Kind::semaphore) statistics_.count(Count::acquired);
    if (entry.overLimit) statistics_.count(Count::overLimit);
  } else {
    countEnd(entry.verdict);
  }
}

/// Counts a call that does not run, and adds its event.
void Limiter::countEnd(Verdict verdict) noexcept {
  if (const EndOfCall* end = endOf(verdict)) {
    statistics_.count(end->count);
    addEvent(end->event);
  }
}

/// The same for a waiter with a final verdict. A drain is no call.
void Limiter::countVerdict(const Waiter& waiter) noexcept {
  if (!waiter.drains) countEntry({waiter.verdict, waiter.weight, waiter.overLimit});
}

// --- calls with an execution timeout ------------------------------------------------------------

void Limiter::beginTimed(Waiter& call, Instant deadline) noexcept {
  Wakeups out;
  admission_.beginTimed(call, deadline, out);
  // Not deliver(): a call that begins in the middle of another delivery needs its timer at once.
  if (out.timer) tendTimerQuietly();
}

void Limiter::dropTimed() noexcept {
  Wakeups out;
  admission_.dropTimed(out);
  if (out.timer) tendTimerQuietly();
}

void Limiter::noteReturned(Instant deadline) noexcept {
  if (Events* events = observed()) events->add(EventKind::returned, now() - deadline);
  notifyObserver();
}

// --- the way out --------------------------------------------------------------------------------

Ref<Limiter> Limiter::leaveLocked(std::size_t held, Instant now) noexcept {
  Ref<Limiter> keep(this);  // until here the permits kept it
  Wakeups out;
  admission_.leaveLocked(held, now, out);
  deliver(out);  // wakes the calls that receive the permits, and ended drains
  return keep;
}

void Limiter::forfeit(std::size_t held, Verdict verdict) noexcept {
  // The permits of a semaphore were held, whatever becomes of the call.
  if (kind_ == Kind::semaphore) return release(held, {});
  const Ref keep(this);  // the observer is notified after the release of the permits
  countEnd(verdict);
  leave(held);
  notifyObserver();
}

void Limiter::undo(const Entry& entry) noexcept {
  if (entry.overLimit) statistics_.uncount(Count::overLimit);
  if (entry.verdict == Verdict::granted) {
    if (kind_ == Kind::semaphore) statistics_.uncount(Count::acquired);
    leave(entry.held);
  } else if (const EndOfCall* end = endOf(entry.verdict)) {
    statistics_.uncount(end->count);
  }
}

// The destructor of the Grant has called forfeit(): it counted the permits of a semaphore as
// released, and the call of a bulkhead as cancelled.
void Limiter::undoForfeited(const Entry& entry) noexcept {
  if (entry.overLimit) statistics_.uncount(Count::overLimit);
  if (kind_ == Kind::semaphore) {
    statistics_.uncount(Count::acquired);
    statistics_.uncount(Count::executed);
  } else {
    statistics_.uncount(Count::cancelled);
  }
}

// --- waiting calls ------------------------------------------------------------------------------

bool Limiter::cancel(CancelLink& link) noexcept {
  Delivery delivery(*this);  // wakes the cancelled call, and the calls behind it that fit now
  return admission_.cancel(link, now(), delivery.out);
}

bool Limiter::giveUp(Waiter& waiter) noexcept {
  Delivery delivery(*this);
  return admission_.giveUp(waiter, now(), delivery.out);
}

bool Limiter::listChain(Dependent& chain) noexcept {
  const std::lock_guard lock(mutex());
  // A thread that abandons the limiter takes the mutex after it has set the mark.
  if (abandoned()) return false;
  chains_.insert(chain);
  return true;
}

void Limiter::unlistChain(Dependent& chain) noexcept {
  const std::lock_guard lock(mutex());
  chains_.erase(chain);
}

// --- delivery: what the core decided happens here, without a lock -------------------------------

// Waking a call can lead to more wake-ups: an executor that refuses a call makes it release its
// permits, and so does the destructor of a handler. These wake-ups join the list of the deliver()
// that is already under way on this stack, so that a queue of any length takes one stack frame. On
// a fiber they do not: the deliver() of another fiber may be suspended, in a lock of its executor,
// and wake nothing for a long time. There, a chain of refusals takes a frame each. The observer is
// notified after the last waiter has been woken.
void Limiter::deliver(Wakeups& out) noexcept {
  if (out.configured) addEvent(EventKind::configured);
  if (out.closed) endBackOffs();
  if (out.ready.empty() && out.overdue.empty() && !out.timer && !out.lastOut) {
    return notifyObserver();
  }
  if (const auto outer = StackNote::find(&admission_)) {
    auto& under =
        *reinterpret_cast<Wakeups*>(outer);  // NOLINT(*-reinterpret-cast,performance-no-int-to-ptr)
    under.ready.append(out.ready);
    under.overdue.append(out.overdue);
    under.stalled |= out.stalled;
    under.timer |= out.timer;
    under.lastOut |= out.lastOut;
    return;
  }
  std::optional<StackNote> underWay(std::in_place, &admission_,
                                    reinterpret_cast<std::uintptr_t>(&out));
  while (!out.ready.empty() || !out.overdue.empty() || out.timer) {
    while (Waiter* waiter = out.ready.pop()) {
      countVerdict(*waiter);
      if (abandoned()) {
        waiter->discard();
      } else {
        waiter->wake();
      }
    }
    while (Waiter* call = out.overdue.pop()) {
      addEvent(EventKind::overran);
      call->overrun(!abandoned());
    }
    if (std::exchange(out.stalled, false)) addEvent(EventKind::stalled);
    if (std::exchange(out.timer, false)) tendTimerQuietly();
  }
  underWay.reset();
  notifyObserver();
  if (out.lastOut) unref();  // the reference of the bulkhead, which passed to its permits
}

// --- lifecycle and configuration ----------------------------------------------------------------

void Limiter::drain(Instant within, Waiter& waiter, CancelLink* cancel) {
  const Instant begun = now();
  prepareToDrain();  // may throw, as the next line may
  if (within > Instant{0}) timerBy(deadlineAfter(begun, within));
  Delivery delivery(*this);
  admission_.drain(within, begun, waiter, cancel, delivery.out);
}

void Limiter::resume() noexcept {
  Delivery delivery(*this);
  resume(delivery.out);
}

void Limiter::configure(const LimitsUpdate& update) noexcept {
  Delivery delivery(*this);
  configure(update, now(), delivery.out);
}

void Limiter::setEffectiveLimit(std::size_t limit) noexcept {
  Delivery delivery(*this);
  admission_.setEffectiveLimit(limit, now(), delivery.out);
}

void Limiter::reset() noexcept {
  statistics_.prepareReset();  // allocates, so it comes before the mutex
  peaks_.reset(mutex(), admission_, [this] { statistics_.reset(); });
}

void Limiter::close() noexcept {
  const Ref keep(this);
  markDestroyed();
  bool idle = false;
  {
    Delivery delivery(*this);
    idle = admission_.close(delivery.out);
  }
  // No later release notifies the observer. Its last reference may end with this function.
  const auto observer = exchangeObserver(nullptr);
  // Otherwise the last release drops the reference: Wakeups::lastOut.
  if (idle) unref();
}

void Limiter::abandon() noexcept {
  // The mark, and `closed` in the core, come before the interruptions: a call or a retry that
  // begins to wait after them finds them in listChain() or in listBackOff().
  if (!markAbandoned()) return;
  Wakeups out;
  admission_.abandon(out);
  runQueue_.takeAll(*this, out.ready);  // granted calls: they can no longer run
  while (Waiter* waiter = out.ready.pop()) {
    // A call that was runnable is counted when it releases its permits.
    if (waiter->verdict == Verdict::abandoned) countVerdict(*waiter);
    waiter->discard();
  }
  chains_.interruptAll(mutex());
  endBackOffs();
  notifyObserver();
  // A thread of another context may be working on the timer. It ends its step before the host
  // destroys the timer; a thread that begins one later sees the mark.
  timerTurns_.awaitStep();
  detach();
}

// --- statistics ---------------------------------------------------------------------------------

// Takes no lock: the counters and the gauges are read one after the other.
BulkheadStats Limiter::bulkheadStats() const {
  Stopwatch::compare();
  Statistics::Snapshot counted = statistics_.read();
  const Admission::Numbers now = admission_.numbers();
  return {.name = name(),
          .active = now.active,
          .running = now.running,
          .queued = now.queued,
          .overdue = now.overdue,
          .maxConcurrent = now.permits,
          .maxQueueSize = now.maxQueueSize,
          .peakActive = now.peakActive,
          .peakQueued = now.peakQueued,
          .executed = counted[Count::executed],
          .failed = counted[Count::failed],
          .rejected = counted[Count::rejected],
          .timedOut = counted[Count::timedOut],
          .cancelled = counted[Count::cancelled],
          .drained = counted[Count::drained],
          .overran = counted[Count::overran],
          .overLimit = counted[Count::overLimit],
          .waitTime = std::move(counted.wait),
          .executionTime = std::move(counted.execution)};
}

void Limiter::addOverdue(HealthSummary& health) const {
  if (kind() != CompartmentKind::bulkhead) return;
  const std::size_t overdue = load().overdue;
  if (overdue == 0) return;
  health.overdueTasks += overdue;
  const auto later =
      std::find_if(health.overdue.begin(), health.overdue.end(),
                   [this](const OverdueHealth& other) { return other.name > name(); });
  health.overdue.insert(
      later, {.name = name(), .overdue = overdue, .stalled = overdue >= limits().maxOverdue});
}

SemaphoreStats Limiter::semaphoreStats() const {
  Stopwatch::compare();
  Statistics::Snapshot counted = statistics_.read();
  const Admission::Numbers now = admission_.numbers();
  return {.name = name(),
          .permits = now.permits,
          .available = now.available(),
          .waiting = now.queued,
          .acquired = counted[Count::acquired],
          .released = counted[Count::executed] + counted[Count::failed] + counted[Count::overran],
          .rejected = counted[Count::rejected],
          .timedOut = counted[Count::timedOut],
          .cancelled = counted[Count::cancelled],
          .drained = counted[Count::drained],
          .overLimit = counted[Count::overLimit],
          .waitTime = std::move(counted.wait),
          .executionTime = std::move(counted.execution)};
}

// --- events -------------------------------------------------------------------------------------

/// Null: there is no observer.
auto Limiter::observed() const noexcept -> Events* {
  // acquire: pairs with the release in ensureEvents()
  Events* const events = events_.load(std::memory_order_acquire);
  return events != nullptr && events->on() ? events : nullptr;
}

/// The caller holds no lock, because this allocates. notifyObserver() follows.
void Limiter::addEvent(EventKind kind) noexcept {
  if (Events* events = observed()) events->add(kind);
}

void Limiter::notifyObserverSlowly() noexcept {
  if (Events* events = observed()) events->deliver();
}

void Limiter::ensureEvents() {
  // acquire: pairs with the release below, of another thread
  if (events_.load(std::memory_order_acquire) != nullptr) return;
  auto made = std::make_unique<Events>(*this);
  Events* none = nullptr;
  // Success: the limiter owns the events. Failure: another thread was first, and `made` is freed.
  // release: pairs with the acquire of the threads that notify
  if (events_.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
    static_cast<void>(made.release());
  }
}

std::shared_ptr<const Observer> Limiter::exchangeObserver(
    std::shared_ptr<const Observer> observer) noexcept {
  // acquire: pairs with the release in ensureEvents()
  Events* const events = events_.load(std::memory_order_acquire);
  return events != nullptr ? events->exchange(std::move(observer)) : nullptr;
}

void Limiter::setObserver(Observer observer) {
  const Ref keep(this);
  std::shared_ptr<const Observer> next;
  if (observer) {
    next = std::make_shared<const Observer>(std::move(observer));
    ensureEvents();
  }
  const auto last = exchangeObserver(std::move(next));
  notifyObserver();
}

// --- errors -------------------------------------------------------------------------------------

template <typename Error>
std::exception_ptr Limiter::shared(std::size_t slot) {
  SharedErrors* const shared = makeOnce(errors_);
  if (shared == nullptr) throw std::bad_alloc();
  std::exception_ptr& error = shared->errors[slot];
  std::call_once(shared->once[slot], [&] { error = std::make_exception_ptr(Error(name())); });
  return error;
}

std::exception_ptr Limiter::errorFor(Verdict verdict) noexcept {
  try {
    switch (verdict) {
      case Verdict::rejected:
        return shared<BulkheadRejectedError>(0);
      case Verdict::timedOut:
        return shared<BulkheadTimeoutError>(1);
      case Verdict::drained:
        return shared<BulkheadDrainingError>(2);
      case Verdict::deadlineExceeded:
        return shared<DeadlineExceededError>(4);
      case Verdict::overdue:
        return shared<ExecutionTimeoutError>(3);
      case Verdict::aborted:
      case Verdict::abandoned:
        return operationAborted(NotStarted::destroyed);
      default:  // cancelled
        return operationAborted(NotStarted::cancelled);
    }
  } catch (...) {
    return std::current_exception();  // no memory; the next call tries again
  }
}

void Limiter::refuseToWaitForItself(std::size_t held, std::size_t weight) const {
  // The ceiling, and not the limit in force: a controller may raise that again.
  const std::size_t permits = admission_.limits().permits;
  if (held <= permits && weight <= permits - held) return;
  throw net::system_error(
      std::make_error_code(std::errc::resource_deadlock_would_occur),
      "bulkhead \"" + printable(name()) + "\": this thread would wait for itself; it holds " +
          std::to_string(held) + " of " + std::to_string(permits) + " permits and wants " +
          std::to_string(weight) + " more: take them in one call, or use another semaphore");
}

std::exception_ptr Limiter::weightError(std::size_t weight) const noexcept {
  try {
    const std::size_t most = std::min(admission_.limits().permits, maxPermits);
    return std::make_exception_ptr(
        ConfigError(name(), "permits", std::to_string(weight),
                    "must be from 1 to " + std::to_string(most) + ", all that there are"));
  } catch (...) {
    return std::current_exception();
  }
}

// --- the timer ----------------------------------------------------------------------------------

void Limiter::tendTimer() {
  timerTurns_.tend([this] { return doTimerStep(); });
}

std::exception_ptr Limiter::doTimerStep() noexcept {
  using Action = TimerPlan::Action;
  const TimerPlan::Step step = admission_.planTimer();
  try {
    if (abandoned()) return nullptr;  // the host destroys the timer
    if (step.action == Action::set) setTimer(step.when, step.generation);
    if (step.action == Action::cancel) cancelTimer();
    return nullptr;
  } catch (...) {
    admission_.timerEnded(step.generation);  // the plan took it for set
    return std::current_exception();
  }
}

/// Sets the timer before a call queues, so that an exception is thrown while nothing has changed.
/// An idle bulkhead ignores the request; if the call queues after all, deliver() sets the timer.
void Limiter::timerBy(Instant deadline) {
  if (!admission_.timerTooLate(deadline)) return;
  admission_.requestTimer(deadline);
  tendTimer();
}

/// Ignores a failure, because no caller can be notified. The next call that looks at the queue
/// tries again.
void Limiter::tendTimerQuietly() noexcept {
  try {
    tendTimer();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

// An expiry of an earlier generation is stale: the timer that has been set since stays set. The
// calls that are due are removed all the same.
void Limiter::timerExpired(std::uint64_t generation) noexcept {
  admission_.timerEnded(generation);
  Wakeups out;
  const bool more = admission_.expire(expirySlice, now(), out);
  if (more) out.timer = false;  // the next slice sets it
  deliver(out);
  // A post, so that other functions of the context run between two slices.
  if (more) requestExpiry(generation);
}

void Limiter::timerLost(std::uint64_t generation) noexcept {
  admission_.timerEnded(generation);
  if (!abandoned()) tendTimerQuietly();
}

}  // namespace bulwark::detail
