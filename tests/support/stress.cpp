#include "support/stress.hpp"

// The stress test: rounds with random phases and targets, and the report about them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "support/stress/journal.hpp"
#include "support/stress/round.hpp"
#include "support/stress/targets.hpp"
#include "support/stress_parts.hpp"

namespace stress {
namespace {

Phase somePhase(Dice& dice) {
  Phase phase;
  phase.resizes = dice.oneIn(3);
  phase.observes = dice.oneIn(6);
  phase.offs = dice.oneIn(12);
  phase.drains = dice.oneIn(3);
  phase.resets = dice.oneIn(8);
  phase.replaces = dice.oneIn(3);
  phase.abandons = dice.oneIn(8);
  return phase;
}

}  // namespace

Report run(const Options& options) {
  Report report;
  Journal journal(fmt::format("seed {}", options.seed));
  Dice dice(options.seed);
  while (report.operations < options.operations && !journal.failed()) {
    const std::uint64_t operations =
        std::min(options.roundSize, options.operations - report.operations);
    const Phase phase = options.phase ? *options.phase : somePhase(dice);
    const std::uint64_t seed = dice.next();
    const auto round = [&]<typename Target>(std::type_identity<Target>) {
      Round<Target> one(options, phase, seed, operations, journal);
      one.run(report);
    };
    const bool semaphore = options.semaphores && (!options.bulkheads || dice.oneIn(3));
    const std::size_t kind = dice.below(4);
    if (semaphore) {
      round(std::type_identity<AnySemaphore>());
    } else if (kind == 0) {
      round(std::type_identity<PoolBulkhead>());
    } else if (kind == 1) {
      round(std::type_identity<IoBulkhead>());
    } else {
      round(std::type_identity<AnyBulkhead>());
    }
  }
  report.failures = journal.failures();
  return report;
}

std::string describe(const Options& options, const Report& report) {
  static constexpr std::array<const char*, endKinds> names{
      "executed", "failed", "rejected", "timed out", "cancelled", "drained", "invalid"};
  std::string text = fmt::format(
      "seed {}: {} operations in {} rounds by {} threads: {}\n"
      "  calls {}, drains {}, bulkheads destroyed in use {}, limit reached in {} of {} rounds\n"
      "  handlers saw",
      options.seed, report.operations, report.rounds, options.threads,
      report.failures.empty() ? "every invariant held" : "FAILED", report.calls, report.drains,
      report.replaced, report.saturated, report.bounded);
  for (std::size_t i = 0; i < endKinds; ++i) {
    text += fmt::format(" {} {},", names[i], report.ends[i]);
  }
  text += fmt::format(" destroyed with their context {}\n", report.abandoned);
  for (const std::string& failure : report.failures) text += "  " + failure + "\n";
  return text;
}

}  // namespace stress
