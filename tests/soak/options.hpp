#pragma once

#include <cstdint>
#include <optional>

namespace soak {

struct Options {
  std::int64_t seconds = 30;
  std::int64_t seed = 1;
  std::int64_t services = 100;
  std::int64_t threads = 2;  // start calls; as many more run them
};

struct CommandLine {
  std::optional<Options> options;  // empty: the program ends
  int status = 0;
};

CommandLine parseCommandLine(int argc, char** argv);

}  // namespace soak
