#pragma once

// A round of the stress test: one target on one execution context, under several threads.

#include <bulwark/asio.hpp>

#include BULWARK_NET(thread_pool.hpp)

#include <cstdint>
#include <memory>

#include "support/stress.hpp"
#include "support/stress/calls.hpp"
#include "support/stress/changes.hpp"
#include "support/stress/checks.hpp"
#include "support/stress/context.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/journal.hpp"
#include "support/stress/outcomes.hpp"
#include "support/stress/permits.hpp"
#include "support/stress_parts.hpp"

namespace stress {

/// Owns everything that a round needs. Construction makes the first bulkhead.
template <typename Target>
class Round {
  using Executor = typename Target::Type::executor_type;

 public:
  Round(const Options& options, const Phase& phase, std::uint64_t seed, std::uint64_t operations,
        Journal& journal);

  /// Runs the round, and adds it to the report. Call it once.
  void run(Report& report);

 private:
  /// One random operation of a driver thread.
  void operate(Driver& driver);

  void settle();
  void part();
  void abandon();

  const Phase phase_;
  const unsigned threads_;
  const std::uint64_t operations_;
  Journal& journal_;
  Dice dice_;
  const ContextKind kind_;

  std::unique_ptr<net::thread_pool> client_;  // where sessions run
  std::unique_ptr<Context> context_;  // where the bulkhead's calls run
  Generations<Target> generations_;
  Sessions sessions_{*client_, 32};
  Outstanding outstanding_;

  Permits permits_{phase_, journal_};
  Outcomes outcomes_{phase_, journal_, permits_, sessions_, outstanding_};
  Calls<Target> calls_{phase_, generations_, permits_, sessions_, outstanding_, outcomes_};
  Changes<Target> changes_{phase_, journal_, generations_, calls_};
  Checks<Target> checks_{phase_, journal_, generations_};
};

}  // namespace stress
