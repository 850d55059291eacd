// What does a rejection cost? All permits are held, and no call may wait.
//
//   sync          a permit is requested on this thread, and refused (the naive one counts that)
//   async         a call is started and rejected; its handler runs with the error (1000 of them
//                 started from outside the context, then run)
//   exception     a blocking call throws, and the exception is caught (`bare` creates the exception
//                 each time, the semaphore has one for all)
//   error_code    errorCodeOf() classifies the rejection of an async call

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <exception>
#include <system_error>

#include "support/contenders.hpp"

namespace {

using namespace bulwark;

constexpr std::size_t callsPerIteration = 1000;

// --- on this thread ----------------------------------------------------------------------------

void trySemaphore(benchmark::State& state) {
  net::io_context io;
  SemaphoreBulkhead semaphore(io, {.name = "bench", .permits = 1});
  const Permit all = semaphore.tryAcquire();
  for (auto _ : state) {
    if (semaphore.tryAcquire()) state.SkipWithError("a permit was granted");
  }
  perCall(state);
}
BENCHMARK(trySemaphore)->Name("sync/semaphore");

void tryNaive(benchmark::State& state) {
  net::io_context io;
  NaiveBulkhead naive(io, {.maxConcurrent = 1});
  naive.tryAcquire();
  for (auto _ : state) {
    if (naive.tryAcquire()) state.SkipWithError("a permit was granted");
  }
  perCall(state);
}
BENCHMARK(tryNaive)->Name("sync/naive");

// --- on the executor ---------------------------------------------------------------------------

/// `start` starts a call with the handler that it receives.
void refused(benchmark::State& state, net::io_context& io, auto start) {
  std::size_t refusals = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i != callsPerIteration; ++i) {
      start([&refusals](const std::exception_ptr& error) { refusals += error != nullptr; });
    }
    io.run();
    io.restart();
  }
  if (refusals != static_cast<std::size_t>(state.iterations()) * callsPerIteration) {
    state.SkipWithError("a call was not refused");
  }
  perCall(state, callsPerIteration);
}

void refusedBulkhead(benchmark::State& state) {
  net::io_context io;
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = 0});
  const Permit all = bulkhead.tryAcquire();
  refused(state, io, [&](auto handler) { bulkhead.execute([] {}, handler); });
}
BENCHMARK(refusedBulkhead)->Name("async/bulkhead");

void refusedNaive(benchmark::State& state) {
  net::io_context io;
  NaiveBulkhead naive(io, {.maxConcurrent = 1});
  naive.tryAcquire();
  refused(state, io, [&](auto handler) { naive.execute([] {}, handler); });
}
BENCHMARK(refusedNaive)->Name("async/naive");

/// Posts a handler with an existing error.
void refusedBare(benchmark::State& state) {
  net::io_context io;
  const auto error = std::make_exception_ptr(BulkheadRejectedError("bench"));
  refused(state, io, [&](auto handler) { net::post(io, [handler, error] { handler(error); }); });
}
BENCHMARK(refusedBare)->Name("async/bare");

// --- classifying the error -----------------------------------------------------------------------

void thrown(benchmark::State& state, auto refuse) {
  std::size_t caught = 0;
  for (auto _ : state) {
    try {
      refuse();
    } catch (const net::system_error& error) {
      caught += error.code() == Errc::queueFull;
    }
  }
  if (caught != static_cast<std::size_t>(state.iterations())) state.SkipWithError("not refused");
  perCall(state);
}

void thrownBySemaphore(benchmark::State& state) {
  net::io_context io;
  SemaphoreBulkhead semaphore(io, {.name = "bench", .permits = 1, .maxQueueSize = 0});
  const Permit all = semaphore.tryAcquire();
  thrown(state, [&] { (void)semaphore.acquire(); });
}
BENCHMARK(thrownBySemaphore)->Name("exception/semaphore");

void thrownBare(benchmark::State& state) {
  thrown(state, [] { throw BulkheadRejectedError("bench"); });
}
BENCHMARK(thrownBare)->Name("exception/bare");

void errorCode(benchmark::State& state) {
  const auto error = std::make_exception_ptr(BulkheadRejectedError("bench"));
  for (auto _ : state) {
    if (errorCodeOf(error) != Errc::queueFull) state.SkipWithError("the wrong code");
  }
  perCall(state);
}
BENCHMARK(errorCode)->Name("error_code/bulkhead");

void errorCodeByRethrow(benchmark::State& state) {
  const auto error = std::make_exception_ptr(BulkheadRejectedError("bench"));
  thrown(state, [&] { std::rethrow_exception(error); });
}
BENCHMARK(errorCodeByRethrow)->Name("error_code/rethrow");

BENCHMARK(clockReading)->Name("error_code/clock");

}  // namespace
