#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/dependents.hpp"
#include "bulwark/detail/runtime/run_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The permits of one call that needs semaphores besides its bulkhead. When the call has its
/// permits of the bulkhead, the chain acquires one permit of each semaphore, in the order in which
/// they were given, and waits where it has to; then the call runs. While it waits it holds permits
/// of the bulkhead, and of no semaphore that comes later in the order. So two calls can never wait
/// for each other.
///
/// If a semaphore refuses, all permits are released, the bulkhead counts the call as the semaphore
/// did, and the call is woken a second time, with that verdict. The semaphores before it count what
/// the call held, as acquired and as released. That holds for every end of a call that was granted
/// a permit, except where its initiating function throws: undo() then removes every trace.
///
/// The call and the handler in its cancellation slot share the chain, because each may outlive the
/// other.
///
/// Thread safety: the thread that has the call uses the chain; cancel() from any other thread.
class BULWARK_EXPORT PermitChain final : public std::enable_shared_from_this<PermitChain>,
                                         private Waiter,
                                         private Dependent,
                                         private Interruptible {
 public:
  /// @param patience for the whole wait: the queue of the bulkhead and all semaphores; none: what
  ///                 each of them allows
  /// @param budget   for the wait and the work; none: unlimited
  PermitChain(Limiter& bulkhead, std::vector<Ref<Limiter>> semaphores,
              std::optional<Instant> patience, std::optional<Instant> budget);

  // --- on the way in ----------------------------------------------------------------------------

  Limiter& bulkhead() const noexcept { return *links_.front().limiter; }

  /// The cancellation link for the queue of the bulkhead.
  CancelLink* queueLink() noexcept { return &links_.front().cancel; }

  /// The one way through: acquires the permits that are still missing, for `call` with its `grant`
  /// of the bulkhead.
  ///   granted  the chain is complete
  ///   waiting  the chain goes on by itself; `call` may be gone already
  ///   others   the semaphore refusedBy() refused
  /// Throws what an allocation or the timer throws. After a refusal or an exception nothing is
  /// released yet: undo() or releaseAll().
  Entry proceed(Runnable& call, Grant& grant);

  /// proceed() for a call that has waited and has no initiating function: does what follows, too.
  void proceedAlone(Runnable& call, Grant& grant) noexcept;

  /// Takes back every permit as if it had never been acquired, including permits that were released
  /// when the call was destroyed on its way.
  void undo() noexcept;

  /// The semaphore that refused, or decides next.
  Limiter& refusedBy() const noexcept { return *links_[next_].limiter; }
  /// The error of a call that was refused after it had waited; null otherwise.
  const std::exception_ptr& error() const noexcept { return error_; }

  // --- while the call runs ----------------------------------------------------------------------

  /// The work begins: records the wait of the bulkhead, if there was one.
  void begin(Ticks start, const Grant& grant) noexcept;
  /// The work has ended: releases the permits of the semaphores, in reverse order.
  void end(Count how, Ticks start, Ticks end) noexcept;

  /// The call will not run, or was destroyed while it ran: releases the permits now, and not with
  /// the chain, which a cancellation slot may hold.
  void releaseAll() noexcept;

  // --- from the cancellation slot ---------------------------------------------------------------

  /// Removes the call from the queue in which it waits; if it is in none, the chain stops at the
  /// next semaphore.
  /// @return whether it was in a queue
  bool cancel() noexcept;

 private:
  /// A limiter at which the call may wait: the bulkhead first, then each semaphore.
  struct Link {
    Ref<Limiter> limiter;
    CancelLink cancel{};
    Grant grant{};  // of a semaphore; the call has the grant of the bulkhead
    bool overLimit = false;
  };

  // A semaphore wakes the chain as its waiter.
  void wake() noexcept override;
  void discard() noexcept override;
  // The context of the bulkhead ends while the chain waits.
  Interruptible* keep() noexcept override;
  void interrupt() noexcept override;

  bool mayWait() const noexcept { return !patience_ || *patience_ > Instant{0}; }
  Entry waitAt(Link& link);
  void refuse(Verdict verdict, std::exception_ptr error) noexcept;

  std::vector<Link> links_;
  std::size_t next_ = 1;  // the link that decides next
  const std::optional<Instant> patience_;  // the budget, where that is less
  const bool patienceIsBudget_;
  std::optional<Instant> waitingSince_;  // of the bulkhead's wait time; none: it has not waited
  Atomic<bool> cancelled_{false};  // cancel() was called; never reset
  Runnable* call_ = nullptr;  // null until proceed()
  Grant* grant_ = nullptr;  // of the bulkhead; the call owns it
  std::exception_ptr error_;  // null unless the call was refused after it had waited
  std::shared_ptr<PermitChain> kept_;  // from keep() to interrupt()
};

/// A call's share of its chain. Releases the permits when the call is destroyed.
class ChainShare {
 public:
  ChainShare() noexcept = default;
  ChainShare(std::shared_ptr<PermitChain> chain) noexcept : chain_(std::move(chain)) {}
  ChainShare(ChainShare&&) noexcept = default;
  ChainShare& operator=(ChainShare&& other) noexcept {
    std::swap(chain_, other.chain_);
    return *this;
  }
  ~ChainShare() {
    if (chain_ != nullptr) chain_->releaseAll();
  }

  const std::shared_ptr<PermitChain>& get() const noexcept { return chain_; }
  PermitChain* operator->() const noexcept { return chain_.get(); }

 private:
  std::shared_ptr<PermitChain> chain_;
};

}  // namespace bulwark::detail
