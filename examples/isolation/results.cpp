#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isolation {

namespace {

std::chrono::nanoseconds nearestRank(std::vector<std::chrono::nanoseconds> values, double percent) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(percent / 100 * count)));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

void RouteResult::add(const Outcome& outcome) {
  ++counts_[static_cast<std::size_t>(outcome.result)];
  latencies_.push_back(outcome.latency);
  sentLate_.push_back(outcome.sentLate);
}

std::chrono::nanoseconds RouteResult::latency(double percent) const {
  return nearestRank(latencies_, percent);
}

std::chrono::nanoseconds RouteResult::meanLatency() const {
  if (latencies_.empty()) return {};
  const auto sum =
      std::accumulate(latencies_.begin(), latencies_.end(), std::chrono::nanoseconds{});
  return sum / static_cast<std::int64_t>(latencies_.size());
}

std::chrono::nanoseconds RouteResult::sentLate(double percent) const {
  return nearestRank(sentLate_, percent);
}

void RouteResults::add(std::span<const Outcome> outcomes) {
  for (const Outcome& outcome : outcomes) {
    routes[static_cast<std::size_t>(outcome.route)].add(outcome);
  }
}

double PhaseResult::throughput(RouteId route) const {
  return static_cast<double>(results.of(route).count(Result::ok)) / seconds;
}

Verdict judge(const PhaseResult& healthy, const PhaseResult& bulkheads) {
  const double before = healthy.throughput(RouteId::db);
  const auto healthyP99 = healthy.results.of(RouteId::db).latency(99);
  const auto p99 = bulkheads.results.of(RouteId::db).latency(99);
  Verdict verdict;
  if (before > 0 && healthyP99.count() > 0) {
    verdict.throughputKept = bulkheads.throughput(RouteId::db) / before;
    verdict.latencyRatio =
        static_cast<double>(p99.count()) / static_cast<double>(healthyP99.count());
    verdict.throughputHolds = verdict.throughputKept >= Verdict::leastThroughput;
    verdict.latencyHolds = verdict.latencyRatio <= Verdict::mostLatency;
  }
  return verdict;
}

}  // namespace isolation
