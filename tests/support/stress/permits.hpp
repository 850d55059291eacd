#pragma once

// The permits that callers have, and the check that they are never more than the limit.

#include <bulwark/permit.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "support/stress.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/journal.hpp"
#include "support/stress_parts.hpp"

namespace stress {

struct Held {
  bulwark::Permit permit;
  Generation* generation;
};

/// Counts the permits in use, and keeps some of them for another thread to release. Thread-safe.
class Permits {
 public:
  Permits(const Phase& phase, Journal& journal) noexcept : phase_(phase), journal_(journal) {}

  void enter(Generation& generation, std::size_t weight) {
    if (phase_.observes || phase_.offs) return;
    const std::size_t now = generation.inside.fetch_add(weight, relaxed) + weight;
    const std::size_t bound = generation.bound.load(relaxed);
    if (now > bound) journal_.fail(fmt::format("{} inside, limit {}", now, bound));
    if (now == bound) generation.reached.store(true, relaxed);
    if (bound == 1 && phase_.bounded()) ++generation.alone;
    generation.entries.fetch_add(1, relaxed);
  }

  void leave(Generation& generation, std::size_t weight) {
    if (phase_.observes || phase_.offs) return;
    if (generation.setup.limit == 1 && phase_.bounded()) ++generation.alone;
    generation.inside.fetch_sub(weight, relaxed);
  }

  void hold(Held held) {
    {
      const std::lock_guard lock(mutex_);
      if (!closed_ && pool_.size() < 32) {
        pool_.push_back(std::move(held));
        return;
      }
    }
    giveBack(std::move(held));
  }

  void giveBack(Held held) {
    leave(*held.generation, held.permit.count());
    held.permit.release();
    held.generation->count(End::executed);
  }

  /// Releases a permit of the pool, if there is one.
  void giveBackOne(Dice& dice) {
    std::optional<Held> held;
    {
      const std::lock_guard lock(mutex_);
      if (pool_.empty()) return;
      std::swap(pool_[dice.below(pool_.size())], pool_.back());
      held.emplace(std::move(pool_.back()));
      pool_.pop_back();
    }
    giveBack(std::move(*held));
  }

  /// Releases all permits of the pool, which takes no more.
  void closePool() {
    std::vector<Held> rest;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      rest.swap(pool_);
    }
    for (Held& held : rest) giveBack(std::move(held));
  }

 private:
  const Phase& phase_;
  Journal& journal_;
  std::mutex mutex_;
  std::vector<Held> pool_;
  bool closed_ = false;
};

/// The permits of a call that runs.
class Inside {
 public:
  Inside(Permits& permits, Generation& generation, std::size_t weight)
      : permits_(permits), generation_(generation), weight_(weight) {
    permits_.enter(generation_, weight_);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { permits_.leave(generation_, weight_); }

 private:
  Permits& permits_;
  Generation& generation_;
  std::size_t weight_;
};

}  // namespace stress
