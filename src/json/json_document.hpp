#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

struct JsonMember;

/// A value of a JSON document. The members of an object that is nested too deep, and the elements
/// of an array, are not kept.
struct JsonValue {
  enum class Kind {
    missing,  ///< The document ends before the value.
    null,
    boolean,
    number,
    string,
    array,
    object
  };

  Kind kind = Kind::missing;
  std::size_t line = 1;  ///< The line in which the value begins.
  /// The characters of a string; the text of a number, a boolean or null. Empty for other kinds.
  std::string text{};
  /// The value of a number. Exact for integers up to 2^53.
  double number = 0;
  /// The members of an object in the order of the document, duplicates included.
  std::vector<JsonMember> members;  // no {}: clang would need the complete JsonMember here
};

struct JsonMember {
  std::string key;
  std::size_t line = 1;
  JsonValue value{};
};

struct JsonDocument {
  struct SyntaxError {
    std::size_t line;
    std::size_t column;  ///< Of the last character that was read; counted in characters.
    std::string what;
  };

  JsonValue root{};
  /// Where reading stopped. `root` then holds what came before.
  std::optional<SyntaxError> error{};
};

/// Reads a document of UTF-8.
///
/// @param levels the levels of objects that are kept; the root is the first
JsonDocument readJson(std::string_view text, std::size_t levels);

/// The text of a value for an error message: in one line, and shortened if it is long. A scalar is
/// written as JSON.
std::string describe(const JsonValue& value);

/// `text`, cut to at most 160 bytes, between two characters, and "..." if it is longer.
std::string shortened(std::string text);

}  // namespace bulwark::detail
