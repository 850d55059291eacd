// What does it cost to call a service by its name, through a manager, and what does a semaphore
 // add?
//
// One loop over the bulkhead itself, and over the manager that owns it; the difference between the
// two, taken in one process, is what the manager costs.

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace {

namespace net = bulwark::net;
using Executor = net::io_context::executor_type;

constexpr std::size_t batchSize = 1000;

/// A manager with as many services as the preset has, and the one that is called.
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
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batchSize));
}

void bulkheadItself(benchmark::State& state) {
  Fixture fixture;
  auto& bulkhead = fixture.manager.bulkhead("db.read");
  batches(state, fixture, [&](auto handler) { bulkhead.execute([] {}, std::move(handler)); });
}
BENCHMARK(bulkheadItself);

void byName(benchmark::State& state) {
  Fixture fixture;
  batches(state, fixture, [&](auto handler) {
    fixture.manager.execute(
        "db.read", [] {}, std::move(handler));
  });
}
BENCHMARK(byName);

void underSemaphores(benchmark::State& state) {
  Fixture fixture;
  bulwark::ManagerCallOptions options{.semaphores = {"first"}};
  if (state.range(0) == 2) options.semaphores.emplace_back("second");
  batches(state, fixture, [&](auto handler) {
    fixture.manager.execute(
        "db.read", [] {}, options, std::move(handler));
  });
}
BENCHMARK(underSemaphores)->Arg(1)->Arg(2);

void lookUp(benchmark::State& state) {
  Fixture fixture;
  for (auto _ : state) benchmark::DoNotOptimize(&fixture.manager.bulkhead("db.read"));
}
BENCHMARK(lookUp);

void health(benchmark::State& state) {
  Fixture fixture;
  for (auto _ : state) benchmark::DoNotOptimize(fixture.manager.health());
}
BENCHMARK(health);

}  // namespace
