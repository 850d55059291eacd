#include "bulwark/detail/telemetry/thread_seat.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Its address is even.
struct Seat {
  Atomic<std::uint16_t> taken{0};  // 1: it belongs to a thread
};
static_assert(alignof(Seat) % 2 == 0);

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
    if (seat.taken.load(std::memory_order_relaxed) != 0) continue;
    // Success: the seat belongs to this thread; acquire pairs with the release in giveBack().
    // Failure: another thread has taken it, and the next one is tried.
    std::uint16_t taken = 0;
    if (seat.taken.compare_exchange_strong(taken, 1, std::memory_order_acquire)) {
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
      0, std::memory_order_release);
}

void ThreadSeat::end() noexcept {
  giveBack();
  variable() = none;
}

}  // namespace bulwark::detail
