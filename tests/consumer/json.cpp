// A user's program that reads its limits from JSON. Exit status 0 if it gets them.

#include <bulwark/bulwark.hpp>
#include <bulwark/manager_config_json.hpp>

#include <fmt/core.h>

#include <cstdio>

int main() {
  const auto config = bulwark::parseManagerConfig(R"({"services": {"db": {"maxConcurrent": 3}}})");
  const auto db = config.services.find("db");
  if (db == config.services.end() || db->second.maxConcurrent != 3U) {
    fmt::print(stderr, "the service db should have 3 permits\n");
    return 1;
  }
  try {
    bulwark::parseManagerConfig("{\"defaults\": {\"maxConcurrent\": 0}}", "limits.json");
  } catch (const bulwark::ConfigError& error) {
    fmt::print("refused, as expected: {}\n", error.what());
    return 0;
  }
  fmt::print(stderr, "a limit of 0 should have been refused\n");
  return 1;
}
