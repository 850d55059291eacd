#include "bulwark/detail/core/circuit.hpp"

// Longer than 300 lines: one state machine, all of whose steps work on the same counts.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// The most changes of state while the mutex is held: one by catchUp(), and one by the caller of
/// lock().
constexpr std::size_t changesAtOnce = 2;

/// 0 means openDuration, or the default of that if it is 0, too: without a time limit, a probe that
/// hangs would keep the circuit half open.
Instant probeTimeoutOf(const CircuitBreakerConfig& config) noexcept {
  if (config.probeTimeout.count() > 0) return config.probeTimeout;
  if (config.openDuration.count() > 0) return config.openDuration;
  return CircuitBreakerConfig().openDuration;
}

}  // namespace

Circuit::Circuit(CircuitBreakerConfig config)
    : config_(std::move(config)),
      probeTimeout_(probeTimeoutOf(config_)),
      window_(config_.slidingWindowSize),
      spare_(config_.onStateChange ? changesAtOnce : 0) {}

Circuit::Entry Circuit::enter(Instant now) {
  // acquire: pairs with the release in moveTo()
  if (const auto generation = closedGeneration_.load(std::memory_order_acquire);
      generation != 0 && !isDue(now)) {
    Entry entry{.generation = generation};
    if (config_.slowCallDuration != never) {
      entry.call = std::make_unique<Call>();
      entry.call->generation = generation;
    }
    return entry;
  }
  auto call = std::make_unique<Call>();  // not under the lock
  auto held = lock();
  catchUp(now);
  // Open, and the time for probes has come: the first call after that makes the circuit half open.
  if (stateNow(now) != state_) moveTo(CircuitState::halfOpen);
  Entry entry{.generation = generation_};
  call->generation = generation_;
  if (state_ == CircuitState::open) {
    entry.goesAhead = false;
    const Instant reopensAt = reopensAt_;
    entry.retryAfter = reopensAt == never ? never : reopensAt - now;
  } else if (state_ == CircuitState::halfOpen) {
    if (probes_ + probed_.calls < config_.halfOpenCalls) {
      ++probes_;
      call->probe = true;
      addExpiry(timeouts_, call->timeout, deadlineAfter(now, probeTimeout_));
    } else {
      entry.goesAhead = false;
    }
  }
  if (entry.goesAhead) {
    entry.call = std::move(call);
  } else {
    counters_.refused.fetch_add(1, std::memory_order_relaxed);
  }
  notifyObserver(held);
  return entry;
}

void Circuit::begin(const Entry& entry, Instant now) noexcept {
  if (config_.slowCallDuration == never) return;
  const Instant last = deadlineAfter(now, config_.slowCallDuration);
  if (last == never) return;
  const std::lock_guard held(mutex_);
  if (entry.call->timedOut) return;
  // Slow means longer than slowCallDuration, so the expiry is due a nanosecond after that.
  addExpiry(slows_, entry.call->slow, last + Instant{1});
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
  if (call != nullptr && call->timedOut) return notifyObserver(held);

  const bool countedSlow = call != nullptr && call->slowGeneration != 0;
  const bool slow = countedSlow || took > config_.slowCallDuration;
  Record record = 0;
  if (outcome == Outcome::succeeded || outcome == Outcome::failed) {
    const bool failed = outcome == Outcome::failed;
    record = static_cast<Record>(counted | (failed ? failure : 0) | (slow ? slowness : 0));
    bump(failed ? counters_.failed : counters_.succeeded);
    if (slow && !countedSlow) bump(counters_.slow);
  } else {
    if (outcome == Outcome::ignored) bump(counters_.ignored);
    if (countedSlow) uncountSlow(*call);
  }
  // A call of an earlier generation changes no state. It is in the counters only.
  if (entry.generation == generation_) {
    if (state_ == CircuitState::halfOpen) {
      if (countedSlow) {
        probed_.remove(counted | slowness);
      } else {
        --probes_;
      }
      probed_.add(record);
      judgeProbes(now);
    } else {
      if (countedSlow) {
        replace(call->recordNo, record);
      } else if (record != 0) {
        remember(record);
      }
      judgeWindow(now);
    }
  }
  notifyObserver(held);
}

CircuitState Circuit::state(Instant now) noexcept {
  // An expiry may open or close the circuit, although no call ends.
  if (isDue(now)) {
    auto held = lock();
    catchUp(now);
    notifyObserver(held);
  }
  return stateNow(now);
}

CircuitBreakerStats Circuit::totals(Instant now) noexcept {
  const CircuitState found = state(now);
  CircuitBreakerStats result = count();
  result.state = found;
  return result;
}

CircuitBreakerStats Circuit::stats(Instant now) {
  std::string name = config_.name;
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
  notifyObserver(held);
  return result;
}

void Circuit::reset(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  moveTo(CircuitState::closed);
  resetGeneration_ = generation_;
  atReset_ = count();
  notifyObserver(held);
}

void Circuit::forceOpen(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  reopensAt_ = never;  // even if the circuit is open already: only reset() closes it
  if (state_ != CircuitState::open) {
    moveTo(CircuitState::open);
    bump(counters_.opened);
  }
  notifyObserver(held);
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
  return result;
}

/// Takes the mutex, with a spare node for each change of state that may happen under it.
std::unique_lock<std::mutex> Circuit::lock() noexcept {
  std::unique_lock held(mutex_);
  while (config_.onStateChange && spare_.size() < changesAtOnce) {
    held.unlock();
    std::list<Change> more;
    try {
      more.resize(changesAtOnce);
    } catch (...) {  // no memory: the state changes, and onStateChange is not called
      held.lock();
      break;
    }
    held.lock();
    spare_.splice(spare_.end(), more);
  }
  return held;
}

// --- the caller holds the mutex -----------------------------------------------------------------

void Circuit::addExpiry(ExpiryQueue& queue, Expiry& expiry, Instant at) noexcept {
  queue.push(expiry, at);
  updateNextDue();
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
    probed_.add(counted | slowness);
    judgeProbes(at);
  } else {
    call.recordNo = remember(counted | slowness);
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
    probed_.add(failure);
  } else {
    --probes_;
    probed_.add(counted | failure);
  }
  judgeProbes(at);
}

/// Begins a new generation with empty records.
void Circuit::moveTo(CircuitState next) noexcept {
  const CircuitState before = state_;
  if (next != before && !spare_.empty()) {
    spare_.front() = {before, next};
    changes_.splice(changes_.end(), spare_, spare_.begin());
  }
  state_.store(next, std::memory_order_release);  // pairs with the acquire in stateNow()
  ++generation_;
  // The expiries stay: calls of earlier generations still count as slow.
  recent_ = probed_ = {};
  probes_ = 0;
  recorded_ = 0;
  // release: pairs with the acquire in enter()
  closedGeneration_.store(next == CircuitState::closed ? generation_ : 0,
                          std::memory_order_release);
}

void Circuit::open(Instant at) noexcept {
  reopensAt_ = deadlineAfter(at, config_.openDuration);
  moveTo(CircuitState::open);
  bump(counters_.opened);
}

/// Adds a record to the window, in place of the oldest one if the window is full.
/// @return its number
std::uint64_t Circuit::remember(Record record) noexcept {
  Record& place = placeOf(recorded_);
  if (recorded_ >= window_.size()) recent_.remove(place);
  place = record;
  recent_.add(record);
  return recorded_++;
}

/// Changes a record if it is still in the window.
void Circuit::replace(std::uint64_t recordNo, Record record) noexcept {
  if (recorded_ - recordNo > window_.size()) return;
  Record& place = placeOf(recordNo);
  recent_.remove(place);
  place = record;
  recent_.add(record);
}

void Circuit::judgeWindow(Instant at) noexcept {
  if (recent_.calls >= std::min(config_.minimumCalls, window_.size()) && aboveThreshold(recent_))
    open(at);
}

/// Judges the probes when all of them count.
void Circuit::judgeProbes(Instant at) noexcept {
  if (probed_.calls != config_.halfOpenCalls) return;
  if (aboveThreshold(probed_)) {
    open(at);
  } else {
    moveTo(CircuitState::closed);
  }
}

bool Circuit::aboveThreshold(const Tally& tally) const noexcept {
  if (tally.calls == 0) return false;
  // A quotient, and not a product: 55 / 100 equals 0.55, but 0.55 * 100 does not equal 55.
  const auto share = [&tally](std::size_t part) {
    return static_cast<double>(part) / static_cast<double>(tally.calls);
  };
  return share(tally.failed) >= config_.failureRateThreshold ||
         share(tally.slow) >= config_.slowCallRateThreshold;
}

// --- the user's function, which runs without the mutex ------------------------------------------

void Circuit::notifyObserver(std::unique_lock<std::mutex>& held) noexcept {
  if (notifying_) return;  // the thread that is notifying reports the change
  notifying_ = true;
  while (!changes_.empty()) {
    const auto [before, after] = changes_.front();
    // The node goes back before the function runs, which may lead to the next change.
    spare_.splice(spare_.end(), changes_, changes_.begin());
    held.unlock();
    try {
      config_.onStateChange(before, after);
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    held.lock();
  }
  notifying_ = false;
}

}  // namespace bulwark::detail
