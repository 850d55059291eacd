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
  Demand demand;  // mostPermits follows from what comes next
  Work work = Work::io;
  std::optional<std::size_t> cores;    // with Work::cpu
  std::optional<std::size_t> threads;  // of the pool on which the calls block
  bool json = false;
};

// Without options when the program is to end at once with `status`; what there was to say has been
// printed then.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine parseCommandLine(int argc, char** argv);

}  // namespace sizing
