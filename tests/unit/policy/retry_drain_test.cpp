#include <bulwark/detail/call/retry_scope.hpp>
#include <bulwark/detail/runtime/dependents.hpp>
#include <bulwark/retry.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(use_future.hpp)

#include <bulwark/circuit_breaker.hpp>
#include <bulwark/detail/call/scoped_executor.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// A retry whose dependencies drain or are destroyed.

using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using bulwark::detail::Ref;
using bulwark::detail::RetryScope;

namespace {

struct Down : std::runtime_error {
  Down() : std::runtime_error("down") {}
};

/// Everything that an attempt may call.
struct World : Stage {
  std::optional<Bulkhead> db{std::in_place, io, bulwark::BulkheadConfig{.name = "db"}};
  std::optional<Bulkhead> ai{std::in_place, io, bulwark::BulkheadConfig{.name = "ai"}};
  std::optional<Semaphore> cpu{std::in_place, io, bulwark::SemaphoreConfig{.name = "cpu"}};
  std::optional<Manager> manager{std::in_place, io, ManagerConfig{.semaphores = {{"gpu", 4}}}};
  const ManagerCallOptions gpu{.semaphores = {"gpu"}};
  Breaker breaker{io, {.name = "breaker"}};
  Retry inner{io, {.name = "inner", .maxAttempts = 1}};
  Retry retry{io, {.name = "outer", .maxAttempts = 3, .initialDelay = 1h, .jitter = 0}};
  Ending<> ending;
  int attempts = 0;

  bool endedWith(auto is) { return ending.times == 1 && is(ending.error); }
};

using Awaited = std::function<net::awaitable<void>(World&)>;
using Plain = std::function<void(World&)>;

struct Way {
  std::string name;
  Awaited awaited;  // used instead of `plain` if set
  Plain plain;
};

void fails() { throw Down(); }

net::awaitable<void> failsLater() {
  throw Down();
  co_return;
}

net::awaitable<void> callsDb(World& w) { co_await w.db->execute(fails, net::use_awaitable); }

/// Attempts that call `db` and then fail. The one named "cpu" calls the semaphore.
std::vector<Way> waysToDb() {
  return {
      {"a call", callsDb, {}},
      {"an awaitable call",
       [](World& w) -> net::awaitable<void> {
         co_await w.db->execute(failsLater, net::use_awaitable);
       },
       {}},
      {"a permit",
       [](World& w) -> net::awaitable<void> {
         const Permit permit = co_await w.db->acquire(net::use_awaitable);
         throw Down();
       },
       {}},
      {"a permit if there is one",
       [](World& w) -> net::awaitable<void> {
         const Permit permit = w.db->tryAcquire();
         throw Down();
         co_return;
       },
       {}},
      {"a call that has ended before the attempt fails",
       [](World& w) -> net::awaitable<void> {
         co_await w.db->execute([] {}, net::use_awaitable);
         co_await net::post(net::use_awaitable);
         throw Down();
       },
       {}},
      {"a call after others",
       [](World& w) -> net::awaitable<void> {
         co_await net::post(net::use_awaitable);
         co_await w.cpu->withPermit([] {}, net::use_awaitable);
         co_await callsDb(w);
       },
       {}},
      {"a call that nothing awaits",
       [](World& w) -> net::awaitable<void> {
         w.db->execute([] {}, net::detached);
         co_await net::post(net::use_awaitable);
         throw Down();
       },
       {}},
      {"a call inside a breaker",
       [](World& w) -> net::awaitable<void> {
         co_await w.breaker.execute([&] { return callsDb(w); }, net::use_awaitable);
       },
       {}},
      {"a permit inside a plain call of a breaker",
       [](World& w) -> net::awaitable<void> {
         co_await w.breaker.execute(
             [&] {
               const Permit permit = w.db->tryAcquire();
               throw Down();
             },
             net::use_awaitable);
       },
       {}},
      {"a call inside another bulkhead",
       [](World& w) -> net::awaitable<void> {
         co_await w.ai->execute([&] { return callsDb(w); }, net::use_awaitable);
       },
       {}},
      {"a call of an inner retry",
       [](World& w) -> net::awaitable<void> {
         co_await w.inner.execute([&] { return callsDb(w); }, net::use_awaitable);
       },
       {}},
      {"a coroutine of its own on a strand",
       [](World& w) -> net::awaitable<void> {
         co_await net::co_spawn(net::make_strand(co_await net::this_coro::executor), callsDb(w),
                                net::use_awaitable);
       },
       {}},
      {"a permit from a plain attempt",
       {},
       [](World& w) {
         const Permit permit = w.db->tryAcquire();
         throw Down();
       }},
      {"a call from a plain attempt",
       {},
       [](World& w) {
         w.db->execute([] {}, net::use_future);
         throw Down();
       }},
  };
}

void start(World& w, const Way& way) {
  if (way.awaited) {
    w.retry.execute(
        [&w, &way] {
          ++w.attempts;
          return way.awaited(w);
        },
        w.ending.plain());
  } else {
    w.retry.execute(
        [&w, &way] {
          ++w.attempts;
          way.plain(w);
        },
        w.ending.plain());
  }
  w.settle();
}

void endsAtOnce(World& w) {
  w.settle();
  CHECK(w.endedWith(holds<Down>));  // the last failure
  CHECK(w.attempts == 1);
  CHECK(w.isIdle());
}

}  // namespace

TEST_CASE("a back-off ends when the bulkhead that the attempt called drains or is destroyed",
          "[retry][drain]") {
  static const std::vector<Way> ways = waysToDb();
  const Way& way = ways[GENERATE(range(std::size_t{0}, ways.size()))];
  const bool destroyed = GENERATE(false, true);
  CAPTURE(way.name, destroyed);
  World w;
  start(w, way);
  REQUIRE(w.ending.open());
  REQUIRE(w.attempts == 1);
  if (destroyed) {
    w.db.reset();
  } else {
    w.db->drain(net::detached);
  }
  CHECK(w.ending.open());  // never inside drain()
  endsAtOnce(w);
}

TEST_CASE("a back-off ends when the semaphore of a blocking attempt drains or is destroyed",
          "[retry][drain]") {
  const bool destroyed = GENERATE(false, true);
  const Plain use = GENERATE(Plain([](World& w) { w.cpu->withPermit(fails); }), Plain([](World& w) {
                               const Permit permit = w.cpu->acquire();
                               throw Down();
                             }));
  World w;
  const Way way{"", {}, use};
  start(w, way);
  REQUIRE(w.ending.open());
  if (destroyed) {
    w.cpu.reset();
  } else {
    w.cpu->drain(0ns, net::detached);
  }
  endsAtOnce(w);
}

TEST_CASE("a back-off ends when the breaker that refused its attempt is destroyed",
          "[retry][drain]") {
  World w;
  std::optional<Breaker> breaker{
      std::in_place, w.io,
      bulwark::CircuitBreakerConfig{.slidingWindowSize = 1, .minimumCalls = 1}};
  breaker->execute(fails, [](const std::exception_ptr&) {});
  w.settle();
  REQUIRE(breaker->state() == bulwark::CircuitState::open);
  Retry retry{
      w.io,
      {.maxAttempts = 3, .initialDelay = 1h, .jitter = 0, .retryIf = [](const std::exception_ptr&) {
         return true;
       }}};
  retry.execute(
      [&]() -> net::awaitable<void> {
        ++w.attempts;
        co_await breaker->execute([] {}, net::use_awaitable);
      },
      w.ending.plain());
  w.settle();
  REQUIRE(w.ending.open());
  REQUIRE(w.attempts == 1);
  breaker.reset();
  CHECK(w.ending.open());
  w.settle();
  CHECK(w.ending.times == 1);
  CHECK(w.attempts == 1);
}

TEST_CASE("a back-off ends when its manager drains or is destroyed", "[retry][drain]") {
  const auto end =
      GENERATE(Plain([](World& w) { w.manager->drainAll(net::detached); }),
               Plain([](World& w) { w.manager.reset(); }),
               Plain([](World& w) { w.manager->bulkhead("db").drain(net::detached); }),
               Plain([](World& w) { w.manager->semaphore("gpu")->drain(net::detached); }));
  World w;
  const Way way{"",
                [](World& world) -> net::awaitable<void> {
                  co_await world.manager->execute("db", fails, world.gpu, net::use_awaitable);
                },
                {}};
  start(w, way);
  REQUIRE(w.ending.open());
  end(w);
  endsAtOnce(w);
}

TEST_CASE("a back-off goes on when an unrelated object drains or is destroyed", "[retry][drain]") {
  static const std::vector<Way> ways = waysToDb();
  const Way& way = ways[GENERATE(range(std::size_t{0}, ways.size()))];
  CAPTURE(way.name);
  if (way.name == "a call inside another bulkhead") return;
  World w;
  start(w, way);
  w.ai->drain(net::detached);
  w.ai.reset();
  w.manager->drainAll(net::detached);
  w.manager.reset();
  w.settle();
  CHECK(w.ending.open());
  w.advance(1h);
  CHECK(w.attempts == 2);
}

TEST_CASE("a back-off depends on the calls of the last attempt only", "[retry][drain]") {
  World w;
  const Way way{"",
                [](World& world) -> net::awaitable<void> {
                  auto& called = world.attempts == 1 ? *world.db : *world.ai;
                  co_await called.execute(fails, net::use_awaitable);
                },
                {}};
  start(w, way);
  w.advance(1h);
  REQUIRE(w.attempts == 2);
  w.db->drain(net::detached);
  w.settle();
  CHECK(w.ending.open());
  w.ai->drain(net::detached);
  w.settle();
  CHECK(w.endedWith(holds<Down>));
  CHECK(w.attempts == 2);
}

TEST_CASE("one drain ends every back-off, including those of inner and outer retries",
          "[retry][drain]") {
  World w;
  Retry patient(w.io, {.maxAttempts = 5, .initialDelay = 1h});
  Ending<> second, nested;
  const Way way{"", callsDb, {}};
  start(w, way);
  w.retry.execute([&] { return callsDb(w); }, second.plain());
  int outer = 0;
  w.retry.execute(
      [&] {
        ++outer;
        return patient.execute([&] { return callsDb(w); }, net::use_awaitable);
      },
      nested.plain());
  w.settle();
  CHECK((w.ending.open() && second.open() && nested.open()));
  w.db->drain(net::detached);
  w.settle();
  CHECK(holds<Down>(w.ending.error));
  CHECK(holds<Down>(second.error));
  CHECK(holds<Down>(nested.error));
  CHECK((w.ending.times == 1 && second.times == 1 && nested.times == 1));
  CHECK(outer == 1);
  CHECK(w.isIdle());
}

TEST_CASE("an attempt that runs when a drain begins finishes, and none follows", "[retry][drain]") {
  const bool destroyed = GENERATE(false, true);
  const auto delay = GENERATE(0ns, 1ns);
  const bool managed = GENERATE(false, true);
  World w;
  int asked = 0;
  Retry retry(w.io, {.initialDelay = delay, .retryIf = [&](const std::exception_ptr&) {
                       ++asked;
                       return true;
                     }});
  Gate gate(w.io);
  Ending<> ending;
  retry.execute(
      [&]() -> net::awaitable<void> {
        ++w.attempts;
        const auto work = [&]() -> net::awaitable<void> {
          co_await gate.pass();
          throw Down();
        };
        if (managed) {
          co_await w.manager->execute("made by this call", work, net::use_awaitable);
        } else {
          co_await w.db->execute(work, net::use_awaitable);
        }
      },
      ending.plain());
  w.settle();
  if (destroyed) {
    w.db.reset();
    w.manager.reset();
  } else {
    w.db->drain(net::detached);
    w.manager->drainAll(net::detached);
  }
  w.settle();
  CHECK(ending.open());
  gate.open();
  w.advance(1h);
  CHECK(holds<Down>(ending.error));
  CHECK(w.attempts == 1);
  CHECK(asked == 0);
}

TEST_CASE("an attempt's own bulkheads and retries end with it, and another attempt follows",
          "[retry][drain]") {
  World w;
  const Way way{"",
                [](World& world) -> net::awaitable<void> {
                  Semaphore own(world.io, {.name = "own", .permits = 2});
                  Retry alsoOwn(world.io, {.maxAttempts = 1});
                  co_await alsoOwn.execute(
                      [&] { return own.withPermit([] {}, net::use_awaitable); },
                      net::use_awaitable);
                  co_await own.drain(net::use_awaitable);
                  throw Down();
                },
                {}};
  start(w, way);
  w.advance(1h);
  CHECK(w.attempts == 2);
  CHECK(w.ending.open());
}

TEST_CASE("a call refused because its bulkhead drains or is destroyed is not retried",
          "[retry][drain]") {
  World w;
  int asked = 0;
  Retry retry(w.io, {.initialDelay = 0ns, .retryIf = [&](const std::exception_ptr&) {
                       ++asked;
                       return true;
                     }});
  Permit permit = w.db->tryAcquire();
  w.db->updateConfig({.maxConcurrent = 1});
  Ending<> drained, destroyed;
  w.ai->drain(net::detached);
  retry.execute(
      [&] {
        ++w.attempts;
        return w.ai->execute([] {}, net::use_awaitable);
      },
      drained.plain());
  retry.execute(
      [&] {
        ++w.attempts;
        return w.db->execute([] {}, net::use_awaitable);
      },
      destroyed.plain());
  w.settle();
  w.db.reset();
  w.settle();
  CHECK(drained.is(Errc::draining));
  CHECK(destroyed.is(net::error::operation_aborted));
  CHECK(w.attempts == 2);
  CHECK(asked == 0);
}

TEST_CASE("a drain ends back-offs even if it is resumed at once", "[retry][drain]") {
  World w;
  const Way way{"", callsDb, {}};
  start(w, way);
  w.db->drain(net::detached);
  w.db->resume();
  endsAtOnce(w);
}

TEST_CASE("a drain together with a cancellation or the end of the delay ends the call once",
          "[retry][drain]") {
  const bool cancelled = GENERATE(false, true);
  const bool drainFirst = GENERATE(false, true);
  World w;
  net::cancellation_signal signal;
  w.retry.execute(
      [&] {
        ++w.attempts;
        return callsDb(w);
      },
      net::bind_cancellation_slot(signal.slot(), w.ending.plain()));
  w.settle();
  const auto other = [&] {
    if (cancelled) {
      signal.emit(net::cancellation_type::terminal);
    } else {
      ManualClock::advance(1h);
    }
  };
  if (drainFirst) w.db->drain(net::detached);
  other();
  if (!drainFirst) w.db->drain(net::detached);
  endsAtOnce(w);
}

TEST_CASE("a destroyed context removes its back-offs from the bulkheads of other contexts",
          "[retry][drain]") {
  World w;
  Fate fate;
  {
    net::io_context other;
    Retry retry(other, {.initialDelay = 1h});
    retry.execute([&] { return callsDb(w); }, Witness(fate));
    for (int i = 0; i < 5; ++i) {
      settle(other);
      w.settle();
    }
    CHECK(countersOf(*w.db) == Counters{.failed = 1});
  }
  CHECK(fate.droppedUninvoked());
  w.db->drain(net::detached);
  w.settle();
  CHECK(fate.droppedUninvoked());
}

TEST_CASE("a back-off ends when the context of the called bulkhead is destroyed",
          "[retry][drain]") {
  World w;
  auto other = std::make_optional<net::io_context>();
  {
    Bulkhead far(*other, {.name = "far"});
    w.retry.execute(
        [&] {
          ++w.attempts;
          return far.execute(fails, net::use_awaitable);
        },
        w.ending.plain());
    for (int i = 0; i < 5; ++i) {
      w.settle();
      settle(*other);
    }
    CHECK(w.ending.open());
    other.reset();
    endsAtOnce(w);
  }
}

TEST_CASE("a retry with an executor type that does not track calls makes one more attempt",
          "[retry][drain]") {
  World w;
  using Narrow = net::io_context::executor_type;
  bulwark::Retry<Narrow, ManualClock> retry(w.io.get_executor(),
                                            {.maxAttempts = 5, .initialDelay = 1h, .jitter = 0});
  retry.execute(
      [&]() -> net::awaitable<void, Narrow> {
        ++w.attempts;
        co_await w.db->execute(fails, net::use_awaitable_t<Narrow>());
      },
      w.ending.plain());
  w.settle();
  w.db->drain(net::detached);
  w.settle();
  CHECK(w.ending.open());
  w.advance(1h);
  CHECK(w.ending.is(Errc::draining));
  CHECK(w.attempts == 2);
}

namespace {

struct IdleScope final : RetryScope {
  using RetryScope::RetryScope;
  void wake() noexcept override { ++woken; }
  int woken = 0;
};

Ref<RetryScope> makeScope() { return Ref<RetryScope>::adopt(new IdleScope(Ref<RetryScope>())); }

}  // namespace

TEST_CASE("a scope is interrupted once and only while it listens", "[retry][drain]") {
  World w;
  auto* const idle = new IdleScope(Ref<RetryScope>());
  const auto scope = Ref<RetryScope>::adopt(idle);
  auto& db = bulwark::detail::Access::limiter(*w.db);
  auto& ai = bulwark::detail::Access::limiter(*w.ai);
  scope->note(db);  // before the attempt
  scope->beginAttempt();
  scope->note(ai);
  scope->note(ai);
  scope->endAttempt();
  scope->note(db);  // after the attempt
  CHECK_FALSE(scope->goingDown());
  CHECK(scope->listen());
  w.db->drain(net::detached);
  scope->ignore();
  CHECK(idle->woken == 0);

  scope->beginAttempt();
  scope->note(ai);
  scope->endAttempt();
  CHECK(scope->listen());
  w.ai->drain(net::detached);
  CHECK(scope->interrupted());
  CHECK(idle->woken == 1);
  w.ai->drain(net::detached);
  CHECK(idle->woken == 1);
  CHECK(scope->goingDown());
  CHECK_FALSE(scope->listen());  // too late
  scope->ignore();
}

// This happens with stackful fibers that switch inside an attempt.
TEST_CASE("attempts on one thread may end in any order", "[retry][drain]") {
  const bool firstFirst = GENERATE(false, true);
  {
    Ref<RetryScope> a = makeScope(), b = makeScope();
    std::optional<RetryScope::Here> inA, inB;
    inA.emplace(a);
    inB.emplace(b);
    CHECK(RetryScope::here().get() == b.get());
    for (const bool first : {firstFirst, !firstFirst}) {
      (first ? inA : inB).reset();
      (first ? a : b)->end();
      (first ? a : b) = {};
    }
  }
  CHECK_FALSE(RetryScope::here());
}

TEST_CASE("calls are tracked only while a retry or a call of one exists", "[retry][drain]") {
  Stage stage;
  CHECK_FALSE(RetryScope::inUse());
  Ending<> ending;
  {
    Retry retry(stage.io, {.maxAttempts = 2, .initialDelay = 1h, .jitter = 0});
    CHECK(RetryScope::inUse());
    retry.execute(fails, ending.plain());
  }
  stage.settle();
  CHECK(RetryScope::inUse());
  stage.advance(1h);
  CHECK(ending.times == 1);
  CHECK_FALSE(RetryScope::inUse());
}

TEST_CASE("a scoped executor has the properties of the inner executor", "[retry][drain]") {
  net::io_context io;
  const net::any_io_executor plain = io.get_executor();
  const Ref<RetryScope> scope = makeScope();
  const net::any_io_executor scoped = bulwark::detail::inScope(plain, scope);
  CHECK(bulwark::detail::inScope(plain, {}) == plain);
  CHECK(scoped != plain);
  CHECK(scoped == bulwark::detail::inScope(plain, scope));
  CHECK(scoped != bulwark::detail::inScope(plain, makeScope()));
  CHECK(&net::query(scoped, net::execution::context) == &io);
  bool ran = false;
  net::post(scoped, [&] {
    CHECK(RetryScope::here().get() == scope.get());
    bool inside = false;
    net::dispatch(scoped, [&] { inside = true; });
    CHECK(inside);
    ran = true;
  });
  CHECK_FALSE(ran);
  settle(io);
  CHECK(ran);
  CHECK_FALSE(RetryScope::here());
  io.restart();
  const auto tracked = net::prefer(scoped, net::execution::outstanding_work.tracked);
  io.poll();
  CHECK_FALSE(io.stopped());
}
