// Calls at an even pace, with the designed share for every bulkhead.
#pragma once

#include <asio/steady_timer.hpp>

#include <vector>

#include "service.hpp"

namespace service {

/// The highest factor of a load.
inline constexpr double mostLoad = 10;

/// Thread safety: same as Service.
class Load {
 public:
  Load(net::io_context& io, Service& service, double factor);

  /// Runs until stop().
  void start();
  void stop();

  double factor() const { return factor_; }
  void setFactor(double factor) { factor_ = factor; }

  /// Starts `calls` calls at once.
  void burst(ProtectedDependency& target, int calls);

 private:
  net::awaitable<void> run();

  net::io_context& io_;
  Service& service_;
  double factor_;
  net::steady_timer tick_;
  bool stopped_ = false;
  std::vector<double> due_;  // calls that are due, for each bulkhead
};

}  // namespace service
