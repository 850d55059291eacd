#include <bulwark/detail/admission.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Every look at the configuration beside a change of it sees the one or the other, and so does
// every decision that is made without the lock.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::Mode;
using bulwark::detail::Admission;
using bulwark::detail::Entry;
using bulwark::detail::Limits;
using bulwark::detail::LimitsUpdate;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::Wakeups;

namespace {

auto admission(const Limits& limits, std::size_t held = 0) {
  auto made = std::make_shared<Admission>(limits);
  if (held != 0) expect(made->take(held), "there is room");
  return made;
}

void configure(Admission& admission, const Limits& limits) {
  Wakeups out;
  admission.configure({.permits = limits.permits,
                       .maxQueueSize = limits.maxQueueSize,
                       .timeout = limits.timeout,
                       .mode = limits.mode},
                      0s, out);
}

Limits limitsIn(const Admission::Numbers& numbers) {
  return {.permits = numbers.permits,
          .maxQueueSize = numbers.maxQueueSize,
          .timeout = numbers.timeout,
          .mode = numbers.mode};
}

const Limits small{.permits = 3, .maxQueueSize = 30, .timeout = 3s, .mode = Mode::enforce};
const Limits large{.permits = 5, .maxQueueSize = 50, .timeout = 5s, .mode = Mode::observe};

struct Nobody final : Waiter {
  void wake() noexcept override {}
  void discard() noexcept override {}
};

/// What becomes of a call of one permit that may wait.
Verdict entered(Admission& admission, Nobody& waiter) {
  Entry entry = admission.tryEnter(1, {});
  Wakeups out;
  if (entry.verdict == Verdict::contended) {
    entry = admission.enter(1, {}, 0s, &waiter, nullptr, out);
  }
  return entry.verdict;
}

}  // namespace

TEST_CASE("a snapshot is of one configuration") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission(small);
    run.thread([=] { configure(*a, large); });
    run.thread([=] {
      const Limits first = limitsIn(a->numbers());
      expect(first == small || first == large, "as a whole");
      const Limits second = a->limits();
      expect(second == small || second == large, "here, too");
      expect(first == small || second == large, "and never the old one after the new one");
    });
  });
}

TEST_CASE("a snapshot is of one configuration, whoever else changes it") {
  EXPLORE(seeds(20'000), [](Run& run) {
    auto a = admission(small);
    run.thread([=] {
      configure(*a, large);
      configure(*a, small);
    });
    run.thread([=] { configure(*a, large); });
    run.thread([=] {
      const Limits seen = limitsIn(a->numbers());
      expect(seen == small || seen == large, "as a whole");
    });
  });
}

TEST_CASE("saturation is told by one configuration") {
  // Full, and calls may wait; or none may, and there is room.
  const Limits queue{.permits = 2, .maxQueueSize = 9, .timeout = 1s};
  const Limits room{.permits = 3, .maxQueueSize = 0, .timeout = 1s};
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(queue, 2);
    run.thread([=] { configure(*a, room); });
    run.thread([=] {
      expect(!a->saturated(), "neither is saturated");
      expect(!a->numbers().saturated, "in a snapshot, too");
    });
  });
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(room, 2);
    run.thread([=] { configure(*a, queue); });
    run.thread([=] { expect(!a->saturated(), "neither is saturated"); });
  });
}

TEST_CASE("a call is refused only where one configuration refuses it") {
  // Room for it; or full, and it may wait.
  const Limits room{.permits = 3, .maxQueueSize = 0, .timeout = 1s};
  const Limits queue{.permits = 2, .maxQueueSize = 9, .timeout = 1s};
  const Limits patient{.permits = 3, .maxQueueSize = 9, .timeout = 0s};
  for (const Limits& other : {room, patient}) {
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(other, 2);
      auto waiter = std::make_shared<Nobody>();
      run.thread([=] { configure(*a, queue); });
      run.thread([=] {
        const Verdict verdict = entered(*a, *waiter);
        expect(verdict == Verdict::granted || verdict == Verdict::waiting, "neither refuses it");
      });
      run.finally([=] { expect(waiter != nullptr, "it lives as long as the queue"); });
    });
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(queue, 2);
      auto waiter = std::make_shared<Nobody>();
      run.thread([=] { configure(*a, other); });
      run.thread([=] {
        const Verdict verdict = entered(*a, *waiter);
        expect(verdict == Verdict::granted || verdict == Verdict::waiting, "neither refuses it");
      });
      run.finally([=] { expect(waiter != nullptr, "it lives as long as the queue"); });
    });
  }
}

TEST_CASE("what only tries is refused only where one configuration refuses it") {
  // Room for one more; or a smaller limit, which is not enforced.
  const Limits room{.permits = 3, .maxQueueSize = 0};
  for (const Mode mode : {Mode::observe, Mode::off}) {
    const Limits loose{.permits = 2, .maxQueueSize = 0, .mode = mode};
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(room, 2);
      run.thread([=] { configure(*a, loose); });
      run.thread([=] { expect(!a->full(1), "neither is full"); });
    });
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(room);
      run.thread([=] { configure(*a, loose); });
      run.thread([=] {
        const Verdict verdict = a->tryEnter(3, 0s).verdict;
        expect(verdict != Verdict::invalid, "three are there, or nobody counts");
      });
    });
  }
}

TEST_CASE("a call over a limit that only observes is counted so by one configuration") {
  const Limits observes{.permits = 3, .mode = Mode::observe};
  const Limits enforces{.permits = 2, .mode = Mode::enforce};
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(observes, 0);
    const Entry held = a->tryEnter(2, 0s);
    expect(held.verdict == Verdict::granted, "it only observes");
    run.thread([=] { configure(*a, enforces); });
    run.thread([=] {
      const Entry entry = a->tryEnter(1, 0s);
      expect(entry.verdict != Verdict::granted || !entry.overLimit, "three are not over three");
    });
  });
}
