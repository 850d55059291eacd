#pragma once

/// @file
/// Formats bulwark's values with fmt: `fmt::print("{}\n", bulkhead.stats())`. What is documented as
/// one line stays one line, whatever a name contains: control characters and bytes that are not
/// UTF-8 are escaped.

#include <string>

#include <fmt/format.h>

#include "bulwark/build.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/manager_config.hpp"
#include "bulwark/stats.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

BULWARK_EXPORT const char* describe(Errc error) noexcept;
BULWARK_EXPORT const char* describe(EventKind kind) noexcept;
BULWARK_EXPORT std::string describe(const BulkheadEvent& event);
BULWARK_EXPORT std::string describe(const BulkheadStats& stats);
BULWARK_EXPORT std::string describe(const SemaphoreStats& stats);
BULWARK_EXPORT std::string describe(const RateLimiterStats& stats);
BULWARK_EXPORT std::string describe(const ManagerStats& stats);
BULWARK_EXPORT std::string describe(const HealthSummary& health);
BULWARK_EXPORT std::string describe(const ConfigChange& change);

/// Formats a T as describe() returns it. Fill, alignment, width and precision work as for a string.
template <typename T>
struct DescriptionFormatter : fmt::formatter<fmt::string_view> {
  template <typename FormatContext>
  auto format(const T& value, FormatContext& context) const {
    return fmt::formatter<fmt::string_view>::format(describe(value), context);
  }
};

}  // namespace bulwark::detail

/// The name of the enumerator: "queueFull".
template <>
struct fmt::formatter<bulwark::Errc> : bulwark::detail::DescriptionFormatter<bulwark::Errc> {};

/// As words: "timed out".
template <>
struct fmt::formatter<bulwark::EventKind>
    : bulwark::detail::DescriptionFormatter<bulwark::EventKind> {};

/// One line: "bulkhead db: rejected, active 10/10, queued 50/50".
template <>
struct fmt::formatter<bulwark::BulkheadEvent>
    : bulwark::detail::DescriptionFormatter<bulwark::BulkheadEvent> {};

/// One line.
template <>
struct fmt::formatter<bulwark::BulkheadStats>
    : bulwark::detail::DescriptionFormatter<bulwark::BulkheadStats> {};

/// One line.
template <>
struct fmt::formatter<bulwark::SemaphoreStats>
    : bulwark::detail::DescriptionFormatter<bulwark::SemaphoreStats> {};

/// One line.
template <>
struct fmt::formatter<bulwark::RateLimiterStats>
    : bulwark::detail::DescriptionFormatter<bulwark::RateLimiterStats> {};

/// A table with a line for each bulkhead and each semaphore. Ends with a line break.
template <>
struct fmt::formatter<bulwark::ManagerStats>
    : bulwark::detail::DescriptionFormatter<bulwark::ManagerStats> {};

/// A table like that of ManagerStats.
template <>
struct fmt::formatter<bulwark::HealthSummary>
    : bulwark::detail::DescriptionFormatter<bulwark::HealthSummary> {};

/// "db.read: queueTimeout 30s -> 10s".
template <>
struct fmt::formatter<bulwark::ConfigChange>
    : bulwark::detail::DescriptionFormatter<bulwark::ConfigChange> {};
