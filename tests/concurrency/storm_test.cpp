#include "support/storm.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "support/catch.hpp"

// A short form of what the program `storm` does for any length; CTest runs it under the sanitizers,
// too. Everything that can go wrong is in Report::failures, with the seed that did it.

namespace {

storm::Report brave(const storm::Options& options) {
  storm::Report report = storm::run(options);
  INFO(storm::describe(options, report));
  CHECK(report.failures.empty());
  CHECK(report.operations == options.operations);
  CHECK(report.calls > options.operations / 2);
  return report;
}

std::uint64_t ends(const storm::Report& report, storm::End end) {
  return report.ends[static_cast<std::size_t>(end)];
}

}  // namespace

TEST_CASE("a storm of calls never exceeds a fixed limit, and often reaches it") {
  const auto report = brave({.seed = 11, .operations = 40'000, .phase = storm::Phase{}});
  CHECK(report.saturated == report.bounded);
  for (const auto end : {storm::End::executed, storm::End::failed, storm::End::rejected,
                         storm::End::timedOut, storm::End::cancelled, storm::End::invalid}) {
    INFO(static_cast<int>(end));
    CHECK(ends(report, end) > 0);
  }
  CHECK(ends(report, storm::End::drained) == 0);
}

TEST_CASE("a storm with limits that change keeps its books and its permits") {
  brave({.seed = 12, .operations = 40'000, .phase = storm::Phase{.resizes = true}});
}

TEST_CASE("a storm with drains and resumes keeps its books and its permits") {
  const auto report =
      brave({.seed = 13, .operations = 40'000, .phase = storm::Phase{.drains = true}});
  CHECK(report.drains > 0);
  CHECK(ends(report, storm::End::drained) > 0);
}

TEST_CASE("a storm with switches of the mode loses no permit") {
  brave({.seed = 14, .operations = 30'000, .phase = storm::Phase{.observes = true}});
  brave({.seed = 15,
         .operations = 30'000,
         .phase = storm::Phase{.resizes = true, .observes = true, .offs = true, .drains = true}});
}

TEST_CASE("a storm in which bulkheads are destroyed completes every call once") {
  const auto report = brave(
      {.seed = 16, .operations = 40'000, .phase = storm::Phase{.resizes = true, .replaces = true}});
  CHECK(report.replaced > 0);
}

TEST_CASE("a storm whose context goes first completes or destroys every call once") {
  brave({.seed = 17,
         .operations = 40'000,
         .roundSize = 4'000,
         .phase = storm::Phase{.drains = true, .abandons = true}});
}

TEST_CASE("a storm of everything, on bulkheads and on semaphores") {
  brave({.seed = 18, .operations = 40'000, .semaphores = false});
  brave({.seed = 19, .operations = 40'000, .bulkheads = false});
}
