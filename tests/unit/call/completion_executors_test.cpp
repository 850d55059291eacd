#include <bulwark/bulwark.hpp>
#include <bulwark/detail/runtime/completion.hpp>
#include <bulwark/detail/runtime/post_to.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(co_spawn.hpp)
#include BULWARK_NET(strand.hpp)

#if BULWARK_ASIO_VERSION >= 102400
#include BULWARK_NET(deferred.hpp)
#if BULWARK_ASIO_IS_BOOST
#include <boost/asio/experimental/parallel_group.hpp>
#else
#include <asio/experimental/parallel_group.hpp>
#endif
#endif
#if BULWARK_ASIO_VERSION >= 102600
#include BULWARK_NET(any_completion_executor.hpp)
#include BULWARK_NET(any_completion_handler.hpp)
#endif
#if BULWARK_ASIO_VERSION >= 103700
#include BULWARK_NET(inline_executor.hpp)
#endif

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

// Handlers whose executor cannot be posted to, or is not known when the operation is compiled.
// Every operation accepts the handlers that Asio's own timer accepts.

using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using Manager = bulwark::BulkheadManager<net::any_io_executor, ManualClock>;
using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;

/// The least that an executor can be: it has execute() and no properties.
struct Bare {
  int* executed;

  template <typename F>
  void execute(F f) const {
    ++*executed;
    std::move(f)();
  }
  friend bool operator==(const Bare&, const Bare&) noexcept = default;
};

namespace {

// --- making such a handler out of a plain one ----------------------------------------------------

struct OnBare {
  std::shared_ptr<int> executed = std::make_shared<int>(0);

  template <typename Signature, typename H>
  auto make(net::io_context&, H handler) const {
    return net::bind_executor(Bare{executed.get()}, std::move(handler));
  }
  void check(int handlers) const { CHECK(*executed == handlers); }
};

#if BULWARK_ASIO_VERSION >= 102600
struct OnAnyExecutor {
  template <typename Signature, typename H>
  auto make(net::io_context& io, H handler) const {
    return net::bind_executor(net::any_completion_executor(net::make_strand(io)),
                              std::move(handler));
  }
  void check(int) const {}
};

struct Erased {
  template <typename Signature, typename H>
  auto make(net::io_context&, H handler) const {
    return net::any_completion_handler<Signature>(std::move(handler));
  }
  void check(int) const {}
};

/// The executor and the allocator are those of the inner handler.
struct ErasedOnBare : OnBare {
  template <typename Signature, typename H>
  auto make(net::io_context&, H handler) const {
    return net::any_completion_handler<Signature>(
        net::bind_executor(Bare{executed.get()}, std::move(handler)));
  }
};
#endif

#if BULWARK_ASIO_VERSION >= 103700
struct Inline {
  template <typename Signature, typename H>
  auto make(net::io_context&, H handler) const {
    return net::bind_executor(net::inline_executor(), std::move(handler));
  }
  void check(int) const {}
};
#endif

using Kinds = std::tuple<OnBare
#if BULWARK_ASIO_VERSION >= 102600
                         ,
                         OnAnyExecutor, Erased, ErasedOnBare
#endif
#if BULWARK_ASIO_VERSION >= 103700
                         ,
                         Inline
#endif
                         >;

using Plain = void(std::exception_ptr);
using Valued = void(std::exception_ptr, int);
using Permitted = void(net::error_code, Permit);
using Coded = void(net::error_code);

/// Makes handlers of one kind and counts the calls and the handlers still alive.
template <typename Kind>
class Handlers {
 public:
  explicit Handlers(net::io_context& io) : io_(io) {}
  ~Handlers() {
    CHECK(*alive_ == 0);
    kind_.check(called_);
  }

  template <typename Signature>
  auto make() {
    return make<Signature>(net::cancellation_slot());
  }
  template <typename Signature>
  auto make(net::cancellation_slot slot) {
    ++made_;
    return kind_.template make<Signature>(
        io_, net::bind_cancellation_slot(
                 slot, [this, alive = Alive(alive_)](auto&& first, auto&&...) mutable {
                   CHECK(settling_);  // never inside the initiating function
                   ++called_;
                   if constexpr (std::is_same_v<std::decay_t<decltype(first)>, net::error_code>) {
                     code = first;
                   } else {
                     code = bulwark::errorCodeOf(first);
                   }
                 }));
  }

  /// Returns whether as many handlers have been called as were made.
  bool allCalled() const { return called_ == made_; }

  void settle() {
    settling_ = true;
    ::settle(io_);
    settling_ = false;
  }
  void advance(ManualClock::duration by) {
    ManualClock::advance(by);
    settle();
  }

  net::error_code code;  // of the last handler

 private:
  class Alive {
   public:
    explicit Alive(int* count) : count_(count) { ++*count_; }
    Alive(Alive&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    ~Alive() {
      if (count_ != nullptr) --*count_;
    }

   private:
    int* count_;
  };

  net::io_context& io_;
  std::unique_ptr<int> aliveCount_ = std::make_unique<int>(0);
  int* alive_ = aliveCount_.get();
  Kind kind_;
  int made_ = 0;
  int called_ = 0;
  bool settling_ = false;
};

net::awaitable<int> awaitedSeven() { co_return 7; }

}  // namespace

TEMPLATE_LIST_TEST_CASE("every operation takes what Asio's timer takes", "[executors]", Kinds) {
  Stage stage;
  Handlers<TestType> handlers(stage.io);
  const auto completed = [&](net::error_code expected = {}) {
    handlers.settle();
    CHECK(handlers.allCalled());
    CHECK(handlers.code == expected);
  };
  SECTION("a timer") {
    net::basic_waitable_timer<ManualClock> timer(stage.io);
    timer.async_wait(handlers.template make<Coded>());
    completed();
  }
  SECTION("a bulkhead") {
    Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
    bulkhead.execute([] {}, handlers.template make<Plain>());
    completed();
    bulkhead.execute([] { return 7; }, handlers.template make<Valued>());
    completed();
    bulkhead.execute(awaitedSeven, handlers.template make<Valued>());
    completed();
    bulkhead.acquire(handlers.template make<Permitted>());
    completed();
    bulkhead.execute([] {}, {.permits = 2}, handlers.template make<Plain>());
    completed(net::error::invalid_argument);
    bulkhead.drain(handlers.template make<Coded>());
    completed();
    bulkhead.execute([] {}, handlers.template make<Plain>());
    completed(Errc::draining);
    bulkhead.acquire(handlers.template make<Permitted>());
    completed(Errc::draining);
  }
  SECTION("a semaphore") {
    Semaphore semaphore{stage.io, {.name = "cpu", .permits = 1}};
    semaphore.withPermit([] { return 7; }, handlers.template make<Valued>());
    completed();
    semaphore.acquire(handlers.template make<Permitted>());
    completed();
    semaphore.drain(handlers.template make<Coded>());
    completed();
  }
  SECTION("a breaker") {
    Breaker breaker{stage.io, {.name = "api", .minimumCalls = 1}};
    breaker.execute([] {}, handlers.template make<Plain>());
    completed();
    breaker.execute(awaitedSeven, handlers.template make<Valued>());
    completed();
    breaker.forceOpen();
    breaker.execute([] {}, handlers.template make<Plain>());
    completed(Errc::circuitOpen);
  }
  SECTION("a retry") {
    Retry retry{stage.io, {.name = "api"}};
    retry.execute([] {}, handlers.template make<Plain>());
    completed();
    retry.execute(awaitedSeven, handlers.template make<Valued>());
    completed();
  }
  SECTION("a manager") {
    Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
    const bulwark::ManagerCallOptions options{.semaphores = {"cpu"}};
    manager.execute(
        "db", [] {}, handlers.template make<Plain>());
    completed();
    manager.execute("db", awaitedSeven, options, handlers.template make<Valued>());
    completed();
    manager.execute(
        "db", [] {}, {.semaphores = {"none"}}, handlers.template make<Plain>());
    completed(net::error::invalid_argument);
    Permit hold = manager.semaphore("cpu")->tryAcquire();
    manager.execute(
        "db", [] {}, options, handlers.template make<Plain>());
    handlers.settle();
    CHECK_FALSE(handlers.allCalled());
    hold.release();
    completed();
    manager.drainAll(handlers.template make<Coded>());
    completed();
  }
  CHECK(stage.isIdle());
}

TEMPLATE_LIST_TEST_CASE("a call that waits with such a handler ends as any other", "[executors]",
                        Kinds) {
  Stage stage;
  auto io = std::make_unique<net::io_context>();
  std::optional<Handlers<TestType>> handlers(std::in_place, *io);
  std::optional<Bulkhead> bulkhead;
  bulkhead.emplace(*io,
                   bulwark::BulkheadConfig{.name = "db", .maxConcurrent = 1, .queueTimeout = 10s});
  Permit hold = bulkhead->tryAcquire();
  net::cancellation_signal plain, awaited, acquired, drained;
  bulkhead->execute([] {}, handlers->template make<Plain>(plain.slot()));
  bulkhead->execute(awaitedSeven, handlers->template make<Valued>(awaited.slot()));
  bulkhead->acquire(handlers->template make<Permitted>(acquired.slot()));
  const auto completed = [&](net::error_code expected) {
    handlers->settle();
    CHECK(handlers->allCalled());
    CHECK(handlers->code == expected);
  };
  handlers->settle();
  SECTION("granted") {
    hold.release();
    completed({});
    CHECK(bulkhead->stats().executed == 4);
  }
  SECTION("timed out") {
    ManualClock::advance(10s);
    completed(Errc::queueTimeout);
  }
  SECTION("cancelled") {
    for (auto* signal : {&plain, &awaited, &acquired}) {
      signal->emit(net::cancellation_type::total);
    }
    completed(net::error::operation_aborted);
  }
  SECTION("drained, and the drain is cancelled") {
    bulkhead->drain(handlers->template make<Coded>(drained.slot()));
    handlers->settle();
    CHECK(handlers->code == Errc::draining);
    drained.emit(net::cancellation_type::total);
    completed(net::error::operation_aborted);
  }
  SECTION("drained with a timeout") {
    bulkhead->drain(10s, handlers->template make<Coded>());
    ManualClock::advance(10s);
    completed(net::error::timed_out);
  }
  SECTION("destroyed") {
    bulkhead.reset();
    completed(net::error::operation_aborted);
  }
  SECTION("its context is destroyed, so that no handler is called") {
    bulkhead->drain([](net::error_code) {});
    bulkhead->resume();
    bulkhead->execute([] {}, handlers->template make<Plain>());
    bulkhead->execute(awaitedSeven, handlers->template make<Valued>());
    bulkhead->acquire(handlers->template make<Permitted>());
    bulkhead->drain(handlers->template make<Coded>());
    io.reset();
    CHECK_FALSE(handlers->allCalled());
  }
  handlers.reset();
}

#if BULWARK_ASIO_VERSION >= 102600

namespace {

/// Stands for an operation that is compiled separately and does not know the handler's type.
void fetchErased(Bulkhead& bulkhead, int page,
                 net::any_completion_handler<void(std::exception_ptr, int)> handler) {
  bulkhead.execute([page] { return page * 2; }, std::move(handler));
}

template <typename Token>
auto fetch(Bulkhead& bulkhead, int page, Token&& token) {
  return net::async_initiate<Token, void(std::exception_ptr, int)>(
      [&bulkhead](auto handler, int number) { fetchErased(bulkhead, number, std::move(handler)); },
      token, page);
}

}  // namespace

TEST_CASE("an operation that is compiled separately takes any token", "[executors]") {
  Stage stage;
  net::io_context other;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Permit hold = bulkhead.tryAcquire();
  int sum = 0;
  net::co_spawn(
      stage.io,
      [&]() -> net::awaitable<void> { sum += co_await fetch(bulkhead, 1, net::use_awaitable); },
      [](std::exception_ptr error) { CHECK(!error); });
  bool there = false;
  fetch(bulkhead, 10, net::bind_executor(other, [&](std::exception_ptr error, int result) {
          CHECK(!error);
          there = other.get_executor().running_in_this_thread();
          sum += result;
        }));
  stage.settle();
  CHECK(sum == 0);
  other.restart();
  other.poll();
  CHECK_FALSE(other.stopped());  // the call keeps the handler's context at work
  hold.release();
  stage.settle();
  CHECK(sum == 2);
  settle(other);
  CHECK(sum == 22);
  CHECK(there);
  CHECK(other.stopped());
  CHECK(stage.isIdle());
}

TEST_CASE("operations may form a ranged parallel group", "[executors]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2}};
  int calls = 0;
  const auto call = [&] { return bulkhead.execute([&] { ++calls; }, net::deferred); };
  std::vector<decltype(call())> operations;
  for (int i = 0; i < 5; ++i) operations.push_back(call());
  int completed = 0;
  net::experimental::make_parallel_group(std::move(operations))
      .async_wait(net::experimental::wait_for_all(),
                  [&](const std::vector<std::size_t>& order,
                      const std::vector<std::exception_ptr>& errors) {
                    ++completed;
                    CHECK(order.size() == 5);
                    for (const auto& error : errors) CHECK(!error);
                  });
  stage.settle();
  CHECK(completed == 1);
  CHECK(calls == 5);
  CHECK(stage.isIdle());
}

#endif
