// How much heap memory does a bulkhead use? Counted by this program's own malloc, on top of
// glibc's.
//
//   idle              the object itself and all that it owns, before its first call
//   used              the same after calls by one thread: with counters and an execution histogram
//   waiter            a waiting call that captures 32 bytes: `bytes` and `allocations` of each
//   waiter_coroutine  a coroutine that waits for a permit, including the coroutine itself
//   steady            `allocations` of a call in a steady stream, after a warm-up
//
// per_call is the time, including allocations.

#include <bulwark/bulwark.hpp>

#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <benchmark/benchmark.h>

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "support/waiting_calls.hpp"

namespace {

// Of the counting thread. The second thread of every benchmark sleeps.
thread_local std::size_t allocations = 0;
thread_local std::size_t bytesAskedFor = 0;
thread_local std::size_t bytesInUse = 0;

void* counted(void* memory, std::size_t size) noexcept {
  if (memory != nullptr) {
    ++allocations;
    bytesAskedFor += size;
    bytesInUse += malloc_usable_size(memory);
  }
  return memory;
}

}  // namespace

// Below operator new, because Asio does not use that: it allocates with aligned_alloc.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept { return counted(__libc_malloc(size), size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return counted(__libc_memalign(alignment, size), size);
}
void free(void* memory) noexcept {
  if (memory != nullptr) bytesInUse -= malloc_usable_size(memory);
  __libc_free(memory);
}
}

namespace {

using namespace bulwark;

/// The memory of one object: its own size, and what it allocated.
template <typename T, typename Make, typename Use>
void size(benchmark::State& state, Make make, Use use) {
  net::io_context io{1};
  const T first = make(io);  // allocates what all objects share
  double bytes = 0;
  for (auto _ : state) {
    const std::size_t before = bytesInUse;
    T object = make(io);
    use(io, object);
    bytes = static_cast<double>(bytesInUse - before + sizeof(T));
  }
  state.counters["bytes"] = bytes;
  perCall(state);
}

template <typename Ex>
SemaphoreBulkhead<Ex> makeSemaphore(net::io_context& io) {
  return SemaphoreBulkhead<Ex>(io, {.name = "bench", .permits = 4});
}
template <typename Ex>
Bulkhead<Ex> makeBulkhead(net::io_context& io) {
  return Bulkhead<Ex>(io, {.name = "bench", .maxConcurrent = 4});
}

constexpr auto unused = [](net::io_context&, auto&) {};
constexpr auto tried = [](net::io_context&, auto& object) { (void)object.tryAcquire(); };
constexpr auto withWait = [](net::io_context& io, auto& object) {
  {
    const Permit all = object.tryAcquire(4);
    object.acquire([](net::error_code, const Permit&) {});
  }
  io.restart();
  io.run();
};

void idle(benchmark::State& state) {
  size<Bulkhead<Executor>>(state, makeBulkhead<Executor>, unused);
}
void idleAny(benchmark::State& state) {
  using Any = net::any_io_executor;
  size<Bulkhead<Any>>(state, makeBulkhead<Any>, unused);
}
void idleSemaphore(benchmark::State& state) {
  size<SemaphoreBulkhead<Executor>>(state, makeSemaphore<Executor>, unused);
}
void used(benchmark::State& state) {
  size<Bulkhead<Executor>>(state, makeBulkhead<Executor>, tried);
}
void usedSemaphore(benchmark::State& state) {
  size<SemaphoreBulkhead<Executor>>(
      state, makeSemaphore<Executor>,
      [](net::io_context&, auto& object) { object.withPermit([] {}); });
}
void waitedFor(benchmark::State& state) {
  size<Bulkhead<Executor>>(state, makeBulkhead<Executor>, withWait);
}
BENCHMARK(idle)->Name("idle/bulkhead");
BENCHMARK(idleAny)->Name("idle/bulkhead_any");
BENCHMARK(idleSemaphore)->Name("idle/semaphore");
BENCHMARK(used)->Name("used/bulkhead");
BENCHMARK(usedSemaphore)->Name("used/semaphore");
BENCHMARK(waitedFor)->Name("used/bulkhead_that_queued");

// --- waiting calls -----------------------------------------------------------------------------

constexpr std::size_t waiters = 1000;

/// What `add()` allocates, after everything that is allocated only once. `finish` completes them
/// all.
void perWaiter(benchmark::State& state, auto add, auto finish) {
  add();
  double bytes = 0;
  double blocks = 0;
  for (auto _ : state) {
    const std::size_t bytesBefore = bytesAskedFor;
    const std::size_t blocksBefore = allocations;
    for (std::size_t i = 0; i < waiters; ++i) add();
    bytes = static_cast<double>(bytesAskedFor - bytesBefore) / waiters;
    blocks = static_cast<double>(allocations - blocksBefore) / waiters;
    finish();
    add();
  }
  finish();
  state.counters["bytes"] = bytes;
  state.counters["allocations"] = blocks;
  perCall(state, waiters);
}

/// Gives the permit to all waiting calls, one after the other, and acquires it again.
void serveAll(net::io_context& io, auto& bulkhead, Permit& permit) {
  permit.release();
  io.restart();
  io.run();
  permit = bulkhead.tryAcquire();
}

using Capture = std::array<std::uint64_t, 4>;

template <typename Ex>
void bulkheadWaiter(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead<Ex> bulkhead(io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = unlimited});
  Permit permit = bulkhead.tryAcquire();
  std::uint64_t sum = 0;
  perWaiter(
      state,
      [&] {
        bulkhead.execute([capture = Capture{1, 2, 3, 4}] { benchmark::DoNotOptimize(capture[3]); },
                         [&sum](const std::exception_ptr& error) { sum += !error; });
      },
      [&] { serveAll(io, bulkhead, permit); });
}
BENCHMARK(bulkheadWaiter<Executor>)->Name("waiter/bulkhead");
BENCHMARK(bulkheadWaiter<net::any_io_executor>)->Name("waiter/bulkhead_any");

void naiveWaiter(benchmark::State& state) {
  net::io_context io{1};
  NaiveBulkhead naive(io, {.maxConcurrent = 1, .maxQueueSize = unlimited});
  naive.tryAcquire();
  std::uint64_t sum = 0;
  perWaiter(
      state,
      [&] {
        naive.execute([capture = Capture{1, 2, 3, 4}] { benchmark::DoNotOptimize(capture[3]); },
                      [&sum](const std::exception_ptr& error) { sum += !error; });
      },
      [&] {
        naive.release();
        io.restart();
        io.run();
        naive.tryAcquire();
      });
}
BENCHMARK(naiveWaiter)->Name("waiter/naive");

void coroutineWaiter(benchmark::State& state, net::io_context& io, auto wait, auto finish) {
  perWaiter(
      state,
      [&] {
        net::co_spawn(io.get_executor(), wait, net::detached);
        io.restart();
        io.poll();
      },
      finish);
}

void bulkheadCoroutine(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = unlimited});
  Permit permit = bulkhead.tryAcquire();
  coroutineWaiter(
      state, io,
      [&bulkhead]() -> net::awaitable<void> {
        (void)co_await bulkhead.acquire(net::use_awaitable);
      },
      [&] { serveAll(io, bulkhead, permit); });
}
BENCHMARK(bulkheadCoroutine)->Name("waiter_coroutine/bulkhead");

void channelCoroutine(benchmark::State& state) {
  net::io_context io{1};
  const net::steady_timer reactor(io);  // as in a bulkhead with a timeout
  ChannelSemaphore channel(io.get_executor(), 1, 0);
  coroutineWaiter(
      state, io,
      [&channel]() -> net::awaitable<void> {
        co_await channel.acquire(net::use_awaitable);
        channel.release();
      },
      [&] {
        channel.release();
        io.restart();
        io.run();
        channel.acquire([](net::error_code, bool) {});  // acquires the permit again
        io.restart();
        io.run();
      });
}
BENCHMARK(channelCoroutine)->Name("waiter_coroutine/channel");

// --- a steady stream ---------------------------------------------------------------------------

/// Calls one after the other. `start` starts one and calls its argument when it has completed.
void steady(benchmark::State& state, net::io_context& io, auto start) {
  constexpr std::size_t calls = 1000;
  double blocks = 0;
  for (auto _ : state) {
    std::size_t left = calls;
    std::size_t before = 0;
    // Counted from within a handler, where Asio's recycled memory is available.
    const auto next = [&](const auto& self) -> void {
      if (left == calls - 10) before = allocations;
      if (--left == 0) {
        blocks = static_cast<double>(allocations - before) / (calls - 10);
        return;
      }
      start([&self] { self(self); });
    };
    net::post(io, [&next] { next(next); });
    io.run();
    io.restart();
  }
  state.counters["allocations"] = blocks;
  perCall(state, calls);
}

void steadyExecute(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 4});
  steady(state, io, [&](auto next) {
    bulkhead.execute([] {}, [next](const std::exception_ptr&) { next(); });
  });
}
BENCHMARK(steadyExecute)->Name("steady/bulkhead");

void steadyAwaitable(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 4});
  steady(state, io, [&](auto next) {
    bulkhead.execute([]() -> net::awaitable<void> { co_return; },
                     [next](const std::exception_ptr&) { next(); });
  });
}
BENCHMARK(steadyAwaitable)->Name("steady/awaitable");

void steadyAcquire(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 4});
  steady(state, io,
         [&](auto next) { bulkhead.acquire([next](net::error_code, const Permit&) { next(); }); });
}
BENCHMARK(steadyAcquire)->Name("steady/acquire");

void steadyPermit(benchmark::State& state) {
  net::io_context io{1};
  SemaphoreBulkhead semaphore(io, {.name = "bench", .permits = 4});
  semaphore.withPermit([] {});
  const std::size_t before = allocations;
  for (auto _ : state) semaphore.withPermit([] { benchmark::ClobberMemory(); });
  state.counters["allocations"] =
      static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
  perCall(state);
}
BENCHMARK(steadyPermit)->Name("steady/with_permit");

}  // namespace
