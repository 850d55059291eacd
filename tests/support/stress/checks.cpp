#include "support/stress/checks.hpp"

// The invariants: exact statistics, no permit too many or too few, every call ended once.

#include <bulwark/bulwark.hpp>

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/stress/settings.hpp"
#include "support/stress/targets.hpp"

namespace stress {

template <typename Target>
void Checks<Target>::look() {
  generations_.use([&](Bulkhead& bulkhead, Generation& generation) {
    std::array<std::uint64_t, endKinds> before{};
    for (std::size_t i = 0; i < endKinds; ++i) {
      before[i] = generation.seen(static_cast<End>(i), std::memory_order_acquire);
    }
    const Counters counters = Target::counters(bulkhead);
    const std::uint64_t started = generation.started.load(std::memory_order_acquire);
    if (phase_.bounded() && counters.active > generation.setup.limit)
      journal_.fail("a check: active above limit");
    if (counters.queued > generation.queueBound.load(relaxed))
      journal_.fail("a check: queue above its limit");
    if (counters.running > counters.active) journal_.fail("a check: more calls than permits");
    if (phase_.resets || phase_.offs) return;
    // Every call whose handler has run is counted.
    const auto seen = [&](End end) { return before[static_cast<std::size_t>(end)]; };
    const std::uint64_t failed = Target::blocks ? 0 : seen(End::failed);
    const std::uint64_t executed = seen(End::executed) + (Target::blocks ? seen(End::failed) : 0);
    if (counters.executed < executed || counters.failed < failed ||
        counters.rejected < seen(End::rejected) || counters.timedOut < seen(End::timedOut) ||
        counters.cancelled < seen(End::cancelled) || counters.drained < seen(End::drained)) {
      journal_.fail("a check: a handler ran before its call was counted");
    }
    if (counters.executed + counters.failed + counters.rejected + counters.timedOut +
            counters.cancelled + counters.drained + counters.queued >
        started) {
      journal_.fail("a check: more calls than were started");
    }
  });
}

template <typename Target>
void Checks<Target>::atTheEnd() {
  Generation& last = generations_.current();
  Bulkhead& bulkhead = generations_.bulkhead();
  bulkhead.resume();
  Target::configure(bulkhead, {.mode = bulwark::Mode::enforce});
  const Counters counters = Target::counters(bulkhead);
  const auto seen = [&](End end) { return last.seen(end, std::memory_order_acquire); };
  same("active", counters.active, 0);
  same("running", counters.running, 0);
  same("queued", counters.queued, 0);
  if (!phase_.resets && !phase_.offs) {
    const bool joint = Target::blocks;  // a semaphore counts both as released
    same("executed", counters.executed, seen(End::executed) + (joint ? seen(End::failed) : 0));
    same("failed", counters.failed, joint ? 0 : seen(End::failed));
    same("rejected", counters.rejected, seen(End::rejected));
    same("timed out", counters.timedOut, seen(End::timedOut));
    same("cancelled", counters.cancelled, seen(End::cancelled));
    same("drained", counters.drained, seen(End::drained));
    if (!joint) same("measured", counters.measured, counters.executed + counters.failed);
    same("submitted",
         counters.executed + counters.failed + counters.rejected + counters.timedOut +
             counters.cancelled + counters.drained,
         last.started.load() - seen(End::invalid));
  } else if (!phase_.resets) {
    // Calls in mode off are not counted, but every refusal is.
    same("rejected", counters.rejected, seen(End::rejected));
    same("timed out", counters.timedOut, seen(End::timedOut));
    same("cancelled", counters.cancelled, seen(End::cancelled));
    same("drained", counters.drained, seen(End::drained));
  }
  std::vector<bulwark::Permit> all;
  for (std::size_t i = 0; i < counters.limit; ++i) {
    all.push_back(bulkhead.tryAcquire());
    if (!all.back())
      journal_.fail(fmt::format("only {} of {} permits are free", i, counters.limit));
  }
  if (bulkhead.tryAcquire()) journal_.fail("one permit too many");
  same("active with all permits in use", Target::counters(bulkhead).active, counters.limit);
  all.clear();
  same("active in the end", Target::counters(bulkhead).active, 0);
}

template <typename Target>
void Checks<Target>::audit(const Call& call, Report& report) {
  const unsigned completions = call.completions.load();
  const unsigned drops = call.drops.load();
  const bool began = call.generation != nullptr;
  if (!began && journal_.failed()) return;
  if (completions + drops != 1) {
    journal_.fail(fmt::format("a call with {} completions, {} drops", completions, drops));
  }
  ++(call.drain ? report.drains : report.calls);
  report.abandoned += drops;
}

template <typename Target>
void Checks<Target>::audit(const Generation& generation, Report& report) {
  std::uint64_t ended = 0;
  for (std::size_t i = 0; i < endKinds; ++i) {
    const std::uint64_t n = generation.ends[i].load();
    ended += n;
    report.ends[i] += n;
  }
  if (!phase_.abandons) same("ends of all calls", ended, generation.started.load());
  same("inside in the end", generation.inside.load(), 0);
  if (!phase_.bounded()) return;
  ++report.bounded;
  if (generation.reached) ++report.saturated;
  if (generation.setup.limit == 1) {
    same("increments under a limit of 1", generation.alone, 2 * generation.entries.load());
  }
}

template <typename Target>
void Checks<Target>::same(const char* what, std::uint64_t library, std::uint64_t handlers) {
  if (library != handlers) {
    journal_.fail(fmt::format("{}: {} counted, {} expected", what, library, handlers));
  }
}

template class Checks<PoolBulkhead>;
template class Checks<IoBulkhead>;
template class Checks<AnyBulkhead>;
template class Checks<AnySemaphore>;

}  // namespace stress
