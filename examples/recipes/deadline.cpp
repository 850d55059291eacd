// A handler that must answer within 300 ms. It calls two dependencies, and each of them learns how
// much time is left. The clock is moved by hand, so that every step is exact.
#include <bulwark/bulwark.hpp>

#include <asio/basic_waitable_timer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "support/manual_clock.hpp"

using namespace std::chrono_literals;
using Clock = ManualClock;  // std::chrono::steady_clock in a service
using Bulkhead = bulwark::Bulkhead<asio::any_io_executor, Clock>;

namespace {

/// A dependency. It answers after `latency`, and notes how much time its last caller had left.
struct Dependency {
  asio::awaitable<std::string> ask(Clock::duration left) {
    lastLeft = left;
    asio::basic_waitable_timer<Clock> timer(co_await asio::this_coro::executor, latency);
    co_await timer.async_wait(asio::use_awaitable);
    co_return "an answer";
  }

  Bulkhead bulkhead;
  Clock::duration latency = 50ms;
  Clock::duration lastLeft{0};
};

// [handler]
/// Serves one request. Each call may take what is left of the 300 ms, its wait in the queue
/// included, and passes on what is left when its work begins.
asio::awaitable<std::string> serve(Dependency& users, Dependency& orders) {
  const Clock::time_point deadline = Clock::now() + 300ms;
  const auto left = [deadline] { return deadline - Clock::now(); };
  const auto call = [left](Dependency& dependency) {
    const bulwark::CallOptions options{.budget = left()};
    return dependency.bulkhead.execute([left, &dependency] { return dependency.ask(left()); },
                                       options, asio::use_awaitable);
  };
  const std::string user = co_await call(users);
  co_return user + " and " + co_await call(orders);
}
// [handler]

// [status]
/// What the client is told. After an execution timeout, a dependency may have done its work.
std::string statusOf(const std::exception_ptr& error) {
  if (!error) return "200";
  const auto code = bulwark::errorCodeOf(error);
  if (code == bulwark::Errc::executionTimeout) return "504, the work had begun";
  if (code == bulwark::Errc::deadlineExceeded) return "504, the work had not begun";
  return bulwark::notExecuted(error) ? "503" : "502";
}
// [status]

struct Service {
  /// Serves one request. Returns its status, and when it came.
  std::pair<std::string, Clock::duration> request() {
    std::string status;
    const Clock::time_point start = Clock::now();
    asio::co_spawn(io, serve(users, orders),
                   [&](const std::exception_ptr& error, std::string) { status = statusOf(error); });
    poll();
    while (status.empty() && Clock::now() - start < 1s) {
      Clock::advance(1ms);
      poll();
    }
    fmt::print("{} after {} ms\n", status, (Clock::now() - start) / 1ms);
    return {status, Clock::now() - start};
  }

  void poll() {
    io.restart();
    io.poll();
  }

  asio::io_context io;
  Dependency users{Bulkhead{io, {.name = "users", .maxConcurrent = 1}}};
  Dependency orders{Bulkhead{io, {.name = "orders", .maxConcurrent = 1}}};
};

int wrong = 0;

void expect(bool fact, const char* what) {
  if (fact) return;
  fmt::print("not so: {}\n", what);
  ++wrong;
}

}  // namespace

int main() {
  using Answer = std::pair<std::string, Clock::duration>;
  Service service;
  Dependency& users = service.users;
  Dependency& orders = service.orders;

  expect(service.request() == Answer("200", 100ms), "both answer in time");
  expect(users.lastLeft == 300ms && orders.lastLeft == 250ms, "each learns what is left");

  users.latency = 10s;
  expect(service.request() == Answer("504, the work had begun", 300ms), "the first call is slow");
  expect(users.bulkhead.stats().overran == 1, "its work was cancelled and has ended");
  expect(users.bulkhead.stats().active == 0, "it has given its permit back");

  users.latency = 50ms;
  bulwark::Permit busy = orders.bulkhead.tryAcquire();
  expect(service.request() == Answer("504, the work had not begun", 300ms), "the queue is slow");
  expect(orders.bulkhead.stats().timedOut == 1, "the second call has left the queue");
  busy.release();

  users.latency = 300ms - 1ms;
  expect(service.request() == Answer("504, the work had begun", 300ms), "1 ms is left");
  expect(orders.lastLeft == 1ms, "the second call has that millisecond");

  fmt::print("{}\n{}\n", users.bulkhead.stats(), orders.bulkhead.stats());
  return wrong;
}
