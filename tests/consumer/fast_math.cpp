// A user's program that is compiled with -ffast-math, and so is the library: the compiler then
// assumes that there is no NaN and no infinity. Configurations still refuse both, and a value
// without a limit is +Inf for Prometheus. Exit status 0 if that holds.

#include <bulwark/bulwark.hpp>
#include <bulwark/detail/core/back_off.hpp>
#if __has_include(<bulwark/prometheus_export.hpp>)
#include <bulwark/prometheus.hpp>
#include <prometheus/text_serializer.h>
#endif
#if __has_include(<bulwark/json_export.hpp>)
#include <bulwark/manager_config_json.hpp>
#endif

#include BULWARK_NET(io_context.hpp)
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

int failures = 0;

void check(bool good, std::string_view what) {
  if (good) return;
  ++failures;
  fmt::print("wrong: {}\n", what);
}

/// The ConfigError that `make` throws, as "field is value".
template <typename Make>
std::string refused(Make make) {
  try {
    make();
  } catch (const bulwark::ConfigError& error) {
    return error.field() + " is " + error.value();
  }
  return "nothing";
}

void checkRefused(bulwark::net::io_context& io, const char* text) {
  const double value = std::strtod(text, nullptr);  // opaque to the compiler
  const auto breaker = [&](const bulwark::CircuitBreakerConfig& config) {
    return refused([&] { bulwark::CircuitBreaker<>(io, config); });
  };
  const auto retry = [&](const bulwark::RetryConfig& config) {
    return refused([&] { bulwark::Retry<>(io, config); });
  };
  const auto budget = [&](const bulwark::RetryBudgetConfig& config) {
    return refused([&] { bulwark::RetryBudget made(config); });
  };
  const auto is = [text](const char* field) { return std::string(field) + " is " + text; };
  check(breaker({.failureRateThreshold = value}) == is("failureRateThreshold"), text);
  check(breaker({.slowCallRateThreshold = value}) == is("slowCallRateThreshold"), text);
  check(retry({.multiplier = value}) == is("multiplier"), text);
  check(retry({.jitter = value}) == is("jitter"), text);
  check(budget({.ratio = value}) == is("ratio"), text);
  check(budget({.minPerSecond = value}) == is("minPerSecond"), text);
}

}  // namespace

int main() {
  using namespace std::chrono_literals;
  bulwark::net::io_context io;
  for (const char* text : {"nan", "inf", "-inf"}) checkRefused(io, text);

  const bulwark::RetryConfig steep{
      .initialDelay = 1ns, .multiplier = 1e300, .maxDelay = bulwark::noTimeout, .jitter = 0};
  check(bulwark::detail::backOff(steep, 1000, 0) == bulwark::noTimeout,
        "a delay above the range of its type");

  const bulwark::HistogramSnapshot histogram({{10ns, 1}, {20ns, 1}}, 30ns, 10ns, 20ns);
  check(histogram.percentile(std::strtod("nan", nullptr)) == 10ns, "percentile NaN");
  check(histogram.percentile(std::strtod("inf", nullptr)) == 20ns, "percentile infinity");

#if __has_include(<bulwark/prometheus_export.hpp>)
  bulwark::Bulkhead<> free{
      io,
      {.name = "free", .maxConcurrent = bulwark::unlimited, .queueTimeout = bulwark::noTimeout}};
  bulwark::BulkheadCollector collector;
  collector.add(free);
  const std::string page = prometheus::TextSerializer().Serialize(collector.Collect());
  for (const char* name : {"bulkhead_max_concurrent", "bulkhead_timeout_seconds"}) {
    const std::string line = std::string(name) + "{bulkhead=\"free\"} +Inf\n";
    check(page.find(line) != std::string::npos, line);
  }
#endif

#if __has_include(<bulwark/json_export.hpp>)
  const auto parse = [](const char* json) {
    return refused([=] { bulwark::parseManagerConfig(json); });
  };
  check(parse(R"({"defaults": {"maxConcurrent": 1e400}})") != "nothing", "1e400 in JSON");
#endif
  return failures == 0 ? 0 : 1;
}
