// What limits should this bulkhead have? docs/choosing-limits.md explains the answer.
//
//   sizing --rate 200 --p50 20ms --p90 60ms --p99 200ms --sla 500ms
//   sizing --rate 40 --mean 80ms --p99 300ms --sla 1s --work cpu --cores 8
#include "options.hpp"
#include "report.hpp"
#include "service_time.hpp"
#include "sizing.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    const auto [options, status] = sizing::parseCommandLine(argc, argv);
    if (!options) return status;
    const sizing::ServiceTime service(options->measured);
    const sizing::Sizing result = sizing::size(options->demand, service);
    if (options->json) {
      fmt::print("{}\n", result.limits.json());
    } else {
      fmt::print("{}", sizing::report(*options, service, result));
    }
    const sizing::Verdict verdict = sizing::judge(*options, service, result);
    for (const std::string& warning : verdict.warnings) {
      fmt::print(options->json ? stderr : stdout, "{}: {}.\n", verdict.met ? "Note" : "Warning",
                 warning);
    }
    return verdict.met ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "sizing: {}\n", error.what());
    return 1;
  }
}
