// What does a waiting call cost, and does that grow with the number of those that wait? Each case
// queues n calls behind one permit and measures one step of their lives, per call:
//
//   enqueue       execute() that has to wait, with the default timeout
//   grant         the permit comes back: every call runs, one after the other, and completes
//   cancelQueued  every call's slot is emitted, in order of arrival or at random, and completes
//   cancelFloor   the same without a bulkhead: a slot that owns an operation of the size of a
//                 waiting call, frees it and posts its completion. What random order costs here is
//                 the memory's price: each call lies on cache lines and pages of its own
//   expire        the clock passes the deadline of all, and they complete with a timeout
//
// Memory is warm: a round that is not counted goes first.

#include <bulwark/bulwark.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "support/manual_clock.hpp"

namespace {

using namespace std::chrono_literals;
using Executor = asio::io_context::executor_type;

/// A queue of n calls behind one permit.
template <typename Clock = std::chrono::steady_clock>
struct Queue {
  Queue() : permit(bulkhead.tryAcquire()) {}

  void fill(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      bulkhead.execute([this] { ++ran; }, [this](std::exception_ptr) { ++completed; });
    }
  }

  void fillCancellable(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      bulkhead.execute([this] { ++ran; },
                       asio::bind_cancellation_slot(signals.emplace_back().slot(),
                                                    [this](std::exception_ptr) { ++completed; }));
    }
  }

  asio::io_context io{1};
  bulwark::Bulkhead<Executor, Clock> bulkhead{
      io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = bulwark::unlimited}};
  bulwark::Permit permit;
  std::deque<asio::cancellation_signal> signals;
  std::size_t ran = 0;
  std::size_t completed = 0;
};

/// Measures `step` over a queue that `prepare` has filled, and checks that every call completed.
template <typename Q, typename Prepare, typename Step>
void measure(benchmark::State& state, Prepare prepare, Step step) {
  const auto n = static_cast<std::size_t>(state.range(0));
  {
    Q warmUp;
    warmUp.fillCancellable(n);
    warmUp.permit.release();
    warmUp.io.run();
  }
  for (auto _ : state) {
    Q queue;
    prepare(queue, n);
    const auto start = std::chrono::steady_clock::now();
    step(queue, n);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    queue.permit.release();
    queue.io.restart();
    queue.io.run();
    if (queue.completed != n) state.SkipWithError("a call got lost");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["per_call"] =
      benchmark::Counter(static_cast<double>(state.iterations() * state.range(0)),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void enqueue(benchmark::State& state) {
  measure<Queue<>>(
      state, [](auto&, std::size_t) {}, [](auto& queue, std::size_t n) { queue.fill(n); });
}

void grant(benchmark::State& state) {
  measure<Queue<>>(
      state, [](auto& queue, std::size_t n) { queue.fill(n); },
      [](auto& queue, std::size_t) {
        queue.permit.release();
        queue.io.run();
      });
}

std::vector<std::size_t> orderOfCancellation(std::size_t n, bool inOrder) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!inOrder) std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
  return order;
}

/// What waits, without a bulkhead.
struct Bare {
  struct Operation {
    std::array<std::byte, 176> waiter{};
    std::size_t* completed = nullptr;
  };
  struct Hook {
    std::unique_ptr<Operation> operation;
    asio::io_context* io;

    void operator()(asio::cancellation_type) {
      std::size_t* const completed = operation->completed;
      operation.reset();
      asio::post(*io, [completed] { ++*completed; });
    }
  };

  void fillCancellable(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      auto operation = std::make_unique<Operation>();
      operation->completed = &completed;
      signals.emplace_back().slot().emplace<Hook>(Hook{std::move(operation), &io});
    }
  }

  asio::io_context io{1};
  bulwark::Permit permit;
  std::deque<asio::cancellation_signal> signals;
  std::size_t completed = 0;
};

template <typename Q>
void cancel(benchmark::State& state, bool inOrder) {
  const auto order = orderOfCancellation(static_cast<std::size_t>(state.range(0)), inOrder);
  measure<Q>(
      state, [](auto& queue, std::size_t n) { queue.fillCancellable(n); },
      [&order](auto& queue, std::size_t) {
        for (const std::size_t i : order) queue.signals[i].emit(asio::cancellation_type::total);
        queue.io.poll();
      });
}

void expire(benchmark::State& state) {
  measure<Queue<ManualClock>>(
      state,
      [](auto& queue, std::size_t n) {
        ManualClock::reset();
        queue.fill(n);
      },
      [](auto& queue, std::size_t) {
        ManualClock::advance(30s);
        queue.io.poll();
      });
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseManualTime()->Unit(benchmark::kMillisecond);
  for (const int n : {10'000, 100'000, 1'000'000}) benchmark->Arg(n);
}

BENCHMARK(enqueue)->Apply(sizes);
BENCHMARK(grant)->Apply(sizes);
constexpr auto cancelQueued = cancel<Queue<>>;
constexpr auto cancelFloor = cancel<Bare>;
BENCHMARK_CAPTURE(cancelQueued, fifo, true)->Apply(sizes);
BENCHMARK_CAPTURE(cancelFloor, fifo, true)->Apply(sizes);
BENCHMARK_CAPTURE(cancelQueued, random, false)->Apply(sizes);
BENCHMARK_CAPTURE(cancelFloor, random, false)->Apply(sizes);
BENCHMARK(expire)->Apply(sizes);

}  // namespace
