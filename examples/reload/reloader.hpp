// Applies a configuration file to a running manager.
#pragma once

#include <bulwark/bulkhead_manager.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reload {

using Manager = bulwark::BulkheadManager<>;

class Reloader {
 public:
  // Throws ConfigError, because it needs a valid first configuration.
  Reloader(asio::any_io_executor executor, std::filesystem::path file);

  // Applies the current content of the file, or changes nothing, and prints the result. Unless it
  // was `asked`, it prints nothing if the file changes nothing or has the same fault as before,
  // because a watched folder reports many changes.
  void reload(bool asked);

  Manager& manager() { return manager_; }
  const bulwark::ManagerConfig& config() const { return config_; }

  // The printed texts, one for each reload.
  const std::vector<std::string>& reports() const { return reports_; }

 private:
  void say(std::string report);

  std::filesystem::path file_;
  bulwark::ManagerConfig config_;
  Manager manager_;
  std::string refusal_;  // of the current file; empty: it was applied
  std::vector<std::string> reports_;
};

}  // namespace reload
