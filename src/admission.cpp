#include "bulwark/detail/admission.hpp"

#include <limits>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

constexpr std::size_t everybody = std::numeric_limits<std::size_t>::max();

}  // namespace

Admission::Admission(const Limits& limits) noexcept
    : word_(static_cast<std::uint64_t>(limits.mode) << modeShift),
      limit_(std::min(limits.permits, maxPermits)),
      maxQueueSize_(limits.maxQueueSize),
      timeout_(limits.timeout),
      configuredPermits_(limits.permits) {}

// --- decisions without the lock -----------------------------------------------------------------

Entry Admission::tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept {
  auto word = word_.load(std::memory_order_acquire);
  for (;;) {
    const Entry entry = fits(word, weight) ? Entry{Verdict::granted, weight}
                                           : decideWithoutRoom(word, weight, timeout);
    if (entry.verdict != Verdict::granted) return entry;
    if (word_.compare_exchange_weak(word, word + inUnits(entry.held), std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      noteEntry(word, entry.held);
      return entry;
    }
  }
}

// In the order of precedence; `granted` asks the caller to add what is to be held to the word.
Entry Admission::decideWithoutRoom(std::uint64_t word, std::size_t weight,
                                   std::optional<Instant> timeout) const noexcept {
  if ((word & destroyed) != 0) return {Verdict::aborted};
  if (weight == 0) return {Verdict::invalid};
  if (mode(word) == Mode::off) return {Verdict::passed};
  const std::size_t limit = limit_.load(std::memory_order_relaxed);
  if (mode(word) == Mode::enforce && weight > limit) return {Verdict::invalid};
  if ((word & closed) != 0) return {Verdict::drained};
  if (mode(word) == Mode::observe) return observed(word, weight, limit);
  const std::size_t maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed);
  if (queued_.load(std::memory_order_relaxed) >= maxQueueSize) {
    // A full queue, or none at all. With somebody waiting in a queue that has just been made
    // smaller, too.
    return {Verdict::rejected};
  }
  if ((word & waiting) == 0 &&
      timeout.value_or(timeout_.load(std::memory_order_relaxed)) <= Instant{0}) {
    return {Verdict::rejected};
  }
  return {Verdict::contended};
}

// No weight is too large here; what the word cannot hold of it is not counted. Where that is all of
// it, nothing would keep the state for this call: it goes ahead as in mode off, and never comes
// back.
Entry Admission::observed(std::uint64_t word, std::size_t weight, std::size_t limit) noexcept {
  const std::size_t used = inUse(word);
  if (used == maxPermits) return {Verdict::passed};
  const bool over = used > limit || weight > limit - used;
  return {Verdict::granted, std::min(weight, maxPermits - used), over};
}

// --- decisions under the lock -------------------------------------------------------------------

Entry Admission::enter(std::size_t weight, std::optional<Instant> timeout, Instant now,
                       Waiter* waiter, CancelLink* cancel, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  wish_ = never;  // its own; the alarm of another call that is about to enter is set when it queues
  settleQueue(now, out);
  for (;;) {
    Entry entry = tryEnter(weight, timeout);
    auto word = word_.load(std::memory_order_relaxed);
    if (entry.verdict == Verdict::contended) {
      const Instant patience = timeout.value_or(timeout_.load(std::memory_order_relaxed));
      if (waiter == nullptr || patience <= Instant{0}) {
        entry.verdict = Verdict::rejected;
      } else if ((word & waiting) == 0) {
        // Still no room: whoever gives back from here on sees the flag and comes to the lock.
        const bool room = (word & entryFlags) != 0 ||
                          inUse(word) + weight <= limit_.load(std::memory_order_relaxed);
        if (room || !word_.compare_exchange_weak(word, word | waiting, std::memory_order_acq_rel)) {
          continue;
        }
      }
      if (entry.verdict == Verdict::contended) {
        waiter->weight = weight;
        waiter->since = now;
        waiter->deadline = deadlineAfter(now, patience);
        waiter->ticket = nextTicket_++;
        waiter->cancel = cancel;
        if (cancel != nullptr) cancel->waiter = waiter;
        queue_.push(*waiter);
        (waiter->selfTimed ? selfTimed_ : deadlines_).insert(*waiter);
        if (weight > 1) ++weighted_;
        noteQueued(queued_.load(std::memory_order_relaxed) + 1);
        entry.verdict = Verdict::waiting;
      }
    }
    noteAlarm(out);
    return entry;
  }
}

void Admission::leaveLocked(std::size_t held, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  word_.fetch_sub(inUnits(held), std::memory_order_acq_rel);
  settleQueue(now, out);
  const auto word = word_.load(std::memory_order_relaxed);
  if ((word & closed) != 0 && inUse(word) == 0) {
    putOutAll(drains_, Verdict::granted, out);
    out.lastOut = (word & destroyed) != 0;
  }
  noteAlarm(out);
}

bool Admission::cancel(CancelLink& link, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  if (link.waiter == nullptr) return false;
  takeOut(*link.waiter, Verdict::cancelled, out);
  settleQueue(now, out);
  noteAlarm(out);
  return true;
}

void Admission::unlink(CancelLink& link) noexcept {
  const std::lock_guard lock(mutex_);
  if (link.waiter != nullptr) link.waiter->cancel = nullptr;
  link.waiter = nullptr;
}

bool Admission::giveUp(Waiter& waiter, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  if (waiter.verdict != Verdict::waiting) return false;
  takeOut(waiter, Verdict::timedOut, out);
  settleQueue(now, out);
  noteAlarm(out);
  return true;
}

bool Admission::expire(std::size_t most, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  sweep(now, most, out);
  const bool more = nextDue(now) != nullptr;
  if (!more) admit(now, out);
  noteAlarm(out);
  return more;
}

void Admission::drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
                      Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  wish_ = never;  // as in enter()
  sweep(now, everybody, out);
  const auto word = word_.fetch_or(closed, std::memory_order_acq_rel);
  putOutAll(queue_, Verdict::drained, out);
  waiter.drains = true;
  if ((word & destroyed) != 0) {
    waiter.verdict = Verdict::aborted;
  } else if (inUse(word) == 0) {
    waiter.verdict = Verdict::granted;
  } else if (within <= Instant{0}) {
    waiter.verdict = Verdict::timedOut;
  } else {
    waiter.deadline = deadlineAfter(now, within);
    waiter.ticket = nextTicket_++;
    waiter.cancel = cancel;
    if (cancel != nullptr) cancel->waiter = &waiter;
    drains_.push(waiter);
    deadlines_.insert(waiter);
  }
  if (waiter.verdict != Verdict::waiting) out.ready.push(waiter);
  noteAlarm(out);
}

void Admission::resume(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  if ((word_.load(std::memory_order_relaxed) & destroyed) != 0) return;
  word_.fetch_and(~closed, std::memory_order_acq_rel);
  putOutAll(drains_, Verdict::aborted, out);
  noteAlarm(out);
}

bool Admission::configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  sweep(now, everybody, out);
  const Limits before = limitsNow();
  const std::size_t permits = update.permits.value_or(before.permits);
  const std::size_t limit = std::min(permits, maxPermits);
  limit_.store(limit, std::memory_order_relaxed);
  configuredPermits_.store(permits, std::memory_order_relaxed);
  if (update.maxQueueSize) maxQueueSize_.store(*update.maxQueueSize, std::memory_order_relaxed);
  if (update.timeout) timeout_.store(*update.timeout, std::memory_order_relaxed);
  auto word = word_.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = (word & ~(modeMask | versionMask)) | ((word + (1U << versionShift)) & versionMask) |
           (static_cast<std::uint64_t>(update.mode.value_or(mode(word))) << modeShift);
    // release: an entry that sees the new version sees the new limit
  } while (!word_.compare_exchange_weak(word, next, std::memory_order_acq_rel));
  setWatched();
  if (mode(next) == Mode::enforce && weighted_ != 0) {
    for (Waiter* waiter = queue_.front(); waiter != nullptr;) {
      Waiter* behind = WaiterList::after(*waiter);
      if (waiter->weight > limit) takeOut(*waiter, Verdict::rejected, out);
      waiter = behind;
    }
  }
  admit(now, out);
  noteAlarm(out);
  return limitsNow() != before;
}

void Admission::watch(bool observed) noexcept {
  const std::lock_guard lock(mutex_);
  observed_ = observed;
  setWatched();
}

bool Admission::close(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  const auto word = word_.fetch_or(closed | destroyed, std::memory_order_acq_rel);
  putOutAll(queue_, Verdict::aborted, out);
  putOutAll(drains_, Verdict::aborted, out);
  noteAlarm(out);
  return inUse(word) == 0;
}

void Admission::abandon(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  word_.fetch_or(closed, std::memory_order_acq_rel);
  putOutAll(queue_, Verdict::abandoned, out);
  putOutAll(drains_, Verdict::abandoned, out);
}

// --- for holders of the lock --------------------------------------------------------------------

/// Whoever decides about the queue puts out what is overdue first, and then lets in who fits.
void Admission::settleQueue(Instant now, Wakeups& out) noexcept {
  if (queue_.empty() && drains_.empty()) return;
  sweep(now, everybody, out);
  admit(now, out);
}

void Admission::sweep(Instant now, std::size_t most, Wakeups& out) noexcept {
  for (; most > 0; --most) {
    Waiter* due = nextDue(now);
    if (due == nullptr) return;
    takeOut(*due, Verdict::timedOut, out);
  }
}

Waiter* Admission::nextDue(Instant now) const noexcept {
  Waiter* due = deadlines_.earliest();
  Waiter* thread = selfTimed_.earliest();
  if (due == nullptr || (thread != nullptr && Deadlines::before(*thread, *due))) due = thread;
  return due != nullptr && due->deadline <= now ? due : nullptr;
}

/// The head of the line goes in as long as there is room for it; nobody goes past it.
void Admission::admit(Instant now, Wakeups& out) noexcept {
  while (Waiter* head = queue_.front()) {
    const auto word = word_.load(std::memory_order_relaxed);
    const std::size_t limit = limit_.load(std::memory_order_relaxed);
    if (mode(word) == Mode::enforce) {
      const std::size_t used = inUse(word);
      if (used > limit || head->weight > limit - used) return;
      word_.fetch_add(inUnits(head->weight), std::memory_order_acq_rel);
      noteEntry(word, head->weight);
      out.begins |= !head->selfTimed;
      takeOut(*head, Verdict::granted, out);
    } else if (mode(word) == Mode::observe) {
      const Entry entry = observed(word, head->weight, limit);
      out.begins |= entry.verdict == Verdict::granted && !head->selfTimed;
      takeOut(*head, entry.verdict, out);
      head->weight = entry.held;
      head->overLimit = entry.overLimit;
      word_.fetch_add(inUnits(entry.held), std::memory_order_acq_rel);
      noteEntry(word, entry.held);
    } else {
      takeOut(*head, Verdict::passed, out);
    }
    head->deadline = now;
  }
}

/// The one place where a waiter leaves: by whatever way, it is unlinked from the queue, from its
/// deadline and from its cancellation, and its verdict is final.
void Admission::takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept {
  (waiter.selfTimed ? selfTimed_ : deadlines_).erase(waiter);
  if (waiter.cancel != nullptr) {
    waiter.cancel->waiter = nullptr;
    waiter.cancel = nullptr;
  }
  waiter.verdict = verdict;
  if (waiter.drains) {
    drains_.erase(waiter);
  } else {
    queue_.erase(waiter);
    if (waiter.weight > 1) --weighted_;
    noteQueued(queued_.load(std::memory_order_relaxed) - 1);
    if (queue_.empty()) word_.fetch_and(~waiting, std::memory_order_acq_rel);
  }
  out.ready.push(waiter);
}

void Admission::putOutAll(WaiterList& list, Verdict verdict, Wakeups& out) noexcept {
  while (Waiter* waiter = list.front()) takeOut(*waiter, verdict, out);
}

/// After a change of what it depends on. Who enters or leaves before it is seen by whoever changed
/// that.
void Admission::setWatched() noexcept {
  if (observed_ && onlyPermitsCount(mode(word_.load(std::memory_order_relaxed)))) {
    word_.fetch_or(watchedFlag, std::memory_order_acq_rel);
  } else {
    word_.fetch_and(~watchedFlag, std::memory_order_acq_rel);
  }
}

void Admission::noteQueued(std::size_t queued) noexcept {
  queued_.store(queued, std::memory_order_relaxed);
  raise(peakQueued_, queued);
}

// --- alarm ------------------------------------------------------------------------------------

/// never: nothing that waits for the alarm has a deadline.
Instant Admission::nextDeadline() const noexcept {
  const Waiter* next = deadlines_.earliest();
  return next != nullptr ? next->deadline : never;
}

/// The alarm wants tending when a deadline comes before it rings, and when no deadline is left: it
/// would keep the context's run() from returning. After a grant that can wait until the call begins
/// or leaves, for the call keeps run() from returning by itself: in a stream of calls that queue
/// and are granted in time, the next one has usually queued by then, and the alarm serves that one,
/// too.
void Admission::noteAlarm(Wakeups& out) noexcept {
  const Instant alarm = alarmAt_.load(std::memory_order_relaxed);
  const Instant due = nextDeadline();
  const bool needless = due == never && alarm != never;
  if (due < alarm || (needless && !out.begins)) out.alarm = true;
  setIdleAlarm(needless && out.begins);
}

void Admission::setIdleAlarm(bool idle) noexcept {
  if (idle == idleAlarm()) return;
  if (idle) {
    word_.fetch_or(idleAlarmFlag, std::memory_order_acq_rel);
  } else {
    word_.fetch_and(~idleAlarmFlag, std::memory_order_acq_rel);
  }
}

Admission::AlarmPlan Admission::planAlarm() noexcept {
  const std::lock_guard lock(mutex_);
  // A wish in an idle bulkhead counts for nothing: the call will hardly queue. If it does, it sees
  // to the alarm then.
  const bool idle = inUse(word_.load(std::memory_order_relaxed)) == 0;
  const Instant due = std::min(nextDeadline(), idle ? never : wish_);
  const Instant alarm = alarmAt_.load(std::memory_order_relaxed);
  wish_ = never;
  AlarmPlan plan;
  plan.when = due;
  if (due < alarm) {
    plan.action = AlarmPlan::Action::set;
  } else if (due == never && alarm != never) {
    plan.action = AlarmPlan::Action::cancel;
  } else {
    return plan;
  }
  alarmAt_.store(due, std::memory_order_relaxed);
  setIdleAlarm(false);
  plan.generation = ++alarmGeneration_;
  return plan;
}

void Admission::wishAlarm(Instant deadline) noexcept {
  const std::lock_guard lock(mutex_);
  wish_ = std::min(wish_, deadline);
}

void Admission::alarmGone(std::uint64_t generation) noexcept {
  const std::lock_guard lock(mutex_);
  if (generation != alarmGeneration_) return;  // another one has been set since
  alarmAt_.store(never, std::memory_order_relaxed);
  setIdleAlarm(false);
}

// --- queries ----------------------------------------------------------------------------------

Admission::Numbers Admission::numbers() const noexcept {
  // A weighted call adds its extra weight after its permits and takes it off before them. Read in
  // this order the two can only disagree by the weighted calls that end in between.
  const std::size_t extra = extraWeight_.load(std::memory_order_relaxed);
  const std::size_t active = inUse(word_.load(std::memory_order_acquire));
  const std::size_t queued = queued_.load(std::memory_order_relaxed);
  // acquire: pairs with takePeak(). Who finds a peak taken finds the highest raised to it.
  const std::size_t peakActive = peakActive_.load(std::memory_order_acquire);
  const std::size_t peakQueued = peakQueued_.load(std::memory_order_acquire);
  return {
      .active = active,
      .running = active - std::min(extra, active),
      .queued = queued,
      .permits = configuredPermits_.load(std::memory_order_relaxed),
      .maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed),
      .peakActive = std::max({active, peakActive, highestActive_.load(std::memory_order_relaxed)}),
      .peakQueued = std::max({queued, peakQueued, highestQueued_.load(std::memory_order_relaxed)})};
}

bool Admission::saturated() const noexcept {
  const auto word = word_.load(std::memory_order_acquire);
  if ((word & waiting) != 0) return true;
  return onlyPermitsCount(mode(word)) && inUse(word) >= limit_.load(std::memory_order_relaxed);
}

Limits Admission::limits() const noexcept {
  const std::lock_guard lock(mutex_);
  return limitsNow();
}

Limits Admission::limitsNow() const noexcept {
  return {.permits = configuredPermits_.load(std::memory_order_relaxed),
          .maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed),
          .timeout = timeout_.load(std::memory_order_relaxed),
          .mode = mode(word_.load(std::memory_order_relaxed))};
}

// The highest is raised before the peak goes, so that numbers() never sees neither.
std::size_t Admission::takePeak(Atomic<std::size_t>& peak, Atomic<std::size_t>& highest) noexcept {
  auto taken = peak.load(std::memory_order_relaxed);
  do {
    raise(highest, taken);
    // release: pairs with the acquire in numbers()
  } while (
      !peak.compare_exchange_weak(taken, 0, std::memory_order_release, std::memory_order_relaxed));
  return taken;
}

// Entries go on meanwhile. The word is read by a read-modify-write, because entries are: one that
// comes before it is seen here, and begins the next interval; one that comes after it sees that the
// peak is gone, and raises it. The queue's length is a plain store, so that a call which queues at
// this very moment may be in neither, if the next one to come or leave does not make up for it.
Admission::Peaks Admission::takePeaks() noexcept {
  const Peaks taken{.active = takePeak(peakActive_, highestActive_),
                    .queued = takePeak(peakQueued_, highestQueued_)};
  const std::size_t active = inUse(word_.fetch_add(0, std::memory_order_acq_rel));
  const std::size_t queued = queued_.load(std::memory_order_relaxed);
  raise(peakActive_, active);
  raise(peakQueued_, queued);
  return {.active = std::max(taken.active, active), .queued = std::max(taken.queued, queued)};
}

Admission::Peaks Admission::resetPeaks() noexcept {
  const Peaks taken = takePeaks();
  highestActive_.store(0, std::memory_order_relaxed);
  highestQueued_.store(0, std::memory_order_relaxed);
  return taken;
}

}  // namespace bulwark::detail
