// The command line.
#pragma once

#include <cstdint>
#include <optional>

namespace beast_example {

struct Options {
  std::uint16_t port = 8080;
  int threads = 2;
  bool selfTest = false;
};

// Has no options if the program should exit with `status`. All output has been printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace beast_example
