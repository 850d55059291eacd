#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The text of a duration in a configuration: "250ms", "30s", "1m30s", "0"; "never" for noTimeout.
/// Exact. A negative duration begins with "-".
BULWARK_EXPORT std::string durationText(std::chrono::nanoseconds duration);

/// The duration of such a text: integers with the units h, m, s, ms, us and ns, each unit at most
/// once and larger units first; or "0", or "never". None for any other text, and for a duration
/// that 64 bits of nanoseconds cannot hold.
BULWARK_EXPORT std::optional<std::chrono::nanoseconds> parseDuration(std::string_view text);

}  // namespace bulwark::detail
