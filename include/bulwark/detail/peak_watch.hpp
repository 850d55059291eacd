#pragma once

#include "bulwark/build.hpp"
#include "bulwark/detail/compartment.hpp"
#include "bulwark/detail/shared_state.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Somebody who asks a compartment for its peaks now and then, and each time wants those since he
/// asked last, however many others ask between. Holds the compartment, so that it may be asked
/// when the bulkhead is gone.
class PeakWatch {
 public:
  /// The first answer is for the time since the last reset().
  explicit PeakWatch(Compartment& compartment) noexcept : compartment_(&compartment) {
    compartment.watch(*this);
  }
  PeakWatch(const PeakWatch&) = delete;
  PeakWatch& operator=(const PeakWatch&) = delete;
  ~PeakWatch() { compartment_->unwatch(*this); }

  Compartment& compartment() const noexcept { return *compartment_; }

  /// The peaks since the last time; a reset() between does not lower them.
  Admission::Peaks take() noexcept { return compartment_->takePeaks(*this); }

 private:
  friend class Compartment;

  const Ref<Compartment> compartment_;
  // Under the compartment's lock for those who watch it.
  Admission::Peaks most_;  // of the intervals that ended since the last time
  PeakWatch* next_ = nullptr;
};

}  // namespace bulwark::detail
