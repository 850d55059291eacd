#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bulwark/build.hpp"
#include "bulwark/detail/histogram_recorder.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

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
/// ones one each on the heap. Who comes when maxShards - 1 threads have one shares the last. A
/// thread that ends leaves its shard to the next thread that gets the same thread-local address.
///
/// Recording never throws, takes no lock, and allocates only what a thread lacks. Where there is
/// no memory for that, the thread uses the shared shard; where there is none for a histogram, only
/// the duration is lost. A reset() zeroes nothing but remembers what there was, so that addTo()
/// goes on; where there is no memory for that, it zeroes.
class BULWARK_EXPORT Statistics {
 public:
  static constexpr std::size_t maxShards = 8;

  Statistics() noexcept = default;
  Statistics(const Statistics&) = delete;
  Statistics& operator=(const Statistics&) = delete;
  ~Statistics();

  void count(Count kind) noexcept { add(kind, 1); }

  /// Takes one back: what was counted turned out not to have happened. Sums wrap, so that it need
  /// not be the same thread. Where a reset() came between, one is missing that comes later; a sum
  /// reads as 0 at least.
  void uncount(Count kind) noexcept { add(kind, ~std::uint64_t{0}); }

  /// A call ended: counts it and how long it ran.
  void recordExecution(Count kind, std::chrono::nanoseconds duration) noexcept {
    if (!isFirst()) [[unlikely]]
      return recordElsewhere(kind, duration);
    HistogramRecorder* const histogram = first_.execution.load(std::memory_order_acquire);
    if (histogram == nullptr) [[unlikely]]
      return recordElsewhere(kind, duration);
    first_.add(kind, 1);
    histogram->recordExclusive(duration);
  }

  /// Makes the histogram of waiting times. Throws std::bad_alloc.
  void expectWaits();

  /// A call waited and then ran. expectWaits() went before.
  void recordWait(std::chrono::nanoseconds duration) noexcept {
    waits_.load(std::memory_order_acquire)->recordShared(duration);
  }

  /// Everything to zero. What is recorded at the same time counts as before it or after it. One
  /// caller at a time.
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

  /// Where addTo() adds what was ever counted, whatever reset() did. A histogram has the parts of
  /// HistogramRecorder::addTo(), and behind them its sum in nanoseconds.
  struct Totals {
    std::span<const std::size_t> ends;
    std::uint64_t* counts;  // countKinds of them
    std::uint64_t* execution;
    std::uint64_t* wait;
  };
  /// None of the numbers is less in a later call, but for uncount() and for want of memory in a
  /// reset().
  void addTo(const Totals& totals) const noexcept;

 private:
  using Counts = std::array<Atomic<std::uint64_t>, countKinds>;

  /// What one thread writes, on cache lines of its own. What it had before the reset `epoch` is in
  /// `cleared`, which the owner brings up to date when it next comes by; readers take a shard of an
  /// older epoch for zero. So no reset can be undone by an owner's plain store that was under way.
  struct alignas(64) Shard {
    Atomic<std::uint64_t> epoch{0};
    Counts counts{};
    Atomic<HistogramRecorder*> execution{nullptr};
    Atomic<Counts*> cleared{nullptr};  // made by the first clear()

    ~Shard() {
      delete execution.load(std::memory_order_relaxed);
      delete cleared.load(std::memory_order_relaxed);
    }

    /// For the owner alone.
    void add(Count kind, std::uint64_t by) noexcept {
      auto& counter = counts[static_cast<std::size_t>(kind)];
      counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    void addShared(Count kind, std::uint64_t by) noexcept {
      counts[static_cast<std::size_t>(kind)].fetch_add(by, std::memory_order_relaxed);
    }
    void clear() noexcept;
  };

  /// The shards of the second thread to the last but one, and whose they are: where a thread looks
  /// for its own, written only when one comes.
  struct alignas(64) Others {
    static constexpr std::size_t size = maxShards - 2;

    ~Others() {
      for (auto& shard : shards) delete shard.load(std::memory_order_relaxed);
    }

    std::array<Atomic<const void*>, size> owners{};
    std::array<Atomic<Shard*>, size> shards{};
  };

  void add(Count kind, std::uint64_t by) noexcept {
    if (isFirst()) [[likely]]
      return first_.add(kind, by);
    addElsewhere(kind, by);
  }
  void addElsewhere(Count kind, std::uint64_t by) noexcept;
  /// Into another shard, or one that has yet to be brought to this epoch or to get its histogram.
  void recordElsewhere(Count kind, std::chrono::nanoseconds duration) noexcept;

  /// An address that no other living thread has.
  static const void* thisThread() noexcept {
    static thread_local char token;
    return &token;
  }

  /// Whether this thread owns the first shard, and that is of this epoch: the common case, and all
  /// of it that is inlined.
  bool isFirst() const noexcept {
    return firstOwner_.load(std::memory_order_relaxed) == thisThread() &&
           first_.epoch.load(std::memory_order_relaxed) == epoch_.load(std::memory_order_acquire);
  }

  /// This thread's, of this epoch; null: it has none, and uses the shared one.
  Shard* ownShard() noexcept;
  Shard* findShard(const void* me) noexcept;
  template <typename F>
  void forEachShard(F f) const;

  Atomic<std::uint64_t> epoch_{0};
  Atomic<const void*> firstOwner_{nullptr};
  Atomic<Others*> others_{nullptr};
  Atomic<HistogramRecorder*> waits_{nullptr};
  Shard first_;
  Shard shared_;  // of whoever has none: by read-modify-write; cleared by reset()
};

}  // namespace bulwark::detail
