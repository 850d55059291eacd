#include "bulwark/detail/core/calibration.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// ns * 2^32 / ticks. Exact: by long division, because the product needs 96 bits.
std::uint64_t rateOf(std::uint64_t ns, std::uint64_t ticks) noexcept {
  std::uint64_t quotient = ns / ticks;
  std::uint64_t rest = ns % ticks;
  for (int bit = 0; bit < 32; ++bit) {
    quotient <<= 1;
    const bool carries = rest >= ticks - rest;  // 2 * rest >= ticks, without overflow
    rest = carries ? rest - (ticks - rest) : rest * 2;
    quotient |= carries ? 1U : 0U;
  }
  return quotient;
}

}  // namespace

Instant Calibration::duration(std::uint64_t ticks, std::uint64_t rate) noexcept {
  const std::uint64_t high = ticks >> 32;
  const std::uint64_t low = ticks & 0xffffffffU;
  // (high * 2^32 + low) * rate / 2^32, where rate may have more than 32 bits
  const std::uint64_t rateHigh = rate >> 32;
  const std::uint64_t rateLow = rate & 0xffffffffU;
  const std::uint64_t ns = high * rate + low * rateHigh + ((low * rateLow) >> 32);
  return Instant(static_cast<std::int64_t>(std::min<std::uint64_t>(ns, INT64_MAX)));
}

Instant Calibration::compare(const Reading& now) noexcept {
  const Instant since = now.clock - last_.clock;
  if (rate_ != 0) {
    const std::uint64_t ticks = now.counter - last_.counter;
    const bool backwards = ticks > std::uint64_t{1} << 63;
    const Instant counted = backwards ? Instant{0} : duration(ticks, rate_);
    // Half of the tolerance is for the clock, whose rate may change; the rest for the readings.
    const Instant tolerance = since / 1000 + std::chrono::microseconds{50};
    if (backwards || counted > since + tolerance || counted < since - tolerance) {
      ++jumps_;
      base_ = last_ = now;
      measuredOver_ = Instant{0};
      if (!trusted()) rate_ = 0;
      return counted - since;
    }
  }
  last_ = now;
  const Instant interval = now.clock - base_.clock;
  // Each measurement is twice as exact as the one before, until the interval is long enough.
  if (interval >= std::max(firstInterval, 2 * measuredOver_) && now.counter > base_.counter &&
      trusted()) {
    rate_ = rateOf(static_cast<std::uint64_t>(interval.count()), now.counter - base_.counter);
    measuredOver_ = interval;
    if (interval >= longestInterval) {
      base_ = now;
      measuredOver_ = longestInterval / 2;
    }
  }
  return Instant{0};
}

}  // namespace bulwark::detail
