#pragma once

/// @file
/// What measures durations for the statistics.

#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Names what measures the execution times of bulkheads and semaphores on
/// std::chrono::steady_clock: "tsc" (the time stamp counter of an x86-64 processor), "cntvct" (the
/// counter of an aarch64 processor) or "steady_clock". With any other clock, that clock measures.
///
/// The processor's counter is used where the kernel itself trusts it: on Linux, an invariant
/// counter and the clock source tsc, kvm-clock or hyperv_clocksource_tsc_page. It is calibrated
/// against steady_clock within the first millisecond, and compared with it from then on. Should the
/// two disagree repeatedly, the library goes back to steady_clock, and this function says so.
///
/// The environment variable BULWARK_STOPWATCH=steady, or the same CMake variable when bulwark is
/// built, selects steady_clock.
///
/// Thread safety: any thread, at any time.
BULWARK_EXPORT std::string_view stopwatchName() noexcept;

}  // namespace bulwark
