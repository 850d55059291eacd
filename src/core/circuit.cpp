#include "bulwark/detail/core/circuit.hpp"

// Longer than 300 lines: one state machine, all of whose steps work on the same counts.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// 0 means openDuration, or the default of that if it is 0, too: without a time limit, a probe that
/// hangs would keep the circuit half open.
Instant probeTimeoutOf(const CircuitBreakerConfig& config) noexcept {
  if (config.probeTimeout.count() > 0) return config.probeTimeout;
  if (config.openDuration.count() > 0) return config.openDuration;
  return CircuitBreakerConfig().openDuration;
}

}  // namespace

Circuit::Circuit(CircuitBreakerConfig config)
    : first_(std::make_shared<const CircuitBreakerConfig>(std::move(config))),
      config_(first_),
      mode_(first_->mode),
      slowCallDuration_(first_->slowCallDuration),
      window_(*first_),
      notices_(first_->onStateChange) {}

Circuit::Entry Circuit::enter(Instant now) {
  if (mode_.load(std::memory_order_relaxed) == Mode::off) return {.judged = false};
  // acquire: pairs with the release in moveTo()
  if (const auto generation = closedGeneration_.load(std::memory_order_acquire);
      generation != 0 && !isDue(now)) {
    Entry entry{.generation = generation};
    if (slowCallDuration_.load(std::memory_order_relaxed) != never) {
      entry.call = std::make_unique<Call>();
      entry.call->generation = generation;
    }
    return entry;
  }
  auto call = std::make_unique<Call>();  // not under the lock
  auto held = lock();
  if (config_->mode == Mode::off) return {.judged = false};
  catchUp(now);
  // Open, and the time for probes has come: the first call after that makes the circuit half open.
  if (stateNow(now) != present()) moveTo(CircuitState::halfOpen, now);
  Entry entry{.generation = generation_};
  if (present() == CircuitState::open) {
    const Instant reopensAt = reopensAt_.load(std::memory_order_relaxed);
    entry.retryAfter = reopensAt == never ? never : reopensAt - now;
    refuse(entry, now);
  } else if (present() == CircuitState::halfOpen) {
    if (probes_ + probed_.calls < config_->halfOpenCalls) {
      ++probes_;
      call->probe = true;
      timeouts_.push(call->timeout, now, timeoutAfter(now));
      updateNextDue();
    } else {
      refuse(entry, now);
    }
  }
  if (entry.goesAhead) {
    call->generation = entry.generation;
    entry.call = std::move(call);
  }
  notices_.deliver(held);
  return entry;
}

void Circuit::begin(const Entry& entry, Instant now) noexcept {
  if (entry.call == nullptr) return;
  if (slowCallDuration_.load(std::memory_order_relaxed) == never) return;
  const std::lock_guard held(mutex_);
  if (entry.call->timedOut) return;
  slows_.push(entry.call->slow, now, slowAfter(now));
  updateNextDue();
}

void Circuit::giveBack(const Entry& entry, Instant now) noexcept {
  if (entry.call != nullptr) end(entry, Outcome::unknown, Instant{0}, now);
}

void Circuit::end(const Entry& entry, Outcome outcome, Instant took, Instant now) noexcept {
  Call* const call = entry.call.get();
  auto held = lock();
  if (call != nullptr) cancel(call->slow);  // before catchUp(): `took` decides
  catchUp(now);
  if (call != nullptr) cancel(call->timeout);
  // The timeout has accounted for this probe.
  if (call != nullptr && call->timedOut) return notices_.deliver(held);

  const bool countedSlow = call != nullptr && call->slowGeneration != 0;
  const bool slow = countedSlow || took > config_->slowCallDuration;
  Record mark = 0;
  if (outcome == Outcome::succeeded || outcome == Outcome::failed) {
    const bool failed = outcome == Outcome::failed;
    mark = static_cast<Record>(record::counted | (failed ? record::failure : 0) |
                               (slow ? record::slowness : 0));
    bump(failed ? counters_.failed : counters_.succeeded);
    if (slow && !countedSlow) bump(counters_.slow);
  } else {
    if (outcome == Outcome::ignored) bump(counters_.ignored);
    if (countedSlow) uncountSlow(*call);
  }
  // A call of an earlier generation changes no state. It is in the counters only.
  if (entry.generation == generation_) {
    if (present() == CircuitState::halfOpen) {
      if (countedSlow) {
        probed_.remove(record::counted | record::slowness);
      } else {
        --probes_;
      }
      probed_.add(mark);
      judgeProbes(now);
    } else {
      if (countedSlow && call->place != SlidingWindow::nowhere) {
        window_.complete(call->place, record::counted | record::slowness, mark, now);
      } else if (mark != 0) {
        window_.add(mark, now);
      }
      judgeWindow(now);
    }
  }
  notices_.deliver(held);
}

CircuitState Circuit::state(Instant now) noexcept {
  // An expiry may open or close the circuit, although no call ends.
  if (isDue(now)) {
    auto held = lock();
    catchUp(now);
    notices_.deliver(held);
  }
  return stateNow(now);
}

CircuitBreakerStats Circuit::totals(Instant now) const noexcept {
  CircuitBreakerStats result = count();
  result.state = stateNow(now);
  return result;
}

CircuitBreakerStats Circuit::stats(Instant now) {
  std::string name = this->name();
  auto held = lock();
  catchUp(now);
  CircuitBreakerStats result = count();
  result.name = std::move(name);
  result.state = stateNow(now);
  result.succeeded -= atReset_.succeeded;
  result.failed -= atReset_.failed;
  result.slow -= atReset_.slow;
  result.ignored -= atReset_.ignored;
  // undoRefusal() may have taken one back since the reset.
  result.refused -= std::min(result.refused, atReset_.refused);
  result.opened -= atReset_.opened;
  result.wouldHaveRefused -= atReset_.wouldHaveRefused;
  notices_.deliver(held);
  return result;
}

void Circuit::reset(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  moveTo(CircuitState::closed, now);
  resetGeneration_ = generation_;
  atReset_ = count();
  notices_.deliver(held);
}

void Circuit::forceOpen(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  forced_ = true;  // even if the circuit is open already: only reset() closes it
  reopensAt_.store(never, std::memory_order_relaxed);
  if (present() != CircuitState::open) {
    moveTo(CircuitState::open, now);
    bump(counters_.opened);
  }
  notices_.deliver(held);
}

/// The state that the next call would meet; the caller has caught up.
CircuitState Circuit::stateNow(Instant now) const noexcept {
  // acquire: pairs with the release in moveTo(), so that reopensAt_ belongs to this state
  const CircuitState state = state_.load(std::memory_order_acquire);
  if (state != CircuitState::open) return state;
  const Instant reopensAt = reopensAt_.load(std::memory_order_relaxed);
  return reopensAt != never && now >= reopensAt ? CircuitState::halfOpen : CircuitState::open;
}

CircuitBreakerStats Circuit::count() const noexcept {
  CircuitBreakerStats result;
  result.succeeded = counters_.succeeded.load(std::memory_order_relaxed);
  result.failed = counters_.failed.load(std::memory_order_relaxed);
  result.slow = counters_.slow.load(std::memory_order_relaxed);
  result.ignored = counters_.ignored.load(std::memory_order_relaxed);
  result.refused = counters_.refused.load(std::memory_order_relaxed);
  result.opened = counters_.opened.load(std::memory_order_relaxed);
  result.wouldHaveRefused = counters_.wouldHaveRefused.load(std::memory_order_relaxed);
  result.mode = mode_.load(std::memory_order_relaxed);
  return result;
}

/// Takes the mutex, for a step that may have something to report.
std::unique_lock<Mutex> Circuit::lock() noexcept {
  std::unique_lock held(mutex_);
  notices_.setAside(held);
  return held;
}

// --- changes of the rules -----------------------------------------------------------------------

Circuit::Config Circuit::config() const noexcept {
  const std::lock_guard held(mutex_);
  return config_;
}

bool Circuit::configure(const Config& expected, Config next, Instant now) {
  std::optional<SlidingWindow> window;  // made, and the previous one destroyed, without the mutex
  if (!SlidingWindow::same(*expected, *next)) window.emplace(*next);
  auto held = lock();
  if (config_ != expected) return false;
  catchUp(now);
  config_.swap(next);
  mode_.store(config_->mode, std::memory_order_relaxed);
  slowCallDuration_.store(config_->slowCallDuration, std::memory_order_relaxed);
  if (window) replaceWindow(*window);
  retime(*next, now);
  if (present() == CircuitState::open && !forced_) {
    reopensAt_.store(deadlineAfter(openedAt_, config_->openDuration), std::memory_order_relaxed);
  }
  notices_.put({.kind = CircuitNotice::Kind::configured,
                .before = present(),
                .after = present(),
                .time = now});
  if (present() == CircuitState::halfOpen) judgeProbes(now);
  catchUp(now);
  notices_.deliver(held);
  return true;
}

auto Circuit::setObserver(std::shared_ptr<const CircuitNotices::Observer> observer,
                          Instant now) noexcept -> std::shared_ptr<const CircuitNotices::Observer> {
  std::unique_lock held(mutex_);
  notices_.setAside(held, observer != nullptr);
  catchUp(now);
  observer = notices_.exchange(std::move(observer));
  if (present() != CircuitState::closed) {
    notices_.put(
        {.kind = CircuitNotice::Kind::found, .before = present(), .after = present(), .time = now});
  }
  notices_.deliver(held);
  return observer;
}

// --- the caller holds the mutex -----------------------------------------------------------------

/// Counts a call for which the circuit has no room.
void Circuit::refuse(Entry& entry, Instant now) noexcept {
  if (config_->mode == Mode::observe) {
    entry.generation = 0;
    bump(counters_.wouldHaveRefused);
    return;
  }
  entry.goesAhead = false;
  counters_.refused.fetch_add(1, std::memory_order_relaxed);
  notices_.put(
      {.kind = CircuitNotice::Kind::refused, .before = present(), .after = present(), .time = now});
}

/// Slow means longer than slowCallDuration, so a call is slow a nanosecond after that.
Instant Circuit::slowAfter(Instant began) const noexcept {
  const Instant last = deadlineAfter(began, config_->slowCallDuration);
  return last == never ? never : last + Instant{1};
}

Instant Circuit::timeoutAfter(Instant admitted) const noexcept {
  return deadlineAfter(admitted, probeTimeoutOf(*config_));
}

/// Changes the expiries in the queues to the present configuration. None becomes due before `now`.
void Circuit::retime(const CircuitBreakerConfig& before, Instant now) noexcept {
  if (before.slowCallDuration != config_->slowCallDuration) {
    slows_.forEach([&](Expiry& slow) { slow.at = std::max(now, slowAfter(slow.since)); });
  }
  if (probeTimeoutOf(before) != probeTimeoutOf(*config_)) {
    timeouts_.forEach([&](Expiry& end) { end.at = std::max(now, timeoutAfter(end.since)); });
  }
  updateNextDue();
}

void Circuit::replaceWindow(SlidingWindow& next) noexcept {
  next.copyFrom(window_);
  placed_.forEach(
      [&](Expiry& slow) { slow.call->place = next.placeFor(window_, slow.call->place); });
  std::swap(window_, next);
}

void Circuit::cancel(Expiry& expiry) noexcept {
  expiry.previous->next = expiry.next;
  expiry.next->previous = expiry.previous;
  expiry.previous = expiry.next = &expiry;
  updateNextDue();
}

void Circuit::updateNextDue() noexcept {
  nextDue_.store(std::min(timeouts_.front().at, slows_.front().at), std::memory_order_relaxed);
}

/// Accounts for the expiries that are due, in the order of time. Each may change the state before
/// the next one counts.
void Circuit::catchUp(Instant now) noexcept {
  while (isDue(now)) {
    const Expiry& timeout = timeouts_.front();
    const Expiry& slow = slows_.front();
    if (slow.at <= timeout.at) {
      countSlow(*slow.call, slow.at);
    } else {
      countTimeout(*timeout.call, timeout.at);
    }
  }
}

/// The work of a call has been running for longer than slowCallDuration.
void Circuit::countSlow(Call& call, Instant at) noexcept {
  cancel(call.slow);
  call.slowGeneration = generation_;
  bump(counters_.slow);
  if (call.generation != generation_) return;
  if (call.probe) {
    --probes_;
    probed_.add(record::counted | record::slowness);
    judgeProbes(at);
  } else {
    call.place = window_.add(record::counted | record::slowness, at);
    placed_.push(call.slow, at, never);
    judgeWindow(at);
  }
}

/// A call that counted as slow before its end is ignored.
void Circuit::uncountSlow(const Call& call) noexcept {
  counters_.slow.store(counters_.slow.load(std::memory_order_relaxed) - 1,
                       std::memory_order_relaxed);
  // The counter at the last reset() included it.
  if (call.slowGeneration < resetGeneration_) --atReset_.slow;
}

/// A probe was admitted probeTimeout ago.
void Circuit::countTimeout(Call& call, Instant at) noexcept {
  cancel(call.timeout);
  if (call.generation != generation_) return;  // the probes have had their verdict
  cancel(call.slow);  // the outcome is final: it must not count as slow later
  call.timedOut = true;
  bump(counters_.failed);
  if (call.slowGeneration != 0) {
    probed_.add(record::failure);
  } else {
    --probes_;
    probed_.add(record::counted | record::failure);
  }
  judgeProbes(at);
}

/// Begins a new generation with empty records.
void Circuit::moveTo(CircuitState next, Instant at) noexcept {
  const CircuitState before = present();
  if (next != before) {
    notices_.put(
        {.kind = CircuitNotice::Kind::changed, .before = before, .after = next, .time = at});
  }
  state_.store(next, std::memory_order_release);  // pairs with the acquire in stateNow()
  ++generation_;
  // The expiries stay: calls of earlier generations still count as slow.
  window_.clear();
  probed_ = {};
  probes_ = 0;
  // release: pairs with the acquire in enter()
  closedGeneration_.store(next == CircuitState::closed ? generation_ : 0,
                          std::memory_order_release);
}

void Circuit::open(Instant at) noexcept {
  openedAt_ = at;
  forced_ = false;
  reopensAt_.store(deadlineAfter(at, config_->openDuration), std::memory_order_relaxed);
  moveTo(CircuitState::open, at);
  bump(counters_.opened);
}

void Circuit::judgeWindow(Instant at) noexcept {
  const Tally& recent = window_.tally(at);
  const auto enough = std::min<std::uint64_t>(config_->minimumCalls, window_.capacity());
  if (recent.calls >= enough && aboveThreshold(recent)) open(at);
}

/// Judges the probes when enough of them count.
void Circuit::judgeProbes(Instant at) noexcept {
  if (probed_.calls < config_->halfOpenCalls) return;
  if (aboveThreshold(probed_)) {
    open(at);
  } else {
    moveTo(CircuitState::closed, at);
  }
}

bool Circuit::aboveThreshold(const Tally& tally) const noexcept {
  if (tally.calls == 0) return false;
  // A quotient, and not a product: 55 / 100 equals 0.55, but 0.55 * 100 does not equal 55.
  const auto share = [&tally](std::uint64_t part) {
    return static_cast<double>(part) / static_cast<double>(tally.calls);
  };
  return share(tally.failed) >= config_->failureRateThreshold ||
         share(tally.slow) >= config_->slowCallRateThreshold;
}

}  // namespace bulwark::detail
