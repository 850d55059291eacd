#pragma once

#include <memory>
#include <mutex>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/retry_scope.hpp"
#include "bulwark/detail/policy/retry_counters.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What a Retry shares with its calls.
///
/// Thread-safe.
class BULWARK_EXPORT RetryState {
 public:
  using Config = std::shared_ptr<const RetryConfig>;

  /// Throws ConfigError.
  explicit RetryState(RetryConfig config);

  /// Takes a short lock.
  Config config() const noexcept;
  /// Throws ConfigError, and then nothing has changed. Returns whether a value has changed.
  bool configure(const RetryOverrides& overrides);

  /// Null: there is none. It never changes, so that a first attempt needs no lock.
  RetryBudget* budget() const noexcept { return budget_; }

  const std::shared_ptr<RetryCounters>& counters() const noexcept { return counters_; }

 private:
  RetryBudget* const budget_;  // each configuration keeps it
  // Apart from the rest, because a collector of metrics keeps them longer.
  const std::shared_ptr<RetryCounters> counters_ = std::make_shared<RetryCounters>();
  mutable std::mutex mutex_;  // guards config_
  Config config_;
  const RetryScope::Use use_{};  // while the retry, or a call of it, exists
};

}  // namespace bulwark::detail
