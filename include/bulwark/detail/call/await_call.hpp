#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_accounting.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/failed_result.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/call/spawn_token.hpp"
#include "bulwark/detail/call/yield.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// execute() for a coroutine that awaits it, of a callable that returns an awaitable. If the
/// coroutine runs on the limiter's executor and a permit is free, it awaits that awaitable itself:
/// no coroutine has to be spawned, and no operation allocated.
template <typename L, typename F, typename Ex>
net::awaitable<typename ResultOf<F>::Value, Ex> awaitCall(Ref<L> limiter, std::optional<F> fn,
                                                          CallRequest request,
                                                          net::use_awaitable_t<Ex> token) {
  using Value = typename ResultOf<F>::Value;
  const Ex here = co_await net::this_coro::executor;
  const auto& executor = limiter->executor();
  const bool timed = request.isTimed(request.limit(limiter->executionTimeout()));
  if (!executor || here != Ex(*executor) || timed || !limiter->take(request.weight)) {
    co_return co_await initiateCall<CallSignature<F>>(ExecuteInitiation<L>(limiter.get()), token,
                                                      std::move(*fn), request);
  }
  // Counts the call as cancelled if the coroutine is destroyed.
  Grant grant(*limiter, request.weight);
  noteCall(*limiter);
  if (attemptMustYield()) [[unlikely]]
    co_await net::post(token);
  CallAccounting accounting;
  accounting.begin(grant, *fn);
  SlotOf<F> result;
  std::exception_ptr error;
  try {
    if constexpr (std::is_void_v<Value>) {
      co_await (*fn)();
    } else {
      result.value.emplace(co_await (*fn)());
      if (isFailedResult(*fn, *result.value)) accounting.fail();
    }
  } catch (...) {
    error = std::current_exception();
    accounting.fail();
  }
  fn.reset();
  accounting.end();
  Ref<Limiter>::adopt(accounting.close(grant));
  if (error) std::rethrow_exception(std::move(error));
  if constexpr (!std::is_void_v<Value>) co_return std::move(*result.value);
}

/// Whether a call of F with that token goes through awaitCall().
template <typename F, typename Token>
inline constexpr bool isAwaitedCall = false;
template <typename F, typename Ex>
inline constexpr bool isAwaitedCall<F, net::use_awaitable_t<Ex>> =
    requires { requires std::is_same_v<typename ResultOf<F>::Executor, Ex>; };

/// execute() on a limiter with any token.
template <typename L, typename F, typename Token>
auto execute(L& limiter, F&& fn, const CallRequest& request, Token& token) {
  if constexpr (isAwaitedCall<F, std::remove_cv_t<Token>>) {
    using Call = std::decay_t<F>;
    return awaitCall<L, Call>(Ref<L>(&limiter), std::optional<Call>(std::forward<F>(fn)), request,
                              token);
  } else {
    return initiateCall<CallSignature<F>>(ExecuteInitiation<L>(&limiter), token,
                                          std::forward<F>(fn), request);
  }
}

}  // namespace bulwark::detail
