#include "service.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/system_error.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace reload {

namespace {

std::filesystem::path folderOf(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

Service::Service(asio::io_context& io, const std::filesystem::path& file, unsigned rate)
    : io_(io),
      watch_(io.get_executor(), folderOf(file)),
      hangups_(io, SIGHUP),
      reloader_(io.get_executor(), file),
      load_(io.get_executor(), reloader_, rate) {}

void Service::start() {
  asio::co_spawn(io_, watchFile(), asio::detached);
  asio::co_spawn(io_, watchHangups(), asio::detached);
  asio::co_spawn(io_, load_.run(), asio::detached);
}

asio::awaitable<void> Service::stop() {
  load_.stop();
  watch_.cancel();
  hangups_.cancel();
  // Does not drain, which would fail queued calls: calls should end as usual.
  asio::steady_timer pause(io_);
  while (load_.ended() < load_.started()) {
    pause.expires_after(std::chrono::milliseconds(5));
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> Service::watchFile() {
  try {
    for (;;) {
      co_await watch_.changed();
      reloader_.reload(false);
    }
  } catch (const std::exception& error) {
    const auto* const system = dynamic_cast<const asio::system_error*>(&error);
    if (system != nullptr && system->code() == asio::error::operation_aborted) co_return;
    fmt::print(stderr, "reload: {}; from now on only SIGHUP applies a change\n", error.what());
  }
}

asio::awaitable<void> Service::watchHangups() {
  try {
    for (;;) {
      co_await hangups_.async_wait(asio::use_awaitable);
      reloader_.reload(true);
    }
  } catch (const asio::system_error&) {  // stop()
  }
}

}  // namespace reload
