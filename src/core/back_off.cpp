#include "bulwark/detail/core/back_off.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::chrono::nanoseconds backOff(const RetryConfig& config, std::size_t attempts, double random) {
  if (config.initialDelay.count() == 0) return config.initialDelay;
  const auto most = static_cast<double>(config.maxDelay.count());
  const auto steps = static_cast<double>(attempts - 1);
  // The delay is above every maxDelay, and pow() might overflow.
  const bool beyond = steps * std::log2(config.multiplier) > 64;
  const double grown = beyond ? most
                              : static_cast<double>(config.initialDelay.count()) *
                                    std::pow(config.multiplier, steps);
  const double kept = 1 - config.jitter * random;
  // Exact: a double cannot represent every maxDelay.
  if (grown >= most && kept == 1) return config.maxDelay;
  return std::chrono::nanoseconds(std::llround(std::min(grown, most) * kept));
}

namespace {

/// A fork copies the generators of its parent, so each generator stores the id of its process. A
/// handler of pthread_atfork() would be cheaper than the system call, but would remain registered
/// after the library has been unloaded.
auto processId() noexcept {
#if defined(_WIN32)
  return 0;  // there is no fork
#else
  return getpid();
#endif
}

struct Generator {
  decltype(processId()) process = processId();
  std::mt19937_64 engine{std::random_device{}()};
};

}  // namespace

double randomShare() {
  thread_local Generator generator;
  if (generator.process != processId()) generator = Generator();
  return std::uniform_real_distribution<double>(0, 1)(generator.engine);
}

}  // namespace bulwark::detail
