#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/runtime/context_watch.hpp"
#include "bulwark/detail/runtime/host.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A host with its executor and its clock. It is notified when the executor's context is destroyed.
///
/// @tparam Base a Host, or a class that derives from it
template <typename Executor, typename Clock, typename Base = Host>
class AsioHost : public Base {
 public:
  using executor_type = Executor;

  template <typename... Args>
  explicit AsioHost(Executor executor, Args&&... args)
      : Base(std::forward<Args>(args)...), executor_(std::move(executor)) {
    if constexpr (byStopwatch) {
      Stopwatch::prepare();
    } else {
      this->measureByClock();
    }
    ContextWatch<void>::enter(contextOf(*executor_), watched_, *this);
  }

  /// Null once the context is gone.
  const std::optional<Executor>& executor() const noexcept { return executor_; }

  Instant now() const noexcept final {
    return std::chrono::duration_cast<Instant>(Clock::now().time_since_epoch());
  }

  // As those of Host, for callers that know the type of the clock.
  Ticks ticks() const noexcept {
    if constexpr (byStopwatch) return Stopwatch::now();
    return Host::ticksOf(now());
  }
  Ticks ticksAfter(Ticks start) const noexcept {
    if constexpr (byStopwatch) return Stopwatch::again(start);
    return Host::ticksOf(now());
  }

  static typename Clock::time_point timePoint(Instant when) noexcept {
    return typename Clock::time_point(std::chrono::ceil<typename Clock::duration>(when));
  }

 protected:
  ~AsioHost() override {
    watched_.leave([this] { dropExecutor(); });
  }

  void detach() noexcept override { dropExecutor(); }

 private:
  static constexpr bool byStopwatch = std::is_same_v<Clock, std::chrono::steady_clock>;

  void dropExecutor() noexcept { executor_.reset(); }

  std::optional<Executor> executor_;
  ContextRegistry::Entry watched_;
};

}  // namespace bulwark::detail
