// The command line.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace isolation {

struct Options {
  double seconds = 4;
  unsigned dbRate = 500;
  unsigned aiRate = 150;
  std::size_t clients = 200;
  std::chrono::milliseconds clientTimeout{3000};

  std::chrono::milliseconds upstreamTimeout{2000};
  std::size_t pool = 64;
  std::chrono::milliseconds poolWait{1000};

  std::size_t aiLimit = 16;
  std::size_t dbLimit = 48;
  std::size_t queue = 50;
  std::chrono::milliseconds queueTimeout{500};

  bool plain = false;
};

// Has no options if the program should exit with `status`. All output has been printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace isolation
