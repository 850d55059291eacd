#include "bulwark/detail/statistics.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

#include "bulwark/detail/histogram_merger.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

Statistics::~Statistics() {
  delete others_.load(std::memory_order_relaxed);
  delete waits_.load(std::memory_order_relaxed);
}

// Who reads a number from after this fence sees the epoch that made the owner come here, too.
void Statistics::Shard::clear() noexcept {
  fence(std::memory_order_release);
  Counts* was = cleared.load(std::memory_order_relaxed);
  if (was == nullptr) {
    was = new (std::nothrow) Counts{};
    cleared.store(was, std::memory_order_release);
  }
  for (std::size_t kind = 0; kind < countKinds; ++kind) {
    if (was != nullptr) {
      (*was)[kind].store(counts[kind].load(std::memory_order_relaxed), std::memory_order_relaxed);
    } else {
      counts[kind].store(0, std::memory_order_relaxed);
    }
  }
  if (auto* histogram = execution.load(std::memory_order_acquire)) histogram->clear();
}

namespace {

/// What is there, or else a new T; null where there is no memory for one.
template <typename T>
T* makeOnce(Atomic<T*>& place) noexcept {
  T* present = place.load(std::memory_order_acquire);
  if (present != nullptr) return present;
  std::unique_ptr<T> fresh(new (std::nothrow) T);
  if (place.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel)) {
    return fresh.release();
  }
  return present;
}

/// A sum of what several threads counted may lack one that another has taken back, because it was
/// read earlier, or because a reset came between.
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

/// All but the buckets.
void prefetchEnd(const HistogramRecorder& histogram) noexcept {
  prefetch(histogram, sizeof(histogram) - cacheLine);
}

}  // namespace

Statistics::Shard* Statistics::findShard(const void* me) noexcept {
  // Looked at before it is tried: a failing exchange would take the line from all the others.
  const void* nobody = firstOwner_.load(std::memory_order_relaxed);
  if (nobody == nullptr &&
      firstOwner_.compare_exchange_strong(nobody, me, std::memory_order_relaxed)) {
    return &first_;
  }
  Others* const others = makeOnce(others_);
  if (others == nullptr) return nullptr;
  std::size_t place = 0;
  for (; place < Others::size; ++place) {
    const void* const owner = others->owners[place].load(std::memory_order_relaxed);
    if (owner == me) return others->shards[place].load(std::memory_order_relaxed);
    if (owner == nullptr) break;  // they are given out in order
  }
  if (place == Others::size) return nullptr;
  std::unique_ptr<Shard> fresh(new (std::nothrow) Shard);
  if (fresh == nullptr) return nullptr;
  fresh->epoch.store(epoch_.load(std::memory_order_acquire), std::memory_order_relaxed);
  for (; place < Others::size; ++place) {
    nobody = nullptr;
    if (others->owners[place].compare_exchange_strong(nobody, me, std::memory_order_relaxed)) {
      others->shards[place].store(fresh.get(), std::memory_order_release);
      return fresh.release();
    }
  }
  return nullptr;  // others were faster
}

Statistics::Shard* Statistics::ownShard() noexcept {
  const void* const me = thisThread();
  Shard* const own = firstOwner_.load(std::memory_order_relaxed) == me ? &first_ : findShard(me);
  if (own == nullptr) return nullptr;
  const auto epoch = epoch_.load(std::memory_order_acquire);
  if (own->epoch.load(std::memory_order_relaxed) != epoch) {
    own->clear();
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

void Statistics::expectWaits() {
  if (makeOnce(waits_) == nullptr) throw std::bad_alloc();
}

// Owners clear their shards themselves when they see the new epoch; what is shared is cleared here.
void Statistics::reset() noexcept {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  shared_.clear();
  shared_.epoch.store(epoch_.load(std::memory_order_acquire), std::memory_order_release);
  if (auto* waits = waits_.load(std::memory_order_acquire)) waits->clear();
}

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

// What this reads was written by other threads some time ago and is in no cache of this one. So all
// of it is asked for before any of it is used: it comes at once, and not one after the other.
void Statistics::addTo(const Totals& totals) const noexcept {
  std::array<const Shard*, maxShards> shards{};
  std::array<const HistogramRecorder*, maxShards> executions{};
  std::size_t size = 0;
  forEachShard([&](const Shard& shard) {
    prefetch(shard, 0);
    shards[size++] = &shard;
  });
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
    const auto epoch = epoch_.load(std::memory_order_acquire);
    Snapshot result;
    HistogramMerger execution;
    const auto add = [&](const Shard& shard) {
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
    fence(std::memory_order_acquire);
    if (epoch_.load(std::memory_order_relaxed) != epoch) continue;  // a reset came between
    atLeastZero(result.counts);
    result.execution = execution.snapshot();
    result.wait = wait.snapshot();
    return result;
  }
}

}  // namespace bulwark::detail
