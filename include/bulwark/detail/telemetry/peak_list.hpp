#pragma once

#include <algorithm>
#include <mutex>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Reports the peaks of an admission core to any number of readers. Each reader gets the peaks
/// since its own last reading, however often other readers read in between.
///
/// Thread-safe. `mutex` is always the same one, the owner's. It guards the readers, and lets one
/// caller at a time take peaks.
class PeakList {
 public:
  class Reader {
    friend class PeakList;
    Admission::Peaks most_;  // of the intervals that have ended since its last reading
    Reader* next_ = nullptr;
  };

  /// The first reading reports the peaks since the last reset().
  void attach(Mutex& mutex, Reader& reader, const Admission& admission) noexcept {
    const std::lock_guard lock(mutex);
    const Admission::Numbers now = admission.numbers();
    reader.most_ = {.active = now.peakActive, .queued = now.peakQueued};
    reader.next_ = readers_;
    readers_ = &reader;
  }

  void detach(Mutex& mutex, Reader& reader) noexcept {
    const std::lock_guard lock(mutex);
    Reader** place = &readers_;
    while (*place != &reader) place = &(*place)->next_;
    *place = reader.next_;
  }

  /// The peaks since the reader's last reading. A reset() in between does not lower them.
  Admission::Peaks take(Mutex& mutex, Reader& reader, Admission& admission) noexcept {
    const std::lock_guard lock(mutex);
    endInterval(admission.takePeaks());
    return std::exchange(reader.most_, {});
  }

  /// Forgets the peaks of the core, together with whatever `resetAll` resets.
  template <typename ResetAll>
  void reset(Mutex& mutex, Admission& admission, ResetAll resetAll) noexcept {
    const std::lock_guard lock(mutex);
    resetAll();
    endInterval(admission.resetPeaks());
  }

 private:
  void endInterval(const Admission::Peaks& peaks) noexcept {
    for (Reader* reader = readers_; reader != nullptr; reader = reader->next_) {
      reader->most_.active = (std::max)(reader->most_.active, peaks.active);
      reader->most_.queued = (std::max)(reader->most_.queued, peaks.queued);
    }
  }

  Reader* readers_ = nullptr;
};

}  // namespace bulwark::detail
