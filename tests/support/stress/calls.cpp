#include "support/stress/calls.hpp"

// Every way to make a call: plain, awaitable, bare permits, with a cancellation slot, blocking.

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(awaitable.hpp)
#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(post.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

#include "support/stress/targets.hpp"

namespace stress {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

net::awaitable<std::size_t> coroutine(Permits& permits, Call& call, std::size_t hops) {
  const Inside inside(permits, *call.generation, call.weight);
  const auto executor = co_await net::this_coro::executor;
  for (std::size_t i = 0; i < hops; ++i) co_await net::post(executor, net::use_awaitable);
  if (call.throws) throw Thrown();
  co_return call.weight;
}

}  // namespace

template <typename Target>
Call& Calls<Target>::newCall(Driver& driver) {
  Dice& dice = driver.dice;
  static constexpr std::array<nanoseconds, 8> timeouts{-1ns, 0ns,   1ns,  1us,
                                                       20us, 300us, 10ms, hour};
  std::optional<nanoseconds> timeout;
  if (!dice.oneIn(3)) timeout = timeouts[dice.below(timeouts.size())];
  if (dice.oneIn(16)) timeout = bulwark::noTimeout;
  const std::size_t weight = dice.oneIn(200) ? dice.of<std::size_t>({0, 1'000'000})
                             : dice.oneIn(3) ? dice.from(1, 3)
                                             : 1;
  Call& call = driver.calls.emplace_back(outcomes_, weight, timeout);
  call.throws = dice.oneIn(8);
  return call;
}

template <typename Target>
Ask Calls<Target>::begin(Call& call, Generation& generation) {
  call.generation = &generation;
  generation.started.fetch_add(1, relaxed);
  call.begun = std::chrono::steady_clock::now();
  return {.timeout = call.timeout, .permits = call.weight};
}

template <typename Target>
void Calls<Target>::execute(Call& call) {
  start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
    if (call.throws) {
      Target::execute(
          bulkhead, [this, &call]() -> void { work(call); }, ask, OnExecuted{Notice(call)});
    } else {
      Target::execute(
          bulkhead, [this, &call] { return work(call); }, ask, OnExecuted{Notice(call)});
    }
  });
}

template <typename Target>
void Calls<Target>::executeAwaitable(Call& call, std::size_t hops) {
  start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
    Target::execute(
        bulkhead,
        [this, &call, hops] {
          call.ran = true;
          return coroutine(permits_, call, hops);
        },
        ask, OnExecuted{Notice(call)});
  });
}

template <typename Target>
std::size_t Calls<Target>::work(Call& call) {
  call.ran = true;
  const Inside inside(permits_, *call.generation, call.weight);
  if (call.throws) throw Thrown();
  return call.weight;
}

template <typename Target>
void Calls<Target>::acquire(Call& call) {
  start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
    Target::acquire(bulkhead, ask, OnAcquired{Notice(call)});
  });
}

template <typename Target>
void Calls<Target>::inSession(Driver& driver) {
  Dice& dice = driver.dice;
  Session* session = sessions_.take();
  if (session == nullptr) return execute(newCall(driver));
  Call& call = newCall(driver);
  call.session = session;
  const std::size_t kind = dice.below(phase_.drains ? 5 : 4);
  const std::size_t hops = dice.below(3);
  const std::size_t emits = dice.below(3);
  const auto type = someType(dice);
  outstanding_.begin();
  net::post(session->strand, [this, &call, kind, hops, emits, type] {
    Session& own = *call.session;
    own.begin();
    const auto bound = [&](auto handler) {
      return net::bind_executor(own.strand,
                                net::bind_cancellation_slot(own.signal.slot(), std::move(handler)));
    };
    launch(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      if (kind == 0) {
        Target::execute(
            bulkhead, [this, &call] { return work(call); }, ask, bound(OnExecuted{Notice(call)}));
      } else if (kind == 1) {
        Target::execute(
            bulkhead,
            [this, &call, hops] {
              call.ran = true;
              return coroutine(permits_, call, hops);
            },
            ask, bound(OnExecuted{Notice(call)}));
      } else if (kind < 4) {
        Target::acquire(bulkhead, ask, bound(OnAcquired{Notice(call)}));
      } else {
        beginDrain(call);
        bulkhead.drain(ask.timeout.value_or(bulwark::noTimeout), bound(OnDrained{Notice(call)}));
      }
    });
    if (emits == 1) own.emit(type);
  });
  if (emits == 2) session->postEmit(type);
}

template <typename Target>
void Calls<Target>::emit(Dice& dice) {
  sessions_.any(dice).postEmit(someType(dice));
}

template <typename Target>
void Calls<Target>::tryAcquire(Driver& driver) {
  Dice& dice = driver.dice;
  const std::size_t weight = dice.oneIn(50)  ? dice.of<std::size_t>({0, 1'000'000})
                             : dice.oneIn(3) ? dice.from(1, 3)
                                             : 1;
  const bool holds = dice.oneIn(2);
  generations_.use([&](Bulkhead& bulkhead, Generation& generation) {
    bulwark::Permit permit = bulkhead.tryAcquire(weight);
    if (!permit) return;  // not counted as a call
    generation.started.fetch_add(1, relaxed);
    if (permit.count() != weight) outcomes_.fail("a permit of another weight");
    permits_.enter(generation, weight);
    if (holds) return permits_.hold({std::move(permit), &generation});
    permits_.giveBack({std::move(permit), &generation});
  });
}

template <typename Target>
void Calls<Target>::block(Driver& driver) {
  if constexpr (Target::blocks) {
    Dice& dice = driver.dice;
    Call& call = newCall(driver);
    call.timeout = dice.of<nanoseconds>({0ns, 1us, 20us, 100us});
    const bool works = dice.oneIn(2);
    const bool holds = dice.oneIn(3);
    outstanding_.begin();
    generations_.use([&](Bulkhead& semaphore, Generation& generation) {
      const Ask ask = begin(call, generation);
      try {
        if (works) {
          const std::size_t value =
              semaphore.withPermit([&] { return work(call); }, Target::options(ask));
          if (value != call.weight) outcomes_.fail("a result was lost");
          outcomes_.finish(call, End::executed);
        } else {
          bulwark::Permit permit = semaphore.acquire(Target::options(ask));
          if (permit.count() != call.weight) outcomes_.fail("a permit of another weight");
          permits_.enter(generation, call.weight);
          Held held{std::move(permit), &generation};
          if (holds) {
            permits_.hold(std::move(held));
          } else {
            permits_.giveBack(std::move(held));
          }
          outcomes_.complete(call);
        }
      } catch (...) {
        outcomes_.executed(call, std::current_exception());
      }
    });
  }
}

template <typename Target>
void Calls<Target>::drain(Driver& driver) {
  Call& call = newCall(driver);
  start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
    beginDrain(call);
    if (ask.timeout) {
      bulkhead.drain(*ask.timeout, OnDrained{Notice(call)});
    } else {
      bulkhead.drain(OnDrained{Notice(call)});
    }
  });
}

template <typename Target>
void Calls<Target>::beginDrain(Call& call) {
  call.drain = true;
  call.generation->started.fetch_sub(1, relaxed);  // not counted as a call
  call.generation->drained.store(true, relaxed);
}

template class Calls<PoolBulkhead>;
template class Calls<IoBulkhead>;
template class Calls<AnyBulkhead>;
template class Calls<AnySemaphore>;

}  // namespace stress
