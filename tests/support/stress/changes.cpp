#include "support/stress/changes.hpp"

// Limits and timeouts, modes, and destruction with calls outstanding.

#include <bulwark/bulwark.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "support/stress/outcomes.hpp"
#include "support/stress/settings.hpp"
#include "support/stress/targets.hpp"

namespace stress {

template <typename Target>
void Changes<Target>::resize(Dice& dice) {
  const std::lock_guard turn(resizeMutex_);
  generations_.use([&](Bulkhead& bulkhead, Generation& generation) {
    Change change;
    if (!dice.oneIn(3)) change.limit = dice.from(1, 8);
    if (dice.oneIn(3)) change.queueLimit = someQueueLimit(dice);
    if (dice.oneIn(3)) change.timeout = someTimeout(dice);
    // These bounds hold from here on, since an old limit may apply until updateConfig() returns.
    if (change.limit) raise(generation.bound, *change.limit);
    if (change.queueLimit) raise(generation.queueBound, *change.queueLimit);
    Target::configure(bulkhead, change);
    if (!change.limit || phase_.observes || phase_.offs) return;
    // The new limit holds once the surplus is released.
    bool settled = false;
    for (int i = 0; i < 8; ++i) {
      const std::size_t active = Target::counters(bulkhead).active;
      if (settled && active > *change.limit) journal_.fail("more active than the new limit");
      settled |= active <= *change.limit;
    }
  });
}

template <typename Target>
void Changes<Target>::switchMode(Dice& dice) {
  using bulwark::Mode;
  const Mode mode = dice.oneIn(2)                     ? Mode::enforce
                    : phase_.offs && dice.oneIn(2)    ? Mode::off
                    : phase_.observes || !phase_.offs ? Mode::observe
                                                      : Mode::off;
  generations_.use(
      [&](Bulkhead& bulkhead, Generation&) { Target::configure(bulkhead, {.mode = mode}); });
}

template <typename Target>
void Changes<Target>::resume() {
  generations_.use([](Bulkhead& bulkhead, Generation&) { bulkhead.resume(); });
}

template <typename Target>
void Changes<Target>::resetStatistics() {
  generations_.use([](Bulkhead& bulkhead, Generation&) { bulkhead.reset(); });
}

template <typename Target>
void Changes<Target>::replace(Driver& driver) {
  const std::uint64_t seed = driver.dice.next();
  if (driver.dice.oneIn(3)) {
    generations_.move();
  } else if (driver.dice.oneIn(2)) {
    generations_.replace(seed);
  } else {
    // From a callable of the bulkhead itself.
    Call& call = calls_.newCall(driver);
    calls_.start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      Target::execute(
          bulkhead,
          [this, &call, seed] {
            generations_.replace(seed);
            return calls_.work(call);
          },
          ask, OnExecuted{Notice(call)});
    });
  }
}

template class Changes<PoolBulkhead>;
template class Changes<IoBulkhead>;
template class Changes<AnyBulkhead>;
template class Changes<AnySemaphore>;

}  // namespace stress
