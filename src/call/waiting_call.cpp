#include "bulwark/detail/call/waiting_call.hpp"

#include <utility>

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
  limiter_->makeRunnable(*this);
}

void WaitingCall::discard() noexcept {
  // The context ended between the grant and wake(). The grant releases the permits.
  if (grant_.limiter() == nullptr) takeGrant();
  destroy();
}

}  // namespace bulwark::detail
