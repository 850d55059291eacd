#pragma once

#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>

#include "support/catch.hpp"
#include "support/injection.hpp"
#include "support/instrumented_executor.hpp"
#include "support/tokens.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(detached.hpp)

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using injection::Armed;
using injection::Plan;

/// Makes the allocation of object `number` fail, counted from 0 while the plan is armed.
inline void failAllocation(std::size_t number) {
  Plan::kind = injection::Point::object;
  Plan::count = 0;
  Plan::failing = number;
}

struct Thrown : std::runtime_error {
  Thrown() : std::runtime_error("a copy or a move failed") {}
};

/// Counts the copies and moves of all its objects. Number `failing` throws.
struct FailingMoves {
  static inline std::size_t number = 0;
  static inline std::size_t failing = SIZE_MAX;
  static void count() {
    if (number++ == failing) throw Thrown();
  }
};

struct FailsToMove {
  FailsToMove() = default;
  FailsToMove(const FailsToMove&) { FailingMoves::count(); }
  FailsToMove(FailsToMove&&) { FailingMoves::count(); }  // NOLINT(*-noexcept-move*)
  FailsToMove& operator=(const FailsToMove&) = default;
};

/// Runs what can run now, whatever it throws. On an executor that keeps refusing, a timer may throw
/// on every attempt.
inline int settleAll(net::io_context& io) {
  int thrown = 0;
  for (int quiet = 0; quiet < 3 && thrown < 50;) {
    try {
      if (settle(io) == 0) ++quiet;
    } catch (const ExecutorProbe::Refused&) {
      ++thrown;
    } catch (const Thrown&) {
      ++thrown;
    } catch (const std::bad_alloc&) {
      ++thrown;
    }
  }
  return thrown;
}
