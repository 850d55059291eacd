#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/acquire.hpp>
#include <bulwark/detail/call/queued_handler.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <utility>
#include <vector>

// --- acquire -------------------------------------------------------------------------------------

TEST_CASE("an acquired permit counts as running until it is released, and then as executed",
          "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  CHECK(ending.open());
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.permit);
  CHECK(ending.permit.count() == 1);
  CHECK(countersOf(bulkhead) == Counters{.running = 1});
  ManualClock::advance(3ms);
  ending.permit.release();
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
  const auto time = bulkhead.stats().executionTime;
  CHECK(time.count() == 1);
  CHECK(time.sum() == 3ms);
  CHECK(bulkhead.stats().waitTime.count() == 0);
}

TEST_CASE("no handler of acquire runs inside acquire or inside the release", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 2}};
  Ending<> granted, queued, drained, full, weightless, refused, drain;
  bulkhead.acquire(granted.permitted());
  bulkhead.acquire(queued.permitted());
  bulkhead.acquire(drained.permitted());
  bulkhead.acquire(full.permitted());
  bulkhead.acquire({.permits = 0}, weightless.permitted());
  CHECK((granted.open() && queued.open() && full.open() && weightless.open()));
  stage.settle();
  CHECK((granted.fine() && queued.open()));
  CHECK(full.is(Errc::queueFull));
  CHECK(weightless.is(net::error::invalid_argument));
  granted.permit.release();
  CHECK(queued.open());
  bulkhead.drain(drain.coded());
  bulkhead.acquire(refused.permitted());
  CHECK((drained.open() && drain.open() && refused.open()));
  stage.settle();
  CHECK(queued.fine());  // its permit was on its way
  CHECK(drained.is(Errc::draining));
  CHECK(refused.is(Errc::draining));
  CHECK(drain.open());
  queued.permit.release();
  CHECK(drain.open());
  stage.settle();
  CHECK(drain.fine());
}

TEST_CASE("an acquire that fails delivers the cause and an empty permit", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire(2);
  Ending<> timedOut, full, weightless, tooHeavy, drained;
  bulkhead.acquire({.queueTimeout = 5ms}, timedOut.permitted());
  bulkhead.acquire(full.permitted());
  bulkhead.acquire({.permits = 0}, weightless.permitted());
  bulkhead.acquire({.permits = 3}, tooHeavy.permitted());
  stage.advance(5ms);
  bulkhead.acquire(drained.permitted());
  bulkhead.drain([](net::error_code) {});
  stage.settle();
  CHECK(timedOut.is(Errc::queueTimeout));
  CHECK(full.is(Errc::queueFull));
  CHECK(weightless.is(net::error::invalid_argument));
  CHECK(tooHeavy.is(net::error::invalid_argument));
  CHECK(drained.is(Errc::draining));
  for (auto* ending : {&timedOut, &full, &weightless, &tooHeavy, &drained}) {
    CHECK_FALSE(ending->permit);
    CHECK(ending->permit.count() == 0);
  }
  // A wrong weight is not counted.
  CHECK(countersOf(bulkhead) == Counters{.rejected = 1, .timedOut = 1, .drained = 1, .running = 1});
}

TEST_CASE("an acquire that may not wait is rejected when no permit is free", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 0ns}};
  Ending<> free, taken, negative;
  bulkhead.acquire(free.permitted());
  bulkhead.acquire(taken.permitted());
  bulkhead.acquire({.queueTimeout = -5s}, negative.permitted());
  stage.settle();
  CHECK(free.fine());
  CHECK(taken.is(Errc::queueFull));
  CHECK(negative.is(Errc::queueFull));
  CHECK(bulkhead.stats().peakQueued == 0);
}

TEST_CASE("a call's own timeout may exceed the bulkhead's queue timeout", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 0ns}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> patient;
  bulkhead.acquire({.queueTimeout = 1s}, patient.permitted());
  stage.advance(999ms);
  CHECK(patient.open());
  hold.release();
  stage.settle();
  CHECK(patient.fine());
}

TEST_CASE("queued acquires and executes share one queue", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> order;
  bulkhead.acquire([&](net::error_code, Permit) { order.push_back(1); });
  bulkhead.execute([&] { order.push_back(2); }, [](std::exception_ptr) {});
  bulkhead.acquire([&](net::error_code, Permit) { order.push_back(3); });
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        order.push_back(4);
        co_return;
      },
      [](std::exception_ptr) {});
  bulkhead.acquire([&](net::error_code, Permit) { order.push_back(5); });
  hold.release();
  stage.settle();
  CHECK(order == std::vector<int>{1, 2, 3, 4, 5});
  CHECK(countersOf(bulkhead) == Counters{.executed = 6});
}

TEST_CASE("a weighted acquire holds permits equal to its weight", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  Ending<> three, two;
  bulkhead.acquire({.permits = 3}, three.permitted());
  bulkhead.acquire({.permits = 2}, two.permitted());
  stage.settle();
  CHECK(three.permit.count() == 3);
  CHECK(two.open());
  CHECK(bulkhead.stats().active == 3);
  CHECK(bulkhead.stats().running == 1);
  three.permit.release();
  stage.settle();
  CHECK(two.permit.count() == 2);
  CHECK(bulkhead.stats().active == 2);
}

TEST_CASE("a weighted call at the head blocks the queue until its permits are free", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Permit a = bulkhead.tryAcquire();
  Permit b = bulkhead.tryAcquire();
  Permit c = bulkhead.tryAcquire();
  Ending<> wide, narrow;
  bulkhead.acquire({.permits = 2}, wide.permitted());
  bulkhead.acquire(narrow.permitted());
  a.release();
  stage.settle();
  CHECK((wide.open() && narrow.open()));
  CHECK_FALSE(bulkhead.tryAcquire());
  b.release();
  stage.settle();
  CHECK((wide.fine() && narrow.open()));
  c.release();
  stage.settle();
  CHECK(narrow.fine());
  CHECK(bulkhead.stats().active == 3);
}

TEST_CASE("an acquired permit that its handler drops is released", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Counters inside;
  bulkhead.acquire([&](net::error_code, Permit) { inside = countersOf(bulkhead); });
  stage.settle();
  CHECK(inside == Counters{.running = 1});
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a handler of acquire that throws releases the permit", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const bool queued = GENERATE(false, true);
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  bulkhead.acquire([](net::error_code, Permit) { throw 1; });
  hold.release();
  CHECK_THROWS_AS(stage.settle(), int);
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.stats().executed == (queued ? 2U : 1U));
}

TEST_CASE("run() does not return while an acquire waits", "[acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .queueTimeout = bulwark::noTimeout}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  CHECK_FALSE(stage.isIdle());
  hold.release();
  CHECK(stage.isIdle());
  CHECK(ending.fine());
}

// --- tryAcquire ----------------------------------------------------------------------------------

TEST_CASE("tryAcquire returns a free permit at once", "[try_acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Permit one = bulkhead.tryAcquire();
  Permit two = bulkhead.tryAcquire(2);
  CHECK(one.count() == 1);
  CHECK(two.count() == 2);
  CHECK(countersOf(bulkhead) == Counters{.running = 2});
  CHECK(bulkhead.stats().active == 3);
  ManualClock::advance(2ms);
  two.release();
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .running = 1});
  CHECK(bulkhead.stats().executionTime.sum() == 2ms);
}

TEST_CASE("a tryAcquire that is refused is not counted", "[try_acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire();
  CHECK_FALSE(bulkhead.tryAcquire(2));  // not enough free permits
  CHECK_FALSE(bulkhead.tryAcquire(0));  // weight 0
  CHECK_FALSE(bulkhead.tryAcquire(3));  // more than the limit
  CHECK_FALSE(bulkhead.tryAcquire(SIZE_MAX));
  CHECK(countersOf(bulkhead) == Counters{.running = 1});
  Ending<> queued;
  bulkhead.acquire({.permits = 2}, queued.permitted());
  CHECK_FALSE(bulkhead.tryAcquire());  // a call waits, and the queue is full
  CHECK(countersOf(bulkhead) == Counters{.running = 1, .queued = 1});
  bulkhead.drain([](net::error_code) {});
  CHECK_FALSE(bulkhead.tryAcquire());
  CHECK(countersOf(bulkhead) == Counters{.drained = 1, .running = 1});
  CHECK(bulkhead.stats().submitted() == 2);
}

TEST_CASE("a tryAcquire that is refused while the queue has room is not counted", "[try_acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .maxQueueSize = 10}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> queued;
  bulkhead.acquire({.permits = 2}, queued.permitted());
  CHECK_FALSE(bulkhead.tryAcquire());
  CHECK(countersOf(bulkhead) == Counters{.running = 1, .queued = 1});
}

TEST_CASE("tryAcquire never overtakes a waiting call", "[try_acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> wide;
  bulkhead.acquire({.permits = 2}, wide.permitted());
  CHECK(bulkhead.stats().active == 1);  // one permit is free
  CHECK_FALSE(bulkhead.tryAcquire());
  hold.release();
  CHECK_FALSE(bulkhead.tryAcquire());
  stage.settle();
  CHECK(wide.fine());
}

TEST_CASE("tryAcquire does not need a running executor", "[try_acquire]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  stage.io.stop();
  for (int i = 0; i < 10; ++i) CHECK(bulkhead.tryAcquire());
  CHECK(bulkhead.stats().executed == 10);
}

// --- permits -------------------------------------------------------------------------------------

TEST_CASE("an empty permit holds nothing and releases nothing", "[permit]") {
  Permit permit;
  CHECK_FALSE(permit);
  CHECK(permit.count() == 0);
  permit.release();
  Permit moved = std::move(permit);
  CHECK_FALSE(moved);
  moved = Permit();
  CHECK_FALSE(moved);
}

TEST_CASE("a permit is released once, however often release() is called", "[permit]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit other = bulkhead.tryAcquire();
  Permit permit = bulkhead.tryAcquire();
  permit.release();
  permit.release();
  CHECK_FALSE(permit);
  CHECK(permit.count() == 0);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .running = 1});
}

TEST_CASE("a moved permit is released only by its last owner", "[permit]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  {
    Permit outer;
    {
      Permit inner = bulkhead.tryAcquire(3);
      outer = std::move(inner);
      CHECK_FALSE(inner);  // NOLINT(bugprone-use-after-move)
      CHECK(inner.count() == 0);
      inner.release();
    }
    CHECK(outer.count() == 3);
    CHECK(bulkhead.stats().active == 3);
    Permit last(std::move(outer));
    CHECK_FALSE(outer);  // NOLINT(bugprone-use-after-move)
    CHECK(bulkhead.stats().active == 3);
  }
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("move assignment releases the permit that was held before", "[permit]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Permit permit = bulkhead.tryAcquire(2);
  permit = bulkhead.tryAcquire(3);
  CHECK(permit.count() == 3);
  CHECK(bulkhead.stats().active == 3);
  auto& same = permit;
  permit = std::move(same);  // self-assignment does nothing
  CHECK(permit.count() == 3);
  CHECK(bulkhead.stats().active == 3);
  permit = Permit();
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a permit is move-only and must not be discarded", "[permit]") {
  static_assert(!std::is_copy_constructible_v<Permit>);
  static_assert(!std::is_copy_assignable_v<Permit>);
  static_assert(std::is_nothrow_move_constructible_v<Permit>);
  static_assert(std::is_nothrow_move_assignable_v<Permit>);
  static_assert(std::is_nothrow_default_constructible_v<Permit>);
  static_assert(noexcept(std::declval<Permit&>().release()));
  static_assert(noexcept(std::declval<Bulkhead&>().tryAcquire()));
  static_assert(!std::is_convertible_v<Permit, bool>);
  SUCCEED();
}
