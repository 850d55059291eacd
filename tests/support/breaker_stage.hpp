#pragma once

#include <bulwark/circuit_breaker.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(use_future.hpp)

#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using bulwark::CircuitState;
using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using Changes = std::vector<std::pair<CircuitState, CircuitState>>;

struct Sick : std::runtime_error {
  Sick() : std::runtime_error("the service is unwell") {}
};

/// A breaker and the state changes that its observer saw.
struct BreakerStage : Stage {
  explicit BreakerStage(bulwark::CircuitBreakerConfig config)
      : breaker(io, observed(std::move(config))) {}

  bulwark::CircuitBreakerConfig observed(bulwark::CircuitBreakerConfig config) {
    config.onStateChange = [this](CircuitState before, CircuitState after) {
      changes.emplace_back(before, after);
    };
    return config;
  }

  /// Runs one call to its end and returns its error code.
  net::error_code call(std::function<void()> fn) {
    Ending<> ending;
    breaker.execute(std::move(fn), ending.plain());
    settle();
    CHECK(ending.times == 1);
    last = ending.error;
    return ending.code;
  }
  bool succeed() {
    return !call([] {});
  }
  bool fail() {
    return call([] { throw Sick(); }) == net::error::fault;
  }
  bool refused() {
    return call([] {}) == Errc::circuitOpen;
  }

  Changes changes;
  std::exception_ptr last;  // of the last call()
  Breaker breaker;
};

/// A call that runs until the test ends it.
class Running {
 public:
  explicit Running(BreakerStage& stage) : stage_(stage), gate_(stage.io) {
    stage.breaker.execute(
        [this]() -> net::awaitable<void> {
          co_await gate_.pass();
          if (error_) std::rethrow_exception(error_);
        },
        net::bind_cancellation_slot(signal_.slot(), ending.plain()));
    stage.settle();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (ending.open()) succeed();
  }

  /// @param error null: the call succeeds
  void end(std::exception_ptr error) {
    error_ = std::move(error);
    gate_.open();
    stage_.settle();
  }
  void succeed() { end(nullptr); }
  template <typename Error>
  void fail(Error error) {
    end(std::make_exception_ptr(std::move(error)));
  }
  /// Cancels the call as its caller.
  void cancel() {
    signal_.emit(net::cancellation_type::terminal);
    stage_.settle();
  }

  Ending<> ending;

 private:
  BreakerStage& stage_;
  Gate gate_;
  net::cancellation_signal signal_;
  std::exception_ptr error_;
};

inline net::system_error aborted() { return net::system_error(net::error::operation_aborted); }

constexpr auto closed = CircuitState::closed;
constexpr auto opened = CircuitState::open;
constexpr auto halfOpen = CircuitState::halfOpen;
