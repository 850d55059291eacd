// The history of one bulkhead: its state and since when, the losses in that state, and the last
// minute. The library reports the present; this class remembers the past.
#pragma once

#include <bulwark/bulkhead_config.hpp>
#include <bulwark/stats.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace service {

/// In ascending order of severity. The page has a word and a colour for each.
enum class State : std::uint8_t { off, observe, ok, busy, saturated, draining };

const char* nameOf(State state);

/// Busy: four fifths of the permits are held. Saturated: as in HealthSummary.
State stateOf(const bulwark::BulkheadStats& stats, const bulwark::BulkheadConfig& config,
              bool draining);

class Watch {
 public:
  using Clock = std::chrono::steady_clock;

  /// Length of the history in seconds.
  static constexpr std::size_t memory = 60;

  void look(State state, const bulwark::BulkheadStats& stats, Clock::time_point now);

  State state() const { return state_; }
  Clock::time_point since() const { return since_; }
  /// Calls that were rejected or timed out since then.
  std::uint64_t lost() const { return lost_; }

  /// The worst state of each of the last seconds, the oldest first; at most `memory`.
  const std::deque<State>& history() const { return history_; }
  /// Of the last 30 seconds.
  const bulwark::HistogramSnapshot& recentWait() const { return recentWait_; }
  const bulwark::HistogramSnapshot& recentExecution() const { return recentExecution_; }

 private:
  struct Mark {
    Clock::time_point when;
    bulwark::HistogramSnapshot wait;
    bulwark::HistogramSnapshot execution;
  };

  State state_ = State::ok;
  Clock::time_point since_{};
  std::uint64_t lostBefore_ = 0;
  std::uint64_t lost_ = 0;
  Clock::time_point second_{};  // the start of the last second in history_
  std::deque<State> history_;
  std::deque<Mark> marks_;  // one for each second
  bulwark::HistogramSnapshot recentWait_;
  bulwark::HistogramSnapshot recentExecution_;
};

}  // namespace service
