#pragma once

#include <bulwark/asio.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

/// A clock that stands still until a test moves it. Pass it as the Clock of a bulkhead, advance it,
/// and poll the context. Copy it into your own tests.
///
///     bulwark::Bulkhead<asio::any_io_executor, ManualClock> bulkhead{io, {.name = "db"}};
///     ManualClock::advance(30s);
///     io.poll();  // every expired call has timed out
///
/// The whole program shares one clock, so each test calls ManualClock::reset() first.
struct ManualClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ManualClock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    readings_.fetch_add(1, std::memory_order_relaxed);
    return time_point(duration(now_.load(std::memory_order_relaxed)));
  }

  static void advance(duration by) noexcept {
    now_.fetch_add(by.count(), std::memory_order_relaxed);
  }

  static void reset(duration to = std::chrono::hours(1)) noexcept {
    now_.store(to.count(), std::memory_order_relaxed);
    readings_.store(0, std::memory_order_relaxed);
  }

  /// Returns how often the clock has been read since reset().
  static std::uint64_t readings() noexcept { return readings_.load(std::memory_order_relaxed); }

 private:
  inline static std::atomic<rep> now_{rep{3'600'000'000'000}};
  inline static std::atomic<std::uint64_t> readings_{0};
};

// [wait_traits]
/// Asio may not sleep before it reads this clock again, because the clock is unrelated to real
/// time. Every poll() reads it.
template <>
struct BULWARK_NET_NAMESPACE::wait_traits<ManualClock> {
  static ManualClock::duration to_wait_duration(const ManualClock::duration&) {
    return ManualClock::duration::zero();
  }
  static ManualClock::duration to_wait_duration(const ManualClock::time_point&) {
    return ManualClock::duration::zero();
  }
};
// [wait_traits]
