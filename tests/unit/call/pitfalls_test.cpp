#include "support/pitfalls.hpp"

// --- 1: a head that leaves hides the calls behind it ---------------------------------------------

TEST_CASE("a head that is cancelled lets in the small call behind it without a release",
          "[pitfall_1]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> a, b;
  bulkhead.acquire({.permits = 2}, net::bind_cancellation_slot(signal.slot(), a.permitted()));
  bulkhead.acquire(b.permitted());
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(a.is(net::error::operation_aborted));
  CHECK(b.fine());
}

TEST_CASE("a head that times out lets in the small call behind it without a release",
          "[pitfall_1]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> a, b;
  bulkhead.acquire({.queueTimeout = 1ms, .permits = 2}, a.permitted());
  bulkhead.acquire(b.permitted());
  stage.advance(1ms);
  CHECK(a.is(Errc::queueTimeout));
  CHECK(b.fine());
}

// --- 2: woken, then cancelled --------------------------------------------------------------------

TEST_CASE("a call that is cancelled after its grant gets its permit, and the next one is not lost",
          "[pitfall_2]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  net::cancellation_signal signal;
  Ending<> first, second;
  bulkhead.acquire(net::bind_cancellation_slot(signal.slot(), first.permitted()));
  bulkhead.acquire(second.permitted());
  hold.release();
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  CHECK(first.fine());
  CHECK(second.open());
  first.permit.release();
  stage.settle();
  CHECK(second.fine());
  second.permit.release();
  CHECK(isWhole(bulkhead, 1));
}

TEST_CASE("a permit granted to a handler that is destroyed instead of run goes to the next call",
          "[pitfall_2]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(executor,
                                                              {.name = "db", .maxConcurrent = 1});
  Permit hold = bulkhead.tryAcquire();
  Ending<> lost, next;
  bulkhead.acquire(lost.permitted());
  bulkhead.acquire(next.permitted());
  probe->dropOnly = probe->asked.load();
  hold.release();
  stage.settle();
  CHECK(lost.open());
  CHECK(next.fine());
  next.permit.release();
  CHECK(isWhole(bulkhead, 1));
}

// --- 3: several permits at once ------------------------------------------------------------------

TEST_CASE("a limit raised by five lets in exactly five calls without a release", "[pitfall_3]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Keepers keepers(bulkhead);
  keepers.come(11);
  stage.settle();
  CHECK(keepers.permits.size() == 1);
  bulkhead.updateConfig({.maxConcurrent = 6});
  stage.settle();
  CHECK(keepers.permits.size() == 6);
  CHECK(bulkhead.stats().queued == 5);
}

TEST_CASE("a release of a permit of weight 3 lets in exactly three calls", "[pitfall_3]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4}};
  Permit one = bulkhead.tryAcquire();
  Permit three = bulkhead.tryAcquire(3);
  Keepers keepers(bulkhead);
  keepers.come(5);
  three.release();
  stage.settle();
  CHECK(keepers.permits.size() == 3);
  CHECK(bulkhead.stats().queued == 2);
}

// --- 4: timeout against grant --------------------------------------------------------------------

TEST_CASE("after a wait that timed out an idle bulkhead has all of its permits", "[pitfall_4]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1ms}};
  Permit hold = bulkhead.tryAcquire();
  Ending<> ending;
  bulkhead.acquire(ending.permitted());
  stage.advance(1ms);
  CHECK(ending.is(Errc::queueTimeout));
  hold.release();
  for (int i = 0; i < 20; ++i) CHECK(isWhole(bulkhead, 1));
}

TEST_CASE("a permit released around a deadline is granted or free, and the call ends once",
          "[pitfall_4]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 10ns}};
  for (int after = 8; after <= 12; ++after) {
    for (const bool polls : {false, true}) {
      Permit hold = bulkhead.tryAcquire();
      Ending<> ending;
      bulkhead.acquire(ending.permitted());
      ManualClock::advance(std::chrono::nanoseconds(after));
      if (polls) stage.settle();
      hold.release();
      stage.settle();
      CHECK(ending.times == 1);
      CHECK(static_cast<bool>(ending.permit) == (after < 10));
      CHECK(ending.code == (after < 10 ? net::error_code() : make_error_code(Errc::queueTimeout)));
      ending.permit.release();
      CHECK(isWhole(bulkhead, 1));
    }
  }
}

TEST_CASE("ten waits that time out leave three of four permits in use", "[pitfall_4]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 4, .queueTimeout = 10ms}};
  Keepers keepers(bulkhead);
  keepers.come(4);
  stage.settle();
  keepers.come(10);
  ManualClock::advance(10ms);
  keepers.permits.pop_back();
  stage.settle();
  CHECK(keepers.codes.size() == 10);
  CHECK(bulkhead.stats().active == 3);
  CHECK(isWhole(bulkhead, 1));
}

// --- 5: permits that leak when something throws --------------------------------------------------

namespace {

/// Fails from the n-th allocation on.
template <typename T>
struct FailingAllocator {
  using value_type = T;
  explicit FailingAllocator(int& n) noexcept : left(&n) {}
  template <typename U>
  FailingAllocator(const FailingAllocator<U>& other) noexcept : left(other.left) {}
  T* allocate(std::size_t n) {
    if ((*left)-- <= 0) throw std::bad_alloc();
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) noexcept { std::allocator<T>().deallocate(memory, n); }
  template <typename U>
  friend bool operator==(const FailingAllocator& a, const FailingAllocator<U>& b) noexcept {
    return a.left == b.left;
  }
  int* left;
};

struct PoorHandler {
  using allocator_type = FailingAllocator<char>;
  allocator_type get_allocator() const noexcept { return allocator_type(*left); }
  void operator()(std::exception_ptr) const { ++*calls; }
  void operator()(net::error_code, Permit) const { ++*calls; }
  int* left;
  int* calls;
};

}  // namespace

TEST_CASE("an allocator that throws at any step costs no permit", "[pitfall_5]") {
  for (const bool queued : {false, true}) {
    for (int kind = 0; kind < 3; ++kind) {
      for (int allowed = 0; allowed < 6; ++allowed) {
        CAPTURE(queued, kind, allowed);
        Stage stage;
        bulwark::Bulkhead<net::io_context::executor_type, ManualClock> bulkhead(
            stage.io, {.name = "db", .maxConcurrent = 1});
        Permit hold = queued ? bulkhead.tryAcquire() : Permit();
        int left = allowed;
        int calls = 0;
        int threw = 0;
        const PoorHandler handler{&left, &calls};
        try {
          if (kind == 0) bulkhead.execute([] {}, handler);
          if (kind == 1) bulkhead.execute([]() -> net::awaitable<void> { co_return; }, handler);
          if (kind == 2) bulkhead.acquire(handler);
        } catch (const std::bad_alloc&) {
          ++threw;
          CHECK(bulkhead.stats().submitted() == (queued ? 1 : 0));
        }
        hold.release();
        for (int i = 0; i < 3; ++i) {
          try {
            stage.settle();
          } catch (const std::bad_alloc&) {
          }
        }
        CHECK(calls + threw <= 1);
        CHECK(threw == (allowed == 0 ? 1 : 0));
        CHECK(bulkhead.stats().active == 0);
        CHECK(isWhole(bulkhead, 1));
      }
    }
  }
}

TEST_CASE("a callable, an awaitable and a handler that throw release their permits",
          "[pitfall_5]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const auto ignore = [](auto&&...) {};
  bulkhead.execute([] { throw 1; }, ignore);
  bulkhead.execute([] { throw 1; }, ignore);
  bulkhead.execute(
      []() -> net::awaitable<void> {
        throw 1;
        co_return;
      },
      ignore);
  stage.settle();
  CHECK(isWhole(bulkhead, 1));
  bulkhead.acquire([](net::error_code, Permit) { throw 1; });
  CHECK_THROWS_AS(stage.settle(), int);
  CHECK(isWhole(bulkhead, 1));
}

// --- 6: double release ---------------------------------------------------------------------------

TEST_CASE("no way of releasing, moving or assigning a permit releases it twice", "[pitfall_6]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3}};
  Permit p = bulkhead.tryAcquire();
  Permit q = bulkhead.tryAcquire();
  Permit r = bulkhead.tryAcquire();
  p.release();
  p.release();
  CHECK(bulkhead.stats().active == 2);
  q = std::move(r);  // releases what q held
  CHECK(bulkhead.stats().active == 1);
  r.release();  // NOLINT(bugprone-use-after-move)
  auto& same = q;
  q = std::move(same);
  CHECK(q);
  CHECK(bulkhead.stats().active == 1);
  q.release();
  CHECK(bulkhead.stats().active == 0);
  CHECK(bulkhead.stats().executed == 3);
  CHECK(isWhole(bulkhead, 3));
}

// --- 7: over-admission ---------------------------------------------------------------------------

TEST_CASE("a random run never exceeds the limit of running calls or of waiting calls",
          "[pitfall_7]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5, .maxQueueSize = 7}};
  std::mt19937 random(7);
  std::vector<Permit> held;
  std::size_t inside = 0;  // counted here
  std::size_t ended = 0;
  std::size_t started = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t weight = random() % 5 + 1;
    switch (random() % 4) {
      case 0:
      case 1:
        ++started;
        bulkhead.acquire(
            {.queueTimeout = std::chrono::nanoseconds(random() % 50), .permits = weight},
            [&](net::error_code code, Permit permit) {
              ++ended;
              if (code) return;
              inside += permit.count();
              held.push_back(std::move(permit));
            });
        break;
      case 2:
        if (held.empty()) break;
        inside -= held.back().count();
        held.pop_back();
        break;
      case 3:
        stage.advance(std::chrono::nanoseconds(random() % 10));
        break;
    }
    const auto stats = bulkhead.stats();
    if (inside > 5 || stats.active > 5 || stats.queued > 7 || stats.active < inside) {
      FAIL("inside " << inside << ", active " << stats.active << ", queued " << stats.queued);
    }
  }
  held.clear();
  inside = 0;
  stage.advance(1s);
  held.clear();
  stage.settle();
  CHECK(ended == started);
  CHECK(bulkhead.stats().submitted() == started);
  CHECK(bulkhead.stats().peakActive == 5);
  CHECK(bulkhead.stats().peakQueued == 7);
  CHECK(isWhole(bulkhead, 5));
}

// --- 8: barging ----------------------------------------------------------------------------------

TEST_CASE("a caller that releases and asks again at once comes after the waiting call",
          "[pitfall_8]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  std::vector<char> order;
  bulkhead.acquire([&](net::error_code, Permit) { order.push_back('q'); });
  hold.release();
  CHECK_FALSE(bulkhead.tryAcquire());
  bulkhead.acquire({.queueTimeout = 1s}, [&](net::error_code, Permit) { order.push_back('n'); });
  stage.settle();
  CHECK(order == std::vector<char>{'q', 'n'});
}

TEST_CASE("a handler that asks again goes to the end of the queue", "[pitfall_8]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  std::vector<int> order;
  const auto enter = [&](int id) {
    bulkhead.execute([&order, id] { order.push_back(id); },
                     [&, id](std::exception_ptr) {
                       bulkhead.execute([&order, id] { order.push_back(id + 10); },
                                        [](std::exception_ptr) {});
                     });
  };
  for (int id = 0; id < 4; ++id) enter(id);
  stage.settle();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 10, 11, 12, 13});
}

// --- 9: re-entrance ------------------------------------------------------------------------------

TEST_CASE("a chain of 100000 calls made by handlers does not grow the stack", "[pitfall_9]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const char* deepest = nullptr;
  const char* shallowest = nullptr;
  int left = 100'000;
  const auto note = [&] {
    // Not the address of a variable, which AddressSanitizer may place elsewhere.
    const auto* const address = static_cast<const char*>(__builtin_frame_address(0));
    if (deepest == nullptr || address < deepest) deepest = address;
    if (shallowest == nullptr || address > shallowest) shallowest = address;
  };
  SECTION("execute") {
    std::function<void()> next = [&] {
      note();
      if (--left > 0) bulkhead.execute([] {}, [&](std::exception_ptr) { next(); });
    };
    next();
    stage.settle();
  }
  SECTION("acquire, each call queued behind the previous one") {
    std::function<void()> next = [&] {
      note();
      if (--left > 0) {
        bulkhead.acquire([&](net::error_code, Permit permit) {
          next();
          permit.release();
        });
      }
    };
    next();
    stage.settle();
  }
  SECTION("a queue of callables that each queue the next one") {
    std::function<void()> next = [&] {
      note();
      if (--left > 0) bulkhead.execute([&] { next(); }, [](std::exception_ptr) {});
    };
    next();
    stage.settle();
  }
  SECTION("rejections") {
    Permit hold = bulkhead.tryAcquire();
    std::function<void()> next = [&] {
      note();
      if (--left > 0) {
        bulkhead.execute([] {}, {.queueTimeout = 0ns}, [&](std::exception_ptr) { next(); });
      }
    };
    next();
    stage.settle();
  }
  CHECK(left == 0);
  CHECK(shallowest - deepest < 100'000);
}

TEST_CASE("a handler may release, resize, read, drain and resume its own bulkhead", "[pitfall_9]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit other = bulkhead.tryAcquire();
  Ending<> queued, drain;
  int calls = 0;
  bulkhead.execute([] {},
                   [&](std::exception_ptr) {
                     ++calls;
                     bulkhead.updateConfig({.maxConcurrent = 3});
                     other = bulkhead.tryAcquire();
                     CHECK(bulkhead.stats().executed == 2);
                     CHECK(bulkhead.config().maxConcurrent == 3);
                     bulkhead.drain(drain.coded());
                     bulkhead.resume();
                     bulkhead.reset();
                     bulkhead.execute([] {}, queued.plain());
                     other.release();
                   });
  other.release();
  stage.settle();
  CHECK(calls == 1);
  CHECK(queued.fine());
  CHECK(drain.is(net::error::operation_aborted));
  CHECK(isWhole(bulkhead, 3));
}

TEST_CASE("the destructor of a handler may release a permit of the same bulkhead", "[pitfall_9]") {
  Stage stage;
  auto probe = std::make_shared<ExecutorProbe>();
  InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::Bulkhead<decltype(executor), ManualClock> bulkhead(executor,
                                                              {.name = "db", .maxConcurrent = 2});
  auto inHandler = std::make_shared<Permit>(bulkhead.tryAcquire());
  Permit hold = bulkhead.tryAcquire();
  Ending<> first, second;
  bulkhead.acquire([inHandler, &first](net::error_code code, Permit permit) {
    first.permitted()(code, std::move(permit));
  });
  bulkhead.acquire(second.permitted());
  inHandler.reset();
  probe->dropOnly = probe->asked.load();
  hold.release();  // grants the first, and the drop of its handler releases another permit
  stage.settle();
  CHECK(first.open());
  CHECK(second.fine());
  second.permit.release();
  CHECK(isWhole(bulkhead, 2));
}

// --- 10: destroyed while in use ------------------------------------------------------------------

TEST_CASE("destroying the bulkhead completes each waiting call once, and permits stay safe",
          "[pitfall_10]") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io,
                                   BulkheadConfig{.name = "db", .maxConcurrent = 2});
  Permit hold = bulkhead->tryAcquire();
  net::cancellation_signal signal;
  Ending<> waiting, timed;
  bulkhead->acquire({.permits = 2},
                    net::bind_cancellation_slot(signal.slot(), waiting.permitted()));
  bulkhead->acquire({.queueTimeout = 1s}, timed.permitted());
  net::post(stage.io, [&] { bulkhead.reset(); });
  ManualClock::advance(1s);  // the timer and the destruction in one poll
  net::post(stage.io, [&] { signal.emit(net::cancellation_type::terminal); });
  stage.settle();
  CHECK(waiting.is(net::error::operation_aborted));
  CHECK(timed.times == 1);
  hold.release();
  CHECK(stage.isIdle());
}

// --- 11: lowering the limit below what is in use -------------------------------------------------

TEST_CASE("lowering the limit below what is in use returns at once and admits calls below it",
          "[pitfall_11]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  std::vector<Permit> held;
  for (int i = 0; i < 5; ++i) held.push_back(bulkhead.tryAcquire());
  bulkhead.updateConfig({.maxConcurrent = 2});
  Keepers keepers(bulkhead);
  keepers.come(2);
  for (int release = 1; release <= 3; ++release) {
    held.pop_back();
    stage.settle();
    CHECK(keepers.permits.empty());
  }
  held.pop_back();
  stage.settle();
  CHECK(keepers.permits.size() == 1);
}

TEST_CASE("after many resizes nothing is over the limit and every call has been served",
          "[pitfall_11]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 3, .maxQueueSize = unlimited}};
  std::mt19937 random(11);
  Keepers keepers(bulkhead);
  int calls = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t limit = random() % 8 + 1;
    const std::size_t before = bulkhead.stats().active;
    bulkhead.updateConfig({.maxConcurrent = limit});
    CHECK(bulkhead.stats().active <= std::max(before, limit));
    keepers.come(1);
    ++calls;
    if (random() % 2 == 0 && !keepers.permits.empty()) keepers.permits.pop_back();
    if (random() % 3 == 0) stage.settle();
  }
  while (!keepers.permits.empty() || bulkhead.stats().queued != 0) {
    keepers.permits.clear();
    stage.settle();
  }
  CHECK(keepers.codes.empty());
  CHECK(bulkhead.stats().executed == static_cast<std::uint64_t>(calls));
  bulkhead.updateConfig({.maxConcurrent = 4});
  CHECK(isWhole(bulkhead, 4));
}
