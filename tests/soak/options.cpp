#include "soak/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace soak {

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;
  CLI::App app(
      "Keeps a manager under changing load with everything that may happen to it, and compares "
      "its\n"
      "statistics with books of its own. Prints a line a second.\n"
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
  number("--seconds", options.seconds, 1, 1'000'000, "For how long");
  number("--seed", options.seed, 0, INT64_MAX, "What is done, by each thread");
  number("--services", options.services, 10, 10'000, "Bulkheads");
  number("--threads", options.threads, 1, 64, "Threads that start calls; as many run them");
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
