// Compares the arithmetic with numbers from tables, and parses the output with the library.
#include "service_time.hpp"
#include "sizing.hpp"

#include <fmt/format.h>

#ifdef SIZING_WITH_JSON
#include <bulwark/manager_config_json.hpp>

#include <chrono>
#endif

#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace sizing {
namespace {

int failures = 0;

void expectNear(const char* what, double actual, double expected, double within = 1e-6) {
  if (std::abs(actual - expected) <= within * std::abs(expected)) return;
  fmt::print(stderr, "{}: {} and not {}\n", what, actual, expected);
  ++failures;
}

void expectRefused(const char* what, const Measured& measured) {
  try {
    const ServiceTime taken(measured);
    fmt::print(stderr, "{}: taken, mean {}\n", what, taken.mean());
    ++failures;
  } catch (const std::invalid_argument&) {
  }
}

// Some values are from tables of Erlang's formulas, some are calculated by hand.
void erlang() {
  expectNear("one server, half busy, B", erlangB(1, 0.5), 1.0 / 3);
  expectNear("one server, half busy, C", erlangC(1, 0.5), 0.5);
  expectNear("two servers, load 1, C", erlangC(2, 1), 1.0 / 3);
  expectNear("1 % blocked by 10 circuits: 4.4612 erlang", erlangB(10, 4.4612), 0.01, 1e-4);
  expectNear("0.1 % blocked by 100 circuits: 75.242 erlang", erlangB(100, 75.242), 0.001, 1e-3);
}

void normal() {
  expectNear("half", normalQuantile(0.5) + 1, 1);
  expectNear("p99", normalQuantile(0.99), 2.3263478740);
  expectNear("there and back", normalShare(normalQuantile(0.9)), 0.9);
}

void fit() {
  const ServiceTime three({.p50 = 0.02, .p90 = 0.06, .p99 = 0.2});
  expectNear("p50 is met", three.quantile(0.5), 0.02);
  expectNear("p90 is met", three.quantile(0.9), 0.06);
  expectNear("p99 is met", three.quantile(0.99), 0.2);
  expectNear("1 % is above the p99", three.shareAbove(0.2), 0.01);

  // A log-normal distribution has mean exp(mu + sigma^2 / 2) and variation exp(sigma^2) - 1.
  const double sigma = std::log(10.0) / 2.3263478740;
  const ServiceTime two({.p50 = 0.1, .p99 = 1});
  expectNear("two percentiles, mean", two.mean(), 0.1 * std::exp(sigma * sigma / 2));
  expectNear("two percentiles, variation", two.variation(), std::exp(sigma * sigma) - 1);
  const ServiceTime byMean({.mean = two.mean(), .p99 = 1});
  expectNear("mean and p99", byMean.quantile(0.5), 0.1);
  const ServiceTime byMedian({.mean = two.mean(), .p50 = 0.1});
  expectNear("mean and p50", byMedian.quantile(0.99), 1);
  const ServiceTime guess({.mean = two.mean()});
  expectNear("a mean alone", guess.quantile(0.99), 1);

  const ServiceTime constant({.p50 = 0.1, .p99 = 0.1});
  expectNear("constant, mean", constant.mean(), 0.1);
  expectNear("constant, variation", constant.variation() + 1, 1);
  expectNear("constant, above", constant.shareAbove(0.1) + 1, 1);
  expectNear("constant, below", constant.shareAbove(0.09), 1);

  expectRefused("nothing", {});
  expectRefused("a mean below the p50", {.mean = 0.1, .p50 = 0.2});
  expectRefused("a mean above the p99", {.mean = 0.3, .p99 = 0.2});
  expectRefused("a mean far below the p99", {.mean = 0.01, .p99 = 0.2});
  expectRefused("percentiles that fall", {.p50 = 0.3, .p99 = 0.2});
}

// Adds up quantiles, independently of the closed form.
void cutOff() {
  const ServiceTime cut({.p50 = 0.01, .p90 = 0.06, .p99 = 0.5, .longest = 1});
  constexpr int steps = 200'000;
  double sum = 0;
  double squares = 0;
  for (int step = 0; step < steps; ++step) {
    const double time = cut.atNormal(-8 + 16 * (step + 0.5) / steps);
    const double z = -8 + 16 * (step + 0.5) / steps;
    const double weight = 16.0 / steps * std::exp(-z * z / 2) / std::sqrt(2 * 3.14159265358979);
    sum += weight * time;
    squares += weight * time * time;
  }
  expectNear("with a timeout, mean", cut.mean(), sum, 1e-4);
  expectNear("with a timeout, variation", cut.variation(), squares / (sum * sum) - 1, 1e-3);
  expectNear("nothing is longer than the timeout", cut.shareAbove(1) + 1, 1);
}

// Service times that hardly vary, and exponential formulas that are exact.
void limits() {
  const ServiceTime service({.p50 = 0.1, .p99 = 0.1});
  const Sizing plain = size({.rate = 100, .sla = 0.6}, service);
  expectNear("Little's law", plain.atOnce, 10);
  expectNear("at most 80 % busy", static_cast<double>(plain.limits.maxConcurrent), 13);
  expectNear("what is left of the SLA", plain.limits.queueTimeout, 0.5);
  expectNear("what 13 serve in 0.5 s", static_cast<double>(plain.limits.maxQueueSize), 65);
  const Sizing cores = size({.rate = 100, .sla = 0.6, .mostPermits = 4}, service);
  expectNear("no more than there are", static_cast<double>(cores.limits.maxConcurrent), 4);
  expectNear("4 of 10 served", expect(100, 0.6, service, cores.limits).turnedAway, 0.6, 1e-3);
  const Sizing none = size({.rate = 100, .sla = 0.1}, service);
  expectNear("no time to wait, no queue", static_cast<double>(none.limits.maxQueueSize) + 1, 1);
  expectNear("no time to wait: Erlang B", expect(100, 0.1, service, none.limits).turnedAway,
             erlangB(none.limits.maxConcurrent, 10));
  // With varying service times, a full queue still leaves two standard deviations.
  const ServiceTime varied({.p50 = 0.02, .p90 = 0.06, .p99 = 0.2});
  const Sizing spared = size({.rate = 200, .sla = 0.5}, varied);
  const auto queue = static_cast<double>(spared.limits.maxQueueSize);
  expectNear("two standard deviations to spare", queue + 2 * std::sqrt(varied.variation() * queue),
             spared.servedMeanwhile, 0.02);
  // An extreme load: the arithmetic does not overflow.
  expectNear("a thousand times the load", expect(1e5, 0.6, service, plain.limits).turnedAway,
             1 - 130 / 1e5, 1e-6);
}

#ifdef SIZING_WITH_JSON
void json() {
  const auto parsed = [](const Limits& limits) {
    return bulwark::parseManagerConfig("{\"defaults\": " + limits.json() + "}").defaults;
  };
  const bulwark::BulkheadConfig slow =
      parsed({.maxConcurrent = 8, .maxQueueSize = 56, .queueTimeout = 0.3});
  expectNear("JSON, permits", static_cast<double>(slow.maxConcurrent), 8);
  expectNear("JSON, queue", static_cast<double>(slow.maxQueueSize), 56);
  expectNear("JSON, 300 ms", static_cast<double>(slow.queueTimeout.count()), 3e8);
  const bulwark::BulkheadConfig fast =
      parsed({.maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 0.00125});
  expectNear("JSON, 1250 us", static_cast<double>(fast.queueTimeout.count()), 1.25e6);
  expectNear("JSON, 0", static_cast<double>(parsed({}).queueTimeout.count()) + 1, 1);
}
#endif

}  // namespace
}  // namespace sizing

int main() {
  sizing::normal();
  sizing::erlang();
  sizing::fit();
  sizing::cutOff();
  sizing::limits();
#ifdef SIZING_WITH_JSON
  sizing::json();
#endif
  return sizing::failures == 0 ? 0 : 1;
}
