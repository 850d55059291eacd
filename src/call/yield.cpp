#include "bulwark/detail/call/yield.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

bool attemptMustYield() noexcept { return mustYield(); }

}  // namespace bulwark::detail
