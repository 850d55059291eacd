// Every operation that can fail in a manager, a retry, a circuit breaker or a configuration fails
// once, in turn.

#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/circuit_breaker.hpp>
#include <bulwark/format.hpp>
#include <bulwark/manager_config_json.hpp>
#include <bulwark/retry.hpp>

#include "faults/world.hpp"

namespace {

using FlakyManager = bulwark::BulkheadManager<Flaky, ManualClock>;
using bulwark::ManagerCallOptions;
using bulwark::ManagerConfig;

constexpr auto terminal = net::cancellation_type::terminal;

/// Two semaphores of one permit; services have one permit.
class ManagerWorld : public World {
 public:
  ManagerWorld()
      : manager(executor, {.defaults = {.maxConcurrent = 1, .queueTimeout = 1s},
                           .semaphores = {{"a", 1}, {"b", 1}},
                           .semaphoreTimeout = 1s}) {
    manager.bulkhead("db");
  }

  Counters counters() const override {
    Counters sum;
    for (const auto& [name, s] : manager.stats().bulkheads) {
      sum.executed += s.executed;
      sum.failed += s.failed;
      sum.rejected += s.rejected;
      sum.timedOut += s.timedOut;
      sum.cancelled += s.cancelled;
      sum.drained += s.drained;
      sum.running += s.running;
      sum.queued += s.queued;
    }
    return sum;
  }
  std::size_t elsewhere() const override {
    std::size_t sum = 0;
    for (const auto& [name, s] : manager.stats().semaphores) {
      sum += s.permits - s.available + s.waiting;
      CHECK(s.acquired == s.released);
    }
    return sum;
  }
  std::vector<std::uint64_t> otherCounters() const override {
    std::vector<std::uint64_t> all;
    for (const auto& [name, s] : manager.stats().semaphores) {
      all.insert(all.end(), {s.permits - s.available, s.waiting, s.acquired, s.released, s.rejected,
                             s.timedOut, s.cancelled, s.drained, s.overLimit});
    }
    return all;
  }
  void kick() override {
    manager.resumeAll();
    manager.setMode(Mode::enforce);
  }
  void checkLife() override {
    Permit hold = manager.semaphore("b")->tryAcquire();
    CHECK(hold);
    Ending<> late, next;
    manager.execute(
        "db", [] {}, {.semaphores = {"a", "b"}, .waitTimeout = 1ms}, late.plain());
    ManualClock::advance(1ms);
    ::settle(io);
    CHECK(late.is(Errc::queueTimeout));  // the timer expires
    manager.execute(
        "db", [] {}, both, next.plain());
    hold.release();
    ::settle(io);
    CHECK(next.fine());
  }

  FlakyManager manager;
  const ManagerCallOptions both{.semaphores = {"b", "a"}};
  net::cancellation_signal signals[3];
};

const Scenario<ManagerWorld> scenarios[] = {
    {"calls that are granted at once",
     [](ManagerWorld& w) {
       w.call([&](auto h) { w.manager.execute("db", Plain(), std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.manager.execute("new", Valued(), w.both, std::move(h)); });
       w.settle();
       w.call([&](auto h) { w.manager.execute("db", Throwing(), w.both, std::move(h)); });
       w.settle();
     },
     Uses::posts},
    {"calls that are refused at once",
     [](ManagerWorld& w) {
       const Permit b = w.hold(*w.manager.semaphore("b"), 1);
       --w.held;  // of a semaphore
       const ManagerCallOptions now{.semaphores = {"a", "b"}, .waitTimeout = 0s};
       w.call([&](auto h) { w.manager.execute("db", Plain(), now, std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.manager.execute("db", Valued(), now, std::move(h)); });
       w.uncounted([&](auto h) { w.manager.execute("", Plain(), std::move(h)); });
       w.uncounted([&](auto h) {
         w.manager.execute("db", Plain(), {.semaphores = {"no such"}}, std::move(h));
       });
       w.settle();
     },
     Uses::posts},
    {"calls that wait at semaphores",
     [](ManagerWorld& w) {
       Permit b = w.manager.semaphore("b")->tryAcquire();
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.manager.execute("db", Valued(), w.both, std::move(h)); });
       w.call([&](auto h) { w.manager.execute("web", Throwing(), w.both, std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.manager.execute("files", Plain(), w.both, std::move(h)); });
       w.may([&] { b.release(); });
       w.settle();
     }},
    {"a call that waits at a semaphore after its turn in the queue",
     [](ManagerWorld& w) {
       Permit db = w.hold(w.manager.bulkhead("db"), 1);
       Permit b = w.manager.semaphore("b")->tryAcquire();
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, std::move(h)); });
       w.may([&] { db.release(); });
       w.settle();
       w.may([&] { b.release(); });
       w.settle();
     }},
    {"timeouts",
     [](ManagerWorld& w) {
       const Permit b = w.manager.semaphore("b")->tryAcquire();
       const ManagerCallOptions soon{.semaphores = {"a", "b"}, .waitTimeout = 1ms};
       w.call([&](auto h) { w.manager.execute("db", Plain(), soon, std::move(h)); });
       w.call([&](auto h) { w.manager.execute("db", Valued(), soon, std::move(h)); });
       w.call([&](auto h) { w.manager.execute("web", Plain(), soon, std::move(h)); });
       w.pass(1ms);
     }},
    {"cancellation",
     [](ManagerWorld& w) {
       Permit b = w.manager.semaphore("b")->tryAcquire();
       const auto slotted = [&](int i, auto h) {
         return net::bind_cancellation_slot(w.signals[i].slot(), std::move(h));
       };
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, slotted(0, std::move(h))); });
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, slotted(1, std::move(h))); });
       w.call([&](auto h) { w.manager.execute("web", Plain(), w.both, slotted(2, std::move(h))); });
       w.may([&] { w.signals[1].emit(terminal); });
       w.may([&] { w.signals[0].emit(terminal); });
       b.release();
       w.may([&] { w.signals[2].emit(terminal); });  // too late
       w.settle();
     }},
    {"callables that return awaitables",
     [](ManagerWorld& w) {
       w.call([&](auto h) { w.manager.execute("db", Awaited(), w.both, std::move(h)); });
       w.settle();
       Permit b = w.manager.semaphore("b")->tryAcquire();
       w.call([&](auto h) { w.manager.execute("db", Awaited(), w.both, std::move(h)); });
       w.call([&](auto h) { w.manager.execute("db", Awaited(), w.both, std::move(h)); });
       b.release();
       w.settle();
     },
     Uses::awaitables},
    {"drain and resume",
     [](ManagerWorld& w) {
       Permit hold = w.hold(w.manager.bulkhead("db"), 1);
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, std::move(h)); });
       w.uncounted([&](auto h) { w.manager.drainAll(std::move(h)); });
       w.uncounted([&](auto h) {
         w.manager.drainAll(net::bind_cancellation_slot(w.signals[0].slot(), std::move(h)));
       });
       w.may([&] { w.signals[0].emit(terminal); });
       hold.release();
       w.settle();
       // Without memory it throws and has changed nothing.
       while (!w.may([&] { w.manager.resumeAll(); })) Plan::failing = SIZE_MAX;
     }},
    {"changes",
     [](ManagerWorld& w) {
       Permit hold = w.hold(w.manager.bulkhead("db"), 1);
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, std::move(h)); });
       w.may([&] { w.manager.updateConfig("db", {.maxQueueSize = 7}); });
       w.may([&] { w.manager.updateConfig("later", {.maxQueueSize = 7}); });
       w.may([&] { w.manager.setMode(Mode::observe); });
       w.settle();
       w.may([&] { w.manager.setMode(Mode::enforce); });
       const ManagerConfig next{.defaults = {.maxConcurrent = 1, .queueTimeout = 2s},
                                .services = {{"db", {.maxQueueSize = 3}}},
                                .semaphores = {{"a", 1}, {"b", 1}, {"c", 4}}};
       const bool had = w.manager.semaphore("c") != nullptr;
       const bool applied = w.may([&] { static_cast<void>(w.manager.apply(next)); });
       CHECK((w.manager.semaphore("c") != nullptr) == (had || applied));  // all of it or none
       CHECK((w.manager.bulkhead("db").config().maxQueueSize == 3) == applied);
     }},
    {"bulkheads and semaphores added later",
     [](ManagerWorld& w) {
       for (int i = 0; i < 20; ++i) {
         const std::string name = "a service with a name that is not short " + std::to_string(i);
         w.may([&] { w.manager.bulkhead(name); });
       }
       w.may([&] { w.manager.addBulkhead({.name = "own", .maxConcurrent = 1}, w.executor); });
       w.may([&] { w.manager.addSemaphore({.name = "c", .permits = 1}); });
       for (const char* name : {"own", "fresh"}) {
         w.call([&](auto h) { w.manager.execute(name, Plain(), std::move(h)); });
       }
       w.settle();
     }},
    {"statistics",
     [](ManagerWorld& w) {
       w.call([&](auto h) { w.manager.execute("db", Plain(), w.both, std::move(h)); });
       w.settle();
       w.may([&] { static_cast<void>(fmt::format("{}", w.manager.stats())); });
       w.may([&] { static_cast<void>(fmt::format("{}", w.manager.health())); });
     }},
    {"construction", [](ManagerWorld& w) {
       w.may([&] {
         FlakyManager another(w.executor, bulwark::athenaPreset());
         another.bulkhead("db.read");
       });
     }}};

/// A retry and a circuit breaker. Only the breaker counts calls.
class ProtectionWorld : public World {
 public:
  ProtectionWorld()
      : retry(executor, {.name = "again", .maxAttempts = 3, .initialDelay = 1ms}),
        breaker(executor, {.name = "fuse",
                           .slidingWindowSize = 4,
                           .minimumCalls = 2,
                           .slowCallDuration = 1h,
                           .openDuration = 1s,
                           .halfOpenCalls = 1,
                           .onStateChange = [this](bulwark::CircuitState, bulwark::CircuitState) {
                             ++changes;
                           }}) {}

  Counters counters() const override {
    const auto s = breaker.stats();
    return {.executed = s.succeeded, .failed = s.failed, .rejected = s.refused};
  }
  void kick() override { pass(10s); }
  void checkLife() override {
    breaker.reset();
    Ending<> closed, again;
    breaker.execute([] {}, closed.plain());
    retry.execute([] {}, again.plain());
    ::settle(io);
    CHECK(closed.fine());
    CHECK(again.fine());
  }

  int changes = 0;
  bulwark::Retry<Flaky, ManualClock> retry;
  bulwark::CircuitBreaker<Flaky, ManualClock> breaker;
};

const Scenario<ProtectionWorld> protections[] = {
    {"a circuit breaker",
     [](ProtectionWorld& w) {
       // The breaker counts the result of the callable; its handler may be lost afterwards.
       for (int i = 0; i < 4; ++i) {
         w.uncounted([&](auto h) { w.breaker.execute(Throwing(), std::move(h)); });
         w.settle();
       }
       w.pass(1s);
       w.uncounted([&](auto h) { w.breaker.execute(Plain(), std::move(h)); });
       w.settle();
       w.uncounted<AllocatingNote>([&](auto h) { w.breaker.execute(Valued(), std::move(h)); });
       w.settle();
       w.may([&] { static_cast<void>(w.breaker.stats()); });
       w.breaker.reset();
     },
     Uses::posts},
    {"a retry",
     [](ProtectionWorld& w) {
       w.uncounted([&](auto h) { w.retry.execute(Throwing(), std::move(h)); });
       for (int i = 0; i < 3; ++i) w.pass(10ms);
       w.uncounted([&](auto h) { w.retry.execute(Valued(), std::move(h)); });
       w.settle();
     },
     Uses::awaitables}};

/// Makes no calls.
class NoWorld : public World {
 public:
  Counters counters() const override { return {}; }
  void kick() override {}
  void checkLife() override {}
};

const Scenario<NoWorld> configurations[] = {
    {"a good one",
     [](NoWorld& w) {
       w.may([&] {
         const ManagerConfig config = bulwark::parseManagerConfig(
             R"({"defaults": {"maxConcurrent": 3, "queueTimeout": "1m30s", "mode": "observe"},
                 "services": {"a service with a long name": {"maxQueueSize": "unlimited"}},
                 "semaphores": {"a semaphore with a long name": 5}})");
         if (config.defaults.maxConcurrent != 3 || config.services.size() != 1 ||
             config.semaphores.size() != 1) {
           FAIL("half a configuration");
         }
       });
     }},
    {"a bad one", [](NoWorld& w) {
       bool refused = false;
       const bool done = w.may([&] {
         try {
           static_cast<void>(bulwark::parseManagerConfig(
               R"({"defaults": {"maxConcurrent": 0, "queueTimeOut": "1s"}, "semaphores": [)"));
         } catch (const bulwark::ConfigError&) {
           refused = true;
         }
       });
       CHECK(refused == done);
     }}};

}  // namespace

TEST_CASE("a manager loses no call and no permit when any step fails", "[faults]") {
  runAll(scenarios);
}

TEST_CASE("a retry and a circuit breaker lose no call when any step fails", "[faults]") {
  runAll(protections);
}

TEST_CASE("a configuration is read whole or not at all when memory runs out", "[faults]") {
  for (const auto& scenario : configurations) {
    INFO(scenario.name);
    for (const bool onwards : {false, true}) {
      CHECK(forEveryFailure<NoWorld>(Point::allocation, onwards, scenario.run) > 10);
    }
  }
}
