#include "bulwark/detail/telemetry/statistics.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

#include "bulwark/detail/telemetry/histogram_merger.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

Statistics::~Statistics() {
  delete others_.load(std::memory_order_relaxed);
  delete waits_.load(std::memory_order_relaxed);
}

void Statistics::Shard::clear() noexcept {
  // release: pairs with the acquire fence in read(). A reader that saw one of the stores below sees
  // the new epoch there, and tries again.
  fence(std::memory_order_release);
  Counts* was = cleared.load(std::memory_order_relaxed);
  if (was == nullptr) {
    was = new (std::nothrow) Counts{};
    cleared.store(was, std::memory_order_release);  // pairs with the acquire in read()
  }
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    if (was != nullptr) {
      (*was)[kind].store(counts[kind].load(std::memory_order_relaxed), std::memory_order_relaxed);
    } else {
      counts[kind].store(0, std::memory_order_relaxed);
    }
  }
  // acquire: pairs with makeOnce(). Another thread may have made the histogram of the shared shard.
  if (auto* histogram = execution.load(std::memory_order_acquire)) histogram->clear();
}

namespace {

/// Returns the T at `place`, and makes it if there is none. Null: there is no memory.
template <typename T>
T* makeOnce(Atomic<T*>& place) noexcept {
  // acquire, here and on failure: pairs with the release of the exchange, so that the T is complete
  T* present = place.load(std::memory_order_acquire);
  if (present != nullptr) return present;
  std::unique_ptr<T> fresh(new (std::nothrow) T);
  // Success: `fresh` belongs to `place`. Failure: another thread was first, and `fresh` is freed.
  if (place.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel)) {
    return fresh.release();
  }
  return present;
}

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

Statistics::Shard* Statistics::findShard(const void* me) noexcept {
  // The load comes first because a failing exchange, too, takes the cache line from all other
  // cores. Success: the shard belongs to this thread. Failure: another thread has taken it.
  // Relaxed, because only the owner compares the address.
  const void* none = firstOwner_.load(std::memory_order_relaxed);
  if (none == nullptr && firstOwner_.compare_exchange_strong(none, me, std::memory_order_relaxed)) {
    return &first_;
  }
  Others* const others = makeOnce(others_);
  if (others == nullptr) return nullptr;
  std::size_t place = 0;
  for (; place < Others::size; ++place) {
    const void* const owner = others->owners[place].load(std::memory_order_relaxed);
    if (owner == me) return others->shards[place].load(std::memory_order_relaxed);
    if (owner == nullptr) break;  // and so are all behind it
  }
  if (place == Others::size) return nullptr;
  std::unique_ptr<Shard> fresh(new (std::nothrow) Shard);
  if (fresh == nullptr) return nullptr;
  // acquire: pairs with the release in reset()
  fresh->epoch.store(epoch_.load(std::memory_order_acquire), std::memory_order_relaxed);
  for (; place < Others::size; ++place) {
    none = nullptr;
    // Success: the place belongs to this thread. Failure: another thread has taken it, and the next
    // place is tried.
    if (others->owners[place].compare_exchange_strong(none, me, std::memory_order_relaxed)) {
      // release: pairs with the acquire in forEachShard()
      others->shards[place].store(fresh.get(), std::memory_order_release);
      return fresh.release();
    }
  }
  return nullptr;  // other threads have taken the last places
}

Statistics::Shard* Statistics::ownShard() noexcept {
  const void* const me = thisThread();
  Shard* const own = firstOwner_.load(std::memory_order_relaxed) == me ? &first_ : findShard(me);
  if (own == nullptr) return nullptr;
  // acquire: pairs with the release in reset(). The owner notices a reset when it next records.
  const auto epoch = epoch_.load(std::memory_order_acquire);
  if (own->epoch.load(std::memory_order_relaxed) != epoch) {
    own->clear();
    // release: pairs with the acquire in read(), which then finds the shard cleared
    own->epoch.store(epoch, std::memory_order_release);
  }
  return own;
}

void Statistics::addElsewhere(Count kind, std::uint64_t by) noexcept {
  if (Shard* const own = ownShard()) {
    own->add(kind, by);
  } else {
    shared_.addShared(kind, by);
  }
}

void Statistics::recordElsewhere(Count kind, std::chrono::nanoseconds duration) noexcept {
  Shard* const own = ownShard();
  Shard& shard = own != nullptr ? *own : shared_;
  HistogramRecorder* const histogram = makeOnce(shard.execution);
  if (own != nullptr) {
    own->add(kind, 1);
    if (histogram != nullptr) histogram->recordExclusive(duration);
  } else {
    shared_.addShared(kind, 1);
    if (histogram != nullptr) histogram->recordShared(duration);
  }
}

void Statistics::ensureWaitHistogram() {
  if (makeOnce(waits_) == nullptr) throw std::bad_alloc();
}

// Each owner clears its shard when it sees the new epoch. What several threads write is cleared
// here.
void Statistics::reset() noexcept {
  // From here on read() takes every shard for zero that its owner has not cleared.
  epoch_.fetch_add(1, std::memory_order_acq_rel);  // pairs with the acquire of owners and readers
  shared_.clear();
  // release: pairs with the acquire in read(), as in ownShard()
  shared_.epoch.store(epoch_.load(std::memory_order_acquire), std::memory_order_release);
  if (auto* waits = waits_.load(std::memory_order_acquire)) waits->clear();
}

// acquire: pairs with the release of the thread that made the object. A shard that no thread has
// written is all zero.
template <typename F>
void Statistics::forEachShard(F f) const {
  f(first_);
  if (const auto* others = others_.load(std::memory_order_acquire)) {
    for (const auto& place : others->shards) {
      if (const auto* shard = place.load(std::memory_order_acquire)) f(*shard);
    }
  }
  f(shared_);
}

// Other threads wrote these numbers some time ago, so they are in no cache of this core. All of
// them are prefetched before any is used: the cache misses overlap.
void Statistics::addTo(const Totals& totals) const noexcept {
  std::array<const Shard*, maxShards> shards{};
  std::array<const HistogramRecorder*, maxShards> executions{};
  std::size_t size = 0;
  forEachShard([&](const Shard& shard) {
    prefetch(shard, 0);
    shards[size++] = &shard;
  });
  // acquire, here and below: pairs with makeOnce()
  const HistogramRecorder* const waits = waits_.load(std::memory_order_acquire);
  if (waits != nullptr) prefetchEnd(*waits);
  for (std::size_t i = 0; i < size; ++i) {
    executions[i] = shards[i]->execution.load(std::memory_order_acquire);
    if (executions[i] != nullptr) prefetchEnd(*executions[i]);
  }

  const auto add = [&](const HistogramRecorder* histogram, std::uint64_t* to) {
    if (histogram != nullptr) to[totals.ends.size()] += histogram->addTo(totals.ends, to);
  };
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t kind = 0; kind < countKinds; ++kind) {
      totals.counts[kind] += shards[i]->counts[kind].load(std::memory_order_relaxed);
    }
    add(executions[i], totals.execution);
  }
  add(waits, totals.wait);
  atLeastZero(std::span(totals.counts, countKinds));
}

Statistics::Snapshot Statistics::read() const {
  for (;;) {
    const auto epoch = epoch_.load(std::memory_order_acquire);  // pairs with reset()
    Snapshot result;
    HistogramMerger execution;
    const auto add = [&](const Shard& shard) {
      // Not cleared for this epoch yet: the owner has recorded nothing since the reset.
      // acquire, here and below: pairs with ownShard(), clear() and makeOnce().
      if (shard.epoch.load(std::memory_order_acquire) != epoch) return;
      const Counts* const was = shard.cleared.load(std::memory_order_acquire);
      for (std::size_t kind = 0; kind < countKinds; ++kind) {
        result.counts[kind] += shard.counts[kind].load(std::memory_order_relaxed);
        if (was != nullptr) result.counts[kind] -= (*was)[kind].load(std::memory_order_relaxed);
      }
      if (const auto* histogram = shard.execution.load(std::memory_order_acquire)) {
        execution.add(*histogram);
      }
    };
    forEachShard(add);
    HistogramMerger wait;
    if (const auto* waits = waits_.load(std::memory_order_acquire)) wait.add(*waits);
    // acquire: pairs with the release fence in clear(). If a store of a later clear() was read
    // above, this load sees the later epoch.
    fence(std::memory_order_acquire);
    if (epoch_.load(std::memory_order_relaxed) != epoch) continue;  // a reset() came in between
    atLeastZero(result.counts);
    result.execution = execution.snapshot();
    result.wait = wait.snapshot();
    return result;
  }
}

}  // namespace bulwark::detail
