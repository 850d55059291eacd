#pragma once

#include <cstddef>
#include <exception>
#include <optional>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/entry_guard.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A call that may wait for its permits: what depends neither on its callable nor on its handler.
class BULWARK_EXPORT WaitingCall : public Runnable {
 public:
  /// Null: the call has no limit.
  Limiter* limiter() const noexcept { return limiter_; }
  Grant& grant() noexcept { return grant_; }

  void wake() noexcept override;
  void discard() noexcept override;

  /// Decides the call under the lock of the limiter, and posts it unless it has to wait. If that
  /// throws, nothing has changed. Ends the life of the call, or leaves it to the limiter.
  void enter(std::size_t weight, std::optional<Instant> timeout, CancelLink* cancel);

  /// Ends the life of the call: frees it, so that its memory is back before a handler runs, and
  /// posts it, or its completion if there is an error.
  virtual void post(EntryGuard& guard, std::exception_ptr error) = 0;
  /// Ends the life of the call, and does not complete it.
  virtual void destroy() noexcept = 0;

  /// The call begins.
  void recordWait() noexcept {
    if (verdict == Verdict::granted) limiter_->recordWait(deadline - since);
  }

 protected:
  /// @param limiter null: the call has no limit, and never waits
  explicit WaitingCall(Limiter* limiter) noexcept : limiter_(limiter) {}
  ~WaitingCall() = default;

  /// Completes a call that has waited. An executor that throws destroys the handler without
  /// invoking it.
  void refuse(std::exception_ptr error) noexcept;

  void takeGrant() noexcept {
    if (verdict == Verdict::granted) grant_ = Grant(*limiter_, weight);
  }

 private:
  Limiter* const limiter_;
  Grant grant_;
};

}  // namespace bulwark::detail
