#pragma once

// What changes a bulkhead while it is in use.

#include <atomic>
#include <cstddef>
#include <mutex>

#include "support/stress.hpp"
#include "support/stress/calls.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/journal.hpp"
#include "support/stress_parts.hpp"

namespace stress {

/// Changes the current bulkhead. Thread-safe.
template <typename Target>
class Changes {
  using Bulkhead = typename Target::Type;

 public:
  Changes(const Phase& phase, Journal& journal, Generations<Target>& generations,
          Calls<Target>& calls) noexcept
      : phase_(phase), journal_(journal), generations_(generations), calls_(calls) {}

  void resize(Dice& dice);
  void switchMode(Dice& dice);
  void resume();
  void resetStatistics();
  /// Moves or destroys the bulkhead, from outside or from one of its callables.
  void replace(Driver& driver);

 private:
  static void raise(std::atomic<std::size_t>& bound, std::size_t value) {
    if (bound.load(relaxed) < value) bound.store(value, relaxed);
  }

  const Phase& phase_;
  Journal& journal_;
  Generations<Target>& generations_;
  Calls<Target>& calls_;
  std::mutex resizeMutex_;  // one resize at a time, so that each can check its result
};

}  // namespace stress
