#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/callable_result.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The awaitable that invoke() returns for a callable that returns one.
template <typename F, typename Done>
std::remove_cvref_t<std::invoke_result_t<F&>> invokeAwaitable(F& fn, Done done) {
  try {
    if constexpr (std::is_void_v<typename ResultOf<F>::Value>) {
      co_await fn();
      done(nullptr);
    } else {
      auto result = co_await fn();
      done(nullptr);
      co_return result;
    }
  } catch (...) {
    done(std::current_exception());
    throw;
  }
}

/// Calls user code, and `done(error)` at its end, which must not throw: null for success. Returns
/// or throws as the user code does. `fn` must outlive the awaitable that it returns.
template <typename F, typename Done>
std::remove_cvref_t<std::invoke_result_t<F&>> invoke(F& fn, Done done) {
  if constexpr (ResultOf<F>::awaitable) {
    return invokeAwaitable(fn, std::move(done));
  } else {
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
        fn();
        done(nullptr);
      } else {
        std::remove_cvref_t<std::invoke_result_t<F&>> result = fn();
        done(nullptr);
        return result;
      }
    } catch (...) {
      done(std::current_exception());
      throw;
    }
  }
}

}  // namespace bulwark::detail
