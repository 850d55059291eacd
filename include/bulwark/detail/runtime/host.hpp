#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/runtime/dependents.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/runtime/stopwatch.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

class RunQueue;

/// The state behind an object of the library: its name, its references, and the end of its life.
/// Everything that does not depend on the type of the executor or the clock; AsioHost adds those.
///
/// A host ends in two ways. close(): its owner, the user's object, is destroyed; references may
/// keep the state. abandon(): the execution context is destroyed; no call can run any more.
///
/// Thread-safe.
class BULWARK_EXPORT Host : public SharedState {
 public:
  explicit Host(std::string name) : name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
  /// The host's clock, for deadlines.
  virtual Instant now() const noexcept = 0;

  /// A reading of what measures durations: a stopwatch, or the host's clock if that is not
  /// steady_clock.
  Ticks ticks() const noexcept { return measuresByClock_ ? ticksOf(now()) : Stopwatch::now(); }
  /// The end of what began at `start`.
  Ticks ticksAfter(Ticks start) const noexcept {
    return measuresByClock_ ? ticksOf(now()) : Stopwatch::again(start);
  }
  /// The clock's reading that belongs to `ticks`, a reading of this moment, and the reverse. What
  /// is known already is not read again.
  Instant clockAt(Ticks ticks) const noexcept {
    return measuresByClock_ ? instantOf(ticks) : now();
  }
  Ticks ticksAt(Instant now) const noexcept {
    return measuresByClock_ ? ticksOf(now) : Stopwatch::now();
  }
  /// The duration between the two.
  Instant between(Ticks start, Ticks end) const noexcept {
    return measuresByClock_ ? instantOf(end) - instantOf(start) : Stopwatch::between(start, end);
  }

  /// The owner is destroyed: drops its reference. A name is free for another object from then on,
  /// although calls may still run.
  virtual void close() noexcept;
  bool destroyed() const noexcept { return destroyed_.load(std::memory_order_acquire); }

  void abandon() noexcept override;
  bool abandoned() const noexcept { return abandoned_.load(std::memory_order_acquire); }

  /// Whether the host accepts no more calls.
  virtual bool closed() const noexcept { return destroyed() || abandoned(); }

  /// A retry that called this host begins its back-off, or ends it.
  /// @return false: the host is closed already
  bool listBackOff(Dependent& retry) noexcept;
  void unlistBackOff(Dependent& retry) noexcept;

  /// Hosts are numbered in the order in which they are made. Those of a manager get the number of
  /// their manager before they are used.
  std::uint64_t number() const noexcept { return number_; }
  void setNumber(std::uint64_t number) noexcept { number_ = number; }
  static std::uint64_t nextNumber() noexcept;
  static std::uint64_t lastNumber() noexcept;

 protected:
  ~Host() override = default;

  /// The first half of each end. Returns whether this thread is the one to do the rest. release:
  /// pairs with the acquire in destroyed() and abandoned().
  void markDestroyed() noexcept { destroyed_.store(true, std::memory_order_release); }
  bool markAbandoned() noexcept { return !abandoned_.exchange(true, std::memory_order_acq_rel); }

  /// Ends the back-off of the retries that called this host, which the caller has closed. A retry
  /// that begins one later finds that out under the mutex. If resume() comes first, or in between,
  /// the rest goes on, because the next attempt would not be refused. Asked under the mutex: a
  /// retry that finds the host open there, after resume(), is not ended.
  void endBackOffs() noexcept {
    backOffs_.interruptWhile(mutex_, [this] { return closed(); });
  }

  /// Destroys executor and timer. Called without a lock.
  virtual void detach() noexcept = 0;

  Mutex& mutex() noexcept { return mutex_; }

  void measureByClock() noexcept { measuresByClock_ = true; }
  static Ticks ticksOf(Instant now) noexcept {
    return Ticks{static_cast<std::uint64_t>(now.count())};
  }

 private:
  friend class RunQueue;

  static Instant instantOf(Ticks ticks) noexcept {
    return Instant(static_cast<std::int64_t>(ticks));
  }

  Atomic<bool> abandoned_{false};  // the context is gone; never reset
  std::atomic<bool> destroyed_{false};  // no decision of the protocol depends on it
  bool measuresByClock_ = false;  // set by the constructor of AsioHost
  const std::string name_;
  std::uint64_t number_ = nextNumber();
  Mutex mutex_;  // guards backOffs_, and the lists of the classes that derive from this
  DependentList backOffs_;
};

}  // namespace bulwark::detail
