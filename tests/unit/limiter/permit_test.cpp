#include <bulwark/permit.hpp>

#include <bulwark/bulwark.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

namespace {

struct Scene : Stage {
  Bulkhead bulkhead{io, {.name = "db", .maxConcurrent = 3}};

  std::size_t active() const { return bulkhead.stats().active; }
};

}  // namespace

TEST_CASE("a permit has one owner, so it moves and does not copy") {
  CHECK_FALSE(std::is_copy_constructible_v<Permit>);
  CHECK_FALSE(std::is_copy_assignable_v<Permit>);
  CHECK(std::is_nothrow_move_constructible_v<Permit>);
  CHECK(std::is_nothrow_move_assignable_v<Permit>);
  CHECK(std::is_nothrow_default_constructible_v<Permit>);
  CHECK(noexcept(std::declval<Permit&>().release()));
}

TEST_CASE("an empty permit holds nothing, and releasing it does nothing") {
  Permit permit;
  CHECK_FALSE(permit);
  CHECK(permit.count() == 0);
  permit.release();
  CHECK_FALSE(permit);
}

TEST_CASE("a permit holds as many permits as requested until it is destroyed") {
  Scene scene;
  {
    const Permit permit = scene.bulkhead.tryAcquire(2);
    CHECK(static_cast<bool>(permit));
    CHECK(permit.count() == 2);
    CHECK(scene.active() == 2);
  }
  CHECK(scene.active() == 0);
}

TEST_CASE("a second release does nothing") {
  Scene scene;
  Permit other = scene.bulkhead.tryAcquire();
  Permit permit = scene.bulkhead.tryAcquire(2);
  permit.release();
  CHECK_FALSE(permit);
  CHECK(permit.count() == 0);
  CHECK(scene.active() == 1);
  permit.release();
  permit.release();
  CHECK(scene.active() == 1);
  CHECK(scene.bulkhead.stats().executed == 1);
}

TEST_CASE("a moved permit is released once, by its new owner") {
  Scene scene;
  Permit first = scene.bulkhead.tryAcquire(2);
  {
    const Permit second(std::move(first));
    CHECK(second.count() == 2);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move)
    CHECK(first.count() == 0);
    first.release();
    CHECK(scene.active() == 2);
  }
  CHECK(scene.active() == 0);
  CHECK(scene.bulkhead.stats().executed == 1);
}

TEST_CASE("assigning to a permit releases what it held before") {
  Scene scene;
  Permit kept = scene.bulkhead.tryAcquire(1);
  Permit moved = scene.bulkhead.tryAcquire(2);
  CHECK(scene.active() == 3);
  kept = std::move(moved);
  CHECK(kept.count() == 2);
  CHECK_FALSE(moved);  // NOLINT(bugprone-use-after-move)
  CHECK(scene.active() == 2);
  kept = Permit();
  CHECK(scene.active() == 0);
}

TEST_CASE("assigning a permit to itself changes nothing") {
  Scene scene;
  Permit permit = scene.bulkhead.tryAcquire(2);
  Permit& same = permit;
  permit = std::move(same);
  CHECK(permit.count() == 2);
  CHECK(scene.active() == 2);
  permit.release();
  CHECK(scene.active() == 0);
}

TEST_CASE("each of two swapped permits is released to its own bulkhead") {
  Scene scene;
  Bulkhead other{scene.io, {.name = "other", .maxConcurrent = 9}};
  Permit a = scene.bulkhead.tryAcquire(1);
  Permit b = other.tryAcquire(5);
  std::swap(a, b);
  CHECK(a.count() == 5);
  a.release();
  CHECK(other.stats().active == 0);
  CHECK(scene.active() == 1);
}

TEST_CASE("a released permit goes to the first waiting call") {
  Scene scene;
  Permit all = scene.bulkhead.tryAcquire(3);
  Ending<> waits;
  scene.bulkhead.acquire(waits.permitted());
  scene.settle();
  CHECK(waits.open());
  all.release();
  CHECK(waits.open());  // posted, and never completed on the stack of the release
  scene.settle();
  CHECK(waits.fine());
  CHECK(waits.permit.count() == 1);
}

TEST_CASE("the execution time of a bulkhead's permit is how long it was held") {
  Scene scene;
  Permit permit = scene.bulkhead.tryAcquire();
  ManualClock::advance(40ms);
  Permit moved(std::move(permit));
  ManualClock::advance(2ms);
  moved.release();
  ManualClock::advance(1s);
  CHECK(scene.bulkhead.stats().executionTime.count() == 1);
  CHECK(scene.bulkhead.stats().executionTime.sum() == 42ms);
}

TEST_CASE("a semaphore's bare permit is counted and not timed") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 2}};
  Permit permit = semaphore.tryAcquire(2);
  CHECK(semaphore.stats().acquired == 1);
  CHECK(semaphore.stats().released == 0);
  permit.release();
  CHECK(semaphore.stats().released == 1);
  CHECK(semaphore.stats().executionTime.count() == 0);
  CHECK(semaphore.stats().available == 2);
}

TEST_CASE("a permit outlives its bulkhead") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io, bulwark::BulkheadConfig{.name = "db"});
  Permit first = bulkhead->tryAcquire(3);
  Permit second = bulkhead->tryAcquire(1);
  bulkhead.reset();
  CHECK(first.count() == 3);
  first.release();
  CHECK_FALSE(first);
  Permit moved(std::move(second));
  CHECK(moved.count() == 1);
}

TEST_CASE("a permit outlives its bulkhead and its context") {
  Permit permit;
  {
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db"}};
    permit = bulkhead.tryAcquire();
  }
  CHECK(permit.count() == 1);
  permit.release();
  CHECK_FALSE(permit);
}

TEST_CASE("a permit stays with its bulkhead when the bulkhead is moved") {
  Scene scene;
  Permit permit = scene.bulkhead.tryAcquire(2);
  Bulkhead moved(std::move(scene.bulkhead));
  CHECK(moved.stats().active == 2);
  permit.release();
  CHECK(moved.stats().active == 0);
}

TEST_CASE("a permit granted in mode off occupies no capacity and knows its weight") {
  Scene scene;
  scene.bulkhead.updateConfig({.mode = Mode::off});
  Permit permit = scene.bulkhead.tryAcquire(7);
  CHECK(static_cast<bool>(permit));
  CHECK(permit.count() == 7);
  CHECK(scene.active() == 0);
  scene.bulkhead.updateConfig({.mode = Mode::enforce});
  permit.release();
  CHECK_FALSE(permit);
  CHECK(scene.active() == 0);
  CHECK(scene.bulkhead.stats().submitted() == 0);
}

TEST_CASE("a permit granted in mode observe is released in full after a switch to enforce") {
  Scene scene;
  scene.bulkhead.updateConfig({.mode = Mode::observe});
  Permit permit = scene.bulkhead.tryAcquire(7);
  CHECK(scene.active() == 7);
  scene.bulkhead.updateConfig({.mode = Mode::enforce});
  CHECK_FALSE(scene.bulkhead.tryAcquire());
  permit.release();
  CHECK(scene.active() == 0);
  CHECK(scene.bulkhead.tryAcquire(3).count() == 3);
}
