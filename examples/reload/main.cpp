// New limits for a running service.
//
//   limits.json ── inotify, or SIGHUP ──> Reloader ── apply() ──> BulkheadManager <── calls
//
// A file with a fault changes nothing, even if its other values are valid: the service keeps its
// configuration and reports the fault.
//
//   cp examples/athena.json /tmp/limits.json
//   reload /tmp/limits.json &      then edit the file; or  reload --self-test
#include "options.hpp"
#include "self_test.hpp"
#include "service.hpp"

#include <bulwark/format.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>

namespace reload {
namespace {

// Returns after that time, or at a signal.
asio::awaitable<void> untilTheEnd(asio::io_context& io, double seconds) {
  asio::signal_set signals(io, SIGINT, SIGTERM);
  asio::steady_timer timer(io);
  if (seconds > 0) {
    timer.expires_after(std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(seconds)));
    timer.async_wait([&signals](const std::error_code&) { signals.cancel(); });
  }
  asio::error_code ignored;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> serve(asio::io_context& io, Service& service, double seconds) {
  co_await untilTheEnd(io, seconds);
  co_await service.stop();
}

int run(const Options& options) {
  asio::io_context io;
  Service service(io, options.file, options.rate);
  fmt::print("{} is applied whenever it changes, and on SIGHUP\n", options.file.string());
  std::fflush(stdout);
  service.start();
  asio::co_spawn(io, serve(io, service, options.seconds), asio::detached);
  io.run();
  fmt::print("{}{}\n", service.reloader().manager().stats(), service.load().summary());
  return service.load().nothingLost() ? 0 : 1;
}

}  // namespace
}  // namespace reload

int main(int argc, char** argv) {
  try {
    const auto [options, status] = reload::parseCommandLine(argc, argv);
    if (!options) return status;
    return options->selfTest ? reload::selfTest(options->rate) : reload::run(*options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "reload: {}\n", error.what());
    return 1;
  }
}
