#include "bulwark/detail/runtime/stopwatch.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include "bulwark/detail/core/calibration.hpp"
#include "bulwark/stopwatch.hpp"

#if defined(__linux__) && defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>

#include <fstream>
#include <string>
#endif

namespace bulwark::inline BULWARK_FLAVOUR {

namespace detail {

alignas(64) std::atomic<std::uint64_t> Stopwatch::rate_{0};
std::atomic<std::uint64_t> Stopwatch::shortTicks_{0};

namespace {

/// Longer durations are compared with steady_clock. Two readings of it do not matter to them.
constexpr Instant longTime = std::chrono::milliseconds{50};

Instant steadyTime() noexcept {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

#if defined(BULWARK_STOPWATCH_STEADY)
constexpr bool allowed() noexcept { return false; }
#else
/// Any value but "auto" selects steady_clock, because an operator who sets the variable, and
/// misspells the value, does not trust the counter.
bool allowed() noexcept {
  const char* const choice = std::getenv("BULWARK_STOPWATCH");  // NOLINT(concurrency-mt-unsafe)
  return choice == nullptr || *choice == '\0' || std::string_view(choice) == "auto";
}
#endif

#if defined(__linux__) && defined(__x86_64__) && defined(__GNUC__)
constexpr std::string_view counterName = "tsc";

/// Whether the counter runs at one rate in all states of the processor, and the kernel itself reads
/// the time from it. The kernel stops doing that when the counters of two cores disagree.
bool counterIsTrusted() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(0x80000007, &a, &b, &c, &d) == 0 || (d & (1U << 8)) == 0) return false;
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string source;
  file >> source;
  return source == "tsc" || source == "kvm-clock" || source == "hyperv_clocksource_tsc_page";
}
#elif defined(__aarch64__) && defined(__GNUC__)
constexpr std::string_view counterName = "cntvct";

/// The architecture prescribes a counter of one rate that all cores share.
bool counterIsTrusted() { return true; }
#else
constexpr std::string_view counterName = "";
bool counterIsTrusted() { return false; }
#endif

}  // namespace

/// The calibration of the counter.
struct Stopwatch::Reference {
  Reference() noexcept : first(read()), calibration(first) {}

  /// Reads both. The closest of three attempts, since the thread may be interrupted in between.
  static Calibration::Reading read() noexcept {
    Calibration::Reading best;
    std::uint64_t closest = UINT64_MAX;
    for (int attempt = 0; attempt < 3; ++attempt) {
      const std::uint64_t before = counter();
      const Instant clock = steadyTime();
      const std::uint64_t took = counter() - before;
      if (took < closest) {
        closest = took;
        best = {before + took / 2, clock};
      }
    }
    return best;
  }

  /// Returns what Calibration::compare() does, and publishes the rate.
  Instant compare() noexcept {
    const Instant jump = calibration.compare(read());
    const std::uint64_t rate = calibration.rate();
    std::uint64_t shortTicks = 0;
    if (rate != 0) {
      lastRate.store(rate, std::memory_order_relaxed);
      shortTicks = (static_cast<std::uint64_t>(longTime.count()) << 32) / rate;
    }
    shortTicks_.store(shortTicks, std::memory_order_relaxed);
    // release: pairs with the fence in longDuration(), for a thread that sees the new rate
    rate_.store(rate, std::memory_order_release);
    return jump;
  }

  /// Whether the first rate can be measured.
  bool due(Instant now) const noexcept {
    return trusted.load(std::memory_order_relaxed) &&
           now - first.clock >= Calibration::firstInterval;
  }

  const Calibration::Reading first;
  std::mutex mutex;  // guards calibration, and writing the rest
  Calibration calibration;
  std::atomic<std::uint64_t> lastRate{0};  // for what began before the counter was distrusted
  std::atomic<bool> trusted{true};

  /// Null until prepare() has decided for the counter. Never destroyed, since bulkheads may be used
  /// by destructors of other static objects.
  static std::atomic<Reference*> instance;
};

std::atomic<Stopwatch::Reference*> Stopwatch::Reference::instance{nullptr};

void Stopwatch::prepare() noexcept {
  [[maybe_unused]] static const bool prepared = [] {
    try {
      if (allowed() && counterIsTrusted()) {
        // release: pairs with the acquire of the threads that use it
        Reference::instance.store(new Reference, std::memory_order_release);
      }
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory; steady_clock measures
    }
    return true;
  }();
}

Instant Stopwatch::compare() noexcept {
  Reference* const reference = Reference::instance.load(std::memory_order_acquire);
  if (reference == nullptr) return Instant{0};
  const std::unique_lock lock(reference->mutex, std::try_to_lock);
  if (!lock || !reference->trusted.load(std::memory_order_relaxed)) return Instant{0};
  const Instant jump = reference->compare();
  if (!reference->calibration.trusted()) {
    reference->trusted.store(false, std::memory_order_relaxed);
  }
  return jump;
}

Ticks Stopwatch::steadyNow() noexcept {
  const Instant now = steadyTime();
  const Reference* const reference = Reference::instance.load(std::memory_order_acquire);
  if (reference != nullptr && reference->due(now)) compare();
  return Ticks{(static_cast<std::uint64_t>(now.count()) << 1) | 1};
}

// A jump of the counter during the call makes its duration wrong. A duration that is long because
// of a jump comes here, since a short one cannot be. If the jump is not in it, it is shorter than
// the jump, or the jump was small.
Instant Stopwatch::longDuration(std::uint64_t ticks) noexcept {
  std::atomic_thread_fence(std::memory_order_acquire);
  const Reference* const reference = Reference::instance.load(std::memory_order_acquire);
  if (ticks >> 63 != 0 || reference == nullptr) return Instant{0};  // backwards
  const Instant jump = compare();
  Instant duration =
      Calibration::duration(ticks, reference->lastRate.load(std::memory_order_relaxed));
  if (jump > Instant{0} && duration >= jump) duration -= jump;
  // No call is longer than the stopwatch has been running.
  return std::min(duration, steadyTime() - reference->first.clock);
}

std::string_view Stopwatch::name() noexcept {
  prepare();
  const Reference* const reference = Reference::instance.load(std::memory_order_acquire);
  const bool byCounter = reference != nullptr && reference->trusted.load(std::memory_order_relaxed);
  return byCounter ? counterName : "steady_clock";
}

}  // namespace detail

std::string_view stopwatchName() noexcept { return detail::Stopwatch::name(); }

}  // namespace bulwark
