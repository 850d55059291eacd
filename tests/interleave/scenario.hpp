#pragma once

#include <bulwark/detail/telemetry/thread_seat.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "interleave/primitives.hpp"
#include "interleave/scheduler.hpp"
#include "support/catch.hpp"

namespace interleave {

inline constexpr Search everything{};

/// A thread takes its seat before the first run. Otherwise the first run would have steps that the
/// next ones do not have. tests/interleave/statistics_test.cpp explores these steps.
inline const bool seated = (onThreadStart([] { bulwark::detail::ThreadSeat::take(); }), true);

/// `runs` random schedules from seed 1 on; BULWARK_SEEDS times as many if that variable is set.
inline Search seeds(std::size_t runs) {
  const char* times = std::getenv("BULWARK_SEEDS");
  const auto factor = times != nullptr ? std::strtoul(times, nullptr, 10) : 1UL;
  return {.order = Search::Order::random, .runs = runs * std::max(factor, 1UL), .weak = 2};
}

/// Threads wait here until two have arrived.
class Rendezvous {
 public:
  void meet() {
    std::unique_lock lock(mutex_);
    ++there_;
    changed_.notify_one();
    changed_.wait(lock, [this] { return there_ == 2; });
  }
  bool met() const { return there_ == 2; }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  int there_ = 0;
};

}  // namespace interleave

/// Explores a scenario. Fails with the schedule and the trace of a run that failed, and if an
/// exhaustive search could not be finished. Prints the number of runs.
#define EXPLORE(search, ...)                                                                      \
  do {                                                                                            \
    const interleave::Search asked = search;                                                      \
    const interleave::Outcome outcome = interleave::explore(__VA_ARGS__, asked);                  \
    if (outcome.failure) FAIL(*outcome.failure);                                                  \
    CHECK((outcome.complete || asked.order == interleave::Search::Order::random));                \
    std::printf("%s:%d: %zu runs, %zu redundant%s\n", interleave::fileName(__FILE__).c_str(),     \
                __LINE__, outcome.runs, outcome.redundant, outcome.complete ? ", complete" : ""); \
  } while (false)
