#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/asio_compartment.hpp"
#include "bulwark/detail/checked_limits.hpp"
#include "bulwark/detail/initiate.hpp"
#include "bulwark/permit.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template <typename T>
inline constexpr bool isExecutionContext = std::is_convertible_v<T&, net::execution_context&>;

template <typename Token>
inline constexpr bool isUseAwaitable = false;
template <typename Ex>
inline constexpr bool isUseAwaitable<net::use_awaitable_t<Ex>> = true;

/// Lets the manager reach what stands behind the bulkheads that it owns, and collectors of metrics
/// what stands behind anything.
struct FacadeAccess {
  template <typename F>
  static auto& compartment(const F& facade) noexcept {
    return facade.compartment();
  }
  template <typename CircuitBreaker>
  static const auto& breaker(const CircuitBreaker& facade) noexcept {
    return facade.breaker_;
  }
  template <typename BulkheadManager>
  static auto& state(const BulkheadManager& manager) noexcept {
    return *manager.state_;
  }
};

/// What a Bulkhead and a SemaphoreBulkhead have in common: they own a compartment, and start
/// operations on it.
template <Compartment::Kind kind, typename Executor, typename Clock>
class Facade {
  static_assert(
      net::execution::is_executor<Executor>::value || net::is_executor<Executor>::value,
      "no executor, nor a context of the Asio that this bulwark is for: see BULWARK_ASIO");

 public:
  const std::string& name() const noexcept { return compartment_->name(); }
  Executor get_executor() const noexcept { return *compartment_->executor(); }
  void resume() { compartment_->resume(); }
  bool draining() const noexcept { return compartment_->draining(); }
  void reset() noexcept { compartment_->reset(); }
  void setObserver(Observer observer) { compartment_->setObserver(std::move(observer)); }

 protected:
  using State = AsioCompartment<Executor, Clock>;

  Facade(Executor executor, std::string name, const Limits& limits)
      : compartment_(new State(kind, std::move(executor), std::move(name), limits)) {}
  Facade(Facade&& other) noexcept : compartment_(std::exchange(other.compartment_, nullptr)) {}
  Facade& operator=(Facade&& other) noexcept {
    Facade taken(std::move(other));
    std::swap(compartment_, taken.compartment_);
    return *this;
  }
  ~Facade() {
    if (compartment_ != nullptr) compartment_->close();
  }

  State& compartment() const noexcept { return *compartment_; }

  template <typename F, typename Token>
  auto asyncExecute(F&& fn, std::size_t permits, std::optional<std::chrono::nanoseconds> timeout,
                    Token&& token) {
    return net::async_initiate<Token, CallSignature<F>>(
        ExecuteInitiation<State>(compartment_), token, std::forward<F>(fn), permits, timeout);
  }

  template <typename Token>
  auto asyncAcquire(std::size_t permits, std::optional<std::chrono::nanoseconds> timeout,
                    Token&& token) {
    if constexpr (isUseAwaitable<std::decay_t<Token>>) {
      return awaitPermit(Ref<State>(compartment_), permits, timeout, token);
    } else {
      return initiateAcquire(*compartment_, permits, timeout, std::forward<Token>(token));
    }
  }

  template <typename Token>
  auto asyncDrain(std::chrono::nanoseconds within, Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(DrainInitiation<State>(compartment_),
                                                             token, within);
  }

  Permit tryPermit(std::size_t permits) noexcept {
    if (compartment_->take(permits, kind)) [[likely]]
      return PermitMaker::make(compartment_, permits, permits, compartment_->permitTime(kind));
    const Entry entry = compartment_->tryEnterNow(permits);
    if (entry.verdict == Verdict::granted) {
      return PermitMaker::make(compartment_, permits, entry.held, compartment_->permitTime(kind));
    }
    if (entry.verdict == Verdict::passed) return PermitMaker::make(nullptr, permits, 0, {});
    return {};
  }

 private:
  template <typename Token>
  static auto initiateAcquire(State& compartment, std::size_t permits,
                              std::optional<std::chrono::nanoseconds> timeout, Token&& token) {
    return net::async_initiate<Token, void(net::error_code, Permit)>(
        AcquireInitiation<State>(&compartment), token, permits, timeout);
  }

  /// What a coroutine awaits: a free permit without a detour through the executor, and without
  /// going one frame deeper each time, as completing inside an initiating function would.
  template <typename Ex>
  static net::awaitable<Permit, Ex> awaitPermit(Ref<State> compartment, std::size_t permits,
                                                std::optional<std::chrono::nanoseconds> timeout,
                                                net::use_awaitable_t<Ex> token) {
    if (compartment->take(permits, kind)) {
      co_return PermitMaker::make(compartment.get(), permits, permits,
                                  compartment->permitTime(kind));
    }
    co_return co_await initiateAcquire(*compartment, permits, timeout, token);
  }

  State* compartment_;  // null: moved from
};

}  // namespace bulwark::detail
