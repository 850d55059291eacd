#include <bulwark/manager_config_json.hpp>

#include <bulwark/detail/manager/manager_settings.hpp>
#include <bulwark/error.hpp>
#include <bulwark/limits.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <unistd.h>

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using bulwark::BulkheadConfig;
using bulwark::BulkheadOverrides;
using bulwark::ConfigError;
using bulwark::ManagerConfig;
using bulwark::Mode;
using bulwark::Overrun;
using bulwark::parseManagerConfig;
using bulwark::unlimited;

namespace {

const fs::path source = BULWARK_SOURCE_DIR;

std::string contentOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> jsonFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source / folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  return files;
}

template <typename Function>
ConfigError refusalBy(Function&& function) {
  try {
    function();
  } catch (const ConfigError& error) {
    return error;
  }
  FAIL("no ConfigError");
  throw std::logic_error("not reached");
}

ConfigError refusalOf(std::string_view json) {
  return refusalBy([&] { parseManagerConfig(json); });
}

auto tied(const BulkheadConfig& c) {
  return std::tie(c.name, c.maxConcurrent, c.maxQueueSize, c.queueTimeout, c.mode,
                  c.executionTimeout, c.overrun, c.maxOverdue);
}
auto tied(const BulkheadOverrides& o) {
  return std::tie(o.maxConcurrent, o.maxQueueSize, o.queueTimeout, o.mode, o.executionTimeout,
                  o.overrun, o.maxOverdue);
}

bool same(const ManagerConfig& a, const ManagerConfig& b) {
  return tied(a.defaults) == tied(b.defaults) &&
         std::equal(a.services.begin(), a.services.end(), b.services.begin(), b.services.end(),
                    [](const auto& left, const auto& right) {
                      return left.first == right.first && tied(left.second) == tied(right.second);
                    }) &&
         a.semaphores == b.semaphores && a.semaphoreTimeout == b.semaphoreTimeout;
}

std::chrono::nanoseconds timeoutOf(std::string_view text) {
  const std::string json = "{\"semaphoreTimeout\": \"" + std::string(text) + "\"}";
  return parseManagerConfig(json).semaphoreTimeout;
}

/// A path to a new file or directory, which is removed at the end.
struct TemporaryPath {
  TemporaryPath() {
    static int count = 0;
    path = fs::temp_directory_path() / ("bulwark_manager_config_json_test." +
                                        std::to_string(::getpid()) + "." + std::to_string(++count));
  }
  ~TemporaryPath() { fs::remove(path); }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;

  fs::path path;
};

}  // namespace

// --- accepted documents --------------------------------------------------------------------------

TEST_CASE("an empty object gives the default configuration") {
  CHECK(same(parseManagerConfig("{}"), ManagerConfig{}));
}

TEST_CASE("every field is read into its member") {
  const ManagerConfig config =
      bulwark::loadManagerConfig(source / "tests/config/good/every_field.json");
  ManagerConfig expected{.defaults = {.maxConcurrent = 7,
                                      .maxQueueSize = 0,
                                      .queueTimeout = 250ms,
                                      .mode = Mode::observe,
                                      .executionTimeout = 2s,
                                      .overrun = Overrun::wait,
                                      .maxOverdue = 4},
                         .services = {{"ai.claude",
                                       {.maxConcurrent = 3,
                                        .maxQueueSize = 9,
                                        .queueTimeout = 90s,
                                        .mode = Mode::off,
                                        .executionTimeout = 500ms,
                                        .overrun = Overrun::detach,
                                        .maxOverdue = 2}},
                                      {"db.read", {.queueTimeout = 10s}},
                                      {"db.write", {.mode = Mode::enforce}}},
                         .semaphores = {{"container.total", 10}, {"disk", 2}},
                         .semaphoreTimeout = 5s};
  CHECK(same(config, expected));
  expected.services["db.read"].mode = Mode::enforce;
  CHECK_FALSE(same(config, expected));  // the comparison sees the mode
  expected.services["db.read"].mode = std::nullopt;
  expected.services["ai.claude"].maxOverdue = 3;
  CHECK_FALSE(same(config, expected));  // and the last field
}

TEST_CASE("a field that is not given has its default") {
  const ManagerConfig config = parseManagerConfig(R"({"defaults": {"maxQueueSize": 3}})");
  CHECK(config.defaults.maxQueueSize == 3);
  CHECK(config.defaults.maxConcurrent == BulkheadConfig{}.maxConcurrent);
  CHECK(config.defaults.queueTimeout == BulkheadConfig{}.queueTimeout);
  CHECK(config.defaults.mode == Mode::enforce);
  CHECK(config.defaults.executionTimeout == bulwark::noTimeout);
  CHECK(config.defaults.overrun == Overrun::detach);
  CHECK(config.defaults.maxOverdue == unlimited);
  CHECK(config.semaphoreTimeout == 10s);
}

TEST_CASE("a service without fields is part of the configuration") {
  const ManagerConfig config = parseManagerConfig(R"({"services": {"db": {}}})");
  REQUIRE(config.services.count("db") == 1);
  CHECK(tied(config.services.find("db")->second) == tied(BulkheadOverrides{}));
}

TEST_CASE("unlimited and never are read as the constants unlimited and noTimeout") {
  const ManagerConfig config =
      bulwark::loadManagerConfig(source / "tests/config/good/no_limits.json");
  CHECK(config.defaults.maxConcurrent == unlimited);
  CHECK(config.defaults.maxQueueSize == unlimited);
  CHECK(config.defaults.queueTimeout == bulwark::noTimeout);
  CHECK(config.defaults.executionTimeout == bulwark::noTimeout);
  CHECK(config.defaults.maxOverdue == unlimited);
  CHECK(config.semaphores.at("disk") == unlimited);
  CHECK(config.semaphoreTimeout == bulwark::noTimeout);
}

TEST_CASE("the largest limit is exact") {
  const ManagerConfig config =
      bulwark::loadManagerConfig(source / "tests/config/good/least_and_most.json");
  CHECK(config.services.find("large")->second.maxConcurrent == bulwark::maxPermits);
  CHECK(config.services.find("large")->second.maxQueueSize == bulwark::maxPermits);
  CHECK(config.services.find("large")->second.maxOverdue == bulwark::maxPermits);
  CHECK(config.services.find("large")->second.executionTimeout == bulwark::noTimeout - 1ns);
  CHECK(config.defaults.executionTimeout == 1ns);
  CHECK(config.semaphores.at("most") == bulwark::maxPermits);
}

TEST_CASE("an integer may have any form that JSON Schema allows") {
  const ManagerConfig config = parseManagerConfig(
      R"({"defaults": {"maxConcurrent": 10.0, "maxQueueSize": 1e2}, "semaphores": {"disk": 2.5e1}})");
  CHECK(config.defaults.maxConcurrent == 10);
  CHECK(config.defaults.maxQueueSize == 100);
  CHECK(config.semaphores.at("disk") == 25);
}

TEST_CASE("durations are exact") {
  CHECK(timeoutOf("30s") == 30s);
  CHECK(timeoutOf("250ms") == 250ms);
  CHECK(timeoutOf("1m30s") == 90s);
  CHECK(timeoutOf("0") == 0s);
  CHECK(timeoutOf("0s") == 0s);
  CHECK(timeoutOf("1h2m3s4ms5us6ns") == 1h + 2min + 3s + 4ms + 5us + 6ns);
  CHECK(timeoutOf("9223372036854775806ns").count() == 9223372036854775806);
}

TEST_CASE("a name may contain any characters") {
  const ManagerConfig config =
      bulwark::loadManagerConfig(source / "tests/config/good/any_name.json");
  for (const char* name : {" ", "a/b~c", "\u00e4\u4e2d\U0001f600", "line\nbreak", "unlimited",
                           "$schema", "maxConcurrent"}) {
    CHECK(config.services.count(name) == 1);
  }
  CHECK(config.services.size() == 7);
}

TEST_CASE("a text without a terminating zero is read to its end and no further") {
  const std::string text = R"({"semaphoreTimeout": "1s"}garbage)";
  CHECK(parseManagerConfig(std::string_view(text).substr(0, text.size() - 7)).semaphoreTimeout ==
        1s);
  CHECK(refusalOf(text).field() == "line 1, column 27");
}

TEST_CASE("a byte order mark is skipped") {
  CHECK(parseManagerConfig("\xEF\xBB\xBF{\"semaphoreTimeout\": \"1s\"}").semaphoreTimeout == 1s);
}

TEST_CASE("a text in UTF-16 or UTF-32 is refused by name, with or without a byte order mark") {
  struct Encoding {
    std::string name, mark;
    std::size_t zerosBefore, zerosAfter;
  };
  const Encoding encodings[] = {{"UTF-16", "\xFF\xFE", 0, 1},
                                {"UTF-16", "\xFE\xFF", 1, 0},
                                {"UTF-32", {"\xFF\xFE\0\0", 4}, 0, 3},
                                {"UTF-32", {"\0\0\xFE\xFF", 4}, 3, 0}};
  for (const auto& [name, mark, zerosBefore, zerosAfter] : encodings) {
    std::string text;
    for (const char c : std::string_view("{\"defaults\": {}}")) {
      text.append(zerosBefore, '\0').append(1, c).append(zerosAfter, '\0');
    }
    for (const std::string& json : {mark + text, text, mark, mark + text.substr(0, 4)}) {
      const std::string what = refusalBy([&] { parseManagerConfig(json, "limits.json"); }).what();
      CHECK(what == "limits.json, line 1, column 1: the text is in " + name + ", must be in UTF-8");
    }
  }
}

TEST_CASE("a zero byte elsewhere does not indicate an encoding") {
  for (const std::string_view json :
       {std::string_view("{ \0\"a", 5), std::string_view("\0\0", 2), std::string_view("\0", 1)}) {
    const std::string what = refusalBy([&] { parseManagerConfig(json); }).what();
    CHECK(what.find("UTF") == std::string::npos);
  }
}

TEST_CASE("an error is complete and in one line, whatever the names in it contain") {
  const auto error = refusalBy([] {
    parseManagerConfig(
        "{\"services\": {\"a\\u0000b\\u0085\\u2028\": {\"mode\": \"x\\u2029\\u007f\"}}}",
        "new\nline");
  });
  CHECK(error.bulkhead() == "new\nline");
  CHECK(std::string(error.what()) ==
        R"(new\nline, line 1: /services/a\u0000b\u0085\u2028/mode is "x\u2029\u007f", )"
        R"(must be "enforce", "observe" or "off")");
}

TEST_CASE("examples/athena.json is athenaPreset()") {
  CHECK(same(bulwark::loadManagerConfig(source / "examples/athena.json"), bulwark::athenaPreset()));
}

// --- refused documents ---------------------------------------------------------------------------

TEST_CASE("good files are accepted by the reader and by the checks of the manager") {
  for (const auto& file : jsonFilesIn("tests/config/good")) {
    INFO(file);
    CHECK_NOTHROW(bulwark::detail::checkManagerConfig(parseManagerConfig(contentOf(file))));
  }
}

TEST_CASE("a bad file is refused with all its errors, as its .expected file lists them") {
  auto files = jsonFilesIn("tests/config/bad");
  for (auto& file : jsonFilesIn("tests/config/beyond_schema")) files.push_back(std::move(file));
  for (const auto& file : files) {
    INFO(file);
    const ConfigError error =
        refusalBy([&] { parseManagerConfig(contentOf(file), file.filename().string()); });
    fs::path expected = file;
    CHECK(std::string(error.what()) + "\n" == contentOf(expected.replace_extension(".expected")));
    CHECK(error.bulkhead() == file.filename().string());
  }
}

TEST_CASE("a single error has its own field, value and rule") {
  const ConfigError error = refusalBy([] {
    parseManagerConfig("{\"services\":\n{\"db.read\": {\"queueTimeout\": \"10\"}}}", "limits.json");
  });
  CHECK(error.bulkhead() == "limits.json");
  CHECK(error.field() == "/services/db.read/queueTimeout");
  CHECK(error.value() == "\"10\"");
  CHECK(error.rule().find("must be a duration") == 0);
  CHECK(std::string(error.what()) ==
        "limits.json, line 2: /services/db.read/queueTimeout is \"10\", " + error.rule());
}

TEST_CASE("the path of an error is one line and a JSON pointer, whatever its keys contain") {
  CHECK(refusalOf(R"({"services": {"a/b~c\n\u001f\u007f": 1}})").field() ==
        R"(/services/a~1b~0c\u000a\u001f\u007f)");
}

TEST_CASE("several errors form a list with one error a line") {
  const ConfigError error =
      refusalOf("{\"defaults\": {\"maxConcurrent\": 0},\n\"semaphores\": {\"\": 1}, \"x\": 2}");
  CHECK(error.bulkhead() == "config");
  CHECK(error.field() == "");
  CHECK(error.value() == "");
  CHECK(error.rule() ==
        "line 1: /defaults/maxConcurrent is 0, must be an integer from 1 to 4503599627370495, or "
        "\"unlimited\"\n"
        "line 2: /semaphores/: a name must not be empty\n"
        "line 2: /x: unknown key");
}

TEST_CASE("an error of the whole document has no path") {
  const ConfigError error = refusalOf("[1]");
  CHECK(error.field() == "");
  CHECK(error.value() == "an array");
  CHECK(error.rule() == "must be an object");
}

TEST_CASE("malformed JSON is reported by line and column") {
  const ConfigError error = refusalOf("{\n  \"defaults\": }");
  CHECK(error.field() == "line 2, column 15");
  CHECK(error.value() == "");
  CHECK(error.rule().find("syntax error") == 0);
  CHECK(std::string(error.what()) == "config, line 2, column 15: " + error.rule());
}

TEST_CASE("a value is reported with the line where it begins, whatever follows it") {
  for (const std::string value :
       {"0", "-1", "1.5", "1e9999", "true", "null", "\"x\"", "[\n]", "{\n}"}) {
    for (const char* end : {"\n\n}}", " }\n}", "}}"}) {
      INFO(value + end);
      const std::string what =
          refusalOf("{\n\"defaults\": {\n\"maxConcurrent\":\n" + value + end).what();
      CHECK(what.find("config, line 4") == 0);
    }
  }
}

TEST_CASE("the error of an unknown key suggests a similar known key") {
  const auto ruleOf = [](const std::string& key) {
    return refusalOf("{\"defaults\": {\"" + key + "\": 1}}").rule();
  };
  const std::string maxConcurrent = "unknown key; did you mean \"maxConcurrent\"?";
  CHECK(ruleOf("maxConcurent") == maxConcurrent);
  CHECK(ruleOf("maxConcurrency") == maxConcurrent);
  CHECK(ruleOf("max_concurrent") == maxConcurrent);
  CHECK(ruleOf("MAX-CONCURRENT") == maxConcurrent);
  CHECK(ruleOf("queuetimeout") == "unknown key; did you mean \"queueTimeout\"?");
  CHECK(ruleOf("name") == "unknown key");
  CHECK(ruleOf("") == "unknown key");
  CHECK(ruleOf(std::string(100'000, 'm')) == "unknown key");
}

TEST_CASE("a long value is shortened to whole characters") {
  std::string mode;
  while (mode.size() < 10'000) mode += "\u4e2d";
  const ConfigError error = refusalOf("{\"defaults\": {\"mode\": \"" + mode + "\"}}");
  CHECK(error.value() == "\"" + mode.substr(0, 159) + "...\"");
  const ConfigError number =
      refusalOf("{\"defaults\": {\"maxConcurrent\": 1." + std::string(10'000, '1') + "}}");
  CHECK(number.value() == "1." + std::string(158, '1') + "...");
}

TEST_CASE("no depth of nesting overflows the stack") {
  for (const auto& [open, close] :
       {std::pair<std::string, std::string>{"[", "]"}, {"{\"a\":", "}"}}) {
    for (const std::string before :
         {"", "{\"services\": {\"db\": {\"mode\": ", "{\"services\": "}) {
      std::string json = before;
      for (int i = 0; i < 200'000; ++i) json += open;
      CHECK_THROWS_AS(parseManagerConfig(json), ConfigError);  // the same text, truncated
      json += "1";
      for (int i = 0; i < 200'000; ++i) json += close;
      json.append(static_cast<std::size_t>(std::count(before.begin(), before.end(), '{')), '}');
      const std::string what = refusalOf(json).what();
      CHECK(what.find("syntax error") == std::string::npos);
    }
  }
}

TEST_CASE("no truncated document is accepted or crashes the reader") {
  const std::string json = contentOf(source / "tests/config/good/every_field.json");
  const std::size_t end = json.find_last_of('}');
  for (std::size_t size = 0; size <= end; ++size) {
    // A copy, so that AddressSanitizer detects a read beyond its end.
    const std::vector<char> part(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_THROWS_AS(parseManagerConfig({part.data(), part.size()}), ConfigError);
  }
}

TEST_CASE("a ConfigError from JSON has the code of any other ConfigError") {
  const auto error = std::make_exception_ptr(refusalOf("[]"));
  CHECK(bulwark::errorCodeOf(error) == bulwark::net::error::invalid_argument);
}

// --- files ---------------------------------------------------------------------------------------

TEST_CASE("errors of a file name the file") {
  const fs::path file = source / "tests/config/bad/one_fault.json";
  const ConfigError error = refusalBy([&] { bulwark::loadManagerConfig(file); });
  CHECK(error.bulkhead() == file.string());
  CHECK(std::string(error.what()).find(file.string() + ", line 2: /defaults/maxConcurrent") == 0);
}

TEST_CASE("a missing file is refused with its path and the reason") {
  const TemporaryPath missing;
  const ConfigError error = refusalBy([&] { bulwark::loadManagerConfig(missing.path); });
  CHECK(error.bulkhead() == missing.path.string());
  CHECK(error.field() == "");
  CHECK(error.rule() == "cannot be read: No such file or directory");
  CHECK(std::string(error.what()) == missing.path.string() + ": " + error.rule());
}

TEST_CASE("a directory is refused as a directory") {
  CHECK(refusalBy([] { bulwark::loadManagerConfig(source); }).rule() ==
        "cannot be read: a directory");
}

TEST_CASE("a file of 16 MiB is read, and a larger one is refused") {
  const TemporaryPath large;
  std::ofstream(large.path) << "{\"semaphoreTimeout\": \"1s\"}"
                            << std::string((16 << 20) - 26, ' ');
  CHECK(bulwark::loadManagerConfig(large.path).semaphoreTimeout == 1s);
  for (const std::size_t more : {1U, 100'000U}) {
    std::ofstream(large.path, std::ios::app) << std::string(more, ' ');
    CHECK(refusalBy([&] { bulwark::loadManagerConfig(large.path); }).rule() ==
          "cannot be read: larger than 16 MiB");
  }
}
