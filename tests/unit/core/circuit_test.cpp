#include <bulwark/detail/core/circuit.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "support/catch.hpp"

// The state machine alone: no executor, no clock, no call.

using namespace std::chrono_literals;
using bulwark::CircuitBreakerConfig;
using bulwark::CircuitState;
using bulwark::detail::Circuit;
using bulwark::detail::CircuitWatch;
using bulwark::detail::Instant;
using bulwark::detail::never;
using Outcome = Circuit::Outcome;

namespace {

CircuitBreakerConfig twoOfTwo() {
  return {.failureRateThreshold = 1.0,
          .slidingWindowSize = 2,
          .minimumCalls = 2,
          .openDuration = 10s,
          .halfOpenCalls = 1};
}

void call(Circuit& circuit, Outcome outcome, Instant now) {
  const Circuit::Entry entry = circuit.enter(now);
  REQUIRE(entry.goesAhead);
  circuit.begin(entry, now);
  circuit.end(entry, outcome, 0s, now);
}

}  // namespace

TEST_CASE("a circuit opens, lets a probe through after openDuration, and closes") {
  Circuit circuit(twoOfTwo());
  call(circuit, Outcome::failed, 1s);
  CHECK(circuit.state(1s) == CircuitState::closed);
  call(circuit, Outcome::failed, 2s);
  CHECK(circuit.state(2s) == CircuitState::open);
  const Circuit::Entry refused = circuit.enter(5s);
  CHECK_FALSE(refused.goesAhead);
  CHECK(refused.retryAfter == 7s);
  CHECK(circuit.state(12s) == CircuitState::halfOpen);
  call(circuit, Outcome::succeeded, 12s);
  CHECK(circuit.state(12s) == CircuitState::closed);
}

TEST_CASE("ignored outcomes count for nothing") {
  Circuit circuit(twoOfTwo());
  for (int i = 0; i < 5; ++i) call(circuit, Outcome::ignored, 1s);
  CHECK(circuit.state(1s) == CircuitState::closed);
  CHECK(circuit.stats(1s).ignored == 5);
}

TEST_CASE("a probe that is given back leaves its place to another call") {
  Circuit circuit(twoOfTwo());
  call(circuit, Outcome::failed, 1s);
  call(circuit, Outcome::failed, 1s);
  const Circuit::Entry probe = circuit.enter(11s);
  CHECK(probe.goesAhead);
  CHECK_FALSE(circuit.enter(11s).goesAhead);
  circuit.giveBack(probe, 11s);
  CHECK(circuit.enter(11s).goesAhead);
}

TEST_CASE("a refusal that was not reported is not counted") {
  Circuit circuit(twoOfTwo());
  circuit.forceOpen(1s);
  CHECK(circuit.enter(1s).retryAfter == never);
  CHECK(circuit.stats(1s).refused == 1);
  circuit.undoRefusal();
  CHECK(circuit.stats(1s).refused == 0);
}

TEST_CASE("each change of state is reported once, in order") {
  std::vector<std::pair<CircuitState, CircuitState>> changes;
  CircuitBreakerConfig config = twoOfTwo();
  config.onStateChange = [&](CircuitState before, CircuitState after) {
    changes.emplace_back(before, after);
  };
  Circuit circuit(std::move(config));
  call(circuit, Outcome::failed, 1s);
  call(circuit, Outcome::failed, 1s);
  call(circuit, Outcome::succeeded, 11s);
  circuit.reset(12s);
  CHECK(changes == std::vector<std::pair<CircuitState, CircuitState>>{
                       {CircuitState::closed, CircuitState::open},
                       {CircuitState::open, CircuitState::halfOpen},
                       {CircuitState::halfOpen, CircuitState::closed}});
}

TEST_CASE("a watch knows whether anything else holds the circuit") {
  auto circuit = std::make_shared<Circuit>(twoOfTwo());
  const CircuitWatch first(circuit);
  CHECK_FALSE(first.alone());
  const CircuitWatch second(circuit);
  circuit.reset();
  CHECK(first.alone());
  CHECK(second.alone());
}
