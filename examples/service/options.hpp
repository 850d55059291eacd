// The command line.
#pragma once

#include <bulwark/limits.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace service {

struct Options {
  std::string host = "127.0.0.1";
  int port = 8080;  // 0: a free one
  bool admin = false;
  double load = 1;
  std::chrono::milliseconds grace{10'000};
  std::chrono::nanoseconds executionTimeout = bulwark::noTimeout;
};

// Has no options if the program should exit with `status`. All output has been printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace service
