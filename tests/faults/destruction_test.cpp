// Context, bulkhead, manager, permits and cancellation signals are destroyed in every order, with
// calls in every state.

#include <bulwark/bulkhead_manager.hpp>

#include <algorithm>
#include <optional>
#include <vector>

#include "faults/world.hpp"
#include "support/manager_support.hpp"

namespace {

enum Part { context, bulkhead, manager, permits, signals };
constexpr std::array<Part, 5> everything{context, bulkhead, manager, permits, signals};

/// A bulkhead and a manager on one context. Some of their calls are queued, granted but not yet
/// delivered, refused but not yet completed, running, or waiting for semaphores.
class Ruin {
 public:
  Ruin() {
    ManualClock::reset();
    held.push_back(own->tryAcquire());
    const auto slot = [&](auto handler) {
      return net::bind_cancellation_slot(signal.emplace_back(new net::cancellation_signal)->slot(),
                                         std::move(handler));
    };
    const auto waits = [this] { return gate->pass(); };
    own->execute(waits, note());
    own->execute(waits, slot(note()));
    service().execute(waits, note());
    through(waits, slot(note()));
    settle(*io);  // these calls run
    // Granted, not yet delivered:
    own->acquire(note());
    own->execute(Plain(), note());
    through(Plain(), note());
    // Granted from the queue:
    held.push_back(own->tryAcquire(2));
    own->execute(Valued(), {.permits = 2}, note());
    own->execute(Awaited(), slot(note()));
    held.pop_back();
    // Waiting:
    held.push_back(supervisor->semaphore("b")->tryAcquire(3));
    for (int i = 0; i < 3; ++i) {
      through(Plain(), note());  // waits for the semaphore, later ones for the service
      through(Awaited(), slot(note()));
      own->execute(Plain(), slot(note()));
      own->execute(Awaited(), {.queueTimeout = bulwark::noTimeout}, note());
      own->acquire({.queueTimeout = 1s, .permits = 4}, slot(note()));
    }
    // Refused, not yet completed:
    own->execute(Plain(), {.queueTimeout = 0s, .permits = 7}, note());
    own->acquire({.permits = 0}, note());
    supervisor->execute("", Plain(), note());
  }

  Note note() { return Note(calls.emplace_back()); }

  void drain() {
    own->drain(1s, note());
    supervisor->drainAll(note());
  }

  bulwark::Bulkhead<net::any_io_executor, ManualClock>& service() {
    return supervisor->bulkhead("db");
  }
  template <typename F, typename Handler>
  void through(F fn, Handler handler) {
    supervisor->execute("db", std::move(fn), {.semaphores = {"b", "a"}}, std::move(handler));
  }

  void destroy(Part part) {
    switch (part) {
      case context:
        gate.reset();
        io.reset();
        break;
      case bulkhead:
        own.reset();
        break;
      case manager:
        supervisor.reset();
        break;
      case permits:
        held.clear();
        break;
      case signals:
        signal.clear();
        break;
    }
  }

  std::deque<Call> calls;
  std::optional<net::io_context> io{std::in_place};
  std::optional<Gate> gate{*io};
  std::optional<Bulkhead> own{std::in_place, *io,
                              bulwark::BulkheadConfig{.name = "own", .maxConcurrent = 6}};
  std::optional<Manager> supervisor{
      std::in_place, *io,
      ManagerConfig{.defaults = {.maxConcurrent = 4}, .semaphores = {{"a", 4}, {"b", 5}}}};
  std::vector<Permit> held;
  std::vector<std::unique_ptr<net::cancellation_signal>> signal;
};

/// Each handler has been destroyed and was called at most once, or exactly once if `allCalled`.
void checkCalls(const std::deque<Call>& calls, bool allCalled) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(i);
    CHECK(calls[i].destroyed == 1);
    CHECK(calls[i].invoked <= 1);
    if (allCalled) CHECK(calls[i].invoked == 1);
  }
  CHECK(partsAlive() == 0);
}

template <typename F>
void inEveryOrder(F round) {
  auto order = everything;
  std::rotate(order.begin(), order.begin() + 1, order.end());
  round(order);  // allocates what the process keeps
  order = everything;
  do {
    CAPTURE(order);
    const auto blocks = injection::blocksAlive();
    round(order);
    CHECK(injection::blocksAlive() == blocks);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace

TEST_CASE("everything may be destroyed in every order, and nothing is called afterwards",
          "[faults]") {
  const bool draining = GENERATE(false, true);
  const bool stopped = GENERATE(false, true);
  CAPTURE(draining, stopped);
  inEveryOrder([&](const auto& order) {
    Ruin ruin;
    if (draining) ruin.drain();
    if (stopped) {
      ruin.io->stop();
      ruin.io->poll();
    }
    bool calm = true;
    for (const Part part : order) {
      ruin.destroy(part);
      if (!ruin.io && ruin.held.empty() && ruin.own) {
        const Counters counters = countersOf(*ruin.own);
        calm = calm && counters.running == 0 && counters.queued == 0;
      }
    }
    CHECK(calm);
    checkCalls(ruin.calls, false);
    for (const Call& call : ruin.calls) CHECK(call.invoked == 0);
  });
}

TEST_CASE("everything may be destroyed in every order while the context runs in between",
          "[faults]") {
  const bool draining = GENERATE(false, true);
  CAPTURE(draining);
  inEveryOrder([&](const auto& order) {
    Ruin ruin;
    if (draining) ruin.drain();
    for (const Part part : order) {
      if (ruin.io && part == context) {
        ruin.gate->open();
        settle(*ruin.io);
      }
      ruin.destroy(part);
      if (ruin.io) settle(*ruin.io);
    }
    // If the context is destroyed last, every call has completed.
    checkCalls(ruin.calls, order.back() == context);
  });
}

TEST_CASE("all but the context may be destroyed by a handler, a callable or a destructor",
          "[faults]") {
  enum class From { handler, callable, awaitable, permitHandler, destructor };
  const From from = GENERATE(From::handler, From::callable, From::awaitable, From::permitHandler,
                             From::destructor);
  const bool draining = GENERATE(false, true);
  CAPTURE(static_cast<int>(from), draining);
  inEveryOrder([&](const auto& order) {
    Ruin ruin;
    const auto destroy = [&](auto&&...) {
      for (const Part part : order) {
        if (part != context) ruin.destroy(part);
      }
    };
    Ending<> other;
    if (from == From::handler)
      ruin.own->execute([] {}, {.queueTimeout = 0s, .permits = 7}, destroy);
    if (from == From::permitHandler) ruin.own->acquire({.permits = 0}, destroy);
    if (from == From::callable) {
      ruin.own->updateConfig({.mode = Mode::observe});
      ruin.own->execute(destroy, other.plain());
    }
    if (from == From::awaitable) {
      ruin.own->updateConfig({.mode = Mode::observe});
      ruin.own->execute(
          [&]() -> net::awaitable<void> {
            destroy();
            co_return;
          },
          other.plain());
    }
    if (draining) ruin.drain();
    if (from == From::destructor) {
      // In a handler that is destroyed with the context, without being invoked.
      auto last = std::shared_ptr<int>(new int(0), [&](const int* owned) {
        delete owned;
        destroy();
      });
      net::post(*ruin.io, [last = std::move(last)] {});
    } else {
      settle(*ruin.io);
      CHECK_FALSE(ruin.own);
      ruin.gate->open();
      settle(*ruin.io);
      CHECK(ruin.io->stopped());
    }
    ruin.destroy(context);
    checkCalls(ruin.calls, from != From::destructor);
  });
}
