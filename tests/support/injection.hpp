#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

/// Counts the operations of a kind, while it is armed on this thread, and lets the one with a
/// certain number fail. The operator new and the aligned_alloc() of the program ask it, too
/// (injection.cpp).
namespace injection {

/// What can fail.
enum class Point : std::uint8_t {
  allocation,  // by anybody, with operator new or, as Asio does, aligned_alloc()
  object,      // with operator new alone
  allocator,   // by a handler's associated allocator
  submission,  // the executor throws instead of taking a function
  dropped,     // the executor takes a function and destroys it
  property,    // query, require or prefer of the executor throws
  callable,    // a copy or a move of a callable
  handler,     // a copy or a move of a completion handler
  result       // a copy or a move of a result
};

/// What copies and moves throw, and the executor.
struct Fault : std::runtime_error {
  Fault() : std::runtime_error("injected") {}
};

struct Plan {
  static inline Point kind{};
  static inline std::size_t count = 0;  // operations of that kind so far
  static inline std::size_t failing = SIZE_MAX;
  static inline bool onwards = false;  // all that follow fail, too
  static inline thread_local bool armed = false;
};

/// Whether this operation is to fail.
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

/// Blocks of operator new and aligned_alloc() that nobody has freed.
std::int64_t blocksAlive() noexcept;

/// A part of what is copied and moved: counts itself, and fails by plan.
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
