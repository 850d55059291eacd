#pragma once

/// @file
/// RetryBudget: limits retries to a share of the calls.

#include <chrono>

#include "bulwark/build.hpp"
#include "bulwark/detail/config/policy_checks.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/retry_ledger.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Limits retries to a share of the calls, so that a service which fails under load does not get
/// several times the load.
///
/// Each call deposits `ratio` of a retry, and each retry withdraws 1. Besides, a reserve of
/// `minPerSecond * window` is full at the start and is refilled by `minPerSecond`, so that a quiet
/// service may retry, too. So within any time T at most
/// `ratio * calls + minPerSecond * (T + window)` retries are paid for, where `calls` are those of
/// that time and of the window before it.
///
/// Credit that is not spent expires: that of the reserve exactly one `window` after it was given,
/// and that of a call after at least 63/64 of a window and at most the whole window. (A budget
/// divides the window into 64 slots of time, the first of which begins when the budget is made. The
/// deposits of a slot expire together, one window after its beginning.)
///
/// All sums are integers, in thousandths of a retry, so that nothing drifts.
///
/// One budget may serve any number of retries: `RetryConfig::budget` shares it. Give those one
/// budget that call the same service.
///
/// Thread safety: every function from any thread at any time. None takes a lock or allocates.
///
/// Cost: a reading of the clock and one atomic addition for a deposit, a compare-and-swap and the
/// reading of 64 words for a withdrawal; 704 bytes.
///
/// @tparam Clock a monotonic clock; tests may use one of their own
template <typename Clock = std::chrono::steady_clock>
class BasicRetryBudget {
 public:
  /// Throws ConfigError if a value is out of range.
  explicit BasicRetryBudget(RetryBudgetConfig config = {})
      : ledger_(detail::checkedRetryBudget(config), now()) {}

  BasicRetryBudget(const BasicRetryBudget&) = delete;
  BasicRetryBudget& operator=(const BasicRetryBudget&) = delete;
  ~BasicRetryBudget() = default;

  /// A call makes its first attempt.
  void deposit() noexcept { ledger_.deposit(now()); }

  /// A call is about to make another attempt. Takes 1.
  /// @return false: less than 1 is left, and nothing was taken
  bool withdraw() noexcept { return ledger_.withdraw(now()); }

  /// How many retries could be made now, in thousandths: 2.5 means two, and half of a third. Not
  /// negative.
  double balance() const noexcept { return static_cast<double>(ledger_.balance(now())) / 1000; }

 private:
  static detail::Instant now() noexcept {
    return std::chrono::duration_cast<detail::Instant>(Clock::now().time_since_epoch());
  }

  detail::RetryLedger ledger_;
};

}  // namespace bulwark
