#include "sizing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sizing {

namespace {

// Rounds down, so that the promise still holds.
double wholeUnits(double seconds) {
  const double unit = seconds < 0.01 ? 1e-6 : 1e-3;
  return std::floor(seconds / unit + 1e-6) * unit;
}

// A full queue should be served within the timeout, or the calls at its end wait in vain. The
// squared deviation of the time for `calls` departures is about variation * calls, in units of
// their mean: leave two standard deviations, calls + 2 * sqrt(variation * calls) = served, solved
// for the calls.
std::size_t queueFor(double served, double variation) {
  const double root = std::sqrt(variation + served) - std::sqrt(variation);
  return static_cast<std::size_t>(root * root + 1e-6);
}

Limits limitsWith(std::size_t permits, double timeout, const ServiceTime& service) {
  const double served = static_cast<double>(permits) * timeout / service.mean();
  const std::size_t queue = queueFor(served, service.variation());
  return {
      .maxConcurrent = permits, .maxQueueSize = queue, .queueTimeout = queue == 0 ? 0 : timeout};
}

// An unlimited queue, and the limits that cut it off. Above a load of 1 an unlimited queue grows
// without bound: `allInUse` is no share then and `meanWait` is negative, but what follows from both
// for the limited queue still holds.
struct Queue {
  double load;  // over permits
  double allInUse;  // Erlang C
  double meanWait;  // of waiting calls
  double fullQueue;  // time to serve a full queue
};

Queue queueOf(double rate, const ServiceTime& service, const Limits& limits) {
  const auto permits = static_cast<double>(limits.maxConcurrent);
  double load = rate * service.mean() / permits;
  if (std::abs(1 - load) < 1e-6) load = 1 - 1e-6;  // the formulas are undefined there
  const double meanService = service.mean() / permits;
  return {.load = load,
          .allInUse = erlangC(limits.maxConcurrent, load * permits),
          .meanWait = (1 + service.variation()) / 2 * meanService / (1 - load),
          .fullQueue = std::min(limits.queueTimeout,
                                static_cast<double>(limits.maxQueueSize) * meanService)};
}

// The wait that a share of the waiting calls does not exceed: exponential, cut off at `longest`.
double waitQuantile(const Queue& queue, double longest, double share) {
  const double beyond = std::exp(-longest / std::abs(queue.meanWait));
  if (queue.meanWait > 0) return -queue.meanWait * std::log(1 - share * (1 - beyond));
  return longest - queue.meanWait * std::log(share + (1 - share) * beyond);
}

double lateShare(const Queue& queue, double waits, double sla, const ServiceTime& service) {
  constexpr int steps = 200;
  double late = 0;
  for (int step = 0; step < steps; ++step) {
    const double wait = waitQuantile(queue, queue.fullQueue, (step + 0.5) / steps);
    late += service.shareAbove(sla - wait) / steps;
  }
  return waits * late + (1 - waits) * service.shareAbove(sla);
}

}  // namespace

double erlangB(std::size_t permits, double atOnce) {
  double blocked = 1;
  for (std::size_t n = 1; n <= permits; ++n) {
    blocked = atOnce * blocked / (static_cast<double>(n) + atOnce * blocked);
  }
  return blocked;
}

double erlangC(std::size_t permits, double atOnce) {
  const double blocked = erlangB(permits, atOnce);
  return blocked / (1 - atOnce / static_cast<double>(permits) * (1 - blocked));
}

// The formulas are exact for exponential service times and a queue that is limited by its size, and
// for any service times if no call may wait. For others, the wait is scaled by how much the service
// time varies (Lee and Longton), and the loss follows from the unlimited queue (de Kok and Tijms).
// simulation.cpp shows how accurate that is.
Expected expect(double rate, double sla, const ServiceTime& service, const Limits& limits) {
  const Queue queue = queueOf(rate, service, limits);
  // What does not fit into the queue, and what does; one of the two exponentials is at most 1.
  const double steps = queue.fullQueue / queue.meanWait;
  const double beyond = steps > 0 ? queue.allInUse * std::exp(-steps) : queue.allInUse;
  const double within = steps > 0 ? 1 : std::exp(steps);
  const double all = within - queue.load * beyond;
  Expected expected;
  expected.turnedAway = (1 - queue.load) * beyond / all;
  expected.busy = queue.load * (1 - expected.turnedAway);
  if (limits.maxQueueSize == 0) {
    expected.late = service.shareAbove(sla);
    return expected;
  }
  expected.waits = (queue.allInUse * within - beyond) / all;
  expected.waitP99 = waitQuantile(queue, limits.queueTimeout, 0.99);
  expected.late = lateShare(queue, expected.waits / (1 - expected.turnedAway), sla, service);
  return expected;
}

double overflow(double rate, const ServiceTime& service, const Limits& limits) {
  return rate - static_cast<double>(limits.maxConcurrent) / service.mean();
}

Sizing size(const Demand& demand, const ServiceTime& service) {
  Sizing result;
  result.atOnce = demand.rate * service.mean();
  // After the longest allowed wait, a call still has the time that all but 1 % of them need.
  const double wait = wholeUnits(std::max(0.0, demand.sla - service.quantile(0.99)));
  result.allowedWait = wait;
  result.forLoad = static_cast<std::size_t>(std::max(1.0, std::ceil(result.atOnce / mostBusy)));
  result.forTarget = result.forLoad;
  const auto turnedAway = [&](std::size_t permits) {
    return expect(demand.rate, demand.sla, service, limitsWith(permits, wait, service)).turnedAway;
  };
  while (turnedAway(result.forTarget) > demand.target) ++result.forTarget;
  const std::size_t permits = std::min(result.forTarget, demand.mostPermits);
  result.limits = limitsWith(permits, wait, service);
  result.servedMeanwhile = static_cast<double>(permits) * wait / service.mean();
  return result;
}

std::string Limits::json() const {
  const bool small = queueTimeout < 0.01;
  const std::string timeout =
      queueTimeout == 0
          ? "0"
          : fmt::format("{:.0f}{}", queueTimeout * (small ? 1e6 : 1e3), small ? "us" : "ms");
  return fmt::format(R"({{"maxConcurrent": {}, "maxQueueSize": {}, "queueTimeout": "{}"}})",
                     maxConcurrent, maxQueueSize, timeout);
}

}  // namespace sizing
