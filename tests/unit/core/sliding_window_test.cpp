#include <bulwark/circuit_breaker_config.hpp>
#include <bulwark/detail/core/sliding_window.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::CircuitBreakerConfig;
using bulwark::WindowKind;
using bulwark::detail::Instant;
using bulwark::detail::Record;
using bulwark::detail::SlidingWindow;
using bulwark::detail::Tally;
using bulwark::detail::record::counted;
using bulwark::detail::record::slowness;

namespace {

constexpr Record slow = counted | slowness;

CircuitBreakerConfig ofCalls(std::size_t size) { return {.slidingWindowSize = size}; }

CircuitBreakerConfig ofTime(Instant span) {
  return {.windowKind = WindowKind::time, .slidingWindowTime = span};
}

}  // namespace

TEST_CASE("a window of another kind is empty") {
  for (const bool toTime : {true, false}) {
    const auto from = toTime ? ofCalls(5) : ofTime(5s);
    const auto to = toTime ? ofTime(5s) : ofCalls(5);
    CHECK_FALSE(SlidingWindow::same(from, to));
    SlidingWindow window(from);
    const auto place = window.add(slow, 1s);
    SlidingWindow next(to);
    next.copyFrom(window);
    CHECK(next.tally(1s) == Tally{});
    CHECK(next.placeFor(window, place) == SlidingWindow::nowhere);
  }
}

TEST_CASE("two windows are the same if they hold the same, whatever the other kind has") {
  CircuitBreakerConfig a = ofCalls(5), b = ofCalls(5);
  b.slidingWindowTime = 1s;
  CHECK(SlidingWindow::same(a, b));
  b.slidingWindowSize = 6;
  CHECK_FALSE(SlidingWindow::same(a, b));
  a.windowKind = b.windowKind = WindowKind::time;
  CHECK_FALSE(SlidingWindow::same(a, b));
  b.slidingWindowTime = a.slidingWindowTime;
  CHECK(SlidingWindow::same(a, b));
}

TEST_CASE("a window of calls holds as many as it is large, and one of time any number") {
  CHECK(SlidingWindow(ofCalls(5)).capacity() == 5);
  CHECK(SlidingWindow(ofTime(5s)).capacity() == UINT64_MAX);
}
