#include "bulwark/detail/breaker.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "bulwark/detail/fault.hpp"
#include "bulwark/error.hpp"
#include "config_check.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

constexpr std::size_t maxWindow = std::size_t{1} << 24;

/// More changes of state than this do not happen while the lock is held: catching up opens the
/// breaker, and then the caller of lock() changes its state.
constexpr std::size_t changesAtOnce = 2;

/// A probe needs some limit: without one, probes that hang would keep the breaker half open.
Instant probeTimeoutOf(const CircuitBreakerConfig& config) noexcept {
  if (config.probeTimeout.count() > 0) return config.probeTimeout;
  if (config.openDuration.count() > 0) return config.openDuration;
  return CircuitBreakerConfig().openDuration;
}

CircuitBreakerConfig checked(CircuitBreakerConfig config) {
  const ConfigCheck check(config.name);
  const auto share = [&check](const char* field, const double& value) {
    check.requireNumber(value > 0 && value <= 1, field, value, "must be above 0 and at most 1");
  };
  share("failureRateThreshold", config.failureRateThreshold);
  check.require(config.slidingWindowSize >= 1 && config.slidingWindowSize <= maxWindow,
                "slidingWindowSize", fmt::format("{}", config.slidingWindowSize),
                "must be from 1 to 16777216");
  check.notNegative("slowCallDuration", config.slowCallDuration);
  share("slowCallRateThreshold", config.slowCallRateThreshold);
  check.notNegative("openDuration", config.openDuration);
  check.require(config.halfOpenCalls >= 1, "halfOpenCalls", "0", "must be at least 1");
  check.notNegative("probeTimeout", config.probeTimeout);
  return config;
}

}  // namespace

Breaker::Breaker(CircuitBreakerConfig config)
    : config_(checked(std::move(config))),
      probeTimeout_(probeTimeoutOf(config_)),
      window_(config_.slidingWindowSize),
      spare_(config_.onStateChange ? changesAtOnce : 0) {}

Breaker::Entry Breaker::enter(Instant now) {
  if (const auto era = closedEra_.load(std::memory_order_acquire); era != 0 && !isDue(now)) {
    Entry entry{.era = era};
    if (config_.slowCallDuration != never) {
      entry.call = std::make_unique<Call>();
      entry.call->era = era;
    }
    return entry;
  }
  auto call = std::make_unique<Call>();
  auto held = lock();
  catchUp(now);
  if (stateNow(now) != state_) moveTo(CircuitState::halfOpen);
  Entry entry{.era = era_};
  call->era = era_;
  if (state_ == CircuitState::open) {
    entry.goesAhead = false;
    const Instant reopensAt = reopensAt_;
    entry.retryAfter = reopensAt == never ? never : reopensAt - now;
  } else if (state_ == CircuitState::halfOpen) {
    if (probes_ + probed_.calls < config_.halfOpenCalls) {
      ++probes_;
      call->probe = true;
      expectExpiry(timeouts_, call->timeout, deadlineAfter(now, probeTimeout_));
    } else {
      entry.goesAhead = false;
    }
  }
  if (entry.goesAhead) {
    entry.call = std::move(call);
  } else {
    books_.refused.fetch_add(1, std::memory_order_relaxed);
  }
  notifyObserver(held);
  return entry;
}

void Breaker::begin(const Entry& entry, Instant now) noexcept {
  if (config_.slowCallDuration == never) return;
  const Instant last = deadlineAfter(now, config_.slowCallDuration);
  if (last == never) return;
  const std::lock_guard held(mutex_);
  if (entry.call->timedOut) return;
  expectExpiry(slows_, entry.call->slow, last + Instant{1});
}

void Breaker::end(const Entry& entry, const std::exception_ptr& error, bool cancelled, Instant took,
                  Instant now) noexcept {
  close(entry, judge(error, cancelled), took, now);
}

void Breaker::giveBack(const Entry& entry, Instant now) noexcept {
  if (entry.call != nullptr) close(entry, Outcome::unknown, Instant{0}, now);
}

void Breaker::close(const Entry& entry, Outcome outcome, Instant took, Instant now) noexcept {
  Call* const call = entry.call.get();
  auto held = lock();
  if (call != nullptr) cancel(call->slow);  // what it is counts now, not what it is presumed to be
  catchUp(now);
  if (call != nullptr) cancel(call->timeout);
  if (call != nullptr && call->timedOut) return notifyObserver(held);

  const bool countedSlow = call != nullptr && call->slowEra != 0;
  const bool slow = countedSlow || took > config_.slowCallDuration;
  Record record = 0;
  if (outcome == Outcome::succeeded || outcome == Outcome::failed) {
    const bool failed = outcome == Outcome::failed;
    record = static_cast<Record>(counted | (failed ? failure : 0) | (slow ? slowness : 0));
    bump(failed ? books_.failed : books_.succeeded);
    if (slow && !countedSlow) bump(books_.slow);
  } else {
    if (outcome == Outcome::ignored) bump(books_.ignored);
    if (countedSlow) uncountSlow(*call);
  }
  if (entry.era == era_) {
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

CircuitState Breaker::state(Instant now) noexcept {
  if (isDue(now)) {
    auto held = lock();
    catchUp(now);
    notifyObserver(held);
  }
  return stateNow(now);
}

CircuitBreakerStats Breaker::totals(Instant now) noexcept {
  const CircuitState found = state(now);
  CircuitBreakerStats result = count();
  result.state = found;
  return result;
}

CircuitBreakerStats Breaker::stats(Instant now) {
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
  result.refused -= std::min(result.refused, atReset_.refused);  // one may be taken back since
  result.opened -= atReset_.opened;
  notifyObserver(held);
  return result;
}

void Breaker::reset(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  moveTo(CircuitState::closed);
  resetEra_ = era_;
  atReset_ = count();
  notifyObserver(held);
}

void Breaker::forceOpen(Instant now) noexcept {
  auto held = lock();
  catchUp(now);
  reopensAt_ = never;
  if (state_ != CircuitState::open) {
    moveTo(CircuitState::open);
    bump(books_.opened);
  }
  notifyObserver(held);
}

/// As the next call would find it, once the breaker has caught up.
CircuitState Breaker::stateNow(Instant now) const noexcept {
  const CircuitState state = state_.load(std::memory_order_acquire);
  if (state != CircuitState::open) return state;
  const Instant reopensAt = reopensAt_.load(std::memory_order_relaxed);
  return reopensAt != never && now >= reopensAt ? CircuitState::halfOpen : CircuitState::open;
}

CircuitBreakerStats Breaker::count() const noexcept {
  CircuitBreakerStats result;
  result.succeeded = books_.succeeded.load(std::memory_order_relaxed);
  result.failed = books_.failed.load(std::memory_order_relaxed);
  result.slow = books_.slow.load(std::memory_order_relaxed);
  result.ignored = books_.ignored.load(std::memory_order_relaxed);
  result.refused = books_.refused.load(std::memory_order_relaxed);
  result.opened = books_.opened.load(std::memory_order_relaxed);
  return result;
}

/// The lock, with room for the changes of state that may happen under it.
std::unique_lock<std::mutex> Breaker::lock() noexcept {
  std::unique_lock held(mutex_);
  while (config_.onStateChange && spare_.size() < changesAtOnce) {
    held.unlock();
    std::list<Change> more;
    try {
      more.resize(changesAtOnce);
    } catch (...) {  // no memory: the changes themselves matter more than the notification
      held.lock();
      break;
    }
    held.lock();
    spare_.splice(spare_.end(), more);
  }
  return held;
}

// --- with the lock held -------------------------------------------------------------------------

void Breaker::expectExpiry(ExpiryQueue& queue, Expiry& expiry, Instant at) noexcept {
  queue.push(expiry, at);
  updateNextDue();
}

void Breaker::cancel(Expiry& expiry) noexcept {
  expiry.previous->next = expiry.next;
  expiry.next->previous = expiry.previous;
  expiry.previous = expiry.next = &expiry;
  updateNextDue();
}

void Breaker::updateNextDue() noexcept {
  nextDue_.store(std::min(timeouts_.front().at, slows_.front().at), std::memory_order_relaxed);
}

void Breaker::catchUp(Instant now) noexcept {
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
void Breaker::countSlow(Call& call, Instant at) noexcept {
  cancel(call.slow);
  call.slowEra = era_;
  bump(books_.slow);
  if (call.era != era_) return;
  if (call.probe) {
    --probes_;
    probed_.add(counted | slowness);
    judgeProbes(at);
  } else {
    call.recordNo = remember(counted | slowness);
    judgeWindow(at);
  }
}

/// A call that counted as slow before its end turned out to be one to ignore.
void Breaker::uncountSlow(const Call& call) noexcept {
  books_.slow.store(books_.slow.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  if (call.slowEra < resetEra_) --atReset_.slow;
}

/// A probe was let through probeTimeout ago.
void Breaker::countTimeout(Call& call, Instant at) noexcept {
  cancel(call.timeout);
  if (call.era != era_) return;  // its verdict fell without it
  cancel(call.slow);
  call.timedOut = true;
  bump(books_.failed);
  if (call.slowEra != 0) {
    probed_.add(failure);
  } else {
    --probes_;
    probed_.add(counted | failure);
  }
  judgeProbes(at);
}

/// Begins a new era, with nothing remembered.
void Breaker::moveTo(CircuitState next) noexcept {
  const CircuitState before = state_;
  if (next != before && !spare_.empty()) {
    spare_.front() = {before, next};
    changes_.splice(changes_.end(), spare_, spare_.begin());
  }
  state_.store(next, std::memory_order_release);
  ++era_;
  recent_ = probed_ = {};
  probes_ = 0;
  recorded_ = 0;
  closedEra_.store(next == CircuitState::closed ? era_ : 0, std::memory_order_release);
}

void Breaker::open(Instant at) noexcept {
  reopensAt_ = deadlineAfter(at, config_.openDuration);
  moveTo(CircuitState::open);
  bump(books_.opened);
}

/// Puts a record into the window; the oldest one gives way.
/// @return its number
std::uint64_t Breaker::remember(Record record) noexcept {
  Record& place = placeOf(recorded_);
  if (recorded_ >= window_.size()) recent_.remove(place);
  place = record;
  recent_.add(record);
  return recorded_++;
}

/// Changes a record, if it is still in the window.
void Breaker::replace(std::uint64_t recordNo, Record record) noexcept {
  if (recorded_ - recordNo > window_.size()) return;
  Record& place = placeOf(recordNo);
  recent_.remove(place);
  place = record;
  recent_.add(record);
}

void Breaker::judgeWindow(Instant at) noexcept {
  if (recent_.calls >= std::min(config_.minimumCalls, window_.size()) && tooBad(recent_)) open(at);
}

void Breaker::judgeProbes(Instant at) noexcept {
  if (probed_.calls != config_.halfOpenCalls) return;
  if (tooBad(probed_)) {
    open(at);
  } else {
    moveTo(CircuitState::closed);
  }
}

bool Breaker::tooBad(const Tally& tally) const noexcept {
  if (tally.calls == 0) return false;
  // By division: 55 of 100 are exactly what 0.55 is, and not exactly 0.55 * 100.
  const auto share = [&tally](std::size_t part) {
    return static_cast<double>(part) / static_cast<double>(tally.calls);
  };
  return share(tally.failed) >= config_.failureRateThreshold ||
         share(tally.slow) >= config_.slowCallRateThreshold;
}

// --- the user's functions: without the lock -----------------------------------------------------

Breaker::Outcome Breaker::judge(const std::exception_ptr& error, bool cancelled) const noexcept {
  if (!error) return Outcome::succeeded;
  const Fault fault = faultOf(error);
  if (fault.notExecuted || fault.wrongCall) return Outcome::ignored;
  if (fault.aborted && cancelled) return Outcome::ignored;
  if (!config_.isFailure) return Outcome::failed;
  try {
    return config_.isFailure(error) ? Outcome::failed : Outcome::succeeded;
  } catch (...) {
    return Outcome::failed;
  }
}

void Breaker::notifyObserver(std::unique_lock<std::mutex>& held) noexcept {
  if (notifying_) return;  // that thread will find it
  notifying_ = true;
  while (!changes_.empty()) {
    const auto [before, after] = changes_.front();
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
