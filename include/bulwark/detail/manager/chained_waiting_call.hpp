#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/call/waiting_call.hpp"
#include "bulwark/detail/manager/permit_chain.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A call with a permit chain, which may wait for the permits of the bulkhead and of each
/// semaphore.
class BULWARK_EXPORT ChainedWaitingCall : public WaitingCall {
 public:
  /// Called before the call waits. The callable holds the chain as long as the call has not begun.
  void belongsTo(PermitChain& chain) noexcept { chain_ = &chain; }

  void wake() noexcept final;

  /// The chain records the whole wait when the work begins.
  void recordWait() noexcept {}

 protected:
  using WaitingCall::WaitingCall;
  ~ChainedWaitingCall() = default;

 private:
  PermitChain* chain_ = nullptr;
};

}  // namespace bulwark::detail
