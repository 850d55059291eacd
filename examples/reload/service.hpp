// A service whose configuration may change while it runs.
#pragma once

#include "folder_watch.hpp"
#include "load.hpp"
#include "reloader.hpp"

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <filesystem>

namespace reload {

class Service {
 public:
  // Throws ConfigError for the file, and system_error for its folder.
  Service(asio::io_context& io, const std::filesystem::path& file, unsigned rate);

  void start();
  // Starts no more calls, waits for those in progress, and lets io.run() return.
  asio::awaitable<void> stop();

  Reloader& reloader() { return reloader_; }
  Load& load() { return load_; }

 private:
  asio::awaitable<void> watchFile();
  asio::awaitable<void> watchHangups();

  asio::io_context& io_;
  FolderWatch watch_;  // before the file is read first, so that no change is missed
  asio::signal_set hangups_;
  Reloader reloader_;
  Load load_;
};

}  // namespace reload
