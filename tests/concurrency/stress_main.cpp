// A stress test of any length: stress --seed 7 --operations 10000000 --threads 4

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

#include "support/stress.hpp"

namespace {

constexpr std::string_view usage =
    "usage: stress [options]\n"
    "Runs random operations on bulkheads and semaphores, and checks their invariants.\n"
    "  --seed N        seed of the random operations (1)\n"
    "  --operations N  number of operations (1000000)\n"
    "  --threads N     threads that start calls, 1 to 64 (4)\n"
    "  --kind KIND     bulkhead, semaphore or both (both)\n"
    "  --help\n";

struct WrongOption {
  std::string what;
};

std::uint64_t number(std::string_view option, std::string_view text, std::uint64_t least,
                     std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw WrongOption{
        fmt::format("{} takes a number from {} to {}, not \"{}\"", option, least, most, text)};
  }
  return value;
}

stress::Options parse(int argc, char* argv[]) {
  stress::Options options{.operations = 1'000'000};
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option != "--seed" && option != "--operations" && option != "--threads" &&
        option != "--kind") {
      throw WrongOption{fmt::format("there is no option \"{}\"", option)};
    }
    if (++i == argc) throw WrongOption{fmt::format("{} takes a value", option)};
    const std::string_view value = argv[i];
    if (option == "--seed") {
      options.seed = number(option, value, 0, UINT64_MAX);
    } else if (option == "--operations") {
      options.operations = number(option, value, 1, UINT64_MAX);
    } else if (option == "--threads") {
      options.threads = static_cast<unsigned>(number(option, value, 1, 64));
    } else if (value == "bulkhead" || value == "semaphore" || value == "both") {
      options.bulkheads = value != "semaphore";
      options.semaphores = value != "bulkhead";
    } else {
      throw WrongOption{
          fmt::format("{} takes bulkhead, semaphore or both, not \"{}\"", option, value)};
    }
  }
  return options;
}

}  // namespace

int main(int argc, char* argv[]) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help") {
      fmt::print("{}", usage);
      return 0;
    }
  }
  stress::Options options;
  try {
    options = parse(argc, argv);
  } catch (const WrongOption& wrong) {
    fmt::print(stderr, "stress: {}\n{}", wrong.what, usage);
    return 2;
  }
  const stress::Report report = stress::run(options);
  fmt::print("{}", stress::describe(options, report));
  return report.failures.empty() ? 0 : 1;
}
