#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "bulwark/build.hpp"

// These functions recognise NaN and infinity by their bits. With -ffast-math the compiler assumes
// that neither exists, and may drop std::isfinite(), comparisons and constants. It assumes the same
// of a double that is passed by value. So the functions take references, and read the bits from
// memory.

namespace bulwark::inline BULWARK_FLAVOUR::detail {

static_assert(std::bit_cast<std::uint64_t>(1.0) == std::uint64_t{0x3FF} << 52U, "IEEE 754");

constexpr std::uint64_t infinityBits = std::uint64_t{0x7FF} << 52U;
constexpr std::uint64_t signBit = std::uint64_t{1} << 63U;

inline std::uint64_t magnitudeBits(const double& value) noexcept {
  return std::bit_cast<std::uint64_t>(value) & ~signBit;
}

inline bool isFinite(const double& value) noexcept { return magnitudeBits(value) < infinityBits; }

inline bool isNaN(const double& value) noexcept { return magnitudeBits(value) > infinityBits; }

inline void setToInfinity(double& value) noexcept {
  std::memcpy(&value, &infinityBits, sizeof(value));
}

inline std::string numberText(const double& value) {
  if (isFinite(value)) return fmt::format("{}", value);
  if (isNaN(value)) return "nan";
  return (std::bit_cast<std::uint64_t>(value) & signBit) != 0 ? "-inf" : "inf";
}

}  // namespace bulwark::detail
