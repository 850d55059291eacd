// Compares the predictions of sizing.cpp with a bulkhead: scenarios with random arrivals, on a
// clock that is moved by hand. The numbers are the bulkhead's own statistics. Seeds are fixed, so
// that every run sees the same calls.
#include "service_time.hpp"
#include "sizing.hpp"

#include <bulwark/bulkhead.hpp>

#include "support/manual_clock.hpp"

#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <numbers>
#include <queue>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sizing {

// The clock of the tests makes Asio check its timers in every poll(), with a system timer that is
// due at once. A simulation would spend most of its time on that. With this clock, Asio sleeps
// until Simulation::expireTimers() makes it check.
struct Clock : ManualClock {};

}  // namespace sizing

template <>
struct asio::wait_traits<sizing::Clock> {
  static ManualClock::duration to_wait_duration(const ManualClock::duration& left) {
    return left > ManualClock::duration::zero() ? std::chrono::hours(1) : std::chrono::hours(0);
  }
  static ManualClock::duration to_wait_duration(const ManualClock::time_point& when) {
    return when > ManualClock::now() ? std::chrono::hours(1) : std::chrono::hours(0);
  }
};

namespace sizing {
namespace {

using std::chrono::nanoseconds;

nanoseconds inNanoseconds(double seconds) { return nanoseconds(std::llround(seconds * 1e9)); }
double inSeconds(nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }

// The distributions of <random> may differ between libraries; the engine does not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  double share() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  double exponential(double mean) { return -mean * std::log(share()); }
  double normal() {
    const double length = std::sqrt(-2 * std::log(share()));  // in this order, on any compiler
    return length * std::cos(2 * std::numbers::pi * share());
  }

 private:
  std::mt19937_64 engine_;
};

constexpr std::size_t calls = 60'000;

struct Scenario {
  std::string name;
  Demand demand;
  Measured measured;
  double load = 1;  // relative to the rate that it was sized for
  double burst = 0;  // every 20 s twice the rate, as a multiple of the time that fills the queue
};

constexpr double burstEvery = 20;
constexpr double burstRate = 2;

// The length of a burst that just fills an empty queue.
double burstThatFits(const Scenario& scenario, const ServiceTime& service, const Limits& limits) {
  return static_cast<double>(limits.maxQueueSize) /
         overflow(burstRate * scenario.demand.rate, service, limits);
}

class Simulation {
 public:
  Simulation(const Scenario& scenario, const ServiceTime& service, const Limits& limits)
      : scenario_(scenario),
        service_(service),
        limits_(limits),
        burst_(scenario.burst * burstThatFits(scenario, service, limits)),
        bulkhead_(io_, {.name = scenario.name,
                        .maxConcurrent = limits.maxConcurrent,
                        .maxQueueSize = limits.maxQueueSize,
                        .queueTimeout = inNanoseconds(limits.queueTimeout)}) {
    ManualClock::reset(nanoseconds{0});
  }

  // Throws std::logic_error if the statistics do not add up.
  Expected run() {
    at(untilNextArrival(), [this] { arrive(); });
    while (!agenda_.empty()) {
      Entry next = agenda_.top();
      agenda_.pop();
      ManualClock::advance(next.when - ManualClock::now().time_since_epoch());
      next.what();
    }
    return result();
  }

 private:
  using Bulkhead = bulwark::Bulkhead<asio::io_context::executor_type, Clock>;
  struct Entry {
    nanoseconds when;
    std::uint64_t number;  // FIFO order
    std::function<void()> what;
    friend bool operator>(const Entry& a, const Entry& b) {
      return std::pair(a.when, a.number) > std::pair(b.when, b.number);
    }
  };

  static nanoseconds now() { return ManualClock::now().time_since_epoch(); }
  void at(nanoseconds when, std::function<void()> what) {
    agenda_.push({when, entries_++, std::move(what)});
  }

  nanoseconds untilNextArrival() {
    const bool inBurst = std::fmod(inSeconds(now()), burstEvery) < burst_;
    const double rate = scenario_.demand.rate * scenario_.load * (inBurst ? burstRate : 1);
    return inNanoseconds(dice_.exponential(1 / rate));
  }

  void arrive() {
    lastArrival_ = now();
    const std::size_t call = arrived_++;
    const nanoseconds serviceTime = inNanoseconds(service_.atNormal(dice_.normal()));
    if (auto permit = bulkhead_.tryAcquire()) {
      serve(now(), serviceTime, std::move(permit));
    } else {
      waiting_.insert(call);
      bulkhead_.acquire([this, call, begun = now(), serviceTime](asio::error_code error,
                                                                 bulwark::Permit granted) {
        waiting_.erase(call);
        if (!error) serve(begun, serviceTime, std::move(granted));
      });
      at(now() + inNanoseconds(limits_.queueTimeout), [this, call] {
        if (waiting_.contains(call)) expireTimers();
      });
    }
    if (arrived_ < calls) at(now() + untilNextArrival(), [this] { arrive(); });
  }

  void serve(nanoseconds begun, nanoseconds serviceTime, bulwark::Permit permit) {
    const nanoseconds end = now() + serviceTime;
    if (inSeconds(end - begun) > scenario_.demand.sla) ++late_;
    at(end, [this, held = std::make_shared<bulwark::Permit>(std::move(permit))] {
      held->release();
      if (!waiting_.empty()) poll();
    });
  }

  // Lets the bulkhead complete granted calls. Rejected calls may complete later.
  void poll() {
    io_.restart();
    io_.poll();
  }

  // The same, and expires timers that are due: this one first.
  void expireTimers() {
    timer_.expires_at(Clock::time_point::min());
    timer_.async_wait([](asio::error_code) {});
    poll();
  }

  Expected result() const {
    const bulwark::BulkheadStats stats = bulkhead_.stats();
    constexpr auto all = static_cast<double>(calls);
    if (stats.executed + stats.rejected + stats.timedOut != calls || stats.active != 0) {
      throw std::logic_error(scenario_.name + ": the statistics do not add up");
    }
    const double permitTime = static_cast<double>(limits_.maxConcurrent) * inSeconds(lastArrival_);
    return {.busy = inSeconds(stats.executionTime.sum()) / permitTime,
            .waits = static_cast<double>(stats.waitTime.count()) / all,
            .waitP99 = inSeconds(stats.waitTime.percentile(99)),
            .turnedAway = static_cast<double>(stats.rejected + stats.timedOut) / all,
            .late = static_cast<double>(late_) / static_cast<double>(stats.executed)};
  }

  const Scenario& scenario_;
  const ServiceTime& service_;
  const Limits limits_;
  const double burst_;
  Dice dice_{1};
  asio::io_context io_;
  asio::basic_waitable_timer<Clock> timer_{io_};
  Bulkhead bulkhead_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> agenda_;
  std::uint64_t entries_ = 0;
  std::size_t arrived_ = 0;
  std::unordered_set<std::size_t> waiting_;
  std::uint64_t late_ = 0;
  nanoseconds lastArrival_{0};
};

// Between bursts as expect() predicts; in a burst, and until its queue is empty, like a fluid.
Expected expectBursts(const Scenario& scenario, const ServiceTime& service, const Limits& limits) {
  const double rate = scenario.demand.rate;
  const double length = scenario.burst * burstThatFits(scenario, service, limits);
  const double excess = length * overflow(burstRate * rate, service, limits);
  const double queued = std::min(excess, static_cast<double>(limits.maxQueueSize));
  const double lost = excess - queued;
  const double emptyingTime = queued / -overflow(rate, service, limits);
  const double inBurst = burstRate * rate * length;
  const double inEmptying = rate * emptyingTime;
  const double outside = rate * (burstEvery - length - emptyingTime);
  const double all = inBurst + inEmptying + outside;

  Expected expected = expect(rate, scenario.demand.sla, service, limits);
  expected.waits = (inBurst - lost + inEmptying + expected.waits * outside) / all;
  expected.turnedAway = (lost + expected.turnedAway * outside) / all;
  expected.busy = all / burstEvery * (1 - expected.turnedAway) * service.mean() /
                  static_cast<double>(limits.maxConcurrent);
  // The number of calls in a burst varies as well: two standard deviations more.
  const double longestQueue = queued + 2 * std::sqrt(inBurst);
  expected.waitP99 = std::min(limits.queueTimeout, longestQueue * service.mean() /
                                                       static_cast<double>(limits.maxConcurrent));
  return expected;
}

Expected predict(const Scenario& scenario, const ServiceTime& service, const Limits& limits) {
  if (scenario.burst > 0) return expectBursts(scenario, service, limits);
  return expect(scenario.load * scenario.demand.rate, scenario.demand.sla, service, limits);
}

const Measured usual{.p50 = 0.020, .p90 = 0.060, .p99 = 0.200};
const Measured even{.p50 = 0.020, .p90 = 0.025, .p99 = 0.030};
const Measured heavy{.p50 = 0.010, .p90 = 0.060, .p99 = 0.500, .longest = 1.0};

const std::vector<Scenario> scenarios{
    {.name = "steady", .demand = {.rate = 200, .sla = 0.5}, .measured = usual},
    {.name = "service times alike", .demand = {.rate = 500, .sla = 0.1}, .measured = even},
    {.name = "heavy tail", .demand = {.rate = 200, .sla = 1.5}, .measured = heavy},
    {.name = "few calls", .demand = {.rate = 20, .sla = 0.5}, .measured = usual},
    {.name = "no time to wait", .demand = {.rate = 200, .sla = 0.2}, .measured = usual},
    {.name = "too few cores",
     .demand = {.rate = 300, .sla = 0.5, .mostPermits = 8},
     .measured = usual},
    {.name = "load x 1.2", .demand = {.rate = 200, .sla = 0.5}, .measured = usual, .load = 1.2},
    {.name = "load x 2", .demand = {.rate = 200, .sla = 0.5}, .measured = usual, .load = 2},
    {.name = "heavy tail, load x 2",
     .demand = {.rate = 200, .sla = 1.5},
     .measured = heavy,
     .load = 2},
    {.name = "bursts that fit",
     .demand = {.rate = 200, .sla = 0.5},
     .measured = usual,
     .burst = 0.5},
    {.name = "bursts too long", .demand = {.rate = 200, .sla = 0.5}, .measured = usual, .burst = 3},
};

// How far apart prediction and simulation may be: a share of the prediction, or an absolute value,
// whichever is larger. The same scenarios with eight other seeds differed by the values given in
// each line. Most of that is chance, since waits come in jams, and 60,000 calls see only a few
// dozen of those.
struct Tolerance {
  double share;
  double absolute;
};
// 2 %: the mean of 60,000 service times with a heavy tail is known to 1 %.
constexpr Tolerance busyTolerance{.share = 0.03, .absolute = 0.01};
// 14 % and 4 points: Erlang C assumes exponential times, and is too high for constant ones.
constexpr Tolerance waitsTolerance{.share = 0.16, .absolute = 0.03};
// 32 %: the worst jams determine a p99, and the histogram adds 6 %.
constexpr Tolerance waitP99Tolerance{.share = 0.4, .absolute = 0.002};
// 5 % if many are turned away; 0.5 points in bursts, of which 60,000 calls have a dozen.
constexpr Tolerance turnedAwayTolerance{.share = 0.1, .absolute = 0.008};
// 0.15 points: one call in a hundred is a few hundred calls.
constexpr Tolerance lateTolerance{.share = 0.2, .absolute = 0.002};

// Prints the cells of the table, and counts those that are too far apart.
class Comparison {
 public:
  std::string shares(double predicted, double seen, Tolerance tolerance) {
    return cell(predicted * 100, seen * 100, areNear(predicted, seen, tolerance));
  }
  std::string times(double predicted, double seen, Tolerance tolerance) {
    return cell(predicted * 1000, seen * 1000, areNear(predicted, seen, tolerance));
  }
  int failures() const { return failures_; }

 private:
  static bool areNear(double predicted, double seen, Tolerance tolerance) {
    return std::abs(predicted - seen) <= std::max(tolerance.absolute, tolerance.share * predicted);
  }
  static std::string number(double value) {
    return fmt::format("{:.{}f}", value, value < 10 ? 2 : 1);
  }
  std::string cell(double predicted, double seen, bool near) {
    if (!near) ++failures_;
    return fmt::format("{:>14}{}", number(predicted) + " / " + number(seen), near ? ' ' : '!');
  }

  int failures_ = 0;
};

int compareAll() {
  Comparison comparison;
  fmt::print("{:<21}{:>8}{:>6}{:>8}{:>14} {:>14} {:>14} {:>14} {:>14}\n", "predicted / seen",
             "permits", "queue", "timeout", "in use %", "wait + run %", "wait p99 ms",
             "turned away %", "beyond SLA %");
  for (const Scenario& scenario : scenarios) {
    const ServiceTime service(scenario.measured);
    const Limits limits = size(scenario.demand, service).limits;
    const Expected predicted = predict(scenario, service, limits);
    const Expected seen = Simulation(scenario, service, limits).run();
    fmt::print("{:<21}{:>8}{:>6}{:>5.0f} ms", scenario.name, limits.maxConcurrent,
               limits.maxQueueSize, limits.queueTimeout * 1000);
    fmt::print("{}{}{}{}{}\n", comparison.shares(predicted.busy, seen.busy, busyTolerance),
               comparison.shares(predicted.waits, seen.waits, waitsTolerance),
               comparison.times(predicted.waitP99, seen.waitP99, waitP99Tolerance),
               comparison.shares(predicted.turnedAway, seen.turnedAway, turnedAwayTolerance),
               comparison.shares(predicted.late, seen.late, lateTolerance));
  }
  return comparison.failures();
}

}  // namespace
}  // namespace sizing

int main() {
  try {
    const int failures = sizing::compareAll();
    if (failures == 0) return 0;
    fmt::print(stderr, "{} of the pairs are too far apart (!)\n", failures);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sizing_simulation: {}\n", error.what());
  }
  return 1;
}
