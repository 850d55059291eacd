#include "bulwark/detail/policy/retry_state.hpp"

#include <utility>

#include "bulwark/detail/config/policy_checks.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Whether two configurations differ in a value. Functions cannot be compared.
bool differ(const RetryConfig& a, const RetryConfig& b) noexcept {
  return a.maxAttempts != b.maxAttempts || a.initialDelay != b.initialDelay ||
         a.multiplier != b.multiplier || a.maxDelay != b.maxDelay || a.jitter != b.jitter;
}

}  // namespace

RetryState::RetryState(RetryConfig config)
    : budget_(config.budget.get()),
      config_(std::make_shared<const RetryConfig>(checkedRetry(std::move(config)))) {}

RetryState::Config RetryState::config() const noexcept {
  const std::lock_guard lock(mutex_);
  return config_;
}

bool RetryState::configure(const RetryOverrides& overrides) {
  for (;;) {  // until no other thread changes the configuration meanwhile
    const Config present = config();
    auto next = std::make_shared<const RetryConfig>(checkedRetry(*present, overrides));
    if (!overrides.retryIf && !overrides.delay && !differ(*present, *next)) return false;
    const std::lock_guard lock(mutex_);
    if (config_ != present) continue;
    config_ = std::move(next);  // `present` keeps the old one: it is destroyed without the lock
    return true;
  }
}

}  // namespace bulwark::detail
