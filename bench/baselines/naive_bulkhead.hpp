#pragma once

#include <bulwark/asio.hpp>

#include <array>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

/// A bulkhead as one writes it in an afternoon: a mutex, a deque of std::functions, a timer for
/// each waiting call, and statistics under the mutex. It has the features of the real one that the
/// benchmarks use, but no weights, no drain and no resize, and its destructor does not handle
/// waiting calls.
template <typename Clock = std::chrono::steady_clock>
class NaiveBulkhead {
  using Executor = bulwark::net::io_context::executor_type;
  using Timer = bulwark::net::basic_waitable_timer<Clock>;  // by default a steady_timer
  using Duration = std::chrono::nanoseconds;
  using Id = std::uint64_t;

 public:
  struct Histogram {
    std::array<std::uint64_t, 64> buckets{};
    Duration sum{0};

    void record(Duration value) {
      ++buckets[static_cast<std::size_t>(
          std::bit_width(static_cast<std::uint64_t>(value.count())))];
      sum += value;
    }
  };

  struct Config {
    std::size_t maxConcurrent = 1;
    std::size_t maxQueueSize = 0;
    Duration queueTimeout = std::chrono::seconds(30);
  };

  NaiveBulkhead(bulwark::net::io_context& io, Config config)
      : executor_(io.get_executor()), config_(config) {}

  // --- on the executor --------------------------------------------------------------------------

  /// Runs `fn` under a permit, then `handler(std::exception_ptr)`.
  /// @return the argument of cancel(), 0 if the call does not wait
  Id execute(std::function<void()> fn, std::function<void(std::exception_ptr)> handler) {
    return execute(std::move(fn), std::move(handler), config_.queueTimeout);
  }

  Id execute(std::function<void()> fn, std::function<void(std::exception_ptr)> handler,
             Duration queueTimeout) {
    std::unique_lock lock(mutex_);
    if (active_ < config_.maxConcurrent) {
      ++active_;
      lock.unlock();
      post(std::move(fn), std::move(handler));
      return 0;
    }
    if (queue_.size() >= config_.maxQueueSize) {
      ++rejected_;
      const std::exception_ptr error = full_;
      lock.unlock();
      bulwark::net::post(executor_, [handler = std::move(handler), error] { handler(error); });
      return 0;
    }
    const Id id = ++lastId_;
    auto timer = std::make_unique<Timer>(executor_, queueTimeout);
    timer->async_wait([this, id](bulwark::net::error_code code) {
      if (!code) timedOut(id);
    });
    queue_.push_back({id, std::move(fn), std::move(handler), std::move(timer), Clock::now()});
    return id;
  }

  bool cancel(Id id) {
    std::unique_lock lock(mutex_);
    return takeOut(id, lock, cancelled_, aborted_);
  }

  // --- on this thread ---------------------------------------------------------------------------

  bool tryAcquire() {
    const std::lock_guard lock(mutex_);
    if (active_ >= config_.maxConcurrent) {
      ++rejected_;
      return false;
    }
    ++active_;
    ++acquired_;
    return true;
  }

  void release() {
    std::unique_lock lock(mutex_);
    ++executed_;
    passOn(lock);
  }

  /// Blocks until a permit is free, and runs `fn`.
  template <typename F>
  void withPermit(F&& fn) {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return active_ < config_.maxConcurrent; });
    ++active_;
    lock.unlock();
    const auto start = Clock::now();
    std::forward<F>(fn)();
    finish(start);
  }

 private:
  struct Waiting {
    Id id;
    std::function<void()> fn;
    std::function<void(std::exception_ptr)> handler;
    std::unique_ptr<Timer> timer;
    typename Clock::time_point since;
  };

  void post(std::function<void()> fn, std::function<void(std::exception_ptr)> handler) {
    bulwark::net::post(executor_, [this, fn = std::move(fn), handler = std::move(handler)] {
      const auto start = Clock::now();
      std::exception_ptr error;
      try {
        fn();
      } catch (...) {
        error = std::current_exception();
      }
      finish(start);
      handler(error);
    });
  }

  void finish(typename Clock::time_point start) {
    const auto end = Clock::now();
    std::unique_lock lock(mutex_);
    ++executed_;
    execution_.record(end - start);
    passOn(lock);
  }

  void passOn(std::unique_lock<std::mutex>& lock) {
    if (queue_.empty()) {
      --active_;
      lock.unlock();
      freed_.notify_one();
      return;
    }
    Waiting next = std::move(queue_.front());
    queue_.pop_front();
    wait_.record(Clock::now() - next.since);
    lock.unlock();
    next.timer->cancel();
    post(std::move(next.fn), std::move(next.handler));
  }

  void timedOut(Id id) {
    std::unique_lock lock(mutex_);
    takeOut(id, lock, timedOut_, late_);
  }

  bool takeOut(Id id, std::unique_lock<std::mutex>& lock, std::uint64_t& count,
               const std::exception_ptr& error) {
    for (auto it = queue_.begin(); it != queue_.end(); ++it) {
      if (it->id != id) continue;
      Waiting gone = std::move(*it);
      queue_.erase(it);
      ++count;
      lock.unlock();
      bulwark::net::post(executor_, [handler = std::move(gone.handler), error] { handler(error); });
      return true;
    }
    return false;
  }

  const Executor executor_;
  const Config config_;
  const std::exception_ptr full_ = std::make_exception_ptr(std::runtime_error("queue full"));
  const std::exception_ptr late_ = std::make_exception_ptr(std::runtime_error("timed out"));
  const std::exception_ptr aborted_ = std::make_exception_ptr(std::runtime_error("cancelled"));

  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t active_ = 0;
  std::deque<Waiting> queue_;
  Id lastId_ = 0;
  std::uint64_t acquired_ = 0, executed_ = 0, rejected_ = 0, timedOut_ = 0, cancelled_ = 0;
  Histogram execution_, wait_;
};
