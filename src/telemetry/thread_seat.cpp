#include "bulwark/detail/telemetry/thread_seat.hpp"

#include <array>
#include <utility>

#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Its alignment makes its address even.
struct alignas(2) Seat {
  Atomic<bool> taken{false};
};

// The compiler initialises it, and it has no destructor: a thread may take a seat before main() and
// give it back after it.
std::array<Seat, ThreadSeat::seats> row{};

}  // namespace

auto ThreadSeat::take() noexcept -> Id {
  struct AtThreadEnd {
    AtThreadEnd() = default;
    AtThreadEnd(const AtThreadEnd&) = delete;
    AtThreadEnd& operator=(const AtThreadEnd&) = delete;
    ~AtThreadEnd() { end(); }
  };
  if (mine() != unknown) return mine();
  static thread_local AtThreadEnd atThreadEnd;
  for (Seat& seat : row) {
    if (seat.taken.load(std::memory_order_relaxed)) continue;
    // Success: the seat belongs to this thread; acquire pairs with the release in giveBack().
    // Failure: another thread has taken it, and the next one is tried.
    bool taken = false;
    if (seat.taken.compare_exchange_strong(taken, true, std::memory_order_acquire)) {
      return variable() = reinterpret_cast<Id>(&seat);
    }
  }
  return variable() = none;
}

void ThreadSeat::giveBack() noexcept {
  const Id id = std::exchange(variable(), unknown);
  if (id == unknown || id == none) return;
  // release: pairs with the acquire in take(). The next thread sees what this one has written.
  reinterpret_cast<Seat*>(id)->taken.store(  // NOLINT(performance-no-int-to-ptr)
      false, std::memory_order_release);
}

void ThreadSeat::end() noexcept {
  giveBack();
  variable() = none;
}

}  // namespace bulwark::detail
