#include <bulwark/semaphore_bulkhead.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Permits and threads that block for them, under every interleaving. A call that is never notified
// and a wake-up that is lost show as a deadlock, which fails the run. AddressSanitizer finds an
// object that is used after its end.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::Permit;
using bulwark::SemaphoreConfig;

namespace {

using Semaphore = bulwark::SemaphoreBulkhead<ModelExecutor, ModelClock>;

/// A semaphore, and the number of permits in use.
struct Scene {
  explicit Scene(SemaphoreConfig config, std::size_t limit = 0)
      : most(limit != 0 ? limit : config.permits),
        semaphore(std::in_place, ModelExecutor(queue), std::move(config)) {}

  void enter(std::size_t weight = 1) {
    inside += weight;
    expect(inside <= most, "no more permits are in use than there are");
    if (most == 1) resource.set(resource.get() + 1);
  }
  void leave(std::size_t weight = 1) { inside -= weight; }

  void tryOnce(std::size_t weight = 1) {
    Permit permit = semaphore->tryAcquire(weight);
    if (!permit) return;
    enter(weight);
    leave(weight);
    permit.release();
  }

  /// A blocking call. Returns how it ended.
  bulwark::net::error_code use(bulwark::AcquireOptions options = {}) {
    try {
      semaphore->withPermit(
          [&] {
            enter(options.permits);
            leave(options.permits);
          },
          options);
      ++used;
      return {};
    } catch (...) {
      return bulwark::errorCodeOf(std::current_exception());
    }
  }

  /// Checks that no permit is in use and all can be acquired.
  void checkAllBack(std::size_t permits) {
    const auto stats = semaphore->stats();
    expect(stats.permits == permits, "the limit is as configured");
    expect(stats.available == permits, "every permit is back");
    expect(stats.waiting == 0, "no call waits");
    expect(stats.acquired == stats.released, "as many were released as acquired");
    const Permit all = semaphore->tryAcquire(permits);
    expect(static_cast<bool>(all), "every permit is available");
  }

  std::size_t inside = 0;
  std::size_t most;
  std::size_t used = 0;
  Guarded<int> resource;
  ModelQueue queue;
  std::optional<Semaphore> semaphore;
};

SemaphoreConfig permits(std::size_t count, std::chrono::nanoseconds timeout = bulwark::noTimeout) {
  return {.name = "s", .permits = count, .maxQueueSize = 8, .acquireTimeout = timeout};
}

std::shared_ptr<Scene> scene(SemaphoreConfig config, std::size_t limit = 0) {
  return std::make_shared<Scene>(std::move(config), limit);
}

}  // namespace

TEST_CASE("the holder of the permit sees what the previous holder wrote") {
  const auto tries = [](std::size_t threads) {
    return [=](Run& run) {
      auto s = scene(permits(1));
      for (std::size_t i = 0; i < threads; ++i) run.thread([=] { s->tryOnce(); });
      run.finally([=] { s->checkAllBack(1); });
    };
  };
  EXPLORE(everything, tries(2));
  EXPLORE(seeds(2000), tries(4));
}

TEST_CASE("threads that block for one permit all get it") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(permits(1));
    for (int i = 0; i < 2; ++i) {
      run.thread([=] { expect(!s->use(), "it gets its permit"); });
    }
    run.finally([=] { s->checkAllBack(1); });
  });
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = scene(permits(1));
    for (int i = 0; i < 4; ++i) {
      run.thread([=] {
        expect(!s->use(), "it gets its permit");
        expect(!s->use(), "it gets its permit again");
      });
    }
    run.finally([=] { s->checkAllBack(1); });
  });
}

TEST_CASE("calls of weight 2 and 1 all get their permits") {
  const auto heavy = [](std::size_t light) {
    return [=](Run& run) {
      auto s = scene(permits(2));
      run.thread([=] { expect(!s->use({.permits = 2}), "the call of weight 2 is granted"); });
      for (std::size_t i = 0; i < light; ++i) {
        run.thread([=] { expect(!s->use(), "the call of weight 1 is granted"); });
      }
      run.finally([=] { s->checkAllBack(2); });
    };
  };
  EXPLORE(everything, heavy(1));
  EXPLORE(seeds(2000), heavy(3));
}

TEST_CASE("a wait that ends at the moment of the grant ends once, and loses no permit") {
  const auto timed = [](std::size_t waiters) {
    return [=](Run& run) {
      auto s = scene(permits(1));
      auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
      run.thread([=] { held->release(); });
      for (std::size_t i = 0; i < waiters; ++i) {
        run.thread([=] {
          const auto code = s->use({.timeout = 5s});
          expect(!code || code == bulwark::Errc::queueTimeout, "granted or timed out");
        });
      }
      run.finally([=] {
        const auto stats = s->semaphore->stats();
        expect(s->used + stats.timedOut == waiters, "each ended once");
        s->checkAllBack(1);
      });
    };
  };
  EXPLORE(everything, timed(1));
  EXPLORE(seeds(2000), timed(3));
}

TEST_CASE("a heavy call that gives up lets in the call behind it") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(permits(2));
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    run.thread([=] { s->use({.timeout = 5s, .permits = 2}); });
    run.thread([=] { expect(!s->use(), "the light call fits beside the permit that is held"); });
    run.finally([=] {
      held->release();
      s->checkAllBack(2);
    });
  });
}

TEST_CASE("several permits released at once admit as many calls") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = scene(permits(2));
    auto meeting = std::make_shared<Rendezvous>();
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire(2));
    run.thread([=] { held->release(); });
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        const Permit permit = s->semaphore->acquire();
        meeting->meet();
      });
    }
    run.finally([=] { s->checkAllBack(2); });
  });
}

TEST_CASE("a higher limit admits waiting calls") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(permits(1), 2);
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    s->enter();
    run.thread([=] { expect(!s->use(), "it gets the second permit"); });
    run.thread([=] { s->semaphore->updateConfig({.permits = 2}); });
    run.finally([=] {
      s->leave();
      held->release();
      s->checkAllBack(2);
    });
  });
}

TEST_CASE("no permit is lost while a limit is lowered and raised") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(permits(2));
    run.thread([=] {
      s->semaphore->updateConfig({.permits = 1});
      s->semaphore->updateConfig({.permits = 2});
    });
    for (int i = 0; i < 3; ++i) {
      run.thread([=] { expect(!s->use(), "it gets its permit"); });
    }
    run.finally([=] { s->checkAllBack(2); });
  });
}

TEST_CASE("a drain completes once, when the last permit has been released") {
  enum class Third { none, tries, resumes };
  const auto drains = [](Third third) {
    return [=](Run& run) {
      auto s = scene(permits(2));
      auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
      auto ends = std::make_shared<int>(0);
      auto code = std::make_shared<bulwark::net::error_code>();
      run.thread([=] { held->release(); });
      run.thread([=] {
        s->semaphore->drain([=](bulwark::net::error_code error) {
          ++*ends;
          *code = error;
        });
      });
      if (third == Third::tries) run.thread([=] { s->tryOnce(); });
      if (third == Third::resumes) run.thread([=] { s->semaphore->resume(); });
      run.finally([=] {
        s->queue.run();
        expect(*ends == 1, "the drain completed once");
        expect(
            !*code || (third == Third::resumes && *code == bulwark::net::error::operation_aborted),
            "it succeeded, or was aborted by resume()");
        s->semaphore->resume();
        s->checkAllBack(2);
      });
    };
  };
  EXPLORE(everything, drains(Third::none));
  EXPLORE(everything, drains(Third::resumes));
  EXPLORE(seeds(2000), drains(Third::tries));
}

TEST_CASE("a drain fails waiting calls, and admits none") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(permits(1));
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    run.thread([=] {
      const auto code = s->use();
      expect(code == bulwark::Errc::draining, "it fails with draining");
    });
    run.thread([=] {
      s->semaphore->drain([](bulwark::net::error_code) {});
      held->release();
    });
    run.finally([=] {
      s->queue.run();
      s->semaphore->resume();
      s->checkAllBack(1);
    });
  });
}

TEST_CASE("a semaphore may be destroyed while its last permits are released") {
  const auto goes = [](std::size_t count) {
    return [=](Run& run) {
      auto s = scene(permits(count));
      for (std::size_t i = 0; i < count; ++i) {
        auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
        run.thread([=] { held->release(); });
      }
      run.thread([=] { s->semaphore.reset(); });
    };
  };
  EXPLORE(everything, goes(1));
  EXPLORE(seeds(2000), goes(3));
}

TEST_CASE("a semaphore may be destroyed while a thread waits and the permit is released") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = scene(permits(1));
    auto held = std::make_shared<Permit>(s->semaphore->tryAcquire());
    run.thread([=] {
      const auto code = s->use({.timeout = 5s});
      expect(!code || code == bulwark::net::error::operation_aborted ||
                 code == bulwark::Errc::queueTimeout,
             "granted, timed out or aborted");
    });
    run.thread([=] { held->release(); });
    run.thread([=] {
      // A thread may wait when the semaphore is destroyed, but must have queued before.
      if (s->semaphore->stats().waiting == 1) s->semaphore.reset();
    });
  });
}
