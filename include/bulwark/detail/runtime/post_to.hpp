#pragma once

#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Whether any thread may run the functions of this executor in place: it has no context, or the
/// system context. The executor of use_future is an example. To post to it would cost a thread.
template <typename Executor>
bool runsAnywhere(const Executor& executor) {
  if constexpr (!net::execution::is_executor<Executor>::value) {
    return false;  // an executor without properties always has a context
  } else if constexpr (net::can_query<const Executor&, net::execution::context_t>::value) {
    const net::execution_context& context = net::query(executor, net::execution::context);
    return &context == &net::query(net::system_executor(), net::execution::context);
  } else {
    return true;
  }
}

/// Whether functions can be posted to an executor, so that it does not run them in place. Not every
/// executor of a handler supports this: net::any_completion_executor, net::inline_executor, and an
/// executor with nothing but execute() do not.
template <typename Executor>
inline constexpr bool canBePostedTo =
    !net::execution::is_executor<Executor>::value ||  // an executor without properties has post()
    net::can_require<const Executor&, net::execution::blocking_t::never_t>::value;

/// An executor with the properties by which net::post() uses it. Compiled once for each type of an
/// allocator, and not for each function that is posted.
template <typename Executor, typename Allocator>
auto postingBy(const Executor& executor, const Allocator& allocator) {
  return net::prefer(net::require(executor, net::execution::blocking.never),
                     net::execution::relationship.fork, net::execution::allocator(allocator));
}

/// Posts a function that has no executor of its own. As net::post(), through fewer templates and
/// with fewer moves.
///
/// The executors of Asio's contexts have a post() of the Networking TS, which does not consider
/// running the function in place. So each function that is posted is compiled once, and not twice.
template <typename Executor, typename F>
void postOn(const Executor& executor, F&& f) {
  static_assert(!std::is_lvalue_reference_v<F>);
  const auto allocator = net::get_associated_allocator(f);
  if constexpr (net::is_executor<Executor>::value) {
    executor.post(std::move(f), allocator);
  } else {
#if BULWARK_ASIO_VERSION < 102600  // execute() of Asio's executors may be private
    net::execution::execute(postingBy(executor, allocator), std::move(f));
#else
    postingBy(executor, allocator).execute(std::move(f));
#endif
  }
}

/// Posts a function that has to run on `target`, the executor of a handler. `io` is the executor of
/// the operation. Asio posts to `io` and dispatches to `target` from there. This function posts to
/// `target` directly if it can, which saves a hop, and does the same as Asio otherwise.
template <typename IoExecutor, typename Executor, typename F>
void postTo(const IoExecutor& io, const Executor& target, F&& f) {
  constexpr bool same = std::is_same_v<IoExecutor, Executor>;
  if constexpr (same || canBePostedTo<Executor>) {
    if (same || !runsAnywhere(target)) return postOn(target, std::forward<F>(f));
  }
  if constexpr (!same) net::post(io, net::bind_executor(target, std::forward<F>(f)));
}

}  // namespace bulwark::detail
