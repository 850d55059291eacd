#pragma once

// One interface for both kinds of bulkhead, so that the rest of the stress test is written once.

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(any_io_executor.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <utility>

#include "support/stress/settings.hpp"
#include "support/stress_parts.hpp"

namespace stress {

template <typename Executor>
struct BulkheadTarget {
  using Type = bulwark::Bulkhead<Executor>;
  static constexpr bool blocks = false;
  static constexpr const char* kind = "bulkhead";

  static Type make(const Executor& executor, const Setup& setup) {
    return Type(executor, {.name = "stress",
                           .maxConcurrent = setup.limit,
                           .maxQueueSize = setup.queueLimit,
                           .queueTimeout = setup.timeout});
  }
  template <typename F, typename Token>
  static void execute(Type& target, F&& fn, const Ask& ask, Token&& token) {
    target.execute(std::forward<F>(fn),
                   bulwark::CallOptions{.queueTimeout = ask.timeout, .permits = ask.permits},
                   std::forward<Token>(token));
  }
  template <typename Token>
  static void acquire(Type& target, const Ask& ask, Token&& token) {
    target.acquire(bulwark::CallOptions{.queueTimeout = ask.timeout, .permits = ask.permits},
                   std::forward<Token>(token));
  }
  static void configure(Type& target, const Change& change) {
    target.updateConfig({.maxConcurrent = change.limit,
                         .maxQueueSize = change.queueLimit,
                         .queueTimeout = change.timeout,
                         .mode = change.mode});
  }
  static Counters counters(const Type& target) {
    const bulwark::BulkheadStats s = target.stats();
    return {.limit = s.maxConcurrent,
            .queueLimit = s.maxQueueSize,
            .active = s.active,
            .running = s.running,
            .queued = s.queued,
            .executed = s.executed,
            .failed = s.failed,
            .rejected = s.rejected,
            .timedOut = s.timedOut,
            .cancelled = s.cancelled,
            .drained = s.drained,
            .measured = s.executionTime.count()};
  }
};

template <typename Executor>
struct SemaphoreTarget {
  using Type = bulwark::SemaphoreBulkhead<Executor>;
  static constexpr bool blocks = true;
  static constexpr const char* kind = "semaphore";

  static Type make(const Executor& executor, const Setup& setup) {
    return Type(executor, {.name = "stress",
                           .permits = setup.limit,
                           .maxQueueSize = setup.queueLimit,
                           .acquireTimeout = setup.timeout});
  }
  static bulwark::AcquireOptions options(const Ask& ask) {
    return {.timeout = ask.timeout, .permits = ask.permits};
  }
  template <typename F, typename Token>
  static void execute(Type& target, F&& fn, const Ask& ask, Token&& token) {
    target.withPermit(std::forward<F>(fn), options(ask), std::forward<Token>(token));
  }
  template <typename Token>
  static void acquire(Type& target, const Ask& ask, Token&& token) {
    target.acquire(options(ask), std::forward<Token>(token));
  }
  static void configure(Type& target, const Change& change) {
    target.updateConfig({.permits = change.limit,
                         .maxQueueSize = change.queueLimit,
                         .acquireTimeout = change.timeout,
                         .mode = change.mode});
  }
  static Counters counters(const Type& target) {
    const bulwark::SemaphoreStats s = target.stats();
    return {.limit = s.permits,
            .queueLimit = target.config().maxQueueSize,
            .active = s.permits - s.available,
            .queued = s.waiting,
            .executed = s.released,
            .rejected = s.rejected,
            .timedOut = s.timedOut,
            .cancelled = s.cancelled,
            .drained = s.drained};
  }
};

// The targets of the stress test. Each source with members of a template instantiates it for all.
using PoolBulkhead = BulkheadTarget<net::thread_pool::executor_type>;
using IoBulkhead = BulkheadTarget<net::io_context::executor_type>;
using AnyBulkhead = BulkheadTarget<net::any_io_executor>;
using AnySemaphore = SemaphoreTarget<net::any_io_executor>;

}  // namespace stress
