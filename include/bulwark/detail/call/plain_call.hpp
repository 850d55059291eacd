#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// One call of a plain callable. It is posted directly if a permit is free, and is part of a
/// QueuedCall if it has to wait.
template <typename F, typename Handler, typename Executor>
class PlainCall {
 public:
  using allocator_type = net::associated_allocator_t<Handler>;

  template <typename Fn, typename H>
  PlainCall(const Executor& executor, Fn&& fn, H&& handler)
      : path_(handler, executor), fn_(std::forward<Fn>(fn)), handler_(std::forward<H>(handler)) {}

  Grant& grant() noexcept { return grant_; }
  F& fn() noexcept { return *fn_; }
  Handler& handler() noexcept { return handler_; }
  HandlerPath<Handler, Executor>& path() noexcept { return path_; }
  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler_); }

  void watchCancellation() {
    if constexpr (watchesCancellation<F>) fn_->watchCancellation(noteCancelRequest(handler_));
  }

  /// The executor runs this.
  void operator()() {
    Ref<Limiter> keep;
    const Ticks end = run(keep, [] {});
    if (keep) keep->continueBurst(end);
  }

  /// Runs the callable, does the accounting, frees the operation by `free`, and completes.
  /// @param keep the limiter, if there may be more work for this thread
  template <typename Free>
  Ticks run(Ref<Limiter>& keep, Free free) {
    SlotOf<F> result;
    std::exception_ptr error;
    typename CallSteps<F>::Accounting accounting;
    accounting.begin(grant_, *fn_);
    try {
      [[maybe_unused]] const WorksFor here(handler_);
      if constexpr (std::is_void_v<typename ResultOf<F>::Value>) {
        (*fn_)();
      } else {
        result.value.emplace((*fn_)());
      }
    } catch (...) {
      error = std::current_exception();
    }
    accounting.end();
    fn_.reset();
    keep = accounting.close(grant_, error != nullptr);
    Handler receiver(std::move(handler_));
    HandlerPath<Handler, Executor> path(std::move(path_));
    free();
    result.complete(path, std::move(receiver), std::move(error));
    return accounting.ended();
  }

 private:
  Grant grant_;
  [[no_unique_address]] HandlerPath<Handler, Executor> path_;
  std::optional<F> fn_;
  Handler handler_;  // last, because the memory of the operation may come from its allocator
};

}  // namespace bulwark::detail
