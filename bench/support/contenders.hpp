#pragma once

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <exception>

#include "baselines/naive_bulkhead.hpp"
#include "support/per_call.hpp"

// The contenders in cases in which no call has to wait: execute(fn, handler), each in its own way.

using Executor = bulwark::net::io_context::executor_type;

constexpr std::size_t manyPermits = 1024;

/// Only the post.
template <typename Ex = Executor>
struct BareCalls {
  explicit BareCalls(bulwark::net::io_context& io) : executor(io.get_executor()) {}

  template <typename F, typename Handler>
  void execute(F fn, Handler handler) {
    bulwark::net::post(executor, [fn, handler]() mutable {
      fn();
      handler(std::exception_ptr());
    });
  }

  Ex executor;
};

template <typename Ex = Executor, typename Clock = std::chrono::steady_clock>
struct BulkheadCalls : bulwark::Bulkhead<Ex, Clock> {
  explicit BulkheadCalls(bulwark::net::io_context& io)
      : bulwark::Bulkhead<Ex, Clock>(io, {.name = "bench", .maxConcurrent = manyPermits}) {}
};

struct NaiveCalls : NaiveBulkhead<> {
  explicit NaiveCalls(bulwark::net::io_context& io)
      : NaiveBulkhead(io, {.maxConcurrent = manyPermits}) {}
};

/// Other costs are also reported as multiples of this.
inline void clockReading(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(std::chrono::steady_clock::now());
  perCall(state);
}
