// Work that takes longer than its execution timeout, and ignores that it is asked to cancel. The
// clock is moved by hand, so that every step is exact.
#include <bulwark/bulwark.hpp>

#include <asio/basic_waitable_timer.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <string>

#include "support/manual_clock.hpp"

using namespace std::chrono_literals;
using Clock = ManualClock;  // std::chrono::steady_clock in a service
using Bulkhead = bulwark::Bulkhead<asio::any_io_executor, Clock>;

namespace {

asio::io_context io;

/// Renders for three seconds, and does not listen to cancellations.
asio::awaitable<void> render() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  asio::basic_waitable_timer<Clock> timer(co_await asio::this_coro::executor, 3s);
  co_await timer.async_wait(asio::use_awaitable);
}

void advance(Clock::duration time) {
  io.restart();
  io.poll();
  Clock::advance(time);
  io.restart();
  io.poll();
}

int wrong = 0;

void expect(const std::string& text, const std::string& wanted) {
  if (text == wanted) return;
  fmt::print("not so: {}\n", wanted);
  ++wrong;
}

}  // namespace

int main() {
  std::string told;
  const auto handler = [&told](const std::exception_ptr& error) {
    told = error ? bulwark::errorCodeOf(error).message() : "done";
  };

  // [config]
  Bulkhead reports{
      io, {.name = "reports", .maxConcurrent = 2, .executionTimeout = 2s, .maxOverdue = 2}};
  // [config]
  reports.setObserver([](const bulwark::BulkheadEvent& event) { fmt::print("{}\n", event); });

  reports.execute(render, handler);
  reports.execute(render, handler);
  advance(2s);  // both are overdue, and the bulkhead is stalled
  expect(told, "the execution timeout has passed");
  expect(fmt::format("{}", reports.stats()),
         "reports: active 2/2, queued 0/50, overdue 2, executed 0, failed 0, rejected 0, "
         "timed out 0, cancelled 0, drained 0");

  reports.execute(render, {.queueTimeout = 0s}, handler);
  advance(0s);  // the permits follow the work: there is none for another call
  expect(told, "rejected: no permit is free and the queue is full");

  advance(1s);  // the work ends
  expect(fmt::format("{} overdue, {} overran", reports.stats().overdue, reports.stats().overran),
         "0 overdue, 2 overran");

  // [calls]
  reports.execute(render, {.executionTimeout = 10s}, handler);  // a large report
  reports.execute(render, {.budget = 500ms}, handler);          // wait and work together
  // [calls]
  advance(500ms);
  expect(told, "the execution timeout has passed");
  advance(2500ms);
  expect(told, "done");

  // [wait]
  reports.updateConfig({.overrun = bulwark::Overrun::wait});
  // [wait]
  told.clear();
  reports.execute(render, handler);
  advance(2s);
  expect(told, "");
  advance(1s);
  expect(told, "done");  // late, but it has a result
  fmt::print("{}\n", reports.stats());
  return wrong;
}
