#pragma once

// The dependency of the steps in docs/tutorial.md: an external service, simulated by timers.

#include <bulwark/asio.hpp>

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace tutorial {

enum class Health {
  well,     // answers after a millisecond
  failing,  // throws after a millisecond
  hanging   // accepts the question, and does not answer until it recovers
};

class Dependency {
 public:
  Dependency(asio::io_context& io, std::string name, Health health = Health::well)
      : name_(std::move(name)), health_(health), recovery_(io, Clock::time_point::max()) {}

  asio::awaitable<std::string> ask() {
    const Visit visit(*this);
    if (health_ == Health::hanging) {
      asio::error_code recovered;
      co_await recovery_.async_wait(asio::redirect_error(asio::use_awaitable, recovered));
    }
    asio::steady_timer work(recovery_.get_executor(), std::chrono::milliseconds(1));
    co_await work.async_wait(asio::use_awaitable);
    if (health_ == Health::failing) throw std::runtime_error(name_ + " failed");
    co_return fmt::format("{} of {}", ++answered_, name_);
  }

  /// Calls that hang are answered now.
  void become(Health health) {
    health_ = health;
    recovery_.cancel();
  }

  int asked() const { return asked_; }
  int mostAtOnce() const { return mostAtOnce_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Visit {
    explicit Visit(Dependency& d) : dependency(d) {
      ++d.asked_;
      d.mostAtOnce_ = std::max(d.mostAtOnce_, ++d.atOnce_);
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit() { --dependency.atOnce_; }

    Dependency& dependency;
  };

  std::string name_;
  Health health_;
  asio::steady_timer recovery_;  // become() cancels it
  int asked_ = 0;
  int answered_ = 0;
  int atOnce_ = 0;
  int mostAtOnce_ = 0;
};

/// How many visitors of a page were served.
struct Visitors {
  int served = 0;
  int turnedAway = 0;

  void note(int status) { ++(status == 200 ? served : turnedAway); }
};

}  // namespace tutorial
