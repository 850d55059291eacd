#include "bulwark/detail/policy/retry_host.hpp"

#include <memory>

#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/telemetry/event_queue.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A retry has no limit: its events have no numbers, and there is no state to report.
class RetryHost::Events final : public EventQueue {
 public:
  explicit Events(RetryHost& host) noexcept
      : EventQueue(CompartmentKind::retry, host.name()), host_(host) {}

 private:
  Instant now() const noexcept override { return host_.now(); }
  bool ending() const noexcept override { return host_.closed(); }

  Numbers numbers(Instant) const noexcept override { return {}; }
  bool saturated() const noexcept override { return false; }
  bool draining() const noexcept override { return false; }
  void watch(bool) noexcept override {}

  RetryHost& host_;
};

void RetryHost::setObserver(Observer observer) {
  const Ref keep(this);
  events_.setObserver(std::move(observer), [this] { return std::make_unique<Events>(*this); });
}

void RetryHost::close() noexcept {
  const Ref keep(this);
  Host::close();
  events_.removeObserver();
}

}  // namespace bulwark::detail
