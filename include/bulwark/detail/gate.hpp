#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/grant.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/waiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The semaphores between a call's bulkhead and its work. When the call has its permits of the
/// bulkhead, the gate takes one of each semaphore, in the order in which it was given them, and
/// waits where it must; then the call runs. While it waits there it holds its permits of the
/// bulkhead, and none of a semaphore that comes later in the order: two calls can never wait for
/// each other.
///
/// If a semaphore refuses, everything is given back, the bulkhead counts the call as the semaphore
/// did, and the call is woken a second time, with that verdict. The semaphores before it count what
/// was held: acquired, and released. That is so however a call ends that was granted a permit,
/// except where its initiating function throws: then undo() leaves no trace.
///
/// It is shared by the call and by the handler in its cancellation slot, since each may outlive the
/// other. One thread at a time goes through it with the call; cancel() may come from any other.
class BULWARK_EXPORT Gate final : public std::enable_shared_from_this<Gate>, private Waiter {
 public:
  /// @param patience of the whole wait: the bulkhead's queue and all semaphores; none: as long as
  ///                 each of them allows
  Gate(Compartment& bulkhead, std::vector<Ref<Compartment>> semaphores,
       std::optional<Instant> patience);

  // --- on the way in ----------------------------------------------------------------------------

  Compartment& bulkhead() const noexcept { return *places_.front().compartment; }

  /// The cancellation link for the bulkhead's queue.
  CancelLink* queueLink() noexcept { return &places_.front().link; }

  /// Takes what is still to be taken, for `call` with its `grant` of the bulkhead.
  ///   granted  all through
  ///   waiting  the gate goes on by itself; `call` may be gone already
  ///   others   the semaphore refusedBy() refused
  /// Throws what memory or a timer throws. Nothing is given back on either: undo() or giveBack().
  Entry advance(Runnable& call, Grant& grant);

  /// Gives back what it has, or had before the call was dropped on its way, as if it had never been
  /// taken: the call was never one.
  void undo() noexcept;

  /// What advance() does, for a call that was queued and has nobody to report to: sees to all of
  /// it.
  void pass(Runnable& call, Grant& grant) noexcept;

  /// The semaphore that refused, or decides next.
  Compartment& refusedBy() const noexcept { return *places_[next_].compartment; }
  /// What a call reports that was refused after it had waited; null otherwise.
  const std::exception_ptr& error() const noexcept { return error_; }

  // --- while the call runs ----------------------------------------------------------------------

  /// The work starts: closes the books of the bulkhead on the wait, if there was one.
  void begin(Instant start, const Grant& grant) noexcept;
  /// The work has ended: gives the permits of the semaphores back, in reverse order.
  void end(bool failed, Instant start, Instant end) noexcept;

  /// The call will not run, or has gone while it ran: its permits go on. Not with the gate, which a
  /// cancellation slot may keep.
  void giveBack() noexcept;

  // --- from the cancellation slot ---------------------------------------------------------------

  /// Takes the call out of the queue in which it is, or else sees to it that it gets no further.
  /// @return whether it was in a queue
  bool cancel() noexcept;

 private:
  friend class Compartment;  // lists the gates at which its calls wait

  /// Where the call may wait: the bulkhead first, then each semaphore.
  struct Place {
    Ref<Compartment> compartment;
    CancelLink link{};
    Grant grant{};  // a semaphore's; the bulkhead's is with the call
    bool overLimit = false;
  };

  void wake() noexcept override;
  void discard() noexcept override;

  bool mayWait() const noexcept { return !patience_ || *patience_ > Instant{0}; }
  Entry queueAt(Place& place);
  void goOn() noexcept;
  void refuse(Verdict verdict, std::exception_ptr error) noexcept;

  std::vector<Place> places_;
  std::size_t next_ = 1;  // the place that decides next
  const std::optional<Instant> patience_;
  std::optional<Instant> waitingSince_;
  Atomic<bool> cancelled_{false};
  Runnable* call_ = nullptr;
  Grant* grant_ = nullptr;  // the call's
  std::exception_ptr error_;

  // In its bulkhead's list, while it waits for a semaphore; under that one's mutex.
  Gate* nextGate_ = nullptr;
  Gate* prevGate_ = nullptr;
  bool listed_ = false;
};

/// A call's share of its gate: takes care that no permit stays there when the call goes.
class GateShare {
 public:
  GateShare() noexcept = default;
  GateShare(std::shared_ptr<Gate> gate) noexcept : gate_(std::move(gate)) {}
  GateShare(GateShare&&) noexcept = default;
  GateShare& operator=(GateShare&& other) noexcept {
    std::swap(gate_, other.gate_);
    return *this;
  }
  ~GateShare() {
    if (gate_ != nullptr) gate_->giveBack();
  }

  const std::shared_ptr<Gate>& get() const noexcept { return gate_; }
  Gate* operator->() const noexcept { return gate_.get(); }

 private:
  std::shared_ptr<Gate> gate_;
};

}  // namespace bulwark::detail
