#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/awaitable_call.hpp>
#include <bulwark/detail/call/call_steps.hpp>
#include <bulwark/detail/call/callable_result.hpp>
#include <bulwark/detail/call/execute.hpp>
#include <bulwark/detail/call/plain_call.hpp>
#include <bulwark/detail/call/queued_call.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(post.hpp)

#include <memory>
#include <string>
#include <vector>

// --- where and when the callable runs ------------------------------------------------------------

TEST_CASE("a callable runs on the executor, and its result reaches the handler", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  int runs = 0;
  Ending<> ending;
  bulkhead.execute([&] { return ++runs; }, ending.valued());
  CHECK(runs == 0);
  CHECK(ending.open());
  stage.settle();
  CHECK(runs == 1);
  CHECK(ending.fine());
  CHECK(ending.value == 1);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a queued callable runs on the executor and not on the stack of the release",
          "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit permit = bulkhead.tryAcquire();
  bool ran = false;
  Ending<> ending;
  bulkhead.execute([&] { ran = true; }, ending.plain());
  stage.settle();
  CHECK_FALSE(ran);
  permit.release();
  CHECK_FALSE(ran);
  CHECK(bulkhead.stats().running == 1);
  CHECK(bulkhead.stats().queued == 0);
  stage.settle();
  CHECK(ran);
  CHECK(ending.fine());
}

TEST_CASE("a callable runs only on the executor of the bulkhead", "[execute]") {
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  bool inside = false;
  bool handled = false;
  bulkhead.execute([&] { inside = stage.io.get_executor().running_in_this_thread(); },
                   net::bind_executor(other, [&](std::exception_ptr) {
                     handled = other.get_executor().running_in_this_thread();
                   }));
  settle(other);
  CHECK_FALSE(inside);
  stage.settle();
  CHECK(inside);
  CHECK_FALSE(handled);
  settle(other);
  CHECK(handled);
}

TEST_CASE("no handler runs inside the initiating function, however its call ends", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  Ending<> granted, queued, full, weightless, drained;
  bulkhead.execute([] {}, granted.plain());
  bulkhead.execute([] {}, queued.plain());
  bulkhead.execute([] {}, full.plain());
  bulkhead.execute([] {}, {.permits = 0}, weightless.plain());
  Ending<> drain;
  bulkhead.drain(drain.coded());
  bulkhead.execute([] {}, drained.plain());
  CHECK((granted.open() && queued.open() && full.open() && weightless.open() && drained.open() &&
         drain.open()));
  stage.settle();
  CHECK(granted.fine());
  CHECK(queued.is(Errc::draining));
  CHECK(full.is(Errc::queueFull));
  CHECK(weightless.is(net::error::invalid_argument));
  CHECK(drained.is(Errc::draining));
  CHECK(drain.fine());
}

// --- callables -----------------------------------------------------------------------------------

namespace {

struct LvalueOnly {
  std::unique_ptr<int> value = std::make_unique<int>(7);  // and the functor is move-only
  int operator()() & { return *value; }
  int operator()() && = delete;
};

int seven() { return 7; }

}  // namespace

TEST_CASE("a callable is called once, as an lvalue, and may be move-only", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> atOnce, later;
  bulkhead.execute(LvalueOnly{}, atOnce.valued());
  bulkhead.execute(LvalueOnly{}, later.valued());
  CHECK(bulkhead.stats().queued == 1);
  stage.settle();
  CHECK(atOnce.value == 7);
  CHECK(later.value == 7);
}

TEST_CASE("a plain function and an lvalue callable are accepted, and the latter is copied",
          "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Ending<> function, object;
  bulkhead.execute(seven, function.valued());
  const auto callable = [calls = 0]() mutable { return ++calls; };
  auto mine = callable;
  bulkhead.execute(mine, object.valued());
  stage.settle();
  CHECK(function.value == 7);
  CHECK(object.value == 1);
  CHECK(mine() == 1);  // the copy was called, not this one
}

TEST_CASE("a callable is destroyed before its handler runs", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  for (int round = 0; round < 2; ++round) {  // granted at once, and queued
    Permit hold = round == 1 ? bulkhead.tryAcquire() : Permit();
    const auto owned = std::make_shared<int>(1);
    long owners = 0;
    bulkhead.execute([owned] {}, [&](std::exception_ptr) { owners = owned.use_count(); });
    hold.release();
    stage.settle();
    CHECK(owners == 1);
  }
}

// --- results -------------------------------------------------------------------------------------

TEST_CASE("a result is decayed and may be move-only", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  const std::string text = "kept by the callable's owner";
  Ending<std::string> reference;
  Ending<std::unique_ptr<int>> owner;
  bulkhead.execute([&]() -> const std::string& { return text; }, reference.valued());
  bulkhead.execute([] { return std::make_unique<int>(5); }, owner.valued());
  stage.settle();
  CHECK(reference.value == text);
  REQUIRE(owner.value);
  CHECK(**owner.value == 5);
}

TEST_CASE("a call that does not run delivers a default-constructed result", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire();
  Ending<std::string> queued, full;
  bulkhead.execute([] { return std::string("ran"); }, queued.valued());
  bulkhead.execute([] { return std::string("ran"); }, full.valued());
  bulkhead.drain([](net::error_code) {});
  stage.settle();
  CHECK(full.is(Errc::queueFull));
  CHECK(full.value == "");
  CHECK(queued.is(Errc::draining));
  CHECK(queued.value == "");
}

TEST_CASE("a callable that throws delivers a default-constructed result", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Ending<> ending;
  bulkhead.execute([]() -> int { throw std::runtime_error("no"); }, ending.valued());
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(ending.value == 0);
}

// --- failure -------------------------------------------------------------------------------------

TEST_CASE("an exception reaches the handler as it was thrown", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const auto thrown = std::make_exception_ptr(std::out_of_range("index"));
  Ending<> atOnce, later, number;
  bulkhead.execute([&] { std::rethrow_exception(thrown); }, atOnce.plain());
  bulkhead.execute([&] { std::rethrow_exception(thrown); }, later.plain());
  bulkhead.execute([]() -> int { throw 42; }, number.valued());
  stage.settle();
  CHECK(atOnce.error == thrown);  // the same object
  CHECK(later.error == thrown);
  CHECK(isExactly<std::out_of_range>(atOnce.error));
  CHECK(holds<int>(number.error));
  CHECK(countersOf(bulkhead) == Counters{.failed = 3});
}

TEST_CASE("a BulkheadError thrown by the callable itself counts as failed", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "outer"}};
  Ending<> ending;
  bulkhead.execute([] { throw bulwark::BulkheadRejectedError("inner"); }, ending.plain());
  stage.settle();
  CHECK(ending.is(Errc::queueFull));
  CHECK(countersOf(bulkhead) == Counters{.failed = 1});
}

TEST_CASE("a call that throws gives its permit back", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Ending<> ending;
  bulkhead.execute([] { throw std::runtime_error("no"); }, {.permits = 3}, ending.plain());
  CHECK(bulkhead.stats().active == 3);
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.tryAcquire(3).count() == 3);
}

// --- accounting ----------------------------------------------------------------------------------

TEST_CASE("a call's permit is released and the call is counted before its handler runs",
          "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  std::vector<Counters> seen;
  std::vector<bool> free;
  const auto look = [&](std::exception_ptr) {
    seen.push_back(countersOf(bulkhead));
    free.push_back(static_cast<bool>(bulkhead.tryAcquire()));
    bulkhead.reset();
  };
  bulkhead.execute([] {}, look);
  stage.settle();
  bulkhead.execute([] { throw 1; }, look);
  stage.settle();
  {
    Permit hold = bulkhead.tryAcquire();
    bulkhead.execute([] {}, look);
    stage.settle();
    hold.release();
    bulkhead.reset();
    stage.settle();
  }
  CHECK(seen == std::vector<Counters>{{.executed = 1}, {.failed = 1}, {.executed = 1}});
  CHECK(free == std::vector<bool>{true, true, true});
}

TEST_CASE("a refused call is counted before its handler runs", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  Counters seen;
  bulkhead.execute([] {}, [&](std::exception_ptr) { seen = countersOf(bulkhead); });
  stage.settle();
  CHECK(seen == Counters{.rejected = 1, .running = 1});
}

TEST_CASE("a handler that throws costs no permit", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> next, last;
  bulkhead.execute([] {}, [](std::exception_ptr) { throw std::runtime_error("handler"); });
  bulkhead.execute([] {}, next.plain());
  bulkhead.execute([] {}, last.plain());
  CHECK_THROWS_AS(stage.settle(), std::runtime_error);
  stage.settle();
  CHECK(next.fine());
  CHECK(last.fine());
  CHECK(countersOf(bulkhead) == Counters{.executed = 3});
}

TEST_CASE("a throwing handler of a queued call does not strand the calls behind it", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire(2);
  int thrown = 0;
  for (int i = 0; i < 5; ++i) bulkhead.execute([] {}, [](std::exception_ptr) { throw 1; });
  Ending<> last;
  bulkhead.execute([] {}, last.plain());
  hold.release();
  for (int i = 0; i < 10; ++i) {
    try {
      stage.settle();
    } catch (int) {
      ++thrown;
    }
  }
  CHECK(thrown == 5);
  CHECK(last.fine());
  CHECK(bulkhead.stats().active == 0);
}

// --- limits --------------------------------------------------------------------------------------

TEST_CASE("no more than maxConcurrent awaitables run at once", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Gate gate(stage.io);
  int inside = 0;
  int most = 0;
  const auto work = [&]() -> net::awaitable<void> {
    most = std::max(most, ++inside);
    co_await gate.pass();
    --inside;
  };
  Ending<> endings[5];
  for (auto& ending : endings) bulkhead.execute(work, ending.plain());
  stage.settle();
  CHECK(inside == 2);
  CHECK(countersOf(bulkhead) == Counters{.running = 2, .queued = 3});
  gate.open();
  stage.settle();
  CHECK(most == 2);
  for (auto& ending : endings) CHECK(ending.fine());
  CHECK(countersOf(bulkhead) == Counters{.executed = 5});
}

TEST_CASE("queued calls run in the order of their arrival", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 200}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> order;
  std::vector<int> expected;
  for (int i = 0; i < 200; ++i) {
    bulkhead.execute([&order, i] { order.push_back(i); }, [](std::exception_ptr) {});
    expected.push_back(i);
  }
  hold.release();
  stage.settle();
  CHECK(order == expected);
}

TEST_CASE("a call that finds the queue full is rejected with the bulkhead's name", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "payments", .maxConcurrent = 1, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire();
  bool ran = false;
  Ending<> queued, full;
  bulkhead.execute([] {}, queued.plain());
  bulkhead.execute([&] { ran = true; }, full.plain());
  stage.settle();
  CHECK(queued.open());
  CHECK(isExactly<bulwark::BulkheadRejectedError>(full.error));
  CHECK(full.is(Errc::queueFull));
  CHECK_FALSE(ran);
  try {
    std::rethrow_exception(full.error);
  } catch (const bulwark::BulkheadError& error) {
    CHECK(error.bulkhead() == "payments");
    CHECK(error.code() == Errc::queueFull);
    CHECK(std::string(error.what()).find("payments") != std::string::npos);
  }
  CHECK(countersOf(bulkhead) == Counters{.rejected = 1, .running = 1, .queued = 1});
}

TEST_CASE("no call queues when maxQueueSize is 0", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Ending<> first, second, third;
  bulkhead.execute([] {}, first.plain());
  bulkhead.execute([] {}, second.plain());
  stage.settle();
  bulkhead.execute([] {}, third.plain());
  stage.settle();
  CHECK(first.fine());
  CHECK(second.is(Errc::queueFull));
  CHECK(third.fine());
  CHECK(bulkhead.stats().peakQueued == 0);
}

TEST_CASE("a call that may not wait runs if a permit is free and is rejected otherwise",
          "[execute]") {
  Stage stage;
  const auto timeout = GENERATE(0ns, -1ns, std::chrono::nanoseconds::min());
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> free, taken;
  bulkhead.execute([] {}, {.queueTimeout = timeout}, free.plain());
  bulkhead.execute([] {}, {.queueTimeout = timeout}, taken.plain());
  CHECK(bulkhead.stats().queued == 0);
  stage.settle();
  CHECK(free.fine());
  CHECK(taken.is(Errc::queueFull));
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .rejected = 1});
}

TEST_CASE("a call that may not wait does not overtake waiting calls", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> head, hasty;
  bulkhead.execute([] {}, {.permits = 2}, head.plain());
  bulkhead.execute([] {}, {.queueTimeout = 0ns}, hasty.plain());
  stage.settle();
  CHECK(hasty.is(Errc::queueFull));
  hold.release();
  stage.settle();
  CHECK(head.fine());
}

// --- order ---------------------------------------------------------------------------------------

TEST_CASE("a new call never overtakes a waiting one, even with a permit free", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<char> order;
  Ending<> wide, narrow;
  bulkhead.execute([&] { order.push_back('w'); }, {.permits = 3}, wide.plain());
  bulkhead.execute([&] { order.push_back('n'); }, narrow.plain());  // two permits are free
  stage.settle();
  CHECK(order.empty());
  CHECK(countersOf(bulkhead) == Counters{.running = 1, .queued = 2});
  hold.release();
  stage.settle();
  CHECK(order == std::vector<char>{'w', 'n'});
  CHECK((wide.fine() && narrow.fine()));
}

TEST_CASE("a released permit goes to the head of the queue and not to the next new call",
          "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<char> order;
  bulkhead.execute([&] { order.push_back('q'); }, [](std::exception_ptr) {});
  hold.release();
  bulkhead.execute([&] { order.push_back('n'); }, [](std::exception_ptr) {});
  CHECK_FALSE(bulkhead.tryAcquire());
  stage.settle();
  CHECK(order == std::vector<char>{'q', 'n'});
}

// --- weights -------------------------------------------------------------------------------------

TEST_CASE("a weighted call holds permits equal to its weight while it runs", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Gate gate(stage.io);
  Ending<> ending;
  bulkhead.execute([&] { return gate.pass(); }, {.permits = 4}, ending.plain());
  stage.settle();
  CHECK(bulkhead.stats().active == 4);
  CHECK(bulkhead.stats().running == 1);
  CHECK_FALSE(bulkhead.tryAcquire(2));
  CHECK(bulkhead.tryAcquire(1));
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.stats().running == 0);
}

TEST_CASE(
    "a weight of 0 or above the limit reports ConfigError through the token and is not counted",
    "[execute]") {
  Stage stage;
  const std::size_t weight = GENERATE(std::size_t{0}, std::size_t{4}, SIZE_MAX);
  const bool full = GENERATE(false, true);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3, .maxQueueSize = 1}};
  Permit hold = full ? bulkhead.tryAcquire(3) : Permit();
  bool ran = false;
  Ending<> plain;
  Ending<> coroutine;
  bulkhead.execute([&] { ran = true; }, {.permits = weight}, plain.plain());
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        ran = true;
        co_return;
      },
      {.permits = weight}, coroutine.plain());
  stage.settle();
  CHECK_FALSE(ran);
  for (const auto& error : {plain.error, coroutine.error}) {
    const auto found = configErrorIn(error);
    CHECK(found.bulkhead() == "db");
    CHECK(found.field() == "permits");
    CHECK(found.value() == std::to_string(weight));
    CHECK_FALSE(found.rule().empty());
    const std::string what = found.what();
    for (const auto& part : {found.bulkhead(), found.field(), found.value(), found.rule()}) {
      CHECK(what.find(part) != std::string::npos);
    }
  }
  CHECK(plain.is(net::error::invalid_argument));
  CHECK(countersOf(bulkhead) == Counters{.running = full ? 1U : 0U});
  CHECK(bulkhead.stats().submitted() == (full ? 1U : 0U));
}

TEST_CASE("a call whose weight is the whole limit runs alone", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Ending<> ending;
  bulkhead.execute([&] { return static_cast<bool>(bulkhead.tryAcquire()) ? 1 : 0; }, {.permits = 3},
                   ending.valued());
  stage.settle();
  CHECK(ending.value == 0);
}

// --- awaitables ----------------------------------------------------------------------------------

TEST_CASE("an awaitable holds its permit until it ends", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Gate gate(stage.io);
  Ending<> ending;
  bulkhead.execute(
      [&]() -> net::awaitable<int> {
        co_await gate.pass();
        co_return 9;
      },
      ending.valued());
  stage.settle();
  CHECK(ending.open());
  CHECK(countersOf(bulkhead) == Counters{.running = 1});
  CHECK_FALSE(bulkhead.tryAcquire());
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.value == 9);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a queued awaitable runs in its turn and delivers a move-only result", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  bool began = false;
  Ending<std::unique_ptr<int>> ending;
  bulkhead.execute(
      [&, kept = std::make_unique<int>(3)]() -> net::awaitable<std::unique_ptr<int>> {
        began = true;
        co_return std::make_unique<int>(*kept);
      },
      ending.valued());
  stage.settle();
  CHECK_FALSE(began);
  hold.release();
  CHECK_FALSE(began);
  stage.settle();
  CHECK(ending.fine());
  CHECK(**ending.value == 3);
  CHECK(countersOf(bulkhead) == Counters{.executed = 2});
}

TEST_CASE("the callable of an awaitable lives as long as the awaitable", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Gate gate(stage.io);
  const auto owned = std::make_shared<int>(11);
  std::weak_ptr<int> watched = owned;
  long owners = -1;
  bulkhead.execute(
      [&gate, mine = std::make_shared<int>(4), owned]() -> net::awaitable<int> {
        co_await gate.pass();
        co_return *mine + *owned;  // both belong to the callable
      },
      [&](std::exception_ptr, int result) { owners = owned.use_count() * 100 + result; });
  stage.settle();
  gate.open();
  stage.settle();
  CHECK(owners == 115);  // and the callable is destroyed when the handler runs
}

TEST_CASE("an awaitable that throws before or after its first suspension is a failure",
          "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Gate gate(stage.io);
  Ending<> early, late, factory;
  const auto thrown = std::make_exception_ptr(std::out_of_range("x"));
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        std::rethrow_exception(thrown);
        co_return;
      },
      early.plain());
  bulkhead.execute(
      [&]() -> net::awaitable<int> {
        co_await gate.pass();
        std::rethrow_exception(thrown);
      },
      late.valued());
  bulkhead.execute([&]() -> net::awaitable<int> { std::rethrow_exception(thrown); },
                   factory.valued());
  stage.settle();
  gate.open();
  stage.settle();
  CHECK((early.error == thrown && late.error == thrown && factory.error == thrown));
  CHECK(late.value == 0);
  CHECK(countersOf(bulkhead) == Counters{.failed = 3});
  CHECK(bulkhead.tryAcquire());
}

TEST_CASE("a callable that throws instead of returning its awaitable is a failure", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  struct Refuses {
    net::awaitable<int> operator()() { throw std::logic_error("no awaitable"); }
  };
  Ending<> ending;
  bulkhead.execute(Refuses{}, ending.valued());
  stage.settle();
  CHECK(isExactly<std::logic_error>(ending.error));
  CHECK(countersOf(bulkhead) == Counters{.failed = 1});
}

TEST_CASE("an awaitable is counted before its handler runs", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Counters seen;
  bool free = false;
  bulkhead.execute([]() -> net::awaitable<void> { co_return; },
                   [&](std::exception_ptr) {
                     seen = countersOf(bulkhead);
                     free = static_cast<bool>(bulkhead.tryAcquire());
                   });
  stage.settle();
  CHECK(seen == Counters{.executed = 1});
  CHECK(free);
}

TEST_CASE("a handler of an awaitable that throws costs no permit", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> next;
  bulkhead.execute([]() -> net::awaitable<void> { co_return; },
                   [](std::exception_ptr) { throw std::runtime_error("handler"); });
  bulkhead.execute([]() -> net::awaitable<void> { co_return; }, next.plain());
  CHECK_THROWS_AS(stage.settle(), std::runtime_error);
  stage.settle();
  CHECK(next.fine());
  CHECK(bulkhead.stats().active == 0);
}

// --- bursts, re-entrance, work -------------------------------------------------------------------

TEST_CASE("other handlers get the executor while a long queue of callables runs", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1000}};
  Permit hold = bulkhead.tryAcquire();
  int done = 0;
  int doneBefore = -1;
  for (int i = 0; i < 1000; ++i) bulkhead.execute([&] { ++done; }, [](std::exception_ptr) {});
  hold.release();
  net::post(stage.io, [&] { doneBefore = done; });
  stage.settle();
  CHECK(done == 1000);
  CHECK(doneBefore == 32);
}

TEST_CASE("a burst of queued callables costs one post", "[execute]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(
      executor,
      {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1000, .queueTimeout = bulwark::noTimeout});
  Permit hold = bulkhead.tryAcquire();
  int done = 0;
  for (int i = 0; i < 1000; ++i) bulkhead.execute([&] { ++done; }, [](std::exception_ptr) {});
  const auto before = probe->submitted.load();
  hold.release();
  stage.settle();
  CHECK(done == 1000);
  CHECK(probe->submitted - before == 33);  // 32 bursts, and one that finds the queue empty
}

TEST_CASE("a burst ends with the callable that makes it longer than 100 us", "[execute]") {
  const auto took = GENERATE(100us, 101us);
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::string order;
  bulkhead.execute([&] { order += '1'; }, [](std::exception_ptr) {});
  bulkhead.execute(
      [&] {
        order += '2';
        ManualClock::advance(took);
      },
      [](std::exception_ptr) {});
  bulkhead.execute([&] { order += '3'; }, [](std::exception_ptr) {});
  bulkhead.execute([&] { order += '4'; }, [](std::exception_ptr) {});
  hold.release();
  net::post(stage.io, [&] { order += '-'; });
  stage.settle();
  CHECK(order == (took > 100us ? "12-34" : "1234-"));
}

TEST_CASE("a callable and a handler may make calls", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> inner, after;
  Ending<> outer;
  bulkhead.execute(
      [&] {
        bulkhead.execute([] {}, inner.plain());
        CHECK(bulkhead.stats().queued == 1);  // the permit is in use
      },
      [&](std::exception_ptr) { bulkhead.execute([] {}, after.plain()); });
  stage.settle();
  CHECK((inner.fine() && after.fine()));
  CHECK(countersOf(bulkhead) == Counters{.executed = 3});
}

TEST_CASE("run() returns only when no call waits and the last one has ended", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = 1, .queueTimeout = bulwark::noTimeout}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  CHECK(stage.isIdle());
  bulkhead.execute([] {}, ending.plain());
  CHECK_FALSE(stage.isIdle());
  hold.release();
  CHECK(stage.isIdle());
  CHECK(ending.fine());
}

TEST_CASE("a bulkhead in use without a waiting call does not keep its context alive", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  CHECK(stage.isIdle());
}

// --- queries -------------------------------------------------------------------------------------

TEST_CASE("a bulkhead reports its name and its executor", "[execute]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  CHECK(bulkhead.name() == "db");
  CHECK((bulkhead.get_executor() == net::any_io_executor(stage.io.get_executor())));
  static_assert(std::is_same_v<Bulkhead::executor_type, net::any_io_executor>);
}
