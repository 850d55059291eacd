#include "bulwark/detail/limiter/rate_gate.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include "bulwark/detail/config/policy_checks.hpp"
#include "bulwark/detail/limiter/end_of_call.hpp"
#include "bulwark/detail/limiter/fault.hpp"
#include "bulwark/detail/telemetry/event_queue.hpp"
#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

class RateGate::Events final : public EventQueue {
 public:
  explicit Events(RateGate& gate) noexcept
      : EventQueue(CompartmentKind::rateLimiter, gate.name()), gate_(gate) {}

 private:
  Instant now() const noexcept override { return gate_.now(); }
  bool ending() const noexcept override { return gate_.destroyed() || gate_.abandoned(); }

  Numbers numbers(Instant now) const noexcept override {
    const RateLimits limits = gate_.core_.limits();
    const std::size_t available = gate_.core_.available(now);
    return {limits.burst - std::min(available, limits.burst), gate_.core_.queued(), 0, limits.burst,
            limits.maxQueueSize};
  }
  bool saturated() const noexcept override { return gate_.core_.saturated(); }
  bool draining() const noexcept override { return gate_.core_.draining(); }
  // Saturation changes under the core's lock only, and a notification follows. Taking the lock
  // makes a change come before this, so that the look which follows sees it, or after it.
  void watch(bool) noexcept override { static_cast<void>(gate_.core_.limits()); }

  RateGate& gate_;
};

/// Collects what a decision leaves, and delivers it at the end of the scope. Holds the gate, since
/// the limiter may be destroyed meanwhile.
class RateGate::Delivery {
 public:
  explicit Delivery(RateGate& gate) noexcept : gate_(&gate) {}
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery() { gate_->deliver(out); }

  Wakeups out{};

 private:
  const Ref<RateGate> gate_;
};

RateGate::RateGate(std::string name, const RateLimits& limits, Instant now)
    : Host(std::move(name)), core_(limits, now) {}

// --- the way in ---------------------------------------------------------------------------------

Turn RateGate::tryEnter(std::size_t permits, std::optional<Instant> timeout, Instant now) noexcept {
  const Turn turn = core_.tryEnter(permits, timeout, now);
  countTurn(turn);
  if (turn.verdict != Verdict::granted) events_.deliver();
  return turn;
}

Turn RateGate::enter(std::size_t permits, std::optional<Instant> timeout, Instant now,
                     Waiter& waiter, CancelLink* cancel) {
  // May throw, and nothing has changed yet. The turn may move until the call enters; deliver()
  // then sets the timer once more.
  const Instant wait = core_.retryAfter(permits, now);
  if (wait > Instant{0} && wait <= timeout.value_or(core_.timeout())) {
    timerBy(deadlineAfter(now, wait));
  }
  Delivery delivery(*this);
  const Turn turn = core_.enter(permits, timeout, now, &waiter, cancel, delivery.out);
  countTurn(turn);
  return turn;
}

Turn RateGate::refuse(Verdict verdict) noexcept {
  const Turn turn{verdict};
  countTurn(turn);
  events_.deliver();
  return turn;
}

bool RateGate::tryNow(std::size_t permits, Instant now) noexcept {
  Turn turn = core_.tryEnter(permits, Instant{0}, now);
  if (turn.verdict == Verdict::contended) {
    Delivery delivery(*this);
    turn = core_.enter(permits, Instant{0}, now, nullptr, nullptr, delivery.out);
  }
  if (turn.verdict == Verdict::granted) {
    countTurn(turn);
    statistics_.count(Count::executed);
  }
  return goesAhead(turn.verdict);
}

void RateGate::undo(const Turn& turn, std::size_t permits) noexcept {
  if (turn.overLimit) {
    statistics_.uncount(Count::overLimit);
  } else if (turn.verdict == Verdict::granted) {
    Delivery delivery(*this);
    core_.giveBack(permits, now(), delivery.out);
  } else if (const EndOfCall* end = endOf(turn.verdict)) {
    statistics_.uncount(end->count);
  }
}

bool RateGate::cancel(CancelLink& link) noexcept {
  Delivery delivery(*this);
  return core_.cancel(link, now(), delivery.out);
}

void RateGate::leaveInside() noexcept {
  if (!core_.leaveInside()) [[likely]]
    return;
  Delivery delivery(*this);
  core_.noteEmpty(delivery.out);
}

/// Counts what became of a call that does not run, and adds its event; and that a call was above
/// the limit.
void RateGate::countTurn(const Turn& turn) noexcept {
  if (turn.overLimit) statistics_.count(Count::overLimit);
  if (const EndOfCall* end = endOf(turn.verdict)) {
    statistics_.count(end->count);
    events_.add(end->event);
  }
}

/// The same for a waiter with a final verdict. A drain is no call.
void RateGate::countWaiter(const Waiter& waiter) noexcept {
  if (waiter.drains) return;
  countTurn(turnOf(waiter));
  if (waiter.verdict == Verdict::granted) statistics_.recordWait(waiter.deadline - waiter.since);
}

// --- delivery: what the core decided happens here, without a lock -------------------------------

void RateGate::deliver(Wakeups& out) noexcept {
  if (out.configured) events_.add(EventKind::configured);
  if (out.closed) endBackOffs();
  while (Waiter* waiter = out.ready.pop()) {
    countWaiter(*waiter);
    if (abandoned()) {
      waiter->discard();
    } else {
      waiter->wake();
    }
  }
  if (out.timer) tendTimerQuietly();
  events_.deliver();
}

// --- lifecycle and configuration ----------------------------------------------------------------

void RateGate::drain(Instant within, Waiter& waiter, CancelLink* cancel) {
  const Instant begun = now();
  if (within > Instant{0}) timerBy(deadlineAfter(begun, within));  // may throw
  Delivery delivery(*this);
  core_.drain(within, begun, waiter, cancel, delivery.out);
}

void RateGate::resume() noexcept {
  Delivery delivery(*this);
  core_.resume(delivery.out);
}

// The checks of one field need the others. If another thread changes the configuration in between,
// they are made again.
void RateGate::configure(const RateLimiterOverrides& overrides) {
  Delivery delivery(*this);
  for (;;) {
    const RateLimits before = core_.limits();
    const RateLimits after = checkedRate(name(), before, overrides);
    if (!core_.configure(before, after, now(), delivery.out)) continue;
    delivery.out.configured = before != after;
    return;
  }
}

void RateGate::reset() noexcept {
  statistics_.prepareReset();  // allocates, so it comes before the mutex
  const std::lock_guard lock(mutex());
  statistics_.reset();
}

void RateGate::close() noexcept {
  const Ref keep(this);
  markDestroyed();
  {
    Delivery delivery(*this);
    core_.close(delivery.out);
  }
  events_.removeObserver();
  unref();  // the reference of the user's object
}

void RateGate::abandon() noexcept {
  // The mark, and `closed` in the core, come before the interruptions, as in Limiter::abandon().
  if (!markAbandoned()) return;
  Wakeups out;
  core_.abandon(out);
  while (Waiter* waiter = out.ready.pop()) {
    countWaiter(*waiter);
    waiter->discard();
  }
  endBackOffs();
  events_.deliver();
  timerTurns_.awaitStep();
  detach();
}

// --- queries ------------------------------------------------------------------------------------

RateLimiterStats RateGate::stats() const {
  Stopwatch::compare();
  Statistics::Snapshot counted = statistics_.read();
  const RateLimits limits = core_.limits();
  return {.name = name(),
          .available = core_.available(now()),
          .burst = limits.burst,
          .queued = core_.queued(),
          .maxQueueSize = limits.maxQueueSize,
          .executed = counted[Count::executed],
          .failed = counted[Count::failed],
          .rejected = counted[Count::rejected],
          .timedOut = counted[Count::timedOut],
          .cancelled = counted[Count::cancelled],
          .drained = counted[Count::drained],
          .overLimit = counted[Count::overLimit],
          .waitTime = std::move(counted.wait)};
}

void RateGate::setObserver(Observer observer) {
  const Ref keep(this);
  events_.setObserver(std::move(observer), [this] { return std::make_unique<Events>(*this); });
}

std::exception_ptr RateGate::errorFor(const Turn& turn, std::size_t permits) const noexcept {
  try {
    switch (turn.verdict) {
      case Verdict::rejected:
        return std::make_exception_ptr(RateLimitedError(name(), turn.retryAfter));
      case Verdict::timedOut:
        return std::make_exception_ptr(BulkheadTimeoutError(name()));
      case Verdict::deadlineExceeded:
        return std::make_exception_ptr(DeadlineExceededError(name()));
      case Verdict::drained:
        return std::make_exception_ptr(BulkheadDrainingError(name()));
      case Verdict::invalid:
        return std::make_exception_ptr(
            ConfigError(name(), "permits", std::to_string(permits),
                        "must be from 1 to " + std::to_string(limits().burst) + ", the burst"));
      case Verdict::aborted:
      case Verdict::abandoned:
        return operationAborted(NotStarted::destroyed);
      default:  // cancelled
        return operationAborted(NotStarted::cancelled);
    }
  } catch (...) {
    return std::current_exception();
  }
}

net::error_code RateGate::codeFor(Verdict verdict) noexcept {
  if (goesAhead(verdict)) return {};
  return verdict == Verdict::rejected ? make_error_code(Errc::rateLimited)
                                      : detail::codeFor(verdict);
}

// --- the timer ----------------------------------------------------------------------------------

void RateGate::tendTimer() {
  timerTurns_.tend([this] { return doTimerStep(); });
}

std::exception_ptr RateGate::doTimerStep() noexcept {
  using Action = TimerPlan::Action;
  const TimerPlan::Step step = core_.planTimer();
  try {
    if (abandoned()) return nullptr;  // the host destroys the timer
    if (step.action == Action::set) setTimer(step.when, step.generation);
    if (step.action == Action::cancel) cancelTimer();
    return nullptr;
  } catch (...) {
    core_.timerEnded(step.generation);  // the plan took it for set
    return std::current_exception();
  }
}

/// Sets the timer before a call queues, so that an exception is thrown while nothing has changed.
void RateGate::timerBy(Instant at) {
  if (!core_.timerTooLate(at)) return;
  core_.requestTimer(at);
  tendTimer();
}

/// Ignores a failure, because no caller can be notified. The next call that queues tries again.
void RateGate::tendTimerQuietly() noexcept {
  try {
    tendTimer();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

// An expiry of an earlier generation is stale: the timer that has been set since stays set. The
// calls that are due are served all the same.
void RateGate::timerExpired(std::uint64_t generation) noexcept {
  core_.timerEnded(generation);
  Wakeups out;
  const bool more = core_.serve(expirySlice, now(), out);
  if (more) out.timer = false;  // the next slice sets it
  deliver(out);
  // A post, so that other functions of the context run between two slices.
  if (more) requestExpiry(generation);
}

void RateGate::timerLost(std::uint64_t generation) noexcept {
  core_.timerEnded(generation);
  if (!abandoned()) tendTimerQuietly();
}

}  // namespace bulwark::detail
