#include "bulwark/detail/breaker.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "bulwark/error.hpp"
#include "config_check.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

// What the window keeps of a call.
constexpr std::uint8_t failedBit = 1;
constexpr std::uint8_t slowBit = 2;

constexpr std::size_t maxWindow = std::size_t{1} << 24;

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
  return config;
}

}  // namespace

Breaker::Breaker(CircuitBreakerConfig config)
    : config_(checked(std::move(config))), window_(config_.slidingWindowSize) {}

Breaker::Entry Breaker::enter(Instant now) noexcept {
  if (const auto era = closedEra_.load(std::memory_order_acquire)) return {true, era};
  std::unique_lock lock(mutex_);
  if (state(now) != state_) moveTo(CircuitState::halfOpen);
  Entry entry{.goesAhead = true, .era = era_};
  if (state_ == CircuitState::open) {
    entry.goesAhead = false;
    const Instant reopensAt = reopensAt_;
    entry.retryAfter = reopensAt == never ? never : reopensAt - now;
  } else if (state_ == CircuitState::halfOpen) {
    // Those that have ended and those that run together make up the verdict.
    if (probes_ + probed_.calls < config_.halfOpenCalls) {
      ++probes_;
    } else {
      entry.goesAhead = false;
    }
  }
  if (!entry.goesAhead) books_.refused.fetch_add(1, std::memory_order_relaxed);
  tellObserver(lock);
  return entry;
}

void Breaker::end(std::uint64_t era, const std::exception_ptr& error, Instant took,
                  Instant now) noexcept {
  const Outcome outcome = judge(error);
  const bool failed = outcome == Outcome::failed;
  const bool slow = took > config_.slowCallDuration;
  std::unique_lock lock(mutex_);
  if (outcome == Outcome::ignored) {
    bump(books_.ignored);
    returnProbe(era);
    return;
  }
  bump(failed ? books_.failed : books_.succeeded);
  if (slow) bump(books_.slow);
  if (era != era_) return;
  if (state_ == CircuitState::halfOpen) {
    --probes_;
    ++probed_.calls;
    probed_.failed += failed ? 1 : 0;
    probed_.slow += slow ? 1 : 0;
    if (probed_.calls == config_.halfOpenCalls) {
      if (tooBad(probed_)) {
        open(now);
      } else {
        moveTo(CircuitState::closed);
      }
    }
  } else {
    remember(failed, slow);
    if (recent_.calls >= std::min(config_.minimumCalls, window_.size()) && tooBad(recent_)) {
      open(now);
    }
  }
  tellObserver(lock);
}

void Breaker::giveBack(std::uint64_t era) noexcept {
  const std::lock_guard lock(mutex_);
  returnProbe(era);
}

CircuitState Breaker::state(Instant now) const noexcept {
  const CircuitState state = state_.load(std::memory_order_acquire);
  if (state != CircuitState::open) return state;
  const Instant reopensAt = reopensAt_.load(std::memory_order_relaxed);
  return reopensAt != never && now >= reopensAt ? CircuitState::halfOpen : CircuitState::open;
}

CircuitBreakerStats Breaker::totals(Instant now) const noexcept {
  CircuitBreakerStats result;
  result.state = state(now);
  result.succeeded = books_.succeeded.load(std::memory_order_relaxed);
  result.failed = books_.failed.load(std::memory_order_relaxed);
  result.slow = books_.slow.load(std::memory_order_relaxed);
  result.ignored = books_.ignored.load(std::memory_order_relaxed);
  result.refused = books_.refused.load(std::memory_order_relaxed);
  result.opened = books_.opened.load(std::memory_order_relaxed);
  return result;
}

CircuitBreakerStats Breaker::stats(Instant now) const {
  const std::lock_guard lock(mutex_);
  CircuitBreakerStats result = totals(now);
  result.name = config_.name;
  result.succeeded -= atReset_.succeeded;
  result.failed -= atReset_.failed;
  result.slow -= atReset_.slow;
  result.ignored -= atReset_.ignored;
  result.refused -= std::min(result.refused, atReset_.refused);  // one may be taken back since
  result.opened -= atReset_.opened;
  return result;
}

void Breaker::reset() noexcept {
  std::unique_lock lock(mutex_);
  moveTo(CircuitState::closed);
  atReset_ = totals(Instant{0});
  tellObserver(lock);
}

void Breaker::forceOpen() noexcept {
  std::unique_lock lock(mutex_);
  reopensAt_ = never;
  if (state_ != CircuitState::open) {
    moveTo(CircuitState::open);
    bump(books_.opened);
  }
  tellObserver(lock);
}

// --- for holders of the lock --------------------------------------------------------------------

/// A call of that era ended without a verdict: if it was a probe, its place is for another.
void Breaker::returnProbe(std::uint64_t era) noexcept {
  if (era == era_ && state_ == CircuitState::halfOpen) --probes_;
}

/// Begins a new era, with nothing remembered.
void Breaker::moveTo(CircuitState next) noexcept {
  const CircuitState before = state_;
  if (next != before && config_.onStateChange) {
    try {
      changes_.emplace_back(before, next);
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory; the change itself matters more
    }
  }
  state_.store(next, std::memory_order_release);
  ++era_;
  recent_ = probed_ = {};
  probes_ = 0;
  oldest_ = 0;
  closedEra_.store(next == CircuitState::closed ? era_ : 0, std::memory_order_release);
}

void Breaker::open(Instant now) noexcept {
  reopensAt_ = deadlineAfter(now, config_.openDuration);
  moveTo(CircuitState::open);
  bump(books_.opened);
}

void Breaker::remember(bool failed, bool slow) noexcept {
  if (recent_.calls == window_.size()) {
    recent_.failed -= (window_[oldest_] & failedBit) != 0 ? 1 : 0;
    recent_.slow -= (window_[oldest_] & slowBit) != 0 ? 1 : 0;
  } else {
    ++recent_.calls;
  }
  // Until the window is full, the oldest place is the next free one.
  window_[oldest_] = static_cast<std::uint8_t>((failed ? failedBit : 0) | (slow ? slowBit : 0));
  oldest_ = (oldest_ + 1) % window_.size();
  recent_.failed += failed ? 1 : 0;
  recent_.slow += slow ? 1 : 0;
}

bool Breaker::tooBad(const Tally& tally) const noexcept {
  // By division: 55 of 100 are exactly what 0.55 is, and not exactly 0.55 * 100.
  const auto share = [&tally](std::size_t part) {
    return static_cast<double>(part) / static_cast<double>(tally.calls);
  };
  return share(tally.failed) >= config_.failureRateThreshold ||
         share(tally.slow) >= config_.slowCallRateThreshold;
}

// --- the user's functions: without the lock -----------------------------------------------------

Breaker::Outcome Breaker::judge(const std::exception_ptr& error) const noexcept {
  if (!error) return Outcome::succeeded;
  const net::error_code code = errorCodeOf(error);
  if (code.category() == bulkheadCategory()) return Outcome::ignored;
  try {
    const bool failed =
        config_.isFailure ? config_.isFailure(error) : code != net::error::operation_aborted;
    return failed ? Outcome::failed : Outcome::ignored;
  } catch (...) {
    return Outcome::failed;
  }
}

void Breaker::tellObserver(std::unique_lock<std::mutex>& lock) noexcept {
  if (telling_) return;  // that thread will find it
  telling_ = true;
  while (!changes_.empty()) {
    const auto [before, after] = changes_.front();
    changes_.pop_front();
    lock.unlock();
    try {
      config_.onStateChange(before, after);
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    lock.lock();
  }
  telling_ = false;
}

}  // namespace bulwark::detail
