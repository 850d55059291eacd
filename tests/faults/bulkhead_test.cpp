// Every operation that can fail in a call of a bulkhead or a semaphore fails once, in turn.

#include <bulwark/bulkhead.hpp>
#include <bulwark/format.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include <cstdlib>
#include <string_view>
#include <thread>

#include "faults/world.hpp"

namespace {

using FlakyBulkhead = bulwark::Bulkhead<Flaky, ManualClock>;
using FlakySemaphore = bulwark::SemaphoreBulkhead<Flaky, ManualClock>;

class BulkheadWorld : public World {
 public:
  BulkheadWorld() : bulkhead(executor, {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s}) {}

  Counters counters() const override { return countersOf(bulkhead); }
  void kick() override { bulkhead.updateConfig({.maxConcurrent = 2}); }
  void checkLife() override {
    Permit all = bulkhead.tryAcquire(2);
    CHECK(all.count() == 2);
    Ending<> late, next;
    bulkhead.acquire({.queueTimeout = 1ms}, late.permitted());
    ManualClock::advance(1ms);
    ::settle(io);
    CHECK(late.is(Errc::queueTimeout));  // the timer expires
    bulkhead.execute([] {}, next.plain());
    all.release();
    ::settle(io);
    CHECK(next.fine());
  }

  FlakyBulkhead bulkhead;
  net::cancellation_signal signals[3];
};

constexpr auto terminal = net::cancellation_type::terminal;

const Scenario<BulkheadWorld> bulkheadScenarios[] = {
    {"calls that are granted at once",
     [](BulkheadWorld& w) {
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.call<AllocatingNote>([&](auto h) { w.bulkhead.execute(Valued(), std::move(h)); });
       w.settle();
       w.call([&](auto h) { w.bulkhead.execute(Throwing(), {.permits = 2}, std::move(h)); });
       w.settle();
       w.call<AllocatingNote>([&](auto h) { w.bulkhead.acquire(std::move(h)); });
       w.call([&](auto h) { w.bulkhead.acquire(std::move(h)); });
       w.settle();
     },
     Uses::posts},
    {"calls that are refused at once",
     [](BulkheadWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), {.queueTimeout = 0s}, std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.bulkhead.execute(Valued(), {.queueTimeout = 0s}, std::move(h)); });
       w.call([&](auto h) { w.bulkhead.acquire({.queueTimeout = 0s}, std::move(h)); });
       w.uncounted([&](auto h) { w.bulkhead.execute(Plain(), {.permits = 3}, std::move(h)); });
       w.uncounted([&](auto h) { w.bulkhead.acquire({.permits = 0}, std::move(h)); });
       w.settle();
     },
     Uses::posts},
    {"futures",
     [](BulkheadWorld& w) {
       w.future([&] { return w.bulkhead.execute(Plain(), net::use_future); });
       w.future([&] { return w.bulkhead.acquire(net::use_future); });
       w.settle();
       Permit hold = w.hold(w.bulkhead, 2);
       w.future([&] { return w.bulkhead.execute(Throwing(), net::use_future); });
       w.future([&] { return w.bulkhead.acquire(net::use_future); });
       hold.release();
       w.settle();
     },
     Uses::futures},
    {"coroutines that call",
     [](BulkheadWorld& w) {
       Permit hold = w.hold(w.bulkhead, 1);
       w.call([&](auto h) {
         net::co_spawn(
             w.io,
             [&]() -> net::awaitable<void> {
               co_await w.bulkhead.execute(Plain(), net::use_awaitable);
             },
             std::move(h));
       });
       w.settle();
       w.call([&](auto h) {
         net::co_spawn(
             w.io,
             [&]() -> net::awaitable<void> {
               const Permit permit =
                   co_await w.bulkhead.acquire({.permits = 2}, net::use_awaitable);
             },
             std::move(h));
       });
       w.settle();
       hold.release();
       w.settle();
     },
     Uses::callers},
    {"callables that return awaitables",
     [](BulkheadWorld& w) {
       w.call([&](auto h) { w.bulkhead.execute(Awaited(), std::move(h)); });
       w.settle();
       Permit hold = w.hold(w.bulkhead, 2);
       w.call<AllocatingNote>([&](auto h) { w.bulkhead.execute(Awaited(), std::move(h)); });
       w.call([&](auto h) { w.bulkhead.execute(Awaited(), {.queueTimeout = 1ms}, std::move(h)); });
       w.pass(1ms);
       hold.release();
       w.settle();
     },
     Uses::awaitables},
    {"queued calls, granted later",
     [](BulkheadWorld& w) {
       Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.bulkhead.execute(Valued(), {.permits = 2}, std::move(h)); });
       w.call<AllocatingNote>([&](auto h) { w.bulkhead.acquire(std::move(h)); });
       w.call([&](auto h) { w.bulkhead.execute(Throwing(), std::move(h)); });
       w.call([&](auto h) { w.bulkhead.acquire({.permits = 2}, std::move(h)); });
       w.may([&] { hold.release(); });
       w.settle();
     }},
    {"timeouts",
     [](BulkheadWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), {.queueTimeout = 2ms}, std::move(h)); });
       w.call<AllocatingNote>(
           [&](auto h) { w.bulkhead.acquire({.queueTimeout = 1ms}, std::move(h)); });
       w.call([&](auto h) { w.bulkhead.execute(Valued(), {.queueTimeout = 1ms}, std::move(h)); });
       w.pass(1ms);
       w.pass(1ms);
     }},
    {"a timeout after one whose timer could not be set",
     [](BulkheadWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.acquire({.queueTimeout = 1ms}, std::move(h)); });
       Plan::failing = SIZE_MAX;
       const Call& late =
           w.call([&](auto h) { w.bulkhead.acquire({.queueTimeout = 2ms}, std::move(h)); });
       w.pass(2ms);  // only the timer looks at the queue
       CHECK(late.code == Errc::queueTimeout);
     }},
    {"cancellation",
     [](BulkheadWorld& w) {
       Permit hold = w.hold(w.bulkhead, 2);
       const auto slotted = [&](int i, auto h) {
         return net::bind_cancellation_slot(w.signals[i].slot(), std::move(h));
       };
       w.call([&](auto h) { w.bulkhead.execute(Plain(), slotted(0, std::move(h))); });
       w.call<AllocatingNote>([&](auto h) { w.bulkhead.acquire(slotted(1, std::move(h))); });
       w.call([&](auto h) { w.bulkhead.execute(Valued(), slotted(2, std::move(h))); });
       w.may([&] { w.signals[0].emit(terminal); });
       w.may([&] { w.signals[1].emit(terminal); });
       hold.release();
       w.may([&] { w.signals[2].emit(terminal); });  // too late
       w.settle();
     }},
    {"drain and resume",
     [](BulkheadWorld& w) {
       Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.call([&](auto h) { w.bulkhead.acquire(std::move(h)); });
       w.uncounted([&](auto h) { w.bulkhead.drain(std::move(h)); });
       w.uncounted([&](auto h) { w.bulkhead.drain(1ms, std::move(h)); });
       w.uncounted([&](auto h) {
         w.bulkhead.drain(net::bind_cancellation_slot(w.signals[0].slot(), std::move(h)));
       });
       w.pass(1ms);
       w.may([&] { w.signals[0].emit(terminal); });
       hold.release();
       w.settle();
       w.uncounted([&](auto h) { w.bulkhead.drain(std::move(h)); });
       w.settle();
       w.bulkhead.resume();
     }},
    {"resizes and modes",
     [](BulkheadWorld& w) {
       const Permit hold = w.hold(w.bulkhead, 2);
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.call([&](auto h) { w.bulkhead.execute(Valued(), {.permits = 2}, std::move(h)); });
       w.may([&] { w.bulkhead.updateConfig({.maxConcurrent = 1}); });
       w.settle();
       w.call([&](auto h) { w.bulkhead.acquire(std::move(h)); });
       w.may([&] { w.bulkhead.updateConfig({.maxConcurrent = 3}); });
       w.settle();
       w.call([&](auto h) { w.bulkhead.acquire({.permits = 3}, std::move(h)); });
       w.may([&] { w.bulkhead.updateConfig({.mode = Mode::observe}); });
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.settle();
       w.bulkhead.updateConfig({.maxConcurrent = 2, .mode = Mode::enforce});
     }},
    {"callables and results that hold permits",
     [](BulkheadWorld& w) {
       w.callablesHold = true;
       auto one = std::make_shared<Permit>(w.hold(w.bulkhead, 1));
       auto two = std::make_shared<Permit>(w.hold(w.bulkhead, 1));
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.call([&](auto h) {
         w.bulkhead.execute(Valued{{}, std::move(one)}, {.queueTimeout = 1ms}, std::move(h));
       });
       one.reset();
       w.pass(1ms);  // destroys its callable, whose permit goes to the first call
       w.call([&](auto h) { w.bulkhead.execute(Valued{{}, std::move(two)}, std::move(h)); });
       two.reset();
       w.settle();
     }},
    {"statistics",
     [](BulkheadWorld& w) {
       w.call([&](auto h) { w.bulkhead.execute(Plain(), std::move(h)); });
       w.settle();
       w.may([&] { static_cast<void>(fmt::format("{}", w.bulkhead.stats())); });
       w.may([&] { static_cast<void>(w.bulkhead.config()); });
     }},
    {"construction", [](BulkheadWorld& w) {
       w.may([&] { FlakyBulkhead another(w.executor, {.name = std::string(100, 'x')}); });
     }}};

/// A semaphore of two permits.
class SemaphoreWorld : public World {
 public:
  SemaphoreWorld() : semaphore(executor, {.name = "disk", .permits = 2}) {}

  Counters counters() const override {
    const bulwark::SemaphoreStats s = semaphore.stats();
    return {.executed = s.released,
            .rejected = s.rejected,
            .timedOut = s.timedOut,
            .cancelled = s.cancelled,
            .drained = s.drained,
            .running = s.permits - s.available,
            .queued = s.waiting};
  }
  void kick() override { semaphore.updateConfig({.permits = 2}); }
  void checkLife() override { CHECK(semaphore.tryAcquire(2).count() == 2); }

  /// A blocking call, which ends in the function that starts it. Records how it ended.
  template <typename F>
  void blocking(F fn) {
    Call& made = calls.emplace_back();
    made.destroyed = 1;
    const Counters before = counters();
    try {
      const Armed armed;
      fn();
      made.note(net::error_code());
    } catch (...) {
      const auto error = std::current_exception();
      // A caller cannot distinguish a failure before the call was counted from the result of the
      // call.
      made.threw = sumOf(counters()) == sumOf(before);
      if (!made.threw) made.note(error);
    }
  }

  FlakySemaphore semaphore;

 private:
  static std::uint64_t sumOf(const Counters& counters) {
    std::uint64_t sum = 0;
    for (const auto end : endsOf(counters)) sum += end;
    return sum;
  }
};

const Scenario<SemaphoreWorld> semaphoreScenarios[] = {
    {"blocking calls that do not wait",
     [](SemaphoreWorld& w) {
       w.blocking([&] { const Permit permit = w.semaphore.acquire(); });
       w.blocking([&] { w.semaphore.withPermit(Plain()); });
       w.blocking([&] { static_cast<void>(w.semaphore.withPermit(Valued(), {.permits = 2})); });
     }},
    {"blocking calls that are refused",
     [](SemaphoreWorld& w) {
       const Permit hold = w.hold(w.semaphore, 2);
       w.blocking([&] { const Permit permit = w.semaphore.acquire({.timeout = 0s}); });
       w.blocking([&] { w.semaphore.withPermit(Plain(), {.timeout = 0s}); });
     }},
    {"blocking calls that wait",
     [](SemaphoreWorld& w) {
       // The thread waits without a time limit, unless it fails before it waits.
       w.semaphore.updateConfig({.acquireTimeout = bulwark::noTimeout});
       Permit hold = w.hold(w.semaphore, 2);
       std::atomic<bool> over = false;
       std::thread helper([&] {
         while (w.semaphore.stats().waiting == 0 && !over) std::this_thread::yield();
         hold.release();
       });
       w.blocking([&] { const Permit permit = w.semaphore.acquire(); });
       over = true;
       helper.join();
       w.blocking([&] {
         w.semaphore.withPermit([&] {
           try {
             w.semaphore.withPermit([] {}, {.permits = 2});  // would deadlock
           } catch (const std::exception&) {  // not counted as a call
           }
         });
       });
     }},
    {"asynchronous calls that do not wait",
     [](SemaphoreWorld& w) {
       w.call([&](auto h) { w.semaphore.acquire(std::move(h)); });
       w.call([&](auto h) { w.semaphore.withPermit(Plain(), std::move(h)); });
       w.settle();
     },
     Uses::posts},
    {"asynchronous calls that wait", [](SemaphoreWorld& w) {
       Permit hold = w.hold(w.semaphore, 2);
       w.call([&](auto h) { w.semaphore.withPermit(Valued(), std::move(h)); });
       w.call([&](auto h) { w.semaphore.acquire({.timeout = 1ms}, std::move(h)); });
       w.call<AllocatingNote>([&](auto h) { w.semaphore.acquire(std::move(h)); });
       w.pass(1ms);
       hold.release();
       w.settle();
       w.may([&] { static_cast<void>(fmt::format("{}", w.semaphore.stats())); });
     }}};

}  // namespace

TEST_CASE("a bulkhead loses no call and no permit when any step fails", "[faults]") {
  runAll(bulkheadScenarios);
}

TEST_CASE("a semaphore loses no call and no permit when any step fails", "[faults]") {
  runAll(semaphoreScenarios);
}
