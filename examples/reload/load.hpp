// Simulated calls: each sleeps for some milliseconds in a bulkhead of the manager.
#pragma once

#include "reloader.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace reload {

class Load {
 public:
  Load(asio::any_io_executor executor, Reloader& reloader, unsigned rate);

  // Starts calls until stop(), in a round-robin over the configured services and one that is not
  // configured. Every other call uses one of the semaphores.
  asio::awaitable<void> run();
  void stop();

  // The results of the calls, as they reported them.
  std::uint64_t started() const { return started_; }
  std::uint64_t ended() const { return executed_ + rejected_ + timedOut_ + other_; }

  // Whether every call ended exactly once and the manager's statistics agree. For use when no call
  // runs.
  bool nothingLost() const;

  std::string summary() const;

 private:
  void call();

  asio::any_io_executor executor_;
  Reloader& reloader_;
  unsigned rate_;
  asio::steady_timer tick_;
  bool stopped_ = false;
  std::mt19937 random_{1};

  std::uint64_t started_ = 0;
  std::uint64_t executed_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t timedOut_ = 0;
  std::uint64_t other_ = 0;
};

}  // namespace reload
