#pragma once

#include <system_error>

#include "bulwark/asio.hpp"
#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

#if BULWARK_ASIO_IS_BOOST
/// Converts an error code of the standard library. The conversion of Boost.System wraps it, and the
/// result equals no code of Boost. The two categories that both libraries have are translated here,
/// so that such a code compares equal to a value of net::error.
inline net::error_code toNet(const std::error_code& code) noexcept {
  if (code.category() == std::system_category()) {
    return {code.value(), boost::system::system_category()};
  }
  if (code.category() == std::generic_category()) {
    return {code.value(), boost::system::generic_category()};
  }
  return code;
}
#endif

}  // namespace bulwark::detail
