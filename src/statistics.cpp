#include "bulwark/detail/statistics.hpp"

#include <memory>
#include <new>
#include <utility>

#include "bulwark/detail/histogram_merger.hpp"

namespace bulwark::detail {

Statistics::~Statistics() {
  Shard* shard = first_.next.load(std::memory_order_relaxed);
  while (shard != nullptr) {
    delete std::exchange(shard, shard->next.load(std::memory_order_relaxed));
  }
  delete waits_.load(std::memory_order_relaxed);
}

void Statistics::Shard::clear() noexcept {
  for (auto& counter : counts) counter.store(0, std::memory_order_relaxed);
  if (auto* histogram = execution.load(std::memory_order_acquire)) histogram->clear();
}

// Shards are a list that only grows. Number maxShards - 1 has no owner: whoever reaches it shares.
Statistics::Local Statistics::findShard(const void* me) noexcept {
  const void* nobody = nullptr;
  if (first_.owner.compare_exchange_strong(nobody, me, std::memory_order_relaxed)) {
    return {&first_, true};
  }
  Shard* last = &first_;
  for (std::size_t i = 1;; ++i) {
    const bool shared = i == maxShards - 1;
    Shard* shard = last->next.load(std::memory_order_acquire);
    if (shard == nullptr) {
      std::unique_ptr<Shard> fresh(new (std::nothrow) Shard);
      if (fresh == nullptr) return {nullptr, false};
      fresh->owner.store(shared ? nullptr : me, std::memory_order_relaxed);
      fresh->epoch.store(epoch_.load(std::memory_order_acquire), std::memory_order_relaxed);
      if (last->next.compare_exchange_strong(shard, fresh.get(), std::memory_order_acq_rel)) {
        shard = fresh.release();
      }
    }
    if (shared) return {shard, false};
    if (shard->owner.load(std::memory_order_relaxed) == me) return {shard, true};
    last = shard;
  }
}

HistogramRecorder* Statistics::makeHistogram(std::atomic<HistogramRecorder*>& place) noexcept {
  std::unique_ptr<HistogramRecorder> fresh(new (std::nothrow) HistogramRecorder);
  HistogramRecorder* present = nullptr;
  if (place.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel)) {
    return fresh.release();
  }
  return present;
}

void Statistics::expectWaits() {
  if (waits_.load(std::memory_order_acquire) != nullptr) return;
  if (makeHistogram(waits_) == nullptr) throw std::bad_alloc();
}

// Owners zero their shards themselves when they see the new epoch; what is shared is zeroed here.
void Statistics::reset() noexcept {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  for (auto& counter : spilled_) counter.store(0, std::memory_order_relaxed);
  if (auto* waits = waits_.load(std::memory_order_acquire)) waits->clear();
  for (Shard* shard = &first_; shard != nullptr;
       shard = shard->next.load(std::memory_order_acquire)) {
    if (shard != &first_ && shard->owner.load(std::memory_order_relaxed) == nullptr) {
      shard->clear();
    }
  }
}

Statistics::Snapshot Statistics::read() const {
  for (;;) {
    const auto epoch = epoch_.load(std::memory_order_acquire);
    Snapshot result;
    HistogramMerger execution;
    for (std::size_t kind = 0; kind < countKinds; ++kind) {
      result.counts[kind] = spilled_[kind].load(std::memory_order_relaxed);
    }
    for (const Shard* shard = &first_; shard != nullptr;
         shard = shard->next.load(std::memory_order_acquire)) {
      const bool shared =
          shard != &first_ && shard->owner.load(std::memory_order_relaxed) == nullptr;
      if (!shared && shard->epoch.load(std::memory_order_acquire) != epoch) continue;
      for (std::size_t kind = 0; kind < countKinds; ++kind) {
        result.counts[kind] += shard->counts[kind].load(std::memory_order_relaxed);
      }
      if (const auto* histogram = shard->execution.load(std::memory_order_acquire)) {
        execution.add(*histogram);
      }
    }
    HistogramMerger wait;
    if (const auto* waits = waits_.load(std::memory_order_acquire)) wait.add(*waits);
    if (epoch_.load(std::memory_order_acquire) != epoch) continue;  // a reset came between
    result.execution = execution.snapshot();
    result.wait = wait.snapshot();
    return result;
  }
}

}  // namespace bulwark::detail
