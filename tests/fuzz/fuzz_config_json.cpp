// Any bytes give a configuration or a ConfigError. A manager accepts every such configuration, and
// it reads back unchanged after it has been written. White space makes no difference.

#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/config/duration_text.hpp>
#include <bulwark/manager_config_json.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace {

using bulwark::ManagerConfig;

[[noreturn]] void fail(std::string_view what, std::string_view detail) {
  fmt::print(stderr, "{}: {}\n", what, detail);
  std::abort();
}

// --- a writer, independent of the code under test ----------------------------------------------

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string limit(std::size_t value) {
  return value == bulwark::unlimited ? "\"unlimited\"" : std::to_string(value);
}

std::string duration(std::chrono::nanoseconds value) {
  if (value == bulwark::noTimeout) return "\"never\"";
  return fmt::format("\"{}ns\"", value.count());
}

const char* mode(bulwark::Mode value) {
  if (value == bulwark::Mode::enforce) return "\"enforce\"";
  return value == bulwark::Mode::observe ? "\"observe\"" : "\"off\"";
}

/// Builds a JSON object.
class Object {
 public:
  Object& member(std::string_view key, const std::string& value) {
    text_ += (text_.empty() ? "" : ", ") + quoted(key) + ": " + value;
    return *this;
  }
  template <typename T, typename Write>
  Object& member(std::string_view key, const std::optional<T>& value, Write write) {
    return value ? member(key, write(*value)) : *this;
  }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string written(const ManagerConfig& config) {
  Object services;
  for (const auto& [name, limits] : config.services) {
    services.member(name, Object()
                              .member("maxConcurrent", limits.maxConcurrent, limit)
                              .member("maxQueueSize", limits.maxQueueSize, limit)
                              .member("queueTimeout", limits.queueTimeout, duration)
                              .member("mode", limits.mode, mode)
                              .text());
  }
  Object semaphores;
  for (const auto& [name, permits] : config.semaphores) semaphores.member(name, limit(permits));
  return Object()
      .member("defaults", Object()
                              .member("maxConcurrent", limit(config.defaults.maxConcurrent))
                              .member("maxQueueSize", limit(config.defaults.maxQueueSize))
                              .member("queueTimeout", duration(config.defaults.queueTimeout))
                              .member("mode", mode(config.defaults.mode))
                              .text())
      .member("services", services.text())
      .member("semaphores", semaphores.text())
      .member("semaphoreTimeout", duration(config.semaphoreTimeout))
      .text();
}

// --- properties ----------------------------------------------------------------------------------

void check(const ManagerConfig& config) {
  const std::string text = written(config);
  try {
    const std::string again = written(bulwark::parseManagerConfig(text, "written"));
    if (again != text) fail("reads something else than was written", text + "\nbut " + again);
  } catch (const bulwark::ConfigError& error) {
    fail("refuses a configuration that it has written", text + "\n" + error.what());
  }
  const auto timeout = config.semaphoreTimeout;
  if (bulwark::detail::parseDuration(bulwark::detail::durationText(timeout)) != timeout) {
    fail("reads another duration than was written", bulwark::detail::durationText(timeout));
  }
  try {
    bulwark::net::io_context io;
    bulwark::BulkheadManager<bulwark::net::io_context::executor_type> manager(io.get_executor(),
                                                                              config);
    bulwark::BulkheadManager<bulwark::net::io_context::executor_type> other(io.get_executor());
    other.apply(config);
    // The two agree now.
    if (!other.apply(config).empty())
      fail("applies a change of the configuration that is in force", text);
    for (const auto& [name, limits] : config.services) {
      if (manager.bulkhead(name).config().maxConcurrent !=
          limits.maxConcurrent.value_or(config.defaults.maxConcurrent)) {
        fail("a manager has another limit than its configuration", name);
      }
    }
  } catch (const bulwark::ConfigError& error) {
    fail("a manager refuses a configuration that was read", text + "\n" + error.what());
  }
}

void check(const bulwark::ConfigError& error) {
  const std::string what = error.what();
  if (error.bulkhead() != "fuzzed" || what.compare(0, 6, "fuzzed") != 0) {
    fail("an error that does not name its source", what);
  }
  if (error.rule().empty()) fail("an error without a rule", what);
  for (const char c : what) {
    if (c != '\n' && static_cast<unsigned char>(c) < 0x20) {
      fail("a control character in an error", what);
    }
  }
}

std::optional<std::string> outcome(std::string_view json) {
  try {
    return written(bulwark::parseManagerConfig(json, "fuzzed"));
  } catch (const bulwark::ConfigError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string json(reinterpret_cast<const char*>(data), size);
  try {
    check(bulwark::parseManagerConfig(json, "fuzzed"));
  } catch (const bulwark::ConfigError& error) {
    check(error);
  }
  // A byte order mark is valid only at the front.
  if (json.compare(0, 1, "\xEF") != 0 && outcome(json) != outcome(" \n\t" + json + "\r ")) {
    fail("white space around the document makes a difference", json);
  }
  return 0;
}
