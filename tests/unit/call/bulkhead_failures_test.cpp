#include <bulwark/detail/call/entry_guard.hpp>
#include <bulwark/detail/limiter/grant.hpp>

#include "support/failures.hpp"

// --- executors that refuse or drop ---------------------------------------------------------------

namespace {

using Flaky = InstrumentedExecutor<net::io_context::executor_type>;
using FlakyBulkhead = bulwark::Bulkhead<Flaky, ManualClock>;

/// Makes calls of every kind on a bulkhead of two permits. Records which calls the initiating
/// function refused with an exception, and how the others ended.
struct Scenario {
  static constexpr int calls = 12;

  template <typename B>
  void run(net::io_context& io, B& bulkhead) {
    const auto call = [&](int i, auto begin) {
      try {
        begin(Witness(fates[i]));
      } catch (const ExecutorProbe::Refused&) {
        refused[i] = true;
      } catch (const std::bad_alloc&) {
        refused[i] = true;
      }
    };
    call(0, [&](auto h) { bulkhead.execute([] {}, h); });
    call(1, [&](auto h) { bulkhead.execute([]() -> int { throw 1; }, h); });
    call(2, [&](auto h) { bulkhead.execute([] { return std::string("two"); }, h); });
    call(3, [&](auto h) { bulkhead.acquire(h); });
    call(4, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 5ms, .permits = 2}, h); });
    call(5, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 0ms}, h); });
    call(6, [&](auto h) { bulkhead.execute([] {}, {.permits = 3}, h); });
    settleAll(io);
    Permit hold = bulkhead.tryAcquire(2);
    call(7, [&](auto h) { bulkhead.acquire({.queueTimeout = 1ms}, h); });
    call(8,
         [&](auto h) { bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), h)); });
    call(9, [&](auto h) { bulkhead.execute([] {}, h); });
    ManualClock::advance(1ms);
    settleAll(io);
    signal.emit(net::cancellation_type::terminal);
    hold.release();
    settleAll(io);
    Permit last = bulkhead.tryAcquire(2);
    call(10, [&](auto h) { bulkhead.acquire(h); });
    call(11, [&](auto h) { bulkhead.drain(h); });
    last.release();
    settleAll(io);
    bulkhead.resume();
    settleAll(io);
  }

  /// Checks that each call ended once and that nothing is left over.
  template <typename B>
  void check(B& bulkhead, std::uint64_t granted) {
    std::uint64_t counted = granted;
    for (int i = 0; i < calls; ++i) {
      CAPTURE(i);
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked <= (refused[i] ? 0 : 1));
      if (!refused[i] && i != 6 && i != 11)
        ++counted;  // a wrong weight and a drain are not counted
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.submitted() == counted);
    CHECK(stats.active == 0);
    CHECK(stats.running == 0);
    CHECK(stats.queued == 0);
    CHECK(bulkhead.tryAcquire(2).count() == 2);
  }

  Fate fates[calls];
  bool refused[calls] = {};
  net::cancellation_signal signal;
};

}  // namespace

TEST_CASE("an executor that refuses any one submission loses nothing", "[lifetime]") {
  bool everRefused = false;
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->refuseOnly = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    scenario.check(bulkhead, 2);
    CHECK(stage.isIdle());
    for (bool refused : scenario.refused) everRefused |= refused;
    if (probe->asked <= number) break;  // there was no submission of that number
    REQUIRE(number < 1000);
  }
  CHECK(everRefused);
}

TEST_CASE("the last call that an executor refuses cancels the timer", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .queueTimeout = 1h});
  Permit hold = bulkhead.tryAcquire();
  Fate first, second;
  bulkhead.execute([] {}, Witness(first));
  bulkhead.execute([] {}, Witness(second));
  probe->refuseFromNowOn();
  hold.release();  // grants the first call, its end grants the second, whose end leaves the
                   // bulkhead idle
  probe->acceptAgain();
  CHECK((first.destroyed == 1 && second.destroyed == 1));
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .cancelled = 2});
  CHECK(stage.isIdle());
}

TEST_CASE("an executor that drops any one submission loses nothing", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->dropOnly = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    scenario.check(bulkhead, 2);
    for (bool refused : scenario.refused) CHECK_FALSE(refused);
    CHECK(stage.isIdle());
    if (probe->asked <= number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("an executor that refuses everything from some point on loses nothing", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    auto probe = std::make_shared<ExecutorProbe>();
    FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                           {.name = "db", .maxConcurrent = 2, .queueTimeout = 1s});
    probe->refuseAfter = number;
    Scenario scenario;
    scenario.run(stage.io, bulkhead);
    probe->acceptAgain();
    settleAll(stage.io);
    scenario.check(bulkhead, 2);
    if (probe->submitted < number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("a submission refused in the initiating function changes nothing", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0});
  const Mode mode = GENERATE(Mode::enforce, Mode::observe, Mode::off);
  bulkhead.updateConfig({.mode = mode});
  probe->refuseFromNowOn();
  const auto ignore = [](auto&&...) {};
  const auto all = [&] {
    CHECK_THROWS_AS(bulkhead.execute([] {}, ignore), ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, ignore),
                    ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.acquire(ignore), ExecutorProbe::Refused);
    CHECK_THROWS_AS(bulkhead.execute([] {}, {.permits = 0}, ignore), ExecutorProbe::Refused);
  };
  all();  // calls that would be granted
  CHECK(countersOf(bulkhead) == Counters{});
  Permit hold = bulkhead.tryAcquire();
  const auto before = countersOf(bulkhead);
  all();  // calls that would be rejected
  CHECK(countersOf(bulkhead) == before);
  CHECK(bulkhead.stats().overLimit == 0);
  probe->acceptAgain();
  bulkhead.drain([](net::error_code) {});
  probe->refuseFromNowOn();
  all();  // calls that a drain would refuse
  CHECK(countersOf(bulkhead) == before);
}

TEST_CASE("a submission that the executor destroys and then refuses changes nothing",
          "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0});
  probe->drop = true;
  probe->refuseDropped = true;
  const auto ignore = [](auto&&...) {};
  CHECK_THROWS_AS(bulkhead.execute([] {}, ignore), ExecutorProbe::Refused);
  CHECK_THROWS_AS(bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, ignore),
                  ExecutorProbe::Refused);
  CHECK_THROWS_AS(bulkhead.acquire(ignore), ExecutorProbe::Refused);
  CHECK(countersOf(bulkhead) == Counters{});
  CHECK(bulkhead.tryAcquire().count() == 1);
}

TEST_CASE("a call that is dropped on its way counts as cancelled, and its permit is released",
          "[lifetime]") {
  enum class Kind { plain, awaitable, permit };
  const Kind kind = GENERATE(Kind::plain, Kind::awaitable, Kind::permit);
  const bool queued = GENERATE(false, true);
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe), {.name = "db", .maxConcurrent = 1});
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  bool ran = false;
  Fate dropped;
  Ending<> next;
  if (!queued) probe->dropOnly = probe->asked.load();
  if (kind == Kind::plain) bulkhead.execute([&] { ran = true; }, Witness(dropped));
  if (kind == Kind::awaitable) {
    bulkhead.execute(
        [&] {
          ran = true;
          return ready(1);
        },
        Witness(dropped));
  }
  if (kind == Kind::permit) bulkhead.acquire(Witness(dropped));
  bulkhead.acquire(next.permitted());
  if (queued) probe->dropOnly = probe->asked.load();
  hold.release();
  stage.settle();
  CHECK_FALSE(ran);
  CHECK(dropped.invoked == 0);
  CHECK(dropped.destroyed == 1);
  CHECK(next.fine());
  CHECK(countersOf(bulkhead) ==
        Counters{.executed = queued ? 1U : 0U, .cancelled = 1, .running = 1});
}

TEST_CASE("a queue of any length survives an executor that has begun to refuse", "[lifetime]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  FlakyBulkhead bulkhead(Flaky(stage.io.get_executor(), probe),
                         {.name = "db", .maxConcurrent = 1, .maxQueueSize = bulwark::unlimited});
  constexpr int many = 20'000;  // enough to overflow the stack if each call took a frame
  const bool plain = GENERATE(false, true);
  Permit hold = bulkhead.tryAcquire();
  std::vector<Fate> fates(many);
  for (auto& fate : fates) {
    if (plain) {
      bulkhead.execute([] {}, Witness(fate));
    } else {
      bulkhead.acquire(Witness(fate));
    }
  }
  probe->refuseFromNowOn();
  hold.release();
  probe->acceptAgain();
  settleAll(stage.io);
  int gone = 0;
  for (auto& fate : fates) gone += fate.destroyed == 1 && fate.invoked == 0 ? 1 : 0;
  CHECK(gone == many);
  CHECK(countersOf(bulkhead) == Counters{.executed = 1, .cancelled = many});
}

// --- memory, copies and moves that fail ----------------------------------------------------------

TEST_CASE("an allocation that fails in an initiating function changes nothing", "[lifetime]") {
  std::size_t failures = 0;
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    // An executor without strands, because Asio's constructor of a strand crashes when an
    // allocation fails in it.
    using Executor = net::io_context::executor_type;
    bulwark::Bulkhead<Executor, ManualClock> bulkhead(stage.io, {.name = "db", .maxConcurrent = 2});
    failAllocation(number);
    Fate fates[9];
    std::uint64_t started = 0;
    net::cancellation_signal signals[3];
    const auto call = [&](int i, auto begin) {
      Witness witness(fates[i]);
      const auto before = countersOf(bulkhead);
      try {
        const Armed armed;
        begin(std::move(witness));
        if (i != 8) ++started;
      } catch (const std::bad_alloc&) {
        ++failures;
        CHECK(countersOf(bulkhead) == before);
      }
    };
    const auto awaitable = []() -> net::awaitable<int, Executor> { co_return 1; };
    call(0, [&](auto h) { bulkhead.execute([] {}, std::move(h)); });
    call(1, [&](auto h) { bulkhead.execute(awaitable, std::move(h)); });
    call(2, [&](auto h) { bulkhead.execute([] {}, std::move(h)); });
    call(3, [&](auto h) {
      bulkhead.execute([] {}, net::bind_cancellation_slot(signals[0].slot(), std::move(h)));
    });
    call(4, [&](auto h) {
      bulkhead.execute(awaitable, net::bind_cancellation_slot(signals[1].slot(), std::move(h)));
    });
    call(5, [&](auto h) {
      bulkhead.acquire(net::bind_cancellation_slot(signals[2].slot(), std::move(h)));
    });
    call(6, [&](auto h) { bulkhead.acquire({.permits = 2}, std::move(h)); });
    call(7, [&](auto h) { bulkhead.execute([] {}, {.queueTimeout = 1ms}, std::move(h)); });
    settleAll(stage.io);
    call(8, [&](auto h) { bulkhead.drain(1s, std::move(h)); });
    settleAll(stage.io);
    for (auto& fate : fates) {
      CHECK(fate.destroyed == 1);
      CHECK(fate.invoked <= 1);
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.submitted() == started);
    CHECK(stats.active == 0);
    CHECK(stats.queued == 0);
    if (Plan::count <= number) break;
    REQUIRE(number < 1000);
  }
  CHECK(failures > 0);
}

TEST_CASE("an allocation that fails in a later step loses no permit", "[lifetime]") {
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
    Permit hold = bulkhead.tryAcquire(2);
    Fate fates[5];
    bulkhead.execute([] {}, Witness(fates[0]));
    bulkhead.execute([]() -> net::awaitable<int> { co_return 1; }, Witness(fates[1]));
    bulkhead.acquire(Witness(fates[2]));
    bulkhead.execute([] { return std::string(100, 'x'); }, Witness(fates[3]));
    bulkhead.acquire({.queueTimeout = 1ms}, Witness(fates[4]));
    ManualClock::advance(1ms);
    failAllocation(number);
    {
      const Armed armed;
      hold.release();
    }
    for (int i = 0; i < 5; ++i) {
      try {
        const Armed armed;
        settle(stage.io);
      } catch (const std::bad_alloc&) {
      }
    }
    settleAll(stage.io);
    for (auto& fate : fates) {
      CHECK(fate.destroyed == 1);
      CHECK(fate.invoked <= 1);
    }
    CHECK(bulkhead.stats().submitted() == 6);
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire(2));
    if (Plan::count <= number) break;
    REQUIRE(number < 1000);
  }
}

TEST_CASE("a copy or move of a callable that throws loses no permit", "[lifetime]") {
  struct Callable {
    FailsToMove part;
    int operator()() { return 1; }
  };
  struct Factory {
    FailsToMove part;
    net::awaitable<int> operator()() { co_return 1; }
  };
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    Permit hold = queued ? bulkhead.tryAcquire() : Permit();
    const std::uint64_t granted = queued ? 1 : 0;
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    int threw[2] = {};
    const auto call = [&](int i, const auto& callable) {
      const auto before = countersOf(bulkhead);
      try {
        bulkhead.execute(callable, Witness(fates[i]));
      } catch (const Thrown&) {
        ++threw[i];
        CHECK(countersOf(bulkhead) == before);
      }
    };
    call(0, Callable{});
    hold.release();
    settleAll(stage.io);
    call(1, Factory{});
    settleAll(stage.io);
    for (int i = 0; i < 2; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked + threw[i] <= 1);
    }
    CHECK(bulkhead.stats().submitted() ==
          granted + 2 - static_cast<std::uint64_t>(threw[0] + threw[1]));
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a copy or move of a handler that throws loses no permit", "[lifetime]") {
  struct Handler {
    Witness witness;
    FailsToMove part;
    void operator()(std::exception_ptr error) { witness(std::move(error)); }
    void operator()(net::error_code code, Permit permit) { witness(code, std::move(permit)); }
  };
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    int threw[2] = {};
    const auto call = [&](int i, auto initiate) {
      Permit hold = queued ? bulkhead.tryAcquire() : Permit();
      const auto before = countersOf(bulkhead);
      try {
        initiate(Handler{Witness(fates[i]), {}});
      } catch (const Thrown&) {
        ++threw[i];
        CHECK(countersOf(bulkhead) == before);
      }
      hold.release();
      settleAll(stage.io);
    };
    call(0, [&](Handler handler) { bulkhead.execute([] {}, std::move(handler)); });
    call(1, [&](Handler handler) { bulkhead.acquire(std::move(handler)); });
    for (int i = 0; i < 2; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked + threw[i] <= 1);
    }
    CHECK(bulkhead.stats().active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a result whose move throws loses no permit and completes at most once", "[lifetime]") {
  // With g++ 11, the handler held by Asio's completion of an awaitable is lost here.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
  constexpr bool awaitables = false;
#else
  constexpr bool awaitables = true;
#endif
  const bool queued = GENERATE(false, true);
  for (std::size_t number = 0;; ++number) {
    CAPTURE(number, queued);
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    Permit hold = queued ? bulkhead.tryAcquire() : Permit();
    FailingMoves::number = 0;
    FailingMoves::failing = number;
    Fate fates[2];
    bulkhead.execute([] { return FailsToMove(); }, Witness(fates[0]));
    hold.release();
    settleAll(stage.io);
    if (awaitables) {
      bulkhead.execute([]() -> net::awaitable<FailsToMove> { co_return FailsToMove(); },
                       Witness(fates[1]));
      settleAll(stage.io);
    }
    const int calls = awaitables ? 2 : 1;
    for (int i = 0; i < calls; ++i) {
      CHECK(fates[i].destroyed == 1);
      CHECK(fates[i].invoked <= 1);
    }
    const auto stats = bulkhead.stats();
    CHECK(stats.executed + stats.failed + stats.cancelled == calls + (queued ? 1 : 0));
    CHECK(stats.active == 0);
    CHECK(bulkhead.tryAcquire());
    if (FailingMoves::number <= number) break;
    REQUIRE(number < 1000);
  }
  FailingMoves::failing = SIZE_MAX;
}

TEST_CASE("a call whose result cannot be constructed fails", "[lifetime]") {
  struct Unmakeable {
    Unmakeable() = default;
    explicit Unmakeable(int) { throw Thrown(); }
  };
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<Unmakeable> ending;
  bulkhead.execute([] { return Unmakeable(1); }, ending.valued());
  stage.settle();
  CHECK(isExactly<Thrown>(ending.error));
  CHECK(countersOf(bulkhead) == Counters{.failed = 1});
}

// --- executors with a side effect in their destructor --------------------------------------------

namespace {

/// Returns an executor of `io` whose last copy calls `end` when it is destroyed.
auto executorThatEndsWith(net::io_context& io, std::function<void()> end) {
  auto probe = std::make_shared<ExecutorProbe>();
  probe->whenAsked = [last = std::shared_ptr<void>(nullptr, [end](void*) mutable {
                        end();
                        end = nullptr;
                      })] {};
  return InstrumentedExecutor(io.get_executor(), std::move(probe));
}

}  // namespace

TEST_CASE("the destructor of an executor may use the library", "[lifetime]") {
  Stage stage;
  const bool timed = GENERATE(false, true);
  int ended = 0;
  const auto end = [&] {
    Bulkhead other{stage.io, {.name = "other"}};
    CHECK(other.tryAcquire());
    ++ended;
  };
  {
    bulwark::Bulkhead<InstrumentedExecutor<net::io_context::executor_type>, ManualClock> bulkhead{
        executorThatEndsWith(stage.io, end), {.name = "db", .maxConcurrent = 1}};
    Permit hold = bulkhead.tryAcquire();
    Ending<> ending;
    if (timed) {
      bulkhead.acquire({.queueTimeout = 1s}, ending.permitted());
      stage.advance(1s);
      CHECK(ending.is(Errc::queueTimeout));
    }
    stage.settle();
    CHECK(ended == 0);
  }
  CHECK(ended == 1);
  CHECK(stage.isIdle());
}

TEST_CASE("the destructor of a manager's executor may use the library", "[lifetime]") {
  Stage stage;
  bool ended = false;
  const auto end = [&] {
    Bulkhead other{stage.io, {.name = "other"}};
    CHECK(other.tryAcquire());
    ended = true;
  };
  {
    bulwark::BulkheadManager<InstrumentedExecutor<net::io_context::executor_type>, ManualClock>
        manager{executorThatEndsWith(stage.io, end), {.defaults = {.maxConcurrent = 1}}};
    CHECK(manager.bulkhead("db").tryAcquire());
  }
  CHECK(ended);
}

TEST_CASE("the executor of a bulkhead may hold the last reference to its context", "[lifetime]") {
  ManualClock::reset();
  const bool timed = GENERATE(false, true);
  bool ended = false;
  auto io = std::make_shared<net::io_context>();
  auto& context = *io;
  {
    bulwark::Bulkhead<InstrumentedExecutor<net::io_context::executor_type>, ManualClock> bulkhead{
        executorThatEndsWith(context,
                             [&ended, kept = std::move(io)]() mutable {
                               kept.reset();
                               ended = true;
                             }),
        {.name = "db", .maxConcurrent = 1}};
    Permit hold = bulkhead.tryAcquire();
    Ending<> ending;
    if (timed) {
      bulkhead.acquire({.queueTimeout = 1s}, ending.permitted());
      ManualClock::advance(1s);
      settle(context);
      CHECK(ending.is(Errc::queueTimeout));
    }
  }
  CHECK(ended);
}
