#pragma once

#include <cstddef>
#include <cstdint>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The seat of a thread: which of the things that belong to one thread at a time are its own.
///
/// The process has a row of seats. A thread takes the first free one when it first asks for it, and
/// gives it back when it ends. The next thread then takes it over, and sees everything that the
/// thread before it had written. So no two living threads have the same seat, and no more seats
/// were ever taken than threads lived at once.
///
/// There is no lock and no memory to allocate. A thread has no seat (`none`) when it has given its
/// own back because it ends, and when all of them are taken. A child process after fork() keeps the
/// seat of its only thread; those of the other threads stay taken in it.
///
/// A seat is known by its address. So two copies of this library in one process, each with a row of
/// its own, give no two threads the same seat.
class BULWARK_EXPORT ThreadSeat {
 public:
  /// The address of a seat, which is even, or one of the two values below.
  using Id = std::uintptr_t;
  static constexpr Id unknown = 2;  // the thread has not asked for a seat yet
  static constexpr Id none = 4;  // it has no seat, and will get none

  static constexpr std::size_t seats = 4096;

  /// The seat of this thread. `unknown`: take() has to find one.
  static Id mine() noexcept { return variable(); }
  /// Takes a seat for this thread if it has not asked before.
  static Id take() noexcept;
  /// Gives the seat back, if there is one. The next take() takes one again.
  static void giveBack() noexcept;
  /// What the end of the thread does: gives the seat back. Destructors that run later may still
  /// ask. They get none, because it could not be given back any more.
  static void end() noexcept;

  /// Spreads seats over `places`. Seats that lie side by side get different places.
  static constexpr std::size_t placeOf(Id id, std::size_t places) noexcept {
    return static_cast<std::size_t>(id / 2) % places;
  }

 private:
  static Id& variable() noexcept {
    static constinit thread_local Id id = unknown;
    return id;
  }
};

}  // namespace bulwark::detail
