#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/failed_result.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The awaitable that invoke() returns for a callable that returns one.
template <typename F, typename Done>
std::remove_cvref_t<std::invoke_result_t<F&>> invokeAwaitable(F& fn, Done done) {
  try {
    if constexpr (std::is_void_v<typename ResultOf<F>::Value>) {
      co_await fn();
      done(nullptr, false);
    } else {
      auto result = co_await fn();
      done(nullptr, isFailedResult(fn, result));
      co_return result;
    }
  } catch (...) {
    done(std::current_exception(), true);
    throw;
  }
}

/// Calls user code, and `done(error, failed)` at its end, which must not throw: null and false for
/// success, null and true for a result that is a failure. Returns or throws as the user code does.
/// `fn` must outlive the awaitable that it returns.
template <typename F, typename Done>
std::remove_cvref_t<std::invoke_result_t<F&>> invoke(F& fn, Done done) {
  if constexpr (ResultOf<F>::awaitable) {
    return invokeAwaitable(fn, std::move(done));
  } else {
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
        fn();
        done(nullptr, false);
      } else {
        std::remove_cvref_t<std::invoke_result_t<F&>> result = fn();
        done(nullptr, isFailedResult(fn, result));
        return result;
      }
    } catch (...) {
      done(std::current_exception(), true);
      throw;
    }
  }
}

}  // namespace bulwark::detail
