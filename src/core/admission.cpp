#include "bulwark/detail/core/admission.hpp"

// Longer than 300 lines: see the header.

#include <limits>
#include <new>

#include "bulwark/detail/core/make_once.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

}  // namespace

Admission::Admission(const Limits& limits) noexcept
    : word_(static_cast<std::uint64_t>(limits.mode) << modeShift),
      limit_(counted(limits.permits)),
      maxQueueSize_(limits.maxQueueSize),
      timeout_(limits.timeout),
      ceiling_(limits.permits),
      executionTimeout_(limits.executionTimeout),
      maxOverdue_(limits.maxOverdue),
      overrun_(limits.overrun) {}

Admission::~Admission() { delete lines_.load(std::memory_order_relaxed); }

const Admission::Lines Admission::noLines{};

void Admission::prepareToWait() {
  if (makeOnce(lines_) == nullptr) throw std::bad_alloc();
}

// --- without the lock ---------------------------------------------------------------------------

Entry Admission::tryEnter(std::size_t weight, std::optional<Instant> timeout) noexcept {
  // acquire: pairs with the release in configure(). The values below are of that configuration, or
  // of a later one.
  const std::size_t change = changes_.load(std::memory_order_acquire);
  // acquire: pairs with the releases in leave() and publishLimit(). A word with the new generation
  // comes with the new limit.
  auto word = word_.load(std::memory_order_acquire);
  for (;;) {
    const Entry entry = fits(word, weight) ? Entry{Verdict::granted, weight}
                                           : decideWithoutRoom(word, weight, timeout);
    // If two configurations may have had a part in the decision, it is made again under the lock.
    if (!unchangedSince(change)) return {Verdict::contended};
    if (entry.verdict != Verdict::granted) return entry;
    // Success: the call holds its permits. Failure: another call, a flag or a new limit came in
    // between, and the decision is made again for the new word.
    if (word_.compare_exchange_weak(word, word + inUnits(entry.held), std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      noteEntry(word, entry.held);
      return entry;
    }
  }
}

/// The decision about a call that does not fit, or that a flag sends here; in order of precedence.
/// `granted` asks the caller to add `held` to the word.
Entry Admission::decideWithoutRoom(std::uint64_t word, std::size_t weight,
                                   std::optional<Instant> timeout) const noexcept {
  if ((word & destroyedFlag) != 0) return {Verdict::aborted};
  if (weight == 0) return {Verdict::invalid};
  if (mode(word) == Mode::off) return {Verdict::bypassed};
  const std::size_t ceiling = counted(ceiling_.load(std::memory_order_relaxed));
  if (mode(word) == Mode::enforce && weight > ceiling) return {Verdict::invalid};
  if ((word & closedFlag) != 0) return {Verdict::drained};
  if (mode(word) == Mode::observe) {
    return observed(word, weight, limit_.load(std::memory_order_relaxed));
  }
  const std::size_t maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed);
  if (queued_.load(std::memory_order_relaxed) >= maxQueueSize) {
    // The queue is full, or there is none. A queue that has just been made smaller may be too full.
    // Without the lock the length may include a call that has expired and is not removed yet.
    return {Verdict::rejected};
  }
  // While calls wait, the lock decides about a call that may not wait, too: after the expired calls
  // have left, it may fit.
  if ((word & waitingFlag) == 0 &&
      timeout.value_or(timeout_.load(std::memory_order_relaxed)) <= Instant{0}) {
    return {Verdict::rejected};
  }
  return {Verdict::contended};
}

/// Observe mode refuses no weight. The part of the weight that the word cannot hold is not counted.
/// If that is all of it, the call holds nothing that keeps the state alive: it bypasses the limit
/// as in mode off.
Entry Admission::observed(std::uint64_t word, std::size_t weight, std::size_t limit) noexcept {
  const std::size_t used = inUse(word);
  if (used == maxPermits) return {Verdict::bypassed};
  const bool over = used > limit || weight > limit - used;
  return {Verdict::granted, std::min(weight, maxPermits - used), over};
}

// --- with the lock ------------------------------------------------------------------------------

Entry Admission::enter(std::size_t weight, std::optional<Instant> timeout, Instant now,
                       Waiter* waiter, CancelLink* cancel, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  // This call's own request. Another call that is about to enter sets the timer when it queues.
  timer_.dropRequest();
  settleQueue(now, out);
  for (;;) {
    Entry entry = tryEnter(weight, timeout);
    auto word = word_.load(std::memory_order_relaxed);
    // `contended`: the call does not fit, or calls wait. The configuration cannot have changed.
    if (entry.verdict == Verdict::contended) {
      const Instant patience = timeout.value_or(timeout_.load(std::memory_order_relaxed));
      if (waiter == nullptr || patience <= Instant{0}) {
        entry.verdict = Verdict::rejected;
      } else if ((word & waitingFlag) == 0) {
        // Sets the flag while there is still no room. From here on, each call that leaves sees it
        // and takes the lock. Failure: the word has changed, and there may be room now.
        const bool room = (word & entryFlags) != 0 ||
                          inUse(word) + weight <= limit_.load(std::memory_order_relaxed);
        if (room ||
            !word_.compare_exchange_weak(word, word | waitingFlag, std::memory_order_acq_rel)) {
          continue;
        }
      }
      if (entry.verdict == Verdict::contended) {
        queue(*waiter, weight, now, patience, cancel);
        entry.verdict = Verdict::waiting;
      }
    }
    noteTimer(out);
    return entry;
  }
}

void Admission::queue(Waiter& waiter, std::size_t weight, Instant now, Instant patience,
                      CancelLink* cancel) noexcept {
  waiter.weight = weight;
  waiter.since = now;
  waiter.deadline = deadlineAfter(now, patience);
  Lines& lines = madeLines();
  waiter.arrival = lines.nextArrival++;
  lines.queue.join(waiter, cancel);
  if (weight > 1) ++lines.weighted;
  noteQueued(queued_.load(std::memory_order_relaxed) + 1);
}

void Admission::leaveLocked(std::size_t held, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  // While `waiting` or `closed` is set no other thread adds to the word: the permits that become
  // free here are still there when settleQueue() gives them to the head of the queue.
  word_.fetch_sub(inUnits(held), std::memory_order_acq_rel);
  settleQueue(now, out);
  const auto word = word_.load(std::memory_order_relaxed);
  if ((word & closedFlag) != 0 && inUse(word) == 0) {
    takeOutAll(lines().drains, Verdict::granted, out);
    out.lastOut = (word & destroyedFlag) != 0;
  }
  noteTimer(out);
}

bool Admission::cancel(CancelLink& link, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  if (link.waiter == nullptr) return false;
  takeOut(*link.waiter, Verdict::cancelled, out);
  settleQueue(now, out);  // the calls behind a heavy one may fit
  noteTimer(out);
  return true;
}

void Admission::unlink(CancelLink& link) noexcept {
  const std::lock_guard lock(mutex_);
  if (link.waiter != nullptr) link.waiter->cancel = nullptr;
  link.waiter = nullptr;
}

bool Admission::giveUp(Waiter& waiter, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  // Another thread may have decided before this one got the lock. That thread wakes the waiter.
  if (waiter.verdict != Verdict::waiting) return false;
  takeOut(waiter, waiter.verdictAtDeadline(), out);
  settleQueue(now, out);
  noteTimer(out);
  return true;
}

bool Admission::expire(std::size_t most, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  most = removeExpired(now, most, out);
  const bool more = nextDue(now) != nullptr;
  // An expired call must not be admitted: the queue moves on when all of them are out.
  if (!more) admit(now, out);
  for (; most > 0; --most) {
    Waiter* call = nextOverdue(now);
    if (call == nullptr) break;
    Lines& lines = madeLines();
    lines.running.erase(*call);
    call->verdict = Verdict::overdue;
    lines.timed.fetch_sub(1, std::memory_order_relaxed);
    const std::size_t overdue = lines.overdue.fetch_add(1, std::memory_order_relaxed) + 1;
    if (overdue == maxOverdue_.load(std::memory_order_relaxed)) out.stalled = true;
    out.overdue.push(*call);
  }
  noteTimer(out);
  return more || nextOverdue(now) != nullptr;
}

void Admission::drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
                      Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  timer_.dropRequest();  // as in enter()
  removeExpired(now, all, out);  // these have timed out, and are not drained
  // From here on no call enters, and each release takes the lock. The last one wakes the drains.
  const auto word = word_.fetch_or(closedFlag, std::memory_order_acq_rel);
  out.closed = true;
  takeOutAll(lines().queue, Verdict::drained, out);
  waiter.drains = true;
  if ((word & destroyedFlag) != 0) {
    waiter.verdict = Verdict::aborted;
  } else if (inUse(word) == 0) {
    waiter.verdict = Verdict::granted;
  } else if (within <= Instant{0}) {
    waiter.verdict = Verdict::timedOut;
  } else {
    waiter.deadline = deadlineAfter(now, within);
    Lines& lines = madeLines();
    waiter.arrival = lines.nextArrival++;
    lines.drains.join(waiter, cancel);
  }
  if (waiter.verdict != Verdict::waiting) out.ready.push(waiter);
  noteTimer(out);
}

void Admission::resume(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  if ((word_.load(std::memory_order_relaxed) & destroyedFlag) != 0) return;
  word_.fetch_and(~closedFlag, std::memory_order_acq_rel);
  takeOutAll(lines().drains, Verdict::aborted, out);
  noteTimer(out);
}

bool Admission::configure(const LimitsUpdate& update, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  removeExpired(now, all, out);
  const Limits before = limitsNow();
  const std::size_t ceiling = update.permits.value_or(before.permits);
  const std::size_t change = changes_.load(std::memory_order_relaxed);
  changes_.store(change + 1, std::memory_order_relaxed);
  fence(std::memory_order_release);  // pairs with the acquire fence in unchangedSince()
  ceiling_.store(ceiling, std::memory_order_relaxed);
  if (update.maxQueueSize) maxQueueSize_.store(*update.maxQueueSize, std::memory_order_relaxed);
  if (update.timeout) timeout_.store(*update.timeout, std::memory_order_relaxed);
  if (update.executionTimeout) {
    executionTimeout_.store(*update.executionTimeout, std::memory_order_relaxed);
  }
  if (update.overrun) overrun_.store(*update.overrun, std::memory_order_relaxed);
  if (update.maxOverdue) maxOverdue_.store(*update.maxOverdue, std::memory_order_relaxed);
  const std::uint64_t word = publishLimit(ceiling, update.mode);
  // release: pairs with the acquire of a reader that begins after this change, which sees all of it
  changes_.store(change + 2, std::memory_order_release);
  setWatched();
  // A call that is heavier than the new ceiling could never run, and would hold up those behind it.
  if (mode(word) == Mode::enforce && lines().weighted != 0) {
    for (Waiter* waiter = lines().queue.front(); waiter != nullptr;) {
      Waiter* behind = WaiterList::after(*waiter);
      if (waiter->weight > counted(ceiling)) {
        takeOut(*waiter, Verdict::rejected, out);
      }
      waiter = behind;
    }
  }
  admit(now, out);
  noteTimer(out);
  return limitsNow() != before;
}

void Admission::setEffectiveLimit(std::size_t limit, Instant now, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  effectiveLimit_ = limit;
  const std::size_t ceiling = ceiling_.load(std::memory_order_relaxed);
  const std::size_t before = limit_.load(std::memory_order_relaxed);
  const std::size_t after = std::min(counted(ceiling), limit);
  if (after == before) return;  // the generation has few bits: it counts changes only
  publishLimit(ceiling, std::nullopt);
  if (after < before) return;  // a lower limit admits no call
  settleQueue(now, out);
  noteTimer(out);
}

/// Whether a controller has set an effective limit below the ceiling.
bool Admission::belowCeiling() const noexcept {
  return limit_.load(std::memory_order_relaxed) < counted(ceiling_.load(std::memory_order_relaxed));
}

/// Stores the limit that calls meet, then steps the generation of the word, so that an entry that
/// read the limit before that fails its compare-and-swap.
/// @return the new word
std::uint64_t Admission::publishLimit(std::size_t ceiling, std::optional<Mode> newMode) noexcept {
  limit_.store(std::min(counted(ceiling), effectiveLimit_), std::memory_order_relaxed);
  return stepGeneration(newMode);
}

/// Makes every compare-and-swap fail that expects a word from before. Needs no lock without a mode.
/// @return the new word
std::uint64_t Admission::stepGeneration(std::optional<Mode> newMode) noexcept {
  auto word = word_.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = (word & ~(modeMask | generationMask)) |
           ((word + (1U << generationShift)) & generationMask) |
           (static_cast<std::uint64_t>(newMode.value_or(mode(word))) << modeShift);
    // release: pairs with the acquire of an entry, which sees with the new generation what the
    // caller has stored: the new limit, or that the peak is taken
  } while (!word_.compare_exchange_weak(word, next, std::memory_order_acq_rel));
  return next;
}

void Admission::watch(bool observed) noexcept {
  const std::lock_guard lock(mutex_);
  observed_ = observed;
  setWatched();
}

bool Admission::close(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  // From here on each release takes the lock, and the one that leaves no permit in use reports
  // lastOut.
  const auto word = word_.fetch_or(closedFlag | destroyedFlag, std::memory_order_acq_rel);
  out.closed = true;
  takeOutAll(lines().queue, Verdict::aborted, out);
  takeOutAll(lines().drains, Verdict::aborted, out);
  forgetTimed();
  noteTimer(out);
  return inUse(word) == 0;
}

void Admission::abandon(Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  // Not `destroyed`: the user's object may still own the state. The timer needs no step, because
  // the host destroys it next.
  word_.fetch_or(closedFlag, std::memory_order_acq_rel);
  takeOutAll(lines().queue, Verdict::abandoned, out);
  takeOutAll(lines().drains, Verdict::abandoned, out);
  forgetTimed();
}

// --- calls with an execution timeout ------------------------------------------------------------

void Admission::noteTimed() noexcept { madeLines().timed.fetch_add(1, std::memory_order_relaxed); }

void Admission::beginTimed(Waiter& call, Instant deadline, Wakeups& out) noexcept {
  const std::lock_guard lock(mutex_);
  Lines& lines = madeLines();
  call.deadline = deadline;
  call.arrival = lines.nextArrival++;
  // Destroyed, or without a context: no timeout fires any more.
  if ((word_.load(std::memory_order_relaxed) & destroyedFlag) == 0) lines.running.insert(call);
  noteTimer(out);
}

/// The lock decides between the end of the work and its deadline.
bool Admission::endTimed(Waiter& call) noexcept {
  const std::lock_guard lock(mutex_);
  Lines& lines = madeLines();
  if (call.verdict == Verdict::overdue) {
    lines.overdue.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  lines.running.erase(call);
  return true;
}

void Admission::dropTimed(Wakeups& out) noexcept {
  // Only the last one takes the lock. A call that is let in at this moment may find the timer
  // cancelled, and then sets it when it begins.
  if (madeLines().timed.fetch_sub(1, std::memory_order_relaxed) != 1) return;
  const std::lock_guard lock(mutex_);
  noteTimer(out);
}

// --- the caller holds the lock ------------------------------------------------------------------

/// Brings the queue up to date: removes the expired calls, then admits the calls that fit.
void Admission::settleQueue(Instant now, Wakeups& out) noexcept {
  if (lines().queue.empty() && lines().drains.empty()) return;
  removeExpired(now, all, out);
  admit(now, out);
}

/// Returns how many of `most` are left.
std::size_t Admission::removeExpired(Instant now, std::size_t most, Wakeups& out) noexcept {
  for (; most > 0; --most) {
    Waiter* due = nextDue(now);
    if (due == nullptr) break;
    takeOut(*due, due->verdictAtDeadline(), out);
  }
  return most;
}

/// The running call with the earliest deadline, if that has passed; null otherwise.
Waiter* Admission::nextOverdue(Instant now) const noexcept {
  Waiter* call = lines().running.earliest();
  return call != nullptr && call->deadline <= now ? call : nullptr;
}

/// The calls that run are in time, whatever happens.
void Admission::forgetTimed() noexcept {
  while (Waiter* call = lines().running.earliest()) madeLines().running.erase(*call);
}

/// The waiter with the earliest deadline, if that has passed; null otherwise.
Waiter* Admission::nextDue(Instant now) const noexcept {
  Waiter* due = lines().queue.earliest();
  Waiter* drain = lines().drains.earliest();
  if (due == nullptr || (drain != nullptr && Deadlines::before(*drain, *due))) due = drain;
  return due != nullptr && due->deadline <= now ? due : nullptr;
}

/// Admits calls from the head of the queue while they fit. No call overtakes the head.
void Admission::admit(Instant now, Wakeups& out) noexcept {
  while (Waiter* head = lines().queue.front()) {
    const auto word = word_.load(std::memory_order_relaxed);
    const std::size_t limit = limit_.load(std::memory_order_relaxed);
    if (mode(word) == Mode::enforce) {
      const std::size_t used = inUse(word);
      if (used > limit || head->weight > limit - used) return;
      // An addition, and not a compare-and-swap: with `waiting` set only the holder of the lock
      // changes `in use`.
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
      takeOut(*head, Verdict::bypassed, out);
    }
    head->deadline = now;
  }
}

/// The one place in which a waiter leaves its line, for whatever reason. The thread that holds
/// `out` wakes it after the lock.
void Admission::takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept {
  Lines& lines = madeLines();
  if (waiter.drains) {
    lines.drains.leave(waiter, verdict);
  } else {
    lines.queue.leave(waiter, verdict);
    if (waiter.weight > 1) --lines.weighted;
    noteQueued(queued_.load(std::memory_order_relaxed) - 1);
    // From here on calls enter and leave without the lock again.
    if (lines.queue.empty()) word_.fetch_and(~waitingFlag, std::memory_order_acq_rel);
  }
  out.ready.push(waiter);
}

void Admission::takeOutAll(const WaitingLine& line, Verdict verdict, Wakeups& out) noexcept {
  while (Waiter* waiter = line.front()) takeOut(*waiter, verdict, out);
}

/// Called after every change of its inputs. If a call enters or leaves before the flag is set, the
/// thread that made the change sees the effect, because it notifies the observer afterwards.
void Admission::setWatched() noexcept {
  if (observed_ && onlyPermitsCount(mode(word_.load(std::memory_order_relaxed)))) {
    word_.fetch_or(watchedFlag, std::memory_order_acq_rel);
  } else {
    word_.fetch_and(~watchedFlag, std::memory_order_acq_rel);
  }
}

void Admission::noteQueued(std::size_t queued) noexcept {
  queued_.store(queued, std::memory_order_relaxed);
  raise(madeLines().peakQueued, queued);
}

// --- the timer ----------------------------------------------------------------------------------

/// never: no deadline waits for the timer.
Instant Admission::nextExpiry() const noexcept {
  const Lines& lines = this->lines();
  const Waiter* const running = lines.running.earliest();
  return std::min({lines.queue.nextExpiry(), lines.drains.nextExpiry(),
                   running != nullptr ? running->deadline : never});
}

/// The timer needs a step when a deadline comes before it expires, and when no deadline is left,
/// because it would keep the context's run() from returning. After a grant that step can wait until
/// the call begins or leaves, because the call keeps run() from returning anyway. In a stream of
/// calls that queue and are granted in time, the next one has usually queued by then, and the timer
/// serves it, too.
void Admission::noteTimer(Wakeups& out) noexcept {
  const Instant due = nextExpiry();
  const bool needless = due == never && timer_.isSet() && !hasTimed();
  if (timer_.tooLate(due) || (needless && !out.begins)) out.timer = true;
  setIdleTimer(needless && out.begins);
}

void Admission::setIdleTimer(bool idle) noexcept {
  if (idle == idleTimer()) return;
  if (idle) {
    word_.fetch_or(idleTimerFlag, std::memory_order_acq_rel);
  } else {
    word_.fetch_and(~idleTimerFlag, std::memory_order_acq_rel);
  }
}

TimerPlan::Step Admission::planTimer() noexcept {
  const std::lock_guard lock(mutex_);
  // A request to an idle bulkhead does not count, because that call will hardly queue. If it does,
  // it plans the timer then. Below the ceiling it may well queue, since the effective limit may be
  // 0, or less than its weight.
  const bool idle = inUse(word_.load(std::memory_order_relaxed)) == 0 && !belowCeiling();
  const TimerPlan::Step step = timer_.next(nextExpiry(), !idle, hasTimed());
  if (step.action != TimerPlan::Action::keep) setIdleTimer(false);
  return step;
}

void Admission::requestTimer(Instant deadline) noexcept {
  const std::lock_guard lock(mutex_);
  timer_.request(deadline);
}

void Admission::timerEnded(std::uint64_t generation) noexcept {
  const std::lock_guard lock(mutex_);
  if (timer_.ended(generation)) setIdleTimer(false);
}

// --- queries ------------------------------------------------------------------------------------

/// A change that comes in between is short and holds the lock, so the reader waits for the lock.
/// Trying again without it might never end.
template <typename Read>
auto Admission::ofOneConfiguration(Read read) const noexcept {
  // acquire: pairs with the release in configure(), as in tryEnter()
  const std::size_t change = changes_.load(std::memory_order_acquire);
  auto result = read();
  if (unchangedSince(change)) return result;
  const std::lock_guard lock(mutex_);
  return read();
}

Admission::Numbers Admission::numbers() const noexcept {
  return ofOneConfiguration([this] { return numbersNow(); });
}

Admission::Numbers Admission::numbersNow() const noexcept {
  // A weighted call adds its extra weight after its permits and subtracts it before them. Read in
  // this order, the two can only disagree by the weighted calls that end in between.
  const std::size_t extra = extraWeight_.load(std::memory_order_relaxed);
  const auto word = word_.load(std::memory_order_acquire);
  const std::size_t active = inUse(word);
  const std::size_t queued = queued_.load(std::memory_order_relaxed);
  // acquire: pairs with the release in takePeak(). A reader that finds a peak taken finds the
  // highest one raised to it.
  const std::size_t peakActive = peakActive_.load(std::memory_order_acquire);
  const Lines& lines = this->lines();
  const std::size_t peakQueued = lines.peakQueued.load(std::memory_order_acquire);
  const std::size_t ceiling = ceiling_.load(std::memory_order_relaxed);
  return {
      .active = active,
      .running = active - std::min(extra, active),
      .queued = queued,
      .overdue = lines.overdue.load(std::memory_order_relaxed),
      .permits = ceiling,
      // Not cut to maxPermits where only the ceiling counts: that may be `unlimited`.
      .limit = belowCeiling() ? limit_.load(std::memory_order_relaxed) : ceiling,
      .maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed),
      .peakActive = std::max({active, peakActive, highestActive_.load(std::memory_order_relaxed)}),
      .peakQueued =
          std::max({queued, peakQueued, lines.highestQueued.load(std::memory_order_relaxed)}),
      .timeout = timeout_.load(std::memory_order_relaxed),
      .mode = mode(word),
      .saturated = saturated(word),
      .draining = draining(word)};
}

bool Admission::saturated() const noexcept {
  return ofOneConfiguration([this] { return saturated(word_.load(std::memory_order_acquire)); });
}

bool Admission::saturated(std::uint64_t word) const noexcept {
  if ((word & waitingFlag) != 0) return true;
  return onlyPermitsCount(mode(word)) && inUse(word) >= limit_.load(std::memory_order_relaxed);
}

Limits Admission::limits() const noexcept {
  return ofOneConfiguration([this] { return limitsNow(); });
}

Limits Admission::limitsNow() const noexcept {
  return {.permits = ceiling_.load(std::memory_order_relaxed),
          .maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed),
          .timeout = timeout_.load(std::memory_order_relaxed),
          .mode = mode(word_.load(std::memory_order_relaxed)),
          .executionTimeout = executionTimeout_.load(std::memory_order_relaxed),
          .overrun = overrun_.load(std::memory_order_relaxed),
          .maxOverdue = maxOverdue_.load(std::memory_order_relaxed)};
}

/// Raises the highest peak before it takes this one, so that numbers() never misses both.
std::size_t Admission::takePeak(Atomic<std::size_t>& peak, Atomic<std::size_t>& highest) noexcept {
  auto taken = peak.load(std::memory_order_relaxed);
  do {
    raise(highest, taken);
    // release: pairs with the acquire in numbersNow()
  } while (
      !peak.compare_exchange_weak(taken, 0, std::memory_order_release, std::memory_order_relaxed));
  return taken;
}

// Calls continue to enter meanwhile. The word is read by a step of the generation: an entry that
// comes before it is seen here and begins the next interval; one that comes after it sees that the
// peak is taken, and raises it. The length of the queue is a plain store, so a call that queues
// at this very moment may be in neither interval, unless the next call to queue or leave repairs
// that.
Admission::Peaks Admission::takePeaks() noexcept {
  Lines* const lines = lines_.load(std::memory_order_acquire);  // pairs with makeOnce()
  Peaks taken{.active = takePeak(peakActive_, highestActive_)};
  if (lines != nullptr) taken.queued = takePeak(lines->peakQueued, lines->highestQueued);
  const std::size_t active = inUse(stepGeneration(std::nullopt));
  const std::size_t queued = queued_.load(std::memory_order_relaxed);
  raise(peakActive_, active);
  if (lines != nullptr) raise(lines->peakQueued, queued);
  return {.active = std::max(taken.active, active), .queued = std::max(taken.queued, queued)};
}

Admission::Peaks Admission::resetPeaks() noexcept {
  const Peaks taken = takePeaks();
  highestActive_.store(0, std::memory_order_relaxed);
  Lines* const lines = lines_.load(std::memory_order_acquire);  // pairs with makeOnce()
  if (lines != nullptr) lines->highestQueued.store(0, std::memory_order_relaxed);
  return taken;
}

}  // namespace bulwark::detail
