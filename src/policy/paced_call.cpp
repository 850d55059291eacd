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

void PacedWaitingCall::discard() noexcept { destroy(); }

}  // namespace bulwark::detail
