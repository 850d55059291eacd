#include "bulwark/detail/core/rate_admission.hpp"

#include <algorithm>
#include <limits>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

}  // namespace

RateAdmission::RateAdmission(const RateLimits& limits, Instant now) noexcept
    : word_(limits.mode == Mode::off ? shut : firstTick),
      interval_(limits.rate().interval),
      burst_(limits.burst),
      origin_(now),
      mode_(limits.mode),
      maxQueueSize_(limits.maxQueueSize),
      timeout_(limits.timeout),
      tat_(firstTick),
      permits_(limits.permits),
      per_(limits.per) {}

Instant RateAdmission::instant(Tick tick) const noexcept {
  if (tick <= firstTick) return origin_;
  if (tick - firstTick > bits(never) - bits(origin_)) return never;
  return Instant(static_cast<Instant::rep>(bits(origin_) + (tick - firstTick)));
}

/// Saturates at never.
Instant RateAdmission::between(Tick now, Tick turn) noexcept {
  if (turn <= now) return Instant{0};
  return Instant(static_cast<Instant::rep>(std::min(turn - now, bits(never))));
}

// --- without the lock ---------------------------------------------------------------------------

Turn RateAdmission::tryEnter(std::size_t permits, std::optional<Instant> timeout,
                             Instant now) noexcept {
  for (;;) {
    // acquire: pairs with the release in configure(). The values below are of that configuration,
    // or of a later one.
    const std::size_t change = changes_.load(std::memory_order_acquire);
    const Tick word = word_.load(std::memory_order_acquire);
    if (word == shut) {
      // Mode off keeps the word shut. It needs no lock, because it takes nothing.
      const bool bypass = mode() == Mode::off && permits != 0 && !destroyed();
      return {bypass ? Verdict::bypassed : Verdict::contended};
    }
    const Gcra rate = this->rate();
    const Instant patience = timeout.value_or(timeout_.load(std::memory_order_relaxed));
    const bool mayWait =
        maxQueueSize_.load(std::memory_order_relaxed) != 0 && patience > Instant{0};
    const Mode mode = this->mode();
    // The lock decides if several configurations may have had a part in this.
    if (!unchangedSince(change)) return {Verdict::contended};

    const bool possible = rate.possible(permits);
    if (permits == 0 || (!possible && mode == Mode::enforce)) return {Verdict::invalid};
    if (possible && rate.conforms(word, permits, tick(now))) {
      // Failure: another call or the lock came in between, and the decision is made again.
      if (take(permits, now)) return {Verdict::granted};
      continue;
    }
    if (mode == Mode::observe) return {Verdict::granted, true};
    const Instant wait = between(tick(now), rate.turn(word, permits));
    if (!mayWait || (patience != never && wait > patience)) {
      return {Verdict::rejected, false, wait};
    }
    return {Verdict::contended};
  }
}

/// As in Admission::unchangedSince().
bool RateAdmission::unchangedSince(std::size_t change) const noexcept {
  // acquire: pairs with the release fence in configure()
  fence(std::memory_order_acquire);
  return change % 2 == 0 && changes_.load(std::memory_order_relaxed) == change;
}

// --- with the lock ------------------------------------------------------------------------------

RateAdmission::Locked::Locked(RateAdmission& core) noexcept : core_(core), lock_(core.mutex_) {
  // acquire: pairs with the release in take()
  const Tick word = core.word_.exchange(shut, std::memory_order_acq_rel);
  if (word != shut) core.tat_ = word;
}

RateAdmission::Locked::~Locked() {
  if (!core_.queue_.empty() || core_.closed() || core_.mode() == Mode::off) return;
  // release: pairs with the acquire in take(), so that a call which reads this word reads the rate
  // that belongs to it, or a later one
  core_.word_.store(core_.tat_, std::memory_order_release);
}

Turn RateAdmission::enter(std::size_t permits, std::optional<Instant> timeout, Instant now,
                          Waiter* waiter, CancelLink* cancel, Wakeups& out) noexcept {
  const Locked locked(*this);
  timer_.dropRequest();
  serveAll(now, out);
  const Turn turn = decide(permits, timeout, now, waiter != nullptr);
  if (turn.verdict == Verdict::granted && waiter != nullptr && waiter->entersInside) enterInside();
  if (turn.verdict == Verdict::waiting) {
    waiter->weight = permits;
    waiter->since = now;
    waiter->deadline =
        deadlineAfter(now, timeout.value_or(timeout_.load(std::memory_order_relaxed)));
    waiter->arrival = nextArrival_++;
    queue_.join(*waiter, cancel);
    queuedPermits_ += permits;
    queued_.store(queued_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  noteTimer(out);
  return turn;
}

/// In order of precedence. Takes the permits if it grants them.
Turn RateAdmission::decide(std::size_t permits, std::optional<Instant> timeout, Instant now,
                           bool hasWaiter) noexcept {
  const Gcra rate = this->rate();
  const Mode mode = this->mode();
  if (destroyed()) return {Verdict::aborted};
  if (permits == 0) return {Verdict::invalid};
  if (mode == Mode::off) return {Verdict::bypassed};
  const bool possible = rate.possible(permits);
  if (!possible && mode == Mode::enforce) return {Verdict::invalid};
  if (closed()) return {Verdict::drained};
  if (possible && queue_.empty() && rate.conforms(tat_, permits, tick(now))) {
    tat_ = rate.granted(tat_, permits, tick(now));
    return {Verdict::granted};
  }
  if (mode == Mode::observe) return {Verdict::granted, true};
  const Instant patience = timeout.value_or(timeout_.load(std::memory_order_relaxed));
  const Instant wait =
      between(tick(now), rate.turnBehind(tat_, queuedPermits_, permits, tick(now)));
  if (!hasWaiter || patience <= Instant{0} || (patience != never && wait > patience) ||
      queued() >= maxQueueSize_.load(std::memory_order_relaxed)) {
    return {Verdict::rejected, false, wait};
  }
  return {Verdict::waiting};
}

Verdict RateAdmission::refuseClosed(std::size_t permits) noexcept {
  const Locked locked(*this);
  if (!closed()) return Verdict::contended;
  return decide(permits, Instant{0}, Instant{0}, false).verdict;
}

void RateAdmission::giveBack(std::size_t permits, Instant now, Wakeups& out) noexcept {
  const Locked locked(*this);
  const Tick at = tick(now);
  const std::uint64_t owed = tat_ > at ? tat_ - at : 0;
  // In the meantime some of it may have been earned, and the rate may have changed.
  tat_ -= std::min(owed, rate().interval * std::min<std::uint64_t>(permits, rate().burst));
  serveAll(now, out);
  noteTimer(out);
}

void RateAdmission::noteEmpty(Wakeups& out) noexcept {
  const Locked locked(*this);
  // Another call may have entered since, or the limiter may have been opened again.
  if (inside_.load(std::memory_order_acquire) != closedFlag) return;
  takeOutAll(drains_, Verdict::granted, out);
  noteTimer(out);
}

bool RateAdmission::cancel(CancelLink& link, Instant now, Wakeups& out) noexcept {
  const Locked locked(*this);
  if (link.waiter == nullptr) return false;
  takeOut(*link.waiter, Verdict::cancelled, out);
  serveAll(now, out);  // the turns of the calls behind it may have come
  noteTimer(out);
  return true;
}

void RateAdmission::unlink(CancelLink& link) noexcept {
  const std::lock_guard lock(mutex_);
  if (link.waiter != nullptr) link.waiter->cancel = nullptr;
  link.waiter = nullptr;
}

bool RateAdmission::serve(std::size_t most, Instant now, Wakeups& out) noexcept {
  const Locked locked(*this);
  const bool more = serveSome(most, now, out);
  noteTimer(out);
  return more;
}

void RateAdmission::drain(Instant within, Instant now, Waiter& waiter, CancelLink* cancel,
                          Wakeups& out) noexcept {
  const Locked locked(*this);
  timer_.dropRequest();
  serveAll(now, out);  // these had their turn, or have timed out, and are not drained
  const auto inside = inside_.fetch_or(closedFlag, std::memory_order_acq_rel);
  out.closed = true;
  takeOutAll(queue_, Verdict::drained, out);
  waiter.drains = true;
  if ((inside & destroyedFlag) != 0) {
    waiter.verdict = Verdict::aborted;
  } else if (inside < oneInside) {
    waiter.verdict = Verdict::granted;
  } else if (within <= Instant{0}) {
    waiter.verdict = Verdict::timedOut;
  } else {
    waiter.deadline = deadlineAfter(now, within);
    waiter.arrival = nextArrival_++;
    drains_.join(waiter, cancel);
  }
  if (waiter.verdict != Verdict::waiting) out.ready.push(waiter);
  noteTimer(out);
}

void RateAdmission::resume(Wakeups& out) noexcept {
  const Locked locked(*this);
  if (destroyed()) return;
  inside_.fetch_and(~closedFlag, std::memory_order_acq_rel);
  takeOutAll(drains_, Verdict::aborted, out);
  noteTimer(out);
}

bool RateAdmission::configure(const RateLimits& from, const RateLimits& to, Instant now,
                              Wakeups& out) noexcept {
  const Locked locked(*this);
  if (limitsNow() != from) return false;
  serveAll(now, out);  // by the old rate
  if (to == from) return true;
  const std::size_t change = changes_.load(std::memory_order_relaxed);
  changes_.store(change + 1, std::memory_order_relaxed);
  fence(std::memory_order_release);  // pairs with the acquire fence in unchangedSince()
  if (const Gcra before = from.rate(), after = to.rate(); after != before) {
    if (tat_ > tick(now)) {
      tat_ = tick(now) + before.rescaled(tat_ - tick(now), after);
    } else if (tat_ > 0) {
      // Nothing is owed, so any time that has passed will do. Another one, so that a call which
      // has read this word and the old rate fails.
      --tat_;
    }
    interval_.store(after.interval, std::memory_order_relaxed);
    burst_.store(after.burst, std::memory_order_relaxed);
  }
  permits_ = to.permits;
  per_ = to.per;
  maxQueueSize_.store(to.maxQueueSize, std::memory_order_relaxed);
  timeout_.store(to.timeout, std::memory_order_relaxed);
  mode_.store(to.mode, std::memory_order_relaxed);
  // release: pairs with the acquire in tryEnter()
  changes_.store(change + 2, std::memory_order_release);
  if (to.mode != Mode::enforce) {
    admitAll(now, out);
  } else {
    // Such a call could never be granted, and would hold up those behind it.
    for (Waiter* waiter = queue_.front(); waiter != nullptr;) {
      Waiter* behind = WaiterList::after(*waiter);
      if (waiter->weight > to.burst) takeOut(*waiter, Verdict::rejected, out);
      waiter = behind;
    }
    serveAll(now, out);
  }
  noteTimer(out);
  return true;
}

void RateAdmission::close(Wakeups& out) noexcept {
  const Locked locked(*this);
  inside_.fetch_or(closedFlag | destroyedFlag, std::memory_order_acq_rel);
  out.closed = true;
  takeOutAll(queue_, Verdict::aborted, out);
  takeOutAll(drains_, Verdict::aborted, out);
  noteTimer(out);
}

void RateAdmission::abandon(Wakeups& out) noexcept {
  const Locked locked(*this);
  // Not `destroyed`: the user's object may still own the state. The timer needs no step, because
  // the host destroys it next.
  inside_.fetch_or(closedFlag, std::memory_order_acq_rel);
  takeOutAll(queue_, Verdict::abandoned, out);
  takeOutAll(drains_, Verdict::abandoned, out);
}

// --- the caller holds the lock, and the word is shut --------------------------------------------

void RateAdmission::serveAll(Instant now, Wakeups& out) noexcept { serveSome(all, now, out); }

/// Grants before it removes: a turn exactly at the deadline is granted. When a head leaves because
/// its time has passed, the turn of the next one may have come.
bool RateAdmission::serveSome(std::size_t most, Instant now, Wakeups& out) noexcept {
  // As tat_, as if each call had been granted at its turn. A thread that is late grants later, but
  // takes from no call a turn that its rate still allows.
  Tick schedule = tat_;
  for (;; --most) {
    Waiter* const head = queue_.front();
    const bool granted = head != nullptr && turnHasCome(*head, schedule, now);
    Waiter* const next = granted ? head : nextDue(now);
    if (next == nullptr) return false;
    if (most == 0) return true;
    if (granted) {
      schedule += rate().interval * head->weight;
      grant(*next, now, out);
    } else {
      takeOut(*next, next->verdictAtDeadline(), out);
    }
  }
}

/// Whether the head of the queue is granted now: its turn has come, at its deadline or before.
bool RateAdmission::turnHasCome(const Waiter& head, Tick schedule, Instant now) const noexcept {
  const Gcra rate = this->rate();
  const Instant turn = instant(rate.turn(schedule, head.weight));
  return turn <= now && turn <= head.deadline && rate.conforms(tat_, head.weight, tick(now));
}

/// The waiter with the earliest deadline, if that has passed; null otherwise.
Waiter* RateAdmission::nextDue(Instant now) const noexcept {
  Waiter* due = queue_.earliest();
  Waiter* drain = drains_.earliest();
  if (due == nullptr || (drain != nullptr && Deadlines::before(*drain, *due))) due = drain;
  return due != nullptr && due->deadline <= now ? due : nullptr;
}

void RateAdmission::grant(Waiter& waiter, Instant now, Wakeups& out) noexcept {
  tat_ = rate().granted(tat_, waiter.weight, tick(now));
  takeOut(waiter, Verdict::granted, out);
  waiter.deadline = now;
}

/// In the modes observe and off. A call above the limit takes nothing.
void RateAdmission::admitAll(Instant now, Wakeups& out) noexcept {
  const Gcra rate = this->rate();
  while (Waiter* head = queue_.front()) {
    if (mode() == Mode::off) {
      takeOut(*head, Verdict::bypassed, out);
    } else if (rate.possible(head->weight) && rate.conforms(tat_, head->weight, tick(now))) {
      grant(*head, now, out);
    } else {
      head->overLimit = true;
      takeOut(*head, Verdict::granted, out);
    }
    head->deadline = now;
  }
}

/// The one place in which a waiter leaves its line, for whatever reason. The thread that holds
/// `out` wakes it after the lock.
void RateAdmission::takeOut(Waiter& waiter, Verdict verdict, Wakeups& out) noexcept {
  if (waiter.entersInside && verdict == Verdict::granted) enterInside();
  if (waiter.drains) {
    drains_.leave(waiter, verdict);
  } else {
    queue_.leave(waiter, verdict);
    queuedPermits_ -= waiter.weight;
    queued_.store(queued() - 1, std::memory_order_relaxed);
  }
  out.ready.push(waiter);
}

void RateAdmission::takeOutAll(const WaitingLine& line, Verdict verdict, Wakeups& out) noexcept {
  while (Waiter* waiter = line.front()) takeOut(*waiter, verdict, out);
}

// --- the timer ----------------------------------------------------------------------------------

/// When the line has to be served next: the turn of its head, or the first deadline.
Instant RateAdmission::nextExpiry() const noexcept {
  Instant next = std::min(queue_.nextExpiry(), drains_.nextExpiry());
  if (const Waiter* head = queue_.front()) {
    next = std::min(next, instant(rate().turn(tat_, head->weight)));
  }
  return next;
}

/// The timer needs a step when something is due before it expires, and when nothing is left,
/// because it would keep the context's run() from returning.
void RateAdmission::noteTimer(Wakeups& out) noexcept {
  const Instant due = nextExpiry();
  if (timer_.tooLate(due) || (due == never && timer_.isSet())) out.timer = true;
}

TimerPlan::Step RateAdmission::planTimer() noexcept {
  const std::lock_guard lock(mutex_);
  return timer_.next(nextExpiry(), true);
}

void RateAdmission::requestTimer(Instant at) noexcept {
  const std::lock_guard lock(mutex_);
  timer_.request(at);
}

void RateAdmission::timerEnded(std::uint64_t generation) noexcept {
  const std::lock_guard lock(mutex_);
  timer_.ended(generation);
}

// --- queries ------------------------------------------------------------------------------------

/// Reads the theoretical arrival time and what belongs to it. While the word is shut or changes,
/// under the lock.
template <typename Read>
auto RateAdmission::ofOneState(Read read) const noexcept {
  // acquire: as in tryEnter()
  const std::size_t change = changes_.load(std::memory_order_acquire);
  const Tick word = word_.load(std::memory_order_acquire);
  if (word != shut) {
    auto result = read(word, std::uint64_t{0});
    if (unchangedSince(change)) return result;
  }
  const std::lock_guard lock(mutex_);
  const Tick now = word_.load(std::memory_order_relaxed);
  return read(now != shut ? now : tat_, queuedPermits_);
}

Instant RateAdmission::retryAfter(std::size_t permits, Instant now) const noexcept {
  return ofOneState([=, this](Tick tat, std::uint64_t before) {
    const Gcra rate = this->rate();
    const Mode mode = this->mode();
    if (permits == 0) return never;
    if (mode != Mode::off && closed()) return never;
    if (mode != Mode::enforce) return Instant{0};
    if (!rate.possible(permits)) return never;
    return between(tick(now), rate.turnBehind(tat, before, permits, tick(now)));
  });
}

std::size_t RateAdmission::available(Instant now) const noexcept {
  return ofOneState([=, this](Tick tat, std::uint64_t before) -> std::size_t {
    if (before != 0 || closed()) return 0;
    return static_cast<std::size_t>(rate().available(tat, tick(now)));
  });
}

RateLimits RateAdmission::limits() const noexcept {
  const std::lock_guard lock(mutex_);
  return limitsNow();
}

RateLimits RateAdmission::limitsNow() const noexcept {
  return {.permits = permits_,
          .per = per_,
          .burst = static_cast<std::size_t>(burst_.load(std::memory_order_relaxed)),
          .maxQueueSize = maxQueueSize_.load(std::memory_order_relaxed),
          .timeout = timeout_.load(std::memory_order_relaxed),
          .mode = mode()};
}

}  // namespace bulwark::detail
