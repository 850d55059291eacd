#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace beast_example {

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;

  CLI::App app(
      "An HTTP server on 127.0.0.1 with a slow dependency behind a bulkhead: 4 calls run at a\n"
      "time, 8 wait for at most a quarter of a second, and all others get a 503 at once.\n"
      "On SIGINT or SIGTERM it refuses requests, finishes those in progress, and exits.\n"
      "\n"
      "Exit status: 0, 1 if it could not listen, requests outlived the shutdown or the self test\n"
      "failed, 2 for a wrong option.\n",
      "beast");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(24);
  // Read as signed 64-bit integers, so that 65616 is out of range and not 80.
  app.add_option_function<std::int64_t>(
         "--port",
         [&](const std::int64_t& value) { options.port = static_cast<std::uint16_t>(value); },
         "The port to listen on; 0: a free one, which is printed")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{65535}).description(""))
      ->type_name("N")
      ->default_str("8080")
      ->take_last();
  app.add_option_function<std::int64_t>(
         "--threads", [&](const std::int64_t& value) { options.threads = static_cast<int>(value); },
         "Number of threads")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{256}).description(""))
      ->type_name("N")
      ->default_str("2")
      ->take_last();
  app.add_flag("--self-test", options.selfTest,
               "Fill the bulkhead with clients, and check their answers");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "beast: {}\n\n{}", error.what(), app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  return {.options = options, .status = 0};
}

}  // namespace beast_example
