#include "support/stress.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "support/catch.hpp"

// A short form of the stress test that the program `stress` runs for any length. CTest also runs it
// under the sanitizers. Report::failures names everything that went wrong, with the seed.

namespace {

stress::Report brave(const stress::Options& options) {
  stress::Report report = stress::run(options);
  INFO(stress::describe(options, report));
  CHECK(report.failures.empty());
  CHECK(report.operations == options.operations);
  CHECK(report.calls > options.operations / 2);
  return report;
}

std::uint64_t ends(const stress::Report& report, stress::End end) {
  return report.ends[static_cast<std::size_t>(end)];
}

}  // namespace

TEST_CASE("stress: calls never exceed a fixed limit, and often reach it") {
  const auto report = brave({.seed = 11, .operations = 40'000, .phase = stress::Phase{}});
  CHECK(report.saturated == report.bounded);
  for (const auto end : {stress::End::executed, stress::End::failed, stress::End::rejected,
                         stress::End::timedOut, stress::End::cancelled, stress::End::invalid}) {
    INFO(static_cast<int>(end));
    CHECK(ends(report, end) > 0);
  }
  CHECK(ends(report, stress::End::drained) == 0);
}

TEST_CASE("stress: no count and no permit is lost while limits change") {
  brave({.seed = 12, .operations = 40'000, .phase = stress::Phase{.resizes = true}});
}

TEST_CASE("stress: no count and no permit is lost during drains and resumes") {
  const auto report =
      brave({.seed = 13, .operations = 40'000, .phase = stress::Phase{.drains = true}});
  CHECK(report.drains > 0);
  CHECK(ends(report, stress::End::drained) > 0);
}

TEST_CASE("stress: no permit is lost while the mode changes") {
  brave({.seed = 14, .operations = 30'000, .phase = stress::Phase{.observes = true}});
  brave({.seed = 15,
         .operations = 30'000,
         .phase = stress::Phase{.resizes = true, .observes = true, .offs = true, .drains = true}});
}

TEST_CASE("stress: every call completes once when bulkheads are destroyed") {
  const auto report = brave({.seed = 16,
                             .operations = 40'000,
                             .phase = stress::Phase{.resizes = true, .replaces = true}});
  CHECK(report.replaced > 0);
}

TEST_CASE("stress: every call completes or is destroyed once when the context is destroyed first") {
  brave({.seed = 17,
         .operations = 40'000,
         .roundSize = 4'000,
         .phase = stress::Phase{.drains = true, .abandons = true}});
}

TEST_CASE("stress: no call and no permit is lost when all operations are mixed") {
  brave({.seed = 18, .operations = 40'000, .semaphores = false});
  brave({.seed = 19, .operations = 40'000, .bulkheads = false});
}
