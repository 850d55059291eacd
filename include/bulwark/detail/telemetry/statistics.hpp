#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/telemetry/histogram_recorder.hpp"
#include "bulwark/detail/telemetry/thread_seat.hpp"
#include "bulwark/histogram.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What the statistics count. The first six are what calls count most often.
enum class Count : std::uint8_t {
  executed,
  failed,
  acquired,  ///< semaphores: granted
  rejected,
  timedOut,
  cancelled,
  drained,
  overLimit,  ///< observe mode: would have waited or been rejected
  overran  ///< ran for longer than its execution timeout
};
inline constexpr std::size_t countKinds = 9;

/// The counters and histograms of one bulkhead, written by any number of threads.
///
/// A counter that several threads write costs them more than the permit itself. So each thread
/// writes a shard of its own, without a read-modify-write. The shard is made when the thread first
/// records something. It belongs to the seat of the thread (ThreadSeat): when the thread ends, the
/// next thread on that seat goes on with it. So there are never more shards than threads lived at
/// once. Threads without a shard share a set of counters that is built in.
///
/// Recording never throws and takes no lock. It allocates the shard of a thread and its histogram
/// once. Without memory for the shard, or without a seat, the thread uses the shared counters;
/// without memory for the histogram, only the duration is lost. reset() stores no zero: it
/// remembers the numbers, so that addTo() goes on counting. Without memory for that, it does store
/// zeros.
///
/// Thread-safe, except that one thread at a time may reset().
class BULWARK_EXPORT Statistics {
 public:
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
    Shard& own = *first_.shard.load(std::memory_order_relaxed);
    // relaxed, also for the shard: this thread stored both, or the one before it on its seat
    HistogramRecorder* const histogram = own.extras.execution.load(std::memory_order_relaxed);
    if (histogram == nullptr) [[unlikely]]
      return recordElsewhere(kind, duration);
    own.add(kind, 1);
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
  /// Allocates what reset() needs. Any thread may call it. A caller that resets under a lock calls
  /// it before.
  void prepareReset() noexcept;

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

  /// What belongs to a set of counts, each made when it is first needed.
  struct Extras {
    Atomic<HistogramRecorder*> execution{nullptr};  // null: no duration was recorded
    Atomic<Counts*> cleared{nullptr};  // the counts at the last clear(); null: there was none

    Extras() noexcept = default;
    Extras(const Extras&) = delete;
    Extras& operator=(const Extras&) = delete;
    ~Extras();
    /// Remembers the counts, and clears the histogram. The owner of a shard calls this; for the
    /// shared counts, reset().
    void clear(Counts& counts) noexcept;
  };

  /// The numbers of one thread, on cache lines of its own. A call that runs touches the first one
  /// only. Only the owner writes the numbers, by a load and a store. So reset() must not write
  /// them: it would be undone by a store that was under way. Instead it starts a new epoch, and the
  /// owner clears its shard when it next records something. Until then the epoch of the shard is an
  /// older one, and read() takes its numbers for zero.
  struct alignas(64) Shard {
    Extras extras;
    Counts counts{};  // since construction
    Atomic<std::uint64_t> epoch{0};  // the epoch for which the owner last cleared the shard

    /// Only the owner calls this.
    void add(Count kind, std::uint64_t by) noexcept {
      auto& counter = counts[static_cast<std::size_t>(kind)];
      counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
  };

  /// A shard and its owner. Both are filled once: a shard keeps its slot, and its owner is from
  /// then on the thread on that seat.
  struct Slot {
    Slot() noexcept = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { delete shard.load(std::memory_order_relaxed); }

    /// Fills the slot with `fresh`. False: another thread was first.
    bool claim(ThreadSeat::Id me, Shard* fresh) noexcept;

    Atomic<ThreadSeat::Id> owner{0};  // 0: free; of first_ with the flag `marked`, too
    Atomic<Shard*> shard{nullptr};  // null for a moment after `owner` is set; only readers see that
  };
  /// A flag of first_.owner: a reset() came. The owner has to look at its shard.
  static constexpr ThreadSeat::Id marked = 1;

  template <std::size_t size>
  struct Slots;
  struct Others;

  void add(Count kind, std::uint64_t by) noexcept {
    if (isFirst()) [[likely]]
      return first_.shard.load(std::memory_order_relaxed)->add(kind, by);
    addElsewhere(kind, by);
  }
  void addElsewhere(Count kind, std::uint64_t by) noexcept;
  /// recordExecution() for a thread without the first shard, or whose shard has to be cleared or
  /// needs a histogram.
  void recordElsewhere(Count kind, std::chrono::nanoseconds duration) noexcept;

  /// Whether this thread owns the first shard, and that is of the present epoch. Only this common
  /// case is inline. Relaxed, because only this thread writes its own seat there.
  bool isFirst() const noexcept {
    return first_.owner.load(std::memory_order_relaxed) == ThreadSeat::mine();
  }

  /// The shard of this thread, brought to the present epoch. Null: it uses the shared counts.
  Shard* ownShard() noexcept;
  Shard* findShard(ThreadSeat::Id me) noexcept;
  Shard* makeShard(ThreadSeat::Id me) noexcept;
  bool usesShared() const noexcept;
  template <typename F>
  void forEachShard(F f) const;

  /// The number of resets that have begun.
  static std::uint64_t epochOf(std::uint64_t resets) noexcept { return (resets + 1) / 2; }

  // Every thread that records something reads these five, and they are seldom written.
  Slot first_;  // of the first thread that recorded something
  Atomic<Others*> others_{nullptr};  // null until a second thread records something
  Atomic<std::uint64_t> resets_{0};  // twice the number of resets; odd: a reset is under way
  Atomic<HistogramRecorder*> waits_{nullptr};  // null until ensureWaitHistogram()
  // Of all threads without a shard, since construction. They write it by read-modify-writes.
  Counts shared_{};
};

}  // namespace bulwark::detail
