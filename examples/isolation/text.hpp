// Formats numbers, and colours where they are wanted.
#pragma once

#include <fmt/color.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace isolation {

// "5.3 ms", "1.02 s"
inline std::string formatTime(std::chrono::nanoseconds time) {
  const double milliseconds = std::chrono::duration<double, std::milli>(time).count();
  if (milliseconds >= 999.95) return fmt::format("{:.2f} s", milliseconds / 1000);
  return fmt::format("{:.1f} ms", milliseconds);
}

// Styles text, or leaves it unchanged.
class Paint {
 public:
  explicit Paint(bool colour) noexcept : colour_(colour) {}

  std::string good(std::string_view text) const {
    return styled(text, fmt::fg(fmt::terminal_color::green));
  }
  std::string bad(std::string_view text) const {
    return styled(text, fmt::fg(fmt::terminal_color::red));
  }
  std::string faint(std::string_view text) const {
    return styled(text, fmt::fg(fmt::terminal_color::bright_black));
  }
  std::string strong(std::string_view text) const { return styled(text, fmt::emphasis::bold); }

 private:
  std::string styled(std::string_view text, const fmt::text_style& style) const {
    return colour_ ? fmt::format(style, "{}", text) : std::string(text);
  }

  bool colour_;
};

}  // namespace isolation
