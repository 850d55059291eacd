#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

/// Counts the operations of one kind while it is armed on this thread, and makes one of them fail.
/// The program's operator new and aligned_alloc() ask it too (injection.cpp).
namespace injection {

/// The kinds of operations that can fail.
enum class Point : std::uint8_t {
  allocation,  // any allocation by operator new or, as Asio does, aligned_alloc()
  object,      // an allocation by operator new
  allocator,   // an allocation by a handler's associated allocator
  submission,  // the executor throws instead of accepting a function
  dropped,     // the executor accepts a function and destroys it
  property,    // query, require or prefer of the executor throws
  callable,    // a copy or a move of a callable
  handler,     // a copy or a move of a completion handler
  result       // a copy or a move of a result
};

/// Thrown by the executor and by copies and moves.
struct Fault : std::runtime_error {
  Fault() : std::runtime_error("injected") {}
};

struct Plan {
  static inline Point kind{};
  static inline std::size_t count = 0;  // operations of that kind so far
  static inline std::size_t failing = SIZE_MAX;
  static inline bool onwards = false;  // later operations fail too
  static inline thread_local bool armed = false;
};

/// Returns whether this operation must fail.
inline bool strikes(Point kind) noexcept {
  if (!Plan::armed || Plan::kind != kind) return false;
  const std::size_t number = Plan::count++;
  return Plan::onwards ? number >= Plan::failing : number == Plan::failing;
}

class Armed {
 public:
  Armed() noexcept { Plan::armed = true; }
  Armed(const Armed&) = delete;
  Armed& operator=(const Armed&) = delete;
  ~Armed() { Plan::armed = false; }
};

/// Returns the number of blocks from operator new that have not been freed.
std::int64_t blocksAlive() noexcept;

/// A member of types that are copied and moved. Counts its objects and fails as planned.
template <Point kind>
class Fragile {
 public:
  Fragile() noexcept { ++alive; }
  Fragile(const Fragile&) : Fragile(Copied()) {}
  Fragile(Fragile&&) : Fragile(Copied()) {}  // NOLINT(*-noexcept-move*)
  Fragile& operator=(const Fragile&) = default;
  ~Fragile() { --alive; }

  static inline std::int64_t alive = 0;

 private:
  struct Copied {};
  explicit Fragile(Copied) {
    if (strikes(kind)) throw Fault();
    ++alive;
  }
};

}  // namespace injection
