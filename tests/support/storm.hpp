#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Random operations from several threads on bulkheads and semaphores, and the invariants that hold
/// whatever the interleaving: every call completes exactly once, never more inside than the limit,
/// exact books, all permits back.
///
///     storm::Report report = storm::run({.seed = 7, .operations = 1'000'000});
///
/// The seed decides what is done, the scheduler in which order. A storm is made of rounds; each has
/// a bulkhead on an execution context of its own, and a phase that says what may happen in it
/// besides calls. Nothing waits for a time: the clock is only asked whether a timeout came too
/// early.
///
/// The storm's own counters are relaxed wherever the threads that it watches come by, so that they
/// do not order what the library has to order, and ThreadSanitizer sees the library's
/// synchronisation alone.
namespace storm {

/// What may happen in a round besides calls.
struct Phase {
  bool resizes = false;  // updateConfig of limits and timeouts, up and down
  bool observes = false;  // switches between enforce and observe
  bool offs = false;  // switches to off, whose calls nobody counts
  bool drains = false;  // drain, drain within, resume
  bool resets = false;  // reset of the statistics
  bool replaces = false;  // destruction with calls outstanding and a new one, moves
  bool abandons = false;  // at the end the context goes before the bulkhead
};

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t operations = 100'000;
  unsigned threads = 4;  // that start calls; contexts have their own
  std::uint64_t roundSize = 10'000;
  bool bulkheads = true;
  bool semaphores = true;
  std::optional<Phase> phase{};  // random where it is not given
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

/// Runs it. What fails is said on stderr at once, too; calls that never end abort the program.
Report run(const Options& options);

/// For a person.
std::string describe(const Options& options, const Report& report);

}  // namespace storm
