#pragma once

#include <array>
#include <cstdint>

#include "bulwark/build.hpp"
#include "bulwark/detail/telemetry/histogram_recorder.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Adds up several recorders, since their last clear(), into one snapshot.
///
/// Thread safety: none for the merger. The recorders may be written at the same time.
class BULWARK_EXPORT HistogramMerger {
 public:
  void add(const HistogramRecorder& recorder) noexcept;
  HistogramSnapshot snapshot() const;

 private:
  std::array<std::uint64_t, BucketLayout::size> counts_{};
  std::uint64_t sum_ = 0;
  std::uint64_t min_ = UINT64_MAX;
  std::uint64_t max_ = 0;
};

}  // namespace bulwark::detail
