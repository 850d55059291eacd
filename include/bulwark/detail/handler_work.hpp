#pragma once

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Stands for "no executor of its own" when a handler is asked for one.
struct Unassociated {};

template <typename Handler>
inline constexpr bool hasOwnExecutor =
    !std::is_same_v<typename net::associated_executor<Handler, Unassociated>::type, Unassociated>;

/// Whether an executor is as good as none: it has no context, or the whole program's, so that
/// anybody may run its functions in place. That of use_future is one. To post to it would cost a
/// thread.
template <typename Executor>
bool runsAnywhere(const Executor& executor) {
  if constexpr (!net::execution::is_executor<Executor>::value) {
    return false;  // one of the older kind, which always has a context
  } else if constexpr (net::can_query<const Executor&, net::execution::context_t>::value) {
    const net::execution_context& context = net::query(executor, net::execution::context);
    return &context == &net::query(net::system_executor(), net::execution::context);
  } else {
    return true;
  }
}

/// Whether an executor can be posted to: is sure not to run a function in place. A handler's need
/// not be one: net::any_completion_executor and net::inline_executor are not, nor is one that has
/// nothing but execute().
template <typename Executor>
inline constexpr bool canBePostedTo =
    !net::execution::is_executor<Executor>::value ||  // one of the older kind, which has a post()
    net::can_require<const Executor&, net::execution::blocking_t::never_t>::value;

/// Posts what belongs on `target`, the handler's executor; `io` is the operation's. As Asio does
/// it, to `io`, and from there `target` is asked to run it; where nothing speaks against it
/// straight to `target`, which is one hop less.
template <typename IoExecutor, typename Executor, typename F>
void postTo(const IoExecutor& io, const Executor& target, F&& f) {
  constexpr bool same = std::is_same_v<IoExecutor, Executor>;
  if constexpr (same || canBePostedTo<Executor>) {
    if (same || !runsAnywhere(target)) return net::post(target, std::forward<F>(f));
  }
  if constexpr (!same) net::post(io, net::bind_executor(target, std::forward<F>(f)));
}

/// A handler with its arguments, ready to be posted: brings the handler's allocator along.
template <typename Handler, typename... Args>
struct Completion {
  using allocator_type = net::associated_allocator_t<Handler>;

  Handler handler;
  std::tuple<Args...> args;

  template <typename... Values>
  explicit Completion(Handler&& h, Values&&... values)
      : handler(std::move(h)), args(std::forward<Values>(values)...) {}

  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() {
    std::apply([this](Args&... values) { std::move(handler)(std::move(values)...); }, args);
  }
};

template <typename Handler, typename... Values>
Completion<Handler, std::decay_t<Values>...> completion(Handler&& handler, Values&&... values) {
  static_assert(!std::is_lvalue_reference_v<Handler>);
  return Completion<Handler, std::decay_t<Values>...>(std::move(handler),
                                                      std::forward<Values>(values)...);
}

/// Keeps the context of an executor at work. net::executor_work_guard does as well, and has the
/// executor in it twice, which is 64 bytes more for an any_io_executor.
template <typename Executor, bool = net::execution::is_executor<Executor>::value>
class ContextWork {
 public:
  explicit ContextWork(const Executor& executor)
      : executor_(net::prefer(executor, net::execution::outstanding_work.tracked)) {}

  const auto& executor() const noexcept { return executor_; }

 private:
  std::decay_t<decltype(net::prefer(std::declval<const Executor&>(),
                                    net::execution::outstanding_work.tracked))>
      executor_;
};

/// An executor of the older kind.
template <typename Executor>
class ContextWork<Executor, false> {
 public:
  explicit ContextWork(const Executor& executor) : guard_(executor) {}

  Executor executor() const noexcept { return guard_.get_executor(); }

 private:
  net::executor_work_guard<Executor> guard_;
};

/// The way to a handler: keeps the context of the handler's own executor at work, if it has one.
template <typename Handler, typename Executor>
class HandlerPath {
  using HandlerExecutor = typename net::associated_executor<Handler, Executor>::type;

 public:
  HandlerPath(const Handler& handler, const Executor& executor) : own_(handler, executor) {}

  /// From anywhere: never on this stack. `io` is the operation's executor.
  template <typename IoExecutor, typename F>
  void post(const IoExecutor& io, F&& f) {
    if constexpr (hasOwnExecutor<Handler>) {
      postTo(io, own_.work.executor(), std::forward<F>(f));
    } else {
      net::post(io, std::forward<F>(f));
    }
  }

  /// On a thread of the operation's executor: at once, where that is the handler's too.
  template <typename... Values>
  void complete(Handler&& handler, Values&&... values) {
    if constexpr (hasOwnExecutor<Handler>) {
      net::dispatch(own_.work.executor(),
                    completion(std::move(handler), std::forward<Values>(values)...));
    } else {
      std::move(handler)(std::forward<Values>(values)...);
    }
  }

 private:
  struct Own {
    Own(const Handler& handler, const Executor& executor)
        : work(net::get_associated_executor(handler, executor)) {}
    ContextWork<HandlerExecutor> work;
  };
  struct None {
    None(const Handler&, const Executor&) noexcept {}
  };

  [[no_unique_address]] std::conditional_t<hasOwnExecutor<Handler>, Own, None> own_;
};

/// Keeps the context of the operation's executor at work too: for an operation that waits, and is
/// nothing that the executor knows of.
template <typename Handler, typename Executor>
class HandlerWork {
 public:
  HandlerWork(const Handler& handler, const Executor& executor)
      : io_(executor), path_(handler, executor) {}
  HandlerWork(ContextWork<Executor> io, HandlerPath<Handler, Executor> path)
      : io_(std::move(io)), path_(std::move(path)) {}

  template <typename F>
  void post(F&& f) {
    path_.post(io_.executor(), std::forward<F>(f));
  }
  template <typename... Values>
  void complete(Handler&& handler, Values&&... values) {
    path_.complete(std::move(handler), std::forward<Values>(values)...);
  }

 private:
  ContextWork<Executor> io_;
  [[no_unique_address]] HandlerPath<Handler, Executor> path_;
};

/// Where an operation lives while it waits: memory from its handler's allocator, or else from
/// Asio's recycling one. The operation keeps the allocator; it is freed before the handler runs.
template <typename Handler>
using OperationAllocator = net::associated_allocator_t<Handler, DefaultAllocator>;

template <typename Op>
class OpOwner {
 public:
  template <typename Allocator, typename... Args>
  static OpOwner make(const Allocator& allocator, Args&&... args) {
    typename std::allocator_traits<Allocator>::template rebind_alloc<Op> alloc(allocator);
    using Traits = std::allocator_traits<decltype(alloc)>;
    Op* memory = Traits::allocate(alloc, 1);
    try {
      return OpOwner(::new (static_cast<void*>(memory)) Op(allocator, std::forward<Args>(args)...));
    } catch (...) {
      Traits::deallocate(alloc, memory, 1);
      throw;
    }
  }

  explicit OpOwner(Op* op) noexcept : op_(op) {}
  OpOwner(OpOwner&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  OpOwner& operator=(OpOwner&&) = delete;
  ~OpOwner() { reset(); }

  explicit operator bool() const noexcept { return op_ != nullptr; }
  Op* operator->() const noexcept { return op_; }
  Op& operator*() const noexcept { return *op_; }
  Op* release() noexcept { return std::exchange(op_, nullptr); }

  void reset() noexcept {
    if (op_ == nullptr) return;
    // The allocator may refer to the handler, as that of net::any_completion_handler does.
    [[maybe_unused]] const auto handler = takeHandler();
    auto base = op_->allocator;
    typename std::allocator_traits<decltype(base)>::template rebind_alloc<Op> alloc(base);
    op_->~Op();
    std::allocator_traits<decltype(alloc)>::deallocate(alloc, std::exchange(op_, nullptr), 1);
  }

 private:
  /// The handler, to be destroyed last, where it has an allocator of its own.
  auto takeHandler() noexcept {
    using Handler = std::decay_t<decltype(op_->handler())>;
    if constexpr (!std::is_same_v<OperationAllocator<Handler>, DefaultAllocator> &&
                  std::is_nothrow_move_constructible_v<Handler>) {
      return std::move(op_->handler());
    } else {
      return nullptr;
    }
  }

  Op* op_;
};

}  // namespace bulwark::detail
