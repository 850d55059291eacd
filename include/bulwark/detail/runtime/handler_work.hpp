#pragma once

#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/runtime/completion.hpp"
#include "bulwark/detail/runtime/post_to.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The default in a query for the executor of a handler: the handler has none.
struct Unassociated {};

template <typename Handler>
inline constexpr bool hasOwnExecutor =
    !std::is_same_v<typename net::associated_executor<Handler, Unassociated>::type, Unassociated>;

/// Keeps the context of an executor from running out of work, as net::executor_work_guard does.
/// That guard holds the executor twice, which costs 64 bytes more for an any_io_executor.
template <typename Executor, bool = net::execution::is_executor<Executor>::value>
class ContextWork {
 public:
  explicit ContextWork(const Executor& executor)
      : executor_(net::prefer(executor, net::execution::outstanding_work.tracked)) {}

  /// Of the type Executor if possible, so that what is posted to an Executor elsewhere and to this
  /// one is compiled once. Throws what the executor throws.
  decltype(auto) executor() const {
    if constexpr (std::is_same_v<Tracked, Executor> || !std::is_same_v<Untracked, Executor>) {
      return static_cast<const Tracked&>(executor_);
    } else {
      return net::prefer(executor_, net::execution::outstanding_work.untracked);
    }
  }

 private:
  using Tracked = std::decay_t<decltype(net::prefer(std::declval<const Executor&>(),
                                                    net::execution::outstanding_work.tracked))>;
  using Untracked = std::decay_t<decltype(net::prefer(std::declval<const Tracked&>(),
                                                      net::execution::outstanding_work.untracked))>;

  Tracked executor_;
};

/// For an executor without properties (a Networking TS executor).
template <typename Executor>
class ContextWork<Executor, false> {
 public:
  explicit ContextWork(const Executor& executor) : guard_(executor) {}

  Executor executor() const noexcept { return guard_.get_executor(); }

 private:
  net::executor_work_guard<Executor> guard_;
};

/// Invokes a handler on its executor. If the handler has an executor of its own, keeps the context
/// of that executor from running out of work.
template <typename Handler, typename Executor>
class HandlerPath {
  using HandlerExecutor = typename net::associated_executor<Handler, Executor>::type;

 public:
  HandlerPath(const Handler& handler, const Executor& executor) : own_(handler, executor) {}

  /// Posts `f` from any thread, and never runs it on this stack. `io` is the executor of the
  /// operation.
  template <typename IoExecutor, typename F>
  void post(const IoExecutor& io, F&& f) {
    if constexpr (hasOwnExecutor<Handler>) {
      postTo(io, own_.work.executor(), std::forward<F>(f));
    } else {
      postOn(io, std::forward<F>(f));
    }
  }

  template <typename Guard, typename IoExecutor, typename F>
  void post(Guard& guard, const IoExecutor& io, F& f) {
    if constexpr (hasOwnExecutor<Handler>) {
      guard.post(io, own_.work.executor(), f);
    } else {
      guard.post(io, io, f);
    }
  }

  /// Invokes the handler from a thread of the operation's executor: in place, if the handler has no
  /// other executor.
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
  struct Nothing {
    Nothing(const Handler&, const Executor&) noexcept {}
  };

  [[no_unique_address]] std::conditional_t<hasOwnExecutor<Handler>, Own, Nothing> own_;
};

/// The same for an operation that waits. It also keeps the context of the operation's executor from
/// running out of work, because that executor does not know of the operation.
template <typename Handler, typename Executor>
class HandlerWork {
 public:
  HandlerWork(const Handler& handler, const Executor& executor)
      : io_(executor), path_(handler, executor) {}
  HandlerWork(ContextWork<Executor> io, HandlerPath<Handler, Executor> path)
      : io_(std::move(io)), path_(std::move(path)) {}

  /// That of the operation.
  decltype(auto) executor() const { return io_.executor(); }

  template <typename F>
  void post(F&& f) {
    path_.post(io_.executor(), std::forward<F>(f));
  }
  /// The same by a guard, which has post(io, target, f).
  template <typename Guard, typename F>
  void post(Guard& guard, F& f) {
    path_.post(guard, io_.executor(), f);
  }
  template <typename... Values>
  void complete(Handler&& handler, Values&&... values) {
    path_.complete(std::move(handler), std::forward<Values>(values)...);
  }

 private:
  ContextWork<Executor> io_;
  [[no_unique_address]] HandlerPath<Handler, Executor> path_;
};

}  // namespace bulwark::detail
