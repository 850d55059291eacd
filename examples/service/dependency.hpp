// The simulated dependency of the service: it takes time, sometimes fails, and can be made slower
// and less reliable. It uses only timers, so a thousand calls in progress need no thread.
#pragma once

#include <bulwark/asio.hpp>

#include <asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>

namespace service {

namespace net = bulwark::net;

struct Behaviour {
  std::optional<std::chrono::milliseconds> latency;  // none: it does not answer
  double failureRate = 0;

  bool operator==(const Behaviour&) const = default;
};

class DependencyError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Not thread-safe: it belongs to the thread of its executor. Must outlive its calls.
class Dependency {
 public:
  /// How long a caller waits for an answer.
  static constexpr std::chrono::seconds patience{30};

  Dependency(net::any_io_executor executor, Behaviour normal)
      : executor_(std::move(executor)), normal_(normal), now_(normal) {}
  Dependency(const Dependency&) = delete;
  Dependency& operator=(const Dependency&) = delete;

  /// Throws DependencyError if it failed or did not answer.
  net::awaitable<void> call();

  /// Also applies to calls in progress: stuck calls may continue, and others may get stuck.
  void behave(Behaviour behaviour);
  /// Fails all calls in progress, and later ones at once.
  void hangUp();

  const Behaviour& behaviour() const { return now_; }
  const Behaviour& normal() const { return normal_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// When a call that began at `start` ends; `pace` is its speed relative to the others.
  Clock::time_point endOf(Clock::time_point start, double pace) const;
  void wakeCalls();

  net::any_io_executor executor_;
  Behaviour normal_;
  Behaviour now_;
  bool gone_ = false;
  std::set<net::steady_timer*> underWay_;
  std::minstd_rand random_;
};

}  // namespace service
