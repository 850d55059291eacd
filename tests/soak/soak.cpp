#include "soak/soak.hpp"

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(co_spawn.hpp)
#include BULWARK_NET(executor_work_guard.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_awaitable.hpp)
#include BULWARK_NET(use_future.hpp)

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <malloc.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/end.hpp"
#include "support/instrumented_executor.hpp"
#include "support/stress_parts.hpp"

// Sanitizers replace the heap. g++ announces them by the first two macros, clang by the last.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SOAK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SOAK_SANITIZED 1
#endif
#endif

#ifdef SOAK_SANITIZED
// g++ provides the function without <sanitizer/allocator_interface.h>.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace soak {
namespace {

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Permit;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using stress::Dice;

constexpr std::array<const char*, endKinds> endNames{"executed", "failed",    "rejected",
                                                     "timedOut", "cancelled", "drained"};

struct Thrown {};        // thrown by callables
struct HandlerThrew {};  // thrown by handlers

/// What the program knows about the calls of one service since the last pause.
struct Place {
  std::string name;
  bool moody = false;  // its executor sometimes refuses, and its handlers sometimes throw
  std::atomic<std::uint64_t> started{0};  // counted before the call is made
  std::atomic<std::uint64_t> refused{0};  // by the executor, and taken back from `started`
  std::array<std::atomic<std::uint64_t>, endKinds> ends{};  // counted when the handler is called
  std::atomic<std::uint64_t> lost{0};     // handlers destroyed without being invoked
  std::atomic<std::size_t> bound{1};      // the highest limit
  std::atomic<bool> uncertain{false};  // was in mode off or reset: its counts are not comparable
  std::atomic<bool> unbounded{false};  // was not in mode enforce

  void count(net::error_code code) {
    if (code == net::error::invalid_argument) {
      --started;  // its weight exceeds a lowered limit: an error, not counted as a call
    } else {
      ++ends[endOf(code)];
    }
  }
  void takeBack() {
    ++refused;  // first: see look()
    --started;
  }
  std::uint64_t ended() const {
    std::uint64_t sum = 0;
    for (const auto& end : ends) sum += end.load();
    return sum;
  }
};

std::atomic<std::uint64_t> seedOfAll{0};

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  fmt::print(stderr, "soak: {}: {}\nsoak: repeat with: soak --seed {}\n", where, what,
             seedOfAll.load());
  std::fflush(nullptr);
  std::_Exit(1);
}

/// Bytes of the heap in use.
std::size_t heapBytes() {
#ifdef SOAK_SANITIZED
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

std::size_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

thread_local Dice* fate = nullptr;  // of this thread

class Soak {
 public:
  explicit Soak(const Options& options)
      : options_(options),
        places_(static_cast<std::size_t>(options.services)),
        drivers_(static_cast<std::size_t>(options.threads)),
        pause_(options.threads + 1) {
    seedOfAll = static_cast<std::uint64_t>(options.seed);
    bulwark::ManagerConfig config{
        .defaults = {.maxConcurrent = 4, .maxQueueSize = 20, .queueTimeout = 20ms},
        .semaphoreTimeout = 5ms};
    for (std::size_t i = 0; i < semaphoreNames.size(); ++i) {
      config.semaphores.emplace(semaphoreNames[i], 2 + 10 * i);
    }
    manager_.emplace(io_.get_executor(), config);
    probe_->whenAsked = [this] {
      if (fate != nullptr && moody_ && fate->oneIn(50)) throw ExecutorProbe::Refused();
    };
    const InstrumentedExecutor<net::io_context::executor_type> refusing(io_.get_executor(), probe_);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      Place& place = places_[i];
      place.name = fmt::format("service {}", i);
      place.moody = kindAt(i) == refused;
      place.bound = 4;
      if (place.moody) {
        manager_->addBulkhead({.name = place.name, .maxConcurrent = 4, .queueTimeout = 20ms},
                              refusing);
      }
    }
  }

  void run() {
    std::vector<std::thread> threads;
    auto work = std::make_optional(net::make_work_guard(io_));
    for (std::int64_t i = 0; i < options_.threads; ++i) {
      threads.emplace_back([this, i] { runCalls(i); });
    }
    std::vector<std::thread> drivers;
    for (std::size_t i = 0; i < drivers_.size(); ++i) {
      drivers.emplace_back([this, i] { drive(i); });
    }
    watch();
    for (auto& driver : drivers) driver.join();
    sessions_.flush();
    clients_.join();
    work.reset();
    for (auto& thread : threads) thread.join();
  }

 private:
  struct Driver {
    std::deque<std::pair<Place*, std::future<void>>> futures;
  };

  // --- handlers ---------------------------------------------------------------------------------

  /// A handler. Counts as lost if it is destroyed without being invoked.
  class Receipt {
   public:
    Receipt(Soak& soak, Place& place, bool throws) : soak_(&soak), place_(&place), throws_(throws) {
      soak_->outstanding_.begin();
    }
    Receipt(Receipt&& other) noexcept
        : soak_(other.soak_),
          place_(other.place_),
          throws_(other.throws_),
          armed_(std::exchange(other.armed_, false)) {}
    Receipt& operator=(Receipt&&) = delete;
    ~Receipt() {
      if (!armed_) return;
      ++place_->lost;
      soak_->outstanding_.end();
    }

    void operator()(std::exception_ptr error) {
      const bool throws = throws_;
      count(bulwark::errorCodeOf(error));
      if (throws) throw HandlerThrew();
    }
    void operator()(net::error_code error, Permit permit) {
      if (error) return count(error);
      Place& place = fire();
      soak_->keep({std::move(permit), place});
      soak_->outstanding_.end();
    }
    void operator()(net::error_code error) {  // of a drain
      fire();
      if (error && error != net::error::operation_aborted && error != net::error::timed_out) {
        fail(place_->name, "a drain ended with " + error.message());
      }
      soak_->outstanding_.end();
    }

   private:
    void count(net::error_code error) {
      fire().count(error);
      soak_->outstanding_.end();
    }
    Place& fire() {
      if (!std::exchange(armed_, false)) fail(place_->name, "a call ended twice");
      return *place_;
    }

    Soak* soak_;
    Place* place_;
    bool throws_;
    bool armed_ = true;
  };

  /// A permit counts as executed once it has been released.
  struct Held {
    Permit permit;
    Place* place = nullptr;

    Held() = default;
    Held(Permit p, Place& owner) : permit(std::move(p)), place(&owner) {}
    Held(Held&&) noexcept = default;
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (!permit) return;
      permit.release();
      place->ends[executed]++;
    }
  };

  void keep(Held held) {
    std::optional<Held> old;  // released after the lock
    const std::lock_guard lock(heldMutex_);
    held_.push_back(std::move(held));
    if (held_.size() > 16) {
      old.emplace(std::move(held_.front()));
      held_.pop_front();
    }
  }

  // --- threads ----------------------------------------------------------------------------------

  void runCalls(std::int64_t number) {
    Dice dice(seedOfAll + 1'000'003 * static_cast<std::uint64_t>(number + 1));
    fate = &dice;
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const ExecutorProbe::Refused&) {  // from a later step of a call, or from a timer
      } catch (const HandlerThrew&) {
      }
    }
  }

  void drive(std::size_t number) {
    Dice dice(seedOfAll + 7'919 * (number + 1));
    fate = &dice;
    Driver& driver = drivers_[number];
    while (!over_) {
      if (pausing_) {
        for (auto& [place, future] : driver.futures) harvest(*place, future);
        driver.futures.clear();
        pause_.arrive_and_wait();  // all calls have been started
        pause_.arrive_and_wait();  // the statistics have been checked
        continue;
      }
      if (outstanding_.count() > load_) {
        std::this_thread::sleep_for(1ms);
      } else {
        operate(dice, driver);
      }
    }
  }

  void harvest(Place& place, std::future<void>& future) {
    try {
      future.get();
      place.ends[executed]++;
    } catch (const std::future_error&) {
      ++place.lost;
    } catch (...) {
      place.count(bulwark::errorCodeOf(std::current_exception()));
    }
  }

  /// Starts a call, which does not count if the executor refuses it.
  template <typename F>
  void begin(Place& place, bool handlerThrows, F start) {
    ++place.started;
    try {
      start(Receipt(*this, place, handlerThrows));
    } catch (const ExecutorProbe::Refused&) {
      place.takeBack();
      --place.lost;
    }
  }

  void operate(Dice& dice, Driver& driver) {
    Place& place = places_[dice.below(places_.size())];
    const std::size_t which = dice.below(1000);
    if (which < 300) return callback(dice, place);
    if (which < 450) return coroutine(dice, place);
    if (which < 520) return future(dice, place, driver);
    if (which < 600) return caller(dice, place);
    if (which < 750) return acquire(dice, place);
    if (which < 830) return inSession(dice, place);
    if (which < 880) return sessions_.any(dice).postEmit(stress::someType(dice));
    if (which < 930) return blocking(dice);
    if (which < 950) return resize(dice, place);
    if (which < 960) return mode(dice, place);
    if (which < 970) return drain(dice, place);
    if (which < 990) return service(place).resume();
    if (which < 995) return reset(place);
    if (which == 999 && dice.oneIn(50)) return drainAll(place);
    manager_->resumeAll();
  }

  bulwark::Bulkhead<>& service(const Place& place) { return manager_->bulkhead(place.name); }

  static constexpr std::array<const char*, 5> semaphoreNames{"cpu", "disk", "memory", "net",
                                                             "total"};

  bulwark::ManagerCallOptions someOptions(Dice& dice) {
    bulwark::ManagerCallOptions options;
    if (dice.oneIn(3)) {
      for (std::size_t n = dice.from(1, 2); n > 0; --n) {
        options.semaphores.emplace_back(semaphoreNames[dice.below(semaphoreNames.size())]);
      }
      if (dice.oneIn(4)) options.waitTimeout = 2ms;
    }
    if (dice.oneIn(2)) options.queueTimeout = someTimeout(dice);
    if (dice.oneIn(8)) options.permits = 2;
    return options;
  }

  static nanoseconds someTimeout(Dice& dice) {
    return dice.of<nanoseconds>({0ns, 1us, 200us, 3ms, 100ms, bulwark::noTimeout});
  }

  static auto someWork(Dice& dice) {
    return [throws = dice.oneIn(10), spins = dice.below(200)] {
      for (std::size_t i = 0; i < spins; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
      if (throws) throw Thrown();
    };
  }

  static auto someCoroutine(Dice& dice) {
    return [throws = dice.oneIn(10), hops = dice.below(4)]() -> net::awaitable<void> {
      // A cancellation must not end the coroutine: the library would count it as failed, while its
      // error would be that of a cancelled call.
      co_await net::this_coro::throw_if_cancelled(false);
      const auto executor = co_await net::this_coro::executor;
      for (std::size_t i = 0; i < hops; ++i) co_await net::post(executor, net::use_awaitable);
      if (throws) throw Thrown();
    };
  }

  void callback(Dice& dice, Place& place) {
    begin(place, place.moody && dice.oneIn(20), [&](Receipt receipt) {
      manager_->execute(place.name, someWork(dice), someOptions(dice), std::move(receipt));
    });
  }

  /// Of each ten services, the last four are reset, switched off, observed or refused. The
  /// statistics of the others have to be exact at any time.
  enum Kind : std::size_t { ordinary, resetNowAndThen = 6, offNowAndThen, observed, refused };

  std::size_t indexOf(const Place& place) const {
    return static_cast<std::size_t>(&place - places_.data());
  }
  Kind kindOf(const Place& place) const { return kindAt(indexOf(place)); }
  static Kind kindAt(std::size_t index) {
    return index % 10 < resetNowAndThen ? ordinary : static_cast<Kind>(index % 10);
  }
  /// A service of this kind near `any`.
  Place& oneOf(const Place& any, Kind kind) {
    const std::size_t index = indexOf(any) / 10 * 10 + kind;
    return places_[index < places_.size() ? index : std::size_t{kind}];
  }

  // Asio's coroutines do not survive an executor that throws.
  Place& calm(Place& place) { return place.moody ? oneOf(place, ordinary) : place; }

  void coroutine(Dice& dice, Place& any) {
    Place& place = calm(any);
    begin(place, false, [&](Receipt receipt) {
      manager_->execute(place.name, someCoroutine(dice), someOptions(dice), std::move(receipt));
    });
  }

  void future(Dice& dice, Place& place, Driver& driver) {
    ++place.started;
    try {
      driver.futures.emplace_back(&place, manager_->execute(place.name, someWork(dice),
                                                            someOptions(dice), net::use_future));
    } catch (const ExecutorProbe::Refused&) {
      place.takeBack();
    }
    if (driver.futures.size() < 32) return;
    auto [oldest, result] = std::move(driver.futures.front());
    driver.futures.pop_front();
    if (result.wait_for(0s) == std::future_status::ready) return harvest(*oldest, result);
    driver.futures.emplace_back(oldest, std::move(result));
  }

  /// A coroutine that makes a call.
  void caller(Dice& dice, Place& any) {
    Place& place = calm(any);
    const auto options = someOptions(dice);
    begin(place, false, [&](Receipt receipt) {
      net::co_spawn(
          io_,
          [this, &place, options, work = someWork(dice)]() -> net::awaitable<void> {
            co_await manager_->execute(place.name, work, options, net::use_awaitable);
          },
          std::move(receipt));
    });
  }

  void acquire(Dice& dice, Place& place) {
    auto& bulkhead = service(place);
    if (dice.oneIn(4)) {
      Permit permit = bulkhead.tryAcquire();
      if (!permit) return;
      ++place.started;
      return keep({std::move(permit), place});
    }
    begin(place, false, [&](Receipt receipt) {
      bulkhead.acquire({.queueTimeout = someTimeout(dice), .permits = dice.from(1, 2)},
                       std::move(receipt));
    });
  }

  /// A call that can be cancelled.
  void inSession(Dice& dice, Place& any) {
    Place& place = calm(any);
    stress::Session* session = sessions_.take();
    if (session == nullptr) return;
    const bool awaits = dice.oneIn(2);
    const bool cancels = dice.oneIn(3);
    outstanding_.begin();
    net::post(session->strand, [this, &place, session, awaits, cancels, work = someWork(dice),
                                coroutine = someCoroutine(dice), options = someOptions(dice),
                                type = stress::someType(dice)]() mutable {
      ++place.started;
      auto handler = net::bind_executor(
          session->strand,
          net::bind_cancellation_slot(session->signal.slot(),
                                      [receipt = Receipt(*this, place, false), this,
                                       session](std::exception_ptr error) mutable {
                                        sessions_.giveBack(*session);
                                        receipt(std::move(error));
                                      }));
      if (awaits) {
        manager_->execute(place.name, std::move(coroutine), options, std::move(handler));
      } else {
        manager_->execute(place.name, std::move(work), options, std::move(handler));
      }
      if (cancels) session->emit(type);
      outstanding_.end();
    });
  }

  void blocking(Dice& dice) {
    auto& semaphore = *manager_->semaphore(semaphoreNames[dice.below(semaphoreNames.size())]);
    const bulwark::AcquireOptions options{.timeout = dice.of<nanoseconds>({0ns, 20us, 1ms})};
    try {
      if (dice.oneIn(2)) {
        semaphore.withPermit(someWork(dice), options);
      } else {
        const Permit permit = semaphore.acquire(options);
      }
    } catch (const bulwark::BulkheadError&) {
    } catch (const Thrown&) {
    }
  }

  // --- changes ----------------------------------------------------------------------------------

  void resize(Dice& dice, Place& place) {
    const std::size_t limit = dice.from(1, 8);
    std::size_t bound = place.bound;
    while (bound < limit && !place.bound.compare_exchange_weak(bound, limit)) {
    }
    service(place).updateConfig({.maxConcurrent = limit,
                                 .maxQueueSize = dice.of<std::size_t>({0, 5, 20, 100}),
                                 .queueTimeout = dice.of<nanoseconds>({0ns, 1ms, 20ms, 500ms})});
  }

  void mode(Dice& dice, Place& any) {
    using bulwark::Mode;
    Place& place = oneOf(any, dice.oneIn(2) ? observed : offNowAndThen);
    place.unbounded = true;
    if (kindOf(place) == offNowAndThen) place.uncertain = true;
    service(place).updateConfig({.mode = dice.oneIn(2)               ? Mode::enforce
                                         : kindOf(place) == observed ? Mode::observe
                                                                     : Mode::off});
  }

  // A drain does not count as a call.
  void drain(Dice& dice, Place& place) {
    Place& own = drains_;
    try {
      service(place).drain(dice.of<nanoseconds>({0ns, 1ms, bulwark::noTimeout}),
                           Receipt(*this, own, false));
    } catch (const ExecutorProbe::Refused&) {
    }
  }

  void drainAll(Place&) { manager_->drainAll(Receipt(*this, drains_, false)); }

  void reset(Place& any) {
    Place& place = oneOf(any, resetNowAndThen);
    place.uncertain = true;
    manager_->reset(place.name);
  }

  // --- checks -----------------------------------------------------------------------------------

  struct Known {
    std::uint64_t ended;
    bool uncertain;
  };

  /// Under load: the statistics include every call that has completed, and no call that has not
  /// been started.
  void look() {
    std::vector<Known> before;
    for (const Place& place : places_) before.push_back({place.ended(), place.uncertain});
    const bulwark::ManagerStats stats = manager_->stats();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place& place = places_[i];
      const auto found = stats.bulkheads.find(place.name);
      if (found == stats.bulkheads.end()) continue;
      const bulwark::BulkheadStats& s = found->second;
      // A call that ends is counted before its permits are released, and may appear in both.
      const std::uint64_t over = s.submitted() - s.running - s.queued;
      // A call that its executor refuses may be counted as ended until the refusal takes it back.
      const std::uint64_t accepted = place.started;
      const std::uint64_t started = accepted + place.refused;
      if (s.running > s.active) {
        fail(place.name, fmt::format("{} run with {} permits", s.running, s.active));
      }
      if (!place.unbounded && s.peakActive > place.bound) {
        fail(place.name, fmt::format("{} active, limit {}", s.peakActive, place.bound.load()));
      }
      if (place.uncertain) continue;
      if (over < before[i].ended || over > started) {
        fail(place.name, fmt::format("{} ended calls in the statistics; {} had completed before, "
                                     "{} had been started after",
                                     over, before[i].ended, started));
      }
    }
    for (const auto& [name, s] : stats.semaphores) {
      if (s.available > s.permits) fail(name, "more permits than there are");
    }
  }

  /// While no call is under way all numbers are exact. Resets them afterwards.
  void checkCounters() {
    const bulwark::ManagerStats stats = manager_->stats();
    for (Place& place : places_) {
      const auto found = stats.bulkheads.find(place.name);
      if (found == stats.bulkheads.end()) continue;
      const bulwark::BulkheadStats& s = found->second;
      if (s.active + s.running + s.queued != 0) {
        fail(place.name, fmt::format("at rest: {} active, {} running, {} queued", s.active,
                                     s.running, s.queued));
      }
      const std::array<std::uint64_t, endKinds> ends{s.executed, s.failed,    s.rejected,
                                                     s.timedOut, s.cancelled, s.drained};
      if (place.started != place.ended() + place.lost) {
        fail(place.name, fmt::format("{} started, {} ended, {} dropped", place.started.load(),
                                     place.ended(), place.lost.load()));
      }
      if (!place.uncertain) {
        // Calls that the executor dropped are counted, too.
        if (s.submitted() != place.started) {
          fail(place.name, fmt::format("at rest: {} calls in the statistics, {} were started",
                                       s.submitted(), place.started.load()));
        }
        for (std::size_t end = 0; end < endKinds; ++end) {
          if (ends[end] < place.ends[end]) {
            fail(place.name, fmt::format("at rest: {} {} in the statistics, {} completed",
                                         ends[end], endNames[end], place.ends[end].load()));
          }
        }
      }
      if (!place.moody && place.lost != 0) fail(place.name, "a call was dropped");
      for (std::size_t end = 0; end < endKinds; ++end) totals_[end] += place.ends[end];
      lost_ += place.lost;
      calls_ += place.started;
      begin(place);
      Permit all = service(place).tryAcquire(place.bound);
      if (all.count() != place.bound) fail(place.name, "not all permits are back");
    }
    for (const auto& [name, s] : stats.semaphores) {
      if (s.available != s.permits || s.waiting != 0 || s.acquired != s.released) {
        fail(name, fmt::format("at rest: {} of {} permits, {} acquired, {} released", s.available,
                               s.permits, s.acquired, s.released));
      }
    }
    manager_->resetAll();
  }

  void begin(Place& place) {
    place.started = 0;
    place.refused = 0;
    for (auto& end : place.ends) end = 0;
    place.lost = 0;
    place.uncertain = false;
    place.unbounded = false;
    place.bound = 4;
    service(place).updateConfig({.maxConcurrent = 4,
                                 .maxQueueSize = 20,
                                 .queueTimeout = 20ms,
                                 .mode = bulwark::Mode::enforce});
  }

  /// Stops the drivers, waits until every call has ended, and checks the statistics.
  void rest() {
    pausing_ = true;
    moody_ = false;
    // A call whose timer the executor refused waits until the queue is looked at.
    manager_->resumeAll();
    for (Place& place : places_) service(place).updateConfig({});
    std::thread giver([this] {  // calls of the drivers may wait for these permits
      for (int rounds = 0; pausing_; ++rounds) {
        {
          std::deque<Held> gone;
          const std::lock_guard lock(heldMutex_);
          gone.swap(held_);
        }
        for (Place& place : places_) service(place).updateConfig({});
        manager_->resumeAll();
        std::this_thread::sleep_for(1ms);
        if (rounds > 100'000) fail("at rest", "some calls never end");
      }
    });
    pause_.arrive_and_wait();
    sessions_.flush();
    if (const auto left = outstanding_.wait(); left != 0) {
      fail("at rest", fmt::format("{} calls never end", left));
    }
    sessions_.flush();
    pausing_ = false;
    giver.join();
    held_.clear();
    checkCounters();
    const std::size_t heap = heapBytes();
    if (heapAtFirst_ == 0 && warm()) heapAtFirst_ = heap;
    heapAtLast_ = heap;
    moody_ = true;
    if (ending_) over_ = true;
    pause_.arrive_and_wait();
  }

  bool warm() const { return worked_ >= std::min<nanoseconds>(total() / 4, 60s); }
  nanoseconds total() const { return std::chrono::seconds(options_.seconds); }

  void print() {
    const bulwark::HealthSummary health = manager_->health();
    std::array<std::uint64_t, endKinds> ends = totals_;
    std::uint64_t calls = calls_;
    for (const Place& place : places_) {
      for (std::size_t end = 0; end < endKinds; ++end) ends[end] += place.ends[end];
      calls += place.started;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(worked_);
    fmt::print("{:6} calls {}", seconds, calls);
    for (std::size_t end = 0; end < endKinds; ++end) fmt::print(" {} {}", endNames[end], ends[end]);
    fmt::print(" queued {} active {} rss {} errors 0\n", health.queuedTasks, health.activeTasks,
               residentBytes());
    std::fflush(stdout);
  }

  void watch() {
    nanoseconds nextLine = 1s;
    const nanoseconds round = std::min<nanoseconds>(total() / 6, 20s);
    nanoseconds nextRest = round;
    std::size_t second = 0;
    for (auto before = steady_clock::now(); worked_ < total();) {
      std::this_thread::sleep_for(50ms);
      look();
      const auto now = steady_clock::now();
      // Time for which the whole program was stopped does not count.
      worked_ += std::min<nanoseconds>(now - before, 1s);
      before = now;
      if (worked_ >= nextLine) {
        print();
        nextLine += 1s;
        static constexpr std::array<std::int64_t, 4> loads{20, 200, 2000, 600};
        load_ = loads[++second % loads.size()];
      }
      if (worked_ >= nextRest) {
        rest();
        nextRest += round;
      }
    }
    ending_ = true;
    rest();
    print();
    fmt::print(
        "soak: heap in use at rest: {} bytes after the warm-up, {} at the end; {} calls dropped by "
        "executors that refused\n",
        heapAtFirst_, heapAtLast_, lost_);
    if (heapAtFirst_ != 0 && heapAtLast_ > heapAtFirst_ + heapSlack) {
      fail("memory", "the heap grows");
    }
  }

  /// The caches of the allocator and of Asio's threads may vary by this much.
  static constexpr std::size_t heapSlack = 1 << 20;

  const Options options_;
  nanoseconds worked_{0};  // so far
  std::vector<Place> places_;
  Place drains_{.name = "drains"};
  std::vector<Driver> drivers_;
  std::barrier<> pause_;
  std::atomic<bool> pausing_{false};
  std::atomic<bool> moody_{true};
  std::atomic<bool> over_{false};
  bool ending_ = false;
  std::atomic<std::int64_t> load_{200};
  stress::Outstanding outstanding_;

  net::io_context io_;
  std::shared_ptr<ExecutorProbe> probe_ = std::make_shared<ExecutorProbe>();
  net::thread_pool clients_{1};
  std::optional<bulwark::BulkheadManager<>> manager_;
  stress::Sessions sessions_{clients_, 64};
  std::mutex heldMutex_;
  std::deque<Held> held_;

  std::array<std::uint64_t, endKinds> totals_{};
  std::uint64_t calls_ = 0;
  std::uint64_t lost_ = 0;
  std::size_t heapAtFirst_ = 0;
  std::size_t heapAtLast_ = 0;
};

}  // namespace

int run(const Options& options) {
  Soak soak(options);
  soak.run();
  return 0;
}

}  // namespace soak
