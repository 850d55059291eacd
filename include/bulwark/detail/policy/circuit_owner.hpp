#pragma once

#include <memory>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/circuit.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The link from a breaker to its circuit, which lives as long as any of its calls. Removes the
/// observer at the end of its life.
class BULWARK_EXPORT CircuitOwner {
 public:
  /// Throws ConfigError.
  explicit CircuitOwner(CircuitBreakerConfig config);
  CircuitOwner(CircuitOwner&&) noexcept = default;
  CircuitOwner& operator=(CircuitOwner&& other) noexcept {
    CircuitOwner taken(std::move(other));
    circuit_.swap(taken.circuit_);
    return *this;
  }
  ~CircuitOwner();

  const std::shared_ptr<Circuit>& get() const noexcept { return circuit_; }
  Circuit* operator->() const noexcept { return circuit_.get(); }

  /// Throws ConfigError, and then nothing has changed.
  void configure(const CircuitBreakerOverrides& overrides, Instant now);
  void setObserver(Observer observer, Instant now);

 private:
  std::shared_ptr<Circuit> circuit_;  // null: moved from
};

}  // namespace bulwark::detail
