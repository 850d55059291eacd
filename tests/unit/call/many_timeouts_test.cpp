// Counts what 100,000 calls with equal execution timeouts cost.

#include <bulwark/bulkhead.hpp>

#include "support/catch.hpp"
#include "support/injection.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <vector>

namespace {

constexpr std::size_t calls = 100'000;

using Plain = net::io_context::executor_type;
using Counting = InstrumentedExecutor<Plain>;

/// Calls that run until the gate is opened, and ignore that they are asked to cancel.
template <typename Executor>
struct Scene : Stage {
  explicit Scene(std::chrono::nanoseconds timeout)
      : bulkhead(executor(), {.name = "db", .maxConcurrent = calls, .executionTimeout = timeout}) {}

  Executor executor() {
    if constexpr (std::is_same_v<Executor, Counting>) {
      return Counting(io.get_executor(), probe);
    } else {
      return io.get_executor();
    }
  }
  auto work() {
    return [this]() -> net::awaitable<void> {
      co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
      co_await gate.pass();
    };
  }
  auto handler() {
    return [this](const std::exception_ptr& error) { ++(error ? late : fine); };
  }
  void start(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bulkhead.execute(work(), handler());
    settle();
  }
  void finish() {
    gate.open();
    settle();
    CHECK(fine + late == calls);
    CHECK(isIdle());
  }
  std::size_t submitted() const { return probe->submitted; }

  Gate gate{io};
  std::shared_ptr<ExecutorProbe> probe = std::make_shared<ExecutorProbe>();
  bulwark::Bulkhead<Executor, ManualClock> bulkhead;
  std::size_t fine = 0, late = 0;
};

template <typename Start>
std::size_t allocationsOf(std::chrono::nanoseconds timeout, Start start) {
  Scene<Plain> scene(timeout);
  const injection::Armed counting;
  const std::size_t before = injection::Plan::count;
  start(scene);
  scene.finish();
  CHECK(scene.fine == calls);
  return injection::Plan::count - before;
}

}  // namespace

TEST_CASE("a call with a timeout allocates no more than one that its caller can cancel",
          "[execution]") {
  std::vector<net::cancellation_signal> signals(calls);
  const std::size_t cancellable = allocationsOf(bulwark::noTimeout, [&](auto& scene) {
    for (net::cancellation_signal& signal : signals) {
      scene.bulkhead.execute(scene.work(),
                             net::bind_cancellation_slot(signal.slot(), scene.handler()));
    }
    scene.settle();
  });
  const std::size_t timed = allocationsOf(30s, [](auto& scene) { scene.start(calls); });
  CHECK(timed <= cancellable);
}

TEST_CASE("equal timeouts set the timer once an expiry", "[execution]") {
  constexpr std::size_t groups = 200;
  constexpr std::size_t size = calls / groups;
  Scene<Counting> scene(30s);
  // A timer that expires, or is moved or cancelled, submits a function to the executor. So do a
  // call that begins, which submits two, and one that is told, which submits two.
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t before = scene.submitted();
    scene.start(size);
    CHECK(scene.submitted() - before == 2 * size);
    scene.advance(1ms);
  }
  scene.advance(30s - groups * 1ms - 1ns);
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t before = scene.submitted();
    CHECK(scene.late == group * size);
    scene.advance(group == 0 ? 1ns : 1ms);
    CHECK(scene.submitted() - before == 2 * size + 1);
  }
  CHECK(scene.late == calls);
  scene.finish();
  CHECK(scene.bulkhead.stats().overran == calls);
}
