#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/runtime/post_to.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The initiation of an asynchronous operation: everything happens when the operation starts. With
/// a lazy token that is later, perhaps on another thread, perhaps never.
///
/// @tparam Owner counts references, and has an executor until the context is gone
template <typename Owner>
class Initiation {
 public:
  using executor_type = typename Owner::executor_type;

  explicit Initiation(Owner* owner) noexcept : owner_(owner) {}

  executor_type get_executor() const noexcept { return *owner_->executor(); }

 protected:
  Owner& owner() const noexcept { return *owner_; }

 private:
  LazyRef<Owner> owner_;
};

/// Posts the completion of a call that failed before its entry.
template <typename F, typename Executor, typename Handler>
void postError(const Executor& executor, Handler&& handler, std::exception_ptr error) {
  const auto target = net::get_associated_executor(handler, executor);
  postTo(
      executor, target,
      SlotOf<F>::refusal(std::decay_t<Handler>(std::forward<Handler>(handler)), std::move(error)));
}

}  // namespace bulwark::detail
