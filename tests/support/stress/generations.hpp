#pragma once

// The bulkheads of a round, one after another, and what callers saw of each.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "support/stress.hpp"
#include "support/stress/settings.hpp"
#include "support/stress_parts.hpp"

namespace stress {

inline constexpr auto relaxed = std::memory_order_relaxed;

/// What callers saw of one bulkhead. Calls may still end when it has been destroyed.
struct Generation {
  Setup setup;
  std::atomic<bool> destroyed{false};
  std::atomic<bool> drained{false};  // at least once
  std::atomic<std::size_t> bound{0};  // the highest limit so far
  std::atomic<std::size_t> queueBound{0};
  std::atomic<std::size_t> inside{0};
  std::atomic<bool> reached{false};
  std::atomic<std::uint64_t> started{0};
  std::array<std::atomic<std::uint64_t>, endKinds> ends{};
  // Not synchronised, since the limit of 1 already serialises the accesses.
  std::uint64_t alone = 0;
  std::atomic<std::uint64_t> entries{0};

  // Release, so that a check that sees this count also sees what the library did before it. Not
  // acquire, so that the count orders nothing else.
  void count(End end) {
    ends[static_cast<std::size_t>(end)].fetch_add(1, std::memory_order_release);
  }
  std::uint64_t seen(End end, std::memory_order order) const {
    return ends[static_cast<std::size_t>(end)].load(order);
  }
};

/// Keeps the generations of a round. Threads may use the current bulkhead while another one moves
/// or replaces it.
template <typename Target>
class Generations {
  using Bulkhead = typename Target::Type;
  using Executor = typename Bulkhead::executor_type;

  struct Owner : Generation {
    std::optional<Bulkhead> bulkhead;
  };

 public:
  Generations(const Phase& phase, Executor executor, std::uint64_t seed)
      : phase_(phase), executor_(std::move(executor)) {
    replace(seed);
  }

  /// Calls f(bulkhead, generation) with the current ones, which last until it returns.
  template <typename F>
  void use(F f) {
    if (!phase_.replaces) return f(*current_->bulkhead, *current_);
    const std::shared_lock lock(gate_);
    f(*current_->bulkhead, *current_);
  }

  /// Destroys the bulkhead with its calls outstanding, and creates another one.
  void replace(std::uint64_t seed) {
    Dice dice(seed);
    auto fresh = std::make_unique<Owner>();
    fresh->setup = {.limit = dice.oneIn(3) ? 1 : dice.from(2, 8),
                    .queueLimit = someQueueLimit(dice),
                    .timeout = someTimeout(dice)};
    fresh->bound = fresh->setup.limit;
    fresh->queueBound = fresh->setup.queueLimit;
    fresh->bulkhead.emplace(Target::make(*executor_, fresh->setup));
    const std::lock_guard lock(gate_);
    if (current_ != nullptr) {
      current_->destroyed.store(true, relaxed);
      current_->bulkhead.reset();
    }
    current_ = fresh.get();
    all_.push_back(std::move(fresh));
  }

  /// Moves the bulkhead away and back.
  void move() {
    const std::lock_guard lock(gate_);
    Bulkhead moved(std::move(*current_->bulkhead));
    current_->bulkhead.emplace(std::move(moved));
  }

  // --- for the beginning and the end of a round, when one thread is left -------------------------

  Bulkhead& bulkhead() { return *current_->bulkhead; }
  Generation& current() { return *current_; }
  void destroyBulkhead() { current_->bulkhead.reset(); }
  /// A strand belongs to its context, so this comes before the context is destroyed.
  void releaseExecutor() { executor_.reset(); }

  std::size_t count() const { return all_.size(); }
  template <typename F>
  void forEach(F f) const {
    for (const auto& generation : all_) f(*generation);
  }

 private:
  const Phase& phase_;
  std::optional<Executor> executor_;
  std::vector<std::unique_ptr<Owner>> all_;
  std::shared_mutex gate_;  // shared for using a bulkhead, exclusive for replacing it
  Owner* current_ = nullptr;
};

}  // namespace stress
