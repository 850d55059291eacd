// What the service calls, simulated: takes its time, fails now and then, and can be made to take
// more and fail oftener. Timers only: a thousand calls under way need no thread.
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

/// Thread safety: none, it belongs to the thread of its executor. Must outlive its calls.
class Dependency {
 public:
  /// How long a caller waits for an answer before it gives up.
  static constexpr std::chrono::seconds patience{30};

  Dependency(net::any_io_executor executor, Behaviour normal)
      : executor_(std::move(executor)), normal_(normal), now_(normal) {}
  Dependency(const Dependency&) = delete;
  Dependency& operator=(const Dependency&) = delete;

  /// Throws DependencyError: it failed, or there was no answer.
  net::awaitable<void> call();

  /// Holds for the calls under way too: what was stuck goes on, or gets stuck.
  void behave(Behaviour behaviour);
  /// Ends all calls under way as failed, and later ones at once.
  void hangUp();

  const Behaviour& behaviour() const { return now_; }
  const Behaviour& normal() const { return normal_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// When a call that began at `start` ends; `pace` is how slow it is among its like.
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
