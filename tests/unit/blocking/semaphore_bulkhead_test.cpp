#include <bulwark/detail/blocking/blocking_acquire.hpp>
#include <bulwark/detail/blocking/thread_waiter.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(use_future.hpp)

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using bulwark::SemaphoreConfig;
using bulwark::unlimited;

namespace {

/// The counters of a semaphore, comparable in one line.
struct Counts {
  std::size_t available = 0, waiting = 0;
  std::uint64_t acquired = 0, released = 0, rejected = 0, timedOut = 0, cancelled = 0, drained = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Counts& c) {
    return out << "available " << c.available << ", waiting " << c.waiting << ", acquired "
               << c.acquired << ", released " << c.released << ", rejected " << c.rejected
               << ", timedOut " << c.timedOut << ", cancelled " << c.cancelled << ", drained "
               << c.drained;
  }
};

template <typename S>
Counts countsOf(const S& semaphore) {
  const bulwark::SemaphoreStats s = semaphore.stats();
  return {s.available, s.waiting,  s.acquired,  s.released,
          s.rejected,  s.timedOut, s.cancelled, s.drained};
}

bool same(const SemaphoreConfig& a, const SemaphoreConfig& b) {
  return a.name == b.name && a.permits == b.permits && a.maxQueueSize == b.maxQueueSize &&
         a.acquireTimeout == b.acquireTimeout && a.mode == b.mode;
}

template <typename F>
net::error_code codeOf(F&& fn) {
  try {
    fn();
  } catch (...) {
    return bulwark::errorCodeOf(std::current_exception());
  }
  return {};
}

}  // namespace

// --- construction --------------------------------------------------------------------------------

TEST_CASE("a semaphore's configuration has the documented defaults", "[semaphore]") {
  const SemaphoreConfig config;
  CHECK(config.permits == 1);
  CHECK(config.maxQueueSize == unlimited);
  CHECK(config.acquireTimeout == 10s);
  CHECK(config.mode == Mode::enforce);
  const bulwark::AcquireOptions options;
  CHECK_FALSE(options.timeout);
  CHECK(options.permits == 1);
}

TEST_CASE("a semaphore is created on a context or an executor and deduces its type",
          "[semaphore]") {
  Stage stage;
  bulwark::SemaphoreBulkhead onContext{stage.io, {.name = "disk", .permits = 3}};
  bulwark::SemaphoreBulkhead onAny{net::any_io_executor(stage.io.get_executor()), {.name = "any"}};
  static_assert(std::is_same_v<decltype(onContext),
                               bulwark::SemaphoreBulkhead<net::io_context::executor_type>>);
  static_assert(std::is_same_v<decltype(onAny), bulwark::SemaphoreBulkhead<>>);
  static_assert(!std::is_copy_constructible_v<Semaphore>);
  static_assert(std::is_nothrow_move_constructible_v<Semaphore>);
  static_assert(std::is_nothrow_move_assignable_v<Semaphore>);
  static_assert(std::is_same_v<Semaphore::executor_type, net::any_io_executor>);
  CHECK(onContext.name() == "disk");
  CHECK((onContext.get_executor() == stage.io.get_executor()));
  CHECK(same(onContext.config(), {.name = "disk", .permits = 3}));
}

TEST_CASE("a semaphore's bad configuration names semaphore, field, value and rule", "[semaphore]") {
  Stage stage;
  const auto make = [&](SemaphoreConfig config) {
    return configErrorOf([&] { Semaphore semaphore(stage.io, config); });
  };
  const auto none = make({.name = "disk", .permits = 0});
  CHECK(none.bulkhead() == "disk");
  CHECK(none.field() == "permits");
  CHECK(none.value() == "0");
  CHECK_FALSE(none.rule().empty());
  const auto negative = make({.name = "disk", .acquireTimeout = -1ms});
  CHECK(negative.bulkhead() == "disk");
  CHECK(negative.field() == "acquireTimeout");
  CHECK(negative.value().find("-1") != std::string::npos);
}

// --- tryAcquire ----------------------------------------------------------------------------------

TEST_CASE("a semaphore's tryAcquire returns free permits and counts no refusal", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 3}};
  Permit two = semaphore.tryAcquire(2);
  CHECK(two.count() == 2);
  CHECK_FALSE(semaphore.tryAcquire(2));
  CHECK_FALSE(semaphore.tryAcquire(0));
  CHECK_FALSE(semaphore.tryAcquire(4));
  CHECK(countsOf(semaphore) == Counts{.available = 1, .acquired = 1});
  Permit one = semaphore.tryAcquire();
  CHECK(countsOf(semaphore) == Counts{.available = 0, .acquired = 2});
  CHECK_FALSE(semaphore.tryAcquire());
  two.release();
  CHECK(countsOf(semaphore) == Counts{.available = 2, .acquired = 2, .released = 1});
  semaphore.drain([](net::error_code) {});
  CHECK_FALSE(semaphore.tryAcquire());
  CHECK(semaphore.stats().drained == 0);
  CHECK(semaphore.stats().rejected == 0);
}

TEST_CASE("a semaphore's tryAcquire never overtakes a waiting call", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 2}};
  Permit hold = semaphore.tryAcquire();
  Ending<> wide;
  semaphore.acquire({.permits = 2}, wide.permitted());
  CHECK_FALSE(semaphore.tryAcquire());
  CHECK(countsOf(semaphore) == Counts{.available = 1, .waiting = 1, .acquired = 1});
  hold.release();
  stage.settle();
  CHECK(wide.permit.count() == 2);
}

// --- acquire, blocking ---------------------------------------------------------------------------

TEST_CASE("a blocking acquire returns at once when a permit is free and needs no executor",
          "[semaphore]") {
  Stage stage;
  stage.io.stop();
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 3}};
  Permit one = semaphore.acquire();
  Permit two = semaphore.acquire({.permits = 2});
  CHECK(one.count() == 1);
  CHECK(two.count() == 2);
  CHECK(countsOf(semaphore) == Counts{.available = 0, .acquired = 2});
  one.release();
  two.release();
  CHECK(countsOf(semaphore) == Counts{.available = 3, .acquired = 2, .released = 2});
  CHECK(semaphore.stats().waitTime.count() == 0);
}

TEST_CASE("a blocking acquire throws the errors that execute() reports", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1, .maxQueueSize = 1}};
  Permit hold = semaphore.tryAcquire();
  const auto catching = [](auto fn) {
    std::exception_ptr error;
    try {
      fn();
    } catch (...) {
      error = std::current_exception();
    }
    return error;
  };
  const auto noWait = catching([&] { Permit p = semaphore.acquire({.timeout = 0ns}); });
  CHECK(isExactly<bulwark::BulkheadRejectedError>(noWait));
  const auto passed = catching([&] { Permit p = semaphore.acquire({.timeout = -1s}); });
  CHECK(isExactly<bulwark::BulkheadRejectedError>(passed));
  Ending<> waiting;
  semaphore.acquire(waiting.permitted());
  const auto full = catching([&] { Permit p = semaphore.acquire(); });
  CHECK(isExactly<bulwark::BulkheadRejectedError>(full));
  for (std::size_t weight : {std::size_t{0}, std::size_t{2}, SIZE_MAX}) {
    const auto error =
        configErrorIn(catching([&] { Permit p = semaphore.acquire({.permits = weight}); }));
    CHECK(error.bulkhead() == "disk");
    CHECK(error.field() == "permits");
    CHECK(error.value() == std::to_string(weight));
  }
  semaphore.drain([](net::error_code) {});
  const auto draining = catching([&] { Permit p = semaphore.acquire(); });
  CHECK(isExactly<bulwark::BulkheadDrainingError>(draining));
  try {
    std::rethrow_exception(draining);
  } catch (const bulwark::BulkheadError& error) {
    CHECK(error.bulkhead() == "disk");
  }
  CHECK(countsOf(semaphore) == Counts{.available = 0, .acquired = 1, .rejected = 3, .drained = 2});
}

// --- acquire, asynchronous -----------------------------------------------------------------------

TEST_CASE("an asynchronous acquire of a semaphore waits in the queue", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 2}};
  Ending<> first, wide, last;
  semaphore.acquire(first.permitted());
  semaphore.acquire({.permits = 2}, wide.permitted());
  semaphore.acquire(last.permitted());
  CHECK(first.open());  // not inside acquire()
  stage.settle();
  CHECK((first.fine() && wide.open() && last.open()));
  CHECK(countsOf(semaphore) == Counts{.available = 1, .waiting = 2, .acquired = 1});
  ManualClock::advance(5ms);
  first.permit.release();
  CHECK(wide.open());  // not inside release()
  CHECK(countsOf(semaphore) == Counts{.available = 0, .waiting = 1, .acquired = 2, .released = 1});
  stage.settle();
  CHECK(wide.permit.count() == 2);
  wide.permit.release();
  stage.settle();
  CHECK(last.fine());
  CHECK(semaphore.stats().waitTime.count() == 2);
  CHECK(semaphore.stats().waitTime.sum() == 10ms);
  CHECK(semaphore.stats().executionTime.count() == 0);  // bare permits are not timed
}

TEST_CASE("an asynchronous acquire of a semaphore reports each cause", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io,
                      {.name = "disk", .permits = 2, .maxQueueSize = 2, .acquireTimeout = 1s}};
  Permit hold = semaphore.tryAcquire(2);
  net::cancellation_signal signal;
  Ending<> timedOut, cancelled, full, noWait, none, heavy, putOut, refused;
  semaphore.acquire(timedOut.permitted());
  semaphore.acquire(net::bind_cancellation_slot(signal.slot(), cancelled.permitted()));
  semaphore.acquire(full.permitted());
  semaphore.acquire({.timeout = 0ns}, noWait.permitted());
  semaphore.acquire({.permits = 0}, none.permitted());
  semaphore.acquire({.permits = 3}, heavy.permitted());
  signal.emit(net::cancellation_type::total);
  stage.advance(1s - 1ns);
  CHECK(timedOut.open());
  stage.advance(1ns);
  semaphore.acquire(putOut.permitted());
  semaphore.drain([](net::error_code) {});
  semaphore.acquire(refused.permitted());
  stage.settle();
  CHECK(timedOut.is(Errc::queueTimeout));
  CHECK(cancelled.is(net::error::operation_aborted));
  CHECK(full.is(Errc::queueFull));
  CHECK(noWait.is(Errc::queueFull));
  CHECK(none.is(net::error::invalid_argument));
  CHECK(heavy.is(net::error::invalid_argument));
  CHECK(putOut.is(Errc::draining));
  CHECK(refused.is(Errc::draining));
  CHECK(countsOf(semaphore) == Counts{.available = 0,
                                      .acquired = 1,
                                      .rejected = 2,
                                      .timedOut = 1,
                                      .cancelled = 1,
                                      .drained = 2});
}

TEST_CASE("a semaphore serves coroutines and futures", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  std::vector<int> order;
  int configErrors = 0;
  const auto worker = [&](int id) -> net::awaitable<void> {
    const Permit permit = co_await semaphore.acquire(net::use_awaitable);
    order.push_back(id);
    co_await semaphore.withPermit([] {}, {.timeout = 0ns, .permits = 2}, net::use_awaitable);
    order.push_back(99);
  };
  for (int id : {1, 2}) {
    net::co_spawn(
        stage.io, [&, id] { return worker(id); },
        [&](std::exception_ptr error) {
          configErrors += holds<bulwark::ConfigError>(error) ? 1 : 0;
        });
  }
  stage.settle();
  std::future<Permit> future = semaphore.acquire(net::use_future);
  stage.settle();
  CHECK(order == std::vector<int>{1, 2});
  CHECK(configErrors == 2);
  CHECK(future.get());
}

// --- withPermit, blocking ------------------------------------------------------------------------

TEST_CASE("withPermit runs its callable on this thread with a permit and returns its result",
          "[semaphore]") {
  Stage stage;
  stage.io.stop();
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 3}};
  CHECK(semaphore.withPermit([&] { return semaphore.stats().available; }) == 2);
  CHECK(semaphore.withPermit([&] { return semaphore.stats().available; }, {.permits = 3}) == 0);
  CHECK(semaphore.stats().available == 3);
  int variable = 1;
  static_assert(
      std::is_same_v<decltype(semaphore.withPermit([&]() -> int& { return variable; })), int&>);
  static_assert(std::is_void_v<decltype(semaphore.withPermit([] {}))>);
  semaphore.withPermit([&]() -> int& { return variable; }) = 5;
  CHECK(variable == 5);
  const auto owner =
      semaphore.withPermit([p = std::make_unique<int>(8)]() mutable { return std::move(p); });
  CHECK(*owner == 8);
  CHECK(countsOf(semaphore) == Counts{.available = 3, .acquired = 4, .released = 4});
}

TEST_CASE("withPermit releases the permit and rethrows what its callable throws", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  CHECK_THROWS_AS(semaphore.withPermit([]() -> int { throw std::out_of_range("x"); }),
                  std::out_of_range);
  CHECK_THROWS_AS(semaphore.withPermit([] { throw 1; }), int);
  CHECK(countsOf(semaphore) == Counts{.available = 1, .acquired = 2, .released = 2});
  CHECK(semaphore.stats().executionTime.count() == 2);
}

TEST_CASE("withPermit throws as acquire does without running its callable", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1, .maxQueueSize = 0}};
  bool ran = false;
  const auto fn = [&] { ran = true; };
  {
    Permit hold = semaphore.tryAcquire();
    CHECK(codeOf([&] { semaphore.withPermit(fn); }) == Errc::queueFull);
    CHECK(codeOf([&] { semaphore.withPermit(fn, {.timeout = 0ns}); }) == Errc::queueFull);
  }
  CHECK_THROWS_AS(semaphore.withPermit(fn, {.permits = 0}), bulwark::ConfigError);
  CHECK_THROWS_AS(semaphore.withPermit(fn, {.permits = 2}), bulwark::ConfigError);
  semaphore.drain([](net::error_code) {});
  CHECK_THROWS_AS(semaphore.withPermit(fn), bulwark::BulkheadDrainingError);
  CHECK_FALSE(ran);
  CHECK(semaphore.stats().executionTime.count() == 0);
}

TEST_CASE("withPermit measures how long its callable ran", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk"}};
  semaphore.withPermit([] { ManualClock::advance(3ms); });
  semaphore.withPermit([] { ManualClock::advance(5ms); }, [](std::exception_ptr) {});
  ManualClock::advance(1s);
  stage.settle();
  {
    Permit bare = semaphore.acquire();
    ManualClock::advance(1h);
  }
  const auto time = semaphore.stats().executionTime;
  CHECK(time.count() == 2);
  CHECK(time.min() == 3ms);
  CHECK(time.max() == 5ms);
}

TEST_CASE("a callable of withPermit may acquire from, resize, read and destroy its semaphore",
          "[semaphore]") {
  Stage stage;
  auto semaphore =
      std::make_unique<Semaphore>(stage.io, SemaphoreConfig{.name = "disk", .permits = 1});
  semaphore->withPermit([&] {
    CHECK_FALSE(semaphore->tryAcquire());
    semaphore->updateConfig({.permits = 2});
    CHECK(semaphore->tryAcquire());
    CHECK(semaphore->withPermit([] { return 1; }) == 1);
    semaphore.reset();  // destruction
  });
  SUCCEED();
}

// --- withPermit, asynchronous --------------------------------------------------------------------

TEST_CASE("withPermit with a token runs its callable on the executor", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  Gate gate(stage.io);
  Ending<> plain, coroutine, thrown, weightless;
  semaphore.withPermit([] { return 1; }, plain.valued());
  semaphore.withPermit(
      [&]() -> net::awaitable<int> {
        co_await gate.pass();
        co_return 2;
      },
      bulwark::AcquireOptions{.timeout = 1s}, coroutine.valued());
  semaphore.withPermit([]() -> int { throw std::out_of_range("x"); }, thrown.valued());
  semaphore.withPermit([] { return 1; }, bulwark::AcquireOptions{.permits = 2},
                       weightless.valued());
  CHECK((plain.open() && weightless.open()));
  stage.settle();
  CHECK(plain.value == 1);
  CHECK(coroutine.open());
  CHECK(holds<bulwark::ConfigError>(weightless.error));
  CHECK(countsOf(semaphore) == Counts{.available = 0, .waiting = 1, .acquired = 2, .released = 1});
  gate.open();
  stage.settle();
  CHECK(coroutine.value == 2);
  CHECK(isExactly<std::out_of_range>(thrown.error));
  CHECK(countsOf(semaphore) == Counts{.available = 1, .acquired = 3, .released = 3});
  CHECK(semaphore.stats().executionTime.count() == 3);
}

TEST_CASE("withPermit with a token reports refusals as execute() does", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1, .acquireTimeout = 1s}};
  Permit hold = semaphore.tryAcquire();
  Ending<> timedOut, drained;
  semaphore.withPermit([] {}, timedOut.plain());
  stage.advance(1s);
  semaphore.withPermit([] {}, drained.plain());
  semaphore.drain([](net::error_code) {});
  stage.settle();
  CHECK(isExactly<bulwark::BulkheadTimeoutError>(timedOut.error));
  CHECK(isExactly<bulwark::BulkheadDrainingError>(drained.error));
}

// --- lifecycle -----------------------------------------------------------------------------------

TEST_CASE("a semaphore drains and resumes like a bulkhead", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 2}};
  Permit hold = semaphore.acquire();
  Ending<> drain, within, aborted;
  semaphore.drain(drain.coded());
  semaphore.drain(1s, within.coded());
  stage.advance(1s);
  CHECK((drain.open() && within.is(net::error::timed_out)));
  hold.release();
  stage.settle();
  CHECK(drain.fine());
  semaphore.resume();
  Permit again = semaphore.acquire();
  semaphore.drain(aborted.coded());
  semaphore.resume();
  stage.settle();
  CHECK(aborted.is(net::error::operation_aborted));
}

TEST_CASE("a semaphore's limits can change while it is in use", "[semaphore]") {
  Stage stage;
  SemaphoreConfig expected{.name = "disk", .permits = 1};
  Semaphore semaphore{stage.io, expected};
  std::vector<Permit> permits;
  for (int i = 0; i < 6; ++i) {
    semaphore.acquire([&](net::error_code code, Permit p) {
      if (!code) permits.push_back(std::move(p));
    });
  }
  semaphore.updateConfig({.permits = 4});
  expected.permits = 4;
  CHECK(same(semaphore.config(), expected));
  stage.settle();
  CHECK(permits.size() == 4);
  semaphore.updateConfig({.permits = 2, .maxQueueSize = 2, .acquireTimeout = 1s});
  expected.permits = 2;
  expected.maxQueueSize = 2;
  expected.acquireTimeout = 1s;
  CHECK(same(semaphore.config(), expected));
  CHECK(semaphore.stats().permits == 2);
  CHECK(semaphore.stats().available == 0);  // not less, though four permits are held
  permits.resize(2);
  stage.settle();
  CHECK(permits.size() == 2);  // the surplus was not granted again
  CHECK(semaphore.stats().available == 0);
  permits.resize(1);
  stage.settle();
  CHECK(permits.size() == 2);
  CHECK(semaphore.stats().waiting == 1);
}

TEST_CASE("a bad update of a semaphore throws ConfigError and changes nothing", "[semaphore]") {
  Stage stage;
  const SemaphoreConfig before{.name = "disk", .permits = 2};
  Semaphore semaphore{stage.io, before};
  const auto zero =
      configErrorOf([&] { semaphore.updateConfig({.permits = 0, .maxQueueSize = 3}); });
  CHECK(zero.field() == "permits");
  const auto negative =
      configErrorOf([&] { semaphore.updateConfig({.permits = 3, .acquireTimeout = -1ns}); });
  CHECK(negative.field() == "acquireTimeout");
  CHECK(same(semaphore.config(), before));
}

TEST_CASE("a resize rejects the waiting acquire that can never fit", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 3}};
  Permit hold = semaphore.acquire();
  Ending<> impossible, behind;
  semaphore.acquire({.permits = 3}, impossible.permitted());
  semaphore.acquire(behind.permitted());
  semaphore.updateConfig({.permits = 2});
  stage.settle();
  CHECK(impossible.is(Errc::queueFull));
  CHECK(behind.fine());
}

TEST_CASE("a semaphore in mode observe admits every call and counts the calls above the limit",
          "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io,
                      {.name = "disk", .permits = 1, .maxQueueSize = 0, .mode = Mode::observe}};
  Permit one = semaphore.acquire();
  Permit two = semaphore.acquire();
  Permit heavy = semaphore.acquire({.permits = 9});
  CHECK(semaphore.withPermit([] { return 1; }) == 1);
  CHECK(heavy.count() == 9);
  CHECK(semaphore.stats().overLimit == 3);
  CHECK(semaphore.stats().available == 0);
  CHECK(semaphore.stats().acquired == 4);
  CHECK(codeOf([&] { Permit p = semaphore.acquire({.permits = 0}); }) ==
        net::error::invalid_argument);
  one.release();
  two.release();
  heavy.release();
  CHECK(semaphore.stats().available == 1);
  semaphore.drain([](net::error_code) {});
  CHECK_THROWS_AS(semaphore.withPermit([] {}), bulwark::BulkheadDrainingError);
}

TEST_CASE("a semaphore in mode off admits every call and counts none", "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io,
                      {.name = "disk", .permits = 1, .maxQueueSize = 0, .mode = Mode::off}};
  Permit one = semaphore.acquire();
  Permit two = semaphore.acquire({.permits = 5});
  CHECK(two.count() == 5);
  CHECK(semaphore.withPermit([] { return 1; }) == 1);
  Ending<> ending;
  semaphore.withPermit([] { return 2; }, ending.valued());
  stage.settle();
  CHECK(ending.value == 2);
  CHECK(countsOf(semaphore) == Counts{.available = 1});
  CHECK(semaphore.stats().executionTime.count() == 0);
  semaphore.updateConfig({.mode = Mode::enforce});
  one.release();
  two.release();
  CHECK(countsOf(semaphore) == Counts{.available = 1});
}

TEST_CASE("a switch to observe or off grants all calls that wait for a semaphore", "[semaphore]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 1}};
  Permit hold = semaphore.acquire();
  Ending<> endings[3];
  for (auto& ending : endings) semaphore.acquire(ending.permitted());
  semaphore.updateConfig({.mode = mode});
  CHECK(semaphore.stats().waiting == 0);
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
  CHECK(semaphore.stats().acquired == (mode == Mode::observe ? 4 : 1));
  for (auto& ending : endings) ending.permit.release();
  hold.release();
  CHECK(semaphore.stats().available == 1);
}

TEST_CASE("reset() zeroes a semaphore's counters and histograms and leaves its permits",
          "[semaphore]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "disk", .permits = 2}};
  Permit hold = semaphore.acquire();
  semaphore.withPermit([] { ManualClock::advance(1ms); });
  semaphore.reset();
  CHECK(countsOf(semaphore) == Counts{.available = 1});
  CHECK(semaphore.stats().executionTime.count() == 0);
  hold.release();
  CHECK(countsOf(semaphore) == Counts{.available = 2, .released = 1});
}

TEST_CASE("destroying a semaphore aborts waiting calls, and permits and running calls outlive it",
          "[semaphore]") {
  Stage stage;
  std::optional<Semaphore> semaphore(std::in_place, stage.io,
                                     SemaphoreConfig{.name = "disk", .permits = 2});
  Gate gate(stage.io);
  Permit hold = semaphore->acquire();
  Ending<> running, waiting;
  semaphore->withPermit([&] { return gate.pass(); }, running.plain());
  stage.settle();
  semaphore->acquire(waiting.permitted());
  semaphore.reset();
  stage.settle();
  CHECK(waiting.is(net::error::operation_aborted));
  CHECK(running.open());
  gate.open();
  stage.settle();
  CHECK(running.fine());
  hold.release();
  CHECK(stage.isIdle());
}

TEST_CASE("a moved semaphore keeps its permits and its waiting calls", "[semaphore]") {
  Stage stage;
  Semaphore first{stage.io, {.name = "disk"}};
  Permit hold = first.acquire();
  Ending<> waiting;
  first.acquire(waiting.permitted());
  Semaphore second(std::move(first));
  CHECK(second.stats().waiting == 1);
  hold.release();
  stage.settle();
  CHECK(waiting.fine());
}

TEST_CASE("a semaphore's permit that cannot be delivered counts as acquired and is released",
          "[semaphore]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::SemaphoreBulkhead<decltype(executor), ManualClock> semaphore(
      executor, {.name = "disk", .permits = 1});
  Permit hold = semaphore.acquire();
  Ending<> lost, next;
  semaphore.acquire(lost.permitted());
  semaphore.acquire(next.permitted());
  probe->dropOnly = probe->asked.load();
  hold.release();
  stage.settle();
  CHECK(lost.open());
  CHECK(next.fine());
  CHECK(countsOf(semaphore) == Counts{.available = 0, .acquired = 3, .released = 2});
  next.permit.release();
  probe->refuseFromNowOn();
  CHECK_THROWS_AS(semaphore.acquire(lost.permitted()), ExecutorProbe::Refused);
  CHECK(countsOf(semaphore) == Counts{.available = 1, .acquired = 3, .released = 3});
}

TEST_CASE("a nested withPermit that would wait for itself is refused at once", "[semaphore]") {
  Stage stage;
  Semaphore semaphore(stage.io,
                      {.name = "cpu", .permits = 2, .acquireTimeout = bulwark::noTimeout});
  Semaphore other(stage.io, {.name = "disk", .permits = 1});
  const auto nested = [&] { semaphore.withPermit([] {}, {.permits = 2}); };
  try {
    semaphore.withPermit([&] { other.withPermit(nested); });
    FAIL("it waited for itself");
  } catch (const net::system_error& error) {
    CHECK(error.code() == std::errc::resource_deadlock_would_occur);
    const std::string text = error.what();
    CHECK(text.find("\"cpu\"") != std::string::npos);
    CHECK(text.find("holds 1 of 2 permits and wants 2 more") != std::string::npos);
  }
  // The inner withPermit was not counted. The outer two failed with its exception.
  CHECK(countsOf(semaphore) == Counts{.available = 2, .acquired = 1, .released = 1});
  CHECK(countsOf(other) == Counts{.available = 1, .acquired = 1, .released = 1});
  semaphore.withPermit([&] { semaphore.withPermit([] {}); });  // one more permit is free
  CHECK_THROWS_AS(semaphore.withPermit([&] {
    semaphore.withPermit([&] { static_cast<void>(semaphore.acquire()); });
  }),
                  net::system_error);
}

TEST_CASE(
    "a nested withPermit is refused when a resize leaves fewer permits than its thread holds") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 2}};
  const auto nested = [&] {
    semaphore.updateConfig({.permits = 1});
    semaphore.withPermit([] {});
  };
  try {
    semaphore.withPermit(nested, {.permits = 2});
    FAIL("it waited for itself");
  } catch (const net::system_error& error) {
    CHECK(error.code() == std::errc::resource_deadlock_would_occur);
    CHECK(std::string(error.what()).find("holds 2 of 1 permits and wants 1 more") !=
          std::string::npos);
  }
}
