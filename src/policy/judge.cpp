#include "bulwark/detail/policy/judge.hpp"

#include "bulwark/detail/limiter/fault.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

Circuit::Outcome judge(const CircuitBreakerConfig& config, const std::exception_ptr& error,
                       bool cancelled) noexcept {
  using Outcome = Circuit::Outcome;
  if (!error) return Outcome::succeeded;
  const Fault fault = faultOf(error);
  if (fault.notExecuted || fault.wrongCall) return Outcome::ignored;
  if (fault.aborted && cancelled) return Outcome::ignored;
  if (!config.isFailure) return Outcome::failed;
  try {
    return config.isFailure(error) ? Outcome::failed : Outcome::succeeded;
  } catch (...) {
    return Outcome::failed;
  }
}

bool worthRetrying(const RetryConfig& config, const std::exception_ptr& error) {
  const Fault fault = faultOf(error);
  if (fault.wrongCall || fault.goingDown) return false;
  return !config.retryIf || config.retryIf(error);
}

}  // namespace bulwark::detail
