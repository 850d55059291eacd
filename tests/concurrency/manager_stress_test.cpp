#include <bulwark/bulwark.hpp>

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
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
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/stress_parts.hpp"

// A stress test: several threads make random calls through a manager while it is reconfigured,
// drained and destroyed. It checks invariants that hold for every interleaving.
// support/stress.hpp does the same to one bulkhead; its remark about relaxed counters applies here
// as well.

namespace {

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Mode;
using std::chrono::nanoseconds;

using stress::Dice;
using stress::Session;
using stress::someType;

constexpr auto relaxed = std::memory_order_relaxed;

struct Phase {
  std::uint64_t seed = 1;
  std::size_t operations = 8'000;
  bool applies = false;   // changes the configuration, and limits of single semaphores
  bool observes = false;  // switches to observe and back
  bool offs = false;      // switches to off and back
  bool drains = false;    // drainAll, resumeAll
  bool destroys = false;  // at the end the manager is destroyed with calls outstanding
};

enum End : std::size_t { executed, failed, rejected, timedOut, cancelled, drained, invalid };
constexpr std::size_t endKinds = 7;
using Ends = std::array<std::atomic<std::uint64_t>, endKinds>;

struct Thrown {};  // by the callables of the test

class Stress {
  using Manager = bulwark::BulkheadManager<>;

  static constexpr std::size_t services = 6;  // the last one on an executor of its own
  static constexpr std::size_t semaphores = 5;  // the last one with a small queue
  static constexpr std::int64_t maxOutstanding = 300;

  /// A service or a semaphore, as the handlers and the callables saw it.
  struct Place {
    std::string name;
    Ends ends{};
    std::atomic<std::size_t> inside{0};
    std::atomic<std::size_t> bound{0};  // the highest limit so far
  };

  struct Call {
    explicit Call(Stress& owner) : stress(owner) {}
    Stress& stress;
    Place* service = nullptr;
    std::vector<Place*> semaphores;
    bulwark::ManagerCallOptions options;
    Session* session = nullptr;
    bool throws = false;
    bool ran = false;
    bool drain = false;
    bool doomed = false;  // waits for a permit that the test keeps: can only be cancelled
    std::atomic<unsigned> completions{0};
    std::atomic<unsigned> drops{0};
  };

  /// Captured by a handler: reports a handler that is destroyed without being invoked.
  class Notice {
   public:
    explicit Notice(Call& call) noexcept : call_(&call), armed_(true) {}
    Notice(Notice&& other) noexcept
        : call_(other.call_), armed_(std::exchange(other.armed_, false)) {}
    Notice& operator=(Notice&&) = delete;
    ~Notice() {
      if (!armed_) return;
      call_->drops.fetch_add(1, relaxed);
      call_->stress.fail("a handler was destroyed without being invoked");
      call_->stress.over(*call_);
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
      call.stress.ended(call, error);
    }
    void operator()(std::exception_ptr error, std::size_t value) {
      Call& call = notice.fire();
      if (!error && value != call.options.permits) call.stress.fail("a result was lost");
      call.stress.ended(call, error);
    }
  };

  struct OnDrained {
    Notice notice;
    void operator()(net::error_code error) {
      Call& call = notice.fire();
      if (error && error != net::error::operation_aborted) call.stress.fail("a drain failed");
      call.stress.complete(call);
    }
  };

  /// Counts the calls inside the service and its semaphores.
  class Inside {
   public:
    explicit Inside(Call& call) : call_(call) {
      enter(*call_.service, call_.options.permits);
      for (Place* semaphore : call_.semaphores) enter(*semaphore, 1);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() {
      for (Place* semaphore : call_.semaphores) semaphore->inside.fetch_sub(1, relaxed);
      call_.service->inside.fetch_sub(call_.options.permits, relaxed);
    }

   private:
    void enter(Place& place, std::size_t weight) {
      const std::size_t now = place.inside.fetch_add(weight, relaxed) + weight;
      const std::size_t bound = place.bound.load(relaxed);
      if (call_.stress.enforces() && now > bound) {
        call_.stress.fail(fmt::format("{} inside {}, limit {}", now, place.name, bound));
      }
    }
    Call& call_;
  };

 public:
  explicit Stress(const Phase& phase) : phase_(phase), dice_(phase.seed) {
    for (std::size_t i = 0; i < services; ++i) services_[i].name = fmt::format("service {}", i);
    for (std::size_t i = 0; i < semaphores; ++i) semaphores_[i].name = fmt::format("sem {}", i);
    manager_.emplace(*pool_, someConfig(dice_));
    const std::size_t ownLimit = dice_.from(1, 4);
    raise(services_[services - 1], ownLimit);
    manager_->addBulkhead(
        {.name = services_[services - 1].name, .maxConcurrent = ownLimit, .queueTimeout = 1ms},
        net::make_strand(own_->get_executor()));
    raise(semaphores_[semaphores - 1], 2);
    manager_->addSemaphore({.name = semaphores_[semaphores - 1].name,
                            .permits = 2,
                            .maxQueueSize = 2,
                            .acquireTimeout = 100us});
    kept_.name = "sem kept";  // its name sorts last, so calls acquire it last
    raise(kept_, 1);
    held_ = manager_
                ->addSemaphore({.name = kept_.name,
                                .permits = 1,
                                .maxQueueSize = bulwark::unlimited,
                                .acquireTimeout = bulwark::noTimeout})
                .tryAcquire();
  }

  void run() {
    constexpr unsigned threads = 3;
    std::vector<std::deque<Call>> calls(threads);
    std::vector<std::thread> drivers;
    for (unsigned i = 0; i < threads; ++i) {
      drivers.emplace_back([this, &some = calls[i], seed = dice_.next()] {
        Dice dice(seed);
        for (std::size_t n = 0; n < phase_.operations / threads; ++n) operate(dice, some);
      });
    }
    for (std::thread& driver : drivers) driver.join();
    // Once every doomed call has been asked to end, no call is left to take this permit.
    if (requests_.wait() != 0) fail("a request was never made");
    letGo();
    if (phase_.destroys) {
      sessions_.flush();  // they use the manager
      destroyed_.store(true, relaxed);
      manager_.reset();
    } else {
      manager_->resumeAll();
    }
    settle();
    if (manager_) checkCounters();
    sessions_.flush();
    client_->join();
    if (dice_.oneIn(2)) manager_.reset();
    own_->join();
    pool_->join();
    manager_.reset();
    for (const auto& some : calls) {
      for (const Call& call : some) {
        if (call.completions != 1 || call.drops != 0) fail("a call that did not end once");
      }
    }
  }

  const std::vector<std::string>& failures() const { return failures_; }
  std::uint64_t ends(End end) const {
    std::uint64_t sum = 0;
    for (const Place& service : services_) sum += service.ends[end].load();
    return sum;
  }
  std::uint64_t refusedAtSemaphores() const {
    std::uint64_t sum = 0;
    for (const Place& semaphore : semaphores_) {
      for (const auto& end : semaphore.ends) sum += end.load();
    }
    return sum;
  }

 private:
  bool enforces() const { return !phase_.observes && !phase_.offs; }

  void fail(const std::string& what) {
    const std::lock_guard lock(failureMutex_);
    if (failures_.size() < 20) {
      failures_.push_back(fmt::format("seed {}: {}", phase_.seed, what));
      std::fprintf(stderr, "stress: %s\n", failures_.back().c_str());
    }
  }

  // --- what drivers do --------------------------------------------------------------------------

  void operate(Dice& dice, std::deque<Call>& calls) {
    const auto begun = std::chrono::steady_clock::now();
    while (outstanding_.count() > maxOutstanding) {
      std::this_thread::yield();
      // Happens only when no call can proceed, because all wait for the permit that the test keeps.
      if (std::chrono::steady_clock::now() - begun > 1min) letGo();
    }
    const std::size_t which = dice.below(100);
    if (which < 45) return start(newCall(dice, calls), dice, nullptr);
    if (which < 70) return inSession(dice, calls);
    if (which < 78) return emit(dice);
    if (which < 82) return look(dice);
    if (which < 84) return hold(dice);
    if (which < 88 && phase_.applies) return change(dice);
    if (which < 91 && !enforces()) return manager_->setMode(someMode(dice));
    if (which < 94 && phase_.drains) {
      if (dice.oneIn(2)) return manager_->resumeAll();
      return drain(calls.emplace_back(*this));
    }
    start(newCall(dice, calls), dice, nullptr);
  }

  Call& newCall(Dice& dice, std::deque<Call>& calls) {
    static constexpr std::array<nanoseconds, 7> timeouts{
        -1ns, 0ns, 1ns, 20us, 300us, 10ms, bulwark::noTimeout};
    Call& call = calls.emplace_back(*this);
    call.service = &services_[dice.below(services)];
    for (std::size_t n = dice.below(4); n > 0; --n) {
      Place* semaphore = &semaphores_[dice.below(semaphores)];
      call.options.semaphores.push_back(semaphore->name);  // a name may come twice
      bool known = false;
      for (const Place* other : call.semaphores) known |= other == semaphore;
      if (!known) call.semaphores.push_back(semaphore);
    }
    if (dice.oneIn(100)) call.options.semaphores.push_back("no such");
    if (dice.oneIn(2)) call.options.queueTimeout = timeouts[dice.below(timeouts.size())];
    if (dice.oneIn(3)) call.options.waitTimeout = timeouts[dice.below(timeouts.size())];
    if (dice.oneIn(4)) call.options.permits = dice.from(1, 3);
    if (dice.oneIn(100)) call.options.permits = dice.of<std::size_t>({0, 1'000'000});
    call.throws = dice.oneIn(8);
    return call;
  }

  void start(Call& call, Dice& dice, Session* session) {
    outstanding_.begin();
    launch(call, dice.below(5), session);
  }

  void launch(Call& call, std::size_t kind, Session* session) {
    OnExecuted handler{Notice(call)};
    if (session == nullptr) return launchWith(call, kind, std::move(handler));
    launchWith(
        call, kind,
        net::bind_executor(session->strand, net::bind_cancellation_slot(session->signal.slot(),
                                                                        std::move(handler))));
  }

  template <typename Handler>
  void launchWith(Call& call, std::size_t kind, Handler handler) {
    try {
      if (kind < 3) {
        manager_->execute(
            call.service->name, [&call] { return work(call); }, call.options, std::move(handler));
      } else {
        manager_->execute(
            call.service->name, [&call, kind] { return coroutine(call, kind - 3); }, call.options,
            std::move(handler));
      }
    } catch (...) {
      fail("an initiating function threw");
    }
  }

  static std::size_t work(Call& call) {
    call.ran = true;
    const Inside inside(call);
    if (call.throws) throw Thrown();
    return call.options.permits;
  }

  static net::awaitable<std::size_t> coroutine(Call& call, std::size_t hops) {
    call.ran = true;
    const Inside inside(call);
    const auto executor = co_await net::this_coro::executor;
    for (std::size_t i = 0; i < hops; ++i) co_await net::post(executor, net::use_awaitable);
    if (call.throws) throw Thrown();
    co_return call.options.permits;
  }

  /// A call with a cancellation slot: started, cancelled and completed on its session's strand.
  void inSession(Dice& dice, std::deque<Call>& calls) {
    Session* session = sessions_.take();
    Call& call = newCall(dice, calls);
    if (session == nullptr) return start(call, dice, nullptr);
    call.session = session;
    const std::size_t kind = dice.below(5);
    const bool drains = phase_.drains && dice.oneIn(40);
    const bool emits = dice.oneIn(3);
    const auto type = someType(dice);
    if (enforces() && !drains && dice.oneIn(2)) doom(call);
    const std::size_t later = dice.below(8);
    outstanding_.begin();
    net::post(session->strand, [this, &call, kind, drains, emits, later, type] {
      Session& own = *call.session;
      own.begin();
      if (drains) {
        call.drain = true;
        manager_->drainAll(net::bind_executor(
            own.strand, net::bind_cancellation_slot(own.signal.slot(), OnDrained{Notice(call)})));
      } else {
        launch(call, kind, &own);
      }
      if (call.doomed) return request(own, later, type);
      if (emits) own.emit(type);
    });
  }

  void doom(Call& call) {
    call.doomed = true;
    call.options.waitTimeout.reset();
    call.options.semaphores.push_back(kept_.name);
    call.semaphores.push_back(&kept_);
    requests_.begin();
  }

  /// Cancels the session's call after `turns` turns of the strand, in whatever state it is then.
  void request(Session& session, std::size_t turns, net::cancellation_type_t type) {
    net::post(session.strand, [this, &session, turns, type] {
      if (turns > 0) return request(session, turns - 1, type);
      session.emit(type);
      requests_.end();
    });
  }

  void letGo() {
    const std::lock_guard lock(failureMutex_);
    held_.release();
  }

  /// Emits the signal of some session, whose call may have ended long ago.
  void emit(Dice& dice) { sessions_.any(dice).postEmit(someType(dice)); }

  void drain(Call& call) {
    call.drain = true;
    outstanding_.begin();
    manager_->drainAll(OnDrained{Notice(call)});
  }

  /// Acquires a permit of a semaphore without a call.
  void hold(Dice& dice) {
    Place& place = semaphores_[dice.below(semaphores)];
    const bulwark::Permit permit = manager_->semaphore(place.name)->tryAcquire();
    if (permit) look(dice);
  }

  void look(Dice& dice) {
    if (dice.oneIn(2)) {
      const bulwark::HealthSummary health = manager_->health();
      if (health.totalSemaphores != semaphores + 1) fail("a semaphore is missing");
      return;
    }
    const bulwark::ManagerStats stats = manager_->stats();
    if (!enforces()) return;
    for (Place& service : services_) {
      const auto found = stats.bulkheads.find(service.name);
      if (found != stats.bulkheads.end() && found->second.peakActive > service.bound.load(relaxed))
        fail("statistics: more active than any limit so far");
    }
  }

  // --- changes ----------------------------------------------------------------------------------

  void change(Dice& dice) {
    const std::lock_guard turn(configMutex_);
    if (dice.oneIn(3)) {
      Place& place = semaphores_[dice.below(semaphores)];
      const std::size_t permits = dice.from(1, 4);
      raise(place, permits);
      manager_->semaphore(place.name)->updateConfig({.permits = permits});
    } else if (dice.oneIn(2)) {
      Place& place = services_[dice.below(services)];
      const bulwark::BulkheadOverrides overrides = someOverrides(dice, place);
      manager_->updateConfig(place.name, overrides);
    } else {
      manager_->apply(someConfig(dice));
    }
  }

  bulwark::ManagerConfig someConfig(Dice& dice) {
    bulwark::ManagerConfig config;
    config.defaults = {.maxConcurrent = dice.from(1, 5),
                       .maxQueueSize = someQueueSize(dice),
                       .queueTimeout = someTimeout(dice)};
    for (std::size_t i = 0; i < services - 1; ++i) {
      raise(services_[i], config.defaults.maxConcurrent);
      if (dice.oneIn(2)) config.services[services_[i].name] = someOverrides(dice, services_[i]);
    }
    for (std::size_t i = 0; i < semaphores - 1; ++i) {
      const std::size_t permits = dice.from(1, 4);
      raise(semaphores_[i], permits);
      // The first configuration has all of them, because the drivers look for them.
      if (!manager_ || dice.oneIn(2)) config.semaphores[semaphores_[i].name] = permits;
    }
    config.semaphoreTimeout = someTimeout(dice);
    return config;
  }

  bulwark::BulkheadOverrides someOverrides(Dice& dice, Place& place) {
    bulwark::BulkheadOverrides overrides;
    if (dice.oneIn(2)) {
      overrides.maxConcurrent = dice.from(1, 6);
      raise(place, *overrides.maxConcurrent);
    }
    if (dice.oneIn(2)) overrides.maxQueueSize = someQueueSize(dice);
    if (dice.oneIn(2)) overrides.queueTimeout = someTimeout(dice);
    return overrides;
  }

  Mode someMode(Dice& dice) {
    if (dice.oneIn(2)) return Mode::enforce;
    if (phase_.observes && phase_.offs) return dice.of({Mode::observe, Mode::off});
    return phase_.offs ? Mode::off : Mode::observe;
  }
  static std::size_t someQueueSize(Dice& dice) {
    return dice.of<std::size_t>({0, 1, 5, 30, 30, 300, bulwark::unlimited});
  }
  static nanoseconds someTimeout(Dice& dice) {
    return dice.of<nanoseconds>({0ns, 5us, 100us, 1ms, 20ms, 1h, bulwark::noTimeout});
  }
  static void raise(Place& place, std::size_t limit) {
    auto bound = place.bound.load(relaxed);
    while (limit > bound && !place.bound.compare_exchange_weak(bound, limit, relaxed)) {
    }
  }

  // --- completions ------------------------------------------------------------------------------

  void ended(Call& call, const std::exception_ptr& error) {
    if (call.session != nullptr && !call.session->strand.running_in_this_thread()) {
      fail("a handler did not run on its executor");
    }
    const End end = endOf(call, error);
    count(*call.service, end);
    complete(call);
  }

  End endOf(Call& call, const std::exception_ptr& error) {
    const bool asked = call.session != nullptr && call.session->emitted;
    if (call.ran) {
      if (call.doomed) fail("a cancellation request was lost");
      if (call.throws && !error) fail("an exception was lost");
      if (error && !call.throws && !asked) fail("an exception that the call did not throw");
      return error ? failed : executed;
    }
    if (!error) {
      fail("executed, but the callable never ran");
      return executed;
    }
    try {
      std::rethrow_exception(error);
    } catch (const bulwark::ConfigError&) {
      return invalid;
    } catch (const bulwark::BulkheadError& refusal) {
      const End end = refusal.code() == bulwark::Errc::queueFull      ? rejected
                      : refusal.code() == bulwark::Errc::queueTimeout ? timedOut
                                                                      : drained;
      if (end == drained && !phase_.drains) fail("drained without a drain");
      if (refusal.bulkhead() == call.service->name) return end;
      for (Place* semaphore : call.semaphores) {
        if (refusal.bulkhead() != semaphore->name) continue;
        count(*semaphore, end);
        return end;
      }
      fail("refused by a bulkhead that the call does not name: " + refusal.bulkhead());
      return end;
    } catch (const net::system_error& other) {
      if (other.code() != net::error::operation_aborted) fail("an unexpected error");
      if (!asked && !destroyed_.load(relaxed)) fail("cancelled without a request");
      return cancelled;
    } catch (...) {
      fail("an exception of an unknown type");
      return failed;
    }
  }

  static void count(Place& place, End end) { place.ends[end].fetch_add(1, relaxed); }

  void complete(Call& call) {
    if (call.completions.fetch_add(1, relaxed) != 0) fail("a call completed twice");
    over(call);
  }

  void over(Call& call) {
    if (call.session != nullptr) sessions_.giveBack(*call.session);
    outstanding_.end();
  }

  // --- the end ----------------------------------------------------------------------------------

  void settle() {
    const std::int64_t left = outstanding_.wait();
    if (left == 0) return;
    std::fprintf(stderr, "stress: seed %llu: %lld calls never end\n",
                 static_cast<unsigned long long>(phase_.seed), static_cast<long long>(left));
    std::abort();  // they cannot be cleaned up either
  }

  void same(const std::string& what, std::uint64_t library, std::uint64_t expected) {
    if (library != expected) {
      fail(fmt::format("{}: {} in the statistics, {} expected", what, library, expected));
    }
  }

  void checkCounters() {
    manager_->resumeAll();
    manager_->setMode(Mode::enforce);
    for (Place& place : services_) {
      auto& bulkhead = manager_->bulkhead(place.name);
      const bulwark::BulkheadStats stats = bulkhead.stats();
      const auto matches = [&](const char* what, std::uint64_t library, End end) {
        same(place.name + " " + what, library, place.ends[end].load());
      };
      same(place.name + " active", stats.active, 0);
      same(place.name + " running", stats.running, 0);
      same(place.name + " queued", stats.queued, 0);
      same(place.name + " inside", place.inside.load(), 0);
      same(place.name + " measured", stats.executionTime.count(), stats.executed + stats.failed);
      if (!phase_.offs) {  // a call in mode off is not counted
        matches("executed", stats.executed, executed);
        matches("failed", stats.failed, failed);
        matches("rejected", stats.rejected, rejected);
        matches("timed out", stats.timedOut, timedOut);
        matches("cancelled", stats.cancelled, cancelled);
        matches("drained", stats.drained, drained);
      }
      takeAll(place.name, bulkhead, stats.maxConcurrent);
    }
    for (Place& place : semaphores_) {
      auto& semaphore = *manager_->semaphore(place.name);
      const bulwark::SemaphoreStats stats = semaphore.stats();
      same(place.name + " available", stats.available, stats.permits);
      same(place.name + " waiting", stats.waiting, 0);
      same(place.name + " inside", place.inside.load(), 0);
      same(place.name + " released", stats.released, stats.acquired);
      same(place.name + " rejected", stats.rejected, place.ends[rejected].load());
      same(place.name + " timed out", stats.timedOut, place.ends[timedOut].load());
      same(place.name + " drained", stats.drained, place.ends[drained].load());
      takeAll(place.name, semaphore, stats.permits);
    }
  }

  /// Every permit is available, and there is not one more.
  template <typename Object>
  void takeAll(const std::string& name, Object& object, std::size_t limit) {
    std::vector<bulwark::Permit> all;
    for (std::size_t i = 0; i < limit; ++i) {
      all.push_back(object.tryAcquire());
      if (!all.back()) fail(fmt::format("{}: only {} of {} permits are available", name, i, limit));
    }
    if (object.tryAcquire()) fail(name + ": one permit too many");
  }

  const Phase phase_;
  Dice dice_;
  std::array<Place, services> services_;
  std::array<Place, semaphores> semaphores_;
  Place kept_;  // a semaphore whose permit the test keeps

  std::unique_ptr<net::thread_pool> client_ = std::make_unique<net::thread_pool>(1);
  std::unique_ptr<net::thread_pool> own_ = std::make_unique<net::thread_pool>(1);
  std::unique_ptr<net::thread_pool> pool_ = std::make_unique<net::thread_pool>(2);
  stress::Sessions sessions_{*client_, 16};
  std::optional<Manager> manager_;
  bulwark::Permit held_;  // of kept_

  std::mutex configMutex_;
  std::mutex failureMutex_;
  std::vector<std::string> failures_;
  stress::Outstanding outstanding_;
  stress::Outstanding requests_;  // for doomed calls, and not made yet
  std::atomic<bool> destroyed_{false};
};

/// Runs the stress test, which has to pass, and returns how all calls ended.
std::array<std::uint64_t, endKinds> brave(const Phase& phase) {
  Stress stress(phase);
  stress.run();
  CHECK(stress.failures() == std::vector<std::string>{});
  CHECK(stress.refusedAtSemaphores() > 0);
  std::array<std::uint64_t, endKinds> ends{};
  for (std::size_t i = 0; i < endKinds; ++i) ends[i] = stress.ends(static_cast<End>(i));
  CHECK(ends[executed] > 0);
  return ends;
}

}  // namespace

TEST_CASE("stress: a manager never exceeds a limit, and its statistics add up") {
  const auto ends = brave({.seed = 21});
  for (const End end : {executed, failed, rejected, timedOut, cancelled, invalid}) {
    CAPTURE(static_cast<int>(end));
    CHECK(ends[end] > 0);
  }
  CHECK(ends[drained] == 0);
}

TEST_CASE("stress: the statistics of a manager add up while its configuration changes") {
  brave({.seed = 22, .applies = true});
}

TEST_CASE("stress: the statistics of a manager add up while it drains and resumes") {
  CHECK(brave({.seed = 23, .drains = true})[drained] > 0);
}

TEST_CASE("stress: a manager loses no permit while its modes change") {
  brave({.seed = 24, .observes = true});
  brave({.seed = 25, .applies = true, .observes = true, .offs = true, .drains = true});
}

TEST_CASE("stress: a manager that is destroyed with calls outstanding ends each of them once") {
  for (const std::uint64_t seed : {26U, 27U, 28U}) {
    brave({.seed = seed, .operations = 2'500, .applies = true, .drains = true, .destroys = true});
  }
}
