#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <vector>

#include "support/rate_stage.hpp"

// Random operations against a naive reference, which keeps every admission with its time, looks at
// all windows, and knows no theoretical arrival time.

namespace {

class Reference {
 public:
  explicit Reference(const RateLimits& limits) : limits_(limits) {}

  struct Waiting {
    int id;
    std::uint64_t weight;
    Instant deadline;
  };
  struct Answer {
    Verdict verdict;
    Instant retryAfter{0};
  };

  /// The calls that have ended since the last look: first to last.
  struct Ended {
    int id;
    Verdict verdict;
  };
  std::vector<Ended> ended;

  Answer enter(int id, std::uint64_t weight, Instant patience, Instant now) {
    serve(now);
    if (line_.empty() && turnOf(weight, admitted_) <= now) {
      admitted_.push_back({now, weight});
      return {Verdict::granted};
    }
    const Instant wait = retryAfter(weight, now);
    if (line_.size() >= limits_.maxQueueSize || patience <= 0ns || wait > patience) {
      return {Verdict::rejected, wait};
    }
    line_.push_back({id, weight, now + patience});
    return {Verdict::waiting};
  }

  /// Plays what the line would do if no other call came: the time until the turn of a call that
  /// joins it now.
  Instant retryAfter(std::uint64_t weight, Instant now) const {
    auto admitted = admitted_;
    Instant at = now;
    for (const Waiting& waiting : line_) {
      at = std::max(at, turnOf(waiting.weight, admitted));
      admitted.push_back({at, waiting.weight});
    }
    return std::max(at, turnOf(weight, admitted)) - now;
  }

  bool cancel(int id, Instant now) {
    const auto found = std::find_if(line_.begin(), line_.end(),
                                    [id](const Waiting& waiting) { return waiting.id == id; });
    if (found == line_.end()) return false;
    line_.erase(found);
    ended.push_back({id, Verdict::cancelled});
    serve(now);
    return true;
  }

  void serve(Instant now) {
    for (;;) {
      if (!line_.empty()) {
        const Waiting head = line_.front();
        const Instant turn = turnOf(head.weight, admitted_);
        if (turn <= now && turn <= head.deadline) {
          admitted_.push_back({now, head.weight});
          ended.push_back({head.id, Verdict::granted});
          line_.pop_front();
          continue;
        }
      }
      const auto due = std::min_element(line_.begin(), line_.end(),
                                        [](auto& a, auto& b) { return a.deadline < b.deadline; });
      if (due == line_.end() || due->deadline > now) return;
      ended.push_back({due->id, Verdict::timedOut});
      line_.erase(due);
    }
  }

  /// The earliest moment at which serve() would do something; never: there is none.
  Instant nextStep() const {
    Instant next = never;
    if (!line_.empty()) next = turnOf(line_.front().weight, admitted_);
    for (const Waiting& waiting : line_) next = std::min(next, waiting.deadline);
    return next;
  }

  /// All windows: from an admission up to one that is not earlier.
  bool withinBound() const {
    for (std::size_t first = 0; first < admitted_.size(); ++first) {
      std::uint64_t weights = 0;
      for (std::size_t last = first; last < admitted_.size(); ++last) {
        weights += admitted_[last].weight;
        const auto window =
            static_cast<std::uint64_t>((admitted_[last].at - admitted_[first].at).count());
        const auto interval = limits_.rate().interval;
        if (weights > limits_.burst + (window + interval - 1) / interval) return false;
      }
    }
    return true;
  }

  std::size_t queued() const { return line_.size(); }
  std::size_t admissions() const { return admitted_.size(); }

 private:
  struct Admission {
    Instant at;
    std::uint64_t weight;
  };

  /// From when on `weight` more permits are within the bound of each window that ends then: with
  /// all admissions from some earlier one on, they exceed the burst by at most one permit for each
  /// interval.
  Instant turnOf(std::uint64_t weight, const std::vector<Admission>& admitted) const {
    Instant turn = Instant::min();
    std::uint64_t weights = weight;
    for (auto from = admitted.rbegin(); from != admitted.rend(); ++from) {
      weights += from->weight;
      if (weights <= limits_.burst) continue;
      const Instant beyond(
          static_cast<std::int64_t>(limits_.rate().interval * (weights - limits_.burst)));
      turn = std::max(turn, from->at + beyond);
    }
    return turn;
  }

  const RateLimits limits_;
  std::vector<Admission> admitted_;
  std::deque<Waiting> line_;
};

/// A call of the core under test.
struct Call {
  Probe probe;
  CancelLink link;
};

}  // namespace

TEST_CASE("random calls get what a reference gives them that keeps every admission time",
          "[rate]") {
  struct Row {
    RateLimits limits;
    bool exact;  // the line is served at each turn; otherwise at random times
  };
  const Row row = GENERATE(Row{rate(10, 1s, 3, 5), true}, Row{rate(10, 1s, 3, 5), false},
                           Row{rate(3, 1s, 1, 8), true}, Row{rate(3, 1s, 1, 8), false},
                           Row{rate(7, 10ns, 4, 6), true}, Row{rate(7, 10ns, 4, 6), false},
                           Row{rate(1, 1s, 2, 0), true}, Row{rate(999'999'999, 1s, 9, 20), false});
  CAPTURE(row.limits.permits, row.limits.per.count(), row.limits.burst, row.exact);
  const auto interval = static_cast<std::int64_t>(row.limits.rate().interval);

  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&random](std::int64_t limit) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
    };
    RateCore core(row.limits);
    Reference reference(row.limits);
    std::deque<Call> calls;  // the number of a call is its place

    const auto compareEnds = [&] {
      const Ready ready = core.ready();
      REQUIRE(ready.size() == reference.ended.size());
      for (std::size_t i = 0; i < ready.size(); ++i) {
        const auto& [id, verdict] = reference.ended[i];
        REQUIRE(ready[i] == &calls[static_cast<std::size_t>(id)].probe);
        REQUIRE(ready[i]->verdict == verdict);
      }
      reference.ended.clear();
      REQUIRE(core.admission.queued() == reference.queued());
    };

    for (int step = 0; step < 150; ++step) {
      // The clock moves on, with a step of the timer at each turn or without.
      const Instant until = core.now + Instant(below(3) == 0 ? 0 : below(2 * interval));
      while (row.exact && reference.nextStep() <= until) {
        core.now = std::max(core.now, reference.nextStep());
        core.serve();
        reference.serve(core.now);
        compareEnds();
      }
      core.now = until;

      const auto weight =
          1 + static_cast<std::size_t>(below(static_cast<std::int64_t>(row.limits.burst)));
      switch (below(10)) {
        case 0:
          core.serve();
          reference.serve(core.now);
          break;
        case 1:
        case 2:
          if (!calls.empty()) {
            const int id = static_cast<int>(below(static_cast<std::int64_t>(calls.size())));
            const bool cancelled = core.cancel(calls[static_cast<std::size_t>(id)].link);
            REQUIRE(cancelled == reference.cancel(id, core.now));
          }
          break;
        case 3:
        case 4: {
          const bool granted = core.take(weight);
          REQUIRE(granted ==
                  (reference.enter(-1, weight, 0s, core.now).verdict == Verdict::granted));
          break;
        }
        default: {
          Instant patience(below(10 * interval));
          if (below(4) == 0) {
            core.serve();
            reference.serve(core.now);
            patience = reference.retryAfter(weight, core.now);  // exactly enough
            REQUIRE(core.retryAfter(weight) == patience);
          }
          Call& call = calls.emplace_back();
          const Turn turn = core.enter(call.probe, weight, patience, &call.link);
          const auto answer =
              reference.enter(static_cast<int>(calls.size()) - 1, weight, patience, core.now);
          REQUIRE(turn.verdict == answer.verdict);
          REQUIRE(turn.retryAfter == answer.retryAfter);
        }
      }
      compareEnds();
    }
    REQUIRE(reference.withinBound());
    REQUIRE(reference.admissions() > 5);
    core.close();
  }
}
