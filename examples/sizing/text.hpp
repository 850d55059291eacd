// Formats numbers for people.
#pragma once

#include <fmt/format.h>

#include <string>

namespace sizing {

inline std::string duration(double seconds) {
  if (seconds == 0) return "0";
  if (seconds >= 0.9995) return fmt::format("{:.3g} s", seconds);
  if (seconds >= 0.9995e-3) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} us", seconds * 1e6);
}

inline std::string percent(double share) {
  if (share > 0 && share < 0.0001) return "below 0.01 %";
  return fmt::format("{:.{}f} %", share * 100, share < 0.01 ? 2 : 1);
}

}  // namespace sizing
