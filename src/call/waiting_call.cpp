#include "bulwark/detail/call/waiting_call.hpp"

#include <algorithm>
#include <utility>

#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void WaitingCall::enter(std::size_t weightAsked, std::optional<Instant> timeout, CancelLink* link) {
  Entry entry;
  try {
    entry = limiter_->enterLocked(weightAsked, timeout, limiter_->now(), this, link);
  } catch (...) {
    destroy();
    throw;
  }
  if (entry.verdict == Verdict::waiting) return;  // the call may have ended by now
  if (entry.verdict == Verdict::bypassed) forgetTime();
  EntryGuard guard(*limiter_, entry);
  std::exception_ptr error;
  if (!goesAhead(entry.verdict)) error = limiter_->errorFor(entry.verdict, weightAsked);
  post(guard, std::move(error));
}

void WaitingCall::refuse(std::exception_ptr error) noexcept {
  try {
    EntryGuard none;
    post(none, std::move(error));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the destructors release the permits
  }
}

void WaitingCall::wake() noexcept {
  if (!goesAhead(verdict)) return refuse(limiter_->errorFor(verdict));
  takeGrant();
  if (verdict == Verdict::bypassed) forgetTime();
  limiter_->makeRunnable(*this);
}

void WaitingCall::discard() noexcept {
  // The context ended between the grant and wake(). The grant releases the permits.
  if (grant_.limiter() == nullptr) takeGrant();
  destroy();
}

// --- the execution timeout ----------------------------------------------------------------------

void WaitingCall::limitTime(Instant executionTimeout, const CallRequest& request) noexcept {
  limit_ = executionTimeout;
  if (request.budget) budgetEnd_ = deadlineAfter(limiter_->now(), *request.budget);
  budgeted = request.isBudgeted(limiter_->timeout());
  limiter_->noteTimed();
  timed_ = counted_ = true;
}

void WaitingCall::forgetTime() noexcept {
  timed_ = false;
  if (std::exchange(counted_, false)) limiter_->dropTimed();
}

bool WaitingCall::startTimed() noexcept {
  const Instant now = limiter_->now();
  if (budgetEnd_ != never && now >= budgetEnd_) return false;
  limit_ = std::min(deadlineAfter(now, limit_), budgetEnd_);
  return true;
}

Ticks WaitingCall::refuseLate() noexcept {
  const Ticks now = limiter_->ticks();
  auto error = limiter_->errorFor(Verdict::deadlineExceeded);
  const Ref<Limiter> keep(limiter_);
  if (grant_.take() != nullptr) limiter_->forfeit(grant_.held(), Verdict::deadlineExceeded);
  refuse(std::move(error));
  return now;
}

void WaitingCall::beginTimedWork() noexcept {
  if (limiter_->observes()) {
    atTimeout_ = AtTimeout::note;
  } else {
    atTimeout_ = limiter_->overrun() == Overrun::wait ? AtTimeout::cancel : AtTimeout::tell;
  }
  phase_ = Phase::running;
  limiter_->beginTimed(*this, limit_);
}

bool WaitingCall::endTimedWork(CallAccounting& accounting, std::exception_ptr& error) noexcept {
  phase_ = Phase::ended;
  if (limiter_->endTimed(*this)) return true;
  counted_ = false;
  limiter_->noteReturned(deadline);
  if (atTimeout_ == AtTimeout::tell) {
    accounting.overrun();
    return false;
  }
  if (atTimeout_ == AtTimeout::cancel) {
    if (!accounting.failed()) return true;  // it has a result after all
    // The cancellation was this call's own, unless its caller requested one, too.
    if (errorCodeOf(error) == net::error::operation_aborted && !callerCancelled()) {
      error = limiter_->errorFor(Verdict::overdue);
    }
  }
  accounting.overrun();
  return true;
}

void WaitingCall::overrun(bool reachable) noexcept {
  try {
    if (atTimeout_ != AtTimeout::note && reachable) cancelWork();
    if (atTimeout_ == AtTimeout::tell && reachable) tell(limiter_->errorFor(Verdict::overdue));
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // The executor threw, or there was no memory: the handler is destroyed without being invoked.
  }
  if (leave()) free();
}

void WaitingCall::destroy() noexcept {
  if (phase_ == Phase::running) {
    phase_ = Phase::ended;
    if (!limiter_->endTimed(*this)) counted_ = false;
  }
  if (leave()) free();
}

}  // namespace bulwark::detail
