// The measured results, and their verdict.
#pragma once

#include "gateway.hpp"
#include "load.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace isolation {

class RouteResult {
 public:
  void add(const Outcome& outcome);

  std::uint64_t requests() const noexcept { return latencies_.size(); }
  std::uint64_t count(Result result) const noexcept {
    return counts_[static_cast<std::size_t>(result)];
  }
  std::uint64_t errors() const noexcept { return requests() - count(Result::ok); }

  // Over all requests, including those that ended in an error, by nearest rank; 0 without any.
  std::chrono::nanoseconds latency(double percent) const;
  std::chrono::nanoseconds meanLatency() const;
  std::chrono::nanoseconds sentLate(double percent) const;

 private:
  std::array<std::uint64_t, resultCount> counts_{};
  std::vector<std::chrono::nanoseconds> latencies_;
  std::vector<std::chrono::nanoseconds> sentLate_;
};

struct RouteResults {
  std::array<RouteResult, routeIds.size()> routes;

  void add(std::span<const Outcome> outcomes);
  const RouteResult& of(RouteId route) const { return routes[static_cast<std::size_t>(route)]; }
};

struct PhaseResult {
  std::string title;
  double seconds = 0;
  RouteResults results{};
  GatewayStatus gateway{};  // at its end

  double throughput(RouteId route) const;  // answers per second, errors not counted
};

// Whether /db behind bulkheads kept up with the healthy phase.
struct Verdict {
  double throughputKept = 0;  // 1: all of it
  double latencyRatio = 0;    // of the p99s, 1: the same
  bool throughputHolds = false;
  bool latencyHolds = false;

  static constexpr double leastThroughput = 0.9;
  static constexpr double mostLatency = 2.0;

  bool holds() const noexcept { return throughputHolds && latencyHolds; }
};
Verdict judge(const PhaseResult& healthy, const PhaseResult& bulkheads);

}  // namespace isolation
