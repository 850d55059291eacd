#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

struct JsonMember;

/// A value of a JSON document. Of an array, and of an object that is nested too deep, only the fact
/// is kept.
struct JsonValue {
  enum class Kind {
    missing,  ///< The document breaks off before it.
    null,
    boolean,
    number,
    string,
    array,
    object
  };

  Kind kind = Kind::missing;
  std::size_t line = 1;  ///< Where it begins.
  /// string: the characters; number, boolean and null: as written.
  std::string text{};
  /// Exact for integers up to 2^53.
  double number = 0;
  /// In the order of the document, and what is there twice is here twice.
  std::vector<JsonMember> members;  // no {}: clang would want JsonMember whole here
};

struct JsonMember {
  std::string key;
  std::size_t line = 1;
  JsonValue value{};
};

struct JsonDocument {
  struct SyntaxError {
    std::size_t line;
    std::size_t column;  ///< In characters; of the last one that was read.
    std::string what;
  };

  JsonValue root{};
  /// The end of the reading: `root` is what came before.
  std::optional<SyntaxError> error{};
};

/// @param levels of objects that are kept, the root being the first
JsonDocument readJson(std::string_view text, std::size_t levels);

/// The value for an error message: as JSON, in one line, and shortened where it is long.
std::string describe(const JsonValue& value);

/// At most some hundred bytes of `text`, whole characters of UTF-8.
std::string shortened(std::string text);

}  // namespace bulwark::detail
