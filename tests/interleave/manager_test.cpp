#include <bulwark/bulkhead_manager.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Code of the user that a manager calls may use the manager: it is called without the manager's
// mutex. With the mutex, the call back would be a deadlock, which the scheduler reports.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::Mode;

namespace {

/// The clock of the scheduler. Once `whenRead` is set, the next reading calls it first.
struct CallingClock {
  using duration = ModelClock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CallingClock>;
  [[maybe_unused]] static constexpr bool is_steady = true;

  static time_point now() {
    if (const auto call = std::exchange(whenRead, nullptr)) call();
    return time_point(duration(timeNow()));
  }

  static std::function<void()> whenRead;
};
std::function<void()> CallingClock::whenRead;

}  // namespace

template <>
struct BULWARK_NET_NAMESPACE::wait_traits<CallingClock>
    : BULWARK_NET_NAMESPACE::wait_traits<ModelClock> {
  using BULWARK_NET_NAMESPACE::wait_traits<ModelClock>::to_wait_duration;
  static std::chrono::nanoseconds to_wait_duration(const CallingClock::time_point&) { return {}; }
};

namespace {

using Manager = bulwark::BulkheadManager<ModelExecutor, CallingClock>;

/// A manager of a bulkhead and a semaphore.
struct Scene {
  Scene() {
    manager.addBulkhead({.name = "db", .maxConcurrent = 1}, ModelExecutor(queue));
    manager.addSemaphore({.name = "cpu", .permits = 1});
  }

  ModelQueue queue;
  Manager manager{ModelExecutor(queue)};
};

void nothing(Scene&) {}

/// What the user does with a manager, and reads the clock.
struct Use {
  const char* name;
  void (*prepare)(Scene&);
  void (*use)(Scene&);
};

void drain(Scene& s) {
  s.manager.drainAll([](bulwark::net::error_code) {});
}

const Use uses[] = {
    {"updateConfig", nothing, [](Scene& s) { s.manager.updateConfig("db", {.maxConcurrent = 2}); }},
    {"setMode", nothing, [](Scene& s) { s.manager.setMode(Mode::observe); }},
    {"apply", nothing,
     [](Scene& s) {
       s.manager.apply({.semaphores = {{"gpu", 1}}});
     }},
    {"setObserver", nothing, [](Scene& s) { s.manager.setObserver([](const auto&) {}); }},
    {"drainAll", nothing, drain},
    {"resumeAll", drain, [](Scene& s) { s.manager.resumeAll(); }},
    {"a new bulkhead of a draining manager", drain, [](Scene& s) { s.manager.bulkhead("new"); }},
};

}  // namespace

TEST_CASE("the clock of a manager may use the manager, whatever reads it") {
  for (const Use& one : uses) {
    CAPTURE(one.name);
    EXPLORE(everything, [&](Run& run) {
      auto s = std::make_shared<Scene>();
      one.prepare(*s);
      run.thread([=, &one] {
        CallingClock::whenRead = [=] { s->manager.addSemaphore({.name = "new", .permits = 1}); };
        one.use(*s);
        expect(CallingClock::whenRead == nullptr, "the clock was read");
        CallingClock::whenRead = nullptr;
      });
      run.finally([=] {
        expect(s->manager.semaphore("new") != nullptr, "it used the manager");
        s->queue.run();
      });
    });
  }
}
