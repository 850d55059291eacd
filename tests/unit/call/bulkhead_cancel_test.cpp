#include <bulwark/bulkhead.hpp>
#include <bulwark/detail/call/awaitable_cancel.hpp>
#include <bulwark/detail/call/cancellation.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(detached.hpp)
#if BULWARK_ASIO_IS_BOOST
#include <boost/asio/experimental/awaitable_operators.hpp>
#else
#include <asio/experimental/awaitable_operators.hpp>
#endif
#include BULWARK_NET(this_coro.hpp)

#include <memory>
#include <optional>
#include <vector>

using net::bind_cancellation_slot;
using net::cancellation_signal;
using net::cancellation_type;
using net::cancellation_type_t;

namespace {

const cancellation_type_t allTypes[] = {cancellation_type::terminal, cancellation_type::partial,
                                        cancellation_type::total};

/// Waits at the gate with every cancellation type enabled.
net::awaitable<void> passWithAllTypes(Gate& gate) {
  co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
  co_await gate.pass();
}

}  // namespace

// --- while a call waits --------------------------------------------------------------------------

TEST_CASE("each type of cancellation removes a waiting call from the queue", "[cancel]") {
  Stage stage;
  const auto type = GENERATE(cancellation_type::terminal, cancellation_type::partial,
                             cancellation_type::total, cancellation_type::all);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signals[3];
  bool ran = false;
  Ending<> plain, coroutine, permit;
  bulkhead.execute([&] { ran = true; }, bind_cancellation_slot(signals[0].slot(), plain.plain()));
  bulkhead.execute(
      [&] {
        ran = true;
        return ready();
      },
      bind_cancellation_slot(signals[1].slot(), coroutine.plain()));
  bulkhead.acquire(bind_cancellation_slot(signals[2].slot(), permit.permitted()));
  CHECK(bulkhead.stats().queued == 3);
  for (auto& signal : signals) signal.emit(type);
  CHECK(countersOf(bulkhead) == Counters{.cancelled = 3, .running = 1});
  CHECK((plain.open() && coroutine.open() && permit.open()));  // not inside emit()
  stage.settle();
  CHECK(plain.is(net::error::operation_aborted));
  CHECK(coroutine.is(net::error::operation_aborted));
  CHECK(permit.is(net::error::operation_aborted));
  CHECK_FALSE(permit.permit);
  hold.release();
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a cancelled call reports a plain system_error, as every operation of Asio does",
          "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute([] {}, bind_cancellation_slot(signal.slot(), ending.plain()));
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(isExactly<net::system_error>(ending.error));
  CHECK_FALSE(holds<bulwark::BulkheadError>(ending.error));
}

TEST_CASE("a request of type none changes nothing", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute([] {}, bind_cancellation_slot(signal.slot(), ending.plain()));
  signal.emit(cancellation_type::none);
  stage.settle();
  CHECK(ending.open());
  hold.release();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a cancelled call leaves its place in the queue at once", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> first, second;
  bulkhead.acquire(bind_cancellation_slot(signal.slot(), first.permitted()));
  signal.emit(cancellation_type::terminal);
  bulkhead.acquire(second.permitted());  // the context has not been polled yet
  CHECK(bulkhead.stats().queued == 1);
  hold.release();
  stage.settle();
  CHECK(first.is(net::error::operation_aborted));
  CHECK(second.fine());
}

TEST_CASE("a cancelled head lets in the calls behind it that fit", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> head, second, third, fourth;
  bulkhead.acquire({.permits = 3}, bind_cancellation_slot(signal.slot(), head.permitted()));
  bulkhead.acquire(second.permitted());
  bulkhead.acquire(third.permitted());
  bulkhead.acquire(fourth.permitted());
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK((second.fine() && third.fine() && fourth.open()));
  CHECK(bulkhead.stats().active == 3);
  CHECK(hold);
}

TEST_CASE("calls cancelled in any order leave the others in their places", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<int> order;
  cancellation_signal signals[6];
  for (int i = 0; i < 6; ++i) {
    bulkhead.execute([&order, i] { order.push_back(i); },
                     bind_cancellation_slot(signals[i].slot(), [](std::exception_ptr) {}));
  }
  for (int i : {3, 0, 5}) signals[i].emit(cancellation_type::total);
  hold.release();
  stage.settle();
  CHECK(order == std::vector<int>{1, 2, 4});
  CHECK(countersOf(bulkhead) == Counters{.executed = 4, .cancelled = 3});
}

TEST_CASE("a second cancellation has no effect", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.acquire(bind_cancellation_slot(signal.slot(), ending.permitted()));
  signal.emit(cancellation_type::terminal);
  signal.emit(cancellation_type::terminal);
  stage.settle();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(bulkhead.stats().cancelled == 1);
}

TEST_CASE("a call whose signal is destroyed keeps waiting", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  auto signal = std::make_optional<cancellation_signal>();
  Ending<> plain, coroutine, permit;
  const auto start = [&](auto begin) {
    signal.emplace();
    begin(signal->slot());
    signal.reset();
  };
  start([&](auto slot) { bulkhead.execute([] {}, bind_cancellation_slot(slot, plain.plain())); });
  start([&](auto slot) {
    bulkhead.execute([]() -> net::awaitable<void> { co_return; },
                     bind_cancellation_slot(slot, coroutine.plain()));
  });
  start([&](auto slot) { bulkhead.acquire(bind_cancellation_slot(slot, permit.permitted())); });
  CHECK(bulkhead.stats().queued == 3);
  hold.release();
  stage.settle();
  CHECK((plain.fine() && coroutine.fine() && permit.fine()));
}

// --- after the grant -----------------------------------------------------------------------------

TEST_CASE("a plain callable runs even if it is cancelled after its grant", "[cancel]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  cancellation_signal signal;
  bool ran = false;
  Ending<> ending;
  bulkhead.execute([&] { ran = true; }, bind_cancellation_slot(signal.slot(), ending.plain()));
  hold.release();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ran);
  CHECK(ending.fine());
  CHECK(bulkhead.stats().cancelled == 0);
}

TEST_CASE("a permit that is on its way arrives in spite of a cancellation", "[cancel]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.acquire(bind_cancellation_slot(signal.slot(), ending.permitted()));
  hold.release();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.permit);
  CHECK(bulkhead.stats().cancelled == 0);
}

TEST_CASE("the signal of a finished call affects neither that call nor the next one", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  cancellation_signal signal;
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, other;
  bulkhead.acquire(bind_cancellation_slot(signal.slot(), first.permitted()));
  hold.release();
  stage.settle();
  bulkhead.acquire(other.permitted());  // queued, and not connected to the signal
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(first.fine());
  CHECK(other.open());
  CHECK(bulkhead.stats().queued == 1);
  first.permit.release();
  stage.settle();
  CHECK(other.fine());
}

TEST_CASE("a signal serves one call after another and always cancels the current one", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  cancellation_signal signal;
  Permit hold = bulkhead.tryAcquire();
  for (int i = 0; i < 3; ++i) {
    Ending<> ending;
    bulkhead.acquire(bind_cancellation_slot(signal.slot(), ending.permitted()));
    signal.emit(cancellation_type::total);
    stage.settle();
    CHECK(ending.is(net::error::operation_aborted));
  }
  CHECK(bulkhead.stats().cancelled == 3);
}

// --- a running awaitable -------------------------------------------------------------------------

TEST_CASE("a running awaitable receives the request and holds its permit until it ends",
          "[cancel]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute([&] { return gate.pass(); },
                   bind_cancellation_slot(signal.slot(), ending.plain()));
  hold.release();
  stage.settle();
  signal.emit(cancellation_type::terminal);
  CHECK(ending.open());
  CHECK(bulkhead.stats().running == 1);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(bulkhead.stats().failed == 1);  // it ran and threw
  CHECK(bulkhead.stats().cancelled == 0);
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a request of type none is not passed to a running awaitable", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute([&] { return gate.pass(); },
                   bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  signal.emit(cancellation_type::none);
  stage.settle();
  CHECK(ending.open());
  gate.open();
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a running awaitable may end while the request is passed to it", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  cancellation_signal signal;
  Ending<> ending;
  // An operation that completes within its own cancellation. None of Asio's does.
  const auto untilCancelled = [](auto handler) {
    auto slot = net::get_associated_cancellation_slot(handler);
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    slot.assign([kept](cancellation_type) {
      auto resume = std::move(*kept);
      resume();
    });
  };
  bulkhead.execute(
      [&]() -> net::awaitable<void> {
        co_await net::async_initiate<const net::use_awaitable_t<>&, void()>(untilCancelled,
                                                                            net::use_awaitable);
      },
      bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ending.fine());
  signal.emit(cancellation_type::terminal);
  CHECK(bulkhead.stats().executed == 1);
}

TEST_CASE("a running awaitable may ignore the request and finish", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute(
      [&]() -> net::awaitable<int> {
        co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
        co_await gate.pass();
        co_return 5;
      },
      bind_cancellation_slot(signal.slot(), ending.valued()));
  stage.settle();
  for (const auto type : allTypes) signal.emit(type);
  stage.settle();
  CHECK(ending.open());
  CHECK(bulkhead.stats().running == 1);
  gate.open();
  stage.settle();
  CHECK(ending.fine());
  CHECK(ending.value == 5);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1});
}

TEST_CASE("a running awaitable receives the types that it has enabled", "[cancel]") {
  Stage stage;
  const auto type =
      GENERATE(cancellation_type::terminal, cancellation_type::partial, cancellation_type::total);
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Gate gate(stage.io);
  cancellation_signal usual, all;
  Ending<> usualEnding, allEnding;
  bulkhead.execute([&] { return gate.pass(); },
                   bind_cancellation_slot(usual.slot(), usualEnding.plain()));
  bulkhead.execute([&] { return passWithAllTypes(gate); },
                   bind_cancellation_slot(all.slot(), allEnding.plain()));
  stage.settle();
  usual.emit(type);
  all.emit(type);
  stage.settle();
  // By default, an Asio coroutine lets only terminal cancellation through.
  CHECK(usualEnding.open() == (type != cancellation_type::terminal));
  CHECK(allEnding.is(net::error::operation_aborted));
  gate.open();
  stage.settle();
  CHECK(usualEnding.times == 1);
}

TEST_CASE("a request between the grant and the start reaches the awaitable", "[cancel]") {
  Stage stage;
  const bool queued = GENERATE(false, true);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ending;
  bulkhead.execute([&] { return gate.pass(); },
                   bind_cancellation_slot(signal.slot(), ending.plain()));
  hold.release();
  CHECK(bulkhead.stats().running == 1);
  signal.emit(cancellation_type::terminal);  // the context has not been polled since the grant
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a request after the end of an awaitable has no effect", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Gate gate(stage.io);
  cancellation_signal signal;
  Ending<> ended, next;
  bulkhead.execute([]() -> net::awaitable<void> { co_return; },
                   bind_cancellation_slot(signal.slot(), ended.plain()));
  stage.settle();
  bulkhead.execute([&] { return gate.pass(); }, next.plain());
  stage.settle();
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ended.fine());
  CHECK(next.open());
  gate.open();
  stage.settle();
  CHECK(next.fine());
}

// --- calls from a coroutine ----------------------------------------------------------------------

TEST_CASE("a coroutine that waits for its call passes its own cancellation on", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> { co_await bulkhead.execute([] {}, net::use_awaitable); },
      bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  CHECK(bulkhead.stats().queued == 1);
  signal.emit(cancellation_type::total);  // which Asio's coroutines block by default
  stage.settle();
  CHECK(ending.open());
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(countersOf(bulkhead) == Counters{.cancelled = 1, .running = 1});
}

TEST_CASE("total cancellation reaches a call from a coroutine that has enabled it", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
        Permit permit = co_await bulkhead.acquire(net::use_awaitable);
      },
      bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  signal.emit(cancellation_type::total);
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(bulkhead.stats().cancelled == 1);
}

TEST_CASE("in acquire || timer the operation that completes first cancels the other", "[cancel]") {
  using namespace net::experimental::awaitable_operators;
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<std::size_t> winners;
  const auto race = [&]() -> net::awaitable<void> {
    net::basic_waitable_timer<ManualClock> timer(stage.io, 1s);
    const auto result =
        co_await (bulkhead.acquire(net::use_awaitable) || timer.async_wait(net::use_awaitable));
    winners.push_back(result.index());
  };
  net::co_spawn(stage.io, race, net::detached);
  stage.settle();
  stage.advance(1s);
  CHECK(winners == std::vector<std::size_t>{1});
  CHECK(countersOf(bulkhead) == Counters{.cancelled = 1, .running = 1});
  net::co_spawn(stage.io, race, net::detached);
  stage.settle();
  hold.release();
  stage.settle();
  CHECK(winners == std::vector<std::size_t>{1, 0});
  CHECK(countersOf(bulkhead) == Counters{.executed = 2, .cancelled = 1});
  CHECK(stage.isIdle());
}

// --- emit from inside ----------------------------------------------------------------------------

TEST_CASE("a handler may cancel other calls, and cancelling its own call has no effect",
          "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  cancellation_signal mine, other;
  Ending<> otherEnding;
  int calls = 0;
  bulkhead.execute([] {}, bind_cancellation_slot(mine.slot(), [&](std::exception_ptr) {
                     ++calls;
                     mine.emit(cancellation_type::terminal);
                   }));
  bulkhead.execute([&] { other.emit(cancellation_type::terminal); }, [](std::exception_ptr) {});
  bulkhead.execute([] {}, bind_cancellation_slot(other.slot(), otherEnding.plain()));
  bulkhead.execute([] {}, [](std::exception_ptr) {});
  stage.settle();
  CHECK(calls == 1);
  CHECK(otherEnding.is(net::error::operation_aborted));
  CHECK(countersOf(bulkhead) == Counters{.executed = 3, .cancelled = 1});
}

TEST_CASE("a cancelled call destroys its callable before its handler runs", "[cancel]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  cancellation_signal signal;
  const auto owned = std::make_shared<int>(0);
  long owners = 0;
  bulkhead.execute([owned] {}, bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) {
                     owners = owned.use_count();
                   }));
  signal.emit(cancellation_type::terminal);
  stage.settle();
  CHECK(owners == 1);
}
