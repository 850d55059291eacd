// The arithmetic: from a rate, service times and an SLA to the three limits of a bulkhead, and the
// expected results. Times are seconds, shares are from 0 to 1.
#pragma once

#include "service_time.hpp"

#include <cstddef>
#include <limits>
#include <string>

namespace sizing {

struct Demand {
  double rate = 0;        // calls per second, at the busiest time that should be served well
  double sla = 0;         // for the whole call: waiting and service
  double target = 0.001;  // share of the calls that may be turned away
  std::size_t mostPermits = std::numeric_limits<std::size_t>::max();  // cores, or threads
};

struct Limits {
  std::size_t maxConcurrent = 1;
  std::size_t maxQueueSize = 0;
  double queueTimeout = 0;  // whole milliseconds, or microseconds below 10 ms

  // An entry that docs/config.schema.json accepts.
  std::string json() const;
};

// Long-run averages for calls that arrive independently of each other (Poisson).
struct Expected {
  double busy = 0;        // share of the permits in use
  double waits = 0;       // share of the calls that wait and then run
  double waitP99 = 0;     // of the calls that wait and then run
  double turnedAway = 0;  // share of the calls that are rejected or time out
  double late = 0;        // share of the calls that run, but end after the SLA
};

// The limits and how they were derived.
struct Sizing {
  Limits limits;
  double atOnce = 0;           // rate * mean: Little's law
  std::size_t forLoad = 1;     // permits that are at most `mostBusy` busy
  std::size_t forTarget = 1;   // permits with which no more than the target is turned away
  double allowedWait = 0;      // SLA less the p99 of the service
  double servedMeanwhile = 0;  // calls that all permits serve within the allowed wait
};

// Above this share, small changes of load or service time have large effects. A quarter more of
// either must fit.
inline constexpr double mostBusy = 0.8;
// Most concurrent calls for which the sums still take no noticeable time.
inline constexpr double mostAtOnce = 100'000;

// The share of calls that find all permits in use, if those are rejected (Erlang B), and if they
// wait without a limit (Erlang C; the load must be below the permits).
double erlangB(std::size_t permits, double atOnce);
double erlangC(std::size_t permits, double atOnce);

Sizing size(const Demand& demand, const ServiceTime& service);
Expected expect(double rate, double sla, const ServiceTime& service, const Limits& limits);

// How fast the queue fills at this rate, in calls per second; negative: it empties.
double overflow(double rate, const ServiceTime& service, const Limits& limits);

}  // namespace sizing
