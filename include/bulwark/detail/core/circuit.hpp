#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/circuit_notices.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/sliding_window.hpp"
#include "bulwark/detail/core/tally.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The state machine of a circuit breaker. It knows no executor and no clock: it receives the time
/// as an argument.
///
/// Each change of state, and each reset(), begins a new generation. A call belongs to the
/// generation in which it began. A call that ends in a later generation is counted, and changes no
/// state.
///
/// The circuit has no timer. A call that does not end is accounted for when its expiry is due (see
/// below). Each function that receives the time, except begin(), first catches up: it accounts for
/// all expiries that are due, in order, and each as of the moment at which it became due.
///
/// Thread-safe.
class BULWARK_EXPORT Circuit {
 public:
  struct Call;

  /// The moment at which a call that has not ended is accounted for.
  struct Expiry {
    explicit Expiry(Call* owner) noexcept : call(owner) {}
    Expiry(const Expiry&) = delete;
    Expiry& operator=(const Expiry&) = delete;
    ~Expiry() = default;

    Call* const call;
    Instant since{0};  // when the time began that ends at `at`
    Instant at = never;
    // Neighbours in the ring of an ExpiryQueue; the object itself while it is in none.
    Expiry* previous = this;
    Expiry* next = this;
  };

  /// An admitted call whose age matters: a probe, or any call if slow calls are counted. Guarded by
  /// the mutex, except while enter() makes it.
  struct Call {
    std::uint64_t generation = 0;
    bool probe = false;
    Expiry timeout{this};  // of a probe, from its admission on: the probe then counts as failed
    Expiry slow{this};  // while the work runs: the call then counts as slow
    bool timedOut = false;  // `timeout` has expired: the end of the call changes nothing
    // The generation in which the call counted as slow before its end; 0: it has not.
    std::uint64_t slowGeneration = 0;
    SlidingWindow::Place place = SlidingWindow::nowhere;  // of the record that it has for that
  };

  /// How a call ended. `unknown`: it did not run, or did not run to its end.
  enum class Outcome : std::uint8_t { succeeded, failed, ignored, unknown };

  /// A configuration, which never changes: another one takes its place.
  using Config = std::shared_ptr<const CircuitBreakerConfig>;

  /// @param config has been checked by checkedCircuitBreaker()
  explicit Circuit(CircuitBreakerConfig config);

  const std::string& name() const noexcept { return first_->name; }
  /// The present configuration. Takes a short lock.
  Config config() const noexcept;
  /// Changes the configuration to `next`, if the present one is still `expected`. `next` has been
  /// checked, too. Its name and its onStateChange are those of the first configuration.
  /// @return false: another thread has changed the configuration, and nothing has been done
  bool configure(const Config& expected, Config next, Instant now);

  /// Replaces the observer, which receives all notices. If the circuit is not closed, the first one
  /// says so.
  /// @return the previous observer, to be destroyed by the caller
  std::shared_ptr<const CircuitNotices::Observer> setObserver(
      std::shared_ptr<const CircuitNotices::Observer> observer, Instant now) noexcept;

  /// The answer to a call that asks for permission.
  struct Entry {
    bool goesAhead = true;
    bool judged = true;  // false: mode off. Nothing more is reported about the call
    std::uint64_t generation = 0;  // 0: the call belongs to none, and changes no state
    std::unique_ptr<Call> call{};  // null: the age of the call does not matter
    Instant retryAfter{0};  // of a refused call: the time until the next probe
  };
  /// Throws std::bad_alloc, and then nothing has changed.
  Entry enter(Instant now);
  /// Uncounts a refusal that could not be reported to the caller.
  void undoRefusal() noexcept { counters_.refused.fetch_sub(1, std::memory_order_relaxed); }

  // Of calls that go ahead and are judged:

  /// The work of the call begins.
  void begin(const Entry& entry, Instant now) noexcept;
  /// The call has ended. As every function that catches up, this may call the user's
  /// onStateChange.
  void end(const Entry& entry, Outcome outcome, Instant took, Instant now) noexcept;
  /// The call did not run, or did not run to its end: it says nothing about the service.
  void giveBack(const Entry& entry, Instant now) noexcept;

  /// The state that the next call would meet. Takes no lock unless an expiry is due.
  CircuitState state(Instant now) noexcept;
  CircuitBreakerStats stats(Instant now);
  /// The statistics since construction, which reset() does not affect; without the name. Does not
  /// catch up, and so calls no onStateChange: state() comes first, where the caller holds no lock.
  CircuitBreakerStats totals(Instant now) const noexcept;
  void reset(Instant now) noexcept;
  void forceOpen(Instant now) noexcept;

 private:
  template <typename Pointer>
  friend class BasicCircuitWatch;

  /// Expiries in the order in which they were added. That is the order of time, too, since all of
  /// them are equally long, unless the clock steps back: an expiry that is added after that is
  /// accounted for late.
  class ExpiryQueue {
   public:
    /// The first expiry. If the queue is empty: one that is never due.
    const Expiry& front() const noexcept { return *ring_.next; }
    void push(Expiry& expiry, Instant since, Instant at) noexcept {
      expiry.since = since;
      expiry.at = at;
      expiry.previous = std::exchange(ring_.previous, &expiry);
      expiry.next = &ring_;
      expiry.previous->next = &expiry;
    }
    template <typename F>
    void forEach(F f) noexcept {
      for (Expiry* expiry = ring_.next; expiry != &ring_; expiry = expiry->next) f(*expiry);
    }

   private:
    Expiry ring_{nullptr};  // links the last expiry to the first
  };

  /// Counts since construction. `refused` is changed by a read-modify-write, without the mutex; the
  /// others are written under the mutex. All are read without it, and none orders anything else.
  struct Counters {
    Atomic<std::uint64_t> succeeded{0};
    Atomic<std::uint64_t> failed{0};
    Atomic<std::uint64_t> slow{0};
    Atomic<std::uint64_t> ignored{0};
    Atomic<std::uint64_t> refused{0};
    Atomic<std::uint64_t> opened{0};
    Atomic<std::uint64_t> wouldHaveRefused{0};
  };
  /// The caller holds the mutex.
  static void bump(Atomic<std::uint64_t>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  /// Whether an expiry is due. Lock-free.
  bool isDue(Instant now) const noexcept {
    const Instant due = nextDue_.load(std::memory_order_relaxed);
    return due <= now && due != never;
  }
  CircuitState stateNow(Instant now) const noexcept;
  CircuitBreakerStats count() const noexcept;
  std::unique_lock<Mutex> lock() noexcept;

  // The caller holds the mutex.
  CircuitState present() const noexcept { return state_.load(std::memory_order_relaxed); }
  void refuse(Entry& entry, Instant now) noexcept;
  Instant slowAfter(Instant began) const noexcept;
  Instant timeoutAfter(Instant admitted) const noexcept;
  void retime(const CircuitBreakerConfig& before, Instant now) noexcept;
  void replaceWindow(SlidingWindow& next) noexcept;
  void cancel(Expiry& expiry) noexcept;
  void updateNextDue() noexcept;
  void catchUp(Instant now) noexcept;
  void countTimeout(Call& call, Instant at) noexcept;
  void countSlow(Call& call, Instant at) noexcept;
  void uncountSlow(const Call& call) noexcept;
  void moveTo(CircuitState next, Instant at) noexcept;
  void open(Instant at) noexcept;
  void judgeWindow(Instant at) noexcept;
  void judgeProbes(Instant at) noexcept;
  bool aboveThreshold(const Tally& tally) const noexcept;

  const Config first_;  // the first configuration, whose name and onStateChange never change

  // How a call counts. In the closed state a call has a record in the window. In the half-open
  // state it is part of the tally of the probes.
  //
  //  - A call that ends in its own generation counts once: as a success or a failure, and as slow
  //    if its work took longer than slowCallDuration. A call that is ignored or given up does not
  //    count.
  //  - When the work of a call has been running for longer than slowCallDuration, the call counts
  //    as slow at once. Its end completes the record: if it failed, it counts as a failure, too; if
  //    it is ignored, it no longer counts. SlidingWindow::complete() says where the record is then.
  //  - A probe that was admitted probeTimeout ago counts as failed at once. Its end changes
  //    nothing.
  //  - end() cancels the expiry `slow` before it catches up, because the outcome is known by then.
  //  - Each change of a count may lead to a verdict: on the window if it holds enough calls, on the
  //    probes when halfOpenCalls of them count. A verdict that changes the state ends the
  //    generation, so a generation has at most one.
  //  - A call that began in mode off is not reported. One that mode observe did not refuse is
  //    counted and belongs to no generation, because in mode enforce it would not have run.
  //
  // In the half-open state, a probe begins in probes_, and moves to probed_ when it first counts. A
  // call becomes a probe while probes_ + probed_.calls is below halfOpenCalls.
  //
  // A new configuration applies to what happens after it. What was due before it is accounted for
  // by the previous one. Two things cannot wait for the next call: expiries, whose queues would
  // lose their order, and the verdict on the probes, if as many as halfOpenCalls count already.

  // Guards everything below, except watches_ and `refused` of the counters. The atomic members are
  // written under the mutex and read without it.
  mutable Mutex mutex_;
  Config config_;
  // Copies of two fields of the configuration, for enter() and begin(). No other field depends on
  // them, so it does not matter if a thread sees one of them late.
  Atomic<Mode> mode_;
  Atomic<Instant> slowCallDuration_;
  // The present generation if the state is closed; 0 otherwise. While closed, enter() takes no
  // lock.
  Atomic<std::uint64_t> closedGeneration_{1};
  Atomic<CircuitState> state_{CircuitState::closed};  // open also when a probe is due
  std::uint64_t generation_ = 1;
  // In the open state, the time from which the next call is a probe; never: forceOpen(). Written
  // before the state, so that a reader that finds the state open finds this, too.
  Atomic<Instant> reopensAt_{Instant{0}};
  Instant openedAt_{0};  // in the open state
  bool forced_ = false;  // in the open state: forceOpen() was called

  SlidingWindow window_;  // in the closed state; otherwise empty

  // In the half-open state.
  std::size_t probes_ = 0;  // admitted, and not counted yet
  Tally probed_;  // of the probes that count

  // These keep the expiries of earlier generations. A call of an earlier generation still counts as
  // slow, and changes no state.
  ExpiryQueue timeouts_;
  ExpiryQueue slows_;
  Atomic<Instant> nextDue_{never};  // the earlier of the first expiries of both queues
  // The expiries `slow` of the calls that have a place in the window and have not ended. They are
  // never due.
  ExpiryQueue placed_;

  Counters counters_;
  CircuitBreakerStats atReset_;  // the counters at the last reset(); without name and state
  std::uint64_t resetGeneration_ = 0;  // the generation that reset() began

  CircuitNotices notices_;

  std::atomic<long> watches_{0};  // the CircuitWatches of this circuit
};

/// Observes a circuit, and knows whether anything but watches still holds it.
///
/// @tparam Pointer std::shared_ptr<Circuit>; tests/interleave counts by its own primitives
template <typename Pointer>
class BasicCircuitWatch {
 public:
  explicit BasicCircuitWatch(Pointer circuit) noexcept : circuit_(std::move(circuit)) {
    circuit_->watches_.fetch_add(1);
  }
  BasicCircuitWatch(const BasicCircuitWatch&) = delete;
  BasicCircuitWatch& operator=(const BasicCircuitWatch&) = delete;
  ~BasicCircuitWatch() { circuit_->watches_.fetch_sub(1); }

  auto& circuit() const noexcept { return *circuit_; }
  const Pointer& pointer() const noexcept { return circuit_; }

  /// Whether only watches hold the circuit. The caller knows that no watch is made any more, since
  /// the breaker is destroyed. While a watch is destroyed, this may be false although it is so.
  bool alone() const noexcept {
    // All holders first, then the watches among them. A watch leaves `watches_` before it releases
    // the circuit. So a watch that this count misses is not counted below, either, and does not
    // stand for a call that still holds the circuit.
    const long holders = circuit_.use_count();
    // acquire: use_count() is relaxed. Pairs with the release of the circuit by a watch or a call.
    fence(std::memory_order_acquire);
    return holders <= circuit_->watches_.load();
  }

 private:
  const Pointer circuit_;
};

using CircuitWatch = BasicCircuitWatch<std::shared_ptr<Circuit>>;

}  // namespace bulwark::detail
