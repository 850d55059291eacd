#include "watch.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace service {

namespace {

using bulwark::HistogramSnapshot;
using std::chrono::nanoseconds;

/// The values that `now` has and `before` has not. Their minimum and maximum are unknown; the
/// bounds of the buckets replace them.
HistogramSnapshot difference(const HistogramSnapshot& now, const HistogramSnapshot& before) {
  std::vector<HistogramSnapshot::Bucket> buckets;
  auto old = before.buckets().begin();
  for (HistogramSnapshot::Bucket bucket : now.buckets()) {
    while (old != before.buckets().end() && old->upperBound < bucket.upperBound) ++old;
    if (old != before.buckets().end() && old->upperBound == bucket.upperBound) {
      bucket.count -= std::min(bucket.count, old->count);
    }
    if (bucket.count != 0) buckets.push_back(bucket);
  }
  if (buckets.empty()) return {};
  const nanoseconds shortest = std::max(now.min(), std::min(buckets.front().upperBound, now.max()));
  const nanoseconds longest = std::min(now.max(), buckets.back().upperBound);
  return {std::move(buckets), now.sum() - before.sum(), shortest, longest};
}

}  // namespace

const char* nameOf(State state) {
  constexpr std::array names{"off", "observe", "ok", "busy", "saturated", "draining"};
  return names.at(static_cast<std::size_t>(state));
}

State stateOf(const bulwark::BulkheadStats& stats, const bulwark::BulkheadConfig& config,
              bool draining) {
  if (config.mode == bulwark::Mode::off) return State::off;
  if (draining) return State::draining;
  if (config.mode == bulwark::Mode::observe) return State::observe;
  const bool mayWait = config.maxQueueSize != 0 && config.queueTimeout > nanoseconds{0};
  const bool full = stats.active >= stats.maxConcurrent;
  if (stats.queued != 0 || (full && !mayWait)) return State::saturated;
  return stats.utilization() >= 0.8 ? State::busy : State::ok;
}

void Watch::look(State state, const bulwark::BulkheadStats& stats, Clock::time_point now) {
  using std::chrono::seconds;

  const std::uint64_t lost = stats.rejected + stats.timedOut;
  if (state != state_ || since_ == Clock::time_point{}) {
    lostBefore_ += lost_;  // losses since the last look belong to the new state
    state_ = state;
    since_ = now;
  }
  lost_ = lost - lostBefore_;

  if (now - second_ >= seconds(1) || history_.empty()) {
    second_ = now;
    history_.push_back(state);
    if (history_.size() > memory) history_.pop_front();
    marks_.push_back({now, stats.waitTime, stats.executionTime});
    while (marks_.size() > 1 && now - marks_[1].when >= seconds(30)) marks_.pop_front();
  } else {
    history_.back() = std::max(history_.back(), state);
  }
  recentWait_ = difference(stats.waitTime, marks_.front().wait);
  recentExecution_ = difference(stats.executionTime, marks_.front().execution);
}

}  // namespace service
