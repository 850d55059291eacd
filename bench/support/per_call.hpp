#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>

/// Reported by every case: the seconds of thread time of one call, if an iteration of the loop
/// makes `calls` of them.
inline void perCall(benchmark::State& state, std::size_t calls = 1) {
  state.counters["per_call"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(calls),
                         benchmark::Counter::kAvgThreadsRate | benchmark::Counter::kInvert);
}
