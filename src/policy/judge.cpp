#include "bulwark/detail/policy/judge.hpp"

#include <algorithm>

#include "bulwark/detail/core/back_off.hpp"
#include "bulwark/detail/limiter/fault.hpp"
#include "bulwark/limits.hpp"

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

std::optional<std::chrono::nanoseconds> delayBeforeRetry(const RetryConfig& config,
                                                         std::size_t attempts,
                                                         const std::exception_ptr& error) {
  using std::chrono::nanoseconds;
  const Fault fault = error ? faultOf(error) : Fault{};
  if (fault.wrongCall || fault.goingDown) return std::nullopt;
  // It will be refused however long it waits.
  if (fault.retryAfter == noTimeout) return std::nullopt;
  if (error && config.retryIf && !config.retryIf(error)) return std::nullopt;
  const nanoseconds delay =
      config.delay ? config.delay(attempts, error) : backOff(config, attempts, randomShare());
  return (std::max)({delay, fault.retryAfter.value_or(nanoseconds{0}), nanoseconds{0}});
}

}  // namespace bulwark::detail
