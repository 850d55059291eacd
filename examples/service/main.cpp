// A service behind bulkheads, and a page that shows them to its operators.
//
//   load ──▶ Service: breakers ─▶ bulkheads ─▶ semaphores ─▶ simulated dependencies
//                 │
//   browser ──▶ Http: /  /bulkheads  /health  /metrics      and, with --admin, buttons
//
//   service --admin       then open the printed address
#include "http.hpp"
#include "load.hpp"
#include "options.hpp"
#include "service.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

namespace service {
namespace {

// An IPv6 address has brackets in a URL.
std::string urlOf(const std::string& host, int port) {
  const bool brackets = host.find(':') != host.npos;
  return fmt::format("http://{}{}{}:{}/", brackets ? "[" : "", host, brackets ? "]" : "", port);
}

int run(const Options& options) {
  net::io_context io{1};
  Service service(io, options.executionTimeout);
  Load load(io, service, options.load);
  Http http(io, service, load, options.host, options.admin);
  const int port = http.bind(options.port);

  bool abandoned = false;
  net::signal_set signals(io, SIGINT, SIGTERM);
  net::steady_timer grace(io);
  signals.async_wait([&](const net::error_code& error, int) {
    if (error) return;
    fmt::print("draining\n");
    std::fflush(stdout);
    load.stop();
    service.end([&] {
      grace.cancel();
      http.stop();
    });
    grace.expires_after(options.grace);
    grace.async_wait([&](const net::error_code& drained) {
      if (drained) return;
      abandoned = true;
      service.abandon();
    });
  });

  service.start();
  load.start();
  fmt::print("{}{}\n", urlOf(options.host, port),
             options.admin ? "" : "  (read-only; --admin adds the buttons)");
  std::fflush(stdout);

  // Requests end before the context, which must answer them.
  std::thread thread([&io] { io.run(); });
  http.run();
  net::post(io, [&] {
    signals.cancel();
    load.stop();
    service.stop();
    service.abandon();
  });
  thread.join();
  fmt::print("{}\n", abandoned ? "gave up calls that took longer than --grace" : "drained");
  return abandoned ? 1 : 0;
}

}  // namespace
}  // namespace service

int main(int argc, char** argv) {
  try {
    const auto [options, status] = service::parseCommandLine(argc, argv);
    return options ? service::run(*options) : status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "service: {}\n", error.what());
    return 1;
  }
}
