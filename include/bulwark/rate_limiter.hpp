#pragma once

/// @file
/// RateLimiter: bounds how many calls begin in a time.

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/call_options.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/callable_result.hpp"
#include "bulwark/detail/call/drain.hpp"
#include "bulwark/detail/call/spawn_token.hpp"
#include "bulwark/detail/config/policy_checks.hpp"
#include "bulwark/detail/limiter/rate_gate.hpp"
#include "bulwark/detail/policy/paced_call.hpp"
#include "bulwark/detail/runtime/host_owner.hpp"
#include "bulwark/detail/runtime/timed_host.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/rate_limiter_config.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Bounds how many permits calls get in a time, for a service that sells or survives so many a
/// second. A bulkhead bounds how many calls run at once, whatever time they take.
///
/// A permit is earned every `per` / `permits`, and up to `burst` of them are saved. So any interval
/// of the length W grants at most burst + W / (per / permits) permits, rounded up. A call takes its
/// permits when it begins, and gives none back. A call that is early waits for its turn, if the
/// queue has room and its turn comes within its timeout; otherwise it is refused at once, with the
/// time after which it would be granted. Waiting calls get their turns first in, first out, and no
/// call overtakes them.
///
/// A turn comes exactly at its time, but for the delay of the timer that wakes the call. With a
/// burst of 1 each such delay moves all later turns. With a burst of n the saved permits make up
/// for delays of up to n - 1 turns, so that a queue gets the whole rate.
///
/// Thread safety, lifetime, executors and handlers are those of Bulkhead.
///
/// @tparam Executor runs callables, and handlers without an associated executor
/// @tparam Clock    a monotonic clock; tests may use one of their own
template <typename Executor = net::any_io_executor, typename Clock = std::chrono::steady_clock>
class RateLimiter {
 public:
  /// Required by Asio.
  using executor_type = Executor;

  /// Throws ConfigError if a value is out of range: see RateLimiterConfig.
  RateLimiter(Executor executor, RateLimiterConfig config)
    requires(!detail::isExecutionContext<Executor>)
      : gate_(std::in_place, std::move(executor), config.name, detail::checkedRate(config), now()) {
  }

  /// Uses the executor of a context, as Asio's own objects do.
  template <typename Context>
    requires detail::isExecutionContext<Context>
  RateLimiter(Context& context, RateLimiterConfig config)
      : RateLimiter(Executor(context.get_executor()), std::move(config)) {}

  /// A moved-from rate limiter may only be assigned to or destroyed.
  RateLimiter(RateLimiter&&) noexcept = default;
  /// Destroys the previous rate limiter of this object.
  RateLimiter& operator=(RateLimiter&&) noexcept = default;
  ~RateLimiter() = default;

  // --- calls --------------------------------------------------------------------------------

  /// Takes permits if they are there and no call waits. Returns whether it did. An invalid weight
  /// (0, or above the burst in mode enforce) gets none. An unsuccessful attempt is not counted.
  ///
  /// Cost: one reading of the clock and one compare-and-swap; a refusal is one load. A short lock
  /// while calls wait.
  bool tryAcquire(std::size_t permits = 1) noexcept {
    const detail::Instant now = gate_->now();
    if (gate_->take(permits, now)) [[likely]] {
      gate_->count(detail::Count::executed);
      return true;
    }
    return gate_->tryNow(permits, now);
  }

  /// How long a call would have to wait for its turn if it came now, behind the calls that wait
  /// already; 0: tryAcquire() would succeed now; `noTimeout`: never (an invalid weight, or the
  /// limiter drains). Lock-free unless calls wait.
  std::chrono::nanoseconds retryAfter(std::size_t permits = 1) const noexcept {
    return gate_->retryAfter(permits, gate_->now());
  }

  /// Waits for permits.
  ///
  /// Completes exactly once with void(error_code):
  ///   - no error: the permits are taken
  ///   - Errc::rateLimited: its turn would come after its timeout, it may not wait, or the queue is
  ///     full; or updateConfig() lowered the burst below the weight of the waiting call
  ///   - Errc::queueTimeout: its turn moved beyond its timeout while it waited, because of a lower
  ///     rate or a late timer
  ///   - Errc::draining: the limiter is draining
  ///   - net::error::operation_aborted: cancelled while it waited, or the limiter was destroyed
  ///   - net::error::invalid_argument: a weight of 0, or above the burst in mode enforce; not
  ///     counted
  ///
  /// A turn exactly at the timeout is granted.
  ///
  /// Runs on: the handler is posted to its associated executor, by default the limiter's.
  ///
  /// Cancellation: all three types, while the call waits. Its turn passes to the next call, and all
  /// calls behind it move up.
  ///
  /// Cost: that of tryAcquire(), and one post. A call that waits costs one allocation from the
  /// handler's allocator and a short lock, and the timer is set once for each turn.
  template <typename Token>
  auto acquire(Token&& token) {
    return acquire(CallOptions{}, std::forward<Token>(token));
  }

  /// Same as acquire(token), with a queue timeout, a budget or a weight for this call. The budget
  /// bounds the wait (Errc::deadlineExceeded).
  template <typename Token>
  auto acquire(CallOptions options, Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(
        detail::TurnInitiation<Gate>(gate_.get()), token, detail::requestOf(options));
  }

  /// Runs `fn` when it has its permits.
  ///
  /// @param fn    same as in Bulkhead::execute(): R(), or net::awaitable<R, Ex>()
  /// @param token same as in Bulkhead::execute()
  ///
  /// Completes as Bulkhead::execute() does, with RateLimitedError in place of
  /// BulkheadRejectedError. Its retryAfter() is the time until such a call would be granted. The
  /// other errors are those of acquire().
  ///
  /// Runs on: same as Bulkhead::execute().
  ///
  /// Cancellation: same as Bulkhead::execute().
  ///
  /// Cost: that of tryAcquire(), one post and four more atomic operations. A call that waits costs
  /// what it costs in acquire().
  template <typename F, typename Token>
  auto execute(F&& fn, Token&& token) {
    return execute(std::forward<F>(fn), CallOptions{}, std::forward<Token>(token));
  }

  /// Same as execute(fn, token), with a queue timeout, a budget or a weight for this call. The
  /// budget bounds the wait (DeadlineExceededError). A rate limiter holds nothing of a call that
  /// has begun, and does not time its work: CallOptions::executionTimeout has no effect.
  template <typename F, typename Token>
  auto execute(F&& fn, CallOptions options, Token&& token) {
    return detail::initiateCall<detail::CallSignature<F>>(
        detail::PacedInitiation<Gate>(gate_.get()), token, std::forward<F>(fn),
        detail::requestOf(options));
  }

  // --- queries ------------------------------------------------------------------------------

  /// The executor of callables, and of handlers without an associated executor.
  Executor get_executor() const noexcept { return *gate_->executor(); }
  /// The configured name. The reference is valid until destruction.
  const std::string& name() const noexcept { return gate_->name(); }

  /// The current configuration.
  RateLimiterConfig config() const {
    const detail::RateLimits limits = gate_->limits();
    return {.name = name(),
            .permits = limits.permits,
            .per = limits.per,
            .burst = limits.burst,
            .maxQueueSize = limits.maxQueueSize,
            .queueTimeout = limits.timeout,
            .mode = limits.mode};
  }

  /// A snapshot of the statistics. Takes short locks.
  RateLimiterStats stats() const { return gate_->stats(); }

  // --- lifecycle ----------------------------------------------------------------------------

  /// Stops accepting calls and fails queued ones in FIFO order (BulkheadDrainingError); completes
  /// when every call of execute() that had its turn has ended. Otherwise as Bulkhead::drain().
  template <typename Token>
  auto drain(Token&& token) {
    return drain(noTimeout, std::forward<Token>(token));
  }

  /// Same as drain(token), but waits at most `within`. The limiter stays closed after a timeout.
  template <typename Token>
  auto drain(std::chrono::nanoseconds within, Token&& token) {
    return net::async_initiate<Token, void(net::error_code)>(
        detail::DrainInitiation<Gate>(gate_.get()), token, within);
  }

  /// Accepts calls again after a drain.
  void resume() { gate_->resume(); }

  /// Whether the limiter refuses calls because of a drain. Lock-free.
  bool draining() const noexcept { return gate_->draining(); }

  /// Sets counters and histograms to zero. Calls, and what is owed, are not affected.
  void reset() noexcept { gate_->reset(); }

  /// Sets the observer, as Bulkhead::setObserver() does. The limiter is `saturated` while calls
  /// wait.
  void setObserver(Observer observer) { gate_->setObserver(std::move(observer)); }

  /// Changes the configuration in place. Waiting calls are kept, and their turns follow the new
  /// rate.
  ///   - What is owed is rescaled: as many permits at the new rate, but at most the new burst.
  ///   - A larger burst is there at once. A waiting call whose weight exceeds a smaller one is
  ///     rejected.
  ///   - A new timeout applies to calls that are queued after the change. A waiting call whose turn
  ///     moves beyond its timeout times out.
  ///   - Mode observe or off admits every waiting call.
  ///
  /// Throws ConfigError, and then nothing has changed.
  void updateConfig(const RateLimiterOverrides& overrides) { gate_->configure(overrides); }

 private:
  friend detail::Access;
  using Gate = detail::TimerHost<Executor, Clock, detail::RateGate>;

  static detail::Instant now() noexcept {
    return std::chrono::duration_cast<detail::Instant>(Clock::now().time_since_epoch());
  }

  detail::HostOwner<Gate> gate_;
};

/// Uses the executor itself.
template <typename Executor>
  requires(!detail::isExecutionContext<Executor>)
RateLimiter(Executor, RateLimiterConfig) -> RateLimiter<Executor>;

/// Uses the executor of a context, without type erasure.
template <typename Context>
  requires detail::isExecutionContext<Context>
RateLimiter(Context&, RateLimiterConfig) -> RateLimiter<typename Context::executor_type>;

}  // namespace bulwark
