#include <bulwark/bulkhead.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

using namespace std::chrono_literals;
using bulwark::BulkheadEvent;
using bulwark::EventKind;

TEST_CASE("a lowered effective limit holds calls back, and a higher one starts them",
          "[effective]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  Permit first = bulkhead.tryAcquire();
  bulkhead.setEffectiveLimit(1);
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  stage.settle();
  CHECK(ending.open());
  CHECK(bulkhead.stats().queued == 1);
  bulkhead.setEffectiveLimit(2);
  stage.settle();
  CHECK(ending.fine());
  CHECK(bulkhead.stats().active == 2);
}

TEST_CASE("an effective limit of 0 admits no call", "[effective]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4, .queueTimeout = 1s}};
  bulkhead.setEffectiveLimit(0);
  CHECK_FALSE(bulkhead.tryAcquire());
  Ending<> late, timely;
  bulkhead.acquire(late.permitted());
  stage.advance(1s);
  CHECK(late.is(bulwark::Errc::queueTimeout));
  bulkhead.acquire(timely.permitted());
  bulkhead.setEffectiveLimit(1);
  stage.settle();
  CHECK(timely.fine());
}

TEST_CASE("a weight between effective and configured limit waits", "[effective]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  bulkhead.setEffectiveLimit(2);
  CHECK_FALSE(bulkhead.tryAcquire(3));
  Ending<> heavy, impatient, invalid;
  bulkhead.acquire({.queueTimeout = 0s, .permits = 3}, impatient.permitted());
  stage.settle();
  CHECK(impatient.is(bulwark::Errc::queueFull));
  bulkhead.acquire({.permits = 3}, heavy.permitted());
  bulkhead.acquire({.permits = 5}, invalid.permitted());
  stage.settle();
  CHECK(heavy.open());
  CHECK(invalid.is(net::error::invalid_argument));
  bulkhead.setEffectiveLimit(3);
  stage.settle();
  CHECK(heavy.fine());
}

TEST_CASE("the effective limit is no configuration", "[effective]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  std::vector<EventKind> events;
  bulkhead.setObserver([&](const BulkheadEvent& event) { events.push_back(event.kind); });
  CHECK(bulkhead.effectiveLimit() == 4);
  bulkhead.setEffectiveLimit(3);
  CHECK(bulkhead.effectiveLimit() == 3);
  CHECK(bulkhead.stats().maxConcurrent == 4);
  CHECK(events.empty());
  bulkhead.setEffectiveLimit(100);
  CHECK(bulkhead.effectiveLimit() == 4);
}

TEST_CASE("updateConfig keeps the effective limit", "[effective]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  bulkhead.setEffectiveLimit(3);
  bulkhead.updateConfig({.maxConcurrent = 2});
  CHECK(bulkhead.effectiveLimit() == 2);
  bulkhead.updateConfig({.maxConcurrent = 8});
  CHECK(bulkhead.effectiveLimit() == 3);
}

TEST_CASE("a semaphore has an effective limit, too", "[effective]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "gpu", .permits = 2}};
  semaphore.setEffectiveLimit(1);
  CHECK(semaphore.effectiveLimit() == 1);
  Permit first = semaphore.tryAcquire();
  CHECK(first);
  CHECK_FALSE(semaphore.tryAcquire());
  CHECK(semaphore.stats().permits == 2);
  Ending<> ending;
  semaphore.acquire(ending.permitted());
  semaphore.setEffectiveLimit(2);
  stage.settle();
  CHECK(ending.fine());
}
