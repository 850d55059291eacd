// A metastable failure. A service is overloaded for ten seconds. After that, the load is 70 % of
// what the service can do, but the service does not recover: its clients retry, and the retries
// keep it overloaded. With a retry budget it recovers by itself. The clock is moved by hand, so
// that each run counts the same calls.
#include <bulwark/bulwark.hpp>

#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

#include "support/manual_clock.hpp"

using namespace std::chrono_literals;
using Clock = ManualClock;  // std::chrono::steady_clock in a service
using Bulkhead = bulwark::Bulkhead<asio::any_io_executor, Clock>;
using Retry = bulwark::Retry<asio::any_io_executor, Clock>;
using Timer = asio::basic_waitable_timer<Clock>;

namespace {

constexpr int capacity = 200;  // requests a second
constexpr int normal = 140;    // calls a second: 70 %
constexpr int overload = 400;
constexpr int overloadBegins = 5;  // in seconds
constexpr int overloadEnds = 15;
constexpr int end = 25;
constexpr auto step = 5ms;  // of the clock
constexpr int steps = 1s / step;

int loadIn(int second) {
  return second >= overloadBegins && second < overloadEnds ? overload : normal;
}

/// A service on another machine. It works on 10 requests at once, for 50 ms each: 200 a second.
/// Its queue is too long: at its end, a request waits for 600 ms, and a client waits for 500 ms.
class Service {
 public:
  explicit Service(asio::io_context& io)
      : io_(io),
        requests_(io, {.name = "service",
                       .maxConcurrent = 10,
                       .maxQueueSize = 120,
                       .queueTimeout = bulwark::noTimeout}) {}

  /// Sends a request and waits for the answer. The service does not learn that a client no longer
  /// waits: it works on the request all the same.
  asio::awaitable<void> ask() {
    const auto answer = std::make_shared<Answer>(io_);
    requests_.execute([this] { return work(); },
                      [answer](const std::exception_ptr& error) {
                        answer->error = error;
                        answer->arrived = true;
                        answer->arrival.cancel();
                      });
    asio::error_code cancelled;
    co_await answer->arrival.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (!answer->arrived) throw asio::system_error(cancelled);
    if (answer->error) std::rethrow_exception(answer->error);
  }

 private:
  struct Answer {
    explicit Answer(asio::io_context& io) : arrival(io, Clock::time_point::max()) {}
    Timer arrival;
    bool arrived = false;
    std::exception_ptr error;
  };

  asio::awaitable<void> work() {
    Timer timer(io_, 50ms);
    co_await timer.async_wait(asio::use_awaitable);
  }

  asio::io_context& io_;
  Bulkhead requests_;
};

/// What the clients do and get in a second.
struct Second {
  int calls = 0, attempts = 0, answered = 0;
};

std::vector<Second> simulate(std::shared_ptr<bulwark::RetryBudget> budget) {
  Clock::reset();
  asio::io_context io;
  Service service(io);
  // It stands for many clients, so its limit protects nothing.
  Bulkhead client(io, {.name = "client", .maxConcurrent = 10'000, .executionTimeout = 500ms});
  Retry retry(io, {.name = "client", .maxAttempts = 3, .jitter = 0, .budget = std::move(budget)});

  std::vector<Second> seconds(1);
  const auto attempt = [&] {
    ++seconds.back().attempts;
    return client.execute([&] { return service.ask(); }, asio::use_awaitable);
  };
  const auto call = [&] {
    ++seconds.back().calls;
    retry.execute(attempt, [&](const std::exception_ptr& error) {
      if (!error) ++seconds.back().answered;
    });
  };
  const auto advance = [&] {
    Clock::advance(step);
    io.restart();
    io.poll();
  };
  int due = 0;  // in parts of a call, one for each step of a second
  for (int second = 0; second < end; ++second) {
    if (second > 0) seconds.emplace_back();
    for (int i = 0; i < steps; ++i) {
      for (due += loadIn(second); due >= steps; due -= steps) call();
      advance();
    }
  }
  const std::vector<Second> seen = seconds;
  while (!io.stopped()) advance();  // until the last call has ended
  return seen;
}

int broken = 0;

void promise(bool kept, const char* what) {
  fmt::print("{}: {}\n", kept ? "kept  " : "BROKEN", what);
  if (!kept) ++broken;
}

/// Whether a fact holds for each second from `from` on, and before `to`.
template <typename Fact>
bool holds(const std::vector<Second>& seconds, int from, int to, Fact fact) {
  return std::all_of(seconds.begin() + from, seconds.begin() + to, fact);
}

int sum(const std::vector<Second>& seconds, int Second::*of) {
  int total = 0;
  for (const Second& second : seconds) total += second.*of;
  return total;
}

}  // namespace

int main() {
  // [budget]
  // A tenth of the calls may be retried. In a service, keep the defaults of `minPerSecond` and
  // `window`. A budget reads the system's clock, and here the result must not depend on it.
  const auto budget = std::make_shared<bulwark::RetryBudget>(
      bulwark::RetryBudgetConfig{.ratio = 0.1, .minPerSecond = 0, .window = 1h});
  // [budget]
  const std::vector<Second> with = simulate(budget);
  const std::vector<Second> without = simulate(nullptr);

  fmt::print(
      "                  with the budget         without it\n"
      "second   calls   attempts   answered   attempts   answered\n");
  for (int second = 0; second < end; ++second) {
    const auto at = static_cast<std::size_t>(second);
    fmt::print("{:>6} {:>7}   {:>8}   {:>8}   {:>8}   {:>8}\n", second + 1, with[at].calls,
               with[at].attempts, with[at].answered, without[at].attempts, without[at].answered);
  }
  fmt::print("\n");

  // Calls of the second before may be answered, too.
  const auto healthy = [](const Second& s) { return s.attempts == normal && s.answered >= normal; };
  promise(holds(with, 1, overloadBegins, healthy) && holds(without, 1, overloadBegins, healthy),
          "before the overload, each call is answered at its first attempt");
  promise(holds(with, overloadEnds + 2, end, healthy),
          "with the budget, the same is true from two seconds after the overload on");
  promise(sum(with, &Second::attempts) * 10 <= sum(with, &Second::calls) * 11,
          "with the budget, there are at most 10 % more attempts than calls");
  promise(holds(without, overloadEnds + 2, end,
                [](const Second& s) { return s.attempts > capacity && s.answered == 0; }),
          "without it, retries keep the service overloaded, and no call is answered any more");
  return broken;
}
