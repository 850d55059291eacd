#pragma once

#include "soak/options.hpp"

namespace soak {

/// @return 0; the first thing that is wrong ends the program with 1
int run(const Options& options);

}  // namespace soak
