// What does a permit cost when several threads use one bulkhead at once?
//
//   with_permit      a callable under a permit, its execution time measured; all threads share one
//   with_permit_own  the same, with a bulkhead for each thread: what is left is what the library
//                    itself makes threads share
//   try_permit       a permit acquired and released, nothing measured
//   post_shared_io   64 chains of calls on an io_context that all the threads run
//
// No call waits for a permit: there are enough for all.

#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>

#include <cstddef>
#include <deque>
#include <exception>
#include <semaphore>
#include <thread>
#include <vector>

#include "support/contenders.hpp"

namespace {

namespace net = bulwark::net;

/// Runs with 2 threads, and with as many as the machine has.
void threads(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseRealTime()->Threads(2);
  const auto all = static_cast<int>(std::thread::hardware_concurrency());
  if (all > 2) benchmark->Threads(all);
}

// --- contenders: what all threads of one case share ---------------------------------------------

struct Semaphore {
  net::io_context io;
  bulwark::SemaphoreBulkhead<Executor> bulkhead{io, {.name = "bench", .permits = manyPermits}};

  void tryAndRelease() { benchmark::DoNotOptimize(bulkhead.tryAcquire().count()); }
};

struct Naive {
  net::io_context io;
  NaiveBulkhead<> bulkhead{io, {.maxConcurrent = manyPermits}};

  void tryAndRelease() {
    benchmark::DoNotOptimize(bulkhead.tryAcquire());
    bulkhead.release();
  }
};

struct Counting {
  std::counting_semaphore<> semaphore{manyPermits};

  void tryAndRelease() {
    benchmark::DoNotOptimize(semaphore.try_acquire());
    semaphore.release();
  }
};

/// Set up again for each run, before its threads start.
template <typename Subject>
struct Shared {
  static inline std::deque<Subject> subjects;

  static void setUp(const benchmark::State& state) {
    subjects.clear();
    for (int i = 0; i < state.threads(); ++i) subjects.emplace_back();
  }
  static void tearDown(const benchmark::State&) { subjects.clear(); }
};

template <typename Subject>
void addThreads(const char* name, void (*function)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name, function)
      ->Setup(Shared<Subject>::setUp)
      ->Teardown(Shared<Subject>::tearDown)
      ->Apply(threads);
}

template <typename Subject, bool Own>
void withPermit(benchmark::State& state) {
  auto& subjects = Shared<Subject>::subjects;
  Subject& subject = subjects[Own ? static_cast<std::size_t>(state.thread_index()) : 0];
  for (auto _ : state) {
    subject.bulkhead.withPermit([] { benchmark::ClobberMemory(); });
  }
  perCall(state);
}

template <typename Subject>
void tryPermit(benchmark::State& state) {
  Subject& subject = Shared<Subject>::subjects[0];
  for (auto _ : state) subject.tryAndRelease();
  perCall(state);
}

// --- an io_context run by several threads ------------------------------------------------------

constexpr std::size_t chains = 64;
constexpr std::size_t callsPerChain = 1000;

template <typename Subject>
void postSharedIo(benchmark::State& state) {
  const auto threadCount = static_cast<std::size_t>(state.range(0));
  net::io_context io;
  Subject subject(io);

  struct Next {
    Subject& subject;
    std::size_t left = callsPerChain;

    void operator()(const std::exception_ptr& error) {
      if (!error && --left != 0) subject.execute([] {}, *this);
    }
  };
  for (auto _ : state) {
    for (std::size_t i = 0; i != chains; ++i) subject.execute([] {}, Next{subject});
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < threadCount; ++i) others.emplace_back([&io] { io.run(); });
      io.run();
    }
    io.restart();
  }
  perCall(state, chains * callsPerChain);
}

const bool registered = [] {
  addThreads<Semaphore>("with_permit/semaphore", withPermit<Semaphore, false>);
  addThreads<Naive>("with_permit/naive", withPermit<Naive, false>);
  addThreads<Semaphore>("with_permit_own/semaphore", withPermit<Semaphore, true>);
  addThreads<Naive>("with_permit_own/naive", withPermit<Naive, true>);
  addThreads<Semaphore>("try_permit/semaphore", tryPermit<Semaphore>);
  addThreads<Counting>("try_permit/counting", tryPermit<Counting>);
  addThreads<Naive>("try_permit/naive", tryPermit<Naive>);
  const auto byThreads = [](const char* name, auto function) {
    auto* benchmark = benchmark::RegisterBenchmark(name, function)->UseRealTime();
    benchmark->ArgName("threads")->Arg(2);
    const auto all = static_cast<std::int64_t>(std::thread::hardware_concurrency());
    if (all > 2) benchmark->Arg(all);
  };
  byThreads("post_shared_io/bulkhead", postSharedIo<BulkheadCalls<>>);
  byThreads("post_shared_io/naive", postSharedIo<NaiveCalls>);
  byThreads("post_shared_io/bare", postSharedIo<BareCalls<>>);
  return true;
}();

}  // namespace
