// What does a waiting call cost, and does the cost grow with the number of waiting calls? n calls
// behind one permit, per call:
//
//   enqueue    the call finds no permit and waits, with the default timeout
//   dispatch   the same, and then the permit is released: every call runs, one after the other, and
//              completes
//   flip       two chains of calls share one permit, so that every call finds the queue empty,
//              waits in it, and leaves it empty

#include "support/waiting_calls.hpp"

namespace {

using namespace bulwark;

template <typename Queue>
void enqueue(benchmark::State& state) {
  measureQueue<Queue>(state, addNone<Queue>, addAll<Queue>);
}

template <typename Queue>
void dispatch(benchmark::State& state) {
  measureQueue<Queue>(state, addNone<Queue>, [](Queue& queue, std::size_t n) {
    addAll(queue, n);
    queue.release();
    queue.io.run();
  });
}

// --- flip --------------------------------------------------------------------------------------

constexpr std::size_t callsPerIteration = 1000;

template <typename Subject>
void flip(benchmark::State& state, net::io_context& io, Subject& subject) {
  struct Next {
    Subject& subject;
    std::size_t& left;

    void operator()(const std::exception_ptr& error) const {
      if (error || left == 0) return;
      --left;
      subject.execute([] {}, *this);
    }
  };
  for (auto _ : state) {
    std::size_t left = callsPerIteration;
    for (int chain = 0; chain < 2; ++chain) Next{subject, left}(nullptr);
    io.run();
    io.restart();
    if (left != 0) state.SkipWithError("a call was refused");
  }
  perCall(state, callsPerIteration);
}

void flipBulkhead(benchmark::State& state) {
  net::io_context io{1};
  Bulkhead bulkhead(io, {.name = "bench", .maxConcurrent = 1, .maxQueueSize = 10});
  flip(state, io, bulkhead);
  const BulkheadStats stats = bulkhead.stats();
  if (stats.waitTime.count() < stats.executed * 9 / 10)
    state.SkipWithError("the queue did not flip");
}
BENCHMARK(flipBulkhead)->Name("flip/bulkhead");

void flipNaive(benchmark::State& state) {
  net::io_context io{1};
  NaiveBulkhead naive(io, {.maxConcurrent = 1, .maxQueueSize = 10});
  flip(state, io, naive);
}
BENCHMARK(flipNaive)->Name("flip/naive");

const bool registered = [] {
  constexpr std::int64_t k = 1000;
  forWaiters("enqueue/bulkhead", enqueue<BulkheadQueue<>>, {k, 10 * k, 100 * k, 1000 * k});
  forWaiters("enqueue/naive", enqueue<NaiveQueue<>>, {k, 10 * k, 100 * k});
  forWaiters("dispatch/bulkhead", dispatch<BulkheadQueue<>>, {k, 10 * k, 100 * k, 1000 * k});
  forWaiters("dispatch/naive", dispatch<NaiveQueue<>>, {k, 10 * k, 100 * k});
  forWaiters("dispatch/channel", dispatch<ChannelQueue>, {k, 10 * k, 100 * k, 1000 * k});
  return true;
}();

}  // namespace
