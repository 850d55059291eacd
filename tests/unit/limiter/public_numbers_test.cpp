#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/telemetry/histogram_merger.hpp>
#include <bulwark/detail/telemetry/histogram_recorder.hpp>
#include <bulwark/events.hpp>
#include <bulwark/histogram.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

// Numbers in the documentation, each tested from both sides. burst_test.cpp has those of bursts,
// mass_expiry_test.cpp those of timeout slices, and circuit_breaker_states_test.cpp those of a
// breaker.

using bulwark::detail::BucketLayout;
using std::chrono::nanoseconds;

namespace {

bulwark::HistogramSnapshot recorded(std::initializer_list<nanoseconds> values) {
  bulwark::detail::HistogramRecorder recorder;
  for (const nanoseconds value : values) recorder.recordExclusive(value);
  bulwark::detail::HistogramMerger merger;
  merger.add(recorder);
  return merger.snapshot();
}

}  // namespace

TEST_CASE("a histogram has 257 buckets, eight for every power of two", "[numbers]") {
  CHECK(BucketLayout::size == 257);
  for (std::uint64_t power = 1024; power <= std::uint64_t{1} << 40; power *= 2) {
    CHECK(BucketLayout::index(2 * power) - BucketLayout::index(power) == 8);
    // The first bucket of a power of two begins at that power.
    const auto upper = BucketLayout::upperBound(BucketLayout::index(power));
    CHECK(upper + 1 == power + power / 8);
  }
  CHECK(BucketLayout::index(959) == 0);
  CHECK(BucketLayout::index(960) == 1);
  CHECK(BucketLayout::index(std::uint64_t{14} << 38) == 256);
  CHECK(BucketLayout::index((std::uint64_t{14} << 38) - 1) == 255);
}

TEST_CASE("a percentile is the middle of its bucket, at most 6.25 % above its least value",
          "[numbers]") {
  // The value lies between a smaller and a larger one, so that the percentile is neither the
  // minimum nor the maximum.
  const auto middleOf = [](nanoseconds value) {
    return recorded({0ns, value, value, 2h}).percentile(50);
  };
  const nanoseconds power{std::int64_t{1} << 30};
  const nanoseconds width = power / 8;
  CHECK(middleOf(power) == power + width / 2 - 1ns);
  CHECK(middleOf(power + width - 1ns) == power + width / 2 - 1ns);
  CHECK(middleOf(power + width) == power + width + width / 2 - 1ns);
  CHECK(middleOf(power - 1ns) < power);
  const auto error = static_cast<double>((middleOf(power) - power).count());
  CHECK(error <= 0.0625 * static_cast<double>(power.count()));
  CHECK(error > 0.0624 * static_cast<double>(power.count()));
}

TEST_CASE("the backlog of an observer holds 4,096 events, and the next event is lost",
          "[numbers]") {
  struct Row {
    int calls;  // one event for each, and one for the drain
    std::uint64_t delivered, lost;
  };
  const Row row = GENERATE(Row{4094, 4095, 0}, Row{4095, 4096, 0}, Row{4096, 4096, 1});
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 5000}};
  const Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < row.calls; ++i) bulkhead.acquire([](net::error_code, Permit) {});
  std::uint64_t delivered = 0, lost = 0;
  bulkhead.setObserver([&](const bulwark::BulkheadEvent& event) {
    delivered += event.kind == bulwark::EventKind::drainStarted;
    delivered += event.kind == bulwark::EventKind::drained;
    lost += event.lost;
  });
  bulkhead.drain([](net::error_code) {});
  CHECK(delivered == row.delivered);
  CHECK(lost == row.lost);
}

TEMPLATE_TEST_CASE("2^52 - 1 permits can be held and not one more", "[numbers]", Bulkhead,
                   Semaphore) {
  CHECK(bulwark::maxPermits == 4'503'599'627'370'495);
  Stage stage;
  TestType bulkhead{stage.io, {.name = "b"}};
  if constexpr (std::is_same_v<TestType, Bulkhead>) {
    bulkhead.updateConfig({.maxConcurrent = bulwark::unlimited});
  } else {
    bulkhead.updateConfig({.permits = bulwark::unlimited});
  }
  CHECK_FALSE(bulkhead.tryAcquire(bulwark::maxPermits + 1));
  Permit one = bulkhead.tryAcquire();
  CHECK_FALSE(bulkhead.tryAcquire(bulwark::maxPermits));
  Permit others = bulkhead.tryAcquire(bulwark::maxPermits - 1);
  CHECK(others.count() == bulwark::maxPermits - 1);
  CHECK_FALSE(bulkhead.tryAcquire());
  one.release();
  CHECK(bulkhead.tryAcquire());
  others.release();
  CHECK(bulkhead.tryAcquire(bulwark::maxPermits).count() == bulwark::maxPermits);
}
