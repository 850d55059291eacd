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

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(io_context.hpp)
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

const auto ignore = [](auto&&...) {};

class Service {
 public:
  Service()
      : manager_(io_, {.services = {{"db", {.maxConcurrent = 3, .maxQueueSize = 4}},
                                    {"ai.full", {.maxConcurrent = 2, .maxQueueSize = 5}},
                                    {"reset", {.maxConcurrent = 1}}},
                       .semaphores = {{"cpu", 2}}}),
        steady_(io_, {.name = "steady"}),
        broken_(io_, {.name = "broken", .minimumCalls = 2, .slowCallDuration = 1s}),
        collector_(std::make_shared<bulwark::ManagerCollector>(manager_)) {
    manager_.addSemaphore({.name = "disk", .permits = 1, .maxQueueSize = 1});
    for (const char* name : {"db", "ai.full", "reset", "idle"}) manager_.bulkhead(name);
    collector_->add(steady_);
    collector_->add(broken_);
    exposer_.RegisterCollectable(collector_);
  }

  int port() const { return exposer_.GetListeningPorts().at(0); }

  void load() {
    manager_.reset("reset");
    everyEnd(manager_.bulkhead("db"));
    for (int i = 1; i <= 1000; ++i) run(manager_.bulkhead("db"), i * 100us);
    for (int i = 1; i <= 7; ++i) run(manager_.bulkhead("reset"), 20ms);
    waits(manager_.bulkhead("db"));
    fill(manager_.bulkhead("ai.full"));
    useSemaphores();
    useBreakers();
    settle();
  }

  void peaks() { manager_.bulkhead("idle").tryAcquire(7).release(); }

  void report() const {
    const bulwark::ManagerStats stats = manager_.stats();
    for (const auto& [name, s] : stats.bulkheads) {
      report("bulkhead", name, "active", s.active);
      report("bulkhead", name, "queued", s.queued);
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
    for (const Breaker* breaker : {&steady_, &broken_}) {
      const bulwark::CircuitBreakerStats s = breaker->stats();
      report("breaker", s.name, "open", s.state == bulwark::CircuitState::open ? 1 : 0);
      report("breaker", s.name, "succeeded", s.succeeded);
      report("breaker", s.name, "failed", s.failed);
      report("breaker", s.name, "ignored", s.ignored);
      report("breaker", s.name, "refused", s.refused);
      report("breaker", s.name, "slow", s.slow);
      report("breaker", s.name, "opened", s.opened);
    }
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

  void useBreakers() {
    const auto call = [this](Breaker& breaker, auto fn) {
      breaker.execute(fn, ignore);
      settle();
    };
    for (int i = 0; i < 5; ++i) call(steady_, [] {});
    call(steady_, [] { throw bulwark::BulkheadRejectedError("db"); });
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
