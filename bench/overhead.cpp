// What does a bulkhead cost a call that it neither queues nor rejects?
//
//   clock              std::chrono::steady_clock::now(), of which a measured call needs two
//   with_permit        a callable on this thread, its execution time measured
//   try_permit         a permit acquired and released, nothing measured; `_observed`: with an
//                      observer
//   post_batch         1000 calls started from outside the context, then run
//   chain_plain        each call starts the next from its handler; the context never had a timer
//   chain_reactor      the same with a timer in the context, as in every program with sockets
//   future             1000 calls with a future each: started, run, and read
//   coroutine_execute  a coroutine that awaits one call after the other; `_awaitable`: its
//                      callable returns an awaitable
//   coroutine_acquire  a coroutine that awaits a permit, which is free, and releases it
//
// Only chain_reactor has a timer in its context. `_any` is the same on any_io_executor. `_timed` is
// the same with an execution timeout, and `bare_timed` has a timer for each call, as
// asio::cancel_after() has.

#include <bulwark/bulwark.hpp>

#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_future.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <future>
#include <memory>
#include <semaphore>
#include <utility>
#include <vector>

#include "baselines/channel_semaphore.hpp"
#include "support/contenders.hpp"

namespace {

namespace net = bulwark::net;

constexpr std::size_t callsPerIteration = 1000;

// --- on this thread ----------------------------------------------------------------------------

BENCHMARK(clockReading)->Name("clock/bare");

/// Calls under a permit, one after the other.
template <typename Subject>
void underPermit(benchmark::State& state, Subject& subject) {
  std::size_t done = 0;
  for (auto _ : state) {
    subject.withPermit([&done] { ++done; });
    benchmark::ClobberMemory();
  }
  if (done != static_cast<std::size_t>(state.iterations())) state.SkipWithError("a call got lost");
  perCall(state);
}

template <typename Ex>
void underSemaphore(benchmark::State& state) {
  net::io_context io;
  bulwark::SemaphoreBulkhead<Ex> semaphore(io, {.name = "bench", .permits = 4});
  underPermit(state, semaphore);
}
BENCHMARK(underSemaphore<Executor>)->Name("with_permit/semaphore");
BENCHMARK(underSemaphore<net::any_io_executor>)->Name("with_permit/semaphore_any");

void underNaive(benchmark::State& state) {
  net::io_context io;
  NaiveBulkhead naive(io, {.maxConcurrent = 4});
  underPermit(state, naive);
}
BENCHMARK(underNaive)->Name("with_permit/naive");

/// Two clock readings around the callable, and nothing else.
struct Timed {
  template <typename F>
  void withPermit(F fn) {
    const auto start = std::chrono::steady_clock::now();
    fn();
    sum += std::chrono::steady_clock::now() - start;
  }
  std::chrono::nanoseconds sum{0};
};

void timed(benchmark::State& state) {
  Timed bare;
  underPermit(state, bare);
  benchmark::DoNotOptimize(bare.sum);
}
BENCHMARK(timed)->Name("with_permit/bare");

#if defined(__x86_64__) && defined(__GNUC__)
/// A counting_semaphore, and two readings of the processor's counter around the callable: what a
/// permit with a stopwatch costs at least.
struct TimedByCounter {
  template <typename F>
  void withPermit(F fn) {
    if (!semaphore.try_acquire()) return;
    const auto start = __builtin_ia32_rdtsc();
    fn();
    ticks += __builtin_ia32_rdtsc() - start;
    semaphore.release();
  }
  std::counting_semaphore<> semaphore{4};
  std::uint64_t ticks = 0;
};

void timedByCounter(benchmark::State& state) {
  TimedByCounter counting;
  underPermit(state, counting);
  benchmark::DoNotOptimize(counting.ticks);
}
BENCHMARK(timedByCounter)->Name("with_permit/counting_tsc");
#endif

const bulwark::Observer noObserver;
const bulwark::Observer anObserver = [](const bulwark::BulkheadEvent& event) {
  benchmark::DoNotOptimize(event.time);
};

void trySemaphore(benchmark::State& state, std::size_t maxQueueSize,
                  const bulwark::Observer& observer) {
  net::io_context io;
  bulwark::SemaphoreBulkhead semaphore(
      io, {.name = "bench", .permits = 4, .maxQueueSize = maxQueueSize});
  semaphore.setObserver(observer);
  for (auto _ : state) {
    const bulwark::Permit permit = semaphore.tryAcquire();
    if (!permit) state.SkipWithError("a permit was refused");
  }
  perCall(state);
}
BENCHMARK_CAPTURE(trySemaphore, plain, 50, noObserver)->Name("try_permit/semaphore");
BENCHMARK_CAPTURE(trySemaphore, observed, 50, anObserver)->Name("try_permit/semaphore_observed");
// Without a queue, each permit may be the last one: the observer's side checks every time.
BENCHMARK_CAPTURE(trySemaphore, watched, 0, anObserver)->Name("try_permit/queueless_observed");

/// tryAcquire() and release() of anything.
template <typename Subject>
void tryAndRelease(benchmark::State& state, Subject& subject, auto take) {
  for (auto _ : state) {
    if (!take()) state.SkipWithError("a permit was refused");
    subject.release();
  }
  perCall(state);
}

void tryCounting(benchmark::State& state) {
  std::counting_semaphore<> semaphore(4);
  tryAndRelease(state, semaphore, [&] { return semaphore.try_acquire(); });
}
BENCHMARK(tryCounting)->Name("try_permit/counting");

void tryNaive(benchmark::State& state) {
  net::io_context io;
  NaiveBulkhead naive(io, {.maxConcurrent = 4});
  tryAndRelease(state, naive, [&] { return naive.tryAcquire(); });
}
BENCHMARK(tryNaive)->Name("try_permit/naive");

// --- on the executor ---------------------------------------------------------------------------

struct ObservedCalls : BulkheadCalls<> {
  explicit ObservedCalls(net::io_context& io) : BulkheadCalls(io) { setObserver(anObserver); }
};

struct TimedCalls : bulwark::Bulkhead<Executor> {
  explicit TimedCalls(net::io_context& io)
      : Bulkhead(io, {.name = "bench",
                      .maxConcurrent = manyPermits,
                      .executionTimeout = std::chrono::hours(1)}) {}
};

/// A timer for each call, which its end cancels.
class BareTimedCalls {
 public:
  explicit BareTimedCalls(net::io_context& io) : io_(io) {}

  template <typename F, typename Handler>
  void execute(F fn, Handler handler) {
    auto timer = std::make_unique<net::steady_timer>(io_, std::chrono::hours(1));
    timer->async_wait([](const net::error_code& error) {
      if (!error) std::terminate();  // no call takes an hour
    });
    net::post(io_, [fn = std::move(fn), handler = std::move(handler),
                    timer = std::move(timer)]() mutable {
      fn();
      timer.reset();
      std::move(handler)(std::exception_ptr());
    });
  }

 private:
  net::io_context& io_;
};

template <typename Subject>
void postBatch(benchmark::State& state) {
  net::io_context io;
  Subject subject(io);
  std::size_t done = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i != callsPerIteration; ++i) {
      subject.execute([] {}, [&done](const std::exception_ptr& error) { done += !error; });
    }
    io.run();
    io.restart();
  }
  if (done != static_cast<std::size_t>(state.iterations()) * callsPerIteration) {
    state.SkipWithError("a call was not executed");
  }
  perCall(state, callsPerIteration);
}
BENCHMARK(postBatch<BulkheadCalls<>>)->Name("post_batch/bulkhead");
BENCHMARK(postBatch<ObservedCalls>)->Name("post_batch/bulkhead_observed");
BENCHMARK(postBatch<BulkheadCalls<net::any_io_executor>>)->Name("post_batch/bulkhead_any");
BENCHMARK(postBatch<TimedCalls>)->Name("post_batch/bulkhead_timed");
BENCHMARK(postBatch<NaiveCalls>)->Name("post_batch/naive");
BENCHMARK(postBatch<BareCalls<>>)->Name("post_batch/bare");
BENCHMARK(postBatch<BareCalls<net::any_io_executor>>)->Name("post_batch/bare_any");
BENCHMARK(postBatch<BareTimedCalls>)->Name("post_batch/bare_timed");

template <typename Subject, bool Reactor>
void chain(benchmark::State& state) {
  net::io_context io;
  std::unique_ptr<net::steady_timer> timer;
  if (Reactor) timer = std::make_unique<net::steady_timer>(io, std::chrono::hours(1));
  Subject subject(io);

  struct Next {
    Subject& subject;
    std::size_t& left;

    void operator()(const std::exception_ptr& error) const {
      if (!error && --left != 0) subject.execute([] {}, *this);
    }
  };
  for (auto _ : state) {
    std::size_t left = callsPerIteration;
    subject.execute([] {}, Next{subject, left});
    io.run();
    io.restart();
    if (left != 0) state.SkipWithError("a call was not executed");
  }
  perCall(state, callsPerIteration);
}
BENCHMARK(chain<BulkheadCalls<>, false>)->Name("chain_plain/bulkhead");
BENCHMARK(chain<BulkheadCalls<net::any_io_executor>, false>)->Name("chain_plain/bulkhead_any");
BENCHMARK(chain<BareCalls<>, false>)->Name("chain_plain/bare");
BENCHMARK(chain<BareCalls<net::any_io_executor>, false>)->Name("chain_plain/bare_any");
BENCHMARK(chain<BulkheadCalls<>, true>)->Name("chain_reactor/bulkhead");
BENCHMARK(chain<BulkheadCalls<net::any_io_executor>, true>)->Name("chain_reactor/bulkhead_any");
BENCHMARK(chain<TimedCalls, true>)->Name("chain_reactor/bulkhead_timed");
BENCHMARK(chain<NaiveCalls, true>)->Name("chain_reactor/naive");
BENCHMARK(chain<BareCalls<>, true>)->Name("chain_reactor/bare");
BENCHMARK(chain<BareCalls<net::any_io_executor>, true>)->Name("chain_reactor/bare_any");
BENCHMARK(chain<BareTimedCalls, true>)->Name("chain_reactor/bare_timed");

/// `start` returns the future of one call.
void futures(benchmark::State& state, net::io_context& io, auto start) {
  std::vector<std::future<void>> results(callsPerIteration);
  for (auto _ : state) {
    for (auto& result : results) result = start();
    io.run();
    io.restart();
    for (auto& result : results) result.get();
  }
  perCall(state, callsPerIteration);
}

void bulkheadFuture(benchmark::State& state) {
  net::io_context io;
  BulkheadCalls<> bulkhead(io);
  futures(state, io, [&] { return bulkhead.execute([] {}, net::use_future); });
}
BENCHMARK(bulkheadFuture)->Name("future/bulkhead");

void bareFuture(benchmark::State& state) {
  net::io_context io;
  futures(state, io, [&] { return net::post(io, net::use_future([] {})); });
}
BENCHMARK(bareFuture)->Name("future/bare");

// --- coroutines --------------------------------------------------------------------------------

/// Runs `step`, which returns an awaitable, 1000 times in one coroutine.
void coroutine(benchmark::State& state, net::io_context& io, auto step) {
  for (auto _ : state) {
    net::co_spawn(
        io.get_executor(),
        [&step]() -> net::awaitable<void> {
          for (std::size_t i = 0; i != callsPerIteration; ++i) co_await step();
        },
        net::detached);
    io.run();
    io.restart();
  }
  perCall(state, callsPerIteration);
}

void awaitExecute(benchmark::State& state) {
  net::io_context io;
  BulkheadCalls<> bulkhead(io);
  coroutine(state, io, [&] { return bulkhead.execute([] {}, net::use_awaitable); });
}
BENCHMARK(awaitExecute)->Name("coroutine_execute/bulkhead");

void awaitAwaitable(benchmark::State& state) {
  net::io_context io;
  BulkheadCalls<> bulkhead(io);
  coroutine(state, io, [&] {
    return bulkhead.execute([]() -> net::awaitable<void> { co_return; }, net::use_awaitable);
  });
}
BENCHMARK(awaitAwaitable)->Name("coroutine_execute/bulkhead_awaitable");

void awaitPost(benchmark::State& state) {
  net::io_context io;
  coroutine(state, io, [&] { return net::post(io, net::use_awaitable); });
}
BENCHMARK(awaitPost)->Name("coroutine_execute/bare");

/// A coroutine that awaits `acquire()` each time and calls `release()` with the result.
void permits(benchmark::State& state, auto& io, auto acquire, auto release) {
  for (auto _ : state) {
    net::co_spawn(
        io.get_executor(),
        [&]() -> net::awaitable<void> {
          for (std::size_t i = 0; i != callsPerIteration; ++i) release(co_await acquire());
        },
        net::detached);
    io.run();
    io.restart();
  }
  perCall(state, callsPerIteration);
}

void awaitSemaphore(benchmark::State& state) {
  net::io_context io;
  bulwark::SemaphoreBulkhead semaphore(io, {.name = "bench", .permits = 4});
  permits(
      state, io, [&] { return semaphore.acquire(net::use_awaitable); },
      [](const bulwark::Permit&) {});
}
BENCHMARK(awaitSemaphore)->Name("coroutine_acquire/semaphore");

void awaitBulkhead(benchmark::State& state) {
  net::io_context io;
  BulkheadCalls<> bulkhead(io);
  permits(
      state, io, [&] { return bulkhead.acquire(net::use_awaitable); },
      [](const bulwark::Permit&) {});
}
BENCHMARK(awaitBulkhead)->Name("coroutine_acquire/bulkhead");

void awaitChannel(benchmark::State& state) {
  net::io_context io;
  ChannelSemaphore channel(io.get_executor(), 4, 4);
  permits(
      state, io, [&] { return channel.acquire(net::use_awaitable); },
      [&](bool) { channel.release(); });
}
BENCHMARK(awaitChannel)->Name("coroutine_acquire/channel");

}  // namespace
