#include "soak/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace soak {

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;
  CLI::App app(
      "Runs all operations on a manager under changing load, and compares its statistics\n"
      "with its own record. Prints a line a second.\n"
      "\n"
      "Exit status: 0, 1 for the first statistic that is wrong, 2 for a wrong option.\n",
      "soak");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(26);
  const auto number = [&](const char* name, std::int64_t& value, std::int64_t least,
                          std::int64_t most, const char* what) {
    app.add_option(name, value, what)
        ->check(CLI::Range(least, most).description(""))
        ->type_name("N")
        ->default_str(std::to_string(value))
        ->take_last();
  };
  number("--seconds", options.seconds, 1, 1'000'000, "Duration of the run");
  number("--seed", options.seed, 0, INT64_MAX, "Seed of the random operations");
  number("--services", options.services, 10, 10'000, "Number of bulkheads");
  number("--threads", options.threads, 1, 64, "Threads that start calls; as many more run them");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "soak: {}\n\n{}", error.what(), app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  return {.options = options, .status = 0};
}

}  // namespace soak
