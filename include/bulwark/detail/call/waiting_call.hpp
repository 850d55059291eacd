#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/call_accounting.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/entry_guard.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"
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
  void destroy() noexcept;

  // --- the execution timeout --------------------------------------------------------------------
  //
  // A call with an execution timeout stays in this object while it runs. Two parties use it then:
  // the thread that runs the work, and, when the call is overdue, the one that tells the caller.
  // The second one to leave frees it. Its memory does not come from the handler's allocator,
  // because the handler may run before the work ends.

  /// Sets the execution timeout of the call, and the end of its budget. Before it enters.
  void limitTime(Instant executionTimeout, const CallRequest& request) noexcept;
  bool isTimed() const noexcept { return timed_; }

  /// The time has passed: asks the work to cancel, and tells the caller if it is not to wait.
  void overrun(bool reachable) noexcept final;

  /// The call begins.
  void recordWait() noexcept {
    if (verdict == Verdict::granted) limiter_->recordWait(deadline - since);
  }

 protected:
  /// @param limiter null: the call has no limit, and never waits
  explicit WaitingCall(Limiter* limiter) noexcept : limiter_(limiter) {}
  ~WaitingCall() {
    if (counted_) limiter_->dropTimed();
  }

  /// Completes a call that has waited. An executor that throws destroys the handler without
  /// invoking it.
  void refuse(std::exception_ptr error) noexcept;

  void takeGrant() noexcept {
    if (verdict == Verdict::granted) grant_ = Grant(*limiter_, weight);
  }

  /// Mode off has no limits, of time neither, and nothing keeps the limiter for such a call.
  void forgetTime() noexcept;

  /// Frees the operation.
  virtual void free() noexcept = 0;
  /// Asks the work, which runs, to cancel.
  virtual void cancelWork() noexcept {}
  /// Whether the caller itself has requested that.
  virtual bool callerCancelled() const noexcept { return false; }
  /// Takes the handler out of the call, and posts it with this error.
  virtual void tell(std::exception_ptr error) = 0;

  /// The call holds its permits, and its time begins.
  /// @return false: its budget has ended meanwhile, and refuseLate() follows
  bool startClock() noexcept { return !isTimed() || startTimed(); }
  /// Completes the call, which does not run.
  Ticks refuseLate() noexcept;
  /// The work begins, and has no more use for the handler: overrun() may take it from here on.
  void beginWork() noexcept {
    if (isTimed()) beginTimedWork();
  }
  /// The work has ended, with this error or without one.
  ///
  /// @param accounting learns that the call overran
  /// @return false: the caller has been told already
  bool endWork(CallAccounting& accounting, std::exception_ptr& error) noexcept {
    return phase_ != Phase::running || endTimedWork(accounting, error);
  }

  /// What overrun() may still use is left to it.
  /// @return whether the caller of this function has to free the operation
  bool leave() noexcept {
    return verdict != Verdict::overdue || parties_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  /// Keeps the limiter until the completion handler has returned, for a call with an execution
  /// timeout. Its end may then cancel the timer.
  class TimeKept {
   public:
    explicit TimeKept(WaitingCall& call) noexcept
        : limiter_(call.counted_ ? call.limiter_ : nullptr), call_(call) {}
    TimeKept(const TimeKept&) = delete;
    TimeKept& operator=(const TimeKept&) = delete;
    ~TimeKept() {
      if (limiter_ && counted_) limiter_->dropTimed();
    }
    /// The work has ended, and the call is about to be freed.
    void take() noexcept { counted_ = std::exchange(call_.counted_, false); }

   private:
    const Ref<Limiter> limiter_;
    WaitingCall& call_;
    bool counted_ = false;
  };

 private:
  bool startTimed() noexcept;
  void beginTimedWork() noexcept;
  bool endTimedWork(CallAccounting& accounting, std::exception_ptr& error) noexcept;

  /// What happens when the execution timeout has passed.
  enum class AtTimeout : std::uint8_t {
    note,  // nothing: mode observe
    cancel,  // the work is asked to cancel, and the caller waits for its end
    tell  // the same, and the caller is told at once
  };
  enum class Phase : std::uint8_t { before, running, ended };

  Limiter* const limiter_;
  Grant grant_;
  Instant limit_ = never;  // the execution timeout; from startClock() on: when it has passed
  Instant budgetEnd_ = never;
  Atomic<std::uint8_t> parties_{2};  // of an overdue call: those that have not left
  AtTimeout atTimeout_ = AtTimeout::note;
  Phase phase_ = Phase::before;  // of a call with an execution timeout
  bool timed_ = false;  // has an execution timeout or a budget
  bool counted_ = false;  // dropTimed() has to follow
};

/// Owns a call that is on the heap.
template <typename Op>
class CallOwner {
 public:
  explicit CallOwner(Op* op) noexcept : op_(op) {}
  CallOwner(CallOwner&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  CallOwner& operator=(CallOwner&&) = delete;
  ~CallOwner() { reset(); }

  Op* get() const noexcept { return op_; }
  void reset() noexcept {
    if (op_ != nullptr) std::exchange(op_, nullptr)->destroy();
  }
  Op* release() noexcept { return std::exchange(op_, nullptr); }

 private:
  Op* op_;
};

/// A call with an execution timeout on its way to the executor, which runs it.
struct StartWaiting {
  CallOwner<WaitingCall> op;
  Grant none{};

  Grant& grant() noexcept { return op.get() != nullptr ? op.get()->grant() : none; }
  void operator()() { op.release()->run(); }
};

}  // namespace bulwark::detail
