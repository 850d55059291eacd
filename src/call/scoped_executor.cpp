#include "bulwark/detail/call/scoped_executor.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

net::any_io_executor inScope(net::any_io_executor executor, Ref<RetryScope> scope) {
  if (!scope) return executor;
  return ScopedExecutor(std::move(executor), std::move(scope));
}

net::any_io_executor scopedSample() { return ScopedExecutor(net::system_executor(), {}); }

}  // namespace bulwark::detail
