#include "bulwark/detail/manager/chained_waiting_call.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void ChainedWaitingCall::wake() noexcept {
  if (!goesAhead(verdict)) {
    const std::exception_ptr error = chain_->error();
    return refuse(error ? error : limiter()->errorFor(verdict));
  }
  takeGrant();
  if (verdict == Verdict::bypassed) forgetTime();
  chain_->proceedAlone(*this, grant());
}

}  // namespace bulwark::detail
