#include "bulwark/detail/telemetry/statistics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

#include "bulwark/detail/core/make_once.hpp"
#include "bulwark/detail/telemetry/histogram_merger.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

// --- the shards ---------------------------------------------------------------------------------

/// A table of slots, and the larger one behind it. The seat of a thread selects one slot in each
/// table. The thread has the first of these that was free when it came, so it never has to look
/// further than at the first free one. Seats are dense: few threads meet in a slot, and few tables
/// are needed.
template <std::size_t size>
struct alignas(64) Statistics::Slots {
  static constexpr std::size_t furtherSize =
      size < ThreadSeat::seats - 1 ? 8 * std::bit_ceil(size) - 1 : 0;

  Slots() noexcept = default;
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;
  ~Slots() { delete further.load(std::memory_order_relaxed); }

  Shard* find(ThreadSeat::Id me) const noexcept {
    const Slot& slot = slots[ThreadSeat::placeOf(me, size)];
    // relaxed: what this thread looks for, it stored itself, or the thread before it on its seat
    const ThreadSeat::Id owner = slot.owner.load(std::memory_order_relaxed);
    if (owner == me) return slot.shard.load(std::memory_order_relaxed);
    if constexpr (furtherSize != 0) {
      if (owner == 0) return nullptr;
      // acquire, here and below: pairs with makeOnce()
      if (const auto* next = further.load(std::memory_order_acquire)) return next->find(me);
    }
    return nullptr;
  }

  /// False: all slots of this thread belong to others, or there is no memory.
  bool claim(ThreadSeat::Id me, Shard* fresh) noexcept {
    if (slots[ThreadSeat::placeOf(me, size)].claim(me, fresh)) return true;
    if constexpr (furtherSize != 0) {
      if (auto* next = makeOnce(further)) return next->claim(me, fresh);
    }
    return false;
  }

  template <typename F>
  void forEach(F& f) const {
    for (const Slot& slot : slots) {
      // acquire: pairs with the release in Slot::claim()
      if (const Shard* shard = slot.shard.load(std::memory_order_acquire)) f(*shard);
    }
    if constexpr (furtherSize != 0) {
      if (const auto* next = further.load(std::memory_order_acquire)) next->forEach(f);
    }
  }

  std::array<Slot, size> slots;
  Atomic<Slots<furtherSize>*> further{nullptr};  // null until a thread found its slot taken
};

template <>
struct Statistics::Slots<0> {};  // there is no larger table

/// What a bulkhead needs that a second thread uses. Two cache lines.
struct Statistics::Others : Slots<6> {
  Extras shared;  // of shared_
};

bool Statistics::Slot::claim(ThreadSeat::Id me, Shard* fresh) noexcept {
  // The load comes first because a failing exchange, too, takes the cache line from all other
  // cores. Success: the slot belongs to this thread. Failure: another thread has taken it, or has
  // marked it. acq_rel: pairs with the mark of a reset(). If that came before, the epoch that
  // ownShard() loads afterwards is the new one; if it comes after, this thread sees the mark.
  auto free = owner.load(std::memory_order_relaxed);
  if ((free & ~marked) != 0 ||
      !owner.compare_exchange_strong(free, me, std::memory_order_acq_rel)) {
    return false;
  }
  shard.store(fresh, std::memory_order_release);  // pairs with the acquire in forEachShard()
  return true;
}

Statistics::Extras::~Extras() {
  delete execution.load(std::memory_order_relaxed);
  delete cleared.load(std::memory_order_relaxed);
}

// The caller has done a release fence. It pairs with the acquire fence in read(): a reader that saw
// one of the stores below sees the new epoch there, and tries again.
void Statistics::Extras::clear(Counts& counts) noexcept {
  Counts* const was = makeOnce(cleared);
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    if (was != nullptr) {
      (*was)[kind].store(counts[kind].load(std::memory_order_relaxed), std::memory_order_relaxed);
    } else {
      counts[kind].store(0, std::memory_order_relaxed);
    }
  }
  // acquire: pairs with makeOnce(). Another thread may have made the histogram of the shared
  // counts.
  if (auto* histogram = execution.load(std::memory_order_acquire)) histogram->clear();
}

namespace {

/// A sum may lack a count that another thread has taken back: the shard with the count was read
/// before it, or a reset() came in between. Such a sum would read as a huge number.
void atLeastZero(std::span<std::uint64_t> sums) noexcept {
  for (auto& sum : sums) {
    if (static_cast<std::int64_t>(sum) < 0) sum = 0;
  }
}

constexpr std::size_t cacheLine = 64;

template <typename T>
void prefetch([[maybe_unused]] const T& object, [[maybe_unused]] std::size_t from) noexcept {
#if defined(__GNUC__)
  const char* const begin = reinterpret_cast<const char*>(&object);
  for (std::size_t at = from; at < sizeof(T); at += cacheLine) __builtin_prefetch(begin + at);
  __builtin_prefetch(begin + sizeof(T) - 1);
#endif
}

/// Prefetches what lies behind the buckets.
void prefetchEnd(const HistogramRecorder& histogram) noexcept {
  prefetch(histogram, sizeof(histogram) - cacheLine);
}

}  // namespace

Statistics::~Statistics() {
  delete others_.load(std::memory_order_relaxed);
  delete waits_.load(std::memory_order_relaxed);
}

/// Null: this thread has no shard here.
Statistics::Shard* Statistics::findShard(ThreadSeat::Id me) noexcept {
  const auto first = first_.owner.load(std::memory_order_relaxed);
  if ((first & ~marked) == me) {
    // The mark goes before the caller loads the epoch: a reset() that comes later sets it again.
    // acq_rel: pairs with reset(), so that the caller sees the epoch of the reset that marked it
    if (first != me) first_.owner.fetch_and(~marked, std::memory_order_acq_rel);
    return first_.shard.load(std::memory_order_relaxed);
  }
  // acquire: pairs with makeOnce()
  const Others* const others = others_.load(std::memory_order_acquire);
  return others != nullptr ? others->find(me) : nullptr;
}

/// Null: there is no memory, or no slot.
Statistics::Shard* Statistics::makeShard(ThreadSeat::Id me) noexcept {
  std::unique_ptr<Shard> fresh(new (std::nothrow) Shard);
  if (fresh == nullptr) return nullptr;
  // acquire: pairs with the release in reset()
  fresh->epoch.store(epochOf(resets_.load(std::memory_order_acquire)), std::memory_order_relaxed);
  if (first_.claim(me, fresh.get())) return fresh.release();
  Others* const others = makeOnce(others_);
  if (others != nullptr && others->claim(me, fresh.get())) return fresh.release();
  return nullptr;
}

Statistics::Shard* Statistics::ownShard() noexcept {
  const auto me =
      ThreadSeat::mine() != ThreadSeat::unknown ? ThreadSeat::mine() : ThreadSeat::take();
  if (me == ThreadSeat::none) return nullptr;
  Shard* own = findShard(me);
  if (own == nullptr) own = makeShard(me);
  if (own == nullptr) return nullptr;
  // acquire: pairs with the release in reset(). The owner notices a reset when it next records.
  const auto epoch = epochOf(resets_.load(std::memory_order_acquire));
  if (own->epoch.load(std::memory_order_relaxed) != epoch) {
    fence(std::memory_order_release);  // for clear()
    own->extras.clear(own->counts);
    // release: pairs with the acquire in read(), which then finds the shard cleared
    own->epoch.store(epoch, std::memory_order_release);
  }
  return own;
}

// --- recording ----------------------------------------------------------------------------------

void Statistics::addElsewhere(Count kind, std::uint64_t by) noexcept {
  if (Shard* const own = ownShard()) {
    own->add(kind, by);
  } else {
    shared_[static_cast<std::size_t>(kind)].fetch_add(by, std::memory_order_relaxed);
  }
}

void Statistics::recordElsewhere(Count kind, std::chrono::nanoseconds duration) noexcept {
  if (Shard* const own = ownShard()) {
    own->add(kind, 1);
    if (auto* histogram = makeOnce(own->extras.execution)) histogram->recordExclusive(duration);
    return;
  }
  shared_[static_cast<std::size_t>(kind)].fetch_add(1, std::memory_order_relaxed);
  Others* const others = makeOnce(others_);
  if (others == nullptr) return;
  if (auto* histogram = makeOnce(others->shared.execution)) histogram->recordShared(duration);
}

void Statistics::ensureWaitHistogram() {
  if (makeOnce(waits_) == nullptr) throw std::bad_alloc();
}

// --- resetting ----------------------------------------------------------------------------------

/// Whether a thread without a shard has recorded something.
bool Statistics::usesShared() const noexcept {
  const auto counted = [](const auto& count) { return count.load(std::memory_order_relaxed) != 0; };
  if (std::any_of(shared_.begin(), shared_.end(), counted)) return true;
  const Others* const others = others_.load(std::memory_order_acquire);  // pairs with makeOnce()
  return others != nullptr && others->shared.execution.load(std::memory_order_relaxed) != nullptr;
}

void Statistics::prepareReset() noexcept {
  // acquire, here and below: pairs with makeOnce()
  if (auto* waits = waits_.load(std::memory_order_acquire)) waits->prepareClear();
  if (!usesShared()) return;
  Others* const others = makeOnce(others_);
  if (others == nullptr) return;
  makeOnce(others->shared.cleared);
  auto* const durations = others->shared.execution.load(std::memory_order_acquire);
  if (durations != nullptr) durations->prepareClear();
}

// Each owner clears its shard when it sees the new epoch. What several threads write is cleared
// here.
void Statistics::reset() noexcept {
  // From here on read() takes for zero every shard that its owner has not cleared, and what is
  // cleared below.
  const auto resets = resets_.fetch_add(1, std::memory_order_acq_rel) + 1;
  // The owner of the first shard compares no epochs while it sees no mark. release: pairs with the
  // acquire of the owner, which then sees the new epoch
  first_.owner.fetch_or(marked, std::memory_order_release);
  fence(std::memory_order_release);  // for clear(), and in the same way for the waits
  if (usesShared()) {
    if (Others* const others = makeOnce(others_)) {
      others->shared.clear(shared_);
    } else {
      for (auto& count : shared_) count.store(0, std::memory_order_relaxed);
    }
  }
  // acquire: pairs with makeOnce()
  if (auto* waits = waits_.load(std::memory_order_acquire)) waits->clear();
  resets_.store(resets + 1, std::memory_order_release);  // pairs with the acquire in read()
}

// --- reading ------------------------------------------------------------------------------------

// acquire: pairs with the release of the thread that made the object. A shard that no thread has
// written is all zero.
template <typename F>
void Statistics::forEachShard(F f) const {
  if (const Shard* first = first_.shard.load(std::memory_order_acquire)) f(*first);
  if (const Others* others = others_.load(std::memory_order_acquire)) others->forEach(f);
}

namespace {

/// Adds up shards in groups. Other threads wrote the numbers some time ago, so they are in no cache
/// of this core. All of a group are prefetched before any is used: the cache misses overlap.
template <typename Shard>
class Adder {
 public:
  explicit Adder(const Statistics::Totals& totals) noexcept : totals_(totals) {}

  void add(const Shard& shard) noexcept {
    prefetch(shard, 0);
    group_[size_++] = &shard;
    if (size_ == group_.size()) finish();
  }
  void add(const HistogramRecorder* histogram, std::uint64_t* to) const noexcept {
    if (histogram != nullptr) to[totals_.ends.size()] += histogram->addTo(totals_.ends, to);
  }

  void finish() noexcept {
    std::array<const HistogramRecorder*, groupSize> executions{};
    for (std::size_t i = 0; i < size_; ++i) {
      // acquire: pairs with makeOnce()
      executions[i] = group_[i]->extras.execution.load(std::memory_order_acquire);
      if (executions[i] != nullptr) prefetchEnd(*executions[i]);
    }
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t kind = 0; kind < countKinds; ++kind) {
        totals_.counts[kind] += group_[i]->counts[kind].load(std::memory_order_relaxed);
      }
      add(executions[i], totals_.execution);
    }
    size_ = 0;
  }

 private:
  static constexpr std::size_t groupSize = 16;

  const Statistics::Totals& totals_;
  std::array<const Shard*, groupSize> group_{};
  std::size_t size_ = 0;
};

}  // namespace

void Statistics::addTo(const Totals& totals) const noexcept {
  // acquire, here and below: pairs with makeOnce()
  const HistogramRecorder* const waits = waits_.load(std::memory_order_acquire);
  if (waits != nullptr) prefetchEnd(*waits);
  Adder<Shard> adder(totals);
  forEachShard([&](const Shard& shard) { adder.add(shard); });
  adder.finish();
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    totals.counts[kind] += shared_[kind].load(std::memory_order_relaxed);
  }
  if (const Others* others = others_.load(std::memory_order_acquire)) {
    adder.add(others->shared.execution.load(std::memory_order_acquire), totals.execution);
  }
  adder.add(waits, totals.wait);
  atLeastZero(std::span(totals.counts, countKinds));
}

Statistics::Snapshot Statistics::read() const {
  for (;;) {
    const auto resets = resets_.load(std::memory_order_acquire);  // pairs with reset()
    Snapshot result;
    HistogramMerger execution;
    // acquire, here and below: pairs with makeOnce()
    const auto add = [&](const Counts& counts, const Extras* extras) {
      const Counts* const was =
          extras != nullptr ? extras->cleared.load(std::memory_order_acquire) : nullptr;
      for (std::size_t kind = 0; kind < countKinds; ++kind) {
        result.counts[kind] += counts[kind].load(std::memory_order_relaxed);
        if (was != nullptr) result.counts[kind] -= (*was)[kind].load(std::memory_order_relaxed);
      }
      if (extras == nullptr) return;
      if (const auto* histogram = extras->execution.load(std::memory_order_acquire)) {
        execution.add(*histogram);
      }
    };
    forEachShard([&](const Shard& shard) {
      // Not cleared for this epoch yet: the owner has recorded nothing since the reset.
      // acquire: pairs with ownShard()
      if (shard.epoch.load(std::memory_order_acquire) != epochOf(resets)) return;
      add(shard.counts, &shard.extras);
    });
    HistogramMerger wait;
    // While a reset is under way, it is still clearing the rest.
    if (resets % 2 == 0) {
      const Others* const others = others_.load(std::memory_order_acquire);
      add(shared_, others != nullptr ? &others->shared : nullptr);
      if (const auto* waits = waits_.load(std::memory_order_acquire)) wait.add(*waits);
    }
    // acquire: pairs with the release fence before clear(). If a store of a later clear() was read
    // above, this load sees the later reset.
    fence(std::memory_order_acquire);
    if (resets_.load(std::memory_order_relaxed) != resets) continue;  // a reset() came in between
    atLeastZero(result.counts);
    result.execution = execution.snapshot();
    result.wait = wait.snapshot();
    return result;
  }
}

}  // namespace bulwark::detail
