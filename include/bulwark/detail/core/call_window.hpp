#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/tally.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The records of the last calls, whatever their time. Memory: one byte each.
class BULWARK_EXPORT CallWindow {
 public:
  /// @param size at least 1
  explicit CallWindow(std::size_t size) : ring_(size) {}

  /// How many records it can hold.
  std::uint64_t capacity() const noexcept { return ring_.size(); }
  /// The sum of the records.
  const Tally& tally(Instant) noexcept { return tally_; }

  /// Adds a record, in place of the oldest one if the window is full.
  /// @return its number
  std::int64_t add(Record record, Instant) noexcept;
  /// Changes a record where it is. Does nothing if it has left the window.
  void complete(std::int64_t number, Record, Record after, Instant) noexcept;
  void clear() noexcept;

  /// Copies the last records of another window into this empty one.
  void copyFrom(const CallWindow& other) noexcept;
  /// The number in this window of a record that copyFrom() copied.
  std::int64_t placeFor(const CallWindow&, std::int64_t number) const noexcept { return number; }

 private:
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(ring_.size()); }
  Record& at(std::int64_t number) noexcept { return ring_[placeOf(number)]; }
  std::size_t placeOf(std::int64_t number) const noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(number) % ring_.size());
  }

  std::vector<Record> ring_;  // record n is at n modulo the size
  // The records in the window are those from first_ on, before next_.
  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
  Tally tally_;  // of these records
};

}  // namespace bulwark::detail
