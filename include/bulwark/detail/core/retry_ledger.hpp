#pragma once

#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/retry_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The account of a retry budget. It receives the time as an argument. It takes no lock and needs
/// no memory.
///
/// All credit that was ever given lies on a line, in thousandths of a retry:
///
///     0           expired           spent              given
///     |--------------|----------------|------------------|
///
///   - `given` is what the reserve and the deposits have given so far. The reserve gives
///     continuously, as if it had begun one window before the account was made. So it is full at
///     the start.
///   - `expired` is the part of it that was given more than a window ago.
///   - `spent` moves to the right only. A withdrawal moves it to max(spent, expired) + 1000, unless
///     that is beyond `given`.
///
/// So the balance is given - max(spent, expired), and one compare-and-swap of `spent` both spends
/// credit and passes over what has expired. No withdrawal can meet credit that another thread is
/// about to remove.
///
/// `given` and `expired` follow from the time and from two numbers: how many deposits were made,
/// and how many of them before the oldest slot of time that still counts. For the latter, the first
/// deposit of each slot leaves a mark: the number of deposits before it. Deposits after the
/// earliest mark of the last `slotCount` slots count; all others have expired.
///
/// Thread-safe.
class BULWARK_EXPORT RetryLedger {
 public:
  /// How many slots a window has.
  static constexpr std::size_t slotCount = 64;

  /// @param config has been checked by checkedRetryBudget()
  RetryLedger(const RetryBudgetConfig& config, Instant now) noexcept;

  void deposit(Instant now) noexcept;
  bool withdraw(Instant now) noexcept;
  /// In thousandths of a retry; not negative.
  std::int64_t balance(Instant now) const noexcept;

 private:
  /// Two positions on the line.
  struct Credit {
    std::uint64_t given;
    std::uint64_t expired;
  };

  std::uint64_t elapsed(Instant now) const noexcept;
  std::uint64_t slotAt(Instant now) const noexcept;
  std::uint64_t flow(std::uint64_t since) const noexcept;
  Credit creditAt(Instant now) const noexcept;
  std::uint64_t liveDeposits(std::uint64_t deposits, std::uint64_t slot) const noexcept;

  const Instant start_;
  const std::uint64_t slotWidth_;  // in nanoseconds
  const std::uint64_t ratio_;  // thousandths that a deposit gives
  const std::uint64_t rate_;  // thousandths that the reserve gives in a second
  const std::uint64_t reserve_;  // thousandths that the reserve gives in a window

  // A mark lies at the number of its slot modulo `slotCount`, and replaces that of one window
  // before. From bit 38 on it has the number of its window, which tells the two apart, and below
  // that the number of deposits before it, modulo 2^38. The first mark of each place, 0, is that of
  // a slot before the account was made: no deposit came before it.
  //
  // Deposits are counted exactly as long as a window has fewer than 2^37 of them. The number of
  // a window comes again after 2^26 of them (21 years with the default). If nothing was deposited
  // in all that time, up to one window's deposits may count once more.
  Atomic<std::uint64_t> marks_[slotCount] = {};

  // Each on a line of its own, apart from what every deposit reads.
  alignas(64) Atomic<std::uint64_t> deposits_{0};  // the number of deposits
  alignas(64) Atomic<std::uint64_t> spent_{0};  // a position on the line
};

}  // namespace bulwark::detail
