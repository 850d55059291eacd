#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "bulwark/build.hpp"
#include "bulwark/error.hpp"
#include "config/float_bits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Checks the values of one configuration. Throws ConfigError.
class ConfigCheck {
 public:
  /// @param name the name of the configured object; must outlive this
  explicit ConfigCheck(const std::string& name) noexcept : name_(name) {}

  void require(bool holds, const char* field, std::string value, const char* rule) const {
    if (!holds) throw ConfigError(name_, field, std::move(value), rule);
  }
  /// Also fails for NaN and infinity, whatever `holds` is.
  void requireNumber(bool holds, const char* field, const double& value, const char* rule) const {
    require(isFinite(value) && holds, field, numberText(value), rule);
  }
  void notNegative(const char* field, std::chrono::nanoseconds value) const {
    require(value.count() >= 0, field, fmt::format("{} ns", value.count()), "must not be negative");
  }

 private:
  const std::string& name_;
};

}  // namespace bulwark::detail
