#pragma once

/// @file
/// Permit: the right to run one unit of work, held by an object.

#include <cstddef>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// The right to run one unit of work, held by an object: whoever owns it holds its permits, and
/// when it is destroyed they go back, on whatever thread, to whoever waits first.
///
/// One object is for one thread at a time, as any value. It may outlive its bulkhead. Giving back
/// costs one atomic operation while nobody waits (and a clock reading and a histogram entry where
/// it came from a Bulkhead), and takes a short lock otherwise; it never blocks, never throws, and
/// never runs anybody's code on this stack.
class [[nodiscard]] Permit {
 public:
  /// Empty: holds nothing.
  Permit() noexcept = default;

  /// Takes over what `other` holds, which is empty then.
  Permit(Permit&& other) noexcept
      : compartment_(std::exchange(other.compartment_, nullptr)),
        count_(std::exchange(other.count_, 0)),
        held_(other.held_),
        since_(other.since_) {}

  /// Gives back what it held before.
  Permit& operator=(Permit&& other) noexcept {
    if (this != &other) {
      release();
      compartment_ = std::exchange(other.compartment_, nullptr);
      count_ = std::exchange(other.count_, 0);
      held_ = other.held_;
      since_ = other.since_;
    }
    return *this;
  }

  /// Gives back what it holds.
  // Not by way of release(): what nobody reads again need not be written.
  ~Permit() {
    if (compartment_ != nullptr) compartment_->finishPermit(held_, since_);
  }

  /// Whether it holds permits.
  explicit operator bool() const noexcept { return count_ != 0; }

  /// How many permits it holds: the weight of the call, 0 if empty.
  std::size_t count() const noexcept { return count_; }

  /// Gives back what it holds and leaves it empty. Once is enough, more does no harm.
  void release() noexcept {
    count_ = 0;
    if (detail::Compartment* compartment = std::exchange(compartment_, nullptr)) {
      compartment->finishPermit(held_, since_);
    }
  }

 private:
  friend class detail::PermitMaker;

  Permit(detail::Compartment* compartment, std::size_t count, std::size_t held,
         detail::Instant since) noexcept
      : compartment_(compartment), count_(count), held_(held), since_(since) {}

  detail::Compartment* compartment_ = nullptr;  // null: empty, or given in mode off
  std::size_t count_ = 0;
  std::size_t held_ = 0;     // what the core counts for it
  detail::Instant since_{};  // when it was granted, where its time is measured
};

namespace detail {

/// Makes permits out of what the core granted.
class PermitMaker {
 public:
  static Permit make(Compartment* compartment, std::size_t count, std::size_t held,
                     Instant since) noexcept {
    return {compartment, count, held, since};
  }
};

}  // namespace detail
}  // namespace bulwark
