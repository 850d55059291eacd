#pragma once

#include <cstdint>
#include <variant>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/call_window.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/tally.hpp"
#include "bulwark/detail/core/time_window.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The records by which a circuit is judged: of the last calls, or of the last time.
class BULWARK_EXPORT SlidingWindow {
 public:
  /// Where a record is. `nowhere`: it has left the window.
  using Place = std::int64_t;
  static constexpr Place nowhere = TimeWindow::nowhere;

  explicit SlidingWindow(const CircuitBreakerConfig& config);
  /// Whether the two configurations have windows of the same kind and size.
  static bool same(const CircuitBreakerConfig& a, const CircuitBreakerConfig& b) noexcept;

  /// How many records it can hold.
  std::uint64_t capacity() const noexcept;
  /// The sum of the records in the window at a time.
  const Tally& tally(Instant at) noexcept;

  Place add(Record record, Instant at) noexcept;
  /// The outcome of a call that had a record before its end is known: 0 if it does not count. In a
  /// window of calls, the record changes in its place. In a window of time, it moves to the time of
  /// the outcome.
  void complete(Place place, Record before, Record after, Instant at) noexcept;
  void clear() noexcept;

  /// Copies what another window holds into this empty one, as far as it fits. A window of another
  /// kind has nothing that fits: the one knows no times, and the other no order.
  void copyFrom(const SlidingWindow& other) noexcept;
  /// The place in this window of a record that copyFrom() copied.
  Place placeFor(const SlidingWindow& other, Place place) const noexcept;

 private:
  std::variant<CallWindow, TimeWindow> window_;
};

}  // namespace bulwark::detail
