#include <bulwark/detail/limiter/limiter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// What a limiter does for its host while another thread ends the context, or resumes after a drain.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::detail::CancelLink;
using bulwark::detail::Dependent;
using bulwark::detail::Entry;
using bulwark::detail::Instant;
using bulwark::detail::Interruptible;
using bulwark::detail::Limiter;
using bulwark::detail::Ref;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;

namespace {

/// A limiter whose timer is an object without synchronisation of its own, as a timer of Asio is.
class TimedLimiter final : public Limiter {
 public:
  TimedLimiter() : Limiter(Kind::bulkhead, "b", {.permits = 1, .maxQueueSize = 8, .timeout = 5s}) {
    measureByClock();
    prepareToWait();
  }

  Instant now() const noexcept override { return Instant(timeNow()); }

 private:
  ~TimedLimiter() override = default;

  void requestWorker() noexcept override { runQueue().workerLost(*this); }
  void requestExpiry(std::uint64_t) noexcept override {}
  void setTimer(Instant, std::uint64_t) override { useTimer(); }
  void cancelTimer() noexcept override { useTimer(); }
  void detach() noexcept override { timerExists_.set(false); }

  void useTimer() {
    expect(timerExists_.get(), "no step uses the timer after its end");
    timerExists_.set(true);
  }

  Guarded<bool> timerExists_{true};
};

struct WaitingCall final : Waiter {
  void wake() noexcept override { ++woken; }
  void discard() noexcept override { ++discarded; }
  int woken = 0, discarded = 0;
};

/// A retry in its back-off.
struct BackOff final : Dependent, Interruptible {
  void interrupt() noexcept override { ended = true; }
  bool listed = false, ended = false;

 private:
  Interruptible* keep() noexcept override { return this; }
};

struct Scene {
  ~Scene() { limiter->close(); }

  Entry enter(WaitingCall& call) {
    return limiter->enter(1, {}, [&] { return std::pair<Waiter*, CancelLink*>(&call, nullptr); });
  }

  Limiter* const limiter = new TimedLimiter;
  WaitingCall first, second;
  BackOff backOff;
};

/// A limiter whose one permit is held.
std::shared_ptr<Scene> scene() {
  auto s = std::make_shared<Scene>();
  expect(s->limiter->take(1), "the permit is free");
  return s;
}

/// The same, and a timer that no deadline needs: the call that waited has the permit.
std::shared_ptr<Scene> sceneWithIdleTimer() {
  auto s = scene();
  expect(s->enter(s->first).verdict == Verdict::waiting, "it waits");
  s->limiter->release(1, {});
  expect(s->first.woken == 1, "the permit is its own");
  return s;
}

}  // namespace

TEST_CASE("no thread cancels the timer of a context that another thread destroys") {
  EXPLORE(everything, [](Run& run) {
    auto s = sceneWithIdleTimer();
    run.thread([=] { s->limiter->callBegins(); });
    run.thread([=] { s->limiter->abandon(); });
    run.finally([=] { s->limiter->release(1, {}); });
  });
}

TEST_CASE("no thread sets the timer of a context that another thread destroys") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene();
    run.thread([=] { s->enter(s->first); });
    run.thread([=] { s->limiter->abandon(); });
    run.finally([=] {
      expect(s->first.woken == 0, "no handler can run");
      s->limiter->release(1, {});
    });
  });
}

TEST_CASE("a context that ends waits for all turns of the timer, whichever thread does them") {
  EXPLORE(seeds(3000), [](Run& run) {
    auto s = sceneWithIdleTimer();
    run.thread([=] { s->limiter->callBegins(); });
    run.thread([=] { s->enter(s->second); });
    run.thread([=] { s->limiter->abandon(); });
    run.finally([=] { s->limiter->release(1, {}); });
  });
}

TEST_CASE("a drain ends no back-off that began after the drain had been resumed") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene();
    run.thread([=] { s->limiter->drain(bulwark::detail::never, s->first, nullptr); });
    run.thread([=] {
      s->limiter->resume();
      s->backOff.listed = s->limiter->listBackOff(s->backOff);
    });
    run.finally([=] {
      if (s->limiter->draining()) {  // the drain came last
        expect(!s->backOff.listed || s->backOff.ended, "it ends the back-off");
      } else {
        expect(s->backOff.listed && !s->backOff.ended, "the back-off goes on");
      }
      if (s->backOff.listed) s->limiter->unlistBackOff(s->backOff);
      s->limiter->release(1, {});
    });
  });
}

TEST_CASE("a release to a waiting call counts one reference") {
  EXPLORE(everything, [](Run& run) {
    auto s = scene();
    expect(s->enter(s->first).verdict == Verdict::waiting, "it waits");
    run.thread([=] {
      s->limiter->release(1, {});
      expect(stepsIn("ref.hpp") == 2, "taken and dropped");
    });
    run.finally([=] {
      expect(s->first.woken == 1, "the permit is its own");
      s->limiter->release(1, {});
    });
  });
}
