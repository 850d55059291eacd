#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/manager/permit_chain.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <exception>
#include <functional>
#include <optional>
#include <utility>

// The time between a semaphore's grant to a call and the moment when the call continues.
// tests/interleave/permit_chains_test.cpp covers several threads.

namespace {

/// A handler that runs an action once, when it is first moved after the action was set.
struct ActingHandler {
  std::function<void()>* action;

  explicit ActingHandler(std::function<void()>& armed) : action(&armed) {}
  ActingHandler(const ActingHandler&) = default;
  ActingHandler(ActingHandler&& other) noexcept : action(other.action) {
    if (auto act = std::exchange(*action, nullptr)) act();
  }
  void operator()(const std::exception_ptr&) {}
};

/// A service on its own context whose calls wait for semaphores of another context. Two calls wait
/// for permits of "a". When both are granted together, the first continues to "full", which refuses
/// it, and its handler runs the action. By then the second holds its permit and has not been
/// notified.
struct Scene {
  Scene() {
    ManualClock::reset();
    manager->addSemaphore({.name = "full", .maxQueueSize = 0});
    manager->addBulkhead({.name = "db", .maxConcurrent = 2, .maxQueueSize = 5}, io.get_executor());
    a = manager->semaphore("a")->tryAcquire(2);
    full = manager->semaphore("full")->tryAcquire();
    manager->execute(
        "db", [] {}, {.semaphores = {"a", "full"}}, ActingHandler(action));
    manager->execute(
        "db", [this] { ran = true; }, {.semaphores = {"a"}},
        net::bind_cancellation_slot(signal.slot(), Witness(fate)));
    REQUIRE(manager->semaphore("a")->stats().waiting == 2);
  }
  void grantBothAnd(std::function<void()> act) {
    action = std::move(act);
    a.release();
    REQUIRE_FALSE(action);
  }

  std::function<void()> action;
  Fate fate;
  bool ran = false;
  net::cancellation_signal signal;
  net::io_context io;
  std::optional<net::io_context> home{std::in_place};  // of the manager and its semaphores
  std::optional<Manager> manager{std::in_place, *home, ManagerConfig{.semaphores = {{"a", 2}}}};
  Permit a, full;
};

}  // namespace

TEST_CASE("a permit that a semaphore granted when its context was destroyed is released",
          "[permit_chain]") {
  Scene scene;
  scene.grantBothAnd([&] { scene.home.reset(); });
  settle(scene.io);
  CHECK(scene.fate.droppedUninvoked());
  CHECK_FALSE(scene.ran);
  CHECK(semaphoreCounters(*scene.manager, "a") == SemaphoreCounters{.acquired = 3, .released = 3});
  CHECK(serviceCounters(*scene.manager, "db") == Counters{.rejected = 1, .cancelled = 1});
}

TEST_CASE("a call that was granted a semaphore runs despite a cancellation before it is notified",
          "[permit_chain]") {
  Scene scene;
  scene.grantBothAnd([&] { scene.signal.emit(net::cancellation_type::total); });
  settle(scene.io);
  CHECK(scene.ran);
  CHECK(scene.fate.invoked == 1);
  CHECK_FALSE(scene.fate.code);
  CHECK(semaphoreCounters(*scene.manager, "a") == SemaphoreCounters{.acquired = 3, .released = 3});
  CHECK(serviceCounters(*scene.manager, "db") == Counters{.executed = 1, .rejected = 1});
}

TEST_CASE("a call that was granted a semaphore runs even if the manager is destroyed first",
          "[permit_chain]") {
  Scene scene;
  scene.grantBothAnd([&] { scene.manager.reset(); });
  settle(scene.io);
  CHECK(scene.ran);
  CHECK(scene.fate.invoked == 1);
  CHECK_FALSE(scene.fate.code);
  scene.full.release();
}
