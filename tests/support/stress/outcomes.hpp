#pragma once

// How calls end: exactly once, and as they were asked to.

#include <bulwark/asio.hpp>
#include <bulwark/permit.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "support/stress.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/journal.hpp"
#include "support/stress/permits.hpp"
#include "support/stress_parts.hpp"

namespace stress {

class Outcomes;

struct Thrown {};  // thrown by the stress test's callables

/// A call or a drain, and what its handler saw.
struct Call {
  Call(Outcomes& owner, std::size_t permits, std::optional<std::chrono::nanoseconds> patience)
      : outcomes(owner), weight(permits), timeout(patience) {}

  Outcomes& outcomes;
  Generation* generation = nullptr;
  std::size_t weight;
  std::optional<std::chrono::nanoseconds> timeout;
  std::chrono::steady_clock::time_point begun{};
  Session* session = nullptr;
  bool throws = false;
  bool ran = false;
  bool drain = false;
  std::atomic<unsigned> completions{0};
  std::atomic<unsigned> drops{0};
};

/// Checks how each call ends, and counts it. Thread-safe.
class Outcomes {
 public:
  Outcomes(const Phase& phase, Journal& journal, Permits& permits, Sessions& sessions,
           Outstanding& outstanding) noexcept
      : phase_(phase),
        journal_(journal),
        permits_(permits),
        sessions_(sessions),
        outstanding_(outstanding) {}

  // --- called by the handlers --------------------------------------------------------------------

  void executed(Call& call, const std::exception_ptr& error);
  void acquired(Call& call, net::error_code error, bulwark::Permit permit);
  void drainEnded(Call& call, net::error_code error);
  /// A handler was destroyed uninvoked.
  void dropped(Call& call) noexcept;

  // --- called where there is no handler ----------------------------------------------------------

  /// Records how a call ended, from its caller's view.
  void finish(Call& call, End end);
  void complete(Call& call);

  void fail(const std::string& what) { journal_.fail(what); }

 private:
  void refused(Call& call, net::error_code error);
  void checkRequest(const Call& call);
  void checkStrand(const Call& call);
  void over(Call& call);

  const Phase& phase_;
  Journal& journal_;
  Permits& permits_;
  Sessions& sessions_;
  Outstanding& outstanding_;
};

/// A member of a handler that reports when the handler is destroyed uninvoked.
class Notice {
 public:
  explicit Notice(Call& call) noexcept : call_(&call), armed_(true) {}
  Notice(Notice&& other) noexcept
      : call_(other.call_), armed_(std::exchange(other.armed_, false)) {}
  Notice& operator=(Notice&&) = delete;
  ~Notice() {
    if (armed_) call_->outcomes.dropped(*call_);
  }
  Call& fire() noexcept {
    armed_ = false;
    return *call_;
  }

 private:
  Call* call_;
  bool armed_;
};

struct OnExecuted {
  Notice notice;
  void operator()(std::exception_ptr error) {
    Call& call = notice.fire();
    call.outcomes.executed(call, error);
  }
  void operator()(std::exception_ptr error, std::size_t value) {
    Call& call = notice.fire();
    if (!error && value != call.weight) call.outcomes.fail("a result was lost");
    call.outcomes.executed(call, error);
  }
};

struct OnAcquired {
  Notice notice;
  void operator()(net::error_code error, bulwark::Permit permit) {
    Call& call = notice.fire();
    call.outcomes.acquired(call, error, std::move(permit));
  }
};

struct OnDrained {
  Notice notice;
  void operator()(net::error_code error) {
    Call& call = notice.fire();
    call.outcomes.drainEnded(call, error);
  }
};

}  // namespace stress
