#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The names of the fields in the configuration of a kind of bulkhead.
struct FieldNames {
  const char* permits;
  const char* timeout;
};
inline constexpr FieldNames bulkheadFields{"maxConcurrent", "queueTimeout"};
inline constexpr FieldNames semaphoreFields{"permits", "acquireTimeout"};

/// New values for some fields, checked. Throws ConfigError.
BULWARK_EXPORT LimitsUpdate checkedUpdate(const std::string& name, const FieldNames& fields,
                                          std::optional<std::size_t> permits,
                                          std::optional<std::size_t> maxQueueSize,
                                          std::optional<std::chrono::nanoseconds> timeout,
                                          std::optional<Mode> mode);

/// A whole configuration, checked. Throws ConfigError.
BULWARK_EXPORT Limits checkedLimits(const std::string& name, const FieldNames& fields,
                                    std::size_t permits, std::size_t maxQueueSize,
                                    std::chrono::nanoseconds timeout, Mode mode);

}  // namespace bulwark::detail
