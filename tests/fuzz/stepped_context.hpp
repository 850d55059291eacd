#pragma once

#include <bulwark/asio.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

namespace fuzz {

namespace net = bulwark::net;

/// An execution context that is driven by hand: posted functions form a FIFO queue, step() runs the
/// first one, and only runTimers() runs timers. With an io_context alone, the order of timers and
/// handlers would be unspecified and would differ between versions of Asio.
class SteppedContext {
 public:
  class Executor;

  SteppedContext() = default;
  SteppedContext(const SteppedContext&) = delete;
  SteppedContext& operator=(const SteppedContext&) = delete;

  Executor executor() noexcept;

  bool empty() const noexcept { return line_.empty(); }
  std::size_t size() const noexcept { return line_.size(); }

  /// Runs the function that was posted first.
  void step() {
    const std::unique_ptr<Task> first = std::move(line_.front());
    line_.pop_front();
    first->run();
  }

  /// Runs the handlers of expired timers.
  void runTimers() {
    runningTimers_ = true;
    timers_.restart();
    timers_.poll();
    runningTimers_ = false;
  }

  /// Whether no timer is set, so that run() would return. Call it after runTimers().
  bool timersOut() const noexcept { return timers_.stopped(); }

 private:
  struct Task {
    virtual ~Task() = default;
    virtual void run() = 0;
  };
  template <typename F>
  struct TaskOf final : Task {
    explicit TaskOf(F f) : function(std::move(f)) {}
    void run() override { std::move(function)(); }
    F function;
  };

  net::io_context timers_{1};
  bool runningTimers_ = false;
  std::deque<std::unique_ptr<Task>> line_;
};

class SteppedContext::Executor {
 public:
  explicit Executor(SteppedContext& context) noexcept : context_(&context) {}

  template <typename F>
  void execute(F&& f) const {
    if (context_->runningTimers_ && !never_) return std::decay_t<F>(std::forward<F>(f))();
    context_->line_.push_back(std::make_unique<TaskOf<std::decay_t<F>>>(std::forward<F>(f)));
  }

  net::execution_context& query(net::execution::context_t) const noexcept {
    return context_->timers_;
  }
  net::execution::blocking_t query(net::execution::blocking_t) const noexcept {
    if (never_) return net::execution::blocking.never;
    return net::execution::blocking.possibly;
  }
  Executor require(net::execution::blocking_t::never_t) const noexcept { return {*context_, true}; }
  Executor require(net::execution::blocking_t::possibly_t) const noexcept {
    return {*context_, false};
  }

  friend bool operator==(const Executor&, const Executor&) noexcept = default;

 private:
  Executor(SteppedContext& context, bool never) noexcept : context_(&context), never_(never) {}

  SteppedContext* context_;
  bool never_ = false;
};

inline SteppedContext::Executor SteppedContext::executor() noexcept { return Executor(*this); }

}  // namespace fuzz
