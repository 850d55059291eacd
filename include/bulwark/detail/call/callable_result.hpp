#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/runtime/completion.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The return type of a callable: a value, or an awaitable of one.
template <typename R>
struct CallableResult {
  static constexpr bool awaitable = false;
  using Value = std::decay_t<R>;
};

template <typename R, typename Ex>
struct CallableResult<net::awaitable<R, Ex>> {
  static constexpr bool awaitable = true;
  using Value = std::decay_t<R>;
  using Executor = Ex;
};

template <typename F>
using ResultOf = CallableResult<std::remove_cvref_t<std::invoke_result_t<std::decay_t<F>&>>>;

/// The value of a call on its way to the completion handler; nothing for void.
template <typename Value>
struct ResultSlot {
  static_assert(std::is_default_constructible_v<Value>,
                "bulwark: the completion handler of a call that did not run gets a default-"
                "constructed result; return std::optional<R> or std::unique_ptr<R> instead");
  static_assert(std::is_move_constructible_v<Value>,
                "bulwark: the result of a call is moved into its completion handler");

  using Signature = void(std::exception_ptr, Value);

  template <typename Work, typename Handler>
  void complete(Work& work, Handler&& handler, std::exception_ptr&& error) {
    work.complete(std::move(handler), std::move(error), value ? std::move(*value) : Value());
  }
  /// The completion of a call that did not run.
  template <typename Handler>
  static auto refusal(Handler&& handler, std::exception_ptr error) {
    return completion(std::move(handler), std::move(error), Value());
  }

  std::optional<Value> value;
};

template <>
struct ResultSlot<void> {
  using Signature = void(std::exception_ptr);

  template <typename Work, typename Handler>
  void complete(Work& work, Handler&& handler, std::exception_ptr&& error) {
    work.complete(std::move(handler), std::move(error));
  }
  template <typename Handler>
  static auto refusal(Handler&& handler, std::exception_ptr error) {
    return completion(std::move(handler), std::move(error));
  }
};

template <typename F>
using SlotOf = ResultSlot<typename ResultOf<F>::Value>;

/// The completion signature of execute().
template <typename F>
using CallSignature = typename SlotOf<F>::Signature;

}  // namespace bulwark::detail
