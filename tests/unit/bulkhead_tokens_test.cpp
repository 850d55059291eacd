#include <bulwark/bulkhead.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/tokens.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(post.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_future.hpp)

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

template <typename T>
bool ready(const std::future<T>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

/// Makes a call end in every way, on `bulkhead` with one permit and a queue timeout of 1 s.
/// `start(call, options)` starts a call. All handlers have run on return.
template <typename B, typename Start, typename Settle>
void makeAllEnds(B& bulkhead, Start start, Settle settleAll) {
  start("executed", bulwark::CallOptions{});
  settleAll();
  start("weight", bulwark::CallOptions{.permits = 0});
  settleAll();
  Permit hold = bulkhead.tryAcquire();
  start("full", bulwark::CallOptions{.queueTimeout = 0ns});
  settleAll();
  start("timed out", bulwark::CallOptions{});
  ManualClock::advance(1s);
  settleAll();
  start("queued", bulwark::CallOptions{});
  hold.release();
  settleAll();
  hold = bulkhead.tryAcquire();
  start("drained in the queue", bulwark::CallOptions{});
  bulkhead.drain([](net::error_code) {});
  settleAll();
  start("refused", bulwark::CallOptions{});
  settleAll();
  hold.release();
  settleAll();
}
constexpr int allEnds = 7;

}  // namespace

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
  CHECK(booksOf(bulkhead) == Books{.executed = 2});
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
  CHECK(booksOf(bulkhead) == Books{.executed = many});
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
          CHECK(booksOf(bulkhead).running == 1);
          CHECK_FALSE(bulkhead.tryAcquire());
          bulkhead.execute([&] { log.push_back("second"); }, net::detached);
        });
        const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
        log.push_back("first");
      },
      net::detached);
  stage.settle();
  CHECK(log == std::vector<std::string>{"first", "second"});
  CHECK(booksOf(bulkhead) == Books{.executed = booksOf(bulkhead).executed});
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
    CHECK(booksOf(bulkhead).running == 1);
  }
  CHECK(booksOf(bulkhead).running == 0);
  CHECK(bulkhead.tryAcquire());
}

TEST_CASE("an awaitable permit is requested when it is awaited and not before", "[tokens]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead;
  bulkhead.emplace(stage.io, bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1});
  const bool gone = GENERATE(false, true);
  std::optional<net::awaitable<Permit>> prepared(bulkhead->acquire(net::use_awaitable));
  CHECK(booksOf(*bulkhead) == Books{});
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
  CHECK(booksOf(bulkhead) == Books{.executed = 3, .failed = 1});
  bulkhead.drain(net::detached);
  stage.settle();
  CHECK_FALSE(bulkhead.tryAcquire());
}

// --- executors -----------------------------------------------------------------------------------

namespace {

/// Runs a plain callable, an awaitable, a queued call and a permit, and returns their results.
template <typename B, typename Run>
std::vector<int> tour(B& bulkhead, Run run) {
  std::vector<int> results;
  Permit hold = bulkhead.tryAcquire();
  bulkhead.execute([] { return 1; }, [&](std::exception_ptr, int r) { results.push_back(r); });
  bulkhead.execute([]() -> net::awaitable<int> { co_return 2; },
                   [&](std::exception_ptr, int r) { results.push_back(r); });
  bulkhead.acquire({.queueTimeout = 1h}, [&](net::error_code, Permit) { results.push_back(3); });
  hold.release();
  bulkhead.execute([] { return 4; }, [&](std::exception_ptr, int r) { results.push_back(r); });
  run();
  return results;
}

}  // namespace

TEST_CASE("a bulkhead works on any_io_executor, an io_context, a strand and a thread pool",
          "[tokens]") {
  ManualClock::reset();
  net::io_context io;
  const std::vector<int> expected{1, 2, 3, 4};
  const bulwark::BulkheadConfig config{.name = "db", .maxConcurrent = 1};
  {
    Bulkhead bulkhead(io, config);
    CHECK(tour(bulkhead, [&] { settle(io); }) == expected);
  }
  {
    bulwark::Bulkhead<net::io_context::executor_type, ManualClock> bulkhead(io, config);
    CHECK(tour(bulkhead, [&] { settle(io); }) == expected);
  }
  {
    using Strand = net::strand<net::io_context::executor_type>;
    bulwark::Bulkhead<Strand, ManualClock> bulkhead(net::make_strand(io), config);
    CHECK(tour(bulkhead, [&] { settle(io); }) == expected);
    bool inside = false;
    bool handled = false;
    bulkhead.execute(
        [&] { inside = bulkhead.get_executor().running_in_this_thread(); },
        [&](std::exception_ptr) { handled = bulkhead.get_executor().running_in_this_thread(); });
    settle(io);
    CHECK((inside && handled));
  }
  {
    Bulkhead bulkhead(net::any_io_executor(net::make_strand(io)), config);
    CHECK(tour(bulkhead, [&] { settle(io); }) == expected);
  }
  {
    net::thread_pool pool(0);  // runs on this thread alone
    bulwark::Bulkhead<net::thread_pool::executor_type, ManualClock> bulkhead(pool, config);
    const auto run = [&] {
      bulkhead.acquire([&](net::error_code, Permit) { pool.stop(); });  // the last of the calls
      pool.attach();
    };
    CHECK(tour(bulkhead, run) == expected);
  }
}

TEST_CASE("an awaitable of a narrower executor type runs on a bulkhead of that type", "[tokens]") {
  Stage stage;
  using Executor = net::io_context::executor_type;
  bulwark::Bulkhead<Executor, ManualClock> bulkhead(stage.io, {.name = "db"});
  Ending<> ending;
  bulkhead.execute([]() -> net::awaitable<int, Executor> { co_return 3; }, ending.valued());
  stage.settle();
  CHECK(ending.value == 3);
}

// --- associated executor -------------------------------------------------------------------------

TEST_CASE("a handler runs on its own executor, however its call ends", "[tokens]") {
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  int there = 0;
  int elsewhere = 0;
  const auto settleAll = [&] {
    for (int i = 0; i < 3; ++i) {
      stage.settle();
      settle(other);
    }
  };
  const auto handler = [&] {
    return net::bind_executor(other.get_executor(), [&](auto&&...) {
      ++(other.get_executor().running_in_this_thread() ? there : elsewhere);
    });
  };
  makeAllEnds(
      bulkhead, [&](const char*, auto o) { bulkhead.execute([] {}, o, handler()); }, settleAll);
  CHECK(there == allEnds);
  bulkhead.resume();
  makeAllEnds(
      bulkhead,
      [&](const char*, auto o) {
        bulkhead.execute([]() -> net::awaitable<void> { co_return; }, o, handler());
      },
      settleAll);
  CHECK(there == 2 * allEnds);
  bulkhead.resume();
  makeAllEnds(
      bulkhead, [&](const char*, auto o) { bulkhead.acquire(o, handler()); }, settleAll);
  CHECK(there == 3 * allEnds);
  bulkhead.drain(handler());
  settleAll();
  CHECK(there == 3 * allEnds + 1);
  CHECK(elsewhere == 0);
}

TEST_CASE("a waiting call keeps both contexts at work, and neither any longer", "[tokens]") {
  enum class Kind { plain, awaitable, permit, drain };
  const Kind kind = GENERATE(Kind::plain, Kind::awaitable, Kind::permit, Kind::drain);
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  int calls = 0;
  auto handler = net::bind_executor(other, [&](auto&&...) { ++calls; });
  switch (kind) {
    case Kind::plain:
      bulkhead.execute([] {}, handler);
      break;
    case Kind::awaitable:
      bulkhead.execute([]() -> net::awaitable<void> { co_return; }, handler);
      break;
    case Kind::permit:
      bulkhead.acquire(handler);
      break;
    case Kind::drain:
      bulkhead.drain(handler);
      break;
  }
  CHECK_FALSE(stage.isIdle());
  settle(other);
  CHECK_FALSE(other.stopped());
  hold.release();
  stage.settle();
  settle(other);
  CHECK(calls == 1);
  settle(other);
  CHECK(other.stopped());
  CHECK(stage.isIdle());
}

TEST_CASE("a running awaitable keeps its handler's context at work", "[tokens]") {
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Gate gate(stage.io);
  int calls = 0;
  bulkhead.execute([&] { return gate.pass(); },
                   net::bind_executor(other, [&](std::exception_ptr) { ++calls; }));
  stage.settle();
  settle(other);
  CHECK_FALSE(other.stopped());
  gate.open();
  stage.settle();
  settle(other);
  CHECK(calls == 1);
  settle(other);
  CHECK(other.stopped());
}

TEST_CASE("a handler on a strand of the same context runs inside the strand", "[tokens]") {
  Stage stage;
  auto strand = net::make_strand(stage.io);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  int inside = 0;
  auto handler = net::bind_executor(
      strand, [&](auto&&...) { inside += strand.running_in_this_thread() ? 1 : 0; });
  bulkhead.execute([] {}, handler);
  bulkhead.acquire(handler);
  bulkhead.execute([] {}, {.permits = 0}, handler);
  stage.settle();
  CHECK(inside == 3);
}

// --- associated allocator and slot ---------------------------------------------------------------

namespace {

struct Ledger {
  std::size_t live = 0;  // bytes
  std::size_t times = 0;  // allocations
};

template <typename T>
struct CountingAllocator {
  using value_type = T;

  explicit CountingAllocator(Ledger& l) noexcept : ledger(&l) {}
  template <typename U>
  CountingAllocator(const CountingAllocator<U>& other) noexcept : ledger(other.ledger) {}

  T* allocate(std::size_t n) {
    ledger->live += n * sizeof(T);
    ++ledger->times;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    ledger->live -= n * sizeof(T);
    std::allocator<T>().deallocate(memory, n);
  }

  template <typename U>
  friend bool operator==(const CountingAllocator& a, const CountingAllocator<U>& b) noexcept {
    return a.ledger == b.ledger;
  }

  Ledger* ledger;
};

/// Records how much of its allocator's memory is in use when it is called.
struct Frugal {
  using allocator_type = CountingAllocator<char>;
  allocator_type get_allocator() const noexcept { return allocator_type(*ledger); }

  using cancellation_slot_type = net::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept { return slot; }

  template <typename... Args>
  void operator()(Args&&...) const {
    liveWhenCalled->push_back(ledger->live);
  }

  Ledger* ledger;
  std::vector<std::size_t>* liveWhenCalled;
  net::cancellation_slot slot;
};

}  // namespace

TEST_CASE("all memory of the handler's allocator is freed before the handler is called",
          "[tokens]") {
  Stage stage;
  bulwark::Bulkhead<net::io_context::executor_type, ManualClock> bulkhead(
      stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s});
  Ledger ledger;
  std::vector<std::size_t> live;
  std::vector<std::string> unused;  // ends that did not use the allocator
  const auto settleAll = [&] { stage.settle(); };
  const Frugal handler{&ledger, &live, {}};
  const auto check = [&](auto start) {
    bulkhead.resume();
    live.clear();
    makeAllEnds(
        bulkhead,
        [&](const char* what, auto options) {
          const auto before = ledger.times;
          start(options);
          if (ledger.times == before) unused.push_back(what);
        },
        settleAll);
    CHECK(live == std::vector<std::size_t>(allEnds, 0));
    CHECK(unused.empty());
    CHECK(ledger.live == 0);
  };
  check([&](auto o) { bulkhead.execute([] {}, o, handler); });
  check([&](auto o) { bulkhead.execute([] { return 1; }, o, handler); });
  check(
      [&](auto o) { bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, o, handler); });
  check([&](auto o) { bulkhead.acquire(o, handler); });
  bulkhead.resume();
  live.clear();
  Permit hold = bulkhead.tryAcquire();
  bulkhead.drain(handler);
  CHECK(ledger.live > 0);
  hold.release();
  stage.settle();
  CHECK(live == std::vector<std::size_t>{0});
}

// Not only before the handler is called: on a pool, another thread may call it at once.
TEST_CASE(
    "a call that is refused while others wait has freed its memory when its handler is posted",
    "[tokens]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  bulwark::Bulkhead bulkhead(InstrumentedExecutor(stage.io.get_executor(), probe),
                             {.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead.tryAcquire();
  bulkhead.execute([] {}, net::detached);
  Ledger ledger;
  std::vector<std::size_t> liveWhenCalled, liveWhenPosted;
  const Frugal handler{&ledger, &liveWhenCalled, {}};
  probe->whenAsked = [&] { liveWhenPosted.push_back(ledger.live); };
  bulkhead.execute([] {}, {.queueTimeout = 0s}, handler);
  stage.settle();
  bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, {.queueTimeout = 0s}, handler);
  stage.settle();
  bulkhead.acquire({.queueTimeout = 0s}, handler);
  stage.settle();
  probe->whenAsked = nullptr;
  CHECK(liveWhenPosted == std::vector<std::size_t>(3, 0));
  CHECK(bulkhead.stats().rejected == 3);
  CHECK(liveWhenCalled.size() == 3);
}

TEST_CASE("a cancelled call frees its memory before its handler is called", "[tokens]") {
  Stage stage;
  bulwark::Bulkhead<net::io_context::executor_type, ManualClock> bulkhead(
      stage.io, {.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead.tryAcquire();
  Ledger ledger;
  std::vector<std::size_t> live;
  net::cancellation_signal signals[3];
  bulkhead.execute([] {}, Frugal{&ledger, &live, signals[0].slot()});
  bulkhead.execute([]() -> net::awaitable<int> { co_return 1; },
                   Frugal{&ledger, &live, signals[1].slot()});
  bulkhead.acquire(Frugal{&ledger, &live, signals[2].slot()});
  CHECK(ledger.live > 0);
  for (auto& signal : signals) {
    signal.emit(net::cancellation_type::terminal);
    stage.settle();
  }
  CHECK(live.size() == 3);
  CHECK(live.back() == 0);
  CHECK(ledger.live == 0);
  CHECK(bulkhead.stats().cancelled == 3);
}
