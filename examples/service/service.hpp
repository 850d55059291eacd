// The service: its dependencies, and their protection.
//
//   call ─▶ circuit breaker, if the dependency is remote ─▶ bulkhead ─▶ semaphores ─▶ dependency
#pragma once

#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/circuit_breaker.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dependency.hpp"
#include "watch.hpp"

namespace service {

enum class Phase : std::uint8_t { serving, draining, drained };

const char* nameOf(Phase phase);

/// The load that the service is designed for.
struct Plan {
  const char* name;
  std::chrono::milliseconds latency;
  double callsPerSecond;
  std::vector<std::string> semaphores;
  bool far = false;  // behind a circuit breaker
};

/// A dependency and its protection.
struct ProtectedDependency {
  ProtectedDependency(net::io_context& io, bulwark::BulkheadManager<>& manager, const Plan& plan);

  std::string name;
  double callsPerSecond;
  bulwark::ManagerCallOptions options;
  Dependency dependency;
  bulwark::Bulkhead<>& bulkhead;
  std::optional<bulwark::CircuitBreaker<>> breaker;
  Watch watch;
};

/// Not thread-safe: it belongs to the thread that runs the context. manager() may be used on any.
class Service {
 public:
  using Clock = std::chrono::steady_clock;

  /// @param executionTimeout of every bulkhead; noTimeout: none
  Service(net::io_context& io, std::chrono::nanoseconds executionTimeout);

  /// Checks the bulkheads ten times a second, until stop().
  void start();
  void stop();
  /// Updates the watch of each bulkhead.
  void look();

  /// Starts a call. Its result appears in the statistics.
  void call(ProtectedDependency& target);

  /// Refuses calls and waits for those in progress.
  void drain();
  /// Accepts calls again. Returns false, and does not, if the service is ending.
  bool resume();
  /// Drains permanently, and then calls `ended`.
  void end(std::function<void()> ended);
  /// Fails all calls in progress.
  void abandon();

  Phase phase() const { return phase_; }
  std::chrono::nanoseconds uptime() const { return Clock::now() - start_; }
  std::deque<ProtectedDependency>& dependencies() { return dependencies_; }
  const std::deque<ProtectedDependency>& dependencies() const { return dependencies_; }
  ProtectedDependency* find(std::string_view name);

  bulwark::BulkheadManager<>& manager() { return manager_; }
  const bulwark::BulkheadManager<>& manager() const { return manager_; }

 private:
  net::awaitable<void> watch();

  net::io_context& io_;
  bulwark::BulkheadManager<> manager_;
  std::deque<ProtectedDependency> dependencies_;  // elements never move
  net::steady_timer tick_;
  bool stopped_ = false;
  bool ending_ = false;
  Phase phase_ = Phase::serving;
  Clock::time_point start_ = Clock::now();
};

}  // namespace service
