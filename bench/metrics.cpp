// What does a scrape cost? Per scrape of 1,000 bulkheads that have run and queued calls.
//
//   collect     Collect() alone, of
//                 manager  a ManagerCollector, with bulkheads that one thread used each
//                 threads  the same with bulkheads that eight threads used: more histograms to sum
//                 static   the lower bound: as many series of the same shape with the same labels,
//                          copied from prepared ones; any collector must produce as much
//                 library  prometheus-cpp's own Registry with as many of its own metrics
//   serialize   prometheus-cpp formats the result as text
//   destroy     destroys the result, which is the same for all

#include <bulwark/bulwark.hpp>
#include <bulwark/prometheus.hpp>

#include <asio/io_context.hpp>
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <cstddef>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "support/per_call.hpp"

namespace {

using namespace bulwark;
using namespace std::chrono_literals;

constexpr std::size_t bulkheads = 1000;

/// A thousand bulkheads, each of which ran a call, queued another one, and was used by `threads`
/// threads.
class Service {
 public:
  explicit Service(std::ptrdiff_t threads) : manager_(io_) {
    for (std::size_t i = 0; i < bulkheads; ++i) {
      Bulkhead<>& bulkhead = manager_.bulkhead("service." + std::to_string(1000 + i));
      bulkhead.updateConfig({.maxConcurrent = 1});
      for (int call = 0; call < 2; ++call) bulkhead.execute([] {}, [](std::exception_ptr) {});
    }
    io_.run();
    // A thread that ends leaves its statistics to the next one, so all threads live until all have
    // run.
    std::latch all(threads);
    std::vector<std::jthread> others;
    for (std::ptrdiff_t i = 1; i < threads; ++i) {
      others.emplace_back([this, &all] {
        useEach();
        all.arrive_and_wait();
      });
    }
    all.arrive_and_wait();
  }

  const BulkheadManager<>& manager() const noexcept { return manager_; }

 private:
  void useEach() {
    for (std::size_t i = 0; i < bulkheads; ++i) {
      Bulkhead<>& bulkhead = manager_.bulkhead("service." + std::to_string(1000 + i));
      while (!bulkhead.tryAcquire()) {
      }
    }
  }

  net::io_context io_;
  BulkheadManager<> manager_;
};

const BulkheadManager<>& manager() {
  static const Service service(1);
  return service.manager();
}

void collect(benchmark::State& state, const prometheus::Collectable& collector) {
  std::size_t series = 0;
  for (auto _ : state) {
    auto families = collector.Collect();
    benchmark::DoNotOptimize(families.data());
    state.PauseTiming();
    series = 0;
    for (const auto& family : families) series += family.metric.size();
    families.clear();
    state.ResumeTiming();
  }
  state.counters["series"] = static_cast<double>(series);
  perCall(state);
}

void ofManager(benchmark::State& state) { collect(state, ManagerCollector(manager())); }

void ofThreads(benchmark::State& state) {
  const Service service(8);
  collect(state, ManagerCollector(service.manager()));
}

class Ready : public prometheus::Collectable {
 public:
  Ready() : families_(ManagerCollector(manager()).Collect()) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return families_; }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

void ofStatic(benchmark::State& state) { collect(state, Ready()); }

void ofLibrary(benchmark::State& state) {
  prometheus::Registry registry;
  for (const auto& family : ManagerCollector(manager()).Collect()) {
    for (const auto& metric : family.metric) {
      const prometheus::Labels labels{{metric.label[0].name, metric.label[0].value}};
      const auto build = [&](auto&& builder) -> auto& {
        return builder.Name(family.name).Help(family.help).Register(registry);
      };
      if (family.type == prometheus::MetricType::Gauge) {
        build(prometheus::BuildGauge()).Add(labels);
      } else if (family.type == prometheus::MetricType::Counter) {
        build(prometheus::BuildCounter()).Add(labels);
      } else {
        prometheus::Histogram::BucketBoundaries bounds;
        for (const auto& bucket : metric.histogram.bucket) bounds.push_back(bucket.upper_bound);
        build(prometheus::BuildHistogram()).Add(labels, bounds);
      }
    }
  }
  collect(state, registry);
}

void destroy(benchmark::State& state) {
  const ManagerCollector collector(manager());
  for (auto _ : state) {
    state.PauseTiming();
    auto families = collector.Collect();
    state.ResumeTiming();
    families.clear();
    benchmark::ClobberMemory();
  }
  perCall(state);
}

void serialize(benchmark::State& state) {
  const auto families = ManagerCollector(manager()).Collect();
  for (auto _ : state) {
    benchmark::DoNotOptimize(prometheus::TextSerializer().Serialize(families));
  }
  perCall(state);
}

BENCHMARK(ofManager)->Name("collect/manager")->Unit(benchmark::kMicrosecond);
BENCHMARK(ofThreads)->Name("collect/threads")->Unit(benchmark::kMicrosecond);
BENCHMARK(ofStatic)->Name("collect/static")->Unit(benchmark::kMicrosecond);
BENCHMARK(ofLibrary)->Name("collect/library")->Unit(benchmark::kMicrosecond);
BENCHMARK(destroy)->Name("destroy/manager")->Unit(benchmark::kMicrosecond);
BENCHMARK(serialize)->Name("serialize/manager")->Unit(benchmark::kMicrosecond);

}  // namespace
