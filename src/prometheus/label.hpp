#pragma once

// A name as the value of a label.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "bulwark/build.hpp"
#include "bulwark/detail/config/utf8.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Replaces the bytes of a name that are not UTF-8, because Prometheus rejects the whole scrape for
/// one of them.
inline std::string labelFor(std::string_view name) {
  std::string label;
  label.reserve(name.size());
  while (!name.empty()) {
    const std::size_t length = characterAtStart(name);
    label += length != 0 ? name.substr(0, length) : "\uFFFD";
    name.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return label;
}

}  // namespace bulwark::detail
