#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The states of a circuit breaker and what leads from one to the other. It knows no executor and
/// no clock: it is told the time. Any number of threads may call anything at any time.
///
/// Each stay in a state is an era. A call belongs to the era in which it began, and when it ends in
/// another one it is counted, but changes nothing.
class BULWARK_EXPORT Breaker {
 public:
  /// Throws ConfigError.
  explicit Breaker(CircuitBreakerConfig config);

  const std::string& name() const noexcept { return config_.name; }

  /// The answer to a call that wants to go ahead.
  struct Entry {
    bool goesAhead;
    std::uint64_t era = 0;
    Instant retryAfter{0};  // refused: until the next probe
  };
  Entry enter(Instant now) noexcept;
  /// A refusal that nobody could be told of was no call.
  void undoRefusal() noexcept { books_.refused.fetch_sub(1, std::memory_order_relaxed); }

  /// A call ended. `error` is null if it succeeded; `cancelled`: its caller has requested
  /// cancellation. May call back the user.
  void end(std::uint64_t era, const std::exception_ptr& error, bool cancelled, Instant took,
           Instant now) noexcept;
  /// It was never run, or not to its end: nothing is known about the service.
  void giveBack(std::uint64_t era) noexcept;

  /// As the next call would find it.
  CircuitState state(Instant now) const noexcept;
  CircuitBreakerStats stats(Instant now) const;
  /// The same of its whole life, whatever reset() did; without the name. No lock.
  CircuitBreakerStats totals(Instant now) const noexcept;
  void reset() noexcept;
  void forceOpen() noexcept;

 private:
  friend class BreakerWatch;

  enum class Outcome : std::uint8_t { succeeded, failed, ignored };

  /// What a number of calls came to.
  struct Tally {
    std::size_t calls = 0;
    std::size_t failed = 0;
    std::size_t slow = 0;
  };

  /// What is counted, ever.
  struct Books {
    std::atomic<std::uint64_t> succeeded{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> slow{0};
    std::atomic<std::uint64_t> ignored{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> opened{0};
  };
  /// For holders of the lock, who alone count but refusals.
  static void bump(std::atomic<std::uint64_t>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  // All of these are for holders of the lock.
  void returnProbe(std::uint64_t era) noexcept;
  void moveTo(CircuitState next) noexcept;
  void open(Instant now) noexcept;
  void remember(bool failed, bool slow) noexcept;
  bool tooBad(const Tally& tally) const noexcept;

  Outcome judge(const std::exception_ptr& error, bool cancelled) const noexcept;
  void tellObserver(std::unique_lock<std::mutex>& lock) noexcept;

  const CircuitBreakerConfig config_;

  mutable std::mutex mutex_;
  // Written under the lock. The closed era, which is what most calls look for, or 0: entering
  // while closed takes no lock.
  std::atomic<std::uint64_t> closedEra_{1};
  std::atomic<CircuitState> state_{CircuitState::closed};
  std::uint64_t era_ = 1;
  // Open: when the next call is a probe. Written before the state: who finds it open finds this.
  std::atomic<Instant> reopensAt_{Instant{0}};

  // Closed: the last calls, in a ring.
  std::vector<std::uint8_t> window_;
  std::size_t oldest_ = 0;
  Tally recent_;

  // Half-open.
  std::size_t probes_ = 0;  // running
  Tally probed_;  // ended

  Books books_;
  CircuitBreakerStats atReset_;  // what the books said then; without name and state

  // Changes that the observer has not been told of yet; one thread at a time tells them, in order.
  std::deque<std::pair<CircuitState, CircuitState>> changes_;
  bool telling_ = false;

  std::atomic<long> watches_{0};  // BreakerWatches that hold it
};

/// Somebody who looks at a breaker, and can tell whether the user or a call still holds it.
class BreakerWatch {
 public:
  explicit BreakerWatch(std::shared_ptr<Breaker> breaker) noexcept : breaker_(std::move(breaker)) {
    ++breaker_->watches_;
  }
  BreakerWatch(const BreakerWatch&) = delete;
  BreakerWatch& operator=(const BreakerWatch&) = delete;
  ~BreakerWatch() { --breaker_->watches_; }

  const Breaker& breaker() const noexcept { return *breaker_; }

  /// Nobody but those who watch. While one of them comes or goes it may be false for another one.
  bool alone() const noexcept { return breaker_.use_count() <= breaker_->watches_; }

 private:
  const std::shared_ptr<Breaker> breaker_;
};

/// A call's leave to go ahead. Destroyed before the call has ended, it gives that back.
class Ticket {
 public:
  Ticket(std::shared_ptr<Breaker> breaker, std::uint64_t era) noexcept
      : breaker_(std::move(breaker)), era_(era) {}
  Ticket(Ticket&&) noexcept = default;
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (breaker_ != nullptr) breaker_->giveBack(era_);
  }

  /// The call ended, with this error or with none. What comes later says nothing more.
  void end(const std::exception_ptr& error, bool cancelled, Instant start, Instant now) noexcept {
    if (const auto breaker = std::exchange(breaker_, nullptr)) {
      breaker->end(era_, error, cancelled, now - start, now);
    }
  }

 private:
  std::shared_ptr<Breaker> breaker_;
  std::uint64_t era_;
};

}  // namespace bulwark::detail
