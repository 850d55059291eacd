// The command line.
#pragma once

#include "service_time.hpp"
#include "sizing.hpp"

#include <cstddef>
#include <optional>

namespace sizing {

enum class Work { io, cpu };

struct Options {
  Measured measured;
  Demand demand;  // mostPermits follows from the fields below
  Work work = Work::io;
  std::optional<std::size_t> cores;    // with Work::cpu
  std::optional<std::size_t> threads;  // of the pool that the calls block
  bool json = false;
};

// Has no options if the program should exit with `status`. All output has been printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace sizing
