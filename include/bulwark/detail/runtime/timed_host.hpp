#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/runtime/asio_host.hpp"
#include "bulwark/detail/runtime/context_watch.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A host with one timer.
///
/// @tparam Base derives from Host. It declares, as virtual functions, requestExpiry(), setTimer()
///              and cancelTimer(), which are called without a lock; and it has timerExpired() and
///              timerLost(), for what is called back.
template <typename Executor, typename Clock, typename Base>
class TimerHost : public AsioHost<Executor, Clock, Base> {
 public:
  using AsioHost<Executor, Clock, Base>::AsioHost;

 protected:
  /// What the executor was asked to run. It holds the host, and notices when the executor destroys
  /// it without running it.
  template <typename H>
  class PostedTask {
   public:
    explicit PostedTask(H* host) noexcept : host_(host) {}
    Ref<H> take() noexcept { return std::move(host_); }

   private:
    Ref<H> host_;
  };

  /// A task that cannot be posted is destroyed, and its destructor does what has to follow.
  template <typename Task>
  void postTask(Task task) noexcept {
    if (!this->executor()) return;
    try {
      net::post(*this->executor(), std::move(task));
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
  }

  ~TimerHost() override {
    if (timer_ != nullptr) timer_->watched.leave([] {});
  }

 private:
  using AsioTimer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

  struct Timer {
    explicit Timer(const Executor& executor) : timer(executor) {}
    AsioTimer timer;
    ContextRegistry::Entry watched;
  };

  struct Expiry {
    PostedTask<TimerHost> task;
    std::uint64_t generation;

    Expiry(TimerHost* host, std::uint64_t number) noexcept : task(host), generation(number) {}
    Expiry(Expiry&&) noexcept = default;
    ~Expiry() {
      if (const auto lost = task.take()) lost->timerLost(generation);
    }
    void operator()(net::error_code error = {}) {
      const auto host = task.take();
      if (error != net::error::operation_aborted) host->timerExpired(generation);
    }
  };

  void requestExpiry(std::uint64_t generation) noexcept override {
    postTask(Expiry(this, generation));
  }

  void setTimer(Instant when, std::uint64_t generation) override {
    if (timer_ == nullptr) {
      auto timer = std::make_unique<Timer>(*this->executor());
      ContextWatch<Clock>::enter(contextOf(*this->executor()), timer->watched, *this);
      timer_ = std::move(timer);
    }
    timer_->timer.expires_at(this->timePoint(when));
    timer_->timer.async_wait(Expiry(this, generation));
  }

  void cancelTimer() noexcept override {
    if (timer_ == nullptr) return;
    try {
      timer_->timer.cancel();
    } catch (...) {  // NOLINT(bugprone-empty-catch): then it expires once without effect
    }
  }

  void detach() noexcept override {
    timer_.reset();
    AsioHost<Executor, Clock, Base>::detach();
  }

  std::unique_ptr<Timer> timer_;  // made when a call first waits with a finite timeout
};

/// A host with one timer and workers.
///
/// @tparam Base as for TimerHost. It also declares requestWorker(), and has runQueue(), for the
///              workers.
template <typename Executor, typename Clock, typename Base>
class TimedHost final : public TimerHost<Executor, Clock, Base> {
 public:
  using TimerHost<Executor, Clock, Base>::TimerHost;

 private:
  struct Worker {
    typename TimedHost::template PostedTask<TimedHost> task;

    explicit Worker(TimedHost* host) noexcept : task(host) {}
    Worker(Worker&&) noexcept = default;
    ~Worker() {
      if (const auto lost = task.take()) lost->runQueue().workerLost(*lost);
    }
    void operator()() {
      const auto host = task.take();
      host->runQueue().work(*host);
    }
  };

  void requestWorker() noexcept override { this->postTask(Worker(this)); }
};

}  // namespace bulwark::detail
