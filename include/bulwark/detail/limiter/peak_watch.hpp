#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Reads the peaks of a limiter for one collector. Holds the limiter, so that it can be read after
/// the bulkhead has been destroyed.
class PeakWatch {
 public:
  explicit PeakWatch(Limiter& limiter) noexcept : limiter_(&limiter) {
    limiter.attachReader(reader_);
  }
  PeakWatch(const PeakWatch&) = delete;
  PeakWatch& operator=(const PeakWatch&) = delete;
  ~PeakWatch() { limiter_->detachReader(reader_); }

  Limiter& limiter() const noexcept { return *limiter_; }

  /// The peaks since the last call.
  Admission::Peaks take() noexcept { return limiter_->takePeaks(reader_); }

 private:
  const Ref<Limiter> limiter_;
  PeakList::Reader reader_;
};

}  // namespace bulwark::detail
