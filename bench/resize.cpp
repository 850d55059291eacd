// What does a change of the limits cost, and how does it affect calls?
//
//   alone       one updateConfig() of an idle bulkhead
//   under_load  a chain of 64 calls; `steady` leaves the limits unchanged, `resized` changes the
//               limit before every tenth call, so that the queue repeatedly grows and drains

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <exception>

#include "support/per_call.hpp"

namespace {

using namespace bulwark;

constexpr std::size_t callsPerIteration = 10'000;
constexpr std::size_t chains = 64;

void alone(benchmark::State& state) {
  net::io_context io;
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 10});
  std::size_t limit = 10;
  for (auto _ : state) {
    limit = 30 - limit;
    bulkhead.updateConfig({.maxConcurrent = limit});
  }
  perCall(state);
}
BENCHMARK(alone)->Name("alone/bulkhead");

template <bool Resize>
void underLoad(benchmark::State& state) {
  net::io_context io;
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = chains, .maxQueueSize = chains});

  struct Next {
    decltype(bulkhead)& target;
    std::size_t& left;

    void operator()(const std::exception_ptr& error) const {
      if (error || left == 0) return;
      if (Resize && left % 10 == 0) {
        target.updateConfig({.maxConcurrent = left % 20 == 0 ? chains / 4 : chains});
      }
      --left;
      target.execute([] {}, *this);
    }
  };
  for (auto _ : state) {
    std::size_t left = callsPerIteration;
    for (std::size_t i = 0; i < chains; ++i) Next{bulkhead, left}(nullptr);
    io.run();
    io.restart();
    if (left != 0) state.SkipWithError("a call was refused");
  }
  perCall(state, callsPerIteration);
}
BENCHMARK(underLoad<false>)->Name("under_load/steady");
BENCHMARK(underLoad<true>)->Name("under_load/resized");

}  // namespace
