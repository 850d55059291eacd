#include <bulwark/detail/call/initiation.hpp>
#include <bulwark/detail/call/yield.hpp>

#include "support/token_ends.hpp"

// --- callbacks -----------------------------------------------------------------------------------

namespace {

int functionCalls = 0;
void countCall(std::exception_ptr) { ++functionCalls; }

/// Move-only, and callable only as an rvalue.
struct RvalueOnly {
  std::unique_ptr<int*> calls;
  void operator()(std::exception_ptr) && { ++**calls; }
  void operator()(std::exception_ptr, int) && { ++**calls; }
  void operator()(net::error_code, Permit) && { ++**calls; }
  void operator()(net::error_code) && { ++**calls; }
};

}  // namespace

TEST_CASE("a function and an lvalue are completion tokens too", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  functionCalls = 0;
  bulkhead.execute([] {}, countCall);
  int calls = 0;
  const auto handler = [&](std::exception_ptr) { ++calls; };
  bulkhead.execute([] {}, handler);
  bulkhead.execute([] {}, handler);
  stage.settle();
  CHECK(functionCalls == 1);
  CHECK(calls == 2);
}

TEST_CASE("a handler may be move-only and rvalue-callable, however its call ends", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  int count = 0;
  const auto handler = [&] { return RvalueOnly{std::make_unique<int*>(&count)}; };
  const auto settleAll = [&] { stage.settle(); };
  makeAllEnds(
      bulkhead, [&](const char*, auto options) { bulkhead.execute([] {}, options, handler()); },
      settleAll);
  CHECK(count == allEnds);
  bulkhead.resume();
  makeAllEnds(
      bulkhead,
      [&](const char*, auto options) { bulkhead.execute([] { return 1; }, options, handler()); },
      settleAll);
  CHECK(count == 2 * allEnds);
  bulkhead.resume();
  makeAllEnds(
      bulkhead,
      [&](const char*, auto options) {
        bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, options, handler());
      },
      settleAll);
  CHECK(count == 3 * allEnds);
  bulkhead.resume();
  makeAllEnds(
      bulkhead, [&](const char*, auto options) { bulkhead.acquire(options, handler()); },
      settleAll);
  CHECK(count == 4 * allEnds);
  bulkhead.drain(handler());
  stage.settle();
  CHECK(count == 4 * allEnds + 1);
}

// --- use_future ----------------------------------------------------------------------------------

TEST_CASE("use_future delivers results and unchanged errors", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::future<int> value = bulkhead.execute([] { return 4; }, net::use_future);
  stage.settle();
  REQUIRE(ready(value));
  CHECK(value.get() == 4);
  std::future<void> nothing = bulkhead.execute([] {}, net::use_future);
  stage.settle();
  REQUIRE(ready(nothing));
  nothing.get();
  std::future<int> thrown =
      bulkhead.execute([]() -> int { throw std::out_of_range("x"); }, net::use_future);
  stage.settle();
  CHECK_THROWS_AS(thrown.get(), std::out_of_range);
  std::future<std::unique_ptr<int>> owner =
      bulkhead.execute([] { return std::make_unique<int>(3); }, net::use_future);
  stage.settle();
  CHECK(*owner.get() == 3);
  std::future<Permit> permit = bulkhead.acquire(net::use_future);
  stage.settle();
  // Asio's system context delivers what is posted to a future's own executor, so get() blocks.
  const Permit held = permit.get();
  CHECK(held);
  std::future<int> rejected =
      bulkhead.execute([] { return 1; }, {.queueTimeout = 0ns}, net::use_future);
  std::future<Permit> refused = bulkhead.acquire({.queueTimeout = 0ns}, net::use_future);
  std::future<void> drained = bulkhead.drain(0ns, net::use_future);
  stage.settle();
  CHECK_THROWS_AS(rejected.get(), bulwark::BulkheadRejectedError);
  try {
    const Permit none = refused.get();
    FAIL("no error");
  } catch (const net::system_error& error) {
    CHECK(error.code() == Errc::queueFull);
  }
  try {
    drained.get();
    FAIL("no error");
  } catch (const net::system_error& error) {
    CHECK(error.code() == net::error::timed_out);
  }
}

TEST_CASE("the future of a call that is destroyed with its context is broken", "[tokens]") {
  ManualClock::reset();
  auto io = std::make_unique<net::io_context>();
  Bulkhead bulkhead{*io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::future<int> value = bulkhead.execute([] { return 4; }, net::use_future);
  io.reset();
  REQUIRE(ready(value));
  CHECK_THROWS_AS(value.get(), std::future_error);
}

// --- use_awaitable and friends -------------------------------------------------------------------

TEST_CASE("use_awaitable returns results and throws unchanged errors", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<std::string> log;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        log.push_back(
            co_await bulkhead.execute([] { return std::string("plain"); }, net::use_awaitable));
        auto owner = co_await bulkhead.execute(
            []() -> net::awaitable<std::unique_ptr<std::string>> {
              co_return std::make_unique<std::string>("awaitable");
            },
            net::use_awaitable);
        log.push_back(*owner);
        try {
          co_await bulkhead.execute([] { throw std::out_of_range("thrown"); }, net::use_awaitable);
        } catch (const std::out_of_range& error) {
          log.push_back(error.what());
        }
        Permit permit = co_await bulkhead.acquire(net::use_awaitable);
        log.push_back(std::to_string(permit.count()));
        try {
          co_await bulkhead.execute([] {}, {.queueTimeout = 0ns}, net::use_awaitable);
        } catch (const bulwark::BulkheadRejectedError& error) {
          log.push_back(error.bulkhead());
        }
        try {
          co_await bulkhead.execute([] {}, {.permits = 2}, net::use_awaitable);
        } catch (const bulwark::ConfigError& error) {
          log.push_back(error.field());
        }
        permit.release();
        co_await bulkhead.drain(net::use_awaitable);
        try {
          permit = co_await bulkhead.acquire(net::use_awaitable);
        } catch (const net::system_error& error) {
          log.push_back(error.code() == Errc::draining ? "draining" : "?");
        }
      },
      net::detached);
  stage.settle();
  CHECK(log ==
        std::vector<std::string>{"plain", "awaitable", "thrown", "1", "db", "permits", "draining"});
}

TEST_CASE("a permit in a coroutine frame is released when the coroutine ends", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  for (int i = 0; i < 2; ++i) {
    net::co_spawn(
        stage.io,
        [&]() -> net::awaitable<void> {
          const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
          throw 1;
        },
        [](std::exception_ptr) {});
  }
  stage.settle();
  CHECK(countersOf(bulkhead) == Counters{.executed = 2});
}

// Posting every permit would take a handler each. Completing every one inside its initiation would
// take a stack frame each.
TEST_CASE("a coroutine takes free permits in place, 128 in one handler", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 1}};
  constexpr std::uint64_t many = 64 * 3'000;
  bool ended = false;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        for (std::uint64_t i = 0; i < many; ++i) {
          const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
          const Permit cpu = co_await semaphore.acquire(net::use_awaitable);
        }
        ended = true;
      },
      net::detached);
  CHECK(stage.settle() == 1 + 3'000);
  CHECK(ended);
  CHECK(countersOf(bulkhead) == Counters{.executed = many});
  CHECK(semaphore.stats().acquired == many);
  CHECK(semaphore.stats().released == many);
}

namespace {

/// Takes permits until the next one that this thread takes goes through the executor.
net::awaitable<void> upToTheYield(Bulkhead& bulkhead) {
  bool yielded = false;
  net::post(co_await net::this_coro::executor, [&] { yielded = true; });
  while (!yielded) (void)co_await bulkhead.acquire(net::use_awaitable);
  for (int i = 1; i < 128; ++i) (void)co_await bulkhead.acquire(net::use_awaitable);
}

}  // namespace

TEST_CASE("a loop that takes free permits yields the thread every 128 permits", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 4}};
  const bool bare = GENERATE(false, true);
  std::vector<int> turns;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        for (int round = 0; round < 3; ++round) {
          bool others = false;
          net::post(stage.io, [&] { others = true; });
          turns.push_back(0);
          while (!others) {
            if (bare) {
              const Permit permit = co_await semaphore.acquire(net::use_awaitable);
            } else {
              const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
            }
            ++turns.back();
          }
        }
      },
      net::detached);
  stage.settle();
  REQUIRE(turns.size() == 3);
  CHECK(turns[0] <= 128);  // permits taken earlier on this thread count
  CHECK(turns[1] == 128);
  CHECK(turns[2] == 128);
}

TEST_CASE("the permit that goes through the executor is held on its way", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<std::string> log;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        co_await upToTheYield(bulkhead);
        net::post(stage.io, [&] {
          CHECK(countersOf(bulkhead).running == 1);
          CHECK_FALSE(bulkhead.tryAcquire());
          bulkhead.execute([&] { log.push_back("second"); }, net::detached);
        });
        const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
        log.push_back("first");
      },
      net::detached);
  stage.settle();
  CHECK(log == std::vector<std::string>{"first", "second"});
  CHECK(countersOf(bulkhead) == Counters{.executed = countersOf(bulkhead).executed});
}

TEST_CASE("a cancellation does not take the permit that goes through the executor", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  net::cancellation_signal signal;
  bool granted = false, aborted = false;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        co_await upToTheYield(bulkhead);
        net::post(stage.io, [&] { signal.emit(net::cancellation_type::terminal); });
        const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
        granted = static_cast<bool>(permit);
        (void)co_await bulkhead.acquire(net::use_awaitable);
      },
      net::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
        aborted = bulwark::errorCodeOf(error) == net::error::operation_aborted;
      }));
  stage.settle();
  CHECK(granted);
  CHECK(aborted);
  CHECK(bulkhead.tryAcquire());
}

TEST_CASE("the end of a context releases the permit that is on its way through it", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  {
    net::io_context other;
    net::co_spawn(
        other,
        [&]() -> net::awaitable<void> {
          co_await upToTheYield(bulkhead);
          net::post(other, [&] { other.stop(); });
          (void)co_await bulkhead.acquire(net::use_awaitable);
        },
        net::detached);
    other.poll();
    CHECK(countersOf(bulkhead).running == 1);
  }
  CHECK(countersOf(bulkhead).running == 0);
  CHECK(bulkhead.tryAcquire());
}

TEST_CASE("an awaitable permit is requested when it is awaited and not before", "[tokens]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead;
  bulkhead.emplace(stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  const bool gone = GENERATE(false, true);
  std::optional<net::awaitable<Permit>> prepared(bulkhead->acquire(net::use_awaitable));
  CHECK(countersOf(*bulkhead) == Counters{});
  if (gone) bulkhead.reset();
  net::error_code code = Errc::queueFull;
  bool granted = false;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        try {
          granted = static_cast<bool>(co_await std::move(*prepared));
          code = {};
        } catch (const net::system_error& error) {
          code = error.code();
        }
      },
      net::detached);
  stage.settle();
  CHECK(granted == !gone);
  CHECK(code == (gone ? net::error_code(net::error::operation_aborted) : net::error_code()));
}

TEST_CASE("as_tuple delivers errors as values", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<net::error_code> codes;
  int value = 0;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        auto [error, result] =
            co_await bulkhead.execute([] { return 8; }, asTuple(net::use_awaitable));
        codes.push_back(bulwark::errorCodeOf(error));
        value = result;
        auto [code, permit] = co_await bulkhead.acquire(asTuple(net::use_awaitable));
        codes.push_back(code);
        auto [full] =
            co_await bulkhead.execute([] {}, {.queueTimeout = 0ns}, asTuple(net::use_awaitable));
        codes.push_back(bulwark::errorCodeOf(full));
        auto [late] = co_await bulkhead.drain(0ns, asTuple(net::use_awaitable));
        codes.push_back(late);
      },
      net::detached);
  stage.settle();
  CHECK(value == 8);
  CHECK(codes == std::vector<net::error_code>{net::error_code(), net::error_code(), Errc::queueFull,
                                              net::error::timed_out});
}

TEST_CASE("a deferred operation is started by its own token, once", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  int runs = 0;
  auto operation = bulkhead.execute([&] { return ++runs; }, lazily);
  stage.settle();
  CHECK(runs == 0);
  std::future<int> value = std::move(operation)(net::use_future);
  stage.settle();
  CHECK(value.get() == 1);
  Ending<> ending;
  bulkhead.acquire({.permits = 2}, lazily)(ending.permitted());
  stage.settle();
  CHECK(ending.permit.count() == 2);
}

TEST_CASE("a deferred call keeps its options", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  bulwark::CallOptions options{.queueTimeout = 1s, .permits = 3};
  auto operation = bulkhead.acquire(options, lazily);
  options = {};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  std::move(operation)(ending.permitted());
  stage.advance(1s - 1ns);  // its wait began when it was started
  CHECK(ending.open());
  stage.advance(1ns);
  CHECK(ending.is(Errc::queueTimeout));
}

TEST_CASE("detached calls run, and a detached permit is released", "[tokens]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  int runs = 0;
  bulkhead.execute([&] { return ++runs; }, net::detached);
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        ++runs;
        co_return;
      },
      net::detached);
  bulkhead.execute([&] { throw std::runtime_error("not observed"); }, net::detached);
  bulkhead.acquire(net::detached);
  stage.settle();
  CHECK(runs == 2);
  CHECK(countersOf(bulkhead) == Counters{.executed = 3, .failed = 1});
  bulkhead.drain(net::detached);
  stage.settle();
  CHECK_FALSE(bulkhead.tryAcquire());
}
