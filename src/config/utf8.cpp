#include "bulwark/detail/config/utf8.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

unsigned byteOf(char c) noexcept { return static_cast<unsigned char>(c); }

/// The code point of a well-formed character; for one of four bytes, only a value above 0xFFFF.
unsigned codePoint(std::string_view character) noexcept {
  switch (character.size()) {
    case 1:
      return byteOf(character[0]);
    case 2:
      return (byteOf(character[0]) & 0x1FU) << 6U | (byteOf(character[1]) & 0x3FU);
    case 3:
      return (byteOf(character[0]) & 0x0FU) << 12U | (byteOf(character[1]) & 0x3FU) << 6U |
             (byteOf(character[2]) & 0x3FU);
    default:
      return 0x10000;
  }
}

/// C0, DEL, C1, and the Unicode separators of lines and paragraphs.
bool breaksLines(unsigned point) noexcept {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

void appendHex(std::string& text, unsigned value, unsigned digits) {
  while (digits-- > 0) text += "0123456789abcdef"[value >> 4 * digits & 15U];
}

void appendEscaped(std::string& text, unsigned point) {
  switch (point) {
    case '\n':
      text += "\\n";
      break;
    case '\r':
      text += "\\r";
      break;
    case '\t':
      text += "\\t";
      break;
    default:
      appendHex(text += "\\u", point, 4);
  }
}

}  // namespace

std::size_t characterAtStart(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return byteOf(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  // Excludes overlong forms, surrogates, and everything above U+10FFFF.
  const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

std::string printable(std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  std::string result(text.begin(), std::find_if_not(text.begin(), text.end(), plain));
  text.remove_prefix(result.size());
  while (!text.empty()) {
    const std::size_t length = characterAtStart(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0) {
      appendHex(result += "\\x", byteOf(character[0]), 2);
    } else if (const unsigned point = codePoint(character); breaksLines(point)) {
      appendEscaped(result, point);
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace bulwark::detail
