#include "bulwark/manager_config_json.hpp"

// Longer than 300 lines: one conversion, which reports all errors of a text, each with its place.

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "bulwark/detail/config/duration_text.hpp"
#include "bulwark/detail/config/utf8.hpp"
#include "bulwark/error.hpp"
#include "config/float_bits.hpp"
#include "json/json_document.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {
namespace {

using detail::JsonMember;
using detail::JsonValue;

/// The levels of objects: the document, the services, a service.
constexpr std::size_t levels = 3;

constexpr std::string_view documentKeys[] = {"$schema", "defaults", "services", "semaphores",
                                             "semaphoreTimeout"};
constexpr std::string_view bulkheadKeys[] = {"maxConcurrent", "maxQueueSize",     "queueTimeout",
                                             "mode",          "executionTimeout", "overrun",
                                             "maxOverdue"};

struct Fault {
  std::size_t line;
  std::string field;
  std::string value;
  std::string rule;
  bool syntax = false;

  std::string text() const {
    if (syntax) return field + ": " + rule;
    const std::string place =
        "line " + std::to_string(line) + ": " + (field.empty() ? "the document" : field);
    return value.empty() ? place + ": " + rule : place + " is " + value + ", " + rule;
  }
};

/// A key as a part of a JSON pointer, in one line.
std::string pointerPart(std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string part = "/";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '~') {
      part += "~0";
    } else if (c == '/') {
      part += "~1";
    } else if (byte < 0x20) {  // always as \u000a, although some have a short form
      part.append("\\u00").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      part += c;
    }
  }
  return detail::printable(part);
}

/// The edit distance of two keys. Ignores case.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view key) {
    std::string letters;
    for (const char c : key) {
      letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return letters;
  };
  const std::string from = plain(a);
  const std::string to = plain(b);
  // The Levenshtein distance, computed row by row.
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string unknownKey(std::string_view key, std::span<const std::string_view> known) {
  std::string rule = "unknown key";
  constexpr std::size_t longest = 32;  // a longer key resembles no known key, and would cost time
  if (key.size() > longest) return rule;
  const auto nearest = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
    return distance(key, a) < distance(key, b);
  });
  if (distance(key, *nearest) <= 2) {
    rule.append("; did you mean \"").append(*nearest).append("\"?");
  }
  return rule;
}

/// Turns the tree into a configuration, and collects all errors.
class Reading {
 public:
  explicit Reading(const detail::JsonDocument& document) {
    root(document.root);
    if (document.error) {
      const auto& error = *document.error;
      faults.push_back({.line = error.line,
                        .field = "line " + std::to_string(error.line) + ", column " +
                                 std::to_string(error.column),
                        .value = {},
                        .rule = error.what,
                        .syntax = true});
    }
  }

  ManagerConfig config;
  std::vector<Fault> faults;

 private:
  void root(const JsonValue& document) {
    members({}, document, [&](const JsonMember& member, const std::string& path) {
      if (member.key == "$schema") {
        text(path, member.value);
      } else if (member.key == "defaults") {
        bulkhead(path, member.value, config.defaults);
      } else if (member.key == "services") {
        names(path, member.value, [&](const JsonMember& service, const std::string& place) {
          bulkhead(place, service.value, config.services[service.key]);
        });
      } else if (member.key == "semaphores") {
        names(path, member.value, [&](const JsonMember& semaphore, const std::string& place) {
          set(config.semaphores[semaphore.key], limit(place, semaphore.value, 1));
        });
      } else if (member.key == "semaphoreTimeout") {
        set(config.semaphoreTimeout, duration(path, member.value));
      } else {
        fault(member.line, path, unknownKey(member.key, documentKeys));
      }
    });
  }

  /// Reads the limits of a bulkhead.
  ///
  /// @tparam Limits BulkheadConfig or BulkheadOverrides
  template <typename Limits>
  void bulkhead(const std::string& object, const JsonValue& value, Limits& limits) {
    members(object, value, [&](const JsonMember& member, const std::string& path) {
      if (member.key == "maxConcurrent") {
        set(limits.maxConcurrent, limit(path, member.value, 1));
      } else if (member.key == "maxQueueSize") {
        set(limits.maxQueueSize, limit(path, member.value, 0));
      } else if (member.key == "queueTimeout") {
        set(limits.queueTimeout, duration(path, member.value));
      } else if (member.key == "mode") {
        set(limits.mode, mode(path, member.value));
      } else if (member.key == "executionTimeout") {
        set(limits.executionTimeout, positiveDuration(path, member.value));
      } else if (member.key == "overrun") {
        set(limits.overrun, overrun(path, member.value));
      } else if (member.key == "maxOverdue") {
        set(limits.maxOverdue, limit(path, member.value, 1));
      } else {
        fault(member.line, path, unknownKey(member.key, bulkheadKeys));
      }
    });
  }

  /// Visits the members of an object whose keys are names.
  template <typename Visit>
  void names(const std::string& object, const JsonValue& value, const Visit& visit) {
    members(object, value, [&](const JsonMember& member, const std::string& path) {
      if (member.key.empty()) fault(member.line, path, "a name must not be empty");
      visit(member, path);
    });
  }

  /// Visits the members of an object. A duplicate key is an error, and is visited, too.
  template <typename Visit>
  void members(const std::string& path, const JsonValue& value, const Visit& visit) {
    if (value.kind != JsonValue::Kind::object) return wrong(path, value, "must be an object");
    std::map<std::string_view, std::size_t> lines;
    for (const JsonMember& member : value.members) {
      const std::string place = path + pointerPart(member.key);
      const auto [first, isNew] = lines.emplace(member.key, member.line);
      if (!isNew) {
        fault(member.line, place, "given twice, first in line " + std::to_string(first->second));
      }
      visit(member, place);
    }
  }

  std::optional<std::size_t> limit(const std::string& path, const JsonValue& value,
                                   std::size_t least) {
    if (value.kind == JsonValue::Kind::string && value.text == "unlimited") return unlimited;
    // A double represents every integer up to maxPermits exactly.
    if (value.kind == JsonValue::Kind::number && detail::isFinite(value.number) &&
        value.number >= static_cast<double>(least) &&
        value.number <= static_cast<double>(maxPermits) &&
        std::floor(value.number) == value.number) {
      return static_cast<std::size_t>(value.number);
    }
    wrong(path, value,
          "must be an integer from " + std::to_string(least) + " to " + std::to_string(maxPermits) +
              ", or \"unlimited\"");
    return std::nullopt;
  }

  /// @param special which values are valid that are no such duration
  std::optional<std::chrono::nanoseconds> duration(const std::string& path, const JsonValue& value,
                                                   const char* special = ", \"0\" or \"never\"") {
    std::optional<std::chrono::nanoseconds> result;
    if (value.kind == JsonValue::Kind::string) result = detail::parseDuration(value.text);
    if (!result) {
      wrong(path, value,
            std::string("must be a duration such as \"30s\", \"250ms\" or \"1m30s\" (h, m, s, ms, "
                        "us, ns, the larger first, below 292 years)") +
                special);
    }
    return result;
  }

  std::optional<std::chrono::nanoseconds> positiveDuration(const std::string& path,
                                                           const JsonValue& value) {
    const auto result = duration(path, value, " longer than 0, or \"never\"");
    if (!result || result->count() > 0) return result;
    wrong(path, value, "must be longer than 0; \"never\" means no time limit");
    return std::nullopt;
  }

  std::optional<Overrun> overrun(const std::string& path, const JsonValue& value) {
    if (value.kind == JsonValue::Kind::string) {
      if (value.text == "detach") return Overrun::detach;
      if (value.text == "wait") return Overrun::wait;
    }
    wrong(path, value, "must be \"detach\" or \"wait\"");
    return std::nullopt;
  }

  std::optional<Mode> mode(const std::string& path, const JsonValue& value) {
    if (value.kind == JsonValue::Kind::string) {
      if (value.text == "enforce") return Mode::enforce;
      if (value.text == "observe") return Mode::observe;
      if (value.text == "off") return Mode::off;
    }
    wrong(path, value, "must be \"enforce\", \"observe\" or \"off\"");
    return std::nullopt;
  }

  void text(const std::string& path, const JsonValue& value) {
    if (value.kind != JsonValue::Kind::string) wrong(path, value, "must be a string");
  }

  template <typename Field, typename T>
  static void set(Field& field, const std::optional<T>& value) {
    if (value) field = *value;
  }

  void wrong(const std::string& path, const JsonValue& value, std::string rule) {
    if (value.kind == JsonValue::Kind::missing) return;  // the syntax error is reported
    faults.push_back({.line = value.line,
                      .field = path,
                      .value = detail::describe(value),
                      .rule = std::move(rule)});
  }

  void fault(std::size_t line, const std::string& path, std::string rule) {
    faults.push_back({.line = line, .field = path, .value = {}, .rule = std::move(rule)});
  }
};

[[noreturn]] void refuse(const std::string& source, std::vector<Fault>& faults) {
  if (faults.size() == 1) {
    Fault& only = faults.front();
    const std::string what = detail::printable(source) + ", " + only.text();
    throw ConfigError(source, std::move(only.field), std::move(only.value), std::move(only.rule),
                      what);
  }
  std::string list;
  std::string what = detail::printable(source) + ": " + std::to_string(faults.size()) + " faults";
  for (const Fault& fault : faults) {
    const std::string text = fault.text();
    list.append(list.empty() ? "" : "\n").append(text);
    what.append("\n  ").append(text);
  }
  throw ConfigError(source, "", "", std::move(list), what);
}

[[noreturn]] void refuseFile(const std::string& name, std::string reason) {
  const std::string what = detail::printable(name) + ": " + reason;
  throw ConfigError(name, "", "", std::move(reason), what);
}

}  // namespace

ManagerConfig parseManagerConfig(std::string_view json, std::string_view source) {
  Reading reading(detail::readJson(json, levels));
  if (!reading.faults.empty()) refuse(std::string(source), reading.faults);
  return std::move(reading.config);
}

ManagerConfig loadManagerConfig(const std::filesystem::path& file) {
  constexpr std::size_t most = std::size_t{16} << 20U;
  const std::string name = file.string();
  std::error_code ignored;
  // Some systems open a directory and fail to read it later; others read nothing from it.
  if (std::filesystem::is_directory(file, ignored)) refuseFile(name, "cannot be read: a directory");

  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  char part[8192];
  while (stream.good() && text.size() <= most) {
    stream.read(part, sizeof(part));
    text.append(part, static_cast<std::size_t>(stream.gcount()));
  }
  if (text.size() > most) refuseFile(name, "cannot be read: larger than 16 MiB");
  if (!stream.eof()) {
    const int reason = errno;
    refuseFile(name, "cannot be read" +
                         (reason == 0 ? "" : ": " + std::generic_category().message(reason)));
  }
  return parseManagerConfig(text, name);
}

}  // namespace bulwark
