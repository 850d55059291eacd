#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace sizing {

namespace {

// "250ms" in seconds. Throws an error of CLI11 with option, value and rule.
double seconds(const std::string& option, const std::string& text) {
  static const std::map<std::string, double> units{{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  constexpr double most = 3600;
  char* unit = nullptr;
  // strtod() would also accept a sign, blanks, "inf" and "nan".
  const bool number = !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) != 0;
  const double value = number ? std::strtod(text.c_str(), &unit) : 0;
  const auto factor = number ? units.find(unit) : units.end();
  if (factor == units.end()) {
    throw CLI::ValidationError(option, text + " is not a duration such as 250ms, 1.5s or 40us");
  }
  const double result = value * factor->second;
  if (!(result > 0 && result <= most)) {
    throw CLI::ValidationError(option, text + " is not above 0 and at most 3600s");
  }
  return result;
}

template <typename Target>
void addDuration(CLI::App& app, const std::string& name, Target& target, const std::string& help) {
  app.add_option_function<std::string>(
         name, [&target, name](const std::string& text) { target = seconds(name, text); }, help)
      ->type_name("TIME")
      ->take_last();
}

// Reads a signed 64-bit integer, so that -1 is out of range and not 2^64 - 1.
void addCount(CLI::App& app, const std::string& name, std::optional<std::size_t>& target,
              std::int64_t low, const std::string& help) {
  app.add_option_function<std::int64_t>(
         name, [&target](const std::int64_t& value) { target = static_cast<std::size_t>(value); },
         help)
      ->check(CLI::Range(low, std::int64_t{1'000'000}).description(""))
      ->type_name("N")
      ->take_last();
}

// Above 0, which CLI::Range cannot express. A comparison with NaN is always false.
void addPositive(CLI::App& app, const std::string& name, const std::string& unit, double& target,
                 double most, const std::string& help) {
  app.add_option_function<double>(
         name,
         [&target, name, most](const double& value) {
           if (!(value > 0 && value <= most)) {
             throw CLI::ValidationError(
                 name, fmt::format("{} is not above 0 and at most {}", value, most));
           }
           target = value;
         },
         help)
      ->type_name(unit)
      ->take_last();
}

// Errors that no single option shows. Empty: the options are valid.
std::string whatIsWrong(const Options& options) {
  const Measured& measured = options.measured;
  if (options.demand.rate == 0) return "--rate is required";
  if (options.demand.sla == 0) return "--sla is required";
  if (measured.p50 && measured.p90 && *measured.p90 < *measured.p50)
    return "--p90: it is below --p50";
  if (measured.p90 && measured.p99 && *measured.p99 < *measured.p90)
    return "--p99: it is below --p90";
  if (measured.p50 && measured.p99 && *measured.p99 < *measured.p50)
    return "--p99: it is below --p50";
  if (std::max({measured.p50.value_or(0), measured.p90.value_or(0), measured.p99.value_or(0)}) >
      measured.longest)
    return "--work-timeout: it is below a percentile";
  if (options.work == Work::cpu && !options.cores) return "--work cpu: it needs --cores";
  if (options.work == Work::io && options.cores) return "--cores: it needs --work cpu";
  try {
    const double atOnce = options.demand.rate * ServiceTime(measured).mean();
    if (!(atOnce <= mostAtOnce))
      return fmt::format("--rate: with these times {:.0f} calls run at once, more than {:.0f}",
                         atOnce, mostAtOnce);
  } catch (const std::invalid_argument& rule) {
    return measured.mean ? fmt::format("--mean: {}", rule.what()) : rule.what();
  }
  return {};
}

}  // namespace

CommandLine parseCommandLine(int argc, char** argv) {
  constexpr int usageError = 2;
  Options options;
  std::string work = "io";

  CLI::App app(
      "Calculates the limits of a bulkhead, with the reasons and the expected results. Times have\n"
      "a unit: 40us, 250ms, 1.5s. Give at least one of --mean, --p50, --p90 and --p99, but prefer\n"
      "two or more percentiles, because one number says nothing about the tail.\n"
      "\n"
      "Exit status: 0, 1 if the SLA or the target cannot be met, 2 for a wrong option.\n",
      "sizing");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(26);
  addPositive(app, "--rate", "PER_S", options.demand.rate, 1e7,
              "Calls per second at the busiest time that should be served well");
  addDuration(app, "--mean", options.measured.mean, "Mean service time, without any waiting");
  addDuration(app, "--p50", options.measured.p50, "50 % of the calls take at most this time");
  addDuration(app, "--p90", options.measured.p90, "90 % of them");
  addDuration(app, "--p99", options.measured.p99, "99 % of them");
  addDuration(app, "--work-timeout", options.measured.longest,
              "The work's own timeout; by default it has none");
  addDuration(app, "--sla", options.demand.sla,
              "Longest time for the whole call, waiting and service");
  addPositive(app, "--target", "SHARE", options.demand.target, 0.5,
              "Share of the calls that may be rejected or time out; default 0.001");
  app.add_option("--work", work, "io: the calls wait for other systems; cpu: they compute")
      ->check(CLI::IsMember({"io", "cpu"}).description(""))
      ->type_name("io|cpu")
      ->default_str("io")
      ->take_last();
  addCount(app, "--cores", options.cores, 1, "Cores that this work may use, with --work cpu");
  addCount(app, "--threads", options.threads, 2,
           "Threads of a shared pool that the calls block, or connections");
  app.add_flag("--json", options.json,
               "Print only the limits, as an entry of a configuration file; warnings to stderr");

  std::string wrong;
  try {
    app.parse(argc, argv);
    options.work = work == "cpu" ? Work::cpu : Work::io;
    wrong = whatIsWrong(options);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    wrong = error.what();
  }
  if (!wrong.empty()) {
    fmt::print(stderr, "sizing: {}\n\n{}", wrong, app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  std::size_t& most = options.demand.mostPermits;
  if (options.cores) most = std::min(most, *options.cores);
  if (options.threads) most = std::min(most, *options.threads - 1);
  return {.options = options, .status = 0};
}

}  // namespace sizing
