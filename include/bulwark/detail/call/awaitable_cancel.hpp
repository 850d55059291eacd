#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Passes cancellation requests to a running awaitable, on the executor that runs it. A request may
/// come before the awaitable starts and after it has ended. The object stays in the caller's slot
/// after the call, perhaps longer than the executor's context exists. From ended() on it holds no
/// part of the call or of the executor, except for as long as a request is being posted.
template <typename Executor>
class AwaitableCancel : public std::enable_shared_from_this<AwaitableCancel<Executor>> {
 public:
  explicit AwaitableCancel(Executor executor) : executor_(std::move(executor)) {}

  net::cancellation_slot slot() noexcept { return signal_.slot(); }

  CancelRequested requested() { return CancelRequested({this->shared_from_this(), &requested_}); }

  /// For the call itself: valid until ended().
  const Executor& executor() const noexcept { return *executor_; }

  bool isRequested() const noexcept { return requested_.load(); }

  /// The caller requests cancellation, on any thread.
  void request(net::cancellation_type_t type) {
    requested_.store(true);
    interrupt(type);
  }

  /// Something other than the caller ends the wait of the awaitable.
  void interrupt(net::cancellation_type_t type) {
    const auto self = this->shared_from_this();
    const Use use(*this);
    if (use.allowed()) net::post(*executor_, [self, type] { self->deliver(type); });
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
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      if (uses_ != 0) return;  // the last Use destroys the executor
    }
    executor_.reset();
  }

 private:
  /// While it lives, ended() leaves the executor alone. The executor may be the user's, so it is
  /// copied and destroyed without the mutex.
  class Use {
   public:
    explicit Use(AwaitableCancel& target) noexcept : target_(target), allowed_(target.beginUse()) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
      if (allowed_) target_.endUse();
    }

    /// False: the call has ended.
    bool allowed() const noexcept { return allowed_; }

   private:
    AwaitableCancel& target_;
    const bool allowed_;
  };

  bool beginUse() noexcept {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++uses_;
    return true;
  }
  void endUse() noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (--uses_ != 0 || !closed_) return;
    }
    executor_.reset();
  }

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

  Mutex mutex_;  // guards uses_ and closed_
  std::size_t uses_ = 0;  // threads that are posting a request
  bool closed_ = false;  // ended() was called: no further Use is allowed
  // Null when closed_ is set and uses_ is 0; the thread that makes it so destroys the executor.
  std::optional<Executor> executor_;
  net::cancellation_signal signal_;
  net::cancellation_type_t pending_ = net::cancellation_type::none;
  std::atomic<bool> requested_{false};  // request() was called; never reset
  std::atomic<Phase> phase_ = Phase::early;  // a call that never started may end on any thread
  bool emitting_ = false;
};

/// The handler in the cancellation slot of an awaitable call: reaches it in the queue or while it
/// runs.
template <typename Executor, typename Queue = Limiter>
class AwaitableHook : public CancelHook<Queue> {
 public:
  AwaitableHook(Queue* limiter, std::shared_ptr<AwaitableCancel<Executor>> running)
      : CancelHook<Queue>(limiter), running_(std::move(running)) {}

  void operator()(net::cancellation_type_t type) {
    if (!this->cancelQueued(type) && type != net::cancellation_type::none) running_->request(type);
  }

 private:
  std::shared_ptr<AwaitableCancel<Executor>> running_;
};

}  // namespace bulwark::detail
