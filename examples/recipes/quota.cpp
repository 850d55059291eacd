// A provider that sells a number of requests an hour, and a circuit breaker that is tried out
// before it refuses anything.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

// [refused]
/// What a server answers if its request to the provider failed.
std::string answerTo(const std::exception_ptr& error) {
  if (const auto wait = bulwark::retryAfter(error)) {
    if (*wait == bulwark::noTimeout) return "503";
    return fmt::format("503, Retry-After: {}",
                       std::chrono::ceil<std::chrono::seconds>(*wait).count());
  }
  return bulwark::notExecuted(error) ? "503" : "502";
}
// [refused]

int main() {
  asio::io_context io;
  // [limiter]
  bulwark::RateLimiter quota{io, {.name = "provider", .permits = 100, .per = 1h, .burst = 3}};
  // [limiter]
  // [breaker]
  bulwark::CircuitBreaker breaker{io,
                                  {.name = "provider",
                                   .windowKind = bulwark::WindowKind::time,
                                   .slidingWindowTime = 5min,
                                   .mode = bulwark::Mode::observe}};
  breaker.setObserver([](const bulwark::BulkheadEvent& event) { fmt::print("{}\n", event); });
  // [breaker]

  int served = 0;
  std::string refusal;
  for (int i = 0; i < 4; ++i) {
    quota.execute([] { return std::string("an answer"); },
                  [&](std::exception_ptr error, std::string) {
                    if (!error) ++served;
                    if (error) refusal = answerTo(error);
                  });
  }
  io.run();
  fmt::print("{}\nserved {}, the fourth: {}\n", quota.stats(), served, refusal);
  const bool limited = served == 3 && refusal.starts_with("503, Retry-After: ");

  const auto fails = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      breaker.execute([] { throw std::runtime_error("down"); }, [](std::exception_ptr) {});
    }
    io.restart();
    io.run();
  };
  fails(10);
  fails(5);  // they would have been refused
  const bulwark::CircuitBreakerStats observed = breaker.stats();
  fmt::print("would have refused {}, refused {}\n", observed.wouldHaveRefused, observed.refused);

  // [enforce]
  breaker.updateConfig({.mode = bulwark::Mode::enforce});
  // [enforce]
  fails(2);
  fmt::print("refused {}\n", breaker.stats().refused);
  return limited && observed.wouldHaveRefused == 5 && observed.refused == 0 &&
                 breaker.stats().refused == 2
             ? 0
             : 1;
}
