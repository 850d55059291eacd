#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/config/checked_limits.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using bulwark::BulkheadConfig;
using bulwark::unlimited;

namespace {

bool same(const BulkheadConfig& a, const BulkheadConfig& b) {
  return a.name == b.name && a.maxConcurrent == b.maxConcurrent &&
         a.maxQueueSize == b.maxQueueSize && a.queueTimeout == b.queueTimeout && a.mode == b.mode;
}

/// Calls that keep the permits that they are granted.
struct Crowd {
  explicit Crowd(Bulkhead& owner) : bulkhead(owner) {}

  void come(std::size_t calls, bulwark::CallOptions options = {}) {
    for (std::size_t i = 0; i < calls; ++i) {
      bulkhead.acquire(options, [this](net::error_code code, Permit permit) {
        code ? codes.push_back(code) : permits.push_back(std::move(permit));
      });
    }
  }

  Bulkhead& bulkhead;
  std::vector<Permit> permits;
  std::vector<net::error_code> codes;
};

}  // namespace

// --- construction --------------------------------------------------------------------------------

TEST_CASE("a configuration has the documented defaults", "[config]") {
  const BulkheadConfig config;
  CHECK(config.name == "");
  CHECK(config.maxConcurrent == 10);
  CHECK(config.maxQueueSize == 50);
  CHECK(config.queueTimeout == 30s);
  CHECK(config.mode == Mode::enforce);
  const bulwark::CallOptions options;
  CHECK_FALSE(options.queueTimeout);
  CHECK(options.permits == 1);
}

TEST_CASE("config() returns the configuration that the bulkhead was created with", "[config]") {
  Stage stage;
  const BulkheadConfig config{.name = "db",
                              .maxConcurrent = unlimited,
                              .maxQueueSize = unlimited,
                              .queueTimeout = bulwark::noTimeout,
                              .mode = Mode::observe};
  Bulkhead bulkhead{stage.io, config};
  CHECK(same(bulkhead.config(), config));
  CHECK(bulkhead.stats().maxConcurrent == unlimited);
  CHECK(bulkhead.stats().maxQueueSize == unlimited);
}

TEST_CASE("a bad configuration names bulkhead, field, value and rule", "[config]") {
  Stage stage;
  const auto make = [&](BulkheadConfig config) {
    return configErrorOf([&] { Bulkhead bulkhead(stage.io, config); });
  };
  const auto noPermits = make({.name = "payments", .maxConcurrent = 0});
  CHECK(noPermits.bulkhead() == "payments");
  CHECK(noPermits.field() == "maxConcurrent");
  CHECK(noPermits.value() == "0");
  CHECK_FALSE(noPermits.rule().empty());
  const auto negative = make({.name = "payments", .queueTimeout = -1ns});
  CHECK(negative.bulkhead() == "payments");
  CHECK(negative.field() == "queueTimeout");
  CHECK(negative.value().find("-1") != std::string::npos);
  CHECK_FALSE(negative.rule().empty());
  const auto mode = make({.name = "payments", .mode = static_cast<Mode>(3)});
  CHECK(mode.field() == "mode");
  for (const auto& error : {noPermits, negative, mode}) {
    const std::string what = error.what();
    for (const auto& part : {error.bulkhead(), error.field(), error.value(), error.rule()}) {
      CHECK(what.find(part) != std::string::npos);
    }
  }
  CHECK(holds<std::invalid_argument>(std::make_exception_ptr(noPermits)));
}

TEST_CASE("a bulkhead is created on a context or an executor and deduces its type", "[config]") {
  net::io_context io;
  net::thread_pool pool(1);
  bulwark::Bulkhead onContext{io, {.name = "a"}};
  bulwark::Bulkhead onExecutor{io.get_executor(), {.name = "b"}};
  bulwark::Bulkhead onPool{pool, {.name = "c"}};
  bulwark::Bulkhead onAny{net::any_io_executor(io.get_executor()), {.name = "d"}};
  static_assert(
      std::is_same_v<decltype(onContext), bulwark::Bulkhead<net::io_context::executor_type>>);
  static_assert(std::is_same_v<decltype(onExecutor), decltype(onContext)>);
  static_assert(
      std::is_same_v<decltype(onPool), bulwark::Bulkhead<net::thread_pool::executor_type>>);
  static_assert(std::is_same_v<decltype(onAny), bulwark::Bulkhead<>>);
  static_assert(std::is_constructible_v<bulwark::Bulkhead<>, net::io_context&, BulkheadConfig>);
  static_assert(!std::is_copy_constructible_v<bulwark::Bulkhead<>>);
  static_assert(!std::is_copy_assignable_v<bulwark::Bulkhead<>>);
  static_assert(std::is_nothrow_move_constructible_v<bulwark::Bulkhead<>>);
  static_assert(std::is_nothrow_move_assignable_v<bulwark::Bulkhead<>>);
  CHECK(onContext.name() == "a");
  CHECK(onAny.name() == "d");
}

// --- updateConfig --------------------------------------------------------------------------------

TEST_CASE("an update changes the fields that it has and no others", "[config]") {
  Stage stage;
  BulkheadConfig expected{.name = "db"};
  Bulkhead bulkhead{stage.io, expected};
  bulkhead.updateConfig({});
  CHECK(same(bulkhead.config(), expected));
  bulkhead.updateConfig({.maxConcurrent = 3});
  expected.maxConcurrent = 3;
  CHECK(same(bulkhead.config(), expected));
  bulkhead.updateConfig({.maxQueueSize = 0});
  expected.maxQueueSize = 0;
  CHECK(same(bulkhead.config(), expected));
  bulkhead.updateConfig({.queueTimeout = 0ns});
  expected.queueTimeout = 0ns;
  CHECK(same(bulkhead.config(), expected));
  bulkhead.updateConfig({.mode = Mode::off});
  expected.mode = Mode::off;
  CHECK(same(bulkhead.config(), expected));
  bulkhead.updateConfig({.maxConcurrent = unlimited, .mode = Mode::enforce});
  expected.maxConcurrent = unlimited;
  expected.mode = Mode::enforce;
  CHECK(same(bulkhead.config(), expected));
}

TEST_CASE("a bad update throws ConfigError and changes nothing", "[config]") {
  Stage stage;
  const BulkheadConfig before{.name = "db", .maxConcurrent = 1};
  Bulkhead bulkhead{stage.io, before};
  Permit hold = bulkhead.tryAcquire();
  Ending<> waiting;
  bulkhead.acquire(waiting.permitted());
  const auto zero = configErrorOf(
      [&] { bulkhead.updateConfig({.maxConcurrent = 0, .maxQueueSize = 7, .mode = Mode::off}); });
  CHECK(zero.bulkhead() == "db");
  CHECK(zero.field() == "maxConcurrent");
  CHECK(zero.value() == "0");
  const auto negative =
      configErrorOf([&] { bulkhead.updateConfig({.maxConcurrent = 5, .queueTimeout = -1s}); });
  CHECK(negative.field() == "queueTimeout");
  const auto mode = configErrorOf(
      [&] { bulkhead.updateConfig({.maxConcurrent = 5, .mode = static_cast<Mode>(9)}); });
  CHECK(mode.field() == "mode");
  CHECK(same(bulkhead.config(), before));
  stage.settle();
  CHECK(waiting.open());
}

TEST_CASE("a raised limit starts as many waiting calls at once, in order", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Crowd crowd(bulkhead);
  crowd.come(10);
  stage.settle();
  CHECK(crowd.permits.size() == 1);
  bulkhead.updateConfig({.maxConcurrent = 6});
  CHECK(bulkhead.stats().running == 6);  // granted before the context is polled
  stage.settle();
  CHECK(crowd.permits.size() == 6);
  CHECK(countersOf(bulkhead) == Counters{.running = 6, .queued = 4});
}

TEST_CASE("a lowered limit interrupts no call, and surplus permits are not granted again",
          "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Crowd crowd(bulkhead);
  crowd.come(7);
  stage.settle();
  bulkhead.updateConfig({.maxConcurrent = 2});
  stage.settle();
  CHECK(countersOf(bulkhead) == Counters{.running = 5, .queued = 2});
  for (std::size_t left : {4U, 3U, 2U}) {
    crowd.permits.pop_back();
    stage.settle();
    CHECK(bulkhead.stats().active == left);
    CHECK(bulkhead.stats().queued == 2);
  }
  crowd.permits.pop_back();  // below the new limit: the next waiting call is granted
  stage.settle();
  CHECK(bulkhead.stats().active == 2);
  CHECK(bulkhead.stats().queued == 1);
}

TEST_CASE("a new call is admitted as soon as active is below the new limit", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  std::vector<Permit> held;
  for (int i = 0; i < 4; ++i) held.push_back(bulkhead.tryAcquire());
  bulkhead.updateConfig({.maxConcurrent = 2});
  CHECK_FALSE(bulkhead.tryAcquire());
  held.pop_back();
  CHECK_FALSE(bulkhead.tryAcquire());  // 3 of 2 in use
  held.pop_back();
  CHECK_FALSE(bulkhead.tryAcquire());  // 2 of 2 in use
  held.pop_back();
  CHECK(bulkhead.tryAcquire());
  CHECK(bulkhead.stats().utilization() == 0.5);
}

TEST_CASE("a limit that is lowered and raised again grants no extra permit", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Crowd crowd(bulkhead);
  crowd.come(8);
  stage.settle();
  bulkhead.updateConfig({.maxConcurrent = 2});
  bulkhead.updateConfig({.maxConcurrent = 5});
  stage.settle();
  CHECK(countersOf(bulkhead) == Counters{.running = 5, .queued = 3});
  bulkhead.updateConfig({.maxConcurrent = 6});
  stage.settle();
  CHECK(countersOf(bulkhead) == Counters{.running = 6, .queued = 2});
}

TEST_CASE(
    "a smaller queue does not evict waiting calls, and new ones are refused until it has room",
    "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Crowd crowd(bulkhead);
  crowd.come(5);
  stage.settle();
  bulkhead.updateConfig({.maxQueueSize = 2});
  stage.settle();
  CHECK(bulkhead.stats().queued == 4);
  CHECK(crowd.codes.empty());
  crowd.come(1);
  stage.settle();
  CHECK(crowd.codes == std::vector<net::error_code>{Errc::queueFull});
  for (int i = 0; i < 3; ++i) {
    crowd.permits.pop_back();
    stage.settle();
  }
  CHECK(bulkhead.stats().queued == 1);
  crowd.come(1);
  CHECK(bulkhead.stats().queued == 2);
  bulkhead.updateConfig({.maxQueueSize = 0});
  crowd.permits.clear();
  stage.settle();
  CHECK(crowd.permits.size() == 1);  // a waiting call is still served
  CHECK(bulkhead.stats().queued == 1);
}

TEST_CASE("a larger queue accepts calls at once", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  bulkhead.updateConfig({.maxQueueSize = 1});
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  CHECK(bulkhead.stats().queued == 1);
  hold.release();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a new timeout applies to calls that queue afterwards", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> before, after, never;
  bulkhead.acquire(before.permitted());
  bulkhead.updateConfig({.queueTimeout = 1s});
  bulkhead.acquire(after.permitted());
  bulkhead.updateConfig({.queueTimeout = 0s});
  bulkhead.acquire(never.permitted());
  stage.advance(1s);
  CHECK(after.is(Errc::queueTimeout));
  CHECK(never.is(Errc::queueFull));
  CHECK(before.open());
  stage.advance(9s);
  CHECK(before.is(Errc::queueTimeout));
}

TEST_CASE("a resize rejects the queued call that can never fit and lets those behind it go on",
          "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  Permit hold = bulkhead.tryAcquire();
  bool ran = false;
  Ending<> impossible, executed, behind, alsoImpossible;
  bulkhead.acquire({.permits = 4}, impossible.permitted());
  bulkhead.acquire({.permits = 2}, behind.permitted());
  bulkhead.execute([&] { ran = true; }, {.permits = 4}, executed.plain());
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      {.permits = 4}, alsoImpossible.plain());
  bulkhead.updateConfig({.maxConcurrent = 3});
  stage.settle();
  CHECK(impossible.is(Errc::queueFull));
  CHECK(executed.is(Errc::queueFull));
  CHECK(alsoImpossible.is(Errc::queueFull));
  CHECK_FALSE(ran);
  CHECK(behind.fine());
  CHECK(countersOf(bulkhead) == Counters{.rejected = 3, .running = 2});
}

TEST_CASE("a handler and a callable may change the configuration", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Crowd crowd(bulkhead);
  bulkhead.execute([&] { bulkhead.updateConfig({.maxConcurrent = 2}); },
                   [&](std::exception_ptr) { bulkhead.updateConfig({.maxConcurrent = 3}); });
  crowd.come(5);
  stage.settle();
  CHECK(crowd.permits.size() == 3);
}

// --- unlimited limits ----------------------------------------------------------------------------

TEST_CASE("a bulkhead with unlimited permits refuses no call", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = unlimited, .maxQueueSize = 0}};
  std::vector<Permit> held;
  for (int i = 0; i < 10'000; ++i) held.push_back(bulkhead.tryAcquire());
  CHECK(bulkhead.stats().active == 10'000);
  Permit million = bulkhead.tryAcquire(1'000'000'000);
  CHECK(million.count() == 1'000'000'000);
  CHECK(bulkhead.stats().active == 1'000'010'000);
  CHECK(bulkhead.stats().running == 10'001);
}

TEST_CASE("an unlimited queue accepts any number of calls", "[config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = unlimited}};
  Crowd crowd(bulkhead);
  crowd.come(10'001);
  CHECK(bulkhead.stats().queued == 10'000);
  bulkhead.updateConfig({.maxConcurrent = unlimited});
  stage.settle();
  CHECK(crowd.permits.size() == 10'001);
}

// --- modes ---------------------------------------------------------------------------------------

TEST_CASE("mode observe delays and rejects no call and counts the calls above the limit",
          "[mode]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 2, .maxQueueSize = 0, .mode = Mode::observe}};
  Crowd crowd(bulkhead);
  crowd.come(5);
  stage.settle();
  CHECK(crowd.permits.size() == 5);
  CHECK(countersOf(bulkhead) == Counters{.running = 5});
  CHECK(bulkhead.stats().active == 5);
  CHECK(bulkhead.stats().overLimit == 3);
  CHECK(bulkhead.stats().utilization() == 1.0);  // at most 1
  CHECK(bulkhead.tryAcquire());
  CHECK(bulkhead.stats().overLimit == 4);
  crowd.permits.clear();
  CHECK(countersOf(bulkhead) == Counters{.executed = 6});
  Permit within = bulkhead.tryAcquire(2);
  CHECK(bulkhead.stats().overLimit == 4);
}

TEST_CASE("mode observe accepts every weight except 0", "[mode]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .mode = Mode::observe}};
  Ending<> heavy, weightless;
  bulkhead.acquire({.permits = 1000}, heavy.permitted());
  bulkhead.acquire({.permits = 0}, weightless.permitted());
  stage.settle();
  CHECK(heavy.fine());
  CHECK(heavy.permit.count() == 1000);
  CHECK(bulkhead.stats().active == 1000);
  CHECK(bulkhead.stats().overLimit == 1);
  CHECK(weightless.is(net::error::invalid_argument));
  heavy.permit.release();
  CHECK(bulkhead.stats().active == 0);
  Permit absurd = bulkhead.tryAcquire(SIZE_MAX);
  CHECK(absurd.count() == SIZE_MAX);
  Permit more = bulkhead.tryAcquire(SIZE_MAX);
  CHECK(more);
  absurd.release();
  more.release();
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.stats().running == 0);
}

TEST_CASE("mode off runs every call at once and counts none", "[mode]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0, .mode = Mode::off}};
  int runs = 0;
  Ending<> plain, coroutine, permit;
  for (int i = 0; i < 5; ++i) bulkhead.execute([&] { ++runs; }, [](std::exception_ptr) {});
  bulkhead.execute([&] { throw 1; }, plain.plain());
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        ++runs;
        co_return;
      },
      coroutine.plain());
  bulkhead.acquire({.permits = 7}, permit.permitted());
  Permit tried = bulkhead.tryAcquire(9);
  CHECK(runs == 0);  // still through the executor
  stage.settle();
  CHECK(runs == 6);
  CHECK(holds<int>(plain.error));
  CHECK(coroutine.fine());
  CHECK(permit.permit.count() == 7);
  CHECK(tried.count() == 9);
  const auto stats = bulkhead.stats();
  CHECK(countersOf(bulkhead) == Counters{});
  CHECK((stats.active == 0 && stats.peakActive == 0 && stats.overLimit == 0));
  CHECK(stats.executionTime.count() == 0);
  CHECK(stats.submitted() == 0);
}

TEST_CASE("a switch to observe or off grants the whole queue at once", "[mode]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire(2);
  std::vector<int> order;
  Crowd crowd(bulkhead);
  bulkhead.execute([&] { order.push_back(1); }, {.permits = 2}, [](std::exception_ptr) {});
  crowd.come(2);
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        order.push_back(2);
        co_return;
      },
      [](std::exception_ptr) {});
  bulkhead.updateConfig({.mode = mode});
  CHECK(bulkhead.stats().queued == 0);
  stage.settle();
  CHECK(order == std::vector<int>{1, 2});
  CHECK(crowd.permits.size() == 2);
  if (mode == Mode::observe) {
    CHECK(bulkhead.stats().overLimit == 4);
    CHECK(countersOf(bulkhead) == Counters{.executed = 2, .running = 3});
  } else {
    CHECK(bulkhead.stats().overLimit == 0);
  }
  crowd.permits.clear();
  hold.release();
  stage.settle();
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a permit remembers how it was granted, so no switch unbalances the counters", "[mode]") {
  Stage stage;
  const Mode modes[] = {Mode::enforce, Mode::observe, Mode::off};
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  for (const Mode given : modes) {
    for (const Mode returned : modes) {
      bulkhead.updateConfig({.mode = given});
      const std::size_t weight = given == Mode::enforce ? 2 : 5;
      Permit permit = bulkhead.tryAcquire(weight);
      CHECK(permit.count() == weight);
      CHECK(bulkhead.stats().active == (given == Mode::off ? 0 : weight));
      bulkhead.updateConfig({.mode = returned});
      permit.release();
      CHECK(bulkhead.stats().active == 0);
      CHECK(bulkhead.stats().running == 0);
    }
  }
  CHECK(bulkhead.stats().executed == 6);  // mode off is not counted
}

TEST_CASE("a running call remembers how it was admitted", "[mode]") {
  Stage stage;
  const Mode modes[] = {Mode::enforce, Mode::observe, Mode::off};
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  for (const Mode given : modes) {
    for (const Mode returned : modes) {
      Gate gate(stage.io);
      bulkhead.updateConfig({.mode = given});
      Ending<> coroutine, plain;
      bulkhead.execute([&] { return gate.pass(); }, coroutine.plain());
      bulkhead.execute([] {}, plain.plain());
      bulkhead.updateConfig({.mode = returned});
      stage.settle();
      gate.open();
      stage.settle();
      CHECK((coroutine.fine() && plain.fine()));
      CHECK(bulkhead.stats().active == 0);
    }
  }
  CHECK(countersOf(bulkhead) == Counters{.executed = 12});
}

TEST_CASE("after a switch back to enforce calls wait until active is below the limit", "[mode]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .mode = Mode::observe}};
  Crowd crowd(bulkhead);
  crowd.come(4);
  stage.settle();
  bulkhead.updateConfig({.mode = Mode::enforce});
  Ending<> waiting;
  bulkhead.acquire(waiting.permitted());
  for (int i = 0; i < 2; ++i) {
    crowd.permits.pop_back();
    stage.settle();
    CHECK(waiting.open());
  }
  crowd.permits.pop_back();
  stage.settle();
  CHECK(waiting.fine());
  CHECK(bulkhead.stats().active == 2);
}

TEST_CASE("a switch of mode applies the new limit of the same update", "[mode]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Crowd crowd(bulkhead);
  crowd.come(4);
  stage.settle();
  bulkhead.updateConfig({.maxConcurrent = 3, .mode = Mode::observe});
  stage.settle();
  CHECK(crowd.permits.size() == 4);
  CHECK(bulkhead.stats().overLimit == 1);  // the fourth of 3
}
