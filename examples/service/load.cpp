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
  for (std::size_t i = 0; i < service.dependencies().size(); ++i) {
    due_.push_back(static_cast<double>(i) / static_cast<double>(service.dependencies().size()));
  }
}

void Load::start() { net::co_spawn(io_, run(), net::detached); }

void Load::stop() {
  stopped_ = true;
  tick_.cancel();
}

void Load::burst(ProtectedDependency& target, int calls) {
  for (int i = 0; i < calls; ++i) service_.call(target);
}

net::awaitable<void> Load::run() {
  using namespace std::chrono_literals;
  constexpr auto interval = 5ms;
  constexpr std::chrono::duration<double> seconds = interval;

  tick_.expires_at(Service::Clock::now());
  while (!stopped_) {
    for (std::size_t i = 0; i < due_.size(); ++i) {
      ProtectedDependency& target = service_.dependencies()[i];
      due_[i] += target.callsPerSecond * factor_ * seconds.count();
      for (; due_[i] >= 1; due_[i] -= 1) service_.call(target);
    }
    // After a pause of the machine, the load does not catch up in one burst.
    const auto next = tick_.expiry() + interval;
    tick_.expires_at(std::max(next, Service::Clock::now() - 50ms));
    net::error_code ignored;
    co_await tick_.async_wait(net::redirect_error(net::use_awaitable, ignored));
  }
}

}  // namespace service
