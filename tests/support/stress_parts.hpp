#pragma once

#include <bulwark/asio.hpp>

#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <latch>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

// Parts of the two stress tests: the one of a bulkhead or a semaphore (stress.hpp) and the one of a
// manager.

namespace stress {

namespace net = bulwark::net;

/// A small random number generator (splitmix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) noexcept { return next() % n; }
  std::size_t from(std::size_t low, std::size_t high) noexcept {
    return low + below(high - low + 1);
  }
  bool oneIn(std::size_t n) noexcept { return below(n) == 0; }
  template <typename T>
  T of(std::initializer_list<T> values) noexcept {
    return values.begin()[below(values.size())];
  }

 private:
  std::uint64_t state_;
};

inline net::cancellation_type_t someType(Dice& dice) {
  using net::cancellation_type;
  return dice.of<net::cancellation_type_t>(
      {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total});
}

/// Serialises the operations of one cancellation signal.
struct Session {
  explicit Session(net::thread_pool& pool) : strand(net::make_strand(pool.get_executor())) {}

  /// A call begins. Runs on the strand.
  void begin() { emitted = false; }
  /// Runs on the strand.
  void emit(net::cancellation_type_t type) {
    const bool first = !std::exchange(emitted, true);
    signal.emit(type);
    if (first) emittedBy = std::chrono::steady_clock::now();
  }
  /// May be called from any thread.
  void postEmit(net::cancellation_type_t type) {
    net::post(strand, [this, type] { emit(type); });
  }

  net::strand<net::thread_pool::executor_type> strand;
  net::cancellation_signal signal;
  bool emitted = false;  // since the current call started
  // When the first request to the current call was delivered. A call that was queued then has been
  // cancelled, so no later deadline can have ended it.
  std::chrono::steady_clock::time_point emittedBy{};
};

/// Sessions, each of which one call at a time takes and gives back.
class Sessions {
 public:
  Sessions(net::thread_pool& pool, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      all_.push_back(std::make_unique<Session>(pool));
      idle_.push_back(all_.back().get());
    }
  }

  /// Returns null if all sessions are taken.
  Session* take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    Session* session = idle_.back();
    idle_.pop_back();
    return session;
  }
  void giveBack(Session& session) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(&session);
  }

  /// Returns any session, taken or not.
  Session& any(Dice& dice) { return *all_[dice.below(all_.size())]; }
  void postEmitToAll(net::cancellation_type_t type) {
    for (const auto& session : all_) session->postEmit(type);
  }

  /// Returns when all functions posted to the sessions have run.
  void flush() {
    std::latch flushed(static_cast<std::ptrdiff_t>(all_.size()));
    for (const auto& session : all_) {
      net::post(session->strand, [&flushed] { flushed.count_down(); });
    }
    flushed.wait();
  }

  /// Destroys the sessions. What they hold may use their pool while it is destroyed.
  void clear() { all_.clear(); }

 private:
  std::vector<std::unique_ptr<Session>> all_;
  std::mutex mutex_;
  std::vector<Session*> idle_;
};

/// Counts calls that have begun and not ended. Relaxed where that is enough, because
/// synchronisation by the stress test could hide a race from a sanitizer.
class Outstanding {
 public:
  void begin() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  void end() {
    if (count_.fetch_sub(1, std::memory_order_release) == 1) {
      const std::lock_guard lock(mutex_);
      quiet_.notify_all();
    }
  }
  std::int64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

  /// Returns 0 when all calls have ended, or the number of calls left when it no longer changes.
  std::int64_t wait() {
    std::unique_lock lock(mutex_);
    for (std::int64_t before = -1;;) {
      const std::int64_t left = count_.load(std::memory_order_acquire);
      if (left == 0 || left == before) return left;
      before = left;
      // The time limit only detects that nothing changes any more. No result depends on it.
      quiet_.wait_for(lock, std::chrono::minutes(2),
                      [this] { return count_.load(std::memory_order_acquire) == 0; });
    }
  }

 private:
  std::atomic<std::int64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable quiet_;
};

}  // namespace stress
