// What does it cost to call a service by its name, through a manager, and what does a semaphore
// add? The manager has the services of athenaPreset(), all of them in use.
//
//   call         1000 calls started from outside the context, then run: on the bulkhead itself, by
//                its name through the manager, and with one semaphore and two in addition
//   look_up      finds the bulkhead of a name
//   health       makes a HealthSummary
//   preset       creates a manager from the preset

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <exception>
#include <string>
#include <utility>

#include "support/per_call.hpp"

namespace {

namespace net = bulwark::net;
using Executor = net::io_context::executor_type;

constexpr std::size_t batchSize = 1000;

/// A manager with as many services as the preset has, and the service that is called.
struct Fixture {
  Fixture() : manager(io.get_executor(), config()) {
    for (const auto& [name, overrides] : config().services) manager.bulkhead(name);
  }

  static bulwark::ManagerConfig config() {
    bulwark::ManagerConfig config = bulwark::athenaPreset();
    config.services["db.read"].maxConcurrent = batchSize;
    config.semaphores["first"] = batchSize;
    config.semaphores["second"] = batchSize;
    return config;
  }

  net::io_context io;
  bulwark::BulkheadManager<Executor> manager;
  std::size_t done = 0;
};

/// Starts a batch of calls from outside the context, then runs them.
template <typename Call>
void batches(benchmark::State& state, Fixture& fixture, Call call) {
  for (auto _ : state) {
    for (std::size_t i = 0; i != batchSize; ++i) {
      call([&fixture](const std::exception_ptr& error) { fixture.done += !error; });
    }
    fixture.io.run();
    fixture.io.restart();
  }
  if (fixture.done != static_cast<std::size_t>(state.iterations()) * batchSize) {
    state.SkipWithError("a call was not executed");
  }
  perCall(state, batchSize);
}

void bulkheadItself(benchmark::State& state) {
  Fixture fixture;
  auto& bulkhead = fixture.manager.bulkhead("db.read");
  batches(state, fixture, [&](auto handler) { bulkhead.execute([] {}, std::move(handler)); });
}
BENCHMARK(bulkheadItself)->Name("call/bulkhead");

void byName(benchmark::State& state) {
  Fixture fixture;
  batches(state, fixture, [&](auto handler) {
    fixture.manager.execute(
        "db.read", [] {}, std::move(handler));
  });
}
BENCHMARK(byName)->Name("call/manager");

template <int Count>
void underSemaphores(benchmark::State& state) {
  Fixture fixture;
  bulwark::ManagerCallOptions options{.semaphores = {"first"}};
  if (Count == 2) options.semaphores.emplace_back("second");
  batches(state, fixture, [&](auto handler) {
    fixture.manager.execute(
        "db.read", [] {}, options, std::move(handler));
  });
}
BENCHMARK(underSemaphores<1>)->Name("call/manager_1_semaphore");
BENCHMARK(underSemaphores<2>)->Name("call/manager_2_semaphores");

void lookUp(benchmark::State& state) {
  Fixture fixture;
  for (auto _ : state) benchmark::DoNotOptimize(&fixture.manager.bulkhead("db.read"));
  perCall(state);
}
BENCHMARK(lookUp)->Name("look_up/manager");

void health(benchmark::State& state) {
  Fixture fixture;
  for (auto _ : state) benchmark::DoNotOptimize(fixture.manager.health());
  perCall(state);
}
BENCHMARK(health)->Name("health/manager");

void preset(benchmark::State& state) {
  net::io_context io;
  for (auto _ : state) {
    bulwark::BulkheadManager<Executor> manager(io.get_executor(), bulwark::athenaPreset());
    benchmark::DoNotOptimize(&manager);
  }
  perCall(state);
}
BENCHMARK(preset)->Name("preset/manager");

}  // namespace
