#include <bulwark/events.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include <cstddef>
#include <memory>
#include <optional>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// The events that an observer receives when several threads cause them.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::BulkheadEvent;
using bulwark::EventKind;
using bulwark::Permit;
using bulwark::SemaphoreConfig;

namespace {

using Semaphore = bulwark::SemaphoreBulkhead<ModelExecutor, ModelClock>;

/// A semaphore without a queue, and what its observer knows.
struct Scene {
  explicit Scene(std::size_t permits)
      : semaphore(std::in_place, ModelExecutor(queue),
                  SemaphoreConfig{.name = "s", .permits = permits, .maxQueueSize = 0}) {}

  void observe() {
    semaphore->setObserver([this](const BulkheadEvent& event) {
      expect(!inside.exchange(true), "one at a time");  // a step: other threads may run here
      ++notified;
      if (event.kind == EventKind::saturated || event.kind == EventKind::recovered) {
        const bool now = event.kind == EventKind::saturated;
        expect(now != saturated, "every edge is another one than the last");
        saturated = now;
      }
      if (event.kind == EventKind::drainStarted || event.kind == EventKind::resumed) {
        const bool now = event.kind == EventKind::drainStarted;
        expect(now != draining, "every edge is another one than the last");
        draining = now;
      }
      if (event.kind == EventKind::rejected) ++rejected;
      inside.store(false);
    });
  }

  void use() { Permit permit = semaphore->tryAcquire(); }

  void checkReported(bool truth) const {
    expect(saturated == truth, "the last event reports the state");
    expect(draining == semaphore->draining(), "the last event reports whether it drains");
  }

  ModelQueue queue;
  std::optional<Semaphore> semaphore;
  Atomic<bool> inside{false};
  bool saturated = false, draining = false;
  std::size_t notified = 0, rejected = 0;
};

std::shared_ptr<Scene> scene(std::size_t permits) { return std::make_shared<Scene>(permits); }

}  // namespace

TEST_CASE("the last saturation event is true") {
  EXPLORE(seeds(4000), [](Run& run) {
    auto s = scene(2);
    s->observe();
    for (int i = 0; i < 3; ++i) run.thread([=] { s->use(); });
    run.finally([=] { s->checkReported(false); });
  });
}

TEST_CASE("the last saturation event is true with one permit, released or kept") {
  EXPLORE(seeds(4000), [](Run& run) {
    auto s = scene(1);
    auto kept = std::make_shared<Permit>();
    s->observe();
    run.thread([=] { s->use(); });
    run.thread([=] {
      s->use();
      *kept = s->semaphore->tryAcquire();
    });
    run.finally([=] { s->checkReported(static_cast<bool>(*kept)); });
  });
}

TEST_CASE("both edges are reported in order while a permit passes between two threads") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1);
    s->observe();
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    auto kept = std::make_shared<Permit>();
    run.thread([=] { held->release(); });
    run.thread([=] { *kept = s->semaphore->tryAcquire(); });
    run.finally([=] { s->checkReported(static_cast<bool>(*kept)); });
  });
}

TEST_CASE("an observer that is set while permits change hands misses no edge") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1);
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    run.thread([=] { s->observe(); });
    run.thread([=] { held->release(); });
    run.finally([=] { s->checkReported(false); });
  });
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1);
    auto taken = std::make_shared<Permit>();
    run.thread([=] { s->observe(); });
    run.thread([=] { *taken = s->semaphore->tryAcquire(); });
    run.finally([=] { s->checkReported(true); });
  });
}

TEST_CASE("no edge is missed while the queue size and the permits change") {
  EXPLORE(seeds(4000), [](Run& run) {
    auto s = scene(1);
    s->observe();
    run.thread([=] {
      s->semaphore->updateConfig({.maxQueueSize = 1});
      s->semaphore->updateConfig({.maxQueueSize = 0});
    });
    auto taken = std::make_shared<Permit>();
    run.thread([=] {
      s->use();
      *taken = s->semaphore->tryAcquire();
    });
    run.finally([=] { s->checkReported(true); });
  });
}

TEST_CASE("every rejection is reported once") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(1);
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    s->observe();
    for (int i = 0; i < 3; ++i) {
      run.thread([=] {
        try {
          s->semaphore->withPermit([] {});
        } catch (const bulwark::BulkheadRejectedError&) {
        }
      });
    }
    run.finally([=] {
      expect(held->count() == 1, "the permit was held throughout");
      expect(s->rejected == 3, "each was reported");
    });
  });
}

TEST_CASE("at most one call of an observer begins before its removal and ends after it") {
  EXPLORE(seeds(4000), [](Run& run) {
    auto s = scene(1);
    s->observe();
    auto after = std::make_shared<std::size_t>();
    run.thread([=] { s->use(); });
    run.thread([=] { s->use(); });
    run.thread([=] {
      s->semaphore->setObserver({});
      *after = s->notified;
    });
    run.finally([=] { expect(s->notified <= *after + 1, "only the call that had begun"); });
  });
}

TEST_CASE("a semaphore may be destroyed while another thread delivers its events") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1);
    s->observe();
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    run.thread([=] { held->release(); });
    run.thread([=] { s->semaphore.reset(); });
    run.finally([=] {});
  });
}

TEST_CASE("the last event is true after a drain and a resume of two threads") {
  EXPLORE(seeds(20'000), [](Run& run) {
    auto s = scene(2);
    s->observe();
    run.thread([=] { s->semaphore->drain([](bulwark::net::error_code) {}); });
    run.thread([=] { s->semaphore->resume(); });
    run.thread([=] { s->use(); });
    run.finally([=] {
      s->queue.run();
      s->checkReported(false);
    });
  });
}
