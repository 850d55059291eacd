// A Boost.Beast server behind a bulkhead.
//
//   client ──> Server (Beast) ──> Service::answer() ──> bulkhead ──> dependency
//
//   beast &
//   seq 40 | xargs -P 40 -I{} curl -si http://127.0.0.1:8080/{}      or  beast --self-test
#include "options.hpp"
#include "run.hpp"
#include "self_test.hpp"
#include "service.hpp"

#include <bulwark/format.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace beast_example {
namespace {

using namespace std::chrono_literals;

net::awaitable<std::string> slowDependency(std::string target) {
  net::steady_timer work(co_await net::this_coro::executor, 100ms);
  co_await work.async_wait(net::use_awaitable);
  if (target == "/broken") throw std::runtime_error("the dependency failed");
  co_return "what the dependency knows of " + target;
}

net::awaitable<bool> serveUntilSignal(Server& server, Service& service) {
  {
    net::signal_set signals(co_await net::this_coro::executor, SIGINT, SIGTERM);
    co_await signals.async_wait(net::use_awaitable);
  }  // a second signal ends the program at once
  fmt::print("draining: {}\n", service.bulkhead().stats());
  co_return co_await shutDown(server, service, 10s);
}

int serve(const Options& options) {
  net::io_context io(options.threads);
  Service service(
      io, {.name = "dependency", .maxConcurrent = 4, .maxQueueSize = 8, .queueTimeout = 250ms},
      slowDependency);
  Server server(io, {net::ip::address_v4::loopback(), options.port},
                [&service](const Request& request) { return service.answer(request); });
  server.start();
  fmt::print("http://127.0.0.1:{}/\n", server.endpoint().port());
  std::fflush(stdout);

  bool inTime = false;
  net::co_spawn(io, serveUntilSignal(server, service),
                [&](const std::exception_ptr& failure, bool drained) {
                  if (failure) std::rethrow_exception(failure);
                  inTime = drained;
                  if (!drained) io.stop();  // cancels calls that are still in progress
                });
  run(io, options.threads);
  fmt::print("{}\n", service.bulkhead().stats());
  return inTime ? 0 : 1;
}

}  // namespace
}  // namespace beast_example

int main(int argc, char** argv) {
  try {
    const auto [options, status] = beast_example::parseCommandLine(argc, argv);
    if (!options) return status;
    return options->selfTest ? beast_example::selfTest(options->threads)
                             : beast_example::serve(*options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "beast: {}\n", error.what());
    return 1;
  }
}
