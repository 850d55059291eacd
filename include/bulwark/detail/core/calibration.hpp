#pragma once

#include <chrono>
#include <cstdint>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// How many nanoseconds a tick of the processor's counter takes. Learns it by comparing readings of
/// the counter with readings of a steady clock, which the owner takes at the same moment.
///
/// The counter runs at a constant rate, and so does the clock, except that time synchronisation
/// changes its rate by up to 0.05 %. What breaks that: a suspended machine, in which only one of
/// the two may go on, and a virtual machine that migrates to another processor. Then the readings
/// disagree, and the calibration begins again. A counter that disagrees three times is not trusted
/// any more.
///
/// Thread safety: none. The owner's lock guards it.
class BULWARK_EXPORT Calibration {
 public:
  /// A reading of both.
  struct Reading {
    std::uint64_t counter = 0;
    Instant clock{0};
  };

  /// The first rate is known after this time. A reading of both is exact to about 50 ns, so the
  /// rate is exact to 0.01 %.
  static constexpr Instant firstInterval = std::chrono::milliseconds{1};
  /// A longer interval is not needed, and would hide a change of the clock's rate.
  static constexpr Instant longestInterval = std::chrono::seconds{1000};

  explicit Calibration(const Reading& first) noexcept : base_(first), last_(first) {}

  /// Nanoseconds of a tick, times 2^32; 0: not known yet, or not trusted.
  std::uint64_t rate() const noexcept { return rate_; }
  bool trusted() const noexcept { return jumps_ < mostJumps; }

  /// Compares counter and clock.
  /// @return by how much the counter has jumped ahead of the clock since the last comparison, in
  ///         nanoseconds; negative if it stayed behind; 0 if they agree
  Instant compare(const Reading& now) noexcept;

  /// The duration of `ticks`, at most a few hundred years.
  static Instant duration(std::uint64_t ticks, std::uint64_t rate) noexcept;

 private:
  static constexpr int mostJumps = 3;

  Reading base_;  // where the interval begins over which the rate is measured
  Reading last_;  // of the last comparison
  Instant measuredOver_{0};  // the interval that gave rate_
  std::uint64_t rate_ = 0;
  int jumps_ = 0;
};

}  // namespace bulwark::detail
