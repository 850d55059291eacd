#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A reading of what measures the durations of a host. Only two readings of one host mean
/// something, and the later one must be taken by `again()`.
enum class Ticks : std::uint64_t {};

/// Measures durations by the processor's counter, which is two to three times as fast as
/// steady_clock, or by steady_clock where that counter cannot be trusted: see stopwatchName().
///
/// The lowest bit of a reading says what it is: 0 a value of the counter, 1 nanoseconds of
/// steady_clock, times 2. So a measurement that began before the counter was calibrated ends by
/// steady_clock, too.
///
/// Thread safety: every function, from any thread.
class BULWARK_EXPORT Stopwatch {
 public:
  /// Decides what measures. The first call begins the calibration.
  static void prepare() noexcept;
  /// See stopwatchName().
  static std::string_view name() noexcept;
  /// Compares the counter with steady_clock, and calibrates it more exactly. Called where a
  /// microsecond does not matter.
  /// @return as Calibration::compare()
  static Instant compare() noexcept;

  static Ticks now() noexcept {
    if (rate_.load(std::memory_order_relaxed) != 0) [[likely]]
      return counterNow();
    return steadyNow();
  }

  /// The end of what began at `start`.
  static Ticks again(Ticks start) noexcept { return byCounter(start) ? counterNow() : steadyNow(); }

  /// 0 if the counter went backwards.
  static Instant between(Ticks start, Ticks end) noexcept {
    if (byCounter(start)) [[likely]] {
      const std::uint64_t ticks = value(end) - value(start);
      // The product has at most 63 bits below this limit. It is 0 until the rate is known.
      if (ticks < shortTicks_.load(std::memory_order_relaxed)) [[likely]] {
        return Instant(
            static_cast<std::int64_t>((ticks * rate_.load(std::memory_order_relaxed)) >> 32));
      }
      return longDuration(ticks);
    }
    return Instant(static_cast<std::int64_t>((value(end) - value(start)) / 2));
  }

 private:
  static std::uint64_t value(Ticks ticks) noexcept { return static_cast<std::uint64_t>(ticks); }
  static bool byCounter(Ticks ticks) noexcept { return (value(ticks) & 1) == 0; }

  static Ticks counterNow() noexcept { return Ticks{counter() & ~std::uint64_t{1}}; }
  static std::uint64_t counter() noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__) && defined(__GNUC__)
    std::uint64_t count;
    asm volatile("mrs %0, cntvct_el0" : "=r"(count));
    return count;
#else
    return 0;  // never called: rate_ remains 0
#endif
  }

  static Ticks steadyNow() noexcept;
  static Instant longDuration(std::uint64_t ticks) noexcept;

  struct Reference;

  // Both share a cache line that is seldom written.
  alignas(64) static std::atomic<std::uint64_t> rate_;  // see Calibration; 0: steady_clock measures
  static std::atomic<std::uint64_t> shortTicks_;  // the ticks of `longTime`
};

}  // namespace bulwark::detail
