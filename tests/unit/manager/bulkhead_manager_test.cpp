#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/manager/initiate_managed.hpp>
#include <bulwark/detail/manager/manager_state.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include BULWARK_NET(use_future.hpp)

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// Creation, the forms of a call, and queries. The other subjects have files of their own:
// manager_calls, manager_cancel, manager_config, manager_drain, manager_lifetime.

// --- creation ------------------------------------------------------------------------------------

TEST_CASE("a manager deduces its type from its context", "[manager]") {
  net::io_context io;
  bulwark::BulkheadManager plain{io};
  bulwark::BulkheadManager configured{io, {.semaphores = {{"cpu", 2}}}};
  bulwark::BulkheadManager<> onExecutor{net::any_io_executor(io.get_executor())};
  STATIC_REQUIRE(std::is_same_v<decltype(plain), bulwark::BulkheadManager<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(configured), bulwark::BulkheadManager<>>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<Manager>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Manager>);
  CHECK(configured.semaphore("cpu") != nullptr);
  CHECK(plain.get_executor() == net::any_io_executor(io.get_executor()));
}

TEST_CASE("a service gets its bulkhead when its name is first used", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.services = {{"db", {.maxConcurrent = 3}}}}};
  CHECK(manager.stats().bulkheads.empty());
  auto& bulkhead = manager.bulkhead("db");
  CHECK(bulkhead.name() == "db");
  CHECK(manager.stats().bulkheads.size() == 1);
  Ending<> ending;
  manager.execute(
      "web", [] {}, ending.plain());
  CHECK(manager.stats().bulkheads.size() == 2);
  stage.settle();
  CHECK(ending.fine());
  CHECK(serviceCounters(manager, "web") == Counters{.executed = 1});
}

TEST_CASE("a bulkhead keeps its address however many are added after it", "[manager]") {
  Stage stage;
  Manager manager{stage.io};
  std::vector<Bulkhead*> first;
  for (int i = 0; i < 300; ++i) first.push_back(&manager.bulkhead("s" + std::to_string(i)));
  for (int i = 0; i < 300; ++i) {
    const std::string name = "s" + std::to_string(i);
    CHECK(&manager.bulkhead(name) == first[static_cast<std::size_t>(i)]);
    CHECK(first[static_cast<std::size_t>(i)]->name() == name);
  }
  CHECK(manager.stats().bulkheads.size() == 300);
}

TEST_CASE("names are compared by their characters and not by their address", "[manager]") {
  Stage stage;
  Manager manager{stage.io};
  const std::string text = "db.read.db.read";
  auto& bulkhead = manager.bulkhead(std::string_view(text).substr(0, 7));
  CHECK(&manager.bulkhead(std::string_view(text).substr(8)) == &bulkhead);
  CHECK(&manager.bulkhead("db.read") == &bulkhead);
  CHECK(&manager.bulkhead("db.rea") != &bulkhead);
  CHECK(bulkhead.name() == "db.read");
}

TEST_CASE("a service has the defaults except where it is configured", "[manager]") {
  Stage stage;
  Manager manager{stage.io,
                  {.defaults = {.maxConcurrent = 4,
                                .maxQueueSize = 7,
                                .queueTimeout = 3s,
                                .mode = Mode::observe},
                   .services = {{"a", {.maxConcurrent = 9}},
                                {"b", {.maxQueueSize = 1, .queueTimeout = 1ms}},
                                {"c", {.mode = Mode::enforce}}}}};
  const auto check = [&](const char* name, std::size_t concurrent, std::size_t queue,
                         std::chrono::nanoseconds timeout, Mode mode) {
    const BulkheadConfig config = manager.bulkhead(name).config();
    CHECK(config.name == name);
    CHECK(config.maxConcurrent == concurrent);
    CHECK(config.maxQueueSize == queue);
    CHECK(config.queueTimeout == timeout);
    CHECK(config.mode == mode);
  };
  check("a", 9, 7, 3s, Mode::observe);
  check("b", 4, 1, 1ms, Mode::observe);
  check("c", 4, 7, 3s, Mode::enforce);
  check("d", 4, 7, 3s, Mode::observe);
}

TEST_CASE("the semaphores of a configuration exist and have its timeout", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 5}, {"io", 1}}, .semaphoreTimeout = 7s}};
  REQUIRE(manager.semaphore("cpu") != nullptr);
  const SemaphoreConfig config = manager.semaphore("cpu")->config();
  CHECK(config.name == "cpu");
  CHECK(config.permits == 5);
  CHECK(config.maxQueueSize == bulwark::unlimited);
  CHECK(config.acquireTimeout == 7s);
  CHECK(config.mode == Mode::enforce);
  CHECK(manager.semaphore("io")->config().permits == 1);
  CHECK(manager.semaphore("io") == manager.semaphore("io"));
  CHECK(manager.semaphore("disk") == nullptr);
  CHECK(manager.semaphore("") == nullptr);
}

TEST_CASE("a service without a name is a ConfigError", "[manager]") {
  Stage stage;
  Manager manager{stage.io};
  const auto error = configErrorOf([&] { manager.bulkhead(""); });
  CHECK(error.field() == "service");
  CHECK(error.value() == "\"\"");
  CHECK(error.rule() == "must not be empty");
  CHECK(manager.stats().bulkheads.empty());
}

TEST_CASE("a bad configuration creates no manager", "[manager]") {
  Stage stage;
  const auto errorOf = [&](ManagerConfig config) {
    return configErrorOf([&] { Manager manager(stage.io, std::move(config)); });
  };
  CHECK(errorOf({.defaults = {.maxConcurrent = 0}}).field() == "maxConcurrent");
  CHECK(errorOf({.defaults = {.maxConcurrent = 0}}).bulkhead() == "(defaults)");
  CHECK(errorOf({.services = {{"db", {.queueTimeout = -1ns}}}}).bulkhead() == "db");
  CHECK(errorOf({.services = {{"db", {.queueTimeout = -1ns}}}}).field() == "queueTimeout");
  CHECK(errorOf({.services = {{"db", {.queueTimeout = -1ns}}}}).value() == "-1 ns");
  CHECK(errorOf({.services = {{"db", {.mode = static_cast<Mode>(9)}}}}).field() == "mode");
  CHECK(errorOf({.services = {{"", {}}}}).field() == "services");
  CHECK(errorOf({.semaphores = {{"cpu", 0}}}).bulkhead() == "cpu");
  CHECK(errorOf({.semaphores = {{"cpu", 0}}}).field() == "permits");
  CHECK(errorOf({.semaphores = {{"", 1}}}).field() == "semaphores");
  CHECK(errorOf({.semaphoreTimeout = -1ns}).field() == "semaphoreTimeout");
}

// --- bulkheads and semaphores with their own limits ----------------------------------------------

TEST_CASE("addBulkhead runs a service on its own executor", "[manager]") {
  Stage stage;
  net::io_context own;
  Manager manager{stage.io};
  auto& bulkhead = manager.addBulkhead({.name = "files", .maxConcurrent = 2}, own.get_executor());
  CHECK(bulkhead.get_executor() == net::any_io_executor(own.get_executor()));
  CHECK(&manager.bulkhead("files") == &bulkhead);
  CHECK(bulkhead.config().maxConcurrent == 2);
  Ending<> ending;
  manager.execute(
      "files", [] {}, ending.plain());
  stage.settle();
  CHECK(ending.open());
  settle(own);
  CHECK(ending.fine());
  CHECK(manager.stats().bulkheads.at("files").executed == 1);
}

TEST_CASE("the configuration of a service overrides the arguments of addBulkhead", "[manager]") {
  Stage stage;
  Manager manager{
      stage.io, {.defaults = {.maxQueueSize = 99}, .services = {{"files", {.maxConcurrent = 7}}}}};
  auto& bulkhead = manager.addBulkhead({.name = "files", .maxConcurrent = 2, .maxQueueSize = 3},
                                       stage.io.get_executor());
  CHECK(bulkhead.config().maxConcurrent == 7);
  CHECK(bulkhead.config().maxQueueSize == 3);  // not the default
}

TEST_CASE("addBulkhead refuses a name that is taken, an empty name and a bad limit", "[manager]") {
  Stage stage;
  Manager manager{stage.io};
  const auto add = [&](BulkheadConfig config) {
    return configErrorOf([&] { manager.addBulkhead(std::move(config), stage.io.get_executor()); });
  };
  auto& there = manager.bulkhead("db");
  const auto taken = add({.name = "db", .maxConcurrent = 1});
  CHECK(taken.bulkhead() == "db");
  CHECK(taken.field() == "name");
  CHECK(taken.value() == "\"db\"");
  CHECK(taken.rule() == "must be new: there is a service of this name");
  CHECK(there.config().maxConcurrent == 10);
  CHECK(add({.name = "", .maxConcurrent = 1}).field() == "name");
  CHECK(add({.name = "x", .maxConcurrent = 0}).field() == "maxConcurrent");
  CHECK(manager.stats().bulkheads.size() == 1);
  CHECK(manager.bulkhead("x").config().maxConcurrent ==
        10);  // the failed attempt left nothing behind
}

TEST_CASE("addSemaphore adds a semaphore with its own queue and timeout", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 5}}, .semaphoreTimeout = 7s}};
  auto& semaphore = manager.addSemaphore({.name = "gpu",
                                          .permits = 2,
                                          .maxQueueSize = 1,
                                          .acquireTimeout = 3s,
                                          .mode = Mode::observe});
  CHECK(manager.semaphore("gpu") == &semaphore);
  CHECK(semaphore.config().permits == 2);
  CHECK(semaphore.config().maxQueueSize == 1);
  CHECK(semaphore.config().acquireTimeout == 3s);
  CHECK(semaphore.config().mode == Mode::observe);
  CHECK(configErrorOf([&] { manager.addSemaphore({.name = "gpu"}); }).rule() ==
        "must be new: there is a semaphore of this name");
  CHECK(configErrorOf([&] { manager.addSemaphore({.name = "cpu"}); }).bulkhead() == "cpu");
  CHECK(configErrorOf([&] { manager.addSemaphore({.name = ""}); }).field() == "name");
  CHECK(configErrorOf([&] { manager.addSemaphore({.name = "x", .permits = 0}); }).field() ==
        "permits");
  CHECK(manager.semaphore("x") == nullptr);
  CHECK(manager.stats().semaphores.size() == 2);
}

TEST_CASE("a service and a semaphore may have the same name", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"gpu", 1}}}};
  Ending<> ending;
  manager.execute(
      "gpu", [] {}, {.semaphores = {"gpu"}}, ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(serviceCounters(manager, "gpu") == Counters{.executed = 1});
  CHECK(semaphoreCounters(manager, "gpu") == SemaphoreCounters{.acquired = 1, .released = 1});
}

// --- invalid calls -------------------------------------------------------------------------------

TEST_CASE("an unknown semaphore is a ConfigError for the caller before anything is acquired",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  bool ran = false;
  Ending<> ending;
  manager.execute(
      "db", [&] { ran = true; }, {.semaphores = {"cpu", "no such"}}, ending.plain());
  CHECK(ending.open());  // not inside the initiating function
  CHECK(manager.semaphore("cpu")->stats().available == 1);
  CHECK(manager.stats().bulkheads.empty());  // not even created
  stage.settle();
  REQUIRE(ending.times == 1);
  const auto error = configErrorIn(ending.error);
  CHECK(error.bulkhead() == "db");
  CHECK(error.field() == "semaphores");
  CHECK(error.value() == "\"no such\"");
  CHECK(error.rule() == "must be the name of a semaphore of this manager");
  CHECK(ending.code == net::error::invalid_argument);
  CHECK_FALSE(ran);
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
  CHECK(manager.stats().bulkheads.empty());
}

TEST_CASE("an empty service or semaphore name is a ConfigError for the caller", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Ending<> plain, withSemaphores, semaphore;
  Ending<> valued;
  manager.execute(
      "", [] {}, plain.plain());
  manager.execute(
      "", [] { return 7; }, {.semaphores = {"cpu"}}, valued.valued());
  manager.execute(
      "db", [] {}, {.semaphores = {""}}, semaphore.plain());
  stage.settle();
  CHECK(configErrorIn(plain.error).field() == "service");
  CHECK(configErrorIn(plain.error).value() == "\"\"");
  CHECK(configErrorIn(plain.error).rule() == "must not be empty");
  CHECK(configErrorIn(valued.error).field() == "service");
  CHECK(valued.value == 0);
  CHECK(configErrorIn(semaphore.error).field() == "semaphores");
  CHECK(configErrorIn(semaphore.error).value() == "\"\"");
  CHECK(manager.stats().bulkheads.empty());
}

TEST_CASE("a weight above the bulkhead's limit is a ConfigError and acquires no semaphore",
          "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 1}}}};
  Ending<> none, tooMuch;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .permits = 0}, none.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .permits = 3}, tooMuch.plain());
  stage.settle();
  CHECK(configErrorIn(none.error).field() == "permits");
  CHECK(configErrorIn(none.error).value() == "0");
  CHECK(configErrorIn(tooMuch.error).bulkhead() == "db");
  CHECK(configErrorIn(tooMuch.error).value() == "3");
  CHECK(serviceCounters(manager, "db") == Counters{});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
}

TEST_CASE("the error of a specialised call names the missing semaphore", "[manager]") {
  Stage stage;
  Manager manager{stage.io};
  Ending<> cpu, memory, ai;
  manager.executeCpuIntensive(
      "db", [] {}, cpu.plain());
  manager.executeMemoryIntensive(
      "db", [] {}, memory.plain());
  manager.executeAITask(
      "claude", [] {}, ai.plain());
  stage.settle();
  CHECK(configErrorIn(cpu.error).value() == "\"global.cpu_intensive\"");
  CHECK(configErrorIn(cpu.error).rule() == "executeCpuIntensive() needs a semaphore of this name");
  CHECK(configErrorIn(cpu.error).bulkhead() == "db");
  CHECK(configErrorIn(memory.error).value() == "\"global.memory_intensive\"");
  CHECK(configErrorIn(memory.error).rule() ==
        "executeMemoryIntensive() needs a semaphore of this name");
  CHECK(configErrorIn(ai.error).value() == "\"ai.total_requests\"");
  CHECK(configErrorIn(ai.error).rule() == "executeAITask() needs a semaphore of this name");
  CHECK(configErrorIn(ai.error).bulkhead() == "ai.claude");
  CHECK(manager.stats().bulkheads.empty());
}

TEST_CASE("specialised calls run in their service under their semaphore", "[manager]") {
  Stage stage;
  Manager manager{
      stage.io,
      {.semaphores = {
           {"global.cpu_intensive", 1}, {"global.memory_intensive", 1}, {"ai.total_requests", 1}}}};
  std::size_t cpuFree = 9, memoryFree = 9, aiFree = 9;
  const auto available = [&](const char* name) {
    return manager.semaphore(name)->stats().available;
  };
  Ending<> cpu, memory, ai;
  manager.executeCpuIntensive(
      "a", [&] { cpuFree = available("global.cpu_intensive"); }, cpu.plain());
  manager.executeMemoryIntensive(
      "b", [&] { memoryFree = available("global.memory_intensive"); }, memory.plain());
  manager.executeAITask(
      "claude", [&] { aiFree = available("ai.total_requests"); }, ai.plain());
  stage.settle();
  CHECK((cpu.fine() && memory.fine() && ai.fine()));
  CHECK(cpuFree == 0);
  CHECK(memoryFree == 0);
  CHECK(aiFree == 0);
  CHECK(serviceCounters(manager, "a") == Counters{.executed = 1});
  CHECK(serviceCounters(manager, "b") == Counters{.executed = 1});
  CHECK(serviceCounters(manager, "ai.claude") == Counters{.executed = 1});
  CHECK(manager.stats().bulkheads.size() == 3);
  for (const char* name : {"global.cpu_intensive", "global.memory_intensive", "ai.total_requests"})
    CHECK(semaphoreCounters(manager, name) == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("an AI task without a provider is a ConfigError", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"ai.total_requests", 1}}}};
  Ending<> ending;
  manager.executeAITask(
      "", [] {}, ending.plain());
  stage.settle();
  CHECK(configErrorIn(ending.error).field() == "service");
  CHECK(manager.stats().bulkheads.empty());
}

// --- callables, results and tokens ---------------------------------------------------------------

TEST_CASE("callables and results may be move-only, with and without semaphores", "[manager]") {
  Stage stage;
  const bool chained = GENERATE(false, true);
  const bool waits = GENERATE(false, true);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit hold = waits ? manager.bulkhead("db").tryAcquire() : Permit();
  const ManagerCallOptions options{.semaphores = chained ? std::vector<std::string>{"cpu"}
                                                         : std::vector<std::string>{}};
  Ending<std::unique_ptr<int>> plain, coroutine;
  manager.execute(
      "db", [own = std::make_unique<int>(3)]() mutable { return std::move(own); }, options,
      plain.valued());
  manager.execute(
      "db",
      [own = std::make_unique<int>(4)]() -> net::awaitable<std::unique_ptr<int>> {
        co_return std::make_unique<int>(*own);
      },
      options, coroutine.valued());
  hold.release();
  stage.settle();
  REQUIRE((plain.fine() && coroutine.fine()));
  CHECK(**plain.value == 3);
  CHECK(**coroutine.value == 4);
}

TEST_CASE("an exception of the callable reaches the handler as it was thrown", "[manager]") {
  struct Broken {
    int number;
  };
  Stage stage;
  const bool awaitable = GENERATE(false, true);
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  Ending<> ending;
  if (awaitable) {
    manager.execute(
        "db",
        []() -> net::awaitable<void> {
          throw Broken{5};
          co_return;
        },
        {.semaphores = {"cpu"}}, ending.plain());
  } else {
    manager.execute(
        "db", [] { throw Broken{5}; }, {.semaphores = {"cpu"}}, ending.plain());
  }
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(isExactly<Broken>(ending.error));
  CHECK(serviceCounters(manager, "db") == Counters{.failed = 1});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("a coroutine awaits a call of the manager", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  // A local, because g++ cannot handle a braced list inside co_await.
  const ManagerCallOptions options{.semaphores = {"cpu"}};
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<int> {
        std::string service = "db";
        const int two = co_await manager.execute(
            service, [] { return 2; }, options, net::use_awaitable);
        co_await manager.execute(
            service, [] {}, net::use_awaitable);
        co_return two;
      },
      ending.valued());
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.value == 2);
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 2});
}

TEST_CASE("a future gets the result of a call of the manager", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  std::future<int> future = manager.execute(
      "db", [] { return 2; }, {.semaphores = {"cpu"}}, net::use_future);
  stage.settle();
  CHECK(future.get() == 2);
}

TEST_CASE("a lazy call copies its names and does nothing before it is started", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"a semaphore with a name that needs the heap", 1}}}};
  Ending<> ending, unused;
  {
    std::string service = "a service with a name that needs the heap";
    auto options = std::make_unique<ManagerCallOptions>();
    options->semaphores = {"a semaphore with a name that needs the heap"};
    auto call = manager.execute(
        service, [] { return 3; }, *options, lazily);
    auto neverStarted = manager.execute(
        service, [] { return 3; }, *options, lazily);
    options.reset();
    service.assign(service.size(), '-');
    stage.settle();
    CHECK(manager.stats().bulkheads.empty());
    std::move(call)(ending.valued());
  }
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.value == 3);
  CHECK(serviceCounters(manager, "a service with a name that needs the heap") ==
        Counters{.executed = 1});
  CHECK(manager.semaphore("a semaphore with a name that needs the heap")->stats().released == 1);
}

TEST_CASE("a lazy AI task copies its provider", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"ai.total_requests", 1}}}};
  Ending<> ending;
  std::string provider = "a provider with a name that needs the heap";
  auto call = manager.executeAITask(
      provider, [] {}, lazily);
  provider.assign(provider.size(), '-');
  std::move(call)(ending.plain());
  stage.settle();
  CHECK(ending.fine());
  CHECK(manager.stats().bulkheads.count("ai.a provider with a name that needs the heap") == 1);
}

TEST_CASE("a handler runs on its own executor, however the call ends", "[manager]") {
  Stage stage;
  net::io_context other;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}, .semaphoreTimeout = 1s}};
  Ending<> executed, refused, timedOut, unknown, drained;
  const auto bound = [&](auto handler) { return net::bind_executor(other, std::move(handler)); };
  const ManagerCallOptions options{.semaphores = {"cpu"}};
  manager.execute(
      "db", [] {}, options, bound(executed.plain()));
  stage.settle();
  Permit hold = manager.semaphore("cpu")->tryAcquire();
  CHECK(hold);  // the permit is released before the handler runs
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}, .waitTimeout = 0s}, bound(refused.plain()));
  manager.execute(
      "db", [] {}, options, bound(timedOut.plain()));
  manager.execute(
      "db", [] {}, {.semaphores = {"no such"}}, bound(unknown.plain()));
  stage.advance(1s);
  manager.drainAll(bound(drained.coded()));
  hold.release();
  stage.settle();
  CHECK((executed.open() && refused.open() && timedOut.open() && unknown.open()));
  CHECK(drained.open());
  settle(other);
  CHECK(executed.fine());
  CHECK(refused.is(Errc::queueFull));
  CHECK(timedOut.is(Errc::queueTimeout));
  CHECK(configErrorIn(unknown.error).field() == "semaphores");
  CHECK(drained.fine());
}

// --- queries -------------------------------------------------------------------------------------

TEST_CASE("stats() has every bulkhead and every semaphore by name", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 3}}}};
  manager.addSemaphore({.name = "gpu", .permits = 4});
  manager.addBulkhead({.name = "files"}, stage.io.get_executor());
  Permit hold = manager.bulkhead("db").tryAcquire(2);
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> waiting;
  manager.execute(
      "db", [] {}, waiting.plain());
  const bulwark::ManagerStats stats = manager.stats();
  REQUIRE(stats.bulkheads.size() == 2);
  CHECK(stats.bulkheads.at("db").name == "db");
  CHECK(stats.bulkheads.at("db").active == 2);
  CHECK(stats.bulkheads.at("db").queued == 1);
  CHECK(stats.bulkheads.at("files").active == 0);
  REQUIRE(stats.semaphores.size() == 2);
  CHECK(stats.semaphores.at("cpu").available == 2);
  CHECK(stats.semaphores.at("gpu").permits == 4);
}

TEST_CASE("reset() zeroes one service, resetAll() zeroes all, and calls continue", "[manager]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Ending<> ran[2], waiting;
  manager.execute(
      "a", [] {}, {.semaphores = {"cpu"}}, ran[0].plain());
  manager.execute(
      "b", [] {}, {.semaphores = {"cpu"}}, ran[1].plain());
  stage.settle();
  Permit hold = manager.bulkhead("a").tryAcquire();
  manager.execute(
      "a", [] {}, {.semaphores = {"cpu"}}, waiting.plain());
  manager.reset("a");
  manager.reset("no such");
  CHECK(manager.stats().bulkheads.size() == 2);
  CHECK(serviceCounters(manager, "a") == Counters{.running = 1, .queued = 1});
  CHECK(serviceCounters(manager, "b") == Counters{.executed = 1});
  CHECK(semaphoreCounters(manager, "cpu").released == 2);
  manager.resetAll();
  CHECK(serviceCounters(manager, "b") == Counters{});
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{});
  hold.release();
  stage.settle();
  CHECK(waiting.fine());
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 1, .released = 1});
}

TEST_CASE("health() counts waiting and running calls", "[manager][health]") {
  Stage stage;
  Manager manager{stage.io,
                  {.defaults = {.maxConcurrent = 3}, .semaphores = {{"cpu", 2}, {"a", 1}}}};
  Permit weighted = manager.bulkhead("x").tryAcquire(3);
  Permit single = manager.bulkhead("y").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> first, second;
  manager.execute(
      "x", [] {}, first.plain());
  manager.execute(
      "x", [] {}, second.plain());
  const bulwark::HealthSummary health = manager.health();
  CHECK(health.totalBulkheads == 2);
  CHECK(health.totalSemaphores == 2);
  CHECK(health.queuedTasks == 2);
  CHECK(health.activeTasks == 2);
  CHECK(health.saturated == std::vector<std::string>{"x"});
  REQUIRE(health.semaphores.size() == 2);
  CHECK(health.semaphores[0].name == "a");
  CHECK(health.semaphores[1].name == "cpu");
  CHECK(health.semaphores[1].available == 1);
  CHECK(health.semaphores[1].permits == 2);
}

TEST_CASE("health() names the bulkheads with overdue calls, and says which are stalled",
          "[manager][health]") {
  Stage stage;
  Manager manager{stage.io,
                  {.services = {{"stalled", {.executionTimeout = 100ms, .maxOverdue = 2}},
                                {"late", {.executionTimeout = 100ms, .maxOverdue = 2}},
                                {"in time", {.executionTimeout = 1s}}},
                   .semaphores = {{"cpu", 1}}}};
  Gate gate(stage.io);
  const auto stubborn = [&]() -> net::awaitable<void> {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_await gate.pass();
  };
  std::vector<std::unique_ptr<Ending<>>> endings;
  for (const char* name : {"stalled", "stalled", "late", "in time"}) {
    endings.push_back(std::make_unique<Ending<>>());
    manager.execute(name, stubborn, endings.back()->plain());
  }
  stage.settle();
  stage.advance(100ms - 1ns);
  CHECK(manager.health().overdueTasks == 0);
  CHECK(manager.health().overdue.empty());
  stage.advance(1ns);
  const bulwark::HealthSummary health = manager.health();
  CHECK(health.overdueTasks == 3);
  CHECK(health.activeTasks == 4);
  REQUIRE(health.overdue.size() == 2);
  CHECK(health.overdue[0].name == "late");
  CHECK(health.overdue[0].overdue == 1);
  CHECK_FALSE(health.overdue[0].stalled);
  CHECK(health.overdue[1].name == "stalled");
  CHECK(health.overdue[1].overdue == 2);
  CHECK(health.overdue[1].stalled);
  manager.updateConfig("late", {.maxOverdue = 1});
  CHECK(manager.health().overdue[0].stalled);
  gate.open();
  stage.settle();
  CHECK(manager.health().overdueTasks == 0);
  CHECK(manager.health().overdue.empty());
}

TEST_CASE("a bulkhead without waiting room is saturated as soon as no permit is free",
          "[manager][health]") {
  Stage stage;
  Manager manager{stage.io,
                  {.services = {{"queue of 0", {.maxConcurrent = 1, .maxQueueSize = 0}},
                                {"timeout of 0", {.maxConcurrent = 1, .queueTimeout = 0s}},
                                {"may wait", {.maxConcurrent = 1}}}}};
  std::vector<Permit> holds;
  for (const char* name : {"queue of 0", "timeout of 0", "may wait"}) {
    auto& bulkhead = manager.bulkhead(name);
    CHECK(manager.health().saturated.size() == holds.size());
    holds.push_back(bulkhead.tryAcquire());
  }
  CHECK(manager.health().saturated == std::vector<std::string>{"queue of 0", "timeout of 0"});
  holds.clear();
  CHECK(manager.health().saturated.empty());
}

TEST_CASE("saturated follows a live change of the limits", "[manager][health]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  CHECK(manager.health().saturated.empty());
  manager.updateConfig("db", {.maxQueueSize = 0});
  CHECK(manager.health().saturated == std::vector<std::string>{"db"});
  manager.bulkhead("db").updateConfig({.maxConcurrent = 2});
  CHECK(manager.health().saturated.empty());
  manager.bulkhead("db").updateConfig({.maxConcurrent = 1});
  manager.setMode(Mode::observe);
  CHECK(manager.health().saturated.empty());  // mode observe neither delays nor rejects calls
}

TEST_CASE("a weighted call at the head of the queue saturates a bulkhead that has free permits",
          "[manager][health]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 3}}};
  Permit hold = manager.bulkhead("db").tryAcquire();
  Ending<> heavy;
  manager.execute(
      "db", [] {}, {.permits = 3}, heavy.plain());
  CHECK(manager.health().saturated == std::vector<std::string>{"db"});
  hold.release();
  CHECK(manager.health().saturated.empty());
  stage.settle();
  CHECK(heavy.fine());
}

TEST_CASE("saturated bulkheads are sorted, and reading does not change them", "[manager][health]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1, .maxQueueSize = 0}}};
  std::vector<Permit> holds;
  for (const char* name : {"m", "z", "a", "k"}) {
    holds.push_back(manager.bulkhead(name).tryAcquire());
  }
  const std::vector<std::string> all{"a", "k", "m", "z"};
  CHECK(manager.health().saturated == all);
  Ending<> rejected;
  manager.execute(
      "a", [] {}, rejected.plain());
  CHECK(manager.health().saturated == all);
  CHECK(manager.health().saturated == all);
  holds.clear();
  CHECK(manager.health().saturated.empty());  // earlier saturation does not count
}

TEST_CASE("a call that waits for a semaphore does not saturate its bulkhead", "[manager][health]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  CHECK(manager.health().saturated.empty());
  CHECK(manager.health().activeTasks == 1);
  CHECK(manager.health().queuedTasks == 0);
  CHECK(manager.health().semaphores[0].available == 0);
}

// --- executors that call back --------------------------------------------------------------------

namespace {

/// An executor that calls `says` whenever one of its copies is made or destroyed.
class TalkingExecutor : public net::io_context::executor_type {
  using Base = net::io_context::executor_type;

 public:
  explicit TalkingExecutor(net::io_context& io) : Base(io.get_executor()) {}
  TalkingExecutor(const TalkingExecutor& other) noexcept : Base(other) { talk(); }
  TalkingExecutor& operator=(const TalkingExecutor&) = default;
  ~TalkingExecutor() { talk(); }

  static inline std::function<void()> says;
  static inline int times = 0;  // calls of `says` left, 0 during a call

 private:
  static void talk() noexcept {
    if (times <= 0) return;
    const int left = std::exchange(times, 0);
    says();
    times = left - 1;
  }
};

using TalkingManager = bulwark::BulkheadManager<TalkingExecutor, ManualClock>;

}  // namespace

TEST_CASE("an executor that is copied or destroyed may use the manager", "[manager]") {
  Stage stage;
  TalkingManager manager(TalkingExecutor(stage.io), {.semaphores = {{"cpu", 1}}});
  int said = 0;
  TalkingExecutor::says = [&] {
    ++said;
    manager.bulkhead("made by the executor");
    manager.updateConfig("db", {.maxConcurrent = 7});
    manager.setMode(Mode::observe);
    manager.setObserver({});
    static_cast<void>(manager.health());
  };
  SECTION("the executor of a service that is first used") {
    TalkingExecutor::times = 50;
    auto& made = manager.bulkhead("db");
    TalkingExecutor::times = 0;
    CHECK(made.config().maxConcurrent == 7);  // the change made while the bulkhead was created
    CHECK(made.config().mode == Mode::observe);
    CHECK(&manager.bulkhead("db") == &made);
  }
  SECTION("the executor of an added bulkhead") {
    const TalkingExecutor executor(stage.io);
    TalkingExecutor::times = 50;
    auto& made = manager.addBulkhead({.name = "db", .maxConcurrent = 3}, executor);
    TalkingExecutor::times = 0;
    CHECK(made.config().maxConcurrent == 7);
  }
  SECTION("the executor of an added semaphore") {
    TalkingExecutor::times = 50;
    auto& made = manager.addSemaphore({.name = "disk", .permits = 3});
    TalkingExecutor::times = 0;
    CHECK(made.config().mode == Mode::observe);
    CHECK(manager.semaphore("disk") == &made);
  }
  SECTION("the executor of a semaphore that a configuration adds") {
    TalkingExecutor::times = 50;
    manager.apply({.semaphores = {{"cpu", 2}, {"disk", 3}}});
    TalkingExecutor::times = 0;
    CHECK(manager.semaphore("disk")->config().permits == 3);
    CHECK(manager.semaphore("cpu")->config().permits == 2);
  }
  CHECK(said > 0);
  TalkingExecutor::says = nullptr;
}

TEST_CASE("a service that its own executor creates first is the one that is found", "[manager]") {
  Stage stage;
  TalkingManager manager(TalkingExecutor(stage.io));
  const void* first = nullptr;
  TalkingExecutor::says = [&] { first = &manager.bulkhead("db"); };
  TalkingExecutor::times = 1;
  CHECK(&manager.bulkhead("db") == first);
  CHECK(manager.stats().bulkheads.size() == 1);
  TalkingExecutor::says = [&] { first = &manager.addSemaphore({.name = "disk"}); };
  TalkingExecutor::times = 1;
  CHECK(configErrorOf([&] { manager.addSemaphore({.name = "disk"}); }).field() == "name");
  CHECK(manager.semaphore("disk") == first);
  TalkingExecutor::times = 1;
  TalkingExecutor::says = [&] { manager.bulkhead("own"); };
  const TalkingExecutor executor(stage.io);
  TalkingExecutor::times = 1;
  CHECK(configErrorOf([&] { manager.addBulkhead({.name = "own"}, executor); }).field() == "name");
  CHECK(manager.stats().bulkheads.size() == 2);
  TalkingExecutor::says = nullptr;
  TalkingExecutor::times = 0;
}

TEST_CASE("a bulkhead created while an observer is set and a drain begins has both", "[manager]") {
  Stage stage;
  TalkingManager manager{TalkingExecutor(stage.io)};
  int notified = 0;
  TalkingExecutor::says = [&] {
    manager.setObserver([&](const bulwark::BulkheadEvent&) { ++notified; });
    manager.drainAll([](net::error_code) {});
  };
  TalkingExecutor::times = 1;
  CHECK(manager.bulkhead("db").draining());
  CHECK(notified == 1);
  TalkingExecutor::says = nullptr;
}
