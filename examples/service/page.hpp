#pragma once

#include <string_view>

namespace service {

/// page.html, with {{nonce}} as a placeholder for the key of its scripts and styles.
extern const std::string_view page;

}  // namespace service
