#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/call_request.hpp>
#include <bulwark/detail/call/waiting_call.hpp>
#include <bulwark/detail/call/without_allocator.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Calls whose work takes longer than its execution timeout.

using bulwark::Overrun;

TEST_CASE("a call whose work is overdue is told at once, and keeps its permit", "[execution]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .executionTimeout = 100ms}};
  Gate gate{stage.io};
  bool cancelled = false;
  Ending<> ending, next;
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
        co_await gate.pass();
      },
      ending.plain());
  bulkhead.execute([] {}, next.plain());
  stage.settle();
  stage.advance(100ms - 1ns);
  CHECK(ending.open());
  CHECK(bulkhead.stats().overdue == 0);
  stage.advance(1ns);
  CHECK(ending.is(Errc::executionTimeout));
  CHECK(holds<bulwark::ExecutionTimeoutError>(ending.error));
  CHECK_FALSE(bulwark::notExecuted(ending.error));
  CHECK(bulkhead.stats().overdue == 1);
  CHECK(countersOf(bulkhead) == Counters{.running = 1, .queued = 1});
  CHECK(next.open());
  gate.open();
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(next.fine());
  CHECK(bulkhead.stats().overdue == 0);
  CHECK(bulkhead.stats().overran == 1);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
  CHECK(bulkhead.stats().submitted() == 2);
  static_cast<void>(cancelled);
}
