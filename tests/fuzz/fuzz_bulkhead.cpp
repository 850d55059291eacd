// Applies any sequence of operations to a Bulkhead or a SemaphoreBulkhead and to the reference
// (bulkhead_model.hpp). After each one, what the user saw and all statistics must be equal.
//
// BULWARK_FUZZ_TRACE=1 in the environment prints every operation and the events that it caused.

#include <bulwark/asio.hpp>
#include <bulwark/bulkhead.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include BULWARK_NET(awaitable.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "bulkhead_model.hpp"
#include "operation.hpp"
#include "stepped_context.hpp"
#include "support/manual_clock.hpp"

namespace {

using namespace fuzz;
using Bulkhead = bulwark::Bulkhead<SteppedContext::Executor, ManualClock>;
using Semaphore = bulwark::SemaphoreBulkhead<SteppedContext::Executor, ManualClock>;

/// Thrown by a callable.
struct Failure {
  int id;
};

End endOf(const bulwark::net::error_code& code) {
  if (!code) return End::ok;
  if (code == bulwark::Errc::queueFull) return End::queueFull;
  if (code == bulwark::Errc::queueTimeout) return End::queueTimeout;
  if (code == bulwark::Errc::draining) return End::draining;
  if (code == bulwark::Errc::executionTimeout) return End::executionTimeout;
  if (code == bulwark::Errc::deadlineExceeded) return End::deadlineExceeded;
  if (code == net::error::operation_aborted) return End::aborted;
  if (code == net::error::invalid_argument) return End::invalid;
  if (code == net::error::timed_out) return End::timedOut;
  return End::unknown;
}

End endOf(const std::exception_ptr& error, int id) {
  const bulwark::net::error_code code = bulwark::errorCodeOf(error);
  if (code != net::error::fault) return endOf(code);
  try {
    std::rethrow_exception(error);
  } catch (const Failure& failure) {
    return failure.id == id ? End::failed : End::unknown;
  } catch (...) {
    return End::unknown;
  }
}

/// The work of one call.
struct Work {
  explicit Work(const Operation& operation) noexcept : op(operation) {}

  const Operation& op;
  bool runs = false;              // its callable was called
  bool begun = false;             // so was the coroutine
  bool opened = false;            // its gate
  End end = End::aborted;         // of the coroutine
  std::function<void()> resume{};  // the coroutine waits at the gate
};

/// Waits at the gate of an awaitable until it is opened, or until the coroutine is cancelled.
net::awaitable<void, SteppedContext::Executor> passGate(Work& work,
                                                        SteppedContext::Executor executor) {
  using Token = net::use_awaitable_t<SteppedContext::Executor>;
  Token token;
  co_await net::async_initiate<Token, void()>(
      [&work, executor](auto handler) {
        auto slot = net::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        work.resume = [executor, shared] { net::post(executor, std::move(*shared)); };
        if (!slot.is_connected()) return;
        slot.assign([&work](net::cancellation_type_t) {
          if (const auto resume = std::exchange(work.resume, nullptr)) resume();
        });
      },
      token);
}

net::awaitable<int, SteppedContext::Executor> runAwaitable(Work& work,
                                                           SteppedContext::Executor executor) {
  work.begun = true;
  co_await net::this_coro::throw_if_cancelled(false);
  if (work.op.stubborn) {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
  }
  const auto state = co_await net::this_coro::cancellation_state;
  if (!work.opened && state.cancelled() == net::cancellation_type::none) {
    co_await passGate(work, executor);
  }
  if (!work.opened) throw net::system_error(net::error::operation_aborted);
  work.end = work.op.throws ? End::failed : End::ok;
  if (work.op.throws) throw Failure{work.op.id};
  co_return work.op.id;
}

/// Applies operations to the library, as Model does to the reference.
template <typename B>
class Real {
  static constexpr bool isBulkhead = std::is_same_v<B, Bulkhead>;

 public:
  explicit Real(const Program& program) {
    const bulwark::BulkheadConfig& limits = program.limits;
    if constexpr (isBulkhead) {
      bulkhead_.emplace(context_.executor(), limits);
    } else {
      bulkhead_.emplace(context_.executor(),
                        bulwark::SemaphoreConfig{.name = limits.name,
                                                 .permits = limits.maxConcurrent,
                                                 .maxQueueSize = limits.maxQueueSize,
                                                 .acquireTimeout = limits.queueTimeout,
                                                 .mode = limits.mode});
    }
    if (program.observed) {
      bulkhead_->setObserver([this](const bulwark::BulkheadEvent& event) { observe(event); });
    }
  }

  const std::vector<Event>& seen() const noexcept { return seen_; }
  void clear() { seen_.clear(); }
  SteppedContext& context() noexcept { return context_; }
  bool destroyed() const noexcept { return !bulkhead_; }

  void apply(const Operation& op) {
    switch (op.what) {
      case Do::release:
        return release(op);
      case Do::finish:
        return finish(op);
      case Do::cancel:
        return cancel(op);
      case Do::forget:
        if (!signals_.empty()) signals_[op.pick % signals_.size()].reset();
        return;
      case Do::advance:
      case Do::advanceTo:
        return ManualClock::advance(op.by);
      case Do::runTimers:
        return context_.runTimers();
      default:
        break;
    }
    if (!bulkhead_) return;
    switch (op.what) {
      case Do::execute:
        return withSlot(op, callHandler(op),
                        [&](auto handler) { execute(op, std::move(handler)); });
      case Do::acquire:
        return withSlot(op, permitHandler(op),
                        [&](auto handler) { acquire(op, std::move(handler)); });
      case Do::tryAcquire: {
        bulwark::Permit permit = bulkhead_->tryAcquire(op.weight);
        const End end = permit ? End::ok : End::queueFull;  // before it is moved from
        return takePermit(op, end, std::move(permit));
      }
      case Do::acquireNow:
        return acquireNow(op);
      case Do::runNow:
        return runNow(op);
      case Do::configure:
        return configure(op.change);
      case Do::drain:
        return withSlot(op, drainHandler(op), [&](auto handler) {
          if (op.timeout) return bulkhead_->drain(*op.timeout, std::move(handler));
          bulkhead_->drain(std::move(handler));
        });
      case Do::resume:
        return bulkhead_->resume();
      case Do::reset:
        return bulkhead_->reset();
      case Do::move: {
        B moved(std::move(*bulkhead_));
        bulkhead_.emplace(std::move(moved));
        return;
      }
      case Do::destroy:
        return bulkhead_.reset();
      default:
        return;
    }
  }

  Numbers numbers() const {
    const auto stats = bulkhead_->stats();
    const auto config = bulkhead_->config();
    const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
    Numbers all;
    if constexpr (isBulkhead) {
      all = {{"permits", number(config.maxConcurrent)},
             {"maxQueueSize", number(config.maxQueueSize)},
             {"timeout", number(config.queueTimeout.count())},
             {"mode", number(config.mode)},
             {"queued", stats.queued},
             {"active", stats.active},
             {"running", stats.running},
             {"overdue", stats.overdue},
             {"executionTimeout", number(config.executionTimeout.count())},
             {"overrun", number(config.overrun)},
             {"maxOverdue", number(config.maxOverdue)},
             {"submitted", stats.submitted()},
             {"peakActive", stats.peakActive},
             {"peakQueued", stats.peakQueued},
             {"executed", stats.executed},
             {"failed", stats.failed},
             {"overran", stats.overran}};
    } else {
      all = {{"permits", number(config.permits)},
             {"maxQueueSize", number(config.maxQueueSize)},
             {"timeout", number(config.acquireTimeout.count())},
             {"mode", number(config.mode)},
             {"queued", stats.waiting},
             {"available", stats.available},
             {"acquired", stats.acquired},
             {"released", stats.released}};
    }
    all.insert(all.end(), {{"rejected", stats.rejected},
                           {"timedOut", stats.timedOut},
                           {"cancelled", stats.cancelled},
                           {"drained", stats.drained},
                           {"overLimit", stats.overLimit}});
    const auto& waits = stats.waitTime;
    const auto& runs = stats.executionTime;
    all.insert(all.end(), {{"waits", waits.count()},
                           {"waitSum", number(waits.sum().count())},
                           {"waitMin", number(waits.min().count())},
                           {"waitMax", number(waits.max().count())},
                           {"executions", runs.count()},
                           {"executionSum", number(runs.sum().count())},
                           {"executionMin", number(runs.min().count())},
                           {"executionMax", number(runs.max().count())}});
    return all;
  }

 private:
  static auto options(const Operation& op) {
    if constexpr (isBulkhead) {
      return bulwark::CallOptions{.queueTimeout = op.timeout,
                                  .permits = op.weight,
                                  .executionTimeout = op.executionTimeout,
                                  .budget = op.budget};
    } else {
      return bulwark::AcquireOptions{.timeout = op.timeout,
                                     .permits = op.weight,
                                     .executionTimeout = op.executionTimeout,
                                     .budget = op.budget};
    }
  }

  void see(const Event& event) { seen_.push_back(event); }
  void applyAll(const std::vector<Operation>& operations) {
    for (const Operation& op : operations) apply(op);
  }

  void observe(const bulwark::BulkheadEvent& event) {
    using bulwark::EventKind;
    using What = Event::What;
    const auto late = static_cast<std::size_t>(event.overdueFor.count());
    if (event.kind == EventKind::overran) see({.what = What::overran, .count = event.overdue});
    if (event.kind == EventKind::stalled) see({.what = What::stalled, .count = event.overdue});
    if (event.kind == EventKind::returned) see({.what = What::returned, .count = late});
  }

  /// Part of a callable, and destroyed with it.
  class Part {
   public:
    Part(Real& real, const Operation& op) : real_(real), work_(std::make_shared<Work>(op)) {}
    Part(Part&&) noexcept = default;
    Part& operator=(Part&&) = delete;
    ~Part() {
      if (work_ != nullptr) real_.destroyed(*work_);
    }

    Work& work() const noexcept { return *work_; }

   private:
    Real& real_;
    std::shared_ptr<Work> work_;
  };

  void destroyed(const Work& work) {
    if (!work.runs) {
      if (work.op.budget) see({Event::What::dropped, work.op.id});
    } else if (work.op.awaitable) {
      awaitables_.erase(std::find(awaitables_.begin(), awaitables_.end(), &work));
      see({Event::What::stops, work.op.id, work.end, work.begun ? 1U : 0U});
    }
  }

  auto startAwaitable(Work& work) {
    work.runs = true;
    see({Event::What::runs, work.op.id});
    awaitables_.push_back(&work);
    applyAll(work.op.body);
    return runAwaitable(work, context_.executor());
  }

  void finish(const Operation& op) {
    if (awaitables_.empty()) return;
    Work& work = *awaitables_[op.pick % awaitables_.size()];
    work.opened = true;
    if (const auto resume = std::exchange(work.resume, nullptr)) resume();
  }

  int work(const Operation& op) {
    see({Event::What::runs, op.id});
    applyAll(op.body);
    if (op.throws) throw Failure{op.id};
    return op.id;
  }

  // Handlers keep a reference to their operation, which outlives them.

  auto callHandler(const Operation& op) {
    return [this, &op](const std::exception_ptr& error, int result) {
      const End end = endOf(error, op.id);
      see({Event::What::ends, op.id, result == (end == End::ok ? op.id : 0) ? end : End::unknown});
      applyAll(op.then);
    };
  }

  auto permitHandler(const Operation& op) {
    return [this, &op](const bulwark::net::error_code& error, bulwark::Permit permit) {
      takePermit(op, endOf(error), std::move(permit));
      applyAll(op.then);
    };
  }

  auto drainHandler(const Operation& op) {
    return [this, &op](const bulwark::net::error_code& error) {
      see({Event::What::drained, op.id, endOf(error)});
      applyAll(op.then);
    };
  }

  template <typename Handler, typename Start>
  void withSlot(const Operation& op, Handler handler, Start begin) {
    if (!op.cancellable) return begin(std::move(handler));
    signals_.push_back(std::make_unique<net::cancellation_signal>());
    begin(net::bind_cancellation_slot(signals_.back()->slot(), std::move(handler)));
  }

  template <typename Handler>
  void execute(const Operation& op, Handler handler) {
    if (op.awaitable) {
      return executeBy([this, part = Part(*this, op)] { return startAwaitable(part.work()); }, op,
                       std::move(handler));
    }
    executeBy(
        [this, part = Part(*this, op)] {
          part.work().runs = true;
          return work(part.work().op);
        },
        op, std::move(handler));
  }

  template <typename Callable, typename Handler>
  void executeBy(Callable callable, const Operation& op, Handler handler) {
    if constexpr (isBulkhead) {
      bulkhead_->execute(std::move(callable), options(op), std::move(handler));
    } else {
      bulkhead_->withPermit(std::move(callable), options(op), std::move(handler));
    }
  }

  template <typename Handler>
  void acquire(const Operation& op, Handler handler) {
    bulkhead_->acquire(options(op), std::move(handler));
  }

  void takePermit(const Operation& op, End end, bulwark::Permit permit) {
    see({Event::What::permit, op.id, end, permit.count()});
    if (permit) permits_.push_back(std::move(permit));
  }

  void acquireNow([[maybe_unused]] const Operation& op) {
    if constexpr (!isBulkhead) {
      if (blocking_) return;
      End end = End::ok;
      bulwark::Permit permit;
      try {
        permit = bulkhead_->acquire(
            {.timeout = nanoseconds(0), .permits = op.weight, .budget = op.budget});
      } catch (...) {
        end = endOf(std::current_exception(), op.id);
      }
      takePermit(op, end, std::move(permit));
    }
  }

  // Does not nest: the error of a thread that would wait for itself has a test of its own.
  void runNow([[maybe_unused]] const Operation& op) {
    if constexpr (!isBulkhead) {
      if (blocking_) return;
      End end = End::unknown;
      try {
        const int result = bulkhead_->withPermit(
            [&] {
              blocking_ = true;
              return work(op);
            },
            {.timeout = nanoseconds(0), .permits = op.weight, .budget = op.budget});
        if (result == op.id) end = End::ok;
      } catch (...) {
        end = endOf(std::current_exception(), op.id);
      }
      blocking_ = false;
      see({Event::What::ends, op.id, end});
    }
  }

  void release(const Operation& op) {
    if (permits_.empty()) return;
    const auto place = permits_.begin() + static_cast<std::ptrdiff_t>(op.pick % permits_.size());
    bulwark::Permit permit = std::move(*place);
    permits_.erase(place);
    if (op.way == 1) permit = bulwark::Permit();
    if (op.way == 2) {
      permit.release();
      permit.release();
    }
  }

  void cancel(const Operation& op) {
    if (signals_.empty()) return;
    constexpr net::cancellation_type_t types[] = {
        net::cancellation_type::terminal, net::cancellation_type::partial,
        net::cancellation_type::total, net::cancellation_type::none};
    if (const auto& signal = signals_[op.pick % signals_.size()]) signal->emit(types[op.way]);
  }

  void configure(const bulwark::BulkheadOverrides& change) {
    try {
      if constexpr (isBulkhead) {
        bulkhead_->updateConfig(change);
      } else {
        bulkhead_->updateConfig({.permits = change.maxConcurrent,
                                 .maxQueueSize = change.maxQueueSize,
                                 .acquireTimeout = change.queueTimeout,
                                 .mode = change.mode});
      }
    } catch (const bulwark::ConfigError&) {
      see({Event::What::refused});
    }
  }

  SteppedContext context_;
  std::optional<B> bulkhead_;
  bool blocking_ = false;
  std::vector<bulwark::Permit> permits_;
  std::vector<std::unique_ptr<net::cancellation_signal>> signals_;
  std::vector<Work*> awaitables_;  // that run, in the order of their starts
  std::vector<Event> seen_;
};

const bool traced = std::getenv("BULWARK_FUZZ_TRACE") != nullptr;

/// Runs one program on both, step by step.
template <typename B>
class Comparison {
 public:
  explicit Comparison(const Program& program)
      : program_(program), model_(program, ManualClock::now().time_since_epoch()), real_(program) {
    if (traced) print(text(program));
  }

  void run() {
    for (const Operation& op : program_.operations) perform(op);
    perform({.what = Do::destroy});
    perform({.what = Do::runAll});
    while (model_.permits() > 0) perform({.what = Do::release});
    perform({.what = Do::runAll});
    while (model_.awaitables() > 0) {
      perform({.what = Do::finish});
      perform({.what = Do::runAll});
    }
    if (!model_.idle()) fail("the reference still holds permits");
  }

 private:
  // The latest time, chosen so that no sum of durations overflows. Deadlines may be later.
  static constexpr nanoseconds latest = std::chrono::hours(24 * 200);

  void perform(Operation op) {
    if (op.what == Do::advanceTo) {
      const auto deadline = model_.nextDeadline();
      op.by =
          deadline ? std::max(nanoseconds(0), *deadline - model_.now() + op.by) : nanoseconds(0);
    }
    if (op.what == Do::advanceTo || op.what == Do::advance) {
      op.by = std::min(op.by, std::max(nanoseconds(0), latest - model_.now()));
    }
    // Calls and handlers refer to the operation until the end.
    done_.push_back(std::make_unique<Operation>(std::move(op)));
    const Operation& kept = *done_.back();
    if (traced) print("  " + text(kept));
    if (kept.what == Do::step) {
      if (!real_.context().empty()) step();
    } else if (kept.what == Do::runAll) {
      while (!real_.context().empty()) step();
      if (model_.busy())
        fail("the executor has nothing left, but the reference expects another call to run");
    } else {
      real_.apply(kept);
      model_.apply(kept);
      compare();
    }
  }

  void step() {
    real_.context().step();
    model_.step(real_.seen());
    compare();
  }

  void compare() {
    if (model_.untimed()) {
      real_.context().runTimers();
      if (!real_.context().timersOut()) fail("a timer is set, but nothing has a deadline");
    }
    if (traced) {
      for (const Event& event : real_.seen()) print("      " + text(event));
    }
    if (real_.seen() != model_.seen()) fail("events differ");
    if (!real_.destroyed() && real_.numbers() != model_.numbers()) fail("numbers differ");
    real_.clear();
    model_.clear();
  }

  static void print(const std::string& line) { fmt::print(stderr, "{}\n", line); }

  [[noreturn]] void fail(const char* what) {
    if (!traced) {
      print(text(program_));
      for (const auto& op : done_) print("  " + text(*op));
    }
    print(fmt::format("After the last operation: {}", what));
    for (const Event& event : model_.seen()) print("    reference: " + text(event));
    for (const Event& event : real_.seen()) print("    bulwark:   " + text(event));
    if (!real_.destroyed()) {
      const Numbers expected = model_.numbers();
      const Numbers actual = real_.numbers();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i] == actual[i]) continue;
        print(fmt::format("    {}: reference {}, bulwark {}", expected[i].name, expected[i].value,
                          actual[i].value));
      }
    }
    std::abort();
  }

  const Program& program_;
  std::vector<std::unique_ptr<Operation>> done_;
  Model model_;
  Real<B> real_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ManualClock::reset();
  const Program program = decode(Bytes(data, size));
  if (program.kind == Kind::bulkhead) {
    Comparison<Bulkhead>(program).run();
  } else {
    Comparison<Semaphore>(program).run();
  }
  return 0;
}
