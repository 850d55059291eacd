// The service: what it depends on, and what protects it from that.
//
//   call ─▶ circuit breaker, where the dependency is far ─▶ bulkhead ─▶ semaphores ─▶ dependency
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

/// What the service is made for.
struct Plan {
  const char* name;
  std::chrono::milliseconds latency;
  double callsPerSecond;
  std::vector<std::string> semaphores;
  bool far = false;  // behind a circuit breaker
};

/// A dependency, and what stands before it.
struct Compartment {
  Compartment(net::io_context& io, bulwark::BulkheadManager<>& manager, const Plan& plan);

  std::string name;
  double callsPerSecond;
  bulwark::ManagerCallOptions options;
  Dependency dependency;
  bulwark::Bulkhead<>& bulkhead;
  std::optional<bulwark::CircuitBreaker<>> breaker;
  Watch watch;
};

/// Thread safety: it belongs to the thread that runs the context; manager() is safe from any.
class Service {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Service(net::io_context& io);

  /// Looks at the compartments ten times a second, until stop().
  void start();
  void stop();
  /// Brings each compartment's watch up to date.
  void look();

  /// Starts a call; how it ends is in the statistics.
  void call(Compartment& compartment);

  /// Refuses calls and waits for those under way.
  void drain();
  /// Accepts calls again. False: it is ending, and does not.
  bool resume();
  /// Drains for good, and then calls `ended`.
  void end(std::function<void()> ended);
  /// Ends what is under way: it fails.
  void abandon();

  Phase phase() const { return phase_; }
  std::chrono::nanoseconds uptime() const { return Clock::now() - start_; }
  std::deque<Compartment>& compartments() { return compartments_; }
  const std::deque<Compartment>& compartments() const { return compartments_; }
  Compartment* find(std::string_view name);

  bulwark::BulkheadManager<>& manager() { return manager_; }
  const bulwark::BulkheadManager<>& manager() const { return manager_; }

 private:
  net::awaitable<void> watch();

  net::io_context& io_;
  bulwark::BulkheadManager<> manager_;
  std::deque<Compartment> compartments_;  // which never move
  net::steady_timer tick_;
  bool stopped_ = false;
  bool ending_ = false;
  Phase phase_ = Phase::serving;
  Clock::time_point start_ = Clock::now();
};

}  // namespace service
