// Calls at an even pace, for every compartment the share that the service is made for.
#pragma once

#include <asio/steady_timer.hpp>

#include <vector>

#include "service.hpp"

namespace service {

/// The highest factor that a load may have.
inline constexpr double mostLoad = 10;

/// Thread safety: as Service.
class Load {
 public:
  Load(net::io_context& io, Service& service, double factor);

  /// Until stop().
  void start();
  void stop();

  double factor() const { return factor_; }
  void setFactor(double factor) { factor_ = factor; }

  /// So many calls at once.
  void burst(Compartment& compartment, int calls);

 private:
  net::awaitable<void> run();

  net::io_context& io_;
  Service& service_;
  double factor_;
  net::steady_timer tick_;
  bool stopped_ = false;
  std::vector<double> due_;  // calls, of each compartment
};

}  // namespace service
