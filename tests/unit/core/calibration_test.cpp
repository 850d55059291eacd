#include <bulwark/detail/core/calibration.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

using namespace std::chrono_literals;
using bulwark::detail::Calibration;
using bulwark::detail::Instant;

namespace {

/// A counter and a clock that run at known rates.
struct Machine {
  double ticksPerNanosecond = 2.5;
  double counter = 1e15;
  Instant clock{5s};

  void run(Instant time) {
    counter += static_cast<double>(time.count()) * ticksPerNanosecond;
    clock += time;
  }
  Calibration::Reading reading() const { return {static_cast<std::uint64_t>(counter), clock}; }
};

/// By how many parts in a million the calibration is wrong about a second.
double errorOf(const Calibration& calibration, const Machine& machine) {
  const auto ticks = static_cast<std::uint64_t>(1e9 * machine.ticksPerNanosecond);
  const Instant second = Calibration::duration(ticks, calibration.rate());
  return std::abs(static_cast<double>((second - Instant(1s)).count())) / 1e3;
}

}  // namespace

TEST_CASE("the rate is unknown for a millisecond", "[calibration]") {
  Machine machine;
  Calibration calibration(machine.reading());
  CHECK(calibration.rate() == 0);
  machine.run(999us);
  CHECK(calibration.compare(machine.reading()) == 0ns);
  CHECK(calibration.rate() == 0);
  machine.run(1us);
  CHECK(calibration.compare(machine.reading()) == 0ns);
  CHECK(calibration.rate() != 0);
  CHECK(errorOf(calibration, machine) < 1);
}

TEST_CASE("the rate of slow and fast counters is exact", "[calibration]") {
  for (const double rate : {0.001, 0.024, 1.0, 2.4449, 5.9}) {
    Machine machine{.ticksPerNanosecond = rate};
    Calibration calibration(machine.reading());
    machine.run(1s);
    calibration.compare(machine.reading());
    CAPTURE(rate);
    CHECK(errorOf(calibration, machine) < 1);
  }
}

TEST_CASE("a longer interval makes the rate more exact", "[calibration]") {
  Machine machine;
  Calibration::Reading first = machine.reading();
  first.counter += 200;  // 80 ns: an interrupt between the two readings
  Calibration calibration(first);
  double before = 0;
  for (const Instant interval : {Instant(1ms), Instant(10ms), Instant(1s)}) {
    machine.run(interval);
    CHECK(calibration.compare(machine.reading()) == 0ns);
    const double error = errorOf(calibration, machine);
    if (before != 0) CHECK(error < before / 2);
    before = error;
  }
  CHECK(before < 1);
}

TEST_CASE("the rate follows a clock that time synchronisation slows down", "[calibration]") {
  Machine machine;
  Calibration calibration(machine.reading());
  for (int i = 0; i < 10; ++i) {
    machine.run(1000s);
    CHECK(calibration.compare(machine.reading()) == 0ns);
  }
  machine.ticksPerNanosecond *= 1.0005;
  for (int i = 0; i < 10; ++i) {
    machine.run(1000s);
    CHECK(calibration.compare(machine.reading()) == 0ns);
  }
  CHECK(errorOf(calibration, machine) < 1);
}

TEST_CASE("a counter that jumps ahead is reported, and calibrated again", "[calibration]") {
  Machine machine;
  Calibration calibration(machine.reading());
  machine.run(1s);
  calibration.compare(machine.reading());
  machine.counter += 7e9 * machine.ticksPerNanosecond;  // a suspended machine
  machine.run(1s);
  const Instant jump = calibration.compare(machine.reading());
  CHECK(jump > 7s - 1us);
  CHECK(jump < 7s + 1us);
  CHECK(calibration.rate() != 0);  // the rate is the old one until a new one is known
  machine.ticksPerNanosecond = 1.9;  // another processor
  CHECK(calibration.trusted());
  machine.run(10ms);
  CHECK(calibration.compare(machine.reading()) != 0ns);
  machine.run(10ms);
  CHECK(calibration.trusted());
}

TEST_CASE("a counter that goes backwards is reported", "[calibration]") {
  Machine machine;
  Calibration calibration(machine.reading());
  machine.run(1s);
  calibration.compare(machine.reading());
  machine.counter -= 5e9;
  machine.run(1s);
  CHECK(calibration.compare(machine.reading()) == -1s);
}

TEST_CASE("a counter that jumps three times is not trusted any more", "[calibration]") {
  Machine machine;
  Calibration calibration(machine.reading());
  machine.run(1s);
  calibration.compare(machine.reading());
  for (int jumps = 1; jumps <= 3; ++jumps) {
    CHECK(calibration.trusted());
    machine.counter += 1e10;
    machine.run(1s);
    CHECK(calibration.compare(machine.reading()) > 0ns);
  }
  CHECK_FALSE(calibration.trusted());
  CHECK(calibration.rate() == 0);
  machine.run(1s);
  CHECK(calibration.compare(machine.reading()) == 0ns);
  CHECK(calibration.rate() == 0);
}

TEST_CASE("a duration of years is not cut off", "[calibration]") {
  const std::uint64_t rate = (std::uint64_t{1} << 32) / 4 * 3;  // 0.75 ns
  CHECK(Calibration::duration(4, rate) == 3ns);
  CHECK(Calibration::duration(std::uint64_t{1} << 62, rate) ==
        Instant(static_cast<std::int64_t>((std::uint64_t{1} << 60) * 3)));
  const std::uint64_t slow = std::uint64_t{41} << 32;  // 24 MHz
  CHECK(Calibration::duration(1'000'000'007, slow) == Instant(41'000'000'287));
}
