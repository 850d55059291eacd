#include <bulwark/prometheus.hpp>

#include BULWARK_NET(executor_work_guard.hpp)
#include BULWARK_NET(io_context.hpp)

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

// Two collectors are scraped while calls end, statistics are reset, and bulkheads are created and
// destroyed.

namespace net = bulwark::net;

namespace {

constexpr int rounds = 200;
constexpr int callsARound = 20;

/// What one reader saw of a collector: each number that may only grow, and whether one decreased.
class Reader {
 public:
  void read(const prometheus::Collectable& collector) {
    std::map<std::string, double> active;
    for (const auto& family : collector.Collect()) {
      for (const auto& metric : family.metric) {
        std::string name = family.name;
        for (const auto& label : metric.label) name += "/" + label.value;
        if (family.type == prometheus::MetricType::Counter) {
          grows(name, metric.counter.value);
        } else if (family.type == prometheus::MetricType::Histogram) {
          const auto& histogram = metric.histogram;
          grows(name + "/count", static_cast<double>(histogram.sample_count));
          grows(name + "/sum", histogram.sample_sum);
          std::uint64_t before = 0;
          for (const auto& bucket : histogram.bucket) {
            fell_ = fell_ || bucket.cumulative_count < before;
            before = bucket.cumulative_count;
            grows(name + "/" + std::to_string(bucket.upper_bound), static_cast<double>(before));
          }
          fell_ = fell_ || histogram.sample_count < before;
        } else if (family.name == "bulkhead_active") {
          active[metric.label.at(0).value] = metric.gauge.value;
        } else if (family.name == "bulkhead_peak_active") {
          mostActive_ = std::max(mostActive_, metric.gauge.value);
          abovePeak_ = abovePeak_ || active.at(metric.label.at(0).value) > metric.gauge.value;
        }
      }
    }
  }

  double last(const std::string& name) const { return seen_.at(name); }
  double mostActive() const { return mostActive_; }
  bool fell() const { return fell_; }
  bool abovePeak() const { return abovePeak_; }

 private:
  void grows(const std::string& name, double value) {
    double& before = seen_[name];
    fell_ = fell_ || value < before;
    before = value;
  }

  std::map<std::string, double> seen_;
  double mostActive_ = 0;
  bool fell_ = false;
  bool abovePeak_ = false;
};

}  // namespace

TEST_CASE(
    "no counter falls and no count is lost while scrapes, calls, resets and new bulkheads race") {
  net::io_context io;
  auto work = net::make_work_guard(io);
  bulwark::BulkheadManager<> manager{io};
  manager.bulkhead("db").updateConfig({.maxConcurrent = 5, .maxQueueSize = bulwark::unlimited});
  bulwark::ManagerCollector first(manager);
  const bulwark::ManagerCollector second(manager);
  const std::vector<const prometheus::Collectable*> collectors{&first, &second};
  std::thread runner([&] { io.run(); });
  std::atomic<bool> done{false};
  std::atomic<int> ended{0};
  std::atomic<int> guests{0};
  std::atomic<int> guestsServed{0};

  std::vector<Reader> readers(2);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    threads.emplace_back([&, i] {
      while (!done) readers[i].read(*collectors[i]);
    });
  }
  threads.emplace_back([&] {
    while (!done) manager.resetAll();
  });
  threads.emplace_back([&] {
    bulwark::Permit last;
    for (int i = 0; !done; ++i) {
      if (i < 50) manager.bulkhead("x" + std::to_string(i)).tryAcquire().release();
      // A bulkhead and a breaker of the same name, again and again. Each leaves a permit or a call
      // that outlives it.
      while (guests - guestsServed > 20) std::this_thread::yield();
      ++guests;
      bulwark::Bulkhead<> guest{io, {.name = "guest"}};
      bulwark::CircuitBreaker<> breaker{io, {.name = "guest"}};
      first.add(guest);
      first.add(breaker);
      last = guest.tryAcquire();
      breaker.execute([] {}, [&](std::exception_ptr) { ++guestsServed; });
    }
  });
  threads.emplace_back([&, &busy = manager.bulkhead("busy")] {
    while (!done) busy.tryAcquire().release();
  });
  for (int round = 0; round < rounds; ++round) {
    for (int call = 0; call < callsARound; ++call) {
      manager.bulkhead("db").execute([] {}, [&](std::exception_ptr) { ++ended; });
    }
    while (ended < (round + 1) * callsARound) std::this_thread::yield();
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  work.reset();
  runner.join();

  for (std::size_t i = 0; i < readers.size(); ++i) {
    readers[i].read(*collectors[i]);
    CHECK_FALSE(readers[i].fell());
    CHECK_FALSE(readers[i].abovePeak());
    CHECK(readers[i].last("bulkhead_executed_total/db") == rounds * callsARound);
    CHECK(readers[i].last("bulkhead_execution_time_seconds/db/count") == rounds * callsARound);
    CHECK(readers[i].mostActive() >= 1);
    CHECK(readers[i].mostActive() <= 5);
  }
  CHECK(readers[0].last("bulkhead_executed_total/guest") == guests);
  CHECK(readers[0].last("circuit_breaker_calls_total/guest/succeeded") == guests);
}
