#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/call_steps.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/failed_result.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/handler_work.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The callable and the handler of a plain call. Part of a PlainCall, or of a QueuedCall while it
/// waits.
template <typename F, typename Handler, typename Executor>
class PlainWork {
 public:
  template <typename Fn, typename H>
  PlainWork(const Executor& executor, Fn&& fn, H&& handler)
      : path_(handler, executor), fn_(std::forward<Fn>(fn)), handler_(std::forward<H>(handler)) {}
  F& fn() noexcept { return *fn_; }
  Handler& handler() noexcept { return handler_; }
  const Handler& handler() const noexcept { return handler_; }
  HandlerPath<Handler, Executor>& path() noexcept { return path_; }

  /// Returns whether the result is a failure.
  bool invoke(SlotOf<F>& result) {
    [[maybe_unused]] const WorksFor here(handler_);
    if constexpr (std::is_void_v<typename ResultOf<F>::Value>) {
      (*fn_)();
      return false;
    } else {
      result.value.emplace((*fn_)());
      return isFailedResult(*fn_, *result.value);
    }
  }
  void dropCallable() noexcept { fn_.reset(); }

  /// Passes the result to the handler. `free` frees the operation, if this is part of one.
  template <typename Free>
  void complete(SlotOf<F>& result, std::exception_ptr&& error, Free free) {
    Handler receiver(std::move(handler_));
    HandlerPath<Handler, Executor> path(std::move(path_));
    free();
    result.complete(path, std::move(receiver), std::move(error));
  }

 private:
  [[no_unique_address]] HandlerPath<Handler, Executor> path_;
  std::optional<F> fn_;
  Handler handler_;  // last, because the memory of the operation may come from its allocator
};

/// A plain call as it is posted, with its permits.
template <typename F, typename Handler, typename Executor>
class PlainCall {
 public:
  using allocator_type = net::associated_allocator_t<Handler>;

  template <typename... Args>
  explicit PlainCall(std::in_place_t, Args&&... args) : work_(std::forward<Args>(args)...) {}

  Grant& grant() noexcept { return grant_; }
  allocator_type get_allocator() const noexcept {
    return net::get_associated_allocator(work_.handler());
  }

  void watchCancellation() {
    if constexpr (watchesCancellation<F>) {
      work_.fn().watchCancellation(noteCancelRequest(work_.handler()));
    }
  }

  /// The executor runs this.
  void operator()() {
    SlotOf<F> result;
    std::exception_ptr error;
    typename CallSteps<F>::Accounting accounting;
    accounting.begin(grant_, work_.fn());
    try {
      if (work_.invoke(result)) accounting.fail();
    } catch (...) {
      error = std::current_exception();
      accounting.fail();
    }
    accounting.end();
    work_.dropCallable();
    const auto keep = Ref<Limiter>::adopt(accounting.close(grant_));
    work_.complete(result, std::move(error), [] {});
    if (keep) [[unlikely]]
      keep->continueBurst(accounting.ended());
  }

 private:
  Grant grant_;
  PlainWork<F, Handler, Executor> work_;
};

}  // namespace bulwark::detail
