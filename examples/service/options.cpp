#include "options.hpp"

#include "load.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>

namespace service {

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;
  double grace = 10;
  double executionTimeout = 0;

  CLI::App app(
      "A service behind bulkheads, with a page that shows them: simulated dependencies with the\n"
      "limits of athenaPreset(), a load on them, /health, /bulkheads and /metrics.\n"
      "On SIGINT or SIGTERM it refuses calls, finishes those in progress, and exits.\n"
      "\n"
      "Exit status: 0, 1 if it could not listen or calls outlived --grace, 2 for a wrong option.\n",
      "service");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(24);
  app.add_option("--host", options.host, "The address to listen on")
      ->type_name("ADDRESS")
      ->default_str(options.host)
      ->take_last();
  // Read as a signed 64-bit integer, so that 65616 is out of range and not 80.
  app.add_option_function<std::int64_t>(
         "--port", [&](const std::int64_t& value) { options.port = static_cast<int>(value); },
         "The port to listen on; 0: a free one, which is printed")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{65535}).description(""))
      ->type_name("N")
      ->default_str("8080")
      ->take_last();
  app.add_flag(
      "--admin", options.admin,
      "Let the page slow, fail and stall dependencies, change the load, drain and resume;\n"
      "without it everything is read-only");
  app.add_option("--load", options.load, "Load, as a multiple of the designed load")
      ->check(CLI::Range(0.0, mostLoad).description(""))
      ->type_name("X")
      ->default_str("1")
      ->take_last();
  app.add_option("--grace", grace, "Longest time for calls to finish at the end")
      ->check(CLI::Range(0.0, 3600.0).description(""))
      ->type_name("S")
      ->default_str("10")
      ->take_last();

  app.add_option("--execution-timeout", executionTimeout,
                 "Longest time for the work of a call; 0: no limit")
      ->check(CLI::Range(0.0, 3600.0).description(""))
      ->type_name("S")
      ->default_str("0")
      ->take_last();

  std::string wrong;
  try {
    app.parse(argc, argv);
    // A comparison with NaN is always false, so Range accepts it.
    if (!(options.load >= 0)) wrong = "--load: not a number";
    if (!(grace >= 0)) wrong = "--grace: not a number";
    if (!(executionTimeout >= 0)) wrong = "--execution-timeout: not a number";
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    wrong = error.what();
  }
  if (!wrong.empty()) {
    fmt::print(stderr, "service: {}\n\n{}", wrong, app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  options.grace = std::chrono::milliseconds(static_cast<std::int64_t>(grace * 1000));
  if (executionTimeout > 0) {
    options.executionTimeout =
        std::chrono::nanoseconds(static_cast<std::int64_t>(executionTimeout * 1e9) + 1);
  }
  return {.options = options, .status = 0};
}

}  // namespace service
