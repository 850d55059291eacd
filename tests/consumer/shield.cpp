#include "shield.hpp"

bulwark::ManagerConfig shieldConfig() {
  auto config = bulwark::athenaPreset();
  config.services.clear();
  return config;
}
