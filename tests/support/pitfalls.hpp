#pragma once

// Tests for classes of bugs found in libraries of this kind, as far as one thread can show them.
// The number in a tag is that of the section in the two test files. Cases that need several threads
// are in tests/concurrency, and those of a registry of names (number 14) in the tests of the
// manager. The last section has bugs of well-known libraries.

#include <bulwark/bulkhead.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(post.hpp)
#include BULWARK_NET(this_coro.hpp)

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using bulwark::BulkheadConfig;
using bulwark::noTimeout;
using bulwark::unlimited;

/// Acquires permits and keeps them.
struct Keepers {
  explicit Keepers(Bulkhead& owner) : bulkhead(owner) {}

  void come(int calls, bulwark::CallOptions options = {}) {
    for (int i = 0; i < calls; ++i) {
      bulkhead.acquire(options, [this](net::error_code code, Permit permit) {
        if (code) {
          codes.push_back(code);
        } else {
          permits.push_back(std::move(permit));
        }
      });
    }
  }

  Bulkhead& bulkhead;
  std::vector<Permit> permits;
  std::vector<net::error_code> codes;
};

/// Returns whether exactly `limit` permits are free.
template <typename B>
inline bool isWhole(B& bulkhead, std::size_t limit) {
  std::vector<Permit> all;
  for (std::size_t i = 0; i < limit; ++i) {
    all.push_back(bulkhead.tryAcquire());
    if (!all.back()) return false;
  }
  return !bulkhead.tryAcquire();
}
