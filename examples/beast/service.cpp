#include "service.hpp"

#include <bulwark/error.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace beast_example {

namespace {

Response reply(const Request& request, http::status status, std::string body) {
  Response response{status, request.version()};
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body) + '\n';
  response.prepare_payload();
  return response;
}

// The dependency was not called: the client may retry, here or elsewhere.
Response unavailable(const Request& request, std::string body) {
  Response response = reply(request, http::status::service_unavailable, std::move(body));
  response.set(http::field::retry_after, "1");
  return response;
}

}  // namespace

Service::Service(net::io_context& io, bulwark::BulkheadConfig limits, Dependency dependency)
    : dependency_(std::move(dependency)), bulkhead_(io, std::move(limits)) {}

// [answer]
net::awaitable<Response> Service::answer(const Request& request) {
  if (request.target() == "/ready") co_return ready(request);
  try {
    std::string text = co_await bulkhead_.execute(
        [&] { return dependency_(std::string(request.target())); }, net::use_awaitable);
    co_return reply(request, http::status::ok, std::move(text));
  } catch (const bulwark::BulkheadError& refusal) {
    co_return unavailable(request, refusal.what());  // full, waited too long, or draining
  } catch (const std::exception& failure) {
    co_return reply(request, http::status::internal_server_error, failure.what());
  }
}

// For a load balancer, which removes a process that refuses every call.
Response Service::ready(const Request& request) const {
  if (bulkhead_.draining()) return unavailable(request, "draining");
  return reply(request, http::status::ok, "ready");
}
// [answer]

net::awaitable<bool> Service::drain(std::chrono::nanoseconds within) {
  boost::system::error_code error;
  co_await bulkhead_.drain(within, net::redirect_error(net::use_awaitable, error));
  co_return !error;
}

// [shutdown]
net::awaitable<bool> shutDown(Server& server, Service& service, std::chrono::nanoseconds within) {
  co_await server.close();
  const bool drained = co_await service.drain(within);
  if (drained) co_await server.finish();
  co_return drained;
}
// [shutdown]

}  // namespace beast_example
