#include "bulwark/detail/back_off.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#if !defined(_WIN32)
#include <unistd.h>
#endif

#include <fmt/format.h>

#include "bulwark/detail/fault.hpp"
#include "bulwark/detail/retry_scope.hpp"
#include "bulwark/detail/yield.hpp"
#include "config_check.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::shared_ptr<const RetryConfig> checkedRetry(RetryConfig config) {
  const ConfigCheck check(config.name);
  check.require(config.maxAttempts >= 1, "maxAttempts", "0", "must be at least 1");
  check.notNegative("initialDelay", config.initialDelay);
  check.requireNumber(config.multiplier >= 1, "multiplier", config.multiplier,
                      "must be at least 1, and finite");
  check.notNegative("maxDelay", config.maxDelay);
  check.requireNumber(config.jitter >= 0 && config.jitter <= 1, "jitter", config.jitter,
                      "must be from 0 to 1");
  struct Used {
    explicit Used(RetryConfig&& c) : config(std::move(c)) {}
    RetryConfig config;
    RetryScope::Use use{};  // by the retry, and by each of its calls
  };
  const auto used = std::make_shared<const Used>(std::move(config));
  return {used, &used->config};
}

std::chrono::nanoseconds backOff(const RetryConfig& config, std::size_t attempts, double random) {
  if (config.initialDelay.count() == 0) return config.initialDelay;
  const auto most = static_cast<double>(config.maxDelay.count());
  const auto steps = static_cast<double>(attempts - 1);
  // Above every maxDelay; and a delay is not computed where pow() might overflow.
  const bool beyond = steps * std::log2(config.multiplier) > 64;
  const double grown = beyond ? most
                              : static_cast<double>(config.initialDelay.count()) *
                                    std::pow(config.multiplier, steps);
  const double kept = 1 - config.jitter * random;
  if (grown >= most && kept == 1) return config.maxDelay;  // which a double may not hold exactly
  return std::chrono::nanoseconds(std::llround(std::min(grown, most) * kept));
}

namespace {

/// Which process this is: a fork copies the generators of its parent. A handler of pthread_atfork()
/// would be cheaper than the system call, but would stay behind a library that is unloaded.
auto processId() noexcept {
#if defined(_WIN32)
  return 0;  // has no fork
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

bool attemptMustYield() noexcept { return mustYield(); }

bool worthRetrying(const RetryConfig& config, const std::exception_ptr& error) {
  const Fault fault = faultOf(error);
  if (fault.wrongCall || fault.goingDown) return false;
  return !config.retryIf || config.retryIf(error);
}

}  // namespace bulwark::detail
