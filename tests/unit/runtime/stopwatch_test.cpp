#include <bulwark/detail/runtime/stopwatch.hpp>
#include <bulwark/stopwatch.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

using namespace std::chrono_literals;
using bulwark::detail::Instant;
using bulwark::detail::Stopwatch;
using bulwark::detail::Ticks;

namespace {

const auto begun = std::chrono::steady_clock::now();  // before any test

Ticks steadyTicks(std::uint64_t ns) { return Ticks{ns << 1 | 1}; }

}  // namespace

TEST_CASE("the stopwatch has one of three names", "[stopwatch]") {
  const std::string_view name = bulwark::stopwatchName();
  CHECK((name == "tsc" || name == "cntvct" || name == "steady_clock"));
}

TEST_CASE("a measurement by steady_clock is exact", "[stopwatch]") {
  CHECK(Stopwatch::between(steadyTicks(1'000), steadyTicks(3'500)) == 2'500ns);
  CHECK(Stopwatch::between(steadyTicks(0), steadyTicks(std::uint64_t{1} << 61)) ==
        Instant(std::int64_t{1} << 61));
}

TEST_CASE("a measurement ends by what it began with", "[stopwatch]") {
  const Ticks start = steadyTicks(1);
  CHECK((static_cast<std::uint64_t>(Stopwatch::again(start)) & 1) == 1);
}

TEST_CASE("a counter that goes backwards measures 0", "[stopwatch]") {
  Stopwatch::prepare();
  CHECK(Stopwatch::between(Ticks{1'000'000}, Ticks{999'998}) == 0ns);
  CHECK(Stopwatch::between(Ticks{1'000'000}, Ticks{2}) == 0ns);
}

TEST_CASE("no measurement is longer than the stopwatch has existed", "[stopwatch]") {
  Stopwatch::prepare();
  const Instant absurd = Stopwatch::between(Ticks{0}, Ticks{std::uint64_t{1} << 62});
  CHECK(absurd <= Instant(std::chrono::steady_clock::now() - begun));
}

TEST_CASE("counter and clock measure the same", "[stopwatch]") {
  // One measurement lies inside of the other, however long the thread is interrupted.
  Stopwatch::prepare();
  const auto runFor = [](Instant time) {
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < time) (void)Stopwatch::now();
  };
  runFor(2ms);  // calibrates
  const auto outer = std::chrono::steady_clock::now();
  const Ticks start = Stopwatch::now();
  const auto inner = std::chrono::steady_clock::now();
  runFor(2ms);
  const auto innerEnd = std::chrono::steady_clock::now();
  const Ticks end = Stopwatch::again(start);
  const auto outerEnd = std::chrono::steady_clock::now();
  const Instant measured = Stopwatch::between(start, end);
  CHECK(measured >= Instant(innerEnd - inner) * 999 / 1000);
  CHECK(measured <= Instant(outerEnd - outer) * 1001 / 1000);
}
