// Brings a configuration file to a live manager.
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
  // Throws ConfigError: without a first configuration there is nothing to go on with.
  Reloader(asio::any_io_executor executor, std::filesystem::path file);

  // Applies what the file says now, or leaves everything as it is, and prints which. Quiet about a
  // file that changes nothing, and about a fault that it told before, unless it was `asked`: a
  // watched folder has news of many things.
  void reload(bool asked);

  Manager& manager() { return manager_; }
  const bulwark::ManagerConfig& config() const { return config_; }

  // What it printed, one text a reload.
  const std::vector<std::string>& reports() const { return reports_; }

 private:
  void say(std::string report);

  std::filesystem::path file_;
  bulwark::ManagerConfig config_;
  Manager manager_;
  std::string refusal_;  // of the file as it is; empty: it was applied
  std::vector<std::string> reports_;
};

}  // namespace reload
