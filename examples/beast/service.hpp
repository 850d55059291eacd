// What answers the requests: a slow dependency, behind a bulkhead.
#pragma once

#include "server.hpp"

#include <bulwark/bulkhead.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace beast_example {

// May take its time, and throw.
using Dependency = std::function<net::awaitable<std::string>(std::string target)>;

class Service {
 public:
  Service(net::io_context& io, bulwark::BulkheadConfig limits, Dependency dependency);

  // 200 and what the dependency says, 500 if it failed, 503 if it was not asked at all. "/ready" is
  // for readiness probes: 200, or 503 while it drains.
  net::awaitable<Response> answer(const Request& request);

  // Takes no more requests. False if some are still at the dependency after so long.
  net::awaitable<bool> drain(std::chrono::nanoseconds within);

  bulwark::Bulkhead<>& bulkhead() { return bulkhead_; }

 private:
  Response ready(const Request& request) const;

  Dependency dependency_;
  bulwark::Bulkhead<> bulkhead_;
};

// First no new connections, then no new calls of the dependency while those under way finish, and
// when their answers are sent the connections are closed. False if that took too long.
net::awaitable<bool> shutDown(Server& server, Service& service, std::chrono::nanoseconds within);

}  // namespace beast_example
