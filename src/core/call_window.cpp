#include "bulwark/detail/core/call_window.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::int64_t CallWindow::add(Record record, Instant) noexcept {
  Record& place = at(next_);
  if (next_ - first_ == size()) {
    tally_.remove(place);
    ++first_;
  }
  place = record;
  tally_.add(record);
  return next_++;
}

void CallWindow::complete(std::int64_t number, Record, Record after, Instant) noexcept {
  if (number < first_) return;
  Record& record = at(number);
  tally_.remove(record);
  record = after;
  tally_.add(after);
}

void CallWindow::clear() noexcept {
  first_ = next_;
  tally_ = {};
}

void CallWindow::copyFrom(const CallWindow& other) noexcept {
  next_ = other.next_;
  first_ = std::max(other.first_, next_ - size());
  for (std::int64_t number = first_; number < next_; ++number) {
    const Record record = other.ring_[other.placeOf(number)];
    at(number) = record;
    tally_.add(record);
  }
}

}  // namespace bulwark::detail
