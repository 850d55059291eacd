#pragma once

#include <atomic>
#include <memory>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The handler in the cancellation slot of a call that may be queued. The initiating function puts
/// it there, once, and no other thread touches the slot. When the call leaves the queue the link is
/// cleared, and the handler does nothing from then on, until the owner of the slot replaces it.
///
/// @tparam Queue has the queue: a Limiter or a RateGate
template <typename Queue>
class CancelHook : CancelLink {
 public:
  /// @param limiter null: the call is never queued
  explicit CancelHook(Queue* limiter) noexcept : limiter_(limiter) {}
  CancelHook(const CancelHook&) = delete;
  CancelHook& operator=(const CancelHook&) = delete;
  ~CancelHook() {
    if (limiter_) limiter_->unlink(*this);
  }

  CancelLink* link() noexcept { return this; }

  void operator()(net::cancellation_type_t type) { cancelQueued(type); }

 protected:
  bool cancelQueued(net::cancellation_type_t type) noexcept {
    return type != net::cancellation_type::none && limiter_ && limiter_->cancel(*this);
  }

 private:
  Ref<Queue> limiter_;
};

/// The same for an operation that may wait in several queues, and knows in which one it waits. The
/// slot and the operation share the target.
template <typename T>
struct SharedCancelHook {
  std::shared_ptr<T> target;

  void operator()(net::cancellation_type_t type) noexcept {
    if (type != net::cancellation_type::none) target->cancel();
  }
};

/// Whether the caller of a call has requested its cancellation, that is, has emitted its
/// cancellation slot. A callable that needs to know has a member
/// watchCancellation(CancelRequested), which the initiating function calls.
class CancelRequested {
 public:
  /// For a call that cannot be cancelled: never.
  CancelRequested() noexcept = default;
  explicit CancelRequested(std::shared_ptr<const std::atomic<bool>> flag) noexcept
      : flag_(std::move(flag)) {}

  explicit operator bool() const noexcept { return flag_ != nullptr && flag_->load(); }

 private:
  std::shared_ptr<const std::atomic<bool>> flag_;
};

template <typename F>
inline constexpr bool watchesCancellation =
    requires(F& fn, CancelRequested requested) { fn.watchCancellation(requested); };

/// Makes the handler's slot record a cancellation request, for a call that it does not interrupt.
template <typename Handler>
CancelRequested noteCancelRequest(const Handler& handler) {
  auto slot = net::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return {};
  const auto flag = std::make_shared<std::atomic<bool>>(false);
  slot.assign([flag](net::cancellation_type_t type) noexcept {
    if (type != net::cancellation_type::none) flag->store(true);
  });
  return CancelRequested(flag);
}

/// The default in a query for the cancellation slot of a handler: the handler has none.
struct NoSlot {};

/// Whether a handler of that type may have a cancellation slot.
template <typename Handler>
inline constexpr bool mayHaveSlot =
    !std::is_same_v<typename net::associated_cancellation_slot<Handler, NoSlot>::type, NoSlot>;

/// Puts a Hook into the handler's cancellation slot, if it has one. Returns the hook, or null.
template <typename Hook, typename Handler, typename... Args>
Hook* connectCancellation(const Handler& handler, Args&&... args) {
  auto slot = net::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return nullptr;
  return &slot.template emplace<Hook>(std::forward<Args>(args)...);
}

/// Connects the handler's cancellation slot with the queue of a limiter L.
template <typename Handler, typename L>
CancelLink* connectToQueue(const Handler& handler, L& limiter) {
  if constexpr (mayHaveSlot<Handler>) {
    auto* hook = connectCancellation<CancelHook<typename L::Queue>>(
        handler, static_cast<typename L::Queue*>(&limiter));
    if (hook != nullptr) return hook->link();
  }
  return nullptr;
}

}  // namespace bulwark::detail
