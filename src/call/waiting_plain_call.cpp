#include "bulwark/detail/call/waiting_plain_call.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

template class WaitingPlainCall<WaitingCall, CallAccounting>;

}  // namespace bulwark::detail
