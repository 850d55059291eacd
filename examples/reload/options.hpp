// The command line.
#pragma once

#include <filesystem>
#include <optional>

namespace reload {

struct Options {
  std::filesystem::path file;  // empty with --self-test
  unsigned rate = 500;
  double seconds = 0;  // 0: until a signal
  bool selfTest = false;
};

// Has no options if the program should exit with `status`. All output has been printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace reload
