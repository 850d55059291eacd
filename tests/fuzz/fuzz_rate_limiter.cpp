// Compares a RateLimiter with a bucket of permits and a list of calls.
//
// The clock stops at each moment at which something is due, so no turn is late. The library keeps
// one number, the theoretical arrival time; the reference keeps what the bucket holds.
//
// BULWARK_FUZZ_TRACE=1 in the environment prints every operation.

#include <bulwark/rate_limiter.hpp>

#include BULWARK_NET(awaitable.hpp)
#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "bytes.hpp"
#include "support/manual_clock.hpp"

namespace {

namespace net = bulwark::net;
using bulwark::Errc;
using bulwark::Mode;
using bulwark::noTimeout;
using bulwark::RateLimiterConfig;
using bulwark::RateLimiterOverrides;
using std::chrono::nanoseconds;

using Limiter = bulwark::RateLimiter<net::io_context::executor_type, ManualClock>;

/// How a call ended, as the library says and as the reference does.
struct End {
  bool ended = false;
  net::error_code code;
  std::optional<nanoseconds> retryAfter;  // of a call that execute() refused on arrival

  friend bool operator==(const End&, const End&) = default;
};

enum class Kind { acquire, run, fail, hang, drain };

struct Call {
  Kind kind = Kind::acquire;
  std::size_t weight = 1;
  nanoseconds since{0};
  nanoseconds deadline = noTimeout;
  bool budgeted = false;  // the deadline is that of the budget
  End expected, actual;
  net::cancellation_signal cancel;
  std::unique_ptr<net::basic_waitable_timer<ManualClock>> gate;  // of one that hangs
};

struct Counters {
  std::uint64_t executed = 0, failed = 0, rejected = 0, timedOut = 0, cancelled = 0, drained = 0,
                overLimit = 0, waits = 0;
  nanoseconds waited{0};

  friend bool operator==(const Counters&, const Counters&) = default;
};

/// The documented behaviour: a bucket that holds `credit` nanoseconds, of which a permit takes
/// `interval`, and lists of calls.
class Reference {
 public:
  explicit Reference(const RateLimiterConfig& config)
      : config_(config), credit_(capacity()), now_(ManualClock::now().time_since_epoch()) {}

  // --- what calls do
// ------------------------------------------------------------------------------

  void start(Call& call, std::optional<nanoseconds> timeout, std::optional<nanoseconds> budget) {
    call.since = now_;
    if (call.kind == Kind::drain) return drain(call, *timeout);
    if (budget && *budget <= nanoseconds(0)) {
      ++counters.timedOut;
      return end(call, make_error_code(Errc::deadlineExceeded));
    }
    nanoseconds patience = timeout.value_or(config_.queueTimeout);
    call.budgeted = budget && *budget <= patience;
    if (budget) patience = std::min(patience, *budget);
    if (call.weight == 0) return end(call, net::error::invalid_argument);
    if (config_.mode == Mode::off) return goAhead(call, false);
    if (call.weight > config_.burst && config_.mode == Mode::enforce) {
      return end(call, net::error::invalid_argument);
    }
    if (closed_) {
      ++counters.drained;
      return end(call, make_error_code(Errc::draining));
    }
    if (queue_.empty() && holds(call.weight)) {
      take(call.weight);
      return goAhead(call, true);
    }
    if (config_.mode == Mode::observe) {
      ++counters.overLimit;
      return goAhead(call, true);
    }
    const nanoseconds wait = waitFor(call.weight);
    if (patience <= nanoseconds(0) || wait > patience || queue_.size() >= config_.maxQueueSize) {
      ++counters.rejected;
      end(call, make_error_code(Errc::rateLimited));
      if (call.kind != Kind::acquire) call.expected.retryAfter = wait;
      return;
    }
    call.deadline = after(patience);
    queue_.push_back(&call);
  }

  bool tryAcquire(std::size_t weight) {
    if (weight == 0) return false;
    if (config_.mode == Mode::off) return true;
    if (weight > config_.burst && config_.mode == Mode::enforce) return false;
    if (closed_) return false;
    if (queue_.empty() && holds(weight)) {
      take(weight);
    } else if (config_.mode == Mode::observe) {
      ++counters.overLimit;
    } else {
      return false;
    }
    ++counters.executed;
    return true;
  }

  /// False: the call does not wait.
  bool cancel(Call& call) {
    auto& line = call.kind == Kind::drain ? drains_ : queue_;
    if (std::find(line.begin(), line.end(), &call) == line.end()) return false;
    line.remove(&call);
    if (call.kind != Kind::drain) ++counters.cancelled;
    end(call, net::error::operation_aborted);
    settle();
    return true;
  }

  /// A call that hangs ends. False: it does not run.
  bool finish(Call& call) {
    const auto place = std::find(inside_.begin(), inside_.end(), &call);
    const bool bypassed = std::erase(bypassing_, &call) != 0;
    if (place == inside_.end() && !bypassed) return false;
    end(call, {});
    if (bypassed) return true;
    inside_.erase(place);
    ++counters.executed;
    endDrains();
    return true;
  }

  // --- time
// ---------------------------------------------------------------------------------------

  /// When something is due next.
  nanoseconds next() const {
    nanoseconds next = noTimeout;
    if (!queue_.empty()) next = turn();
    for (const auto* line : {&queue_, &drains_}) {
      for (const Call* call : *line) next = std::min(next, call->deadline);
    }
    return next;
  }
  void advanceTo(nanoseconds when) {
    credit_ = std::min(capacity(), credit_ + (when - now_));
    now_ = when;
    settle();
  }

  // --- changes
// ------------------------------------------------------------------------------------

  void configure(const RateLimiterOverrides& change) {
    const nanoseconds before = interval();
    const nanoseconds owed = capacity() - credit_;
    const std::size_t burst = config_.burst;
    config_.permits = change.permits.value_or(config_.permits);
    config_.per = change.per.value_or(config_.per);
    config_.burst = change.burst.value_or(config_.burst);
    config_.maxQueueSize = change.maxQueueSize.value_or(config_.maxQueueSize);
    config_.queueTimeout = change.queueTimeout.value_or(config_.queueTimeout);
    config_.mode = change.mode.value_or(config_.mode);
    if (interval() != before || config_.burst != burst) {
      // As many permits are owed as before, and a part of one is rounded up.
      const auto part = static_cast<std::uint64_t>((owed % before).count()) *
                        static_cast<std::uint64_t>(interval().count());
      const auto whole = static_cast<std::uint64_t>(before.count());
      const nanoseconds now = interval() * (owed / before) +
                              nanoseconds(static_cast<std::int64_t>((part + whole - 1) / whole));
      credit_ = capacity() - std::min(now, capacity());
    }
    if (config_.mode == Mode::enforce) {
      for (Call* call : std::list<Call*>(queue_)) {
        if (call->weight <= config_.burst) continue;
        queue_.remove(call);
        ++counters.rejected;
        end(*call, make_error_code(Errc::rateLimited));
        if (call->kind != Kind::acquire) call->expected.retryAfter = noTimeout;
      }
    }
    while (config_.mode != Mode::enforce && !queue_.empty()) {
      Call& call = *queue_.front();
      queue_.pop_front();
      if (config_.mode == Mode::off) {
        goAhead(call, false);
        continue;
      }
      if (holds(call.weight)) {
        take(call.weight);
      } else {
        ++counters.overLimit;
      }
      granted(call);
    }
    settle();
  }

  void resume() {
    closed_ = false;
    for (Call* call : std::exchange(drains_, {})) end(*call, net::error::operation_aborted);
  }
  void reset() { counters = {}; }
  void destroy() {
    for (auto* line : {&queue_, &drains_}) {
      for (Call* call : std::exchange(*line, {})) end(*call, net::error::operation_aborted);
    }
  }

  // --- queries
// ------------------------------------------------------------------------------------

  nanoseconds retryAfter(std::size_t weight) const {
    if (weight == 0 || (closed_ && config_.mode != Mode::off)) return noTimeout;
    if (config_.mode != Mode::enforce) return nanoseconds(0);
    return weight > config_.burst ? noTimeout : waitFor(weight);
  }
  std::size_t available() const {
    if (closed_ || !queue_.empty()) return 0;
    return static_cast<std::size_t>(credit_ / interval());
  }
  std::size_t queued() const { return queue_.size(); }
  const RateLimiterConfig& config() const { return config_; }
  nanoseconds now() const { return now_; }

  Counters counters;

 private:
  nanoseconds interval() const {
    const auto permits = static_cast<std::int64_t>(config_.permits);
    return nanoseconds((config_.per.count() + permits - 1) / permits);
  }
  nanoseconds costOf(std::size_t weight) const {
    return interval() * static_cast<std::int64_t>(weight);
  }
  nanoseconds capacity() const { return costOf(config_.burst); }
  bool holds(std::size_t weight) const { return credit_ >= costOf(weight); }
  void take(std::size_t weight) { credit_ -= costOf(weight); }
  nanoseconds after(nanoseconds time) const {
    return time > noTimeout - now_ ? noTimeout : now_ + time;
  }

  /// Until the bucket holds what the waiting calls and this one take. Each waits until it is
  /// served, so the bucket never overflows meanwhile.
  nanoseconds waitFor(std::size_t weight) const {
    nanoseconds cost = costOf(weight);
    for (const Call* call : queue_) cost += costOf(call->weight);
    return std::max(cost - credit_, nanoseconds(0));
  }
  nanoseconds turn() const {
    return now_ + std::max(costOf(queue_.front()->weight) - credit_, nanoseconds(0));
  }

  static void end(Call& call, net::error_code code) { call.expected = {true, code, {}}; }

  void goAhead(Call& call, bool counted) {
    if (call.kind == Kind::hang) {
      (counted ? inside_ : bypassing_).push_back(&call);
      return;
    }
    const bool fails = call.kind == Kind::fail;
    end(call, fails ? net::error_code(net::error::eof) : net::error_code());
    if (counted) ++(fails ? counters.failed : counters.executed);
  }
  void granted(Call& call) {
    ++counters.waits;
    counters.waited += now_ - call.since;
    goAhead(call, true);
  }

  /// Grants turns before it removes calls whose time has passed.
  void settle() {
    for (;;) {
      if (!queue_.empty() && holds(queue_.front()->weight)) {
        Call& call = *queue_.front();
        queue_.pop_front();
        take(call.weight);
        granted(call);
        continue;
      }
      const auto due = [this](const Call* call) { return call->deadline <= now_; };
      const auto late = std::find_if(queue_.begin(), queue_.end(), due);
      if (late == queue_.end()) break;
      Call& call = **late;
      queue_.erase(late);
      ++counters.timedOut;
      end(call, make_error_code(call.budgeted ? Errc::deadlineExceeded : Errc::queueTimeout));
    }
    for (Call* call : std::list<Call*>(drains_)) {
      if (call->deadline > now_) continue;
      drains_.remove(call);
      end(*call, net::error::timed_out);
    }
  }

  void drain(Call& call, nanoseconds within) {
    closed_ = true;
    for (Call* waiting : std::exchange(queue_, {})) {
      ++counters.drained;
      end(*waiting, make_error_code(Errc::draining));
    }
    if (inside_.empty()) return end(call, {});
    if (within <= nanoseconds(0)) return end(call, net::error::timed_out);
    call.deadline = after(within);
    drains_.push_back(&call);
  }
  void endDrains() {
    if (!closed_ || !inside_.empty()) return;
    for (Call* call : std::exchange(drains_, {})) end(*call, {});
  }

  RateLimiterConfig config_;
  nanoseconds credit_;
  nanoseconds now_;
  bool closed_ = false;
  std::list<Call*> queue_, drains_;
  std::list<Call*> inside_;     // calls that hang, and hold up a drain
  std::list<Call*> bypassing_;  // calls that hang, let in by mode off
};

class Comparison {
 public:
  explicit Comparison(fuzz::Bytes bytes) : bytes_(bytes) {
    ManualClock::reset();
    const RateLimiterConfig config = firstConfig();
    limiter_ = std::make_unique<Limiter>(io_, config);
    reference_.emplace(config);
    traceConfig();
  }

  void run() {
    while (!bytes_.empty()) {
      operate();
      io_.restart();
      io_.poll();
      compare();
    }
    limiter_.reset();
    reference_->destroy();
    for (Call& call : calls_) {
      if (call.gate) call.gate->cancel();
    }
    io_.restart();
    io_.poll();
    compareEnds();
    for (Call& call : calls_) call.gate.reset();
  }

 private:
  // --- inputs
// -------------------------------------------------------------------------------------

  std::size_t below(std::size_t bound) { return bytes_.byte() % bound; }

  std::size_t number() {
    static constexpr std::array<std::size_t, 8> some{1, 2, 3, 5, 10, 100, 1000, 1'000'000};
    return some[below(some.size())];
  }
  /// At most 4 s, so that the products of the reference fit 64 bits.
  nanoseconds per() {
    static constexpr std::array<std::int64_t, 6> some{1'000'000,     1'000'003,     100'000'000,
                                                      1'000'000'000, 3'000'000'007, 4'000'000'000};
    return nanoseconds(some[below(some.size())]);
  }
  std::size_t burst() { return 1 + below(5); }
  std::size_t queueSize() {
    const std::size_t size = below(8);
    return size == 7 ? bulwark::unlimited : size;
  }
  nanoseconds time() {
    switch (below(6)) {
      case 0:
        return nanoseconds(0);
      case 1:
        return nanoseconds(bytes_.byte());
      case 2:
        return nanoseconds(static_cast<std::int64_t>(bytes_.number(3)));
      case 3:
        return nanoseconds(static_cast<std::int64_t>(bytes_.number(4)));
      case 4:
        return noTimeout;
      default:  // about the moment at which something is due
        return reference_ ? due() + nanoseconds(bytes_.byte() % 3) - nanoseconds(1)
                          : nanoseconds(1);
    }
  }
  nanoseconds due() const {
    const nanoseconds next = reference_->next();
    return next == noTimeout ? reference_->retryAfter(1) % std::chrono::hours(1)
                             : next - reference_->now();
  }
  Mode mode() {
    return std::array{Mode::enforce, Mode::enforce, Mode::observe, Mode::off}[below(4)];
  }

  RateLimiterConfig firstConfig() {
    RateLimiterConfig config{.name = "fuzz", .permits = number(), .per = per()};
    config.burst = burst();
    config.maxQueueSize = queueSize();
    config.queueTimeout = std::max(time(), nanoseconds(0));
    config.mode = mode();
    return config;
  }

  // --- operations
// ---------------------------------------------------------------------------------

  void operate() {
    const std::size_t choice = below(16);
    if (choice < 8) return start(static_cast<Kind>(std::min<std::size_t>(choice / 2, 3)));
    switch (choice) {
      case 8:
        return start(Kind::drain);
      case 9:
        return tryAcquire();
      case 10:
        if (Call* call = some()) {
          trace("cancel {}", indexOf(*call));
          if (reference_->cancel(*call)) call->cancel.emit(net::cancellation_type::all);
        }
        return;
      case 11:
        if (Call* call = some()) {
          trace("finish {}", indexOf(*call));
          if (reference_->finish(*call)) call->gate->cancel();
        }
        return;
      case 12:
        return configure();
      case 13:
        trace("resume");
        reference_->resume();
        return limiter_->resume();
      case 14:
        if (below(8) != 0) return advance();
        trace("reset");
        reference_->reset();
        return limiter_->reset();
      default:
        return advance();
    }
  }

  // --- for a person who looks at an input: BULWARK_FUZZ_TRACE=1
// ------------------------------------

  template <typename... Args>
  void trace(fmt::format_string<Args...> text, Args&&... args) const {
    if (!traces_) return;
    fmt::print(stderr, "{:>14} ",
               (reference_->now() - ManualClock::duration(3600'000'000'000)).count());
    fmt::print(stderr, text, std::forward<Args>(args)...);
    fmt::print(stderr, "\n");
  }
  void traceConfig() const {
    const RateLimiterConfig& c = reference_->config();
    trace("permits {} per {} burst {} queue {} timeout {} mode {}", c.permits, c.per.count(),
          c.burst, c.maxQueueSize, c.queueTimeout.count(), static_cast<int>(c.mode));
  }
  static std::string show(const std::optional<nanoseconds>& time) {
    return time ? fmt::format("{}", time->count()) : "-";
  }
  std::size_t indexOf(const Call& call) const {
    std::size_t index = 0;
    while (&calls_[index] != &call) ++index;
    return index;
  }

  Call* some() { return calls_.empty() ? nullptr : &calls_[below(calls_.size())]; }

  void start(Kind kind) {
    if (calls_.size() == 200) return;
    Call& call = calls_.emplace_back();
    call.kind = kind;
    bulwark::CallOptions options;
    if (kind == Kind::drain) {
      options.queueTimeout = time();
    } else {
      call.weight = below(8) == 0 ? below(8) : 1;
      options.permits = call.weight;
      if (below(2) != 0) options.queueTimeout = time();
      if (below(8) == 0) options.budget = time();
    }
    // Of the time before the call.
    const auto timeout = options.queueTimeout;
    const auto budget = options.budget;
    trace("call {} of kind {} weight {} timeout {} budget {}", calls_.size() - 1,
          static_cast<int>(kind), call.weight, show(timeout), show(budget));
    begin(call, options);
    reference_->start(call, timeout, budget);
  }

  template <typename Handler>
  auto cancellable(Call& call, Handler handler) {
    return net::bind_cancellation_slot(call.cancel.slot(), std::move(handler));
  }

  void begin(Call& call, const bulwark::CallOptions& options) {
    auto coded = cancellable(call, [&call](net::error_code code) { note(call, code, {}); });
    auto thrown = cancellable(call, [&call](const std::exception_ptr& error) {
      note(call, bulwark::errorCodeOf(error), error);
    });
    switch (call.kind) {
      case Kind::acquire:
        return limiter_->acquire(options, std::move(coded));
      case Kind::drain:
        return limiter_->drain(*options.queueTimeout, std::move(coded));
      case Kind::run:
        return limiter_->execute([] {}, options, std::move(thrown));
      case Kind::fail:
        return limiter_->execute([] { throw net::system_error(net::error::eof); }, options,
                                 std::move(thrown));
      case Kind::hang:
        call.gate = std::make_unique<net::basic_waitable_timer<ManualClock>>(
            io_, ManualClock::time_point::max());
        return limiter_->execute(
            [&call]() -> net::awaitable<void> {
              try {
                co_await call.gate->async_wait(net::use_awaitable);
              } catch (const net::system_error&) {  // cancelled: that is how it ends
              }
            },
            options, std::move(thrown));
    }
  }

  static void note(Call& call, net::error_code code, const std::exception_ptr& error) {
    if (call.actual.ended) fail("a call ended twice");
    call.actual = {true, code, {}};
    if (error && code == Errc::rateLimited) call.actual.retryAfter = bulwark::retryAfter(error);
  }

  void tryAcquire() {
    const std::size_t weight = below(4) == 0 ? below(8) : 1;
    trace("tryAcquire {}", weight);
    if (limiter_->tryAcquire(weight) != reference_->tryAcquire(weight)) fail("tryAcquire()");
  }

  void configure() {
    RateLimiterOverrides change;
    const unsigned fields = bytes_.byte();
    if ((fields & 1) != 0) change.permits = number();
    if ((fields & 2) != 0) change.per = per();
    if ((fields & 4) != 0) change.burst = burst();
    if ((fields & 8) != 0) change.maxQueueSize = queueSize();
    if ((fields & 16) != 0) change.queueTimeout = std::max(time(), nanoseconds(0));
    if ((fields & 32) != 0) change.mode = mode();
    limiter_->updateConfig(change);
    reference_->configure(change);
    traceConfig();
  }

  void advance() {
    const nanoseconds by =
        std::max(std::min(time(), nanoseconds(std::chrono::hours(1))), nanoseconds(0));
    const nanoseconds until = reference_->now() + by;
    trace("advance {}", by.count());
    for (;;) {
      const nanoseconds next = std::max(std::min(reference_->next(), until), reference_->now());
      ManualClock::advance(next - reference_->now());
      reference_->advanceTo(next);
      io_.restart();
      io_.poll();
      if (next == until) return;
    }
  }

  // --- what is compared
// ---------------------------------------------------------------------------

  void compare() {
    compareEnds();
    const bulwark::RateLimiterStats s = limiter_->stats();
    const Counters found{s.executed, s.failed,    s.rejected,         s.timedOut,      s.cancelled,
                         s.drained,  s.overLimit, s.waitTime.count(), s.waitTime.sum()};
    if (found != reference_->counters) fail("the counters differ");
    if (s.queued != reference_->queued()) fail("the lengths of the queue differ");
    if (s.available != reference_->available()) fail("the free permits differ");
    for (const std::size_t weight : {0U, 1U, 2U, 6U}) {
      if (limiter_->retryAfter(weight) != reference_->retryAfter(weight)) fail("retryAfter()");
    }
  }
  void compareEnds() const {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const Call& call = calls_[i];
      // Calls that hang end after the limiter, and the reference does not know how.
      if (!limiter_ && call.kind == Kind::hang) continue;
      if (!(call.actual == call.expected)) {
        fmt::print(stderr, "call {} of kind {}: reference {} {}, bulwark {} {}\n", i,
                   static_cast<int>(call.kind), call.expected.ended, call.expected.code.message(),
                   call.actual.ended, call.actual.code.message());
        fail("a call ended differently");
      }
    }
  }

  [[noreturn]] static void fail(const char* what) {
    fmt::print(stderr, "{}\n", what);
    std::abort();
  }

  const bool traces_ = std::getenv("BULWARK_FUZZ_TRACE") != nullptr;
  fuzz::Bytes bytes_;
  std::deque<Call> calls_;  // outlives the context, whose handlers refer to it
  net::io_context io_{1};
  std::optional<Reference> reference_;
  std::unique_ptr<Limiter> limiter_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Comparison(fuzz::Bytes(data, size)).run();
  return 0;
}
