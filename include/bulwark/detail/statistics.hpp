#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "bulwark/detail/histogram_recorder.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::detail {

/// What is counted of calls. The first six are the ends of a call (docs/design.md).
enum class Count : std::uint8_t {
  executed,
  failed,
  rejected,
  timedOut,
  cancelled,
  drained,
  overLimit,  ///< observe mode: would have waited or been rejected
  acquired    ///< semaphores: granted
};
inline constexpr std::size_t countKinds = 8;

/// The counters and histograms of one bulkhead, written by any number of threads.
///
/// A counter that threads share costs them more than the permit itself, so each thread writes a
/// shard of its own, without a read-modify-write: the first thread the one that is built in, later
/// ones a new shard each, up to maxShards. The last shard is shared by whoever comes after that. A
/// thread that ends leaves its shard to the next thread that gets the same thread-local address.
///
/// Recording never throws, takes no lock, and allocates only a thread's first time. Where there is
/// no memory for that, counts go to a spare row of shared counters and stay exact; only durations
/// are lost.
class Statistics {
 public:
  static constexpr std::size_t maxShards = 8;

  Statistics() noexcept = default;
  Statistics(const Statistics&) = delete;
  Statistics& operator=(const Statistics&) = delete;
  ~Statistics();

  void count(Count kind) noexcept { add(kind, 1); }

  /// Takes one back: what was counted turned out not to have happened. Sums wrap, so that it need
  /// not be the same thread.
  void uncount(Count kind) noexcept { add(kind, ~std::uint64_t{0}); }

  /// A call ended: counts it and how long it ran.
  void recordExecution(Count kind, std::chrono::nanoseconds duration) noexcept {
    const Local local = localShard();
    if (local.shard == nullptr) [[unlikely]]
      return spill(kind, 1);
    local.add(kind, 1);
    HistogramRecorder* histogram = local.shard->execution.load(std::memory_order_acquire);
    if (histogram == nullptr) [[unlikely]] {
      histogram = makeHistogram(local.shard->execution);
      if (histogram == nullptr) return;  // no memory: the call is counted, its duration is lost
    }
    if (local.exclusive) [[likely]] {
      histogram->recordExclusive(duration);
    } else {
      histogram->recordShared(duration);
    }
  }

  /// Makes the histogram of waiting times. Throws std::bad_alloc.
  void expectWaits();

  /// A call waited and then ran. expectWaits() went before.
  void recordWait(std::chrono::nanoseconds duration) noexcept {
    waits_.load(std::memory_order_acquire)->recordShared(duration);
  }

  /// Everything to zero. What is recorded at the same time counts as before it or after it.
  void reset() noexcept;

  struct Snapshot {
    std::array<std::uint64_t, countKinds> counts{};
    HistogramSnapshot execution;
    HistogramSnapshot wait;

    std::uint64_t operator[](Count kind) const noexcept {
      return counts[static_cast<std::size_t>(kind)];
    }
  };
  Snapshot read() const;

 private:
  /// What one thread writes. Its numbers belong to the reset `epoch`: the owner zeroes them when it
  /// next comes by, and readers take a shard of an older epoch for zero. So no reset can be undone
  /// by an owner's plain store that was under way.
  struct Shard {
    std::atomic<const void*> owner{nullptr};  // null: nobody's, or shared if it is the last
    std::atomic<std::uint64_t> epoch{0};
    std::array<std::atomic<std::uint64_t>, countKinds> counts{};
    std::atomic<HistogramRecorder*> execution{nullptr};
    std::atomic<Shard*> next{nullptr};

    ~Shard() { delete execution.load(std::memory_order_relaxed); }
    void clear() noexcept;
  };

  struct Local {
    Shard* shard;  // null: no memory for one
    bool exclusive;

    void add(Count kind, std::uint64_t by) const noexcept {
      auto& counter = shard->counts[static_cast<std::size_t>(kind)];
      if (exclusive) [[likely]] {
        counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
      } else {
        counter.fetch_add(by, std::memory_order_relaxed);
      }
    }
  };

  void add(Count kind, std::uint64_t by) noexcept {
    const Local local = localShard();
    if (local.shard == nullptr) [[unlikely]]
      return spill(kind, by);
    local.add(kind, by);
  }

  void spill(Count kind, std::uint64_t by) noexcept {
    spilled_[static_cast<std::size_t>(kind)].fetch_add(by, std::memory_order_relaxed);
  }

  /// An address that no other living thread has.
  static const void* thisThread() noexcept {
    static thread_local char token;
    return &token;
  }

  Local localShard() noexcept {
    const void* me = thisThread();
    Shard* shard = &first_;
    if (first_.owner.load(std::memory_order_relaxed) != me) [[unlikely]] {
      const Local other = findShard(me);
      if (!other.exclusive) return other;
      shard = other.shard;
    }
    const auto epoch = epoch_.load(std::memory_order_acquire);
    if (shard->epoch.load(std::memory_order_relaxed) != epoch) [[unlikely]] {
      shard->clear();
      shard->epoch.store(epoch, std::memory_order_release);
    }
    return {shard, true};
  }

  Local findShard(const void* me) noexcept;
  static HistogramRecorder* makeHistogram(std::atomic<HistogramRecorder*>& place) noexcept;

  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<HistogramRecorder*> waits_{nullptr};
  std::array<std::atomic<std::uint64_t>, countKinds> spilled_{};
  Shard first_;
};

}  // namespace bulwark::detail
