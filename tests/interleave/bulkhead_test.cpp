#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Calls that run on an executor. Threads start calls, run the executor and change the bulkhead,
// under every interleaving or under many random ones.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::BulkheadConfig;
using bulwark::Permit;
namespace net = bulwark::net;

namespace {

using Bulkhead = bulwark::Bulkhead<ModelExecutor, ModelClock>;
using Manager = bulwark::BulkheadManager<ModelExecutor, ModelClock>;

/// The calls of a scenario, and how they ended.
class Calls {
 public:
  explicit Calls(std::size_t limit) : limit_(limit) {}

  auto work() {
    ++started_;
    return [this] {
      ++inside_;
      expect(inside_ <= limit_, "no more calls run than there are permits");
      if (limit_ == 1) resource_.set(resource_.get() + 1);
      --inside_;
    };
  }
  auto ends() {
    return [this, completed = std::make_shared<bool>(false)](std::exception_ptr error) {
      expect(!std::exchange(*completed, true), "a call ends once");
      ++ended_;
      if (error == nullptr) ++executed_;
    };
  }
  auto permitted() {
    ++started_;
    return [this](net::error_code code, Permit permit) {
      expect(!code == static_cast<bool>(permit), "a permit, or an error");
      ++ended_;
      if (!code) ++executed_;
      permit.release();
    };
  }

  std::size_t ended() const { return ended_; }
  std::size_t executed() const { return executed_; }
  bool allEnded() const { return ended_ == started_; }

 private:
  const std::size_t limit_;
  std::size_t started_ = 0, ended_ = 0, executed_ = 0;
  std::size_t inside_ = 0;
  Guarded<int> resource_;
};

struct Scene {
  explicit Scene(BulkheadConfig config)
      : calls(config.maxConcurrent),
        bulkhead(std::in_place, ModelExecutor(queue), std::move(config)) {
    // Otherwise the first two calls that wait compete in this, too, which configuration_test.cpp
    // explores.
    bulwark::detail::Access::limiter(*bulkhead).prepareToWait();
  }

  void execute(bulwark::CallOptions options = {}) {
    bulkhead->execute(calls.work(), options, calls.ends());
  }

  /// Acquires a permit at once. It counts as a call.
  std::shared_ptr<Permit> hold(std::size_t weight = 1) {
    ++permitsTaken;
    return std::make_shared<Permit>(bulkhead->tryAcquire(weight));
  }

  /// Runs what the executor still holds, and what follows from it.
  void settle() {
    queue.run();
    queue.context.poll();
    queue.run();
  }

  void checkAllBack(std::size_t permits) {
    settle();
    expect(calls.allEnded(), "every call has ended");
    const auto stats = bulkhead->stats();
    expect(stats.active == 0 && stats.running == 0, "no call runs");
    expect(stats.queued == 0, "no call waits");
    expect(stats.submitted() == calls.ended() + permitsTaken, "the statistics have every call");
    expect(stats.executed == calls.executed() + permitsTaken, "and how it ended");
    const Permit all = bulkhead->tryAcquire(permits);
    expect(static_cast<bool>(all), "every permit is available");
  }

  Calls calls;
  std::size_t permitsTaken = 0;
  ModelQueue queue;
  std::optional<Bulkhead> bulkhead;
};

std::shared_ptr<Scene> scene(std::size_t permits, std::chrono::nanoseconds timeout = 5s,
                             std::size_t maxQueueSize = 8) {
  return std::make_shared<Scene>(BulkheadConfig{.name = "b",
                                                .maxConcurrent = permits,
                                                .maxQueueSize = maxQueueSize,
                                                .queueTimeout = timeout});
}

/// A bulkhead on a context that a scenario can destroy.
struct ContextScene {
  ModelQueue queue;
  std::optional<net::io_context> context{std::in_place};
  Bulkhead bulkhead{ModelExecutor(queue, *context),
                    {.name = "b", .maxConcurrent = 1, .queueTimeout = bulwark::noTimeout}};
};

}  // namespace

TEST_CASE("with a limit of 1, calls of two threads that two threads run never overlap") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(1, bulwark::noTimeout);
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        s->execute();
        s->execute();
      });
      run.thread([=] { s->queue.run(); });
    }
    run.finally([=] { s->checkAllBack(1); });
  });
}

TEST_CASE("two calls run at the same time on two threads") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = scene(2, bulwark::noTimeout);
    auto meeting = std::make_shared<Rendezvous>();
    auto held = s->hold(2);
    for (int i = 0; i < 2; ++i) {
      s->bulkhead->execute([=] { meeting->meet(); }, [](std::exception_ptr) {});
      run.thread([=] { s->queue.runNext(); });
    }
    run.thread([=] { held->release(); });
    run.finally([=] {
      s->queue.run();
      expect(meeting->met(), "they met");
    });
  });
}

TEST_CASE("a call that queues while the last one ends is run") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1, bulwark::noTimeout);
    auto held = s->hold();
    run.thread([=] { s->execute(); });
    run.thread([=] { held->release(); });
    run.finally([=] {
      s->settle();
      expect(s->calls.executed() == 1, "it ran");
    });
  });
}

TEST_CASE("a queue of one takes one call, and refuses the other") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1, bulwark::noTimeout, 1);
    auto held = s->hold();
    for (int i = 0; i < 2; ++i) run.thread([=] { s->execute(); });
    run.finally([=] {
      expect(s->bulkhead->stats().queued == 1, "one waits");
      expect(s->bulkhead->stats().rejected == 1, "one was refused");
      held->release();
      s->settle();
      expect(s->calls.executed() == 1 && s->calls.ended() == 2, "one ran, and both ended");
    });
  });
}

TEST_CASE("once a limit is lowered, no call is admitted above it") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(2);
    auto held = s->hold();
    auto second = std::make_shared<Permit>();
    run.thread([=] { *second = s->bulkhead->tryAcquire(); });
    run.thread([=] {
      s->bulkhead->updateConfig({.maxConcurrent = 1});
      const std::size_t active = s->bulkhead->stats().active;
      expect(s->bulkhead->stats().active <= active, "no call was admitted since");
      expect(!s->bulkhead->tryAcquire(), "there is no second permit");
    });
    run.finally([=] {
      held->release();
      second->release();
      expect(s->bulkhead->stats().active == 0, "both permits are back");
    });
  });
}

TEST_CASE("once the effective limit is lowered, no call is admitted above it") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(2);
    auto held = s->hold();
    auto second = std::make_shared<Permit>();
    run.thread([=] { *second = s->bulkhead->tryAcquire(); });
    run.thread([=] {
      bulwark::detail::Access::limiter(*s->bulkhead).setEffectiveLimit(1);
      const std::size_t active = s->bulkhead->stats().active;
      expect(s->bulkhead->stats().active <= active, "no call was admitted since");
      expect(!s->bulkhead->tryAcquire(), "there is no second permit");
    });
    run.finally([=] {
      held->release();
      second->release();
      expect(s->bulkhead->stats().active == 0, "both permits are back");
    });
  });
}

TEST_CASE("a raised effective limit admits a call that queues at the same time") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene(1);
    bulwark::detail::Access::limiter(*s->bulkhead).setEffectiveLimit(0);
    run.thread([=] { s->execute({}); });
    run.thread([=] { bulwark::detail::Access::limiter(*s->bulkhead).setEffectiveLimit(1); });
    run.finally([=] {
      s->settle();
      expect(s->bulkhead->stats().executed == 1, "the call has run");
      s->checkAllBack(1);
    });
  });
}

TEST_CASE("a timer that expires while calls arrive and a permit is released loses no permit") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(1);
    auto held = s->hold();
    run.thread([=] {
      s->execute({.queueTimeout = 7s});
      s->execute({.queueTimeout = 3s});
    });
    run.thread([=] {
      ModelClock::advance(4s);
      s->queue.context.poll();
      s->queue.run();
    });
    run.thread([=] { held->release(); });
    run.thread([=] { s->execute({.queueTimeout = 5s}); });
    run.finally([=] {
      ModelClock::advance(10s);
      s->settle();
      s->checkAllBack(1);
    });
  });
}

TEST_CASE("calls that are never granted time out, in whatever order they set the timer") {
  const auto never = [](std::size_t threads) {
    return [=](Run& run) {
      auto s = scene(1);
      auto held = s->hold();
      for (std::size_t i = threads; i > 0; --i) {
        run.thread([=] { s->execute({.queueTimeout = 3s * i}); });
      }
      run.finally([=] {
        for (std::size_t put = 1; put <= threads; ++put) {
          ModelClock::advance(3s);
          s->settle();
          expect(s->calls.ended() == put, "the next one has timed out");
        }
        held->release();
      });
    };
  };
  EXPLORE(everything, never(2));
  EXPLORE(seeds(2000), never(3));
}

TEST_CASE("the timer does not outlive the calls that need it") {
  const auto wanted = [](bool acquires) {
    return [=](Run& run) {
      auto s = scene(2);
      auto longHeld = s->hold();  // held until the end
      auto held = s->hold();
      run.thread([=] { held->release(); });
      for (const auto timeout : {7s, 3s}) {
        run.thread([=] {
          if (acquires) {
            s->bulkhead->acquire({.queueTimeout = timeout}, s->calls.permitted());
          } else {
            s->execute({.queueTimeout = timeout});
          }
          s->queue.run();
        });
      }
      run.finally([=] {
        s->queue.run();
        expect(s->calls.allEnded(), "both have run");
        expect(s->queue.comesToAnEnd(), "nothing is left to wait for");
        expect(static_cast<bool>(*longHeld), "a permit is still held");
      });
    };
  };
  EXPLORE(seeds(4000), wanted(false));
  EXPLORE(seeds(4000), wanted(true));
}

TEST_CASE("a cancellation at the moment of the grant: the call ends once, no permit is lost") {
  const auto cancelled = [](bool acquires) {
    return [=](Run& run) {
      auto s = scene(1, bulwark::noTimeout);
      auto held = s->hold();
      auto signal = std::make_shared<net::cancellation_signal>();
      if (acquires) {
        s->bulkhead->acquire(net::bind_cancellation_slot(signal->slot(), s->calls.permitted()));
      } else {
        s->bulkhead->execute(s->calls.work(),
                             net::bind_cancellation_slot(signal->slot(), s->calls.ends()));
      }
      run.thread([=] { held->release(); });
      run.thread([=] { signal->emit(net::cancellation_type::terminal); });
      run.thread([=] { s->bulkhead->tryAcquire().release(); });
      run.finally([=] {
        s->settle();
        expect(s->calls.allEnded(), "it has ended");
        s->bulkhead->reset();
        expect(static_cast<bool>(s->bulkhead->tryAcquire()), "the permit is available");
      });
    };
  };
  EXPLORE(seeds(1500), cancelled(true));
  EXPLORE(seeds(1500), cancelled(false));
}

TEST_CASE("every call of a bulkhead ends when it is destroyed, queued, granted or running") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = scene(1);
    auto held = s->hold();
    for (int i = 0; i < 3; ++i) s->execute();
    run.thread([=] { held->release(); });
    run.thread([=] { s->queue.run(); });
    run.thread([=] { s->bulkhead.reset(); });
    run.thread([=] {
      ModelClock::advance(6s);
      s->queue.context.poll();
    });
    run.finally([=] {
      s->settle();
      expect(s->calls.allEnded(), "every call has ended");
    });
  });
}

TEST_CASE("a permit granted while the context is destroyed is not lost") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<ContextScene>();
    auto held = std::make_shared<Permit>(s->bulkhead.tryAcquire());
    s->bulkhead.execute([] {}, [](std::exception_ptr) {});
    s->bulkhead.acquire([](net::error_code, Permit) {});
    run.thread([=] { held->release(); });
    run.thread([=] { s->context.reset(); });
    run.finally([=] {
      s->queue.run();
      const auto stats = s->bulkhead.stats();
      expect(stats.active == 0 && stats.queued == 0, "every permit has been released");
      expect(stats.executed + stats.cancelled == 3, "the statistics have every call");
    });
  });
}

TEST_CASE("a change of mode while calls arrive and end loses no permit") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = scene(2);
    auto held = s->hold(2);
    run.thread([=] {
      s->bulkhead->updateConfig({.mode = bulwark::Mode::observe});
      s->bulkhead->updateConfig({.mode = bulwark::Mode::enforce});
    });
    run.thread([=] { s->bulkhead->acquire(s->calls.permitted()); });
    run.thread([=] { s->bulkhead->acquire({.permits = 2}, s->calls.permitted()); });
    run.thread([=] { held->release(); });
    run.finally([=] {
      s->settle();
      expect(s->calls.allEnded() && s->calls.executed() == 2, "both got their permits");
      expect(static_cast<bool>(s->bulkhead->tryAcquire(2)), "both permits are back");
    });
  });
}

/// A call that waits for two semaphores, one after the other.
struct TwoSemaphores {
  TwoSemaphores() {
    manager->addBulkhead({.name = "svc", .maxConcurrent = 1}, ModelExecutor(queue));
    manager->addSemaphore({.name = "a", .permits = 1});
    manager->addSemaphore({.name = "b", .permits = 1});
    a = manager->semaphore("a")->tryAcquire();
    b = manager->semaphore("b")->tryAcquire();
    manager->execute("svc", calls.work(), {.semaphores = {"a", "b"}},
                     net::bind_cancellation_slot(signal.slot(), calls.ends()));
  }

  ModelQueue queue;
  Calls calls{1};
  std::optional<Manager> manager{std::in_place, ModelExecutor(queue)};
  net::cancellation_signal signal;
  Permit a, b;
};

TEST_CASE("a call that is cancelled on its way through two semaphores loses no permit") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = std::make_shared<TwoSemaphores>();
    run.thread([=] { s->a.release(); });
    run.thread([=] { s->b.release(); });
    run.thread([=] { s->signal.emit(net::cancellation_type::total); });
    run.thread([=] { s->queue.run(); });
    run.finally([=] {
      s->queue.run();
      expect(s->calls.allEnded(), "it has ended");
      for (const char* name : {"a", "b"}) {
        expect(static_cast<bool>(s->manager->semaphore(name)->tryAcquire()), "its permit is back");
      }
      expect(s->manager->bulkhead("svc").stats().active == 0, "and so is that of the bulkhead");
    });
  });
}

TEST_CASE("a cancellation reaches its call on the way from one semaphore to the next") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = std::make_shared<TwoSemaphores>();
    run.thread([=] { s->a.release(); });
    run.thread([=] { s->signal.emit(net::cancellation_type::total); });
    run.finally([=] {
      s->queue.run();
      expect(s->calls.allEnded(), "it does not wait for b");
      expect(s->calls.executed() == 0, "it was cancelled");
      expect(s->manager->semaphore("b")->stats().waiting == 0, "and has left the queue");
    });
  });
}
