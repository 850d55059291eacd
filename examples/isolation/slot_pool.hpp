// What most gateways have instead of bulkheads: one pool of workers or connections for all
// upstreams. Calls that find no slot wait in FIFO order, for a bounded time. It belongs to the one
// thread that runs its io_context.
#pragma once

#include "http/http.hpp"

#include <asio/redirect_error.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <stdexcept>
#include <utility>

namespace isolation {

using namespace http;  // net, tcp, Clock, Reply, Connection, Server

// No slot became free in time. The upstream was not called.
class NoSlot : public std::runtime_error {
 public:
  NoSlot() : std::runtime_error("no free slot in the shared pool") {}
};

class SlotPool {
 public:
  // The right to have one upstream request in progress.
  class [[nodiscard]] Slot {
   public:
    explicit Slot(SlotPool& pool) noexcept : pool_(&pool) {}
    Slot(Slot&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (pool_ != nullptr) pool_->giveBack();
    }

   private:
    SlotPool* pool_;
  };

  SlotPool(net::io_context& io, std::size_t size, std::chrono::milliseconds wait)
      : io_(io), wait_(wait), free_(size) {}

  // Throws NoSlot.
  net::awaitable<Slot> take() {
    if (free_ > 0) {
      --free_;
      ++inUse_;
      co_return Slot(*this);
    }
    Waiter self{net::steady_timer(io_, wait_)};
    const auto place = waiters_.insert(waiters_.end(), &self);
    ++waiting_;
    net::error_code ignored;
    co_await self.timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    --waiting_;
    // Does not check the timer's error code: a timer that expired just before the slot was granted
    // also reports success.
    if (self.granted) co_return Slot(*this);
    waiters_.erase(place);
    throw NoSlot();
  }

  // All waiting calls end with NoSlot.
  void close() {
    for (Waiter* waiter : waiters_) waiter->timer.cancel();
  }

  // For the display, on any thread.
  std::size_t inUse() const noexcept { return inUse_; }
  std::size_t waiting() const noexcept { return waiting_; }

 private:
  struct Waiter {
    net::steady_timer timer;
    bool granted = false;
  };

  void giveBack() noexcept {
    if (waiters_.empty()) {
      ++free_;
      --inUse_;
      return;
    }
    // The slot passes directly to the head of the queue and is never free in between.
    Waiter* const next = waiters_.front();
    waiters_.pop_front();
    next->granted = true;
    next->timer.cancel();
  }

  net::io_context& io_;
  std::chrono::milliseconds wait_;
  std::size_t free_;
  std::list<Waiter*> waiters_;
  std::atomic<std::size_t> inUse_ = 0;
  std::atomic<std::size_t> waiting_ = 0;
};

}  // namespace isolation
