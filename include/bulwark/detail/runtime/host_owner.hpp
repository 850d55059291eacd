#pragma once

#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <typename T>
inline constexpr bool isExecutionContext = std::is_convertible_v<T&, net::execution_context&>;

template <typename Executor>
inline constexpr bool isAnyExecutor =
    net::execution::is_executor<Executor>::value || net::is_executor<Executor>::value;

/// The link from an object of the user to its host H. Closes the host at the end of its life.
template <typename H>
class HostOwner {
  static_assert(
      isAnyExecutor<typename H::executor_type>,
      "no executor, nor a context of the Asio that this bulwark is for: see BULWARK_ASIO");

 public:
  template <typename... Args>
  explicit HostOwner(std::in_place_t, Args&&... args) : host_(new H(std::forward<Args>(args)...)) {}
  HostOwner(HostOwner&& other) noexcept : host_(std::exchange(other.host_, nullptr)) {}
  HostOwner& operator=(HostOwner&& other) noexcept {
    HostOwner taken(std::move(other));
    std::swap(host_, taken.host_);
    return *this;
  }
  ~HostOwner() {
    if (host_ != nullptr) host_->close();
  }

  H* get() const noexcept { return host_; }
  H* operator->() const noexcept { return host_; }
  H& operator*() const noexcept { return *host_; }

 private:
  H* host_;  // null: moved from
};

/// Gives the library's own code access to the state behind the objects of the user: the manager to
/// that of its bulkheads, collectors of metrics to any.
struct Access {
  template <typename Object>
  static auto& limiter(const Object& bulkhead) noexcept {
    return *bulkhead.limiter_;
  }
  template <typename CircuitBreaker>
  static const auto& circuit(const CircuitBreaker& breaker) noexcept {
    return breaker.circuit_.get();
  }
  template <typename RateLimiter>
  static auto& gate(const RateLimiter& limiter) noexcept {
    return *limiter.gate_;
  }
  template <typename Retry>
  static const auto& retryState(const Retry& retry) noexcept {
    return retry.state_;
  }
  template <typename Policy>
  static auto& host(const Policy& policy) noexcept {
    return *policy.host_;
  }
  template <typename BulkheadManager>
  static auto& state(const BulkheadManager& manager) noexcept {
    return *manager.state_;
  }
};

}  // namespace bulwark::detail
