#pragma once

#include <string_view>

namespace service {

/// page.html, with {{nonce}} where the key of its scripts and styles belongs.
extern const std::string_view page;

}  // namespace service
