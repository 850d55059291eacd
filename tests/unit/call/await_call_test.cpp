#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/await_call.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(steady_timer.hpp)
#include BULWARK_NET(strand.hpp)

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// A coroutine that awaits a call whose callable returns an awaitable: net::use_awaitable.

namespace {

using Lines = std::vector<std::string>;

/// Runs `body`, a coroutine, on `executor`. Its exceptions are failures of the test.
template <typename Executor, typename F>
void spawn(const Executor& executor, F body) {
  net::co_spawn(executor, std::move(body), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
}

}  // namespace

TEST_CASE("an awaited call with a free permit needs no turn of the executor", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::size_t running = 0;
  bool others = false;
  spawn(stage.io.get_executor(), [&]() -> net::awaitable<void> {
    // Whatever the thread did before, the next 127 calls do not yield.
    bool yielded = false;
    net::post(stage.io, [&] { yielded = true; });
    while (!yielded) {
      co_await bulkhead.execute([]() -> net::awaitable<void> { co_return; }, net::use_awaitable);
    }
    net::post(stage.io, [&] { others = true; });
    const int result = co_await bulkhead.execute(
        [&]() -> net::awaitable<int> {
          running = bulkhead.stats().running;
          co_return 42;
        },
        net::use_awaitable);
    CHECK(result == 42);
    CHECK_FALSE(others);
  });
  stage.settle();
  CHECK(running == 1);
  CHECK(countersOf(bulkhead).running == 0);
}

TEST_CASE("a loop of awaited calls yields the thread every 128 calls, with its permit", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<int> turns;
  bool held = true;
  spawn(stage.io.get_executor(), [&]() -> net::awaitable<void> {
    for (int round = 0; round < 3; ++round) {
      bool others = false;
      net::post(stage.io, [&] {
        others = true;
        held = held && !bulkhead.tryAcquire();
      });
      turns.push_back(0);
      while (!others) {
        co_await bulkhead.execute([]() -> net::awaitable<void> { co_return; }, net::use_awaitable);
        ++turns.back();
      }
    }
  });
  stage.settle();
  REQUIRE(turns.size() == 3);
  CHECK(turns[0] <= 128);  // calls made earlier on this thread count
  CHECK(turns[1] == 128);
  CHECK(turns[2] == 128);
  CHECK(held);
}

TEST_CASE("an awaited call of a coroutine on another executor runs on that of the bulkhead",
          "[await]") {
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  bool ran = false;
  SECTION("another context") {
    spawn(other.get_executor(), [&]() -> net::awaitable<void> {
      co_await bulkhead.execute(
          [&]() -> net::awaitable<void> {
            ran = true;
            co_return;
          },
          net::use_awaitable);
    });
    other.poll();
    CHECK_FALSE(ran);
    stage.settle();
    CHECK(ran);
    settle(other);
  }
  SECTION("a strand of the same context") {
    const auto strand = net::make_strand(stage.io);
    spawn(strand, [&]() -> net::awaitable<void> {
      co_await bulkhead.execute(
          [&]() -> net::awaitable<void> {
            CHECK_FALSE(strand.running_in_this_thread());
            ran = true;
            co_return;
          },
          net::use_awaitable);
      CHECK(strand.running_in_this_thread());
    });
    stage.settle();
    CHECK(ran);
  }
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("an awaited call delivers move-only results and unchanged exceptions", "[await]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 2}};
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Lines log;
  spawn(stage.io.get_executor(), [&]() -> net::awaitable<void> {
    auto owned = std::make_unique<std::string>("owned");
    auto result = co_await semaphore.withPermit(
        [owned = std::move(owned)]() mutable -> net::awaitable<std::unique_ptr<std::string>> {
          co_return std::move(owned);
        },
        {.permits = 2}, net::use_awaitable);
    log.push_back(*result);
    try {
      co_await bulkhead.execute(
          []() -> net::awaitable<int> {
            throw std::out_of_range("inside");
            co_return 0;
          },
          {.permits = 2}, net::use_awaitable);
    } catch (const std::out_of_range& error) {
      log.push_back(error.what());
    }
    try {
      co_await bulkhead.execute(
          []() -> net::awaitable<void> { throw std::out_of_range("no coroutine"); },
          net::use_awaitable);
    } catch (const std::out_of_range& error) {
      log.push_back(error.what());
    }
    try {
      co_await bulkhead.execute([]() -> net::awaitable<void> { co_return; }, {.permits = 3},
                                net::use_awaitable);
    } catch (const bulwark::ConfigError& error) {
      log.push_back(error.field());
    }
  });
  stage.settle();
  CHECK(log == Lines{"owned", "inside", "no coroutine", "permits"});
  CHECK(countersOf(bulkhead) == Counters{.failed = 2});
  CHECK(semaphore.stats().acquired == 1);
  CHECK(semaphore.stats().available == 2);
}

TEST_CASE("the callable of an awaited call is destroyed before its permits are released",
          "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::size_t running = 0;
  struct Guard {
    const Bulkhead& bulkhead;
    std::size_t& running;
    ~Guard() { running = bulkhead.stats().running; }
  };
  spawn(stage.io.get_executor(), [&]() -> net::awaitable<void> {
    co_await bulkhead.execute([guard = std::make_unique<Guard>(
                                   bulkhead, running)]() -> net::awaitable<void> { co_return; },
                              net::use_awaitable);
  });
  stage.settle();
  CHECK(running == 1);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("an awaited call waits in the queue if no permit is free", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  Lines log;
  bulkhead.execute([&] { log.push_back("first"); }, net::detached);
  spawn(stage.io.get_executor(), [&]() -> net::awaitable<void> {
    co_await bulkhead.execute(
        [&]() -> net::awaitable<void> {
          log.push_back("second");
          co_return;
        },
        net::use_awaitable);
  });
  stage.settle();
  CHECK(countersOf(bulkhead).queued == 2);
  hold.release();
  stage.settle();
  CHECK(log == Lines{"first", "second"});
}

TEST_CASE("an awaited call that runs is cancelled with its coroutine", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  net::cancellation_signal signal;
  net::error_code code;
  net::steady_timer never(stage.io, net::steady_timer::time_point::max());
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        co_await bulkhead.execute(
            [&]() -> net::awaitable<void> { co_await never.async_wait(net::use_awaitable); },
            net::use_awaitable);
      },
      net::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr& error) {
        code = bulwark::errorCodeOf(error);
      }));
  stage.settle();
  CHECK(countersOf(bulkhead).running == 1);
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(code == net::error::operation_aborted);
  CHECK(countersOf(bulkhead) == Counters{.failed = 1});
}

TEST_CASE("the end of a context releases the permits of an awaited call", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  bool destroyed = false;
  struct Guard {
    bool& destroyed;
    ~Guard() { destroyed = true; }
  };
  {
    // The service that runs the awaitable, and its thread, end before the bulkhead.
    net::io_context io;
    Bulkhead its{io, {.name = "its", .maxConcurrent = 1}};
    std::optional<Bulkhead> gone(std::move(its));
    spawn(io.get_executor(), [&]() -> net::awaitable<void> {
      co_await gone->execute(
          [&]() -> net::awaitable<void> {
            const Guard guard{destroyed};
            const Permit permit = co_await bulkhead.acquire(net::use_awaitable);
            net::steady_timer never(co_await net::this_coro::executor,
                                    net::steady_timer::time_point::max());
            co_await never.async_wait(net::use_awaitable);
          },
          net::use_awaitable);
    });
    settle(io);
    settle(stage.io);
    CHECK(countersOf(bulkhead).running == 1);
    if (GENERATE(false, true)) gone.reset();
    settle(io);
    CHECK_FALSE(destroyed);
  }
  CHECK(destroyed);
  CHECK(countersOf(bulkhead).running == 0);
}

TEST_CASE("an awaited call that is never awaited takes no permit", "[await]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::optional<net::awaitable<void>> prepared(
      bulkhead.execute([]() -> net::awaitable<void> { co_return; }, net::use_awaitable));
  CHECK(countersOf(bulkhead) == Counters{});
  prepared.reset();
  CHECK(countersOf(bulkhead) == Counters{});
}
