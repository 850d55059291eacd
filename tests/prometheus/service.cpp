// A service with a known load, for prometheus_test.py. It exposes its metrics on a loopback port
// and reads commands from the standard input, one a line:
//
//   load   runs one round of the load
//   peaks  acquires seven permits of "idle" and releases them, between two scrapes
//
// After each command it prints all statistics and "done". It exits at the end of its input. The
// clock is advanced by hand, so that every duration is exact.

#include <bulwark/bulwark.hpp>
#include <bulwark/prometheus.hpp>

#include BULWARK_NET(basic_waitable_timer.hpp)
#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(use_awaitable.hpp)
#include <fmt/core.h>
#include <prometheus/exposer.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/manual_clock.hpp"

namespace {

namespace net = bulwark::net;
using namespace std::chrono_literals;

using Manager = bulwark::BulkheadManager<net::any_io_executor, ManualClock>;
using Bulkhead = bulwark::Bulkhead<net::any_io_executor, ManualClock>;
using Semaphore = bulwark::SemaphoreBulkhead<net::any_io_executor, ManualClock>;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using RateLimiter = bulwark::RateLimiter<net::any_io_executor, ManualClock>;
using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using Budget = bulwark::RetryBudget;

const auto ignore = [](auto&&...) {};

class Service {
 public:
  Service()
      : manager_(io_, {.services = {{"db", {.maxConcurrent = 3, .maxQueueSize = 4}},
                                    {"ai.full", {.maxConcurrent = 2, .maxQueueSize = 5}},
                                    {"hung", {.executionTimeout = 50ms, .maxOverdue = 1}},
                                    {"reset", {.maxConcurrent = 1}}},
                       .semaphores = {{"cpu", 2}}}),
        steady_(io_, {.name = "steady"}),
        broken_(io_, {.name = "broken", .minimumCalls = 2, .slowCallDuration = 1s}),
        tried_(io_, {.name = "tried", .minimumCalls = 2, .mode = bulwark::Mode::observe}),
        quota_(
            io_,
            {.name = "quota", .permits = 10, .burst = 4, .maxQueueSize = 3, .queueTimeout = 250ms}),
        orders_(io_, {.name = "orders",
                      .maxAttempts = 3,
                      .initialDelay = 0s,
                      .budget = std::make_shared<Budget>(
                          bulwark::RetryBudgetConfig{.ratio = 1, .minPerSecond = 0})}),
        collector_(std::make_shared<bulwark::ManagerCollector>(manager_)) {
    manager_.addSemaphore({.name = "disk", .permits = 1, .maxQueueSize = 1});
    for (const char* name : {"db", "ai.full", "hung", "reset", "idle"}) manager_.bulkhead(name);
    collector_->add(steady_);
    collector_->add(broken_);
    collector_->add(tried_);
    collector_->add(quota_);
    collector_->add(orders_);
    exposer_.RegisterCollectable(collector_);
  }

  int port() const { return exposer_.GetListeningPorts().at(0); }

  void load() {
    manager_.reset("reset");
    everyEnd(manager_.bulkhead("db"));
    for (int i = 1; i <= 1000; ++i) run(manager_.bulkhead("db"), i * 100us);
    for (int i = 1; i <= 7; ++i) run(manager_.bulkhead("reset"), 20ms);
    waits(manager_.bulkhead("db"));
    overrun(manager_.bulkhead("hung"));
    fill(manager_.bulkhead("ai.full"));
    useSemaphores();
    useRateLimiter();
    useRetry();
    useBreakers();
    settle();
  }

  void peaks() { manager_.bulkhead("idle").tryAcquire(7).release(); }

  void report() const {
    const bulwark::ManagerStats stats = manager_.stats();
    for (const auto& [name, s] : stats.bulkheads) {
      report("bulkhead", name, "active", s.active);
      report("bulkhead", name, "queued", s.queued);
      report("bulkhead", name, "overdue", s.overdue);
      report("bulkhead", name, "maxConcurrent", s.maxConcurrent);
      report("bulkhead", name, "maxQueueSize", s.maxQueueSize);
      report("bulkhead", name, "peakActive", s.peakActive);
      report("bulkhead", name, "peakQueued", s.peakQueued);
      report("bulkhead", name, "executed", s.executed);
      report("bulkhead", name, "failed", s.failed);
      report("bulkhead", name, "rejected", s.rejected);
      report("bulkhead", name, "timedOut", s.timedOut);
      report("bulkhead", name, "cancelled", s.cancelled);
      report("bulkhead", name, "drained", s.drained);
      report("bulkhead", name, "overran", s.overran);
      report("bulkhead", name, "overLimit", s.overLimit);
      report("bulkhead", name, "execution", s.executionTime);
      report("bulkhead", name, "wait", s.waitTime);
    }
    for (const auto& [name, s] : stats.semaphores) {
      report("semaphore", name, "permits", s.permits);
      report("semaphore", name, "available", s.available);
      report("semaphore", name, "waiting", s.waiting);
      report("semaphore", name, "acquired", s.acquired);
      report("semaphore", name, "timedOut", s.timedOut);
      report("semaphore", name, "rejected", s.rejected);
      report("semaphore", name, "execution", s.executionTime);
      report("semaphore", name, "wait", s.waitTime);
    }
    for (const Breaker* breaker : {&steady_, &broken_, &tried_}) {
      const bulwark::CircuitBreakerStats s = breaker->stats();
      report("breaker", s.name, "open", s.state == bulwark::CircuitState::open ? 1 : 0);
      report("breaker", s.name, "succeeded", s.succeeded);
      report("breaker", s.name, "failed", s.failed);
      report("breaker", s.name, "ignored", s.ignored);
      report("breaker", s.name, "refused", s.refused);
      report("breaker", s.name, "slow", s.slow);
      report("breaker", s.name, "opened", s.opened);
      report("breaker", s.name, "wouldHaveRefused", s.wouldHaveRefused);
    }
    const bulwark::RateLimiterStats l = quota_.stats();
    report("limiter", l.name, "available", l.available);
    report("limiter", l.name, "burst", l.burst);
    report("limiter", l.name, "queued", l.queued);
    report("limiter", l.name, "maxQueueSize", l.maxQueueSize);
    report("limiter", l.name, "executed", l.executed);
    report("limiter", l.name, "failed", l.failed);
    report("limiter", l.name, "rejected", l.rejected);
    report("limiter", l.name, "timedOut", l.timedOut);
    report("limiter", l.name, "cancelled", l.cancelled);
    report("limiter", l.name, "drained", l.drained);
    report("limiter", l.name, "overLimit", l.overLimit);
    report("limiter", l.name, "wait", l.waitTime);
    const bulwark::RetryStats r = orders_.stats();
    report("retry", r.name, "calls", r.calls);
    report("retry", r.name, "attempts", r.attempts);
    report("retry", r.name, "retried", r.retried);
    report("retry", r.name, "recovered", r.recovered);
    report("retry", r.name, "exhausted", r.exhausted);
    report("retry", r.name, "overBudget", r.overBudget);
  }

 private:
  void settle() {
    io_.restart();
    io_.poll();
  }

  void run(Bulkhead& bulkhead, ManualClock::duration length) {
    bulkhead.execute([length] { ManualClock::advance(length); }, ignore);
    settle();
  }

  /// Makes a different number of calls for each way to end.
  void everyEnd(Bulkhead& bulkhead) {
    net::cancellation_signal signal;
    for (int i = 0; i < 2; ++i) {
      bulkhead.execute([] { throw std::runtime_error("as planned"); }, ignore);
      settle();
    }
    bulwark::Permit hold = bulkhead.tryAcquire(3);
    for (int i = 0; i < 3; ++i) bulkhead.execute([] {}, {.queueTimeout = 1s}, ignore);
    bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), ignore));
    for (int i = 0; i < 5; ++i) bulkhead.execute([] {}, ignore);  // rejected
    signal.emit(net::cancellation_type::terminal);
    ManualClock::advance(1s);
    settle();
    bulkhead.drain(ignore);
    for (int i = 0; i < 6; ++i) bulkhead.execute([] {}, ignore);  // drained
    bulkhead.resume();
    bulkhead.updateConfig({.mode = bulwark::Mode::observe});
    for (int i = 0; i < 7; ++i) bulkhead.tryAcquire().release();  // over the limit
    bulkhead.updateConfig({.mode = bulwark::Mode::enforce});
    hold.release();
    settle();
  }

  /// Four calls wait, each 10 ms longer than the one before.
  void waits(Bulkhead& bulkhead) {
    bulwark::Permit hold = bulkhead.tryAcquire(3);
    for (int i = 0; i < 4; ++i) {
      bulkhead.execute([] {}, ignore);
      ManualClock::advance(10ms);
    }
    hold.release();
    settle();
  }

  /// Two calls end when their execution timeout cancels them. From the first round on, one more
  /// does not return.
  void overrun(Bulkhead& bulkhead) {
    const auto wait = [this](bool cancellable) -> net::awaitable<void> {
      if (!cancellable) {
        co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
      }
      net::basic_waitable_timer<ManualClock> never(io_, ManualClock::time_point::max());
      co_await never.async_wait(net::use_awaitable);
    };
    for (int i = 0; i < 2; ++i) bulkhead.execute([wait] { return wait(true); }, ignore);
    if (bulkhead.stats().overdue == 0) bulkhead.execute([wait] { return wait(false); }, ignore);
    settle();
    ManualClock::advance(50ms);
    settle();
  }

  /// From the first round on no permit is free and three calls wait.
  void fill(Bulkhead& bulkhead) {
    while (bulwark::Permit permit = bulkhead.tryAcquire()) held_.push_back(std::move(permit));
    while (bulkhead.stats().queued < 3) {
      bulkhead.acquire({.queueTimeout = bulwark::noTimeout}, ignore);
    }
  }

  void useSemaphores() {
    Semaphore& cpu = *manager_.semaphore("cpu");
    for (int i = 1; i <= 8; ++i) cpu.withPermit([] { ManualClock::advance(4ms); });
    {
      const bulwark::Permit hold = cpu.tryAcquire(2);
      cpu.acquire({.timeout = 1s}, ignore);  // times out
      ManualClock::advance(1s);
      settle();
      cpu.acquire(ignore);
      ManualClock::advance(15ms);
    }
    settle();
    Semaphore& disk = *manager_.semaphore("disk");
    if (bulwark::Permit permit = disk.tryAcquire()) held_.push_back(std::move(permit));
    if (disk.stats().waiting == 0) disk.acquire({.timeout = bulwark::noTimeout}, ignore);
    for (int i = 0; i < 3; ++i) disk.acquire(ignore);  // rejected
    settle();
  }

  /// Makes a different number of calls for each way to end, and two of the line.
  void useRateLimiter() {
    ManualClock::advance(1s);  // all permits of the burst are saved
    for (int i = 0; i < 3; ++i) quota_.execute([] {}, ignore);
    quota_.execute([] { throw std::runtime_error("as planned"); }, ignore);
    net::cancellation_signal signal;
    quota_.execute([] {}, net::bind_cancellation_slot(signal.slot(), ignore));
    quota_.execute([] {}, ignore);  // its turn comes in 200 ms
    quota_.execute([] {}, ignore);  // that of this one in 300 ms, too late
    signal.emit(net::cancellation_type::terminal);
    settle();
    ManualClock::advance(100ms);
    settle();
    quota_.execute([] {}, {.queueTimeout = 150ms}, ignore);
    quota_.updateConfig({.permits = 1});  // its turn moves beyond its timeout
    ManualClock::advance(150ms);
    settle();
    quota_.updateConfig({.permits = 10});
    quota_.updateConfig({.mode = bulwark::Mode::observe});
    for (int i = 0; i < 5; ++i) quota_.execute([] {}, ignore);
    settle();
    quota_.updateConfig({.mode = bulwark::Mode::enforce});
    quota_.drain(ignore);
    for (int i = 0; i < 6; ++i) quota_.execute([] {}, ignore);
    quota_.resume();
    settle();
  }

  /// Each call deposits a retry, so that the sixth call is the first that the budget does not pay.
  void useRetry() {
    const auto failing = [this](int times) {
      orders_.execute(
          [times]() mutable {
            if (times-- > 0) throw std::runtime_error("as planned");
          },
          ignore);
      settle();
    };
    for (int i = 0; i < 3; ++i) failing(0);
    failing(1);
    failing(1);
    for (int i = 0; i < 5; ++i) failing(9);
  }

  void useBreakers() {
    const auto call = [this](Breaker& breaker, auto fn) {
      breaker.execute(fn, ignore);
      settle();
    };
    for (int i = 0; i < 5; ++i) call(steady_, [] {});
    call(steady_, [] { throw bulwark::BulkheadRejectedError("db"); });
    tried_.reset();
    for (int i = 0; i < 2; ++i) call(tried_, [] { throw std::runtime_error("as planned"); });
    for (int i = 0; i < 3; ++i) call(tried_, [] {});
    broken_.reset();
    call(broken_, [] { ManualClock::advance(2s); });
    call(broken_, [] { throw std::runtime_error("as planned"); });
    for (int i = 0; i < 4; ++i) call(broken_, [] {});  // refused
  }

  static void report(const char* kind, const std::string& name, const std::string& field,
                     std::uint64_t number) {
    fmt::print("{} {} {} {}\n", kind, name, field, number);
  }
  static void report(const char* kind, const std::string& name, const std::string& field,
                     const bulwark::HistogramSnapshot& histogram) {
    const auto ns = [](std::chrono::nanoseconds time) {
      return static_cast<std::uint64_t>(time.count());
    };
    report(kind, name, field + ".count", histogram.count());
    report(kind, name, field + ".sum", ns(histogram.sum()));
    for (const int percent : {50, 90, 99}) {
      report(kind, name, fmt::format("{}.p{}", field, percent), ns(histogram.percentile(percent)));
    }
  }

  net::io_context io_;
  Manager manager_;
  Breaker steady_;
  Breaker broken_;
  Breaker tried_;
  RateLimiter quota_;
  Retry orders_;
  std::vector<bulwark::Permit> held_;
  std::shared_ptr<bulwark::ManagerCollector> collector_;
  prometheus::Exposer exposer_{"127.0.0.1:0"};
};

}  // namespace

int main() {
  ManualClock::reset();
  Service service;
  fmt::print("port {}\n", service.port());
  std::fflush(stdout);
  for (std::string order; std::getline(std::cin, order);) {
    if (order == "load") {
      service.load();
    } else if (order == "peaks") {
      service.peaks();
    } else {
      fmt::print(stderr, "unknown command: {}\n", order);
      return 2;
    }
    service.report();
    fmt::print("done\n");
    std::fflush(stdout);
  }
}
