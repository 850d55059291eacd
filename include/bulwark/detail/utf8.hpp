#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// How many bytes at the start of `text`, which has some, are one character of UTF-8; 0: none are.
BULWARK_EXPORT std::size_t characterAtStart(std::string_view text) noexcept;

/// `text` in one line of a log or a terminal, whatever it holds: control characters and the line
/// breaks of Unicode are escaped as in JSON ("\n", "\u001b", "\u2028"), and bytes that are no UTF-8
/// as "\xff". Everything else is left as it is, backslashes too.
BULWARK_EXPORT std::string printable(std::string_view text);

}  // namespace bulwark::detail
