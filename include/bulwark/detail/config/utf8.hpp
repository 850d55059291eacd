#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The number of bytes of the UTF-8 character at the start of `text`; 0: the bytes are not UTF-8.
///
/// @param text not empty
BULWARK_EXPORT std::size_t characterAtStart(std::string_view text) noexcept;

/// `text` for one line of a log or a terminal. Control characters and Unicode line breaks are
/// escaped as in JSON ("\n", "\u001b", "\u2028"), and bytes that are not UTF-8 as "\xff". Nothing
/// else is changed, not even backslashes.
BULWARK_EXPORT std::string printable(std::string_view text);

}  // namespace bulwark::detail
