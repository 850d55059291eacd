#include "bulwark/detail/core/time_window.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Times before this count as this time, and times after `latest` as that. So the number of a
/// bucket, the numbers of its neighbours and the time at which it begins do not overflow.
constexpr Instant earliest = (Instant::min)() / 2;
constexpr Instant latest = (Instant::max)() / 2;

}  // namespace

TimeWindow::TimeWindow(Instant span)
    : buckets_(static_cast<std::size_t>(std::min<std::int64_t>(span.count(), maxBuckets))),
      width_(span.count() / count()),
      newest_(numberAt(earliest)) {}

const Tally& TimeWindow::tally(Instant at) noexcept {
  moveOn(numberAt(at));
  return total_;
}

std::int64_t TimeWindow::add(Record record, Instant at) noexcept {
  const std::int64_t number = numberAt(at);
  moveOn(number);
  if (holds(number)) {
    buckets_[indexOf(number)].add(record);
    total_.add(record);
  }
  return number;
}

void TimeWindow::complete(std::int64_t number, Record before, Record after, Instant at) noexcept {
  if (holds(number)) {
    buckets_[indexOf(number)].remove(before);
    total_.remove(before);
  }
  add(after, at);
}

void TimeWindow::clear() noexcept {
  std::fill(buckets_.begin(), buckets_.end(), Tally{});
  total_ = {};
}

void TimeWindow::copyFrom(const TimeWindow& other) noexcept {
  for (std::int64_t age = other.count() - 1; age >= 0; --age) {  // the oldest bucket first
    const std::int64_t from = other.newest_ - age;
    const std::int64_t to = numberAt(Instant{from * other.width_});
    moveOn(to);
    if (!holds(to)) continue;
    const Tally& sum = other.buckets_[other.indexOf(from)];
    buckets_[indexOf(to)] += sum;
    total_ += sum;
  }
}

std::int64_t TimeWindow::placeFor(const TimeWindow& other, std::int64_t number) const noexcept {
  return other.holds(number) ? numberAt(Instant{number * other.width_}) : nowhere;
}

/// Rounds towards the past.
std::int64_t TimeWindow::numberAt(Instant at) const noexcept {
  const std::int64_t time = std::clamp(at, earliest, latest).count();
  return time / width_ - (time % width_ < 0 ? 1 : 0);
}

std::size_t TimeWindow::indexOf(std::int64_t number) const noexcept {
  const std::int64_t index = number % count();
  return static_cast<std::size_t>(index < 0 ? index + count() : index);
}

/// Empties the buckets that become the newest ones. They held what leaves the window.
void TimeWindow::moveOn(std::int64_t newest) noexcept {
  if (newest <= newest_) return;
  for (auto number = std::max(newest_, newest - count()) + 1; number <= newest; ++number) {
    Tally& reused = buckets_[indexOf(number)];
    total_ -= reused;
    reused = {};
  }
  newest_ = newest;
}

}  // namespace bulwark::detail
