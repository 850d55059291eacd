#include <bulwark/detail/core/circuit.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Calls of a circuit begin and end while other threads change its configuration, reset it, or read
// it.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::CircuitBreakerConfig;
using bulwark::CircuitState;
using bulwark::Mode;
using bulwark::WindowKind;
using bulwark::detail::Circuit;
using bulwark::detail::CircuitNotice;
using bulwark::detail::CircuitNotices;
using bulwark::detail::Instant;
using End = Circuit::Outcome;
using Kind = CircuitNotice::Kind;

namespace {

constexpr Instant now = 100s;

CircuitBreakerConfig twoOfTwo() {
  return {.failureRateThreshold = 1.0,
          .slidingWindowSize = 2,
          .minimumCalls = 2,
          .openDuration = 10s,
          .halfOpenCalls = 2};
}

/// A circuit, and what it reports. The reports must come one at a time, and each change must begin
/// in the state in which the previous one ended.
struct Scene {
  explicit Scene(CircuitBreakerConfig config = twoOfTwo()) {
    config.onStateChange = [this](CircuitState before, CircuitState after) {
      expect(before == state && before != after, "the changes are reported in order");
      expect(!inside.exchange(true), "one at a time");
      state = after;
      inside.store(false);
    };
    circuit = std::make_unique<Circuit>(std::move(config));
  }

  void observe() {
    circuit->setObserver(
        std::make_shared<const CircuitNotices::Observer>([this](const CircuitNotice& notice) {
          expect(!inside.exchange(true), "one at a time");
          kinds.push_back(notice.kind);
          seen = notice.after;
          inside.store(false);
        }),
        now);
  }

  Circuit::Entry enter() {
    Circuit::Entry entry = circuit->enter(now);
    if (entry.goesAhead && entry.judged) circuit->begin(entry, now);
    return entry;
  }
  void end(const Circuit::Entry& entry, End outcome) {
    if (entry.goesAhead && entry.judged) circuit->end(entry, outcome, 0s, now);
  }
  void call(End outcome) { end(enter(), outcome); }
  void change(const std::function<void(CircuitBreakerConfig&)>& change) {
    for (;;) {
      const auto present = circuit->config();
      CircuitBreakerConfig next = *present;
      change(next);
      if (circuit->configure(present, std::make_shared<const CircuitBreakerConfig>(next), now)) {
        return;
      }
    }
  }

  /// What holds once all calls have ended: the circuit works, from its first call on.
  void checkUsable() {
    expect(state == circuit->state(now), "the last change that was reported is the state");
    change([](CircuitBreakerConfig& config) {
      config.mode = Mode::enforce;
      config.halfOpenCalls = 1;
      config.minimumCalls = 2;
      config.slowCallDuration = bulwark::noTimeout;
    });
    circuit->reset(now);
    call(End::failed);
    expect(circuit->state(now) == CircuitState::closed, "one of two");
    call(End::failed);
    expect(circuit->state(now) == CircuitState::open, "two of two");
    expect(!circuit->enter(now).goesAhead, "it refuses");
    const Instant later = now + 10s;
    const auto probe = circuit->enter(later);
    expect(probe.goesAhead && probe.call->probe, "a probe");
    expect(!circuit->enter(later).goesAhead, "one probe");
    circuit->end(probe, End::succeeded, 0s, later);
    expect(circuit->state(later) == CircuitState::closed, "it closes");
  }

  CircuitState state = CircuitState::closed;
  CircuitState seen = CircuitState::closed;
  std::vector<Kind> kinds;
  Atomic<bool> inside{false};
  std::unique_ptr<Circuit> circuit;
};

}  // namespace

TEST_CASE("a call that ends while the window changes is counted once") {
  for (const bool toTime : {false, true}) {
    EXPLORE(everything, [=](Run& run) {
      auto s = std::make_shared<Scene>();
      auto entry = std::make_shared<Circuit::Entry>(s->enter());
      run.thread([=] { s->end(*entry, End::failed); });
      run.thread([=] {
        s->change([=](CircuitBreakerConfig& config) {
          config.slidingWindowSize = 5;
          if (toTime) config.windowKind = WindowKind::time;
        });
      });
      run.finally([=] {
        expect(s->circuit->stats(now).failed == 1, "it is counted");
        s->checkUsable();
      });
    });
  }
}

TEST_CASE("a call that ends while the circuit is reset counts before it or not at all") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->call(End::failed);
    auto entry = std::make_shared<Circuit::Entry>(s->enter());
    run.thread([=] { s->end(*entry, End::failed); });
    run.thread([=] { s->circuit->reset(now); });
    run.finally([=] {
      expect(s->circuit->state(now) == CircuitState::closed, "the reset has the last word");
      expect(s->circuit->stats(now).failed <= 1, "what ended before it is forgotten");
      expect(s->circuit->totals(now).failed == 2, "both are counted");
      s->checkUsable();
    });
  });
}

TEST_CASE("an update and a reset end in a circuit that works, while a call ends") {
  EXPLORE(seeds(4000), [](Run& run) {
    CircuitBreakerConfig config = twoOfTwo();
    config.slowCallDuration = 1s;
    auto s = std::make_shared<Scene>(config);
    s->call(End::failed);
    auto entry = std::make_shared<Circuit::Entry>(s->enter());
    run.thread([=] { s->circuit->end(*entry, End::failed, 5s, now + 5s); });
    run.thread([=] {
      s->change([](CircuitBreakerConfig& next) {
        next.slowCallDuration = 3s;
        next.windowKind = WindowKind::time;
      });
    });
    run.thread([=] { s->circuit->reset(now); });
    run.finally([=] {
      const auto totals = s->circuit->totals(now);
      expect(totals.failed == 2 && totals.slow == 1, "each is counted once");
      s->checkUsable();
    });
  });
}

TEST_CASE("fewer halfOpenCalls, while the probes end, leave no circuit half open") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->call(End::failed);
    s->call(End::failed);
    const Instant later = now + 10s;
    auto a = std::make_shared<Circuit::Entry>(s->circuit->enter(later));
    auto b = std::make_shared<Circuit::Entry>(s->circuit->enter(later));
    expect(a->goesAhead && b->goesAhead, "two probes");
    run.thread([=] { s->circuit->end(*a, End::succeeded, 0s, later); });
    run.thread([=] { s->change([](CircuitBreakerConfig& config) { config.halfOpenCalls = 1; }); });
    run.finally([=] {
      expect(s->circuit->state(later) == CircuitState::closed, "one probe decides");
      s->circuit->end(*b, End::failed, 0s, later);
      s->checkUsable();
    });
  });
}

TEST_CASE("a call that begins while the mode changes is treated by one of the two modes") {
  for (const Mode mode : {Mode::observe, Mode::off}) {
    EXPLORE(everything, [=](Run& run) {
      auto s = std::make_shared<Scene>();
      s->circuit->forceOpen(now);
      run.thread([=] { s->change([=](CircuitBreakerConfig& config) { config.mode = mode; }); });
      run.thread([=] {
        const auto entry = s->enter();
        s->end(entry, End::failed);
        const auto totals = s->circuit->totals(now);
        expect(totals.refused == (entry.goesAhead ? 0U : 1U), "refused, or not");
        expect(totals.failed == (entry.goesAhead && entry.judged ? 1U : 0U), "counted, or not");
        expect(totals.wouldHaveRefused == totals.failed, "observed, or not");
        expect(entry.judged || mode == Mode::off, "only mode off does not judge");
      });
      run.finally([=] { s->checkUsable(); });
    });
  }
}

TEST_CASE("of two updates at once neither is lost") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    run.thread([=] { s->change([](CircuitBreakerConfig& config) { config.minimumCalls = 1; }); });
    run.thread([=] { s->change([](CircuitBreakerConfig& config) { config.openDuration = 5s; }); });
    run.finally([=] {
      expect(s->circuit->config()->minimumCalls == 1, "the one");
      expect(s->circuit->config()->openDuration == 5s, "the other");
    });
  });
}

TEST_CASE("an observer that is set while the circuit opens hears of it once") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->call(End::failed);
    run.thread([=] { s->call(End::failed); });
    run.thread([=] { s->observe(); });
    run.finally([=] {
      expect(s->kinds.size() == 1, "as a change, or as the state that it found");
      expect(s->seen == CircuitState::open, "it is open");
    });
  });
}

TEST_CASE("an observer that is removed hears of nothing that begins after that") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->observe();
    s->circuit->forceOpen(now);
    auto after = std::make_shared<std::size_t>();
    run.thread([=] { s->circuit->reset(now); });
    run.thread([=] {
      s->circuit->setObserver(nullptr, now);
      *after = s->kinds.size();
    });
    run.finally([=] {
      // A delivery that had begun before may end after it.
      expect(s->kinds.size() <= *after + 1, "at most the one that had begun");
      expect(s->state == CircuitState::closed, "onStateChange hears of it in any case");
    });
  });
}
