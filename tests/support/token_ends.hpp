#pragma once

#include <bulwark/bulkhead.hpp>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"
#include "support/tokens.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(post.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_future.hpp)

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

template <typename T>
inline bool ready(const std::future<T>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

/// Makes a call end in every way, on `bulkhead` with one permit and a queue timeout of 1 s.
/// `start(call, options)` starts a call. All handlers have run on return.
template <typename B, typename Start, typename Settle>
inline void makeAllEnds(B& bulkhead, Start start, Settle settleAll) {
  start("executed", bulwark::CallOptions{});
  settleAll();
  start("weight", bulwark::CallOptions{.permits = 0});
  settleAll();
  Permit hold = bulkhead.tryAcquire();
  start("full", bulwark::CallOptions{.queueTimeout = 0ns});
  settleAll();
  start("timed out", bulwark::CallOptions{});
  ManualClock::advance(1s);
  settleAll();
  start("queued", bulwark::CallOptions{});
  hold.release();
  settleAll();
  hold = bulkhead.tryAcquire();
  start("drained in the queue", bulwark::CallOptions{});
  bulkhead.drain([](net::error_code) {});
  settleAll();
  start("refused", bulwark::CallOptions{});
  settleAll();
  hold.release();
  settleAll();
}
constexpr int allEnds = 7;
