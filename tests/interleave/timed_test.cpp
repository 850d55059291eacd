#include <bulwark/bulkhead.hpp>

#include BULWARK_NET(awaitable.hpp)
#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <utility>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Calls with an execution timeout or a budget: one thread runs the work, another one the timer, and
// others cancel, drain and destroy.

using namespace interleave;
using namespace std::chrono_literals;
using bulwark::BulkheadConfig;
using bulwark::Errc;
using bulwark::Overrun;
using bulwark::Permit;
namespace net = bulwark::net;

namespace {

/// The clock of the scheduler. That a thread reads it or moves it is a step, so that the explorer
/// tries both orders; but not while the thread runs timers, because Asio then holds a lock of which
/// the scheduler does not know.
struct SteppingClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteppingClock>;
  [[maybe_unused]] static constexpr bool is_steady = true;

  static time_point now() noexcept {
    if (!runsTimers) step(Operation::Kind::load, &object, std::source_location::current());
    return time_point(duration(timeNow()));
  }
  static void advance(duration by) noexcept {
    step(Operation::Kind::modify, &object, std::source_location::current());
    moveTime(timeNow() + by.count());
  }

  inline static thread_local bool runsTimers = false;
  inline static const char object = 0;
};

}  // namespace

/// A timer checks the clock whenever it is polled.
template <>
struct BULWARK_NET_NAMESPACE::wait_traits<SteppingClock> {
  static std::chrono::nanoseconds to_wait_duration(const std::chrono::nanoseconds&) { return {}; }
  static std::chrono::nanoseconds to_wait_duration(const SteppingClock::time_point&) { return {}; }
};

namespace {

using Bulkhead = bulwark::Bulkhead<ModelExecutor, SteppingClock>;
using Awaitable = net::awaitable<void, ModelExecutor>;

/// A thread waits here until another one has set the flag.
class Flag {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    set_ = true;
    changed_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return set_; });
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  bool set_ = false;
};

/// Work waits here, on the executor, until it is opened there or the work is cancelled.
class Gate {
 public:
  Awaitable pass() {
    using Token = net::use_awaitable_t<ModelExecutor>;
    co_await net::this_coro::throw_if_cancelled(false);
    if (stubborn) {
      co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    }
    const auto state = co_await net::this_coro::cancellation_state;
    Token token;
    if (!open_ && state.cancelled() == net::cancellation_type::none) {
      co_await net::async_initiate<Token, void()>(
          [this](auto handler) {
            auto slot = net::get_associated_cancellation_slot(handler);
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            resume_ = [shared] { std::move (*shared)(); };
            if (slot.is_connected()) {
              slot.assign([this](net::cancellation_type_t) {
                if (const auto resume = std::exchange(resume_, nullptr)) resume();
              });
            }
          },
          token);
    }
    if (!open_) throw net::system_error(net::error::operation_aborted);
  }
  void open() {
    open_ = true;
    if (const auto resume = std::exchange(resume_, nullptr)) resume();
  }

  bool stubborn = false;  // ignores cancellation

 private:
  bool open_ = false;
  std::function<void()> resume_;
};

/// A bulkhead, whose calls may run for 3 seconds, and what became of them.
struct Scene {
  explicit Scene(Overrun overrun = Overrun::detach, std::size_t permits = 1)
      : bulkhead(std::in_place, ModelExecutor(queue),
                 BulkheadConfig{.name = "b",
                                .maxConcurrent = permits,
                                .queueTimeout = bulwark::noTimeout,
                                .executionTimeout = 3s,
                                .overrun = overrun}),
        limiter(&bulwark::detail::Access::limiter(*bulkhead)) {
    limiter->prepareToWait();
  }

  /// A handler, which is to be called once.
  auto ends() {
    ++started;
    return [this, part = part, called = false](std::exception_ptr error) mutable {
      expect(!std::exchange(called, true), "a call ends once");
      ++ended;
      last = bulwark::errorCodeOf(error);
    };
  }
  /// Starts a callable.
  void start(std::function<void()> work, bulwark::CallOptions options = {}) {
    bulkhead->execute([part = part, work = std::move(work)] { work(); }, options, ends());
  }
  /// Starts an awaitable, which waits at the gate.
  void startAwaitable() {
    bulkhead->execute([this, part = part] { return gate.pass(); },
                      net::bind_cancellation_slot(signal.slot(), ends()));
  }

  /// Moves the clock to the timeouts of calls that have just begun, and does what the timer does
  /// then. Whether that is set is the secret of Asio, so that the explorer could not see that it
  /// depends on what other threads do.
  void expire() {
    SteppingClock::advance(3s);
    limiter->timerExpired(0);
    queue.run();
  }
  void pollTimers() {
    SteppingClock::runsTimers = true;
    queue.context.poll();
    SteppingClock::runsTimers = false;
  }
  void settle() {
    do pollTimers();
    while (queue.runOne());
  }

  /// Everything has ended.
  void check() {
    settle();
    expect(ended == started, "each call has ended");
    expect(part.use_count() == 1, "and is freed");
    SteppingClock::runsTimers = true;
    expect(queue.comesToAnEnd(), "no timer is left");
    SteppingClock::runsTimers = false;
    if (!bulkhead) return;
    const auto stats = bulkhead->stats();
    expect(stats.active == 0 && stats.running == 0 && stats.queued == 0, "no call runs or waits");
    expect(stats.overdue == 0, "none is overdue");
    expect(stats.submitted() == started, "each call is counted once");
  }
  /// One of two calls has ended, and nothing ends the other one but its timeout.
  void checkThatTheOtherTimesOut() {
    settle();
    expect(ended == 1, "one has ended");
    SteppingClock::advance(3s);
    settle();
    expect(is(Errc::executionTimeout), "the other one has timed out");
    check();
  }
  bool is(Errc code) const { return last == code; }

  ModelQueue queue;
  Gate gate;
  net::cancellation_signal signal;
  std::shared_ptr<int> part = std::make_shared<int>(0);  // every call holds it
  std::size_t started = 0, ended = 0;
  net::error_code last;  // of the call that ended last
  std::optional<Bulkhead> bulkhead;
  bulwark::detail::Ref<bulwark::detail::Limiter> limiter;
};

}  // namespace

TEST_CASE("the end of the work against its timeout: one of the two ends the call") {
  const auto race = [](Overrun overrun) {
    return [=](Run& run) {
      auto s = std::make_shared<Scene>(overrun);
      auto begun = std::make_shared<Flag>();
      s->start([=] { begun->set(); });
      run.thread([=] { s->queue.runNext(); });
      run.thread([=] {
        begun->wait();
        s->expire();
      });
      run.finally([=] {
        s->check();
        const auto stats = s->bulkhead->stats();
        expect(stats.executed + stats.overran == 1, "it is counted once");
        if (overrun == Overrun::wait) {
          expect(!s->last && stats.executed == 1, "it has a result, late or not");
        } else {
          expect(s->is(Errc::executionTimeout) == (stats.overran == 1), "as its caller was told");
        }
      });
    };
  };
  EXPLORE(everything, race(Overrun::detach));
  EXPLORE(everything, race(Overrun::wait));
}

TEST_CASE("the end of the work against its timeout: the permit goes to the next call") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto begun = std::make_shared<Flag>();
    s->start([=] { begun->set(); });
    s->bulkhead->execute([s = s.get()] { expect(s->bulkhead->stats().running == 1, "alone"); },
                         {.executionTimeout = bulwark::noTimeout}, s->ends());
    run.thread([=] { s->queue.runNext(); });
    run.thread([=] {
      begun->wait();
      s->expire();
    });
    run.finally([=] {
      s->check();
      expect(s->bulkhead->stats().executed >= 1, "the second one has run");
    });
  });
}

TEST_CASE("the timeout against the cancellation of the caller: the work ends once") {
  const auto race = [](Overrun overrun) {
    return [=](Run& run) {
      auto s = std::make_shared<Scene>(overrun);
      s->startAwaitable();
      s->queue.run();  // it waits at the gate
      run.thread([=] { s->signal.emit(net::cancellation_type::terminal); });
      run.thread([=] { s->expire(); });
      run.finally([=] {
        s->check();
        const auto stats = s->bulkhead->stats();
        expect(stats.failed + stats.overran == 1, "it is counted once");
        const bool own = s->last == net::error::operation_aborted;
        expect(own || s->is(Errc::executionTimeout), "it was cancelled");
        expect(own || stats.overran == 1, "the timeout has passed if it did that");
        expect(!own || stats.failed == 1 || overrun == Overrun::wait, "and told the caller");
      });
    };
  };
  EXPLORE(everything, race(Overrun::detach));
  EXPLORE(everything, race(Overrun::wait));
}

TEST_CASE("the timeout against the destruction of the bulkhead: the work goes on") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    s->startAwaitable();
    s->queue.run();
    run.thread([=] { s->expire(); });
    run.thread([=] { s->bulkhead.reset(); });
    run.finally([=] {
      s->settle();
      const bool told = s->ended == 1;
      s->gate.open();
      s->check();
      expect(s->is(Errc::executionTimeout) == told, "told, or its own result");
    });
  });
}

TEST_CASE("the end of the work, its timeout and the destruction of the bulkhead") {
  EXPLORE(seeds(2000), [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto begun = std::make_shared<Flag>();
    auto begunToo = std::make_shared<Flag>();
    s->start([=] {
      begun->set();
      begunToo->set();
    });
    run.thread([=] { s->queue.runNext(); });
    run.thread([=] {
      begun->wait();
      s->expire();
    });
    run.thread([=] {
      begunToo->wait();
      s->bulkhead.reset();
    });
    run.finally([=] { s->check(); });
  });
}

TEST_CASE("a call that begins while the last one with a timeout ends has its timer") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>(Overrun::detach, 2);
    s->startAwaitable();
    s->queue.runOne();  // its next step is to begin
    s->start([] {});
    for (int i = 0; i < 2; ++i) run.thread([=] { s->queue.runNext(); });
    run.finally([=] { s->checkThatTheOtherTimesOut(); });
  });
}

TEST_CASE("a call that is let in while the last one with a timeout ends has its timer") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>(Overrun::detach, 2);
    s->start([] {});
    run.thread([=] { s->queue.runNext(); });
    run.thread([=] { s->startAwaitable(); });
    run.finally([=] { s->checkThatTheOtherTimesOut(); });
  });
}

TEST_CASE("overdue work that returns ends a drain that waits for it") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto drained = std::make_shared<int>(0);
    s->gate.stubborn = true;
    s->startAwaitable();
    s->queue.run();
    s->expire();
    s->queue.run();
    expect(s->is(Errc::executionTimeout), "its caller knows");
    run.thread([=] {
      s->gate.open();
      s->queue.run();
    });
    run.thread([=] {
      s->bulkhead->drain([=](net::error_code error) {
        expect(!error, "every permit is back");
        ++*drained;
      });
    });
    run.finally([=] {
      s->check();
      expect(*drained == 1, "the drain has ended");
      expect(s->bulkhead->stats().overran == 1, "the call has overrun");
    });
  });
}

TEST_CASE("a budget that ends between the grant and the start keeps the work from running") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto held = std::make_shared<Permit>(s->bulkhead->tryAcquire());
    auto ran = std::make_shared<bool>(false);
    ++s->started;  // the permit
    ++s->ended;
    s->start([=] { *ran = true; }, {.budget = 3s});
    run.thread([=] {
      held->release();
      s->queue.run();
    });
    run.thread([=] { s->expire(); });
    run.finally([=] {
      s->check();
      const auto stats = s->bulkhead->stats();
      expect(*ran == !s->is(Errc::deadlineExceeded), "it ran, or was refused");
      expect(stats.timedOut == (*ran ? 0U : 1U), "and is counted like that");
      expect(stats.waitTime.count() == (s->is(Errc::deadlineExceeded) ? 0U : 1U), "and timed");
    });
  });
}
