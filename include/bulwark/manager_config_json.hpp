#pragma once

#include <filesystem>
#include <string_view>

#include "bulwark/build.hpp"
#include "bulwark/json_export.hpp"
#include "bulwark/manager_config.hpp"

/// @file
/// A ManagerConfig as JSON: the component bulwark::json.
///
///     find_package(bulwark CONFIG REQUIRED COMPONENTS json)
///     target_link_libraries(app PRIVATE bulwark::json)
///
/// The keys are the names of the fields. All of them may be left out, and what is left out has the
/// default of its field:
///
///     {
///       "$schema": "config.schema.json",
///       "defaults": {"maxConcurrent": 10, "maxQueueSize": 50, "queueTimeout": "30s",
///                    "mode": "enforce"},
///       "services": {"db.read": {"queueTimeout": "10s"}},
///       "semaphores": {"container.total": 10},
///       "semaphoreTimeout": "10s"
///     }
///
/// - `maxConcurrent` and the permits of a semaphore: an integer from 1 to `maxPermits` (2^52 - 1),
///   or "unlimited"; `maxQueueSize` from 0. As in JSON Schema, 10.0 and 1e1 are integers.
/// - `queueTimeout`, `semaphoreTimeout`: a text of numbers and units, h, m, s, ms, us, ns, the
///   larger first, each at most once: "30s", "250ms", "1m30s"; "0": never wait; "never": no
///   timeout. A bare number has no unit and is refused. At most 292 years.
/// - `mode`: "enforce", "observe" or "off".
/// - A service may have the keys that `defaults` has. Names must not be empty.
/// - "$schema" is for editors: any text, unused.
///
/// docs/config.schema.json says the same as a JSON Schema.

namespace bulwark::inline BULWARK_FLAVOUR {

/// Reads a configuration.
///
/// @param json   UTF-8; a text in UTF-16 or UTF-32 is refused as one
/// @param source what errors call it, e.g. the name of the file
///
/// Throws ConfigError, one for all faults: malformed JSON, unknown keys, wrong types, values out of
/// range, empty names, and keys that one object has twice. bulkhead() is `source`. Of one fault,
/// - field() is its JSON pointer, "/services/db.read/queueTimeout"; "" for the whole document; for
///   malformed JSON the place, "line 3, column 7",
/// - value() is what stands there, as JSON; "" where the key itself is the fault, or the syntax,
/// - rule() says what is accepted there, or what is wrong.
/// Of several, field() and value() are empty and rule() is the list, one fault a line, in the order
/// of the document. what() is written for a person, with `source` and the lines:
///
///     limits.json: 2 faults
///       line 2: /defaults/maxQueuesize: unknown key; did you mean "maxQueueSize"?
///       line 4: /semaphores/container.total is 0, must be an integer from 1 to ...
///
/// Malformed JSON, or a number that no double can hold, ends the reading: the faults up to there
/// are listed, it is the last one.
///
/// Thread safety: any number of threads. Cost: linear in the text; nesting takes no stack.
BULWARK_JSON_EXPORT ManagerConfig parseManagerConfig(std::string_view json,
                                                     std::string_view source = "config");

/// Reads a configuration from a file of at most 16 MiB; blocks on it.
///
/// Throws as parseManagerConfig() with the path as the source; a file that cannot be read is a
/// ConfigError too, with an empty field() and the reason as rule().
BULWARK_JSON_EXPORT ManagerConfig loadManagerConfig(const std::filesystem::path& file);

}  // namespace bulwark
