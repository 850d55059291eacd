#include <bulwark/detail/core/rate_admission.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Calls that find their turn by a compare-and-swap, while other threads queue, cancel, drain and
// change the rate.

using namespace interleave;
using bulwark::Mode;
using bulwark::detail::CancelLink;
using bulwark::detail::Instant;
using bulwark::detail::RateAdmission;
using bulwark::detail::RateLimits;
using bulwark::detail::Turn;
using bulwark::detail::Verdict;
using bulwark::detail::Waiter;
using bulwark::detail::Wakeups;

namespace {

constexpr Instant start{1000};

struct Probe final : Waiter {
  void wake() noexcept override { ++woken; }
  void discard() noexcept override { ++woken; }
  int woken = 0;
};

/// One permit in 100 ns. The scenarios begin at `start`; the threads have times of their own.
struct Core {
  explicit Core(std::size_t burst, std::size_t maxQueueSize = 0, Mode mode = Mode::enforce)
      : limits{.permits = 1,
               .per = Instant{100},
               .burst = burst,
               .maxQueueSize = maxQueueSize,
               .timeout = Instant{10'000},
               .mode = mode},
        admission(limits, start) {}

  static void deliver(Wakeups& out) {
    while (Waiter* waiter = out.ready.pop()) waiter->wake();
  }

  bool take(std::size_t permits, Instant now) {
    if (admission.take(permits, now)) return true;
    Turn turn = admission.tryEnter(permits, Instant{0}, now);
    if (turn.verdict == Verdict::contended) {
      Wakeups out;
      turn = admission.enter(permits, Instant{0}, now, nullptr, nullptr, out);
      deliver(out);
    }
    return turn.verdict == Verdict::granted;
  }
  Verdict enter(Probe& probe, Instant now, CancelLink* link = nullptr) {
    Turn turn = admission.tryEnter(1, std::nullopt, now);
    if (turn.verdict == Verdict::contended) {
      Wakeups out;
      turn = admission.enter(1, std::nullopt, now, &probe, link, out);
      deliver(out);
    }
    return turn.verdict;
  }
  void serve(Instant now) {
    Wakeups out;
    admission.serve(100, now, out);
    deliver(out);
  }
  bool cancel(CancelLink& link, Instant now) {
    Wakeups out;
    const bool cancelled = admission.cancel(link, now, out);
    deliver(out);
    return cancelled;
  }
  void configure(std::size_t permits, std::size_t burst, Instant now) {
    Wakeups out;
    RateLimits to = limits;
    to.permits = permits;
    to.burst = burst;
    expect(admission.configure(limits, to, now, out), "no other thread changes it");
    deliver(out);
  }

  const RateLimits limits;
  RateAdmission admission;
};

}  // namespace

TEST_CASE("two threads that try at once get the burst between them, and not more") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(3);
    auto granted = std::make_shared<Atomic<int>>(0);
    for (int i = 0; i < 2; ++i) {
      run.thread([=] {
        for (int j = 0; j < 2; ++j) {
          if (core->take(1, start)) granted->fetch_add(1);
        }
      });
    }
    run.finally([=] {
      expect(granted->load() == 3, "three of four");
      expect(core->admission.retryAfter(1, start) == Instant{100}, "all of it is owed");
    });
  });
}

TEST_CASE("a call that tries while the rate changes is granted by one rate or the other") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(2);
    expect(core->take(1, start), "the first of two");
    auto granted = std::make_shared<bool>(false);
    run.thread([=] { *granted = core->take(2, start + Instant{100}); });
    run.thread([=] { core->configure(2, 3, start + Instant{100}); });  // 50 ns
    run.finally([=] {
      // The first permit is not owed any more, so that both rates grant two permits. Before the
      // change they are 200 ns, which become 100 ns; after it they are 100 ns.
      expect(*granted, "two permits conform before and after the change");
      expect(core->admission.available(start + Instant{100}) == 1, "one of three is left");
      expect(core->admission.retryAfter(3, start + Instant{100}) == Instant{100},
             "by the new rate");
    });
  });
}

TEST_CASE("a call that read the word of an idle limiter is not granted by a mixture of two rates") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(1);
    auto granted = std::make_shared<bool>(false);
    run.thread([=] { *granted = core->take(1, start); });
    run.thread([=] { core->configure(100, 1, start); });  // 1 ns
    run.finally([=] {
      expect(*granted, "the limiter is idle");
      expect(core->admission.retryAfter(1, start) == Instant{1}, "one permit of the new rate");
    });
  });
}

TEST_CASE("no call overtakes one that waits, and the waiting one gets its turn") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(1, 10);
    expect(core->take(1, start), "the burst");
    auto probe = std::make_shared<Probe>();
    auto waits = std::make_shared<Atomic<bool>>(false);
    run.thread([=] {
      if (core->enter(*probe, start) == Verdict::waiting) waits->store(true);
    });
    run.thread([=] {
      const bool behind = waits->load();
      const bool granted = core->take(1, start + Instant{100});
      // Behind the waiting call, this one serves the line first: the turn is the other call's.
      expect(!(behind && granted), "no overtaking");
    });
    run.finally([=] {
      core->serve(start + Instant{200});
      expect(probe->woken == 1 && probe->verdict == Verdict::granted, "it has its turn");
    });
  });
}

TEST_CASE("a cancelled call gives its turn to the next, whatever comes in between") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(1, 10);
    expect(core->take(1, start), "the burst");
    auto first = std::make_shared<Probe>();
    auto second = std::make_shared<Probe>();
    auto link = std::make_shared<CancelLink>();
    expect(core->enter(*first, start, link.get()) == Verdict::waiting, "it waits");
    expect(core->enter(*second, start) == Verdict::waiting, "it waits, too");
    auto taken = std::make_shared<bool>(false);
    run.thread([=] { core->cancel(*link, start + Instant{50}); });
    run.thread([=] { core->serve(start + Instant{100}); });
    run.thread([=] { *taken = core->take(1, start + Instant{100}); });
    run.finally([=] {
      core->serve(start + Instant{100});
      const bool cancelled = first->verdict == Verdict::cancelled;
      expect(first->woken == 1, "once");
      expect(second->woken == (cancelled ? 1 : 0), "it has the turn of the first");
      expect(!*taken, "the newcomer has none");
    });
  });
}

TEST_CASE("try, change of the rate and cancellation leave no turn lost and none given twice") {
  EXPLORE(seeds(20'000), [](Run& run) {
    auto core = std::make_shared<Core>(2, 10);
    expect(core->take(2, start), "the burst");
    auto probes = std::make_shared<std::pair<Probe, Probe>>();
    auto link = std::make_shared<CancelLink>();
    expect(core->enter(probes->first, start, link.get()) == Verdict::waiting, "it waits");
    auto taken = std::make_shared<int>(0);
    const Instant now = start + Instant{100};
    run.thread([=] { *taken = core->take(1, now) ? 1 : 0; });
    run.thread([=] { core->configure(2, 2, now); });  // 50 ns
    run.thread([=] { core->cancel(*link, now); });
    run.thread([=] { core->enter(probes->second, now); });
    run.finally([=] {
      core->serve(now + Instant{10'000});
      expect(probes->first.woken == 1, "cancelled, or granted");
      // At `now` one of two permits was there, by the old rate as by the new.
      expect(*taken + (probes->first.verdict == Verdict::granted ? 1 : 0) <= 1, "not two turns");
      expect(core->admission.queued() == 0, "none is left in the queue");
      expect(core->admission.available(now + Instant{10'000} + Instant{1000}) == 2, "it is open");
    });
  });
}

TEST_CASE("a drain completes exactly when the last call inside has left") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(3);
    auto drained = std::make_shared<Probe>();
    auto inside = std::make_shared<Atomic<int>>(0);
    run.thread([=] {
      core->admission.enterInside();
      if (core->take(1, start)) {
        inside->fetch_add(1);
        expect(drained->woken == 0, "the drain waits for this call");
        inside->fetch_sub(1);
      }
      if (core->admission.leaveInside()) {
        Wakeups out;
        core->admission.noteEmpty(out);
        Core::deliver(out);
      }
    });
    run.thread([=] {
      Wakeups out;
      core->admission.drain(bulwark::detail::never, start, *drained, nullptr, out);
      Core::deliver(out);
    });
    run.finally([=] { expect(drained->woken == 1, "the drain has ended"); });
  });
}

TEST_CASE("the word opens again after a drain and resume that meet a call") {
  EXPLORE(everything, [](Run& run) {
    auto core = std::make_shared<Core>(2);
    auto drained = std::make_shared<Probe>();
    auto granted = std::make_shared<int>(0);
    run.thread([=] {
      for (int i = 0; i < 2; ++i) *granted += core->take(1, start) ? 1 : 0;
    });
    run.thread([=] {
      Wakeups out;
      core->admission.drain(bulwark::detail::never, start, *drained, nullptr, out);
      core->admission.resume(out);
      Core::deliver(out);
    });
    run.finally([=] {
      expect(core->admission.available(start) == static_cast<std::size_t>(2 - *granted),
             "what was not granted is there");
    });
  });
}
