#pragma once

#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/retry_scope.hpp"

// Which calls belong to an attempt of a retry, wherever its coroutines resume.

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The executor of the coroutines of an attempt. Runs every function in the scope of the attempt.
class ScopedExecutor {
 public:
  ScopedExecutor(net::any_io_executor inner, Ref<RetryScope> scope) noexcept
      : inner_(std::move(inner)), scope_(std::move(scope)) {}

  const Ref<RetryScope>& scope() const noexcept { return scope_; }

  template <typename Property>
    requires(net::can_query<const net::any_io_executor&, Property>::value)
  decltype(auto) query(const Property& property) const {
    return net::query(inner_, property);
  }

  template <typename Property>
    requires(net::can_require<const net::any_io_executor&, Property>::value)
  ScopedExecutor require(const Property& property) const {
    return {net::require(inner_, property), scope_};
  }

  template <typename Property>
    requires(net::can_prefer<const net::any_io_executor&, Property>::value)
  ScopedExecutor prefer(const Property& property) const {
    return {net::prefer(inner_, property), scope_};
  }

  template <typename F>
  void execute(F&& f) const {
    inner_.execute(InScope<std::decay_t<F>>{scope_, std::forward<F>(f)});
  }

  friend bool operator==(const ScopedExecutor& a, const ScopedExecutor& b) noexcept {
    return a.scope_.get() == b.scope_.get() && a.inner_ == b.inner_;
  }
  friend bool operator!=(const ScopedExecutor& a, const ScopedExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  template <typename F>
  struct InScope {
    Ref<RetryScope> scope;
    F f;

    void operator()() {
      const RetryScope::Here here(std::move(scope));
      std::move(f)();
    }
  };

  net::any_io_executor inner_;
  Ref<RetryScope> scope_;
};

// These are templates, and `Scoped` is no other type than ScopedExecutor, because every file that
// includes bulwark would compile what makes a type-erased executor of one. The library cannot
// compile it for a program, because Asio generates something else for a program without RTTI.

/// The executor itself if there is no scope.
template <typename Scoped = ScopedExecutor>
net::any_io_executor inScope(net::any_io_executor executor, Ref<RetryScope> scope) {
  if (!scope) return executor;
  return Scoped(std::move(executor), std::move(scope));
}

/// The scoped executor inside a type-erased one; null: there is none. The target() of some versions
/// of Asio does not check the type.
template <typename Executor, typename Scoped = ScopedExecutor>
const ScopedExecutor* scopedIn(const Executor& executor) noexcept {
#if defined(ASIO_NO_TYPEID) || defined(BOOST_ASIO_NO_TYPEID)
  static const auto* const wanted =
      net::any_io_executor(Scoped(net::system_executor(), {})).target_type();
  const bool found = executor.target_type() == wanted;
#else
  const bool found = executor.target_type() == typeid(ScopedExecutor);
#endif
  return found ? executor.template target<ScopedExecutor>() : nullptr;
}

/// Whether a handler of that type may carry a scope: its executor is type-erased.
template <typename Handler>
inline constexpr bool mayCarryScope =
    requires(const net::associated_executor_t<Handler>& executor) {
      executor.target_type();
      executor.template target<ScopedExecutor>();
    };

/// The scope that the executor of a handler carries; null: none.
template <typename Handler>
Ref<RetryScope> scopeOf(const Handler& handler) noexcept {
  if constexpr (mayCarryScope<Handler>) {
    if (RetryScope::inUse()) {
      const auto executor = net::get_associated_executor(handler);
      if (const auto* scoped = scopedIn(executor)) return scoped->scope();
    }
  }
  return {};
}

/// The same, or else the scope of the attempt that this thread runs.
template <typename Handler>
Ref<RetryScope> scopeOfCall(const Handler& handler) noexcept {
  auto scope = scopeOf(handler);
  return scope ? scope : RetryScope::here();
}

/// A call starts in `host`.
inline void noteCall(Host& host) noexcept {
  if (!RetryScope::inUse()) [[likely]]
    return;
  if (const auto scope = RetryScope::here()) scope->note(host);
}

/// The same for a call that has a handler.
template <typename Handler>
void noteCall(Host& host, const Handler& handler) noexcept {
  if (!RetryScope::inUse()) [[likely]]
    return;
  if (const auto scope = scopeOfCall(handler)) scope->note(host);
}

/// While it lives, this thread works in the scope that `handler` carries.
class WorksFor {
 public:
  template <typename Handler>
  explicit WorksFor(const Handler& handler) noexcept {
    if (auto scope = scopeOf(handler)) here_.emplace(std::move(scope));
  }

 private:
  std::optional<RetryScope::Here> here_;
};

}  // namespace bulwark::detail
