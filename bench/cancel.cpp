// What does it cost to cancel a waiting call? n calls behind one permit, each with a cancellation
// slot, cancelled in order of arrival (fifo), in the reverse order (lifo), or at random. Times are
// per call and include the completion.
//
// `bare` has no bulkhead: its slot owns an operation of the size of a waiting call, frees it and
// posts its completion. In random order it shows the cost of memory: each call has its own cache
// lines and pages.

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <random>

#include "support/waiting_calls.hpp"

namespace {

using namespace bulwark;

struct BareQueue {
  struct Operation {
    std::array<std::byte, 152> waiter{};
    std::size_t* completed = nullptr;
  };
  struct Hook {
    std::unique_ptr<Operation> operation;
    net::io_context* io;

    void operator()(net::cancellation_type) {
      std::size_t* const completed = operation->completed;
      operation.reset();
      net::post(*io, [completed] { ++*completed; });
    }
  };

  void addCancellable() {
    auto operation = std::make_unique<Operation>();
    operation->completed = &completed;
    signals.emplace_back().slot().emplace<Hook>(Hook{std::move(operation), &io});
  }
  void cancel(std::size_t i) { signals[i].emit(net::cancellation_type::total); }
  void release() {}

  net::io_context io{1};
  std::deque<net::cancellation_signal> signals;
  std::size_t completed = 0;
};

enum class Order { fifo, lifo, random };

std::vector<std::size_t> positions(std::size_t n, Order order) {
  std::vector<std::size_t> result(n);
  std::iota(result.begin(), result.end(), std::size_t{0});
  if (order == Order::lifo) std::reverse(result.begin(), result.end());
  if (order == Order::random) std::shuffle(result.begin(), result.end(), std::mt19937_64(1));
  return result;
}

template <typename Queue, Order order>
void cancel(benchmark::State& state) {
  const auto victims = positions(static_cast<std::size_t>(state.range(0)), order);
  measureQueue<Queue>(
      state,
      [](Queue& queue, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) queue.addCancellable();
      },
      [&victims](Queue& queue, std::size_t) {
        for (const std::size_t victim : victims) queue.cancel(victim);
        queue.io.poll();
      });
}

const bool registered = [] {
  constexpr std::int64_t k = 1000;
  using Ours = BulkheadQueue<>;
  using Naive = NaiveQueue<>;
  for (const std::int64_t n : {k, 10 * k, 100 * k, 1000 * k}) {
    forWaiters("fifo/bulkhead", cancel<Ours, Order::fifo>, {n});
    forWaiters("lifo/bulkhead", cancel<Ours, Order::lifo>, {n});
    forWaiters("random/bulkhead", cancel<Ours, Order::random>, {n});
    forWaiters("fifo/bare", cancel<BareQueue, Order::fifo>, {n});
    forWaiters("lifo/bare", cancel<BareQueue, Order::lifo>, {n});
    forWaiters("random/bare", cancel<BareQueue, Order::random>, {n});
  }
  for (const std::int64_t n : {k, 10 * k}) {  // each cancellation searches the queue
    forWaiters("fifo/naive", cancel<Naive, Order::fifo>, {n});
    forWaiters("lifo/naive", cancel<Naive, Order::lifo>, {n});
    forWaiters("random/naive", cancel<Naive, Order::random>, {n});
  }
  return true;
}();

}  // namespace
