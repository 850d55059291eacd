// The output at the end of the run.
#pragma once

#include "options.hpp"
#include "results.hpp"
#include "text.hpp"

#include <span>
#include <string>

namespace isolation {

// phases: healthy, shared pool, bulkheads
std::string report(const Options& options, std::span<const PhaseResult> phases,
                   const Verdict& verdict, const Paint& paint);

}  // namespace isolation
