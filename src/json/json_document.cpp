#include "json/json_document.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "bulwark/detail/config/utf8.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {
namespace {

using Json = nlohmann::json;

bool continuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Hands the text to nlohmann's parser, character by character. The parser does not report the line
/// of a token, so this class keeps track of how far the parser has read.
class TrackedText {
 public:
  explicit TrackedText(std::string_view text)
      : text_(text), read_(text.data()), counted_(text.data()) {}

  class Iterator {
   public:
    // The standard library looks these names up.
    using iterator_category = std::input_iterator_tag;  // NOLINT(readability-identifier-naming)
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Iterator(const char* position, TrackedText* owner) : position_(position), owner_(owner) {}

    reference operator*() const { return *position_; }
    Iterator& operator++() {
      owner_->read_ = ++position_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return position_ == other.position_; }
    bool operator!=(const Iterator& other) const { return position_ != other.position_; }

   private:
    const char* position_;
    TrackedText* owner_;
  };

  Iterator begin() { return {text_.data(), this}; }
  Iterator end() { return {text_.data() + text_.size(), this}; }

  /// The line of the token that was read last. No token contains a line break. The last character
  /// is not counted, because it may be the one behind a number.
  std::size_t line() {
    for (; counted_ + 1 < read_; ++counted_) lines_ += *counted_ == '\n';
    return lines_;
  }

 private:
  std::string_view text_;
  const char* read_;  // the end of what the parser has read
  const char* counted_;  // the end of what is included in lines_
  std::size_t lines_ = 1;  // one more than the line breaks before counted_
};

/// Removes the parts of a message that mean nothing to a user, and those that JsonDocument has
/// already. It begins with "[json.exception.parse_error.101] parse error at line 1, column 5: ".
std::string plainMessage(std::string message) {
  const auto cutThrough = [&](std::string_view start, std::string_view end) {
    if (message.compare(0, start.size(), start) != 0) return;
    const auto at = message.find(end);
    if (at != std::string::npos) message.erase(0, at + end.size());
  };
  cutThrough("[json.exception.", "] ");
  cutThrough("parse error at ", ": ");
  // The last token is removed, because it may be long and contain any bytes. Line and column say
  // where it is.
  const auto read = message.find("; last read: '");
  if (read != std::string::npos) {
    message.erase(read, std::min(message.rfind("'; expected "), message.size() - 1) + 1 - read);
  }
  return printable(shortened(std::move(message)));
}

/// Recognises a text that is not UTF-8 by its byte order mark, or by the zero bytes among its first
/// characters, which are ASCII in JSON. Null: neither was found.
const char* otherEncoding(std::string_view text) {
  using namespace std::string_view_literals;
  const auto begins = [text](std::string_view mark) { return text.substr(0, mark.size()) == mark; };
  const auto zero = [text](std::size_t i) { return i < text.size() && text[i] == '\0'; };
  if (begins("\xFF\xFE\0\0"sv) || begins("\0\0\xFE\xFF"sv)) return "UTF-32";
  if (begins("\xFF\xFE"sv) || begins("\xFE\xFF"sv)) return "UTF-16";
  if ((zero(0) && zero(1) && zero(2)) || (zero(1) && zero(2) && zero(3))) return "UTF-32";
  if (text.size() >= 2 && zero(0) != zero(1)) return "UTF-16";
  return nullptr;
}

/// Builds the tree of values from the events of the parser.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, TrackedText& tracked, std::size_t levels)
      : text_(text), tracked_(tracked), levels_(levels) {}

  bool null() override { return scalar(JsonValue::Kind::null, "null"); }
  bool boolean(bool value) override {
    return scalar(JsonValue::Kind::boolean, value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    return scalar(JsonValue::Kind::number, std::to_string(value), static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return scalar(JsonValue::Kind::number, std::to_string(value), static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t& written) override {
    return scalar(JsonValue::Kind::number, written, value);
  }
  bool string(string_t& value) override {
    return scalar(JsonValue::Kind::string, std::move(value));
  }
  bool binary(binary_t&) override { return true; }  // JSON has none

  bool start_object(std::size_t) override {
    if (ignored_ > 0) return ++ignored_, true;
    JsonValue& value = next(JsonValue::Kind::object);
    if (open_.size() < levels_) {
      open_.push_back(&value);
    } else {
      ignored_ = 1;
    }
    return true;
  }
  bool key(string_t& name) override {
    if (ignored_ == 0) {
      open_.back()->members.push_back({.key = std::move(name), .line = tracked_.line()});
    }
    return true;
  }
  bool end_object() override { return leave(); }

  bool start_array(std::size_t) override {
    if (ignored_ == 0) next(JsonValue::Kind::array);
    ++ignored_;
    return true;
  }
  bool end_array() override { return leave(); }

  bool parse_error(std::size_t read, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // `read` includes the last character, or the end of the text.
    const std::string_view before =
        text_.substr(0, std::min(read > 0 ? read - 1 : 0, text_.size()));
    const auto lineStart = before.rfind('\n') + 1;  // npos + 1 == 0
    const auto column =
        std::count_if(before.begin() + static_cast<std::ptrdiff_t>(lineStart), before.end(),
                      [](char byte) { return !continuesCharacter(byte); });
    document.error = {
        .line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
        .column = static_cast<std::size_t>(column) + 1,
        .what = plainMessage(error.what())};
    return false;
  }

  JsonDocument document;

 private:
  // Begins a value. The members of an object grow only while none of them is open, so the pointers
  // to open objects remain valid.
  JsonValue& next(JsonValue::Kind kind) {
    JsonValue& value = open_.empty() ? document.root : open_.back()->members.back().value;
    value.kind = kind;
    value.line = tracked_.line();
    return value;
  }

  bool scalar(JsonValue::Kind kind, std::string text, double number = 0) {
    if (ignored_ > 0) return true;
    JsonValue& value = next(kind);
    value.text = std::move(text);
    value.number = number;
    return true;
  }

  bool leave() {
    if (ignored_ > 0) {
      --ignored_;
    } else {
      open_.pop_back();
    }
    return true;
  }

  std::string_view text_;
  TrackedText& tracked_;
  std::size_t levels_;
  std::vector<JsonValue*> open_{};  // the objects that have not ended, outermost first
  std::size_t ignored_ = 0;  // open levels that are not kept
};

}  // namespace

JsonDocument readJson(std::string_view text, std::size_t levels) {
  if (const char* const encoding = otherEncoding(text)) {
    return {.error = JsonDocument::SyntaxError{
                .line = 1,
                .column = 1,
                .what = std::string("the text is in ") + encoding + ", must be in UTF-8"}};
  }
  TrackedText tracked(text);
  Builder builder(text, tracked, levels);
  Json::sax_parse(tracked.begin(), tracked.end(), &builder);
  return std::move(builder.document);
}

std::string describe(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::missing:
      return "missing";
    case JsonValue::Kind::array:
      return "an array";
    case JsonValue::Kind::object:
      return "an object";
    case JsonValue::Kind::string:
      return printable(Json(shortened(value.text)).dump());
    case JsonValue::Kind::null:
    case JsonValue::Kind::boolean:
    case JsonValue::Kind::number:
      break;
  }
  return shortened(value.text);
}

std::string shortened(std::string text) {
  constexpr std::size_t most = 160;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && continuesCharacter(text[end])) --end;
  text.resize(end);
  return text += "...";
}

}  // namespace bulwark::detail
