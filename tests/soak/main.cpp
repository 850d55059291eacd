// Runs all operations at once: soak --seconds 1800 --seed 7

#include "soak/options.hpp"
#include "soak/soak.hpp"

int main(int argc, char** argv) {
  const soak::CommandLine line = soak::parseCommandLine(argc, argv);
  if (!line.options) return line.status;
  return soak::run(*line.options);
}
