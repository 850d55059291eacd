#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/tally.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The sums of the records of a span of time, which ends at the latest time that it was told.
///
/// Time is divided into buckets, each of one hundredth of the span, and the window consists of the
/// last buckets, in a ring. So a record leaves the window when it is as old as the span, or up to
/// one bucket sooner, and never later. Memory: 2.4 KB, however many records there are. Each
/// function takes a constant number of steps, however far the time has moved on.
///
/// The times may come in any order. A record that is older than the window has left it already.
class BULWARK_EXPORT TimeWindow {
 public:
  /// How many buckets there are, unless the span has fewer nanoseconds.
  static constexpr std::int64_t maxBuckets = 100;

  /// How long the span may be.
  static constexpr Instant maxSpan = std::chrono::hours{365 * 24};

  /// The number of no bucket.
  static constexpr std::int64_t nowhere = (std::numeric_limits<std::int64_t>::min)();

  /// @param span from 1 ns to maxSpan
  explicit TimeWindow(Instant span);

  /// How many records it can hold.
  static std::uint64_t capacity() noexcept { return (std::numeric_limits<std::uint64_t>::max)(); }
  /// The sum of the records in the window at a time.
  const Tally& tally(Instant at) noexcept;

  /// Adds a record of a time.
  /// @return the number of its bucket
  std::int64_t add(Record record, Instant at) noexcept;
  /// Removes a record from its bucket, if it has not left the window, and adds another one.
  void complete(std::int64_t bucket, Record before, Record after, Instant at) noexcept;
  void clear() noexcept;

  /// Adds the sums of another window to this empty one. A bucket of the other counts as of its
  /// beginning, since the times of its records are not known.
  void copyFrom(const TimeWindow& other) noexcept;
  /// The bucket of this window to which copyFrom() added a bucket of the other; `nowhere`: the
  /// bucket has left the other.
  std::int64_t placeFor(const TimeWindow& other, std::int64_t bucket) const noexcept;

 private:
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(buckets_.size()); }
  std::int64_t numberAt(Instant at) const noexcept;
  std::size_t indexOf(std::int64_t number) const noexcept;
  bool holds(std::int64_t number) const noexcept {
    return number <= newest_ && number > newest_ - count();
  }
  void moveOn(std::int64_t newest) noexcept;

  std::vector<Tally> buckets_;  // bucket n is at n modulo their number
  std::int64_t width_;  // of a bucket, in nanoseconds
  std::int64_t newest_;  // the last bucket of the window
  Tally total_;  // of all buckets
};

}  // namespace bulwark::detail
