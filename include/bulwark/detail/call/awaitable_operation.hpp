#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/awaitable_cancel.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/waiting_call.hpp"
#include "bulwark/detail/limiter/grant.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// An awaitable call, without the types of its callable and its handler. What Asio compiles to
/// spawn a coroutine is then compiled once for all callables with the same result.
///
/// @tparam Waiting  a WaitingCall, or a class that derives from it
/// @tparam Value    the decayed result of the awaitable
/// @tparam Executor runs the awaitable
template <typename Waiting, typename Value, typename Executor>
class AwaitableOperation : public Waiting {
 public:
  /// On the executor of the bulkhead. Ends the life of the call, or leaves it to the awaitable.
  void start() {
    if (cancel_ == nullptr) return launch();
    CallOwner<AwaitableOperation> self(this);
    const Executor executor = cancel_->executor();
    net::dispatch(executor, Launch{std::move(self)});
  }

 protected:
  using Waiting::Waiting;
  ~AwaitableOperation() = default;

  const std::shared_ptr<AwaitableCancel<Executor>>& cancel() const noexcept { return cancel_; }
  void setCancel(std::shared_ptr<AwaitableCancel<Executor>> cancel) noexcept {
    cancel_ = std::move(cancel);
  }

  /// The call ends, before anything of it is destroyed. Later calls have no effect.
  void endCancel() noexcept {
    if (cancel_ != nullptr && !std::exchange(ended_, true)) cancel_->ended();
  }

  void cancelWork() noexcept override {
    try {
      if (cancel_ != nullptr) cancel_->interrupt(net::cancellation_type::terminal);
    } catch (...) {  // NOLINT(bugprone-empty-catch): then the work runs on
    }
  }
  bool callerCancelled() const noexcept override {
    return cancel_ != nullptr && cancel_->isRequested();
  }

  /// Spawns the awaitable of this call. From then on the call belongs to it.
  template <typename SpawnExecutor, typename Awaitable>
  void spawn(const SpawnExecutor& executor, Awaitable&& work) noexcept {
    const auto cancel = cancel_;
    Done done{CallOwner<AwaitableOperation>(this)};
    try {
      if (cancel == nullptr) {
        net::co_spawn(executor, std::move(work), std::move(done));
      } else {
        net::co_spawn(executor, std::move(work),
                      net::bind_cancellation_slot(cancel->slot(), std::move(done)));
        cancel->started();
      }
    } catch (...) {  // NOLINT(bugprone-empty-catch)
      // The executor threw, or there was no memory: Done has destroyed the call, as cancelled.
    }
  }

  /// Both end the life of the call; launch() may leave it to the awaitable. The result is passed by
  /// reference, because a move of it that throws has to find an owner of the call.
  virtual void launch() = 0;
  virtual void finish(std::exception_ptr error, ResultSlot<Value>&& result) = 0;

 private:
  struct Launch {
    CallOwner<AwaitableOperation> self;

    void operator()() { self.release()->launch(); }
  };

  /// The completion handler of the awaitable. If it is destroyed instead, so is the call.
  struct Done {
    CallOwner<AwaitableOperation> self;

    void operator()(std::exception_ptr error) { self.release()->finish(std::move(error), {}); }
    template <typename T>
    void operator()(std::exception_ptr error, T value) {
      ResultSlot<Value> result;
      if (!error) result.value.emplace(std::move(value));
      self.release()->finish(std::move(error), std::move(result));
    }
  };

  std::shared_ptr<AwaitableCancel<Executor>> cancel_;  // null: the call cannot be cancelled
  bool ended_ = false;  // endCancel() was called
};

/// An awaitable call on its way to the executor, which starts it.
template <typename Op>
struct StartAwaitable {
  CallOwner<Op> op;
  Grant none{};

  Grant& grant() noexcept { return op.get() != nullptr ? op.get()->grant() : none; }
  void operator()() { op.release()->start(); }
};

}  // namespace bulwark::detail
