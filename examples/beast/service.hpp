// Answers the requests: a slow dependency behind a bulkhead.
#pragma once

#include "server.hpp"

#include <bulwark/bulkhead.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace beast_example {

// May be slow, and may throw.
using Dependency = std::function<net::awaitable<std::string>(std::string target)>;

class Service {
 public:
  Service(net::io_context& io, bulwark::BulkheadConfig limits, Dependency dependency);

  // Answers 200 with the text of the dependency, 500 if it failed, and 503 if it was not called.
  // "/ready" is for readiness probes: 200, or 503 while it drains.
  net::awaitable<Response> answer(const Request& request);

  // Accepts no more requests. Returns false if some are still at the dependency after `within`.
  net::awaitable<bool> drain(std::chrono::nanoseconds within);

  bulwark::Bulkhead<>& bulkhead() { return bulkhead_; }

 private:
  Response ready(const Request& request) const;

  Dependency dependency_;
  bulwark::Bulkhead<> bulkhead_;
};

// Stops accepting connections, then refuses new calls while those in progress finish, and closes
// the connections when their answers are sent. Returns false if that took too long.
net::awaitable<bool> shutDown(Server& server, Service& service, std::chrono::nanoseconds within);

}  // namespace beast_example
