#include <bulwark/bulkhead_manager.hpp>

#include <chrono>
#include <exception>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Calls that wait for several semaphores, one after another. Cancellations, permits, timeouts and
// the end of a context reach them at any point.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::Permit;
namespace net = bulwark::net;

namespace {

using Manager = bulwark::BulkheadManager<ModelExecutor, ModelClock>;

/// A call, and how it ended.
struct Call {
  auto work() {
    return [this] { ++ran; };
  }
  auto ends() {
    return net::bind_cancellation_slot(
        signal.slot(), [this, notice = std::make_shared<Notice>(*this)](std::exception_ptr e) {
          ++completed;
          error = bulwark::errorCodeOf(e);
        });
  }
  bool cancelled() const {
    return completed == 1 && ran == 0 && error == net::error::operation_aborted;
  }
  bool executed() const { return completed == 1 && ran == 1 && !error; }

  /// Records the destruction of the handler.
  struct Notice {
    explicit Notice(Call& owner) : call(owner) {}
    ~Notice() { call.gone = true; }
    Call& call;
  };

  net::cancellation_signal signal;
  int ran = 0, completed = 0;
  bool gone = false;
  net::error_code error;
};

/// Services "x" and "y" and semaphores "a" to "c", of one permit each. The services are on an
/// executor of their own.
struct Scene {
  explicit Scene(std::chrono::nanoseconds timeout = bulwark::noTimeout) {
    for (const char* service : {"x", "y"}) {
      manager.addBulkhead({.name = service, .maxConcurrent = 1, .queueTimeout = timeout},
                          ModelExecutor(queue));
    }
    for (const char* name : {"a", "b", "c"}) {
      manager.addSemaphore({.name = name, .permits = 1, .acquireTimeout = timeout});
    }
  }

  void hold(std::initializer_list<const char*> names) {
    for (const char* name : names) held[name] = manager.semaphore(name)->tryAcquire();
  }
  void release(const char* name) { held.at(name).release(); }
  void start(Call& one, const char* service, std::vector<std::string> names,
             std::optional<std::chrono::nanoseconds> patience = {}) {
    manager.execute(service, one.work(), {.semaphores = std::move(names), .waitTimeout = patience},
                    one.ends());
  }

  /// Checks that permits are held only by the scenario, and that no call waits.
  void checkAllBack() {
    queue.run();
    for (const char* service : {"x", "y"}) {
      const auto stats = manager.bulkhead(service).stats();
      expect(stats.active == 0 && stats.queued == 0, "no service has a call");
    }
    for (const char* name : {"a", "b", "c"}) {
      const auto stats = manager.semaphore(name)->stats();
      expect(stats.waiting == 0, "no call waits for a semaphore");
      expect(stats.available + (held[name] ? 1 : 0) == 1, "every permit is back");
    }
  }

  Call call, other;
  ModelQueue queue;
  std::optional<ModelQueue> home{std::in_place};  // runs the manager and its semaphores
  Manager manager{ModelExecutor(*home)};
  std::map<std::string, Permit> held;
};

}  // namespace

TEST_CASE("a cancellation reaches its call between the bulkhead's queue and the first semaphore") {
  EXPLORE(seeds(1500), [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto service = std::make_shared<Permit>(s->manager.bulkhead("x").tryAcquire());
    s->hold({"a"});
    s->start(s->call, "x", {"a", "b"});
    run.thread([=] { service->release(); });
    run.thread([=] { s->call.signal.emit(net::cancellation_type::total); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.cancelled(), "the call was cancelled");
    });
  });
}

TEST_CASE("a cancellation reaches its call on its way through three semaphores") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->hold({"a", "b", "c"});
    s->start(s->call, "x", {"a", "b", "c"});
    run.thread([=] { s->release("a"); });
    run.thread([=] { s->release("b"); });
    run.thread([=] { s->call.signal.emit(net::cancellation_type::terminal); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.cancelled(), "it does not wait for c");
    });
  });
}

TEST_CASE(
    "a call that is cancelled at the last grant runs or is cancelled, and no permit is lost") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->hold({"a", "b"});
    s->start(s->call, "x", {"a", "b"});
    run.thread([=] { s->release("a"); });
    run.thread([=] { s->release("b"); });
    run.thread([=] { s->call.signal.emit(net::cancellation_type::partial); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.cancelled() || s->call.executed(), "it has ended, once");
    });
  });
}

TEST_CASE("a call that is cancelled on its way leaves its permits to the call behind it") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->hold({"a", "b"});
    s->start(s->call, "x", {"a", "b"});
    s->start(s->other, "y", {"b"});
    run.thread([=] { s->release("a"); });
    run.thread([=] { s->call.signal.emit(net::cancellation_type::total); });
    run.thread([=] { s->release("b"); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.cancelled() || s->call.executed(), "the first call has ended");
      expect(s->other.executed(), "the second call has run");
    });
  });
}

TEST_CASE("two calls that name their semaphores in opposite order both run") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->hold({"a", "b"});
    s->start(s->call, "x", {"a", "b"});
    s->start(s->other, "y", {"b", "a"});
    run.thread([=] { s->release("a"); });
    run.thread([=] { s->release("b"); });
    run.thread([=] { s->queue.run(); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.executed() && s->other.executed(), "both have run");
    });
  });
}

TEST_CASE("a call whose timeout passes on its way times out, and no permit is lost") {
  EXPLORE(seeds(1500), [](Run& run) {
    auto s = std::make_shared<Scene>(1h);
    s->hold({"a", "b"});
    s->start(s->call, "x", {"a", "b"}, 5s);
    run.thread([=] { s->release("a"); });
    run.thread([=] {
      ModelClock::advance(5s);
      s->home->context.poll();
      s->home->run();
    });
    run.finally([=] {
      // A call that reaches b after its timeout has passed waits there for a nanosecond.
      ModelClock::advance(1ns);
      s->home->context.poll();
      s->home->run();
      s->checkAllBack();
      expect(s->call.completed == 1 && s->call.error == bulwark::Errc::queueTimeout,
             "it timed out");
    });
  });
}

TEST_CASE("a permit granted while the context of the semaphores is destroyed is not lost") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->hold({"a"});
    s->start(s->call, "x", {"a"});
    run.thread([=] { s->release("a"); });
    run.thread([=] { s->home.reset(); });
    run.finally([=] {
      s->checkAllBack();
      expect(s->call.gone, "the handler has been destroyed");
      expect(s->call.completed == 0 || s->call.executed(),
             "it ran, or was destroyed with the context");
    });
  });
}
