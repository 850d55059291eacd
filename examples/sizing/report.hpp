// What the program prints.
#pragma once

#include "options.hpp"
#include "service_time.hpp"
#include "sizing.hpp"

#include <string>
#include <vector>

namespace sizing {

struct Verdict {
  std::vector<std::string> warnings;
  bool met = true;  // the SLA and the target are met
};
Verdict judge(const Options& options, const ServiceTime& service, const Sizing& sizing);

std::string report(const Options& options, const ServiceTime& service, const Sizing& sizing);

}  // namespace sizing
