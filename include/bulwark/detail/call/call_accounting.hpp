#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The accounting for the work of one call. Reads the clock only if the call holds permits.
class CallAccounting {
 public:
  template <typename F>
  void begin(const Grant& grant, F&) noexcept {
    beginBy(grant.limiter());
  }
  void end() noexcept {
    if (limiter_ != nullptr) end_ = limiter_->ticksAfter(start_);
  }
  Ticks ended() const noexcept { return end_; }
  /// The work has thrown, or its result is a failure.
  void fail() noexcept { how_ = Count::failed; }
  /// It ran for longer than its execution timeout.
  void overrun() noexcept { how_ = Count::overran; }
  bool failed() const noexcept { return how_ != Count::executed; }

  /// Counts the call and releases its permits. Returns as Limiter::finishCall().
  Limiter* close(Grant& grant) noexcept {
    Limiter* const limiter = grant.take();
    return limiter != nullptr ? limiter->finishCall(grant.held(), how_, start_, end_) : nullptr;
  }

 protected:
  /// @param limiter whose clock is read until end(); null: none is
  void beginBy(const Limiter* limiter) noexcept {
    limiter_ = limiter;
    if (limiter_ != nullptr) start_ = limiter_->ticks();
  }
  Ticks started() const noexcept { return start_; }
  Count how() const noexcept { return how_; }

 private:
  const Limiter* limiter_ = nullptr;
  Ticks start_{0};
  Ticks end_{0};
  Count how_ = Count::executed;
};

}  // namespace bulwark::detail
