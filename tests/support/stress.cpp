#include "support/stress.hpp"

#include "support/stress_parts.hpp"

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace stress {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Records failures and prints them at once, because a crash may follow.
class Journal {
 public:
  explicit Journal(std::string where) : where_(std::move(where)) {}

  void round(std::string what) {
    const std::lock_guard lock(mutex_);
    round_ = std::move(what);
  }
  void fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() >= 20) return;
    failures_.push_back(where_ + ", " + round_ + ": " + what);
    std::fprintf(stderr, "stress: %s\n", failures_.back().c_str());
  }
  std::vector<std::string> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  bool failed() const { return !failures().empty(); }
  /// Aborts, because calls that never end cannot be cleaned up.
  [[noreturn]] void giveUp(const std::string& what) {
    fail(what);
    std::abort();
  }

 private:
  mutable std::mutex mutex_;
  std::string where_;
  std::string round_;
  std::vector<std::string> failures_;
};

// --- one interface for both kinds of bulkhead ----------------------------------------------------

struct Setup {
  std::size_t limit = 1;
  std::size_t queueLimit = 0;
  nanoseconds timeout{0};
};

struct Ask {
  std::optional<nanoseconds> timeout{};
  std::size_t permits = 1;
};

struct Change {
  std::optional<std::size_t> limit{};
  std::optional<std::size_t> queueLimit{};
  std::optional<nanoseconds> timeout{};
  std::optional<bulwark::Mode> mode{};
};

/// The statistics that both kinds have.
struct Counters {
  std::size_t limit = 0;
  std::size_t queueLimit = 0;
  std::size_t active = 0;
  std::size_t running = 0;  // 0 for a semaphore, which does not report it
  std::size_t queued = 0;
  std::uint64_t executed = 0;  // includes failed calls for a semaphore
  std::uint64_t failed = 0;
  std::uint64_t rejected = 0;
  std::uint64_t timedOut = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t drained = 0;
  std::uint64_t measured = 0;  // in the histogram of execution times
};

template <typename Executor>
struct BulkheadTarget {
  using Type = bulwark::Bulkhead<Executor>;
  static constexpr bool blocks = false;
  static constexpr const char* kind = "bulkhead";

  static Type make(const Executor& executor, const Setup& setup) {
    return Type(executor, {.name = "stress",
                           .maxConcurrent = setup.limit,
                           .maxQueueSize = setup.queueLimit,
                           .queueTimeout = setup.timeout});
  }
  template <typename F, typename Token>
  static void execute(Type& target, F&& fn, const Ask& ask, Token&& token) {
    target.execute(std::forward<F>(fn),
                   bulwark::CallOptions{.queueTimeout = ask.timeout, .permits = ask.permits},
                   std::forward<Token>(token));
  }
  template <typename Token>
  static void acquire(Type& target, const Ask& ask, Token&& token) {
    target.acquire(bulwark::CallOptions{.queueTimeout = ask.timeout, .permits = ask.permits},
                   std::forward<Token>(token));
  }
  static void configure(Type& target, const Change& change) {
    target.updateConfig({.maxConcurrent = change.limit,
                         .maxQueueSize = change.queueLimit,
                         .queueTimeout = change.timeout,
                         .mode = change.mode});
  }
  static Counters counters(const Type& target) {
    const bulwark::BulkheadStats s = target.stats();
    return {.limit = s.maxConcurrent,
            .queueLimit = s.maxQueueSize,
            .active = s.active,
            .running = s.running,
            .queued = s.queued,
            .executed = s.executed,
            .failed = s.failed,
            .rejected = s.rejected,
            .timedOut = s.timedOut,
            .cancelled = s.cancelled,
            .drained = s.drained,
            .measured = s.executionTime.count()};
  }
};

template <typename Executor>
struct SemaphoreTarget {
  using Type = bulwark::SemaphoreBulkhead<Executor>;
  static constexpr bool blocks = true;
  static constexpr const char* kind = "semaphore";

  static Type make(const Executor& executor, const Setup& setup) {
    return Type(executor, {.name = "stress",
                           .permits = setup.limit,
                           .maxQueueSize = setup.queueLimit,
                           .acquireTimeout = setup.timeout});
  }
  static bulwark::AcquireOptions options(const Ask& ask) {
    return {.timeout = ask.timeout, .permits = ask.permits};
  }
  template <typename F, typename Token>
  static void execute(Type& target, F&& fn, const Ask& ask, Token&& token) {
    target.withPermit(std::forward<F>(fn), options(ask), std::forward<Token>(token));
  }
  template <typename Token>
  static void acquire(Type& target, const Ask& ask, Token&& token) {
    target.acquire(options(ask), std::forward<Token>(token));
  }
  static void configure(Type& target, const Change& change) {
    target.updateConfig({.permits = change.limit,
                         .maxQueueSize = change.queueLimit,
                         .acquireTimeout = change.timeout,
                         .mode = change.mode});
  }
  static Counters counters(const Type& target) {
    const bulwark::SemaphoreStats s = target.stats();
    return {.limit = s.permits,
            .queueLimit = target.config().maxQueueSize,
            .active = s.permits - s.available,
            .queued = s.waiting,
            .executed = s.released,
            .rejected = s.rejected,
            .timedOut = s.timedOut,
            .cancelled = s.cancelled,
            .drained = s.drained};
  }
};

// --- where calls run -----------------------------------------------------------------------------

enum class ContextKind { pool, io, strand };

/// An execution context with its threads.
class Context {
 public:
  Context(ContextKind kind, unsigned threads) : kind_(kind) {
    if (kind == ContextKind::io) {
      io_ = std::make_unique<net::io_context>();
      work_.emplace(io_->get_executor());
      for (unsigned i = 0; i < threads; ++i) {
        runners_.emplace_back([this] { io_->run(); });
      }
    } else {
      pool_ = std::make_unique<net::thread_pool>(threads);
    }
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { stop(); }

  template <typename Executor>
  Executor executor() {
    if constexpr (std::is_constructible_v<Executor, net::thread_pool::executor_type> &&
                  std::is_constructible_v<Executor, net::io_context::executor_type>) {
      if (kind_ == ContextKind::io) return io_->get_executor();
      if (kind_ == ContextKind::strand) return net::make_strand(pool_->get_executor());
      return pool_->get_executor();
    } else if constexpr (std::is_same_v<Executor, net::io_context::executor_type>) {
      return io_->get_executor();
    } else {
      return Executor(pool_->get_executor());
    }
  }
  template <typename Executor>
  static ContextKind suits(Dice& dice) {
    if constexpr (std::is_same_v<Executor, net::io_context::executor_type>) {
      return ContextKind::io;
    } else if constexpr (std::is_same_v<Executor, net::any_io_executor>) {
      return dice.of({ContextKind::pool, ContextKind::io, ContextKind::strand});
    } else {
      return ContextKind::pool;
    }
  }

  /// Returns when no work is left. It hangs if work was left behind.
  void join() {
    work_.reset();
    for (std::thread& runner : runners_) runner.join();
    runners_.clear();
    if (pool_) pool_->join();
  }
  void stop() {
    if (io_) io_->stop();
    if (pool_) pool_->stop();
    join();
  }

 private:
  ContextKind kind_;
  std::unique_ptr<net::io_context> io_;
  std::unique_ptr<net::thread_pool> pool_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;
  std::vector<std::thread> runners_;
};

// --- a round -------------------------------------------------------------------------------------

struct Thrown {};  // thrown by the stress test's callables

template <typename Target>
class Round {
  using Bulkhead = typename Target::Type;
  using Executor = typename Bulkhead::executor_type;

  static constexpr auto relaxed = std::memory_order_relaxed;
  static constexpr std::int64_t maxOutstanding = 1500;
  static constexpr auto hour = std::chrono::hours(1);

  /// One bulkhead and what handlers saw of it.
  struct Generation {
    std::optional<Bulkhead> bulkhead;
    Setup setup;
    std::atomic<bool> destroyed{false};
    std::atomic<bool> drained{false};  // at least once
    std::atomic<std::size_t> bound{0};  // the highest limit so far
    std::atomic<std::size_t> queueBound{0};
    std::atomic<std::size_t> inside{0};
    std::atomic<bool> reached{false};
    std::atomic<std::uint64_t> started{0};
    std::array<std::atomic<std::uint64_t>, endKinds> ends{};
    // Not synchronised, since the limit of 1 already serialises the accesses.
    std::uint64_t alone = 0;
    std::atomic<std::uint64_t> entries{0};

    std::uint64_t seen(End end, std::memory_order order) const {
      return ends[static_cast<std::size_t>(end)].load(order);
    }
  };

  struct Call {
    Call(Round& owner, std::size_t permits, std::optional<nanoseconds> patience)
        : round(owner), weight(permits), timeout(patience) {}

    Round& round;
    Generation* generation = nullptr;
    std::size_t weight;
    std::optional<nanoseconds> timeout;
    std::chrono::steady_clock::time_point begun{};
    Session* session = nullptr;
    bool throws = false;
    bool ran = false;
    bool drain = false;
    std::atomic<unsigned> completions{0};
    std::atomic<unsigned> drops{0};
  };

  /// A member of a handler that reports when the handler is destroyed uninvoked.
  class Notice {
   public:
    explicit Notice(Call& call) noexcept : call_(&call), armed_(true) {}
    Notice(Notice&& other) noexcept
        : call_(other.call_), armed_(std::exchange(other.armed_, false)) {}
    Notice& operator=(Notice&&) = delete;
    ~Notice() {
      if (armed_) call_->round.dropped(*call_);
    }
    Call& fire() noexcept {
      armed_ = false;
      return *call_;
    }

   private:
    Call* call_;
    bool armed_;
  };

  struct OnExecuted {
    Notice notice;
    void operator()(std::exception_ptr error) {
      Call& call = notice.fire();
      call.round.executed(call, error);
    }
    void operator()(std::exception_ptr error, std::size_t value) {
      Call& call = notice.fire();
      if (!error && value != call.weight) call.round.fail("a result was lost");
      call.round.executed(call, error);
    }
  };

  struct OnAcquired {
    Notice notice;
    void operator()(net::error_code error, bulwark::Permit permit) {
      Call& call = notice.fire();
      call.round.acquired(call, error, std::move(permit));
    }
  };

  struct OnDrained {
    Notice notice;
    void operator()(net::error_code error) {
      Call& call = notice.fire();
      call.round.drainEnded(call, error);
    }
  };

  struct Held {
    bulwark::Permit permit;
    Generation* generation;
  };

  /// Counts the permits in use.
  class Inside {
   public:
    Inside(Round& round, Generation& generation, std::size_t weight)
        : round_(round), generation_(generation), weight_(weight) {
      round_.enter(generation_, weight_);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { round_.leave(generation_, weight_); }

   private:
    Round& round_;
    Generation& generation_;
    std::size_t weight_;
  };

 public:
  Round(const Options& options, const Phase& phase, std::uint64_t seed, std::uint64_t operations,
        Journal& journal)
      : phase_(phase),
        threads_(options.threads),
        operations_(operations),
        journal_(journal),
        dice_(seed),
        kind_(Context::suits<Executor>(dice_)),
        client_(std::make_unique<net::thread_pool>(1)),
        context_(std::make_unique<Context>(kind_, static_cast<unsigned>(dice_.from(1, 3)))) {
    executor_.emplace(context_->template executor<Executor>());
    replace(dice_.next());
    const auto flag = [](bool set, const char* name) { return set ? name : ""; };
    journal_.round(fmt::format(
        "{} on {}, limit {}, queue {}, timeout {} ns{}{}{}{}{}{}{}", Target::kind,
        kind_ == ContextKind::io     ? "io_context"
        : kind_ == ContextKind::pool ? "thread_pool"
                                     : "strand",
        current_->setup.limit, current_->setup.queueLimit, current_->setup.timeout.count(),
        flag(phase.resizes, ", resizes"), flag(phase.observes, ", observes"),
        flag(phase.offs, ", offs"), flag(phase.drains, ", drains"), flag(phase.resets, ", resets"),
        flag(phase.replaces, ", replaces"), flag(phase.abandons, ", abandons")));
  }

  void run(Report& report) {
    std::vector<std::thread> drivers;
    std::vector<std::deque<Call>> calls(threads_);
    for (unsigned i = 0; i < threads_; ++i) {
      const std::uint64_t seed = dice_.next();
      const std::uint64_t share = operations_ / threads_ + (i < operations_ % threads_ ? 1 : 0);
      drivers.emplace_back([this, &calls, i, seed, share] {
        Driver driver{Dice(seed), calls[i]};
        for (std::uint64_t n = 0; n < share && !journal_.failed(); ++n) operate(driver);
      });
    }
    for (std::thread& driver : drivers) driver.join();
    if (phase_.abandons) {
      abandon();
    } else {
      settle();
      checkCounters();
      part();
    }
    for (const auto& some : calls) {
      for (const Call& call : some) audit(call, report);
    }
    for (const auto& generation : generations_) audit(*generation, report);
    report.operations += operations_;
    report.replaced += generations_.size() - 1;
    ++report.rounds;
  }

 private:
  struct Driver {
    Dice dice;
    std::deque<Call>& calls;
  };

  void fail(const std::string& what) { journal_.fail(what); }

  // --- operations of the driver threads ----------------------------------------------------------

  void operate(Driver& driver) {
    Dice& dice = driver.dice;
    while (outstanding_.count() > maxOutstanding) {
      giveBackOne(dice);
      std::this_thread::yield();
    }
    const std::size_t which = dice.below(100);
    if (which < 26) return execute(newCall(driver));
    if (which < 31) return executeAwaitable(newCall(driver), dice.below(3));
    if (which < 44) return inSession(driver);
    if (which < 58) return acquire(newCall(driver));
    if (which < 66) return tryAcquire(driver);
    if (which < 76) return giveBackOne(dice);
    if (which < 84) return emit(dice);
    if (which < 92) {
      if constexpr (Target::blocks) return block(driver);
      return execute(newCall(driver));
    }
    if (which < 94) return look();
    if (which < 97 && phase_.resizes) return resize(dice);
    if (which < 98 && phase_.drains) return dice.oneIn(3) ? drain(driver) : resume();
    if (which == 98 && (phase_.observes || phase_.offs)) return switchMode(dice);
    if (phase_.resets && dice.oneIn(4)) return withBulkhead([](Bulkhead& b) { b.reset(); });
    if (phase_.replaces && dice.oneIn(6)) return replaceSomehow(driver);
    return execute(newCall(driver));
  }

  template <typename F>
  void withBulkhead(F f) {
    if (!phase_.replaces) return f(*current_->bulkhead);
    const std::shared_lock lock(gate_);
    f(*current_->bulkhead);
  }

  Call& newCall(Driver& driver) {
    Dice& dice = driver.dice;
    static constexpr std::array<nanoseconds, 8> timeouts{-1ns, 0ns,   1ns,  1us,
                                                         20us, 300us, 10ms, hour};
    std::optional<nanoseconds> timeout;
    if (!dice.oneIn(3)) timeout = timeouts[dice.below(timeouts.size())];
    if (dice.oneIn(16)) timeout = bulwark::noTimeout;
    const std::size_t weight = dice.oneIn(200) ? dice.of<std::size_t>({0, 1'000'000})
                               : dice.oneIn(3) ? dice.from(1, 3)
                                               : 1;
    Call& call = driver.calls.emplace_back(*this, weight, timeout);
    call.throws = dice.oneIn(8);
    return call;
  }

  /// Called right before the call is started.
  Ask begin(Call& call) {
    call.generation = current_;
    call.generation->started.fetch_add(1, relaxed);
    call.begun = std::chrono::steady_clock::now();
    return {.timeout = call.timeout, .permits = call.weight};
  }

  template <typename Start>
  void start(Call& call, Start with) {
    outstanding_.begin();
    launch(call, with);
  }

  template <typename Start>
  void launch(Call& call, Start with) {
    withBulkhead([&](Bulkhead& bulkhead) {
      try {
        with(bulkhead, begin(call));
      } catch (...) {
        fail("an initiating function threw");
      }
    });
  }

  void execute(Call& call) {
    start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      if (call.throws) {
        Target::execute(
            bulkhead, [&call]() -> void { call.round.work(call); }, ask, OnExecuted{Notice(call)});
      } else {
        Target::execute(
            bulkhead, [&call] { return call.round.work(call); }, ask, OnExecuted{Notice(call)});
      }
    });
  }

  void executeAwaitable(Call& call, std::size_t hops) {
    start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      Target::execute(
          bulkhead,
          [&call, hops] {
            call.ran = true;
            return coroutine(call, hops);
          },
          ask, OnExecuted{Notice(call)});
    });
  }

  std::size_t work(Call& call) {
    call.ran = true;
    const Inside inside(*this, *call.generation, call.weight);
    if (call.throws) throw Thrown();
    return call.weight;
  }

  static net::awaitable<std::size_t> coroutine(Call& call, std::size_t hops) {
    const Inside inside(call.round, *call.generation, call.weight);
    const auto executor = co_await net::this_coro::executor;
    for (std::size_t i = 0; i < hops; ++i) co_await net::post(executor, net::use_awaitable);
    if (call.throws) throw Thrown();
    co_return call.weight;
  }

  void acquire(Call& call) {
    start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      Target::acquire(bulkhead, ask, OnAcquired{Notice(call)});
    });
  }

  /// A call with a cancellation slot: it is started, cancelled and completed on its session's
  /// strand.
  void inSession(Driver& driver) {
    Dice& dice = driver.dice;
    Session* session = sessions_.take();
    if (session == nullptr) return execute(newCall(driver));
    Call& call = newCall(driver);
    call.session = session;
    const std::size_t kind = dice.below(phase_.drains ? 5 : 4);
    const std::size_t hops = dice.below(3);
    const std::size_t emits = dice.below(3);
    const auto type = someType(dice);
    outstanding_.begin();
    net::post(session->strand, [this, &call, kind, hops, emits, type] {
      Session& own = *call.session;
      own.begin();
      const auto bound = [&](auto handler) {
        return net::bind_executor(
            own.strand, net::bind_cancellation_slot(own.signal.slot(), std::move(handler)));
      };
      launch(call, [&](Bulkhead& bulkhead, const Ask& ask) {
        if (kind == 0) {
          Target::execute(
              bulkhead, [&call] { return call.round.work(call); }, ask,
              bound(OnExecuted{Notice(call)}));
        } else if (kind == 1) {
          Target::execute(
              bulkhead,
              [&call, hops] {
                call.ran = true;
                return coroutine(call, hops);
              },
              ask, bound(OnExecuted{Notice(call)}));
        } else if (kind < 4) {
          Target::acquire(bulkhead, ask, bound(OnAcquired{Notice(call)}));
        } else {
          beginDrain(call);
          bulkhead.drain(ask.timeout.value_or(bulwark::noTimeout), bound(OnDrained{Notice(call)}));
        }
      });
      if (emits == 1) own.emit(type);
    });
    if (emits == 2) session->postEmit(type);
  }

  /// Cancels the current call of some session, which may have ended long ago.
  void emit(Dice& dice) { sessions_.any(dice).postEmit(someType(dice)); }

  void tryAcquire(Driver& driver) {
    Dice& dice = driver.dice;
    const std::size_t weight = dice.oneIn(50)  ? dice.of<std::size_t>({0, 1'000'000})
                               : dice.oneIn(3) ? dice.from(1, 3)
                                               : 1;
    const bool holds = dice.oneIn(2);
    withBulkhead([&](Bulkhead& bulkhead) {
      Generation* generation = current_;
      bulwark::Permit permit = bulkhead.tryAcquire(weight);
      if (!permit) return;  // not counted as a call
      generation->started.fetch_add(1, relaxed);
      if (permit.count() != weight) fail("a permit of another weight");
      enter(*generation, weight);
      if (holds) return hold({std::move(permit), generation});
      giveBack({std::move(permit), generation});
    });
  }

  /// Blocks for a short while at most, because a blocked thread releases no permits.
  void block(Driver& driver) {
    if constexpr (Target::blocks) {
      Dice& dice = driver.dice;
      Call& call = newCall(driver);
      call.timeout = dice.of<nanoseconds>({0ns, 1us, 20us, 100us});
      const bool works = dice.oneIn(2);
      const bool holds = dice.oneIn(3);
      outstanding_.begin();
      withBulkhead([&](Bulkhead& semaphore) {
        const Ask ask = begin(call);
        try {
          if (works) {
            const std::size_t value =
                semaphore.withPermit([&] { return work(call); }, Target::options(ask));
            if (value != call.weight) fail("a result was lost");
            finish(call, End::executed);
          } else {
            bulwark::Permit permit = semaphore.acquire(Target::options(ask));
            if (permit.count() != call.weight) fail("a permit of another weight");
            enter(*call.generation, call.weight);
            Held held{std::move(permit), call.generation};
            if (holds) {
              hold(std::move(held));
            } else {
              giveBack(std::move(held));
            }
            complete(call);
          }
        } catch (...) {
          executed(call, std::current_exception());
        }
      });
    }
  }

  void resize(Dice& dice) {
    const std::lock_guard turn(resizeMutex_);
    withBulkhead([&](Bulkhead& bulkhead) {
      Generation& generation = *current_;
      Change change;
      if (!dice.oneIn(3)) change.limit = dice.from(1, 8);
      if (dice.oneIn(3)) change.queueLimit = someQueueLimit(dice);
      if (dice.oneIn(3)) change.timeout = someTimeout(dice);
      // These bounds hold from here on, since an old limit may apply until updateConfig() returns.
      if (change.limit) raise(generation.bound, *change.limit);
      if (change.queueLimit) raise(generation.queueBound, *change.queueLimit);
      Target::configure(bulkhead, change);
      if (!change.limit || phase_.observes || phase_.offs) return;
      // The new limit holds once the surplus is released.
      bool settled = false;
      for (int i = 0; i < 8; ++i) {
        const std::size_t active = Target::counters(bulkhead).active;
        if (settled && active > *change.limit) fail("more active than the new limit");
        settled |= active <= *change.limit;
      }
    });
  }

  void switchMode(Dice& dice) {
    using bulwark::Mode;
    const Mode mode = dice.oneIn(2)                     ? Mode::enforce
                      : phase_.offs && dice.oneIn(2)    ? Mode::off
                      : phase_.observes || !phase_.offs ? Mode::observe
                                                        : Mode::off;
    withBulkhead([&](Bulkhead& bulkhead) { Target::configure(bulkhead, {.mode = mode}); });
  }

  void drain(Driver& driver) {
    Call& call = newCall(driver);
    start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
      beginDrain(call);
      if (ask.timeout) {
        bulkhead.drain(*ask.timeout, OnDrained{Notice(call)});
      } else {
        bulkhead.drain(OnDrained{Notice(call)});
      }
    });
  }

  void beginDrain(Call& call) {
    call.drain = true;
    call.generation->started.fetch_sub(1, relaxed);  // not counted as a call
    call.generation->drained.store(true, relaxed);
  }

  void resume() {
    withBulkhead([](Bulkhead& bulkhead) { bulkhead.resume(); });
  }

  /// Checks the statistics at an arbitrary moment.
  void look() {
    withBulkhead([&](Bulkhead& bulkhead) {
      Generation& generation = *current_;
      std::array<std::uint64_t, endKinds> before{};
      for (std::size_t i = 0; i < endKinds; ++i) {
        before[i] = generation.seen(static_cast<End>(i), std::memory_order_acquire);
      }
      const Counters counters = Target::counters(bulkhead);
      const std::uint64_t started = generation.started.load(std::memory_order_acquire);
      if (bounded() && counters.active > generation.setup.limit)
        fail("a check: active above limit");
      if (counters.queued > generation.queueBound.load(relaxed))
        fail("a check: queue above its limit");
      if (counters.running > counters.active) fail("a check: more calls than permits");
      if (phase_.resets || phase_.offs) return;
      // Every call whose handler has run is counted.
      const auto seen = [&](End end) { return before[static_cast<std::size_t>(end)]; };
      const std::uint64_t failed = Target::blocks ? 0 : seen(End::failed);
      const std::uint64_t executed = seen(End::executed) + (Target::blocks ? seen(End::failed) : 0);
      if (counters.executed < executed || counters.failed < failed ||
          counters.rejected < seen(End::rejected) || counters.timedOut < seen(End::timedOut) ||
          counters.cancelled < seen(End::cancelled) || counters.drained < seen(End::drained)) {
        fail("a check: a handler ran before its call was counted");
      }
      if (counters.executed + counters.failed + counters.rejected + counters.timedOut +
              counters.cancelled + counters.drained + counters.queued >
          started) {
        fail("a check: more calls than were started");
      }
    });
  }

  // --- destruction with calls outstanding --------------------------------------------------------

  void replaceSomehow(Driver& driver) {
    const std::uint64_t seed = driver.dice.next();
    if (driver.dice.oneIn(3)) {
      const std::lock_guard lock(gate_);
      Bulkhead moved(std::move(*current_->bulkhead));
      current_->bulkhead.emplace(std::move(moved));
    } else if (driver.dice.oneIn(2)) {
      replace(seed);
    } else {
      // From a callable of the bulkhead itself.
      Call& call = newCall(driver);
      start(call, [&](Bulkhead& bulkhead, const Ask& ask) {
        Target::execute(
            bulkhead,
            [&call, seed] {
              call.round.replace(seed);
              return call.round.work(call);
            },
            ask, OnExecuted{Notice(call)});
      });
    }
  }

  void replace(std::uint64_t seed) {
    Dice dice(seed);
    auto fresh = std::make_unique<Generation>();
    fresh->setup = {.limit = dice.oneIn(3) ? 1 : dice.from(2, 8),
                    .queueLimit = someQueueLimit(dice),
                    .timeout = someTimeout(dice)};
    fresh->bound = fresh->setup.limit;
    fresh->queueBound = fresh->setup.queueLimit;
    fresh->bulkhead.emplace(Target::make(*executor_, fresh->setup));
    const std::lock_guard lock(gate_);
    if (current_ != nullptr) {
      current_->destroyed.store(true, relaxed);
      current_->bulkhead.reset();
    }
    current_ = fresh.get();
    generations_.push_back(std::move(fresh));
  }

  static std::size_t someQueueLimit(Dice& dice) {
    return dice.of<std::size_t>({0, 1, 3, 10, 60, 60, 400, bulwark::unlimited});
  }
  static nanoseconds someTimeout(Dice& dice) {
    return dice.of<nanoseconds>({0ns, 5us, 100us, 1ms, 20ms, hour, bulwark::noTimeout});
  }
  static void raise(std::atomic<std::size_t>& bound, std::size_t value) {
    if (bound.load(relaxed) < value) bound.store(value, relaxed);
  }

  // --- permits -----------------------------------------------------------------------------------

  /// Returns whether the limit holds and never changes in this round.
  bool bounded() const { return !phase_.resizes && !phase_.observes && !phase_.offs; }

  void enter(Generation& generation, std::size_t weight) {
    if (phase_.observes || phase_.offs) return;
    const std::size_t now = generation.inside.fetch_add(weight, relaxed) + weight;
    const std::size_t bound = generation.bound.load(relaxed);
    if (now > bound) fail(fmt::format("{} inside, limit {}", now, bound));
    if (now == bound) generation.reached.store(true, relaxed);
    if (bound == 1 && bounded()) ++generation.alone;
    generation.entries.fetch_add(1, relaxed);
  }

  void leave(Generation& generation, std::size_t weight) {
    if (phase_.observes || phase_.offs) return;
    if (generation.setup.limit == 1 && bounded()) ++generation.alone;
    generation.inside.fetch_sub(weight, relaxed);
  }

  void hold(Held held) {
    {
      const std::lock_guard lock(poolMutex_);
      if (!poolClosed_ && pool_.size() < 32) {
        pool_.push_back(std::move(held));
        return;
      }
    }
    giveBack(std::move(held));
  }

  void giveBack(Held held) {
    leave(*held.generation, held.permit.count());
    held.permit.release();
    count(*held.generation, End::executed);
  }

  void giveBackOne(Dice& dice) {
    std::optional<Held> held;
    {
      const std::lock_guard lock(poolMutex_);
      if (pool_.empty()) return;
      std::swap(pool_[dice.below(pool_.size())], pool_.back());
      held.emplace(std::move(pool_.back()));
      pool_.pop_back();
    }
    giveBack(std::move(*held));
  }

  void closePool() {
    std::vector<Held> rest;
    {
      const std::lock_guard lock(poolMutex_);
      poolClosed_ = true;
      rest.swap(pool_);
    }
    for (Held& held : rest) giveBack(std::move(held));
  }

  // --- completions -------------------------------------------------------------------------------

  void executed(Call& call, const std::exception_ptr& error) {
    checkStrand(call);
    if (call.ran) {
      const bool thrown = error && isThrown(error);
      if (call.throws && !error) fail("an exception was lost");
      const bool asked = call.session != nullptr && call.session->emitted;
      if (error && !thrown && !asked) fail("an unexpected exception");
      return finish(call, error ? End::failed : End::executed);
    }
    if (!error) {
      fail("executed, and never ran");
      return finish(call, End::executed);
    }
    refused(call, bulwark::errorCodeOf(error));
  }

  static bool isThrown(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const Thrown&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  void acquired(Call& call, net::error_code error, bulwark::Permit permit) {
    checkStrand(call);
    if (error) {
      if (permit) fail("an error and a permit");
      return refused(call, error);
    }
    if (permit.count() != call.weight) fail("a permit of another weight");
    enter(*call.generation, call.weight);
    Held held{std::move(permit), call.generation};
    // An arbitrary rule decides whether the permit is kept for another thread to release.
    if ((call.begun.time_since_epoch().count() >> 4) % 3 == 0) {
      giveBack(std::move(held));
    } else {
      hold(std::move(held));
    }
    complete(call);
  }

  void refused(Call& call, net::error_code error) {
    Generation& generation = *call.generation;
    if (error == bulwark::Errc::queueFull) {
      if (bounded() && generation.setup.queueLimit == bulwark::unlimited && call.timeout &&
          *call.timeout > 0ns) {
        fail("rejected by a queue without a limit");
      }
      return finish(call, End::rejected);
    }
    if (error == bulwark::Errc::queueTimeout) {
      if (call.timeout && (*call.timeout <= 0ns || *call.timeout >= hour)) {
        fail("timed out without a timeout");
      }
      if (call.timeout && std::chrono::steady_clock::now() - call.begun < *call.timeout) {
        fail("timed out too early");
      }
      checkRequest(call);
      return finish(call, End::timedOut);
    }
    if (error == bulwark::Errc::draining) {
      if (!generation.drained.load(relaxed)) fail("drained without a drain");
      return finish(call, End::drained);
    }
    if (error == net::error::operation_aborted) {
      const bool asked = call.session != nullptr && call.session->emitted;
      if (!asked && !generation.destroyed.load(relaxed)) fail("cancelled without a request");
      return finish(call, End::cancelled);
    }
    if (error == net::error::invalid_argument) {
      if (call.weight > 0 && call.weight <= generation.setup.limit && bounded()) {
        fail("a good weight was refused");
      }
      return finish(call, End::invalid);
    }
    fail("an unexpected error: " + error.message());
    finish(call, End::failed);
  }

  void drainEnded(Call& call, net::error_code error) {
    checkStrand(call);
    if (error && error != net::error::timed_out && error != net::error::operation_aborted) {
      fail("an unexpected error: " + error.message());
    }
    if (error == net::error::timed_out && (!call.timeout || *call.timeout >= hour)) {
      fail("a drain timed out without a timeout");
    }
    if (error == net::error::timed_out) checkRequest(call);
    complete(call);
  }

  /// Checks that a call that timed out had not been cancelled before its deadline.
  void checkRequest(const Call& call) {
    if (call.session == nullptr || !call.session->emitted || !call.timeout) return;
    if (*call.timeout > 0ns && call.session->emittedBy - call.begun < *call.timeout) {
      fail("a cancellation request was lost");
    }
  }

  void checkStrand(const Call& call) {
    if (call.session != nullptr && !call.session->strand.running_in_this_thread()) {
      fail("a handler ran off its executor");
    }
  }

  /// Records how a call ended, from its caller's view.
  void finish(Call& call, End end) {
    count(*call.generation, end);
    complete(call);
  }

  // Release, so that a check that sees this count also sees what the library did before it. Not
  // acquire, so that the count orders nothing else.
  static void count(Generation& generation, End end) {
    generation.ends[static_cast<std::size_t>(end)].fetch_add(1, std::memory_order_release);
  }

  void complete(Call& call) {
    if (call.completions.fetch_add(1, relaxed) != 0) fail("a call completed twice");
    over(call);
  }

  void dropped(Call& call) noexcept {
    call.drops.fetch_add(1, relaxed);
    if (!phase_.abandons) fail("a handler was destroyed uninvoked");
    over(call);
  }

  void over(Call& call) {
    if (call.session != nullptr) sessions_.giveBack(*call.session);
    outstanding_.end();
  }

  // --- the end of a round ------------------------------------------------------------------------

  void settle() {
    closePool();
    resume();
    const std::int64_t left = outstanding_.wait();
    if (left != 0) journal_.giveUp(fmt::format("{} calls never end", left));
  }

  void checkCounters() {
    Generation& last = *current_;
    Bulkhead& bulkhead = *last.bulkhead;
    bulkhead.resume();
    Target::configure(bulkhead, {.mode = bulwark::Mode::enforce});
    const Counters counters = Target::counters(bulkhead);
    const auto seen = [&](End end) { return last.seen(end, std::memory_order_acquire); };
    same("active", counters.active, 0);
    same("running", counters.running, 0);
    same("queued", counters.queued, 0);
    if (!phase_.resets && !phase_.offs) {
      const bool joint = Target::blocks;  // a semaphore counts both as released
      same("executed", counters.executed, seen(End::executed) + (joint ? seen(End::failed) : 0));
      same("failed", counters.failed, joint ? 0 : seen(End::failed));
      same("rejected", counters.rejected, seen(End::rejected));
      same("timed out", counters.timedOut, seen(End::timedOut));
      same("cancelled", counters.cancelled, seen(End::cancelled));
      same("drained", counters.drained, seen(End::drained));
      if (!joint) same("measured", counters.measured, counters.executed + counters.failed);
      same("submitted",
           counters.executed + counters.failed + counters.rejected + counters.timedOut +
               counters.cancelled + counters.drained,
           last.started.load() - seen(End::invalid));
    } else if (!phase_.resets) {
      // Calls in mode off are not counted, but every refusal is.
      same("rejected", counters.rejected, seen(End::rejected));
      same("timed out", counters.timedOut, seen(End::timedOut));
      same("cancelled", counters.cancelled, seen(End::cancelled));
      same("drained", counters.drained, seen(End::drained));
    }
    std::vector<bulwark::Permit> all;
    for (std::size_t i = 0; i < counters.limit; ++i) {
      all.push_back(bulkhead.tryAcquire());
      if (!all.back()) fail(fmt::format("only {} of {} permits are free", i, counters.limit));
    }
    if (bulkhead.tryAcquire()) fail("one permit too many");
    same("active with all permits in use", Target::counters(bulkhead).active, counters.limit);
    all.clear();
    same("active in the end", Target::counters(bulkhead).active, 0);
  }

  void same(const char* what, std::uint64_t library, std::uint64_t handlers) {
    if (library != handlers) {
      fail(fmt::format("{}: {} counted, {} expected", what, library, handlers));
    }
  }

  /// Destroys bulkhead and context in either order.
  void part() {
    sessions_.flush();
    client_->join();
    if (dice_.oneIn(2)) current_->bulkhead.reset();
    context_->join();
    current_->bulkhead.reset();
    sessions_.clear();
    executor_.reset();
    context_.reset();
    client_.reset();
  }

  /// Destroys the context with calls in it, then releases permits, then destroys the bulkhead.
  void abandon() {
    sessions_.flush();
    context_->stop();
    executor_.reset();  // a strand belongs to its context
    context_.reset();
    // The slots may still hold the handlers of destroyed calls.
    sessions_.postEmitToAll(net::cancellation_type::terminal);
    closePool();
    current_->bulkhead.reset();
    client_->join();
    sessions_.clear();
    client_.reset();
    // Permits delivered on the other context after the pool was closed were released there.
    same("calls that are neither completed nor destroyed",
         static_cast<std::uint64_t>(outstanding_.count()), 0);
  }

  void audit(const Call& call, Report& report) {
    const unsigned completions = call.completions.load();
    const unsigned drops = call.drops.load();
    const bool began = call.generation != nullptr;
    if (!began && journal_.failed()) return;
    if (completions + drops != 1) {
      fail(fmt::format("a call with {} completions, {} drops", completions, drops));
    }
    ++(call.drain ? report.drains : report.calls);
    report.abandoned += drops;
  }

  void audit(const Generation& generation, Report& report) {
    std::uint64_t ended = 0;
    for (std::size_t i = 0; i < endKinds; ++i) {
      const std::uint64_t n = generation.ends[i].load();
      ended += n;
      report.ends[i] += n;
    }
    if (!phase_.abandons) same("ends of all calls", ended, generation.started.load());
    same("inside in the end", generation.inside.load(), 0);
    if (!bounded()) return;
    ++report.bounded;
    if (generation.reached) ++report.saturated;
    if (generation.setup.limit == 1) {
      same("increments under a limit of 1", generation.alone, 2 * generation.entries.load());
    }
  }

  const Phase phase_;
  const unsigned threads_;
  const std::uint64_t operations_;
  Journal& journal_;
  Dice dice_;
  const ContextKind kind_;

  std::vector<std::unique_ptr<Generation>> generations_;
  std::unique_ptr<net::thread_pool> client_;  // where sessions run
  std::unique_ptr<Context> context_;  // where the bulkhead's calls run
  std::optional<Executor> executor_;
  Sessions sessions_{*client_, 32};

  std::shared_mutex gate_;  // shared for using a bulkhead, exclusive for replacing it
  Generation* current_ = nullptr;

  std::mutex resizeMutex_;
  std::mutex poolMutex_;
  std::vector<Held> pool_;
  bool poolClosed_ = false;

  Outstanding outstanding_;
};

// --- the stress test -----------------------------------------------------------------------------

Phase somePhase(Dice& dice) {
  Phase phase;
  phase.resizes = dice.oneIn(3);
  phase.observes = dice.oneIn(6);
  phase.offs = dice.oneIn(12);
  phase.drains = dice.oneIn(3);
  phase.resets = dice.oneIn(8);
  phase.replaces = dice.oneIn(3);
  phase.abandons = dice.oneIn(8);
  return phase;
}

}  // namespace

Report run(const Options& options) {
  Report report;
  Journal journal(fmt::format("seed {}", options.seed));
  Dice dice(options.seed);
  while (report.operations < options.operations && !journal.failed()) {
    const std::uint64_t operations =
        std::min(options.roundSize, options.operations - report.operations);
    const Phase phase = options.phase ? *options.phase : somePhase(dice);
    const std::uint64_t seed = dice.next();
    const auto round = [&]<typename Target>(std::type_identity<Target>) {
      Round<Target> one(options, phase, seed, operations, journal);
      one.run(report);
    };
    const bool semaphore = options.semaphores && (!options.bulkheads || dice.oneIn(3));
    const std::size_t kind = dice.below(4);
    if (semaphore) {
      round(std::type_identity<SemaphoreTarget<net::any_io_executor>>());
    } else if (kind == 0) {
      round(std::type_identity<BulkheadTarget<net::thread_pool::executor_type>>());
    } else if (kind == 1) {
      round(std::type_identity<BulkheadTarget<net::io_context::executor_type>>());
    } else {
      round(std::type_identity<BulkheadTarget<net::any_io_executor>>());
    }
  }
  report.failures = journal.failures();
  return report;
}

std::string describe(const Options& options, const Report& report) {
  static constexpr std::array<const char*, endKinds> names{
      "executed", "failed", "rejected", "timed out", "cancelled", "drained", "invalid"};
  std::string text = fmt::format(
      "seed {}: {} operations in {} rounds by {} threads: {}\n"
      "  calls {}, drains {}, bulkheads destroyed in use {}, limit reached in {} of {} rounds\n"
      "  handlers saw",
      options.seed, report.operations, report.rounds, options.threads,
      report.failures.empty() ? "every invariant held" : "FAILED", report.calls, report.drains,
      report.replaced, report.saturated, report.bounded);
  for (std::size_t i = 0; i < endKinds; ++i) {
    text += fmt::format(" {} {},", names[i], report.ends[i]);
  }
  text += fmt::format(" destroyed with their context {}\n", report.abandoned);
  for (const std::string& failure : report.failures) text += "  " + failure + "\n";
  return text;
}

}  // namespace stress
