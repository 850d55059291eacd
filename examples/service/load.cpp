#include "load.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace service {

Load::Load(net::io_context& io, Service& service, double factor)
    : io_(io), service_(service), factor_(factor), tick_(io) {
  // Starts at different ticks.
  for (std::size_t i = 0; i < service.compartments().size(); ++i) {
    due_.push_back(static_cast<double>(i) / static_cast<double>(service.compartments().size()));
  }
}

void Load::start() { net::co_spawn(io_, run(), net::detached); }

void Load::stop() {
  stopped_ = true;
  tick_.cancel();
}

void Load::burst(Compartment& compartment, int calls) {
  for (int i = 0; i < calls; ++i) service_.call(compartment);
}

net::awaitable<void> Load::run() {
  using namespace std::chrono_literals;
  constexpr auto interval = 5ms;
  constexpr std::chrono::duration<double> seconds = interval;

  tick_.expires_at(Service::Clock::now());
  while (!stopped_) {
    for (std::size_t i = 0; i < due_.size(); ++i) {
      Compartment& compartment = service_.compartments()[i];
      due_[i] += compartment.callsPerSecond * factor_ * seconds.count();
      for (; due_[i] >= 1; due_[i] -= 1) service_.call(compartment);
    }
    // After a pause of the machine, the load does not catch up in one burst.
    const auto next = tick_.expiry() + interval;
    tick_.expires_at(std::max(next, Service::Clock::now() - 50ms));
    net::error_code ignored;
    co_await tick_.async_wait(net::redirect_error(net::use_awaitable, ignored));
  }
}

}  // namespace service
