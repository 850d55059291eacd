#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Passes cancellation requests to a running awaitable, on the executor that runs it. A request may
/// come before the awaitable starts and after it has ended. The object stays in the caller's slot
/// after the call, perhaps longer than the executor's context exists. From ended() on it holds no
/// part of the call or of the executor.
template <typename Executor>
class AwaitableCancel : public std::enable_shared_from_this<AwaitableCancel<Executor>> {
 public:
  explicit AwaitableCancel(Executor executor) : executor_(std::move(executor)) {}

  net::cancellation_slot slot() noexcept { return signal_.slot(); }

  CancelRequested requested() { return CancelRequested({this->shared_from_this(), &requested_}); }

  /// Null once the call has ended.
  std::optional<Executor> executor() const {
    const std::lock_guard lock(mutex_);
    return executor_;
  }

  /// The caller requests cancellation, on any thread.
  void request(net::cancellation_type_t type) {
    requested_.store(true);
    interrupt(type);
  }

  /// Something other than the caller ends the wait of the awaitable.
  void interrupt(net::cancellation_type_t type) {
    if (const auto target = executor()) {
      net::post(*target, [self = this->shared_from_this(), type] { self->deliver(type); });
    }
  }

  /// On the executor.
  void started() {
    phase_ = Phase::running;
    if (pending_ != net::cancellation_type::none) send(pending_);
  }

  /// On the executor, or when the executor runs nothing any more.
  void ended() noexcept {
    phase_ = Phase::ended;
    if (!emitting_) signal_.slot().clear();
    std::optional<Executor> dropped;
    const std::lock_guard lock(mutex_);
    dropped.swap(executor_);
  }

 private:
  void deliver(net::cancellation_type_t type) {
    if (phase_ == Phase::early) pending_ |= type;
    if (phase_ == Phase::running) send(type);
  }

  void send(net::cancellation_type_t type) {
    emitting_ = true;
    emitSignal(signal_, type);
    emitting_ = false;
    if (phase_ == Phase::ended) signal_.slot().clear();
  }

  enum class Phase : std::uint8_t { early, running, ended };

  mutable std::mutex mutex_;
  std::optional<Executor> executor_;
  net::cancellation_signal signal_;
  net::cancellation_type_t pending_ = net::cancellation_type::none;
  std::atomic<bool> requested_{false};
  std::atomic<Phase> phase_ = Phase::early;  // a call that never started may end on any thread
  bool emitting_ = false;
};

/// The handler in the cancellation slot of an awaitable call: reaches it in the queue or while it
/// runs.
template <typename Executor>
class AwaitableHook : public CancelHook {
 public:
  AwaitableHook(Limiter* limiter, std::shared_ptr<AwaitableCancel<Executor>> running)
      : CancelHook(limiter), running_(std::move(running)) {}

  void operator()(net::cancellation_type_t type) {
    if (!cancelQueued(type) && type != net::cancellation_type::none) running_->request(type);
  }

 private:
  std::shared_ptr<AwaitableCancel<Executor>> running_;
};

}  // namespace bulwark::detail
