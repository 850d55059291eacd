#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/core/waiter_list.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The work that a decision under the lock leaves for the time after it.
struct Wakeups {
  WaiterList ready;     // waiters with a final verdict
  bool timer = false;   // planTimer() has a step to do
  bool begins = false;  // `ready` has a call that looks at the timer when it begins: idleTimer()
  bool lastOut = false;  // the last permit of a destroyed bulkhead was released: free the state
  bool closed = false;   // no call enters any more: retries in their back-off end
  bool configured = false;  // the configuration has changed: the observer is to be notified
};

}  // namespace bulwark::detail
