#include "bulwark/detail/runtime/timer_turns.hpp"

#include <thread>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void TimerTurns::awaitStep() noexcept {
  // acq_rel: what the thread did in its step comes before what the caller does next, and what the
  // caller did before this call is seen by each later step.
  while (turns_.fetch_add(0, std::memory_order_acq_rel) != 0) std::this_thread::yield();
}

}  // namespace bulwark::detail
