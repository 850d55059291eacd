#pragma once

/// @file
/// Prints bulwark's values by fmt: `fmt::print("{}\n", bulkhead.stats())`. What is one line stays
/// one, whatever a name holds: control characters, and bytes that are no UTF-8, are escaped.

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
BULWARK_EXPORT std::string describe(const ManagerStats& stats);
BULWARK_EXPORT std::string describe(const HealthSummary& health);
BULWARK_EXPORT std::string describe(const ConfigChange& change);

/// Prints a T as describe() puts it, with fill, alignment, width and precision as a string has.
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

/// In words: "timed out".
template <>
struct fmt::formatter<bulwark::EventKind>
    : bulwark::detail::DescriptionFormatter<bulwark::EventKind> {};

/// One line for a person: "bulkhead db: rejected, active 10/10, queued 50/50".
template <>
struct fmt::formatter<bulwark::BulkheadEvent>
    : bulwark::detail::DescriptionFormatter<bulwark::BulkheadEvent> {};

/// One line for a person.
template <>
struct fmt::formatter<bulwark::BulkheadStats>
    : bulwark::detail::DescriptionFormatter<bulwark::BulkheadStats> {};

/// One line for a person.
template <>
struct fmt::formatter<bulwark::SemaphoreStats>
    : bulwark::detail::DescriptionFormatter<bulwark::SemaphoreStats> {};

/// A table, a line for each bulkhead and each semaphore; ends with a line break.
template <>
struct fmt::formatter<bulwark::ManagerStats>
    : bulwark::detail::DescriptionFormatter<bulwark::ManagerStats> {};

/// A table, as that of ManagerStats.
template <>
struct fmt::formatter<bulwark::HealthSummary>
    : bulwark::detail::DescriptionFormatter<bulwark::HealthSummary> {};

/// "db.read: queueTimeout 30s -> 10s".
template <>
struct fmt::formatter<bulwark::ConfigChange>
    : bulwark::detail::DescriptionFormatter<bulwark::ConfigChange> {};
