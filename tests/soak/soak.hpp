#pragma once

#include "soak/options.hpp"

namespace soak {

/// @return 0; the first error ends the program with status 1
int run(const Options& options);

}  // namespace soak
