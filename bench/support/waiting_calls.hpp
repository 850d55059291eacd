#pragma once

#include <bulwark/bulwark.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <vector>

#include "baselines/channel_semaphore.hpp"
#include "baselines/naive_bulkhead.hpp"
#include "support/per_call.hpp"

// Calls that wait behind one permit, in each of the contenders. All of them count the completed
// calls, so that a lost call is detected. `threads` may run the context.

using Executor = bulwark::net::io_context::executor_type;

template <int threads>
using CallCount = std::conditional_t<threads == 1, std::size_t, std::atomic<std::size_t>>;

template <typename Clock = std::chrono::steady_clock, int threads = 1>
struct BulkheadQueue {
  BulkheadQueue() : permit(bulkhead.tryAcquire()) {}

  void add() {
    bulkhead.execute([this] { ++ran; }, [this](std::exception_ptr) { ++completed; });
  }
  void add(std::chrono::nanoseconds timeout) {
    bulkhead.execute([this] { ++ran; }, {.queueTimeout = timeout},
                     [this](std::exception_ptr) { ++completed; });
  }
  void addCancellable() {
    bulkhead.execute([this] { ++ran; }, bulwark::net::bind_cancellation_slot(
                                            signals.emplace_back().slot(),
                                            [this](std::exception_ptr) { ++completed; }));
  }
  void cancel(std::size_t i) { signals[i].emit(bulwark::net::cancellation_type::total); }
  void release() { permit.release(); }

  bulwark::net::io_context io{threads};
  bulwark::Bulkhead<Executor, Clock> bulkhead{
      io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = bulwark::unlimited}};
  bulwark::Permit permit;
  std::deque<bulwark::net::cancellation_signal> signals;
  CallCount<threads> ran = 0;
  CallCount<threads> completed = 0;
};

template <typename Clock = std::chrono::steady_clock, int threads = 1>
struct NaiveQueue {
  NaiveQueue() { bulkhead.tryAcquire(); }

  void add() {
    bulkhead.execute([this] { ++ran; }, [this](std::exception_ptr) { ++completed; });
  }
  void add(std::chrono::nanoseconds timeout) {
    bulkhead.execute([this] { ++ran; }, [this](std::exception_ptr) { ++completed; }, timeout);
  }
  void addCancellable() {
    ids.push_back(bulkhead.execute([this] { ++ran; }, [this](std::exception_ptr) { ++completed; }));
  }
  void cancel(std::size_t i) { bulkhead.cancel(ids[i]); }
  void release() { bulkhead.release(); }

  bulwark::net::io_context io{threads};
  NaiveBulkhead<Clock> bulkhead{io, {.maxConcurrent = 1, .maxQueueSize = bulwark::unlimited}};
  std::vector<std::uint64_t> ids;
  CallCount<threads> ran = 0;
  CallCount<threads> completed = 0;
};

struct ChannelQueue {
  void add() {
    channel.acquire([this](bulwark::net::error_code, bool) {
      ++ran;
      channel.release();
      ++completed;
    });
  }
  void release() { channel.release(); }

  bulwark::net::io_context io{1};
  ChannelSemaphore<Executor> channel{io.get_executor(), 1, 0};
  std::size_t ran = 0;
  std::size_t completed = 0;
};

/// Times `step` with a queue that `prepare` has filled; both are called with the queue and the
/// number of calls. The first round is not counted and warms up the memory. All calls complete in
/// the end.
template <typename Queue, typename Prepare, typename Step>
void measureQueue(benchmark::State& state, Prepare prepare, Step step) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto round = [&] {
    Queue queue;
    prepare(queue, n);
    const auto start = std::chrono::steady_clock::now();
    step(queue, n);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    queue.release();
    queue.io.restart();
    queue.io.run();
    if (queue.completed != n) state.SkipWithError("a call got lost");
    return took.count();
  };
  round();
  for (auto _ : state) state.SetIterationTime(round());
  perCall(state, n);
}

template <typename Queue>
void addAll(Queue& queue, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) queue.add();
}

inline void addNone(auto&, std::size_t) {}

/// One case for each number of waiting calls.
inline void forWaiters(const char* name, void (*function)(benchmark::State&),
                       std::initializer_list<std::int64_t> counts) {
  auto* benchmark = benchmark::RegisterBenchmark(name, function);
  benchmark->UseManualTime()->ArgName("n");
  for (const std::int64_t n : counts) benchmark->Arg(n);
}
