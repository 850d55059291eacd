#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What a circuit has to report.
struct CircuitNotice {
  enum class Kind : std::uint8_t {
    changed,    // the state has changed
    found,      // the state in which a new observer finds the circuit
    refused,    // a call was refused
    configured  // the configuration has changed
  };

  Kind kind{};
  CircuitState before{};  // the state before it; other than `after` only if the state has changed
  CircuitState after{};
  Instant time{0};  // of its cause; the times of the notices do not decrease
  std::uint64_t lost = 0;  // notices for the observer that were dropped since the previous one
};

/// The notices of a circuit, which wait for their delivery.
///
/// They are made under the circuit's mutex and delivered without it, by one thread at a time, in
/// order. A thread that finds another one delivering leaves its notices to that thread. No node is
/// allocated or freed under the mutex: a thread sets nodes aside before it makes notices.
///
/// Every function is called with the mutex held. Those that receive `held` may release it and take
/// it again.
class BULWARK_EXPORT CircuitNotices {
 public:
  using OnStateChange = std::function<void(CircuitState before, CircuitState after)>;
  using Observer = std::function<void(const CircuitNotice&)>;

  /// @param onStateChange receives the changes; may be empty; outlives this
  explicit CircuitNotices(const OnStateChange& onStateChange)
      : onStateChange_(onStateChange), spare_(onStateChange ? atOnce : 0) {}

  /// Sets nodes aside for all notices that are made before the mutex is released again.
  /// @param soon an observer is set before that
  void setAside(std::unique_lock<Mutex>& held, bool soon = false) noexcept;
  void put(CircuitNotice notice) noexcept;
  void deliver(std::unique_lock<Mutex>& held) noexcept;

  /// Replaces the observer. The new one receives no notice that was made before.
  /// @return the previous one, to be destroyed without the mutex
  std::shared_ptr<const Observer> exchange(std::shared_ptr<const Observer> observer) noexcept;

 private:
  /// The most notices that are made while the mutex is held: Circuit::configure() may account for
  /// an overdue call, report itself, and give the probes their verdict.
  static constexpr std::size_t atOnce = 3;
  /// How many notices may wait before refusals are dropped. It bounds the memory that a slow
  /// observer costs.
  static constexpr std::size_t maxWaiting = 4096;

  struct Waiting {
    CircuitNotice notice;
    std::uint64_t observerNo = 0;  // the observer that receives it
  };

  const OnStateChange& onStateChange_;
  std::shared_ptr<const Observer> observer_;
  std::uint64_t observerNo_ = 0;  // observers are numbered in the order in which they are set
  std::list<Waiting> waiting_;
  std::list<Waiting> spare_;  // nodes that were set aside
  std::uint64_t lost_ = 0;  // notices for the observer that were dropped since the last one
  Instant lastTime_ = (Instant::min)();  // of the last notice
  bool delivering_ = false;  // a thread is in deliver()
};

}  // namespace bulwark::detail
