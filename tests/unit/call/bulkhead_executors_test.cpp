#include <bulwark/detail/runtime/asio_host.hpp>
#include <bulwark/detail/runtime/handler_work.hpp>
#include <bulwark/detail/runtime/operation_memory.hpp>

#include "support/token_ends.hpp"

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
