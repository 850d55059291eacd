#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/queued_handler.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/runtime/completion.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A drain() that waits for the last permit.
template <typename Handler, typename Executor>
class QueuedDrain final : public Waiter, public QueuedHandler<Handler, Executor> {
 public:
  using QueuedHandler<Handler, Executor>::QueuedHandler;

  void wake() noexcept override {
    net::error_code code;
    if (verdict == Verdict::timedOut) {
      code = net::error::timed_out;
    } else if (verdict != Verdict::granted) {
      code = net::error::operation_aborted;
    }
    freeAndPost(OpOwner<QueuedDrain>(this),
                [code](Handler handler) { return completion(std::move(handler), code); });
  }

  void discard() noexcept override { OpOwner<QueuedDrain>(this).reset(); }
};

/// drain() of a limiter L.
template <typename L>
class DrainInitiation : public Initiation<L> {
 public:
  using Initiation<L>::Initiation;

  template <typename H>
  void operator()(H&& handler, std::chrono::nanoseconds within) const {
    using Op = QueuedDrain<std::decay_t<H>, typename L::executor_type>;
    L& limiter = this->owner();
    if (!limiter.executor()) return;  // the context is gone, and no handler can run
    auto op = OpOwner<Op>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                *limiter.executor(), std::forward<H>(handler));
    CancelLink* cancel = connectToQueue(op->handler(), limiter);
    limiter.drain(within, *op, cancel);
    op.release();
  }
};

}  // namespace bulwark::detail
