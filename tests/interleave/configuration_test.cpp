#include <bulwark/detail/core/admission.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// A thread that reads the configuration while another changes it sees the old or the new one, never
// a mixture. So does every decision that is made without the lock.

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
  made->prepareToWait();
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

struct SilentWaiter final : Waiter {
  void wake() noexcept override {}
  void discard() noexcept override {}
};

/// The verdict for a call of one permit that may wait.
Verdict entered(Admission& admission, SilentWaiter& waiter) {
  Entry entry = admission.tryEnter(1, {});
  Wakeups out;
  if (entry.verdict == Verdict::contended) {
    entry = admission.enter(1, {}, 0s, &waiter, nullptr, out);
  }
  return entry.verdict;
}

}  // namespace

TEST_CASE("a snapshot shows one configuration") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission(small);
    run.thread([=] { configure(*a, large); });
    run.thread([=] {
      const Limits first = limitsIn(a->numbers());
      expect(first == small || first == large, "the first snapshot is one configuration");
      const Limits second = a->limits();
      expect(second == small || second == large, "the second snapshot is one configuration");
      expect(first == small || second == large, "the old one never follows the new one");
    });
  });
}

TEST_CASE("a snapshot shows one configuration while two threads change it") {
  EXPLORE(seeds(20'000), [](Run& run) {
    auto a = admission(small);
    run.thread([=] {
      configure(*a, large);
      configure(*a, small);
    });
    run.thread([=] { configure(*a, large); });
    run.thread([=] {
      const Limits seen = limitsIn(a->numbers());
      expect(seen == small || seen == large, "the snapshot is one configuration");
    });
  });
}

TEST_CASE("saturation is computed from one configuration") {
  // The first configuration is full, but calls may wait. Under the second none may wait, but there
  // is room.
  const Limits queue{.permits = 2, .maxQueueSize = 9, .timeout = 1s};
  const Limits room{.permits = 3, .maxQueueSize = 0, .timeout = 1s};
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(queue, 2);
    run.thread([=] { configure(*a, room); });
    run.thread([=] {
      expect(!a->saturated(), "neither is saturated");
      expect(!a->numbers().saturated, "neither is saturated in a snapshot");
    });
  });
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(room, 2);
    run.thread([=] { configure(*a, queue); });
    run.thread([=] { expect(!a->saturated(), "neither is saturated"); });
  });
}

TEST_CASE("a call is refused only if one configuration refuses it") {
  // The first configuration has room for the call. Under the second it may wait.
  const Limits room{.permits = 3, .maxQueueSize = 0, .timeout = 1s};
  const Limits queue{.permits = 2, .maxQueueSize = 9, .timeout = 1s};
  const Limits patient{.permits = 3, .maxQueueSize = 9, .timeout = 0s};
  for (const Limits& other : {room, patient}) {
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(other, 2);
      auto waiter = std::make_shared<SilentWaiter>();
      run.thread([=] { configure(*a, queue); });
      run.thread([=] {
        const Verdict verdict = entered(*a, *waiter);
        expect(verdict == Verdict::granted || verdict == Verdict::waiting, "neither refuses it");
      });
      run.finally([=] { expect(waiter != nullptr, "it lives as long as the queue"); });
    });
    EXPLORE(everything, [=](Run& run) {
      auto a = admission(queue, 2);
      auto waiter = std::make_shared<SilentWaiter>();
      run.thread([=] { configure(*a, other); });
      run.thread([=] {
        const Verdict verdict = entered(*a, *waiter);
        expect(verdict == Verdict::granted || verdict == Verdict::waiting, "neither refuses it");
      });
      run.finally([=] { expect(waiter != nullptr, "it lives as long as the queue"); });
    });
  }
}

TEST_CASE("a call that may not wait is refused only if one configuration refuses it") {
  // The first configuration has room for one more. The second has a smaller limit, which it does
  // not enforce.
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
        expect(verdict != Verdict::invalid, "the limit is 3, or is not enforced");
      });
    });
  }
}

TEST_CASE("a call counts as over the limit only by the mode and the limit of one configuration") {
  const Limits observes{.permits = 3, .mode = Mode::observe};
  const Limits enforces{.permits = 2, .mode = Mode::enforce};
  EXPLORE(everything, [=](Run& run) {
    auto a = admission(observes, 0);
    const Entry held = a->tryEnter(2, 0s);
    expect(held.verdict == Verdict::granted, "the mode only observes");
    run.thread([=] { configure(*a, enforces); });
    run.thread([=] {
      const Entry entry = a->tryEnter(1, 0s);
      expect(entry.verdict != Verdict::granted || !entry.overLimit,
             "three permits do not exceed a limit of three");
    });
  });
}

TEST_CASE("two calls that are the first to wait do so in one line") {
  EXPLORE(everything, [](Run& run) {
    auto a = std::make_shared<Admission>(small);
    auto waiters = std::make_shared<std::array<SilentWaiter, 2>>();
    expect(a->take(3), "there is room");
    for (std::size_t i = 0; i < waiters->size(); ++i) {
      run.thread([=] {
        a->prepareToWait();
        expect(entered(*a, (*waiters)[i]) == Verdict::waiting, "there is no room");
      });
    }
    run.finally([=] {
      const Admission::Numbers numbers = a->numbers();
      expect(numbers.queued == 2 && numbers.peakQueued == 2, "both wait");
      Wakeups out;
      a->close(out);
      std::size_t woken = 0;
      while (out.ready.pop() != nullptr) ++woken;
      expect(woken == 2, "both leave");
      for (const SilentWaiter& waiter : *waiters) {
        expect(waiter.verdict == Verdict::aborted, "the end of the bulkhead");
      }
    });
  });
}
