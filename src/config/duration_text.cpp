#include "bulwark/detail/config/duration_text.hpp"

#include <charconv>
#include <cstdint>

#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Larger units first.
constexpr Unit units[] = {{"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000},
                          {"ms", 1'000'000},        {"us", 1'000},         {"ns", 1}};

}  // namespace

std::string durationText(std::chrono::nanoseconds duration) {
  if (duration == noTimeout) return "never";
  if (duration.count() == 0) return "0";
  std::string text = duration.count() < 0 ? "-" : "";
  // Unsigned, because the least value has no positive counterpart.
  auto rest = static_cast<std::uint64_t>(duration.count());
  if (duration.count() < 0) rest = 0 - rest;
  for (const Unit& unit : units) {
    const auto size = static_cast<std::uint64_t>(unit.nanoseconds);
    if (rest >= size) text += std::to_string(rest / size).append(unit.name);
    rest %= size;
  }
  return text;
}

std::optional<std::chrono::nanoseconds> parseDuration(std::string_view text) {
  if (text == "never") return noTimeout;
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  const Unit* unit = std::begin(units);
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789-"));
    while (unit != std::end(units) && unit->name != name) ++unit;
    if (unit == std::end(units)) return std::nullopt;
    // Only "never" means noTimeout.
    const std::int64_t most = noTimeout.count() - 1;
    if (number > (most - sum) / unit->nanoseconds) return std::nullopt;
    sum += number * unit->nanoseconds;
    text.remove_prefix(name.size());
    ++unit;
  }
  return std::chrono::nanoseconds{sum};
}

}  // namespace bulwark::detail
