#pragma once

#include <memory>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/call_accounting.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/waiting_call.hpp"
#include "bulwark/detail/call/waiting_plain_call.hpp"
#include "bulwark/detail/limiter/limiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The steps of a call that depend on what lies between its permits and its work. Here that is
/// nothing. A layer above specialises this for the callables that it wraps.
template <typename F>
struct CallSteps {
  /// What a call that may wait derives from.
  using Waiting = WaitingCall;
  using WaitingPlain = WaitingPlainCall<WaitingCall, CallAccounting>;

  /// Connects the handler's cancellation slot with the queue in which the call may wait.
  template <typename Handler>
  static CancelLink* connect(F&, const Handler& handler, Limiter* limiter) {
    return connectToQueue(handler, *limiter);
  }

  /// The same for an awaitable, which `running` cancels while it runs. Null: it has no limit.
  template <typename Handler, typename Executor>
  static CancelLink* connectAwaitable(F&, const Handler& handler, Limiter* limiter,
                                      const std::shared_ptr<AwaitableCancel<Executor>>& running) {
    return connectCancellation<AwaitableHook<Executor>>(handler, limiter, running)->link();
  }

  /// What accounts for the work of a call.
  using Accounting = CallAccounting;
};

}  // namespace bulwark::detail
