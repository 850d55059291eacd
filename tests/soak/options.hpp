#pragma once

#include <cstdint>
#include <optional>

namespace soak {

struct Options {
  std::int64_t seconds = 30;
  std::int64_t seed = 1;
  std::int64_t services = 100;
  std::int64_t threads = 2;  // that start calls; as many run them
};

struct CommandLine {
  std::optional<Options> options;  // nothing: there is nothing to do
  int status = 0;
};

CommandLine parseCommandLine(int argc, char** argv);

}  // namespace soak
