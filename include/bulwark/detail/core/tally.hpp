#pragma once

#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The outcome of a call, in bits; 0: the call does not count.
using Record = std::uint8_t;
inline constexpr Record counted = 1;
inline constexpr Record failure = 2;
inline constexpr Record slowness = 4;

/// The sum of several records.
struct Tally {
  std::uint64_t calls = 0;
  std::uint64_t failed = 0;
  std::uint64_t slow = 0;

  static constexpr Tally of(Record record) noexcept {
    const auto has = [record](Record bit) { return std::uint64_t{(record & bit) != 0}; };
    return {.calls = has(counted), .failed = has(failure), .slow = has(slowness)};
  }

  void add(Record record) noexcept { *this += of(record); }
  void remove(Record record) noexcept { *this -= of(record); }

  Tally& operator+=(const Tally& other) noexcept {
    calls += other.calls;
    failed += other.failed;
    slow += other.slow;
    return *this;
  }
  Tally& operator-=(const Tally& other) noexcept {
    calls -= other.calls;
    failed -= other.failed;
    slow -= other.slow;
    return *this;
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace bulwark::detail
