#include "options.hpp"

#include "open_files.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>

namespace isolation {

namespace {

constexpr int usageError = 2;

std::int64_t plainNumber(std::chrono::milliseconds value) { return value.count(); }
template <typename Number>
std::int64_t plainNumber(Number value) {
  return static_cast<std::int64_t>(value);
}

// Reads every number as a signed 64-bit integer, so that -1 is out of range and not 2^64 - 1.
template <typename Target>
void addNumber(CLI::App& app, const char* group, const char* name, const char* unit, Target& target,
               std::int64_t low, std::int64_t high, const std::string& help) {
  app.add_option_function<std::int64_t>(
         name, [&target](const std::int64_t& value) { target = Target(value); }, help)
      ->check(CLI::Range(low, high).description(""))
      ->type_name(unit)
      ->default_str(fmt::format("{}", plainNumber(target)))
      ->take_last()
      ->group(group);
}

std::string raiseFileLimit(const Options& options) {
  const std::size_t needed =
      filesNeeded({.clients = options.clients,
                   .slots = std::max(options.pool, options.aiLimit + options.dbLimit)});
  const std::size_t most = allowFiles(needed);
  if (most >= needed) return {};
  return fmt::format(
      "--clients {}: that takes {} open files, and this process may have {} (ulimit -Hn)",
      options.clients, needed, most);
}

}  // namespace

CommandLine parseCommandLine(int argc, char** argv) {
  Options options;
  options.pool = 0;

  CLI::App app(
      "Stops one of two upstreams under load, and shows what happens to the requests to the\n"
      "other one, with a shared pool of upstream slots and with bulkheads.\n"
      "\n"
      "Exit status: 0 if /db behind bulkheads kept at least 90 % of its healthy throughput and\n"
      "its p99 stayed within twice the healthy one, 1 if not, 2 for a wrong option.\n",
      "isolation");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("REQUIRED", "");

  const char* load = "Load";
  app.add_option("--seconds", options.seconds,
                 "Length of each of the three phases, 0.5 to 60; then the last requests have\n"
                 "--client-timeout to end")
      ->check(CLI::Range(0.5, 60.0).description(""))
      ->type_name("S")
      ->default_str("4")
      ->take_last()
      ->group(load);
  addNumber(app, load, "--db-rate", "N", options.dbRate, 1, 20000, "Requests per second to /db");
  addNumber(app, load, "--ai-rate", "N", options.aiRate, 1, 20000, "Requests per second to /ai");
  addNumber(app, load, "--clients", "N", options.clients, 1, 5000,
            "Connections to each of /db and /ai");
  addNumber(app, load, "--client-timeout", "MS", options.clientTimeout, 1, 60000,
            "Time after which a client gives up, from when the request was due");

  const char* gateway = "Gateway";
  addNumber(app, gateway, "--upstream-timeout", "MS", options.upstreamTimeout, 1, 60000,
            "Time that an upstream has to answer the gateway");

  const char* pool = "Phases 1 and 2: the shared pool";
  addNumber(app, pool, "--pool", "N", options.pool, 1, 10000, "Upstream slots");
  app.get_option("--pool")->default_str("the sum of both limits");
  addNumber(app, pool, "--pool-wait", "MS", options.poolWait, 1, 60000,
            "The longest wait for a slot");

  const char* bulkheads = "Phase 3: the bulkheads";
  addNumber(app, bulkheads, "--ai-limit", "N", options.aiLimit, 1, 10000, "maxConcurrent of /ai");
  addNumber(app, bulkheads, "--db-limit", "N", options.dbLimit, 1, 10000, "maxConcurrent of /db");
  addNumber(app, bulkheads, "--queue", "N", options.queue, 0, 100000, "maxQueueSize of each");
  addNumber(app, bulkheads, "--queue-timeout", "MS", options.queueTimeout, 0, 60000,
            "queueTimeout of each");

  app.add_flag("--plain", options.plain, "Print lines instead of a live table");

  std::string wrong;
  try {
    app.parse(argc, argv);
    // A comparison with NaN is always false, so Range accepts it.
    if (!(options.seconds > 0)) wrong = "--seconds: not a number";
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    wrong = error.what();
  }
  if (options.pool == 0) options.pool = options.aiLimit + options.dbLimit;
  if (wrong.empty()) wrong = raiseFileLimit(options);
  if (!wrong.empty()) {
    fmt::print(stderr, "isolation: {}\n\n{}", wrong, app.help());
    return {.options = std::nullopt, .status = usageError};
  }
  return {.options = options, .status = 0};
}

}  // namespace isolation
