#pragma once

#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The outcome of a call, in bits; 0: the call does not count.
using Record = std::uint8_t;
namespace record {
inline constexpr Record counted = 1;
inline constexpr Record failure = 2;
inline constexpr Record slowness = 4;
}  // namespace record

/// The sum of several records.
struct Tally {
  std::uint64_t calls = 0;
  std::uint64_t failed = 0;
  std::uint64_t slow = 0;

  static constexpr Tally of(Record call) noexcept {
    const auto has = [call](Record bit) { return std::uint64_t{(call & bit) != 0}; };
    return {.calls = has(record::counted),
            .failed = has(record::failure),
            .slow = has(record::slowness)};
  }

  void add(Record call) noexcept { *this += of(call); }
  void remove(Record call) noexcept { *this -= of(call); }

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
