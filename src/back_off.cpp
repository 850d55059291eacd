#include "bulwark/detail/back_off.hpp"

#include <cmath>
#include <random>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "bulwark/error.hpp"

namespace bulwark::detail {

std::shared_ptr<const RetryConfig> checkedRetry(RetryConfig config) {
  const auto require = [&config](bool holds, const char* field, std::string value,
                                 const char* rule) {
    if (!holds) throw ConfigError(config.name, field, std::move(value), rule);
  };
  const auto delay = [&require](const char* field, std::chrono::nanoseconds value) {
    require(value.count() >= 0, field, fmt::format("{} ns", value.count()), "must not be negative");
  };
  require(config.maxAttempts >= 1, "maxAttempts", "0", "must be at least 1");
  delay("initialDelay", config.initialDelay);
  require(config.multiplier >= 1 && std::isfinite(config.multiplier), "multiplier",
          fmt::format("{}", config.multiplier), "must be at least 1, and finite");
  delay("maxDelay", config.maxDelay);
  require(config.jitter >= 0 && config.jitter <= 1, "jitter", fmt::format("{}", config.jitter),
          "must be from 0 to 1");
  return std::make_shared<const RetryConfig>(std::move(config));
}

std::chrono::nanoseconds backOff(const RetryConfig& config, std::size_t attempts, double random) {
  const auto most = static_cast<double>(config.maxDelay.count());
  const double grown = static_cast<double>(config.initialDelay.count()) *
                       std::pow(config.multiplier, static_cast<double>(attempts - 1));
  // Also where pow() overflowed: infinity is not below the maximum, nor is 0 * infinity.
  if (!(grown < most) && config.initialDelay.count() > 0) {
    if (config.jitter == 0) return config.maxDelay;  // which a double may not hold exactly
  }
  const double whole = config.initialDelay.count() == 0 ? 0 : (grown < most ? grown : most);
  const double delay = whole * (1 - config.jitter * random);
  if (delay >= most) return config.maxDelay;
  return std::chrono::nanoseconds(std::llround(delay));
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
