#include "reloader.hpp"

#include <bulwark/error.hpp>
#include <bulwark/format.hpp>
#include <bulwark/manager_config_json.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace reload {

Reloader::Reloader(asio::any_io_executor executor, std::filesystem::path file)
    : file_(std::move(file)),
      config_(bulwark::loadManagerConfig(file_)),
      manager_(std::move(executor), config_) {}

void Reloader::reload(bool asked) {
  try {
    bulwark::ManagerConfig next = bulwark::loadManagerConfig(file_);
    const std::vector<bulwark::ConfigChange> changes = manager_.apply(next);
    config_ = std::move(next);
    const bool mended = !std::exchange(refusal_, {}).empty();
    if (!changes.empty()) {
      std::string report = "applied:";
      for (const auto& change : changes) report += fmt::format("\n  {}", change);
      say(std::move(report));
    } else if (asked || mended) {
      say("nothing to change");
    }
  } catch (const bulwark::ConfigError& error) {
    const bool known = std::exchange(refusal_, error.what()) == error.what();
    if (asked || !known) say("refused, nothing has changed: " + refusal_);
  }
}

void Reloader::say(std::string report) {
  fmt::print("{}\n", report);
  std::fflush(stdout);
  reports_.push_back(std::move(report));
}

}  // namespace reload
