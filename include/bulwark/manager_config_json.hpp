#pragma once

#include <filesystem>
#include <string_view>

#include "bulwark/build.hpp"
#include "bulwark/json_export.hpp"
#include "bulwark/manager_config.hpp"

/// @file
/// Reads a ManagerConfig from JSON. The component is bulwark::json:
///
///     find_package(bulwark CONFIG REQUIRED COMPONENTS json)
///     target_link_libraries(app PRIVATE bulwark::json)
///
/// The keys are the names of the fields. Every key is optional; a missing key leaves the default of
/// its field:
///
///     {
///       "$schema": "config.schema.json",
///       "defaults": {"maxConcurrent": 10, "maxQueueSize": 50, "queueTimeout": "30s",
///                    "mode": "enforce", "executionTimeout": "never", "overrun": "detach",
///                    "maxOverdue": "unlimited"},
///       "services": {"db.read": {"queueTimeout": "10s"}},
///       "semaphores": {"container.total": 10},
///       "semaphoreTimeout": "10s"
///     }
///
/// - `maxConcurrent`, `maxOverdue` and the permits of a semaphore: an integer from 1 to
///   `maxPermits` (2^52 - 1), or "unlimited"; `maxQueueSize` from 0. As in JSON Schema, 10.0 and
///   1e1 are integers.
/// - `queueTimeout`, `semaphoreTimeout`: a text of numbers and the units h, m, s, ms, us, ns,
///   larger units first, each at most once: "30s", "250ms", "1m30s"; "0": never wait; "never": no
///   timeout. A bare number has no unit and is an error. At most 292 years.
/// - `executionTimeout`: the same, but longer than 0.
/// - `overrun`: "detach" or "wait".
/// - `mode`: "enforce", "observe" or "off".
/// - A service accepts the same keys as `defaults`. Names must not be empty.
/// - "$schema" is for editors: any text, ignored.
///
/// docs/config.schema.json is the equivalent JSON Schema.

namespace bulwark::inline BULWARK_FLAVOUR {

/// Reads a configuration from a text.
///
/// @param json   UTF-8; a text in UTF-16 or UTF-32 is reported as such
/// @param source name of the source in error messages, e.g. of the file
///
/// Throws one ConfigError for all faults: malformed JSON, unknown keys, wrong types, values out of
/// range, empty names, and duplicate keys. bulkhead() is `source`. For a single fault,
/// - field() is its JSON pointer, "/services/db.read/queueTimeout"; "" for the whole document; for
///   malformed JSON the position, "line 3, column 7",
/// - value() is the value there, as JSON; "" if the key itself or the syntax is the fault,
/// - rule() says what is accepted there, or what is wrong.
///
/// For several faults, field() and value() are empty and rule() lists the faults, one a line, in
/// the order of the document. what() is meant for people, and contains `source` and the lines:
///
///     limits.json: 2 faults
///       line 2: /defaults/maxQueuesize: unknown key; did you mean "maxQueueSize"?
///       line 4: /semaphores/container.total is 0, must be an integer from 1 to ...
///
/// Malformed JSON, or a number that does not fit into a double, stops the parser. It is then the
/// last fault of the list.
///
/// Thread-safe. Cost: linear in the length of the text; nesting uses no stack.
BULWARK_JSON_EXPORT ManagerConfig parseManagerConfig(std::string_view json,
                                                     std::string_view source = "config");

/// Reads a configuration from a file of at most 16 MiB. Blocks while it reads.
///
/// Throws like parseManagerConfig(), with the path as the source. A file that cannot be read is a
/// ConfigError, too, with an empty field() and the reason in rule().
BULWARK_JSON_EXPORT ManagerConfig loadManagerConfig(const std::filesystem::path& file);

}  // namespace bulwark
