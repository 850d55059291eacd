#include "report.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sizing {

namespace {

// Limit of the squared coefficient of variation. Above it, one call in many thousands weighs more
// than all the others, and no percentile shows it.
constexpr double wildVariation = 10;
// Relative difference that is tolerated between a measured mean and that of the percentiles.
constexpr double meanDiffers = 0.2;

const char* cappingOption(const Options& options) {
  return options.cores == options.demand.mostPermits ? "--cores" : "--threads";
}

std::string whyPermits(const Options& options, const ServiceTime& service, const Sizing& sizing) {
  std::string why = fmt::format(
      "{:g}/s x {} = {:.3g} at once (Little's law); {} keep{} them at most {:.0f} % busy",
      options.demand.rate, duration(service.mean()), sizing.atOnce, sizing.forLoad,
      sizing.forLoad == 1 ? "s" : "", mostBusy * 100);
  if (sizing.forTarget > sizing.forLoad) {
    why += fmt::format(",\n                    {} turn away no more than {}", sizing.forTarget,
                       percent(options.demand.target));
  }
  if (sizing.limits.maxConcurrent < sizing.forTarget) {
    why += fmt::format(",\n                    but no more than {} may run ({})",
                       options.demand.mostPermits, cappingOption(options));
  }
  return why;
}

std::string whyTimeout(const Options& options, const ServiceTime& service, const Sizing& sizing) {
  if (sizing.limits.maxQueueSize == 0) return "no call waits";
  return fmt::format("SLA {} less the p99 of the service, {}", duration(options.demand.sla),
                     duration(service.quantile(0.99)));
}

std::string whyQueue(const Options& options, const ServiceTime& service, const Sizing& sizing) {
  const double p99 = service.quantile(0.99);
  if (p99 >= options.demand.sla) {
    return fmt::format("the SLA, {}, leaves no time beyond the p99 of the service, {}",
                       duration(options.demand.sla), duration(p99));
  }
  return fmt::format("{:.3g} calls are served in {}, less two standard deviations",
                     sizing.servedMeanwhile, duration(sizing.allowedWait));
}

std::string row(const std::string& name, const std::string& value, const std::string& why) {
  return fmt::format("{:<15}{:>6}  {}\n", name, value, why);
}

std::string expectation(const char* name, const std::string& value) {
  return fmt::format("  {:<34}{:>14}\n", name, value);
}

}  // namespace

Verdict judge(const Options& options, const ServiceTime& service, const Sizing& sizing) {
  const Demand& demand = options.demand;
  Verdict verdict;
  const auto fails = [&verdict](std::string warning) {
    verdict.warnings.push_back(std::move(warning));
    verdict.met = false;
  };
  const auto warns = [&verdict](std::string warning) {
    verdict.warnings.push_back(std::move(warning));
  };

  const double tooSlow = service.shareAbove(demand.sla);
  if (service.quantile(0.99) >= demand.sla) {
    fails(
        fmt::format("the SLA cannot be met: {} of the calls take longer than {} without any "
                    "waiting. Limits do not help; a faster service, less work for each call or "
                    "another SLA does",
                    percent(tooSlow), duration(demand.sla)));
  }
  const Expected expected = expect(demand.rate, demand.sla, service, sizing.limits);
  if (expected.turnedAway > demand.target) {
    fails(
        fmt::format("{} of the calls are turned away, not {}: {} permits would be needed, and "
                    "{} leaves {}",
                    percent(expected.turnedAway), percent(demand.target), sizing.forTarget,
                    cappingOption(options), demand.mostPermits));
  }
  if (verdict.met && sizing.limits.maxConcurrent < sizing.forLoad) {
    warns(fmt::format("the permits are {} busy: a little more load turns many calls away",
                      percent(expected.busy)));
  }
  if (options.threads) {
    warns(
        fmt::format("{} of {} threads may be blocked here: the limits of all other work "
                    "that blocks on that pool must fit into the other {}",
                    sizing.limits.maxConcurrent, *options.threads,
                    *options.threads - sizing.limits.maxConcurrent));
  }
  if (service.guessed()) {
    warns(fmt::format("one number says nothing about the tail: taken for p50 {}, p99 {}",
                      duration(service.quantile(0.5)), duration(service.quantile(0.99))));
  } else if (options.measured.mean &&
             std::abs(*options.measured.mean / service.mean() - 1) > meanDiffers) {
    warns(
        fmt::format("the percentiles say that the mean is {}, and --mean {}: one of them "
                    "describes other calls, or the tail beyond the p99 is different",
                    duration(service.mean()), duration(*options.measured.mean)));
  }
  if (service.variation() > wildVariation) {
    warns(
        fmt::format("with these percentiles one call in 10,000 takes {}, and such calls "
                    "dominate the expectation: give the work a timeout, and pass it with "
                    "--work-timeout",
                    duration(service.quantile(0.9999))));
  }
  return verdict;
}

std::string report(const Options& options, const ServiceTime& service, const Sizing& sizing) {
  const Limits& limits = sizing.limits;
  const Demand& demand = options.demand;
  const Expected expected = expect(demand.rate, demand.sla, service, limits);
  std::string text =
      row("maxConcurrent", fmt::format("{}", limits.maxConcurrent),
          whyPermits(options, service, sizing)) +
      row("queueTimeout", duration(limits.queueTimeout), whyTimeout(options, service, sizing)) +
      row("maxQueueSize", fmt::format("{}", limits.maxQueueSize),
          whyQueue(options, service, sizing));

  text += fmt::format("\nexpected at {:g}/s\n", demand.rate);
  text += expectation("permits in use", percent(expected.busy));
  text += expectation("calls that wait and then run", percent(expected.waits));
  if (limits.maxQueueSize > 0) text += expectation("their wait, p99", duration(expected.waitP99));
  text += expectation("rejected or timed out", percent(expected.turnedAway));
  text += expectation("of those that run, beyond the SLA", percent(expected.late));

  const double twice = 2 * demand.rate;
  const Expected overloaded = expect(twice, demand.sla, service, limits);
  const double filling = overflow(twice, service, limits);
  text += fmt::format("\nexpected at {:g}/s, twice that\n", twice);
  if (limits.maxQueueSize > 0 && filling > 0) {
    text += expectation("no call is turned away for about",
                        duration(static_cast<double>(limits.maxQueueSize) / filling));
  }
  text += expectation("then rejected or timed out", percent(overloaded.turnedAway));
  text += expectation("of those that run, beyond the SLA", percent(overloaded.late));
  text += fmt::format("\nIf the service hangs, it holds at most {} calls.\n",
                      limits.maxConcurrent + limits.maxQueueSize);
  return text;
}

}  // namespace sizing
