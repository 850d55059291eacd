#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The generic cell rate algorithm: the arithmetic of a rate limiter, without its state.
///
/// One number is the state: the *theoretical arrival time* (`tat`), at which nothing is owed any
/// more. It and the time are nanoseconds since an origin in the past. A grant of n permits at `now`
/// moves it to max(tat, now) + interval * n. They may be granted as long as it stays within
/// now + interval * burst, so a grant never leaves more owed than that.
///
/// Let admissions with these weights be granted at these times, first to last. The first moves
/// `tat` to its time plus its weight times the interval, or further, and each later one adds its
/// own. The last one met the limit. So the weights of all admissions between two moments add up to
/// at most burst + (the time between them) / interval.
///
/// All values are below 2^64: interval * burst is at most maxSpan, and the time since the origin
/// below 2^63, which is 292 years.
struct Gcra {
  using Tick = std::uint64_t;

  /// The most that interval * burst may be: 2^63 ns.
  static constexpr std::uint64_t maxSpan = std::uint64_t{1} << 63;
  static constexpr Tick endless = (std::numeric_limits<Tick>::max)();

  std::uint64_t interval = 1;  // nanoseconds from one permit to the next; at least 1
  std::uint64_t burst = 1;  // the most permits that are granted at once; at least 1

  /// The interval is a whole number of nanoseconds and is rounded up. So the rate is never higher
  /// than `permits` in `per`, and is lower by the share permits / per at most: by a millionth at
  /// 1000 permits in a second.
  static constexpr std::uint64_t intervalOf(std::size_t permits, Instant per) noexcept {
    const auto whole = static_cast<std::uint64_t>(per.count());
    return whole / permits + (whole % permits != 0 ? 1 : 0);
  }
  constexpr bool fitsTheWord() const noexcept { return burst <= maxSpan / interval; }

  /// Whether so many permits can ever be granted at once.
  bool possible(std::uint64_t permits) const noexcept { return permits - 1 < burst; }

  /// Whether possible() permits may be granted at `now`. The last product is the tolerance less
  /// what the other permits of the call take: interval * (burst - 1) - interval * (permits - 1).
  bool conforms(Tick tat, std::uint64_t permits, Tick now) const noexcept {
    return tat <= now + interval * (burst - permits);
  }
  /// The new theoretical arrival time after a grant.
  Tick granted(Tick tat, std::uint64_t permits, Tick now) const noexcept {
    return (std::max)(tat, now) + interval * permits;
  }

  /// From when on possible() permits conform, if no others are granted before.
  Tick turn(Tick tat, std::uint64_t permits) const noexcept {
    return tat - (std::min)(tat, interval * (burst - permits));
  }
  /// The same for a call with that many permits in front of it. Each of those calls is granted at
  /// its turn, and none before `now`. endless: not in 292 years.
  Tick turnBehind(Tick tat, std::uint64_t before, std::uint64_t permits, Tick now) const noexcept {
    const Tick from = (std::max)(tat, now);
    if (before > (endless - from) / interval) return endless;
    return turn(from + interval * before, permits);
  }

  /// The permits that may be granted at `now`.
  std::uint64_t available(Tick tat, Tick now) const noexcept {
    const std::uint64_t owed = tat > now ? tat - now : 0;
    return owed >= interval * burst ? 0 : burst - (owed + interval - 1) / interval;
  }

  /// What is owed of this rate, in the measure of another: as many permits, but at most all of the
  /// other burst, as if the permits of a burst that has been made smaller were spent. Rounds up.
  std::uint64_t rescaled(std::uint64_t owed, const Gcra& to) const noexcept {
    const std::uint64_t permits = owed / interval;
    if (permits >= to.burst) return to.interval * to.burst;
    return to.interval * permits + shareOf(to.interval, owed % interval, interval);
  }

  friend bool operator==(const Gcra&, const Gcra&) = default;

 private:
  /// value * part / whole, rounded up, where part < whole <= 2^63. The product may have 128 bits,
  /// so this divides bit by bit.
  static std::uint64_t shareOf(std::uint64_t value, std::uint64_t part,
                               std::uint64_t whole) noexcept {
    std::uint64_t quotient = 0;
    std::uint64_t rest = 0;
    const auto carry = [&] {
      if (rest < whole) return;
      rest -= whole;
      ++quotient;
    };
    for (std::uint64_t bit = std::uint64_t{1} << 63; bit != 0; bit >>= 1) {
      quotient <<= 1;
      rest <<= 1;
      carry();
      if ((value & bit) == 0) continue;
      rest += part;
      carry();
    }
    return quotient + (rest != 0 ? 1 : 0);
  }
};

}  // namespace bulwark::detail
