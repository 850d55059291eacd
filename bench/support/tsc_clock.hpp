#pragma once

#if defined(__x86_64__)
#define BULWARK_BENCH_TSC 1

#include <x86intrin.h>

#include <chrono>
#include <cstdint>

/// The processor's time stamp counter as a clock: shows the cost of a call when reading the time is
/// cheap. It is correct only if the counter runs at one speed, and alike on all cores. The operator
/// of the machine has to know that, so the library leaves the choice to its Clock parameter.
struct TscClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<TscClock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    return time_point(duration(static_cast<rep>(static_cast<double>(__rdtsc()) * nanosPerTick)));
  }

 private:
  static double calibrate() noexcept {
    using Reference = std::chrono::steady_clock;
    const auto begin = Reference::now();
    const std::uint64_t first = __rdtsc();
    auto end = begin;
    while (end - begin < std::chrono::milliseconds(20)) end = Reference::now();
    const std::chrono::duration<double, std::nano> took = end - begin;
    return took.count() / static_cast<double>(__rdtsc() - first);
  }

  static const double nanosPerTick;
};

inline const double TscClock::nanosPerTick = calibrate();

#endif
