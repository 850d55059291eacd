#pragma once

#include <concepts>
#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

#if BULWARK_ASIO_VERSION >= 102400 && BULWARK_ASIO_VERSION < 102900
#include BULWARK_NET(as_tuple.hpp)
#define BULWARK_SPAWN_NEEDS_TUPLE 1
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Starts an operation that completes with an exception_ptr, as net::async_initiate() does.
template <typename Signature, typename Initiation, typename Token, typename... Args>
auto initiateCall(Initiation&& initiation, Token& token, Args&&... args) {
  return net::async_initiate<Token, Signature>(std::forward<Initiation>(initiation), token,
                                               std::forward<Args>(args)...);
}

#ifdef BULWARK_SPAWN_NEEDS_TUPLE

/// The yield_context of spawn(), which cannot be named without spawn's header and the libraries
/// that this needs.
template <typename Token>
concept YieldContext = requires(const Token& token, net::error_code& code) {
  { token[code] } -> std::same_as<std::remove_const_t<Token>>;
  token.get_executor();
};

/// With a yield_context, from Asio 1.24 to 1.28, spawn() rethrows the exception_ptr without
/// checking whether it is null. So the result is passed as a tuple, and taken apart here, in the
/// coroutine that waited for it.
template <typename Signature, typename Initiation, YieldContext Token, typename... Args>
auto initiateCall(Initiation&& initiation, Token& token, Args&&... args) {
  auto asTuple = net::as_tuple(token);
  auto result = net::async_initiate<decltype(asTuple), Signature>(
      std::forward<Initiation>(initiation), asTuple, std::forward<Args>(args)...);
  if (std::get<0>(result)) std::rethrow_exception(std::move(std::get<0>(result)));
  if constexpr (std::tuple_size_v<decltype(result)> == 2) return std::get<1>(std::move(result));
}

#undef BULWARK_SPAWN_NEEDS_TUPLE
#endif

}  // namespace bulwark::detail
