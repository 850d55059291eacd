#pragma once

#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The decision about a call that asked for permits.
enum class Verdict : std::uint8_t {
  waiting,    ///< in the queue
  granted,    ///< holds its permits
  bypassed,   ///< mode off: the call runs and holds no permit
  rejected,   ///< the queue is full, or the call may not wait
  timedOut,   ///< its queue timeout has passed
  deadlineExceeded,  ///< its budget has ended, and its work has not begun
  overdue,    ///< it runs, and its execution timeout has passed
  cancelled,  ///< its caller cancelled it
  drained,    ///< the bulkhead is draining
  aborted,    ///< the bulkhead was destroyed, or resume() ended a drain
  abandoned,  ///< the execution context is gone, and no handler can run
  invalid,    ///< a weight of 0, or above the limit
  contended   ///< the decision needs the lock
};

inline bool goesAhead(Verdict verdict) noexcept {
  return verdict == Verdict::granted || verdict == Verdict::bypassed;
}

}  // namespace bulwark::detail
