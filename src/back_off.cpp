#include "bulwark/detail/back_off.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "bulwark/error.hpp"
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
  return std::make_shared<const RetryConfig>(std::move(config));
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

double randomShare() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

bool worthRetrying(const RetryConfig& config, const std::exception_ptr& error) {
  if (config.retryIf) return config.retryIf(error);
  return errorCodeOf(error) != net::error::operation_aborted;
}

}  // namespace bulwark::detail
