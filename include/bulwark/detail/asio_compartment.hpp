#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/context_watch.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A compartment with its executor and its clock: posts workers, keeps the one timer.
template <typename Executor, typename Clock>
class AsioCompartment final : public Compartment {
 public:
  using executor_type = Executor;

  AsioCompartment(Kind kind, Executor executor, std::string name, const Limits& limits)
      : Compartment(kind, std::move(name), limits), executor_(std::move(executor)) {
    ContextWatch<void>::enter(contextOf(*executor_), watched_, *this);
  }

  /// Null once the context is gone.
  const std::optional<Executor>& executor() const noexcept { return executor_; }

  Instant now() const noexcept override {
    return std::chrono::duration_cast<Instant>(Clock::now().time_since_epoch());
  }

  static typename Clock::time_point timePoint(Instant when) noexcept {
    return typename Clock::time_point(std::chrono::ceil<typename Clock::duration>(when));
  }

 private:
  using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

  struct Alarm {
    explicit Alarm(const Executor& executor) : timer(executor) {}
    Timer timer;
    ContextRegistry::Entry watched;
  };

  /// Something the executor was asked to call back, and which notices when it is dropped instead.
  class Errand {
   public:
    explicit Errand(AsioCompartment* compartment) noexcept : compartment_(compartment) {}
    Ref<AsioCompartment> take() noexcept { return std::move(compartment_); }

   private:
    Ref<AsioCompartment> compartment_;
  };

  struct Worker {
    Errand errand;

    explicit Worker(AsioCompartment* compartment) noexcept : errand(compartment) {}
    Worker(Worker&&) noexcept = default;
    ~Worker() {
      if (const auto lost = errand.take()) lost->workerLost();
    }
    void operator()() { errand.take()->work(); }
  };

  struct Bell {
    Errand errand;
    std::uint64_t generation;

    Bell(AsioCompartment* compartment, std::uint64_t number) noexcept
        : errand(compartment), generation(number) {}
    Bell(Bell&&) noexcept = default;
    ~Bell() {
      if (const auto lost = errand.take()) lost->alarmLost(generation);
    }
    void operator()(net::error_code error = {}) {
      const auto compartment = errand.take();
      if (error != net::error::operation_aborted) compartment->ring(generation);
    }
  };

  ~AsioCompartment() override {
    if (alarm_ != nullptr) alarm_->watched.leave([] {});
    watched_.leave([this] { detach(); });
  }

  void requestWorker() noexcept override { post(Worker(this)); }
  void requestRing(std::uint64_t generation) noexcept override { post(Bell(this, generation)); }

  /// What cannot be posted is destroyed, and sees to the consequences itself.
  template <typename F>
  void post(F errand) noexcept {
    if (!executor_) return;
    try {
      net::post(*executor_, std::move(errand));
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
  }

  void setAlarm(Instant when, std::uint64_t generation) override {
    if (alarm_ == nullptr) {
      auto alarm = std::make_unique<Alarm>(*executor_);
      ContextWatch<Clock>::enter(contextOf(*executor_), alarm->watched, *this);
      alarm_ = std::move(alarm);
    }
    alarm_->timer.expires_at(timePoint(when));
    alarm_->timer.async_wait(Bell(this, generation));
  }

  void cancelAlarm() noexcept override {
    if (alarm_ == nullptr) return;
    try {
      alarm_->timer.cancel();
    } catch (...) {  // NOLINT(bugprone-empty-catch): then it rings once for nothing
    }
  }

  void detach() noexcept override {
    alarm_.reset();
    executor_.reset();
  }

  std::optional<Executor> executor_;
  std::unique_ptr<Alarm> alarm_;  // made when a call first waits with a finite timeout
  ContextRegistry::Entry watched_;
};

}  // namespace bulwark::detail
