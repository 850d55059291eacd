// What does a bulkhead cost a call that it neither queues nor rejects?
//
// Each pair of benchmarks runs one loop, once over the bare thing and once over the bulkhead; only
// the ratio between the two, taken in one process, is worth quoting.

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <semaphore>

namespace {

namespace net = bulwark::net;

constexpr std::size_t batchSize = 1000;

void setItems(benchmark::State& state, std::size_t perIteration) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(perIteration));
}

// ---- asynchronous: a batch of calls started from outside the context, then run ------------------

void barePost(benchmark::State& state) {
  net::io_context io;
  std::size_t done = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i != batchSize; ++i) {
      net::post(io, [&done] { ++done; });
    }
    io.run();
    io.restart();
  }
  benchmark::DoNotOptimize(done);
  setItems(state, batchSize);
}
BENCHMARK(barePost);

void bulkheadExecute(benchmark::State& state) {
  net::io_context io;
  bulwark::Bulkhead bulkhead{io, {.name = "bench", .maxConcurrent = batchSize}};
  std::size_t done = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i != batchSize; ++i) {
      bulkhead.execute([] {}, [&done](const std::exception_ptr& error) { done += !error; });
    }
    io.run();
    io.restart();
  }
  if (done != static_cast<std::size_t>(state.iterations()) * batchSize) {
    state.SkipWithError("a call was not executed");
  }
  setItems(state, batchSize);
}
BENCHMARK(bulkheadExecute);

// ---- a permit and nothing else ------------------------------------------------------------------

void countingSemaphore(benchmark::State& state) {
  std::counting_semaphore<> semaphore(4);
  std::size_t granted = 0;
  for (auto _ : state) {
    if (semaphore.try_acquire()) {
      ++granted;
      semaphore.release();
    }
  }
  benchmark::DoNotOptimize(granted);
  setItems(state, 1);
}
BENCHMARK(countingSemaphore);

void semaphoreTryAcquire(benchmark::State& state) {
  net::io_context io;
  bulwark::SemaphoreBulkhead semaphore{io, {.name = "bench", .permits = 4}};
  std::size_t granted = 0;
  for (auto _ : state) {
    if (const bulwark::Permit permit = semaphore.tryAcquire()) {
      ++granted;
    }
  }
  if (granted != static_cast<std::size_t>(state.iterations())) {
    state.SkipWithError("a permit was refused");
  }
  setItems(state, 1);
}
BENCHMARK(semaphoreTryAcquire);

}  // namespace
