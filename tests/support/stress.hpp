#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A stress test: random operations from several threads on bulkheads and semaphores. It checks the
/// invariants that hold for every interleaving: every call completes exactly once, the permits in
/// use never exceed the limit, the statistics are exact, and all permits are released in the end.
///
///     stress::Report report = stress::run({.seed = 7, .operations = 1'000'000});
///
/// The seed determines the operations and the scheduler their order. A run consists of rounds. Each
/// round has a bulkhead on its own execution context, and a phase that lists what may happen in it
/// besides calls. Nothing waits for a time. The clock is only read to check that no timeout comes
/// too early.
///
/// The counters of the stress test itself are relaxed wherever threads pass them during the run. So
/// they do not order what the library has to order, and ThreadSanitizer sees only the library's
/// synchronisation.
namespace stress {

/// What may happen in a round besides calls.
struct Phase {
  bool resizes = false;  // updateConfig of limits and timeouts, up and down
  bool observes = false;  // switches between enforce and observe
  bool offs = false;  // switches to off, where calls are not counted
  bool drains = false;  // drain, drain with a timeout, resume
  bool resets = false;  // reset of the statistics
  bool replaces = false;  // moves, and replacement with calls outstanding
  bool abandons = false;  // at the end the context is destroyed before the bulkhead

  /// Whether the limit holds and never changes.
  bool bounded() const { return !resizes && !observes && !offs; }
};

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t operations = 100'000;
  unsigned threads = 4;  // that start calls, besides those of the contexts
  std::uint64_t roundSize = 10'000;
  bool bulkheads = true;
  bool semaphores = true;
  std::optional<Phase> phase{};  // random if not set
};

/// How a call ended, in its handler's view.
enum class End : std::size_t { executed, failed, rejected, timedOut, cancelled, drained, invalid };
inline constexpr std::size_t endKinds = 7;

struct Report {
  std::uint64_t operations = 0;
  std::uint64_t rounds = 0;
  std::uint64_t calls = 0;
  std::uint64_t abandoned = 0;  // destroyed uninvoked with their context
  std::uint64_t drains = 0;
  std::uint64_t replaced = 0;  // bulkheads destroyed with calls outstanding
  std::uint64_t saturated = 0;  // rounds without resize in which the limit was reached
  std::uint64_t bounded = 0;  // rounds without resize
  std::array<std::uint64_t, endKinds> ends{};
  std::vector<std::string> failures;
};

/// Runs the stress test. Failures are also printed to stderr at once, and calls that never end
/// abort the program.
Report run(const Options& options);

/// Describes the report in readable text.
std::string describe(const Options& options, const Report& report);

}  // namespace stress
