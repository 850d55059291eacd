#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/events.hpp>

#include BULWARK_NET(io_context.hpp)

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

// Many threads cause events while others add and remove observers.

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::BulkheadEvent;
using bulwark::EventKind;
using bulwark::Permit;

namespace {

/// What an observer of one bulkhead or semaphore knows. Not synchronised, because events are
/// delivered one at a time.
struct Knowledge {
  bool saturated = false;
  std::size_t rejected = 0, wrong = 0;

  auto observer() {
    return [this](const BulkheadEvent& event) {
      rejected += event.kind == EventKind::rejected ? 1 : 0;
      rejected += event.lost;
      if (event.kind == EventKind::saturated || event.kind == EventKind::recovered) {
        const bool now = event.kind == EventKind::saturated;
        wrong += now == saturated ? 1 : 0;
        saturated = now;
      }
    };
  }
};

void useOften(bulwark::SemaphoreBulkhead<>& semaphore, int times) {
  for (int i = 0; i < times; ++i) {
    try {
      semaphore.withPermit([] { std::this_thread::yield(); });
    } catch (const bulwark::BulkheadRejectedError&) {
    }
    const Permit permit = semaphore.tryAcquire();
  }
}

}  // namespace

TEST_CASE("an observer sees every rejection and the final state while threads fill a semaphore") {
  net::io_context io;
  bulwark::SemaphoreBulkhead<> semaphore(io, {.name = "s", .permits = 2, .maxQueueSize = 0});
  Knowledge knowledge;
  semaphore.setObserver(knowledge.observer());
  for (int round = 0; round < 20; ++round) {
    {
      std::vector<std::thread> threads;
      threads.reserve(4);
      for (int i = 0; i < 4; ++i) threads.emplace_back([&] { useOften(semaphore, 200); });
      for (std::thread& thread : threads) thread.join();
    }
    REQUIRE(!knowledge.saturated);
  }
  semaphore.updateConfig({.permits = 3});  // its event carries the number of lost events
  CHECK(knowledge.wrong == 0);
  CHECK(knowledge.rejected == semaphore.stats().rejected);
}

TEST_CASE("the last observer knows the final state after observers and limits have changed") {
  net::io_context io;
  bulwark::BulkheadManager<> manager(io, {.semaphores = {{"a", 1}, {"b", 2}}});
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> notified{0};
    {
      std::vector<std::thread> threads;
      for (const char* name : {"a", "b"}) {
        auto& semaphore = *manager.semaphore(name);
        threads.emplace_back([&] { useOften(semaphore, 200); });
        threads.emplace_back([&] {
          for (int i = 0; i < 100; ++i) {
            semaphore.updateConfig({.maxQueueSize = i % 2 == 0 ? 0U : 9U});
            semaphore.setObserver([&](const BulkheadEvent&) { ++notified; });
          }
        });
      }
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          auto kept = std::make_shared<std::string>("what an observer captured");
          manager.setObserver([&notified, kept](const BulkheadEvent& event) {
            notified += event.name.size() + kept->size() != 0 ? 1 : 0;
          });
          manager.setObserver({});
        }
      });
      for (std::thread& thread : threads) thread.join();
    }
    auto& semaphore = *manager.semaphore("a");
    Knowledge knowledge;
    semaphore.updateConfig({.maxQueueSize = 0});
    semaphore.setObserver(knowledge.observer());
    Permit permit = semaphore.tryAcquire();
    CHECK(knowledge.saturated);
    permit.release();
    CHECK(!knowledge.saturated);
    CHECK(knowledge.wrong == 0);
    manager.setObserver({});
  }
}
