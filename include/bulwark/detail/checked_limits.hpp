#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/detail/admission.hpp"
#include "bulwark/limits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// How a kind of bulkhead spells the fields of its configuration.
struct FieldNames {
  const char* permits;
  const char* timeout;
};
inline constexpr FieldNames bulkheadFields{"maxConcurrent", "queueTimeout"};
inline constexpr FieldNames semaphoreFields{"permits", "acquireTimeout"};

/// The new values as the core takes them. Throws ConfigError.
BULWARK_EXPORT LimitsUpdate checkedUpdate(const std::string& name, const FieldNames& fields,
                                          std::optional<std::size_t> permits,
                                          std::optional<std::size_t> maxQueueSize,
                                          std::optional<std::chrono::nanoseconds> timeout,
                                          std::optional<Mode> mode);

/// The same for a whole configuration.
BULWARK_EXPORT Limits checkedLimits(const std::string& name, const FieldNames& fields,
                                    std::size_t permits, std::size_t maxQueueSize,
                                    std::chrono::nanoseconds timeout, Mode mode);

}  // namespace bulwark::detail
