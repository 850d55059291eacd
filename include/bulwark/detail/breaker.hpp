#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
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
/// Each stay in a state is an era. A call belongs to the era in which it began. A call that ends in
/// a later era is counted, and changes no state.
///
/// The breaker has no timer. A call that does not end changes the accounting when it has become too
/// old (see below). Each function that is told the time first catches up: what has become due
/// counts in the order in which it became due, and as of that moment.
class BULWARK_EXPORT Breaker {
 public:
  struct Call;

  /// A moment at which a call that has not ended changes the accounting.
  struct Expiry {
    explicit Expiry(Call* owner) noexcept : call(owner) {}
    Expiry(const Expiry&) = delete;
    Expiry& operator=(const Expiry&) = delete;
    ~Expiry() = default;

    Call* const call;
    Instant at = never;
    // Neighbours in a ring: the queue, or only itself.
    Expiry* previous = this;
    Expiry* next = this;
  };

  /// A call that was let through and whose age matters: a probe, and any call where slow calls are
  /// counted. Guarded by the lock.
  struct Call {
    std::uint64_t era = 0;
    bool probe = false;
    Expiry timeout{this};  // from its entry on, for a probe: counts as failed
    Expiry slow{this};  // while its work runs: counts as slow
    bool timedOut = false;  // it counted as failed: its end changes nothing
    std::uint64_t slowEra = 0;  // in which it counted as slow before its end; 0: it has not
    std::uint64_t recordNo = 0;  // of its record in the window, if it has one already
  };

  /// Throws ConfigError.
  explicit Breaker(CircuitBreakerConfig config);

  const std::string& name() const noexcept { return config_.name; }

  /// The answer to a call that wants to go ahead.
  struct Entry {
    bool goesAhead = true;
    std::uint64_t era = 0;
    std::unique_ptr<Call> call{};  // null: its age does not matter
    Instant retryAfter{0};  // refused: until the next probe
  };
  /// Throws std::bad_alloc; then nothing has changed.
  Entry enter(Instant now);
  /// A refusal that could not be reported was no call.
  void undoRefusal() noexcept { books_.refused.fetch_sub(1, std::memory_order_relaxed); }

  /// The work of the call begins.
  void begin(const Entry& entry, Instant now) noexcept;
  /// A call ended. `error` is null if it succeeded; `cancelled`: its caller has requested
  /// cancellation. May call back the user.
  void end(const Entry& entry, const std::exception_ptr& error, bool cancelled, Instant took,
           Instant now) noexcept;
  /// The call was never run, or not to its end: nothing is known about the service.
  void giveBack(const Entry& entry, Instant now) noexcept;

  /// As the next call would find it. No lock unless something is due, here and in totals().
  CircuitState state(Instant now) noexcept;
  CircuitBreakerStats stats(Instant now);
  /// The same of its whole life, whatever reset() did; without the name.
  CircuitBreakerStats totals(Instant now) noexcept;
  void reset(Instant now) noexcept;
  void forceOpen(Instant now) noexcept;

 private:
  friend class BreakerWatch;

  enum class Outcome : std::uint8_t { succeeded, failed, ignored, unknown };

  /// What is kept of a call: 0 or some of these. Without `counted` the record is void.
  using Record = std::uint8_t;
  static constexpr Record counted = 1;
  static constexpr Record failure = 2;
  static constexpr Record slowness = 4;

  /// The sum of a number of records.
  struct Tally {
    std::size_t calls = 0;
    std::size_t failed = 0;
    std::size_t slow = 0;

    void add(Record record) noexcept {
      calls += (record & counted) != 0 ? 1 : 0;
      failed += (record & failure) != 0 ? 1 : 0;
      slow += (record & slowness) != 0 ? 1 : 0;
    }
    void remove(Record record) noexcept {
      calls -= (record & counted) != 0 ? 1 : 0;
      failed -= (record & failure) != 0 ? 1 : 0;
      slow -= (record & slowness) != 0 ? 1 : 0;
    }
  };

  /// Expiries in the order in which they were added. That is the order of time as well, except
  /// after a step of the clock, which delays those that are added later.
  class ExpiryQueue {
   public:
    /// The first one. If there is none: one that is never due.
    const Expiry& front() const noexcept { return *ring_.next; }
    void push(Expiry& expiry, Instant at) noexcept {
      if (at == never) return;
      expiry.at = at;
      expiry.previous = std::exchange(ring_.previous, &expiry);
      expiry.next = &ring_;
      expiry.previous->next = &expiry;
    }

   private:
    Expiry ring_{nullptr};
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
  /// With the lock held. Only refusals are counted without it.
  static void bump(std::atomic<std::uint64_t>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  struct Change {
    CircuitState before;
    CircuitState after;
  };

  bool isDue(Instant now) const noexcept {
    const Instant due = nextDue_.load(std::memory_order_relaxed);
    return due <= now && due != never;
  }
  CircuitState stateNow(Instant now) const noexcept;
  CircuitBreakerStats count() const noexcept;
  std::unique_lock<std::mutex> lock() noexcept;
  void close(const Entry& entry, Outcome outcome, Instant took, Instant now) noexcept;

  // All of these are called with the lock held.
  void expectExpiry(ExpiryQueue& queue, Expiry& expiry, Instant at) noexcept;
  void cancel(Expiry& expiry) noexcept;
  void updateNextDue() noexcept;
  void catchUp(Instant now) noexcept;
  void countTimeout(Call& call, Instant at) noexcept;
  void countSlow(Call& call, Instant at) noexcept;
  void uncountSlow(const Call& call) noexcept;
  void moveTo(CircuitState next) noexcept;
  void open(Instant at) noexcept;
  Record& placeOf(std::uint64_t recordNo) noexcept {
    return window_[static_cast<std::size_t>(recordNo % window_.size())];
  }
  std::uint64_t remember(Record record) noexcept;
  void replace(std::uint64_t recordNo, Record record) noexcept;
  void judgeWindow(Instant at) noexcept;
  void judgeProbes(Instant at) noexcept;
  bool tooBad(const Tally& tally) const noexcept;

  Outcome judge(const std::exception_ptr& error, bool cancelled) const noexcept;
  void notifyObserver(std::unique_lock<std::mutex>& held) noexcept;

  const CircuitBreakerConfig config_;
  const Instant probeTimeout_;

  // How a call counts. In the closed state a call has a record in the window, in the half-open
  // state its part in the tally of the probes.
  //
  //  - A call that ends in its own era counts once: as a success or a failure, and as slow if its
  //    work took longer than slowCallDuration. One that is ignored, or given up, does not count.
  //  - When the work of a call has been running for longer than slowCallDuration, the call counts
  //    as slow at once. Its end completes that: if it failed, it counts as a failure, too; if it is
  //    ignored, it no longer counts. A record that has left the window by then stays as it is.
  //  - A probe that was let through probeTimeout ago counts as failed at once. Its end changes
  //    nothing.
  //  - A call that ends is not counted as slow beforehand at that moment: its outcome is known.
  //  - Whenever a count has changed there may be a verdict: on the window if it holds enough calls,
  //    on the probes when halfOpenCalls of them count. A verdict that changes the state ends the
  //    era, so there is one at most.
  //
  // In half-open, probes_ + probed_.calls is at most halfOpenCalls. A probe begins in probes_, and
  // moves to probed_ when it first counts.

  mutable std::mutex mutex_;
  // Written under the lock. The closed era, which is what most calls look for, or 0: entering
  // while closed takes no lock.
  std::atomic<std::uint64_t> closedEra_{1};
  std::atomic<CircuitState> state_{CircuitState::closed};
  std::uint64_t era_ = 1;
  // Open: when the next call is a probe. Written before the state: a reader that finds the breaker
  // open finds this.
  std::atomic<Instant> reopensAt_{Instant{0}};

  // Closed: the last calls, in a ring. Record n is at n modulo the size.
  std::vector<Record> window_;
  std::uint64_t recorded_ = 0;  // in this era
  Tally recent_;  // of the records that are in the ring

  // Half-open.
  std::size_t probes_ = 0;  // let through, and not counted
  Tally probed_;  // counted

  // Those of an earlier era are still in them: such a call counts as slow, and changes no state.
  ExpiryQueue timeouts_;
  ExpiryQueue slows_;
  std::atomic<Instant> nextDue_{never};  // the first of both

  Books books_;
  CircuitBreakerStats atReset_;  // what the counters said then; without name and state
  std::uint64_t resetEra_ = 0;  // the era that reset() began

  // Changes that the observer has not been notified of yet; one thread at a time does that, in
  // order. Their nodes come from `spare_`, and go back there: none is allocated under the lock.
  std::list<Change> changes_;
  std::list<Change> spare_;
  bool notifying_ = false;

  std::atomic<long> watches_{0};  // BreakerWatches that hold it
};

/// Looks at a breaker, and can tell whether the user or a call still holds it.
class BreakerWatch {
 public:
  explicit BreakerWatch(std::shared_ptr<Breaker> breaker) noexcept : breaker_(std::move(breaker)) {
    ++breaker_->watches_;
  }
  BreakerWatch(const BreakerWatch&) = delete;
  BreakerWatch& operator=(const BreakerWatch&) = delete;
  ~BreakerWatch() { --breaker_->watches_; }

  Breaker& breaker() const noexcept { return *breaker_; }

  /// Only watches hold it. While one of them comes or goes, this may be false for another one.
  bool alone() const noexcept { return breaker_.use_count() <= breaker_->watches_; }

 private:
  const std::shared_ptr<Breaker> breaker_;
};

}  // namespace bulwark::detail
