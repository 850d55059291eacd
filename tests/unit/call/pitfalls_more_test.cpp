#include "support/pitfalls.hpp"

// --- 12: drain -----------------------------------------------------------------------------------

TEST_CASE("a drain neither hangs nor spins", "[pitfall_12]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> idle, again, held, waiters, resized;
  bulkhead.drain(idle.coded());
  bulkhead.drain(again.coded());
  stage.settle();
  CHECK((idle.fine() && again.fine()));
  bulkhead.resume();
  Permit hold = bulkhead.tryAcquire();
  Keepers keepers(bulkhead);
  keepers.come(3, {.queueTimeout = 1s});
  ManualClock::advance(1s);  // all of them have expired, and the timer has not run
  bulkhead.drain(waiters.coded());
  bulkhead.drain(1s, held.coded());  // the caller holds the permit, so this drain times out
  CHECK(stage.settle() > 0);
  CHECK(stage.settle() == 0);  // nothing spins
  CHECK(keepers.codes == std::vector<net::error_code>(3, Errc::queueTimeout));
  stage.advance(1s);
  CHECK(held.is(net::error::timed_out));
  bulkhead.updateConfig({.maxConcurrent = 5});
  bulkhead.drain(resized.coded());
  CHECK(waiters.open());
  hold.release();
  stage.settle();
  CHECK((waiters.fine() && resized.fine()));
}

// --- 13: metrics that drift ----------------------------------------------------------------------

TEST_CASE("a reset with three calls running leaves the gauges at zero after their releases",
          "[pitfall_13]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  std::vector<Permit> held;
  for (int i = 0; i < 3; ++i) held.push_back(bulkhead.tryAcquire());
  Ending<> waiting, rejected;
  bulkhead.acquire(waiting.permitted());
  bulkhead.execute([] {}, {.queueTimeout = 0ns}, rejected.plain());
  bulkhead.reset();
  CHECK(bulkhead.stats().submitted() == 4);  // three run and one waits
  held.clear();
  stage.settle();
  waiting.permit.release();
  const auto stats = bulkhead.stats();
  CHECK((stats.active == 0 && stats.running == 0 && stats.queued == 0));
  CHECK(stats.executed == 4);
  CHECK(stats.submitted() == 4);
  CHECK(stats.rejected == 0);
}

TEST_CASE("a rejection is counted once, and waiting does not count as execution", "[pitfall_13]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> waiting, rejected;
  bulkhead.execute([] { ManualClock::advance(2ms); }, waiting.plain());
  bulkhead.execute([] {}, rejected.plain());
  CHECK(bulkhead.stats().queued == 1);  // the gauge does go up
  CHECK(bulkhead.stats().rejected == 1);
  stage.settle();
  CHECK(bulkhead.stats().rejected == 1);
  bulkhead.reset();
  ManualClock::advance(1s);
  hold.release();
  stage.settle();
  const auto stats = bulkhead.stats();
  CHECK(stats.waitTime.sum() == 1s);
  CHECK(stats.executionTime.sum() == 1s + 2ms);  // the held permit's and the callable's
  CHECK(stats.executionTime.min() == 2ms);
}

// --- 15: the clock -------------------------------------------------------------------------------

TEST_CASE("timeouts of any length neither expire early nor are rounded away", "[pitfall_15]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  for (const auto timeout : {std::chrono::nanoseconds(1), std::chrono::nanoseconds(500us),
                             std::chrono::nanoseconds(999'999), std::chrono::nanoseconds(1h)}) {
    Ending<> ending;
    bulkhead.acquire({.queueTimeout = timeout}, ending.permitted());
    stage.settle();
    CHECK(ending.open());
    stage.advance(timeout - 1ns);
    CHECK(ending.open());
    stage.advance(1ns);
    CHECK(ending.is(Errc::queueTimeout));
  }
  for (const auto timeout : {std::chrono::nanoseconds(0), std::chrono::nanoseconds(-1),
                             std::chrono::nanoseconds::min()}) {
    Ending<> ending;
    bulkhead.acquire({.queueTimeout = timeout}, ending.permitted());
    stage.settle();
    CHECK(ending.is(Errc::queueFull));
  }
  // hours::max() does not fit into nanoseconds. A call without a time limit uses noTimeout.
  Ending<> forever;
  bulkhead.acquire({.queueTimeout = noTimeout}, forever.permitted());
  stage.advance(24h * 365 * 100);
  CHECK(forever.open());
  hold.release();
  stage.settle();
  CHECK(forever.fine());
}

// --- 16: expired or cancelled at entry -----------------------------------------------------------

TEST_CASE("a call with a deadline in the past takes a free permit or fails without a timer",
          "[pitfall_16]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<> free, taken;
  bulkhead.acquire({.queueTimeout = -1h}, free.permitted());
  bulkhead.acquire({.queueTimeout = -1h}, taken.permitted());
  CHECK(bulkhead.stats().peakQueued == 0);
  stage.settle();
  CHECK(free.fine());
  CHECK(taken.is(Errc::queueFull));
  CHECK(stage.isIdle());  // no timer is set, though the permit is in use
}

TEST_CASE("a coroutine that was cancelled before its call does not make the call", "[pitfall_16]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> ending;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> {
        // In Asio 1.24, an exception from a cancelled coroutine that never suspended leaves run().
        co_await net::post(net::use_awaitable);
        signal.emit(net::cancellation_type::terminal);
        co_await bulkhead.execute([] {}, net::use_awaitable);
      },
      net::bind_cancellation_slot(signal.slot(), ending.plain()));
  stage.settle();
  CHECK(ending.is(net::error::operation_aborted));
  CHECK(bulkhead.stats().queued == 0);
  CHECK(bulkhead.stats().submitted() == 1);
}

// --- 17: tombstones ------------------------------------------------------------------------------

TEST_CASE("thousands of waiting calls leave in any order, and each place is free at once",
          "[pitfall_17]") {
  enum class Order { fifo, lifo, random };
  const Order order = GENERATE(Order::fifo, Order::lifo, Order::random);
  constexpr std::size_t many = 5000;
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = many}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<std::unique_ptr<net::cancellation_signal>> signals;
  std::size_t cancelled = 0;
  std::size_t granted = 0;
  const auto handler = [&](net::error_code code, Permit) { ++(code ? cancelled : granted); };
  for (std::size_t i = 0; i < many; ++i) {
    signals.push_back(std::make_unique<net::cancellation_signal>());
    bulkhead.acquire(net::bind_cancellation_slot(signals.back()->slot(), handler));
  }
  std::vector<std::size_t> which(many);
  std::iota(which.begin(), which.end(), std::size_t{0});
  if (order == Order::lifo) std::reverse(which.begin(), which.end());
  if (order == Order::random) std::shuffle(which.begin(), which.end(), std::mt19937(17));
  std::size_t refused = 0;
  for (std::size_t i : which) {
    signals[i]->emit(net::cancellation_type::terminal);
    bulkhead.acquire([&](net::error_code code, Permit) {
      if (code) ++refused;
    });
    if (bulkhead.stats().queued != many) FAIL("the place of " << i << " is not free");
  }
  hold.release();
  stage.settle();
  CHECK(cancelled == many);
  CHECK(granted == 0);
  CHECK(refused == 0);
  CHECK(bulkhead.stats().executed == many + 1);
}

// --- 18: overflow --------------------------------------------------------------------------------

TEST_CASE("limits at the largest value neither wrap nor refuse calls", "[pitfall_18]") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db", .maxConcurrent = unlimited, .maxQueueSize = unlimited}};
  Permit one = bulkhead.tryAcquire();
  Permit many = bulkhead.tryAcquire(std::size_t{1} << 40);
  CHECK(many.count() == std::size_t{1} << 40);
  CHECK(bulkhead.stats().active == (std::size_t{1} << 40) + 1);
  CHECK(bulkhead.stats().utilization() <= 1.0);
  Ending<> tooHeavy;
  bulkhead.acquire({.permits = SIZE_MAX}, tooHeavy.permitted());
  many.release();
  stage.settle();
  CHECK(tooHeavy.times == 1);
  CHECK(tooHeavy.is(net::error::invalid_argument));
  CHECK(bulkhead.stats().active == 1);
  one.release();
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("a weight near the largest value is an error and not a small weight", "[pitfall_18]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 10}};
  Permit hold = bulkhead.tryAcquire(5);
  for (const std::size_t weight :
       {std::size_t{11}, SIZE_MAX, SIZE_MAX - 4, SIZE_MAX / 2, (SIZE_MAX >> 12) + 2}) {
    Ending<> ending;
    bulkhead.acquire({.permits = weight}, ending.permitted());
    CHECK_FALSE(bulkhead.tryAcquire(weight));
    stage.settle();
    CHECK(ending.is(net::error::invalid_argument));
  }
  CHECK(bulkhead.stats().active == 5);
}

// --- 19: stale registrations ---------------------------------------------------------------------

TEST_CASE("the slot of a finished call affects neither that call nor the next one",
          "[pitfall_19]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  net::cancellation_signal signal;
  int ended = 0;
  for (int i = 0; i < 10'000; ++i) {
    Permit hold = i % 2 == 0 ? bulkhead.tryAcquire() : Permit();
    Ending<> ending;
    bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), ending.permitted()));
    hold.release();
    stage.settle();
    signal.emit(net::cancellation_type::terminal);
    ended += ending.fine() ? 1 : 0;
  }
  CHECK(ended == 10'000);
  CHECK(bulkhead.stats().cancelled == 0);
  // A new call in the queue is not mistaken for the previous one.
  Permit hold = bulkhead.tryAcquire();
  Ending<> other;
  bulkhead.acquire(other.permitted());
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(other.open());
}

// --- 20: the handler's slot and executor ---------------------------------------------------------

TEST_CASE("a release does not touch the slot of the call that it wakes", "[pitfall_20]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> ending;
  bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), ending.permitted()));
  CHECK(signal.slot().has_handler());
  hold.release();
  CHECK(signal.slot().has_handler());  // it belongs to the handler's executor, which has not run
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("a context with only a pending acquire does not run out of work", "[pitfall_20]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = noTimeout}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  CHECK_FALSE(stage.isIdle());
  hold.release();
  CHECK(stage.isIdle());
  CHECK(ending.fine());
}

// --- 21: after a move, and weights that never fit ------------------------------------------------

TEST_CASE("a moved-from permit is empty, and a weight that never fits fails at once",
          "[pitfall_21]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit permit = bulkhead.tryAcquire();
  Permit owner = std::move(permit);
  CHECK_FALSE(permit);  // NOLINT(bugprone-use-after-move)
  permit.release();
  CHECK(bulkhead.stats().active == 1);
  permit = bulkhead.tryAcquire();  // and may be used again
  CHECK(permit);
  Ending<> never;
  bulkhead.acquire({.queueTimeout = noTimeout, .permits = 3}, never.permitted());
  CHECK(bulkhead.stats().queued == 0);
  stage.settle();
  CHECK(never.is(net::error::invalid_argument));
}

// --- 22: timers that outlive their use -----------------------------------------------------------

TEST_CASE("a long timeout does not keep a context at work once its call is granted",
          "[pitfall_22]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10s}};
  Ending<> atOnce;
  bulkhead.execute([] {}, atOnce.plain());
  CHECK(stage.isIdle());
  for (int i = 0; i < 1000; ++i) {
    Permit hold = bulkhead.tryAcquire();
    Ending<> ending;
    bulkhead.execute([] {}, ending.plain());
    stage.settle();
    hold.release();
    CHECK(stage.isIdle());
    CHECK(ending.fine());
  }
  Ending<> drain;
  bulkhead.drain(drain.coded());
  stage.settle();
  CHECK(drain.fine());
  CHECK(stage.isIdle());
}

// --- 23: a timer that has expired and whose handler has not run ----------------------------------

TEST_CASE("a cancellation between the deadline and the timer's handler ends the call once",
          "[pitfall_23]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> ending;
  bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), ending.permitted()));
  net::post(stage.io, [&] {  // the loop is busy until past the deadline
    ManualClock::advance(1s);
    signal.emit(net::cancellation_type::terminal);
  });
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(bulkhead.stats().timedOut + bulkhead.stats().cancelled == 1);
  hold.release();
  CHECK(isWhole(bulkhead, 1));
}

TEST_CASE("a timer that is late for one call does not expire the next one", "[pitfall_23]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second;
  bulkhead.acquire(first.permitted());
  stage.settle();
  ManualClock::advance(1s);
  hold.release();  // finds the first call expired, and the timer's handler has not run
  hold = bulkhead.tryAcquire();
  CHECK(hold);
  bulkhead.acquire(second.permitted());
  stage.settle();
  CHECK(first.is(Errc::queueTimeout));
  CHECK(second.open());
  stage.advance(1s - 1ns);
  CHECK(second.open());
  stage.advance(1ns);
  CHECK(second.is(Errc::queueTimeout));
}

TEST_CASE("a bulkhead may be destroyed between the expiry of its timer and its handler",
          "[pitfall_23]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(
      std::in_place, stage.io,
      BulkheadConfig{.name = "db", .maxConcurrent = 1, .queueTimeout = 1s});
  Permit hold = bulkhead->tryAcquire();
  Ending<> ending;
  bulkhead->acquire(ending.permitted());
  net::post(stage.io, [&] {
    ManualClock::advance(1s);
    bulkhead.reset();
    hold.release();
  });
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(stage.isIdle());
}

// --- 24: alternating settings --------------------------------------------------------------------

TEST_CASE("the last update wins, and every call sees one update as a whole", "[pitfall_24]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const bulwark::BulkheadOverrides a{.maxConcurrent = 1, .maxQueueSize = 0};
  const bulwark::BulkheadOverrides b{.maxConcurrent = 2, .maxQueueSize = 3};
  for (int i = 0; i < 10; ++i) {
    bulkhead.updateConfig(i % 2 == 0 ? a : b);
    Keepers keepers(bulkhead);
    keepers.come(6);
    stage.settle();
    CHECK(keepers.permits.size() == (i % 2 == 0 ? 1 : 2));
    CHECK(bulkhead.stats().queued == (i % 2 == 0 ? 0 : 3));
    while (!keepers.permits.empty()) {
      keepers.permits.pop_back();
      stage.settle();
    }
  }
}

// --- bugs of well-known libraries ----------------------------------------------------------------

TEST_CASE("a call that timed out does not stay in the queue and swallow the next permit",
          "[fault_failsafe_393]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1s}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> gone, next;
  bulkhead.acquire(gone.permitted());
  stage.advance(500ms);
  bulkhead.acquire(next.permitted());
  stage.advance(500ms);
  CHECK(gone.is(Errc::queueTimeout));
  hold.release();
  stage.settle();
  CHECK(next.fine());
  CHECK(gone.times == 1);
  CHECK_FALSE(gone.permit);
}

TEST_CASE("lowering the limit does not wait for permits and does not stop admission",
          "[fault_resilience4j_change_config]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 10}};
  Permit hold = bulkhead.tryAcquire(8);
  bulkhead.updateConfig(
      {.maxConcurrent = 9});  // returns, although no other thread releases a permit
  CHECK(bulkhead.tryAcquire());
  bulkhead.updateConfig({.maxConcurrent = 3});
  CHECK_FALSE(bulkhead.tryAcquire());
  CHECK(bulkhead.config().maxConcurrent == 3);
  hold.release();
  CHECK(bulkhead.tryAcquire(3));
}

TEST_CASE("a call that was accepted into the queue is not rejected when it leaves the queue",
          "[fault_cockatiel_readmission]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1}};
  std::vector<char> order;
  Ending<> queued, newcomer;
  bulkhead.execute([] {},
                   [&](std::exception_ptr) {
                     // The first call has ended, and this one competes for its place in the queue.
                     bulkhead.execute([&] { order.push_back('n'); }, newcomer.plain());
                   });
  bulkhead.execute([&] { order.push_back('q'); }, queued.plain());
  stage.settle();
  CHECK(queued.fine());
  CHECK(newcomer.fine());
  CHECK(order == std::vector<char>{'q', 'n'});
  CHECK(bulkhead.stats().rejected == 0);
}

TEST_CASE("a large head that leaves wakes the small calls behind it",
          "[fault_seastar_folly_batch]") {
  Stage stage;
  enum class Way { cancelled, timedOut, resized };
  const Way way = GENERATE(Way::cancelled, Way::timedOut, Way::resized);
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  Permit hold = bulkhead.tryAcquire(2);
  net::cancellation_signal signal;
  Ending<> large;
  Keepers small(bulkhead);
  bulkhead.acquire({.queueTimeout = 1s, .permits = 5},
                   net::bind_cancellation_slot(signal.slot(), large.permitted()));
  small.come(3);
  if (way == Way::cancelled) signal.emit(net::cancellation_type::terminal);
  if (way == Way::timedOut) ManualClock::advance(1s);
  if (way == Way::resized) bulkhead.updateConfig({.maxConcurrent = 4});
  stage.settle();
  CHECK(large.times == 1);
  CHECK(small.permits.size() == (way == Way::resized ? 2 : 3));
}

TEST_CASE("user code that throws leaks no permit", "[fault_resilience4j_listener]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  bulkhead.execute([] { throw 1; }, [](std::exception_ptr) { throw 2; });
  CHECK_THROWS_AS(stage.settle(), int);
  CHECK(isWhole(bulkhead, 1));
  Semaphore semaphore{stage.io, {.name = "disk"}};
  CHECK_THROWS_AS(semaphore.withPermit([] { throw 1; }), int);
  CHECK(isWhole(semaphore, 1));
}

TEST_CASE("a release that wakes several calls decides about all of them before user code runs",
          "[fault_asio_try_send_n]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(executor,
                                                              {.name = "db", .maxConcurrent = 3});
  Permit hold = bulkhead.tryAcquire(3);
  // The executor drops the first call that is woken. The destructor of its handler reads the
  // statistics and tries to acquire a permit.
  struct Meddler {
    std::function<void()> act;
    explicit Meddler(std::function<void()> f) : act(std::move(f)) {}
    ~Meddler() { act(); }
  };
  std::size_t seenActive = 0;
  bool gotOne = true;
  Ending<> others[3];
  auto meddler = std::make_shared<Meddler>([&] {
    seenActive = bulkhead.stats().active;
    gotOne = static_cast<bool>(bulkhead.tryAcquire());
  });
  bulkhead.acquire([meddler](net::error_code, Permit) {});
  for (auto& other : others) bulkhead.acquire(other.permitted());
  meddler.reset();
  probe->dropOnly = probe->asked.load();
  hold.release();
  CHECK(seenActive == 3);
  CHECK_FALSE(gotOne);
  stage.settle();
  for (auto& other : others) CHECK(other.fine());
  CHECK(bulkhead.stats().active == 3);
}

TEST_CASE("there is one error category, so that codes made anywhere compare equal",
          "[fault_seastar_category]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> fromLibrary;
  bulkhead.acquire(fromLibrary.permitted());
  stage.settle();
  const net::error_code made = Errc::queueFull;
  CHECK(fromLibrary.code == made);
  CHECK(&fromLibrary.code.category() == &bulwark::bulkheadCategory());
  CHECK(&made.category() == &bulwark::bulkheadCategory());
  CHECK(bulwark::BulkheadRejectedError("x").code() == made);
  CHECK(made != make_error_code(Errc::draining));
}
