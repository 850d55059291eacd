#pragma once

#include <bulwark/asio.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "interleave/primitives.hpp"

namespace interleave {

/// The clock of the scheduler, as the Clock of a bulkhead.
struct ModelClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ModelClock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept { return time_point(duration(timeNow())); }
  static void advance(duration by) noexcept { moveTime(timeNow() + by.count()); }
};

/// Holds the functions that a ModelExecutor receives; threads of the scenario run them. Handing a
/// function over synchronises, as with any executor. Asio's own executors would use a mutex that
/// the scheduler does not know.
class ModelQueue {
 public:
  template <typename F>
  void push(F&& f) {
    auto shared = std::make_shared<std::decay_t<F>>(std::forward<F>(f));
    const std::lock_guard lock(mutex_);
    functions_.emplace_back([shared] {
      auto function = std::move(*shared);
      function();
    });
    pushed_.notify_one();
  }

  /// Waits for a function and runs it.
  void runNext() {
    std::unique_lock lock(mutex_);
    pushed_.wait(lock, [this] { return !functions_.empty(); });
    runFirst(lock);
  }

  /// Runs the first function on this thread. Returns false if there is none.
  bool runOne() {
    std::unique_lock lock(mutex_);
    if (functions_.empty()) return false;
    runFirst(lock);
    return true;
  }
  void run() {
    while (runOne()) {
    }
  }

  /// Runs what is queued and returns whether the context would stop now. For the end of a scenario.
  bool comesToAnEnd() {
    work_.reset();
    do {
      context.restart();
      context.poll();
    } while (runOne());
    return context.stopped();
  }

  /// The context of the timers. Scenarios poll it.
  bulwark::net::io_context context;

 private:
  void runFirst(std::unique_lock<Mutex>& lock) {
    const auto first = std::move(functions_.front());
    functions_.pop_front();
    lock.unlock();
    first();
  }

  // A context without work stops, and a stopped context polls nothing.
  bulwark::net::executor_work_guard<bulwark::net::io_context::executor_type> work_{
      context.get_executor()};
  Mutex mutex_;
  ConditionVariable pushed_;
  std::deque<std::function<void()>> functions_;
};

class ModelExecutor {
 public:
  explicit ModelExecutor(ModelQueue& queue) noexcept : ModelExecutor(queue, queue.context) {}
  /// With another context, which may be destroyed before the queue.
  ModelExecutor(ModelQueue& queue, bulwark::net::io_context& context) noexcept
      : queue_(&queue), context_(&context) {}

  template <typename F>
  void execute(F&& f) const {
    queue_->push(std::forward<F>(f));
  }
  bulwark::net::execution_context& query(bulwark::net::execution::context_t) const noexcept {
    return *context_;
  }
  static constexpr bulwark::net::execution::blocking_t query(
      bulwark::net::execution::blocking_t) noexcept {
    return bulwark::net::execution::blocking_t::never_t();
  }
  friend bool operator==(const ModelExecutor&, const ModelExecutor&) noexcept = default;

 private:
  ModelQueue* queue_;
  bulwark::net::io_context* context_;
};

}  // namespace interleave

/// A timer checks the clock whenever it is polled.
template <>
struct BULWARK_NET_NAMESPACE::wait_traits<interleave::ModelClock> {
  static std::chrono::nanoseconds to_wait_duration(const std::chrono::nanoseconds&) { return {}; }
  static std::chrono::nanoseconds to_wait_duration(const interleave::ModelClock::time_point&) {
    return {};
  }
};
