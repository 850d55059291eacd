#pragma once

#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A waiting operation that consists of a handler: an acquire() or a drain().
template <typename Handler, typename Executor>
class QueuedHandler {
 public:
  using Allocator = OperationAllocator<Handler>;

  template <typename H>
  QueuedHandler(const Allocator& alloc, const Executor& executor, H&& handler)
      : allocator(alloc), work_(handler, executor), handler_(std::forward<H>(handler)) {}

  Handler& handler() noexcept { return handler_; }
  HandlerWork<Handler, Executor> takeWork() noexcept { return std::move(work_); }

  [[no_unique_address]] Allocator allocator;

 private:
  HandlerWork<Handler, Executor> work_;
  Handler handler_;
};

/// Frees an operation that has waited, then posts what `make` makes of its handler. An executor
/// that throws destroys the handler without invoking it.
template <typename Op, typename Make>
void freeAndPost(OpOwner<Op> self, Make make) noexcept {
  try {
    auto [handler, work] = takeApart(std::move(self));
    work.post(make(std::move(handler)));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the destructors release the permits
  }
}

}  // namespace bulwark::detail
