#include "bulwark/detail/policy/paced_call.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void PacedWaitingCall::wake() noexcept {
  if (!goesAhead(verdict)) return refuse(share_->gate()->errorFor(*this));
  share_->goAhead(verdict);
  try {
    EntryGuard none;
    post(none, nullptr);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the call is destroyed, and counts as cancelled
  }
}

void PacedWaitingCall::discard() noexcept {
  // The context ended between the grant and wake(): the share counts the call as cancelled.
  if (verdict == Verdict::granted) share_->goAhead(verdict);
  destroy();
}

}  // namespace bulwark::detail
