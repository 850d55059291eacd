#include <bulwark/detail/core/deadlines.hpp>
#include <bulwark/detail/core/instant.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Deadlines;
using bulwark::detail::Instant;
using bulwark::detail::never;
using bulwark::detail::Waiter;

namespace {

struct Probe final : Waiter {
  void wake() noexcept override {}
  void discard() noexcept override {}
};

/// Compares Deadlines with a multimap, which keeps equal keys in order of arrival.
class Compared {
 public:
  Probe& insert(Instant deadline) {
    probes_.push_back(std::make_unique<Probe>());
    Probe& probe = *probes_.back();
    probe.deadline = deadline;
    probe.arrival = next_++;
    deadlines_.insert(probe);
    if (deadline != never) model_.emplace(deadline, &probe);
    return probe;
  }

  void erase(Probe& probe) {
    deadlines_.erase(probe);
    const auto [first, last] = model_.equal_range(probe.deadline);
    for (auto at = first; at != last; ++at) {
      if (at->second != &probe) continue;
      model_.erase(at);
      return;
    }
  }

  /// Returns the probe at that place of the model.
  Probe& at(std::size_t place) {
    auto found = model_.begin();
    std::advance(found, static_cast<std::ptrdiff_t>(place));
    return *found->second;
  }

  bool same() const {
    const Waiter* expected = model_.empty() ? nullptr : model_.begin()->second;
    return deadlines_.earliest() == expected;
  }
  std::size_t size() const { return model_.size(); }

  /// Removes all, the earliest first.
  bool popsInOrder() {
    while (size() > 0) {
      if (!same()) return false;
      erase(at(0));
    }
    return same();
  }

 private:
  Deadlines deadlines_;
  std::multimap<Instant, Probe*> model_;
  std::vector<std::unique_ptr<Probe>> probes_;
  std::uint64_t next_ = 0;
};

}  // namespace

TEST_CASE("without deadlines there is no earliest one") {
  Deadlines deadlines;
  CHECK(deadlines.earliest() == nullptr);
}

TEST_CASE("a waiter without a deadline is not inserted, and erasing it has no effect") {
  Compared deadlines;
  Probe& endless = deadlines.insert(never);
  CHECK(deadlines.same());
  Probe& waits = deadlines.insert(5s);
  deadlines.erase(endless);
  CHECK(deadlines.same());
  deadlines.erase(waits);
  CHECK(deadlines.same());
}

TEST_CASE("a waiter may be erased twice and inserted again") {
  Deadlines deadlines;
  Probe early, late;
  early.deadline = 1s;
  late.deadline = 2s;
  deadlines.insert(late);
  deadlines.insert(early);
  deadlines.erase(early);
  deadlines.erase(early);
  CHECK(deadlines.earliest() == &late);
  deadlines.insert(early);
  CHECK(deadlines.earliest() == &early);
}

TEST_CASE("ascending or equal deadlines expire in order") {
  Compared deadlines;
  SECTION("ascending") {
    for (int i = 0; i < 100; ++i) deadlines.insert(Instant(i));
  }
  SECTION("equal") {
    for (int i = 0; i < 100; ++i) deadlines.insert(5s);
  }
  CHECK(deadlines.popsInOrder());
}

TEST_CASE("descending deadlines expire in order") {
  Compared deadlines;
  for (int i = 100; i > 0; --i) deadlines.insert(Instant(i));
  CHECK(deadlines.popsInOrder());
}

TEST_CASE("equal deadlines expire in order of arrival, however they are stored") {
  Compared deadlines;
  // The first deadlines of 5 s arrive in order. Those after the 9 s do not.
  for (const auto deadline : {5s, 5s, 9s, 5s, 9s, 1s, 5s, 1s, 9s, 5s}) deadlines.insert(deadline);
  CHECK(deadlines.popsInOrder());
}

TEST_CASE("waiters can be erased at the front, in the middle and at the back") {
  for (const bool ascending : {true, false}) {
    for (std::size_t place = 0; place < 9; ++place) {
      Compared deadlines;
      for (int i = 0; i < 9; ++i) deadlines.insert(Instant(ascending ? i : 9 - i));
      deadlines.erase(deadlines.at(place));
      INFO("ascending " << ascending << ", place " << place);
      CHECK(deadlines.popsInOrder());
    }
  }
}

TEST_CASE("random inserts, erasures and expiries agree with a multimap at every step") {
  for (const std::int64_t range : {1, 3, 50, 1'000'000}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO("range " << range << ", seed " << seed);
      std::mt19937_64 random(seed);
      const auto below = [&](std::uint64_t n) { return random() % n; };
      Compared deadlines;
      bool same = true;
      Instant now{0};
      for (int step = 0; step < 4000 && same; ++step) {
        const std::uint64_t what = below(100);
        if (what < 45 || deadlines.size() == 0) {
          deadlines.insert(
              now + Instant(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(range)))));
        } else if (what < 55) {
          deadlines.insert(now + Instant(range));  // most waiters have the same timeout
        } else if (what < 75) {
          deadlines.erase(deadlines.at(below(deadlines.size())));
        } else {
          now = deadlines.at(0).deadline;
          deadlines.erase(deadlines.at(0));
        }
        same = deadlines.same();
      }
      CHECK(same);
      CHECK(deadlines.popsInOrder());
    }
  }
}
