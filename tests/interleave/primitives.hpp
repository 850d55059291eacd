#pragma once

#include <bulwark/build.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <mutex>
#include <source_location>
#include <type_traits>
#include <vector>

#include "interleave/scheduler.hpp"

// The primitives that tests/interleave compiles the library with, instead of those of
// bulwark/detail/core/primitives.hpp.
//
// They follow the C++ memory model with two exceptions. A load may return any store that is not
// hidden by happens-before or by read coherence. An acquire load of a release store, or of a store
// that continues its release sequence, synchronises; so do fences. The exceptions: a store always
// comes last in the modification order of its object, and seq_cst is treated as acq_rel.

namespace interleave {

constexpr bool acquires(std::memory_order order) noexcept {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}
constexpr bool releases(std::memory_order order) noexcept {
  return order != std::memory_order_relaxed && order != std::memory_order_acquire &&
         order != std::memory_order_consume;
}

/// The state that a thread keeps for fences. Reset in each run.
struct FenceClocks {
  VectorClock acquired;  // seen by relaxed loads, for an acquire fence
  VectorClock released;  // published by the last release fence
};
FenceClocks& fenceClocks() noexcept;

template <typename T>
class Atomic {
  static_assert(std::is_trivially_copyable_v<T>);
  using Where = std::source_location;

 public:
  constexpr Atomic() noexcept : Atomic(T{}) {}
  constexpr Atomic(T initial) noexcept : latest_(initial) {
    if (!std::is_constant_evaluated()) begins(this);
  }
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  ~Atomic() { ends(this, false); }

  T load(std::memory_order order = std::memory_order_seq_cst,
         Where where = Where::current()) const noexcept {
    step(Operation::Kind::load, this, where);
    if (!remembers()) return latest_;
    const std::size_t first = oldestVisible();
    const std::size_t back = chooseWeakly(stores_.size() - first);
    const T value = read(stores_.size() - 1 - back, order);
    note(back == 0 ? "load" : "load (old)", bits(value));
    return value;
  }

  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             Where where = Where::current()) noexcept {
    step(Operation::Kind::store, this, where);
    write(value, order, false);
    note("store", bits(value));
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             Where where = Where::current()) noexcept {
    return modify([value](T) { return value; }, order, "exchange", where);
  }
  T fetch_add(T by, std::memory_order order = std::memory_order_seq_cst,
              Where where = Where::current()) noexcept {
    return modify([by](T old) { return static_cast<T>(old + by); }, order, "fetch_add", where);
  }
  T fetch_sub(T by, std::memory_order order = std::memory_order_seq_cst,
              Where where = Where::current()) noexcept {
    return modify([by](T old) { return static_cast<T>(old - by); }, order, "fetch_sub", where);
  }
  T fetch_or(T with, std::memory_order order = std::memory_order_seq_cst,
             Where where = Where::current()) noexcept {
    return modify([with](T old) { return static_cast<T>(old | with); }, order, "fetch_or", where);
  }
  T fetch_and(T with, std::memory_order order = std::memory_order_seq_cst,
              Where where = Where::current()) noexcept {
    return modify([with](T old) { return static_cast<T>(old & with); }, order, "fetch_and", where);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure, Where where = Where::current()) noexcept {
    return exchangeIf(expected, desired, success, failure, true, where);
  }
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst,
                             Where where = Where::current()) noexcept {
    return exchangeIf(expected, desired, order, withoutRelease(order), true, where);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure, Where where = Where::current()) noexcept {
    return exchangeIf(expected, desired, success, failure, false, where);
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst,
                               Where where = Where::current()) noexcept {
    return exchangeIf(expected, desired, order, withoutRelease(order), false, where);
  }

  /// One step, which the thread cannot take before the value is 0. See awaitZero().
  void findZero(std::memory_order order, Where where) noexcept {
    stepWhenOpen(Operation::Kind::modify, this, Zero(*this), where);
    change([](T old) { return old; }, order, "find zero");
  }

 private:
  struct Store {
    T value;
    std::size_t thread;
    std::uint32_t when;  // the writer's own step
    VectorClock published;  // learned by a thread that acquires it
  };
  struct Read {
    std::size_t thread;
    std::uint32_t when;
    std::size_t store;
  };
  struct Zero final : Blocker {
    explicit Zero(const Atomic& atomic) noexcept : atomic_(atomic) {}
    bool open(std::size_t) const override { return atomic_.latest_ == T{}; }
    const Atomic& atomic_;
  };

  static std::uint64_t bits(T value) noexcept {
    std::uint64_t result = 0;
    std::memcpy(&result, &value, std::min(sizeof result, sizeof value));
    return result;
  }
  static constexpr std::memory_order withoutRelease(std::memory_order order) noexcept {
    if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
    return order == std::memory_order_release ? std::memory_order_relaxed : order;
  }

  /// Whether a run is under way. Stores are kept only during a run.
  bool remembers() const {
    if (runNumber() == 0) return false;
    if (run_ != runNumber()) {
      run_ = runNumber();
      stores_.assign(1, Store{latest_, thisThread(), 0, {}});
      reads_.clear();
    }
    return true;
  }

  /// The oldest store that the thread may still see.
  std::size_t oldestVisible() const {
    const VectorClock& known = knowledge();
    std::size_t first = stores_.size() - 1;
    while (first > 0 && stores_[first].when > known[stores_[first].thread]) --first;
    for (const Read& read : reads_) {
      if (read.when <= known[read.thread]) first = std::max(first, read.store);
    }
    return first;
  }

  T read(std::size_t index, std::memory_order order) const {
    const Store& store = stores_[index];
    (acquires(order) ? knowledge() : fenceClocks().acquired).join(store.published);
    reads_.push_back({thisThread(), knowledge()[thisThread()], index});
    return store.value;
  }

  void write(T value, std::memory_order order, bool continues) {
    const bool kept = remembers();
    latest_ = value;
    if (!kept) return;
    VectorClock published = releases(order) ? knowledge() : fenceClocks().released;
    if (continues) published.join(stores_.back().published);
    stores_.push_back({value, thisThread(), knowledge()[thisThread()], published});
  }

  template <typename F>
  T modify(F f, std::memory_order order, const char* what, Where where) {
    step(Operation::Kind::modify, this, where);
    return change(f, order, what);
  }

  template <typename F>
  T change(F f, std::memory_order order, const char* what) {
    const T old = latest_;
    if (remembers()) read(stores_.size() - 1, order);
    write(f(old), order, true);
    note(what, bits(latest_));
    return old;
  }

  bool exchangeIf(T& expected, T desired, std::memory_order success, std::memory_order failure,
                  bool weak, Where where) {
    step(Operation::Kind::modify, this, where);
    const bool equal = std::memcmp(&latest_, &expected, sizeof(T)) == 0;
    const bool done = equal && (!weak || !remembers() || chooseWeakly(2) == 0);
    expected = done ? expected : latest_;
    if (remembers()) read(stores_.size() - 1, done ? success : failure);
    if (done) write(desired, success, true);
    note(done ? "swap" : "swap failed", bits(latest_));
    return done;
  }

  T latest_{};
  mutable std::uint64_t run_ = 0;
  mutable std::vector<Store> stores_;
  mutable std::vector<Read> reads_;
};

void fence(std::memory_order order) noexcept;

/// What the last look of such a wait does, which finds 0. The looks before it change nothing. So a
/// wait is one step, and a wait that never ends is a deadlock.
template <typename T>
void awaitZero(Atomic<T>& counter, std::memory_order order,
               std::source_location where = std::source_location::current()) noexcept {
  counter.findZero(order, where);
}

class Mutex final : private Blocker {
  using Where = std::source_location;

 public:
  constexpr Mutex() noexcept {
    if (!std::is_constant_evaluated()) begins(this);
  }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex() { ends(this, true); }

  void lock(Where where = Where::current()) {
    stepWhenOpen(Operation::Kind::lock, this, *this, where);
    locked_ = true;
    if (runNumber() != 0 && run_ == runNumber()) knowledge().join(published_);
    note("lock");
  }
  void unlock() {
    locked_ = false;
    run_ = runNumber();
    if (run_ != 0) published_ = knowledge();
    unlocked(this);
  }

 private:
  bool open(std::size_t) const override { return !locked_; }

  bool locked_ = false;
  std::uint64_t run_ = 0;
  VectorClock published_;
};

/// A timed wait may time out at any moment; the model's clock then jumps to its deadline.
class ConditionVariable : private Blocker {
  using Where = std::source_location;

 public:
  ConditionVariable() noexcept { begins(this); }
  ConditionVariable(const ConditionVariable&) = delete;
  ConditionVariable& operator=(const ConditionVariable&) = delete;
  ~ConditionVariable() { ends(this, true); }

  template <typename Predicate>
  void wait(std::unique_lock<Mutex>& lock, Predicate holds, Where where = Where::current()) {
    while (!holds()) waitOnce(lock, false, where);
  }

  template <typename TimePoint, typename Predicate>
  bool wait_until(std::unique_lock<Mutex>& lock, TimePoint until, Predicate holds,
                  Where where = Where::current()) {
    while (!holds()) {
      if (waitOnce(lock, true, where)) continue;
      const auto end =
          std::chrono::duration_cast<std::chrono::nanoseconds>(until.time_since_epoch()).count();
      moveTime(std::max(timeNow(), std::int64_t{end}));
      return holds();
    }
    return true;
  }

  void notify_one(Where where = Where::current()) noexcept {
    step(Operation::Kind::notify, this, where);
    note("notify");
    const auto asleep = [](const Sleeper& sleeper) { return !sleeper.notified; };
    auto count =
        static_cast<std::size_t>(std::count_if(sleepers_.begin(), sleepers_.end(), asleep));
    if (count == 0) return;
    std::size_t chosen = choose(count);
    for (Sleeper& sleeper : sleepers_) {
      if (asleep(sleeper) && chosen-- == 0) sleeper.notified = true;
    }
  }

 private:
  struct Sleeper {
    std::size_t thread;
    bool timed;
    bool notified;
  };

  /// @return false if the wait timed out
  bool waitOnce(std::unique_lock<Mutex>& lock, bool timed, Where where) {
    step(Operation::Kind::wait, this, where);
    sleepers_.push_back({thisThread(), timed, false});
    lock.unlock();
    note("wait");
    stepWhenOpen(Operation::Kind::awake, this, *this, where);
    const auto me = find(thisThread());
    const bool notified = me->notified;
    sleepers_.erase(me);
    note(notified ? "awake" : "timed out");
    lock.lock();
    return notified;
  }

  std::deque<Sleeper>::iterator find(std::size_t thread) {
    return std::find_if(sleepers_.begin(), sleepers_.end(),
                        [=](const Sleeper& sleeper) { return sleeper.thread == thread; });
  }
  bool open(std::size_t thread) const override {
    return std::any_of(sleepers_.begin(), sleepers_.end(), [=](const Sleeper& sleeper) {
      return sleeper.thread == thread && (sleeper.notified || sleeper.timed);
    });
  }

  std::deque<Sleeper> sleepers_;
};

/// An object without synchronisation of its own. All writes must happen before an access, and all
/// reads must happen before a write.
template <typename T>
class Guarded {
 public:
  explicit Guarded(T initial = {}) : value_(initial) {}

  T get(std::source_location where = std::source_location::current()) {
    step(Operation::Kind::load, this, where);
    expect(lastWrite_ <= knowledge()[writer_], "a read races with a write", where);
    reads_[thisThread()] = knowledge()[thisThread()];
    return value_;
  }
  void set(T value, std::source_location where = std::source_location::current()) {
    step(Operation::Kind::store, this, where);
    expect(lastWrite_ <= knowledge()[writer_], "two writes race", where);
    for (std::size_t i = 0; i < maxThreads; ++i) {
      expect(reads_[i] <= knowledge()[i], "a write races with a read", where);
    }
    writer_ = thisThread();
    lastWrite_ = knowledge()[writer_];
    value_ = value;
  }

 private:
  T value_;
  std::size_t writer_ = 0;
  std::uint32_t lastWrite_ = 0;
  VectorClock reads_;
};

}  // namespace interleave

namespace bulwark::inline BULWARK_FLAVOUR::detail {

using interleave::Atomic;
using interleave::awaitZero;
using interleave::ConditionVariable;
using interleave::fence;
using interleave::Mutex;

}  // namespace bulwark::detail
