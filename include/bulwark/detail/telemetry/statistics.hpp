#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/telemetry/histogram_recorder.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What the statistics count. The first six are the ways in which a call ends (docs/design.md).
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
/// A counter that several threads write costs them more than the permit itself. So each thread
/// writes a shard of its own, without a read-modify-write: the first thread writes the one that is
/// built in, each of the later threads one on the heap. When maxShards - 1 threads have a shard,
/// all further threads share the last one. A thread that ends leaves its shard to the next thread
/// that gets the same thread-local address.
///
/// Recording never throws and takes no lock. It allocates the shard of a thread and its histogram
/// once. Without memory for the shard, the thread uses the shared one; without memory for the
/// histogram, only the duration is lost. reset() stores no zero: it remembers the numbers, so that
/// addTo() goes on counting. Without memory for that, it does store zeros.
///
/// Thread-safe, except that one thread at a time may reset().
class BULWARK_EXPORT Statistics {
 public:
  static constexpr std::size_t maxShards = 8;

  Statistics() noexcept = default;
  Statistics(const Statistics&) = delete;
  Statistics& operator=(const Statistics&) = delete;
  ~Statistics();

  void count(Count kind) noexcept { add(kind, 1); }

  /// Takes back a count of something that did not happen after all. Any thread may do so, because
  /// only the sum over the shards counts, and it wraps. If a reset() came in between, the sum is
  /// one too low from then on, but never reads as less than 0.
  void uncount(Count kind) noexcept { add(kind, ~std::uint64_t{0}); }

  /// Counts a call that has ended, and the time that it ran.
  void recordExecution(Count kind, std::chrono::nanoseconds duration) noexcept {
    if (!isFirst()) [[unlikely]]
      return recordElsewhere(kind, duration);
    // acquire: pairs with the release of the thread that made it, as for waits_ below
    HistogramRecorder* const histogram = first_.execution.load(std::memory_order_acquire);
    if (histogram == nullptr) [[unlikely]]
      return recordElsewhere(kind, duration);
    first_.add(kind, 1);
    histogram->recordExclusive(duration);
  }

  /// Makes the histogram of waiting times. Throws std::bad_alloc.
  void ensureWaitHistogram();

  /// Records the wait of a call that then ran. ensureWaitHistogram() must have returned before.
  void recordWait(std::chrono::nanoseconds duration) noexcept {
    waits_.load(std::memory_order_acquire)->recordShared(duration);
  }

  /// Makes read() start again at zero. What is recorded at the same time counts as recorded before
  /// or after. One caller at a time.
  void reset() noexcept;

  struct Snapshot {
    std::array<std::uint64_t, countKinds> counts{};
    HistogramSnapshot execution;
    HistogramSnapshot wait;

    std::uint64_t operator[](Count kind) const noexcept {
      return counts[static_cast<std::size_t>(kind)];
    }
  };
  /// What was recorded since the last reset(). Takes no lock. Tries again if a reset() comes in
  /// between.
  Snapshot read() const;

  /// Where addTo() adds the numbers since construction. A histogram has the parts of
  /// HistogramRecorder::addTo(), and behind them its sum in nanoseconds.
  struct Totals {
    std::span<const std::size_t> ends;
    std::uint64_t* counts;  // countKinds of them
    std::uint64_t* execution;
    std::uint64_t* wait;
  };
  /// No number decreases from one call to the next, unless uncount() takes one back or a reset()
  /// has no memory.
  void addTo(const Totals& totals) const noexcept;

 private:
  using Counts = std::array<Atomic<std::uint64_t>, countKinds>;

  /// The numbers of one thread, on cache lines of its own. Only the owner writes them, by a load
  /// and a store. So reset() must not write them: it would be undone by a store that was under way.
  /// Instead it starts a new epoch, and the owner clears its shard when it next records something.
  /// Until then the epoch of the shard is an older one, and read() takes its numbers for zero.
  struct alignas(64) Shard {
    Atomic<std::uint64_t> epoch{0};  // the epoch for which the owner last cleared the shard
    Counts counts{};  // since construction
    Atomic<HistogramRecorder*> execution{nullptr};  // null: no duration was recorded
    Atomic<Counts*> cleared{nullptr};  // `counts` at the last clear(); null: there was none

    ~Shard() {
      delete execution.load(std::memory_order_relaxed);
      delete cleared.load(std::memory_order_relaxed);
    }

    /// Only the owner calls this.
    void add(Count kind, std::uint64_t by) noexcept {
      auto& counter = counts[static_cast<std::size_t>(kind)];
      counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    /// For the shared shard.
    void addShared(Count kind, std::uint64_t by) noexcept {
      counts[static_cast<std::size_t>(kind)].fetch_add(by, std::memory_order_relaxed);
    }
    /// Only the owner calls this; for the shared shard, reset().
    void clear() noexcept;
  };

  /// The shards on the heap and their owners. A thread searches it for its own shard. It is written
  /// only when a thread gets a shard.
  struct alignas(64) Others {
    static constexpr std::size_t size = maxShards - 2;

    ~Others() {
      for (auto& shard : shards) delete shard.load(std::memory_order_relaxed);
    }

    // Both are filled from the start. owners[i] is thisThread() of the owner; null: free. shards[i]
    // is null for a moment after owners[i] is set; only readers see that.
    std::array<Atomic<const void*>, size> owners{};
    std::array<Atomic<Shard*>, size> shards{};
  };

  void add(Count kind, std::uint64_t by) noexcept {
    if (isFirst()) [[likely]]
      return first_.add(kind, by);
    addElsewhere(kind, by);
  }
  void addElsewhere(Count kind, std::uint64_t by) noexcept;
  /// recordExecution() for a thread without the first shard, or whose shard has to be cleared or
  /// needs a histogram.
  void recordElsewhere(Count kind, std::chrono::nanoseconds duration) noexcept;

  /// An address that no other living thread has.
  static const void* thisThread() noexcept {
    static thread_local char token;
    return &token;
  }

  /// Whether this thread owns the first shard, and that is of the present epoch. Only this common
  /// case is inline. The epoch of the shard is relaxed, because this thread wrote it. The acquire
  /// pairs with reset().
  bool isFirst() const noexcept {
    return firstOwner_.load(std::memory_order_relaxed) == thisThread() &&
           first_.epoch.load(std::memory_order_relaxed) == epoch_.load(std::memory_order_acquire);
  }

  /// The shard of this thread, brought to the present epoch. Null: it uses the shared one.
  Shard* ownShard() noexcept;
  /// The shard of a thread that does not own the first one yet. Takes a free shard if it has none.
  Shard* findShard(const void* me) noexcept;
  template <typename F>
  void forEachShard(F f) const;

  Shard first_;
  Shard shared_;  // of all threads without a shard, which write it by read-modify-write
  Atomic<std::uint64_t> epoch_{0};  // the number of resets
  Atomic<const void*> firstOwner_{nullptr};  // thisThread() of the owner of first_; null: free
  Atomic<Others*> others_{nullptr};  // null until a second thread records something
  Atomic<HistogramRecorder*> waits_{nullptr};  // null until ensureWaitHistogram()
};

}  // namespace bulwark::detail
