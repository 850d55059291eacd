// A dependency of the gateway: a server that answers every request after a while.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace isolation {

struct UpstreamConfig {
  std::string name;
  std::chrono::milliseconds typical{5};  // how long most answers take
  std::chrono::milliseconds slow{5};     // and the others
  double slowShare = 0;                  // 0..1
};

// Runs until the process ends; tells `listening` its port first. It has no limits of its own, so
// that what the demo shows is the gateway's doing.
void runUpstream(const UpstreamConfig& config, const std::function<void(std::uint16_t)>& listening);

}  // namespace isolation
