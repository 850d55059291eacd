// Ending a call early: by the client or by a deadline, while it waits or while it runs.
#include <bulwark/bulwark.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <string>

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using Clock = std::chrono::steady_clock;

/// Never answers. Ends when it is cancelled.
asio::awaitable<void> hang() {
  asio::steady_timer timer(co_await asio::this_coro::executor, Clock::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

// [deadline]
/// Runs a request that must be answered by `deadline`. The call may wait for the remaining time. A
/// deadline in the past gives a negative timeout, which counts as 0: the call runs at once or is
/// rejected.
template <typename Fn, typename Handler>
void executeBy(bulwark::Bulkhead<>& calls, Clock::time_point deadline, Fn fn, Handler handler) {
  calls.execute(fn, {.queueTimeout = deadline - Clock::now()}, handler);
}
// [deadline]

// [within]
/// Limits the whole call, waiting and running, to a time. Returns false if it was cancelled.
asio::awaitable<bool> executeWithin(bulwark::Bulkhead<>& calls, Clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  const auto first =
      co_await (calls.execute(hang, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
  co_return first.index() == 0;
}
// [within]

int main() {
  asio::io_context io;
  bulwark::Bulkhead<> calls{io, {.name = "database", .maxConcurrent = 1, .maxQueueSize = 10}};
  std::string order;
  const auto note = [&order](const char* name) {
    return [&order, name](std::exception_ptr error) {
      const auto code = bulwark::errorCodeOf(error);
      order += fmt::format("{}: {}\n", name, code ? code.message() : "done");
    };
  };

  // [signal]
  asio::cancellation_signal running, waiting;
  calls.execute(hang, asio::bind_cancellation_slot(running.slot(), note("running")));
  calls.execute(hang, asio::bind_cancellation_slot(waiting.slot(), note("waiting")));
  calls.execute([] {}, note("behind"));
  io.poll();  // the first call runs

  waiting.emit(asio::cancellation_type::all);  // removes the call from the queue
  running.emit(asio::cancellation_type::all);  // is passed to the awaitable of the call
  // [signal]
  io.run();

  bulwark::Permit held = calls.tryAcquire();
  executeBy(
      calls, Clock::now() - 1ms, [] {}, note("late"));
  held.release();
  io.restart();
  io.run();

  bool inTime = true;
  for (int i = 0; i < 2; ++i) {  // one is cancelled while it runs, the other while it waits
    if (i == 1) held = calls.tryAcquire();
    asio::co_spawn(io, executeWithin(calls, 10ms), [&](std::exception_ptr, bool finished) {
      inTime = finished;
      held.release();
    });
    io.restart();
    io.run();
  }

  fmt::print("{}in time: {}\n{}\n", order, inTime, calls.stats());
  const bulwark::BulkheadStats stats = calls.stats();
  return order == "waiting: Operation aborted.\n"
                  "running: Operation aborted.\n"
                  "behind: done\n"
                  "late: rejected: no permit is free and the queue is full\n" &&
                 !inTime && stats.cancelled == 2 && stats.failed == 2 && stats.rejected == 1 &&
                 stats.active == 0
             ? 0
             : 1;
}
