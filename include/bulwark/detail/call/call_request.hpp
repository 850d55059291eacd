#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What one call asks for. Empty: as configured.
struct CallRequest {
  std::size_t weight = 1;
  std::optional<std::chrono::nanoseconds> queueTimeout{};
  std::optional<std::chrono::nanoseconds> executionTimeout{};
};

}  // namespace bulwark::detail
