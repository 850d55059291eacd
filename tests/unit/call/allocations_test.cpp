// Counts the heap allocations of a call.

#include <bulwark/bulkhead.hpp>
#include <bulwark/circuit_breaker.hpp>
#include <bulwark/detail/limiter/limiter.hpp>
#include <bulwark/detail/runtime/timed_host.hpp>
#include <bulwark/detail/telemetry/statistics.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/injection.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(post.hpp)

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace {

// Counts all allocations of this thread from here on.
const injection::Armed counting;
const std::size_t& allocations = injection::Plan::count;

// The type deduced by `Bulkhead b{io, {...}}`.
using ContextBulkhead = bulwark::Bulkhead<net::io_context::executor_type, ManualClock>;
using ContextSemaphore = bulwark::SemaphoreBulkhead<net::io_context::executor_type, ManualClock>;

constexpr int warmUp = 100;
constexpr int measured = 10'000;

/// Starts each call from the handler of the previous one: `warmUp` calls first, then `measured`
/// calls whose allocations it counts.
template <typename Start>
class Stream {
 public:
  explicit Stream(Start start) : start_(start) {}

  /// Every handler calls this.
  void next() {
    if (done_ == warmUp) before_ = allocations;
    if (done_ == warmUp + measured) {
      counted_ = allocations - before_;
      return;
    }
    ++done_;
    start_(*this);
  }

  std::uint64_t run(net::io_context& io) {
    net::post(io.get_executor(), [this] { next(); });
    settle(io);
    REQUIRE(done_ == warmUp + measured);
    return counted_;
  }

 private:
  Start start_;
  int done_ = 0;
  std::uint64_t before_ = 0;
  std::uint64_t counted_ = UINT64_MAX;
};

template <typename F>
std::uint64_t allocationsOf(F&& fn) {
  const auto before = allocations;
  fn();
  return allocations - before;
}

}  // namespace

TEST_CASE("the counter counts allocations", "[allocations]") {
  CHECK(allocationsOf([] { delete new int(1); }) == 1);
  CHECK(allocationsOf([] {}) == 0);
}

TEST_CASE("an idle bulkhead is one block of 576 bytes", "[allocations]") {
  using State = bulwark::detail::TimedHost<net::io_context::executor_type,
                                           std::chrono::steady_clock, bulwark::detail::Limiter>;
  // With the sizes that the comment in limiter.hpp assumes.
  if constexpr (sizeof(void*) == 8 && sizeof(std::mutex) == 40 && sizeof(std::string) == 32) {
    CHECK(sizeof(State) == 576);
  }
  Stage stage;
  const ContextBulkhead first{stage.io, {.name = "db"}};  // creates what the context needs
  const auto before = allocations;
  const ContextBulkhead bulkhead{stage.io, {.name = "db"}};
  CHECK(allocations - before == 1);
}

TEST_CASE("a steady stream of calls with a callback does no heap allocation", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db"}};
  Stream stream([&](auto& s) { bulkhead.execute([] {}, [&s](std::exception_ptr) { s.next(); }); });
  CHECK(stream.run(stage.io) == 0);
  CHECK(bulkhead.stats().executed == warmUp + measured);
}

TEST_CASE("a steady stream of calls with a result does no heap allocation", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db"}};
  Stream stream([&](auto& s) {
    bulkhead.execute([] { return 1.5; }, {.permits = 2},
                     [&s](std::exception_ptr, double) { s.next(); });
  });
  CHECK(stream.run(stage.io) == 0);
}

TEST_CASE("a steady stream of acquired permits does no heap allocation", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db"}};
  Stream stream([&](auto& s) { bulkhead.acquire([&s](net::error_code, Permit) { s.next(); }); });
  CHECK(stream.run(stage.io) == 0);
}

TEST_CASE("tryAcquire does no heap allocation, granted or refused", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  ContextSemaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  int granted = 0;
  const auto tries = [&](auto& owner) {
    for (int i = 0; i < 1000; ++i) {
      const Permit permit = owner.tryAcquire();
      const Permit refused = owner.tryAcquire();
      granted += permit && !refused ? 1 : 0;
    }
  };
  tries(bulkhead);  // creates this thread's histogram
  tries(semaphore);
  CHECK(allocationsOf([&] { tries(bulkhead); }) == 0);
  CHECK(allocationsOf([&] { tries(semaphore); }) == 0);
  CHECK(granted == 4000);
  Ending<> waiting;
  Permit hold = bulkhead.tryAcquire();
  bulkhead.acquire(waiting.permitted());
  std::uint64_t refusals = 0;
  const auto count = allocationsOf([&] {
    for (int i = 0; i < 1000; ++i) refusals += bulkhead.tryAcquire() ? 0 : 1;
  });
  CHECK(count == 0);
  CHECK(refusals == 1000);
}

TEST_CASE("a semaphore's blocking acquire and withPermit do no heap allocation", "[allocations]") {
  Stage stage;
  ContextSemaphore semaphore{stage.io, {.name = "disk"}};
  int runs = 0;
  const auto use = [&] {
    for (int i = 0; i < 1000; ++i) {
      semaphore.withPermit([&] { ++runs; });
      const Permit permit = semaphore.acquire();
    }
  };
  use();
  CHECK(allocationsOf(use) == 0);
  CHECK(runs == 2000);
}

TEST_CASE("a queued call costs at most one heap allocation", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  SECTION("a callable") {
    // Each call is made by the previous one, which holds the only permit.
    struct Chain {
      ContextBulkhead& bulkhead;
      int left;
      std::uint64_t before = 0;
      void step() {
        if (--left == measured) before = allocations;
        if (left == 0) return;
        bulkhead.execute([this] { step(); }, [](std::exception_ptr) {});
      }
    } chain{bulkhead, measured + warmUp};
    bulkhead.execute([&] { chain.step(); }, [](std::exception_ptr) {});
    stage.settle();
    CHECK(chain.left == 0);
    CHECK(allocations - chain.before <= measured);
    CHECK(bulkhead.stats().waitTime.count() == measured + warmUp - 1);
  }
  SECTION("a permit") {
    Permit hold = bulkhead.tryAcquire();
    Stream stream([&](auto& s) {
      bulkhead.acquire([&](net::error_code, Permit permit) {
        hold = std::move(permit);
        s.next();
      });
      hold.release();
    });
    CHECK(stream.run(stage.io) <= measured);
    CHECK(bulkhead.stats().waitTime.count() == measured + warmUp);
  }
}

TEST_CASE("queueing costs one heap allocation where no memory can be recycled", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 2000}};
  Permit hold = bulkhead.tryAcquire();
  const auto queue = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      bulkhead.execute([] {}, [](std::exception_ptr) {});
      bulkhead.acquire([](net::error_code, Permit) {});
    }
  };
  queue(10);  // creates the timer and the histogram
  CHECK(allocationsOf([&] { queue(500); }) <= 1000);
  CHECK(bulkhead.stats().queued == 1020);
  hold.release();
  stage.settle();
  CHECK(bulkhead.stats().executed == 1021);
}

TEST_CASE("a rejection costs no heap allocation beyond the post's own", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  SECTION("a stream, where the post recycles memory: none") {
    Stream plain([&](auto& s) { bulkhead.execute([] {}, [&s](std::exception_ptr) { s.next(); }); });
    CHECK(plain.run(stage.io) == 0);
    Stream coroutine([&](auto& s) {
      bulkhead.execute([]() -> net::awaitable<int> { co_return 1; },
                       [&s](std::exception_ptr, int) { s.next(); });
    });
    CHECK(coroutine.run(stage.io) == 0);
    Stream permit([&](auto& s) { bulkhead.acquire([&s](net::error_code, Permit) { s.next(); }); });
    CHECK(permit.run(stage.io) == 0);
    CHECK(bulkhead.stats().rejected == 3 * (warmUp + measured));
  }
  SECTION("from outside: one") {
    const auto reject = [&] {
      for (int i = 0; i < 1000; ++i) {
        bulkhead.execute([] {}, [](std::exception_ptr) {});
        bulkhead.execute([]() -> net::awaitable<int> { co_return 1; },
                         [](std::exception_ptr, int) {});
        bulkhead.acquire([](net::error_code, Permit) {});
      }
    };
    reject();
    stage.settle();
    CHECK(allocationsOf(reject) <= 3000);
    stage.settle();
    CHECK(bulkhead.stats().rejected == 6000);
  }
  SECTION("the same while draining") {
    bulkhead.drain([](net::error_code) {});
    Stream stream(
        [&](auto& s) { bulkhead.execute([] {}, [&s](std::exception_ptr) { s.next(); }); });
    CHECK(stream.run(stage.io) == 0);
  }
}

TEST_CASE("the error of a rejection is created once and shared", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second;
  bulkhead.execute([] {}, first.plain());
  bulkhead.execute([] {}, second.plain());
  stage.settle();
  CHECK(first.error);
  CHECK(first.error == second.error);
}

TEST_CASE("reading the cause of an error does no heap allocation", "[allocations]") {
  const auto rejected = std::make_exception_ptr(bulwark::BulkheadRejectedError("db"));
  const auto aborted = std::make_exception_ptr(net::system_error(net::error::operation_aborted));
  net::error_code code;
  CHECK(allocationsOf([&] { code = bulwark::errorCodeOf(rejected); }) == 0);
  CHECK(code == Errc::queueFull);
  CHECK(allocationsOf([&] { code = bulwark::errorCodeOf(aborted); }) == 0);
  CHECK(code == net::error::operation_aborted);
}

TEST_CASE("memory use returns to its base after many calls", "[allocations]") {
  Stage stage;
  ContextBulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  net::cancellation_signal signal;
  int handled = 0;
  const auto round = [&] {
    Permit hold = bulkhead.tryAcquire();
    bulkhead.acquire(
        net::bind_cancellation_slot(signal.slot(), [&](net::error_code, Permit) { ++handled; }));
    hold.release();
    stage.settle();
  };
  for (int i = 0; i < warmUp; ++i) round();
  const auto before = injection::blocksAlive();
  for (int i = 0; i < 1000; ++i) round();
  CHECK(injection::blocksAlive() == before);  // a long-lived signal accumulates nothing
  CHECK(handled == warmUp + 1000);
}

TEST_CASE("a reset zeroes the statistics even when it finds no memory", "[allocations]") {
  bulwark::detail::Statistics statistics;
  using bulwark::detail::Count;
  statistics.ensureWaitHistogram();
  statistics.recordWait(1ms);
  statistics.recordExecution(Count::executed, 2ms);
  injection::Plan::failing = allocations;
  injection::Plan::onwards = true;
  statistics.reset();
  statistics.count(Count::rejected);  // when this thread's counters are brought up to date
  injection::Plan::onwards = false;
  injection::Plan::failing = SIZE_MAX;
  const auto snapshot = statistics.read();
  CHECK(snapshot[Count::executed] == 0);
  CHECK(snapshot[Count::rejected] == 1);
  CHECK(snapshot.execution.count() == 0);
  CHECK(snapshot.wait.count() == 0);
}

TEST_CASE("a state change of a breaker and its notification do no heap allocation",
          "[allocations]") {
  Stage stage;
  std::size_t changes = 0;
  bulwark::CircuitBreaker<net::any_io_executor, ManualClock> breaker(
      stage.io, {.onStateChange = [&](auto, auto) { ++changes; }});
  CHECK(allocationsOf([&] {
          for (int i = 0; i < 1000; ++i) {
            breaker.forceOpen();
            breaker.reset();
          }
        }) == 0);
  CHECK(changes == 2000);
}
