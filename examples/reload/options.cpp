#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace reload {

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;
  std::string file;

  CLI::App app(
      "Applies its configuration file under load each time it changes, and on SIGHUP. Prints what\n"
      "changed, or why the file was refused, and continues. Exits on SIGINT or SIGTERM.\n"
      "\n"
      "Exit status: 0, or 1 if the first configuration cannot be used, a call was lost or the "
      "self\n"
      "test failed, 2 for a wrong option.\n",
      "reload");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(26);
  app.add_option("file", file, "The configuration, e.g. examples/athena.json")->type_name("");
  // Read as a signed 64-bit integer, so that -1 is out of range and not 2^64 - 1.
  app.add_option_function<std::int64_t>(
         "--rate", [&](const std::int64_t& value) { options.rate = static_cast<unsigned>(value); },
         "Simulated calls per second")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000}).description(""))
      ->type_name("N")
      ->default_str("500")
      ->take_last();
  app.add_option("--seconds", options.seconds, "Exit after this time; 0: never")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->type_name("S")
      ->default_str("0")
      ->take_last();
  app.add_flag("--self-test", options.selfTest,
               "Change, break and repair a temporary file, and check the reports");

  std::string wrong;
  try {
    app.parse(argc, argv);
    // A comparison with NaN is always false, so Range accepts it.
    if (!(options.seconds >= 0)) wrong = "--seconds: not a number";
    if (options.selfTest != file.empty()) {
      wrong = file.empty() ? "a configuration file or --self-test is required"
                           : "--self-test uses its own file: " + file;
    }
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    wrong = error.what();
  }
  if (!wrong.empty()) {
    fmt::print(stderr, "reload: {}\n\n{}", wrong, app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  options.file = file;
  return {.options = options, .status = 0};
}

}  // namespace reload
