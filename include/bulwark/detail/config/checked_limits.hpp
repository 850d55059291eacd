#pragma once

#include <string>

#include "bulwark/build.hpp"
#include "bulwark/bulkhead_config.hpp"
#include "bulwark/detail/core/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The names of the fields in the configuration of a kind of bulkhead.
struct FieldNames {
  const char* permits;
  const char* timeout;
};
inline constexpr FieldNames bulkheadFields{"maxConcurrent", "queueTimeout"};
inline constexpr FieldNames semaphoreFields{"permits", "acquireTimeout"};

/// Returns `update` if its values are in their ranges. Throws ConfigError.
BULWARK_EXPORT LimitsUpdate checkedUpdate(const std::string& name, const FieldNames& fields,
                                          const LimitsUpdate& update);

/// The limits of a configuration, unchecked.
BULWARK_EXPORT Limits limitsOf(const BulkheadConfig& config) noexcept;
BULWARK_EXPORT LimitsUpdate updateOf(const BulkheadOverrides& overrides) noexcept;
/// A change that makes these limits of any others.
BULWARK_EXPORT LimitsUpdate updateTo(const Limits& limits) noexcept;

/// Returns `limits` if they are in their ranges. Throws ConfigError.
BULWARK_EXPORT Limits checkedLimits(const std::string& name, const FieldNames& fields,
                                    const Limits& limits);

/// The same for a bulkhead. Throws ConfigError.
inline Limits checkedLimits(const BulkheadConfig& config) {
  return checkedLimits(config.name, bulkheadFields, limitsOf(config));
}
inline LimitsUpdate checkedUpdate(const std::string& name, const BulkheadOverrides& overrides) {
  return checkedUpdate(name, bulkheadFields, updateOf(overrides));
}

}  // namespace bulwark::detail
