#include "bulwark/detail/policy/circuit_owner.hpp"

#include "bulwark/detail/config/policy_checks.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Whether two configurations differ in a value. Functions cannot be compared.
bool differ(const CircuitBreakerConfig& a, const CircuitBreakerConfig& b) noexcept {
  return a.failureRateThreshold != b.failureRateThreshold ||
         a.slidingWindowSize != b.slidingWindowSize || a.minimumCalls != b.minimumCalls ||
         a.slowCallDuration != b.slowCallDuration ||
         a.slowCallRateThreshold != b.slowCallRateThreshold || a.openDuration != b.openDuration ||
         a.halfOpenCalls != b.halfOpenCalls || a.windowKind != b.windowKind ||
         a.slidingWindowTime != b.slidingWindowTime || a.probeTimeout != b.probeTimeout ||
         a.mode != b.mode;
}

EventKind kindOf(const CircuitNotice& notice) noexcept {
  switch (notice.kind) {
    case CircuitNotice::Kind::refused:
      return EventKind::rejected;
    case CircuitNotice::Kind::configured:
      return EventKind::configured;
    case CircuitNotice::Kind::changed:
    case CircuitNotice::Kind::found:
      break;
  }
  switch (notice.after) {
    case CircuitState::open:
      return EventKind::opened;
    case CircuitState::halfOpen:
      return EventKind::halfOpened;
    case CircuitState::closed:
      break;
  }
  return EventKind::closed;
}

}  // namespace

CircuitOwner::CircuitOwner(CircuitBreakerConfig config)
    : circuit_(std::make_shared<Circuit>(checkedCircuitBreaker(std::move(config)))) {}

CircuitOwner::~CircuitOwner() {
  // At that time no call is overdue. There is no need to look for one now.
  if (circuit_ != nullptr) circuit_->setObserver(nullptr, (Instant::min)());
}

void CircuitOwner::configure(const CircuitBreakerOverrides& overrides, Instant now) {
  for (;;) {  // until no other thread changes the configuration meanwhile
    const auto present = circuit_->config();
    auto next =
        std::make_shared<const CircuitBreakerConfig>(checkedCircuitBreaker(*present, overrides));
    if (!overrides.isFailure && !differ(*present, *next)) return;
    if (circuit_->configure(present, std::move(next), now)) return;
  }
}

void CircuitOwner::setObserver(Observer observer, Instant now) {
  std::shared_ptr<const CircuitNotices::Observer> wrapped;
  if (observer) {
    // The circuit outlives the call of its observer.
    wrapped = std::make_shared<const CircuitNotices::Observer>(
        [observer = std::move(observer), &name = circuit_->name()](const CircuitNotice& notice) {
          observer({.kind = kindOf(notice),
                    .compartment = CompartmentKind::circuitBreaker,
                    .name = name,
                    .time = notice.time,
                    .lost = notice.lost});
        });
  }
  circuit_->setObserver(std::move(wrapped), now);
}

}  // namespace bulwark::detail
