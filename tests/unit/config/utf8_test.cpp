#include <bulwark/detail/config/utf8.hpp>

#include <string>
#include <string_view>

#include "support/catch.hpp"

using bulwark::detail::characterAtStart;
using bulwark::detail::printable;
using namespace std::string_literals;

TEST_CASE("text without control characters is not changed") {
  for (const std::string text :
       {"", "db.read", "~ \\n \\x1b \" '", "München", "\xC2\xA0", "東京", "\u2027\u202A", "😀"}) {
    CHECK(printable(text) == text);
  }
}

TEST_CASE("every control character is escaped, and the result is one line") {
  CHECK(printable("a\nb\rc\td") == "a\\nb\\rc\\td");
  CHECK(printable("\x1B[2J") == "\\u001b[2J");
  CHECK(printable("a\0b"s) == "a\\u0000b");
  for (char c = 0; c < ' '; ++c) {
    const std::string escaped = printable(std::string(1, c));
    CHECK(escaped.front() == '\\');
    CHECK((escaped.size() == 2 || escaped.size() == 6));
  }
  CHECK(printable("\x1F\x20\x7E\x7F") == "\\u001f ~\\u007f");
  CHECK(printable("\u0080\u0085\u009F\u00A0") == "\\u0080\\u0085\\u009f\u00A0");
  CHECK(printable("a\u2028b\u2029c") == "a\\u2028b\\u2029c");
}

TEST_CASE("bytes that are not UTF-8 are escaped one by one") {
  CHECK(printable("a\xFFz") == "a\\xffz");
  CHECK(printable("\x80\n") == "\\x80\\n");
  CHECK(printable("\xC0\x8A") == "\\xc0\\x8a");          // a line break, overlong
  CHECK(printable("\xE0\x80\x8A") == "\\xe0\\x80\\x8a");  // an even longer form
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(printable("M\xC3") == "M\\xc3");  // truncated
  CHECK(printable("\xE2\x80") == "\\xe2\\x80");
  CHECK(printable("\xC3\n") == "\\xc3\\n");
}

TEST_CASE("a valid UTF-8 character has the length that its first byte gives") {
  CHECK(characterAtStart("ab") == 1);
  CHECK(characterAtStart("üb") == 2);
  CHECK(characterAtStart("東") == 3);
  CHECK(characterAtStart("😀") == 4);
  for (const std::string_view bad : {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xBF\xBF",
                                     "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80", "\xE2\x82", "\xC3("}) {
    CHECK(characterAtStart(bad) == 0);
  }
}
