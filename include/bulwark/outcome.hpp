#pragma once

/// @file
/// Results of calls that are failures: by their type, or by a predicate.

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Whether a result of type R is a failure. A call with such a result counts as failed in the
/// statistics of a bulkhead, is a failure for a circuit breaker, and is worth another
/// attempt for a retry. The result reaches the completion handler all the same.
///
/// By default a result with has_value() and error(), such as std::expected or
/// boost::system::result, is a failure if it has no value; any other result is none. Specialise
/// this for a type of your own:
///
///     template <>
///     struct bulwark::ResultTraits<Response> {
///       static bool failed(const Response& response) noexcept { return response.status >= 500; }
///     };
///
/// R is the decayed result of the callable, or of the awaitable that it returns. The
/// specialisation must be declared before the first call with that result.
template <typename R>
struct ResultTraits {
  /// Whether `result` is a failure. Must not throw. Called once for each call, on the thread on
  /// which its work has ended.
  static bool failed([[maybe_unused]] const R& result) noexcept {
    if constexpr (requires {
                    { result.has_value() } -> std::convertible_to<bool>;
                    result.error();
                  }) {
      return !static_cast<bool>(result.has_value());
    } else {
      return false;
    }
  }
};

namespace detail {

/// A callable with a predicate that judges its results.
template <typename F, typename Predicate>
struct FailIf {
  F fn;
  Predicate isFailure;

  template <typename... Args>
    requires std::invocable<F&, Args...>
  decltype(auto) operator()(Args&&... args) {
    return std::invoke(fn, std::forward<Args>(args)...);
  }
};

}  // namespace detail

/// A callable that does what `fn` does, and whose results for which `isFailure(result)` holds are
/// failures, too, as those that ResultTraits names. The result reaches the completion handler all
/// the same. Pass it to execute() or withPermit():
///
///     bulkhead.execute(bulwark::failIf([] { return get("/x"); },
///                                      [](const Response& r) { return r.status >= 500; }), token);
///
/// @param fn        takes what the function takes to which the result is passed. It may return an
///                  awaitable: then `isFailure` judges what that returns
/// @param isFailure called once with each result, on the thread on which the work has ended, while
///                  the call still holds its permits. An exception that it throws ends the call, as
///                  if `fn` had thrown it
template <typename F, typename Predicate>
auto failIf(F fn, Predicate isFailure) {
  return detail::FailIf<F, Predicate>{std::move(fn), std::move(isFailure)};
}

}  // namespace bulwark
