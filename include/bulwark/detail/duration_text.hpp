#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A duration as it is written in a configuration: "250ms", "30s", "1m30s", "0"; "never" for
/// noTimeout. Exact.
BULWARK_EXPORT std::string durationText(std::chrono::nanoseconds duration);

/// The other way. Numbers with the units h, m, s, ms, us and ns, each at most once and the larger
/// first; "0"; "never". None for anything else, and for what 64 bits of nanoseconds cannot hold.
BULWARK_EXPORT std::optional<std::chrono::nanoseconds> parseDuration(std::string_view text);

}  // namespace bulwark::detail
