#pragma once

// The calls that the stress test makes: of every kind, with random options.

#include <chrono>
#include <cstddef>
#include <deque>

#include "support/stress.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/outcomes.hpp"
#include "support/stress/permits.hpp"
#include "support/stress/settings.hpp"
#include "support/stress_parts.hpp"

namespace stress {

/// A thread that starts calls.
struct Driver {
  Dice dice;
  std::deque<Call>& calls;
};

/// Starts calls on the current bulkhead. Thread-safe.
template <typename Target>
class Calls {
  using Bulkhead = typename Target::Type;

 public:
  Calls(const Phase& phase, Generations<Target>& generations, Permits& permits, Sessions& sessions,
        Outstanding& outstanding, Outcomes& outcomes) noexcept
      : phase_(phase),
        generations_(generations),
        permits_(permits),
        sessions_(sessions),
        outstanding_(outstanding),
        outcomes_(outcomes) {}

  /// Makes a call with random options, which one of the functions below starts.
  Call& newCall(Driver& driver);

  /// Starts a call by start(bulkhead, ask).
  template <typename Start>
  void start(Call& call, Start with) {
    outstanding_.begin();
    launch(call, with);
  }
  void execute(Call& call);
  void executeAwaitable(Call& call, std::size_t hops);
  void acquire(Call& call);
  /// The work of a callable.
  std::size_t work(Call& call);

  /// A call with a cancellation slot: it is started, cancelled and completed on its session's
  /// strand.
  void inSession(Driver& driver);
  /// Cancels the current call of some session, which may have ended long ago.
  void emit(Dice& dice);

  void tryAcquire(Driver& driver);
  /// Blocks for a short while at most, because a blocked thread releases no permits.
  void block(Driver& driver);

  void drain(Driver& driver);

 private:
  /// Called right before the call is started.
  static Ask begin(Call& call, Generation& generation);
  static void beginDrain(Call& call);

  template <typename Start>
  void launch(Call& call, Start with) {
    generations_.use([&](Bulkhead& bulkhead, Generation& generation) {
      try {
        with(bulkhead, begin(call, generation));
      } catch (...) {
        outcomes_.fail("an initiating function threw");
      }
    });
  }

  const Phase& phase_;
  Generations<Target>& generations_;
  Permits& permits_;
  Sessions& sessions_;
  Outstanding& outstanding_;
  Outcomes& outcomes_;
};

}  // namespace stress
