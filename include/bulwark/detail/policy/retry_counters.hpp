#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What the calls of one Retry count. A call that succeeds at once counts in one place only.
///
/// A call counts first in what it is part of: as a call, then as a retried one, then as a recovered
/// one. read() goes the other way, so no snapshot has more recovered calls than retried ones.
///
/// Thread-safe.
class alignas(64) RetryCounters {  // apart from the configuration, which every call reads
 public:
  /// @param attempt from 1
  void attemptBegins(std::size_t attempt) noexcept {
    if (attempt == 1) return bump(calls_);
    bump(retries_);
    if (attempt == 2) bump(retried_);
  }
  void succeeded(std::size_t attempts) noexcept {
    if (attempts > 1) bump(recovered_);
  }
  void exhausted() noexcept { bump(exhausted_); }
  void overBudget() noexcept { bump(overBudget_); }

  RetryStats read(std::string name) const {
    RetryStats stats{.name = std::move(name)};
    stats.overBudget = overBudget_.load(std::memory_order_acquire);
    stats.exhausted = exhausted_.load(std::memory_order_acquire);
    stats.recovered = recovered_.load(std::memory_order_acquire);
    stats.retried = retried_.load(std::memory_order_acquire);
    const std::uint64_t retries = retries_.load(std::memory_order_acquire);
    stats.calls = calls_.load(std::memory_order_acquire);
    stats.attempts = stats.calls + retries;
    return stats;
  }

 private:
  /// release: who reads this count sees what the call counted before. Pairs with read().
  static void bump(std::atomic<std::uint64_t>& counter) noexcept {
    counter.fetch_add(1, std::memory_order_release);
  }

  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> retries_{0};  // attempts that are not the first
  std::atomic<std::uint64_t> retried_{0};
  std::atomic<std::uint64_t> recovered_{0};
  std::atomic<std::uint64_t> exhausted_{0};
  std::atomic<std::uint64_t> overBudget_{0};
};

}  // namespace bulwark::detail
