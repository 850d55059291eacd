#include "bulwark/detail/core/retry_ledger.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

constexpr std::uint64_t retry = 1000;  // what a withdrawal takes
constexpr std::uint64_t second = 1'000'000'000;  // nanoseconds

constexpr unsigned countBits = 38;
constexpr std::uint64_t countMask = (std::uint64_t{1} << countBits) - 1;
constexpr std::uint64_t tagMask = (std::uint64_t{1} << (64 - countBits)) - 1;

/// The tag of a slot: the number of its window.
constexpr std::uint64_t tagOf(std::uint64_t slot) noexcept {
  return (slot / RetryLedger::slotCount) & tagMask;
}

/// Whether a mark is that of an earlier window than that of `slot`, whose place it has. A thread
/// whose reading of the clock is old may also find the mark of a later one.
constexpr bool isOutdated(std::uint64_t mark, std::uint64_t slot) noexcept {
  constexpr std::uint64_t mostWindowsLate = std::uint64_t{1} << 16;
  const std::uint64_t ahead = ((mark >> countBits) - tagOf(slot)) & tagMask;
  return ahead > mostWindowsLate;
}

/// How many of `deposits` came after a mark; 0 if the mark was left after them.
constexpr std::uint64_t depositsAfter(std::uint64_t mark, std::uint64_t deposits) noexcept {
  const std::uint64_t after = (deposits - mark) & countMask;
  return after <= countMask / 2 ? after : 0;
}

/// The distance on the line from one position to another. Positions wrap around.
constexpr std::int64_t distance(std::uint64_t from, std::uint64_t to) noexcept {
  return static_cast<std::int64_t>(to - from);
}

constexpr std::uint64_t later(std::uint64_t one, std::uint64_t other) noexcept {
  return distance(one, other) > 0 ? other : one;
}

std::uint64_t thousandths(double value) noexcept {
  return static_cast<std::uint64_t>(std::llround(value * 1000));
}

}  // namespace

RetryLedger::RetryLedger(const RetryBudgetConfig& config, Instant now) noexcept
    : start_(now),
      slotWidth_(static_cast<std::uint64_t>(config.window.count()) / slotCount),
      ratio_(thousandths(config.ratio)),
      rate_(thousandths(config.minPerSecond)),
      reserve_(flow(static_cast<std::uint64_t>(config.window.count()))) {}

/// Nanoseconds since the account was made; 0 for a clock that was moved back.
std::uint64_t RetryLedger::elapsed(Instant now) const noexcept {
  return now > start_ ? static_cast<std::uint64_t>((now - start_).count()) : 0;
}

/// The number of the slot of a time. The slots before the account was made have numbers, too, and
/// those that the first windows look at are not negative.
std::uint64_t RetryLedger::slotAt(Instant now) const noexcept {
  return slotCount + elapsed(now) / slotWidth_;
}

/// What the reserve gives in `since` nanoseconds. The product is taken in two parts, because it
/// may need more than 64 bits.
std::uint64_t RetryLedger::flow(std::uint64_t since) const noexcept {
  return rate_ * (since / second) + rate_ * (since % second) / second;
}

void RetryLedger::deposit(Instant now) noexcept {
  const std::uint64_t slot = slotAt(now);
  Atomic<std::uint64_t>& mark = marks_[slot % slotCount];
  // acquire: a thread that finds the mark of its slot adds its deposit after the mark's number was
  // read, so the mark does not include it. Pairs with the release of the exchange.
  std::uint64_t found = mark.load(std::memory_order_acquire);
  while (isOutdated(found, slot)) {
    const std::uint64_t before = deposits_.load(std::memory_order_relaxed);
    const std::uint64_t left = tagOf(slot) << countBits | (before & countMask);
    if (mark.compare_exchange_weak(found, left, std::memory_order_acq_rel,
                                   std::memory_order_acquire)) {
      break;
    }
  }
  // release: a thread that counts this deposit sees the mark, too. Otherwise it would pass over the
  // deposit as one that has expired.
  deposits_.fetch_add(1, std::memory_order_release);
}

/// How many of `deposits` have not expired in `slot`.
std::uint64_t RetryLedger::liveDeposits(std::uint64_t deposits, std::uint64_t slot) const noexcept {
  // The earliest mark is the one with the fewest deposits before it. It need not be that of the
  // oldest slot, because a thread that is slow may mark a slot after a later one was marked. Marks
  // of slots after `slot` count, too: the present slot may be a later one by now. relaxed: a mark
  // says all by itself, and it is read after `deposits`.
  std::uint64_t live = 0;
  for (std::uint64_t each = slot - (slotCount - 1); each <= slot; ++each) {
    const std::uint64_t mark = marks_[each % slotCount].load(std::memory_order_relaxed);
    if (!isOutdated(mark, each)) live = (std::max)(live, depositsAfter(mark, deposits));
  }
  return live;
}

RetryLedger::Credit RetryLedger::creditAt(Instant now) const noexcept {
  // The deposits before their marks, since each is made after its mark.
  const std::uint64_t deposits = deposits_.load(std::memory_order_acquire);
  const std::uint64_t expired = deposits - liveDeposits(deposits, slotAt(now));
  const std::uint64_t flowed = flow(elapsed(now));
  return {.given = reserve_ + flowed + ratio_ * deposits, .expired = flowed + ratio_ * expired};
}

bool RetryLedger::withdraw(Instant now) noexcept {
  // acquire, and before all else is read: a thread that is refused has seen each deposit that those
  // withdrawals saw which it finds spent. So there was a moment at which the balance was too low.
  std::uint64_t spent = spent_.load(std::memory_order_acquire);
  for (;;) {
    const Credit credit = creditAt(now);
    const std::uint64_t from = later(spent, credit.expired);
    if (distance(from, credit.given) < static_cast<std::int64_t>(retry)) return false;
    if (spent_.compare_exchange_weak(spent, from + retry, std::memory_order_acq_rel,
                                     std::memory_order_acquire)) {
      return true;
    }
  }
}

std::int64_t RetryLedger::balance(Instant now) const noexcept {
  const std::uint64_t spent = spent_.load(std::memory_order_acquire);
  const Credit credit = creditAt(now);
  // A reading of the clock that is out of date may find less given than spent.
  return (std::max)(distance(later(spent, credit.expired), credit.given), std::int64_t{0});
}

}  // namespace bulwark::detail
