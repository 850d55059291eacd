#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Plans the one timer that serves all deadlines of a host. It knows for which time the timer is
/// set, and which step comes next. The host carries the steps out, one at a time.
///
/// Each step that sets or cancels the timer begins a generation. An expiry that belongs to an
/// earlier generation is stale and is ignored.
///
/// Thread safety: the owner's lock guards all of it, except tooLate() and isSet().
class TimerPlan {
 public:
  enum class Action : std::uint8_t { keep, set, cancel };

  struct Step {
    Action action = Action::keep;
    Instant when = never;
    std::uint64_t generation = 0;
  };

  /// Whether the timer would expire too late for this deadline. Lock-free.
  bool tooLate(Instant deadline) const noexcept {
    return deadline < at_.load(std::memory_order_relaxed);
  }
  bool isSet() const noexcept { return at_.load(std::memory_order_relaxed) != never; }

  /// Asks the next step to be in time for `deadline`, of a call that is about to wait. What setting
  /// a timer throws is thrown before the call waits.
  void request(Instant deadline) noexcept { requested_ = (std::min)(requested_, deadline); }
  void dropRequest() noexcept { requested_ = never; }

  /// The next step, where `due` is the earliest deadline that waits for the timer, or never. Takes
  /// the requests into account if `honourRequests`, and drops them. With `keepSet` a timer that is
  /// set stays set, although nothing is due.
  Step next(Instant due, bool honourRequests, bool keepSet = false) noexcept {
    const Instant requested = std::exchange(requested_, never);
    if (honourRequests) due = (std::min)(due, requested);
    Step step{.when = due};
    if (tooLate(due)) {
      step.action = Action::set;
    } else if (due == never && isSet() && !keepSet) {
      step.action = Action::cancel;
    } else {
      return step;
    }
    at_.store(due, std::memory_order_relaxed);
    step.generation = ++generation_;
    return step;
  }

  /// The timer of that generation has expired, or will not expire any more.
  /// @return false: it is stale, another one has been set since
  bool ended(std::uint64_t generation) noexcept {
    if (generation != generation_) return false;
    at_.store(never, std::memory_order_relaxed);
    return true;
  }

 private:
  Atomic<Instant> at_{never};  // when the timer expires; never: it is not set
  Instant requested_ = never;  // the earliest deadline of the calls that are about to wait
  std::uint64_t generation_ = 0;
};

}  // namespace bulwark::detail
