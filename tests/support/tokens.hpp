#pragma once

// Completion tokens that Asio 1.24 moved out of its namespace experimental.

#include <bulwark/asio.hpp>

#include <utility>

#if BULWARK_ASIO_VERSION >= 102400
#include BULWARK_NET(as_tuple.hpp)
#include BULWARK_NET(deferred.hpp)
namespace tokens = bulwark::net;
#elif BULWARK_ASIO_IS_BOOST
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/experimental/deferred.hpp>
namespace tokens = bulwark::net::experimental;
#else
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
namespace tokens = bulwark::net::experimental;
#endif

inline constexpr auto& lazily = tokens::deferred;

template <typename Token>
auto asTuple(Token token) {
  return tokens::as_tuple(std::move(token));
}
